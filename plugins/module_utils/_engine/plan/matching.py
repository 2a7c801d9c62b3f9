# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which declared entry is which resource. A room of its own, before policy: policy must know who is undeclared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..declaration.model import ABSENT, Entry
from ..scim.errors import Invalid
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType


@dataclass(frozen=True, slots=True)
class Pair:
    """One entry and what the provider has of it. ``entry`` is None for who is not declared, ``before`` for who is not there."""

    type: ResourceType
    key: str
    entry: Entry | None
    before: Resource | None


Indexes = Mapping[str, Mapping[Any, Sequence[Resource]]]


def index(resource_type: ResourceType, attribute: str, resources: Iterable[Resource]) -> dict[Any, list[Resource]]:
    """Resources by the canonical form of one attribute."""
    definition = resource_type.root.sub(attribute) or UNKNOWN
    found: dict[Any, list[Resource]] = {}
    for resource in resources:
        value = resource.id if attribute == "id" else resource.body.get(attribute)
        if value is not None:
            found.setdefault(canonical(definition, value), []).append(resource)
    return found


def unmatched(entries: Sequence[Entry], found: Mapping[str, Resource], match_on: Sequence[str]) -> list[Entry]:
    """The entries of which no match key and no old name finds anybody among these."""
    if not entries:
        return []
    resource_type = entries[0].type
    indexes = {
        attribute: index(resource_type, attribute, found.values()) for attribute in dict.fromkeys((*match_on, resource_type.name_attribute))
    }

    def is_there(attribute: str, value: str | None) -> bool:
        return value is not None and canonical(resource_type.root.sub(attribute) or UNKNOWN, value) in indexes[attribute]

    return [
        entry
        for entry in entries
        if not any(is_there(key, entry.value(key)) for key in match_on)
        and not any(is_there(resource_type.name_attribute, name) for name in entry.previously)
    ]


def matched(
    resource_type: ResourceType,
    entries: Sequence[Entry],
    resources: Mapping[str, Resource],
    match_on: Sequence[str],
    ends: Callable[[Entry], bool] = lambda entry: entry.state == ABSENT,
) -> list[Pair]:
    """A pair for each entry, then one for each resource that nobody declared. Who ``ends`` need not be there.

    :raises Invalid: where keys find several resources, two entries find one, or a declared id is not there; all of it in one message.
    """
    finder = _Finder(resource_type, match_on, resources.values())
    problems: list[str] = []
    found = [finder.candidates(entry) for entry in entries]
    settle(found, [finder.own(entry) for entry in entries])
    owners: dict[str, Entry] = {}
    pairs: list[Pair] = []
    for entry, candidates in zip(entries, found, strict=True):
        problems += finder.problems(entry, candidates, ends(entry))
        before = next(iter(candidates.values())) if len(candidates) == 1 else None
        if before is not None and before.id in owners:
            one, other = _told_entry(entry), _told_entry(owners[before.id])
            problems.append(f"{one} and {other} are the same {resource_type.name.lower()} {_told(before)}.")
        if before is not None:
            owners[before.id] = entry
        pairs.append(Pair(resource_type, before.id if before else provisional(resource_type, entry), entry, before))
    if problems:
        raise Invalid("\n".join(problems))
    undeclared = sorted((r for r in resources.values() if r.id not in owners), key=lambda r: (r.name.casefold(), r.id))
    return pairs + [Pair(resource_type, r.id, None, r) for r in undeclared]


def namesakes(pairs: Sequence[Pair]) -> list[str]:
    """Warnings of others who have the external id that is declared for somebody (RFC 7643 §3.1: a provider need not keep it unique)."""
    owners: dict[str, list[Resource]] = {}
    for pair in pairs:
        if pair.before is not None and pair.before.body.get("externalId"):
            owners.setdefault(str(pair.before.body["externalId"]), []).append(pair.before)
    return [
        f"{_told(other)} has the external id {pair.entry.attributes['externalId']} that is declared for {pair.entry.name}. "
        f"If they are the same, match on it: match_on: [external_id]"
        for pair in pairs
        if pair.entry is not None and pair.entry.attributes.get("externalId")
        for other in owners.get(str(pair.entry.attributes["externalId"]), ())
        if other.id != pair.key
    ]


