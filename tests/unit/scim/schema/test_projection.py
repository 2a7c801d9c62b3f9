# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a declaration is ignored, and what is compared."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.projection import comparable, without
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import ENTERPRISE_USER, GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Returned, Schema

ENTERPRISE = ENTERPRISE_USER.urn
BADGE = "urn:example:badge:1.0:User"
PERSON: dict[str, Any] = {
    "userName": "ann",
    "name": {"givenName": "Ann", "familyName": "Lee"},
    "emails": [{"value": "a@example.com", "type": "work"}, {"value": "b@example.com"}, "c@example.com"],
    ENTERPRISE: {"department": "IT", "manager": {"value": "1", "displayName": "Boss"}},
    BADGE: {"number": "7", "Colour": "red"},
}


def changed(**values: Any) -> dict[str, Any]:
    """The person with other values under the names of attributes; None is without."""
    body = PERSON | {{"enterprise": ENTERPRISE, "badge": BADGE}.get(name, name): value for name, value in values.items()}
    return {name: value for name, value in body.items() if value is not None}


@pytest.mark.parametrize(
    ("ignored", "expected"),
    [
        ([], PERSON),
        (["userName"], PERSON),  # what users are called by
        (["user_name"], PERSON),
        (["title"], PERSON),
        (["title.value"], PERSON),
        (["userName.value"], PERSON),
        (["name.given_name"], changed(name={"familyName": "Lee"})),
        (["NAME.GivenName", "name.family_name"], changed(name={})),
        (["name"], changed(name=None)),
        (["name", "userName"], changed(name=None)),
        (["emails.type"], changed(emails=[{"value": "a@example.com"}, {"value": "b@example.com"}, "c@example.com"])),
        (["enterprise.department"], changed(enterprise={"manager": {"value": "1", "displayName": "Boss"}})),
        ([f"{ENTERPRISE.upper()}:manager.display_name"], changed(enterprise={"department": "IT", "manager": {"value": "1"}})),
        ([ENTERPRISE], changed(enterprise=None)),
        ([f"{BADGE}:number"], changed(badge={"Colour": "red"})),
        ([f"{BADGE}:colour"], changed(badge={"number": "7"})),
        ([f"{BADGE.upper()}:colour"], changed(badge={"number": "7"})),
        ([f"{BADGE}:size"], PERSON),
        ([f"{USER.schema.urn}:name"], changed(name=None)),
        ([f"{USER.schema.urn}:userName"], PERSON),
        (["urn:ietf:params:scim:schemas:core:2.0:Group:name"], PERSON),  # ignored in groups only
    ],
)
def test_what_is_ignored_is_left_out(ignored: list[str], expected: dict[str, Any]) -> None:
    declared = deepcopy(PERSON)
    assert without(USER, declared, tuple(ignored)) == expected
    assert declared == PERSON


SECRET = Attribute("pin", returned=Returned.REQUEST)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, {}),
        ({"userName": "ann", "active": False, "title": None}, {"userName": "ann", "active": False, "title": None}),
        ({"id": "1", "meta": {"version": "1"}, "schemas": [ENTERPRISE], "groups": [{"value": "1"}]}, {}),
        ({"password": "secret", "userName": "ann"}, {"userName": "ann"}),
        ({"pin": "1234", "nickName": "A"}, {"nickName": "A"}),
        ({ENTERPRISE: {"manager": {"value": "1", "displayName": "Boss"}}}, {ENTERPRISE: {"manager": {"value": "1"}}}),
        ({ENTERPRISE: {"manager": {"value": "1", "$ref": "../Users/1"}}}, {ENTERPRISE: {"manager": {"value": "1"}}}),
        ({ENTERPRISE: {"manager": {"$ref": "../Users/1"}}}, {ENTERPRISE: {"manager": {"$ref": "../Users/1"}}}),
        ({ENTERPRISE: {"manager": {"$ref": "../Users/1", "value": ""}}}, {ENTERPRISE: {"manager": {"$ref": "../Users/1", "value": ""}}}),
        ({ENTERPRISE: {"manager": None}}, {ENTERPRISE: {"manager": None}}),
        ({"emails": [{"value": "a", "primary": True}, "b"]}, {"emails": [{"value": "a", "primary": True}, "b"]}),
        ({"vendor": {"id": "1"}, BADGE: {"meta": "x"}}, {"vendor": {"id": "1"}, BADGE: {"meta": "x"}}),
    ],
)
def test_what_is_compared(declared: dict[str, Any], expected: dict[str, Any]) -> None:
    resource_type = USER.adding({"": [SECRET]})
    before = deepcopy(declared)
    assert comparable(resource_type, declared) == expected
    assert declared == before


def test_members_are_compared_by_value() -> None:
    body = {"displayName": "Sales", "members": [{"value": "1", "$ref": "../Users/1", "type": "User"}]}
    assert comparable(GROUP, body) == {"displayName": "Sales", "members": [{"value": "1", "type": "User"}]}


def test_a_learned_extension_is_projected_by_its_schema() -> None:
    resource_type = USER.extended([Schema(BADGE, "Badge", attributes=(SECRET, Attribute("badgeColor")))])
    assert comparable(resource_type, {BADGE: {"pin": "1", "badgeColor": "red"}}) == {BADGE: {"badgeColor": "red"}}
    assert without(resource_type, {BADGE: {"pin": "1", "badgeColor": "red"}}, (f"{BADGE}:badge_color",)) == {BADGE: {"pin": "1"}}
