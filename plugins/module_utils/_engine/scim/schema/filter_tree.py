# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A filter as a tree that is evaluated on what a provider answered (RFC 7644 §3.4.2.2). Where the RFC leaves room, this holds:

- ``ne`` is exactly ``not eq``. So it matches a resource without the attribute (null is not the value, RFC 7643 §2.5), and one with several
  values only if none of them is the value: ``emails.value ne "x"`` and ``emails.value eq "x"`` never both match.
- ``eq null`` is exactly ``not pr``; what is absent, null, empty or all of empty parts is not present.
- A complex attribute without a sub-attribute is compared by its ``value``.
- A value of another type than the literal's is different from it, and neither greater nor less; ``check`` refuses such a filter.
"""

from __future__ import annotations

import json
import operator
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NoReturn

from ..errors import Invalid
from ..names import URN, fold
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
    """The value as a filter's literal: JSON, so that nothing in a text can end it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


class Filter(ABC):
    """A node of a filter; the whole filter is one as well."""

    __slots__ = ()

    @abstractmethod
    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        """Whether a body with the attributes of root satisfies it."""

    @abstractmethod
    def check(self, root: Attribute) -> None:
        """Raise Invalid where it could never mean anything for the attributes of root."""

    @abstractmethod
    def paths(self) -> Iterator[str]:
        """The paths that must have been read for ``matches`` to tell."""


@dataclass(frozen=True, slots=True)
class Path:
    """Where a value is: ``userName``, ``name.familyName`` or either behind the URN of its schema (RFC 7644 §3.10)."""

    text: str

    def attribute(self, root: Attribute) -> Attribute:
        """The attribute at the end of the path; Invalid where root has none."""
        for name in self._names(root):
            found = root.sub(name)
            if found is None:
                raise Invalid(f'The filter asks for "{self.text}", but {root.name} has no attribute "{name}".{_hint(root, name)}')
            root = found
        return root

    def values(self, root: Attribute, body: Mapping[str, Any]) -> tuple[Attribute, list[Any]]:
        """The attribute and its values in the body, a list flattened. One that root does not know is read as text in any case."""
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
class Present(Filter):
    """``title pr``"""

    path: Path

    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        return _present(self.path.values(root, body)[1])

    def check(self, root: Attribute) -> None:
        self.path.attribute(root)

    def paths(self) -> Iterator[str]:
        yield self.path.text


@dataclass(frozen=True, slots=True)
class Comparison(Filter):
    """``userName eq "bjensen"``"""

    path: Path
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
            attribute = attribute.sub("value") or attribute
        if attribute.is_complex and self.value is not None:
            subs = ", ".join(sub.name for sub in attribute.sub_attributes)
            self._refuse(f"it has several parts; name one of them, such as {self.path.text}.{attribute.sub_attributes[0].name} ({subs})")
        if attribute.returned is Returned.NEVER:
            self._refuse("a service provider never shows it")
        self._check_operator(attribute.type)
        wanted, words = _LITERALS.get(attribute.type, (str, "a text in double quotes"))
        if self.value is not None and _sort(_key(attribute, self.value)) is not wanted:
            self._refuse(f"its values are of type {attribute.type}; write {words}, instead of {quote(self.value)}")

    def _check_operator(self, kind: Type) -> None:
        """There is no order among booleans and binaries (§3.4.2.2), nor is null less than anything or a part of a text."""
        null, exact = self.value is None, kind in (Type.BOOLEAN, Type.BINARY)
        ordered, textual = self.operator in _ORDERING, self.operator in _TEXTUAL
        if (ordered and (null or exact)) or (textual and (null or exact or kind in (Type.INTEGER, Type.DECIMAL))):
            self._refuse(f'"{self.operator}" cannot be asked of {"null" if null else f"values of type {kind}"}; use eq, ne or pr')

    def paths(self) -> Iterator[str]:
        yield self.path.text

    def _refuse(self, why: str) -> NoReturn:
        raise Invalid(f'The filter cannot be evaluated at "{self.path.text} {self.operator}": {why}.')


@dataclass(frozen=True, slots=True)
class Not(Filter):
    """``not (active eq true)``"""

    filter: Filter

    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        return not self.filter.matches(root, body)

    def check(self, root: Attribute) -> None:
        self.filter.check(root)

    def paths(self) -> Iterator[str]:
        return self.filter.paths()


@dataclass(frozen=True, slots=True)
class Junction(Filter):
    """Filters joined by ``and``, or by ``or``."""

    word: str
    filters: tuple[Filter, ...]

    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        wanted = self.word == "or"
        for part in self.filters:
            if part.matches(root, body) is wanted:
                return wanted
        return not wanted

    def check(self, root: Attribute) -> None:
        for part in self.filters:
            part.check(root)

    def paths(self) -> Iterator[str]:
        return (path for part in self.filters for path in part.paths())


@dataclass(frozen=True, slots=True)
class ValuePath(Filter):
    """``emails[type eq "work" and value co "@example.com"]``: one and the same value satisfies all of it."""

    path: Path
    filter: Filter

    def matches(self, root: Attribute, body: Mapping[str, Any]) -> bool:
        attribute, found = self.path.values(root, body)
        return any(self.filter.matches(attribute, item) for item in found if isinstance(item, Mapping))

    def check(self, root: Attribute) -> None:
        attribute = self.path.attribute(root)
        if not (attribute.is_complex and attribute.multi_valued):
            raise Invalid(f'The filter selects among the values of "{self.path.text}" with [ ], but it is not a list of complex values.')
        self.filter.check(attribute)

    def paths(self) -> Iterator[str]:
        yield self.path.text


def _hint(root: Attribute, name: str) -> str:
    """The attribute that was probably meant; one of an extension is written behind its URN."""
    extensions = [sub for sub in root.sub_attributes if sub.name.lower().startswith(URN)]
    known = {fold(sub.name): f"{extension.name}:{sub.name}" for extension in extensions for sub in extension.sub_attributes}
    known.update({fold(sub.name): sub.name for sub in root.sub_attributes})
    near = get_close_matches(fold(name), known, 1, 0.7)
    return f' Did you mean "{known[near[0]]}"?' if near else ""


def _read(item: Any, name: str) -> list[Any]:
    """What the item holds under that name, as a list; a provider's own attributes are found in any spelling."""
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
        return isinstance(left, str) and isinstance(right, str) and _TEXTUAL[name](_cased(attribute, left), _cased(attribute, right))
    left, right = _key(attribute, left), _key(attribute, right)
    if _sort(left) is not _sort(right):
        return False
    return bool(left == right) if name == "eq" else not isinstance(left, bool) and _ORDERING[name](left, right)


def _key(attribute: Attribute, value: Any) -> Any:
    """What stands for the value in a comparison: an instant, a number, a text in the attribute's case."""
    if isinstance(value, str):
        instant = _instant(value) if attribute.type is Type.DATE_TIME else None
        return _cased(attribute, value) if instant is None else instant
    return value


def _sort(value: Any) -> type:
    """Values of one sort can be compared; a boolean is no number here."""
    kind = type(value)
    return float if kind is int else kind


def _cased(attribute: Attribute, text: str) -> str:
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)  # as macOS and a provider may write one name
    return composed if attribute.case_exact else composed.casefold()


@lru_cache(maxsize=4096)
def _instant(text: str) -> datetime | None:
    """The instant of an xsd:dateTime (RFC 7643 §2.3.5), UTC where no offset is given; a date is its first moment."""
    try:
        instant = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
