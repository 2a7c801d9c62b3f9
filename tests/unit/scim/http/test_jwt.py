# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The claims of a JWT are read, whatever the text is."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.jwt import claims_of, instant_of, is_jwt


def jwt(claims: Any = None, **more: Any) -> str:
    """A JWT with these claims, and a signature that nobody verifies."""
    parts = {"alg": "RS256"}, {**(claims or {}), **more}
    return ".".join([*(encoded(json.dumps(part).encode()) for part in parts), "c2lnbmF0dXJl"])


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@pytest.mark.parametrize("length", range(4))
def test_the_padding_of_base64_is_missing_in_a_jwt(length: int) -> None:
    assert claims_of(jwt(sub="x" * length, name="jürgen")) == {"sub": "x" * length, "name": "jürgen"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "opaque-token",
        "a.b",
        f"{jwt(sub='x')} ",
        f"{encoded(b'{}')}.{encoded(b'[1]')}.x",
        f"x.{encoded(b'[' * 100_000)}.x",
        f"x.{encoded(bytes([255, 254]))}.x",
        "x.x.x",
        f"{jwt(sub='x')}.x.x",
    ],
)
def test_other_texts_have_no_claims(text: str) -> None:
    assert claims_of(text) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (jwt(sub="x"), True), ("a.b.c.d.e", True), ("a.b.", True), ("a.b.c.d", False), ("a.b", False), ("a b.c.d", False), ("", False),
        ("a.b.c\n", False),
    ],
)  # fmt: skip
def test_the_form_of_a_jwt(text: str, expected: bool) -> None:
    assert is_jwt(text) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1800000000, datetime(2027, 1, 15, 8, 0, tzinfo=UTC)),
        (1800000000.0, datetime(2027, 1, 15, 8, 0, tzinfo=UTC)),
        (True, None),
        ("1800000000", None),
        (1e300, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_the_instant_of_a_claim(value: Any, expected: datetime | None) -> None:
    assert instant_of({"exp": value}, "exp") == expected
    assert instant_of({}, "exp") is None
