# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked for, and in how few requests, before anything is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import (
    ABSENT,
    ADDITIVE,
    EXACT,
    Declaration,
    Entry,
    Member,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, Refused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.filter import parse
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._engine.state.fetch import fetch
from ansible_collections.identity.scim.plugins.module_utils._engine.state.requirements import Requirements, compared, may_remove
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import entry, group_entry

Body = dict[str, Any]
POLICY = Policy()


def provider(people: int, groups: int = 0, habits: Habits | None = None) -> Simulated:
    """Users ``u000``, … and groups ``g000``, … of which each has the first three users as members."""
    users = [{"id": f"id-u{number:03}", "userName": f"u{number:03}", "title": "Boss"} for number in range(people)]
    members = [{"value": user["id"]} for user in users[:3]]
    teams = [{"id": f"id-g{number:03}", "displayName": f"g{number:03}", "members": members} for number in range(groups)]
    return Simulated(users, teams, habits or Habits(page_size=100))


def declaration(*entries: Entry) -> Declaration:
    return Declaration(tuple(e for e in entries if e.type is USER), tuple(e for e in entries if e.type is GROUP))


def reading(
    simulated: Simulated, *entries: Entry, whole: bool = False, policy: Policy = POLICY, **known: Any
) -> tuple[Snapshot, Counter[str]]:
    """What was read, and how often each endpoint was asked."""
    current = fetch(simulated.client(**known), Requirements(declaration(*entries), policy, whole, thorough=False))
    return current, Counter(asked.split("?")[0] for asked in simulated.asked)


# -- a directory -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cursors", [True, False])
def test_all_of_it_takes_as_many_requests_as_there_are_pages(cursors: bool) -> None:
    simulated = provider(250, 120, Habits(page_size=100, cursors=cursors))
    people = [entry(f"u{number:03}", groups=(Member("g000"),)) for number in range(250)]
    current, asked = reading(simulated, *people, group_entry("g001", Member("u000")), whole=True)
    assert (len(current.users), len(current.groups), current.complete) == (250, 120, {"User", "Group"})
    assert asked == {"GET /Users": 3, "GET /Groups": 2 + 1}, "one question, whether groups show all of their members"
    assert current.members["id-g007"] == {"id-u000", "id-u001", "id-u002"}


def test_few_of_many_are_looked_up() -> None:
    simulated = provider(5000, habits=Habits(page_size=100))
    current, asked = reading(simulated, entry("U003"), entry("u4999"), entry("new"))
    assert {user.name for user in current.users.values()} >= {"u003"}
    assert asked == {"GET /Users": 2}  # the first page tells how many there are
    assert "User" not in current.complete


def test_many_of_few_are_listed() -> None:
    simulated = provider(150)
    _current, asked = reading(simulated, *[entry(f"u{number:03}") for number in range(100)])
    assert asked == {"GET /Users": 2}


