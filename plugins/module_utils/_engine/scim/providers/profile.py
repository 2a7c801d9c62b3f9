# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of one service provider before the first request, and how certain it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from ..schema.table import RESOURCE_TYPES
from ..schema.types import Mutability, ResourceType, Returned, Type, Uniqueness, attribute_from_scim
from .capabilities import FORMS, Capabilities
from .records import BOOLEAN, TEXT, TEXTS, Form, Forms, choice, each, read_record, record


class Sureness(StrEnum):
    """How a statement is known: seen on the real provider, read in its documentation, or assumed. Each is a field of ``Profile``.

    A statement is assumed only if an error in it costs a request or some time, never data.
    """

    VERIFIED = "verified"
    DOCUMENTED = "documented"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class VerifiedProduct:
    """The product with which the whole profile was tested, as ``make interop`` does: its version, and the day (ISO 8601)."""

    product: str
    version: str
    date: str

    def __str__(self) -> str:
        return f"{self.product} {self.version} on {self.date}"


@dataclass(frozen=True, slots=True)
class Profile:
    """One provider, as a record of plain data: in ``catalog``, or in a file of the user.

    name: value of the option ``provider``, in lower case; of a file, the name for messages.
    title: name of the product, for people.
    sources: URLs of the pages that document the statements.
    tested: the ``product``, ``version`` and ``date`` (such as 2027-01-31) with which the whole profile was tested.
    hosts: globs that the base URL is matched against by ``provider: auto``, as ``host`` or ``host/path``.
    example: a base URL that matches ``hosts``.
    verified, documented, assumed: capabilities, by how certain they are.
    notes: sentences on what no capability expresses.
    attributes: further sub-attributes, as ``/Schemas`` describes them (RFC 7643 §7), by resource type and attribute.
    token_url, audience: defaults of the options of the same name, for OAuth 2.0.
    """

    name: str
    title: str
    sources: Sequence[str] = ()
    hosts: Sequence[str] = ()
    example: str = ""
    tested: VerifiedProduct | None = None
    verified: Mapping[str, Any] = field(default_factory=dict)
    documented: Mapping[str, Any] = field(default_factory=dict)
    assumed: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    attributes: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]] = field(default_factory=dict)
    token_url: str | None = None
    audience: str | None = None

    @property
    def evidence(self) -> Sureness:
        """How certain the profile is as a whole. A statement may be less certain, or more."""
        return Sureness.VERIFIED if self.tested else Sureness.DOCUMENTED if self.sources else Sureness.ASSUMED

    @property
    def statements(self) -> dict[str, tuple[Any, Sureness]]:
        """Each statement with how certain it is."""
        return {name: (value, sureness) for sureness in reversed(Sureness) for name, value in getattr(self, sureness).items()}

    def capabilities(self, options: Mapping[str, Any]) -> Capabilities:
        """What is known before the first request; ``options`` are the user's ``provider_options``.

        :raises Invalid: for an unknown key or a wrong value.
        """
        statements = {name: value for name, (value, _sureness) in self.statements.items()}
        return Capabilities().corrected(statements, self.name).corrected(options)

    def extended(self, resource_type: ResourceType) -> ResourceType:
        """A resource type with this provider's further attributes."""
        further = self.attributes.get(resource_type.name, {})
        return resource_type.adding({name: map(attribute_from_scim, raw) for name, raw in further.items()}) if further else resource_type

    def types(self) -> dict[str, ResourceType]:
        """This provider's resource types by name."""
        return {name: self.extended(resource_type) for name, resource_type in RESOURCE_TYPES.items()}

    def matches(self, url: str) -> bool:
        """Whether a base URL belongs to this provider."""
        try:
            parts = urlsplit(url)
            host, path = (parts.hostname or "").lower(), parts.path.rstrip("/")
        except ValueError:  # not a URL; ``Connection`` reports it
            return False
        return any(_matches(pattern, host, path) for pattern in self.hosts)


def _matches(pattern: str, host: str, path: str) -> bool:
    """Compare host and path separately, so that a path cannot pass for a host."""
    host_glob, slash, path_glob = pattern.partition("/")
    return fnmatchcase(host, host_glob) and (not slash or any(fnmatchcase(path, f"/{path_glob}{rest}") for rest in ("", "/*")))


# -- records -----------------------------------------------------------------------------------------------------------------------------


def _read_attributes(value: object) -> object:
    """Sub-attributes have the form of attributes, which is made from the form of one."""
    return _ATTRIBUTES.read(value)


_ATTRIBUTE: Forms = {  # RFC 7643 §7
    "name": TEXT,
    "description": TEXT,
    "type": choice(Type),
    "multiValued": BOOLEAN,
    "required": BOOLEAN,
    "caseExact": BOOLEAN,
    "mutability": choice(Mutability),
    "returned": choice(Returned),
    "uniqueness": choice(Uniqueness),
    "canonicalValues": TEXTS,
    "referenceTypes": TEXTS,
    "subAttributes": Form(_read_attributes, "a list of attributes"),
}
_ATTRIBUTES: Form = each(record(_ATTRIBUTE, "a mapping with the characteristics of an attribute", needed=("name",)), "a list of attributes")


def _parents(resource_type: ResourceType) -> Form:
    """The further attributes of a resource type: below an attribute that it has, or of the resource itself."""
    names = ("", *(attribute.name for attribute in resource_type.schema.attributes))
    return record(dict.fromkeys(names, _ATTRIBUTES), "a mapping of attributes")


_TESTED: Forms = {
    "product": TEXT,
    "version": TEXT,
    "date": Form(lambda value: date.fromisoformat(value).isoformat(), "a date such as 2027-01-31"),
}
_STATEMENTS = record(FORMS, "a mapping of capabilities")
PROFILE: Forms = {
    "name": TEXT,
    "title": TEXT,
    "sources": TEXTS,
    "hosts": TEXTS,
    "example": TEXT,
    "tested": Form(
        lambda value: VerifiedProduct(**read_record(value, _TESTED, needed=tuple(_TESTED))), f"a mapping with the keys {', '.join(_TESTED)}"
    ),
    **dict.fromkeys(Sureness, _STATEMENTS),
    "notes": TEXTS,
    "attributes": record({name: _parents(resource_type) for name, resource_type in RESOURCE_TYPES.items()}, "a mapping of resource types"),
    "token_url": TEXT,
    "audience": TEXT,
}


def from_record(given: Mapping[str, Any], name: str) -> Profile:
    """The profile of a record. ``name`` is used where the record has no name or title.

    :raises Mistakes: for unknown keys and wrong values.
    """
    values = read_record(given, PROFILE)
    return Profile(**{"name": name, "title": values.get("name", name), **values})


def as_record(profile: Profile) -> dict[str, Any]:
    """A profile as plain data, without what it does not have."""
    values = json.loads(json.dumps(asdict(profile)), parse_float=_shortest)
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _shortest(number: str) -> int | float:
    return int(float(number)) if float(number).is_integer() else float(number)
