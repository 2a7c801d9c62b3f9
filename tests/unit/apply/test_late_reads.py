# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider whose reads lag behind its writes for some seconds: scimgateway issue 168, keycloak issue 51735."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, NEVER, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import (
    declared,
    deleted,
    entry,
    moved,
    person,
    provider,
    team,
    updated,
)

ANN, KIM = person("ann", title="Boss"), person("kim")
LAG = 5.0  # seconds


def applied(simulated: Simulated, *changes: Change, bulk: str = NEVER, **known: Any) -> list[Outcome]:
    executor = Executor(simulated.client(**known), Policy(), ApplyOptions(bulk))
    return [outcome for outcome in executor.outcomes(Plan(changes)) if outcome.is_final]


@pytest.mark.parametrize("resource_type", [USER, GROUP], ids=["user", "group"])
@pytest.mark.parametrize("lost", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize("filters", ["honoured", "refused"])
def test_after_a_lost_answer_none_is_created_twice(resource_type: Any, lost: bool, filters: str) -> None:
    habits = Habits(lag=LAG, unique_names=False, filters=filters)
    simulated = provider(habits=habits, faults=Faults(lost={1: lost}))
    (outcome,) = applied(simulated, declared("x", resource_type))
    assert (outcome.action, outcome.changed, outcome.error) == (Action.CREATED, True, "")
    assert [outcome.id] == list(simulated.stored[resource_type.endpoint])
    assert simulated.asked.count(f"POST {resource_type.endpoint}") == (1 if lost else 2)


@pytest.mark.parametrize("habits", [Habits(), Habits(filters="refused")], ids=["filters", "listings"])
def test_where_names_are_unique_a_longer_lag_is_reported(habits: Habits) -> None:
    simulated = provider(habits=replace(habits, lag=1000), faults=Faults(lost={1: True}))
    (outcome,) = applied(simulated, declared("x"))
    assert "an earlier request has created it, but the provider finds no such user. Run the task again in a minute" in outcome.error
    assert (outcome.unknown, len(simulated.users)) == (True, 1)


@pytest.mark.parametrize("lag", [0, LAG, 1000])
def test_a_deletion_whose_answer_was_lost_is_done_although_it_still_shows(lag: float) -> None:
    """Its repetition is refused: there is nothing to delete."""
    simulated = provider(ANN, KIM, habits=Habits(lag=lag), faults=Faults(lost={1: True}))
    (outcome,) = applied(simulated, deleted(KIM))
    assert list(simulated.users) == ["id-ann"]
    assert (outcome.action, outcome.changed) == (Action.DELETED, lag <= LAG)
    assert ("refused with 404" in outcome.error) == (lag > LAG)


def test_a_deletion_that_is_refused_at_once_is_not_waited_for() -> None:
    simulated = provider(ANN, KIM, faults=Faults(refuses=lambda method, path, body: 404))
    (outcome,) = applied(simulated, deleted(KIM))
    assert ("was refused with 404" in outcome.error, simulated.now) == (True, 0)


@pytest.mark.parametrize("lag", [LAG, 1000])
def test_a_lost_bulk_request_waits_once(lag: float) -> None:
    simulated = provider(habits=Habits(lag=lag, bulk=100), faults=Faults(lost={1: True}))
    outcomes = applied(simulated, *[declared(f"u{number}") for number in range(30)], bulk=ALWAYS)
    assert len(simulated.users) == 30
    assert [bool(outcome.error) for outcome in outcomes] == [lag > LAG] * 30
    assert simulated.now < 30


def test_what_a_bulk_request_created_without_an_id_is_not_created_again() -> None:
    simulated = provider(habits=Habits(lag=1000, bulk=100, echoes_bulk_id=False))
    changes = [declared("Sales", GROUP), declared("Data", GROUP)]
    outcomes = applied(simulated, *changes, bulk=ALWAYS)
    assert len(simulated.groups) == 2
    assert {outcome.unknown or outcome.changed for outcome in outcomes} == {True}


@pytest.mark.parametrize("name_is_found", [True, False])
def test_members_join_a_group_whose_creation_was_answered_with_nothing(name_is_found: bool) -> None:
    simulated = provider(ANN, KIM, habits=Habits(lag=LAG if name_is_found else 1000, answers_post=False))
    (outcome,) = applied(simulated, declared("Sales", GROUP, ("id-ann", "id-kim")), members_per_request=1)
    group_id = next(iter(simulated.groups))
    assert simulated.members(group_id) == (["id-ann", "id-kim"] if name_is_found else [])
    failed = "Sales: created without members: the provider did not answer with the id. Run the task again."
    assert outcome.error == ("" if name_is_found else failed)


@pytest.mark.parametrize("lag", [LAG, 1000])
def test_members_join_a_group_that_the_provider_does_not_find_yet(lag: float) -> None:
    simulated = provider(ANN, KIM, habits=Habits(lag=lag))
    (outcome,) = applied(simulated, declared("Sales", GROUP, ("id-ann", "id-kim")), members_per_request=1)
    assert (len(simulated.groups), outcome.changed, bool(outcome.error)) == (1, True, lag > LAG)
    assert simulated.members(outcome.id) == ([] if outcome.error else ["id-ann", "id-kim"])


def test_a_member_whose_joining_was_not_answered_is_not_added_twice() -> None:
    simulated = provider(ANN, team("Sales"), habits=Habits(lag=LAG, doubles_members=True), faults=Faults(lost={1: True}))
    (outcome,) = applied(simulated, moved(team("Sales"), ["id-ann"]))
    assert (outcome.error, outcome.changed, simulated.members("id-Sales")) == ("", True, ["id-ann"])


@pytest.mark.parametrize(("lag", "stored"), [(0.9, True), (1000, False)])
def test_an_old_state_that_is_read_after_a_write_is_read_again(lag: float, stored: bool) -> None:
    """A longer lag cannot be told from an attribute that is not stored, which is said."""
    simulated = provider(ANN, habits=Habits(lag=lag, answers_patch=False))
    change = replace(updated(ANN, title="Chief"), entry=entry("ann", attributes={"title": "Chief"}))
    (outcome,) = applied(simulated, change)
    assert (outcome.changed, outcome.not_stored, simulated.users["id-ann"]["title"]) == (stored, () if stored else ("title",), "Chief")


def test_an_inactive_user_who_is_still_shown_after_a_deletion_was_deleted() -> None:
    kim = person("kim", active=False)
    simulated = provider(kim, habits=Habits(lag=0.9))
    (outcome,) = applied(simulated, deleted(kim))
    assert (outcome.action, outcome.warnings, simulated.users) == (Action.DELETED, (), {})


class OldAnswers(Simulated):
    """Answer a PATCH with the resource as it was before."""

    def _write(self, method: str, endpoint: str, resource_id: str, *request: Any) -> Any:
        before = self.stored[endpoint].get(resource_id)
        answer = super()._write(method, endpoint, resource_id, *request)
        return self._answered(200, before) if method == "PATCH" else answer


def titled(number: int, **attributes: str) -> Change:
    before = person(f"u{number}", title="Boss")
    return replace(updated(before, **attributes), entry=entry(before.name, attributes=attributes))


@pytest.mark.parametrize("lag", [0, 0.5])
@pytest.mark.parametrize("attribute", ["title", "userName"])
def test_an_answer_that_shows_the_state_before_is_looked_at_again(attribute: str, lag: float) -> None:
    """Else the attribute would count as not stored, and not be sent to the others."""
    simulated = OldAnswers([person(f"u{number}", title="Boss").body for number in range(5)], habits=Habits(lag=lag))
    outcomes = applied(simulated, *(titled(number, **{attribute: f"new{number}"}) for number in range(5)))
    assert {(outcome.action, outcome.error, outcome.warnings) for outcome in outcomes} == {(Action.UPDATED, "", ())}
    assert [user[attribute] for user in simulated.users.values()] == [f"new{number}" for number in range(5)]


def test_what_cannot_be_read_again_is_reported_as_it_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = provider(person("u0", title="Boss"), habits=Habits(drops=frozenset({"title"})))

    def forbidden(endpoint: str, resource_id: str, params: Any) -> Any:
        raise simulated._refused(403, "GET", f"{endpoint}/{resource_id}")

    monkeypatch.setattr(simulated, "_get", forbidden)
    (outcome,) = applied(simulated, titled(0, title="Chief", nickName="K"))
    assert (outcome.action, outcome.error, outcome.not_stored) == (Action.UPDATED, "", ("title",))
    assert simulated.users["id-u0"]["nickName"] == "K"


def test_what_is_not_stored_is_looked_at_again_three_times_at_most() -> None:
    simulated = provider(*(person(f"u{number}", title="Boss") for number in range(9)), habits=Habits(drops=frozenset({"title"})))
    outcomes = applied(simulated, *(titled(number, title="Chief") for number in range(9)))
    assert [bool(outcome.not_stored) for outcome in outcomes] == [True] * 3 + [False] * 6
    assert (sum(asked.startswith("GET") for asked in simulated.asked), simulated.now) == (6, 3.0)
