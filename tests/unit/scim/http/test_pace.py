# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate that is found on providers of every kind, on a clock of the test's own: time passes only as the events say."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pace import MARGIN, Pace, Quota, Rate, overshot
from servers.limits import FixedWindow, Limit, SlidingWindow, TokenBucket, whole
from servers.matillion import EDITIONS

LATENCY = 0.005  # seconds, until a request arrives, and again until its answer does
MATILLION = (Rate(1000), Rate(60, 5))


@dataclass
class Says:
    """What a provider says in an answer, when a request is accepted again: nothing, the seconds, or whole ones."""

    wait: Callable[[float], float] | None
    doubt: float = 0.0


EXACTLY, ROUNDED, NOTHING = Says(lambda seconds: seconds), Says(lambda seconds: float(whole(seconds)), 1.0), Says(None)


@dataclass
class Sent:
    """When requests were accepted and refused, on the provider's side."""

    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    def share(self, limit: Limit, since: float, until: float) -> float:
        """How much was accepted of what the provider accepts."""
        return sum(since <= time < until for time in self.accepted) / (until - since) / limit.rate


def played(
    pace: Pace,
    limit: Limit,
    seconds: float = inf,
    requests: float = inf,
    threads: int = 1,
    says: Says = ROUNDED,
    announces: Callable[[Limit, float], Quota] | None = None,
) -> Sent:
    """Let threads send until a time or a number of accepted requests. A thread's request that was refused is sent again."""
    sent, order, retries = Sent(), count(), [0] * threads
    events: list[tuple[float, int, str, int, Any]] = [(0.0, next(order), "take", thread, None) for thread in range(threads)]

    def then(time: float, what: str, thread: int, data: Any = None) -> None:
        heapq.heappush(events, (time, next(order), what, thread, data))

    while events and events[0][0] < seconds and len(sent.accepted) < requests:
        now, _order, what, thread, data = heapq.heappop(events)
        if what == "take":
            delay = pace.take(now)
            then(now + (delay or LATENCY), "take" if delay else "arrive", thread, now)
        elif what == "arrive":
            wait = limit.take(now)
            (sent.refused if wait else sent.accepted).append(now)
            then(now + LATENCY, "answer", thread, (data, wait, announces(limit, now) if announces else None))
        else:
            taken, wait, quota = data
            if quota:
                pace.announce(quota, taken, now)
            pause = 0.0
            if wait and says.wait:
                pause = max(says.wait(wait), 0.001)
                pace.refused(taken, now, pause, min(pause, says.doubt))
            elif wait:
                pause = 2.0 ** retries[thread]
                pace.refused(taken, now, pause, 1.0)
            else:
                pace.accepted(taken)
            pace.answered()
            retries[thread] = retries[thread] + 1 if wait else 0
            then(now + pause, "take", thread)
    return sent


LIMITS: dict[str, Callable[[], Limit]] = {
    "10 in a second": lambda: FixedWindow(10, 1),
    "10 in a second, begun late": lambda: FixedWindow(10, 1, 0.7),
    "100 in ten seconds": lambda: FixedWindow(100, 10, 3),
    "10 in any second": lambda: SlidingWindow(10, 1),
    "100 in any ten seconds": lambda: SlidingWindow(100, 10),
    "a bucket of one": lambda: TokenBucket(10, 1),
    "a bucket of half a second": lambda: TokenBucket(10, 5),
    "a bucket of a second": lambda: TokenBucket(10, 10),
    "a bucket of five seconds": lambda: TokenBucket(10, 50),
    "a small bucket of a fast one": lambda: TokenBucket(50, 10),
}


@pytest.mark.parametrize("says", [EXACTLY, ROUNDED], ids=["exactly", "rounded"])
@pytest.mark.parametrize("name", LIMITS)
def test_an_unknown_rate_is_found(name: str, says: Says) -> None:
    """At most two requests are refused before it is, and at least 0.9 of it is used from 30 s on. Later refusals are rare."""
    limit = LIMITS[name]()
    sent = played(Pace(), limit, seconds=120, says=says)
    assert sent.share(limit, 30, 120) >= 0.9
    assert sum(time < (20 if isinstance(limit, TokenBucket) else 30) for time in sent.refused) <= 2
    assert len(sent.refused) <= 6


@pytest.mark.parametrize("name", ["10 in a second", "10 in any second", "a bucket of a second", "a bucket of five seconds"])
def test_an_unknown_rate_is_found_without_retry_after(name: str) -> None:
    limit = LIMITS[name]()
    sent = played(Pace(), limit, seconds=120, says=NOTHING)
    assert sent.share(limit, 30, 120) >= 0.9
    assert sum(time < 16 for time in sent.refused) <= 2


