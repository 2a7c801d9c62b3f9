# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that the golden cases do not show: members, read-only sub-attributes, the request's body."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.patch import (
    PATCH_OP,
    joining,
    leaving,
    operations,
    patch_body,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.projection import writable
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Mutability, Type


def test_members_are_added_in_one_operation() -> None:
    assert joining(["1", "2"]) == [{"op": "add", "path": "members", "value": [{"value": "1"}, {"value": "2"}]}]


def test_members_are_removed_one_by_one_and_never_all() -> None:
    found = leaving(["1", 'a"b\\c'])
    assert found == [
        {"op": "remove", "path": 'members[value eq "1"]'},
        {"op": "remove", "path": 'members[value eq "a\\"b\\\\c"]'},
    ]
    assert leaving([]) == []


def test_the_list_form_has_the_ids_too() -> None:
    assert leaving(["1", "2"], by_value=True) == [{"op": "remove", "path": "members", "value": [{"value": "1"}, {"value": "2"}]}]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"id": "1"}, {"id": "2"}),
        ({}, {"meta": {"version": "1"}}),
        ({"groups": [{"value": "1"}]}, {}),
        ({"schemas": ["urn:a"]}, {"schemas": ["urn:b"]}),
        ({"title": "a"}, {"title": "a"}),
    ],
)
def test_read_only_attributes_are_in_no_operation(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert operations(USER.root, before, after) == []


EXTENSION = USER.extensions[0].urn
BADGE = "urn:example:badge:1.0:User"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # read-only sub-attributes are in no value
        ({}, {"groups": [{"value": "1"}], EXTENSION: {"manager": {"value": "1", "displayName": "Boss"}}},
         [{"op": "add", "path": f"{EXTENSION}:manager", "value": {"value": "1"}}]),
        ({EXTENSION: {"manager": {"value": "2"}}}, {EXTENSION: {"manager": {"value": "1", "displayName": "Boss"}}},
         [{"op": "replace", "path": f"{EXTENSION}:manager", "value": {"value": "1"}}]),
        # a complex value in another form than the schema's is replaced
        ({"name": "Ann"}, {"name": {"givenName": "Ann"}}, [{"op": "replace", "path": "name", "value": {"givenName": "Ann"}}]),
        ({"name": {"givenName": "Ann"}}, {"name": "Ann"}, [{"op": "replace", "path": "name", "value": "Ann"}]),
        ({BADGE: "x"}, {BADGE: {"number": "1"}}, [{"op": "replace", "path": BADGE, "value": {"number": "1"}}]),
        ({BADGE: {"number": "1"}}, {BADGE: "x"}, [{"op": "replace", "path": BADGE, "value": "x"}]),
        # a URN in an extension is an attribute like any other
        ({BADGE: {"urn:x": {"a": 1}}}, {BADGE: {"urn:x": {"a": 2}}},
         [{"op": "replace", "path": f"{BADGE}:urn:x", "value": {"a": 2}}]),
        ({BADGE.upper(): {"a": 1}}, {BADGE.upper(): {"a": 2}}, [{"op": "replace", "path": f"{BADGE.upper()}:a", "value": 2}]),
        # in the order of before, then of after
        ({"title": "a", "nickName": "a"}, {"displayName": "b", "nickName": "b", "title": "b"},
         [{"op": "replace", "path": "title", "value": "b"}, {"op": "replace", "path": "nickName", "value": "b"},
          {"op": "add", "path": "displayName", "value": "b"}]),
    ],
)  # fmt: skip
def test_operations(before: dict[str, Any], after: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    assert operations(USER.root, before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "operation"),
    [
        ({"roles": [{"value": "a"}]}, {"roles": [{"value": "a"}, {"value": "b"}]},
         {"op": "add", "path": "roles", "value": [{"value": "b"}]}),
        ({EXTENSION: {"tags": ["a"]}}, {EXTENSION: {"tags": ["a", "b"]}},
         {"op": "add", "path": f"{EXTENSION}:tags", "value": ["b"]}),
        ({"name": {"parts": ["a"]}}, {"name": {"parts": ["a", "b"]}}, {"op": "add", "path": "name.parts", "value": ["b"]}),
        ({"roles": [{"value": "a"}]}, {"roles": [{"value": "b"}]}, {"op": "replace", "path": "roles", "value": [{"value": "b"}]}),
        ({"title": "a"}, {"title": "ab"}, {"op": "replace", "path": "title", "value": "ab"}),
    ],
)  # fmt: skip
def test_appended_elements_are_added_if_additive(before: dict[str, Any], after: dict[str, Any], operation: dict[str, Any]) -> None:
    assert operations(USER.root, before, after, additive=True) == [operation]
    [exact] = operations(USER.root, before, after)
    assert exact["op"] == "replace"


def test_appended_elements_are_added_without_read_only_sub_attributes() -> None:
    root = USER.adding({"emails": [Attribute("verified", Type.BOOLEAN, mutability=Mutability.READ_ONLY)]}).root
    before, after = [{"value": "a"}], [{"value": "a"}, {"value": "b", "verified": True}]
    assert operations(root, {"emails": before}, {"emails": after}, additive=True) == [
        {"op": "add", "path": "emails", "value": [{"value": "b"}]}
    ]
    assert operations(root, {"emails": before}, {"emails": after}) == [
        {"op": "replace", "path": "emails", "value": [{"value": "a"}, {"value": "b"}]}
    ]
    assert operations(root, {}, {"emails": after}) == [{"op": "add", "path": "emails", "value": [{"value": "a"}, {"value": "b"}]}]


def test_read_only_sub_attributes_are_not_written() -> None:
    urn = USER.extensions[0].urn
    body = {urn: {"manager": {"value": "1", "displayName": "Boss"}}, "title": "t", "meta": {"version": "1"}, "unknown": {"a": 1}}
    assert writable(USER.root, body) == {urn: {"manager": {"value": "1"}}, "title": "t", "unknown": {"a": 1}}


def test_an_attribute_that_no_schema_knows_is_replaced_whole() -> None:
    assert operations(GROUP.root, {"role": {"a": 1, "b": 2}}, {"role": {"a": 1}}) == [{"op": "replace", "path": "role", "value": {"a": 1}}]


def test_only_new_elements_at_the_end_are_added() -> None:
    one, two = {"value": "a"}, {"value": "b"}
    assert operations(USER.root, {"roles": [one]}, {"roles": [one, two]}, additive=True)[0] == {
        "op": "add",
        "path": "roles",
        "value": [two],
    }
    assert operations(USER.root, {"roles": [one]}, {"roles": [two, one]}, additive=True)[0]["op"] == "replace"


def test_the_body_of_the_request() -> None:
    assert patch_body([{"op": "remove", "path": "title"}]) == {"schemas": [PATCH_OP], "Operations": [{"op": "remove", "path": "title"}]}
    assert patch_body([])["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
