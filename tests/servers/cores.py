# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other versions of ansible-core, each in a virtual environment of its own below ``.cache/cores``, made when it is first asked for.

Which of them a machine can run depends on its Pythons: ansible-core 2.17 runs on no newer one than 3.12, and 2.21 on no older one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CORES = ROOT / ".cache" / "cores"
# The Pythons on which each supported ansible-core runs as a controller, from 3.11 on, which the collection itself needs.
CONTROLLERS: Mapping[str, range] = {
    "2.17": range(11, 13),
    "2.18": range(11, 14),
    "2.19": range(11, 14),
    "2.20": range(12, 15),
    "2.21": range(12, 15),
}


@dataclass(frozen=True, slots=True)
class Core:
    """An ansible-core on a Python. ``interpreter`` is the path of that Python, ``python`` the one that has the core."""

    version: str
    minor: int
    interpreter: str

    def __str__(self) -> str:
        return f"{self.version}-on-3.{self.minor}"

    @property
    def folder(self) -> Path:
        return CORES / str(self)

    @property
    def pins(self) -> Path:
        """The versions of this core and what it needs."""
        return ROOT / "tests" / "requirements" / f"core-{self.version}.txt"

    def python(self) -> str:
        """The path of a Python that has this core, what we need, and this collection. Of several workers the first makes it."""
        with locked(self.folder):
            if not self._is_made():
                self._make()
        return str(self.folder / "bin" / "python")

    def installed(self) -> Iterator[list[str]]:
        """The arguments with which uv installs what this environment has."""
        yield ["--no-deps", "--requirements", str(self.pins)]

    def _made_from(self) -> str:
        pins = [Path(word).read_text() for words in self.installed() for word in words if word.endswith(".txt")]
        return "\n".join([str(ROOT), self.interpreter, *pins])

    def _is_made(self) -> bool:
        """What it was made from is noted in it last: an interrupted making, other pins and a moved folder (scripts hold the path) show."""
        noted = self.folder / "made-from"
        return noted.exists() and noted.read_text() == self._made_from()

    def _make(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        own = str(self.folder / "bin" / "python")
        uv("venv", "--quiet", "--no-project", "--python", self.interpreter, str(self.folder))
        for arguments in self.installed():
            uv("pip", "install", "--quiet", "--system-certs", "--python", own, *arguments)
        namespace = self.folder / "lib" / f"python3.{self.minor}" / "site-packages" / "ansible_collections" / "identity"
        namespace.mkdir(parents=True)
        (namespace / "scim").symlink_to(ROOT)
        (self.folder / "made-from").write_text(self._made_from())


def oldest_and_newest() -> list[Core]:
    """The oldest supported core that this machine can run, on its oldest Python, and the newest one on its newest."""
    found = interpreters()
    fitting = {version: [minor for minor in minors if minor in found] for version, minors in CONTROLLERS.items()}
    able = [version for version, minors in fitting.items() if minors]
    oldest, newest = (able[0], fitting[able[0]][0]), (able[-1], fitting[able[-1]][-1])
    return [Core(version, minor, found[minor]) for version, minor in dict.fromkeys((oldest, newest))]


@cache
def interpreters() -> Mapping[int, str]:
    """A working Python for each minor version. Each is run: pyenv leaves names on the PATH behind which there is no Python."""
    return {minor: path for minor in range(11, 15) for path in first_working(minor)}


def first_working(minor: int) -> Iterator[str]:
    """The tests' own Python, else one that lies beside it (as pyenv's do), else one on the PATH."""
    name = f"python3.{minor}"
    beside = sorted(Path(sys.base_prefix).parent.glob(f"*/bin/{name}"))
    on_path = (Path(folder) / name for folder in os.environ.get("PATH", os.defpath).split(os.pathsep))
    for path in chain([Path(sys.base_prefix) / "bin" / name], beside, on_path):
        if path.is_file() and works(path, minor):
            yield str(path)
            return


def works(path: Path, minor: int) -> bool:
    code = f"import ssl, sys; sys.exit(sys.version_info[:2] != (3, {minor}))"
    try:
        return subprocess.run([path, "-c", code], capture_output=True, check=False, timeout=60).returncode == 0
    except OSError:
        return False


def uv(*arguments: str) -> None:
    """What it says is in the error: a machine that reaches no index must not look like a broken test."""
    own = {"UV_CACHE_DIR": str(ROOT / ".cache" / "uv"), "UV_PYTHON_DOWNLOADS": "never"}
    command = [sys.executable, "-m", "uv", *arguments]
    done = subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"A virtual environment of another ansible-core cannot be made: {' '.join(arguments)}\n{done.stderr}")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
