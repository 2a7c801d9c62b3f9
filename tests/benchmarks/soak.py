# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many runs in one process, as in Ansible's own process: memory and open descriptors must stay as they are.

    .venv/bin/python tests/benchmarks/soak.py [--runs 200] [--users 500]

Each run reads a whole directory in which one user in ten has another title, and plans it. Printed is one line in JSON for each twentieth
of the runs, and for the first: its number, the resident memory in MiB, and how many descriptors are open.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import company
from large import provider

from ansible_collections.identity.scim.plugins.action.directory import MODULES, AnsibleProcess

LINES = 20


def soak(runs: int, users: int, folder: Path) -> Iterator[tuple[int, float, int]]:
    """The number of a run, and the memory and the descriptors after it."""
    groups = company.usual_groups(users)
    source = folder / "company.json"
    company.write_json(source, users, groups)
    with provider(users, groups, 100, 10) as url:
        for number in range(1, runs + 1):
            arguments = {"url": url, "token": "soak-token", "src": [str(source)], "_ansible_check_mode": True}
            arguments |= {"_ansible_remote_tmp": str(folder), "_ansible_tmpdir": str(folder)}
            printed = AnsibleProcess("localhost").output_of(MODULES["directory"], arguments)
            result = json.loads(printed["stdout"])
            if result["summary"]["users"]["updated"] != users // 10:
                raise SystemExit(f"run {number}: {printed}")
            if number == 1 or number % max(runs // LINES, 1) == 0:
                gc.collect()
                yield number, resident(), len(os.listdir("/proc/self/fd"))


def resident() -> float:
    """The resident memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--users", type=int, default=500)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for number, memory, descriptors in soak(chosen.runs, chosen.users, Path(folder)):
            print(json.dumps({"run": number, "MiB": round(memory, 1), "descriptors": descriptors}), flush=True)


if __name__ == "__main__":
    main()
