# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the changes of one run must know of each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field

from ..escaping import quoted
from ..plan.plan import Change
from ..plan.snapshot import member_ids
from ..scim.schema.resource import Resource
from ..wording import join_names

ADDING, REMOVING = "adding", "removing"  # forms of membership changes


@dataclass(slots=True)
class RunState:
    """``names`` are what people call resources, by key, and ``created`` those of new ones, by their id. ``others`` are ids of resources
    that have a change of their own, ``removed`` those that are deactivated or deleted, and ``deactivated`` the former: some providers
    take them out of all groups. By the id of the group, ``leaving`` are all members that the run removes, and ``members`` those that
    the group must have by now. ``proven``: an answer has shown that these forms of membership changes work, and leave other members;
    ``unremovable``: that no other form of removal works either.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    created: dict[str, str] = field(default_factory=dict)
    others: Set[str] = frozenset()
    removed: Set[str] = frozenset()
    deactivated: Set[str] = frozenset()
    leaving: Mapping[str, frozenset[str]] = field(default_factory=dict)
    members: dict[str, frozenset[str]] = field(default_factory=dict)
    proven: set[str] = field(default_factory=set)
    unremovable: bool = False

    @classmethod
    def of(cls, changes: Collection[Change], names: Mapping[str, str]) -> RunState:
        """The state before the first write."""
        existing = frozenset(change.key for change in changes if change.before is not None)
        leaving = {change.key: frozenset(change.leaves) for change in changes if change.leaves}
        removed = frozenset(change.key for change in changes if change.removes)
        deactivated = frozenset(change.key for change in changes if change.deactivates)
        return cls(names, {}, existing, removed, deactivated, leaving)

    def members_of(self, group: Resource) -> frozenset[str]:
        """The members that a group has before its next write, as far as they are known."""
        return self.members.setdefault(group.id, member_ids(group))

    def members_now(self, group: Resource, shown: Set[str]) -> frozenset[str]:
        """The members that a read shows, corrected by what this run has done before: the read may lag behind."""
        before, expected = member_ids(group), self.members_of(group)
        return frozenset(shown) - (before - expected) | (expected - before)

    def moved(self, group: Resource, joins: Iterable[str], leaves: Iterable[str]) -> None:
        """Expect that members have joined and left."""
        self.members[group.id] = (self.members_of(group) - frozenset(leaves)) | frozenset(joins)

    def lost(self, group: Resource, joins: Collection[str], leaves: Collection[str], present: Set[str]) -> frozenset[str]:
        """The other members of a group that are missing, if a write that moved some has removed all who were there before the run.

        If only some of these are missing, another client did that. A read that shows nothing of the write lags behind, and may lack members
        who joined before it.
        """
        others = self.others_in(group) - {*joins, *leaves}
        is_shown = not present.isdisjoint(joins) or not present >= {*leaves}
        earlier = others & member_ids(group) or others
        return others - present if is_shown and earlier.isdisjoint(present) else frozenset()

    def others_in(self, group: Resource) -> frozenset[str]:
        """The members of a group that nothing in this run removes."""
        return self.members_of(group) - self.removed - self.leaving.get(group.id, frozenset())

    def deactivated_in(self, group: Resource) -> frozenset[str]:
        """The members of a group that are deactivated in this run, and stay its members."""
        return self.members_of(group) & self.deactivated - self.leaving.get(group.id, frozenset())

    def join_names(self, keys: Iterable[str]) -> str:
        """Resources as a message names them."""
        return join_names(sorted(quoted(self.names.get(key) or self.created.get(key, key)) for key in keys))
