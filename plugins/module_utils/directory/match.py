# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which declared entry is which resource. A room of its own, before policy: policy must know who is undeclared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..scim.errors import Invalid
from ..scim.overlay import UNKNOWN, canonical
from ..scim.resource import Resource
from ..scim.schema import ResourceType
from .entry import PRESENT, Entry


@dataclass(frozen=True, slots=True)
class Pair:
    """One entry and what the provider has of it. ``entry`` is None for who is not declared, ``before`` for who is not there."""

    type: ResourceType
    key: str
    entry: Entry | None
    before: Resource | None


Indexes = Mapping[str, Mapping[Any, Sequence[Resource]]]


def index(kind: ResourceType, attribute: str, resources: Iterable[Resource]) -> dict[Any, list[Resource]]:
    """Resources by the canonical form of one attribute."""
    definition = kind.root.sub(attribute) or UNKNOWN
    found: dict[Any, list[Resource]] = {}
    for resource in resources:
        value = resource.id if attribute == "id" else resource.body.get(attribute)
        if value is not None:
            found.setdefault(canonical(definition, value), []).append(resource)
    return found


def matched(kind: ResourceType, entries: Sequence[Entry], resources: Mapping[str, Resource], match_on: Sequence[str]) -> list[Pair]:
    """A pair for each entry, then one for each resource that nobody declared.

    :raises Invalid: where keys find several resources, two entries find one, or a declared id is not there; all of it in one message.
    """
    indexes = {attribute: index(kind, attribute, resources.values()) for attribute in {*match_on, kind.naming}}
    problems: list[str] = []
    owners: dict[str, Entry] = {}
    pairs: list[Pair] = []
    for entry in entries:
        before = _found(kind, entry, indexes, match_on, problems)
        if before is not None and before.id in owners:
            one, other = _told_entry(entry), _told_entry(owners[before.id])
            problems.append(f"{one} and {other} are the same {kind.name.lower()} {_told(before)}.")
        if before is not None:
            owners[before.id] = entry
        pairs.append(Pair(kind, before.id if before else provisional(kind, entry), entry, before))
    if problems:
        raise Invalid("\n".join(problems))
    return pairs + [Pair(kind, r.id, None, r) for r in resources.values() if r.id not in owners]


def provisional(kind: ResourceType, entry: Entry) -> str:
    """The key of a resource that has no id yet, made from what names it."""
    return f"{kind.name}:{str(entry.name).casefold()}"


def _found(kind: ResourceType, entry: Entry, indexes: Indexes, match_on: Sequence[str], problems: list[str]) -> Resource | None:
    by_key: dict[str, Sequence[Resource]] = {}
    for attribute in match_on:
        value = entry.value(attribute)
        if value is not None:
            by_key[attribute] = indexes[attribute].get(canonical(kind.root.sub(attribute) or UNKNOWN, value), [])
    if entry.id is not None and "id" in by_key and not by_key["id"] and entry.state == PRESENT:
        problems.append(
            f"{_place(entry)}there is no {kind.name.lower()} with the id {entry.id}. "
            f"An id is the provider's: leave it out to create {entry.name}."
        )
        return None
    found = {resource.id: resource for resources in by_key.values() for resource in resources}
    found = found or _by_old_name(kind, entry, indexes)
    if len(found) > 1:
        keys = [f"{(kind.root.sub(a) or UNKNOWN).option} {entry.value(a)}" for a, rs in by_key.items() if rs]
        keys = keys or [f"previously {name}" for name in entry.previously]
        problems.append(
            f"{_place(entry)}{' and '.join(keys)} find{'s' if len(keys) == 1 else ''} {len(found)} {kind.name.lower()}s: "
            f"{'; '.join(map(_told, found.values()))}. Declare the id of the one that is meant."
        )
        return None
    return next(iter(found.values()), None)


def _by_old_name(kind: ResourceType, entry: Entry, indexes: Indexes) -> dict[str, Resource]:
    """Those whom one of the ``previously`` names still finds."""
    naming = kind.root.sub(kind.naming) or UNKNOWN
    by_name = indexes.get(kind.naming, {})
    return {r.id: r for name in entry.previously for r in by_name.get(canonical(naming, name), [])}


def _told(resource: Resource) -> str:
    return f"{resource.name} (id {resource.id})"


def _told_entry(entry: Entry) -> str:
    return f"{_place(entry)}{entry.name}"


def _place(entry: Entry) -> str:
    return f"{entry.origin}: " if str(entry.origin) else ""
