# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast requests may be sent to one provider: known before, announced by the provider, or found from what it refuses.

Requests are spaced by the generic cell rate algorithm: a token bucket whose whole state is one point in time. Its rate is the lowest of

- the known rate: that of ``rate_limit``, else the first one of the profile. It is never exceeded.
- the announced rate, from headers with a limit for a few seconds. For longer limits, the headers only say how many requests are left.
  Those are sent as fast as they come, and the next ones when the provider counts anew.
- the found rate. Without a known rate there is none at first. A refusal (429) lowers it,

  1. to the next known rate of the profile, unless the provider has just accepted more than that rate allows;
  2. else to what was measured: the number of requests accepted since the last refusal, divided by the time from the first of them until
     the provider accepts requests again. In that time, a fixed or sliding window accepts exactly its limit, and so does a token bucket
     that was empty at both ends.
  3. A bucket that became full in between makes the first measurement too low, so the rate then rises fast until the second refusal. Now
     it is too high, because the bucket has hidden for a while that the provider's rate was exceeded. ``overshot`` calculates by how much
     from the size of the bucket, which is what the provider accepted at once before the first refusal.
  4. A wait in whole seconds is rounded up, which makes a measurement too low. The rate rises again to what it may be without that.

After that, the rate is a little below the one that was found and rises slowly, while requests wait for it. Requests in progress at a
refusal that are refused too count as the same refusal. After a refusal, one request at a time is sent until one is accepted. Before the
first one, the number in progress grows with what was accepted.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

