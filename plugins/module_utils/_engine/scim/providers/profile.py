# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of one service provider before the first request, and how certain it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from ..schema.table import RESOURCE_TYPES
from ..schema.types import ResourceType, attribute_from_scim
from .capabilities import Capabilities


class Sureness(StrEnum):
    """How a statement is known: seen on the real provider, read in its documentation, or assumed. Each is a field of ``Profile``.

    A statement is assumed only if an error in it costs a request or some time, never data.
    """

    VERIFIED = "verified"
    DOCUMENTED = "documented"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Profile:
    """One provider, as a record of plain data.

    name: value of the option ``provider``, in lower case.
    title: name of the product, for people.
    sources: URLs of the pages that document the statements.
    hosts: globs that the base URL is matched against by ``provider: auto``, as ``host`` or ``host/path``.
    example: a base URL that matches ``hosts``.
    verified, documented, assumed: fields of ``Capabilities``, by how certain they are.
    notes: sentences on what no capability expresses.
    attributes: further sub-attributes, as ``/Schemas`` describes them (RFC 7643 §7), by resource type and attribute.
    token_url, audience: defaults of the options of the same name, for OAuth 2.0.
    """

    name: str
    title: str
    sources: Sequence[str]
    hosts: Sequence[str] = ()
    example: str = ""
    verified: Mapping[str, Any] = field(default_factory=dict)
    documented: Mapping[str, Any] = field(default_factory=dict)
    assumed: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    attributes: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]] = field(default_factory=dict)
    token_url: str | None = None
    audience: str | None = None

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
