# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters (RFC 7644 §3.4.2.2): written for a provider, read from options, and evaluated on resources. Where the RFC leaves room:

- ``ne`` is exactly ``not eq``. So it matches a resource without the attribute (null is not the value, RFC 7643 §2.5), and one with several
  values only if none of them is the value: ``emails.value ne "x"`` and ``emails.value eq "x"`` never both match.
- ``eq null`` is exactly ``not pr``: absent, null, empty, or with empty parts only.
- A complex attribute without a sub-attribute is compared by its ``value``.
- A value of another type than the literal is not equal to it, and neither greater nor less; ``check`` refuses such a filter.
"""

from __future__ import annotations

import json
import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeAlias

from ...wording import nearest
from ..errors import Invalid
from ..names import URN, fold
from .identity import text_key
from .overlay import instant, name_in
from .resource import is_core
from .types import Attribute, Returned, Type

Value: TypeAlias = "str | bool | int | float | None"
_TEXTUAL: dict[str, Callable[[str, str], bool]] = {"co": operator.contains, "sw": str.startswith, "ew": str.endswith}
_ORDERING: dict[str, Callable[[Any, Any], bool]] = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}
OPERATORS = ("eq", "ne", *_TEXTUAL, "pr", *_ORDERING)
_EXACT = ("eq", "ne", "pr")
# By an attribute's type: the type of a literal, how it is written, and the operators. Booleans and binaries have no order (§3.4.2.2).
_TEXT = "a text in double quotes"
_RULES: dict[Type, tuple[type, str, tuple[str, ...]]] = {
    Type.BOOLEAN: (bool, "true or false, without quotes", _EXACT),
    Type.BINARY: (str, _TEXT, _EXACT),
    Type.INTEGER: (float, "a number, without quotes", (*_EXACT, *_ORDERING)),
    Type.DECIMAL: (float, "a number, without quotes", (*_EXACT, *_ORDERING)),
    Type.DATE_TIME: (datetime, 'a date and time such as "2026-01-31T00:00:00Z"', OPERATORS),
}

_DEEPEST = 50
# A text in quotes, a bracket, a word; and last, a quote that is never closed.
_TOKEN = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"|[()\[\]]|[^\s()\[\]"]+|"')
_PATH = re.compile(r"(?:urn:[^\s\"]+:)?\$?[a-z][\w-]*(?:\.\$?[a-z][\w-]*)*", re.ASCII | re.IGNORECASE)
_LITERAL = re.compile(r'".*"|true|false|null|-?[0-9][0-9.eE+-]*', re.DOTALL)
_VALUE = "a value (a text in double quotes with JSON's escapes, a number, true, false or null)"


def quote(value: Value) -> str:
    """Return the value as a filter's literal: JSON, so that nothing in a text can end it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def equals(path: str, *values: Value) -> str:
    """Return the filter for one of these values, such as ``userName eq "bjensen" or userName eq "jsmith"``."""
    return " or ".join(f"{path} eq {quote(value)}" for value in values)


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


class Filter(ABC):
    """A node of the tree; the whole filter is a node too."""

    __slots__ = ()

    @abstractmethod
    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        """Whether a body with the attributes of root matches."""

    @abstractmethod
    def check(self, root: Attribute) -> None:
        """Raise Invalid where it can never match with the attributes of root."""

    @abstractmethod
    def paths(self) -> Iterator[str]:
        """Yield the paths that ``matches`` needs in the body."""


