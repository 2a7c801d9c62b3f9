# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared over before gives after: the one place that knows when two values are the same."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..names import fold
from .resource import Body
from .types import Attribute, Type

UNKNOWN = Attribute(name="", case_exact=True)


def overlay(attribute: Attribute, declared: Mapping[str, Any], before: Body, additive: bool = False) -> Body:
    """What a complex value (or a whole resource) is once the declaration is made true.

    ``declared`` and ``before`` have SCIM names; a declared None means: not there (RFC 7643 §2.5). What is not declared stays. Where nothing
    differs the result *is* ``before``, with the provider's spelling, order and added sub-attributes. ``additive`` keeps the elements of
    multi-valued attributes that are not declared.
    """
    after: Body | None = None
    for declared_name, value in declared.items():
        sub = attribute.sub(declared_name)
        name = sub.name if sub else spelled(declared_name, before)
        old = before.get(name)
        new = _value(sub or UNKNOWN, value, old, additive)
        if new is old:
            continue
        after = dict(before) if after is None else after
        if new is None:
            after.pop(name, None)
        else:
            after[name] = new
    return before if after is None else after


def spelled(name: str, before: Body) -> str:
    """The provider's spelling of a name that no schema knows, such as the URN of an extension (RFC 7643 §2.1)."""
    return name if name in before else next((key for key in before if fold(key) == fold(name)), name)


def _value(attribute: Attribute, declared: Any, old: Any, additive: bool) -> Any:
    if declared is None:
        return old if same(attribute, None, old) else None
    if isinstance(declared, (list, dict)) and declared == old:
        return old  # nearly always: only where it is not so does it pay to look closer
    if isinstance(declared, list):
        there = old if isinstance(old, list) else []
        after: Any = _elements(attribute, declared, there, additive)
        return old if after is old else after or None
    if isinstance(declared, Mapping):
        before = old if isinstance(old, dict) and not _another(attribute, declared, old) else {}
        after = overlay(attribute, declared, before, additive)
        return old if after is before else after or None
    return old if same(attribute, declared, old) else declared


def _another(attribute: Attribute, declared: Mapping[str, Any], old: Body) -> bool:
    """Whether what points to a resource, such as ``manager``, is to point to another: the old one's ``$ref`` and name then go with it."""
    value = attribute.sub("value") if attribute.sub("$ref") else None
    return value is not None and declared.get("value") is not None and not same(value, declared["value"], old.get("value"))


def _elements(attribute: Attribute, declared: Sequence[Any], before: list[Any], additive: bool) -> list[Any]:
    """The list after: elements that are there already keep their place, new ones follow in the declared order."""
    partners = _partners(attribute, declared, before)
    after = list(before)
    for index, element in enumerate(declared):
        if index in partners and isinstance(element, Mapping):
            after[partners[index]] = overlay(attribute, element, before[partners[index]])
    kept = set(range(len(before))) if additive else set(partners.values())
    fresh = [said(element) for index, element in enumerate(declared) if index not in partners]
    result = [after[position] for position in sorted(kept)] + fresh
    unchanged = len(result) == len(before) and all(new is old for new, old in zip(result, before, strict=True))
    return before if unchanged else _one_primary(attribute, result, declared)


def carried(before: Body, after: Body, onto: Body) -> Body:
    """What makes ``before`` to ``after``, done to a body that holds more than was compared."""
    result = dict(onto)
    for name in {**before, **after}:
        old, new, there = before.get(name), after.get(name), onto.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict) and isinstance(there, dict):
            result[name] = carried(old, new, there)
        elif new is None:
            result.pop(name, None)
        else:
            result[name] = new
    return result


def said(declared: Any) -> Any:
    """A declared value as it is sent when nothing is there yet: without what is to be absent."""
    if isinstance(declared, Mapping):
        inner = {name: said(value) for name, value in declared.items()}
        return {name: value for name, value in inner.items() if value not in (None, {}, [])}
    return [said(element) for element in declared] if isinstance(declared, list) else declared


