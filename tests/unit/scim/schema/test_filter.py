# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters: what they match, and how they are refused."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.filter import (
    Comparison,
    Junction,
    equals,
    parse,
    quote,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import CORE_USER, ENTERPRISE_USER, GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Schema, Type

CORE, ENTERPRISE = CORE_USER.urn, ENTERPRISE_USER.urn
VALUE = "a value (a text in double quotes with JSON's escapes, a number, true, false or null)"
BARBARA: dict[str, Any] = {
    "schemas": [CORE, ENTERPRISE],
    "id": "2819c223",
    "externalId": "BJ-701984",
    "userName": "bjensen@example.com",
    "name": {"familyName": "O'Malley", "givenName": "Barbara"},
    "title": 'Tour "Guide" \\ É',
    "userType": "Employee",
    "active": True,
    "nickName": "",
    "emails": [
        {"value": "BJensen@example.com", "type": "work", "primary": True},
        {"value": "babs@jensen.org", "type": "home"},
    ],
    "roles": [],
    "meta": {"resourceType": "User", "created": "2010-01-23T04:56:22Z", "lastModified": "2011-05-13T04:42:34+02:00"},
    ENTERPRISE: {"department": "Tours", "employeeNumber": "00123", "manager": {"value": "26118915", "displayName": "John"}},
}
GOLDEN = [
    # the examples of RFC 7644 §3.4.2.2 about our own person
    ('userName eq "bjensen@example.com"', True),
    ('name.familyName co "O\'Malley"', True),
    ('userName sw "B"', True),
    ('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "b"', True),
    ("title pr", True),
    ('meta.lastModified gt "2011-05-13T04:42:34Z"', False),
    ('meta.lastModified ge "2011-05-13T02:42:34Z"', True),
    ('meta.lastModified lt "2011-05-13T04:42:34Z"', True),
    ('meta.lastModified le "2011-05-13T02:42:34.000Z"', True),
    ('title pr and userType eq "Employee"', True),
    ('displayName pr or userType eq "Employee"', True),
    (f'schemas eq "{ENTERPRISE}"', True),
    ('userType eq "Employee" and (emails co "example.com" or emails.value co "nowhere")', True),
    ('userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', False),
    ('userType eq "Employee" and (emails.type eq "work")', True),
    ('userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', True),
    ('emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]', True),
    # case: of values by the schema, of names and operators never
    ('userName eq "BJENSEN@EXAMPLE.COM"', True),
    ('externalId eq "bj-701984"', False),
    ('externalId sw "BJ-"', True),
    ('externalId sw "bj-"', False),
    ('USERNAME EQ "bjensen@example.com"', True),
    ('NAME.FAMILYNAME Eq "o\'malley" AND NOT (active eq FALSE)', True),
    ('title co "é"', True),
    ('user_name pr and name.given_name eq "barbara"', True),
    # texts
    ('title eq "Tour \\"Guide\\" \\\\ \\u00c9"', True),
    ('userName ew ".COM"', True),
    ('userName co ""', True),
    ('userName gt "bj"', True),
    ('userName lt "BJ"', False),
    ('userName ge "bjensen@example.com" and userName le "bjensen@example.com"', True),
    # several values: one is enough, and inside brackets it is one and the same
    ('emails eq "babs@jensen.org"', True),
    ('emails.type eq "home" and emails.value co "example.com"', True),
    ('emails[type eq "home" and value co "example.com"]', False),
    ('emails[type eq "home" and not (primary eq true)]', True),
    ('emails[not (type eq "home" or type eq "work")]', False),
    ("emails[primary pr]", True),
    ("emails.primary eq true", True),
    ('ims[type eq "xmpp"]', False),
    # ne is not eq
    ('userType ne "employee"', False),
    ('displayName ne "Babs"', True),
    ('emails.type ne "work"', False),
    ('emails.type ne "other"', True),
    ("active ne true", False),
    # null, absent and empty
    ("displayName eq null", True),
    ("displayName ne null", False),
    ("title eq null", False),
    ("title ne null", True),
    ("roles pr", False),
    ("roles eq null", True),
    ("nickName pr", False),
    ('nickName eq ""', True),
    ("name pr", True),
    ("name.middleName pr", False),
    ('displayName eq ""', False),
    ('displayName gt "a"', False),
    # extensions
    (f'{ENTERPRISE}:department eq "tours"', True),
    (f'{ENTERPRISE.upper()}:DEPARTMENT eq "tours"', True),
    (f'{ENTERPRISE}:manager.value eq "26118915"', True),
    (f'{ENTERPRISE}:manager eq "26118915"', True),
    (f"{ENTERPRISE} pr", True),
    (f'{ENTERPRISE}:division eq "x"', False),
    ('enterprise.employee_number eq "00123"', True),
    ('urn:example:unknown:1.0:User:color eq "red"', False),
    # precedence: not, then and, then or
    ('userName eq "x" and active eq false or title pr', True),
    ('title pr or active eq false and userName eq "x"', True),
    ('(title pr or active eq false) and userName eq "x"', False),
    ("not (title pr) or active eq true", True),
    ("not(title pr or active eq true)", False),
    # types: a boolean is neither a number nor a text
    ('active eq "true"', False),
    ("active eq 1", False),
    ("active gt false", False),
    ("employeeNumber eq 123", False),
    ('meta.created gt "2010-01-23" and meta.created lt "2010-01-24"', True),
    ('meta.created eq "2010-01-23T05:56:22+01:00"', True),
    ('meta.created eq "2010-01-23t04:56:22z"', True),
    ('meta.created sw "2010-"', True),
    ('meta.created gt "soon"', False),
    # spaces and brackets need each other no more than they must
    ('  userName\teq\n"bjensen@example.com"  ', True),
    ('(userName eq"bjensen@example.com")and(title pr)', True),
]


