# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a provider's schemas differ from those of RFC 7643, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..names import fold
from ..schema.resource import Body
from ..schema.types import Attribute, Mutability, ResourceType, Schema
from .discovery import Discovery


def schema_deviations(found: Discovery, types: Mapping[str, ResourceType]) -> Iterator[str]:
    """Resource types and attributes that are missing, are there besides, or are of another kind."""
    if found.resource_types:
        yield from _types(found.resource_types, types)
    if not found.schemas:
        return
    live = {schema.urn.lower(): schema for schema in found.schemas}
    for resource_type in types.values():
        for schema in (resource_type.schema, *resource_type.extensions):
            other = live.get(schema.urn.lower())
            if other is None:
                yield f"/Schemas has no {schema.urn}."
            else:
                yield from _schema(schema, other)


def _types(listed: Sequence[Body], types: Mapping[str, ResourceType]) -> Iterator[str]:
    there = {fold(str(one.get("name"))): one for one in listed}
    for resource_type in types.values():
        one = there.get(fold(resource_type.name))
        if one is None:
            yield f"/ResourceTypes has no {resource_type.name} (RFC 7643 section 6)."
        elif not str(one.get("endpoint") or resource_type.endpoint).rstrip("/").endswith(resource_type.endpoint):
            yield (
                f"The endpoint of {resource_type.name} is {one['endpoint']}; "
                f"RFC 7644 section 3.2 has {resource_type.endpoint}, which is asked here."
            )


def _schema(ours: Schema, theirs: Schema) -> Iterator[str]:
    missing: list[str] = []
    different: list[str] = []
    besides: list[str] = []
    _compare(ours.attributes, theirs.attributes, "", missing, different, besides)
    name = f"Schema {ours.name}"
    if missing:
        yield f"{name} lacks {', '.join(missing)}."
    if different:
        yield f"{name}: {'; '.join(different)} (RFC 7643)."
    if besides:
        yield f"{name} has besides those of RFC 7643: {', '.join(besides)}."


def _compare(
    ours: Iterable[Attribute], theirs: Iterable[Attribute], path: str, missing: list[str], different: list[str], besides: list[str]
) -> None:
    live = {fold(attribute.name): attribute for attribute in theirs}
    for attribute in ours:
        name = f"{path}{attribute.name}"
        other = live.pop(fold(attribute.name), None)
        if other is None:
            missing.append(name)
            continue
        different += _differences(attribute, other, name)
        if attribute.sub_attributes and other.sub_attributes:
            _compare(attribute.sub_attributes, other.sub_attributes, f"{name}.", missing, different, besides)
    besides += [f"{path}{other.name}" for key, other in live.items() if path or key not in _COMMON]


_COMMON = frozenset({"schemas", "id", "externalid", "meta"})  # RFC 7643 §3.1: of every resource, in no schema


def _differences(ours: Attribute, theirs: Attribute, name: str) -> Iterator[str]:
    more_liberal = (ours.mutability, theirs.mutability) == (Mutability.IMMUTABLE, Mutability.READ_WRITE)
    if ours.mutability is not theirs.mutability and not more_liberal:
        yield f"{name} is {theirs.mutability} instead of {ours.mutability}"
    if ours.multi_valued is not theirs.multi_valued:
        yield f"{name} has {'several values instead of one' if theirs.multi_valued else 'one value instead of several'}"
    if ours.is_complex is not theirs.is_complex:
        yield f"{name} is of the type {theirs.type} instead of {ours.type}"
    if theirs.required and not ours.required:
        yield f"{name} is required"