@pytest.mark.parametrize(("people", "names", "expected"), [(1000, 3, 1 + 1 + 3), (1000, 30, 1 + 1 + 30), (45, 30, 1 + 1 + 5)])
def test_where_or_is_refused_names_are_asked_for_one_by_one_if_they_are_fewer_than_pages(
    people: int, names: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulated = provider(people, habits=Habits(page_size=10))
    matches = simulated._matches

    def refusing(body: Any, wanted: str) -> bool:
        if " or " in wanted:
            raise simulated._refused(400, "GET", "/Users", "invalidFilter")
        return matches(body, wanted)

    monkeypatch.setattr(simulated, "_matches", refusing)
    current, asked = reading(simulated, *[entry(f"u{people - 1 - number:03}") for number in range(names)])
    assert {f"id-u{people - 1 - number:03}" for number in range(names)} <= set(current.users)
    assert asked == {"GET /Users": expected}


# -- filters of which only the first comparison is evaluated -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("habits", "names", "expected"),
    [
        ({}, ["u500", "new", "u700"], 1 + 1),  # the listing's first page shows a user that is asked for beside them
        ({}, [*(f"u{number}" for number in range(500, 540)), "new"], 1 + 3 + 2 + 1),  # an answer of 21 has three pages
        ({"comparisons": 1}, ["u500", "new", "u700"], 1 + 1 + 2),
        ({"comparisons": 1}, ["new", "newer", "u700"], 1 + 1 + 2),
        ({"comparisons": 1}, [*(f"u{number}" for number in range(500, 540)), "new"], 1 + 1 + 19 + 21),
        ({"lists": False}, ["u500", "new", "u700"], 1 + 1),  # two that are found show it
        ({"lists": False}, ["u500", "new", "newer"], 1 + 1 + 1),  # the first is asked for again beside the others
        ({"lists": False}, [f"new{number}" for number in range(1000)], 1 + 50 + 20),  # where nothing is found, not each is asked for alone
        ({"lists": False, "comparisons": 1}, ["u500", "new", "u700"], 1 + 1 + 1 + 1),
        ({"lists": False, "comparisons": 1}, ["new", "newer", "u700"], 1 + 1 + 2),
    ],
)
def test_or_is_not_believed_for_what_it_does_not_return(habits: dict[str, Any], names: list[str], expected: int) -> None:
    simulated = provider(1000, habits=Habits(page_size=10, **habits))
    current, asked = reading(simulated, *map(entry, names))
    assert {name for name in names if name in {user["userName"] for user in simulated.users.values()}} <= {
        user.name for user in current.users.values()
    }
    assert asked == {"GET /Users": expected}


@pytest.mark.parametrize("lists", [True, False])
@pytest.mark.parametrize("people", [1, 2, 30])
def test_old_names_are_asked_for_alone_where_no_listing_shows_them(lists: bool, people: int) -> None:
    """Also where nothing else is found."""
    simulated = provider(1000, 1000, Habits(page_size=10, comparisons=1, lists=lists))
    users = [entry(f"new{number}", previously=(f"u{900 + number}",)) for number in range(people)]
    groups = [group_entry(f"new{number}", previously=(f"g{900 + number}",), membership=ADDITIVE) for number in range(people)]
    current, _asked = reading(simulated, *users, *groups)
    assert {f"id-u{900 + number}" for number in range(people)} <= set(current.users)
    assert {f"id-g{900 + number}" for number in range(people)} <= set(current.groups)


@pytest.mark.parametrize("membership", [ADDITIVE, EXACT])
def test_the_groups_of_a_user_are_found_one_by_one(membership: str) -> None:
    simulated = provider(5, 40, Habits(page_size=10, comparisons=1))
    declared = entry("u000", groups=(Member("g031"), Member("g033")), membership=membership)
    current, asked = reading(simulated, declared)
    assert {"id-g031", "id-g033"} <= set(current.members)
    assert asked["GET /Groups"] == (1 + 1 if membership == ADDITIVE else 1 + 3), (
        "all groups of the user at once, or one name beside the other"
    )
    assert membership == ADDITIVE or len(current.members) == 40


def test_the_members_of_a_group_are_found_one_by_one() -> None:
    simulated = provider(1000, 2, Habits(page_size=10, comparisons=1))
    members = [Member(name) for name in ("u500", "g001", "u700", "u800")]
    current, _asked = reading(simulated, group_entry("g000", *members, membership=ADDITIVE))
    assert {"id-u500", "id-u700", "id-u800"} <= set(current.users)
    assert "id-g001" in current.groups


def test_an_old_name_on_a_later_page_is_found() -> None:
    simulated = provider(1000, habits=Habits(page_size=10))
    current, _asked = reading(simulated, entry("u000", previously=("u999",)), entry("u001"))
    assert {"id-u000", "id-u001", "id-u999"} <= set(current.users)


def test_few_groups_of_many_are_looked_up_where_nobody_can_lose_any() -> None:
    simulated = provider(5, 1000, Habits(page_size=100))
    people = [entry("u003", groups=(Member("g500"), Member("id-g700"))), entry("u000", groups=(Member("G500"), Member("Team")))]
    current, asked = reading(simulated, *people, group_entry("g900", membership=ADDITIVE), group_entry("Team", membership=ADDITIVE))
    assert all(current.members[key] == {"id-u000", "id-u001", "id-u002"} for key in ("id-g500", "id-g700", "id-g900"))
    assert asked == {"GET /Users": 1, "GET /Groups": 1 + 1 + 1 + 2 + 1, "GET /Groups/id-g700": 1}  # two for Team in another spelling
    current, _asked = reading(simulated, entry("u003", groups=(Member("g50O"),)), entry("u000"))
    assert len(current.groups) == 1000, "so that the nearest can be told"


