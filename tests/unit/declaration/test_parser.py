# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what people write to entries, in any spelling, with every mistake at its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Entry, Member, Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.parser import parse_entry
from ansible_collections.identity.scim.plugins.module_utils._engine.escaping import excerpt
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import widest
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP

USER = widest("User")
ENTERPRISE = USER.extensions[0].urn
BADGE = "urn:example:scim:badge:1.0:User"
A_DATE = "expected a date such as 2027-01-31."
HERE = Origin("users.yml", 17, "users[3]")


def declared(raw: dict[str, Any], resource_type: Any = USER) -> Entry:
    entry, problems = parse_entry(resource_type, raw, HERE, ("id", resource_type.name_attribute))
    assert [str(problem) for problem in problems] == []
    return entry


def mistakes(raw: dict[str, Any], resource_type: Any = USER) -> list[str]:
    """Without the place of the entry itself, which all have."""
    whole = {resource_type.name_attribute: "bjensen"} | raw if not {"user_name", "userName", "display_name"} & set(raw) else raw
    found = [str(problem) for problem in parse_entry(resource_type, whole, HERE, ("id", resource_type.name_attribute))[1]]
    assert all(problem.startswith("users.yml:17: users[3]") for problem in found)
    return [problem.removeprefix("users.yml:17: users[3]").removeprefix(".") for problem in found]


@pytest.mark.parametrize("spelling", ["user_name", "userName", "USERNAME", "user_Name"])
def test_every_spelling_is_one_attribute(spelling: str) -> None:
    assert declared({spelling: "bjensen"}).attributes == {"userName": "bjensen"}


def test_a_document_of_the_rfc_can_be_pasted() -> None:
    entry = declared(
        {
            "schemas": [USER.schema.urn, ENTERPRISE],
            "id": "2819c223",
            "externalId": "701984",
            "userName": "bjensen@example.com",
            "name": {"formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen"},
            "emails": [{"value": "bjensen@example.com", "type": "work", "primary": True}],
            "x509Certificates": [{"value": "MAMCAQI="}],
            "groups": [{"value": "e9e30dba", "$ref": "https://example.com/v2/Groups/e9e30dba", "display": "Tour Guides", "type": "direct"}],
            ENTERPRISE: {"employeeNumber": "701984", "manager": {"value": "26118915", "$ref": "../Users/26118915", "displayName": "John"}},
            "meta": {"resourceType": "User", "version": 'W/"a330"'},
        }
    )
    assert entry.id == "2819c223"
    assert set(entry.attributes) == {"externalId", "userName", "name", "emails", "x509Certificates", ENTERPRISE}
    assert set(entry.pasted) == {"meta", "schemas"}
    assert entry.groups is not None
    assert [str(group) for group in entry.groups] == ["e9e30dba"]


def test_ansibles_names() -> None:
    entry = declared(
        {
            "user_name": "b",
            "x509_certificates": [{"value": "MAMCAQI="}],
            "phone_numbers": [{"value": "+1-201-555-0123"}],
            "enterprise": {"cost_center": "0042", "manager": {"value": "1", "ref": "../Users/1"}},
        }
    )
    assert entry.attributes[ENTERPRISE] == {"costCenter": "0042", "manager": {"value": "1", "$ref": "../Users/1"}}
    assert {"x509Certificates", "phoneNumbers"} <= set(entry.attributes)


