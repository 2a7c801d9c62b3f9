# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which profile a service provider has: by name, or by its base URL."""

from __future__ import annotations

from functools import cache

from ...escaping import quoted
from ...wording import did_you_mean
from ..errors import Invalid
from ..schema.table import RESOURCE_TYPES
from ..schema.types import ResourceType
from .catalog import CATALOG, RFC
from .profile import Profile

AUTO = "auto"
PROFILES = {profile.name: profile for profile in (RFC, *CATALOG)}


def profile_for(provider: str, url: str) -> Profile:
    """The profile of the option ``provider``; for ``auto`` the one that matches the base URL, else ``rfc``.

    :raises Invalid: for an unknown name.
    """
    if provider == AUTO:
        return next((profile for profile in CATALOG if profile.matches(url)), RFC)
    if provider not in PROFILES:
        hint = did_you_mean(provider, PROFILES) or f"Known profiles: {', '.join([AUTO, *PROFILES])}. A path ends with .yml, .yaml or .json."
        raise Invalid(f"provider: unknown profile {quoted(provider)}. {hint}")
    return PROFILES[provider]


@cache
def widest(name: str) -> ResourceType:
    """A resource type with the attributes of every profile: whatever can be declared."""
    resource_type = RESOURCE_TYPES[name]
    for profile in CATALOG:
        resource_type = profile.extended(resource_type)
    return resource_type
