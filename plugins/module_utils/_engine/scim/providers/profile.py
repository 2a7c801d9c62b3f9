# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of one service provider before it is asked anything, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from ..schema.table import RESOURCE_TYPES
from ..schema.types import Attribute, ResourceType
from .capabilities import Capabilities


class Sureness(StrEnum):
    """How a statement is known: seen on the real provider, read in its documentation, or assumed.

    Assumed is only what costs a request or some time where it is wrong, never data.
    """

    VERIFIED = "verified"
    DOCUMENTED = "documented"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Profile:
    """One provider. Its statements are fields of ``Capabilities``, by how sure they are; ``notes`` are what no capability can say.

    ``hosts`` are globs by which ``provider: auto`` knows it, with a path where only that tells; ``example`` is such a base URL.
    ``attributes`` has sub-attributes that only this provider knows, by resource type and attribute.
    """

    name: str
    title: str
    sources: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    example: str = ""
    verified: Mapping[str, Any] = field(default_factory=dict)
    documented: Mapping[str, Any] = field(default_factory=dict)
    assumed: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    attributes: Mapping[str, Mapping[str, tuple[Attribute, ...]]] = field(default_factory=dict)
    token_url: str | None = None
    audience: str | None = None

    @property
    def statements(self) -> dict[str, tuple[Any, Sureness]]:
        """Each statement with how sure it is."""
        parts = ((Sureness.ASSUMED, self.assumed), (Sureness.DOCUMENTED, self.documented), (Sureness.VERIFIED, self.verified))
        return {key: (value, sureness) for sureness, part in parts for key, value in part.items()}

    def types(self) -> dict[str, ResourceType]:
        """The resource types with the attributes that this provider has besides."""
        return {
            name: resource_type.adding(self.attributes[name]) if name in self.attributes else resource_type
            for name, resource_type in RESOURCE_TYPES.items()
        }

    def capabilities(self, options: Mapping[str, Any]) -> Capabilities:
        """What is known of the provider before it is asked anything; ``options`` are the user's ``provider_options``.

        :raises Invalid: for an option that is none.
        """
        return Capabilities().corrected({key: value for key, (value, _sureness) in self.statements.items()}, self.name).corrected(options)

    def is_at(self, url: str) -> bool:
        """Whether a base URL is one of this provider's."""
        try:
            parts = urlsplit(url)
            host, path = (parts.hostname or "").lower(), parts.path.rstrip("/")
        except ValueError:  # no URL at all, which ``Connection`` says in its own words
            return False
        return any(_matches(pattern, host, path) for pattern in self.hosts)


def _matches(pattern: str, host: str, path: str) -> bool:
    """Host and path each by their own part of the glob, so that no path can pretend to be a host."""
    host_glob, slash, path_glob = pattern.partition("/")
    below = f"/{path_glob}"
    return fnmatchcase(host, host_glob) and (not slash or fnmatchcase(path, below) or fnmatchcase(path, f"{below}/*"))
