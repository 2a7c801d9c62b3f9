# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ``ansible-test sanity``, the unit tests and some integration tests on every supported ansible-core with every Python found here.

Each pair has all test tools in a virtual environment of its own below ``.cache/matrix``. A pair that cannot run here is printed as well,
and fails nothing, unless it was asked for.

.venv/bin/python tests/matrix.py [--core 2.18] [--minor 12] [--steps sanity,unit,integration]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for servers
from servers.cores import CONTROLLERS, ROOT, Core, interpreters

FOLDER = ROOT / ".cache" / "matrix"
DEVEL = "devel"
SOURCE = "ansible-core @ https://github.com/ansible/ansible/archive/devel.tar.gz"
INTEGRATION = ("test_examples", "test_user_requests", "test_group", "test_directory_guard", "test_validate")
STEPS = {
    "sanity": ["tests/sanity.py"],
    "unit": ["-m", "pytest", "-q", "-n", "2", "tests/unit"],
    "integration": ["-m", "pytest", "-q", "-n", "2", *(f"tests/integration/{name}.py" for name in INTEGRATION)],
}


@dataclass(frozen=True, slots=True)
class Bench(Core):
    """A core with everything that the tests need."""

    @property
    def folder(self) -> Path:
        return FOLDER / str(self)

    def installed(self) -> Iterator[list[str]]:
        """The pins of the core replace those of the tools."""
        yield ["--no-deps", "--requirements", str(ROOT / "tests" / "requirements" / "lock.txt")]
        yield ["--upgrade", SOURCE] if self.version == DEVEL else ["--no-deps", "--requirements", str(self.pins)]

    def environment(self) -> dict[str, str]:
        binaries, site = self.folder / "bin", self.folder / "lib" / f"python3.{self.minor}" / "site-packages"
        return {
            **os.environ,
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(site),
            "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"),
            "LC_ALL": "C.UTF-8",
        }


def main() -> int:
    parser = argparse.ArgumentParser(description="Test on other versions of ansible-core and Python.")
    parser.add_argument("--core", choices=[*CONTROLLERS, DEVEL])
    parser.add_argument("--minor", type=int, help="12 is Python 3.12")
    parser.add_argument("--steps", default=",".join(STEPS), help="some of %(default)s")
    given = parser.parse_args()
    asked, found = bool(given.core and given.minor), interpreters()
    failed = False
    for version, minors in {**CONTROLLERS, DEVEL: range(13, 15)}.items():
        for minor in minors if given.core in (None, version) and (version != DEVEL or given.core) else ():
            if given.minor not in (None, minor):
                continue
            core = Bench(version, minor, found.get(minor, ""))
            results = tested(core, given.steps.split(",")) if core.interpreter else [f"not run: no Python 3.{minor} here"]
            for result in results:
                print(f"== {core}: {result}", flush=True)
                failed |= "FAILED" in result or (asked and "not run" in result)
    return int(failed)


def tested(core: Bench, steps: list[str]) -> Iterator[str]:
    """Run the steps, and say of each how it ended."""
    python = core.python()
    for step in steps:
        begin = time.monotonic()
        done = subprocess.run([python, *STEPS[step]], cwd=ROOT, env=core.environment(), check=False)
        yield f"{step} {'FAILED' if done.returncode else 'passed'} ({time.monotonic() - begin:.0f} s)"


if __name__ == "__main__":
    sys.exit(main())
