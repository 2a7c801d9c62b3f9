# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships as a set of edges from group to member: those that are wanted, those that there are, and the difference.

A membership is wanted if either side declares it (``users[].groups`` or ``groups[].members``). It is removed if it is not wanted and one
side that declares its memberships is exact, and where it has expired. Every other one is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ..declaration.model import ABSENT, EXACT, GROUP, PRESENT, USER, Entry, Member
from ..scim.errors import Invalid, PlanRefused
from ..scim.schema.overlay import canonical
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import Attribute
from ..wording import MOST_NAMES, join_lines, join_names
from .options import Policy
from .policy import Desired
from .snapshot import Snapshot, selects

UNFOLDED = Attribute("name")
Edge = tuple[str, str]  # the key of a group, the key of a member


@dataclass(frozen=True, slots=True)
class Edges:
    """Keys of those who join and leave one group, in a stable order."""

    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


class Names:
    """What people call users and groups, once everything is as desired; to keys."""

    def __init__(self, desired: Iterable[Desired]) -> None:
        self.bodies: dict[str, Body] = {}
        self._keys: dict[str, dict[str, str]] = {USER: {}, GROUP: {}}  # by id
        self.groups: dict[str, list[str]] = {}
        self.users: dict[str, list[str]] = {}
        self._gone: set[str] = set()
        self._pruned: set[str] = set()
        self._selected: dict[str, list[str]] = {}
        self._stays: set[str] = set()  # a user who goes and a group that stays may have one id
        for one in desired:
            self._add(one)

    def _add(self, one: Desired) -> None:
        """Who will be gone has a name as well: to say who leaves, and so that a declaration may go on naming them."""
        pair = one.pair
        declared = pair.entry.attributes if pair.entry else {}
        self.bodies[pair.key] = body = one.after or (pair.before.body if pair.before else declared)
        (self._stays if not one.gone else self._gone if pair.entry else self._pruned).add(pair.key)
        declared_id = pair.entry.id if pair.entry else None  # of one who is gone already, which nothing else has
        self._keys[pair.type.name].update({key: pair.key for key in (pair.key, declared_id) if key})
        name = _folded(str(body.get(pair.type.name_attribute, "")))
        (self.users if pair.type.name == USER else self.groups).setdefault(name, []).append(pair.key)

    def is_gone(self, key: str) -> bool:
        """Whether nothing of that key will be there."""
        return key not in self._stays and (key in self._gone or key in self._pruned)

    def is_pruned(self, key: str) -> bool:
        """Whether it will be gone for no other reason than that nobody declares it."""
        return key not in self._stays and key in self._pruned

    def group(self, member: Member) -> list[str]:
        """The keys of all groups that a declaration may mean."""
        if member.name:
            return self._called(member, GROUP, self.groups)
        if str(member) not in self._selected:  # many people select the same few
            every = (key for keys in self.groups.values() for key in keys)
            self._selected[str(member)] = self._there([key for key in every if selects(member, self.bodies[key])])
        return self._selected[str(member)]

    def member(self, member: Member) -> list[str]:
        """The keys of all users, else of all groups, that a declared member may mean; an id is as good as a name."""
        if member.is_id and member.name in self.bodies:
            return [member.name]
        users, groups = self._called(member, USER, self.users), self.group(member)
        return self._there(list(dict.fromkeys([*users, *(key for key in groups if not users or key == member.name)])))

    def _called(self, member: Member, resource_type: str, names: Mapping[str, Sequence[str]]) -> list[str]:
        """What is an id of one and the name of another may mean both."""
        by_id = self._keys[resource_type].get(member.name)
        by_name = () if member.is_id and by_id else names.get(_folded(member.name), ())
        return self._there(list(dict.fromkeys([*([by_id] if by_id else []), *by_name])))

    def _there(self, keys: list[str]) -> list[str]:
        """Those who will be there, if any: the name of one who goes may be another's then."""
        return [key for key in keys if not self.is_gone(key)] or keys


def _folded(name: str) -> str:
    """Names in the form in which every spelling is equal, as when they are matched."""
    return str(canonical(UNFOLDED, name))


def edges(desired: Sequence[Desired], current: Snapshot, policy: Policy) -> dict[str, Edges]:
    """The changes of memberships, by the key of the group.

    :raises Invalid: for each name that nobody has, or several have; in one message with the candidates. :raises Guarded: out of scope.
    """
    declared = _Declared(desired, policy)
    had = {(group, member) for group, members in current.members.items() for member in members}
    joins = declared.wanted - had
    foreign = sorted(
        {current.groups[key].name for key, _member in joins if key in current.groups and not _is_owned(current.groups[key], policy)}
    )
    if foreign:
        raise PlanRefused(
            f"Out of scope (scope_groups), and somebody is declared to join: {', '.join(foreign)}. Widen the scope, or take it out."
        )
    unwanted = [edge for edge in _unwanted(declared, current) & had if not declared.names.is_gone(edge[0])]
    going = {one.pair.key for one in desired if one.pair.type.name == GROUP and one.gone}
    ending = {edge for edge in unwanted if edge in declared.refused or edge[1] in declared.expired}
    ending |= {(group, member) for group in going for member in current.members.get(group, ())}
    _refuse_protected(sorted(ending), current, policy)
    return _by_group(joins, (edge for edge in unwanted if not _is_kept(edge, current, policy)))


