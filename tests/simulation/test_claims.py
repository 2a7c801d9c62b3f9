# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge of what a run reports is judged: each kind of false claim is found, and a true one is not called false."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.simulated import Habits
from ansible_collections.identity.scim.tests.simulation.claims import ONLY_DEACTIVATES, UNSEEN, false_claims, unmended_harm
from ansible_collections.identity.scim.tests.simulation.clock import Clock
from ansible_collections.identity.scim.tests.simulation.faults import Fault
from ansible_collections.identity.scim.tests.simulation.network import Exchange, Network
from ansible_collections.identity.scim.tests.simulation.run import Ran
from ansible_collections.identity.scim.tests.simulation.store import State, state_of
from ansible_collections.identity.scim.tests.unit.plan.planned import created, deleted, moved, person, provider, team, updated

KIM, LEE, PAT = (person(name, active=True, title="Clerk") for name in ("kim", "lee", "pat"))
BOSS, OFF = person("kim", active=True, title="Boss"), person("kim", active=False, title="Clerk")
SALES, BOTH, EMPTY = team("Sales", "kim"), team("Sales", "kim", "lee"), team("Sales")
UNTITLED = {"id": "id-kim", "userName": "kim", "active": True}
HONEST = Habits()


def store(*there: Resource) -> State:
    return state_of(provider(*there))


def outcome(change: Change, error: str = "", **more: Any) -> Outcome:
    return Outcome(change, change.action, changed=not error, id=more.pop("id", change.key), error=error, **more)


def judged(
    before: State, after: State, *outcomes: Outcome, habits: Habits = HONEST, exchanges: Sequence[Exchange] = (), **more: Any
) -> Ran:
    """A run that reports these outcomes, and whose one write made the second state of the first."""
    network = Network(provider(habits=habits), Clock())
    network.exchanges = [*(exchanges or [Exchange(1, "PATCH", f"/x/{one.change.key}", "{}", None, 200, before, after) for one in outcomes])]
    plan = Plan(tuple(one.change for one in outcomes))
    return Ran(network, more.pop("check", False), before, after, plan=plan, outcomes=outcomes, **more)


FALSE = {
    "an update that was not stored": ([KIM], [KIM], updated(KIM, title="Boss"), "title is 'Clerk' and not 'Boss'"),
    "a value that was not cleared": (
        [KIM],
        [KIM],
        replace(updated(KIM), after={"id": "id-kim", "userName": "kim", "active": True}),
        "title is 'Clerk' and not None",
    ),
    "a deactivation that was ignored": ([KIM], [KIM], updated(KIM, active=False), "active is True and not False"),
    "a deletion that was ignored": ([KIM], [KIM], deleted(KIM), "it still exists"),
    "a deletion that only deactivated": ([KIM], [OFF], deleted(KIM), "it still exists"),
    "a creation that is not there": ([], [], created("kim"), "it does not exist"),
    "an update of what is gone": ([KIM], [], updated(KIM, title="Boss"), "it does not exist"),
    "a member who did not join": ([KIM, LEE, SALES], [KIM, LEE, SALES], moved(SALES, ["id-lee"]), "id-lee is not a member"),
    "a member who did not leave": ([KIM, SALES], [KIM, SALES], moved(SALES, (), ["id-kim"]), "id-kim is still a member"),
    "a new group without its member": ([KIM], [KIM, EMPTY], created("Sales", GROUP, ["id-kim"]), "id-kim is not a member"),
}
TRUE = {
    "an update": ([KIM], [BOSS], updated(KIM, title="Boss")),
    "an update in another case": ([KIM], [person("kim", active=True, title="BOSS")], updated(KIM, title="Boss")),
    "a deactivation": ([KIM], [OFF], updated(KIM, active=False)),
    "a deletion": ([KIM], [], deleted(KIM)),
    "a creation": ([], [KIM], created("kim", title="Clerk")),
    "a creation, active by default": ([], [person("kim")], created("kim", active=True)),
    "a join and a leave": ([KIM, LEE, SALES], [KIM, LEE, team("Sales", "lee")], moved(SALES, ["id-lee"], ["id-kim"])),
}


@pytest.mark.parametrize("case", FALSE)
def test_done_is_done(case: str) -> None:
    before, after, change, expected = FALSE[case]
    key = "id-Sales" if change.type is GROUP else "id-kim"
    ran = judged(store(*before), store(*after), outcome(change, id=key))
    assert [*false_claims(ran)] == [f"{change.name} is reported as done: {expected}"]


@pytest.mark.parametrize("case", TRUE)
def test_what_is_done_may_be_reported_as_done_and_not_as_failed(case: str) -> None:
    before, after, change = TRUE[case]
    changed = Exchange(1, "PATCH", "/x/id-Sales" if change.type is GROUP else "/x/id-kim", "{}", None, 200, store(*before), store(*after))
    key = changed.path.removeprefix("/x/")
    assert [*false_claims(judged(store(*before), store(*after), outcome(change, id=key), exchanges=[changed]))] == []
    failed = judged(store(*before), store(*after), outcome(change, "it was refused", id=key), exchanges=[changed])
    assert [*false_claims(failed)] == [f"{change.name} is reported as failed and done: it was refused"]


