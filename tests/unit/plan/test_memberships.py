# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moves from groups to members, and what people call the two ends of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import ABSENT, ADDITIVE, EXACT, Entry, Member
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.memberships import Memberships, Moves
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.policy import desired_state
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource
from ansible_collections.identity.scim.tests.unit.plan.planned import entry, group_entry, pair, person, team

POLICY = Policy()


def found(pairs: Sequence[tuple[Entry | None, Resource | None]], policy: Policy = POLICY) -> dict[str, Moves]:
    """The changes of memberships of a whole directory."""
    current = Snapshot()
    there = [before for _entry, before in pairs if before]
    current.users = {r.id: r for r in there if r.type.name == "User"}
    current.add_groups(r for r in there if r.type.name == "Group")
    return Memberships([desired_state(pair(declared, before), policy) for declared, before in pairs], current, policy).moves()


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
        "and 10 more like these",
    )
