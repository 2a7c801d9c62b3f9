# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time writes to a tenant, however the other one ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine import tenant_lock as module
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Interrupted, Invalid, Stop
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._engine.tenant_lock import tenant_lock

URL = "https://scim.example.com/v2"
OTHER_RUN = """
import sys
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._engine.tenant_lock import tenant_lock
with tenant_lock(sys.argv[1], 0, Pacing(), print):
    print("holds it", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this user's locks."""
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path / f"identity.scim-{os.geteuid()}"


class Waiting:
    """The clock of a run that waits. ``events`` happen at its naps, one each."""

    def __init__(self, *events: Callable[[], object]) -> None:
        self.now = 0.0
        self.events = list(events)
        self.pacing = Pacing(clock=lambda: self.now, nap=self._nap)
        self.lines: list[str] = []

    def _nap(self, seconds: float) -> None:
        self.now += seconds
        if self.events:
            self.events.pop(0)()

    def lock(self, url: str = URL, timeout: float = 10) -> None:
        """Take the lock, and give it back."""
        with tenant_lock(url, timeout, self.pacing, self.lines.append):
            pass


@pytest.mark.parametrize("same", [URL, f"{URL}/", "https://SCIM.example.com:443/v2"])
def test_a_second_run_fails_and_says_who_holds_the_lock(same: str) -> None:
    waiting = Waiting()
    with tenant_lock(URL, 0, Pacing(), print):
        with pytest.raises(Stop, match=f"Another run on this machine is writing to .*: process {os.getpid()}, since 20.*waited 10 s"):
            waiting.lock(same)
        assert 10 <= waiting.now < 11
        assert [line.partition(" since")[0] for line in waiting.lines] == [
            f"Waiting up to 10 s for another run that writes to {same}: process {os.getpid()},"
        ]
    waiting.lock(same)
    assert len(waiting.lines) == 1


def test_without_a_timeout_nothing_is_waited_for() -> None:
    waiting = Waiting()
    with tenant_lock(URL, 0, Pacing(), print), pytest.raises(Stop, match=r"waited 0 s \(lock_timeout\) and wrote nothing"):
        waiting.lock(timeout=0)
    assert (waiting.now, waiting.lines) == (0, [])


@pytest.mark.parametrize("other", ["https://scim.example.com/v3", "https://scim.example.com:444/v2", "http://scim.example.com/v2"])
def test_another_tenant_is_not_locked(other: str) -> None:
    waiting = Waiting()
    with tenant_lock(URL, 0, Pacing(), print):
        waiting.lock(other)
    assert (waiting.now, waiting.lines) == (0, [])


@pytest.mark.parametrize("ending", ["kill", "terminate"])
def test_a_killed_run_leaves_no_lock(ending: str, folder: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(folder.parent)}
    command = [sys.executable, "-c", OTHER_RUN, URL]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "holds it\n"
        waiting = Waiting(lambda: None, getattr(other, ending), other.wait)
        waiting.lock()
        assert waiting.now < 1
        assert f"process {other.pid}" in waiting.lines[0]


def test_an_error_in_the_run_releases_the_lock() -> None:
    with pytest.raises(ValueError, match="broken"), tenant_lock(URL, 0, Pacing(), print):
        raise ValueError("broken")
    Waiting().lock(timeout=0)


def test_a_run_that_is_ended_waits_no_longer() -> None:
    waiting = Waiting()
    waiting.events.append(lambda: waiting.pacing.stop("The run was ended by SIGTERM."))
    with tenant_lock(URL, 0, Pacing(), print), pytest.raises(Interrupted, match="SIGTERM"):
        waiting.lock()


def test_a_lock_whose_file_was_removed_is_not_held_twice(folder: Path) -> None:
    """A cleaner of temporary folders removes the file between the opening and the locking: the next look makes a new one."""
    held = module.fcntl.flock
    removed: list[Path] = []

    def remove_first(file: int, how: int) -> None:
        if not removed:
            removed.extend(folder.iterdir())
            removed[0].unlink()
        held(file, how)

    waiting = Waiting()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.fcntl, "flock", remove_first)
        waiting.lock()
    assert waiting.lines == [f"Waiting up to 10 s for another run that writes to {URL}: its process is not known."]
    assert list(folder.iterdir()) == removed


@pytest.mark.parametrize("mode", [0o777, 0o720])
def test_a_folder_that_others_may_write_to_is_refused(mode: int, folder: Path) -> None:
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(Invalid, match=r"others may write to it\. Remove it"):
        Waiting().lock()


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    folder.symlink_to(tmp_path)
    with pytest.raises(Invalid, match="belongs to another user"):
        Waiting().lock()
    folder.unlink()
    Waiting().lock()
    [lock] = folder.iterdir()
    lock.unlink()
    lock.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Invalid, match="cannot be opened"):
        Waiting().lock()


def test_a_folder_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: "/proc")
    with pytest.raises(Invalid, match=r"The folder of locks /proc/identity.scim-.* cannot be made: .*Set TMPDIR to a writable folder"):
        Waiting().lock()


def test_the_lock_is_readable_by_its_owner_only(folder: Path) -> None:
    Waiting().lock()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]
