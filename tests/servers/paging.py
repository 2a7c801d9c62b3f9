# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How listings go wrong: pages that are short, overlap, come again or are empty, and totals that are not true (RFC 7644 §3.4.2)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from .faults import Body, Effect, When, bend_json, bend_query, having, without


def listing(path: str, **when: Any) -> When:
    """The pages of a listing; look-ups are none."""
    return When("GET", path, where=lambda request: "filter" not in request.query, **when)


def later_page(path: str) -> When:
    """All pages but the first."""
    return When("GET", path, where=lambda request: "filter" not in request.query and start(request.query) > 1)


def start(query: dict[str, str]) -> int:
    return int(query.get("startIndex", "1"))


def capped(size: int) -> Effect:
    """However many are asked for, a page has at most so many."""
    return bend_query(lambda query: {**query, "count": str(min(size, int(query.get("count", size))))})


def in_order() -> Effect:
    """Users are listed by name, the last first: ids are random, and with them who is on which page."""
    return bend_query(lambda query: query if "filter" in query else {**query, "sortBy": "userName", "sortOrder": "descending"})


def overlapping(by: int) -> Effect:
    """Each page but the first begins before where it was asked to."""
    return bend_query(lambda query: {**query, "startIndex": str(max(1, start(query) - by))} if start(query) > 1 else query)


def from_the_start() -> Effect:
    """``startIndex`` is not heard."""
    return bend_query(without("startIndex"))


def total(change: Callable[[int, int], Any]) -> Effect:
    """``totalResults`` is what ``change`` makes of the true one and of the number of the answer, from 1; None leaves it out."""
    numbers = count(1)

    def told(content: Body) -> Body:
        if "totalResults" not in content:
            return content
        value = change(content["totalResults"], next(numbers))
        kept = {key: held for key, held in content.items() if key != "totalResults"}
        return kept if value is None else {**kept, "totalResults": value}

    return bend_json(told)


def empty() -> Effect:
    """The page holds nobody, and says how many there are."""
    return bend_json(having(Resources=[], itemsPerPage=0))


def stuttering() -> Effect:
    """Everybody on a page stands there twice."""
    return bend_json(lambda content: {**content, "Resources": [one for one in content["Resources"] for _twice in range(2)]})
