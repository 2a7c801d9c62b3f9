# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The difference between desired and current, as changes. Pure: the same input always gives the same plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..declaration.model import GROUP, USER, Entry
from ..scim.errors import Invalid
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import ResourceType
from .memberships import Edges
from .options import Policy
from .policy import Desired, removes
from .snapshot import Snapshot


class Action(StrEnum):
    """What happens to a resource; the values are those of the ``action`` return value."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that is not as it shall be. ``before`` is None where it is to be made, ``after`` where it is to go.

    ``key`` is the id, or a provisional one. ``joins`` and ``leaves`` are keys of members, for groups.
    """

    type: ResourceType
    key: str
    name: str
    before: Resource | None
    after: Body | None
    reason: str = ""
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    entry: Entry | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """Which resource it is: at some providers a user and a group may have one id, against RFC 7643 §3.1."""
        return self.type.name, self.key

    @property
    def action(self) -> Action:
        """Derived from before and after; a change of nothing but memberships is an update."""
        if self.before is None:
            return Action.CREATED
        return Action.DELETED if self.after is None else Action.UPDATED

    @property
    def body_differs(self) -> bool:
        """Whether the resource itself is written, not only its memberships."""
        return self.before is None or self.after is not self.before.body or bool(self.secrets)

    @property
    def removes(self) -> bool:
        """Whether it takes an account or a group away: deleted or deactivated."""
        return self.before is not None and removes(self.before, self.after)

    @property
    def deactivates(self) -> bool:
        """Whether it only deactivates a person."""
        return self.removes and self.after is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes, and how many resources need none. ``totals`` are what limits are percentages of: active users, groups, memberships.

    ``effects`` are sentences on what its deletions really do at this provider.
    """

    changes: tuple[Change, ...] = ()
    unchanged: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    effects: tuple[str, ...] = ()

    @property
    def removes_people(self) -> bool:
        """Whether somebody's account would be taken away."""
        return any(change.type.name == USER and change.removes for change in self.changes)


def plan(wanted: Sequence[Desired], edges: Mapping[str, Edges], current: Snapshot, policy: Policy) -> Plan:
    """The plan for all pairs; ``edges`` are membership changes by group key. Pure."""
    changes: list[Change] = []
    unchanged: dict[str, int] = {}
    for one in wanted:
        change = _change(one, edges.get(one.pair.key, Edges()) if one.pair.type.name == GROUP else Edges())
        if change is not None:
            changes.append(change)
        elif one.pair.entry is not None and not one.gone:
            unchanged[one.pair.type.name] = unchanged.get(one.pair.type.name, 0) + 1
    unique_names(wanted)
    effects = _effects(changes, policy)
    warnings = (*(warning for one in wanted for warning in one.warnings), *effects)
    return Plan(tuple(changes), unchanged, _totals(current, policy), warnings, _names(changes, wanted, current), effects)


def _effects(changes: Sequence[Change], policy: Policy) -> tuple[str, ...]:
    deleted = Counter(change.type.name for change in changes if change.action is Action.DELETED)
    kinds = {change.type.name: change.type for change in changes}
    return tuple(
        sentence for name, resource_type in sorted(kinds.items()) if (sentence := policy.effects.told(resource_type, deleted[name]))
    )


def _totals(current: Snapshot, policy: Policy) -> dict[str, int]:
    """Of how many: people who are active, groups, and memberships, in scope."""
    owned = {one.id for one in (*current.users.values(), *current.groups.values()) if policy.owns(one.type, one.body)}
    foreign = (current.users.keys() | current.groups.keys()) - owned
    return {
        "users": sum(1 for user in current.users.values() if user.active and user.id in owned),
        "groups": sum(1 for group in current.groups if group in owned),
        "memberships": sum(len(those) - len(those & foreign) for group, those in current.members.items() if group not in foreign),
    }


def _names(changes: Sequence[Change], wanted: Sequence[Desired], current: Snapshot) -> dict[str, str]:
    """What people call the members that join or leave."""
    keys = {key for change in changes for key in (*change.joins, *change.leaves)}
    resources = {**current.groups, **current.users}
    # Users last: at some providers a group has the id of a user, and members are users mostly.
    named = sorted((one for one in wanted if one.pair.key in keys), key=lambda one: one.pair.type.name == USER)
    fresh = {one.pair.key: str((one.after or {}).get(one.pair.type.name_attribute, "")) for one in named}
    return {key: fresh.get(key) or (resources[key].name if key in resources else key) for key in keys}


def unique_names(wanted: Iterable[Desired]) -> None:
    """userName is unique (RFC 7643 §4.1.1), so no two people may have one name in the end.

    :raises Invalid: naming both, where a declared name is that of somebody who keeps it.
    """
    owners: dict[Any, Desired] = {}
    problems = []
    for one in wanted:
        if one.pair.type.name != USER or one.after is None:
            continue
        name = str(one.after.get(one.pair.type.name_attribute, "")).casefold()
        other = owners.setdefault(name, one) if name else one
        if other is not one and (_is_ours(one) or _is_ours(other)):
            problems.append(f"{_who(other)} and {_who(one)} would both be called {one.after.get(one.pair.type.name_attribute)}.")
    if problems:
        raise Invalid("\n".join(problems))


def _is_ours(one: Desired) -> bool:
    """Whether it is declared or changed here: two strangers of one name are the provider's own business."""
    return one.pair.entry is not None or one.pair.before is None or one.after is not one.pair.before.body


def _who(one: Desired) -> str:
    entry = one.pair.entry
    place = f" ({entry.origin})" if entry and str(entry.origin) else ""
    return f"{one.pair.before.name} (id {one.pair.before.id}){place}" if one.pair.before else f"the new user{place}"


def _change(one: Desired, edge: Edges) -> Change | None:
    pair = one.pair
    nothing_there = pair.before is None and one.after is None
    as_it_is = pair.before is not None and one.after is pair.before.body and not one.secrets
    if nothing_there or (as_it_is and edge == Edges()):
        return None
    name = (one.after or {}).get(pair.type.name_attribute) or (pair.before.name if pair.before else pair.key)
    reason = one.reason or "membership"  # of a group that is not declared, to which a declared person belongs
    return Change(pair.type, pair.key, str(name), pair.before, one.after, reason, edge.joins, edge.leaves, one.secrets, pair.entry)
