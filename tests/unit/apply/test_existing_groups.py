# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A group that another client has created since the plan was made: no provider refuses a second one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, AUTO, NEVER, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import (
    declared,
    deleted,
    person,
    provider,
    team,
    updated,
)

ANN, KIM = person("ann"), person("kim")
KEYS = ("id", "externalId", "displayName")


def applied(simulated: Simulated, *changes: Change, bulk: str = NEVER, adopt: bool = True, **known: Any) -> list[Outcome]:
    policy = Policy(match_on={"Group": KEYS}, adopt=adopt)
    return list(Executor(simulated.client(**known), policy, ApplyOptions(bulk)).outcomes(Plan(changes)))


def names(simulated: Simulated) -> list[str]:
    return sorted(group["displayName"] for group in simulated.groups.values())


HABITS = {
    "one by one": Habits(),
    "filters ignored": Habits(filters="ignored"),
    "filters refused": Habits(filters="refused"),
    "bulk": Habits(bulk=100),
    "bulk, filters refused": Habits(bulk=100, filters="refused"),
}


@pytest.mark.parametrize("habits", HABITS.values(), ids=HABITS)
def test_a_group_that_appeared_after_the_plan_is_adopted_and_updated(habits: Habits) -> None:
    simulated = provider(ANN, KIM, team("sales", "ann"), team("Others"), habits=habits)
    changes = [declared("Sales", GROUP, ("id-ann", "id-kim"), externalId="x1"), declared("Data", GROUP, ("id-kim",))]
    outcomes = {o.change.name: o for o in applied(simulated, *changes, bulk=ALWAYS if habits.bulk else NEVER)}
    assert [outcome.error for outcome in outcomes.values()] == ["", ""]
    sales, data = outcomes["Sales"], outcomes["Data"]
    assert (sales.action, sales.changed, sales.id, sales.adopted is not None) == (Action.UPDATED, True, "id-sales", True)
    assert (data.action, data.adopted) == (Action.CREATED, None)
    assert (simulated.groups["id-sales"]["externalId"], simulated.members("id-sales")) == ("x1", ["id-ann", "id-kim"])
    assert names(simulated) == ["Data", "Others", "sales"]


@pytest.mark.parametrize("bulk", [NEVER, ALWAYS])
@pytest.mark.parametrize(
    ("there", "adopt", "error"),
    [
        ([team("Sales"), team("Sale2", externalId="x1")], True, "the match keys find 2 groups"),
        ([team("Sales")], False, 'it already exists (id "id-Sales") and adopt is false. Set adopt: true to take it over'),
    ],
    ids=["keys disagree", "adopt is false"],
)
def test_one_that_may_not_be_adopted_is_reported(there: list[Resource], adopt: bool, error: str, bulk: str) -> None:
    simulated = provider(*there, habits=Habits(bulk=100))
    (outcome,) = applied(simulated, declared("Sales", GROUP, externalId="x1"), bulk=bulk, adopt=adopt)
    assert error in outcome.error
    assert (outcome.changed, outcome.unknown, simulated.written) == (False, False, [])


@pytest.mark.parametrize("bulk", [NEVER, ALWAYS])
def test_a_group_that_gives_up_the_name_in_this_run_is_another_one(bulk: str) -> None:
    """A read that lags behind shows it under its old name."""
    old, gone = team("Sales"), team("Data")
    simulated = provider(old, gone, habits=Habits(bulk=100, lag=60))
    changes = [updated(old, displayName="Sales until 2026"), deleted(gone), declared("Sales", GROUP), declared("Data", GROUP)]
    assert [outcome.error for outcome in applied(simulated, *changes, bulk=bulk)] == [""] * 4
    assert names(simulated) == ["Data", "Sales", "Sales until 2026"]


@pytest.mark.parametrize(
    ("habits", "known", "looks"),
    [
        (Habits(), {}, 50),
        (Habits(), {"search": False}, 0),
        (Habits(filters="refused"), {"filter": False}, 1),  # one listing, for a wave
        (Habits(bulk=100), {}, 1),
        (Habits(bulk=100, page_size=1), {}, 5),  # no answer has shown yet that a filter may hold many names
    ],
    ids=["by filter", "can only create", "by listing", "bulk", "bulk, many pages"],
)
def test_how_many_requests_that_takes(habits: Habits, known: dict[str, Any], looks: int) -> None:
    simulated = provider(*[team(f"There {number}") for number in range(5)], habits=habits)
    applied(simulated, *[declared(f"Team {number}", GROUP) for number in range(50)], bulk=AUTO if habits.bulk else NEVER, **known)
    assert Counter(simulated.asked)["GET /Groups"] == looks
    assert len(simulated.groups) == 55
