# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reading half of a client, RFC 7644 §3.4. What the provider's answers show corrects what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from functools import partial
from math import ceil
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import quote

from ...wording import sentence
from ..errors import WRONG_VALUE, NotFound, NotScim, Refused, Stop, Unsupported
from ..http.pool import in_order
from ..http.transport import Answer, Transport
from ..names import fold
from ..providers.capabilities import Capabilities, Pagination
from ..schema import resource as reading
from ..schema.resource import Resource, qualified, split_path
from ..schema.table import GROUP, USER
from ..schema.types import ResourceType, Schema
from .configuration import PATHS, read_announced
from .listing import Listing, Page, collect, read_page

NOT_THERE = (*WRONG_VALUE, 404, 410)  # statuses of a provider that does not know an id
NO_SUCH_ENDPOINT = (NotFound, Unsupported)
NOT_FILTERED = {*range(400, 500), 501} - {401, 403, 408, 429}  # GitLab answers 412. The four are temporary or due to the credential
MEMBERS = (GROUP.name_attribute, "members")
INACTIVE = "active eq false"

Item = TypeVar("Item")
Result = TypeVar("Result")


class Reader:
    """Thread-safe. ``capabilities`` grows with what is learned; ``types`` are the resource types of this provider."""

    def __init__(self, transport: Transport, capabilities: Capabilities, types: Mapping[str, ResourceType]) -> None:
        self.transport = transport
        self._lock = Lock()
        self.capabilities = self.stated = capabilities  # ``stated`` is what was known when the run began
        self.types = types
        self.pages: dict[str, int] = {}  # of listings that were not read completely, by resource type
        self._whole_pages: dict[str, int] = {}  # of listings that were
        self.seen: dict[str, set[str]] = {name: set() for name in types}  # ids of the resources that were read, by type
        self.evaluates_or = False  # whether an answer has shown that filters with ``or`` are evaluated to their end
        self.shown: dict[str, Resource] = {}  # one resource of each type that a listing has shown
        self.populated: set[str] = set()  # groups that were shown with members, or have been given some

    @property
    def requests(self) -> int:
        """How many SCIM requests were sent so far."""
        return self.transport.requests

    @property
    def url(self) -> str:
        return self.transport.url

    def learn(self, **known: Any) -> None:
        """Correct what is known of the provider by what it did."""
        with self._lock:
            self.capabilities = replace(self.capabilities, **known)

    def extend(self, name: str, extensions: Iterable[Schema]) -> None:
        """Know that resources of a type have these extensions, too."""
        self.types = {**self.types, name: self.types[name].extended(extensions)}

    # -- reading -------------------------------------------------------------------------------------------------------------------------

    def get(self, resource_type: ResourceType, resource_id: str, whole: bool = False) -> Resource | None:
        """One resource; None if there is none of that id. ``whole``: with attributes that no schema has, as a PUT needs it.

        Some providers show the members of a group only if they are requested by name (RFC 7643 §7, ``returned``: ``request``). A group that
        must have members and shows none is requested with them once more, which tells.
        """
        on_request = self.capabilities.members_on_request if resource_type.name == GROUP.name else False
        if on_request and not whole:
            return self._get(
                resource_type, resource_id, [attribute.name for attribute in resource_type.root.sub_attributes if attribute.writable]
            )
        found = self._get(resource_type, resource_id)
        if on_request is False or found is None or "members" in found.empty or self.capabilities.members_readable is False:
            return found
        if found.body.get("members"):
            self.learn(members_on_request=False)
            return found
        if not on_request and resource_id not in self.populated:
            return found
        self.populated.discard(resource_id)  # one that has none is not requested twice each time
        asked = self._get(resource_type, resource_id, MEMBERS)
        if asked is None or not asked.body.get("members"):
            return found
        self.learn(members_on_request=True, members_readable=True)
        return replace(found, body={**found.body, "members": asked.body["members"]})

    def _get(self, resource_type: ResourceType, resource_id: str, attributes: Sequence[str] = ()) -> Resource | None:
        """One resource, or these attributes of it.

        Some providers answer 400 or 422 to an id that is not of their form. Of an id that they have shown, that says nothing.
        """
        wanted = {"attributes": ",".join(qualified(resource_type, attributes))} if attributes else None
        try:
            answer = self.transport.send("GET", location(resource_type, resource_id), params=wanted)
        except NotFound:
            return None
        except Refused as refused:
            if refused.status not in WRONG_VALUE or resource_id in self.seen[resource_type.name]:
                raise
            return None
        self.seen[resource_type.name].add(resource_id)
        return self._read(resource_type, answer)

    def query(self, resource_type: ResourceType, wanted: str, attributes: Sequence[str] = (), most_pages: int | None = None) -> Listing:
        """What the provider answers to a filter, unchecked; only the first page of it where more than ``most_pages`` would follow.

        :raises Refused: if it does not take the filter.
        """
        return self._pages(resource_type, {"filter": wanted}, attributes, most_pages)

    def every(self, resource_type: ResourceType, attributes: Sequence[str] = (), most_pages: int | None = None) -> Listing:
        """Every resource of a type; incomplete after its first page where more than ``most_pages`` would follow.

        Of a provider that returns more than the ``attributes``, nothing else is kept: it would take more memory than all the rest.
        """
        listing = self._every(resource_type, attributes, most_pages)
        if most_pages is None and not listing.complete and listing.total is None and self.capabilities.pagination is None:
            # Without a total, only a cursor shows whether there is another page (RFC 9865 §2). Whether there are cursors is asked once.
            self.learn(pagination=self._announced().get("pagination", Pagination.INDEX))
            if self.capabilities.pagination is Pagination.CURSOR:
                listing = self._every(resource_type, attributes, most_pages)
        if listing.resources:
            self.shown[resource_type.name] = next(iter(listing.resources.values()))
        if listing.total and listing.resources and not listing.complete:
            self.pages[resource_type.name] = ceil(listing.total / len(listing.resources))
        if listing.complete:
            self._whole_pages[resource_type.name] = listing.pages
        if self.capabilities.lists_inactive is False:
            self.add_inactive(resource_type, listing, attributes)
        return listing

    def add_inactive(self, resource_type: ResourceType, listing: Listing, attributes: Sequence[str] = ()) -> bool:
        """Add the inactive users whom a listing that looks complete does not show: they are requested with a filter.

        A listing that shows an inactive user shows all of them. Until the filter has found another one, it is a request without
        effect at most providers, so callers use this only where it matters. Return whether the inactive users are known now, as far as the
        listing is complete.
        """
        if resource_type.name != USER.name or not listing.complete or self.capabilities.lists_inactive:
            return True
        if self.capabilities.lists_inactive is None:
            if not all(user.active for user in listing.resources.values()):
                self.learn(lists_inactive=True)
                return True
            first = self._inactive(resource_type, attributes, most_pages=0)
            if first is None or not first.resources.keys() - listing.resources.keys():
                return first is not None
            self.learn(lists_inactive=False)
            found = first if first.complete else self._inactive(resource_type, attributes)
        else:
            found = self._inactive(resource_type, attributes)
        if found is None or not found.complete:
            listing.hides_inactive, listing.complete = True, False
        for key, user in (found.resources if found else {}).items():
            listing.resources.setdefault(key, replace(user, listed=False))
        return True

    def _inactive(self, resource_type: ResourceType, attributes: Sequence[str], most_pages: int | None = None) -> Listing | None:
        """The inactive users, as the filter finds them; None if the provider refuses or ignores the filter."""
        if self.capabilities.filter is False:
            return None
        size = self.capabilities.page_size if self.capabilities.pagination != Pagination.NONE else None
        wanted = {"filter": INACTIVE, **({"count": str(size)} if size else {})}
        try:
            found = self._pages(resource_type, wanted, list(dict.fromkeys([*attributes, "active"])) if attributes else (), most_pages)
        except Refused as refused:
            if refused.status not in NOT_FILTERED:
                raise
            return None
        return None if any(user.active for user in found.resources.values()) else found

    def pages_of(self, resource_type: ResourceType) -> int | None:
        """How many pages the listing of a type has, as far as is known."""
        return self._whole_pages.get(resource_type.name) or self.pages.get(resource_type.name)

    def _every(self, resource_type: ResourceType, attributes: Sequence[str], most_pages: int | None) -> Listing:
        size = self.capabilities.page_size if self.capabilities.pagination != Pagination.NONE else None
        only = {fold(split_path(name, resource_type.root)[0]) for name in ("id", *attributes)} if attributes else frozenset[str]()
        try:
            return self._pages(resource_type, {"count": str(size)} if size else {}, attributes, most_pages, only)
        except Refused as refused:
            if refused.status not in WRONG_VALUE or not size:
                raise
        self.learn(page_size=None)  # it may be this count alone that is refused (RFC 9865 §4), so pages are still asked for
        try:
            return self._pages(resource_type, {}, attributes, most_pages, only)
        except Refused:
            self.learn(page_size=size)
            raise

    def _pages(
        self,
        resource_type: ResourceType,
        parameters: Mapping[str, str],
        attributes: Sequence[str],
        most_pages: int | None = None,
        only: Set[str] = frozenset(),
    ) -> Listing:
        first = dict(parameters)
        if attributes and self.capabilities.projection is not False:
            first["attributes"] = ",".join(qualified(resource_type, attributes))
        if self.capabilities.pagination == Pagination.CURSOR:
            first["cursor"] = ""

        def fetch(page: Mapping[str, str]) -> Page:
            start, cursor = page.get("startIndex"), page.get("cursor")
            if start and self.capabilities.pagination == Pagination.NONE:
                return Page([])
            try:
                return read_page(self.transport.send("GET", resource_type.endpoint, params=page).body, resource_type.endpoint)
            except Refused as refused:
                if not start and not cursor:
                    raise
                if start and refused.status in WRONG_VALUE and not self.capabilities.page_size:
                    self.learn(pagination=Pagination.NONE)  # neither count nor startIndex: the answer is all that can be had
                    return Page([])
                where = f"cursor {cursor!r}" if cursor else f"startIndex {start}"
                raise Stop(
                    f"A later page of a listing failed, so that it is not whole ({where}). {sentence(str(refused))} Run again."
                ) from None

        # Some providers leave members out of lists, so what a list holds of a resource is never taken for all of it.
        read = partial(reading.read, resource_type, complete=False, only=only)
        listing = collect(fetch, first, read, self.together, most_pages)
        self.seen[resource_type.name].update(listing.resources)
        self.populated.update(key for key, resource in listing.resources.items() if resource.body.get("members"))
        return listing

    def together(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in order, from as many threads as the provider takes at a time."""
        return in_order(self.capabilities.concurrency, function, items)

    def me(self) -> Resource | None:
        """The user behind the credential (RFC 7644 §3.11); None if the provider does not say."""
        if self.capabilities.me is False:
            return None
        try:
            return self._read(self.types["User"], self.transport.send("GET", "/Me"))
        except (Refused, NotScim):
            self.learn(me=False)
            return None

    def ask(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """GET of what is no resource, such as ``/Schemas`` (RFC 7644 §4)."""
        return self.transport.send("GET", path, params=params)

    def ask_configuration(self) -> None:
        """Learn what ServiceProviderConfig announces of bulk. Bulk that is not announced is not used."""
        announced = {name: value for name, value in self._announced().items() if name.startswith("bulk")}
        self.learn(**{"bulk": False, **announced})

    def _announced(self) -> Mapping[str, Any]:
        """The capabilities that ServiceProviderConfig announces, at either of its paths; none if there is none."""
        for path in PATHS:
            with suppress(Refused, NotScim):
                return read_announced(self.ask(path).body).capabilities
        return {}

    def _read(self, resource_type: ResourceType, answer: Answer) -> Resource:
        raw = answer.body if isinstance(answer.body, Mapping) else {}
        found = reading.read(resource_type, raw)
        attributes = (resource_type.root.sub(name) for name, value in raw.items() if value == [])
        empty = frozenset(attribute.name for attribute in attributes if attribute)
        return replace(found, version=found.version or answer.headers.get("ETag"), empty=empty)


def location(resource_type: ResourceType, resource_id: str) -> str:
    """The path of one resource."""
    return f"{resource_type.endpoint}/{quote(resource_id, safe='')}"
