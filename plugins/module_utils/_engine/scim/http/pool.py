# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads for requests. What is pending when one fails or the run ends is cancelled, explicitly: an executor would still do all of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from time import monotonic
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

FASTER = 1.25  # less is noise


def in_order(concurrency: int, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results in the order of the items.

    Twice as many at a time as long as that is faster: a provider that does one thing after the other only gets slower by being asked for
    eight, and one that is merely far away does not.
    """
    waiting = iter(items)
    with ThreadPoolExecutor(max(concurrency, 1)) as pool:
        width, best = 1, 0.0
        while batch := list(islice(waiting, width)):
            began = monotonic()
            results = list(pool.map(function, batch))
            reached = width / (monotonic() - began)
            yield from results
            if reached < FASTER * best:
                width //= 2
                break
            best = reached
            if 2 * width > concurrency:
                break
            width *= 2
        yield from _windowed(pool, width, function, waiting)


def _windowed(pool: ThreadPoolExecutor, width: int, function: Callable[[Item], Result], items: Iterator[Item]) -> Iterator[Result]:
    """The results in order, ``width`` of them under way while the one before them is looked at."""
    running = deque(pool.submit(function, item) for item in islice(items, width))
    try:
        while running:
            result = running.popleft().result()
            running.extend(pool.submit(function, item) for item in islice(items, 1))
            yield result
    finally:
        for future in running:
            future.cancel()


def as_done(concurrency: int, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results as they come; no more items are taken than can be worked on, so that stopping leaves the rest untouched."""
    waiting = iter(items)
    with ThreadPoolExecutor(max(concurrency, 1)) as pool:
        running: set[Future[Result]] = set()
        try:
            while True:
                while len(running) < 2 * concurrency and (item := next(waiting, _END)) is not _END:
                    running.add(pool.submit(function, item))  # type: ignore[arg-type]
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in running:
                future.cancel()


_END = object()