@pytest.mark.parametrize(("text", "expected"), GOLDEN)
def test_golden(text: str, expected: bool) -> None:
    assert parse(text).matches(USER.root, BARBARA) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seats gt 3", True),
        ("seats gt 4", False),
        ("seats ne 4", False),
        ("seats ne 5", True),
        ("seats ge 4.0", True),
        ("seats lt 4e0", False),
        ("seats eq 4", True),
        ("seats eq true", False),
        ("price eq 1.5", True),
        ("price le -1.5", False),
        ('seats co "4"', False),
        ("free eq false", True),
        ("zero pr", True),
        ('key gt "QQ==" ', False),
    ],
)
def test_numbers_booleans_and_binaries(text: str, expected: bool) -> None:
    attributes = (
        Attribute("seats", Type.INTEGER),
        Attribute("price", Type.DECIMAL),
        Attribute("zero", Type.INTEGER),
        Attribute("free", Type.BOOLEAN),
        Attribute("key", Type.BINARY, case_exact=True),
    )
    root = Attribute("Plan", Type.COMPLEX, sub_attributes=attributes)
    assert parse(text).matches(root, {"seats": 4, "price": 1.5, "zero": 0, "free": False, "key": "QQ=="}) is expected


@pytest.mark.parametrize("operator", ["eq", "sw", "co", "ew"])
def test_composed_and_decomposed_letters_are_the_same(operator: str) -> None:
    """macOS decomposes accents, and providers compose them."""
    assert parse(f'userName {operator} "cafe\u0301"').matches(USER.root, {"userName": "CAFÉ"})


