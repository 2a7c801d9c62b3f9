# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which profile a service provider has: by name, or by its base URL."""

from __future__ import annotations

from functools import cache

from ..errors import Invalid
from ..schema.table import RESOURCE_TYPES
from ..schema.types import ResourceType
from .engineering import ENGINEERING
from .profile import Profile
from .workplace import WORKPLACE

AUTO = "auto"
RFC = Profile(
    name="rfc",
    title="Any that keeps to the RFCs",
    sources=("https://www.rfc-editor.org/rfc/rfc7643", "https://www.rfc-editor.org/rfc/rfc7644"),
    notes=("What deviates is learned from the answers.",),
)

PROFILES = {profile.name: profile for profile in (RFC, *sorted((*ENGINEERING, *WORKPLACE), key=lambda profile: profile.name))}


def profile_for(provider: str, url: str) -> Profile:
    """The profile that ``provider`` names; with ``auto`` the one whose hosts match the base URL, else ``rfc``.

    :raises Invalid: where there is no profile of that name.
    """
    if provider == AUTO:
        return next((profile for profile in PROFILES.values() if profile.is_at(url)), RFC)
    if provider not in PROFILES:
        raise Invalid(f"provider: there is no profile {provider!r}. Known are: {AUTO}, {', '.join(PROFILES)}.")
    return PROFILES[provider]


@cache
def widest(name: str) -> ResourceType:
    """A resource type with the attributes of every profile: what can be declared at all."""
    resource_type = RESOURCE_TYPES[name]
    for profile in PROFILES.values():
        if name in profile.attributes:
            resource_type = resource_type.adding(profile.attributes[name])
    return resource_type
