# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moves from groups to members, and what people call the two ends of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import ABSENT, ADDITIVE, EXACT, Entry, Member, Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.memberships import Memberships, Moves
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.policy import desired_state
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.filter import parse
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource
from ansible_collections.identity.scim.tests.unit.plan.planned import entry, group_entry, pair, person, team

POLICY = Policy()


def memberships(pairs: Sequence[tuple[Entry | None, Resource | None]], policy: Policy = POLICY) -> Memberships:
    """The memberships of a whole directory."""
    current = Snapshot()
    there = [before for _entry, before in pairs if before]
    current.users = {r.id: r for r in there if r.type.name == "User"}
    current.add_groups(r for r in there if r.type.name == "Group")
    return Memberships([desired_state(pair(declared, before), policy) for declared, before in pairs], current, policy)


def found(pairs: Sequence[tuple[Entry | None, Resource | None]], policy: Policy = POLICY) -> dict[str, Moves]:
    """The changes of memberships of a whole directory."""
    return memberships(pairs, policy).moves()


def test_joins_and_leaves_have_a_stable_order() -> None:
    people = [(None, person(name)) for name in "dacb"]
    group = (group_entry("Sales", Member("c"), Member("a")), team("Sales", "d", "b"))
    assert found([*people, group]) == {"id-Sales": Moves(("id-a", "id-c"), ("id-b", "id-d"))}
    assert found([group, *reversed(people)]) == found([*people, group])


@pytest.mark.parametrize("written", ["café", "CAFÉ", "cafe\u0301", "id-café"])
def test_a_name_is_found_in_every_spelling(written: str) -> None:
    assert found([(None, person("café")), (group_entry("Sales", Member(written)), team("Sales"))]) == {"id-Sales": Moves(("id-café",))}


def test_a_user_is_meant_before_a_group_of_the_same_name() -> None:
    both = [(None, person("sales")), (None, team("Sales"))]
    assert found([*both, (group_entry("All", Member("sales")), team("All"))]) == {"id-All": Moves(("id-sales",))}


def test_a_selector_must_agree_in_all_of_it() -> None:
    groups = [(None, team("Sales", externalId="eu", region="North")), (None, team("Data", externalId="us", region="North"))]
    user = entry("kim", groups=(Member(selector={"region": "north", "externalid": "US"}),))
    assert found([*groups, (user, person("kim"))]) == {"id-Data": Moves(("id-kim",))}
    with pytest.raises(Invalid, match='2 resources are called "region=north"'):
        found([*groups, (entry("kim", groups=(Member(selector={"region": "north"}),)), person("kim"))])


@pytest.mark.parametrize(("membership", "expected"), [(EXACT, {"id-Data": Moves((), ("id-kim",))}), (ADDITIVE, {}), (None, {})])
def test_a_person_leaves_other_groups_only_where_that_is_said_of_the_person(membership: str | None, expected: dict[str, Moves]) -> None:
    groups = [(None, team("Sales", "kim")), (None, team("Data", "kim"))]
    assert found([*groups, (entry("kim", groups=(Member("Sales"),), membership=membership), person("kim"))]) == expected


def test_a_name_that_is_absent_anyway_may_be_nobodys() -> None:
    assert found([(group_entry("Sales", Member("nobody"), membership=ABSENT), team("Sales", "kim")), (None, person("kim"))]) == {}
    assert found([(entry("kim", groups=(Member("Nowhere"),), membership=ABSENT), person("kim"))]) == {}


def test_who_is_not_declared_and_would_be_deleted_cannot_be_named() -> None:
    policy = Policy(prune={"User": "delete"})
    pairs = [(entry("kim"), person("kim")), (None, person("lee")), (group_entry("Sales", Member("lee")), team("Sales"))]
    with pytest.raises(Invalid, match=r'groups\.yml:3: "lee" is named as a member, but is not declared and would be deleted\. Declare it'):
        found(pairs, policy)


def test_all_names_that_nobody_has_are_told_at_once() -> None:
    with pytest.raises(Invalid) as problems:
        found([(group_entry("Sales", Member("kin"), Member("nobody")), team("Sales")), (None, person("kim"))])
    assert str(problems.value).splitlines() == [
        'groups.yml:3: There is no user and no group "kin". Did you mean "kim"?',
        'groups.yml:3: There is no user and no group "nobody".',
    ]


