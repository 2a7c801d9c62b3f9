# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A body without some of its attributes: ignored ones, read-only ones, and those that a provider's answer does not show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .overlay import name_in
from .resource import Body, split_path
from .types import Attribute, ResourceType


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
    kept: Body = _kept(resource_type.root, declared, lambda sub, body: sub.comparable and not (sub.name == "$ref" and body.get("value")))
    return kept


def writable(attribute: Attribute | None, value: Any) -> Any:
    """Return a value without its read-only sub-attributes, which a client must not modify (RFC 7644 §3.5.2)."""
    return _kept(attribute, value, lambda sub, _body: sub.writable)


def _kept(attribute: Attribute | None, value: Any, keep: Callable[[Attribute, Body], bool]) -> Any:
    """Return a value with the sub-attributes to keep, and with what no schema knows."""
    if attribute is None:
        return value
    if isinstance(value, list):
        return [_kept(attribute, element, keep) for element in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        sub = attribute.sub(name)
        if sub is None or keep(sub, value):
            kept[name] = _kept(sub, inner, keep)
    return kept
