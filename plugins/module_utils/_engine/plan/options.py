# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that decide what is desired: matching, pruning, scope, protection, memberships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..declaration.model import ABSENT, ADDITIVE, EXACT, GROUP, PRESENT, Entry
from ..scim.schema.filter import Filter
from ..scim.schema.projection import comparable, without
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import ResourceType
from .must_remain import MustRemain
from .protection import matching_globs
from .provider_effects import Effects

ON_CREATE, ALWAYS = "on_create", "always"
NONE, DELETE = "none", "delete"
AUTO, NEVER = "auto", "never"  # and ALWAYS: whether changes are sent in bulk


@dataclass(frozen=True, slots=True)
class Policy:
    """The options that decide what is desired; ``match_on`` (SCIM names), ``prune``, ``scope``, ``protected`` (globs) by resource type.

    ``today`` is the day in UTC on which things expire, ``effects`` what deactivating and deleting do at this provider, ``must_remain`` what
    must not be left without a holder there.
    """

    match_on: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"User": ("id", "userName"), "Group": ("id", "displayName")})
    adopt: bool = True
    update_password: str = ON_CREATE
    multi_valued: str = EXACT
    membership: str = EXACT
    ignore_attributes: tuple[str, ...] = ()
    prune: Mapping[str, str] = field(default_factory=dict)
    scope: Mapping[str, Filter] = field(default_factory=dict)
    protected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    today: date = date.min
    effects: Effects = field(default_factory=Effects)
    must_remain: tuple[MustRemain, ...] = ()

    @property
    def additive(self) -> bool:
        return self.multi_valued == ADDITIVE

    def match_keys(self, type_name: str) -> tuple[str, ...]:
        """The attributes that find existing resources of a type; none if no resource of it is declared."""
        return self.match_on.get(type_name, ())

    def membership_of(self, entry: Entry) -> str:
        """What happens to memberships that an entry does not declare: for users, ``additive`` unless the entry sets it."""
        return entry.membership or (self.membership if entry.type.name == GROUP else ADDITIVE)

    def is_exact(self, entry: Entry) -> bool:
        """Whether undeclared memberships of an entry end, so that all of them must be known."""
        return entry.memberships is not None and entry.state == PRESENT and self.membership_of(entry) == EXACT

    def owns(self, resource_type: ResourceType, body: Body) -> bool:
        """Whether a resource is in the scope of the declaration."""
        scope = self.scope.get(resource_type.name)
        return scope is None or scope.matches(resource_type.root, body)

    def protects(self, resource: Resource) -> bool:
        """Whether a resource is protected by its name, so that nothing is taken from it."""
        return bool(self.protecting(resource.type.name, resource.name))

    def may_prune(self, resource: Resource) -> bool:
        """Whether pruning applies to an undeclared resource: it is in scope, not protected, and not hidden from the listing.

        A provider that lists no inactive users treats them as deleted. Whether they are known depends on what else is declared.
        """
        return resource.listed and not self.protects(resource) and self.owns(resource.type, resource.body)

    def protecting(self, type_name: str, name: str) -> list[str]:
        """The globs that protect a name."""
        return matching_globs(globs, name) if (globs := self.protected.get(type_name)) else []

    def compared(self, resource_type: ResourceType, declared: Body) -> Body:
        """The declared attributes that are sent and that a response shows."""
        return comparable(resource_type, without(resource_type, declared, self.ignore_attributes))

    def deletes(self, entry: Entry) -> bool:
        """Whether an entry deletes its resource."""
        return entry.state == ABSENT or self.expired(entry.delete_after)

    def ends(self, entry: Entry) -> bool:
        """Whether an entry deletes its resource or has expired: it is then not created."""
        return self.deletes(entry) or self.expired(entry.expires)

    def expired(self, last_day: date | None) -> bool:
        """Whether a last valid day is over."""
        return last_day is not None and last_day < self.today
