# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds resources of one type: by the provider's filter, by searching its listing here, or not at all.

A look-up starts in the way that the capabilities give. If an answer shows that the provider supports less, the look-up is repeated in
the next way. So the result does not depend on earlier look-ups.

What a filter with ``or`` does not return is asked for again where the provider may have evaluated only a part of it, see ``or_filter``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from threading import Lock
from typing import Any

from ...wording import sentence
from ..errors import WRONG_VALUE, Refused
from ..schema.filter import Filter, equals, parse
from ..schema.identity import look_alike_key
from ..schema.overlay import UNKNOWN, canonical
from ..schema.resource import Resource
from ..schema.types import ResourceType
from .listing import Listing
from .or_filter import OrFilter
from .reader import NOT_FILTERED, Reader

MANY = 2**31  # more than there are
TOGETHER = 20  # values in one filter, so that the URL stays short enough for any provider
NOT_LISTED = (*WRONG_VALUE, 403, 404, 405, 501)  # statuses of a provider without a listing
NO_ENDPOINT = (404, 405)

Ask = Callable[..., tuple[list[Resource], bool]]


class Lookup:
    """Finds resources of one type. Thread-safe."""

    def __init__(self, reader: Reader, type_name: str) -> None:
        self._reader = reader
        self._type_name = type_name
        self._lock = Lock()
        self._whole: Listing | None = None
        self._questioned: Listing | None = None  # the listing for which inactive users were asked for
        self._unlisted = False  # the provider has no listing
        self._or: bool | None = None  # whether a filter with ``or`` is evaluated to its end; None until an answer about this type shows it
        self._refusal = ""  # the provider's message, if there is no way left

    @property
    def type(self) -> ResourceType:
        """The resource type, with the extensions that are known by now."""
        return self._reader.types[self._type_name]

    @property
    def searchable(self) -> bool:
        """Whether resources can be found, as far as the provider is known."""
        return not self.why_none

    @property
    def why_none(self) -> str:
        """Why no resource can be found; empty if there is a way."""
        known = self._reader.capabilities.search is False
        return "The provider has no way to search (search: false)." if known else self._refusal

    @property
    def uses_filter(self) -> bool:
        """Whether the provider's filter finds resources, so that the listing was not needed."""
        return self.searchable and self._reader.capabilities.filter is not False and self._whole is None and not self._unlisted

    def find(
        self, expression: str, attributes: Sequence[str] = (), unshown: str = "", names: int = 1, look_alikes: Sequence[str] = ()
    ) -> list[Resource]:
        """All resources that a filter selects. Each is checked again here, since some providers ignore filters or compare case differently.

        ``unshown`` is an attribute that some providers omit from listings: resources without it are returned too, since they cannot be
        checked. ``names`` is the total number of values in the search; nothing is returned if each needs a request of its own.
        ``look_alikes`` are names: resources that were read and whose names only look like one of them are returned too, to be refused.
        """
        return self._find(expression, attributes, unshown, names, look_alikes)[0]

    def _find(
        self, expression: str, attributes: Sequence[str] = (), unshown: str = "", names: int = 1, look_alikes: Sequence[str] = ()
    ) -> tuple[list[Resource], bool]:
        """As ``find``, and whether the provider's filter has selected them."""
        wanted = parse(expression)
        if not self.searchable:
            return [], False
        if self._reader.capabilities.filter is False:
            return self._search(wanted, unshown, look_alikes), False
        try:
            found = self._reader.query(self.type, expression, attributes)
        except Refused as refused:
            if refused.status not in NOT_FILTERED:
                raise
            return self._without_filter(refused, wanted, unshown, names, look_alikes), False
        matches = self._selected(found, wanted, unshown, look_alikes)
        if len(matches) < len(found.resources):
            self._reader.learn(filter=False)  # it returned other resources too, so it ignores filters
        return matches, len(matches) == len(found.resources)

    def find_anywhere(self, expression: str, look_alikes: Sequence[str] = ()) -> list[Resource]:
        """As ``find``, and then in the whole listing if nothing was found: the provider's filter may compare case."""
        wanted, found = parse(expression), self.find(expression, look_alikes=look_alikes)
        found = found or self._search(wanted, look_alikes=look_alikes)
        return found or (self._search(wanted, look_alikes=look_alikes) if self._adds_inactive() else [])

    def find_any(
        self, questions: Sequence[str], attributes: Sequence[str] = (), unshown: str = "", look_alikes: Sequence[str] = ()
    ) -> list[Resource]:
        """All resources that any of a few filters selects, in one request if the provider evaluates ``or``; see ``find``."""

        def in_listing(some: Sequence[str]) -> list[Resource]:
            return self._search(parse(" or ".join(some)), unshown, look_alikes)

        ask = partial(self._find, attributes=attributes, unshown=unshown, look_alikes=look_alikes)
        found, doubted = self._in_one_filter(questions, ask)
        found += self._ask_again(doubted, ask, in_listing)
        found = found or (in_listing(questions) if self._adds_inactive() else [])
        return list({resource.id: resource for resource in found}.values())

    def find_values(
        self, attribute: str, values: Sequence[str], attributes: Sequence[str] = (), enough: int = MANY, alone: Collection[str] = ()
    ) -> dict[str, Resource]:
        """The resources with these values of an attribute, by id, in as few requests as possible; of names, their look-alikes too.

        What a filter of many values does not return is asked for again where the provider may have evaluated only a part of the filter,
        unless ``enough`` resources are found. If nothing at all is found, only some values are asked for again, and those in ``alone``.
        """
        if attribute == "id":
            return self.read_ids(values)
        look_alikes = values if attribute == self.type.name_attribute else ()

        def in_listing(questions: Sequence[str]) -> list[Resource]:
            return list(self._in_listing(attribute, [asked[question] for question in questions], look_alikes).values())

        ask = partial(self._find, attributes=attributes, look_alikes=look_alikes)
        asked = {equals(attribute, value): value for value in values}
        left, found, doubted = list(asked), list[Resource](), list[str]()
        while left and self.searchable:
            if self._reader.capabilities.filter is False or (self._or is False and self._whole is not None):
                found += in_listing([*doubted, *left])
                doubted, left = [], []
            elif self._or is False:
                doubted, left = [*doubted, *left], []
            else:
                together, unanswered = self._in_one_filter(left[:TOGETHER], ask, len(left))
                found, doubted, left = [*found, *together], [*doubted, *unanswered], left[TOGETHER:]
        if len(found) < enough:
            doubted.sort(key=lambda question: asked[question] not in alone)
            most = max(TOGETHER, sum(asked[question] in alone for question in doubted))
            found += self._ask_again(doubted, ask, in_listing, len(doubted), most)
        by_id = {resource.id: resource for resource in found}
        if len(by_id) < min(enough, len(values)) and self._adds_inactive():
            by_id |= {resource.id: resource for resource in in_listing(list(asked))}
        return by_id

    def _in_one_filter(self, questions: Sequence[str], ask: Ask, names: int = 1) -> tuple[list[Resource], list[str]]:
        """What the questions find in one filter, and those questions of which the answer does not tell whether they find anything."""
        if len(questions) == 1 or self._reader.capabilities.filter is False:
            return ask(" or ".join(questions))[0], []
        if self._or is False:
            return [], list(questions)
        asked = OrFilter(self.type, questions, self._reader.shown.get(self._type_name) if self.evaluates_or is None else None)
        found, by_filter = ask(asked.expression, names=names)
        answer = asked.read(found)
        if not by_filter:
            return answer.found, list(questions) if self._one_by_one(names) else []
        if answer.evaluated is not None:
            self._or = answer.evaluated
        self._reader.evaluates_or = self._reader.evaluates_or or bool(answer.evaluated)
        if answer.found:
            self._reader.shown.setdefault(self._type_name, answer.found[0])
        return answer.found, [] if self.evaluates_or else answer.unanswered

    def _ask_again(
        self, doubted: Sequence[str], ask: Ask, in_listing: Callable[[Sequence[str]], list[Resource]], names: int = 1, most: int = MANY
    ) -> list[Resource]:
        """What these questions find, which one filter did not answer: together with a resource that exists, which shows whether ``or`` is
        evaluated; else in the listing if that is read or takes fewer requests; else alone.

        Without any resource that exists, not more than ``most`` are asked: if these find nothing, the tenant is empty.
        """
        found: list[Resource] = []
        if self.evaluates_or is None and len(doubted) > 1 and self._type_name in self._reader.shown:
            found, left = self._in_one_filter(doubted[:TOGETHER], ask, names)
            doubted = [*left, *doubted[TOGETHER:]]
        if not doubted or self.evaluates_or or not self.searchable:
            return found
        if self._whole is not None or 0 < self._reader.pages.get(self._type_name, 0) <= names:
            listed = in_listing(doubted)
            if not self._unlisted:
                return found + listed
        first = len(doubted) if self._or is False else most
        alone = [one for answer in self._reader.together(lambda question: ask(question)[0], doubted[:first]) for one in answer]
        if alone:
            self._or = False
            alone += self._ask_again(doubted[first:], ask, in_listing, names)
        return found + alone

    @property
    def evaluates_or(self) -> bool | None:
        """Whether the provider evaluates a filter with ``or`` to its end: what is known of this type, else of another one."""
        return (self._reader.evaluates_or or None) if self._or is None else self._or

    def read_ids(self, ids: Sequence[str]) -> dict[str, Resource]:
        """The existing resources with these ids. Text with whitespace is never an id."""
        candidates = [str(value) for value in ids if not any(letter.isspace() for letter in str(value))]
        answers = self._reader.together(lambda value: self._reader.get(self.type, value), candidates)
        return {resource.id: resource for resource in answers if resource is not None}

    def whole(self) -> Listing:
        """The listing to search if the provider has no filter; read once, empty if the provider has none."""
        with self._lock:  # other threads wait and use the same listing
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
        """Record that there is no listing. If there is no endpoint either, nothing can be found."""
        self._unlisted = True
        if refused.status in NO_ENDPOINT and self._reader.capabilities.filter is not True:
            self._give_up(refused)

    def forget(self) -> None:
        """Discard the listing, which is out of date."""
        self._whole = None

    def _adds_inactive(self) -> bool:
        """Whether a listing was searched that left out inactive users when it was read, and has them now. That is asked once."""
        with self._lock:
            if self._whole is not None and self._whole is not self._questioned:
                self._questioned = self._whole
                self._reader.add_inactive(self.type, self._whole)
        return self._whole is not None and self._reader.capabilities.lists_inactive is False

    def _search(self, wanted: Filter, unshown: str = "", look_alikes: Sequence[str] = ()) -> list[Resource]:
        return self._selected(self.whole(), wanted, unshown, look_alikes)

    def _selected(self, found: Listing, wanted: Filter, unshown: str, look_alikes: Sequence[str]) -> list[Resource]:
        matches = found.matching(self.type, wanted, unshown)
        if not look_alikes or len(matches) == len(found.resources):
            return matches
        ids, looks = {resource.id for resource in matches}, set(map(look_alike_key, look_alikes))
        return [each for each in found.resources.values() if each.id in ids or look_alike_key(each.name) in looks]

    def _in_listing(self, attribute: str, values: Sequence[Any], look_alikes: Sequence[str]) -> dict[str, Resource]:
        definition, resources = self.type.root.sub(attribute) or UNKNOWN, self.whole().resources
        wanted, looks = {canonical(definition, value) for value in values}, set(map(look_alike_key, look_alikes))
        return {
            key: found
            for key, found in resources.items()
            if canonical(definition, found.body.get(attribute)) in wanted or (looks and look_alike_key(found.name) in looks)
        }

    def _one_by_one(self, values: int) -> bool:
        """Whether this number of values is looked up one by one: the provider refuses ``or``, and its listing has more pages."""
        return self._or is False and values < self._reader.pages.get(self._type_name, 0) and self._whole is None

    def _without_filter(self, refused: Refused, wanted: Filter, unshown: str, names: int, look_alikes: Sequence[str]) -> list[Resource]:
        """Find what a refused filter would have selected."""
        self._or = False if names > 1 else self._or
        if refused.status not in NO_ENDPOINT:
            if names > 1 and self._one_by_one(names):
                return []
            found = self._search(wanted, unshown, look_alikes)
            if not self._unlisted:
                return found
        self._give_up(refused)
        return []

    def _give_up(self, refused: Refused) -> None:
        self._refusal = f"{sentence(str(refused))} Check that url is the base URL."
