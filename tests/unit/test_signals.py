# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ends a run between two writes: signals, another parent, and a result that no process reads."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from typing import IO

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine import signals
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Interrupted
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing

PARENT = 4711


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[IO[str]]:
    """The reading end of this process's standard output; its parent is ``PARENT``."""
    reading, writing = os.pipe()
    monkeypatch.setattr(signals.os, "getppid", lambda: PARENT)
    with open(reading, encoding="utf-8") as reader, open(writing, "w", encoding="utf-8") as writer:
        monkeypatch.setattr(signals.sys, "__stdout__", writer)
        yield reader


def test_a_result_has_a_reader_while_its_pipe_is_open(pipe: IO[str]) -> None:
    assert not signals.has_no_reader(PARENT)
    pipe.close()
    assert signals.has_no_reader(PARENT)


def test_a_process_with_another_parent_has_no_reader(pipe: IO[str]) -> None:
    assert signals.has_no_reader(PARENT + 1)


def test_a_standard_output_that_cannot_be_watched_is_left_alone(pipe: IO[str]) -> None:
    assert signals.sys.__stdout__ is not None
    signals.sys.__stdout__.close()
    assert not signals.has_no_reader(PARENT)


@pytest.mark.parametrize("event", ["another parent", "a closed pipe"])
def test_the_watch_stops_the_run(pipe: IO[str], event: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its second look: until then nothing is wrong."""
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if event == "a closed pipe":
            pipe.close()
        else:
            monkeypatch.setattr(signals.os, "getppid", lambda: 1)

    monkeypatch.setattr(signals, "sleep", nap)
    pacing = Pacing()
    signals.watch(pacing, PARENT)
    assert naps == [signals.EVERY_SECONDS]
    with pytest.raises(Interrupted, match=r"^Ansible no longer waits for the result\.$"):
        pacing.check()


@pytest.fixture
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.usefixtures("handlers")
def test_a_signal_stops_the_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "watch", lambda pacing, parent: None)
    pacing = Pacing()
    signals.end_between_writes(pacing)
    pacing.check()
    signal.raise_signal(signal.Signals[name])
    with pytest.raises(Interrupted, match=rf"^The run was ended by {name}\.$"):
        pacing.check()


@pytest.mark.usefixtures("handlers")
def test_the_watch_begins_with_the_parent_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[object] = []
    has_begun = threading.Event()
    monkeypatch.setattr(signals.os, "getppid", lambda: PARENT)
    monkeypatch.setattr(signals, "watch", lambda *arguments: (watched.extend(arguments), has_begun.set()))
    pacing = Pacing()
    signals.end_between_writes(pacing)
    assert has_begun.wait(60)
    assert watched == [pacing, PARENT]
