# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an attribute is (RFC 7643 §2 and §7). The table itself is in ``rfc7643.py``; a live ``/Schemas`` gives the same types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from ..names import URN, fold, snake


class Type(StrEnum):
    """Data types of RFC 7643 §2.3."""

    STRING = "string"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE_TIME = "dateTime"
    BINARY = "binary"
    REFERENCE = "reference"
    COMPLEX = "complex"


class Mutability(StrEnum):
    """Who may write an attribute, and when."""

    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(StrEnum):
    """When a provider shows an attribute. What is shown ``never`` or on ``request`` is not missing when it is not there."""

    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


class Uniqueness(StrEnum):
    """Among which resources a value may stand once."""

    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute or sub-attribute with its characteristics (RFC 7643 §7).

    ``format`` is what the RFC's prose asks of the text (``email``, ``phone``, ``uri``, ``language``, ``locale``, ``timezone``, ``country``,
    ``certificate``); ``alias`` is a second name under which it is declared.
    """

    name: str
    type: Type = Type.STRING
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: Uniqueness = Uniqueness.NONE
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple[Attribute, ...] = ()
    description: str = ""
    format: str = ""
    alias: str = ""
    _by_name: Mapping[str, Attribute] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spelled = {spelling: sub for sub in self.sub_attributes for spelling in (sub.name, sub.option)}
        object.__setattr__(self, "_by_name", spelled | {fold(spelling): sub for spelling, sub in spelled.items()})

    def sub(self, name: str) -> Attribute | None:
        """The sub-attribute of that name in any spelling; None where there is none."""
        return self._by_name.get(name) or self._by_name.get(fold(name))

    def nearest(self, name: str) -> str:
        """The sub-attribute that an unknown name resembles, in the same spelling (``user_name``, ``userName``); empty where none does."""
        known = {fold(sub.option): sub for sub in self.sub_attributes}
        similar = [known[match] for match in get_close_matches(fold(name), known, n=1)]
        return next((sub.option if sub.alias or name == name.lower() else sub.name for sub in similar), "")

    @property
    def sub_options(self) -> list[str]:
        """The options of all sub-attributes, sorted."""
        return sorted(sub.option for sub in self.sub_attributes)

    @property
    def option(self) -> str:
        """The name under which Ansible's users declare it."""
        return self.alias or snake(self.name)

    @property
    def is_complex(self) -> bool:
        return self.type is Type.COMPLEX

    @property
    def writable(self) -> bool:
        return self.mutability is not Mutability.READ_ONLY

    @property
    def comparable(self) -> bool:
        """Whether a provider's answer tells what it holds: it is ours to write and it is shown."""
        return self.writable and self.returned in (Returned.ALWAYS, Returned.DEFAULT)


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema by its URN (RFC 7643 §7). ``alias`` is the short name of an extension in declarations."""

    urn: str
    name: str
    description: str = ""
    attributes: tuple[Attribute, ...] = ()
    alias: str = ""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resource and where it lives (RFC 7643 §6). ``naming`` is the attribute by which people know one.

    ``root`` is the resource as one complex attribute, an extension being a complex attribute whose name is its URN, so that whatever
    handles ``name`` handles a resource and an unknown extension. ``read_only`` are names of attributes that are the provider's own,
    ``needed`` those that a resource cannot do without.
    """

    name: str
    endpoint: str
    name_attribute: str
    schema: Schema
    extensions: tuple[Schema, ...] = ()
    common: tuple[Attribute, ...] = ()
    root: Attribute = field(init=False, repr=False, compare=False)
    read_only: frozenset[str] = field(init=False, repr=False, compare=False)
    needed: tuple[Attribute, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        extensions = tuple(
            Attribute(name=s.urn, type=Type.COMPLEX, sub_attributes=s.attributes, description=s.description, alias=s.alias)
            for s in self.extensions
        )
        subs = (*self.common, *self.schema.attributes, *extensions)
        object.__setattr__(self, "root", Attribute(name=self.name, type=Type.COMPLEX, sub_attributes=subs))
        object.__setattr__(self, "read_only", frozenset(a.name for a in subs if not a.writable))
        object.__setattr__(self, "needed", tuple(a for a in subs if a.required and a.writable))

    @property
    def noun(self) -> str:
        """What a message calls one of them: ``user`` or ``group``."""
        return self.name.lower()

    @property
    def nouns(self) -> str:
        """What a message calls several of them."""
        return f"{self.noun}s"

    def __hash__(self) -> int:
        """By name: equality looks closer, and a hash of the whole tree for each look-up in a cache would be the hottest path there is."""
        return hash(self.name)

    def foreign(self, names: Iterable[str]) -> set[str]:
        """Those that are URNs of extensions of which this type knows nothing."""
        return {name for name in names if ":" in name and name.lower().startswith(URN) and self.root.sub(name) is None}

    def extended(self, schemas: Iterable[Schema]) -> ResourceType:
        """The same type with these extensions too; one that is known already is replaced."""
        merged = {s.urn.lower(): s for s in (*self.extensions, *schemas)}
        return replace(self, extensions=tuple(merged.values()))

    def adding(self, attributes: Mapping[str, Iterable[Attribute]]) -> ResourceType:
        """The same type whose attributes of these names have some sub-attributes more; under ``""``, the resource itself."""
        grown = [replace(a, sub_attributes=(*a.sub_attributes, *attributes.get(a.name, ()))) for a in self.schema.attributes]
        return replace(self, schema=replace(self.schema, attributes=(*grown, *attributes.get("", ()))))

    def schemas_of(self, body: Mapping[str, Any]) -> list[str]:
        """The value of ``schemas`` for a body: the core schema and every extension that it holds (RFC 7643 §3)."""
        return [self.schema.urn, *(name for name in body if name.lower().startswith(URN))]


def attribute_from_scim(raw: Mapping[str, Any]) -> Attribute:
    """One attribute of a live ``/Schemas`` answer; what a provider leaves out takes the default of RFC 7643 §2.2."""

    def known(resource_type: type[StrEnum], key: str, default: StrEnum) -> Any:
        return next((member for member in resource_type if member.value.lower() == str(raw.get(key, "")).lower()), default)

    return Attribute(
        name=str(raw["name"]),
        type=known(Type, "type", Type.STRING),
        multi_valued=bool(raw.get("multiValued")),
        required=bool(raw.get("required")),
        case_exact=bool(raw.get("caseExact")),
        mutability=known(Mutability, "mutability", Mutability.READ_WRITE),
        returned=known(Returned, "returned", Returned.DEFAULT),
        uniqueness=known(Uniqueness, "uniqueness", Uniqueness.NONE),
        canonical_values=tuple(raw.get("canonicalValues") or ()),
        reference_types=tuple(raw.get("referenceTypes") or ()),
        sub_attributes=tuple(attribute_from_scim(sub) for sub in raw.get("subAttributes") or ()),
        description=str(raw.get("description") or ""),
    )


def schema_from_scim(raw: Mapping[str, Any]) -> Schema:
    """A schema of a live ``/Schemas`` answer (RFC 7643 §8.7)."""
    attributes = tuple(attribute_from_scim(a) for a in raw.get("attributes") or ())
    return Schema(str(raw["id"]), str(raw.get("name") or raw["id"]), str(raw.get("description") or ""), attributes)