def test_groups() -> None:
    body = {"displayName": "Tour Guides", "members": [{"value": "Abc", "$ref": "../Users/Abc", "type": "User"}]}
    assert parse('members eq "Abc" and members[type eq "user"]').matches(GROUP.root, body)
    assert not parse('members.value eq "abc"').matches(GROUP.root, body), "an id is case exact"
    assert parse('members.$ref ew "/Abc" and members[$ref pr]').matches(GROUP.root, body)
    assert parse('urn:ietf:params:scim:schemas:core:2.0:Group:displayName sw "tour"').matches(GROUP.root, body)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('parts eq "B"', True),
        ('parts eq "a"', False),
        ('parts.value sw "b"', True),
        ("parts pr", True),
        ("parts eq null", False),
        ("empty pr", False),
        ("empty eq null", True),
        ("empty.value pr", False),
        ('empty ne "x"', True),
        ('tags eq "X"', True),
        ('tags eq "z"', False),
        ('tags[value eq "x"]', False),
    ],
)
def test_complex_attributes_without_a_sub_attribute_are_compared_by_their_value(text: str, expected: bool) -> None:
    parts = Attribute("parts", Type.COMPLEX, sub_attributes=(Attribute("kind"),))
    exact = Attribute("empty", Type.COMPLEX, sub_attributes=(Attribute("value", case_exact=True),))
    root = Attribute("Thing", Type.COMPLEX, sub_attributes=(parts, exact))
    body = {"parts": {"VALUE": "b"}, "empty": {"value": "", "list": [None, {}, {"a": ""}]}, "Tags": ["x", "y"]}
    assert parse(text).matches(root, body) is expected


@pytest.mark.parametrize(("text", "expected"), [('badge eq "a"', False), ('badge eq "A"', True), ('badge.value eq "a"', False)])
def test_a_value_is_compared_as_its_sub_attribute_is(text: str, expected: bool) -> None:
    badge = Attribute("badge", Type.COMPLEX, sub_attributes=(Attribute("value", case_exact=True),))
    root = Attribute("Thing", Type.COMPLEX, sub_attributes=(badge,))
    assert parse(text).matches(root, {"badge": {"value": "A"}}) is expected
    assert parse(text, root) == parse(text)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("title pr", ["title"]),
        ('not (userName eq "a")', ["userName"]),
        ('title pr and (name.givenName eq "a" or emails[type eq "work"])', ["title", "name.givenName", "emails"]),
    ],
)
def test_the_paths_that_a_filter_needs(text: str, paths: list[str]) -> None:
    assert list(parse(text).paths()) == paths


def test_one_expression_is_not_joined() -> None:
    assert parse("title pr") == Comparison("title", "pr", None)
    assert parse("(title pr)") == Comparison("title", "pr", None)
    assert parse("title pr AND active pr") == Junction("and", (Comparison("title", "pr", None), Comparison("active", "pr", None)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('userName eq "STRASSE"', False),
        ('userName eq "STRAẞE"', True),
        ('userName co "SS"', False),
        ('displayName eq "οδος"', True),
        ('displayName ew "σ"', True),
    ],
)
def test_texts_are_compared_as_names_are(text: str, expected: bool) -> None:
    assert parse(text).matches(USER.root, {"userName": "straße", "displayName": "ΟΔΟΣ"}) is expected


def test_an_unknown_extension_is_read_from_the_body() -> None:
    body = {"urn:example:badge:2.1:User": {"badgeColor": "Red", "doors": [{"value": "A"}]}, "vendorFlag": True}
    assert parse('URN:example:badge:2.1:user:badgecolor eq "RED"').matches(USER.root, body)
    assert parse('urn:example:badge:2.1:User:doors[value eq "a"] and vendorflag eq true').matches(USER.root, body)
    assert parse('urn:example:badge:2.1:User:size ne "L"').matches(USER.root, body)


def test_a_learned_extension_is_compared_by_its_schema() -> None:
    badge = Schema("urn:example:badge:2.1:User", "Badge", attributes=(Attribute("code", case_exact=True),))
    body = {badge.urn: {"code": "Abc"}}
    assert not parse('urn:example:badge:2.1:User:code eq "abc"').matches(USER.extended([badge]).root, body)
    assert parse('urn:example:badge:2.1:User:code eq "Abc"', USER.extended([badge]).root).matches(USER.extended([badge]).root, body)


