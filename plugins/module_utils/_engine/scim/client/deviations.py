# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a provider's schemas differ from those of RFC 7643, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..names import fold, join_path
from ..schema.resource import Body
from ..schema.types import Attribute, Mutability, ResourceType, Schema
from .discovery import Discovery

COMMON = frozenset({"schemas", "id", "externalid", "meta"})  # RFC 7643 §3.1: every resource has them, no schema lists them


def schema_deviations(discovery: Discovery, types: Mapping[str, ResourceType]) -> Iterator[str]:
    """Resource types and attributes that are missing, additional or different."""
    if discovery.resource_types:
        yield from _type_deviations(discovery.resource_types, types)
    if not discovery.schemas:
        return
    live = {schema.urn.lower(): schema for schema in discovery.schemas}
    for resource_type in types.values():
        for schema in (resource_type.schema, *resource_type.extensions):
            if other := live.get(schema.urn.lower()):
                yield from _attribute_deviations(schema, other)
            else:
                yield f"/Schemas lacks {schema.urn}."


def _type_deviations(live_types: Sequence[Body], types: Mapping[str, ResourceType]) -> Iterator[str]:
    live = {fold(str(live_type.get("name"))): live_type for live_type in live_types}
    for resource_type in types.values():
        endpoint = str(live.get(fold(resource_type.name), {}).get("endpoint") or resource_type.endpoint)
        if fold(resource_type.name) not in live:
            yield f"/ResourceTypes lacks {resource_type.name} (RFC 7643 section 6)."
        elif not endpoint.rstrip("/").endswith(resource_type.endpoint):
            yield (
                f"The endpoint of {resource_type.name} is {endpoint} instead of {resource_type.endpoint} (RFC 7644 section 3.2). "
                f"identity.scim uses {resource_type.endpoint}."
            )


def _attribute_deviations(ours: Schema, theirs: Schema) -> Iterator[str]:
    found = defaultdict(list)
    for difference, text in _compare(ours.attributes, theirs.attributes):
        found[difference].append(text)
    if missing := found["missing"]:
        yield f"Schema {ours.name} lacks {', '.join(missing)}."
    if different := found["different"]:
        yield f"Schema {ours.name}: {'; '.join(different)} (RFC 7643)."
    if additional := found["additional"]:
        yield f"Schema {ours.name} has attributes that are not in RFC 7643: {', '.join(additional)}."


def _compare(ours: Iterable[Attribute], theirs: Iterable[Attribute], parent: str = "") -> Iterator[tuple[str, str]]:
    live = {fold(attribute.name): attribute for attribute in theirs}
    for attribute in ours:
        path = join_path(parent, attribute.name)
        other = live.pop(fold(attribute.name), None)
        if other is None:
            yield "missing", path
            continue
        yield from (("different", text) for text in _differences(attribute, other, path))
        if attribute.sub_attributes and other.sub_attributes:
            yield from _compare(attribute.sub_attributes, other.sub_attributes, path)
    yield from (("additional", join_path(parent, other.name)) for name, other in live.items() if parent or name not in COMMON)


def _differences(ours: Attribute, theirs: Attribute, path: str) -> Iterator[str]:
    is_more_liberal = (ours.mutability, theirs.mutability) == (Mutability.IMMUTABLE, Mutability.READ_WRITE)
    if ours.mutability is not theirs.mutability and not is_more_liberal:
        yield f"{path} is {theirs.mutability} instead of {ours.mutability}"
    if ours.multi_valued is not theirs.multi_valued:
        yield f"{path} is {'multi-valued instead of single-valued' if theirs.multi_valued else 'single-valued instead of multi-valued'}"
    if ours.is_complex is not theirs.is_complex:
        yield f"{path} has the type {theirs.type} instead of {ours.type}"
    if theirs.required and not ours.required:
        yield f"{path} is required"
