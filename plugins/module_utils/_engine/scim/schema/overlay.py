# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared over before gives after: the one place that knows when two values are the same."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ..names import fold
from .identity import text_key
from .resource import Body
from .types import Attribute, Type

UNKNOWN = Attribute(name="", case_exact=True)


def overlay(attribute: Attribute, declared: Mapping[str, Any], before: Body, additive: bool = False) -> Body:
    """Return a complex value (or a whole resource) as it is once the declaration is applied.

    ``declared`` and ``before`` have SCIM names; a declared None means absent (RFC 7643 §2.5). What is not declared stays. If nothing
    differs the result *is* ``before``, with the provider's spelling, order and added sub-attributes. ``additive`` keeps the elements of
    multi-valued attributes that are not declared.
    """
    after: Body | None = None
    for declared_name, value in declared.items():
        current = before.get(declared_name)
        if value is not None and type(value) is type(current) and value == current:
            continue  # the usual case, and far cheaper than a comparison by the schema
        sub = attribute.sub(declared_name)
        name = sub.name if sub else name_in(before, declared_name)
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


def name_in(body: Mapping[str, Any], name: str) -> str:
    """Return the spelling that a body has of a name that no schema knows, such as the URN of an extension (RFC 7643 §2.1)."""
    return name if name in body else next((key for key in body if fold(key) == fold(name)), name)


def _value(attribute: Attribute, declared: Any, old: Any, additive: bool) -> Any:
    if isinstance(declared, list):
        before = old if isinstance(old, list) else []
        elements = _elements(attribute, declared, before, additive)
        return old if elements is before else elements or None
    if isinstance(declared, Mapping):
        parts = old if isinstance(old, dict) and not _points_elsewhere(attribute, declared, old) else {}
        after = overlay(attribute, declared, parts, additive)
        return old if after is parts else after or None
    return old if same(attribute, declared, old) else declared


def _points_elsewhere(attribute: Attribute, declared: Mapping[str, Any], old: Body) -> bool:
    """Whether a reference such as ``manager`` changes to another resource: the ``$ref`` and the name of the old one are then dropped."""
    value = attribute.sub("value") if attribute.sub("$ref") else None
    return value is not None and declared.get("value") is not None and not same(value, declared["value"], old.get("value"))


def _elements(attribute: Attribute, declared: Sequence[Any], before: list[Any], additive: bool) -> list[Any]:
    """Return the list after: current elements keep their place, new ones follow in the declared order."""
    positions = _match_elements(attribute, declared, before)
    after = list(before)
    for index, position in positions.items():
        if isinstance(declared[index], Mapping):
            after[position] = overlay(attribute, declared[index], before[position])
    kept = range(len(before)) if additive else sorted(positions.values())
    added = [without_empty(element) for index, element in enumerate(declared) if index not in positions]
    result = [after[position] for position in kept] + added
    unchanged = len(result) == len(before) and all(new is old for new, old in zip(result, before, strict=True))
    return before if unchanged else _one_primary(attribute, result, declared)


def _match_elements(attribute: Attribute, declared: Sequence[Any], before: Sequence[Any]) -> dict[int, int]:
    """Return the position in ``before`` of each declared element that has one, by its index.

    First the elements that agree with all that is declared, the most specific first; then those that differ in a detail (they have the same
    value, or where there are no values, the same type).
    """
    candidates = [[position for position, old in enumerate(before) if agrees(attribute, element, old)] for element in declared]
    most_specific_first = sorted(range(len(declared)), key=lambda i: -len(declared[i]) if isinstance(declared[i], Mapping) else 0)
    owners: dict[int, int] = {}
    unmatched = [index for index in most_specific_first if not _assign(index, candidates, owners, set())]
    for index in unmatched:
        free = (p for p, old in enumerate(before) if p not in owners and _same_but_for_details(attribute, declared[index], old))
        position = next(free, None)
        if position is not None:
            owners[position] = index
    return {index: position for position, index in owners.items()}