class _Declared:
    """The edges that a declaration wants and those that it forbids, with all names resolved."""

    def __init__(self, desired: Sequence[Desired], policy: Policy) -> None:
        self.names = Names(desired)
        self.wanted: set[Edge] = set()
        self.refused: set[Edge] = set()
        self.exact_groups: set[str] = set()
        self.exact_users: set[str] = set()
        self.declared_groups: set[str] = set()
        self.expired: set[str] = set()
        self.problems: list[Callable[[], str]] = []  # not all of them are told
        for one in desired:
            if one.pair.entry is not None:
                self._read(one.pair.key, one.pair.entry, one.gone, policy)
        self.wanted = {edge for edge in self.wanted if edge[1] not in self.expired}
        if self.problems:
            raise Invalid(join_lines([problem() for problem in self.problems[:MOST_NAMES]], len(self.problems)))

    def _read(self, key: str, entry: Entry, gone: bool, policy: Policy) -> None:
        is_group = entry.type.name == GROUP
        if is_group:
            self.declared_groups.add(key)
        if policy.expired(entry.expires):
            self.expired.add(key)
        listed = entry.members if is_group else entry.groups
        if listed is None or entry.state != PRESENT or gone:
            return
        membership = policy.membership_of(entry)
        if membership == EXACT:
            (self.exact_groups if is_group else self.exact_users).add(key)
        for member in listed:
            other = self._resolved(entry, member, is_group, membership)
            edge = (key, other) if is_group else (other, key)
            if other and (membership == ABSENT or policy.expired(member.expires) or key in self.expired):
                self.refused.add(edge)
            elif other and not self.names.is_gone(other):
                self.wanted.add(edge)

    def _resolved(self, entry: Entry, member: Member, is_group: bool, membership: str) -> str:
        keys = self.names.member(member) if is_group else self.names.group(member)
        if len(keys) == 1 and (membership == ABSENT or not self.names.is_pruned(keys[0])):
            return keys[0]
        if keys or membership != ABSENT:
            place = entry.origin.prefix
            self.problems.append(lambda: place + _unresolved(member, keys, self.names, is_group))
        return ""


def _unwanted(declared: _Declared, current: Snapshot) -> set[Edge]:
    """The edges that may not stay."""
    gone = set(declared.refused) - declared.wanted
    for group, members in current.members.items():
        exact = group in declared.exact_groups
        for member in members:
            edge = (group, member)
            expired = member in declared.expired and group in declared.declared_groups
            if expired or (edge not in declared.wanted and (exact or member in declared.exact_users)):
                gone.add(edge)
    return gone


def _refuse_protected(ending: Iterable[Edge], current: Snapshot, policy: Policy) -> None:
    """:raises Guarded: where a membership would end, or its group, from which nothing may be taken; by ``exact`` alone it stays."""
    said = [
        f"{current.users[member].name if member in current.users else member} in {current.groups[group].name}"
        for group, member in ending
        if any(one is not None and policy.protects(one) for one in (current.groups.get(group), current.users.get(member)))
    ]
    if said:
        raise PlanRefused(
            f"A membership would end that is protected (protected_users, protected_groups): {join_names(said)}. "
            f"Take out what ends it; a group that is to be pruned can be declared, or be one of protected_groups."
        )


def _is_kept(edge: Edge, current: Snapshot, policy: Policy) -> bool:
    """Nothing is taken from who is protected, by a group either; and who is out of scope is not this file's."""
    group, member = current.groups.get(edge[0]), current.users.get(edge[1]) or current.groups.get(edge[1])
    return any(one is not None and (policy.protects(one) or not _is_owned(one, policy)) for one in (group, member))


def _is_owned(resource: Resource, policy: Policy) -> bool:
    return policy.owns(resource.type, resource.body)


def _by_group(joins: Iterable[Edge], leaves: Iterable[Edge]) -> dict[str, Edges]:
    found: dict[str, tuple[list[str], list[str]]] = {}
    for position, part in enumerate((joins, leaves)):
        for group, member in sorted(part):
            found.setdefault(group, ([], []))[position].append(member)
    return {group: Edges(tuple(come), tuple(go)) for group, (come, go) in found.items()}


def _unresolved(member: Member, keys: Sequence[str], names: Names, is_group: bool) -> str:
    """The sentence for a name that does not tell who is meant."""
    if len(keys) == 1:
        return f"{member} is not declared, so it would be deleted, and is named here. Declare it, or take it out."
    if keys:
        candidates = "; ".join(_told([names.bodies[key] for key in keys], key, names.bodies[key]) for key in keys[:MOST_NAMES])
        return f"there are {len(keys)} called {str(member)!r}: {candidates}. Declare the id of the one that is meant."
    groups = _called(names, names.groups, "displayName")
    if not is_group:
        near = get_close_matches(str(member), groups, n=5, cutoff=0.5)
        others = f" Among the groups are: {', '.join(sorted(groups)[:5])}." if groups else ""
        likely = f" Did you mean {' or '.join(near)}?" if near else others
        return f"There is no group {str(member)!r}.{likely} Declare it in groups, make it first (identity.scim.group), or correct the name."
    first = str(member)[:1].casefold()  # to compare with everybody takes a second, and there may be many such names
    likely_ones = [name for name in (*_called(names, names.users, "userName"), *groups) if name[:1].casefold() == first]
    near = get_close_matches(str(member), likely_ones, n=3, cutoff=0.6)
    likely = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no user and no group {str(member)!r}.{likely}"


def _called(names: Names, listed_by_name: Mapping[str, Sequence[str]], name_attribute: str) -> list[str]:
    bodies = (names.bodies[key] for keys in listed_by_name.values() for key in keys)
    return [str(body[name_attribute]) for body in bodies if body.get(name_attribute)]


def _told(all_of_them: Sequence[Body], key: str, body: Body) -> str:
    """One of several of the same name, with what tells it from the others."""
    differing = [name for name in body if name != "id" and any(other.get(name) != body[name] for other in all_of_them)]
    extra = [f"{name} {body[name]}" for name in differing if isinstance(body[name], str)]
    return ", ".join([f"id {key}", *extra])
