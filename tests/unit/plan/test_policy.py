# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What policy makes of one pair; how declarations as a whole come out stands in ``cases/plan``."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import ABSENT, Entry
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.policy import adoption_warnings, desired_state, removes
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.filter import parse
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.projection import comparable, without
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.unit.plan.planned import entry, group_entry, pair, person, team

TODAY = date(2027, 1, 15)


def test_the_last_day_is_a_valid_one() -> None:
    policy = Policy(today=TODAY)
    assert [policy.expired(day) for day in (None, date(2027, 1, 16), TODAY, date(2027, 1, 14))] == [False, False, False, True]


@pytest.mark.parametrize(
    ("globs", "name", "expected"),
    [
        (("admin@*",), "Admin@Example.com", True),
        (("ADMIN@*",), "admin@example.com", True),
        (("admin",), "admin2", False),
        (("a?min", "root"), "root", True),
        (("[ab]dmin",), "bdmin", True),
        ((), "admin", False),
    ],
)
def test_globs_protect_in_any_case(globs: tuple[str, ...], name: str, expected: bool) -> None:
    assert Policy(protected={"User": globs}).protects(person(name)) is expected
    assert not Policy(protected={"User": globs}).protects(team(name))


def test_the_scope_is_of_one_type() -> None:
    policy = Policy(scope={"User": parse('userName ew "@example.com"')})
    assert policy.owns(USER, {"userName": "KIM@EXAMPLE.COM"})
    assert not policy.owns(USER, {"userName": "kim@other.example"})
    assert policy.owns(GROUP, {"displayName": "any"})


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ((), {"title": "Boss", "name": {"givenName": "K", "familyName": "L"}, "emails": [{"value": "a", "type": "work"}]}),
        (("title",), {"name": {"givenName": "K", "familyName": "L"}, "emails": [{"value": "a", "type": "work"}]}),
        (("Title", "NAME"), {"emails": [{"value": "a", "type": "work"}]}),
        (("name.given_name", "emails.type"), {"title": "Boss", "name": {"familyName": "L"}, "emails": [{"value": "a"}]}),
        (("name.nothing", "nothing.at.all"), None),
    ],
)
def test_paths_that_are_ignored_are_left_out(paths: tuple[str, ...], expected: Any) -> None:
    declared = {"title": "Boss", "name": {"givenName": "K", "familyName": "L"}, "emails": [{"value": "a", "type": "work"}]}
    before = repr(declared)
    assert without(USER, declared, paths) == (declared if expected is None else expected)
    assert repr(declared) == before


BADGE, ENTERPRISE = "urn:example:badge:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{BADGE}:color", {BADGE: {"floor": "2"}, ENTERPRISE: {"manager": {"value": "7", "displayName": "M"}}}),
        (BADGE, {ENTERPRISE: {"manager": {"value": "7", "displayName": "M"}}}),
        ("enterprise.manager.displayName", {BADGE: {"color": "red", "floor": "2"}, ENTERPRISE: {"manager": {"value": "7"}}}),
    ],
)
def test_a_path_into_an_extension_is_that_path_alone(path: str, expected: Any) -> None:
    declared = {BADGE: {"color": "red", "floor": "2"}, ENTERPRISE: {"manager": {"value": "7", "displayName": "M"}}}
    assert without(USER, declared, (path,)) == expected


def test_what_is_never_shown_is_not_compared() -> None:
    assert comparable(USER, {"password": "x", "title": "Boss", "urn:example:unknown": {"a": 1}}) == {
        "title": "Boss",
        "urn:example:unknown": {"a": 1},
    }


def test_a_password_is_sent_again_only_where_that_is_asked_for() -> None:
    one = pair(entry("kim", secrets={"password": "correct horse"}), person("kim"))
    assert desired_state(one, Policy()).secrets == {}
    again = desired_state(one, Policy(update_password=ALWAYS))
    assert again.secrets == {"password": "correct horse"}
    assert again.after is person("kim").body or again.after == person("kim").body
    assert "horse" not in repr(again)


def test_somebody_new_is_sent_without_nulls() -> None:
    one = desired_state(pair(entry("kim", attributes={"title": None, "name": {"givenName": "Kim", "middleName": None}}), None), Policy())
    assert one.after == {"userName": "kim", "name": {"givenName": "Kim"}}


def test_nobody_is_created_without_a_name() -> None:
    with pytest.raises(Invalid, match=r"no user was found by id or userName, and none can be created without user_name\."):
        desired_state(pair(Entry(USER, {"externalId": "e9"}), None), Policy())


def test_nothing_that_stays_is_copied() -> None:
    before = person("kim", title="Boss")
    assert desired_state(pair(None, before), Policy()).after is before.body
    assert desired_state(pair(entry("KIM", attributes={"title": "boss"}), before), Policy()).after is before.body


def test_who_is_inactive_is_not_deactivated_again() -> None:
    before = person("kim", active=False)
    assert desired_state(pair(None, before), Policy(prune={"User": "deactivate"})).after is before.body


@pytest.mark.parametrize(
    ("active", "after", "expected"), [(True, False, True), (None, False, True), (False, False, False), (True, None, True)]
)
def test_what_takes_somebody_away(active: bool | None, after: bool | None, expected: bool) -> None:
    before = person("kim", active=active)
    assert removes(before, None if after is None else {**before.body, "active": after}) is expected


def test_refusals_name_the_place() -> None:
    protected = Policy(protected={"User": ("kim",), "Group": ("Admins",)})
    with pytest.raises(PlanRefused, match=r"users\.yml:7: users\[0\]: kim is protected \(protected_users\)"):
        desired_state(pair(entry("kim", state=ABSENT), person("kim")), protected)
    with pytest.raises(PlanRefused, match=r"groups\.yml:3: Admins is protected \(protected_groups\)"):
        desired_state(pair(group_entry("Admins", state=ABSENT), team("Admins")), protected)
    scoped = Policy(scope={"User": parse('title eq "Boss"')})
    with pytest.raises(PlanRefused, match=r"kim is declared but outside scope_users"):
        desired_state(pair(entry("kim"), None), scoped)
    with pytest.raises(PlanRefused, match="kim would leave scope_users"):
        desired_state(pair(entry("kim", attributes={"title": "Chief"}), person("kim", title="Boss")), scoped)


def test_an_id_adopts_whatever_the_external_id() -> None:
    policy = Policy(adopt=False)
    with pytest.raises(Invalid, match="adopt is false"):
        desired_state(pair(entry("kim", attributes={"externalId": "e2"}), person("kim", externalId="e1")), policy)
    by_id = desired_state(pair(entry("kim", id="id-kim", attributes={"externalId": "e2"}), person("kim", externalId="e1")), policy)
    assert by_id.after is not None
    assert by_id.after["externalId"] == "e2"


def test_warnings_are_of_what_surprises() -> None:
    inactive = person("kim", active=False, externalId="e1")
    assert len(adoption_warnings(entry("kim", attributes={"externalId": "e2"}), inactive)) == 2
    assert adoption_warnings(entry("kim", attributes={"externalId": "e1", "active": True}), inactive) == ()
