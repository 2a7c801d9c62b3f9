# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service providers as data: what of each differs from RFC 7643 and RFC 7644, and where that is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from .capabilities import Capabilities
from .errors import Invalid
from .rfc7643 import RESOURCE_TYPES
from .schema import Attribute, ResourceType

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Profile:
    """One provider. ``hosts`` are globs by which ``provider: auto`` knows it; ``corrections`` are fields of ``Capabilities``.

    ``attributes`` has sub-attributes that only this provider knows, by resource type and attribute.
    """

    name: str
    hosts: tuple[str, ...] = ()
    corrections: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, tuple[Attribute, ...]]] = field(default_factory=dict)
    token_url: str | None = None
    audience: str | None = None
    reason: str = ""

    def types(self) -> dict[str, ResourceType]:
        """The resource types with the attributes that this provider has besides."""
        return {name: kind.adding(self.attributes[name]) if name in self.attributes else kind for name, kind in RESOURCE_TYPES.items()}

    def capabilities(self, options: Mapping[str, Any]) -> Capabilities:
        """What is known of the provider before it is asked anything; ``options`` are the user's ``provider_options``.

        :raises Invalid: for an option that is none.
        """
        return Capabilities().corrected(self.corrections, self.name).corrected(options)


_ADDRESS_LABEL = Attribute("display", description="A label for this address that people read (Matillion).")

PROFILES = {
    profile.name: profile
    for profile in (
        Profile(name="rfc", reason="RFC 7643 and RFC 7644 as written; what deviates is learned from the answers."),
        Profile(
            name="matillion",
            hosts=("*.api.matillion.com",),
            corrections={
                "content_type": "application/json",
                "always_sent": {"User": {"meta": {"resourceType": "User"}}, "Group": {"meta": {"resourceType": "Group"}}},
                "names": {"$ref": "ref"},
                "groups_in_body": True,
                "rate": 60,
                "burst": 5,
                "concurrency": 4,
                "page_size": 100,
            },
            attributes={"User": {"addresses": (_ADDRESS_LABEL,)}},
            token_url="https://id.core.matillion.com/oauth/dpc/token",
            audience="https://api.matillion.com",
            reason="Matillion's API reference, create-scim-user (body, meta, ref) and authentication (token URL, audience, 60 a minute).",
        ),
    )
}


def profile_for(provider: str, url: str) -> Profile:
    """The profile that ``provider`` names; with ``auto`` the one whose hosts match the base URL, else ``rfc``.

    :raises Invalid: where there is no profile of that name.
    """
    if provider == AUTO:
        host = _host(url)
        return next((p for p in PROFILES.values() if any(fnmatchcase(host, pattern) for pattern in p.hosts)), PROFILES["rfc"])
    if provider not in PROFILES:
        raise Invalid(f"provider: there is no profile {provider!r}. Known are: {AUTO}, {', '.join(PROFILES)}.")
    return PROFILES[provider]


def _host(url: str) -> str:
    """The host in lower case; nothing where the URL is none, which ``Connection`` says in its own words."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def widest(name: str) -> ResourceType:
    """A resource type with the attributes of every profile: what can be declared at all."""
    kind = RESOURCE_TYPES[name]
    for profile in PROFILES.values():
        kind = kind.adding(profile.attributes.get(name, {}))
    return kind