@pytest.mark.parametrize(
    ("raw", "attributes"),
    [
        ({"title": ""}, {"title": None}),
        ({"title": None}, {"title": None}),
        ({"emails": []}, {"emails": []}),
        ({"emails": None}, {"emails": None}),
        ({"name": None}, {"name": None}),
        ({"name": {}}, {}),
        ({"name": {"family_name": None, "given_name": ""}}, {}),
        ({"name": {"family_name": "J", "middle_name": ""}}, {"name": {"familyName": "J"}}),
        ({"name": {"family_name": "J", "middle_name": None}}, {"name": {"familyName": "J", "middleName": None}}),
        ({"enterprise": {"manager": {"value": None}}}, {}),
        ({"clear": ["title", "emails"]}, {"title": None, "emails": None}),
        ({"clear": ["Name.MiddleName"]}, {"name": {"middleName": None}}),
        ({"clear": ["name.middle_name"], "name": {"family_name": "J"}}, {"name": {"familyName": "J", "middleName": None}}),
        ({"clear": ["enterprise.department"]}, {ENTERPRISE: {"department": None}}),
        ({"clear": [f"{ENTERPRISE}:department"]}, {ENTERPRISE: {"department": None}}),
        ({"clear": [ENTERPRISE]}, {ENTERPRISE: None}),
        ({"clear": ["title"], "title": None}, {"title": None}),
        ({"clear": ["name", "name.given_name"]}, {"name": None}),
        ({"clear": ["name.given_name"], "name": None}, {"name": None}),
        ({"clear": [f"{BADGE}:number", f"{BADGE}:color"]}, {BADGE: {"number": None, "color": None}}),
        ({"clear": [BADGE, f"{BADGE}:number"]}, {BADGE: None}),
        ({"extensions": {BADGE: {"number": "", "color": None}}}, {}),
        ({"extensions": {BADGE: {"number": "", "color": "red"}}}, {BADGE: {"color": "red"}}),
        ({"clear": None}, {}),
        ({"active": "no"}, {"active": False}),
        ({"extensions": {BADGE: {"number": 5}}}, {BADGE: {"number": 5}}),
        ({BADGE: {"number": 5}}, {BADGE: {"number": 5}}),
        ({"extensions": {"enterprise": {"department": "Data"}}}, {ENTERPRISE: {"department": "Data"}}),
        ({"extensions": {ENTERPRISE.lower(): {"department": "Data"}}}, {ENTERPRISE: {"department": "Data"}}),
        ({"extensions": None}, {}),
        ({"meta": None, "schemas": None}, {}),
    ],
)
def test_what_is_declared(raw: dict[str, Any], attributes: dict[str, Any]) -> None:
    assert declared({"user_name": "b", **raw}).attributes == {"userName": "b", **attributes}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"user_nam": "b", "user_name": "b"}, ['user_nam: unknown attribute "user_nam". Did you mean "user_name"?']),
        ({"Titel": "x"}, ['Titel: unknown attribute "Titel". Did you mean "title"?']),
        ({"name": {"famly_name": "J"}}, ['name.famly_name: unknown attribute "famly_name". Did you mean "family_name"?']),
        (
            {"emails": [{"value": "a@b.c"}, {"valu": "b@b.c", "value": "b@b.c"}]},
            ['emails[1].valu: unknown attribute "valu". Did you mean "value"?'],
        ),
        ({"enterprise": {"departement": "x"}}, ['enterprise.departement: unknown attribute "departement". Did you mean "department"?']),
        ({"title": "a", "Title": "b"}, ["Title: is declared twice, in two spellings; expected one of them."]),
        (
            {"enterprise": {"department": "a"}, ENTERPRISE: {"department": "b"}},
            [f"{ENTERPRISE}: is declared twice, in two spellings; expected one of them."],
        ),
        (
            {ENTERPRISE: {"department": "a"}, "extensions": {ENTERPRISE: {"department": "b"}}},
            [f"extensions.{ENTERPRISE}: is declared twice; expected one of them."],
        ),
        ({"name": {"given_name": "a", "givenName": "b"}}, ["name.givenName: is declared twice, in two spellings; expected one of them."]),
        ({"user_name": ""}, ['user_name: is empty; expected a value, or no "user_name".']),
        ({"user_name": None}, ['user_name: is empty; expected a value, or no "user_name".']),
        ({"user_name": "  "}, ['user_name: found a blank at the start, U+0020 (space), in "  "; expected the text without it.']),
        (
            {"user_name": "ann\u200b", "external_id": "7\xa0", "id": "\ufeff1"},
            [
                'user_name: found the invisible character U+200B (zero width space) in "ann\\u200b"; expected the text without it.',
                'external_id: found a blank at the end, U+00A0 (no-break space), in "7\\u00a0"; expected the text without it.',
                'id: found the invisible character U+FEFF (zero width no-break space) in "\\ufeff1"; expected the text without it.',
            ],
        ),
        (
            {"emails": [{"value": "a\u00ad@x.org"}], "previously": ["a", "b\u2060"], "groups": ["Sales ", {"display": "c\x07"}]},
            [
                'emails[0].value: found the invisible character U+00AD (soft hyphen) in "a\\u00ad@x.org"; expected the text without it.',
                'groups[0]: found a blank at the end, U+0020 (space), in "Sales "; expected the text without it.',
                'groups[1].displayname: found the invisible character U+0007 in "c\\u0007"; expected the text without it.',
                'previously[1]: found the invisible character U+2060 (word joiner) in "b\\u2060"; expected the text without it.',
            ],
        ),
        ({"id": ""}, ['id: is empty; expected the id of a resource, or no "id".']),
        ({"id": " "}, ['id: found a blank at the start, U+0020 (space), in " "; expected the text without it.']),
        ({"schemas": []}, ['schemas: is empty; expected at least one URN, or no "schemas".']),
        ({"ID": ""}, ['id: is empty; expected the id of a resource, or no "id".']),
        ({"Schemas": []}, ['schemas: is empty; expected at least one URN, or no "schemas".']),
        ({"emails": [{"value": None, "type": None}]}, ["emails[0].value: has no value; expected a value."]),
        ({"addresses": [{"country": None}]}, ["addresses[0]: has no value; expected a value."]),
        (
            {"phone_numbers": [{"value": "x"}]},
            ['phone_numbers[0].value: found "x"; expected a phone number such as +1-201-555-0123 (RFC 3966).'],
        ),
        ({"clear": ["titel"]}, ['clear[0]: unknown attribute "titel". Did you mean "title"?']),
        (
            {"clear": ["name.nick"]},
            [
                'clear[0]: unknown attribute "nick". Attributes of name: '
                "family_name, formatted, given_name, honorific_prefix, honorific_suffix, middle_name."
            ],
        ),
        (
            {"clear": ["title", "emails.value"]},
            ['clear[1]: "emails.value" is inside a list; expected "emails", which clears the list, or the new list itself.'],
        ),
        ({"clear": ["user_name"]}, ['clear[0]: "user_name" cannot be cleared; expected an attribute that may be empty.']),
        ({"clear": ["id"]}, ['clear[0]: "id" cannot be cleared; expected an attribute that may be empty.']),
        ({"clear": ["groups"]}, ['clear[0]: "groups" cannot be cleared; expected an attribute that may be empty.']),
        ({"clear": ["password"]}, ['clear[0]: "password" cannot be cleared; expected an attribute that may be empty.']),
        ({"clear": ["title"], "title": "x"}, ['clear[0]: "title" is both declared and cleared; expected one of the two.']),
        (
            {"clear": ["name.middle_name"], "name": {"middle_name": "x"}},
            ['clear[0]: "name.middle_name" is both declared and cleared; expected one of the two.'],
        ),
        ({"clear": "title"}, ['clear: found "title"; expected a list.']),
        (
            {"clear": [5]},
            ["clear[0]: found the number 5 (YAML reads text such as 00123 as a number); expected text: put it in quotes."],
        ),
        ({"previously": "old"}, ['previously: found "old"; expected a list.']),
        ({"state": "gone"}, ['state: found "gone"; expected "present" or "absent".']),
        ({"membership": "some"}, ['membership: found "some"; expected "exact" or "additive" or "absent".']),
        ({"expires": "soon"}, ['expires: found "soon"; expected a date such as 2027-01-31.']),
        *(
            ({name: date_like}, [f"{name}: found {excerpt(date_like)}; expected a date such as 2027-01-31."])
            for name in ("expires", "delete_after")
            for date_like in ("20270131", "2027-W05-7", "٢٠٢٧-٠١-٣١", "2027-1-31", "2027-01-31 00:00:00")
        ),
        *(
            ({name: 20240105}, [f"{name}: found the number 20240105 (YAML reads text such as 00123 as a number); {A_DATE}"])
            for name in ("expires", "delete_after")
        ),
        ({"expires": "2027-02-30"}, [f"expires: there is no day 2027-02-30; {A_DATE}"]),
        ({"delete_after": "31.1.2027"}, ['delete_after: found "31.1"…; expected a date such as 2027-01-31.']),
        ({"groups": "Sales"}, ['groups: found "Sales"; expected a list.']),
        ({"groups": [{}]}, ['groups[0]: does not select a resource; expected a name, an id ("value"), or attributes that select one.']),
        (
            {"groups": [""]},
            [
                'groups[0]: found ""; '
                "expected a name or an id as text (put it in quotes), or a mapping of attributes that select one resource."
            ],
        ),
        ({"groups": ["Sales", {"display": "X", "expires": "x"}]}, ['groups[1].expires: found "x"; expected a date such as 2027-01-31.']),
        ({"members": ["kim"]}, ['members: a user has no "members"; expected "groups".']),
        ({"extensions": ["x"]}, ["extensions: found a list; expected a mapping with the URN of each extension."]),
        (
            {"extensions": {"badge": {"number": 5}}},
            ['extensions.badge: "badge" is not a URN; expected the URN of an extension, such as urn:example:scim:badge:1.0:User.'],
        ),
        ({"extensions": {BADGE: "5"}}, [f'{BADGE}: found "5"; expected a mapping of attributes.']),
        ({"password": "short"}, ["password: is too short to be masked safely in Ansible's output; expected at least 8 characters."]),
        (
            {"password": "barbara1", "display_name": "I am Barbara1!", "user_name": "b"},
            ["password: is part of another declared value, which would be masked too; expected a different password."],
        ),
    ],
)
def test_a_mistake(raw: dict[str, Any], found: list[str]) -> None:
    assert mistakes(raw) == found


