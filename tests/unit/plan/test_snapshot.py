# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a group: its members by id, and whether a declared group is this one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Member
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.snapshot import Snapshot, member_ids, names_group, selects
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.unit.plan.planned import person, team


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (None, set()),
        ([], set()),
        ([{"value": "a"}, {"value": "b"}], {"a", "b"}),
        ([{"value": 7}], {"7"}),
        ([{"$ref": "https://x.example/scim/Users/a"}], {"a"}),
        ([{"$ref": "../Users/a/"}], {"a"}),
        ([{"$ref": "Users/a%2Fb%20c"}], {"a/b c"}),
        ([{"$ref": "a"}], {"a"}),
        ([{"$ref": "../Users/7X"}], {"7X"}),
        ([{"value": "b", "$ref": "https://x.example/Users/a"}], {"b"}),
        ([{"value": "", "$ref": "https://x.example/Users/a"}], {"a"}),
        ([{"display": "Kim"}, {"$ref": None}, {"value": None}, {"$ref": "/"}], set()),
    ],
)
def test_who_is_a_member(members: Any, expected: set[str]) -> None:
    body = {"id": "g", "displayName": "Sales", **({} if members is None else {"members": members})}
    assert member_ids(read(GROUP, body)) == expected


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (Member("Sales"), True),
        (Member("SALES"), True),
        (Member("id-Sales"), True),
        (Member("ID-SALES"), False),
        (Member("Sale"), False),
        (Member(selector={"externalid": "EU"}), True),
        (Member(selector={"external_id": "eu"}), False),
        (Member(selector={"externalid": "eu", "region": "north"}), True),
        (Member(selector={"externalid": "eu", "region": "south"}), False),
        (Member(selector={"display": ""}), True),
        (Member(selector={"display": "x"}), False),
    ],
)
def test_which_group_is_meant(member: Member, expected: bool) -> None:
    assert names_group(member, team("Sales", externalId="eu", region="North")) is expected


def test_a_group_without_a_name_is_known_by_its_id() -> None:
    nameless = read(GROUP, {"id": "g"})
    assert names_group(Member("g"), nameless)
    assert not names_group(Member("XX"), nameless)
    assert not names_group(Member("None"), nameless)


def test_a_selector_is_compared_as_text_and_without_underscores() -> None:
    assert selects(Member(selector={"employeecount": "5"}), {"employee_count": 5})
    assert not selects(Member(selector={"missing": "none"}), {"other": "none"})


def test_groups_are_taken_in_with_their_members() -> None:
    snapshot = Snapshot(users={"id-kim": person("kim")})
    snapshot.add_groups([team("Sales", "kim"), team("Data")])
    assert snapshot.members == {"id-Sales": frozenset({"id-kim"}), "id-Data": frozenset()}
    assert list(snapshot.of("Group")) == ["id-Sales", "id-Data"]
    assert list(snapshot.of("User")) == ["id-kim"]
