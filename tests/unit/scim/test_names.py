# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spellings of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.names import fold, join_path, snake

URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("userName", "user_name"),
        ("x509Certificates", "x509_certificates"),
        ("id", "id"),
        ("$ref", "ref"),
        ("profileUrl", "profile_url"),
        ("honorificPrefix", "honorific_prefix"),
        ("user_name", "user_name"),
        (URN, URN),
        ("URN:Example:My_Ext:1.0:User", "URN:Example:My_Ext:1.0:User"),
    ],
)
def test_snake(name: str, option: str) -> None:
    assert snake(name) == option


@pytest.mark.parametrize(
    "spellings",
    [
        ("userName", "user_name", "USERNAME", "UserName", "USER_NAME", " userName "),
        ("x509Certificates", "x509_certificates", "X509CERTIFICATES"),
        ("$ref", "ref", "$REF"),
        (URN, URN.upper(), URN.lower()),
    ],
)
def test_spellings_of_one_name(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


def test_other_names_are_not_equal() -> None:
    assert fold("name") != fold("userName")
    assert fold("urn:example:my_ext") != fold("urn:example:myext"), "an underscore is part of a URN"


@given(st.from_regex(r"\$?[a-z][a-z0-9]*([A-Z][a-z0-9]+)*", fullmatch=True))
def test_round_trip(name: str) -> None:
    assert fold(snake(name)) == fold(name) == fold(fold(name))
    assert snake(snake(name)) == snake(name)


@pytest.mark.parametrize(
    ("path", "parts", "expected"),
    [
        ("emails", (0, "value"), "emails[0].value"),
        ("", ("users", 3), "users[3]"),
        ("", (3, "name"), "[3].name"),
        ("a", (), "a"),
        ("a.b", ("c",), "a.b.c"),
    ],
)
def test_join_path(path: str, parts: tuple[str | int, ...], expected: str) -> None:
    assert join_path(path, *parts) == expected