@pytest.mark.parametrize(
    ("text", "at", "expected", "found"),
    [
        ("", 1, "the name of an attribute", "the end"),
        ("   ", 4, "the name of an attribute", "the end"),
        ('userName equals "x"', 10, "one of the operators eq, ne, co, sw, ew, pr, gt, ge, lt, le", "equals"),
        ("userName", 9, "one of the operators", "the end"),
        ("userName eq", 12, "a value (a text in double quotes", "the end"),
        ("userName eq bjensen", 13, "a value (a text in double quotes", "bjensen"),
        ("userName eq 'x'", 13, "a value (a text in double quotes", "'x'"),
        ('userName eq "x', 13, "a value (a text in double quotes", '"'),
        ('userName eq "\\x"', 13, "a value (a text in double quotes", '"\\x"'),
        ('userName eq "a\nb"', 13, "a value (a text in double quotes", '"'),
        ("seats eq 007", 10, "a value", "007"),
        ("seats eq 1e999", 10, "a value", "1e999"),
        (f"seats eq {'9' * 5000}", 10, "a value", "9" * 40),
        ("(title pr", 10, '"and", "or" or ")"', "the end"),
        ("title pr)", 9, '"and", "or" or the end', ")"),
        ("title pr title pr", 10, '"and", "or" or the end', "title"),
        ("title pr and", 13, "the name of an attribute", "the end"),
        ("or title pr", 4, "one of the operators", "title"),
        ("not title pr", 5, '"(" after "not"', "title"),
        ('emails[type eq "work"', 22, '"and", "or" or "]"', "the end"),
        ('emails[type eq "work")', 22, '"and", "or" or "]"', ")"),
        ('emails[type eq "work"].value eq "x"', 23, '"and", "or" or the end', ".value"),
        ("emails[]", 8, "the name of an attribute", "]"),
        ("name. pr", 1, "the name of an attribute", "name."),
        ("9lives pr", 1, "the name of an attribute", "9lives"),
        ('"title" pr', 1, "the name of an attribute", '"title"'),
        ("(" * 51 + "title pr" + ")" * 51, 52, "at most 50 levels", "title"),
        ("not (" * 100_000, 256, "at most 50 levels", "not"),
        ("a[" * 100_000, 103, "at most 50 levels", "a"),
    ],
)
def test_a_syntax_error_is_refused_with_its_place(text: str, at: int, expected: str, found: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(text)
    message = str(refusal.value)
    assert message.startswith(f"filter: character {at}: expected {expected}")
    assert f"found {found} in: " in message
    assert len(message) < 400


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'filter: character 1: expected the name of an attribute, "not" or "(", found the end in: (empty)'),
        (f"{'a' * 70} eq x", f"filter: character 75: expected {VALUE}, found x in: {'a' * 56} eq x"),
        (f"aa eq {'x' * 70}", f"filter: character 7: expected {VALUE}, found {'x' * 40} in: aa eq {'x' * 60}"),
    ],
)
def test_a_syntax_error_shows_what_is_around_it(text: str, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(text)
    assert str(refusal.value) == message


@pytest.mark.parametrize("text", ["title", "quux pr"])
def test_a_refusal_names_the_option(text: str) -> None:
    with pytest.raises(Invalid, match=r"^scope_users: "):
        parse(text, USER.root, "scope_users")


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ('"]"', "]"),
        ('"( \\u0041"', "( A"),
        ("-1", -1),
        ("1.5e+3", 1500.0),
        ("TRUE", True),
        ("False", False),
        ("Null", None),
    ],
)
def test_literals(literal: str, value: Any) -> None:
    parsed = parse(f"a eq {literal}")
    assert parsed == Comparison("a", "eq", value)
    assert type(parsed.value) is type(value)  # type: ignore[attr-defined]


@pytest.mark.parametrize("literal", ["[]", "{}", "NaN", "Infinity", "01", "1e", "--1", "+1", "nulls", '"a\\q"'])
def test_what_is_not_a_literal(literal: str) -> None:
    with pytest.raises(Invalid, match=r"^filter: character 6: expected a value"):
        parse(f"a eq {literal}")


