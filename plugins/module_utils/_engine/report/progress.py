# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress of a long run: a line every ten seconds or five percent, with rate, time left and failures."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..apply.outcome import Outcome
from ..apply.run import Run

EVERY_SECONDS = 10.0
EVERY_SHARE = 0.05
AT_LEAST_APART = 1.0  # seconds between two lines: a bulk response has many outcomes at once
QUIET_SECONDS = 2.0  # at the start: a short run prints nothing


class Progress:
    """Counts outcomes and prints a line when one is due."""

    def __init__(self, display: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._display = display
        self._clock = clock
        self._start = self._last_time = clock()
        self._done = self._last_done = 0
        self._failures = 0

    def outcome(self, outcome: Outcome, run: Run) -> None:
        """Count one outcome. The change of a group may have several, so there can be more of them than changes."""
        if not outcome.is_final:
            return
        self._done += not outcome.replaces
        self._failures += bool(outcome.error)
        done, total, now = self._done, len(run.plan.changes), self._clock()
        apart = now - self._last_time
        due = apart >= EVERY_SECONDS or (apart >= AT_LEAST_APART and done - self._last_done >= max(total * EVERY_SHARE, 1))
        if due and now - self._start >= QUIET_SECONDS and done <= total:
            self._last_time, self._last_done = now, done
            self._display(line(done, total, now - self._start, self._failures))


def line(done: int, total: int, seconds: float, failures: int) -> str:
    """``1200 of 5000 changes (24 %), 60.0/s, 1 min 3 s left, 2 failed``"""
    rate = done / seconds if seconds > 0 else 0.0
    left = f", {duration((total - done) / rate)} left" if rate > 0 and done < total else ""
    failed = f", {failures} failed" if failures else ""
    return f"{done} of {total} changes ({100 * done // max(total, 1)} %), {rate:.1f}/s{left}{failed}"


def duration(seconds: float) -> str:
    """Seconds as ``1 h 2 min``, ``3 min 10 s`` or ``59 s``."""
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (left if not hours else 0, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"
