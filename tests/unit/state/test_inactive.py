# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inactive users whom a listing that looks complete does not show: when they are asked for, in how few requests, and what is learned."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import EXACT, Entry, Member
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import DELETE, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.listing import Listing
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._engine.state.fetch import fetch
from ansible_collections.identity.scim.plugins.module_utils._engine.state.requirements import Requirements
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.commands.test_directory import directory
from ansible_collections.identity.scim.tests.unit.plan.planned import entry, group_entry, person, team
from ansible_collections.identity.scim.tests.unit.state.test_fetch import declaration

ANN, BOB, OFF = person("ann").body, person("bob").body, person("off", active=False).body
TEAM = team("red", "off").body
QUESTION = 1  # request
IN_RED = group_entry("red", Member("ann"), membership=EXACT)


def provider(*people: dict[str, Any], lists_inactive: bool = False, **habits: Any) -> Simulated:
    return Simulated(people or (ANN, BOB, OFF), [TEAM], Habits(page_size=10, lists_inactive=lists_inactive, **habits))


def read(simulated: Simulated, *entries: Entry, policy: Policy = Policy(), **known: Any) -> tuple[Snapshot, int, bool | None]:  # noqa: B008
    """What was read, how many requests went to /Users, and what is known of the listing then."""
    client = simulated.client(**known)
    snapshot = fetch(client, Requirements(declaration(*entries), policy, whole=True, thorough=False))
    return snapshot, simulated.asked.count("GET /Users"), client.capabilities.lists_inactive


@pytest.mark.parametrize(
    ("entries", "requests"),
    [
        ([entry("ann")], 1),
        ([entry("ann"), group_entry("red", Member("bob"), membership="additive")], 1),
        ([entry("ann"), entry("off")], 1 + QUESTION),
        ([entry("new")], 1 + QUESTION),
        ([entry("bobby", previously=("bob",))], 1 + QUESTION),
        ([entry("ann", previously=("old",))], 1),
        ([entry("off", state="absent")], 1 + QUESTION),
        ([entry("ann"), group_entry("red", Member("off"), membership="additive")], 1 + QUESTION),
        ([entry("ann"), IN_RED], 1 + QUESTION),
        ([entry("ann", manager="off")], 1 + QUESTION),
        ([entry("ann", manager="bob")], 1),
    ],
    ids=str,
)
def test_they_are_asked_for_where_somebody_is_missing(entries: list[Entry], requests: int) -> None:
    snapshot, asked, known = read(provider(), *entries)
    assert asked == requests
    is_asked = requests > 1
    assert (known, "id-off" in snapshot.users) == ((False, True) if is_asked else (None, False))
    assert (snapshot.complete >= {"User"}, snapshot.warnings) == (True, [])


def test_nobody_is_asked_for_where_the_listing_shows_one() -> None:
    snapshot, asked, known = read(provider(lists_inactive=True), entry("new"))
    assert (len(snapshot.users), asked, known) == (3, 1, None)


def test_an_honest_listing_is_not_doubted_for_an_answer_without_users() -> None:
    """Somebody may be deactivated later in the run, and then be hidden: nothing is learned."""
    snapshot, asked, known = read(provider(ANN, BOB), entry("new"))
    assert (len(snapshot.users), asked, known, snapshot.complete) == (2, 1 + QUESTION, None, {"User"})


def test_all_pages_are_read() -> None:
    people = [person(f"off{number}", active=False).body for number in range(25)]
    snapshot, asked, known = read(provider(ANN, *people), entry("off7"))
    assert (len(snapshot.users), asked, known) == (26, 1 + QUESTION + 3, False)


def test_what_is_known_is_not_learned_again() -> None:
    snapshot, asked, known = read(provider(), entry("ann"), lists_inactive=False)
    assert (len(snapshot.users), asked, known) == (3, 1 + 1, False)


@pytest.mark.parametrize("filters", ["refused", "ignored"])
def test_a_provider_that_does_not_filter_is_asked_once(filters: str) -> None:
    snapshot, _asked, known = read(provider(filters=filters), entry("off"))
    assert (sorted(snapshot.users), known, snapshot.complete) == (["id-ann", "id-bob"], None, {"User"})


