# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads for requests. What is pending when one fails or the run ends is cancelled, explicitly: an executor would still do all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(concurrency: int, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results in the order of the items."""
    with ThreadPoolExecutor(max(concurrency, 1)) as pool:
        futures = [pool.submit(function, item) for item in items]
        try:
            for future in futures:
                yield future.result()
        finally:
            for future in futures:
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