@pytest.mark.parametrize("case", FALSE)
def test_what_is_not_done_may_be_reported_as_failed(case: str) -> None:
    before, after, change, _expected = FALSE[case]
    ran = judged(store(*before), store(*after), outcome(change, "it was refused", id="id-Sales" if change.type is GROUP else "id-kim"))
    assert [*false_claims(ran)] == []


def test_all_that_is_false_is_found() -> None:
    claimed = [outcome(updated(KIM, title="Boss")), outcome(deleted(LEE)), outcome(updated(PAT, title="Clerk"))]
    there = store(KIM, LEE, PAT)
    assert len([*false_claims(judged(there, there, *claimed))]) == 2


def test_what_no_client_can_know_is_not_judged() -> None:
    there, claim = store(KIM), outcome(updated(KIM, title="Boss"))
    assert [*false_claims(judged(there, there, claim))]
    for fault in (Fault.RIVAL, Fault.LAGGING):
        assert not [*false_claims(judged(there, there, claim, exchanges=[Exchange(1, "GET", "/Users", "", fault)]))]
    assert not [*false_claims(judged(there, there, claim, check=True))]
    done, landed = outcome(updated(KIM, title="Boss"), "no answer", unknown=True), store(BOSS)
    lost = Exchange(1, "PATCH", "/Users/id-kim", "{}", Fault.LOST_DONE, 0, there, landed)
    assert not [*false_claims(judged(there, landed, done, exchanges=[lost]))]
    assert [*false_claims(judged(there, landed, replace(done, unknown=False), exchanges=[lost]))]


def test_what_the_run_says_that_it_cannot_see_is_not_judged() -> None:
    there = store(KIM, LEE, SALES)
    claim = outcome(moved(SALES, ["id-lee"]))
    assert not [*false_claims(judged(there, there, claim, result={"warnings": [f"{UNSEEN}: Sales."]}))]
    assert not [*false_claims(judged(there, there, claim, sees_members=False))]
    assert [*false_claims(judged(there, there, outcome(moved(SALES, (), ["id-kim"])), sees_members=False))]
    gone, inactive = outcome(deleted(OFF)), store(OFF)
    assert [*false_claims(judged(inactive, inactive, gone))]
    assert not [*false_claims(judged(inactive, inactive, gone, result={"warnings": [f"{ONLY_DEACTIVATES}."]}))]
    assert not [*false_claims(judged(store(KIM), inactive, outcome(deleted(KIM)), habits=Habits(deletion="deactivates")))]


# -- other members -----------------------------------------------------------------------------------------------------------------------

CLEARS = Habits(clears=True)


def harm(*groups: str) -> tuple[State, State, list[Exchange]]:
    """A PATCH of each group that removed lee, whom no plan names."""
    people = [KIM, LEE]
    before = store(*people, *(team(name, "kim", "lee") for name in groups))
    after = store(*people, *(team(name) for name in groups))
    return before, after, [Exchange(1, "PATCH", "/Groups/x", "{}", None, 200, before, after)]


@pytest.mark.parametrize(("message", "claims"), [("lost and not added again: lee", 0), ("1 of 1 changes applied", 1)])
def test_members_who_were_lost_are_named(message: str, claims: int) -> None:
    before, after, exchanges = harm("Sales")
    claim = outcome(moved(BOTH, (), ["id-kim"]))
    ran = judged(before, after, claim, habits=CLEARS, exchanges=exchanges, result={"msg": message})
    found = [*unmended_harm(ran)]
    assert len(found) == claims
    assert all("id-Sales lost lee, who are neither added again nor named" in text for text in found)


def test_members_who_were_added_again_need_no_name() -> None:
    before, _after, exchanges = harm("Sales")
    ran = judged(before, before, outcome(moved(BOTH, (), ["id-kim"])), habits=CLEARS, exchanges=exchanges)
    assert [*unmended_harm(ran)] == []


def test_one_group_is_enough_to_learn_of_it() -> None:
    before, after, exchanges = harm("Sales", "Team")
    claims = [outcome(moved(team(name, "kim", "lee"), (), ["id-kim"])) for name in ("Sales", "Team")]
    ran = judged(before, after, *claims, habits=CLEARS, exchanges=exchanges, result={"msg": "lee"})
    assert [*unmended_harm(ran)] == ["2 groups lost their other members: id-Sales, id-Team"]


def test_an_honest_provider_is_not_excused() -> None:
    """There, an unplanned loss breaks another invariant: it is no harm of the provider's."""
    before, after, exchanges = harm("Sales")
    assert [*unmended_harm(judged(before, after, outcome(moved(BOTH, (), ["id-kim"])), exchanges=exchanges))] == []
