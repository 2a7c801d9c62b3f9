# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships as edges from a group to a member: the desired ones, the current ones, and the difference, each with its reason.

A membership is desired if either side declares it (``users[].groups`` or ``groups[].members``). It ends if it has expired, or if it is not
desired and one side that declares its memberships is ``exact``. Every other membership is left unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from ..declaration.model import ABSENT, GROUP, PRESENT, USER, Entry, Member, Origin
from ..scim.errors import Invalid, PlanRefused
from ..scim.schema.identity import look_alike_message, name_key
from ..scim.schema.resource import Body, Resource
from ..wording import MOST_NAMES, and_others, first_lines, join_names
from .matching import Pair
from .name_index import NameIndex
from .options import Policy
from .policy import Desired, is_protected
from .snapshot import Snapshot, selects

Edge = tuple[str, str]  # the key of a group, the key of a member


@dataclass(frozen=True, slots=True)
class Moves:
    """Keys of the members that join and leave one group, in a stable order. ``reasons`` are why members leave, by key.

    ``uncertain`` are those who leave only because they are not declared, while others join: they may be one of these who does not exist,
    since a read that is out of date may show a deleted user under a declared name.
    ``unseen`` are those of whom the provider does not show whether they are members, so that the change may be none.
    """

    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict, compare=False)
    uncertain: frozenset[str] = field(default=frozenset(), compare=False)
    unseen: frozenset[str] = field(default=frozenset(), compare=False)


NO_MOVES = Moves()
KEPT = "Memberships stay although the groups of the user are exact:"


@dataclass(frozen=True, slots=True)
class Exact:
    """The names of groups that are to have no undeclared members, and of users who are to be in no undeclared groups."""

    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


NOT_EXACT = Exact()


class Names:
    """Users and groups by the names that they will have once the plan is applied.

    ``gone`` are the keys of which no resource will exist, ``pruned`` those among them that are only gone because they are not declared.
    """

    def __init__(self, desired: Sequence[Desired]) -> None:
        remaining = {each.pair.key for each in desired if not each.gone}  # a deleted user and a remaining group may share an id
        self.gone = {each.pair.key for each in desired} - remaining
        self.pruned = {each.pair.key for each in desired if each.pair.entry is None} & self.gone
        self.bodies: dict[str, Body] = {}
        self._indexes = {USER: NameIndex(), GROUP: NameIndex()}
        self._of_type: dict[str, list[str]] = {USER: [], GROUP: []}
        self._meant: dict[tuple[str, bool, bool, str], list[str]] = {}
        for each in desired:
            self._add(each.pair, each.after)

    def _add(self, pair: Pair, after: Body | None) -> None:
        """Add a resource. One that is deleted keeps its name here, since messages and declarations may still name it."""
        declared = pair.entry.attributes if pair.entry else {}
        self.bodies[pair.key] = body = after or (pair.before.body if pair.before else declared)
        name = body.get(pair.type.name_attribute)
        declared_id = pair.entry.id if pair.entry else None  # a resource that is deleted already has its id only here
        self._indexes[pair.type.name].add(pair.key, declared_id, str(name) if name else None)
        self._of_type[pair.type.name].append(pair.key)

    def meant_by(self, entry: Entry, member: Member) -> list[str]:
        """The keys of all resources that one of an entry's declared memberships may mean."""
        declared = entry.type.name, member.is_id, bool(member.name), member.name or str(member)
        if declared not in self._meant:  # many users name or select the same few groups
            self._meant[declared] = self._member(member) if entry.type.name == GROUP else self._group(member)
        return self._meant[declared]

    def _group(self, member: Member) -> list[str]:
        if member.name:
            return self._keys(member, GROUP)
        return self._remaining([key for key in self._of_type[GROUP] if selects(member, self.bodies[key])])

    def _member(self, member: Member) -> list[str]:
        """All users, or else all groups, by id or by name."""
        if member.is_id and member.name in self.bodies:
            return [member.name]
        users, groups = self._keys(member, USER), self._group(member)
        return self._remaining(list(dict.fromkeys([*users, *(key for key in groups if not users or key == member.name)])))

    def _keys(self, member: Member, resource_type: str) -> list[str]:
        """The keys of all resources that a member may mean. A text may be the id of one resource and the name of another."""
        index = self._indexes[resource_type]
        if member.is_id:
            return self._remaining(list(filter(None, [index.by_id(member.name)])))
        return self._remaining(index.find(member.name))

    def _remaining(self, keys: list[str]) -> list[str]:
        """The keys of resources that will exist, or else all keys. The name of a deleted resource may be given to another one."""
        return [key for key in keys if key not in self.gone] or keys

    def look_alikes(self, entry: Entry, member: Member) -> list[tuple[str, str]]:
        """The names that only look like that of a declared membership, each with the id of its resource, or ``""`` of a new one."""
        name = member.name or str(member.selector.get("displayname") or "")
        types = (USER, GROUP) if entry.type.name == GROUP else (GROUP,)
        bodies = [self.bodies[key] for resource_type in types for key in self._indexes[resource_type].look_alikes(name)]
        return [(str(body.get("userName") or body.get("displayName")), str(body.get("id") or "")) for body in bodies]

    def all_names(self, resource_type: str) -> list[str]:
        """The names of all users or of all groups."""
        attribute = "userName" if resource_type == USER else "displayName"
        return [str(name) for key in self._of_type[resource_type] if (name := self.bodies[key].get(attribute))]

    def display(self, key: str) -> str:
        """The name of a user or group for messages."""
        body = self.bodies[key]
        return str(body.get("userName") or body.get("displayName") or key)


