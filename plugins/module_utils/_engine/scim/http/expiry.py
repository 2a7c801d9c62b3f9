# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a credential expires: a warning before that, and the reason for a 401 after it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from ...wording import counted
from .connection import Connection
from .jwt import claims_of, instant_of

TOKEN_EXPIRES = "token_expires"
NOTICE = timedelta(days=14)
BRIEF = timedelta(days=1)  # a token with a shorter life was issued for this run, and is not renewed by hand
_CHALLENGE = re.compile(r"""\b(error|error_description)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Expiry:
    """The end ``at`` of the credential of an ``option``, and its ``source``, such as ``token_expires``."""

    option: str
    at: datetime
    source: str
    brief: bool = False

    def has_passed(self, now: datetime) -> bool:
        return now >= self.at

    def warning(self, now: datetime) -> str:
        """What to renew, from 14 days before the end; else nothing."""
        if not self.has_passed(now) and (self.brief or now < self.at - NOTICE):
            return ""
        return f"{self.description(now)} {self.remedy}"

    def description(self, now: datetime) -> str:
        """A sentence that says when it expires, or that it has expired."""
        days = (self.at.date() - now.date()).days
        if days == 0 and (self._is_day or not self.has_passed(now)):
            verb = "expires today,"
        else:
            verb = "expired" if self.has_passed(now) else f"expires in {counted(days, 'day')},"
        return f"{self.option} {verb} on {self.at:%Y-%m-%d}{'' if self._is_day else f' at {self.at:%H:%M} UTC'} ({self.source})."

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return f"Create a new one, and set {self.option}{f' and {self.source}' if self._is_day else ''}."

    @property
    def _is_day(self) -> bool:
        """A claim has a time; what people set is a day."""
        return self.source == TOKEN_EXPIRES


def jwt_expiry(option: str, token: str) -> Expiry | None:
    """When a JWT expires, by its own claim; None if it is no JWT, or has none."""
    claims = claims_of(token)
    end, begin = instant_of(claims, "exp"), instant_of(claims, "iat")
    if end is None:
        return None
    return Expiry(option, end, "its claim exp", brief=begin is not None and end - begin <= BRIEF)


def expiry_of(connection: Connection) -> Expiry | None:
    """When the stored secret of a connection expires, as far as its options tell. A JWT knows it best."""
    option = connection.secret_option
    if known := jwt_expiry(option, connection.token or connection.client_assertion or ""):
        return known
    if connection.token_expires is None or option.startswith("client_assertion"):
        return None
    return Expiry(option, datetime.combine(connection.token_expires, time.min, UTC), TOKEN_EXPIRES)


def challenge(headers: Mapping[str, str]) -> tuple[str, str]:
    """The error code and the description that a 401 has in its header (RFC 6750 §3), or nothing."""
    found = {name.lower(): quoted or plain for name, quoted, plain in _CHALLENGE.findall(headers.get("WWW-Authenticate", ""))}
    return found.get("error", ""), found.get("error_description", "")


def is_expired(headers: Mapping[str, str]) -> bool:
    """Whether a 401 says for certain that the token expired. Many descriptions only repeat all that ``invalid_token`` may mean."""
    code, description = challenge(headers)
    words = set(re.findall(r"[a-z]+", description.lower()))
    return code == "invalid_token" and "expired" in words and not words & {"or", "not"}
