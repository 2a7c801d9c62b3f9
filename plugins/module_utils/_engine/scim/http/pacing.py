# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One clock for all threads: the provider's rate, a pause that a 429 demands, the time limit of the run, a request to stop.

The rate is kept by the generic cell rate algorithm: a token bucket whose whole state is one point in time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from ..errors import RESUME, Interrupted

SOON = 1e-6  # shorter than this is now: a clock of floats need not reach a point exactly


class Pacing:
    """Decides when each thread may send. ``rate`` is requests per minute, ``deadline`` a point on ``clock``."""

    def __init__(
        self,
        rate: float | None = None,
        burst: int = 1,
        deadline: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        nap: Callable[[float], None] | None = None,
    ) -> None:
        self._interval = 60 / rate if rate else 0.0
        self._allowance = self._interval * (burst - 1)
        self._deadline = deadline
        self.clock = clock
        self._nap = nap or self._until_stopped
        self._lock = threading.Lock()
        self._not_before = self._due = clock()
        self._reason: str | None = None
        self._stopped: SimpleQueue[None] = SimpleQueue()

    def wait(self) -> None:
        """Block until the next request may be sent."""
        while True:
            self.check()
            with self._lock:
                now = self.clock()
                delay = max(self._not_before, self._due - self._allowance) - now
                if delay <= SOON:
                    self._due = max(self._due, now) + self._interval
                    return
            self.sleep(delay)

    def pause(self, seconds: float) -> None:
        """Let no thread send before ``seconds`` from now, and then one request at a time: the provider's own bucket is empty by then."""
        with self._lock:
            until = self.clock() + seconds
            self._not_before = max(self._not_before, until)
            self._due = max(self._due, until + self._allowance)

    def sleep(self, seconds: float) -> None:
        """Let this thread wait. A wait that the time limit would cut short does not begin."""
        self.check()
        if self._deadline is not None and self.clock() + seconds > self._deadline:
            left = max(0.0, self._deadline - self.clock())
            raise Interrupted(f"The next request must wait {seconds:.0f} s, but the time limit max_duration leaves {left:.0f} s. {RESUME}")
        self._nap(seconds)
        self.check()

    def stop(self, reason: str) -> None:
        """End every wait; the first reason holds. Safe in a signal handler: it takes no lock, and ``SimpleQueue.put`` is reentrant."""
        if self._reason is None:
            self._reason = reason
        self._stopped.put(None)

    def check(self) -> None:
        """:raises Interrupted: if the run is to end."""
        if self._reason is not None:
            raise Interrupted(self._reason)
        if self._deadline is not None and self.clock() >= self._deadline:
            raise Interrupted(f"The time limit max_duration is reached. {RESUME}")

    def _until_stopped(self, seconds: float) -> None:
        try:
            self._stopped.get(timeout=seconds)
        except Empty:
            return
        self._stopped.put(None)  # for the next thread that waits
