# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that forked processes share."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine import forked_memory
from ansible_collections.identity.scim.plugins.module_utils._engine.forked_memory import ForkedMemory


def forked(work: Callable[[], object]) -> int:
    """Run ``work`` in a forked process and return its number."""
    process = os.fork()
    if process:
        return process
    try:
        work()
    finally:
        os._exit(0)


def test_a_forked_process_reads_what_another_one_keeps() -> None:
    memory = ForkedMemory()
    os.waitpid(forked(lambda: memory.keep(b"a", ["token", 1.5])), 0)
    assert (memory.get(b"a"), memory.get(b"b")) == (["token", 1.5], None)
    memory.keep(b"a", "another")
    assert memory.get(b"a") == "another"


def test_processes_that_write_at_once_lose_nothing() -> None:
    memory = ForkedMemory()

    def work(number: int) -> None:
        for count in range(20):
            memory.keep(b"%d-%d" % (number, count), count)

    for process in [forked(lambda number=number: work(number)) for number in range(4)]:  # type: ignore[misc]
        os.waitpid(process, 0)
    assert [memory.get(b"%d-%d" % (number, count)) for number in range(4) for count in range(20)] == list(range(20)) * 4


def test_the_first_are_lost_where_there_are_too_many() -> None:
    memory = ForkedMemory(4096)
    for number in range(10):
        memory.keep(b"%d" % number, "x" * 1000)
    assert [number for number in range(10) if memory.get(b"%d" % number)] == [7, 8, 9]
    memory.keep(b"large", "x" * 5000)
    assert memory.get(b"large") is None


def test_what_cannot_be_pickled_is_not_kept() -> None:
    memory = ForkedMemory()
    memory.keep(b"a", 1)
    memory.keep(b"b", lambda: 1)
    assert (memory.get(b"a"), memory.get(b"b")) == (1, None)


def test_a_process_that_is_killed_locks_nobody_out_and_leaves_nothing_broken() -> None:
    memory = ForkedMemory()
    memory.keep(b"a", 1)

    def work() -> None:
        with memory._locked():
            memory._memory.seek(20)
            memory._memory.write(b"half of a")
            os.kill(os.getpid(), signal.SIGKILL)

    os.waitpid(forked(work), 0)
    assert memory.get(b"a") is None
    memory.keep(b"a", 2)
    assert memory.get(b"a") == 2


def test_it_does_without_where_there_is_no_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    assert forked_memory.forked_memory() is not None
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    assert forked_memory.forked_memory() is None


def test_one_of_several_processes_adds_a_key() -> None:
    memory, added = ForkedMemory(), ForkedMemory()

    def work(number: int) -> None:
        if memory.add(b"a"):
            added.keep(b"%d" % number, True)

    for process in [forked(lambda number=number: work(number)) for number in range(4)]:  # type: ignore[misc]
        os.waitpid(process, 0)
    assert [added.get(b"%d" % number) for number in range(4)].count(True) == 1
    assert not memory.add(b"a")