@dataclass(frozen=True, slots=True)
class _AtPath(Filter):
    """What asks for the values at a path: ``userName``, ``name.familyName`` or either behind the URN of its schema (RFC 7644 §3.10)."""

    path: str

    def paths(self) -> Iterator[str]:
        yield self.path

    def attribute(self, root: Attribute) -> Attribute:
        """Return the attribute at the end of the path; Invalid where root has none."""
        for name in self._names(root):
            found = root.sub(name)
            if found is None:
                raise Invalid(f'"{self.path}": {root.name} has no attribute "{name}".{_hint(root, name)}')
            root = found
        return root

    def values(self, root: Attribute, body: Mapping[str, Any]) -> tuple[Attribute, list[Any]]:
        """Return the attribute and its values in the body, as one flat list. An unknown attribute is compared as text in any case."""
        found: list[Any] = [body]
        for name in self._names(root):
            root = root.sub(name) or Attribute(name)
            found = [value for item in found for value in _read(item, root.name)]
        return root, found

    def _names(self, root: Attribute) -> tuple[str, ...]:
        # A URN has dots and colons of its own, so only the last colon can end it, unless the path is an extension as a whole.
        if not self.path.lower().startswith(URN):
            return tuple(self.path.split("."))
        if root.sub(self.path):
            return (self.path,)
        urn, _colon, rest = self.path.rpartition(":")
        names = tuple(rest.split("."))
        return names if is_core(urn, root) else (urn, *names)


@dataclass(frozen=True, slots=True)
class Comparison(_AtPath):
    """``userName eq "bjensen"``. ``title pr`` has no value, and so it is ``title ne null``."""

    operator: str
    value: Value

    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        attribute, found = self.values(root, body)
        if self.operator in ("ne", "pr"):
            return not self._any("eq", attribute, found)
        return self._any(self.operator, attribute, found)

    def _any(self, name: str, attribute: Attribute, found: list[Any]) -> bool:
        if self.value is None:
            return name == "eq" and not _present(found)
        if attribute.is_complex:
            found = [value for item in found for value in _read(item, "value")]
            attribute = attribute.sub("value") or Attribute("value")
        return any(_compare(name, attribute, value, self.value) for value in found)

    def check(self, root: Attribute) -> None:
        attribute = self.attribute(root)
        if attribute.is_complex and self.value is not None:
            value, subs = attribute.sub("value"), [sub.name for sub in attribute.sub_attributes]
            if value is None:
                self._refuse(f"the attribute has several parts ({', '.join(subs)}); use one of them, such as {self.path}.{subs[0]}")
            attribute = value
        if attribute.returned is Returned.NEVER:
            self._refuse("providers never return this attribute")
        literal, description, operators = _RULES.get(attribute.type, (str, _TEXT, OPERATORS))
        if self.operator not in (_EXACT if self.value is None else operators):  # null is neither less than a value nor a part of a text
            operand = "null" if self.value is None else f"values of type {attribute.type}"
            self._refuse(f'"{self.operator}" cannot be used with {operand}; use eq, ne or pr')
        if self.value is not None and _literal_type(_key(attribute, self.value)) is not literal:
            self._refuse(f"values are of type {attribute.type}, found {quote(self.value)}; write {description}")

    def _refuse(self, why: str) -> NoReturn:
        raise Invalid(f'"{self.path} {self.operator}": {why}.')


@dataclass(frozen=True, slots=True)
class Junction(Filter):
    """Filters joined by ``and`` or by ``or``; or one after ``not``."""

    word: str
    filters: tuple[Filter, ...]

    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        results = (part.matches(root, body) for part in self.filters)
        return all(results) if self.word == "and" else any(results) is (self.word == "or")

    def check(self, root: Attribute) -> None:
        for part in self.filters:
            part.check(root)

    def paths(self) -> Iterator[str]:
        return (path for part in self.filters for path in part.paths())


@dataclass(frozen=True, slots=True)
class ValuePath(_AtPath):
    """``emails[type eq "work" and value co "@example.com"]``: one and the same value satisfies all of it."""

    filter: Filter

    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        attribute, found = self.values(root, body)
        return any(self.filter.matches(attribute, item) for item in found if isinstance(item, Mapping))

    def check(self, root: Attribute) -> None:
        attribute = self.attribute(root)
        if not (attribute.is_complex and attribute.multi_valued):
            raise Invalid(f'"{self.path}[…]": [ ] selects elements of a list of complex values, which "{self.path}" is not.')
        self.filter.check(attribute)


