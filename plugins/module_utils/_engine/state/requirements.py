# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be known of the provider for a declaration: all of it or a part, with members or without, and which attributes."""

from __future__ import annotations

from collections.abc import Iterable

from ..declaration.model import ABSENT, ADDITIVE, GROUP, USER, Declaration, Entry
from ..plan.options import NONE, Policy
from ..scim.schema.resource import split_path
from ..scim.schema.types import ResourceType


def may_remove(declaration: Declaration, policy: Policy) -> bool:
    """Whether a declaration could take anything away: then the guard must know of how many."""
    pruned = any(prune != NONE for prune in policy.prune.values())
    leaving = any(e.state == ABSENT or e.attributes.get("active") is False or e.expires or e.delete_after for e in declaration.entries)
    losing = any(_may_lose(entry, policy) for entry in declaration.entries)
    return pruned or leaving or losing or bool(policy.scope)


def _may_lose(entry: Entry, policy: Policy) -> bool:
    """Whether memberships could end: those that are not declared, or some that are."""
    listed = entry.members if entry.type.name == GROUP else entry.groups
    return listed is not None and (policy.membership_of(entry) != ADDITIVE or any(member.expires for member in listed))


def needs_members(declaration: Declaration, policy: Policy) -> bool:
    """Whether memberships are declared, somebody has expired and leaves the groups that are, or a group goes with somebody protected."""
    listed = any(entry.groups is not None or entry.members is not None for entry in declaration.entries)
    going = policy.prune.get(GROUP, NONE) != NONE or any(group.state == ABSENT or group.delete_after for group in declaration.groups)
    expiring = bool(declaration.groups) and any(policy.expired(user.expires) for user in declaration.users)
    return listed or expiring or (going and bool(policy.protected.get(USER)))


def selects_groups(declaration: Declaration) -> bool:
    """Whether a group is chosen by attributes of which the provider alone knows the names: then all are asked for."""
    return any(member.selector for user in declaration.users for member in user.groups or ())


def compared(resource_type: ResourceType, entries: Iterable[Entry], policy: Policy) -> list[str]:
    """The attributes that a listing must show: those that are declared, matched on, or decide."""
    scope = policy.scope.get(resource_type.name)
    names = [
        resource_type.name_attribute,
        *(("active",) if resource_type.name == USER else ()),
        *(split_path(path, resource_type.root)[0] for path in (scope.paths() if scope else ())),
    ]
    names += [name for name in policy.match_on[resource_type.name] if name != "id"]
    names += [name for entry in entries for name in entry.attributes]
    return list(dict.fromkeys(attribute.name if (attribute := resource_type.root.sub(name)) else name for name in names))