def test_groups_are_asked_only_where_they_matter() -> None:
    assert "GET /Groups" not in reading(provider(5, 5), entry("u000"), entry("u001"))[1]
    assert "GET /Groups" not in reading(provider(5, 5), entry("u000", groups=()), entry("u001"))[1]
    assert "GET /Groups" in reading(provider(5, 5), entry("u000", groups=(Member("g000"),)), entry("u001"))[1]
    assert "GET /Groups" in reading(provider(5, 5), entry("u000"), group_entry("g000"))[1]
    assert "GET /Groups" in reading(provider(5, 5), entry("u000"), whole=True, policy=Policy(prune={"Group": "delete"}))[1]


def test_members_that_a_listing_leaves_out_are_asked_for_group_by_group() -> None:
    simulated = provider(5, 30, Habits(page_size=100, members_in_lists=False))
    current, asked = reading(simulated, entry("u004", groups=(Member("G002"), Member("id-g003"))), group_entry("g001"), whole=True)
    assert sum(count for name, count in asked.items() if name.startswith("GET /Groups/")) == 3
    assert all(current.members[f"id-g00{number}"] for number in (1, 2, 3))


def hiding(*forms: str) -> Simulated:
    """Five users of whom three are in each of 30 groups, which never show it."""
    return provider(5, 30, Habits(page_size=100, shows_members=False, membership_filters=frozenset(forms)))


@pytest.mark.parametrize(
    ("forms", "exact", "additive"),
    [
        (("member",), 1 + 1 + 4, 1 + 1),  # one of them twice, since the first answer might mean that the filter is overlooked
        (("pair",), 2 + 1 + 4, 2 + 1),
        (("pair without value",), 3 + 1 + 4, 3 + 1),
        (("member", "pair"), 1 + 1 + 4, 1 + 1),
    ],
)
def test_members_that_are_never_shown_are_asked_for(forms: tuple[str, ...], exact: int, additive: int) -> None:
    current, asked = reading(hiding(*forms), group_entry("g001", Member("u000")), whole=True, members_readable=False)
    assert current.members == {"id-g001": {"id-u000", "id-u001", "id-u002"}}
    assert asked == {"GET /Users": 1, "GET /Groups": 1 + exact}
    declared = group_entry("g001", Member("u000"), membership=ADDITIVE)
    current, asked = reading(hiding(*forms), declared, whole=True, members_readable=False)
    assert current.members == {"id-g001": {"id-u000"}}
    assert asked == {"GET /Users": 1, "GET /Groups": 1 + additive}


def test_a_filter_that_is_given_is_trusted() -> None:
    given = {"members_readable": False, "membership_filter": "members.value eq {member}"}
    _current, asked = reading(hiding("member"), entry("u000", groups=(Member("g000"), Member("g001"))), **given)
    assert asked == {"GET /Users": 1, "GET /Groups": 2}
    _current, asked = reading(hiding("member"), entry("u000", groups=(Member("g000"),), membership=EXACT), **given)
    assert asked == {"GET /Users": 1, "GET /Groups": 3}, "by name, all groups, and one question"


def test_members_that_are_shown_after_all_are_read() -> None:
    current, asked = reading(provider(5, 30), group_entry("g001", Member("u000")), whole=True, members_readable=False)
    assert current.members["id-g001"] == {"id-u000", "id-u001", "id-u002"}
    assert asked == {"GET /Users": 1, "GET /Groups": 2}, "and asked, whether these are all"


