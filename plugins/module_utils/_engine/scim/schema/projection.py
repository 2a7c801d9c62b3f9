# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A body without some of its attributes: ignored ones, read-only ones, and those that a provider's answer does not show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import is_
from typing import Any

from .overlay import name_in
from .resource import Body, split_path
from .types import Attribute, ResourceType

Drop = Callable[[Any], Any]


def without(resource_type: ResourceType, declared: Body, ignored: tuple[str, ...]) -> Body:
    """Return a declaration without the paths that are neither compared nor sent. What resources are called by is always kept."""
    for path in ignored:
        if not is_name(resource_type, path):
            declared = _without(resource_type.root, declared, split_path(path, resource_type.root))
    return declared


def is_name(resource_type: ResourceType, path: str) -> bool:
    """Whether a path is that of ``userName`` or ``displayName``, whichever the resources are called by."""
    attribute = resource_type.root.sub(split_path(path, resource_type.root)[0])
    return attribute is not None and attribute.name == resource_type.name_attribute


def _without(attribute: Attribute | None, value: Any, path: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_without(attribute, element, path) for element in value]
    if not isinstance(value, dict):
        return value
    first, *rest = path
    sub = attribute.sub(first) if attribute else None
    name = sub.name if sub else name_in(value, first)
    if rest:
        return {**value, name: _without(sub, value[name], rest)} if name in value else value
    return {key: inner for key, inner in value.items() if key != name}


def comparable(resource_type: ResourceType, declared: Body) -> Body:
    """Return a declaration without read-only attributes and those that a provider never returns or only on request (RFC 7643 §7).

    Beside a ``value``, ``$ref`` is left out too: each provider writes the reference in its own way (§2.4).
    """
    drop = resource_type.root.compiled(_incomparable)
    return drop(declared) if drop else declared


def writable(attribute: Attribute | None, value: Any) -> Any:
    """Return a value without its read-only sub-attributes, which a client must not modify (RFC 7644 §3.5.2)."""
    drop = attribute.compiled(_read_only) if attribute else None
    return drop(value) if drop else value


def _incomparable(attribute: Attribute) -> Drop | None:
    dropped = {sub.name for sub in attribute.sub_attributes if not sub.comparable}
    return _drop(attribute, dropped, {"$ref"} if attribute.sub("$ref") else set(), _incomparable)


def _read_only(attribute: Attribute) -> Drop | None:
    return _drop(attribute, {sub.name for sub in attribute.sub_attributes if not sub.writable}, set(), _read_only)


def _drop(attribute: Attribute, names: set[str], beside_value: set[str], inside: Callable[[Attribute], Drop | None]) -> Drop | None:
    """Make the function that returns a value without the sub-attributes of these names, and with what no schema knows.

    None if there is nothing to drop, as in most attributes: then values need not be looked through. What loses nothing is not copied.
    """
    inner = {sub.name: below for sub in attribute.sub_attributes if (below := sub.compiled(inside))}
    names_beside_value = names | beside_value
    concerned = names_beside_value | inner.keys()
    if not concerned:
        return None

    def drop(value: Any) -> Any:
        if isinstance(value, list):
            elements = [drop(element) for element in value]
            return value if all(map(is_, elements, value)) else elements
        if not isinstance(value, dict) or concerned.isdisjoint(value):
            return value
        dropped = names_beside_value if value.get("value") else names
        changed = {name: part for name in inner if name in value and (part := inner[name](value[name])) is not value[name]}
        if not changed and dropped.isdisjoint(value):
            return value
        return {name: changed.get(name, part) for name, part in value.items() if name not in dropped}

    return drop
