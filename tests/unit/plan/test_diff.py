# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change as people see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.diff import body_lines, diff, returned
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Change
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER

ENTERPRISE = USER.extensions[0].urn
BEFORE = read(USER, {"id": "1", "userName": "bjensen", "title": "Boss", "meta": {"version": "1"}, "schemas": ["urn:a"], "groups": ["g"]})


def change(**more: Any) -> Change:
    given: dict[str, Any] = {"type": USER, "key": "1", "name": "bjensen", "before": BEFORE, "after": {**BEFORE.body, "title": "Chief"}}
    return Change(**{**given, **more})


def test_one_value_a_line_in_the_names_of_declarations() -> None:
    body = {
        "userName": "b",
        "active": False,
        "emails": [{"value": "é@example.com", "primary": True}],
        ENTERPRISE: {"costCenter": "1\n2"},
        "urn:x:1.0:User": {"Floor": 3},
    }
    assert body_lines(USER, body) == [
        "active: false",
        "emails[0].primary: true",
        'emails[0].value: "é@example.com"',
        'enterprise.cost_center: "1\\n2"',
        "urn:x:1.0:User.Floor: 3",
        'user_name: "b"',
    ]
    assert body_lines(USER, None) == []


def test_an_update() -> None:
    assert diff(change(), {}) == {
        "before_header": "User bjensen",
        "after_header": "User bjensen",
        "before": 'id: "1"\ntitle: "Boss"\nuser_name: "bjensen"\n',
        "after": 'id: "1"\ntitle: "Chief"\nuser_name: "bjensen"\n',
    }


def test_a_create_and_a_delete() -> None:
    made = diff(change(before=None, after={"userName": "b"}), {})
    assert (made["before_header"], made["before"], made["after"]) == ("User bjensen (absent)", "", 'user_name: "b"\n')
    gone = diff(change(after=None), {})
    assert (gone["after_header"], gone["after"]) == ("User bjensen (absent)", "")


def test_members_have_names() -> None:
    group = read(GROUP, {"id": "g", "displayName": "Sales", "members": [{"value": "2"}]})
    moved = Change(GROUP, "g", "Sales", group, group.body, joins=("1", "User:new"), leaves=("2",))
    shown_as = diff(moved, {"1": "bjensen", "2": "kim"})
    assert shown_as["before"] == 'display_name: "Sales"\nid: "g"\nmember: "kim"\n'
    assert shown_as["after"] == 'display_name: "Sales"\nid: "g"\nmember: "bjensen"\nmember: "User:new"\n'


def test_a_password_is_nowhere() -> None:
    secret = "correct horse"
    leaking = read(USER, {**BEFORE.body, "password": secret})
    one = change(before=leaking, after={**leaking.body, "title": "x"}, secrets={"password": secret})
    assert secret not in str(diff(one, {}))
    assert 'password: "********"\n' in diff(one, {})["after"]
    assert secret not in repr(replace(one, before=None, after=None))
    assert "password" not in returned(leaking)


def test_what_is_returned() -> None:
    assert returned(BEFORE) == BEFORE.body
    assert returned({"a": 1}) == {"a": 1}
    assert returned(None) == {}