def provisional(resource_type: ResourceType, entry: Entry) -> str:
    """The key of a resource that has no id yet, made from what names it."""
    return f"{resource_type.name}:{str(entry.name).casefold()}"


def settle(found: Sequence[dict[str, Resource]], own: Sequence[str | None]) -> None:
    """Where several come into question for an entry, those are left out whom another entry has for certain; never one's ``own``.

    So a chain of renames is done in one run (b becomes c, and a becomes b), and is done once it is done.
    """
    certain = {key for key in own if key is not None}
    before = -1
    while len(certain) > before:
        before = len(certain)
        certain |= {next(iter(candidates)) for candidates in found if len(candidates) == 1}
        for candidates, mine in zip(found, own, strict=True):
            others = certain & set(candidates) - {mine} if len(candidates) > 1 else set()
            for taken in others if len(others) < len(candidates) else ():
                del candidates[taken]


class _Finder:
    """Finds the resources that come into question for an entry: by its match keys, and by the names that it had before."""

    def __init__(self, resource_type: ResourceType, match_on: Sequence[str], resources: Iterable[Resource]) -> None:
        listed = list(resources)
        self.resource_type = resource_type
        self.match_on = match_on
        self.indexes = {attribute: index(resource_type, attribute, listed) for attribute in {*match_on, resource_type.name_attribute}}

    def candidates(self, entry: Entry) -> dict[str, Resource]:
        """Those whom all keys find that find anybody; if there are none, all that any of them finds."""
        if entry.id is not None and "id" in self.match_on and not self._holders("id", entry.id):
            return {}  # whoever has the name now is another one
        found = [{resource.id: resource for resource in resources} for _key, resources in self._by_key(entry)]
        together = set.intersection(*(set(one) for one in found)) if found else set()
        return {key: resource for one in found for key, resource in one.items() if not together or key in together}

    def own(self, entry: Entry) -> str | None:
        """The one whom an identifier finds, and not only a name: nobody else can be meant."""
        keys = [(key, entry.value(key)) for key in self.match_on if key != self.resource_type.name_attribute]
        found = {resource.id for key, value in keys if value is not None for resource in self._holders(key, value)}
        return found.pop() if len(found) == 1 else None

    def problems(self, entry: Entry, candidates: Mapping[str, Resource], ends: bool) -> Iterator[str]:
        """What is wrong with an entry for which not exactly one resource, or none, comes into question."""
        resource_type, place = self.resource_type, entry.origin.prefix
        if entry.id is not None and "id" in self.match_on and entry.id not in self.indexes["id"] and not ends:
            yield (
                f"{place}there is no {resource_type.name.lower()} with the id {entry.id}. "
                f"An id is the provider's: leave it out to create {entry.name}."
            )
        elif len(candidates) > 1:
            keys = [key for key, _resources in self._by_key(entry)]
            yield (
                f"{place}{' and '.join(keys)} find{'s' if len(keys) == 1 else ''} {len(candidates)} {resource_type.name.lower()}s: "
                f"{'; '.join(map(_told, candidates.values()))}. Declare the id of the one that is meant."
            )

    def _by_key(self, entry: Entry) -> Iterator[tuple[str, Sequence[Resource]]]:
        """Each key that finds anybody, in words, with whom it finds."""
        keys = [
            (attribute, entry.value(attribute), (self.resource_type.root.sub(attribute) or UNKNOWN).option) for attribute in self.match_on
        ]
        for attribute, value, option in [*keys, *((self.resource_type.name_attribute, name, "previously") for name in entry.previously)]:
            resources = self._holders(attribute, value) if value is not None else ()
            if resources:
                yield f"{option} {value}", resources

    def _holders(self, attribute: str, value: Any) -> Sequence[Resource]:
        return self.indexes[attribute].get(canonical(self.resource_type.root.sub(attribute) or UNKNOWN, value), ())


def _told(resource: Resource) -> str:
    return f"{resource.name} (id {resource.id})"


def _told_entry(entry: Entry) -> str:
    return f"{entry.origin.prefix}{entry.name}"
