# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages to one listing, from providers that count, page and spell in their own ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.listing import MOST_EMPTY, Listing, Page, collect, read_page
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import NotScim
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource, read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import USER


def user(raw: Mapping[str, Any]) -> Resource:
    return read(USER, raw)


def people(*ids: Any) -> list[Mapping[str, Any]]:
    return [{"id": one, "userName": f"u{one}"} for one in ids]


class Provider:
    """Answers with its pages in order, the last one for ever; ``asked`` holds the parameters of each request."""

    def __init__(self, *pages: Page) -> None:
        self.pages = list(pages)
        self.asked: list[dict[str, str]] = []

    def __call__(self, parameters: Mapping[str, str]) -> Page:
        self.asked.append(dict(parameters))
        assert len(self.asked) < 50, "it does not end"
        page = self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
        return replace(page, resources=list(page.resources))

    def listed(self, **first: str) -> Listing:
        return collect(self, first, user)


def test_pages_advance_by_what_came_back() -> None:
    provider = Provider(Page(people(1, 2), 4, None), Page(people(3), 4, None), Page(people(4), 4, None))
    listing = provider.listed(count="1000", filter="active eq true")
    assert list(listing.resources) == ["1", "2", "3", "4"]
    assert listing.complete
    assert provider.asked == [
        {"count": "1000", "filter": "active eq true"},
        {"count": "1000", "filter": "active eq true", "startIndex": "3"},
        {"count": "1000", "filter": "active eq true", "startIndex": "4"},
    ]


def test_a_listing_that_shrank_is_not_complete() -> None:
    """1 was deleted after the first page: 3 moved forward to it, and is on no later page."""
    listing = Provider(Page(people(1, 2), 5, None), Page(people(4, 5), 4, None)).listed()
    assert (list(listing.resources), listing.complete) == (["1", "2", "4", "5"], False)
    assert listing.lacking(USER) == "The listing of users is incomplete: some were deleted while it was read. Run the task again."


def test_a_cursor_wins_over_an_index() -> None:
    provider = Provider(Page(people(1), 3, "b"), Page(people(2), 3, "c"), Page(people(3), 3, None))
    listing = provider.listed(cursor="", count="1")
    assert [asked.get("cursor") for asked in provider.asked] == ["", "b", "c"]
    assert not any("startIndex" in asked for asked in provider.asked)
    assert listing.complete


def test_a_cursor_without_totals_ends_where_there_is_no_further_one() -> None:
    provider = Provider(Page(people(1), None, "b"), Page(people(2), None, None))
    assert provider.listed().complete
    assert len(provider.asked) == 2


def test_where_cursors_end_too_early_the_rest_is_asked_for_by_index() -> None:
    provider = Provider(Page(people(1), 3, "b"), Page(people(2), 3, None), Page(people(3), 3, None))
    assert provider.listed(cursor="").complete
    assert provider.asked == [{"cursor": ""}, {"cursor": "b"}, {"startIndex": "3"}]


@pytest.mark.parametrize("total", [None, 2])
def test_a_page_before_the_last_cursor_may_be_empty(total: int | None) -> None:
    provider = Provider(Page([], total, "b"), Page(people(1), total, "c"), Page([], total, "d"), Page(people(2), total, None))
    listing = provider.listed(cursor="")
    assert (list(listing.resources), listing.complete, len(provider.asked)) == (["1", "2"], True, 4)


@pytest.mark.parametrize(("page", "pages"), [([], MOST_EMPTY), (people(1), 2)])
def test_cursors_without_end_and_without_a_new_resource(page: list[Mapping[str, Any]], pages: int) -> None:
    provider = Provider(*(Page(page, None, f"cursor {number}") for number in range(40)))
    assert not provider.listed(cursor="").complete
    assert len(provider.asked) == pages


def test_without_totals_and_cursors_only_an_empty_page_is_the_end() -> None:
    provider = Provider(Page(people(1, 2), None, None), Page(people(3), None, None), Page([], None, None))
    listing = provider.listed()
    assert (len(listing.resources), listing.complete, len(provider.asked)) == (3, True, 3)


def test_without_totals_a_provider_that_does_not_page_is_not_known_to_be_complete() -> None:
    provider = Provider(Page(people(1, 2), None, None))
    listing = provider.listed()
    assert (len(listing.resources), listing.complete, len(provider.asked)) == (2, False, 2)
    assert "page_size or pagination in provider_options (cursor, or none" in listing.lacking(USER)


