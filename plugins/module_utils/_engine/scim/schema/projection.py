# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A body without some of its attributes: those that are ignored, and those that a provider's answer says nothing of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .overlay import spelled
from .resource import Body, split_path
from .types import Attribute, ResourceType


def without(resource_type: ResourceType, declared: Body, ignored: tuple[str, ...]) -> Body:
    """A declaration without the paths that are never compared nor sent."""
    for path in ignored:
        declared = _without(resource_type.root, declared, split_path(path, resource_type.root))
    return declared


def _without(attribute: Attribute | None, value: Any, path: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_without(attribute, element, path) for element in value]
    if not isinstance(value, dict):
        return value
    first, *rest = path
    sub = attribute.sub(first) if attribute else None
    name = sub.name if sub else spelled(first, value)
    if rest:
        return {**value, name: _without(sub, value[name], rest)} if name in value else value
    return {key: inner for key, inner in value.items() if key != name}


def comparable(resource_type: ResourceType, declared: Body) -> Body:
    """Without what is the provider's own, and what it never shows, or only on request: that it is not in an answer says nothing
    (RFC 7643 §7). Where ``value`` tells which resource is meant, ``$ref`` is the provider's way to write it (§2.4).
    """
    kept: Body = _comparable(resource_type.root, declared)
    return kept


def _comparable(attribute: Attribute, value: Any) -> Any:
    if isinstance(value, list):
        return [_comparable(attribute, element) for element in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        sub = attribute.sub(name)
        if sub is None:
            kept[name] = inner
        elif sub.comparable and not (name == "$ref" and value.get("value")):
            kept[name] = _comparable(sub, inner) if sub.is_complex else inner
    return kept
