# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change as people see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.diff import body_lines, diff, digest, presented, returned
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Change, Plan
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


def test_a_user_who_is_only_deactivated_is_not_shown_as_deleted() -> None:
    kim = read(USER, {"id": "7", "userName": "kim", "title": "Lead", "active": True})
    change = Change(USER, kim.id, "kim", kim, None, survives=True)
    found = presented(change, {})
    assert (found["action"], found["attributes"]) == ("deactivated", [{"path": "active", "before": True, "after": False}])
    assert diff(change, {})["after"].splitlines() == ["active: false", 'id: "7"', 'title: "Lead"', 'user_name: "kim"']


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


def test_a_member_without_a_name_is_told_by_its_key_and_names_keep_their_letters() -> None:
    group = read(GROUP, {"id": "g", "displayName": "Züri"})
    moved = Change(GROUP, "g", "Züri", group, group.body, joins=("1", "8"), leaves=("2", "9"))
    assert diff(moved, {"1": "Zoë", "2": "Jürg"}) == {
        "before_header": "Group Züri",
        "after_header": "Group Züri",
        "before": 'display_name: "Züri"\nid: "g"\nmember: "Jürg"\nmember: "9"\n',
        "after": 'display_name: "Züri"\nid: "g"\nmember: "Zoë"\nmember: "8"\n',
    }
    data = presented(replace(moved, reasons={"9": "b", "2": "a"}), {"1": "Zoë", "2": "Jürg"})
    assert (data["joins"], data["leaves"], data["reasons"]) == (["8", "Zoë"], ["9", "Jürg"], {"Jürg": "a", "9": "b"})


def test_what_is_not_there_has_no_header_of_its_own() -> None:
    assert diff(change(before=None, after={}), {}) == {
        "before_header": "User bjensen (absent)",
        "after_header": "User bjensen",
        "before": "",
        "after": "",
    }
    assert diff(change(after=None), {})["before_header"] == "User bjensen"


def test_a_change_as_data() -> None:
    """The digests are those that reports and pipelines have stored: they stay the same from one version to the next."""
    update = change(
        name="babs",
        after={**BEFORE.body, "userName": "babs", "title": "Chéf", "emails": [{"value": "b@example.com"}], "meta": {"version": "2"}},
        reason="declared",
        secrets={"password": "correct horse"},
        reasons={"2": "over"},
    )
    assert presented(update, {"2": "kim"}) == {
        "type": "User",
        "name": "bjensen",
        "id": "1",
        "action": "updated",
        "reason": "declared",
        "attributes": [
            {"path": "title", "before": "Boss", "after": "Chéf"},
            {"path": "user_name", "before": "bjensen", "after": "babs"},
            {"path": "emails[0].value", "before": None, "after": "b@example.com"},
        ],
        "secrets": ["password"],
        "joins": [],
        "leaves": [],
        "digest": "44c977bee7316e3d",
        "reasons": {"kim": "over"},
    }
    create = presented(change(before=None, after={"userName": "b", "id": "7"}), {})
    assert (create["name"], create["id"], create["action"]) == ("bjensen", None, "created")
    assert create["attributes"] == [{"path": "user_name", "before": None, "after": "b"}]
    gone = presented(change(after=None), {})
    assert (gone["action"], [row["after"] for row in gone["attributes"]]) == ("deleted", [None, None])
    assert presented(change(after={**BEFORE.body, "active": False}), {})["action"] == "deactivated"


PLAN = Plan((change(), change(key="2", name="kim", before=None, after={"userName": "kim"})), names={"1": "bjensen"})


def test_the_digest_of_a_plan_stays_the_same_whatever_the_order_and_the_reasons() -> None:
    assert digest(PLAN, "https://x.example") == "fd0439cfe93c9f70"
    other = Plan((PLAN.changes[1], replace(PLAN.changes[0], reasons={"1": "people.yml:3"})), {"User": 3}, {"users": 4}, ("warning",))
    assert digest(other, "https://x.example") == digest(PLAN, "https://x.example")
    assert digest(Plan(), "https://x.example") == "36e82bccfa1f50a9"


@pytest.mark.parametrize(
    "other",
    [
        change(after={**BEFORE.body, "title": "Boss of bosses"}),
        change(after={**BEFORE.body, "title": "Chief", "active": False}),
        change(after=None),
        change(before=replace(BEFORE, body={**BEFORE.body, "title": "Lead"})),
        change(before=replace(BEFORE, body={**BEFORE.body, "id": "2"})),
        change(before=None),
        change(reason="not declared"),
        change(joins=("1",)),
        change(leaves=("1",)),
        change(secrets={"password": "x"}),
        change(type=GROUP),
    ],
)
def test_another_change_has_another_digest(other: Change) -> None:
    assert presented(other, {})["digest"] != presented(change(), {})["digest"]
    assert digest(Plan((other,)), "https://x.example") != digest(Plan((change(),)), "https://x.example")


def test_another_tenant_and_another_name_of_a_member_are_another_plan() -> None:
    assert digest(PLAN, "https://x.example") != digest(PLAN, "https://y.example")
    moved = Plan((change(joins=("9",)),), names={"9": "kim"})
    assert digest(moved, "https://x.example") != digest(replace(moved, names={"9": "lee"}), "https://x.example")


def test_which_password_is_sent_is_not_in_a_digest() -> None:
    one, other = change(secrets={"password": "correct horse"}), change(secrets={"password": "battery staple"})
    assert presented(one, {}) == presented(other, {})