def _partners(attribute: Attribute, declared: Sequence[Any], before: Sequence[Any]) -> dict[int, int]:
    """Which declared element is which current one: first those that agree in all that is declared, the most specific first; then those
    that are the same thing with another detail (the same value, or where there are no values, the same type)."""
    wishes = [[p for p, old in enumerate(before) if covers(attribute, element, old)] for element in declared]
    most_specific_first = sorted(range(len(declared)), key=lambda i: -len(declared[i]) if isinstance(declared[i], Mapping) else 0)
    holders: dict[int, int] = {}
    left = [index for index in most_specific_first if not _seated(index, wishes, holders, set())]
    for index in left:
        free = (p for p, old in enumerate(before) if p not in holders and _related(attribute, declared[index], old))
        position = next(free, None)
        if position is not None:
            holders[position] = index
    return {index: position for position, index in holders.items()}


def _seated(index: int, wishes: Sequence[Sequence[int]], holders: dict[int, int], asked: set[int]) -> bool:
    """Give a declared element a current one that it covers, moving others to what they cover as well (Kuhn's augmenting path)."""
    for position in wishes[index]:
        if position not in asked:
            asked.add(position)
            if position not in holders or _seated(holders[position], wishes, holders, asked):
                holders[position] = index
                return True
    return False


def covers(attribute: Attribute, declared: Any, element: Any) -> bool:
    """Whether an element of a multi-valued attribute has all that is declared of it."""
    if not isinstance(declared, Mapping):
        return same(attribute, declared, element)
    if not isinstance(element, Mapping):
        return False
    return all(same(attribute.sub(name) or UNKNOWN, value, element.get(name)) for name, value in declared.items())


def _related(attribute: Attribute, declared: Any, element: Any) -> bool:
    if not isinstance(declared, Mapping) or not isinstance(element, Mapping):
        return False
    key = "value" if declared.get("value") is not None or element.get("value") is not None else "type"
    return declared.get(key) is not None and same(attribute.sub(key) or UNKNOWN, declared[key], element.get(key))


def _one_primary(attribute: Attribute, elements: list[Any], declared: Sequence[Any]) -> list[Any]:
    """RFC 7643 §2.4: at most one primary. The declared one wins over one that was there."""
    primaries = [e for e in elements if isinstance(e, Mapping) and e.get("primary") is True]
    wanted = [d for d in declared if isinstance(d, Mapping) and d.get("primary") is True]
    if len(primaries) < 2 or not wanted:
        return elements
    winner = next((e for e in primaries if covers(attribute, wanted[0], e)), primaries[-1])
    return [{**e, "primary": False} if any(e is p for p in primaries) and e is not winner else e for e in elements]


def same(attribute: Attribute, declared: Any, current: Any) -> bool:
    """Whether a provider's value is the declared one, in its canonical form (RFC 7643 §2.3 and §7)."""
    if declared is None or current is None:
        return _unsaid(attribute, declared) and _unsaid(attribute, current)
    if isinstance(declared, bool) != isinstance(current, bool):
        return False
    return bool(declared == current or canonical(attribute, declared) == canonical(attribute, current))


def _unsaid(attribute: Attribute, value: Any) -> bool:
    """A missing ``primary`` is false (RFC 7643 §2.4); a missing ``active`` says nothing against being active."""
    return value is None or (attribute.name == "primary" and value is False) or (attribute.name == "active" and value is True)


def canonical(attribute: Attribute, value: Any) -> Any:
    """A simple value in the form in which all spellings of it are equal."""
    if not isinstance(value, str):
        return value
    if attribute.type is Type.BINARY or attribute.format == "certificate":
        return _decoded(value)
    if attribute.type is Type.DATE_TIME:
        return instant(value) or value
    if attribute.format == "phone":
        return re.sub(r"^tel:|[\s().\-/]", "", value.lower())
    text = value if value.isascii() else unicodedata.normalize("NFC", value)
    return text if attribute.case_exact or attribute.type is Type.REFERENCE else text.casefold()


def _decoded(value: str) -> bytes | str:
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return value


def instant(value: str) -> datetime | None:
    """The moment that an xsd:dateTime names; without a zone it is UTC; None where it is no dateTime."""
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
