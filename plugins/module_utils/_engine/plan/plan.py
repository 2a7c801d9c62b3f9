# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The difference between the desired and the current state, as changes. Pure: the same input always gives the same plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ..declaration.model import GROUP, USER, Entry
from ..escaping import quoted
from ..scim.errors import Invalid
from ..scim.providers.capabilities import Deletion
from ..scim.schema.identity import difference, is_same_name, look_alike_key, name_key
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import ResourceType
from ..wording import join_names
from .memberships import NO_MOVES, NOT_EXACT, Exact, Moves
from .options import Policy
from .policy import Desired
from .protection import is_removal
from .reporting_lines import manager_of
from .snapshot import Snapshot, member_ids


class Action(StrEnum):
    """What happens to a resource; the values are those of the ``action`` return value."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that is not as desired. ``before`` is None if it is created, ``after`` where it is deleted.

    ``key`` is the id, or a provisional one. ``joins`` and ``leaves`` are keys of members, for groups; ``reasons`` says of some of them why.
    ``uncertain`` and ``unseen`` are as in ``Moves``. ``lost`` are the members in scope of a group that is deleted: those memberships end
    without a request of their own. ``survives``: the provider only deactivates a user that is deleted.
    """

    type: ResourceType
    key: str
    name: str
    before: Resource | None
    after: Body | None
    reason: str = ""
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    entry: Entry | None = None
    lost: tuple[str, ...] = ()
    uncertain: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    survives: bool = False

    @property
    def identity(self) -> tuple[str, str]:
        """Which resource it is: at some providers a user and a group may have one id, against RFC 7643 §3.1."""
        return self.type.name, self.key

    @property
    def current_name(self) -> str:
        """The name under which people know the resource: before the change, if it exists."""
        return self.before.name if self.before else self.name

    @property
    def action(self) -> Action:
        """Derived from before and after; a change of nothing but memberships is an update."""
        if self.before is None:
            return Action.CREATED
        return Action.DELETED if self.after is None else Action.UPDATED

    @property
    def ended(self) -> tuple[str, ...]:
        """The members whose membership ends."""
        return (*self.leaves, *(member for member in self.lost if member not in self.leaves))

    @property
    def seen_moves(self) -> tuple[int, int]:
        """The numbers of members that join and leave and of whom the provider shows it."""
        joins, leaves = (sum(member not in self.unseen for member in members) for members in (self.joins, self.leaves))
        return joins, leaves

    @property
    def predicted(self) -> Action:
        """The action that is reported if the provider does what is asked of it."""
        return Action.UNCHANGED if self.may_be_none else self.action

    @property
    def may_be_none(self) -> bool:
        """Whether nothing of it is known to change anything: it sends only memberships that the provider does not show."""
        same = self.before is not None and self.after is self.before.body
        return same and not self.secrets and bool(self.unseen) and not any(self.seen_moves)

    @property
    def removes(self) -> bool:
        """Whether it takes an account or a group away: deleted or deactivated."""
        return self.before is not None and is_removal(self.before, self.after)

    @property
    def deactivates(self) -> bool:
        """Whether it only deactivates a user."""
        return self.removes and (self.after is not None or self.survives)

    @property
    def becomes(self) -> Body | None:
        """The resource after the change, None if it will not exist."""
        return {**self.before.body, "active": False} if self.survives and self.before is not None else self.after


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes, and how many resources need none. ``totals`` are what limits are percentages of: active users, groups, memberships.

    A membership that may exist, and that the provider does not show, is counted as one. ``names`` are what people call members, by key.
    ``effects`` are sentences on what its deletions really do at this provider. ``by_name_only`` are keys of groups that cannot be looked
    up: whoever joins them is created with them, so they take no request. ``exact`` says whose undeclared memberships are to end.
    """

    changes: tuple[Change, ...] = ()
    unchanged: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    effects: tuple[str, ...] = ()
    by_name_only: frozenset[str] = frozenset()
    exact: Exact = NOT_EXACT

    @property
    def changes_something(self) -> bool:
        """Whether anything is known to change."""
        return not all(change.may_be_none for change in self.changes)

    @property
    def removes_users(self) -> bool:
        """Whether an account would be deactivated or deleted."""
        return any(change.type.name == USER and change.removes for change in self.changes)


def plan(
    desired: Sequence[Desired],
    moves: Mapping[str, Moves],
    snapshot: Snapshot,
    policy: Policy,
) -> Plan:
    """The plan for all pairs; ``moves`` are membership changes by the key of the group.

    :raises Invalid: if it would end in two users of one name, or in a name that looks like another one, or a group cannot be joined.
    """
    changes: list[Change] = []
    unchanged: Counter[str] = Counter()
    for each in _with_groups_in_bodies(desired, moves, snapshot):
        change = _change(each, _moves_of(each, moves), policy)
        if change is not None:
            changes.append(change)
        elif each.pair.entry is not None and not each.gone:
            unchanged[each.pair.type.name] += 1
    unique_names(desired)
    _refuse_look_alikes(desired)
    effects = _effects(changes, policy)
    warnings = (*(warning for each in desired for warning in (*each.pair.warnings, *each.warnings)), *effects)
    foreign = _foreign(snapshot, policy)
    changes = [_with_lost(change, snapshot, foreign) for change in changes]
    names, totals = _names(changes, desired), _totals(snapshot, foreign, changes)
    return Plan(tuple(changes), unchanged, totals, warnings, names, effects, frozenset(snapshot.by_name_only))


def _moves_of(desired: Desired, moves: Mapping[str, Moves]) -> Moves:
    """The membership changes of a group. A user may have the id of one."""
    return moves.get(desired.pair.key, NO_MOVES) if desired.pair.type.name == GROUP else NO_MOVES


def _with_groups_in_bodies(desired: Sequence[Desired], moves: Mapping[str, Moves], snapshot: Snapshot) -> Sequence[Desired]:
    """Where groups cannot be looked up, some providers take a new user's groups in its body: that is how such a join is sent.

    :raises Invalid: for every other membership of such a group.
    """
    if not snapshot.by_name_only:
        return desired
    joined: dict[str, list[str]] = {}
    left: dict[str, list[str]] = {}
    for group in snapshot.by_name_only:
        for member in moves.get(group, NO_MOVES).joins:
            joined.setdefault(member, []).append(group)
        for member in moves.get(group, NO_MOVES).leaves:
            left.setdefault(member, []).append(group)
    new_users = {each.pair.key for each in desired if each.pair.before is None and each.pair.type.name == USER}
    refused = [
        f"{each.place}{each.name} cannot {verb} {_group_names(groups[each.pair.key], snapshot)}: "
        f"the provider has no way to find groups, and takes them only with a new user."
        for verb, groups in (("join", joined), ("leave", left))
        for each in desired
        if each.pair.key in groups.keys() - new_users
    ]
    without_id = {key for key in snapshot.by_name_only if "id" not in snapshot.groups[key].body}
    refused += [
        f"{each.place}{_group_names(unknown, snapshot)} cannot be added to {each.name}: "
        f"the provider has no way to find groups. Declare the id."
        for each in desired
        if (unknown := [key for key in _moves_of(each, moves).joins if key in without_id])
    ]
    if refused:
        raise Invalid(*refused)
    return [
        replace(each, after={**each.after, "groups": [snapshot.by_name_only[group] for group in joined[each.pair.key]]})
        if each.after is not None and each.pair.key in joined
        else each
        for each in desired
    ]


def _group_names(groups: Sequence[str], snapshot: Snapshot) -> str:
    return join_names([snapshot.groups[group].name for group in groups])


def _effects(changes: Sequence[Change], policy: Policy) -> tuple[str, ...]:
    deleted = Counter(change.type for change in changes if change.action is Action.DELETED)
    sentences = (policy.effects.describe(resource_type, deleted[resource_type]) for resource_type in sorted(deleted, key=lambda t: t.name))
    return tuple(filter(None, sentences))


def _foreign(snapshot: Snapshot, policy: Policy) -> set[str]:
    """The ids of the resources out of scope."""
    resources = (*snapshot.users.values(), *snapshot.groups.values())
    owned = {each.id for each in resources if each.id not in snapshot.by_name_only and policy.owns(each.type, each.body)}
    return snapshot.all_ids() - owned


def _with_lost(change: Change, snapshot: Snapshot, foreign: Set[str]) -> Change:
    """A change with the memberships that end with the group."""
    if change.type.name != GROUP or change.action is not Action.DELETED:
        return change
    return replace(change, lost=tuple(sorted(snapshot.members.get(change.key, frozenset()) - foreign)))


def _totals(snapshot: Snapshot, foreign: Set[str], changes: Sequence[Change]) -> dict[str, int]:
    """Active users, groups, and memberships, in scope."""
    shown = sum(len(members) - len(members & foreign) for group, members in snapshot.members.items() if group not in foreign)
    return {
        "users": sum(1 for user in snapshot.users.values() if user.active and user.id not in foreign),
        "groups": sum(1 for group in snapshot.groups if group not in foreign),
        "memberships": shown + sum(len(change.unseen) for change in changes),
    }


def _names(changes: Sequence[Change], desired: Sequence[Desired]) -> dict[str, str]:
    """What people call the members that join or leave, those of the same groups, those that lose a group that is deleted, and managers."""
    keys = {key for change in changes for key in (*change.joins, *change.ended)}
    keys |= {manager for change in changes if (manager := manager_of(change.after))}
    keys |= {key for change in changes if change.type.name == GROUP and change.before for key in member_ids(change.before)}
    # Users last: at some providers a group has the id of a user, and members are users mostly.
    members = sorted((each for each in desired if each.pair.key in keys), key=lambda each: each.pair.type.name == USER)
    return {key: key for key in keys} | {each.pair.key: each.name for each in members}


def unique_names(desired: Iterable[Desired]) -> None:
    """userName is unique (RFC 7643 §4.1.1), so no user may get a name that another one keeps. Two who have one name already may keep it, if
    it is not what identifies one of them.

    :raises Invalid: naming both.
    """
    owners: dict[str, Desired] = {}
    problems = []
    for each in desired:
        if each.pair.type.name != USER or each.after is None:
            continue
        name = str(each.after.get(each.pair.type.name_attribute, ""))
        other = owners.setdefault(name_key(name), each) if name else each
        if other is not each and (_needs_its_name(each) or _needs_its_name(other)):
            found = f'{_label(other)} and {_label(each)} would both be called "{name}".'
            problems.append(found if _gets_its_name(each) or _gets_its_name(other) else f"{found} Declare the id of the one that is meant.")
    if problems:
        raise Invalid(*problems)


def _refuse_look_alikes(desired: Sequence[Desired]) -> None:
    """Refuse a new name that looks like another one. Existing names that look alike are accepted.

    :raises Invalid: with each such name.
    """
    changed = [each for each in desired if each.pair.before is None or each.after is not each.pair.before.body]
    new = [(each, name) for each, name in _named(changed) if each.pair.before is None or not is_same_name(each.pair.before.name, name)]
    by_looks: dict[tuple[str, str], list[tuple[Desired, str]]] = {}
    for each, name in new:
        by_looks.setdefault((each.pair.type.name, look_alike_key(name)), []).append((each, name))
    problems = [
        f"{_label(each)} would be called {quoted(name)}, which looks like {quoted(other_name)} of {_label(other)} "
        f"and differs in {difference(name, other_name)}. Use another name."
        for other, other_name in (_named(desired) if new else ())
        for each, name in by_looks.get((other.pair.type.name, look_alike_key(other_name)), ())
        if not is_same_name(name, other_name)
    ]
    if problems:
        raise Invalid(*problems)


def _named(desired: Iterable[Desired]) -> Iterator[tuple[Desired, str]]:
    """Those that will exist and have a name, with it."""
    for each in desired:
        name = each.after.get(each.pair.type.name_attribute) if each.after is not None else None
        if name:
            yield each, str(name)


def _needs_its_name(desired: Desired) -> bool:
    """Whether a resource gets its name by this plan, or is declared without an id."""
    entry = desired.pair.entry
    return _gets_its_name(desired) or (entry is not None and entry.id is None)


def _gets_its_name(desired: Desired) -> bool:
    return desired.pair.before is None or not is_same_name(desired.pair.before.name, desired.name)


def _label(desired: Desired) -> str:
    entry, before = desired.pair.entry, desired.pair.before
    return f"{before.label if before else f'the new {desired.pair.type.noun}'}{entry.origin.suffix if entry else ''}"


def _change(desired: Desired, moves: Moves, policy: Policy) -> Change | None:
    pair = desired.pair
    stays = desired.after is (pair.before.body if pair.before else None)
    if stays and not desired.secrets and moves == NO_MOVES:
        return None
    return Change(
        pair.type,
        pair.key,
        desired.name,
        pair.before,
        desired.after,
        desired.reason or "membership",  # of a group that is not declared, to which a declared user belongs
        moves.joins,
        moves.leaves,
        moves.reasons,
        desired.secrets,
        pair.entry,
        uncertain=moves.uncertain,
        unseen=moves.unseen,
        survives=desired.after is None and pair.type.name == USER and policy.effects.user_deletion is Deletion.DEACTIVATES,
    )