@pytest.mark.parametrize("habits", [{"members_in_lists": False}, {"shows_members": False}], ids=["not in lists", "never shown"])
@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (entry("u000", groups=(), membership=EXACT), {"id-g000", "id-g001", "id-g002"}),
        (entry("u000", groups=(Member("g001"),), membership=EXACT), {"id-g000", "id-g001", "id-g002"}),
        (entry("u000", groups=(Member("g001"),), membership=ABSENT), {"id-g001"}),
    ],
    ids=["no group", "one group", "not this one"],
)
def test_groups_that_a_person_is_to_leave_are_known(habits: dict[str, bool], declared: Entry, expected: set[str]) -> None:
    for more in ((), (entry("u001"), group_entry("g002"))):
        current, _asked = reading(provider(5, 3, Habits(page_size=100, **habits)), declared, *more)
        assert {group for group, members in current.members.items() if "id-u000" in members} >= expected


@pytest.mark.parametrize("habits", [{}, {"shows_members": False, "membership_filters": frozenset(["member"])}], ids=["shown", "asked for"])
def test_a_thousand_groups_are_not_too_many_where_each_takes_no_request(habits: dict[str, Any]) -> None:
    simulated = provider(5, 1001, Habits(page_size=2000, **habits))
    known = {"members_readable": False} if habits else {}
    declared = entry("u000", groups=(Member("g000"),), membership=EXACT)
    current, _asked = reading(simulated, declared, entry("u001"), whole=True, **known)
    assert len([group for group, members in current.members.items() if "id-u000" in members]) == 1001


@pytest.mark.parametrize(
    "habits", [{}, {"members_in_lists": False}, {"shows_members": False}], ids=["shown", "not in lists", "never shown"]
)
@pytest.mark.parametrize(
    ("declared", "prune"), [([group_entry("g001", state=ABSENT)], "none"), ([group_entry("g000")], "delete")], ids=["absent", "pruned"]
)
def test_protected_members_of_a_group_that_would_be_deleted_are_known(habits: dict[str, bool], declared: list[Entry], prune: str) -> None:
    policy = Policy(protected={"User": ("u000",)}, prune={"Group": prune})
    current, _asked = reading(provider(5, 3, Habits(page_size=100, **habits)), entry("u000"), *declared, whole=True, policy=policy)
    assert "id-u000" in current.members["id-g001"]


