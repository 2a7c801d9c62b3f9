# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading resources in any form that providers send; and paths."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import NotScim
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import (
    Resource,
    merged,
    option_path,
    qualified,
    read,
    renamed,
    scim_path,
    split_path,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Schema, Type

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        ({"USERNAME": "a", "displayname": "b"}, {"userName": "a", "displayName": "b"}),
        ({"title": None, "emails": [], "name": {}, "nickName": ""}, {}),
        ({"emails": [None, {}, {"value": None}, {"Value": "a"}]}, {"emails": [{"value": "a"}]}),
        ({"active": "False"}, {"active": False}),
        ({"active": " TRUE "}, {"active": True}),
        ({"active": "perhaps"}, {"active": "perhaps"}),
        ({"active": 0}, {"active": False}),
        ({"active": 1, "emails": [{"value": "a", "primary": "1"}]}, {"active": True, "emails": [{"value": "a", "primary": True}]}),
        ({"id": 7, "externalId": 1.5}, {"id": "7", "externalId": "1.5"}),
        ({"emails": {"value": "a"}}, {"emails": [{"value": "a"}]}),
        ({"emails": "a"}, {"emails": [{"value": "a"}]}),
        ({"roles": ["a", "b"]}, {"roles": [{"value": "a"}, {"value": "b"}]}),
        ({"name": "Barbara"}, {"name": {"value": "Barbara"}}),
        ({"name.givenName": "B", "name": {"familyName": "J"}}, {"name": {"givenName": "B", "familyName": "J"}}),
        ({"name": {"familyName": "J"}, "NAME.givenname": "B"}, {"name": {"givenName": "B", "familyName": "J"}}),
        ({"emails.value": "a"}, {"emails.value": "a"}),
        ({"a.b": "c"}, {"a.b": "c"}),
        ({"groups": [{"ref": "/Groups/1", "value": 1}]}, {"groups": [{"$ref": "/Groups/1", "value": "1"}]}),
        ({ENTERPRISE.upper(): {"Manager": {"value": 5}, "department": None}}, {ENTERPRISE: {"manager": {"value": "5"}}}),
        ({ENTERPRISE: {"manager": "5"}}, {ENTERPRISE: {"manager": {"value": "5"}}}),
        ({"urn:x:1.0:User": {"a": None, "b": {"c": []}, "d": [None, 0, False]}}, {"urn:x:1.0:User": {"d": [0, False]}}),
        ({"urn:x:1.0:User": {"name.a": "b", "emails": "a"}}, {"urn:x:1.0:User": {"name.a": "b", "emails": "a"}}),
        ({"accountId": 5}, {"accountId": 5}),
        ({"name.givenName.x": "B"}, {"name": {"givenName.x": "B"}}),
        ({"title.x": "B"}, {"title.x": "B"}),
        ({"urn:x.name": "B", "URN:y.name": "B"}, {"urn:x.name": "B", "URN:y.name": "B"}),
        ({"name": "B", "name.familyName": "J"}, {"name": {"value": "B", "familyName": "J"}}),
        ({"title": True, "nickName": 0}, {"title": True, "nickName": "0"}),
        ({"title": ["a"], "nickName": {"value": "a"}}, {}),
        ({"active": None, "emails": [{"value": "a", "primary": 0.5}]}, {"emails": [{"value": "a", "primary": 0.5}]}),
        ({"active": 1.0}, {"active": 1.0}),
        ({"seats": 4, "price": 1.5, "ready": "1"}, {"seats": 4, "price": 1.5, "ready": "1"}),
    ],
)
def test_reading(raw: dict[str, Any], body: dict[str, Any]) -> None:
    assert read(USER, raw).body == body
    assert read(USER, body).body == body


def test_numbers_of_a_schema_stay_numbers() -> None:
    learned = Schema("urn:example:plan:1.0:User", "Plan", attributes=(Attribute("seats", Type.INTEGER), Attribute("since", Type.DATE_TIME)))
    body = {learned.urn: {"seats": 4, "since": 2026}}
    assert read(USER.extended([learned]), body).body == body