ANY_LIMIT = st.one_of(
    st.builds(FixedWindow, st.integers(5, 50), st.sampled_from([1.0, 2.0, 5.0]), st.floats(0, 5)),
    st.builds(SlidingWindow, st.integers(5, 50), st.sampled_from([1.0, 2.0, 5.0])),
    st.builds(TokenBucket, st.floats(2, 40), st.integers(1, 50)),
)


@settings(max_examples=40)
@given(ANY_LIMIT, st.sampled_from([EXACTLY, ROUNDED]), st.integers(1, 8))
def test_whatever_the_limit_is_it_is_found(limit: Limit, says: Says, threads: int) -> None:
    """The requests in progress at the first refusal are refused with it, so there may be as many as threads."""
    sent = played(Pace(), limit, seconds=90, threads=threads, says=says)
    assert sent.share(limit, 40, 90) >= 0.8
    assert len(sent.refused) <= threads + 8


@settings(max_examples=40)
@given(st.floats(30, 3000), st.integers(1, 20), st.integers(1, 8), st.floats(0.2, 5))
def test_a_declared_rate_is_never_exceeded(per_minute: float, burst: int, threads: int, share: float) -> None:
    """Whatever the provider accepts: less than that, or more."""
    limit = TokenBucket(per_minute / 60 * share, 3)
    strict = TokenBucket(per_minute / 60, burst)
    sent = played(Pace([Rate(per_minute, burst)]), limit, seconds=60, threads=threads)
    assert [time for time in sorted(sent.accepted + sent.refused) if strict.take(time * (1 + 1e-9))] == []
    if share < 0.7 and limit.rate >= 2:  # a slower one accepts one request or none in the second to which its wait is rounded
        assert sent.share(limit, 30, 60) >= 0.8, "it is still slowed down by refusals"


# -- Matillion -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 4])
def test_a_thousand_requests_at_a_thousand_a_minute(threads: int) -> None:
    sent = played(Pace(MATILLION), EDITIONS["1000 a minute"](), requests=1000, threads=threads)
    assert sent.refused == []
    assert sent.accepted[-1] <= 60 * 1.1


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("says", [EXACTLY, ROUNDED, NOTHING], ids=["exactly", "rounded", "nothing"])
def test_at_sixty_a_minute_one_request_is_refused(says: Says, threads: int) -> None:
    pace, limit = Pace(MATILLION), EDITIONS["60 a minute"]()
    sent = played(pace, limit, requests=100, threads=threads, says=says)
    assert len(sent.refused) == 1
    assert sent.accepted[-1] <= 100 * 1.1
    assert pace.rate is not None
    assert pace.rate.burst == 5


def test_one_refusal_among_a_thousand_does_not_mean_the_lower_rate() -> None:
    """More was accepted than at 60 a minute. So the rate is found as if nothing lower were known."""
    pace, limit = Pace(MATILLION), FixedWindow(900, 60)
    sent = played(pace, limit, seconds=240)
    assert sent.share(limit, 60, 240) >= 0.9
    assert len(sent.refused) <= 3


def test_each_lower_rate_is_tried() -> None:
    limit = TokenBucket(0.2, 2)
    pace = Pace([Rate(1000), Rate(60, 5), Rate(12, 2)])
    sent = played(pace, limit, requests=100)
    assert len(sent.refused) <= 3
    assert sent.share(limit, 60, sent.accepted[-1]) >= 0.9


# -- refusals ----------------------------------------------------------------------------------------------------------------------------


def test_requests_refused_together_are_one_refusal() -> None:
    pace = Pace()
    times = [pace.take(0.0) for _other in range(8)]
    assert times == [0.0] * 8
    for _other in range(4):
        pace.accepted(0.0)
        pace.answered()
    for number in range(4):
        pace.refused(0.0, 0.1 + number / 100, 1.0)
        pace.answered()
        assert pace.rate == Rate(4 / 1.1 * MARGIN * 60, 1)


def test_after_a_refusal_one_request_is_sent_at_a_time_until_one_is_accepted() -> None:
    pace = Pace()
    pace.take(0.0)
    pace.refused(0.0, 0.0, 1.0)
    assert pace.take(0.0) > 0, "the refused one is not answered yet"
    pace.answered()
    assert [pace.take(time) > 0 for time in (0.9, 1.0, 5.0, 9.0)] == [True, False, True, True]
    pace.answered()  # lost: nothing was learned
    assert [pace.take(time) > 0 for time in (10.0, 20.0)] == [False, True]
    pace.accepted(10.0)
    pace.answered()
    assert [pace.take(time) > 0 for time in (20.0, 30.0)] == [False, False]


