# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be known of the provider before a declaration can be compared: all of it or a part, with members or without. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..declaration.model import ABSENT, ADDITIVE, EXACT, GROUP, PRESENT, USER, Declaration, Entry, Member
from ..plan.options import NONE, Policy
from ..scim.schema.resource import split_path
from ..scim.schema.types import ResourceType


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a fetch has to satisfy.

    ``whole``: the complete listings, since something may be removed. ``groups``: whether anything must be known of groups; ``memberships``:
    their members, too. ``named_groups`` are groups that users are in, ``named_members`` members of groups; ``selects_groups``: some are
    selected by attributes of which only the provider knows the names, so all groups are needed. ``thorough``: the plan will be reviewed, so
    a resource of another spelling must not appear as a creation in it.
    """

    declaration: Declaration
    policy: Policy
    whole: bool
    thorough: bool
    groups: bool
    memberships: bool
    named_groups: tuple[Member, ...]
    named_members: tuple[Member, ...]
    selects_groups: bool

    @property
    def alone(self) -> Entry | None:
        """The one entry that is declared, where nothing needs the complete listings."""
        return self.declaration.entries[0] if len(self.declaration.entries) == 1 and not self.whole else None


def requirements(declaration: Declaration, policy: Policy, whole: bool, thorough: bool) -> Requirements:
    """What must be known for a declaration under a policy."""
    named_groups = {str(group): group for user in declaration.users if user.state == PRESENT for group in user.groups or ()}
    memberships = needs_members(declaration, policy)
    return Requirements(
        declaration=declaration,
        policy=policy,
        whole=whole,
        thorough=thorough,
        groups=bool(declaration.groups) or memberships or policy.prune.get(GROUP, NONE) != NONE,
        memberships=memberships,
        named_groups=tuple(named_groups.values()),
        named_members=tuple(m for group in declaration.groups if group.state == PRESENT for m in group.members or () if m.name),
        selects_groups=any(group.selector for group in named_groups.values()),
    )


def may_remove(declaration: Declaration, policy: Policy) -> bool:
    """Whether a declaration could take anything away: then the guard must know of how many."""
    pruned = any(mode != NONE for mode in policy.prune.values())
    leaving = any(e.state == ABSENT or e.attributes.get("active") is False or e.expires or e.delete_after for e in declaration.entries)
    losing = any(_may_lose(entry, policy) for entry in declaration.entries)
    return pruned or leaving or losing or bool(policy.scope)


def _may_lose(entry: Entry, policy: Policy) -> bool:
    """Whether memberships could end: undeclared ones, or declared ones that expire."""
    members = entry.members if entry.type.name == GROUP else entry.groups
    return members is not None and (policy.membership_of(entry) != ADDITIVE or any(member.expires for member in members))


def needs_members(declaration: Declaration, policy: Policy) -> bool:
    """Whether members of groups matter: memberships are declared, a user has expired and leaves the declared groups, or a group is deleted
    that may have a protected member.
    """
    declared = any(entry.groups is not None or entry.members is not None for entry in declaration.entries)
    deleting = policy.prune.get(GROUP, NONE) != NONE or any(group.state == ABSENT or group.delete_after for group in declaration.groups)
    expiring = bool(declaration.groups) and any(policy.expired(user.expires) for user in declaration.users)
    return declared or expiring or (deleting and bool(policy.protected.get(USER)))


def is_exact(entry: Entry, policy: Policy) -> bool:
    """Whether all memberships of an entry must be known, since undeclared ones end."""
    members = entry.members if entry.type.name == GROUP else entry.groups
    return members is not None and entry.state == PRESENT and policy.membership_of(entry) == EXACT


def compared(resource_type: ResourceType, entries: Iterable[Entry], policy: Policy) -> list[str]:
    """The attributes that a listing must show: those that are declared, matched on, or decide."""
    scope = policy.scope.get(resource_type.name)
    names = [
        resource_type.name_attribute,
        *(("active",) if resource_type.name == USER else ()),
        *(split_path(path, resource_type.root)[0] for path in (scope.paths() if scope else ())),
    ]
    names += [name for name in policy.match_keys(resource_type.name) if name != "id"]
    names += [name for entry in entries for name in entry.attributes]
    return list(dict.fromkeys(attribute.name if (attribute := resource_type.root.sub(name)) else name for name in names))
