# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a large directory costs on the controller: CPU seconds and peak memory of the module ``directory``, without Ansible's own start.

    .venv/bin/python tests/benchmarks/large.py [--users 1000 10000 100000] [--formats json yml] [--page 1000] [--rounds 1]

Two runs of each size and format, in check mode: nothing to do, and 1 % of the users changed, with all three reports; each as often as
``--rounds`` says. The provider is a process of its own, whose time is not counted. ``--profile FOLDER`` writes what cProfile recorded,
with the times that it makes longer.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import company
from side_by_side import served

HERE = Path(__file__).resolve().parent
CHANGED = 100  # one user in so many
RUN = """
import sys
from ansible.module_utils.testing import patch_module_args
from ansible_collections.identity.scim.plugins.modules.directory import main
import json
with open(sys.argv[1]) as file:
    arguments = json.load(file)
with patch_module_args(arguments):
    main()
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of user and system, peak memory in MiB, requests, and changes."""

    cpu: float
    memory: float
    requests: int
    changes: int


def provider(users: int, groups: int, page: int, changed: int) -> AbstractContextManager[str]:
    """The base URL of a provider of that size, in a process of its own."""
    return served(str(HERE / "company.py"), *map(str, (users, groups, page, changed)))


def planned(folder: Path, url: str, source: Path, reports: Mapping[str, Any], profile: str = "") -> Cost:
    """Run the module in check mode, in a process of its own."""
    arguments = {
        "url": url,
        "token": "benchmark-token",
        "src": [str(source)],
        "_ansible_check_mode": True,
        "_ansible_remote_tmp": str(folder),
        "_ansible_tmpdir": str(folder),
        **reports,
    }
    (folder / "arguments.json").write_text(json.dumps(arguments), encoding="utf-8")
    how = ["-m", "cProfile", "-o", profile] if profile else []
    (folder / "run.py").write_text(RUN)
    with (folder / "printed").open("w+") as printed:
        process = subprocess.Popen(
            [sys.executable, *how, str(folder / "run.py"), str(folder / "arguments.json")], stdout=printed, stderr=subprocess.STDOUT
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read()
    if process.returncode:
        raise SystemExit(f"the module failed:\n{text[-3000:]}")
    result = json.loads(text.splitlines()[-1])
    changes = sum(result["summary"]["users"][name] for name in ("created", "updated"))
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, result["requests"], changes)


def measured(
    users: int, suffix: str, page: int, rounds: int = 1, profiles: str = "", groups: int = 0, shares: Sequence[int] = (0, CHANGED)
) -> Iterator[tuple[int, list[Cost]]]:
    """The runs of one size and format, by how many users there are for each one that changes; 0 if none does."""
    groups = groups or company.usual_groups(users)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / f"company.{suffix}"
        (company.write_json if suffix == "json" else company.write_yaml)(source, users, groups)
        all_reports = {"report": [str(folder / f"plan.{form}") for form in ("md", "html", "json")]}
        for changed in shares:
            with provider(users, groups, page, changed) as url:
                profile = str(Path(profiles) / f"{users}-{suffix}-{changed}.prof") if profiles else ""
                yield changed, [planned(folder, url, source, all_reports if changed else {}, profile) for _round in range(rounds)]


def in_words(changed: int) -> str:
    return f"{100 / changed:.0f} % changed, 3 reports" if changed else "nothing to do"


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Python keeps what it compiled, as on a user's machine
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--users", type=int, nargs="+", default=[1000, 10_000, 100_000])
    options.add_argument("--formats", nargs="+", default=["json", "yml"], choices=["json", "yml"])
    options.add_argument("--page", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--profile", default="")
    chosen = options.parse_args()
    for users in chosen.users:
        for suffix in chosen.formats:
            for changed, costs in measured(users, suffix, chosen.page, chosen.rounds, chosen.profile):
                for cost in costs:
                    print(
                        f"{users:7} users, {suffix:4}, {in_words(changed):24} {cost.cpu:6.2f} s CPU {cost.memory:6.0f} MiB "
                        f"{cost.requests:5} requests {cost.changes:6} changes",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
