# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a provider answers, a listing ends, counts nobody twice, and does not call itself complete where somebody is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.listing import Page, collect
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import USER

MOST = 60
IDS = st.sampled_from(["", "1", "2", "3", "4", "5", "6"])
PAGES = st.builds(
    Page,
    st.lists(IDS, max_size=4).map(lambda ids: [{"id": one} for one in ids]),
    st.none() | st.integers(0, 8),
    st.none() | st.sampled_from(["a", "b"]),
)


@example([Page([{"id": "1"}], 3, None), Page([], 1, None)], False)  # a page that is fetched counts, whatever the one before it promised
@example([Page([{"id": "1"}, {"id": "3"}], 5, None), Page([{"id": "5"}], None, None), Page([{"id": "2"}, {"id": "4"}], None, None),
          Page([], None, "a")], False)  # fmt: skip  # the last page that is asked for fills the gap before the last one
@given(st.lists(PAGES, min_size=1, max_size=6), st.booleans())
def test_it_always_ends_and_counts_nobody_twice(pages: list[Page], cursor: bool) -> None:
    shown: list[Page] = []

    def fetch(_parameters: Mapping[str, str]) -> Page:
        shown.append(pages[len(shown) % len(pages)])
        assert len(shown) < MOST
        return replace(shown[-1], resources=[*shown[-1].resources])  # reading it takes them out

    listing = collect(fetch, {"cursor": ""} if cursor else {}, lambda raw: read(USER, raw))
    seen = {resource["id"] for page in shown for resource in page.resources}
    assert set(listing.resources) <= seen - {""}
    if listing.complete:
        assert "" not in seen
        totals = [page.total for page in shown if page.total is not None]
        assert len(listing.resources) == totals[-1] if totals else shown[-1].next_cursor is None


@given(
    st.integers(0, 12),
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.integers(0, 2),
    st.booleans(),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_complete_is_everybody(people: int, sizes: list[int], overlap: int, totals: bool, reordered: bool, draw: object) -> None:
    """A provider with pages of its own sizes that overlap, and an order that may change between two pages."""
    everybody = [str(number) for number in range(people)]
    asked = 0

    def fetch(parameters: Mapping[str, str]) -> Page:
        nonlocal asked
        asked += 1
        assert asked < MOST
        order = list(everybody)
        if reordered:
            draw.shuffle(order)  # type: ignore[attr-defined]
        start = max(int(parameters.get("startIndex", "1")) - 1 - (overlap if asked > 1 else 0), 0)
        ids = order[start : start + sizes[asked % len(sizes)]]
        return Page([{"id": one} for one in ids], people if totals else None, None)

    listing = collect(fetch, {}, lambda raw: read(USER, raw))
    assert set(listing.resources) <= set(everybody)
    if listing.complete and (totals or not reordered):
        assert set(listing.resources) == set(everybody)


@given(st.integers(0, 12), st.integers(1, 5), st.booleans())
def test_an_honest_provider_is_listed_whole(people: int, size: int, totals: bool) -> None:
    asked = 0

    def fetch(parameters: Mapping[str, str]) -> Page:
        nonlocal asked
        asked += 1
        start = int(parameters.get("startIndex", "1")) - 1
        return Page([{"id": str(one)} for one in range(people)][start : start + size], people if totals else None, None)

    listing = collect(fetch, {}, lambda raw: read(USER, raw))
    assert len(listing.resources) == people
    assert listing.complete
    assert asked == max(-(-people // size), 1) + (not totals and people > 0)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_an_honest_provider_with_cursors_is_listed_whole(sizes: list[int]) -> None:
    def fetch(parameters: Mapping[str, str]) -> Page:
        number = int(parameters["cursor"] or 0)
        ids = [f"{number}-{one}" for one in range(sizes[number])]
        return Page([{"id": one} for one in ids], None, str(number + 1) if number + 1 < len(sizes) else None)

    listing = collect(fetch, {"cursor": ""}, lambda raw: read(USER, raw))
    assert len(listing.resources) == sum(sizes)
    assert listing.complete
