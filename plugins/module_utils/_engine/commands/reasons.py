# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why somebody is in a group, joins it, leaves it, or stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..declaration.model import ABSENT, EXACT, GROUP, PRESENT, Entry, Member, Origin
from ..plan.memberships import Edges, Names, edges
from ..plan.options import Policy
from ..plan.policy import Desired
from ..plan.snapshot import Snapshot
from ..scim.schema.resource import Body


@dataclass(frozen=True, slots=True)
class Said:
    """One place that names a membership, of an entry that wants it or not."""

    entry: Entry
    member: Member
    place: Origin


def memberships(mine: Desired, everybody: Sequence[Desired], current: Snapshot, policy: Policy) -> Iterator[Body]:
    """Each group that somebody is in, or is declared to be in: since when nobody knows, but why, and what would happen.

    :raises ScimError: where memberships cannot be planned.
    """
    key = mine.pair.key
    names = Names(everybody)
    moving = edges(everybody, current, policy)
    said = _said(mine, everybody, names)
    groups = {one.pair.key: one for one in everybody if one.pair.type.name == GROUP}
    there = [group for group, members in current.members.items() if key in members]
    for group in sorted({*said, *there}, key=lambda one: str(names.bodies[one].get("displayName")).casefold()):
        moves = moving.get(group, Edges())
        change = "joins" if key in moves.joins else "leaves" if key in moves.leaves else ""
        is_there = group in there
        places = said.get(group, [])
        yield {
            "group": str(names.bodies[group].get("displayName") or group),
            "member": is_there,
            "change": change or None,
            "declared": [str(one.place) for one in places],
            "reason": _reason(change, is_there, places, mine, groups.get(group), current, policy),
        }


def _said(mine: Desired, everybody: Sequence[Desired], names: Names) -> Mapping[str, list[Said]]:
    """The places that name a membership, by the key of the group."""
    found: dict[str, list[Said]] = {}
    entry = mine.pair.entry
    for index, member in enumerate((entry.groups if entry else None) or ()):
        for group in names.group(member):
            found.setdefault(group, []).append(Said(entry, member, _below(entry, f".groups[{index}]")))  # type: ignore[arg-type]
    for one in everybody:
        if one.pair.type.name == GROUP and one.pair.entry is not None and one.pair.entry.members:
            for index, member in enumerate(one.pair.entry.members):
                if mine.pair.key in names.member(member):
                    place = _below(one.pair.entry, f".members[{index}]")
                    found.setdefault(one.pair.key, []).append(Said(one.pair.entry, member, place))
    return found


def _below(entry: Entry, path: str) -> Origin:
    return replace(entry.origin, path=f"{entry.origin.path}{path}")


def _reason(
    change: str, is_there: bool, places: Sequence[Said], mine: Desired, group: Desired | None, current: Snapshot, policy: Policy
) -> str:
    declared = " and ".join(str(one.place) for one in places)
    over = [one for one in places if policy.expired(one.member.expires)]
    if change == "joins":
        return f"joins, as declared at {declared}"
    if change == "leaves":
        return f"leaves, since {_why_leaving(places, over, mine, group, policy)}"
    if not is_there:
        return f"is no member, and does not join although declared at {declared}: {_why_not(places, over, mine, policy)}"
    if places and not over:
        return f"is a member, as declared at {declared}"
    return f"is a member, which is not declared, and stays: {_why_staying(mine, group, current, policy)}"


def _why_leaving(places: Sequence[Said], over: Sequence[Said], mine: Desired, group: Desired | None, policy: Policy) -> str:
    entry = mine.pair.entry
    if entry and policy.expired(entry.expires):
        return f"the person expired on {entry.expires}"
    if over:
        return f"the membership expired on {over[0].member.expires} ({over[0].place})"
    absent = [one for one in places if one.entry.membership == ABSENT]
    if absent:
        return f"membership is absent at {absent[0].place}"
    if entry and entry.groups is not None and entry.membership == EXACT:
        return f"it is not among all the groups of the person ({entry.origin})"
    return f"nobody declares it, and the members of the group are exact ({group.pair.entry.origin if group and group.pair.entry else ''})"


def _why_not(places: Sequence[Said], over: Sequence[Said], mine: Desired, policy: Policy) -> str:
    entry = mine.pair.entry
    if mine.after is None:
        return "the account will not be there"
    if entry and policy.expired(entry.expires):
        return f"the person expired on {entry.expires}"
    if over:
        return f"the membership expired on {over[0].member.expires}"
    return f"membership is absent at {places[0].place}"


def _why_staying(mine: Desired, group: Desired | None, current: Snapshot, policy: Policy) -> str:
    before, entry = mine.pair.before, group.pair.entry if group else None
    for one, what in ((before, "the person"), (group.pair.before if group else None, "the group")):
        if one is not None and policy.protects(one):
            return f"{what} is protected"
        if one is not None and not policy.owns(one.type, one.body):
            return f"{what} is out of scope"
    if mine.after is None:
        return "the membership ends with the account"
    if entry is None:
        return "the group is not declared"
    if entry.state != PRESENT:
        return "the group itself goes"
    return f"the group is declared without members, or with membership: additive ({entry.origin})"
