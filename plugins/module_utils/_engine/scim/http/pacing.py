# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One clock for all threads of a run: the provider's pace, the time limit of the run, a request to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from ..errors import RESUME, Interrupted
from .pace import Pace


class Pacing:
    """Decides when each thread may send. ``deadline`` is a point on ``clock``; runs on one clock may share a ``pace``."""

    def __init__(
        self,
        pace: Pace | None = None,
        deadline: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        nap: Callable[[float], None] | None = None,
    ) -> None:
        self.pace = pace or Pace()
        self._deadline = deadline
        self.clock = clock
        self._nap = nap or self._until_stopped
        self._reason: str | None = None
        self._stopped: SimpleQueue[None] = SimpleQueue()

    def wait(self) -> float:
        """Block until the next request may be sent, and return that time. Tell ``pace`` when the request is ``answered``."""
        while True:
            now = self.clock()
            self.check()
            delay = self.pace.take(now)
            if not delay:
                return now
            self.sleep(delay)

    def pause(self, seconds: float) -> None:
        """Let no thread send before ``seconds`` from now."""
        self.pace.pause(self.clock() + seconds)

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