def test_members_of_whom_nothing_is_known_leave_an_exact_group() -> None:
    assert found([(group_entry("Sales"), team("Sales", "stranger"))]) == {"id-Sales": Moves((), ("id-stranger",))}


def test_somebody_new_is_an_edge_by_a_provisional_key() -> None:
    pairs: list[tuple[Any, Any]] = [(entry("Kim"), None), (group_entry("Sales", Member("kim")), None)]
    assert found(pairs) == {"Group:sales": Moves(("User:kim",))}


def test_as_many_names_that_nobody_has_are_told_as_people_read() -> None:
    people = [(None, person(f"person{number}")) for number in range(30)]
    group = (group_entry("All", *(Member(f"persona{number}") for number in range(30))), team("All"))
    with pytest.raises(Invalid) as refused:
        found([*people, group])
    first, *_others, last = str(refused.value).splitlines()
    assert (first, last) == (
        'groups.yml:3: There is no user and no group "persona0". Did you mean "person0" or "person20" or "person10"?',
        "and 10 more",
    )


def explained(pairs: Sequence[tuple[Entry | None, Resource | None]], key: str, policy: Policy = POLICY) -> list[tuple[str, bool, str, str]]:
    """Each membership of a user: the group, whether it is there, what changes, why."""
    return [(one["group"], one["member"], one["change"] or "", one["reason"]) for one in memberships(pairs, policy).of_member(key)]


TODAY = date(2027, 1, 15)
OVER = date(2027, 1, 14)
IN_FILE = Origin("users.yml", 7, "users[0]")
GROUPS_IN_FILE = "groups.yml:3: members[0]"
ADDITIVE_HERE = (
    "is a member, which is not declared, and stays: the group is declared without members, or with membership: additive (groups.yml:3)"
)


def test_why_a_user_joins_stays_and_leaves() -> None:
    pairs = [
        (entry("kim", groups=(Member("Data"), Member("Sales"), Member("New"))), person("kim")),
        (group_entry("Sales", Member("kim")), team("Sales", "kim")),
        (group_entry("Data"), team("Data")),
        (group_entry("New"), None),
        (group_entry("Empty", membership=ADDITIVE), team("Empty", "kim")),
        (group_entry("Left"), team("Left", "kim")),
        (group_entry("Added", membership=ADDITIVE), team("Added", "kim")),
        (None, team("Other", "kim")),
        (None, team("Unrelated")),
    ]
    assert explained(pairs, "id-kim") == [
        (
            "Added",
            True,
            "",
            ADDITIVE_HERE,
        ),
        ("Data", False, "joins", "joins, as declared at users.yml:7: users[0].groups[0]"),
        (
            "Empty",
            True,
            "",
            ADDITIVE_HERE,
        ),
        ("Left", True, "leaves", "leaves, since it is not declared, and the members of the group are exact (groups.yml:3)"),
        ("New", False, "joins", "joins, as declared at users.yml:7: users[0].groups[2]"),
        ("Other", True, "", "is a member, which is not declared, and stays: the group is not declared"),
        ("Sales", True, "", f"is a member, as declared at users.yml:7: users[0].groups[1] and {GROUPS_IN_FILE}"),
    ]
    assert [one["declared"] for one in memberships(pairs).of_member("id-kim")][1] == [str(IN_FILE.below("groups", 0))]


def test_an_entry_without_a_place_has_none_in_a_reason() -> None:
    group = Entry(team("Sales").type, {"displayName": "Sales"}, members=())
    pairs = [(entry("kim"), person("kim")), (group, team("Sales", "kim"))]
    assert explained(pairs, "id-kim") == [
        ("Sales", True, "leaves", "leaves, since it is not declared, and the members of the group are exact")
    ]