def test_a_resource_knows_its_id_name_version_and_state() -> None:
    resource = read(USER, {"ID": "1", "userName": "bjensen", "meta": {"version": 'W/"2"'}, "active": "false"}, complete=False)
    assert (resource.id, resource.name, resource.version, resource.active, resource.complete) == ("1", "bjensen", 'W/"2"', False, False)
    assert read(GROUP, {"id": "1"}).name == "1"
    assert read(USER, {"id": "1"}).active
    assert read(USER, {}).id == ""
    assert read(USER, {}).complete


def test_attributes_that_were_not_requested_are_left_out() -> None:
    raw = {"ID": "1", "schemas": ["urn:x"], "title": "a", "nick_name": "b", "URN:Example:X": {"y": 1}, "meta": {"version": "3"}}
    resource = read(USER, raw, only={"id", "title", "nickname", "urn:example:x"})
    assert resource.body == {"id": "1", "title": "a", "nickName": "b", "URN:Example:X": {"y": 1}}
    assert (resource.id, resource.version) == ("1", "3")


def test_a_text_is_kept_once_however_often_it_is_returned() -> None:
    raw = json.loads('{"id": "2819c223", "emails": [{"value": "kim@example.com", "type": "work"}], "userName": "kim@example.com"}')
    user, group = read(USER, raw).body, read(GROUP, json.loads('{"id": "g", "members": [{"value": "2819c223"}]}')).body
    assert user["userName"] is user["emails"][0]["value"]
    assert user["id"] is group["members"][0]["value"]


def test_what_is_nested_too_deeply_is_not_scim() -> None:
    body: Any = 1
    for _level in range(16):
        body = {"deeper": [body]}
    assert read(USER, {"vendor": body}).body == {"vendor": body}
    for deeper in ({"deeper": body}, [body]):
        with pytest.raises(NotScim, match=r"^The provider returned an attribute that is nested more than 32 levels deep\. Check url\.$"):
            read(USER, {"vendor": deeper})


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], []),
        (["userName", "name.givenName", "nonsense"], ["userName", "name.givenName", "nonsense"]),
        (["urn:example:badge:1.0:User", f"{ENTERPRISE}:department"], ["urn:example:badge:1.0:User", f"{ENTERPRISE}:department"]),
        (
            ["title", ENTERPRISE, "active"],
            [
                "title",
                *(f"{ENTERPRISE}:{name}" for name in ["employeeNumber", "costCenter", "organization", "division", "department", "manager"]),
                "active",
            ],
        ),
        ([ENTERPRISE.upper()], [ENTERPRISE.upper()]),
        (["enterprise"], ["enterprise"]),
    ],
)
def test_names_to_request(names: list[str], expected: list[str]) -> None:
    assert qualified(USER, names) == expected


def test_an_answer_with_some_attributes_updates_what_is_known() -> None:
    before = Resource(USER, "1", {"id": "1", "userName": "a", "title": "old", "nickName": "n"}, complete=True, version="v1")
    answer = Resource(USER, "1", {"id": "1", "userName": "b"}, complete=False, version="v2")
    assert merged(before, answer, ["userName", "title"]) == Resource(
        USER, "1", {"id": "1", "userName": "b", "nickName": "n"}, complete=True, version="v2"
    )
    assert merged(before, Resource(USER, "1", {}), []) == before


def test_the_provider_s_json_is_not_changed() -> None:
    raw = {"emails": [{"VALUE": "a", "type": None}], "name.givenName": "B", "name": {"familyName": "J"}}
    read(USER, raw)
    assert raw == {"emails": [{"VALUE": "a", "type": None}], "name.givenName": "B", "name": {"familyName": "J"}}