class Memberships:
    """The memberships that a declaration adds and ends, with all names resolved.

    :raises Invalid: with each name that no resource or several resources have, and the candidates.
    """

    def __init__(self, desired: Sequence[Desired], snapshot: Snapshot, policy: Policy) -> None:
        self.names = Names(desired)
        self._snapshot = snapshot
        self._policy = policy
        self._declared: dict[str, set[str]] = {}  # members by group; in a large directory, a set of edges takes twice the memory
        self._ended: dict[Edge, str] = {}  # explicitly, with the reason
        self._entries = {(each.pair.type.name, each.pair.key): each.pair.entry for each in desired if each.pair.entry is not None}
        self._desired_of = {(each.pair.type.name, each.pair.key): each for each in desired}
        self._exact = {key for key, entry in self._entries.items() if policy.is_exact(entry) and not self._desired_of[key].gone}
        self._expired: dict[str, str] = {}  # users by key, with the reason
        self._deleted_groups = {each.pair.key for each in desired if each.pair.type.name == GROUP and each.gone}
        self._unresolved: dict[tuple[str, bool, str], tuple[Entry, Member, Sequence[str], list[Origin]]] = {}  # by name
        for each in desired:
            if each.pair.entry is not None:
                self._read(each.pair.key, each.pair.entry, each.gone)
        expired = self._expired.keys()
        self._desired = {group: members - expired for group, members in self._declared.items()} if expired else self._declared
        if self._unresolved:
            printed = [self._message(*found) for found in list(self._unresolved.values())[:MOST_NAMES]]
            raise Invalid(*first_lines(printed, count=len(self._unresolved)))

    # -- what is declared ----------------------------------------------------------------------------------------------------------------

    def _read(self, key: str, entry: Entry, gone: bool) -> None:
        """Read the memberships of one entry. ``gone``: its resource will not exist."""
        if self._policy.expired(entry.expires):
            self._expired[key] = f"the user expired on {entry.expires}"
        if entry.memberships is None or entry.state != PRESENT or gone:
            return
        is_group, membership = entry.type.name == GROUP, self._policy.membership_of(entry)
        for index, member in enumerate(entry.memberships):
            other = self._resolve(entry, member, membership)
            if not other:
                continue
            edge = (key, other) if is_group else (other, key)
            if membership == ABSENT:
                self._ended.setdefault(edge, f"membership is absent at {entry.membership_origin(index)}")
            elif self._policy.expired(member.expires):
                self._ended.setdefault(edge, f"the membership expired on {member.expires} ({entry.membership_origin(index)})")
            elif key in self._expired:
                self._ended.setdefault(edge, self._expired[key])
            elif other not in self.names.gone:
                self._declared.setdefault(edge[0], set()).add(edge[1])

    def _resolve(self, entry: Entry, member: Member, membership: str) -> str:
        """The key of the resource that is meant. Empty if there is none, which is an error unless the membership is absent."""
        keys = self.names.meant_by(entry, member)
        if len(keys) == 1 and (membership == ABSENT or keys[0] not in self.names.pruned):
            return keys[0]
        if keys or membership != ABSENT or (not member.is_id and self.names.look_alikes(entry, member)):
            found = self._unresolved.setdefault((entry.type.name, member.is_id, name_key(str(member))), (entry, member, keys, []))
            found[-1].append(entry.origin)
        return ""

    def _message(self, entry: Entry, member: Member, keys: Sequence[str], places: Sequence[Origin]) -> str:
        """The message for a name that no resource or several resources have: one, however many entries have the name."""
        place = str(entry.origin) and and_others(str(entry.origin), len(set(places)) - 1, "place")
        return f"{place}: {_unresolved(entry, member, keys, self.names)}" if place else _unresolved(entry, member, keys, self.names)

    # -- what changes --------------------------------------------------------------------------------------------------------------------

    def moves(self) -> dict[str, Moves]:
        """The members that join and leave, by the key of the group.

        :raises PlanRefused: if members would join a group out of scope, or a protected membership would end.
        """
        joins = set(_difference(self._desired, self._snapshot.members))
        self._refuse_foreign(joins)
        leaves = {edge: reason for edge in _difference(self._snapshot.members, self._desired) if (reason := self._why_leaving(edge))}
        # Joins show whether the provider hides members, which is too late to plan what that means for those who are to leave.
        unseen = self._unseen_leaves() if self._snapshot.resent or (self._snapshot.unseen and joins) else {}
        leaves.update(unseen)
        self._refuse_protected(leaves)
        joining, leaving = _members_by_group(joins), _members_by_group(edge for edge in leaves if not self._why_kept(edge))
        existing = self._snapshot.all_ids()
        resent = set(filter(existing.issuperset, joins)) if self._snapshot.resent else set()
        return {
            group: Moves(
                joining.get(group, ()),
                leaving.get(group, ()),
                {key: leaves[group, key] for key in leaving.get(group, ())},
                self._uncertain(group, joining.get(group, ()), leaving.get(group, ()), existing),
                frozenset(member for key, member in (*unseen, *resent) if key == group),
            )
            for group in {**joining, **leaving}
        }

    def _uncertain(self, group: str, joins: Sequence[str], leaves: Sequence[str], existing: set[str]) -> frozenset[str]:
        """See ``Moves``."""
        if not leaves or existing.issuperset(joins):
            return frozenset()
        return frozenset(key for key in leaves if key not in self._declared_keys and (group, key) not in self._ended)

    @cached_property
    def _declared_keys(self) -> Set[str]:
        """The keys of all resources that are declared, under their names or, if they have expired, in any way."""
        return {key for _type, key in self._entries} | self._expired.keys()

    def counted_as_ended(self) -> list[tuple[str, str]]:
        """The names of members and groups whose memberships the declaration ends, and that count as ended since no group shows a member."""
        if not self._snapshot.unseen or self._snapshot.resent:
            return []
        ended = sorted(edge for edge in self._unseen_leaves() if not self._why_kept(edge))
        return [(self.names.display(member), self.names.display(group)) for group, member in ended]

    def kept_warnings(self) -> list[str]:
        """The warning that users stay in groups although their groups are exact. Members of an exact group stay without one, since
        that is what a protected user is for.
        """
        exact = {key for name, key in self._exact if name == USER}
        edges = [(group, key) for group, members in self._snapshot.members.items() for key in sorted(members & exact)]
        kept = [
            f"{self._snapshot.users[key].name} in {self.names.display(group)} ({why})"
            for group, key in edges
            if key not in self._desired.get(group, ()) and group not in self.names.gone and (why := self._why_kept((group, key)))
        ]
        return [f"{KEPT} {join_names(kept)}."] if kept else []

    @property
    def exact(self) -> Exact:
        """The existing groups and users whose undeclared memberships are to end."""
        users, groups = (
            tuple(sorted(self.names.display(key) for name, key in self._exact if name == resource_type and key in existing))
            for resource_type, existing in ((USER, self._snapshot.users), (GROUP, self._snapshot.groups))
        )
        return Exact(groups, users)

    def _unseen_leaves(self) -> dict[Edge, str]:
        """The memberships that the declaration ends explicitly, and of which the provider does not show whether they exist."""
        expired = self._expired.keys()
        ended = {(group, key): self._expired[key] for group, members in self._declared.items() for key in members & expired} | self._ended
        known, current = self._snapshot.all_ids() - self.names.gone, self._snapshot.members
        return {edge: reason for edge, reason in ended.items() if known.issuperset(edge) and edge[1] not in current.get(edge[0], ())}

    def _why_leaving(self, edge: Edge) -> str:
        """Why the declaration ends a current membership that is not desired; empty if it does not."""
        group, member = edge
        if group in self.names.gone:
            return ""
        if edge in self._ended:
            return self._ended[edge]
        if member in self._expired and (GROUP, group) in self._entries:
            return self._expired[member]
        for side, memberships in (((USER, member), "the groups of the user"), ((GROUP, group), "the members of the group")):
            if side in self._exact:
                return f"it is not declared, and {memberships} are exact{self._entries[side].origin.suffix}"
        return ""

    def _why_kept(self, edge: Edge) -> str:
        """Why a membership stays although the declaration ends it: one side is protected or out of scope. Empty if it ends."""
        for noun, resource in self._sides(edge).items():
            if self._is_protected(resource):
                return f"{noun} is protected"
            if not self._policy.owns(resource.type, resource.body):
                return f"{noun} is out of scope"
        return ""

    def _sides(self, edge: Edge) -> dict[str, Resource]:
        """The member, which may be a group too, and the group of a membership, as far as they exist."""
        group, member = edge
        users, groups = self._snapshot.users, self._snapshot.groups
        sides = {"the member": users.get(member) or groups.get(member), "the group": groups.get(group)}
        return {noun: resource for noun, resource in sides.items() if resource is not None}

    def _is_protected(self, resource: Resource) -> bool:
        return is_protected(resource, self._desired_of[resource.type.name, resource.id], self._policy)

    def _refuse_foreign(self, joins: set[Edge]) -> None:
        groups = [self._snapshot.groups[key] for key in {group for group, _member in joins} & self._snapshot.groups.keys()]
        foreign = sorted(group.name for group in groups if not self._policy.owns(group.type, group.body))
        if foreign:
            raise PlanRefused(
                f"{join_names(foreign)}: members are declared for groups that are outside scope_groups. "
                f"Change the filter or remove the members."
            )

    def _refuse_protected(self, leaves: Mapping[Edge, str]) -> None:
        """Refuse to end protected memberships explicitly, or by deleting the group. ``exact`` alone never ends them."""
        ending = {edge for edge in leaves if edge in self._ended or edge[1] in self._expired}
        ending |= {(group, member) for group in self._deleted_groups for member in self._snapshot.members.get(group, ())}
        protected = [
            " in ".join(sides[noun].name if noun in sides else key for noun, key in (("the member", member), ("the group", group)))
            for group, member in sorted(ending)
            if any(map(self._is_protected, (sides := self._sides((group, member))).values()))
        ]
        if protected:
            raise PlanRefused(
                f"Protected memberships would end (protected_users, protected_groups): {join_names(protected)}. "
                f"Remove what ends them from the declaration; declare a group that would be pruned, or add it to protected_groups."
            )

    # -- what is explained ---------------------------------------------------------------------------------------------------------------

    def of_member(self, key: str) -> list[Body]:
        """Each group that a user is in or is declared to be in: whether it is in it now, what changes, where it is declared, and why."""
        places = self._places(key)
        groups = {*places, *(group for group, members in self._snapshot.members.items() if key in members)}
        return [self._explained((group, key), places.get(group, ())) for group in sorted(groups, key=self.names.display)]

    def _explained(self, edge: Edge, places: Sequence[str]) -> Body:
        is_member = edge[1] in self._snapshot.members.get(edge[0], ())
        declared = " and ".join(places)
        change, leaving, kept = None, self._why_leaving(edge), self._why_kept(edge)
        is_desired = edge[1] in self._desired.get(edge[0], ())
        if is_member and is_desired:
            reason = f"is a member, as declared at {declared}"
        elif is_desired:
            change, reason = "joins", f"joins, as declared at {declared}"
        elif not is_member:
            reason = f"is not a member, and does not join although declared at {declared}: {self._why_not_joining(edge)}"
        elif leaving and not kept:
            change, reason = "leaves", f"leaves, since {leaving}"
        else:
            reason = f"is a member, which is not declared, and stays: {kept or self._why_staying(edge)}"
        return {"group": self.names.display(edge[0]), "member": is_member, "change": change, "declared": list(places), "reason": reason}

    def _why_staying(self, edge: Edge) -> str:
        group, member = edge
        if member in self.names.gone:
            return "the membership ends with the account"
        entry = self._entries.get((GROUP, group))
        if entry is None:
            return "the group is not declared"
        if group in self.names.gone:
            return "the group itself is deleted"
        return f"the group is declared without members, or with membership: additive{entry.origin.suffix}"

    def _why_not_joining(self, edge: Edge) -> str:
        if edge[1] in self.names.gone:
            return "the account will not exist"
        return self._expired.get(edge[1]) or self._ended.get(edge) or "the group will not exist"

    def _places(self, key: str) -> dict[str, list[str]]:
        """Where the memberships of a user are declared, by the key of the group."""
        places: dict[str, list[str]] = {}
        for (resource_type, own), entry in self._entries.items():
            for index, member in enumerate((entry.memberships if resource_type == GROUP or own == key else None) or ()):
                others = self.names.meant_by(entry, member)
                for group in others if resource_type == USER else [own] if key in others else []:
                    places.setdefault(group, []).append(str(entry.membership_origin(index)))
        return places