@pytest.mark.parametrize(
    ("user", "there", "group", "members", "expected"),
    [
        (
            {"groups": (Member("Sales", expires=OVER),)},
            person("kim"),
            {},
            (),
            (
                False,
                "",
                "is not a member, and does not join although declared at users.yml:7: users[0].groups[0]: "
                "the membership expired on 2027-01-14 (users.yml:7: users[0].groups[0])",
            ),
        ),
        (
            {"groups": (Member("Sales"),), "expires": OVER},
            person("kim"),
            {},
            (),
            (
                False,
                "",
                "is not a member, and does not join although declared at users.yml:7: users[0].groups[0]: the user expired on 2027-01-14",
            ),
        ),
        (
            {"groups": (Member("Sales"),), "expires": OVER},
            person("kim"),
            {},
            ("kim",),
            (True, "leaves", "leaves, since the user expired on 2027-01-14"),
        ),
        (
            {"groups": (Member("Sales"),), "state": ABSENT},
            person("kim"),
            {},
            (),
            (
                False,
                "",
                "is not a member, and does not join although declared at users.yml:7: users[0].groups[0]: the account will not exist",
            ),
        ),
        (
            {"groups": (Member("Sales"),), "state": ABSENT},
            person("kim"),
            {},
            ("kim",),
            (True, "", "is a member, which is not declared, and stays: the membership ends with the account"),
        ),
        (
            {"groups": (Member("Sales"),)},
            person("kim"),
            {"state": ABSENT},
            (),
            (
                False,
                "",
                "is not a member, and does not join although declared at users.yml:7: users[0].groups[0]: the group will not exist",
            ),
        ),
        (
            {"groups": (Member("Sales"),)},
            person("kim"),
            {"state": ABSENT},
            ("kim",),
            (True, "", "is a member, which is not declared, and stays: the group itself is deleted"),
        ),
        (
            {"groups": (Member("Sales"),), "membership": ABSENT},
            person("kim"),
            {},
            (),
            (
                False,
                "",
                "is not a member, and does not join although declared at users.yml:7: users[0].groups[0]: "
                "membership is absent at users.yml:7: users[0].groups[0]",
            ),
        ),
    ],
)
def test_why_a_declared_membership_is_none(
    user: dict[str, Any], there: Resource, group: dict[str, Any], members: Sequence[str], expected: tuple[bool, str, str]
) -> None:
    sales = Entry(team("Sales").type, {"displayName": "Sales"}, origin=Origin("groups.yml", 3), **group)
    pairs = [(entry("kim", **user), there), (sales, team("Sales", *members))]
    assert explained(pairs, "id-kim", Policy(today=TODAY)) == [("Sales", *expected)]


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (Policy(protected={"User": ("kim",)}), "the member is protected"),
        (Policy(protected={"Group": ("Sales",)}), "the group is protected"),
        (Policy(scope={"User": parse('title eq "Boss"')}), "the member is out of scope"),
        (Policy(protected={"User": ("kim",), "Group": ("Sales",)}), "the member is protected"),
    ],
)
def test_why_a_membership_stays_that_the_declaration_ends(policy: Policy, reason: str) -> None:
    pairs = [(None, person("kim")), (group_entry("Sales"), team("Sales", "kim"))]
    assert explained(pairs, "id-kim", policy) == [("Sales", True, "", f"is a member, which is not declared, and stays: {reason}")]
    assert found(pairs, policy) == {}


def test_a_protected_membership_is_not_ended_by_exact_and_others_are() -> None:
    pairs = [
        (None, person("boss")),
        (entry("kim", groups=(), membership=EXACT), person("kim")),
        (None, team("Guarded", "kim", "boss")),
        (group_entry("Sales"), team("Sales", "boss", "kim")),
    ]
    policy = Policy(protected={"User": ("boss",), "Group": ("Guarded",)})
    assert found(pairs, policy) == {"id-Sales": Moves((), ("id-kim",))}


def test_all_protected_memberships_that_would_end_are_told() -> None:
    pairs = [
        (None, person("boss")),
        (entry("kim", groups=(Member("Admins"),), membership=ABSENT), person("kim")),
        (group_entry("Admins", membership=ADDITIVE), team("Admins", "kim", "boss")),
        (group_entry("Old", state=ABSENT), team("Old", "boss", "stranger")),
    ]
    policy = Policy(protected={"User": ("boss",), "Group": ("Admins",)})
    with pytest.raises(PlanRefused) as refused:
        found(pairs, policy)
    assert str(refused.value) == (
        "Protected memberships would end (protected_users, protected_groups): kim in Admins, boss in Old. "
        "Remove what ends them from the declaration; declare a group that would be pruned, or add it to protected_groups."
    )


def test_all_groups_out_of_scope_that_would_be_joined_are_told_once() -> None:
    pairs = [
        (entry("kim", groups=(Member("Zoo"), Member("Everyone"))), person("kim")),
        (entry("lee", groups=(Member("Zoo"), Member("app-x"))), person("lee")),
        *((None, team(name)) for name in ("Zoo", "Everyone", "app-x")),
    ]
    with pytest.raises(PlanRefused) as refused:
        found(pairs, Policy(scope={"Group": parse('displayName sw "app-"')}))
    assert str(refused.value) == (
        "Everyone, Zoo: members are declared for groups that are outside scope_groups. Change the filter or remove the members."
    )


