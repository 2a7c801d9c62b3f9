# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads for requests: the order of the results, how many at a time, and what is left undone when one fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pool import as_done, in_order

CONCURRENCY = 8


class Provider:
    """Counts how many ask at a time. One that works alone does one thing after the other, however many ask."""

    def __init__(self, alone: bool) -> None:
        self.most = 0
        self.asking = 0
        self._alone = threading.Lock() if alone else None
        self._counting = threading.Lock()

    def answer(self, item: int) -> int:
        with self._counting:
            self.asking += 1
            self.most = max(self.most, self.asking)
        if self._alone:
            with self._alone:
                time.sleep(0.01)
        else:
            time.sleep(0.01)
        with self._counting:
            self.asking -= 1
        return item


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 40])
def test_results_come_in_order(alone: bool, count: int) -> None:
    assert list(in_order(CONCURRENCY, Provider(alone).answer, range(count))) == list(range(count))


def test_a_provider_that_works_alone_is_not_asked_for_more_than_was_tried() -> None:
    provider = Provider(alone=True)
    list(in_order(CONCURRENCY, provider.answer, range(40)))
    assert provider.most < CONCURRENCY


@pytest.mark.parametrize("concurrency", [1, 3, 8])
def test_never_more_at_a_time_than_allowed(concurrency: int) -> None:
    provider = Provider(alone=False)
    list(in_order(concurrency, provider.answer, range(40)))
    assert provider.most <= concurrency


def failing(done: list[int]) -> Callable[[int], int]:
    def function(item: int) -> int:
        if item == 5:
            raise ValueError(item)
        done.append(item)
        return item

    return function


@pytest.mark.parametrize("pool", [in_order, as_done])
def test_what_is_pending_when_one_fails_is_left_undone(pool: Callable[..., object]) -> None:
    done: list[int] = []
    with pytest.raises(ValueError, match="5"):
        list(pool(2, failing(done), range(1000)))  # type: ignore[call-overload]
    assert len(done) < 20
