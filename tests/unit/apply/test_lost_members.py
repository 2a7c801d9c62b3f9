# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers that remove all other members of a group when they add or remove one, while something else goes wrong as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, NEVER, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import declared, moved, person, provider, team, updated, written

KIM, LEE, PAT, NEW = (person(name) for name in ("kim", "lee", "pat", "new"))
SALES = team("Sales", "kim", "lee", "pat")
LOST = "the provider removed all other members of the group, which were added again"


def members(simulated: Simulated) -> list[str]:
    return sorted(key.removeprefix("id-") for key in simulated.members("id-Sales"))


@pytest.mark.parametrize("bulk", [NEVER, ALWAYS])
@pytest.mark.parametrize(("habit", "joins", "leaves"), [("replaces", ["id-new"], []), ("clears", [], ["id-kim"])])
def test_they_are_added_again_after_an_answer_that_was_lost(habit: str, joins: list[str], leaves: list[str], bulk: str) -> None:
    habits = Habits(**{habit: True}, bulk=100)
    simulated = provider(KIM, LEE, PAT, NEW, SALES, habits=habits, faults=Faults(lost={1: True}))
    (outcome,) = written(simulated, moved(SALES, joins, leaves), bulk=bulk)
    assert LOST in outcome.error
    assert members(simulated) == (["kim", "lee", "new", "pat"] if joins else ["lee", "pat"])


@pytest.mark.parametrize("refused", [False, True], ids=["accepted", "refused"])
def test_those_who_are_deactivated_in_the_run_are_added_again_where_they_may_be_members(refused: bool) -> None:
    def refuses(method: str, path: str, body: Any) -> int | None:
        return 400 if refused and path == "/Groups/id-Sales" and "id-kim" in str(body) else None

    simulated = provider(KIM, LEE, PAT, NEW, SALES, habits=Habits(replaces=True), faults=Faults(refuses=refuses))
    off, joined = written(simulated, updated(KIM, active=False), moved(SALES, ["id-new"]))
    missing = 'the group, and "id-kim" could not be added again: "id-kim", "id-lee", "id-pat". If'
    assert (off.error, (missing if refused else LOST) in joined.error) == ("", True), joined.error
    assert members(simulated) == (["lee", "new", "pat"] if refused else ["kim", "lee", "new", "pat"])


def test_they_are_added_again_in_parts_without_those_that_are_refused() -> None:
    """At a provider that takes two members at once, and does not say so, and does not take one of them."""

    def refuses(method: str, path: str, body: Any) -> int | None:
        return 400 if path == "/Groups/id-Sales" and "add" in str(body) and "id-lee" in str(body) else None

    sales = team("Sales", "kim", "lee", "pat", "new")
    simulated = provider(KIM, LEE, PAT, NEW, sales, habits=Habits(clears=True, most_members=2), faults=Faults(refuses=refuses))
    (outcome,) = written(simulated, moved(sales, leaves=["id-kim"]))
    assert 'and "id-lee" could not be added again: "id-lee", "id-new", "id-pat"' in outcome.error, outcome.error
    assert members(simulated) == ["new", "pat"]


def test_those_who_are_refused_without_end_are_not_all_tried() -> None:
    everybody = [person(f"p{number:03}") for number in range(100)]
    sales = team("Sales", "kim", *(user.name for user in everybody))
    faults = Faults(refuses=lambda method, path, body: 400 if path == "/Groups/id-Sales" and "add" in str(body) else None)
    simulated = provider(KIM, *everybody, sales, habits=Habits(clears=True), faults=faults)
    (outcome,) = written(simulated, moved(sales, leaves=["id-kim"]))
    assert "could not be added again" in outcome.error
    assert members(simulated) == []
    assert len(outcome.sent) < 20


@pytest.mark.parametrize("bulk", [NEVER, ALWAYS])
def test_those_who_were_created_in_the_run_are_named(bulk: str) -> None:
    executor = Executor(provider(habits=Habits(bulk=100)).client(), Policy(), ApplyOptions(bulk))
    list(executor.outcomes(Plan((declared("x"), declared("y")))))
    assert executor.state.join_names(executor.ids.values()) == '"x", "y"'