def test_a_group_that_is_a_boolean_must_be_quoted() -> None:
    for raw in ({"groups": [False]}, {"groups": [{"display": False}]}, {"groups": [{"value": 5, "role": "x"}]}):
        [found] = mistakes(raw)
        assert "in quotes" in found


def test_every_mistake_at_once() -> None:
    raw = {
        "titel": "x",
        "user_name": "b",
        "emails": [{"value": "no"}, {"value": "b@example.com", "primary": "perhaps"}],
        "name": "Bob",
        "clear": ["name.middle_name", "nothing"],
        "state": "gone",
        "expires": "soon",
        "password": 5,
    }
    places = [problem.partition(": ")[0] for problem in mistakes(raw)]
    assert sorted(set(places)) == [
        "clear[1]", "emails[0].value", "emails[1].primary", "expires", "name", "password", "state", "titel",
    ]  # fmt: skip


def test_an_unknown_name_that_resembles_no_other_lists_all() -> None:
    [found] = mistakes({"name": {"zzz": "x"}})
    assert found.startswith('name.zzz: unknown attribute "zzz". Attributes of name: family_name, formatted, given_name')


def test_nothing_identifies_the_resource() -> None:
    problems = parse_entry(USER, {"title": "x"}, Origin(), ("id", "userName", "externalId"))[1]
    assert [str(p) for p in problems] == ['nothing identifies the resource; expected a value for "id" or "user_name" or "external_id".']
    assert parse_entry(USER, {"external_id": "7"}, Origin(), ("externalId",))[1] == []
    assert parse_entry(USER, {"id": "7"}, Origin(), ("id", "userName"))[1] == []


