# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A warning before a credential expires, and a 401 that is called expired only where that is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.connection import Connection
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.expiry import Expiry, expiry_of, is_expired

from .test_jwt import jwt

URL = "https://scim.example.com/v2"
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
OAUTH = {"client_id": "me", "token_url": "https://id.example.com/token"}


def expiry(**options: Any) -> Expiry | None:
    return expiry_of(Connection(URL, **options))


def seconds(**ahead: float) -> float:
    return (NOW + timedelta(**ahead)).timestamp()


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (date(2026, 12, 15), ""),
        (date(2026, 12, 14), "token expires in 14 days, on 2026-12-14 (token_expires). Create a new one, and set token and token_expires."),
        (date(2026, 12, 1), "token expires in 1 day, on 2026-12-01 (token_expires). Create a new one, and set token and token_expires."),
        (date(2026, 11, 30), "token expires today, on 2026-11-30 (token_expires). Create a new one, and set token and token_expires."),
        (date(2026, 11, 29), "token expired on 2026-11-29 (token_expires). Create a new one, and set token and token_expires."),
    ],
)
def test_a_date_is_warned_of(end: date, expected: str) -> None:
    found = expiry(token="opaque", token_expires=end)
    assert found is not None
    assert found.warning(NOW) == expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"exp": seconds(days=15)}, ""),
        ({"exp": seconds(days=3)}, "token expires in 3 days, on 2026-12-03 at 12:00 UTC (its claim exp). Create a new one, and set token."),
        ({"exp": seconds(days=3), "iat": seconds(days=-300)}, "token expires in 3 days"),
        ({"exp": seconds(hours=3), "iat": seconds(days=-300)}, "token expires today, on 2026-11-30 at 15:00 UTC"),
        ({"exp": seconds(hours=1), "iat": seconds()}, ""),  # issued for this run
        ({"exp": seconds(hours=-1), "iat": seconds(hours=-2)}, "token expired on 2026-11-30 at 11:00 UTC (its claim exp)."),
    ],
)
def test_a_jwt_says_when_it_expires(claims: dict[str, Any], expected: str) -> None:
    found = expiry(token=jwt(claims), token_expires=date(2026, 11, 1))  # which somebody forgot to change
    assert found is not None
    assert found.warning(NOW)[: len(expected) or None] == expected


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"token": "opaque"}, "token"),
        ({"token": jwt(sub="no end")}, "token"),
        ({**OAUTH, "client_secret": "secret"}, "client_secret"),
        ({"url_username": "me", "url_password": "secret"}, "url_password"),
    ],
)
def test_the_option_that_has_the_secret_is_named(options: dict[str, Any], option: str) -> None:
    assert expiry(**options) is None
    found = expiry(**options, token_expires=date(2026, 12, 1))
    assert found is not None
    assert (found.option, found.source) == (option, "token_expires")


def test_a_stored_assertion_says_when_it_expires_itself() -> None:
    found = expiry(**OAUTH, client_assertion=jwt(exp=seconds(days=3)))
    assert found is not None
    assert found.warning(NOW).startswith("client_assertion expires in 3 days")
    for renewed in ({"client_assertion_file": "/run/jwt"}, {"client_assertion_from": "github"}, {"client_assertion": jwt(sub="me")}):
        assert expiry(**OAUTH, **renewed, token_expires=date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Bearer realm="scim", error="invalid_token", error_description="The access token expired"', True),
        ("Bearer error=invalid_token, error_description='x', error_description=\"Token has EXPIRED.\"", True),
        ('DPoP algs="ES256", Bearer error_description="Expired token", error="invalid_token"', True),
        ('Bearer error="invalid_token", error_description="The access token is expired, revoked, or malformed"', False),
        ('Bearer error="invalid_token", error_description="The access token is invalid or expired"', False),
        ('Bearer error="invalid_token", error_description="The token has not expired, its issuer is unknown"', False),
        ('Bearer error="invalid_token", error_description="The signature is invalid"', False),
        ('Bearer error="invalid_request", error_description="The access token expired"', False),
        ('Bearer error="invalid_token"', False),
        ("Bearer", False),
    ],
)
def test_only_a_clear_challenge_is_called_expired(header: str, expected: bool) -> None:
    assert is_expired({"WWW-Authenticate": header}) is expected
    assert not is_expired({})
