# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs on providers with a strict rate limit, on one clock for both sides: it moves only while the run waits."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.rates import RATES, seconds
from servers.faults import Rule, When, throttle
from servers.in_process import Patient, Ran, ran
from servers.limits import FixedWindow, Limit, TokenBucket
from servers.matillion import EDITIONS


def created(count: int, server: Any, clock: Patient, **options: Any) -> Ran:
    """Create users, one request at a time: several threads would each move the clock."""
    users = [{"user_name": f"user{number}@example.com", "display_name": f"User {number}"} for number in range(count)]
    done = ran("directory", server, clock=clock, users=users, concurrency=1, bulk="never", **options)
    assert not done.failed, done
    assert done.result["summary"]["users"]["created"] == count
    return done


def refused(done: Ran) -> int:
    return sum(exchange.status == 429 for exchange in done.exchanges)


@pytest.mark.parametrize(("edition", "users", "refusals"), [("1000 a minute", 300, 0), ("60 a minute", 100, 1)])
def test_matillion_is_met_at_the_rate_that_it_has(serve_matillion: Any, edition: str, users: int, refusals: int) -> None:
    limit, clock = EDITIONS[edition](), Patient()
    matillion = serve_matillion(limit=limit, clock=clock)
    done = created(users, matillion, clock, provider="matillion")
    assert refused(done) == refusals
    assert clock.now <= 1.1 * len(done.exchanges) / limit.rate
    assert len(matillion.server.users) == users


def test_a_plan_shows_the_time_at_the_rate_that_was_found(serve_matillion: Any) -> None:
    users = [{"user_name": f"user{number}@example.com"} for number in range(100)]
    clock = Patient()
    matillion = serve_matillion(limit=TokenBucket(1, 1), clock=clock)
    plan = ran("directory", matillion, check=True, clock=clock, users=users, provider="matillion", scope_users='userName ew "@example.com"')
    assert refused(plan) == 1, "of the listings"
    assert plan.result["seconds_planned"] == pytest.approx((100 - 5) / 0.95, abs=1)


@pytest.mark.parametrize("limit", [FixedWindow(10, 1), TokenBucket(10, 10), TokenBucket(10, 1)], ids=["window", "bucket", "no burst"])
def test_an_unknown_limit_is_found(rfc: Any, limit: Limit) -> None:
    """Of ten requests a second."""
    clock = Patient()
    rfc.proxy.rules.append(Rule("limited", When(), throttle(limit, clock=clock)))
    done = created(500, rfc, clock)
    assert refused(done) <= 3
    assert clock.now <= len(done.exchanges) / limit.rate / 0.9 + 20


def test_a_declared_rate_wins_and_is_slowed_down_all_the_same(serve_matillion: Any) -> None:
    clock = Patient()
    done = created(60, serve_matillion(limit=TokenBucket(1, 5), clock=clock), clock, provider="matillion", rate_limit=30)
    assert (refused(done), clock.now) == (0, pytest.approx((len(done.exchanges) - 1) * 2))
    clock = Patient()
    limit = TokenBucket(1, 5)
    done = created(100, serve_matillion(limit=limit, clock=clock), clock, provider="matillion", rate_limit={"rate": 120, "burst": 10})
    assert refused(done) <= 4
    assert clock.now <= len(done.exchanges) / limit.rate / 0.9 + 20


@pytest.mark.parametrize("rate", RATES)
def test_a_run_takes_the_time_that_is_computed_for_the_documentation(rate: int, rfc: Any) -> None:
    clock = Patient()
    done = created(60, rfc, clock, rate_limit=rate)
    assert clock.now == pytest.approx(seconds(len(done.exchanges), rate), rel=0.01)


def test_as_many_threads_as_were_proven_meet_an_unknown_limit(rfc: Any) -> None:
    """Eight requests in progress would all be refused. Time stands still until a thread waits."""
    clock = Patient()
    rfc.proxy.rules.append(Rule("limited", When(), throttle(FixedWindow(10, 1), clock=clock)))
    users = [{"user_name": f"user{number}@example.com"} for number in range(60)]
    done = ran("directory", rfc, clock=clock, users=users, concurrency=8, bulk="never")
    assert not done.failed, done
    assert refused(done) <= 3