def test_fifty_levels_and_a_long_chain_are_fine() -> None:
    assert parse("(" * 50 + "title pr" + ")" * 50).matches(USER.root, BARBARA)
    chain = f"{equals('userName', *(f'user{number}' for number in range(20_000)))} or {equals('id', '2819c223')}"
    assert parse(chain).matches(USER.root, BARBARA)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('usrName eq "x"', 'filter: "usrName": User has no attribute "usrName". Did you mean "userName"?'),
        ('department eq "x"', f'User has no attribute "department". Did you mean "{ENTERPRISE}:department"?'),
        ('departmnt eq "x"', f'"departmnt": User has no attribute "departmnt". Did you mean "{ENTERPRISE}:department"?'),
        ('Emials eq "x"', 'Did you mean "emails"?'),
        ("quux pr", 'filter: "quux": User has no attribute "quux".'),
        ("name.quux pr", 'filter: "name.quux": name has no attribute "quux".'),
        (f"{ENTERPRISE}:title pr", f'"{ENTERPRISE}:title": {ENTERPRISE} has no attribute "title".'),
        ('emails[typ eq "work"]', 'emails has no attribute "typ". Did you mean "type"?'),
        ("urn:example:x:1.0:User:color pr", 'User has no attribute "urn:example:x:1.0:User"'),
        ('active eq "true"', 'filter: "active eq": values are of type boolean, found "true"; write true or false, without quotes.'),
        ("userName eq 12", "values are of type string, found 12; write a text in double quotes."),
        ('meta.created gt "yesterday"', 'values are of type dateTime, found "yesterday"; write a date and time'),
        ("active gt true", '"gt" cannot be used with values of type boolean; use eq, ne or pr.'),
        ('x509Certificates.value co "x"', '"co" cannot be used with values of type binary'),
        ('x509Certificates.value ge "x"', '"ge" cannot be used with values of type binary'),
        ('active co "t"', '"co" cannot be used with values of type boolean'),
        ("title sw null", '"sw" cannot be used with null; use eq, ne or pr.'),
        ("title lt null", '"lt" cannot be used with null; use eq, ne or pr.'),
        ("emails gt null", '"gt" cannot be used with null; use eq, ne or pr.'),
        ('emails.primary eq "true"', '"emails.primary eq": values are of type boolean, found "true"'),
        ("emails eq 1", '"emails eq": values are of type string, found 1'),
        ("title eq true", "values are of type string, found true; write a text in double quotes."),
        (
            'name eq "x"',
            "the attribute has several parts (formatted, familyName, givenName, middleName, honorificPrefix, honorificSuffix); "
            "use one of them, such as name.formatted.",
        ),
        ('password eq "secret"', 'filter: "password eq": providers never return this attribute.'),
        ("password pr", 'filter: "password pr": providers never return this attribute.'),
        ('name[givenName eq "x"]', 'filter: "name[…]": [ ] selects elements of a list of complex values, which "name" is not.'),
        ('title pr and not (title[value eq "x"] or title pr)', 'filter: "title[…]": [ ] selects elements'),
    ],
)
def test_a_filter_that_the_schema_does_not_allow_is_refused_where_it_is_given(text: str, message: str) -> None:
    parse(text)
    with pytest.raises(Invalid) as refusal:
        parse(text, USER.root)
    assert message in str(refusal.value)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        'emails eq "x"',
        f'{ENTERPRISE}:manager eq "1"',
        "name eq null",
        "emails[primary eq true]",
        'schemas eq "urn:x"',
        'userName gt "a"',
        "title ne null",
        'meta.created ge "2026-01-01"',
        "emails eq null",
        "name ne null",
        "x509Certificates.value ne null",
        'x509Certificates eq "QQ=="',
        "active eq false",
        'title co ""',
        'externalId le "5"',
    ],
)
def test_a_filter_that_the_schema_allows_is_accepted(text: str) -> None:
    assert parse(text, USER.root) == parse(text)


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("a", '"a"'),
        ('a"b\\c\n', '"a\\"b\\\\c\\n"'),
        ("é", '"é"'),
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (1.5, "1.5"),
        (None, "null"),
    ],
)
def test_quote(value: Any, literal: str) -> None:
    assert quote(value) == literal
    assert equals("userName", value) == f"userName eq {literal}"


def test_one_of_several_values() -> None:
    assert equals("userName", "x", "y") == 'userName eq "x" or userName eq "y"'