def test_attributes_are_renamed_at_every_depth() -> None:
    body = {"members": [{"$ref": "/Users/1", "value": "1"}], "x": {"$ref": "y"}}
    assert renamed(body, {"$ref": "ref"}) == {"members": [{"ref": "/Users/1", "value": "1"}], "x": {"ref": "y"}}
    assert renamed(body, {}) is body


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("user_name", "userName"),
        ("name.family_name", "name.familyName"),
        ("NAME.FAMILYNAME", "name.familyName"),
        ("enterprise", ENTERPRISE),
        ("enterprise.department", f"{ENTERPRISE}:department"),
        ("enterprise.manager.value", f"{ENTERPRISE}:manager.value"),
        (f"{ENTERPRISE.lower()}:Department", f"{ENTERPRISE}:department"),
        (f"{ENTERPRISE}:manager.displayName", f"{ENTERPRISE}:manager.displayName"),
        ("x509_certificates.value", "x509Certificates.value"),
        ("role", "role"),
        ("urn:example:scim:badge:1.0:User:number", "urn:example:scim:badge:1.0:User:number"),
    ],
)
def test_a_path_as_scim_writes_it(path: str, expected: str) -> None:
    assert scim_path(USER, path) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["userName"], "user_name"),
        (["name", "familyName"], "name.family_name"),
        (["NAME", "family_name"], "name.family_name"),
        (["emails", "$ref"], "emails.$ref"),
        (["emails", "type"], "emails.type"),
        (["groups", "$ref"], "groups.ref"),
        ([ENTERPRISE], "enterprise"),
        ([ENTERPRISE, "costCenter"], "enterprise.cost_center"),
        ([ENTERPRISE, "manager", "displayName"], "enterprise.manager.display_name"),
        (["role"], "role"),
        (["role", "Name"], "role.Name"),
        (["URN:example:badge:1.0:User", "badgeColor"], "URN:example:badge:1.0:User:badgeColor"),
        (["urn:example:badge:1.0:User", "door", "keyNumber"], "urn:example:badge:1.0:User:door.keyNumber"),
    ],
)
def test_a_path_as_it_is_declared(parts: list[str], expected: str) -> None:
    assert option_path(USER, *parts) == expected


def test_a_learned_extension_has_no_alias_in_a_path() -> None:
    badge = Schema("urn:example:badge:1.0:User", "Badge", attributes=(Attribute("badgeColor"),))
    assert option_path(USER.extended([badge]), badge.urn, "badgeColor") == "urn:example:badge:1.0:User:badge_color"


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("title", ["title"]),
        ("name.familyName", ["name", "familyName"]),
        (ENTERPRISE, [ENTERPRISE]),
        (f"{ENTERPRISE}:department", [ENTERPRISE, "department"]),
        (f"{ENTERPRISE}:manager.value", [ENTERPRISE, "manager", "value"]),
        ("urn:x:2.0", ["urn:x:2.0"]),
        ("urn:x:y:name", ["urn:x:y:name"]),
        ("urn:x:y:z:name", ["urn:x:y:z", "name"]),
        ("urn:x:y:z:Name", ["urn:x:y:z:Name"]),
        ("urn:x:y:z:2name", ["urn:x:y:z:2name"]),
        ("URN:x:y:1.0:z:name.subName", ["URN:x:y:1.0:z", "name", "subName"]),
        ("urn:ietf:params:scim:schemas:core:2.0:User:title", ["title"]),
        ("urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", ["name", "familyName"]),
        ("URN:IETF:params:scim:schemas:core:2.0:USER:title", ["title"]),
        (f"{GROUP.schema.urn}:displayName", [GROUP.schema.urn, "displayName"]),  # not an attribute of users
    ],
)
def test_the_parts_of_a_path(path: str, parts: list[str]) -> None:
    assert split_path(path, USER.root) == parts


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (f"{ENTERPRISE}:Department", [ENTERPRISE, "Department"]),
        (f"{ENTERPRISE.upper()}:MANAGER.VALUE", [ENTERPRISE.upper(), "MANAGER", "VALUE"]),
        (ENTERPRISE.lower(), [ENTERPRISE.lower()]),
        ("urn:x", ["urn:x"]),
        ("urn:x:Color", ["urn:x", "Color"]),
        ("urn:y:Color", ["urn:y:Color"]),
        ("enterprise.department", ["enterprise", "department"]),
    ],
)
def test_the_parts_of_a_path_whose_urn_is_known(path: str, parts: list[str]) -> None:
    root = USER.extended([Schema("urn:x", "X", attributes=(Attribute("color"),))]).root
    assert split_path(path, root) == parts
