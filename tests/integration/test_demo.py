# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo` shows each step, leaves no file behind, and ends on Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO = [sys.executable, str(ROOT / "tests" / "servers" / "demo.py")]
LONGEST = 120  # lines


def left_behind(demo: subprocess.Popen[str]) -> list[Path]:
    return list((ROOT / ".cache").glob(f"demo-{demo.pid}-*"))


def start() -> subprocess.Popen[str]:
    """In a session of its own, so that Ctrl-C reaches only its processes. It handles SIGINT even if the tests run in the background of
    a shell, which makes its children ignore it."""
    return subprocess.Popen(
        DEMO,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def test_the_demo() -> None:
    with start() as demo:
        output, _none = demo.communicate(timeout=300)
    assert demo.returncode == 0, output
    steps = [int(number) for number in re.findall(r"^ ?(\d+)\. ", output, re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))
    for word in (
        "created",
        "unchanged",
        "updated",
        "deleted",
        "refused",
        "users       25 created",
        "more than max_removals",
        "To try next",
    ):
        assert word in output, output
    assert not re.search("warning|error|fail|traceback", output, re.IGNORECASE), output
    assert len(output.splitlines()) <= LONGEST
    assert not left_behind(demo)


def test_ctrl_c() -> None:
    with start() as demo:
        assert demo.stdout
        for line in demo.stdout:
            if "created" in line:
                os.killpg(demo.pid, signal.SIGINT)
                break
        output = demo.stdout.read()
        assert demo.wait(timeout=60) == 130, output
    assert "Stopped." in output
    # Ansible raises KeyboardInterrupt wherever it is; inside the lock of logging Python can only print it ("Exception ignored in").
    ours, _ignored, _rest = output.partition("Exception ignored in")
    assert "Traceback" not in ours
    assert not left_behind(demo)