SOON = 1e-6  # seconds; shorter than this is now: a clock of floats need not reach a point exactly
MARGIN = 0.95  # of what was found
FAST = 0.1  # by what share the rate rises in a second: after the first refusal,
AGAIN = 0.012  # after a later one, up to what the rounding of a wait leaves possible (no more than 10 · EACH with each request),
SLOW = 0.001  # and from there on, or at a known rate, no more than EACH:
EACH = 1 / 4000  # with each request, so that of 100 requests at most one is refused
SHORTEST = 0.01  # seconds; a shorter time is not measured
MORE = 1.25  # times; a rate varies as much within a window
REMEMBERED = 10_000  # requests
BRIEF = 10.0  # seconds; a limit for no longer than this is a rate
PROVEN = 10  # requests, for each that may be in progress besides them while no rate is known
UNLIMITED = 10**9
GLANCE = 0.05  # seconds after which a request that waits for the answer to another one asks again


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests per minute, and how many of them may be sent at once."""

    per_minute: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Quota:
    """What headers announce: how many requests are left for how many seconds, and the limit in a window of so many seconds."""

    left: int | None = None
    seconds: float | None = None
    limit: int | None = None
    window: float | None = None


class Pace:
    """What is known of one provider's rate, for any number of threads. It can outlive a run: see ``Pacing``.

    ``rates`` are the known ones, the one to begin with first. All times are points on one clock.
    """

    def __init__(self, rates: Sequence[Rate] = ()) -> None:
        self._most = rates[0].per_minute / 60 if rates else math.inf
        self._burst = rates[0].burst if rates else 1
        self._lower = tuple(rates[1:])
        self._rate = self._begun = self._most  # known or found, per second; and what it was after the last refusal
        self._possible = 0.0  # the rate up to which it rises AGAIN
        self._hidden = 0.0  # requests above its rate that the provider accepts before it refuses one
        self._refusals = 0
        self._is_known = True
        self._is_refused = False  # nothing was accepted since the last refusal
        self._accepted: deque[float] = deque(maxlen=REMEMBERED)  # when they were sent, since the last refusal
        self._proven = 0  # requests accepted at all
        self._resumed = self._not_before = self._due = self._last = -math.inf
        self._has_waited = False
        self._in_progress = 0
        self._announced = math.inf
        self._left: float = math.inf  # requests until ``_renewed``, as of the answer to the request sent at ``_counted``
        self._renewed = self._counted = -math.inf
        self._window = 0.0
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        """What another process on this machine can go on with: requests in progress are not its own."""
        return {**{name: value for name, value in vars(self).items() if name != "_lock"}, "_in_progress": 0}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=threading.Lock())

    @property
    def rate(self) -> Rate | None:
        """The rate now, or None for no limit."""
        rate = min(self._rate, self._announced)
        return None if rate == math.inf else Rate(rate * 60, self._burst)

    @property
    def at_once(self) -> int:
        """How many requests may be in progress. Without a rate, a limit that is met refuses all of them, and low limits are met early."""
        return 1 + self._proven // PROVEN if self.rate is None else UNLIMITED

    def take(self, now: float) -> float:
        """The seconds after which to ask again, or 0: then a request is sent now, and must be ``answered``."""
        with self._lock:
            if self._is_refused and self._in_progress:
                return GLANCE
            if now >= self._renewed:
                self._left = math.inf
            paced = self._due - self._allowance()
            ready = max(paced, self._not_before, self._renewed if self._left < 1 else paced)
            if ready - now > SOON:
                self._has_waited |= ready == paced
                return ready - now
            if self._has_waited and self._rate <= self._announced:
                self._rise(min(now - self._last, self._interval()))
            self._has_waited = False
            self._due = max(self._due, now) + self._interval()
            self._last = now
            self._left -= 1
            self._in_progress += 1
            return 0.0

    def answered(self) -> None:
        """Count a request as no longer in progress, whether it was answered or not."""
        with self._lock:
            self._in_progress -= 1

    def accepted(self, sent: float) -> None:
        """Learn that a request was not refused for its rate."""
        with self._lock:
            if self._is_refused and not self._is_before_refusal(sent):
                self._accepted.clear()
                self._is_refused = False
            self._accepted.append(sent)
            self._proven += 1

    def refused(self, sent: float, now: float, wait: float, doubt: float = 0.0) -> None:
        """Learn from a refusal. The provider accepts requests again after ``wait`` seconds, or up to ``doubt`` seconds earlier."""
        with self._lock:
            if not self._is_before_refusal(sent):
                self._resumed = now + wait
                self._lower_rate(now, wait, doubt)
                self._is_refused = True
                if self._most == math.inf:
                    self._due = self._resumed  # the provider's word, where no rate was to be kept
            self._hold(now + wait)

    def pause(self, until: float) -> None:
        """Let no request be sent before that, and then one after the other: the provider's own bucket is empty by then."""
        with self._lock:
            self._hold(until)

    def announce(self, quota: Quota, sent: float, now: float) -> None:
        """Learn from the headers of an answer. The answer to the request that was sent last is the newest."""
        with self._lock:
            self._window = quota.window or max(self._window, quota.seconds or 0.0)
            if quota.limit and 0 < self._window <= BRIEF:
                self._announced = quota.limit / self._window * MARGIN
            elif quota.left is not None and quota.seconds and sent >= self._counted:
                self._counted, self._renewed = sent, now + quota.seconds
                self._left = quota.left - (self._in_progress - 1)  # the provider may not have counted the others yet

    def _interval(self) -> float:
        return 1 / min(self._rate, self._announced)

    def _allowance(self) -> float:
        return self._interval() * (self._burst - 1)

    def _is_before_refusal(self, sent: float) -> bool:
        """Whether a request was sent before the last refusal was known."""
        return sent < self._resumed - SOON

    def _hold(self, until: float) -> None:
        self._not_before = max(self._not_before, until)
        self._due = max(self._due, until + self._allowance())

    def _rise(self, seconds: float) -> None:
        if not self._is_known and self._refusals == 1:
            growth = FAST * seconds
        elif self._rate < self._possible:
            growth = min(AGAIN * seconds, 10 * EACH)
        else:
            growth = min(SLOW * seconds, EACH) if self._refusals else 0.0
        self._rate = min(self._rate * (1 + growth), self._most)

    def _lower_rate(self, now: float, wait: float, doubt: float) -> None:
        if self._is_refused:  # again, so the provider accepts requests only later
            if not self._is_known:
                self._rate = min(self._rate, self._measured(now + wait)[0] * MARGIN)
        else:
            self._refusals += 1
            self._possible = 0.0
            known = next((rate for rate in self._lower if rate.per_minute / 60 < self._rate and self._fits(rate, now)), None)
            self._is_known = known is not None
            if known:
                self._lower = self._lower[self._lower.index(known) + 1 :]
                self._hidden, self._burst = known.burst - 1.0, known.burst
                found = known.per_minute / 60
            else:
                found, self._burst = self._found(now + wait, doubt), 1
            self._rate = min(found, self._rate) * MARGIN
        self._begun = self._rate

    def _found(self, until: float, doubt: float) -> float:
        """The provider's rate, if it accepts requests again at a time."""
        measured, count = self._measured(until)
        if self._refusals == 1:
            self._hidden = count - 1
        if self._rate == math.inf:
            return measured
        growth = FAST if self._refusals == 2 else min(SLOW, EACH * self._rate)
        before = self._rate * math.exp(-overshot(growth * self._hidden / self._rate))
        recent = sum(sent > self._last - doubt for sent in self._accepted)
        if recent <= (self._hidden + 1) * MORE:  # else it is no window that began anew earlier than the provider says
            self._possible = min(self._rate, self._measured(until - doubt)[0]) * MARGIN
        return max(measured, before) if before > self._begun else measured

    def _measured(self, until: float) -> tuple[float, float]:
        """Requests per second, and their number, since the one from which on they are the most per second: before it, few were sent."""
        counts = list(self._backwards()) or [(1.0, self._last)]
        return max((count / max(until - sent, SHORTEST), count) for count, sent in counts)

    def _fits(self, rate: Rate, now: float) -> bool:
        """Whether a provider with this rate would have accepted what was accepted."""
        return all(count <= rate.burst + 1 + (now - sent) * rate.per_minute / 60 for count, sent in self._backwards())

    def _backwards(self) -> Iterator[tuple[float, float]]:
        """Each accepted request with the number of those from it on, from the last one."""
        return ((float(count), sent) for count, sent in enumerate(reversed(self._accepted), 1))


def overshot(share: float) -> float:
    """By how much an exponentially rising rate is above the provider's when its bucket is empty: the logarithm of their ratio.

    ``share`` is growth · bucket / rate. While the rate rises from r, the provider's, to r·eʸ, the bucket loses (eʸ - 1 - y)·r / growth.
    This is the y for which that is the whole bucket, to the second order.
    """
    root = math.sqrt(2 * share)
    return root * (1 + root / 3)
