# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a request is sent again, and after how long.

429 says that nothing was done, so it is repeated for every request. After a lost answer or a 5xx nobody knows whether it was:
only what may happen twice is repeated.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..errors import AnswerLost, TryLater, Unreachable
from .answers import is_throttled
from .failures import Lost
from .pacing import RESUME, Pacing
from .wire import Reply

# 520 to 524 are what Cloudflare says for a provider behind it that does not answer.
TRANSIENT = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})
FIRST_DELAY = 1.0
LONGEST_DELAY = 60.0


def retry_after(headers: Mapping[str, str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """Seconds of a ``Retry-After`` (RFC 9110 §10.2.3), or None. A date is read by the provider's own clock where it tells the time."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return float(text) or None
    until = _date(text)
    if until is None:
        return None
    seconds = (until - (_date(headers.get("Date", "")) or now())).total_seconds()
    return seconds if seconds > 0 else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a request is repeated, and how long that may take."""

    pacing: Pacing
    retries: int
    max_wait: float
    chance: Callable[[], float] = field(default=random.random, repr=False)

    def persist(self, attempt: Callable[[], Reply], name: str, repeatable: bool) -> Reply:
        """``attempt`` until its reply is final, or the repeats are used up: then the last reply."""
        repeat = 0
        while True:
            try:
                reply = attempt()
            except Lost as lost:
                self._give_up(lost, name, repeatable, repeat)
                self.rest(repeat)
            else:
                if not may_repeat(reply, repeatable):
                    return reply
                delay = self._delay(reply, name, repeat)
                if repeat >= self.retries:
                    return replace(reply, tries=repeat + 1)
                if is_throttled(reply):
                    self.pacing.pause(delay)
                self.pacing.sleep(delay)
            repeat += 1

    def _give_up(self, lost: Lost, name: str, repeatable: bool, repeat: int) -> None:
        if lost.sent and not repeatable:
            raise AnswerLost(f"{name} was sent and its answer never came: it may have happened or not. {lost}") from None
        if repeat >= self.retries:
            tried = f"{name} was tried {repeat + 1} times" if repeat else f"{name} was tried once"
            raise Unreachable(f"{lost} {tried}. Look at url, at the network and the proxy; {RESUME[0].lower()}{RESUME[1:]}") from None

    def _delay(self, reply: Reply, name: str, repeat: int) -> float:
        asked = retry_after(reply.headers)
        if asked is None:
            return self._backoff(repeat)
        if asked > self.max_wait:
            raise TryLater(
                f"{name} was answered with {reply.status} and the request to wait {asked:.0f} s (Retry-After); "
                f"max_wait allows {self.max_wait:g} s. "
                f"Run again in {max(1, round(asked / 60))} min, or raise max_wait. {RESUME}"
            )
        return asked

    def rest(self, repeat: int) -> None:
        """Wait as before another try."""
        self.pacing.sleep(self._backoff(repeat))

    def _backoff(self, repeat: int) -> float:
        """Exponential, with full jitter: threads that failed together do not come back together."""
        longest = min(LONGEST_DELAY, self.max_wait, FIRST_DELAY * 2.0 ** min(repeat, 10))
        return longest * self.chance()


def may_repeat(reply: Reply, repeatable: bool) -> bool:
    """True where another try may help and cannot do something twice."""
    if is_throttled(reply):
        return True
    promised = reply.status == 503 and retry_after(reply.headers) is not None
    return promised or (repeatable and reply.status in TRANSIENT)


def is_unknown(reply: Reply, repeatable: bool) -> bool:
    """True where a write that must not happen twice may have happened."""
    return not repeatable and reply.status in TRANSIENT and not may_repeat(reply, repeatable)