def test_without_a_rate_the_number_of_requests_in_progress_grows() -> None:
    """A limit of ten in a second then refuses one request, or two, and not as many as there are threads."""
    unknown = Pace()
    numbers = [unknown.at_once]
    for _other in range(35):
        unknown.accepted(0.0)
        numbers.append(unknown.at_once)
    assert (numbers[0], numbers[9], numbers[10], numbers[20], numbers[35]) == (1, 1, 2, 3, 4)
    assert Pace([Rate(60)]).at_once > 1000


def test_a_rate_rises_only_while_requests_wait_for_it() -> None:
    pace = Pace()
    pace.take(0.0)
    pace.accepted(0.0)
    pace.refused(0.0, 0.0, 1.0)
    pace.answered()
    found = pace.rate
    for time in range(10, 100, 10):
        assert pace.take(time) == 0
        pace.accepted(time)
        pace.answered()
    assert pace.rate == found


def test_a_provider_whose_limit_is_raised_is_followed() -> None:
    pace, limit = Pace(), TokenBucket(10, 10)
    played(pace, limit, seconds=60)
    assert pace.rate is not None
    before = pace.rate.per_minute
    for number in range(60 * 600):  # on the same clock, with a provider that accepts everything
        time = 60 + number / 60
        if not pace.take(time):
            pace.accepted(time)
            pace.answered()
    assert pace.rate.per_minute > 1.3 * before


@pytest.mark.parametrize("share", [0.001, 0.01, 0.05, 0.1])
def test_how_much_a_rate_has_overshot(share: float) -> None:
    """The bucket is empty when the rate has risen by that: put the result into the equation that it solves."""
    risen = overshot(share)
    assert 1 - (1 + risen) * 2.718281828**-risen == pytest.approx(share, rel=0.06)


# -- headers -------------------------------------------------------------------------------------------------------------------------------


def by_window(limit: Limit, now: float) -> Quota:
    assert isinstance(limit, FixedWindow)
    left = limit.left(now)
    return Quota(left, float(whole(((limit.number or 0) + 1) * limit.seconds - limit.age - now)), limit.most)


@pytest.mark.parametrize("threads", [1, 8])
@pytest.mark.parametrize("limit", [FixedWindow(10, 1), FixedWindow(100, 10, 5), FixedWindow(600, 60), FixedWindow(600, 60, 50)])
def test_what_headers_announce_is_kept(limit: FixedWindow, threads: int) -> None:
    limit = FixedWindow(limit.most, limit.seconds, limit.age)
    sent = played(Pace(), limit, seconds=240, threads=threads, announces=by_window)
    assert len(sent.refused) <= (1 if threads == 1 else 2)
    assert sent.share(limit, 0, 240) >= 0.9


def test_what_is_left_is_sent_at_once_and_the_rest_when_the_provider_counts_anew() -> None:
    pace = Pace()
    pace.take(0.0)
    pace.announce(Quota(left=3, seconds=100), 0.0, 0.0)
    pace.accepted(0.0)
    pace.answered()
    times = []
    for time in (1.0, 2.0, 3.0, 4.0, 99.0, 100.0):
        times += [time] if pace.take(time) == 0 else []
    assert times == [1, 2, 3, 100]


def test_a_late_answer_does_not_count_again_what_was_sent_since() -> None:
    pace = Pace()
    pace.take(0.0)
    pace.take(1.0)
    pace.announce(Quota(left=0, seconds=50), 1.0, 2.0)
    pace.announce(Quota(left=1, seconds=50), 0.0, 3.0)
    assert pace.take(4.0) == 48


def test_a_brief_limit_is_a_rate_and_a_longer_one_is_not() -> None:
    brief, longer = Pace(), Pace()
    brief.announce(Quota(9, 1, 10, 1), 0.0, 0.0)
    longer.announce(Quota(4999, 3600, 5000, 3600), 0.0, 0.0)
    assert (brief.rate, longer.rate) == (Rate(60 * 10 * MARGIN), None)


def test_a_declared_rate_is_not_raised_by_headers() -> None:
    pace = Pace([Rate(60)])
    pace.announce(Quota(99, 1, 100, 1), 0.0, 0.0)
    assert pace.rate == Rate(60)