def _hint(root: Attribute, name: str) -> str:
    """Return the attribute that was probably meant, in words; one of an extension is written behind its URN."""
    extensions = [sub for sub in root.sub_attributes if sub.name.lower().startswith(URN)]
    known = {fold(sub.name): f"{extension.name}:{sub.name}" for extension in extensions for sub in extension.sub_attributes}
    known.update({fold(sub.name): sub.name for sub in root.sub_attributes})
    near = nearest(fold(name), known)
    return f' Did you mean "{known[near]}"?' if near else ""


def _read(item: Any, name: str) -> list[Any]:
    """Return the values of that name in the item; a provider's own attributes are found in any spelling."""
    if not isinstance(item, Mapping):
        return []
    value = item.get(name_in(item, name))
    return value if isinstance(value, list) else [] if value is None else [value]


def _present(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_present, value.values()))
    if isinstance(value, list):
        return any(map(_present, value))
    return value is not None and value != ""


def _compare(name: str, attribute: Attribute, left: Any, right: Value) -> bool:
    if name in _TEXTUAL:
        return isinstance(left, str) and isinstance(right, str) and _TEXTUAL[name](text_key(attribute, left), text_key(attribute, right))
    left, right = _key(attribute, left), _key(attribute, right)
    if _literal_type(left) is not _literal_type(right):
        return False
    return bool(left == right) if name == "eq" else not isinstance(left, bool) and _ORDERING[name](left, right)


def _key(attribute: Attribute, value: Any) -> Any:
    """Return what is compared: an instant, a number, or a text as the attribute's ``caseExact`` has it."""
    if not isinstance(value, str):
        return value
    return (instant(value) if attribute.type is Type.DATE_TIME else None) or text_key(attribute, value)


def _literal_type(value: Any) -> type:
    """Return the type within which values are compared; a boolean is not a number here."""
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


class _Parser:
    """Recursive descent over the grammar of RFC 7644 §3.4.2.2, Figure 1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [*((match[0], match.start()) for match in _TOKEN.finditer(text)), ("", len(text))]
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
        if negated or self._token == "(":
            self._expect("(", '"(" after "not"')
            inner = self._closed(")", depth)
            return Junction("not", (inner,)) if negated else inner
        if not _PATH.fullmatch(self._token):
            self._wrong('the name of an attribute, "not" or "("')
        path = self._take()
        if self._skip("["):
            return ValuePath(path, self._closed("]", depth))
        if self._token.lower() not in OPERATORS:
            self._wrong(f"one of the operators {', '.join(OPERATORS)}")
        name = self._take().lower()
        return Comparison(path, name, None if name == "pr" else self._literal())

    def _closed(self, bracket: str, depth: int) -> Filter:
        inner = self._either(depth + 1)
        self._expect(bracket, f'"and", "or" or "{bracket}"')
        return inner

    def _literal(self) -> Value:
        text = self._token
        text = text.lower() if text.lower() in ("true", "false", "null") else text
        try:
            value: Value = json.loads(text if _LITERAL.fullmatch(text) else "")
            quote(value)  # refuses a number that is too large
        except ValueError:
            value = self._wrong(_VALUE)
        self._take()
        return value

    @property
    def _token(self) -> str:
        return self._tokens[self._next][0]

    def _take(self) -> str:
        taken = self._token
        self._next += 1
        return taken

    def _skip(self, text: str) -> bool:
        found = self._token.lower() == text
        self._next += found
        return found

    def _expect(self, text: str, expected: str) -> None:
        if self._token != text:
            self._wrong(expected)
        self._next += 1

    def _wrong(self, expected: str) -> NoReturn:
        found, at = self._tokens[self._next]
        around = self._text[max(0, at - 60) : at + 60]
        raise Invalid(f"character {at + 1}: expected {expected}, found {found[:40] or 'the end'} in: {around or '(empty)'}")
