# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How resources of one type are found at a provider: by its filter, by looking through its listing here, or not at all.

A look-up starts with the mode that the capabilities give. An answer may show that the provider can do less; the mode then goes down, and
the same question is asked in the lower mode. So what is found does not depend on what was asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from threading import Lock
from typing import Any, Protocol, TypeVar

from ..errors import Refused
from ..providers.capabilities import Capabilities
from ..schema.filter import Filter, any_of, equals, parse
from ..schema.overlay import UNKNOWN, canonical
from ..schema.resource import Resource
from ..schema.types import ResourceType
from .listing import Listing

TOGETHER = 20  # names in one filter: short enough for any limit on the length of a URL
NOT_LISTED = (400, 403, 404, 405, 501)  # how a listing is refused where there is none
NO_ENDPOINT = (404, 405)
NOT_FILTERED = {*range(400, 500), 501} - {401, 403, 408, 429}  # GitLab answers 412; these four are about the credential and the time


Item = TypeVar("Item")
Result = TypeVar("Result")


class LookupMode(StrEnum):
    """What finds resources: the provider's filter, its listing (searched here), or nothing."""

    FILTER = "filter"
    LISTING = "listing"
    NONE = "none"


class Requests(Protocol):
    """What a look-up asks of the reader that it belongs to."""

    capabilities: Capabilities
    types: Mapping[str, ResourceType]

    def get(self, resource_type: ResourceType, resource_id: str) -> Resource | None: ...
    def query(self, resource_type: ResourceType, wanted: str, attributes: Sequence[str] = ()) -> Listing: ...
    def every(self, resource_type: ResourceType) -> Listing: ...
    def learn(self, **known: Any) -> None: ...
    def together(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]: ...


class Lookup:
    """Finds resources of one type. Thread-safe."""

    def __init__(self, reader: Requests, type_name: str) -> None:
        self._reader = reader
        self._type_name = type_name
        self._lock = Lock()
        self._whole: Listing | None = None
        self._unlisted = False  # there is no listing
        self._no_or = False  # a filter with ``or`` was refused
        self._refusal = ""  # of the last way to find anything, in the provider's words
        self.pages = 0  # of the listing, where it was not read to its end

    @property
    def type(self) -> ResourceType:
        """The resource type, as far as it is known by now."""
        return self._reader.types[self._type_name]

    @property
    def mode(self) -> LookupMode:
        """What finds resources of this type, as far as is known."""
        capabilities = self._reader.capabilities
        if capabilities.search is False or self._refusal:
            return LookupMode.NONE
        return LookupMode.LISTING if capabilities.filter is False or (self._no_or and self._whole) else LookupMode.FILTER

    @property
    def why_none(self) -> str:
        """Why nothing can be found; empty where it can."""
        known = self._reader.capabilities.search is False
        return "The provider has no way to search (search: false)." if known else self._refusal

    @property
    def uses_filter(self) -> bool:
        """Whether the provider itself finds resources: else its whole listing was looked through here."""
        return self.mode is LookupMode.FILTER and self._whole is None and not self._unlisted

    def find(self, wanted: str, attributes: Sequence[str] = (), unshown: str = "", names: int = 1) -> list[Resource]:
        """All resources that a filter selects, checked again here: some providers ignore filters, or compare case in their own way.

        ``unshown`` is an attribute that some providers leave out of lists: resources that show none of it are returned too, since they
        cannot be checked. ``names`` is how many values are looked for in all; nothing is returned where they must be asked for one by one.
        """
        matching = parse(wanted)
        if self.mode is LookupMode.NONE:
            return []
        if self._reader.capabilities.filter is False:
            return self._search(matching, unshown)
        try:
            found = self._reader.query(self.type, wanted, attributes)
        except Refused as refused:
            if refused.status not in NOT_FILTERED:
                raise
            return self._without_filter(refused, matching, unshown, names)
        matches = found.matching(self.type, matching, unshown)
        if len(matches) < len(found.resources):
            self._reader.learn(filter=False)  # it returns others too: most likely everything, whatever is asked
        return matches

    def find_anywhere(self, wanted: str) -> list[Resource]:
        """As ``find``, and where that finds nothing, in the whole listing: for a provider whose filter compares case."""
        return self.find(wanted) or self._search(parse(wanted))

    def find_values(self, attribute: str, values: Sequence[str], attributes: Sequence[str] = ()) -> dict[str, Resource]:
        """The resources with these values of an attribute, by id, in as few requests as that takes."""
        if attribute == "id":
            return self.read_ids(values)
        if self.mode is LookupMode.LISTING:
            return self._in_listing(attribute, values)
        if self._one_by_one(len(values)):
            answers = self._reader.together(lambda value: self.find(equals(attribute, value), attributes), values)
            return {resource.id: resource for answer in answers for resource in answer}
        first, rest = values[:TOGETHER], values[TOGETHER:]
        if not first:
            return {}
        wanted = any_of(*(equals(attribute, value) for value in first))
        found = {resource.id: resource for resource in self.find(wanted, attributes, names=len(values))}
        # The first answer may have shown that filters are ignored, or that each value must be asked for by itself.
        rest = values if self._one_by_one(len(values)) else rest
        return {**found, **self.find_values(attribute, rest, attributes)} if rest else found

    def read_ids(self, ids: Sequence[str]) -> dict[str, Resource]:
        """The resources of these ids that exist. A text with a blank in it is no id."""
        candidates = [str(value) for value in ids if not any(letter.isspace() for letter in str(value))]
        answers = self._reader.together(lambda value: self._reader.get(self.type, value), candidates)
        return {resource.id: resource for resource in answers if resource is not None}

    def whole(self) -> Listing:
        """The listing that is looked through where the provider has no filter; read once, empty where there is none."""
        with self._lock:  # other threads wait for it, and use the same
            if self._whole is None and not self._unlisted:
                try:
                    self._whole = self._reader.every(self.type)
                    self._refusal = ""
                except Refused as refused:
                    if refused.status not in NOT_LISTED:
                        raise
                    self._unlisted = True
        return self._whole or Listing()

    def listing_refused(self, refused: Refused) -> None:
        """Know that there is no listing; where there is not even an endpoint, nothing else finds anything either."""
        self._unlisted = True
        if refused.status in NO_ENDPOINT and self._reader.capabilities.filter is not True:
            self._give_up(refused)

    def forget(self) -> None:
        """What was listed is out of date."""
        self._whole = None

    def _search(self, matching: Filter, unshown: str = "") -> list[Resource]:
        return self.whole().matching(self.type, matching, unshown)

    def _in_listing(self, attribute: str, values: Sequence[Any]) -> dict[str, Resource]:
        definition = self.type.root.sub(attribute) or UNKNOWN
        wanted = {canonical(definition, value) for value in values}
        resources = self.whole().resources
        return {key: found for key, found in resources.items() if canonical(definition, found.body.get(attribute)) in wanted}

    def _one_by_one(self, values: int) -> bool:
        """Whether so many values are asked for one by one: the provider takes no ``or``, and the listing has more pages."""
        return self._no_or and values < self.pages and self._whole is None

    def _without_filter(self, refused: Refused, matching: Filter, unshown: str, names: int) -> list[Resource]:
        """What a refused filter would have selected."""
        self._no_or |= names > 1
        if refused.status not in NO_ENDPOINT:
            if names > 1 and self._one_by_one(names):
                return []
            found = self._search(matching, unshown)
            if not self._unlisted:
                return found
        self._give_up(refused)
        return []

    def _give_up(self, refused: Refused) -> None:
        self._refusal = f"{str(refused).rstrip('.')}. Check that url is the base URL."
