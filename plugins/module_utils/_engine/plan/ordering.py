# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes in the order in which they are written.

What takes access away comes first, since it is why it is urgent; deletions come last, since they are final. In between: those first that
free a name, then updates, creations, groups, and joins once everybody is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..declaration.model import GROUP, USER
from ..scim.errors import Invalid
from ..scim.schema.resource import Resource
from .plan import Change, Plan

Wave = list[Change]


def waves(plan: Plan) -> Iterator[Wave]:
    """The changes in waves; what is in one wave may be written in any order. A group's change may be in several."""
    users = [change for change in plan.changes if change.type.name == USER]
    groups = [change for change in plan.changes if change.type.name == GROUP]
    fresh = {change.key for change in plan.changes if change.before is None}
    urgent = [change for change in users if change.deactivates and not _renamed(change)]
    rest = [change for change in users if not _goes(change) and (_renamed(change) or not change.deactivates)]
    needed = {_called(change, change.name) for change in rest + groups if change.before is None or _renamed(change)}
    freeing = {change.identity for change in users + groups if _goes(change) and _called(change, change.name) in needed}

    split = [_split(change, fresh) for change in groups if change.before is not None and change.after is not None]
    at_once = [first for first, _later in split if first is not None]
    yield urgent + [change for change in at_once if not _renamed(change)]
    yield [change for change in users + groups if change.identity in freeing]
    yield from renames([change for change in rest if _renamed(change)])
    yield from renames([change for change in at_once if _renamed(change)])
    yield [change for change in rest if change.before is not None and not _renamed(change)]
    yield [change for change in rest if change.before is None]
    yield from _nested([change for change in groups if change.before is None])
    yield [later for _first, later in split if later is not None]
    yield [change for change in users + groups if _goes(change) and change.identity not in freeing]


def _called(change: Change, name: str) -> tuple[str, str]:
    return change.type.name, name.casefold()


def _goes(change: Change) -> bool:
    return change.before is not None and change.after is None


def _renamed(change: Change) -> bool:
    return change.before is not None and change.after is not None and change.before.name.casefold() != change.name.casefold()


def _split(change: Change, fresh: set[str]) -> tuple[Change | None, Change | None]:
    """A group's change in what can be done at once and what must wait for members who are not there yet."""
    waiting = tuple(key for key in change.joins if key in fresh)
    urgent = bool(change.leaves) or _renamed(change)
    if not waiting:
        return (change, None) if urgent else (None, change)
    if not urgent or change.before is None:
        return None, change
    now = replace(change, joins=tuple(key for key in change.joins if key not in fresh))
    # What was read is out of date by then, so a PUT must read it again.
    stale = replace(change.before, complete=False, version=None)
    return now, replace(change, before=stale, after=stale.body, secrets={}, joins=waiting, leaves=())


def _joining(change: Change, joins: tuple[str, ...]) -> Change:
    """The joins of a group that was made just now, and has its provisional key still."""
    made = Resource(change.type, change.key, change.after or {})
    return replace(change, before=made, after=made.body, secrets={}, joins=joins)


def renames(changes: Sequence[Change]) -> Iterator[Wave]:
    """Renames in waves: one to a name that another gives up waits for it.

    :raises Invalid: for a swap of people, which no order can do. Groups may share a name (RFC 7643 §4.2).
    """
    waiting = list(changes)
    while waiting:
        held = {change.before.name.casefold(): change for change in waiting if change.before is not None}
        free = [change for change in waiting if held.get(change.name.casefold(), change) is change]
        freed = {change.key for change in free}
        if not free and waiting[0].type.name == GROUP:
            yield waiting
            return
        if not free:
            names = ", ".join(
                f"{c.before.name if c.before else c.name} to {c.name}" + (f" ({c.entry.origin})" if c.entry else "") for c in waiting
            )
            raise Invalid(f"These renames wait for each other: {names}. Give one of them another name first, and run twice.")
        yield free
        waiting = [change for change in waiting if change.key not in freed]


def _nested(changes: Sequence[Change]) -> Iterator[Wave]:
    """New groups in waves: one that is a member of another first, so that it can be named when that one is made."""
    waiting = list(changes)
    while waiting:
        keys = {change.key for change in waiting}
        ready = [change for change in waiting if not keys & set(change.joins)]
        if not ready:  # a circle: they are made without each other first
            yield [replace(change, joins=tuple(key for key in change.joins if key not in keys)) for change in waiting]
            yield [_joining(change, tuple(key for key in change.joins if key in keys)) for change in waiting]
            return
        yield ready
        done = {change.key for change in ready}
        waiting = [change for change in waiting if change.key not in done]