def _difference(some: Mapping[str, Set[str]], others: Mapping[str, Set[str]]) -> Iterator[Edge]:
    """The memberships that are in ``some`` and not in ``others``."""
    for group, members in some.items():
        for member in members - others.get(group, frozenset()):
            yield group, member


def _members_by_group(edges: Iterable[Edge]) -> dict[str, tuple[str, ...]]:
    return {group: tuple(member for _group, member in found) for group, found in groupby(sorted(edges), key=itemgetter(0))}


def _unresolved(entry: Entry, member: Member, keys: Sequence[str], names: Names) -> str:
    """The message for a name that no resource or several resources have."""
    if len(keys) == 1:
        return f'"{member}" is named as a member, but is not declared and would be deleted. Declare it, or remove the membership.'
    if keys:
        bodies = [names.bodies[key] for key in keys]
        candidates = "; ".join(_distinguished(bodies, key, names.bodies[key]) for key in keys[:MOST_NAMES])
        return f'{len(keys)} resources are called "{member}": {candidates}. Declare the id of the one that is meant.'
    if member.is_id:
        hint = " That is a name: to mean a name, write it as text." if names.meant_by(entry, Member(member.name)) else ""
        return f'There is no {"group" if entry.type.name == USER else "user and no group"} with the id "{member}".{hint}'
    if similar := names.look_alikes(entry, member):
        return look_alike_message("group" if entry.type.name == USER else "user and no group", str(member), similar)
    groups = names.all_names(GROUP)
    if entry.type.name == USER:
        near = get_close_matches(str(member), groups, n=5, cutoff=0.5)
        others = f" Existing groups: {join_names(sorted(groups)[:5])}." if groups else ""
        hint = f" Did you mean {_any_of(near)}?" if near else others
        return f'There is no group "{member}".{hint} Declare it in groups, create it first (identity.scim.group), or correct the name.'
    first = str(member)[:1].lower()  # comparing with all users would take a second for each unknown name
    likely = [name for name in (*names.all_names(USER), *groups) if name[:1].lower() == first]
    near = get_close_matches(str(member), likely, n=3, cutoff=0.6)
    hint = f" Did you mean {_any_of(near)}?" if near else ""
    return f'There is no user and no group "{member}".{hint}'


def _any_of(names: Sequence[str]) -> str:
    return " or ".join(f'"{name}"' for name in names)


def _distinguished(bodies: Sequence[Body], key: str, body: Body) -> str:
    """One of several resources of the same name, with the attributes that differ."""
    differing = [name for name in body if name != "id" and any(other.get(name) != body[name] for other in bodies)]
    return ", ".join([f"id {key}", *(f"{name} {body[name]}" for name in differing if isinstance(body[name], str))])
