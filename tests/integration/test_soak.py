# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many runs in one process leave nothing behind. ``tests/benchmarks/soak.py`` alone makes 200 of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).parents[1] / "benchmarks" / "soak.py"
RUNS, USERS = 30, 200
SPARE = 2.0  # MiB: one run that kept its declaration and its snapshot would take 1 MiB


def test_memory_and_descriptors_stay_as_they_are() -> None:
    command = [sys.executable, str(SOAK), "--runs", str(RUNS), "--users", str(USERS)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    found = [json.loads(line) for line in printed.splitlines()]
    settled = next(each for each in found if each["run"] >= RUNS // 3)
    assert found[-1]["run"] == RUNS
    assert found[-1]["MiB"] - settled["MiB"] <= SPARE
    assert {each["descriptors"] for each in found} == {found[0]["descriptors"]}
