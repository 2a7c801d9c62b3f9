# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters (RFC 7644 §3.4.2.2): written for a provider, and read from options. ``filter_tree.py`` evaluates them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from ..errors import Invalid
from .filter_tree import OPERATORS, Comparison, Filter, Junction, Path, Present, Value, ValuePath, quote
from .types import Attribute

__all__ = ["Filter", "any_of", "equals", "parse", "quote"]

_DEEPEST = 50
# A text in quotes, a bracket, a word; and last, a quote that is never closed.
_TOKEN = re.compile(r"""("(?:[^"\\\x00-\x1f]|\\.)*"|[()\[\]]|[^\s()\[\]"]+|")""")
_PATH = re.compile(r"(?:urn:[^\s\"]+:)?\$?[a-z][\w-]*(?:\.\$?[a-z][\w-]*)*", re.ASCII | re.IGNORECASE)
_LITERAL = re.compile(r'".*"|true|false|null|-?[0-9][0-9.eE+-]*', re.DOTALL)
_VALUE = "a value (a text in double quotes with JSON's escapes, a number, true, false or null)"


def equals(path: str, value: Value) -> str:
    """Return the filter for one value, such as ``userName eq "bjensen"``."""
    return f"{path} eq {quote(value)}"


def any_of(*filters: str) -> str:
    """Return the filter that matches what at least one of these matches; ``and`` in them binds tighter."""
    return " or ".join(filters)


def parse(text: str, root: Attribute | None = None, option: str = "filter") -> Filter:
    """Parse a filter. With a root, its attributes and values are checked against that schema too.

    :raises Invalid: with the option and the place of the mistake.
    """
    try:
        parsed = _Parser(text).whole()
        if root is not None:
            parsed.check(root)
    except Invalid as mistake:
        raise Invalid(f"{option}: {mistake}") from None
    return parsed


class _Token(NamedTuple):
    text: str
    at: int


class _Parser:
    """Recursive descent over the grammar of RFC 7644 §3.4.2.2, Figure 1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [_Token(match[1], match.start(1)) for match in _TOKEN.finditer(text)]
        self._tokens.append(_Token("", len(text)))
        self._next = 0

    def whole(self) -> Filter:
        parsed = self._either(0)
        self._expect("", '"and", "or" or the end')
        return parsed

    def _either(self, depth: int) -> Filter:
        return self._joined("or", lambda: self._joined("and", lambda: self._term(depth)))

    def _joined(self, word: str, part: Callable[[], Filter]) -> Filter:
        parts = [part()]
        while self._skip(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))

    def _term(self, depth: int) -> Filter:
        if depth > _DEEPEST:  # Python's stack is finite
            self._wrong(f"at most {_DEEPEST} levels of parentheses and brackets")
        negated = self._skip("not")
        if negated or self._token.text == "(":
            self._expect("(", '"(" after "not"')
            inner = self._closed(")", depth)
            return Junction("not", (inner,)) if negated else inner
        path = self._path()
        if self._skip("["):
            return ValuePath(path, self._closed("]", depth))
        return self._expression(path)

    def _closed(self, bracket: str, depth: int) -> Filter:
        inner = self._either(depth + 1)
        self._expect(bracket, f'"and", "or" or "{bracket}"')
        return inner

    def _path(self) -> Path:
        if not _PATH.fullmatch(self._token.text):
            self._wrong('the name of an attribute, "not" or "("')
        return Path(self._take().text)

    def _expression(self, path: Path) -> Filter:
        name = self._token.text.lower()
        if name not in OPERATORS:
            self._wrong(f"one of the operators {', '.join(OPERATORS)}")
        self._take()
        return Present(path) if name == "pr" else Comparison(path, name, self._literal())

    def _literal(self) -> Value:
        text = self._token.text
        text = text.lower() if text.lower() in ("true", "false", "null") else text
        try:
            value: Value = json.loads(text if _LITERAL.fullmatch(text) else "")
            quote(value)  # refuses a number that is too large
        except ValueError:
            value = self._wrong(_VALUE)
        self._take()
        return value

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _skip(self, text: str) -> bool:
        found = self._token.text.lower() == text
        self._next += found
        return found

    def _expect(self, text: str, expected: str) -> None:
        if self._token.text != text:
            self._wrong(expected)
        self._next += 1

    def _wrong(self, expected: str) -> NoReturn:
        found, at = self._token
        around = self._text[max(0, at - 60) : at + 60]
        raise Invalid(f"character {at + 1}: expected {expected}, found {found[:40] or 'the end'} in: {around or '(empty)'}")