def test_groups_that_only_the_person_shows_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter on members that is answered with nobody is no proof that there is nobody."""
    simulated = provider(5, 3, Habits(page_size=100))
    found = simulated._matches
    monkeypatch.setattr(simulated, "_matches", lambda body, wanted: "members" not in wanted and found(body, wanted))
    current, _asked = reading(simulated, entry("u000", groups=(), membership=EXACT))
    assert {group for group, members in current.members.items() if "id-u000" in members} == {"id-g000", "id-g001", "id-g002"}


def test_a_group_whose_members_are_not_known_is_not_read_as_empty() -> None:
    current, _asked = reading(hiding("member"), entry("u004", groups=(Member("g001"),)), entry("u003"), members_readable=False)
    assert current.members == {"id-g001": frozenset()}, "of whom it is known that one is no member"


def test_a_listing_that_is_not_whole_is_known_not_to_be() -> None:
    current, _asked = reading(provider(5, 5, Habits(hidden=1)), entry("u000"), group_entry("g000"), whole=True)
    assert current.complete == set()


def test_members_are_looked_up_where_people_are_not_listed() -> None:
    simulated = provider(1000, 2, Habits(page_size=10))
    current, asked = reading(simulated, group_entry("g000", Member("u500"), Member("g001"), Member("id-u700")), group_entry("g001"))
    assert {"id-u500", "id-u700"} <= set(current.users)
    assert asked["GET /Users"] == 1


def test_only_what_is_compared_is_asked_for() -> None:
    policy = Policy(match_on={"User": ("id", "externalId"), "Group": ("id",)}, scope={"User": parse('name.familyName eq "x"')})
    assert compared(USER, [entry("kim", attributes={"title": "x"})], policy) == ["userName", "active", "name", "externalId", "title"]
    assert compared(GROUP, [], Policy()) == ["displayName"]
    current, _asked = reading(provider(3), entry("u000"), entry("u001"))
    assert [sorted(user.body) for user in current.users.values()] == [["id", "userName"]] * 3
    assert not any(user.complete for user in current.users.values())


# -- one resource ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "policy", "expected"),
    [
        (entry("u000"), POLICY, {"GET /Users": 1}),
        (entry("U000"), POLICY, {"GET /Users": 1}),
        (entry("new"), POLICY, {"GET /Users": 1}),
        (entry("u000", id="id-u000"), POLICY, {"GET /Users/id-u000": 1}),
        (entry("u001", id="id-u000"), POLICY, {"GET /Users/id-u000": 1, "GET /Users": 1}),
        (entry("u000", previously=("old", "older")), POLICY, {"GET /Users": 1}),
        (entry("new", previously=("u000",)), Policy(match_on={"User": ("externalId",)}), {"GET /Users": 1}),
        (entry("u000", groups=(Member("g000"), Member("g001"))), POLICY, {"GET /Users": 1, "GET /Groups": 1}),
        (entry("u000", groups=(Member("g000"),), membership=ADDITIVE), POLICY, {"GET /Users": 1, "GET /Groups": 1}),
        (entry("u000", groups=(), membership=ADDITIVE), POLICY, {"GET /Users": 1}),
        (entry("u000", groups=(), membership=EXACT), POLICY, {"GET /Users": 1, "GET /Groups": 1}),
        (entry("u000", state=ABSENT, groups=(Member("g000"),)), POLICY, {"GET /Users": 1}),
        (group_entry("g000", Member("u000"), Member("u001")), POLICY, {"GET /Groups": 1, "GET /Users": 1, "GET /Groups/id-g000": 1}),
        (group_entry("g000", Member("u000"), membership=ADDITIVE), POLICY, {"GET /Groups": 1, "GET /Users": 1}),
    ],
)
def test_one_takes_few_requests(declared: Entry, policy: Policy, expected: dict[str, int]) -> None:
    assert reading(provider(5, 3), declared, policy=policy)[1] == expected


def test_a_person_s_other_groups_are_read_where_they_are_to_be_left() -> None:
    current, _asked = reading(provider(5, 3), entry("u000", groups=(Member("g000"),), membership=EXACT))
    assert set(current.members) == {"id-g000", "id-g001", "id-g002"}


def test_a_provider_that_gives_everybody_whatever_is_asked() -> None:
    current, _asked = reading(provider(50, habits=Habits(filters="ignored")), entry("U007"))
    assert list(current.users) == ["id-u007"]


def test_nobody_is_deleted_who_cannot_be_found() -> None:
    with pytest.raises(Invalid, match=r"has no way to search, so kim cannot be found to be deleted. Declare the id"):
        reading(provider(1), entry("kim", state=ABSENT), search=False)


# -- whether all of it is needed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "policy", "expected"),
    [
        ([entry("kim")], POLICY, False),
        ([entry("kim", attributes={"active": True})], POLICY, False),
        ([entry("kim", attributes={"active": False})], POLICY, True),
        ([entry("kim", state=ABSENT)], POLICY, True),
        ([entry("kim", expires=date(2030, 1, 1))], POLICY, True),
        ([entry("kim", delete_after=date(2030, 1, 1))], POLICY, True),
        ([entry("kim", groups=(Member("Sales"),))], POLICY, False),
        ([entry("kim", groups=(Member("Sales"),), membership=EXACT)], POLICY, True),
        ([entry("kim", groups=(Member("Sales", expires=date(2030, 1, 1)),))], POLICY, True),
        ([entry("kim", groups=(Member("Sales"),), membership=ABSENT)], POLICY, True),
        ([group_entry("Sales", Member("kim"))], POLICY, True),
        ([group_entry("Sales")], POLICY, True),
        ([group_entry("Sales", Member("kim"))], Policy(membership=ADDITIVE), False),
        ([group_entry("Sales", Member("kim"), membership=ADDITIVE)], POLICY, False),
        ([group_entry("Sales", Member("kim"), membership=ABSENT)], Policy(membership=ADDITIVE), True),
        ([entry("kim")], Policy(prune={"User": "none", "Group": "none"}), False),
        ([entry("kim")], Policy(prune={"Group": "delete"}), True),
        ([entry("kim")], Policy(scope={"User": parse("userName pr")}), True),
    ],
)
def test_whatever_may_remove_needs_the_whole_listing(entries: list[Entry], policy: Policy, expected: bool) -> None:
    assert may_remove(declaration(*entries), policy) is expected


@pytest.mark.parametrize("members", [(), (Member("u000"), Member("u001"))], ids=["none", "two"])
def test_many_groups_of_which_none_has_a_member_are_not_read_one_by_one(members: tuple[Member, ...]) -> None:
    simulated = provider(5, 40)
    for group in simulated.groups.values():
        group["members"] = []
    groups = [group_entry(f"g{number:03}", *members) for number in range(40)]
    current, asked = reading(simulated, *groups, whole=True)
    assert current.members == {f"id-g{number:03}": frozenset() for number in range(40)}
    assert asked == {"GET /Users": 1, "GET /Groups": 1 + 3, "GET /Groups/id-g000": 1}, "all 45 may be members, and are asked for"


@pytest.mark.parametrize("habits", [{}, {"filters": "refused"}, {"filters": "ignored"}], ids=str)
def test_one_member_in_forty_groups_is_not_overlooked(habits: dict[str, str]) -> None:
    simulated = provider(5, 40, Habits(page_size=100, members_in_lists=False, **habits))
    for group in simulated.groups.values():
        group["members"] = [{"value": "id-u004"}] if group["id"] == "id-g039" else []
    current, _asked = reading(simulated, *[group_entry(f"g{number:03}") for number in range(40)], whole=True)
    assert current.members["id-g039"] == {"id-u004"}


def test_an_empty_group_costs_one_question_and_is_empty() -> None:
    """Its new members may be in other groups, which is no sign that it hides any."""
    simulated = provider(5, 2)
    simulated.groups["id-g001"]["members"] = []
    current, asked = reading(simulated, group_entry("g001", Member("u000"), Member("u001")))
    assert current.members == {"id-g001": frozenset()}
    assert asked == {"GET /Groups": 2, "GET /Users": 1, "GET /Groups/id-g001": 1}
    simulated.asked.clear()
    asked = reading(simulated, group_entry("g001", Member("u000")), filter=False)[1]
    assert asked == {"GET /Groups": 1, "GET /Users": 1, "GET /Groups/id-g001": 1}, "without filters nothing is asked"


def test_whether_a_filter_is_ignored_is_not_taken_from_an_error() -> None:
    """Else whoever is asked for would be a member of every group, and be planned to leave it."""

    class Failing(Simulated):
        def _matches(self, body: dict[str, Any], wanted: str) -> bool:
            if wanted == 'members.value eq "id-red"':
                raise self._refused(500, "GET", "/Groups")
            return super()._matches(body, wanted)

    users = [{"id": f"id-{name}", "userName": name} for name in ("ann", "bob")]
    simulated = Failing(users, [{"id": "id-red", "displayName": "red"}], Habits(filters="ignored"))
    with pytest.raises(Refused, match="500"):
        reading(simulated, group_entry("red", Member("ann"), membership=EXACT), whole=True)


def test_a_user_who_may_be_deactivated_is_found_in_another_spelling_too() -> None:
    simulated = provider(3, habits=Habits(filters="exact", page_size=1))
    current, _asked = reading(simulated, entry("U001", attributes={"active": False}), page_size=1)
    assert list(current.users) == ["id-u001"]


# -- a listing that is out of date -------------------------------------------------------------------------------------------------------


class Late(Simulated):
    """Lists the users of a while ago."""

    earlier: Mapping[str, Body]

    def _get(self, endpoint: str, resource_id: str, params: Mapping[str, str]) -> Answer:
        now = self.stored["/Users"]
        self.stored["/Users"] = now if resource_id or endpoint != "/Users" else {**self.earlier}
        try:
            return super()._get(endpoint, resource_id, params)
        finally:
            self.stored["/Users"] = now


def late(*members: str, earlier: Sequence[Body], now: Sequence[Body]) -> Late:
    simulated = Late(now, [{"id": "red", "displayName": "red", "members": [{"value": member} for member in members]}])
    simulated.earlier = {user["id"]: user for user in earlier}
    return simulated


OLD, NEW, BOB = {"id": "u1", "userName": "ann"}, {"id": "u2", "userName": "Ann"}, {"id": "u3", "userName": "bob"}


@pytest.mark.parametrize("match_on", ["userName", "externalId"])
def test_a_deleted_user_in_the_listing_is_not_taken_for_the_member_with_that_name(match_on: str) -> None:
    """The member was created under the name of the deleted one, and would be removed from a group that is exact."""
    simulated = late("u2", earlier=[{**OLD, "externalId": "7"}, BOB], now=[{**NEW, "externalId": "7"}, BOB])
    policy = Policy(match_on={"User": (match_on,), "Group": ("displayName",)})
    ann, red = entry("ann", attributes={"externalId": "7"}), group_entry("red", Member("ann"), membership=EXACT)
    current, asked = reading(simulated, ann, red, whole=True, policy=policy)
    assert (sorted(current.users), current.members, current.complete) == (["u2", "u3"], {"red": frozenset({"u2"})}, {"Group"})
    assert current.warnings == ["The listing of users is incomplete or out of date: it lacks Ann."]
    asked_of_users = {"GET /Users": 1 + 1, "GET /Users/u2": 1, "GET /Users/u1": 1}
    assert asked == {"GET /Groups": 1, **asked_of_users}, "the listing, and whether the member is one of the inactive users"


class DeletedMeanwhile(Simulated):
    """Another client deletes the first user between two pages, so that the next page begins after a user whom no page has."""

    def _get(self, endpoint: str, resource_id: str, params: Mapping[str, str]) -> Answer:
        if "3" in (params.get("startIndex"), params.get("cursor")) and "id-u000" in self.users:
            self.remove("/Users", "id-u000")
        return super()._get(endpoint, resource_id, params)


@pytest.mark.parametrize("cursors", [True, False])
@pytest.mark.parametrize("tells_total", [True, False])
def test_a_user_who_moved_between_two_pages_is_not_taken_for_a_new_one(tells_total: bool, cursors: bool) -> None:
    users = [{"id": f"id-u{number:03}", "userName": f"u{number:03}"} for number in range(5)]
    simulated = DeletedMeanwhile(users, [], Habits(page_size=2, tells_total=tells_total, cursors=cursors))
    current, _asked = reading(simulated, *(entry(f"u{number:03}") for number in range(1, 7)), whole=True, page_size=2)
    assert sorted(current.users) == ["id-u000", "id-u001", "id-u002", "id-u003", "id-u004"]
    assert (current.complete, "of users is incomplete" in current.lacking["User"]) == (set(), True)


def test_one_page_without_a_total_needs_no_look_up() -> None:
    current, asked = reading(provider(3, habits=Habits(page_size=100, tells_total=False)), entry("u001"), entry("new"), whole=True)
    assert (current.complete, asked["GET /Users"]) == ({"User"}, 2 + 1), "two pages, and one question for inactive users"


def test_two_users_with_one_name_stay_two() -> None:
    """One of them is not listed. Which of them is meant is an error."""
    simulated = late("u2", earlier=[OLD], now=[OLD, NEW])
    current, _asked = reading(simulated, entry("ann"), group_entry("red", Member("ann"), membership=EXACT), whole=True)
    assert sorted(current.users) == ["u1", "u2"]


@pytest.mark.parametrize(("now", "complete"), [([OLD, BOB], {"Group"}), ([OLD], {"User", "Group"})], ids=["exists", "deleted"])
def test_a_member_that_is_not_listed_is_read_before_it_is_removed(now: list[Body], complete: set[str]) -> None:
    simulated = late("u1", "u3", earlier=[OLD], now=now)
    current, asked = reading(simulated, entry("ann"), group_entry("red", Member("ann"), membership=EXACT), whole=True)
    assert (list(current.users), current.complete) == ([user["id"] for user in now], complete)
    assert asked["GET /Users/u3"] == 1


def test_members_of_groups_that_are_not_exact_are_not_read() -> None:
    simulated = late("u1", "u3", earlier=[OLD], now=[OLD, BOB])
    _current, asked = reading(simulated, entry("ann"), group_entry("red", Member("ann"), membership=ADDITIVE), whole=True)
    assert asked == {"GET /Users": 1, "GET /Groups": 1}
