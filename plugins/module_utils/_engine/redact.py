# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks secrets: by name in bodies, by argument spec in a task's parameters, by value in text."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

from .scim.errors import Refused, ScimError
from .scim.names import fold
from .wording import MASK, visible

LONG = 8  # a shorter secret is masked only as a whole word: a header value "1" must not turn 10% into ********0%


def is_secret(name: str) -> bool:
    """Whether an attribute, or the path of a PATCH operation, is a password; in any spelling, and with any URN before it."""
    return fold(name).endswith("password")


def masked(body: Any) -> Any:
    """A resource, a PATCH or a bulk request with its passwords masked."""
    return _replace_passwords(body, lambda password: MASK)


def passwords(body: Any) -> list[str]:
    """The passwords in a resource, a PATCH or a bulk request. Providers may repeat a refused password in their message."""
    found: list[str] = []
    _replace_passwords(body, found.append)  # only to visit them; the copy is discarded
    return found


def _replace_passwords(body: Any, replacement: Callable[[str], Any]) -> Any:
    if isinstance(body, list):
        return [_replace_passwords(item, replacement) for item in body]
    if not isinstance(body, dict):
        return body
    sets_password = is_secret(str(body.get("path", "")))  # a PATCH operation (RFC 7644 §3.5.2)
    return {
        key: replacement(value)
        if isinstance(value, str) and (is_secret(key) or (sets_password and key == "value"))
        else _replace_passwords(value, replacement)
        for key, value in body.items()
    }


def secret_parameters(spec: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    """The values of all options with ``no_log``, by name and alias, even if other parameters are not valid."""
    for name, option in spec.items():
        for value in (given[spelling] for spelling in (name, *option.get("aliases", ())) if given.get(spelling)):
            if option.get("no_log"):
                yield str(value)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Mapping):
                    yield from secret_parameters(option.get("options") or {}, item)


class Redactor:
    """Masks secrets in text, also in the encodings of URLs, HTML and JSON, and as ``visible`` shows it. Thread-safe."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets = frozenset(secrets)
        self._pattern: re.Pattern[str] | None = None  # compiled on first use: most requests succeed

    def __call__(self, text: str) -> str:
        with self._lock:
            if self._pattern is None:
                longest_first = sorted({form for secret in self._secrets if secret for form in _forms(secret)}, key=len, reverse=True)
                self._pattern = re.compile("|".join(map(_pattern, longest_first)) or "(?!)")
            return self._pattern.sub(MASK, text)

    def add(self, secret: str) -> None:
        """Mask one more secret, such as a token that was just issued."""
        with self._lock:
            self._secrets |= {secret}
            self._pattern = None

    def including(self, secrets: Iterable[str]) -> Redactor:
        """A redactor that masks more secrets, such as those of a single request."""
        more = tuple(secrets)
        return Redactor((*self._secrets, *more)) if more else self

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Mask secrets in each error that leaves the block."""
        try:
            yield
        except ScimError as error:
            error.args = tuple(map(self, error.args))
            if isinstance(error, Refused):
                error.detail = self(error.detail)
            raise


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), quote_plus(secret), html.escape(secret), json.dumps(secret)[1:-1], visible(secret)}


def _pattern(secret: str) -> str:
    return re.escape(secret) if len(secret) >= LONG else rf"(?<!\w){re.escape(secret)}(?!\w)"
