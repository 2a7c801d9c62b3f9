# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a long run is: a line every ten seconds or five percent, with rate, time left and failures."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..apply.outcome import Outcome
from ..apply.run import Run

EVERY_SECONDS = 10.0
EVERY_SHARE = 0.05
AT_MOST_EVERY = 1.0  # a bulk answer brings many at once
SHORT = 2.0  # a run that is over by then says nothing


class Progress:
    """Counts outcomes and tells a line when it is time for one."""

    def __init__(self, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._clock = clock
        self._began = self._last = clock()
        self._done = self._told = 0
        self._failures = 0

    def outcome(self, outcome: Outcome, run: Run) -> None:
        """One more is done. A group's change may have several outcomes, and the last of them is the end."""
        self._done += 1
        done, total = self._done, len(run.plan.changes)
        self._failures += bool(outcome.error)
        now = self._clock()
        since = now - self._last
        due = since >= EVERY_SECONDS or (since >= AT_MOST_EVERY and (done - self._told) >= max(total * EVERY_SHARE, 1))
        if not due or now - self._began < SHORT or done > total:
            return
        self._last, self._told = now, done
        self._tell(line(done, total, now - self._began, self._failures))


def line(done: int, total: int, seconds: float, failures: int) -> str:
    """``1200 of 5000 changes (24 %), 60.0/s, 1 min 3 s left, 2 failed``"""
    rate = done / seconds if seconds > 0 else 0.0
    left = f", {duration((total - done) / rate)} left" if rate > 0 and done < total else ""
    failed = f", {failures} failed" if failures else ""
    return f"{done} of {total} changes ({100 * done // max(total, 1)} %), {rate:.1f}/s{left}{failed}"


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    parts = ((hours, "h"), (minutes, "min"), (whole % 60 if not hours else 0, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"
