# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A filter as a tree that is evaluated on a provider's resources (RFC 7644 §3.4.2.2). Where the RFC leaves room:

- ``ne`` is exactly ``not eq``. So it matches a resource without the attribute (null is not the value, RFC 7643 §2.5), and one with several
  values only if none of them is the value: ``emails.value ne "x"`` and ``emails.value eq "x"`` never both match.
- ``eq null`` is exactly ``not pr``: absent, null, empty, or with empty parts only.
- A complex attribute without a sub-attribute is compared by its ``value``.
- A value of another type than the literal is not equal to it, and neither greater nor less; ``check`` refuses such a filter.
"""

from __future__ import annotations

import json
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NoReturn

from ..errors import Invalid
from ..names import URN, fold
from .identity import text_key
from .overlay import instant
from .types import Attribute, Returned, Type

Value = str | bool | int | float | None
_CORE = "urn:ietf:params:scim:schemas:core:2.0:"
_TEXTUAL: dict[str, Callable[[str, str], bool]] = {"co": operator.contains, "sw": str.startswith, "ew": str.endswith}
_ORDERING: dict[str, Callable[[Any, Any], bool]] = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}
OPERATORS = ("eq", "ne", *_TEXTUAL, "pr", *_ORDERING)
_LITERALS = {
    Type.BOOLEAN: (bool, "true or false, without quotes"),
    Type.INTEGER: (float, "a number, without quotes"),
    Type.DECIMAL: (float, "a number, without quotes"),
    Type.DATE_TIME: (datetime, 'a date and time such as "2026-01-31T00:00:00Z"'),
}


def quote(value: Value) -> str:
    """Return the value as a filter's literal: JSON, so that nothing in a text can end it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


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
class Path:
    """Where a value is: ``userName``, ``name.familyName`` or either behind the URN of its schema (RFC 7644 §3.10)."""

    text: str

    def attribute(self, root: Attribute) -> Attribute:
        """Return the attribute at the end of the path; Invalid where root has none."""
        for name in self._names(root):
            found = root.sub(name)
            if found is None:
                raise Invalid(f'"{self.text}": {root.name} has no attribute "{name}".{_hint(root, name)}')
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
        if not self.text.lower().startswith(URN):
            return tuple(self.text.split("."))
        if root.sub(self.text):
            return (self.text,)
        urn, _colon, rest = self.text.rpartition(":")
        names = tuple(rest.split("."))
        return names if urn.lower() == f"{_CORE}{root.name}".lower() else (urn, *names)


@dataclass(frozen=True, slots=True)
class _AtPath(Filter):
    """What asks for the values of one path."""

    path: Path

    def paths(self) -> Iterator[str]:
        yield self.path.text


@dataclass(frozen=True, slots=True)
class Present(_AtPath):
    """``title pr``"""

    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        return _present(self.path.values(root, body)[1])

    def check(self, root: Attribute) -> None:
        if self.path.attribute(root).returned is Returned.NEVER:
            raise Invalid(f'"{self.path.text} pr": providers never return this attribute.')


@dataclass(frozen=True, slots=True)
class Comparison(_AtPath):
    """``userName eq "bjensen"``"""

    operator: str
    value: Value

    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        attribute, found = self.path.values(root, body)
        if self.operator == "ne":
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
        attribute = self.path.attribute(root)
        if attribute.is_complex and self.value is not None:
            value, subs = attribute.sub("value"), [sub.name for sub in attribute.sub_attributes]
            if value is None:
                self._refuse(f"the attribute has several parts ({', '.join(subs)}); use one of them, such as {self.path.text}.{subs[0]}")
            attribute = value
        if attribute.returned is Returned.NEVER:
            self._refuse("providers never return this attribute")
        self._check_operator(attribute.type)
        literal, description = _LITERALS.get(attribute.type, (str, "a text in double quotes"))
        if self.value is not None and _literal_type(_key(attribute, self.value)) is not literal:
            self._refuse(f"values are of type {attribute.type}, found {quote(self.value)}; write {description}")

    def _check_operator(self, attribute_type: Type) -> None:
        """Booleans and binaries have no order (§3.4.2.2), and null is neither less than a value nor a part of a text."""
        null, exact = self.value is None, attribute_type in (Type.BOOLEAN, Type.BINARY)
        ordered, textual = self.operator in _ORDERING, self.operator in _TEXTUAL
        if (ordered and (null or exact)) or (textual and (null or exact or attribute_type in (Type.INTEGER, Type.DECIMAL))):
            operand = "null" if null else f"values of type {attribute_type}"
            self._refuse(f'"{self.operator}" cannot be used with {operand}; use eq, ne or pr')

    def _refuse(self, why: str) -> NoReturn:
        raise Invalid(f'"{self.path.text} {self.operator}": {why}.')


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
        attribute, found = self.path.values(root, body)
        return any(self.filter.matches(attribute, item) for item in found if isinstance(item, Mapping))

    def check(self, root: Attribute) -> None:
        attribute = self.path.attribute(root)
        if not (attribute.is_complex and attribute.multi_valued):
            raise Invalid(f'"{self.path.text}[…]": [ ] selects elements of a list of complex values, which "{self.path.text}" is not.')
        self.filter.check(attribute)


def _hint(root: Attribute, name: str) -> str:
    """Return the attribute that was probably meant, in words; one of an extension is written behind its URN."""
    extensions = [sub for sub in root.sub_attributes if sub.name.lower().startswith(URN)]
    known = {fold(sub.name): f"{extension.name}:{sub.name}" for extension in extensions for sub in extension.sub_attributes}
    known.update({fold(sub.name): sub.name for sub in root.sub_attributes})
    near = get_close_matches(fold(name), known, 1, 0.7)
    return f' Did you mean "{known[near[0]]}"?' if near else ""


def _read(item: Any, name: str) -> list[Any]:
    """Return the values of that name in the item; a provider's own attributes are found in any spelling."""
    if not isinstance(item, Mapping):
        return []
    value = item[name] if name in item else next((item[key] for key in item if fold(key) == fold(name)), None)
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
