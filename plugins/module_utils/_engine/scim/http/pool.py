# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads for requests. When one fails or the run ends, what is pending is cancelled: an executor by itself would still do all of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from time import monotonic
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MOMENT = 1e-9  # seconds; a clock may not have moved at all
FASTER = 1.25  # times; less is noise


def in_order(
    concurrency: int, function: Callable[[Item], Result], items: Iterable[Item], clock: Callable[[], float] = monotonic
) -> Iterator[Result]:
    """The results in the order of the items.

    The number of requests at a time doubles as long as that is faster: a provider that handles one request after the other only gets
    slower by eight at a time, and one that is merely far away does not.
    """
    waiting = iter(items)
    with ThreadPoolExecutor(max(concurrency, 1)) as pool:
        width, best = 1, 0.0
        while batch := list(islice(waiting, width)):
            began = clock()
            results = list(pool.map(function, batch))
            rate = width / max(clock() - began, MOMENT)
            yield from results
            if rate < FASTER * best:
                width //= 2
                break
            best = rate
            if 2 * width > concurrency:
                break
            width *= 2
        yield from _windowed(pool, width, function, waiting)


def _windowed(pool: ThreadPoolExecutor, width: int, function: Callable[[Item], Result], items: Iterator[Item]) -> Iterator[Result]:
    """The results in order, ``width`` of them under way while the caller works with the one before them."""
    running = deque(pool.submit(function, item) for item in islice(items, width))
    try:
        while running:
            result = running.popleft().result()
            running.extend(pool.submit(function, item) for item in islice(items, 1))
            yield result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def as_done(
    concurrency: int, function: Callable[[Item], Result], items: Iterable[Item], at_once: Callable[[int], int] = lambda most: most
) -> Iterator[Result]:
    """The results as they come. A new item is begun only when the caller has dealt with a result.

    So at most ``concurrency`` items are without a record when the process is killed, and a stop leaves the rest untouched. ``at_once``
    is asked again before each of them how many of that number may be under way now: at least one.
    """
    waiting = iter(items)
    width = max(concurrency, 1)
    with ThreadPoolExecutor(width) as pool:
        running: set[Future[Result]] = set()
        try:
            while running := running | {pool.submit(function, item) for item in islice(waiting, max(at_once(width) - len(running), 0))}:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
