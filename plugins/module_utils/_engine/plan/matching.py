# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which declared entry is which resource. A step of its own, before policy: policy must know which resources are undeclared."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..declaration.model import ABSENT, Entry
from ..scim.errors import Invalid
from ..scim.schema.identity import look_alike_message, name_key, respelled_message
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType
from .name_index import NameIndex

PREVIOUSLY = "previously"  # the option with the names that a resource had before


@dataclass(frozen=True, slots=True)
class Pair:
    """One entry and its resource. ``entry`` is None for an undeclared resource, ``before`` for one that does not exist.

    ``key`` is the id, or a provisional one. ``warnings`` are about the match.
    """

    type: ResourceType
    key: str
    entry: Entry | None
    before: Resource | None
    warnings: tuple[str, ...] = ()


def index(resource_type: ResourceType, attribute: str, resources: Iterable[Resource]) -> dict[Any, list[Resource]]:
    """Resources by the canonical form of one attribute."""
    definition = resource_type.root.sub(attribute) or UNKNOWN
    found: dict[Any, list[Resource]] = {}
    for resource in resources:
        value = resource.id if attribute == "id" else resource.body.get(attribute)
        if value is not None:
            found.setdefault(canonical(definition, value), []).append(resource)
    return found


def match(
    finder: Finder, entries: Sequence[Entry], may_be_missing: Callable[[Entry], bool] = lambda entry: entry.state == ABSENT
) -> list[Pair]:
    """A pair for each entry, then one for each undeclared resource of the ``finder``.

    :raises Invalid: if keys find several resources, two entries find one, a declared id does not exist, or a name does not exist and others
    look like it, or may be what the provider made of it; all in one message. An entry that ``may_be_missing`` is satisfied then, and such
    others are a warning: they may remain where the one that was meant is deleted already.
    """
    resource_type = finder.type
    problems: list[str] = []
    found = [finder.candidates(entry) for entry in entries]
    if any(len(candidates) > 1 for candidates in found):
        settle(found, [finder.owner(entry) for entry in entries])
    owners: dict[str, Entry] = {}
    pairs: list[Pair] = []
    for entry, candidates in zip(entries, found, strict=True):
        problems += finder.problems(entry, candidates, may_be_missing(entry))
        before = next(iter(candidates.values())) if len(candidates) == 1 else None
        if before is not None and before.id in owners:
            entries_of_it = " and ".join(f"{each.origin.prefix}{each.name}" for each in (entry, owners[before.id]))
            problems.append(f"{entries_of_it} are the same {resource_type.noun} {before.label}. Remove one of the entries.")
        if before is not None:
            owners[before.id] = entry
        pairs.append(Pair(resource_type, before.id if before else provisional_key(resource_type, entry), entry, before))
    for number, entry in enumerate(entries):
        if found[number]:
            continue
        similar = (*finder.look_alikes(entry, owners.keys()), *finder.respelled(entry, owners.keys()))
        if similar and may_be_missing(entry):
            pairs[number] = replace(pairs[number], warnings=tuple(f"{each} Nothing is deleted." for each in similar))
        else:
            problems += similar
    if problems:
        raise Invalid(*problems)
    undeclared = sorted((r for r in finder.resources.values() if r.id not in owners), key=lambda r: (name_key(r.name), r.id))
    return pairs + [Pair(resource_type, r.id, None, r) for r in undeclared]


def shared_external_ids(pairs: Sequence[Pair]) -> list[str]:
    """Warnings of other resources of a type with a declared external id (RFC 7643 §3.1: a provider need not keep it unique)."""
    owners: dict[tuple[str, str], list[Resource]] = {}
    for pair in pairs:
        if pair.before is not None and pair.before.body.get("externalId"):
            owners.setdefault((pair.type.name, str(pair.before.body["externalId"])), []).append(pair.before)
    return [
        f"{other.label} has the external id {pair.entry.attributes['externalId']} that is declared for {pair.entry.name}. "
        f"If they are the same, match on it: match_on: [external_id]"
        for pair in pairs
        if pair.entry is not None and pair.entry.attributes.get("externalId")
        for other in owners.get((pair.type.name, str(pair.entry.attributes["externalId"])), ())
        if other.id != pair.key
    ]


def found_by(pair: Pair, match_on: Sequence[str]) -> list[str]:
    """The match keys that find the resource of a pair, by the names of their options."""
    if pair.entry is None or pair.before is None:
        return []
    found = Finder(pair.type, match_on, [pair.before]).found_by(pair.entry)
    return list(dict.fromkeys(option for option, _value in found))


def provisional_key(resource_type: ResourceType, entry: Entry) -> str:
    """The key of a resource that has no id yet, made from its type and name."""
    return f"{resource_type.name}:{name_key(str(entry.name))}"


def settle(found: Sequence[dict[str, Resource]], owned: Sequence[str | None]) -> None:
    """Where an entry has several candidates, remove those that another entry has for certain; never the ``owned`` one.

    So a chain of renames is done in one run (b becomes c, and a becomes b), and the second run finds it done.
    """
    certain = {key for key in owned if key is not None}
    before = -1
    while len(certain) > before:
        before = len(certain)
        certain |= {next(iter(candidates)) for candidates in found if len(candidates) == 1}
        for candidates, own in zip(found, owned, strict=True):
            others = certain & set(candidates) - {own} if len(candidates) > 1 else set()
            for taken in others if len(others) < len(candidates) else ():
                del candidates[taken]


