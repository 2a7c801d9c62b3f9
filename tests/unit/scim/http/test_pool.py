# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads for requests: the order of the results, how many at a time, and what is left undone when one fails."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pool import as_done, in_order

CONCURRENCY = 8


class Provider:
    """On its clock an answer takes a second, and eight at a time as well, unless it works ``alone``: one after the other.

    ``ahead`` is how many requests were begun, at most, beyond those whose results were used.
    """

    def __init__(self, alone: bool) -> None:
        self.alone = alone
        self.seconds = itertools.count()
        self.begun = self.used = self.answered = self.ahead = 0
        self.lock = threading.Lock()

    def clock(self) -> float:
        return self.answered if self.alone else next(self.seconds)

    def answer(self, item: int) -> int:
        with self.lock:
            self.answered += 1
        return item

    def items(self, count: int) -> Iterator[int]:
        for item in range(count):
            self.begun += 1
            yield item

    def results(self, concurrency: int, count: int) -> Iterator[int]:
        for result in in_order(concurrency, self.answer, self.items(count), self.clock):
            self.used += 1
            self.ahead = max(self.ahead, self.begun - self.used)
            yield result


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 40])
def test_results_come_in_order(alone: bool, count: int) -> None:
    assert list(Provider(alone).results(CONCURRENCY, count)) == list(range(count))


@pytest.mark.parametrize(("alone", "ahead"), [(True, 1), (False, CONCURRENCY)])
def test_as_many_at_a_time_as_make_it_faster(alone: bool, ahead: int) -> None:
    provider = Provider(alone)
    list(provider.results(CONCURRENCY, 60))
    assert provider.ahead == ahead


@pytest.mark.parametrize(("concurrency", "ahead"), [(0, 1), (1, 1), (2, 2), (3, 2), (7, 4), (8, 8)])
def test_never_more_at_a_time_than_allowed(concurrency: int, ahead: int) -> None:
    provider = Provider(alone=False)
    list(provider.results(concurrency, 60))
    assert provider.ahead == ahead


@pytest.mark.parametrize("pool", [in_order, as_done])
def test_what_is_pending_when_one_fails_is_left_undone(pool: Callable[..., Iterator[int]]) -> None:
    begun, used = itertools.count(), itertools.count()

    def fails(item: int) -> int:
        if item == 5:
            raise ValueError(item)
        return item

    with pytest.raises(ValueError, match="5"):
        list(zip(pool(2, fails, begun), used, strict=False))
    assert next(begun) - next(used) <= 2 * 2