def _assign(index: int, candidates: Sequence[Sequence[int]], owners: dict[int, int], tried: set[int]) -> bool:
    """Give a declared element one of its candidates, moving other elements to theirs where needed (Kuhn's augmenting path)."""
    for position in candidates[index]:
        if position not in tried:
            tried.add(position)
            if position not in owners or _assign(owners[position], candidates, owners, tried):
                owners[position] = index
                return True
    return False


def agrees(attribute: Attribute, declared: Any, element: Any) -> bool:
    """Whether an element of a multi-valued attribute has all that is declared of it."""
    if not isinstance(declared, Mapping):
        return same(attribute, declared, element)
    if not isinstance(element, Mapping):
        return False
    return all(same(attribute.sub(name) or UNKNOWN, value, element.get(name)) for name, value in declared.items())


def _same_but_for_details(attribute: Attribute, declared: Any, element: Any) -> bool:
    if not isinstance(declared, Mapping) or not isinstance(element, Mapping):
        return False
    key = "value" if declared.get("value") is not None or element.get("value") is not None else "type"
    return declared.get(key) is not None and same(attribute.sub(key) or UNKNOWN, declared[key], element.get(key))


def _one_primary(attribute: Attribute, elements: list[Any], declared: Sequence[Any]) -> list[Any]:
    """Return the elements with at most one primary (RFC 7643 §2.4): the declared one replaces the current one."""
    primaries = [element for element in elements if _is_primary(element)]
    wanted = next(filter(_is_primary, declared), None)
    if len(primaries) < 2 or wanted is None:
        return elements
    winner = next((element for element in primaries if agrees(attribute, wanted, element)), primaries[-1])
    return [{**element, "primary": False} if _is_primary(element) and element is not winner else element for element in elements]


def _is_primary(element: Any) -> bool:
    return isinstance(element, Mapping) and element.get("primary") is True


def without_empty(declared: Any) -> Any:
    """Return a declared value as it is sent where there is no current one: without what is declared absent."""
    if isinstance(declared, Mapping):
        inner = {name: without_empty(value) for name, value in declared.items()}
        return {name: value for name, value in inner.items() if value not in (None, {}, [])}
    return [without_empty(element) for element in declared] if isinstance(declared, list) else declared


def apply_changes(before: Body, after: Body, onto: Body) -> Body:
    """Return a body that may hold more than was compared, with the changes that make ``before`` to ``after``."""
    result = dict(onto)
    for name in {**before, **after}:
        old, new, current = before.get(name), after.get(name), onto.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict) and isinstance(current, dict):
            result[name] = apply_changes(old, new, current)
        elif new is None:
            result.pop(name, None)
        else:
            result[name] = new
    return result


def same(attribute: Attribute, declared: Any, current: Any) -> bool:
    """Whether a provider's value is the declared one, in its canonical form (RFC 7643 §2.3 and §7)."""
    if declared is None or current is None:
        return _means_absent(attribute, declared) and _means_absent(attribute, current)
    if isinstance(declared, bool) != isinstance(current, bool):
        return False
    return bool(declared == current or canonical(attribute, declared) == canonical(attribute, current))


def _means_absent(attribute: Attribute, value: Any) -> bool:
    """A missing ``primary`` is false (RFC 7643 §2.4); a missing ``active`` is taken as true (§4.1.1 has no default)."""
    return value is None or (attribute.name == "primary" and value is False) or (attribute.name == "active" and value is True)


def canonical(attribute: Attribute, value: Any) -> Any:
    """Return a simple value in the form in which all spellings of it are equal."""
    if not isinstance(value, str):
        return value
    if attribute.type is Type.BINARY or attribute.format == "certificate":
        return _decoded(value)
    if attribute.type is Type.DATE_TIME:
        return instant(value) or value
    if attribute.format == "phone":
        return re.sub(r"^tel:|[\s().\-/]", "", value.lower())
    return text_key(attribute, value)


def _decoded(value: str) -> bytes | str:
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except ValueError:
        return value


@lru_cache(maxsize=4096)
def instant(value: str) -> datetime | None:
    """Return the instant of an xsd:dateTime (RFC 7643 §2.3.5), in UTC where it has no offset; None if it is no dateTime."""
    try:
        moment = datetime.fromisoformat(value.strip().upper())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
