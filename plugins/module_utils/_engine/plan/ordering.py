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
from ..scim.schema.identity import is_same_name, name_key
from ..scim.schema.resource import Body, Resource
from .plan import Action, Change, Plan
from .reporting_lines import manager_of, with_manager

Wave = list[Change]


def waves(plan: Plan, joins_inform: bool = False) -> Iterator[Wave]:
    """The changes in waves; the changes of one wave may be written in any order. A group's change may be split over two.

    With ``joins_inform``, the first members that join show whether the provider hides members: what depends on that waits for them.

    :raises Invalid: for users who swap their names, which no order can do.
    """
    users = [change for change in plan.changes if change.type.name == USER and change.action is not Action.DELETED]
    groups = [change for change in plan.changes if change.type.name == GROUP and change.action is not Action.DELETED]
    deleted = [change for change in plan.changes if change.action is Action.DELETED]
    new = {change.key for change in plan.changes if change.before is None}
    urgent = [change for change in users if change.deactivates and not _renamed(change)]
    others = [change for change in users if _renamed(change) or not change.deactivates]
    needed = {claimed_name(change) for change in others + groups} - {None}

    new_users = [change for change in others if change.before is None]
    urgent, later = _split_off_managers(urgent, new)
    others, later_others = _split_off_managers([change for change in others if change.before is not None], new)
    split = [_split(change, new, joins_inform) for change in groups if change.before is not None]
    at_once = [first for first, _later in split if first is not None]
    yield urgent + [change for change in at_once if not _renamed(change)]
    yield [change for change in deleted if freed_name(change) in needed]
    yield from _renames(others)
    yield from _renames(at_once)
    yield [change for change in others if not _renamed(change)]
    yield from _managed(new_users)
    yield later + later_others
    yield from _nested([change for change in groups if change.before is None])
    last = [later for _first, later in split if later is not None]
    yield [change for change in last if not (joins_inform and change.unseen)]
    yield [change for change in last if joins_inform and change.unseen]
    yield [change for change in deleted if freed_name(change) not in needed]


def freed_name(change: Change) -> tuple[str, str] | None:
    """Type and name that another resource may take after this change; None if it keeps its name."""
    gone = change.action is Action.DELETED or _renamed(change)
    return (change.type.name, name_key(change.before.name)) if change.before and gone else None


def claimed_name(change: Change) -> tuple[str, str] | None:
    """Type and name that a resource gets by this change; None if it has that name already."""
    return (change.type.name, name_key(change.name)) if change.before is None or _renamed(change) else None


def _renamed(change: Change) -> bool:
    return not is_same_name(change.current_name, change.name)


def _split(change: Change, new: set[str], joins_inform: bool) -> tuple[Change | None, Change | None]:
    """A group's change in what can be done at once, and what waits: for members who do not exist yet, their joins and who leaves but may be
    one of them; with ``joins_inform``, who leaves and may be no member.
    """
    waiting = tuple(key for key in change.joins if key in new)
    staying = (change.uncertain if waiting else frozenset()) | (change.unseen if joins_inform else frozenset())
    leaves = tuple(key for key in change.leaves if key not in staying)
    if not leaves and not _renamed(change):
        return None, change
    if len(leaves) == len(change.leaves) and not waiting:
        return change, None
    first = replace(change, joins=tuple(key for key in change.joins if key not in new), leaves=leaves)
    return first, replace(_joins_alone(change, waiting), leaves=tuple(key for key in change.leaves if key in staying))


def _split_off_managers(changes: Sequence[Change], new: set[str]) -> tuple[list[Change], list[Change]]:
    """The changes of existing users in what can be done at once, and what waits for managers who do not exist yet."""
    at_once: list[Change] = []
    later: list[Change] = []
    for change in changes:
        if change.before is None or change.after is None or manager_of(change.after) not in new:
            at_once.append(change)
            continue
        without = set_manager(change, None)
        alone = without.after == change.before.body and not change.secrets
        at_once += [] if alone else [without]
        later.append(change if alone else _manager_alone(change, without.after or {}))
    return at_once, later


