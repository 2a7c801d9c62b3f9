# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What policy makes of one pair; how declarations as a whole come out stands in ``cases/plan``."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import ABSENT, Entry, Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.policy import adoption_warnings, desired_state
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.protection import is_removal
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.provider_effects import Effects
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Deletion
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
    assert is_removal(before, None if after is None else {**before.body, "active": after}) is expected


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


def text_of(declared: Entry | None, before: Any, policy: Policy) -> str:
    """The whole refusal."""
    with pytest.raises((Invalid, PlanRefused)) as refused:
        desired_state(pair(declared, before), policy)
    return str(refused.value)


def test_refusals_are_whole_sentences() -> None:
    place = "users.yml:7: users[0]: "
    protected = Policy(protected={"User": ("kim",), "Group": ("Admins",)}, prune={"User": "delete"})
    assert text_of(entry("kim", attributes={"active": False}), person("kim"), protected) == (
        f"{place}kim is protected (protected_users), and the declaration would delete or deactivate it. "
        "Change the entry, or the list of protected users."
    )
    assert text_of(group_entry("Admins", state=ABSENT), team("Admins"), protected) == (
        "groups.yml:3: Admins is protected (protected_groups), and the declaration would delete or deactivate it. "
        "Change the entry, or the list of protected groups."
    )
    scoped = Policy(scope={"User": parse('title eq "Boss"'), "Group": parse('displayName sw "app-"')})
    assert (
        text_of(entry("kim"), person("kim"), scoped) == f"{place}kim is declared but outside scope_users. Change the filter or the entry."
    )
    assert text_of(entry("kim", state=ABSENT), person("kim"), scoped) == (
        f"{place}kim is declared but outside scope_users. Change the filter or the entry."
    )
    assert text_of(entry("new", id="id-kim", attributes={"title": "x"}), person("kim", title="Boss"), scoped) == (
        f"{place}kim would leave scope_users. Change the filter or the entry."
    )
    assert text_of(group_entry("Sales"), None, scoped) == (
        "groups.yml:3: Sales is declared but outside scope_groups. Change the filter or the entry."
    )
    assert text_of(Entry(USER, {"externalId": "e"}, origin=Origin("a.yml", 2)), None, Policy()) == (
        "a.yml:2: no user was found by id or userName, and none can be created without user_name. "
        "Declare user_name, or correct the match key."
    )
    assert text_of(Entry(GROUP, {"externalId": "e"}), None, Policy(match_on={"Group": ("externalId",)})) == (
        "no group was found by externalId, and none can be created without display_name. Declare display_name, or correct the match key."
    )
    assert text_of(entry("kim", attributes={"externalId": "e2"}), person("kim"), Policy(adopt=False)) == (
        "kim exists already (id id-kim, external id none) and adopt is false. Set adopt: true to take it over, or declare its id."
    )


@pytest.mark.parametrize(
    ("declared", "before", "policy", "expected"),
    [
        (None, person("kim"), {}, ("same", "")),
        (None, person("kim"), {"prune": {"User": "none"}}, ("same", "")),
        (None, person("kim"), {"prune": {"Group": "delete"}}, ("same", "")),
        (None, person("kim"), {"prune": {"User": "delete"}}, (None, "not declared")),
        (None, person("kim"), {"prune": {"User": "deactivate"}}, (False, "not declared")),
        (None, person("kim"), {"prune": {"User": "delete"}, "protected": {"User": ("k*",)}}, ("same", "")),
        (None, person("kim"), {"prune": {"User": "delete"}, "scope": {"User": parse('title eq "x"')}}, ("same", "")),
        (None, person("kim", active=False), {"prune": {"User": "deactivate"}}, ("same", "not declared")),
        (None, person("kim", active=False), {"prune": {"User": "delete"}}, (None, "not declared")),
        (None, team("Sales"), {"prune": {"Group": "delete"}}, (None, "not declared")),
        (entry("kim", state=ABSENT), person("kim"), {}, (None, "declared absent")),
        (entry("kim", state=ABSENT), None, {}, (None, "declared absent")),
        (entry("kim", delete_after=date(2027, 1, 14)), person("kim"), {}, (None, "delete_after 2027-01-14 has passed")),
        (entry("kim", delete_after=TODAY), person("kim"), {}, ("same", "declared")),
        (entry("kim", expires=date(2027, 1, 14)), None, {}, (None, "expires 2027-01-14 has passed")),
        (entry("kim", expires=date(2027, 1, 14)), person("kim"), {}, (False, "expired on 2027-01-14")),
        (entry("kim", expires=date(2027, 1, 14)), person("kim", active=False), {}, ("same", "expired on 2027-01-14")),
        (entry("kim", expires=date(2027, 1, 13), delete_after=date(2027, 1, 14)), None, {}, (None, "delete_after 2027-01-14 has passed")),
        (entry("kim", expires=TODAY), person("kim"), {}, ("same", "declared")),
        (
            entry("kim", state=ABSENT),
            person("kim"),
            {"effects": Effects(user_deletion=Deletion.FINAL)},
            (None, "declared absent; deleting is final at this provider"),
        ),
        (entry("kim", state=ABSENT), None, {"effects": Effects(user_deletion=Deletion.FINAL)}, (None, "declared absent")),
    ],
)
def test_what_becomes_of_a_pair_and_why(declared: Entry | None, before: Any, policy: dict[str, Any], expected: tuple[Any, str]) -> None:
    found = desired_state(pair(declared, before), Policy(today=TODAY, **policy))
    state = "same" if before and found.after is before.body else found.after and found.after["active"]
    assert (state, found.reason) == expected
    assert found.gone is (found.after is None)
    assert (found.warnings, found.secrets) == ((), {})


