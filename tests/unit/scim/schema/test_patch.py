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
    writable,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER


def test_members_join_in_one_operation() -> None:
    assert joining(["1", "2"]) == [{"op": "add", "path": "members", "value": [{"value": "1"}, {"value": "2"}]}]


def test_members_leave_one_by_one_and_never_all() -> None:
    found = leaving(["1", 'a"b\\c'])
    assert found == [
        {"op": "remove", "path": 'members[value eq "1"]'},
        {"op": "remove", "path": 'members[value eq "a\\"b\\\\c"]'},
    ]
    assert leaving([]) == []


def test_the_list_form_names_the_members_as_well() -> None:
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
def test_what_the_provider_owns_is_in_no_operation(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert operations(USER.root, before, after) == []


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