@pytest.mark.parametrize(
    ("pages", "ids", "complete"),
    [
        ([Page([], 0, None)], [], True),
        ([Page([], None, None)], [], True),
        ([Page(people(1, 2), 3, None), Page(people(2, 3), 3, None)], ["1", "2", "3"], True),
        ([Page(people(1, 2), 4, None), Page(people(2, 3), 4, None), Page([], 4, None)], ["1", "2", "3"], False),
        ([Page(people(1, 2), 4, None), Page(people(1, 2), 4, None)], ["1", "2"], False),
        ([Page(people(1, 2), 5, None), Page([], 5, None)], ["1", "2"], False),
        ([Page(people(1, 2), 1, None)], ["1", "2"], False),
        ([Page(people(1, 2), 3, None), Page(people(3), 4, None), Page(people(4), 4, None)], ["1", "2", "3", "4"], True),
        ([Page(people(1), 2, "again"), Page(people(1), 2, "again")], ["1"], False),
        ([Page(people(1, ""), 2, None), Page([], 2, None)], ["1"], False),
        ([Page(people(""), None, None), Page([], None, None)], [], False),
        ([Page([{"userName": "no id"}], 1, None)], [], False),
    ],
)
def test_what_pages_amount_to(pages: list[Page], ids: list[str], complete: bool) -> None:
    listing = Provider(*pages).listed()
    assert (list(listing.resources), listing.complete) == (ids, complete)


def test_the_first_reading_of_a_resource_is_kept() -> None:
    first, again = {"id": "1", "title": "first"}, {"id": "1", "title": "again"}
    listing = Provider(Page([first], 2, None), Page([again, {"id": "2"}], 2, None)).listed()
    assert listing.resources["1"].body["title"] == "first"


def test_more_pages_than_wanted_end_it() -> None:
    provider = Provider(Page(people(1, 2), 100, None))
    listing = collect(provider, {}, user, most_pages=10)
    assert (listing.total, listing.complete, len(provider.asked)) == (100, False, 1)


def test_pages_fetched_together_leave_no_gap() -> None:
    everybody = [str(number) for number in range(1, 12)]

    def fetch(parameters: Mapping[str, str]) -> Page:
        start = int(parameters.get("startIndex", "1"))
        size = 1 if start == 4 else 3  # a page that is shorter than the others
        return Page(people(*everybody[start - 1 : start - 1 + size]), len(everybody), None)

    def together(ask: Callable[[Mapping[str, str]], Page], asked: Any) -> list[Page]:
        return [ask(parameters) for parameters in asked]

    listing = collect(fetch, {"count": "3"}, user, together)
    assert sorted(listing.resources, key=int) == everybody
    assert listing.complete


@pytest.mark.parametrize(
    ("body", "page"),
    [
        ({"totalResults": 0}, Page([], 0, None)),
        ({"totalResults": "2", "resources": [{"id": "1"}]}, Page([{"id": "1"}], 2, None)),
        ({"TotalResults": None, "Resources": None}, Page([], None, None)),
        ({"totalResults": "many", "Resources": []}, Page([], None, None)),
        ({"totalResults": -1, "Resources": []}, Page([], 0, None)),
        ({"Resources": [{"id": "1"}, None, "x"], "totalResults": 3}, Page([{"id": "1"}], 3, None)),
        ({"Resources": [], "nextCursor": "abc"}, Page([], None, "abc")),
        ({"Resources": [], "nextCursor": ""}, Page([], None, None)),
        ([{"id": "1"}, {"id": "2"}], Page([{"id": "1"}, {"id": "2"}], 2, None)),
        ([], Page([], 0, None)),
        ({"id": "1", "userName": "a"}, Page([{"id": "1", "userName": "a"}], 1, None)),
    ],
)
def test_reading_a_page(body: Any, page: Page) -> None:
    assert read_page(body, "/Users") == page


@pytest.mark.parametrize("body", [None, "<html>", 5, {}, {"error": "no"}])
def test_what_is_no_list_response(body: Any) -> None:
    with pytest.raises(NotScim, match=r"GET /Users .*ListResponse.*base URL"):
        read_page(body, "/Users")


def test_reading_a_page_takes_its_resources_out_of_it() -> None:
    page = Page(people(1, 2), 2, None)
    assert list(collect(lambda _parameters: page, {}, user).resources) == ["1", "2"]
    assert page.resources == [], "the text and the objects of a large page are not kept until its last resource is read"
