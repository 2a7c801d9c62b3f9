# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be known of the provider before a declaration can be compared: all of it or a part, with members or without. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..declaration.model import ABSENT, ADDITIVE, GROUP, PRESENT, USER, Declaration, Entry, Member
from ..plan.must_remain import MustRemain
from ..plan.options import NONE, Policy
from ..plan.reporting_lines import references, unresolved
from ..scim.schema.resource import split_path
from ..scim.schema.table import ENTERPRISE_USER
from ..scim.schema.types import ResourceType


@dataclass(frozen=True)
class Requirements:
    """What a fetch has to satisfy.

    ``whole``: the complete listings, since something may be removed. ``thorough``: a resource of another spelling is looked for, so that it
    is no creation in the plan.
    """

    declaration: Declaration
    policy: Policy
    whole: bool
    thorough: bool

    @property
    def alone(self) -> Entry | None:
        """The one entry that is declared, where nothing needs the complete listings."""
        return self.declaration.entries[0] if len(self.declaration.entries) == 1 and not self.whole else None

    @property
    def groups(self) -> bool:
        """Whether anything must be known of groups."""
        return bool(self.declaration.groups) or self.memberships or self.policy.prune.get(GROUP, NONE) != NONE

    @cached_property
    def memberships(self) -> bool:
        """Whether members of groups matter: memberships are declared, a user has expired and leaves the declared groups, or a group is
        deleted: it may have a protected member, and limits count its members.
        """
        declaration, policy = self.declaration, self.policy
        declared = any(entry.memberships is not None for entry in declaration.entries)
        deleting = policy.prune.get(GROUP, NONE) != NONE or any(group.state == ABSENT or group.delete_after for group in declaration.groups)
        expiring = bool(declaration.groups) and any(policy.expired(user.expires) for user in declaration.users)
        return declared or expiring or (deleting and self.whole) or bool(self.holding)

    @property
    def holding(self) -> Sequence[MustRemain]:
        """The rules of what must remain with the members of some groups, where something may be removed."""
        return [rule for rule in self.policy.must_remain if rule.groups and self.whole]

    @cached_property
    def named_groups(self) -> Sequence[Member]:
        """The groups that users are in."""
        users = [user for user in self.declaration.users if user.state == PRESENT]
        return list({str(group): group for user in users for group in user.groups or ()}.values())

    @property
    def named_members(self) -> Sequence[Member]:
        """The members of groups."""
        groups = [group for group in self.declaration.groups if group.state == PRESENT]
        return [member for group in groups for member in group.members or () if member.name]

    @property
    def selects_groups(self) -> bool:
        """Whether groups are selected by attributes of which only the provider knows the names, so that all groups are needed."""
        return any(group.selector for group in self.named_groups)


def may_remove(declaration: Declaration, policy: Policy) -> bool:
    """Whether a declaration could take anything away: then the guard must know of how many."""
    pruned = any(mode != NONE for mode in policy.prune.values())
    leaving = any(e.state == ABSENT or e.attributes.get("active") is False or e.expires or e.delete_after for e in declaration.entries)
    losing = any(_may_lose(entry, policy) or _may_lose_what_remains(entry, policy) for entry in declaration.entries)
    return pruned or leaving or losing or bool(policy.scope)


def _may_lose(entry: Entry, policy: Policy) -> bool:
    """Whether memberships could end: undeclared ones, or declared ones that expire."""
    members = entry.memberships
    return members is not None and (policy.membership_of(entry) != ADDITIVE or any(member.expires for member in members))


def _may_lose_what_remains(entry: Entry, policy: Policy) -> bool:
    """Whether an entry declares an attribute that shows who holds what must remain. A name does only if it changes."""
    name_attribute, root = entry.type.name_attribute, entry.type.root
    shown = {
        attribute.name if (attribute := root.sub(name)) else name
        for rule in policy.must_remain
        for name in rule.attributes(entry.type.name)
    }
    return any(name in entry.attributes and (name != name_attribute or bool(entry.previously)) for name in shown)


def compared(resource_type: ResourceType, entries: Sequence[Entry], policy: Policy) -> list[str]:
    """The attributes that a listing must show: those that are declared, matched on, or decide."""
    names = [resource_type.name_attribute, *(("active",) if resource_type.name == USER else ())]
    names += deciding_attributes(resource_type, policy)
    names += dict.fromkeys(name for entry in entries for name in entry.attributes)
    if resource_type.name == USER:
        names += [ENTERPRISE_USER.urn] if references(entries, policy) else []
        names += ["emails"] if unresolved(entries, policy) else []
    names += [name for rule in policy.must_remain for name in rule.attributes(resource_type.name)]
    return list(dict.fromkeys(_canonical(resource_type, name) for name in names))


def deciding_attributes(resource_type: ResourceType, policy: Policy) -> list[str]:
    """The attributes besides the name that decide which resource is meant and whether it is in scope."""
    keys = [name for name in policy.match_keys(resource_type.name) if name not in ("id", resource_type.name_attribute)]
    names = [*scope_attributes(resource_type, policy), *(_canonical(resource_type, name) for name in keys)]
    return [name for name in dict.fromkeys(names) if name not in ("id", "active")]


def scope_attributes(resource_type: ResourceType, policy: Policy) -> list[str]:
    """The attributes that decide whether a resource is in scope."""
    scope = policy.scope.get(resource_type.name)
    names = (split_path(path, resource_type.root)[0] for path in (scope.paths() if scope else ()))
    return list(dict.fromkeys(_canonical(resource_type, name) for name in names))


def _canonical(resource_type: ResourceType, name: str) -> str:
    attribute = resource_type.root.sub(name)
    return attribute.name if attribute else name
