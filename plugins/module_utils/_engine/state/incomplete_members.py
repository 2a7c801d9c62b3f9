# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detects groups that show some of their members and leave out others without a word: all after the first so many, or nested groups.

Only a group with the longest list of all can have been cut, and nested groups are left out only where no list shows one. One question
about such groups, where the answer may change the plan, shows whether they have members that they do not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import chain

from ..declaration.model import GROUP
from ..plan.snapshot import member_ids
from ..scim.client.client import Client
from ..scim.client.lookup import TOGETHER
from ..scim.schema.resource import Resource
from .hidden_memberships import FORMS, Edge, groups_with, is_ignored

SHORTEST_CUT = 2  # members: no provider shows fewer of a longer list


class ShownMembers:
    """The members that ``groups`` show, and which memberships may be missing. ``group_ids`` are all groups: nested members."""

    def __init__(self, groups: Sequence[Resource], group_ids: Set[str]) -> None:
        self.by_group = {group.id: member_ids(group) for group in groups}
        self._group_ids = group_ids
        listed = {group.id for group in groups if not group.complete}  # one that was read by its id shows nothing of the listing
        self._without_nested = frozenset[str]() if any(self.by_group[key] & group_ids for key in listed) else listed
        self._cut = self._longest(listed) | self._longest(self.by_group.keys() - listed)

    def _longest(self, groups: Set[str]) -> set[str]:
        """Those of the groups that may have been cut."""
        longest = max((len(self.by_group[key]) for key in groups), default=0)
        return {key for key in groups if len(self.by_group[key]) == longest >= SHORTEST_CUT}

    def may_lack(self, edge: Edge) -> bool:
        """Whether a membership may exist although it is not shown."""
        group, member = edge
        shown = self.by_group.get(group)
        return shown is not None and member not in shown and (group in self._cut or self.may_lack_nested(edge))

    def may_lack_nested(self, edge: Edge) -> bool:
        """Whether a membership may not be shown because the member is a group."""
        return edge[0] in self._without_nested and edge[1] in self._group_ids

    def is_doubtful(self, group: str) -> bool:
        """Whether a group may have members that it does not show."""
        return group in self._cut or group in self._without_nested

    def unshown(self, groups: Iterable[str], members: Iterable[str]) -> Iterator[Edge]:
        """The memberships of some groups that may be missing; nested ones first, those of the longest lists before others."""
        known = sorted(self.by_group.keys() & set(groups), key=lambda key: (-len(self.by_group[key]), key))
        nested = sorted(self._group_ids) if self._without_nested else ()
        pairs = chain(
            ((group, member) for group in known for member in nested if member != group),
            ((group, member) for group in known if group in self._cut for member in members),
        )
        return filter(self.may_lack, pairs)

    def shows_any(self, group: str, members: Set[str]) -> bool:
        """Whether a group shows one of these members, itself or in a nested group: the filters of some providers find those too."""
        seen: set[str] = set()
        nested = {group}
        while nested:
            shown = {member for key in nested for member in self.by_group.get(key, ())}
            if shown & members:
                return True
            seen |= nested
            nested = (shown & self.by_group.keys()) - seen
        return False


def with_hidden_members(
    client: Client,
    groups: Sequence[Resource],
    shown: ShownMembers,
    wanted: Sequence[Edge],
    possible: Iterable[Edge],
    mattering: Callable[[], Set[str]],
    alone: Sequence[str] = (),
) -> list[Resource]:
    """The groups with the members that a listing left out: then those that are ``mattering`` are read by their ids.

    ``alone`` are groups of which the members that would leave are not known, so that no filter can be made: they are read in any case.
    Whether groups show all members where they are read by their ids is learned. That does not say whether listings do, so it is asked in
    every run, unless the profile or the options state it.
    """
    if client.stated.members_readable:
        return list(groups)
    hiding = _hiding_group(client, shown, wanted, possible, alone)
    readable = hiding is None or not member_ids(hiding) <= shown.by_group[hiding.id]  # where it is read by its id
    client.learn(members_readable=readable)
    if hiding is None or not readable:
        return list(groups)
    keys = [key for key in sorted(mattering()) if shown.is_doubtful(key)]
    whole = {group.id: group for group in client.together(lambda key: client.get(client.types[GROUP], key), keys) if group is not None}
    return [whole.get(group.id, group) for group in groups]


def _hiding_group(
    client: Client, shown: ShownMembers, wanted: Sequence[Edge], possible: Iterable[Edge], alone: Sequence[str]
) -> Resource | None:
    """A group, read by its id, that has members which it was not shown with; None if none is found.

    A group that is to have a nested one is read: a filter may not find nested groups either. For other memberships, one filter asks for as
    many members as it takes, for the ``wanted`` ones first. Where it is refused or ignored, one of the groups is read.
    """
    nested = [*alone, *(edge[0] for edge in wanted if shown.may_lack_nested(edge))]
    if hiding := _first_with_more(client, shown, nested):
        return hiding
    edges: dict[str, Edge] = {}  # by member
    for edge in chain(wanted, possible):
        if edge[0] not in nested or not shown.may_lack_nested(edge):
            edges.setdefault(edge[1], edge)
        if len(edges) == TOGETHER:
            break
    found = groups_with(client, list(edges), most_pages=0) if edges else set()
    more = sorted(key for key in (found or set()) & shown.by_group.keys() if not shown.shows_any(key, edges.keys()))
    ignored = any(not any(shown.may_lack((key, member)) for member in edges) for key in more)  # one of them cannot have any of the members
    if found is None or ignored or (more and is_ignored(client, FORMS[0], more[0], most_pages=0)):
        return _first_with_more(client, shown, [group for group, _member in edges.values() if group not in nested][:1])
    return client.get(client.types[GROUP], more[0]) if more else None


def _first_with_more(client: Client, shown: ShownMembers, groups: Iterable[str]) -> Resource | None:
    """The first of these groups that has more members where it is read by its id."""
    resource_type = client.types[GROUP]
    read = client.together(lambda key: client.get(resource_type, key), dict.fromkeys(groups))
    return next((whole for whole in list(read) if whole is not None and not member_ids(whole) <= shown.by_group[whole.id]), None)
