# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A 409, or an answer that was lost: which resource is the declared one, and which is a stranger's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.simulated import Faults, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import created, declared, entry, group_entry, person, provider, team

KEYS = ("id", "externalId", "userName")
ANN = person("ann", externalId="e1", title="Boss")
KIM = person("kim", externalId="e2", title="Boss")


def rival(simulated: Simulated) -> None:
    """Another client that creates a group."""
    simulated._store("/Groups", "id-rival", {"displayName": "Sales", "members": [{"value": "id-ann"}]})


def written(simulated: Simulated, change: Change, keys: tuple[str, ...] = KEYS, adopt: bool = True, **known: Any) -> Outcome:
    policy = Policy(match_on={"User": keys, "Group": keys}, adopt=adopt)
    (outcome,) = Executor(simulated.client(**known), policy, ApplyOptions("never")).outcomes(Plan((change,)))
    return outcome


@pytest.mark.parametrize("keys", [KEYS, KEYS[::-1]])
def test_keys_that_find_two_users_adopt_none(keys: tuple[str, ...]) -> None:
    """The first that is found may be a stranger, and would be renamed."""
    simulated = provider(ANN, KIM)
    outcome = written(simulated, declared("kim", externalId="e1", title="Chief"), keys)
    assert (outcome.action, outcome.changed, outcome.adopted, outcome.unknown) == (Action.CREATED, False, None, False)
    for part in (
        "kim: the match keys find 2 users",
        'external_id finds "ann" (id "id-ann")',
        'user_name finds "kim" (id "id-kim")',
        "Declare the id of the user that is meant.",
    ):
        assert part in outcome.error
    assert simulated.written == []
    assert sorted(user["userName"] for user in simulated.users.values()) == ["ann", "kim"]


@pytest.mark.parametrize(
    ("external_id", "requests"),
    [
        ("e2", ["POST /Users", "GET /Users", "GET /Users", "PATCH /Users/id-kim"]),
        ("e3", ["POST /Users", *["GET /Users"] * 4, "PATCH /Users/id-kim"]),  # once more in the listing, and inactive ones
        (None, ["POST /Users", "GET /Users", "PATCH /Users/id-kim"]),
    ],
    ids=["both find it", "one finds nothing", "one is not declared"],
)
def test_keys_that_find_one_user_adopt_it(external_id: str | None, requests: list[str]) -> None:
    simulated = provider(ANN, KIM)
    change = declared("kim", title="Chief", **({"externalId": external_id} if external_id else {}))
    outcome = written(simulated, change)
    assert (outcome.action, outcome.changed, outcome.error, outcome.id) == (Action.UPDATED, True, "", "id-kim")
    assert outcome.adopted is not None
    assert outcome.adopted.id == "id-kim"
    assert simulated.asked == requests
    assert [simulated.users[key]["title"] for key in ("id-ann", "id-kim")] == ["Boss", "Chief"]


def test_a_later_key_finds_it_where_an_earlier_one_does_not() -> None:
    """Both orders: no key is more than another."""
    for keys in (KEYS, KEYS[::-1]):
        outcome = written(provider(KIM), declared("kim", externalId="e9", title="Chief"), keys)
        assert (outcome.error, outcome.id) == ("", "id-kim")


def test_an_id_is_not_looked_for() -> None:
    """It would have been matched by it, and a provider need not take a filter on it."""
    simulated = provider(ANN, KIM)
    change = replace(declared("kim", title="Chief"), entry=entry("kim", id="id-ann", attributes={"title": "Chief"}))
    assert written(simulated, change).id == "id-kim"
    assert simulated.asked.count("GET /Users") == 1


def test_one_key_that_finds_two_groups_adopts_none() -> None:
    simulated = provider(team("Sales"), replace(team("Sales"), body={**team("Sales").body, "id": "id-other"}))
    post = simulated._post
    simulated._post = lambda endpoint, body: post(endpoint, body) if endpoint == "/Users" else refuse()  # type: ignore[method-assign]

    def refuse() -> Any:
        raise simulated._refused(409, "POST", "/Groups", "uniqueness")

    change = replace(created("Sales", GROUP), entry=group_entry("Sales"))
    outcome = written(simulated, change, ("id", "displayName"))
    assert (
        'the match keys find 2 groups: display_name finds "Sales" (id "id-Sales"), display_name finds "Sales" (id "id-other")'
        in outcome.error
    )
    assert simulated.written == []


def test_a_value_that_must_be_unique_is_no_match() -> None:
    simulated = provider(ANN, faults=Faults(refuses=lambda method, path, body: 409 if method == "POST" else None))
    outcome = written(simulated, declared("new", externalId="e9"))
    assert "new: not created, and no user is found by id and external_id and user_name" in outcome.error
    assert "another resource has a value that must be unique" in outcome.error
    assert (outcome.changed, simulated.written) == (False, [])


def test_with_adopt_false_it_is_an_error_with_its_id() -> None:
    simulated = provider(KIM)
    outcome = written(simulated, declared("kim", title="Chief"), adopt=False)
    assert 'kim: it already exists (id "id-kim") and adopt is false. Set adopt: true to take it over, or declare its id.' in outcome.error
    assert (outcome.adopted, outcome.changed, simulated.written) == (None, False, [])


@pytest.mark.parametrize(("search", "warned"), [(False, True), (None, False)])
def test_where_nothing_can_be_searched_a_conflict_is_unchanged(search: bool | None, warned: bool) -> None:
    simulated = provider(faults=Faults(refuses=lambda method, path, body: 409 if method == "POST" else None))
    outcome = written(simulated, declared("kim"), search=search)
    assert (outcome.action is Action.UNCHANGED, bool(outcome.warnings), not outcome.error) == (warned, warned, warned)


def test_a_group_that_is_adopted_is_joined_only_by_those_who_are_not_members() -> None:
    """Some providers hold a member twice that is added twice."""
    people = [person(name) for name in ("a", "b", "c")]
    simulated = provider(*people, team("Sales", "a", "b"))
    simulated.faults = Faults(refuses=lambda method, path, body: 409 if (method, path) == ("POST", "/Groups") else None)
    change = replace(created("Sales", GROUP, [one.id for one in people]), entry=group_entry("Sales"))
    outcome = written(simulated, change, ("id", "displayName"))
    assert (outcome.error, outcome.changed, outcome.moved) == ("", True, (1, 0))
    assert [operation["value"] for write in simulated.written for operation in write.body["Operations"]] == [[{"value": "id-c"}]]
    again = written(simulated, change, ("id", "displayName"))
    assert (again.error, again.changed, again.moved, len(simulated.written)) == ("", False, (0, 0), 1)


def test_after_a_lost_answer_two_that_are_found_are_not_taken_for_ours() -> None:
    """The second one was created after the first look."""
    simulated = provider()
    simulated.faults = Faults(lost={1: True}, refuses=lambda method, path, body: rival(simulated))
    change = replace(created("Sales", GROUP), entry=group_entry("Sales"))
    outcome = written(simulated, change, ("id", "displayName"))
    assert "the match keys find 2 groups" in outcome.error
    assert (outcome.unknown, len(simulated.groups)) == (True, 2)


def test_a_user_who_is_there_after_all_is_not_deactivated_without_a_plan_that_says_so() -> None:
    simulated = provider(KIM)
    outcome = written(simulated, declared("kim", active=False))
    assert (outcome.changed, outcome.adopted, simulated.written) == (False, None, [])
    assert outcome.error == (
        'kim: it already exists (id "id-kim") and is active, and the plan does not include its deactivation. Run the task again.'
    )
