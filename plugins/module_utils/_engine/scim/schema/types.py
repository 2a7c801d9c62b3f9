# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an attribute is (RFC 7643 §2 and §7). ``table.py`` has the standard ones; those of a live ``/Schemas`` have the same types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from ...wording import nearest
from ..names import URN, fold, snake

SIMILARITY = 0.75  # of an unknown name to the one that it may mean: "surname" is no "userName"

Compiled = TypeVar("Compiled")


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
    """When a provider returns an attribute. If it is returned ``never`` or on ``request``, its absence has no meaning."""

    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


class Uniqueness(StrEnum):
    """Among which resources a value is unique."""

    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute or sub-attribute with its characteristics (RFC 7643 §7).

    ``format`` is what the RFC's prose requires of the text (``email``, ``phone``, ``uri``, ``language``, ``locale``, ``timezone``,
    ``country``, ``certificate``), ``name`` where it identifies a resource, or ``user`` where a text means one; ``alias`` is the name under
    which it is declared, if that is not its own.
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
    option: str = field(init=False, repr=False, compare=False)  # the name under which it is declared
    _by_name: Mapping[str, Attribute] = field(init=False, repr=False, compare=False)
    _compiled: dict[Callable[[Attribute], Any], Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {name: sub for sub in self.sub_attributes for name in (sub.name, sub.option)}
        object.__setattr__(self, "option", self.alias or snake(self.name))
        object.__setattr__(self, "_by_name", by_name | {fold(name): sub for name, sub in by_name.items()})
        object.__setattr__(self, "_compiled", {})

    def __reduce__(self) -> tuple[Callable[..., Attribute], tuple[Any, ...]]:
        """Processes share what is known of a provider; what was compiled is functions, which each of them makes for itself."""
        return Attribute, tuple(getattr(self, each.name) for each in fields(self) if each.init)

    def sub(self, name: str) -> Attribute | None:
        """Return the sub-attribute of that name in any spelling; None if there is none."""
        return self._by_name.get(name) or self._by_name.get(fold(name))

    def compiled(self, compile_attribute: Callable[[Attribute], Compiled]) -> Compiled:
        """Return what a function makes of this attribute, such as the function that reads its values. It is made once.

        To ask the table for each of the millions of values of a large directory takes several times as long.
        """
        if compile_attribute not in self._compiled:
            self._compiled[compile_attribute] = compile_attribute(self)
        return self._compiled[compile_attribute]  # type: ignore[no-any-return]

    def nearest(self, name: str) -> str:
        """Return the name that an unknown name resembles, in the same spelling (``user_name``, ``userName``); empty if none does."""
        known = {fold(sub.option): sub for sub in self.sub_attributes}
        sub = known.get(nearest(fold(name), known, SIMILARITY))
        return "" if sub is None else sub.option if sub.alias or name == name.lower() else sub.name

    @property
    def sub_options(self) -> list[str]:
        """The options of all sub-attributes, sorted."""
        return sorted(sub.option for sub in self.sub_attributes)

    @property
    def is_complex(self) -> bool:
        return self.type is Type.COMPLEX

    @property
    def writable(self) -> bool:
        return self.mutability is not Mutability.READ_ONLY

    @property
    def comparable(self) -> bool:
        """Whether a declaration can be compared with a provider's answer: it is writable and it is returned."""
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
    """A type of resource and its endpoint (RFC 7643 §6). ``name_attribute`` is the attribute that names a resource in files and messages.

    ``root`` is the resource as one complex attribute, and an extension is a complex attribute in it whose name is its URN: code that
    handles ``name`` handles resources and unknown extensions too. ``read_only`` are the names of read-only attributes, ``needed`` the
    attributes that each resource must have.
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
        """Its name in messages: ``user`` or ``group``."""
        return self.name.lower()

    @property
    def nouns(self) -> str:
        """Its name in messages about several."""
        return f"{self.noun}s"

    def __hash__(self) -> int:
        """By name only: the hash of the whole tree would be computed for each look-up in a cache, and equality compares the rest."""
        return hash(self.name)

    def unknown_extensions(self, names: Iterable[str]) -> set[str]:
        """Return the names that are URNs of extensions which this type does not have."""
        return {name for name in names if ":" in name and name.lower().startswith(URN) and self.root.sub(name) is None}

    def extended(self, schemas: Iterable[Schema]) -> ResourceType:
        """Return the type with these extensions too; a known one is replaced."""
        merged = {s.urn.lower(): s for s in (*self.extensions, *schemas)}
        return replace(self, extensions=tuple(merged.values()))

    def adding(self, attributes: Mapping[str, Iterable[Attribute]]) -> ResourceType:
        """Return the type with more sub-attributes of the attributes of these names; ``""`` is the resource itself."""
        grown = [replace(a, sub_attributes=(*a.sub_attributes, *attributes.get(a.name, ()))) for a in self.schema.attributes]
        return replace(self, schema=replace(self.schema, attributes=(*grown, *attributes.get("", ()))))

    def schemas_of(self, body: Mapping[str, Any]) -> list[str]:
        """Return the value of ``schemas`` for a body: the core schema and each extension in it (RFC 7643 §3)."""
        return [self.schema.urn, *(name for name in body if name.lower().startswith(URN))]


def attribute_from_scim(raw: Mapping[str, Any]) -> Attribute:
    """Read one attribute of a live ``/Schemas`` answer; what a provider leaves out has the default of RFC 7643 §2.2."""

    def choice(choices: type[StrEnum], key: str, default: StrEnum) -> Any:
        return next((member for member in choices if member.value.lower() == str(raw.get(key)).lower()), default)

    attribute_type = choice(Type, "type", Type.STRING)
    return Attribute(
        name=str(raw["name"]),
        type=attribute_type,
        multi_valued=bool(raw.get("multiValued")),
        required=bool(raw.get("required")),
        case_exact=bool(raw.get("caseExact")) or attribute_type is Type.REFERENCE,  # §2.3.7
        mutability=choice(Mutability, "mutability", Mutability.READ_WRITE),
        returned=choice(Returned, "returned", Returned.DEFAULT),
        uniqueness=choice(Uniqueness, "uniqueness", Uniqueness.NONE),
        canonical_values=tuple(raw.get("canonicalValues") or ()),
        reference_types=tuple(raw.get("referenceTypes") or ()),
        sub_attributes=tuple(attribute_from_scim(sub) for sub in raw.get("subAttributes") or ()),
        description=str(raw.get("description") or ""),
    )


def schema_from_scim(raw: Mapping[str, Any]) -> Schema:
    """Read a schema of a live ``/Schemas`` answer (RFC 7643 §8.7)."""
    attributes = tuple(attribute_from_scim(a) for a in raw.get("attributes") or ())
    return Schema(str(raw["id"]), str(raw.get("name") or raw["id"]), str(raw.get("description") or ""), attributes)