def set_manager(change: Change, manager: str | None) -> Change:
    """A change with this manager, which is then the declared one; with None, the manager stays as it is and is not declared."""
    after = with_manager(change.after or {}, manager or manager_of(change.before.body if change.before else None))
    entry = change.entry and replace(change.entry, attributes=with_manager(dict(change.entry.attributes), manager))
    return replace(change, after=after, entry=entry)


def _manager_alone(change: Change, before: Body) -> Change:
    """What is left of a change after an earlier wave: the manager."""
    return replace(change, before=Resource(change.type, change.key, before, complete=False), secrets={})


def _managed(changes: Sequence[Change]) -> Iterator[Wave]:
    """New users in waves: managers first. Where they manage each other, one is created without a manager, who is set then."""
    managers = {change.key: manager_of(change.after) or "" for change in changes}
    heads = _heads(managers)
    first = [set_manager(change, None) if change.key in heads else change for change in changes]
    ordered, _circle = _sorted(first, {key: [] if key in heads else [manager] for key, manager in managers.items()})
    yield from ordered
    yield [_manager_alone(change, with_manager(change.after or {}, None)) for change in changes if change.key in heads]


def _heads(managers: Mapping[str, str]) -> set[str]:
    """One user of each circle in which users manage each other, or themselves."""
    heads: set[str] = set()
    seen: dict[str, str] = {}
    for start in managers:
        key = start
        while key in managers and key not in seen:
            seen[key] = start
            key = managers[key]
        if seen.get(key) == start:  # this walk has come back to itself
            heads.add(key)
    return heads


def _joins_alone(change: Change, joins: tuple[str, ...]) -> Change:
    """What is left of a change after an earlier wave. What was read is out of date by then, so a PUT must read it again."""
    body = change.before.body if change.before else change.after or {}
    stale = Resource(change.type, change.key, body, complete=False)
    return replace(change, before=stale, after=body, secrets={}, joins=joins, leaves=())


def _renames(changes: Sequence[Change]) -> Iterator[Wave]:
    """Renames in waves: one to a name that another gives up waits for it. Groups may share a name (RFC 7643 §4.2), so they may swap."""
    renamed = [change for change in changes if _renamed(change)]
    holders = {name_key(change.current_name): change.key for change in renamed}
    ordered, circle = _sorted(renamed, {change.key: [holders.get(name_key(change.name), "")] for change in renamed})
    if circle and circle[0].type.name == USER:
        places = [change.entry.origin.suffix if change.entry else "" for change in circle]
        renames = ", ".join(f"{change.current_name} to {change.name}{place}" for change, place in zip(circle, places, strict=True))
        raise Invalid(f"These renames wait for each other: {renames}. Give one of them another name first, and run twice.")
    yield from [*ordered, circle]


def _nested(changes: Sequence[Change]) -> Iterator[Wave]:
    """New groups in waves: one that is a member of another first. In a circle they are created without each other, and joined then."""
    ordered, circle = _sorted(changes, {change.key: change.joins for change in changes})
    yield from ordered
    waiting = {change.key for change in circle}
    yield [replace(change, joins=tuple(key for key in change.joins if key not in waiting)) for change in circle]
    yield [_joins_alone(change, tuple(key for key in change.joins if key in waiting)) for change in circle]


def _sorted(changes: Sequence[Change], waits: Mapping[str, Sequence[str]]) -> tuple[list[Wave], Wave]:
    """The changes in waves, each after those of them that it waits for; and those that wait for each other in a circle."""
    known = {change.key for change in changes}
    sorter = TopologicalSorter({key: known.intersection(waits[key]) for key in known})
    with suppress(CycleError):  # it then gives all that no circle keeps back
        sorter.prepare()
    ordered: list[Wave] = []
    left = list(changes)
    while ready := set(sorter.get_ready()):
        ordered.append([change for change in left if change.key in ready])
        left = [change for change in left if change.key not in ready]
        sorter.done(*ready)
    return ordered, left
