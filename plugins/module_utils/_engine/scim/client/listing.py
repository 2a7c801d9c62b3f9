# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of a ListResponse, put together to one listing that knows whether it is complete (RFC 7644 §3.4.2.4, RFC 9865)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import NotScim
from ..schema.filter import Filter
from ..schema.resource import Resource
from ..schema.types import ResourceType
from .configuration import folded, number

MOST_PAGES = 100_000
MOST_EMPTY = 10  # pages in a row, each with another cursor


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, read leniently: some providers write ``resources``, numbers as text, a bare array, or the resource itself.

    Reading it takes its resources out of it.
    """

    resources: list[Mapping[str, Any]]
    total: int | None = None
    next_cursor: str | None = None


Fetch = Callable[[Mapping[str, str]], Page]


@dataclass(slots=True)
class Listing:
    """Resources by id, in the provider's order. ``complete``: nothing is known to be missing. ``shrank``: a later page had a smaller total,
    so a resource was deleted meanwhile, and another one may have moved to a page that was already read. ``pages`` is how many were read,
    ``filled`` how many of them had resources. ``hides_inactive``: it does not show inactive users, and not all of them could be found by a
    filter.
    """

    resources: dict[str, Resource] = field(default_factory=dict)
    complete: bool = False
    total: int | None = None
    shrank: bool = False
    pages: int = 0
    filled: int = 0
    hides_inactive: bool = False

    def lacking(self, resource_type: ResourceType) -> str:
        """How much was read of a listing that is not complete, and what helps where a second run does not."""
        if self.shrank:
            return f"The listing of {resource_type.nouns} is incomplete: some were deleted while it was read. Run the task again."
        if self.hides_inactive:
            return f"The listing of {resource_type.nouns} is incomplete: it lacks inactive users, and a filter does not find all of them."
        counted = f"the provider counts {self.total}" if self.total is not None else "the provider does not say how many there are"
        return (
            f"The listing of {resource_type.nouns} is incomplete: {len(self.resources)} were read, {counted}. "
            f"Run the task again; if it stays incomplete, set page_size or pagination in provider_options "
            f"(cursor, or none if one answer holds all)."
        )

    def matching(self, resource_type: ResourceType, wanted: Filter, unshown: str = "") -> list[Resource]:
        """The resources that a filter selects, and those that do not show the attribute ``unshown``."""
        return [r for r in self.resources.values() if wanted.matches(resource_type.root, r.body) or (unshown and not r.body.get(unshown))]


def read_page(body: Any, where: str) -> Page:
    """:raises NotScim: if the answer is no ListResponse."""
    if isinstance(body, list):
        body = {"Resources": body, "totalResults": len(body)}
    if not isinstance(body, Mapping):
        raise NotScim(f"GET {where} did not answer with a ListResponse (RFC 7644 §3.4.2). Check that url is the base URL.")
    answer = folded(body)
    if "resources" not in answer and "totalresults" not in answer:
        if "id" in answer:
            return Page([body], 1, None)
        raise NotScim(f"GET {where} answered with JSON that is not a ListResponse (RFC 7644 §3.4.2). Check that url is the base URL.")
    resources = answer.get("resources") or []
    if not isinstance(resources, list):
        raise NotScim(f"GET {where} answered with Resources that are not a list (RFC 7644 §3.4.2). Check that url is the base URL.")
    total = number(answer.get("totalresults"))
    total = None if total is None else max(total, 0)
    return Page([r for r in resources if isinstance(r, Mapping)], total, answer.get("nextcursor") or None)


def collect(
    fetch: Fetch,
    first: Mapping[str, str],
    read: Callable[[Mapping[str, Any]], Resource],
    together: Callable[[Fetch, Iterable[Mapping[str, str]]], Iterable[Page]] = map,
    most_pages: int | None = None,
) -> Listing:
    """All pages, from the parameters of the first request on.

    Pages advance by what came back, never by what was asked for; ``nextCursor`` wins over ``startIndex``; a page without a new resource is
    the last, unless it is empty and has another cursor: the last page is the one without (RFC 9865 §2). Paging is not stateful (RFC 7644
    §3.4.2.4), so ids are counted once and compared with ``totalResults``. Once that is known, ``together`` may fetch several pages at a
    time. Where more than ``most_pages`` would follow the first, it ends there, incomplete.
    """
    walk = _Walk(first, read)
    walk.take(fetch(first))
    left = walk.pages_left()
    if most_pages is not None and left > most_pages:
        return walk.listing
    if left > 1:
        walk.stride(fetch, together, left)
    for _number_of_page in range(MOST_PAGES):
        if not walk.goes_on():
            break
        walk.take(fetch(walk.parameters()))
    walk.listing.complete = walk.is_complete()
    return walk.listing


class _Walk:
    """The state of a listing: what was read, where the next page begins, whether there is one."""

    def __init__(self, first: Mapping[str, str], read: Callable[[Mapping[str, Any]], Resource]) -> None:
        self.listing = Listing()
        self._first = first
        self._read = read
        self._start = 1
        self._cursor: str | None = None
        self._circles = False  # the cursor of a page is the one that it was asked for by
        self._by_cursor = "cursor" in first
        self._nameless = False  # a resource without an id cannot be addressed: it is left out, and missing
        self._fresh = 0
        self._empty = 0
        self._size = 0

    def take(self, page: Page) -> None:
        """Add the resources of the page that begins where the last one ended."""
        before = len(self.listing.resources)
        self.listing.pages += 1
        found: list[Resource] = []
        page.resources.reverse()
        while page.resources:  # each is dropped when it is read: a page of groups may have more members than a tenant has users
            found.append(self._read(page.resources.pop()))
        for resource in found:
            self._nameless = self._nameless or not resource.id
            if resource.id:
                self.listing.resources.setdefault(resource.id, resource)
        size = len({resource.id for resource in found if resource.id}) + sum(not resource.id for resource in found)
        if page.total is not None and self.listing.total is not None:
            self.listing.shrank = self.listing.shrank or page.total < self.listing.total
        self.listing.total = page.total if page.total is not None else self.listing.total
        self.listing.filled += bool(size)
        self._start += size
        self._circles = page.next_cursor is not None and page.next_cursor == self._cursor
        self._cursor = page.next_cursor
        self._by_cursor = self._by_cursor or page.next_cursor is not None
        self._size = size
        self._fresh = len(self.listing.resources) - before
        self._empty = 0 if size else self._empty + 1

    def goes_on(self) -> bool:
        """Whether there is more to ask for. Pages without a new resource end it, whatever was promised."""
        if self._cursor is not None:
            return self._fresh > 0 or (0 < self._empty < MOST_EMPTY and not self._circles)
        total = self.listing.total
        short = not self._by_cursor if total is None else len(self.listing.resources) < total
        return self._fresh > 0 and short

    def is_complete(self) -> bool:
        """Without a total, the last page is one without a cursor where there were cursors (RFC 9865 §2), else an empty one."""
        total = self.listing.total
        whole = self._by_cursor or self._size == 0 if total is None else len(self.listing.resources) == total
        return whole and self._cursor is None and not self._nameless and not self.listing.shrank

    def parameters(self) -> dict[str, str]:
        """Those of the next page."""
        kept = {k: v for k, v in self._first.items() if k not in ("cursor", "startIndex")}
        return {**kept, "cursor": self._cursor} if self._cursor else {**kept, "startIndex": str(self._start)}

    def pages_left(self) -> int:
        """How many pages like the first would follow it; 0 if that cannot be known."""
        if self._cursor is not None or not self._fresh or self.listing.total is None:
            return 0
        return -(-(self.listing.total - len(self.listing.resources)) // self._size)

    def stride(self, fetch: Fetch, together: Callable[[Fetch, Iterable[Mapping[str, str]]], Iterable[Page]], pages: int) -> None:
        """Pages like the first, several at a time. One that is shorter than it leaves a gap, which is filled before the next is taken."""
        starts = range(self._start, self._start + min(pages, MOST_PAGES) * self._size, self._size)
        asked = ({**self._first, "startIndex": str(start)} for start in starts)  # one by one: the total may be any number
        for start, page in zip(starts, together(fetch, asked), strict=False):
            while self._start < start and self.goes_on():
                self.take(fetch(self.parameters()))
            self._start = start
            self.take(page)
            if not self.goes_on():
                return
