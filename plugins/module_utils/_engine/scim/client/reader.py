# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a SCIM service provider has: the reading half of a client, RFC 7644 §3.4. What its answers show corrects what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import quote

from ..errors import NotFound, NotScim, Refused, Unsupported
from ..http.pool import in_order
from ..http.transport import Answer, Transport
from ..providers.capabilities import Capabilities, Pagination
from ..schema import resource as reading
from ..schema.filter import Filter, parse
from ..schema.resource import Resource, qualified
from ..schema.types import ResourceType, Schema
from . import configuration
from .listing import Listing, Page, collect, read_page

NO_SUCH_ENDPOINT = (NotFound, Unsupported)
NOT_LISTED = (400, 403, 404, 405, 501)  # what is answered where resources are not listed at all
NOT_FILTERED = {*range(400, 500), 501} - {401, 403, 408, 429}  # GitLab says 412; these four are about whoever asks, and when

Item = TypeVar("Item")
Result = TypeVar("Result")


class Reader:
    """Thread-safe. ``capabilities`` grows with what is learned; ``types`` are the resource types of this provider."""

    def __init__(self, transport: Transport, capabilities: Capabilities, types: Mapping[str, ResourceType]) -> None:
        self._transport = transport
        self._lock = Lock()
        self._whole: dict[str, Listing] = {}
        self._listing = {name: Lock() for name in types}
        self._unsearchable: dict[str, str] = {}  # why, in the words of the refusal
        self._unlisted: set[str] = set()
        self._pages: dict[str, int] = {}  # of a listing that was not read to its end
        self._or_refused: set[str] = set()
        self.capabilities = capabilities
        self.types = types

    @property
    def requests(self) -> int:
        """How many SCIM requests were sent so far."""
        return self._transport.requests

    @property
    def url(self) -> str:
        return self._transport.url

    def rest(self, attempt: int) -> bool:
        """Wait before a write whose answer was lost is looked up; whether it may be sent again after that ``attempt``, counted from 0."""
        return self._transport.rest(attempt)

    def taken_request_ids(self) -> tuple[str, ...]:
        """The provider's ids of this thread's writes since they were last taken."""
        return self._transport.request_ids.take()

    def learn(self, **known: Any) -> None:
        """Correct what is known of the provider by what it did."""
        with self._lock:
            self.capabilities = replace(self.capabilities, **known)

    def extend(self, name: str, extensions: Iterable[Schema]) -> None:
        """Know that resources of a type have these extensions, too."""
        self.types = {**self.types, name: self.types[name].extended(extensions)}

    def searchable(self, resource_type: ResourceType) -> bool:
        """Whether resources of this type can be looked up, as far as is known."""
        return not self.why_unsearchable(resource_type)

    def why_unsearchable(self, resource_type: ResourceType) -> str:
        """Why resources of this type cannot be looked up; empty where they can, as far as is known."""
        known = "This provider cannot be searched (search)." if self.capabilities.search is False else ""
        return known or self._unsearchable.get(resource_type.name, "")

    def looks_up(self, resource_type: ResourceType) -> bool:
        """Whether it is the provider that finds them by name: else the whole listing was looked through here."""
        return (
            self.searchable(resource_type)
            and self.capabilities.filter is not False
            and resource_type.name not in {*self._whole, *self._unlisted}
        )

    def get(self, resource_type: ResourceType, resource_id: str) -> Resource | None:
        """One resource, whole; None where there is none of that id. Some providers answer 400 to an id that is not of their form."""
        try:
            answer = self._transport.send("GET", location(resource_type, resource_id))
        except Refused as refused:
            if refused.status not in (400, 404):
                raise
            return None
        return self._read(resource_type, answer)

    def looks_through(self, resource_type: ResourceType) -> bool:
        """Whether it is the whole listing that is looked through here, for one name or for many."""
        has_read = resource_type.name in self._or_refused and resource_type.name in self._whole
        return self.searchable(resource_type) and (self.capabilities.filter is False or has_read)

    def alone(self, resource_type: ResourceType, names: int) -> bool:
        """Whether so many are asked for one by one: the provider takes no ``or``, and the listing has more pages."""
        return (
            resource_type.name in self._or_refused
            and names < self._pages.get(resource_type.name, 0)
            and resource_type.name not in self._whole
        )

    def find(
        self, resource_type: ResourceType, wanted: str, attributes: Sequence[str] = (), unshown: str = "", names: int = 1
    ) -> list[Resource]:
        """All resources that a filter selects, re-checked here: some providers ignore filters, or compare case in their own way.

        ``unshown`` is an attribute that some providers leave out of lists: who shows none of it is given too, since nobody can check it.
        Empty where nothing matches, where the provider has no look-up at all (``searchable`` then says so), and where so many ``names``
        are wanted in the end that they are to be asked for one by one (``alone`` then says so).
        """
        matching = parse(wanted)
        if not self.searchable(resource_type):
            return []
        if self.capabilities.filter is False:
            return self._local(resource_type, matching, unshown)
        try:
            found = self._query(resource_type, {"filter": wanted}, attributes)
        except Refused as refused:
            if refused.status not in NOT_FILTERED:
                raise
            self._or_refused |= {resource_type.name} if names > 1 else set()
            if names > 1 and self.alone(resource_type, names) and refused.status not in (404, 405):
                return []
            there = [] if refused.status in (404, 405) else self._local(resource_type, matching, unshown)
            if refused.status in (404, 405) or resource_type.name in self._unlisted:
                self._unsearchable[resource_type.name] = f"{str(refused).rstrip('.')}. Is url right?"
            return there
        matches = found.matching(resource_type, matching, unshown)
        if len(matches) < len(found.resources):
            self.learn(filter=False)  # it gives others too: most likely everybody, whatever is asked
        return matches

    def selected(self, resource_type: ResourceType, wanted: str) -> list[Resource]:
        """What a filter selects, taken as it is answered: for what answers do not show, so that it cannot be checked again here.

        :raises Refused: where the provider does not take the filter.
        """
        return list(self._query(resource_type, {"filter": wanted}, (resource_type.name_attribute,)).resources.values())

    def find_anywhere(self, resource_type: ResourceType, wanted: str) -> list[Resource]:
        """As ``find``, and where that finds nothing, by looking through the whole listing: for a provider whose filter compares case."""
        return self.find(resource_type, wanted) or self._local(resource_type, parse(wanted))

    def every(self, resource_type: ResourceType, attributes: Sequence[str] = (), most_pages: int | None = None) -> Listing:
        """Every resource of a type; incomplete after its first page where more than ``most_pages`` would follow."""
        listing = self._every(resource_type, attributes, most_pages)
        if most_pages is None and not listing.complete and listing.total is None and self._pages_by_cursor():
            listing = self._every(resource_type, attributes, most_pages)
        if listing.total and listing.resources and not listing.complete:
            self._pages[resource_type.name] = -(-listing.total // len(listing.resources))
        return listing

    def _pages_by_cursor(self) -> bool:
        """Whether it is found out that pages need a cursor: without a total, only that tells which of them is the last (RFC 9865 §2)."""
        if self.capabilities.pagination is None:
            only = configuration.has_cursors_only(self._configuration())
            self.learn(pagination=Pagination.CURSOR if only else Pagination.INDEX)  # asked once
            return only
        return False

    def _every(self, resource_type: ResourceType, attributes: Sequence[str], most_pages: int | None) -> Listing:
        size = self.capabilities.page_size if self.capabilities.pagination != Pagination.NONE else None
        try:
            return self._query(resource_type, {"count": str(size)} if size else {}, attributes, most_pages)
        except Refused as refused:
            if refused.status != 400 or not size:
                raise
        self.learn(page_size=None)  # it may be this count alone that is refused (RFC 9865 §4), so pages are asked for nevertheless
        try:
            return self._query(resource_type, {}, attributes, most_pages)
        except Refused:
            self.learn(page_size=size)
            raise

    def _local(self, resource_type: ResourceType, matching: Filter, unshown: str = "") -> list[Resource]:
        return self.whole(resource_type).matching(resource_type, matching, unshown)

    def whole(self, resource_type: ResourceType) -> Listing:
        """The listing that is looked through where the provider does not look; read once, empty where it lists nothing."""
        with self._listing[resource_type.name]:  # whoever comes meanwhile takes what the first one gets
            listing = self._whole.get(resource_type.name)
            if listing is None and resource_type.name not in self._unlisted:
                try:
                    listing = self._whole[resource_type.name] = self.every(resource_type)
                    self._unsearchable.pop(resource_type.name, None)
                except Refused as refused:
                    if refused.status not in NOT_LISTED:
                        raise
                    self._unlisted.add(resource_type.name)
        return listing or Listing()

    def _query(
        self, resource_type: ResourceType, parameters: Mapping[str, str], attributes: Sequence[str], most_pages: int | None = None
    ) -> Listing:
        first = dict(parameters)
        if attributes:
            first["attributes"] = ",".join(qualified(resource_type, attributes))
        if self.capabilities.pagination == Pagination.CURSOR:
            first["cursor"] = ""

        def fetch(page: Mapping[str, str]) -> Page:
            if self.capabilities.pagination == Pagination.NONE and "startIndex" in page:
                return Page([], None, None)
            try:
                return read_page(self._transport.send("GET", resource_type.endpoint, params=page).body, resource_type.endpoint)
            except Refused as refused:
                if refused.status != 400 or self.capabilities.page_size or "startIndex" not in page:
                    raise
                self.learn(pagination=Pagination.NONE)  # neither count nor startIndex: what it gives is all that can be had
                return Page([], None, None)

        # Some providers leave members out of lists, so that what a list holds of a resource is never taken for all of it.
        return collect(fetch, first, lambda raw: reading.read(resource_type, raw, complete=False), self.together, most_pages)

    def together(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in order, asked for by as many threads as the provider likes at a time."""
        return in_order(self.capabilities.concurrency, function, items)

    def me(self) -> Resource | None:
        """Whom the credential belongs to (RFC 7644 §3.11); None where the provider does not say."""
        if self.capabilities.me is False:
            return None
        try:
            return self._read(self.types["User"], self._transport.send("GET", "/Me"))
        except (Refused, NotScim):
            self.learn(me=False)
            return None

    def ask(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """GET of what is no resource, such as ``/Schemas`` (RFC 7644 §4)."""
        return self._transport.send("GET", path, params=params)

    def ask_configuration(self) -> None:
        """What ServiceProviderConfig says of bulk."""
        self.learn(**configuration.announced_bulk(self._configuration()))

    def _configuration(self) -> Any:
        """ServiceProviderConfig, wherever it stands; None where there is none."""
        for path in configuration.PATHS:
            try:
                return self.ask(path).body
            except (Refused, NotScim):
                continue
        return None

    def _read(self, resource_type: ResourceType, answer: Answer) -> Resource:
        found = reading.read(resource_type, answer.body if isinstance(answer.body, Mapping) else {})
        return found if found.version else replace(found, version=answer.headers.get("ETag"))


def location(resource_type: ResourceType, resource_id: str) -> str:
    return f"{resource_type.endpoint}/{quote(resource_id, safe='')}"
