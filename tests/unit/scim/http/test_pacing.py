# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When requests may go, on a clock of the test's own."""

from __future__ import annotations

import signal
import threading

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Interrupted
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pace import Pace, Rate
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import Clock


def times(pacing: Pacing, clock: Clock, count: int) -> list[float]:
    sent = []
    for _other in range(count):
        pacing.wait()
        sent.append(round(clock.now - 1000, 3))
    return sent


def test_without_a_rate_no_request_waits() -> None:
    clock = Clock()
    assert times(Pacing(clock=clock, nap=clock.sleep), clock, 50) == [0.0] * 50


def test_a_burst_goes_at_once_and_then_the_rate_holds() -> None:
    clock = Clock()
    assert times(Pacing(Pace([Rate(60, 3)]), clock=clock, nap=clock.sleep), clock, 6) == [0, 0, 0, 1, 2, 3]


def test_idle_time_fills_the_bucket_again_but_not_beyond_the_burst() -> None:
    clock = Clock()
    pacing = Pacing(Pace([Rate(60, 3)]), clock=clock, nap=clock.sleep)
    times(pacing, clock, 3)
    clock.sleep(100)
    assert times(pacing, clock, 5) == [100, 100, 100, 101, 102]


def test_a_clock_that_stops_slightly_early_costs_no_second_nap() -> None:
    clock = Clock()
    pacing = Pacing(Pace([Rate(7)]), clock=clock, nap=lambda seconds: clock.sleep(max(seconds - 1e-9, 1e-9)))
    for _other in range(50):
        pacing.wait()
    assert len(clock.naps) == 49
    assert sum(clock.naps) == pytest.approx(49 * 60 / 7)


def test_a_pause_holds_all_threads_and_uses_up_the_burst() -> None:
    clock = Clock()
    pacing = Pacing(Pace([Rate(60, 5)]), clock=clock, nap=clock.sleep)
    pacing.pause(20)
    pacing.pause(3)  # a shorter pause does not shorten a longer one
    assert times(pacing, clock, 3) == [20, 21, 22]


def test_the_deadline_ends_the_run_and_says_how_to_resume() -> None:
    clock = Clock()
    pacing = Pacing(deadline=1010, clock=clock, nap=clock.sleep)
    pacing.wait()
    clock.now = 1010
    with pytest.raises(Interrupted, match=r"max_duration.*Run the task again"):
        pacing.wait()


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    clock = Clock()
    pacing = Pacing(deadline=1010, clock=clock, nap=clock.sleep)
    pacing.pause(60)
    with pytest.raises(Interrupted, match=r"wait 60 s.*leaves 10 s"):
        pacing.wait()
    with pytest.raises(Interrupted, match="wait 11 s"):
        pacing.sleep(11)
    assert clock.naps == []


def test_stop_ends_every_waiting_thread_with_the_first_reason() -> None:
    asleep = threading.Barrier(5)

    def nap(seconds: float) -> None:
        asleep.wait()
        pacing._until_stopped(seconds)

    pacing = Pacing(nap=nap)
    pacing.pause(3600)
    reasons: list[str] = []

    def work() -> None:
        try:
            pacing.wait()
        except Interrupted as interrupted:
            reasons.append(str(interrupted))

    threads = [threading.Thread(target=work, daemon=True) for _other in range(4)]
    for thread in threads:
        thread.start()
    asleep.wait()
    pacing.stop("SIGTERM")
    pacing.stop("SIGINT")
    for thread in threads:
        thread.join(10)
    assert reasons == ["SIGTERM"] * 4
    with pytest.raises(Interrupted, match="SIGTERM"):
        pacing.sleep(0)


def test_a_signal_ends_the_sleep_of_the_main_thread() -> None:
    pacing = Pacing()
    before = signal.signal(signal.SIGUSR1, lambda *_: pacing.stop("asked to end"))
    try:
        threading.Timer(0.05, signal.pthread_kill, (threading.get_ident(), signal.SIGUSR1)).start()
        with pytest.raises(Interrupted, match="asked to end"):
            pacing.sleep(600)
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_signal_while_the_lock_is_held_does_not_deadlock() -> None:
    """A handler runs between two instructions of the main thread, also of one that holds the lock: here within the clock."""
    pacing = Pacing()

    def clock() -> float:
        pacing.stop("within the lock")
        return 0.0

    pacing.clock = clock
    with pytest.raises(Interrupted, match="within the lock"):
        pacing.wait()