def test_one_who_is_absent_and_inactive_is_gone_where_nobody_can_be_deleted() -> None:
    before = person("kim", active=False)
    found = desired_state(pair(entry("kim", state=ABSENT), before), Policy(effects=Effects(user_deletion=Deletion.REFUSED)))
    assert (found.after, found.reason, found.gone, found.name) == (before.body, "declared absent", True, "kim")


def test_the_name_of_what_is_desired() -> None:
    assert desired_state(pair(entry("new", id="id-old"), person("old")), Policy()).name == "new"
    assert desired_state(pair(entry("new", id="id-old", state=ABSENT), person("old")), Policy()).name == "old"
    assert desired_state(pair(entry("kim", state=ABSENT), None), Policy()).name == "User:kim"


def test_warnings_of_what_is_taken_over() -> None:
    inactive = person("kim", active=False, externalId="e1")
    assert adoption_warnings(entry("kim", attributes={"externalId": "e2"}), inactive) == (
        "kim (id id-kim) had the external id e1, the declared one is e2. Check that it is the same user.",
        "kim (id id-kim) is inactive, and active is not declared. Declare active: true to activate the account.",
    )
    assert adoption_warnings(group_entry("Sales", attributes={"externalId": "b"}), team("Sales", externalId="a")) == (
        "Sales (id id-Sales) had the external id a, the declared one is b. Check that it is the same group.",
    )
    assert adoption_warnings(entry("kim", attributes={"externalId": "e2"}), person("kim")) == ()
    assert adoption_warnings(entry("kim"), person("kim", externalId="e1")) == ()


def test_a_password_that_is_ignored_is_not_sent() -> None:
    policy = Policy(ignore_attributes=("password", "title"), update_password=ALWAYS)
    secret = entry("kim", secrets={"password": "correct horse"}, attributes={"title": "x"})
    made, kept = desired_state(pair(secret, None), policy), desired_state(pair(secret, person("kim")), policy)
    assert (made.after, made.secrets, kept.secrets) == ({"userName": "kim"}, {}, {})
    assert desired_state(pair(secret, None), Policy()).secrets == {"password": "correct horse"}


@pytest.mark.parametrize(
    ("declared", "policy", "expected"),
    [
        (entry("kim"), {}, "additive"),
        (entry("kim"), {"membership": "exact"}, "additive"),
        (entry("kim", membership="exact"), {"membership": "additive"}, "exact"),
        (group_entry("Sales"), {}, "exact"),
        (group_entry("Sales"), {"membership": "additive"}, "additive"),
        (group_entry("Sales", membership=ABSENT), {}, "absent"),
    ],
)
def test_what_becomes_of_memberships_that_are_not_declared(declared: Entry, policy: dict[str, Any], expected: str) -> None:
    assert Policy(**policy).membership_of(declared) == expected


def test_what_policy_says_of_an_entry() -> None:
    policy = Policy(today=TODAY, match_on={"User": ("externalId",)})
    yesterday = date(2027, 1, 14)
    days = (
        entry("a"),
        entry("a", state=ABSENT),
        entry("a", delete_after=yesterday),
        entry("a", expires=yesterday),
        entry("a", expires=TODAY),
    )
    assert [policy.deletes(one) for one in days] == [False, True, True, False, False]
    assert [policy.ends(one) for one in days] == [False, True, True, True, False]
    assert (policy.match_keys("User"), policy.match_keys("Group")) == (("externalId",), ())
    assert Policy(protected={"User": ("k*", "x", "KI?")}).protecting("User", "Kim") == ["k*", "KI?"]
    assert Policy().protecting("User", "kim") == []
    assert (Policy(multi_valued="additive").additive, Policy().additive) == (True, False)
    assert Policy(ignore_attributes=("title",)).compared(USER, {"title": "x", "password": "y", "nickName": "z"}) == {"nickName": "z"}
