# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer's headers say of the provider's rate: when to come again, how many requests are left, and of how many.

``Retry-After`` is RFC 9110 §10.2.3. The others are drafts of draft-ietf-httpapi-ratelimit-headers (three headers up to version 6, two
structured ones since) and what providers had before it, with an ``X-`` and with or without a hyphen in "rate limit".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .pace import Quota

FOREVER, ENDLESS = 1e12, 1e15  # seconds, and numbers of anything; a number of hundreds of digits would become infinity
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
PREFIXES = ("RateLimit", "X-RateLimit", "X-Rate-Limit", "Rate-Limit")
PARAMETER = re.compile(r'([a-z]+)\s*=\s*"?([0-9.]+)')
EPOCH = 10**9  # more seconds than that are no duration but a point in time, since 1970
MILLISECONDS = 10**11  # and more than that are milliseconds

Now = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


def retry_after(headers: Mapping[str, str], now: Now = _now) -> float | None:
    """Seconds of a ``Retry-After``, or None. A date is compared with the provider's own clock, if it has a ``Date``."""
    text = headers.get("Retry-After", "").strip()
    seconds = _number(text)
    if seconds is None:
        seconds = _until(_date(text), headers, now)
    return min(seconds, FOREVER) if seconds else None


def quota(headers: Mapping[str, str], now: Now = _now) -> Quota:
    """What the headers announce; of several limits, the one of which the fewest requests are left."""
    structured = list(_structured(headers))
    if structured:
        return min(structured, key=lambda found: float("inf") if found.left is None else found.left)
    for prefix in PREFIXES:
        limit, left, reset = (headers.get(f"{prefix}-{name}", "").strip() for name in ("Limit", "Remaining", "Reset"))
        if limit or left or reset:
            first, policy = [*limit.split(",", 2), ""][:2]  # 100, 100;w=60
            parameters = dict(PARAMETER.findall(policy or first))
            return Quota(_count(left), _reset(reset, headers, now), _count(first.partition(";")[0]), _number(parameters.get("w", "")))
    return Quota()


def _structured(headers: Mapping[str, str]) -> Iterator[Quota]:
    """``RateLimit: "default";r=50;t=30`` with ``RateLimit-Policy: "default";q=100;w=60``, or ``limit=100, remaining=50, reset=5``."""
    state, policy = headers.get("RateLimit", ""), headers.get("RateLimit-Policy", "")
    named = dict(PARAMETER.findall(state))
    if "remaining" in named or "limit" in named:
        window = _number(dict(PARAMETER.findall(policy.partition(",")[0])).get("w", ""))
        yield Quota(_count(named.get("remaining", "")), _number(named.get("reset", "")), _count(named.get("limit", "")), window)
        return
    policies = {item.partition(";")[0].strip(): dict(PARAMETER.findall(item)) for item in policy.split(",")}
    for item in state.split(","):
        own, known = dict(PARAMETER.findall(item)), policies.get(item.partition(";")[0].strip(), {})
        if "r" in own:
            yield Quota(_count(own["r"]), _number(own.get("t", "")), _count(known.get("q", "")), _number(known.get("w", "")))


def _reset(text: str, headers: Mapping[str, str], now: Now) -> float | None:
    """A reset as seconds from now: it may be one, a point in time, or a date."""
    number = _number(text)
    if number is None or number < EPOCH:
        return _until(_date(text), headers, now) if number is None else number
    seconds = number / 1000 if number > MILLISECONDS else number
    try:
        return _until(datetime.fromtimestamp(seconds, UTC), headers, now)
    except (ValueError, OverflowError, OSError):
        return None


def _until(point: datetime | None, headers: Mapping[str, str], now: Now) -> float | None:
    return None if point is None else max(0.0, (point - (_date(headers.get("Date", "")) or now())).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _number(text: str) -> float | None:
    return min(float(text), ENDLESS) if NUMBER.fullmatch(text) else None


def _count(text: str) -> int | None:
    number = _number(text.strip())
    return None if number is None else int(number)
