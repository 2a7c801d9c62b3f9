# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The current state at the provider, as far as a declaration needs it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from ..declaration.model import USER, Member
from ..scim.schema.identity import is_same_name, name_key
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import ResourceType
from .matching import Finder
from .options import Policy


@dataclass(slots=True)
class Snapshot:
    """The current state: resources by id; ``members`` has the ids of members by group id, for groups whose members were read.

    ``complete`` names the types whose listing is known to be whole, ``lacking`` says of others what is missing; ``uncounted`` are types
    whose listing had several pages and no total: one that moved to an earlier page meanwhile was missed. ``by_name_only`` are groups
    that cannot be looked up, by their provisional key, each as it is written in the body of a user (RFC 7643 §4.1.2). ``unseen``: no group
    shows a member and no filter finds one, so groups either have none, or the provider does not show them; ``resent``: the latter is known.
    ``hides_members``: the provider does not show members, so ``members`` has only those that were asked for. ``warnings`` are about answers
    that contradict each other.
    """

    users: dict[str, Resource] = field(default_factory=dict)
    groups: dict[str, Resource] = field(default_factory=dict)
    members: dict[str, frozenset[str]] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    lacking: dict[str, str] = field(default_factory=dict)
    uncounted: set[str] = field(default_factory=set)
    by_name_only: dict[str, Body] = field(default_factory=dict)
    unseen: bool = False
    resent: bool = False
    hides_members: bool = False
    warnings: list[str] = field(default_factory=list)
    _finders: dict[str, Finder] = field(default_factory=dict, repr=False, compare=False)

    def of(self, type_name: str) -> dict[str, Resource]:
        """The resources of one type."""
        return self.users if type_name == USER else self.groups

    def finder(self, resource_type: ResourceType, policy: Policy) -> Finder:
        """Finds the resources of one type for an entry. It is made again only if they have changed."""
        resources, match_on = self.of(resource_type.name), policy.match_keys(resource_type.name)
        known = self._finders.get(resource_type.name)
        if known is None or known.match_on != match_on or known.resources != resources:
            known = self._finders[resource_type.name] = Finder(resource_type, match_on, resources.values())
        return known

    def forget_finders(self) -> None:
        """Free the memory that they take."""
        self._finders.clear()

    def all_ids(self) -> set[str]:
        """The ids of all resources, as a new set: a loop must not call it again and again."""
        return self.users.keys() | self.groups.keys()

    @property
    def has_unlisted_members(self) -> bool:
        """Whether a group has a member that is none of the resources."""
        return not all(map(self.all_ids().issuperset, self.members.values()))

    def add_groups(self, groups: Iterable[Resource]) -> None:
        """Take in groups that were read with their members."""
        for group in groups:
            self.groups[group.id] = group
            self.members[group.id] = member_ids(group)


def member_ids(group: Resource) -> frozenset[str]:
    """The ids of a group's direct members. Where there is nothing but ``$ref``, its end is the id (RFC 7643 §4.2)."""
    members = group.body.get("members") or ()
    ids = (member.get("value") or unquote(str(member.get("$ref") or "").rstrip("/").rpartition("/")[2]) for member in members)
    return frozenset(str(member_id) for member_id in ids if member_id)


def names_group(member: Member, group: Resource) -> bool:
    """Whether a declared group is this one: by name, by id, or by all attributes of its selector."""
    if not member.name:
        return selects(member, group.body)
    has_name = not member.is_id and is_same_name(member.name, str(group.body.get(group.type.name_attribute) or ""))
    return member.name == group.id or has_name


def selects(member: Member, body: Body) -> bool:
    """Whether a body has all attributes of a selector, in any case."""
    folded = {key.lower().replace("_", ""): value for key, value in body.items()}
    return all(name_key(str(folded.get(key, ""))) == name_key(str(value)) for key, value in member.selector.items())