def test_they_are_missed_although_others_joined_later_in_the_run() -> None:
    """The members who leave are one request, those who join are another one after the users were created."""
    simulated = provider(KIM, LEE, PAT, SALES, habits=Habits(clears=True, bulk=100))
    outcomes = written(simulated, declared("x"), moved(SALES, ["User:x"], ["id-kim"]), bulk=ALWAYS)
    assert [(outcome.change.name, LOST in outcome.error) for outcome in outcomes] == [("Sales", True), ("x", False), ("Sales", False)]
    assert members(simulated) == sorted(["lee", "pat", next(key for key, user in simulated.users.items() if user["userName"] == "x")])


@pytest.mark.parametrize("answers_patch", [True, False])
@pytest.mark.parametrize("bulk", [NEVER, ALWAYS])
def test_a_read_that_lags_behind_is_no_loss(answers_patch: bool, bulk: str) -> None:
    """It does not show yet who joined first, nor who joined with the last request."""
    empty = team("Sales")
    simulated = provider(KIM, LEE, PAT, empty, habits=Habits(lag=5, answers_patch=answers_patch, bulk=100))
    (outcome,) = written(simulated, moved(empty, ["id-kim", "id-lee", "id-pat"]), bulk=bulk, members_per_request=1)
    assert (outcome.error, outcome.changed, members(simulated)) == ("", True, ["kim", "lee", "pat"])


@pytest.mark.parametrize("lag", [0, 5])
def test_a_put_after_a_read_that_lags_behind_brings_nobody_back(lag: float) -> None:
    """Who left in the first PUT of the run would be a member again after the second."""
    simulated = provider(KIM, LEE, PAT, SALES, habits=Habits(patch=False, lag=lag))
    outcomes = written(simulated, declared("x"), moved(SALES, ["User:x"], ["id-kim"]))
    assert [outcome.error for outcome in outcomes] == [""] * 3
    assert members(simulated) == sorted(["lee", "pat", next(key for key, user in simulated.users.items() if user["userName"] == "x")])


class Unreadable(Simulated):
    """Answers no read of a single resource."""

    status = 500

    def _get(self, endpoint: str, resource_id: str, params: Mapping[str, str]) -> Answer:
        if resource_id:
            raise self._refused(self.status, "GET", f"{endpoint}/{resource_id}")
        return super()._get(endpoint, resource_id, params)


@pytest.mark.parametrize("status", [403, 429, 500])
def test_a_write_that_was_accepted_and_cannot_be_read_is_unknown(status: int) -> None:
    simulated = Unreadable([KIM.body, LEE.body, PAT.body], [SALES.body], Habits(answers_patch=False))
    simulated.status = status
    user, group = written(simulated, updated(KIM, title="Chief"), moved(SALES, [], ["id-kim"]))
    assert simulated.users["id-kim"]["title"] == "Chief"
    for outcome in (user, group):
        assert (outcome.unknown, outcome.changed) == (True, True)
        assert f" was refused with {status}: refused here." in outcome.error
        assert outcome.error.endswith(" The change may or may not have been applied.")


def test_a_write_that_was_refused_is_known() -> None:
    simulated = provider(KIM, faults=Faults(refuses=lambda method, path, body: 400))
    (outcome,) = written(simulated, updated(KIM, title="Chief"))
    assert (outcome.unknown, outcome.changed) == (False, False)


@pytest.mark.parametrize("bulk", [NEVER, ALWAYS])
def test_a_write_is_reported_although_nothing_can_be_read_afterwards(bulk: str) -> None:
    """Whether members are shown is read after the first of them have joined."""
    empty = team("Sales")
    simulated = Unreadable([KIM.body, LEE.body], [empty.body], Habits(answers_patch=False, bulk=100))
    executor = Executor(simulated.client(), Policy(), ApplyOptions(bulk))
    (outcome,) = executor.outcomes(Plan((moved(empty, ["id-kim"]),)))
    assert (outcome.changed, members(simulated), len(outcome.sent)) == (True, ["kim"], 1)