class Finder:
    """Finds the candidates for an entry among ``resources`` of one type: by its match keys, and by its previous names. ``names`` is the
    index of their names.
    """

    def __init__(self, resource_type: ResourceType, match_on: Sequence[str], resources: Iterable[Resource]) -> None:
        self.type = resource_type
        self.match_on = match_on
        self.resources = {resource.id: resource for resource in resources}
        self._indexes = {attribute: index(resource_type, attribute, self.resources.values()) for attribute in self._other_keys()}
        self.names = NameIndex.of(self.resources.values())

    def candidates(self, entry: Entry) -> dict[str, Resource]:
        """The resources that all keys find which find any; if there are none, all that any key finds."""
        if self._lacks_id(entry):
            return {}  # the resource that has the name now is another one
        found = [{resource.id: resource for resource in resources} for _key, _value, resources in self._found(entry) if resources]
        if len(found) == 1:
            return found[0]
        together = set.intersection(*map(set, found)) if found else set()
        return {key: resource for each in found for key, resource in each.items() if not together or key in together}

    def owner(self, entry: Entry) -> str | None:
        """The id of the one resource that an identifier finds, and not only a name: no other can be meant."""
        names = (self.type.name_attribute, PREVIOUSLY)
        found = {resource.id for key, _value, resources in self._found(entry) if key not in names for resource in resources}
        return found.pop() if len(found) == 1 else None

    def found_by(self, entry: Entry) -> list[tuple[str, Any]]:
        """The option and value of each match key and previous name that finds a resource."""
        found = [(self.type.root.sub(key), key, value) for key, value, resources in self._found(entry) if resources]
        return [(attribute.option if attribute else key, value) for attribute, key, value in found]

    def finds_all(self, entry: Entry) -> bool:
        """Whether each declared match key finds a resource, and there is no previous name that might find another."""
        return not entry.previously and all(resources for _key, _value, resources in self._found(entry))

    def finds_any(self, entry: Entry) -> bool:
        """Whether any match key or previous name finds a resource."""
        return any(resources for _key, _value, resources in self._found(entry))

    def problems(self, entry: Entry, candidates: Mapping[str, Resource], may_be_missing: bool) -> Iterator[str]:
        """What is wrong with an entry that has neither exactly one candidate nor none."""
        noun = self.type.noun
        if self._lacks_id(entry) and not may_be_missing:
            yield (
                f'{entry.origin.prefix}there is no {noun} with the id "{entry.id}". '
                f"The provider assigns ids: to create {entry.name}, declare it without an id."
            )
        elif len(candidates) > 1:
            keys = [f"{option} {value}" for option, value in self.found_by(entry)]
            yield (
                f"{entry.origin.prefix}{' and '.join(keys)} find{'s' if len(keys) == 1 else ''} {len(candidates)} {noun}s: "
                f"{'; '.join(candidate.label for candidate in candidates.values())}. Declare the id of the one that is meant."
            )

    def look_alikes(self, entry: Entry, owned: Container[str]) -> Iterator[str]:
        """Messages about an entry without candidates whose names look like those of resources. ``owned`` ones belong to other entries."""
        for name in self._searched_names(entry):
            if others := self._similar(name, owned):
                named = ((other.name, other.id) for other in others)
                yield entry.origin.prefix + look_alike_message(self.type.noun, name, named)

    def respelled(self, entry: Entry, owned: Container[str]) -> Iterator[str]:
        """The same about names that the provider may have stored as another one: it may be the resource that is meant."""
        for name in self._searched_names(entry):
            key = self.names.respelled(name) if not self._similar(name, owned) else None
            if key is not None and key not in owned:
                yield entry.origin.prefix + respelled_message(self.type.noun, name, self.resources[key].name, key)

    def _similar(self, name: str, owned: Container[str]) -> list[Resource]:
        return [self.resources[key] for key in self.names.look_alikes(name) if key not in owned]

    def _searched_names(self, entry: Entry) -> list[str]:
        """The names that were searched for: none if the declared id does not exist."""
        if self._lacks_id(entry):
            return []
        current = [entry.value(self.type.name_attribute)] if self.type.name_attribute in self.match_on else []
        return [*filter(None, current), *entry.previously]

    def _other_keys(self) -> set[str]:
        """The match keys except for the name."""
        return {*self.match_on} - {self.type.name_attribute}

    def _lacks_id(self, entry: Entry) -> bool:
        """Whether no resource has the declared id."""
        return entry.id is not None and "id" in self.match_on and not self._holders("id", entry.id)

    def _found(self, entry: Entry) -> Iterator[tuple[str, Any, Sequence[Resource]]]:
        """Each declared match key and previous name, and the resources that have it."""
        for key in self.match_on:
            if (value := entry.value(key)) is not None:
                yield key, value, self._holders(key, value)
        for name in entry.previously:
            yield PREVIOUSLY, name, self._holders(self.type.name_attribute, name)

    def _holders(self, attribute: str, value: Any) -> Sequence[Resource]:
        if attribute == self.type.name_attribute:
            return [self.resources[key] for key in self.names.by_name(str(value))]
        return self._indexes[attribute].get(canonical(self.type.root.sub(attribute) or UNKNOWN, value), ())
