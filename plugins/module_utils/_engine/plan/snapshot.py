# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the provider has, as far as a declaration needs it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from ..declaration.model import USER, Member
from ..scim.schema.overlay import UNKNOWN, same
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import ResourceType


@dataclass(slots=True)
class Snapshot:
    """Resources by id; ``members`` has the ids of members by group id, for groups whose members were read.

    ``complete`` names the types whose listing is known to be whole, ``lacking`` says of others what is missing.
    """

    users: dict[str, Resource] = field(default_factory=dict)
    groups: dict[str, Resource] = field(default_factory=dict)
    members: dict[str, frozenset[str]] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    lacking: dict[str, str] = field(default_factory=dict)

    def of(self, resource_type: ResourceType) -> dict[str, Resource]:
        """The resources of one type."""
        return self.users if resource_type.name == USER else self.groups

    def add_groups(self, groups: Iterable[Resource]) -> None:
        """Take in groups that were read with their members."""
        for group in groups:
            self.groups[group.id] = group
            self.members[group.id] = member_ids(group)


def member_ids(group: Resource) -> frozenset[str]:
    """The ids of a group's direct members. Where there is nothing but ``$ref``, its end is the id (RFC 7643 §4.2)."""
    members = group.body.get("members") or ()
    ids = (member.get("value") or unquote(str(member.get("$ref") or "").rstrip("/").rpartition("/")[2]) for member in members)
    return frozenset(str(one) for one in ids if one)


def names_group(member: Member, group: Resource) -> bool:
    """Whether a declared group is this one: by name, by id, or by all attributes of its selector."""
    root = group.type.root
    if member.name == group.id:
        return True
    if member.name:
        name_attribute = root.sub(group.type.name_attribute) or UNKNOWN
        return same(name_attribute, member.name, group.body.get(group.type.name_attribute))
    return selects(member, group.body)


def selects(member: Member, body: Body) -> bool:
    """Whether a body has all attributes of a selector, in any case."""
    folded = {key.lower().replace("_", ""): value for key, value in body.items()}
    return all(str(folded.get(key, "")).casefold() == str(value).casefold() for key, value in member.selector.items())
