# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes in the order in which they are written.

What takes access away comes first, since it is urgent; deletions come last, since they are final. In between: what frees a name, then
updates, creations, groups, and joins once all members exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from ..declaration.model import GROUP, USER
from ..scim.errors import Invalid
from ..scim.schema.identity import name_key
from ..scim.schema.resource import Resource
from .plan import Change, Plan

Wave = list[Change]


def waves(plan: Plan) -> Iterator[Wave]:
    """The changes in waves; the changes of one wave may be written in any order. A group's change may be split over two.

    :raises Invalid: for users who swap their names, which no order can do.
    """
    users = [change for change in plan.changes if change.type.name == USER]
    groups = [change for change in plan.changes if change.type.name == GROUP]
    new = {change.key for change in plan.changes if change.before is None}
    urgent = [change for change in users if change.deactivates and not _renamed(change)]
    others = [change for change in users if not _deleted(change) and (_renamed(change) or not change.deactivates)]
    needed = {claimed_name(change) for change in others + groups} - {None}
    freeing = {change.identity for change in users + groups if _deleted(change) and freed_name(change) in needed}

    split = [_split(change, new) for change in groups if change.before is not None and change.after is not None]
    at_once = [first for first, _later in split if first is not None]
    yield urgent + [change for change in at_once if not _renamed(change)]
    yield [change for change in users + groups if change.identity in freeing]
    yield from _renames([change for change in others if _renamed(change)])
    yield from _renames([change for change in at_once if _renamed(change)])
    yield [change for change in others if change.before is not None and not _renamed(change)]
    yield [change for change in others if change.before is None]
    yield from _nested([change for change in groups if change.before is None])
    yield [later for _first, later in split if later is not None]
    yield [change for change in users + groups if _deleted(change) and change.identity not in freeing]


def freed_name(change: Change) -> tuple[str, str] | None:
    """Type and name that another resource may have once this change is made."""
    return _name(change, change.before.name) if change.before and (_deleted(change) or _renamed(change)) else None


def claimed_name(change: Change) -> tuple[str, str] | None:
    """Type and name that a resource has only once this change is made."""
    return _name(change, change.name) if change.before is None or _renamed(change) else None


def _name(change: Change, name: str) -> tuple[str, str]:
    return change.type.name, name_key(name)


def _deleted(change: Change) -> bool:
    return change.before is not None and change.after is None


def _renamed(change: Change) -> bool:
    return change.before is not None and change.after is not None and name_key(change.before.name) != name_key(change.name)


def _split(change: Change, new: set[str]) -> tuple[Change | None, Change | None]:
    """A group's change in what can be done at once and what waits for members who do not exist yet."""
    waiting = tuple(key for key in change.joins if key in new)
    urgent = bool(change.leaves) or _renamed(change)
    if not waiting:
        return (change, None) if urgent else (None, change)
    if not urgent or change.before is None:
        return None, change
    now = replace(change, joins=tuple(key for key in change.joins if key not in new))
    # What was read is out of date by then, so a PUT must read it again.
    stale = replace(change.before, complete=False, version=None)
    return now, replace(change, before=stale, after=stale.body, secrets={}, joins=waiting, leaves=())


def _renames(changes: Sequence[Change]) -> Iterator[Wave]:
    """Renames in waves: one to a name that another gives up waits for it. Groups may share a name (RFC 7643 §4.2), so they may swap."""
    holders = {name_key(change.before.name): change for change in changes if change.before is not None}
    waits = {change.key: [holder.key] for change in changes if (holder := holders.get(name_key(change.name), change)) is not change}
    ordered, circle = _sorted(changes, waits)
    if circle and circle[0].type.name == USER:
        renames = ", ".join(f"{change.before.name if change.before else ''} to {change.name}{_at(change)}" for change in circle)
        raise Invalid(f"These renames wait for each other: {renames}. Give one of them another name first, and run twice.")
    yield from [*ordered, circle]


def _nested(changes: Sequence[Change]) -> Iterator[Wave]:
    """New groups in waves: one that is a member of another first. In a circle they are created without each other, and joined then."""
    new = {change.key for change in changes}
    ordered, circle = _sorted(changes, {change.key: [key for key in change.joins if key in new] for change in changes})
    yield from ordered
    waiting = {change.key for change in circle}
    yield [replace(change, joins=tuple(key for key in change.joins if key not in waiting)) for change in circle]
    yield [_joins_of_created(change, tuple(key for key in change.joins if key in waiting)) for change in circle]


def _sorted(changes: Sequence[Change], waits: Mapping[str, Sequence[str]]) -> tuple[list[Wave], Wave]:
    """The changes in waves, each after those that it waits for; and those that wait for each other in a circle."""
    sorter = TopologicalSorter({change.key: waits.get(change.key, ()) for change in changes})
    with suppress(CycleError):  # it then gives all that no circle keeps back
        sorter.prepare()
    ordered: list[Wave] = []
    left = list(changes)
    while ready := set(sorter.get_ready()):
        ordered.append([change for change in left if change.key in ready])
        left = [change for change in left if change.key not in ready]
        sorter.done(*ready)
    return ordered, left


def _joins_of_created(change: Change, joins: tuple[str, ...]) -> Change:
    """The joins of a group that was created in the wave before, and still has its provisional key."""
    created = Resource(change.type, change.key, change.after or {})
    return replace(change, before=created, after=created.body, secrets={}, joins=joins)


def _at(change: Change) -> str:
    return f" ({change.entry.origin})" if change.entry and str(change.entry.origin) else ""