def test_a_password_stands_apart_and_in_no_representation() -> None:
    entry = declared({"user_name": "b", "password": "correct horse"})
    assert entry.secrets == {"password": "correct horse"}
    assert "password" not in entry.attributes
    assert "correct horse" not in repr(entry)
    for wrong in ({"password": "barbara1", "display_name": "barbara1"}, {"password": 12345678}, {"password": ["barbara1"]}):
        assert not any("barbara1" in problem or "12345678" in problem for problem in mistakes(wrong))


def test_the_words_of_an_entry_in_any_spelling() -> None:
    entry = declared(
        {
            "user_name": "b",
            "State": "present",
            "deleteAfter": "2027-02-28",
            "expires": date(2027, 1, 31),
            "previously": ["old@example.com"],
            "Groups": ["Sales"],
            "membership": "exact",
        }
    )
    assert (entry.state, entry.expires, entry.delete_after) == ("present", date(2027, 1, 31), date(2027, 2, 28))
    assert (entry.previously, entry.groups, entry.membership) == (("old@example.com",), (Member("Sales"),), "exact")


@pytest.mark.parametrize(
    ("item", "name", "selector", "expires"),
    [
        ("Data engineers", "Data engineers", {}, None),
        ({"display": "Sales"}, "Sales", {}, None),
        ({"displayName": "Sales", "expires": "2027-01-31"}, "Sales", {}, date(2027, 1, 31)),
        ({"display": "Sales", "Expires": "2027-01-31"}, "Sales", {}, date(2027, 1, 31)),
        ({"value": "e9e3"}, "e9e3", {}, None),
        ({"id": "e9e3", "display": "Sales"}, "e9e3", {}, None),
        ({"value": "e9e3", "$ref": "../Groups/e9e3", "display": "Sales", "type": "direct"}, "e9e3", {}, None),
        ({"display": "Sales", "role": "admin", "other": None}, "", {"displayname": "Sales", "role": "admin"}, None),
        ({"projectName": "P"}, "", {"projectname": "P"}, None),
    ],
)
def test_how_a_group_is_named(item: Any, name: str, selector: dict[str, Any], expires: date | None) -> None:
    assert declared({"user_name": "b", "groups": [item]}).groups == (Member(name, selector, expires, is_id=name == "e9e3"),)


def test_groups_that_are_not_declared_are_none() -> None:
    assert declared({"user_name": "b"}).groups is None
    assert declared({"user_name": "b", "groups": []}).groups == ()


def test_a_group_and_its_members() -> None:
    entry = declared({"display_name": "Sales", "members": ["kim", {"value": "1"}]}, GROUP)
    assert entry.members == (Member("kim"), Member("1", is_id=True))
    assert entry.attributes == {"displayName": "Sales"}
    assert mistakes({"display_name": "Sales", "groups": ["x"]}, GROUP) == ['groups: a group has no "groups"; expected "members".']
    assert mistakes({"display_name": ""}, GROUP) == ['display_name: is empty; expected a value, or no "display_name".']


def test_what_was_written_is_not_changed() -> None:
    raw = {"user_name": "b", "extensions": {"enterprise": {"department": "x"}}, "clear": ["title"], "name": {"family_name": ""}}
    declared(raw)
    assert raw == {"user_name": "b", "extensions": {"enterprise": {"department": "x"}}, "clear": ["title"], "name": {"family_name": ""}}