def test_the_reasons_of_moves() -> None:
    pairs = [(None, person("kim")), (group_entry("Sales"), team("Sales", "kim")), (group_entry("New", Member("kim")), None)]
    moves = found(pairs)
    assert {group: dict(one.reasons) for group, one in moves.items()} == {
        "id-Sales": {"id-kim": "it is not declared, and the members of the group are exact (groups.yml:3)"},
        "Group:new": {},
    }


def test_an_id_is_told_from_a_name() -> None:
    people = [(None, person("x", id="7")), (None, person("7", id="8"))]
    for number in ("7", "8"):
        assert found([*people, (group_entry("All", Member(number, is_id=True)), team("All"))]) == {"id-All": Moves((number,))}
    with pytest.raises(Invalid, match=r'There is no user and no group with the id "x"\. That is a name: to mean a name, write it as'):
        found([*people, (group_entry("All", Member("x", is_id=True)), team("All"))])


def test_a_member_that_is_a_group() -> None:
    pairs = [(None, team("Sales")), (None, person("kim")), (group_entry("All", Member("sales"), Member("id-kim")), team("All"))]
    assert found(pairs) == {"id-All": Moves(("id-Sales", "id-kim"))}


def test_the_name_of_one_who_is_deleted_is_another_s() -> None:
    gone, other = (Entry(person("x").type, {}, id="id-kim", state=ABSENT), person("kim")), (entry("kim"), None)
    assert found([gone, other, (group_entry("All", Member("kim")), team("All"))]) == {"id-All": Moves(("User:kim",))}


def test_the_id_of_a_group_is_told_from_a_name() -> None:
    groups = [(None, team("Sales", id="7")), (None, team("7", id="8"))]
    by_id = entry("kim", groups=(Member("7", is_id=True),))
    assert found([*groups, (by_id, person("kim"))]) == {"7": Moves(("id-kim",))}
    with pytest.raises(Invalid, match='2 resources are called "7"'):
        found([*groups, (entry("kim", groups=(Member("7"),)), person("kim"))])
    with pytest.raises(Invalid, match=r'There is no group with the id "Sales"\. That is a name: to mean a name, write it as text\.'):
        found([*groups, (entry("kim", groups=(Member("Sales", is_id=True),)), person("kim"))])


def test_as_many_groups_are_offered_as_resemble_a_name_and_at_most_five() -> None:
    groups = [(None, team(f"Sales {letter}")) for letter in "ABCDEFG"]
    with pytest.raises(Invalid) as refused:
        found([*groups, (entry("kim", groups=(Member("Sales"),)), person("kim"))])
    assert str(refused.value) == (
        'users.yml:7: users[0]: There is no group "Sales". Did you mean "Sales G" or "Sales F" or "Sales E" or "Sales D" or "Sales C"? '
        "Declare it in groups, create it first (identity.scim.group), or correct the name."
    )


def test_why_a_user_who_has_expired_does_not_join_where_only_the_group_declares_it() -> None:
    pairs = [(entry("kim", expires=OVER), person("kim")), (group_entry("Sales", Member("kim")), team("Sales"))]
    assert explained(pairs, "id-kim", Policy(today=TODAY)) == [
        (
            "Sales",
            False,
            "",
            f"is not a member, and does not join although declared at {GROUPS_IN_FILE}: the user expired on 2027-01-14",
        )
    ]


def test_a_user_s_group_is_a_group_even_where_a_user_has_its_name() -> None:
    both = [(None, person("sales")), (None, team("Sales"))]
    assert found([*both, (entry("kim", groups=(Member("sales"),)), person("kim"))]) == {"id-Sales": Moves(("id-kim",))}


def test_each_selector_finds_its_own_group() -> None:
    groups = [(None, team("Sales", externalId="eu")), (None, team("Data", externalId="us"))]
    users = [
        (entry(name, groups=(Member(selector={"externalid": external_id}),)), person(name))
        for name, external_id in (("kim", "eu"), ("lee", "us"), ("pat", "eu"))
    ]
    assert found([*groups, *users]) == {"id-Sales": Moves(("id-kim", "id-pat")), "id-Data": Moves(("id-lee",))}