class OnlyNames(Simulated):
    """Filters of ``active`` are refused, and those of names compare case."""

    def _matches(self, body: dict[str, Any], wanted: str) -> bool:
        if "active" in wanted:
            raise self._refused(400, "GET", "/Users", "invalidFilter")
        return super()._matches(body, wanted)


@pytest.mark.parametrize("declared", [entry("off"), entry("OFF"), entry("new", previously=("off",)), entry("new", previously=("Off",))])
def test_without_that_filter_names_are_looked_up_and_the_listing_is_not_whole(declared: Entry) -> None:
    simulated = OnlyNames([ANN, BOB, OFF], [], Habits(lists_inactive=False, filters="exact"))
    snapshot, _asked, known = read(simulated, declared)
    assert (sorted(snapshot.users), known, snapshot.complete) == (["id-ann", "id-bob", "id-off"], None, set())
    assert snapshot.lacking["User"].endswith("it lacks off.")


def test_a_few_names_are_looked_up() -> None:
    simulated = OnlyNames([ANN, BOB], [], Habits(lists_inactive=False))
    _snapshot, asked, _known = read(simulated, *(entry(f"new{number}") for number in range(500)))
    assert asked == 1 + QUESTION + 5


def test_one_more_look_up_after_a_conflict() -> None:
    """The filter compares case, and the listing leaves the user out."""
    simulated = Simulated([ANN, OFF], [], Habits(lists_inactive=False, filters="exact"))
    lookup = simulated.client().lookup(USER)
    assert [user.id for user in lookup.find_anywhere('userName eq "OFF"')] == ["id-off"]
    assert simulated.asked == ["GET /Users"] * (2 + QUESTION)


def test_many_conflicts_take_one_question() -> None:
    simulated = Simulated([ANN], [], Habits())
    lookup = simulated.client().lookup(USER)
    assert [lookup.find_anywhere(f'userName eq "new{number}"') for number in range(3)] == [[], [], []]
    assert simulated.asked == ["GET /Users"] * (3 + 1 + QUESTION)


def test_pruning_does_not_take_them() -> None:
    """They are known only where somebody was missing: what is removed must not depend on that."""
    policy = Policy(prune={"User": DELETE})
    snapshot, _asked, _known = read(provider(), entry("new"), policy=policy)
    assert {key: policy.may_prune(user) for key, user in snapshot.users.items()} == {"id-ann": True, "id-bob": True, "id-off": False}


class RefusesOr(Simulated):
    def _matches(self, body: dict[str, Any], wanted: str) -> bool:
        if " or " in wanted:
            raise self._refused(400, "GET", "/Users", "invalidFilter")
        return super()._matches(body, wanted)


def test_a_listing_that_is_searched_instead_of_a_filter_is_questioned() -> None:
    simulated = RefusesOr([ANN, OFF], [], Habits(lists_inactive=False))
    found = simulated.client().lookup(USER).find_values("userName", ["new", "OFF"])
    assert list(found) == ["id-off"]
    assert simulated.asked == ["GET /Users"] * (1 + 1 + QUESTION)
    questions = ['userName eq "off"', 'emails.value eq "off"']
    assert [user.id for user in simulated.client().lookup(USER).find_any(questions)] == ["id-off"]


@pytest.mark.parametrize(("known", "deleted"), [({}, 0), ({"user_deletion": "deletes"}, 1), ({"user_deletion": "deactivates"}, 0)])
def test_one_who_is_absent_is_deleted_only_where_that_is_known_to_do_more(known: dict[str, Any], deleted: int) -> None:
    simulated = provider()
    result = directory(simulated, known=known, users=[{"user_name": "off", "state": "absent"}, {"user_name": "ann"}])
    assert (result["summary"]["users"]["deleted"], "id-off" in simulated.users) == (deleted, not deleted)


def test_groups_have_no_inactive_ones() -> None:
    simulated = provider()
    assert simulated.client(lists_inactive=False).add_inactive(GROUP, Listing(complete=True))
    assert simulated.asked == []
