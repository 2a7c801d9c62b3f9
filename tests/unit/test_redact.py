# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are masked by name in bodies, and by value in text."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.redact import (
    Redactor,
    is_secret,
    masked,
    passwords,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Refused

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("password", True), ("PassWord", True), ("pass_word", True), (f"{CORE}:password", True), ("passwords", False), ("path", False)],
)
def test_what_names_a_password(name: str, expected: bool) -> None:
    assert is_secret(name) is expected


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"userName": "kim", "Password": "s3cret"}, {"userName": "kim", "Password": "********"}),
        ({"op": "replace", "path": "password", "value": "s3cret"}, {"op": "replace", "path": "password", "value": "********"}),
        ({"op": "replace", "path": "title", "value": "Lead"}, None),
        ({"op": "add", "value": {"password": "s3cret"}}, {"op": "add", "value": {"password": "********"}}),
        (
            {"Operations": [{"method": "POST", "path": "/Users", "data": {"password": "s3cret", "emails": [{"value": "k@x.org"}]}}]},
            {"Operations": [{"method": "POST", "path": "/Users", "data": {"password": "********", "emails": [{"value": "k@x.org"}]}}]},
        ),
        ({"changePassword": {"supported": True}, "password": None}, None),
        (None, None),
    ],
)
def test_passwords_in_a_body(body: Any, shown: Any) -> None:
    assert masked(body) == (body if shown is None else shown)
    assert passwords(body) == ([] if shown is None else ["s3cret"])


@pytest.mark.parametrize("text", ["a/b+c=d &x", "a%2Fb%2Bc%3Dd%20%26x", "a%2Fb%2Bc%3Dd+%26x", "a/b+c=d &amp;x"])
def test_a_secret_is_masked_in_each_form(text: str) -> None:
    assert Redactor(["a/b+c=d &x"])(f"<{text}>") == "<********>"


def test_a_secret_is_masked_as_json_writes_it() -> None:
    assert Redactor(['jürgen"s'])('{"x": "j\\u00fcrgen\\"s"}') == '{"x": "********"}'


def test_a_short_secret_is_masked_only_as_a_whole_word() -> None:
    assert Redactor(["1", "", "sevenxx"])("10% of 1, sevenxxx") == "10% of ********, sevenxxx"
    assert Redactor(["eight-xx"])("eight-xxx") == "********x"


def test_the_longest_of_two_secrets_is_masked_whole() -> None:
    assert Redactor(["password", "password-of-kim"])("password-of-kim") == "********"


def test_later_secrets_and_those_of_one_request() -> None:
    redact = Redactor(["first-secret"])
    assert redact("first-secret later-secret") == "******** later-secret"
    redact.add("later-secret")
    more = redact.including(["own-secret"])
    assert redact("first-secret later-secret own-secret") == "******** ******** own-secret"
    assert more("first-secret later-secret own-secret") == "******** ******** ********"
    assert redact.including([]) is redact


def test_errors_that_pass_are_masked() -> None:
    with pytest.raises(Refused) as caught, Redactor(["hunter22"]).errors():
        raise Refused("hunter22 is weak", 400, "invalidValue", "no: hunter22")
    assert (str(caught.value), caught.value.detail) == ("******** is weak", "no: ********")


# -- data, and text that was cut -----------------------------------------------------------------------------------------------------------


def test_data_is_masked_by_value_and_only_where_a_secret_is_whole() -> None:
    data = {
        "userName": "bjensen@example.com",
        "nickName": "bjensen@example.com!1",
        "emails": [{"value": "bjensen@ex", "s3cret-as-key": True}],
    }
    assert Redactor(["bjensen@example.com!1", "s3cret-as-key"]).mask(data) == {
        "userName": "bjensen@example.com",
        "nickName": "********",
        "emails": [{"value": "bjensen@ex", "********": True}],
    }


@pytest.mark.parametrize(
    "text", ["Y29ycmVjdCBob3JzZSE=", "correct%20horse%21", "correct\n horse!", "636f727265637420686f72736521", "Y29ycm\nVjdCBo b3JzZSE="]
)
def test_data_is_masked_in_each_encoding(text: str) -> None:
    assert Redactor(["correct horse!"]).mask([f"({text})"])[0] in ("(********)", "(********=)")


@pytest.mark.parametrize("end", ["…", "...", "", '".', "…) is weak", "%2", "&#4"])
def test_a_secret_that_the_provider_cut(end: str) -> None:
    assert Redactor(["correct/horse+battery"])(f"Too weak: (correct/hor{end}") == f"Too weak: (********{end}"


def test_data_with_hex_among_letters_is_masked() -> None:
    assert Redactor(["correct horse!"]).mask("x0636f727265637420686f72736521y") == "x0********y"


def test_a_word_that_a_secret_begins_with_stays() -> None:
    assert Redactor(["password-of-kim"])("The password was refused.") == "The password was refused."


def test_one_of_a_hundred_thousand_secrets() -> None:
    redact = Redactor(f"password-{number}-of-somebody" for number in range(100_000))
    assert redact.mask(["a text", "password-77777-of-somebody", "password-100000-of-somebody"]) == [
        "a text",
        "********",
        "password-100000-of-somebody",
    ]
