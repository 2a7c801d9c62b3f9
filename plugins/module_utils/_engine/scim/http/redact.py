# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps secrets out of what people read, even where the provider repeats them."""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

from ...wording import MASK
from ..errors import Refused, ScimError
from ..names import fold
from .connection import Connection

LONG = 8  # a shorter secret is masked only where it stands alone: a header value "1" must not turn 10% into ***0%


def basic(username: str, password: str) -> str:
    """The credential of RFC 7617, which knows UTF-8."""
    return base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def secrets_of(connection: Connection) -> Iterator[str]:
    """Everything in a connection that must not be read by people."""
    yield from (secret for secret in (connection.token, connection.client_secret, connection.url_password) if secret)
    yield from connection.http_headers.values()
    if connection.url_username:
        yield basic(connection.url_username, connection.url_password or "")


def passwords(body: Any) -> Iterator[str]:
    """The passwords in a resource, a PATCH or a bulk request: a provider likes to say which one is too weak."""
    if isinstance(body, list):
        for item in body:
            yield from passwords(item)
    elif isinstance(body, dict):
        named = fold(str(body.get("path", ""))).endswith("password")
        for key, value in body.items():
            if isinstance(value, str) and (fold(key).endswith("password") or (named and key == "value")):
                yield value
            else:
                yield from passwords(value)


class Redactor:
    """Replaces secrets in text, as they are and as URLs, HTML and JSON write them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets = frozenset(secrets)
        self._pattern: re.Pattern[str] | None = None  # made when it is needed: most requests succeed

    def __call__(self, text: str) -> str:
        with self._lock:
            if self._pattern is None:
                longest_first = sorted({form for secret in self._secrets if secret for form in _forms(secret)}, key=len, reverse=True)
                self._pattern = re.compile("|".join(map(_pattern, longest_first)) or "(?!)")
            return self._pattern.sub(MASK, text)

    def add(self, *secrets: str) -> None:
        """Know more secrets, such as a token that was just given out."""
        with self._lock:
            self._secrets |= frozenset(secrets)
            self._pattern = None

    def including(self, secrets: Iterable[str]) -> Redactor:
        """This one, and the secrets of one request."""
        more = tuple(secrets)
        return Redactor((*self._secrets, *more)) if more else self

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Whatever error passes here holds no secret."""
        try:
            yield
        except ScimError as error:
            error.args = (self(str(error)),)
            if isinstance(error, Refused):
                error.detail = self(error.detail)
            raise


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), quote_plus(secret), html.escape(secret), json.dumps(secret)[1:-1]}


def _pattern(secret: str) -> str:
    return re.escape(secret) if len(secret) >= LONG else rf"(?<!\w){re.escape(secret)}(?!\w)"
