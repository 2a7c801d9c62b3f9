# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a request is sent again, and after how long.

429 means that nothing was done, so every request is repeated. After a lost answer or a 5xx it is unknown whether the request was carried
out: only a request that may happen twice is repeated.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ...wording import counted
from ..errors import RESUME, UNKNOWN, AnswerLost, TryLater, Unreachable
from .answers import is_throttled
from .pacing import Pacing
from .rate_headers import quota, retry_after
from .wire import Lost, Reply

# 520 to 524 are Cloudflare's, for a provider behind it that does not answer.
TRANSIENT = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})
FIRST_DELAY = 1.0
LONGEST_DELAY = 60.0
SPREAD = 0.25  # of a delay that all threads keep


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a request is repeated, and how many seconds a provider may ask to wait before that."""

    pacing: Pacing
    retries: int
    max_wait: float
    chance: Callable[[], float] = field(default=random.random, repr=False)

    def persist(self, attempt: Callable[[], Reply], name: str, repeatable: bool) -> Reply:
        """Call ``attempt`` until its reply is final, or the retries are used up: then the last reply.

        :raises AnswerLost: if the request must not happen twice. :raises Unreachable: after the last attempt. :raises TryLater: if
        the provider asks to wait longer than ``max_wait``.
        """
        retry, repeated = 0, False
        while True:
            try:
                reply = replace(attempt(), repeated=repeated)
            except Lost as lost:
                repeated |= lost.sent
                if lost.sent and not repeatable:
                    raise AnswerLost(f"{name} was sent and not answered. {UNKNOWN} {lost}") from None
                if retry >= self.retries:
                    attempts = counted(retry + 1, "attempt")
                    raise Unreachable(f"{name}: {lost} Gave up after {attempts}. Check url, the network and the proxy. {RESUME}") from None
                self.rest(retry)
            else:
                if not may_repeat(reply, repeatable):
                    return reply
                repeated |= reply.status in TRANSIENT and reply.status != 503  # 503 means that nothing was done (RFC 9110 §15.6.4)
                delay = self._delay(reply, name, retry)
                if retry >= self.retries:
                    return replace(reply, attempts=retry + 1)
                self.pacing.sleep(delay)
            retry += 1

    def rest(self, retry: int) -> None:
        """Wait as before the next attempt, after ``retry`` retries."""
        self.pacing.sleep(self._backoff(retry))

    def _delay(self, reply: Reply, name: str, retry: int) -> float:
        """Seconds before the next attempt. All threads wait for them after a 429, or where the provider asks for it."""
        throttled = is_throttled(reply)
        requested, header = retry_after(reply.headers), "Retry-After"
        if requested is None and throttled:
            announced = quota(reply.headers)
            requested, header = None if announced.left else announced.seconds or None, "RateLimit-Reset"
        if requested is not None and requested > self.max_wait:
            raise TryLater(
                f"{name} was answered with {reply.status} and {header}: {requested:.0f} s, but max_wait allows {self.max_wait:g} s. "
                f"Raise max_wait, or wait {max(1, round(requested / 60))} min. {RESUME}"
            )
        delay = requested or (self._full_backoff(retry) if throttled else self._backoff(retry))
        if throttled and reply.sent is not None:
            is_exact = requested is not None and not requested.is_integer()  # else it is rounded up, or not the provider's
            self.pacing.pace.refused(reply.sent, self.pacing.clock(), delay, 0.0 if is_exact else min(delay, 1.0))
        elif throttled or requested is not None:
            self.pacing.pause(delay)
        return delay

    def _full_backoff(self, retry: int) -> float:
        """Exponential, after a refusal: no thread comes back before the pause has ended, so only machines need to be kept apart."""
        return min(self.max_wait, self._longest(retry) * (1 + SPREAD * self.chance()))

    def _backoff(self, retry: int) -> float:
        """Exponential, with full jitter: threads that failed together do not return together."""
        return self._longest(retry) * self.chance()

    def _longest(self, retry: int) -> float:
        return min(LONGEST_DELAY, self.max_wait, FIRST_DELAY * 2.0 ** min(retry, 10))


def may_repeat(reply: Reply, repeatable: bool) -> bool:
    """Whether another attempt may help and cannot do something twice."""
    if is_throttled(reply):
        return True
    is_put_off = reply.status == 503 and retry_after(reply.headers) is not None
    return is_put_off or (repeatable and reply.status in TRANSIENT)


def is_unknown(reply: Reply, repeatable: bool) -> bool:
    """Whether a write that must not happen twice may have been carried out."""
    return not repeatable and reply.status in TRANSIENT and not may_repeat(reply, repeatable)
