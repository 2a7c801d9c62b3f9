# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a value may be and what it may not: every mistake at once, each with its place and what was expected."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.value_rules import check
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import widest
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Schema, Type

USER = widest("User")
BADGE = Schema(
    "urn:example:scim:badge:1.0:User",
    "Badge",
    attributes=(
        Attribute("floor", Type.INTEGER),
        Attribute("height", Type.DECIMAL),
        Attribute("since", Type.DATE_TIME),
        Attribute("colours", multi_valued=True),
    ),
)
BADGED = USER.extended([BADGE])


def certificate(common_name: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.DER)


DER = certificate("bjensen")
CERTIFICATE = base64.b64encode(DER).decode()
PEM = f"-----BEGIN CERTIFICATE-----\n{CERTIFICATE}\n-----END CERTIFICATE-----"


def mistakes(attributes: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    return [(mistake.path, f"{mistake.found}; expected {mistake.expected}") for mistake in check(BADGED, attributes)[1]]


def email(value: Any) -> dict[str, Any]:
    return {"emails": [{"value": value}]}


def phone(value: Any) -> dict[str, Any]:
    return {"phoneNumbers": [{"value": value}]}


@pytest.mark.parametrize(
    ("attributes", "path", "words"),
    [
        ({"title": False}, ("title",), "boolean false (YAML reads words such as no and off as false); expected text: put it in quotes"),
        ({"title": True}, ("title",), "words such as yes and on as true); expected text: put it in quotes"),
        ({"title": 83}, ("title",), "number 83 (YAML reads text such as 00123 as a number); expected text: put it in quotes"),
        ({"title": ["a"]}, ("title",), "found a list; expected text"),
        ({"title": {"a": 1}}, ("title",), "found a mapping; expected text"),
        ({"title": "a\x00b"}, ("title",), "control character; expected printable text"),
        ({"title": "a\x7fb"}, ("title",), "control character"),
        ({"title": "\ud800"}, ("title",), "control character"),
        ({"name": "Barbara Jensen"}, ("name",), 'found "Barb"…; expected a mapping of sub-attributes'),
        ({"name": {"familyName": 5}}, ("name", "familyName"), "expected text: put it in quotes"),
        ({"active": "perhaps"}, ("active",), 'found "perhaps"; expected true or false'),
        ({"active": 1}, ("active",), "number 1"),
        ({"emails": "a@example.com"}, ("emails",), 'found "a@ex"…; expected a list'),
        ({"emails": ["a@example.com"]}, ("emails", 0), "expected a mapping of sub-attributes"),
        ({"emails": [{"type": "work"}]}, ("emails", 0, "value"), "has no value; expected a value"),
        ({"emails": [{"value": ""}]}, ("emails", 0, "value"), "has no value"),
        ({"addresses": [{}]}, ("addresses", 0), "has no value"),
        ({"addresses": [{"country": False}]}, ("addresses", 0, "country"), "boolean false"),
        ({"addresses": [{"postalCode": 668}]}, ("addresses", 0, "postalCode"), "number 668"),
        ({"emails": [{"value": "a@b.c", "primary": "si"}]}, ("emails", 0, "primary"), "expected true or false"),
        ({"roles": [{"value": "a"}, {"value": "a"}]}, ("roles", 1), "is in the list twice; expected each element once"),
        ({"emails": [{"value": "a@b.c"}, {"value": "A@b.c", "primary": True}]}, ("emails", 1), "is in the list twice"),
        ({"phoneNumbers": [{"value": "+1 555 01"}, {"value": "tel:+1-555-01"}]}, ("phoneNumbers", 1), "is in the list twice"),
        ({"addresses": [{"locality": "Bern"}, {"locality": "bern", "region": None}]}, ("addresses", 1), "is in the list twice"),
        ({BADGE.urn: {"colours": ["red", "Red"]}}, (BADGE.urn, "colours", 1), "is in the list twice"),
        (email("bjensen"), ("emails", 0, "value"), 'found "bjensen"; expected an e-mail address such as'),
        (email("b jensen@example.com"), ("emails", 0, "value"), "expected an e-mail address"),
        (email("a@b@example.com"), ("emails", 0, "value"), "expected an e-mail address"),
        (email("a@example..com"), ("emails", 0, "value"), "expected an e-mail address"),
        (email("a@example.com."), ("emails", 0, "value"), "expected an e-mail address"),
        (email("a@example,com"), ("emails", 0, "value"), "expected an e-mail address"),
        (email("Barbara <b@example.com>"), ("emails", 0, "value"), "expected an e-mail address"),
        (email("@example.com"), ("emails", 0, "value"), "expected an e-mail address"),
        (email("a@example.com\n"), ("emails", 0, "value"), "found a blank at the end, U+000A, in"),
        (phone("call me"), ("phoneNumbers", 0, "value"), "expected a phone number such as +1-201-555-0123"),
        (phone("12"), ("phoneNumbers", 0, "value"), "expected a phone number"),
        (phone("sip:b@example.com"), ("phoneNumbers", 0, "value"), "expected a phone number"),
        (phone(12015550123), ("phoneNumbers", 0, "value"), "put it in quotes"),
        ({"profileUrl": "b@example.com"}, ("profileUrl",), "expected an absolute URI such as"),
        ({"profileUrl": "https://example.com/a b"}, ("profileUrl",), "expected an absolute URI"),
        ({"photos": [{"value": "b c.jpg"}]}, ("photos", 0, "value"), "expected an absolute URI"),
        ({"locale": "English"}, ("locale",), "expected a language tag"),
        ({"preferredLanguage": "en-US;q=2"}, ("preferredLanguage",), "expected a language tag"),
        ({"preferredLanguage": "en US"}, ("preferredLanguage",), "expected a language tag"),
        ({"timezone": "Mars/Olympus"}, ("timezone",), "expected an IANA time zone such as Europe/Paris"),
        ({"timezone": "Europe"}, ("timezone",), "expected an IANA time zone"),
        ({"timezone": "../../etc/passwd"}, ("timezone",), "expected an IANA time zone"),
        ({"x509Certificates": [{"value": PEM}]}, ("x509Certificates", 0, "value"), "in base64, without BEGIN and END lines"),
        ({"x509Certificates": [{"value": "no base64!"}]}, ("x509Certificates", 0, "value"), "DER certificate"),
        ({"x509Certificates": [{"value": "aGVsbG8="}]}, ("x509Certificates", 0, "value"), "DER certificate"),
        ({"x509Certificates": [{"value": CERTIFICATE[:-8]}]}, ("x509Certificates", 0, "value"), "DER certificate"),
        ({BADGE.urn: {"floor": "three"}}, (BADGE.urn, "floor"), 'found "three"; expected an integer'),
        ({BADGE.urn: {"floor": True}}, (BADGE.urn, "floor"), "expected an integer"),
        ({BADGE.urn: {"height": "tall"}}, (BADGE.urn, "height"), "expected a number"),
        ({BADGE.urn: {"height": "nan"}}, (BADGE.urn, "height"), "expected a number"),
        ({BADGE.urn: {"since": "yesterday"}}, (BADGE.urn, "since"), "expected a date and time such as"),
        ({BADGE.urn: {"colours": ["red", 5]}}, (BADGE.urn, "colours", 1), "put it in quotes"),
    ],
)
def test_a_wrong_value(attributes: dict[str, Any], path: tuple[str | int, ...], words: str) -> None:
    found = mistakes(attributes)
    assert [place for place, _message in found] == [path]
    assert words in found[0][1]


@pytest.mark.parametrize("second", [True, "yes", "TRUE", "on"])
def test_two_primaries(second: Any) -> None:
    found = mistakes({"emails": [{"value": "a@example.com", "primary": True}, {"value": "b@example.com", "primary": second}]})
    assert found == [(("emails",), "more than one element has primary: true; expected at most one")]


def test_every_mistake_at_once() -> None:
    found = mistakes(
        {
            "title": False,
            "name": {"familyName": 5, "givenName": []},
            "emails": [{"value": "a"}, {"value": "b@example.com"}, {"value": "c", "primary": "si"}, {"type": "work"}],
            "timezone": "Mars",
        }
    )
    assert {path for path, _message in found} == {
        ("title",),
        ("name", "familyName"),
        ("name", "givenName"),
        ("emails", 0, "value"),
        ("emails", 2, "value"),
        ("emails", 2, "primary"),
        ("emails", 3, "value"),
        ("timezone",),
    }


@pytest.mark.parametrize("password", [12345678, True, 1.5])
def test_a_password_is_in_no_message(password: Any) -> None:
    [(path, message)] = mistakes({"password": password})
    assert path == ("password",)
    assert message == "found a value that is not text; expected text: put it in quotes"


def test_a_long_value_is_quoted_short() -> None:
    [(_path, message)] = mistakes(email("x" * 500))
    assert len(message) < 150


@pytest.mark.parametrize(
    "attributes",
    [
        *(
            email(value)
            for value in (
                "bjensen@example.com",
                "o'brien+scim/x=y@example.co.uk",
                "!#$%&'*+-/=?^_`{|}~@example.org",
                '"Barbara Jensen"@example.com',
                '"a@b \\"c\\""@example.com',
                "root@localhost",
                "b@[192.0.2.1]",
                "b@xn--bcher-kva.example",
                "用户@例え.jp",
                "éric@exämple.fr",
            )
        ),
        *(
            phone(value)
            for value in (
                "+1-201-555-0123",
                "tel:+1-201-555-0123",
                "TEL:+44-20-7946-0958;ext=123",
                "tel:863-1234;phone-context=+1-914-555",
                "tel:7042;phone-context=example.com",
                "+1 (201) 555 0123",
                "(0)30/12 34 56",
                "+49.30.123456",
                "555-0123 x1234",
                "+1 201 555 0123 ext. 12",
                "112",
            )
        ),
        *({"profileUrl": value} for value in ("https://example.com/b", "urn:uuid:1", "HTTP://example.com", "https://例え.jp/")),
        *({"locale": value} for value in ("de", "en-US", "zh-Hant-TW", "sr-Latn", "es-419", "de-DE-u-co-phonebk", "x-klingon", "")),
        *(
            {"preferredLanguage": value}
            for value in ("fr", "da, en-gb;q=0.8, en;q=0.7", "de-CH,fr;q=0.5,*;q=0.1", "en-US ; q=1.000", "*", "")
        ),
        *({"timezone": value} for value in ("America/Los_Angeles", "Europe/Paris", "UTC", "America/Argentina/Buenos_Aires")),
        *({"x509Certificates": [{"value": value}]} for value in (CERTIFICATE, "\n".join((CERTIFICATE[:64], CERTIFICATE[64:])), "MAMCAQI=")),
        *(
            {"userName": name, "name": {"familyName": name, "givenName": "X"}, "displayName": name}
            for name in (
                "O'Brien",
                "Nguyễn Thị Minh Khai",
                "d\u2019Artagnan-Smith, Jr.",
                "李小龍",
                "محمد",
                "X Æ A-12",
                "Null",
                "von der Leyen",
                "🙂",
            )
        ),
        {"addresses": [{"formatted": "100 Universal City Plaza\nHollywood, CA 91608 USA\r\n\t", "country": "USA", "display": "Office"}]},
        {"addresses": [{"type": "work"}, {"type": "home", "postalCode": "01234", "country": "NO"}]},
        {"emails": [{"value": "a@example.com", "type": "work"}, {"value": "a@example.com", "type": "home"}]},
        {"emails": [{"value": "a@example.com", "type": "anything else", "primary": False}]},
        {"title": None, "emails": None, "name": {"middleName": None}, "active": None},
        {"password": "with\x07bell, which is nobody's business"},
        {"meta": {"resourceType": "User", "version": 'W/"a330bc54f0671c9"', "created": "2010-01-23T04:56:22Z"}},
        {"x-unknown": {"anything": [1, None]}},
        {USER.extensions[0].urn: {"employeeNumber": "00123", "manager": {"value": "26118915", "$ref": "../Users/26118915"}}},
        {USER.extensions[0].urn: {"manager": {"value": "2", "$ref": "https://example.com/v2/Users/2"}}},
    ],
)
def test_a_right_value(attributes: dict[str, Any]) -> None:
    checked, found = check(USER, attributes)
    assert found == []
    assert checked == attributes


@pytest.mark.parametrize(
    ("attributes", "checked"),
    [
        ({"active": "yes"}, {"active": True}),
        ({"active": "OFF"}, {"active": False}),
        ({"emails": [{"value": "a@example.com", "primary": "true"}]}, {"emails": [{"value": "a@example.com", "primary": True}]}),
        ({BADGE.urn: {"floor": "3", "height": "1.75"}}, {BADGE.urn: {"floor": 3, "height": 1.75}}),
        ({BADGE.urn: {"floor": -3, "height": 2}}, {BADGE.urn: {"floor": -3, "height": 2.0}}),
    ],
)
def test_a_text_takes_the_type_of_its_attribute(attributes: dict[str, Any], checked: dict[str, Any]) -> None:
    assert check(BADGED, attributes) == (checked, [])


def test_what_is_checked_is_not_changed() -> None:
    attributes = {"emails": [{"value": "a@example.com", "primary": "true"}]}
    check(USER, attributes)
    assert attributes == {"emails": [{"value": "a@example.com", "primary": "true"}]}


def test_a_group_has_rules_as_well() -> None:
    assert check(GROUP, {"displayName": "Sales"}) == ({"displayName": "Sales"}, [])
    assert [mistake.path for mistake in check(GROUP, {"displayName": 5})[1]] == [("displayName",)]
