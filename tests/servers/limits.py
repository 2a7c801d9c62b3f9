# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limits that providers have, held strictly, on any clock. They differ in what they accept at once, and when they accept more."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Protocol

MOMENT = 1e-9  # a clock of floats need not reach the end of a window exactly


class Limit(Protocol):
    """``rate`` is per second, ``most`` what is accepted at once."""

    @property
    def rate(self) -> float:
        """Requests per second."""

    @property
    def most(self) -> int:
        """Requests at once."""

    def take(self, now: float) -> float:
        """Accept a request and return 0, or return the seconds until one would be accepted."""

    def left(self, now: float) -> int:
        """How many requests would be accepted at once."""


@dataclass
class FixedWindow:
    """``most`` requests in each window of ``seconds``; the first one began ``age`` seconds before the clock's 0."""

    most: int
    seconds: float
    age: float = 0.0
    number: int | None = None
    count: int = 0

    @property
    def rate(self) -> float:
        return self.most / self.seconds

    def left(self, now: float) -> int:
        number = floor((now + self.age + MOMENT) / self.seconds)
        if number != self.number:
            self.number, self.count = number, 0
        return self.most - self.count

    def take(self, now: float) -> float:
        if self.left(now):
            self.count += 1
            return 0.0
        return ((self.number or 0) + 1) * self.seconds - self.age - now


@dataclass
class SlidingWindow:
    """``most`` requests in any ``seconds``."""

    most: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    @property
    def rate(self) -> float:
        return self.most / self.seconds

    def left(self, now: float) -> int:
        while self.times and self.times[0] <= now - self.seconds + MOMENT:
            self.times.popleft()
        return self.most - len(self.times)

    def take(self, now: float) -> float:
        if self.left(now):
            self.times.append(now)
            return 0.0
        return self.times[0] + self.seconds - now


@dataclass
class TokenBucket:
    """``rate`` requests a second, and ``most`` at once after some quiet time."""

    rate: float
    most: int
    tokens: float | None = None
    filled: float = 0.0

    def left(self, now: float) -> int:
        before = self.most if self.tokens is None else self.tokens
        self.tokens, self.filled = min(self.most, before + (now - self.filled) * self.rate), now
        return floor(self.tokens + MOMENT)

    def take(self, now: float) -> float:
        left = self.left(now)
        assert self.tokens is not None
        if left:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.rate


def whole(seconds: float) -> int:
    """A wait as ``Retry-After`` is mostly given, in whole seconds: at least one."""
    return max(1, ceil(seconds - MOMENT))
