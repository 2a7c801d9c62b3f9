# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a server is installed: from npm, Maven Central or PyPI, everything pinned, into a folder of its own below ``.cache/interop``.

Each kind knows its version, what the machine lacks for it (``missing``), what it is made from, and how to install it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from servers.cores import ROOT, interpreters, locked, uv

INSTALLED = ROOT / ".cache" / "interop"
DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"


class CannotInstall(Exception):
    """A package could not be installed."""


class Packages(Protocol):
    @property
    def version(self) -> str:
        """The installed version."""

    @property
    def pins(self) -> str:
        """What is installed, as text: another text means another installation."""

    def missing(self) -> str:
        """What this machine lacks, such as "Node.js 20 or newer"; an empty text if it lacks nothing."""

    def install(self, folder: Path) -> None:
        """Install into an empty folder."""


@dataclass(frozen=True, slots=True)
class Npm:
    """A folder with package.json, package-lock.json and the file that starts the server; ``package`` is the one that is tested."""

    source: Path
    package: str
    node: int = 20
    FILES: ClassVar = ("package.json", "package-lock.json", "server.mjs")

    @property
    def version(self) -> str:
        lock = json.loads((self.source / "package-lock.json").read_text(encoding="utf-8"))
        return str(lock["packages"][f"node_modules/{self.package}"]["version"])

    @property
    def pins(self) -> str:
        return _contents(self.source, self.FILES)

    def missing(self) -> str:
        found = _major(["node", "--version"], r"v(\d+)")
        if found is None or found < self.node:
            return f"Node.js {self.node} or newer{_found(found)}"
        return "" if _major(["npm", "--version"], r"(\d+)") else "npm"

    def install(self, folder: Path) -> None:
        for name in self.FILES:
            shutil.copy(self.source / name, folder)
        _done(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", str(INSTALLED / "npm")], folder)


@dataclass(frozen=True, slots=True)
class Maven:
    """A zip of Maven Central, which holds one folder of the name ``unpacked``."""

    group: str
    artifact: str
    version: str
    sha256: str
    unpacked: str
    java: int = 17

    @property
    def pins(self) -> str:
        return f"{self.group}:{self.artifact}:{self.version}:zip {self.sha256}\n"

    def missing(self) -> str:
        return _java(self.java)

    def install(self, folder: Path) -> None:
        _copied(folder, "copy", f"-Dartifact={self.group}:{self.artifact}:{self.version}:zip", f"-DoutputDirectory={folder}")
        archive = folder / f"{self.artifact}-{self.version}.zip"
        _same({archive.name: self.sha256}, folder)
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
        archive.unlink()
        (folder / self.unpacked).rename(folder / "server")


@dataclass(frozen=True, slots=True)
class Jars:
    """A folder with pom.xml, lib.sha256 (as ``sha256sum`` writes it) and Server.java; ``artifact`` is the one that is tested."""

    source: Path
    artifact: str
    java: int = 17
    FILES: ClassVar = ("pom.xml", "lib.sha256", "Server.java")

    @property
    def version(self) -> str:
        pom = (self.source / "pom.xml").read_text(encoding="utf-8")
        found = re.search(rf"<artifactId>{re.escape(self.artifact)}</artifactId>\s*<version>([^<]+)<", pom)
        assert found, f"{self.source}/pom.xml does not pin {self.artifact}"
        return found[1]

    @property
    def pins(self) -> str:
        return _contents(self.source, self.FILES)

    def missing(self) -> str:
        return _java(self.java)

    def install(self, folder: Path) -> None:
        for name in self.FILES:
            shutil.copy(self.source / name, folder)
        lib = folder / "lib"
        _copied(folder, "copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={lib}")
        lines = (folder / "lib.sha256").read_text(encoding="utf-8").splitlines()
        _same({name: sha256 for sha256, name in map(str.split, lines)}, lib)


@dataclass(frozen=True, slots=True)
class Python:
    """A requirements file with every package at its version, for one of these minor versions of Python 3."""

    requirements: Path
    package: str
    minors: Sequence[int]

    @property
    def version(self) -> str:
        found = re.search(rf"^{re.escape(self.package)}==(\S+)", self.pins, re.MULTILINE)
        assert found, f"{self.requirements} does not pin {self.package}"
        return found[1]

    @property
    def pins(self) -> str:
        return self.requirements.read_text(encoding="utf-8")

    def missing(self) -> str:
        return "" if self._minor() else f"Python {' or '.join(f'3.{minor}' for minor in self.minors)}"

    def _minor(self) -> int | None:
        return next((minor for minor in self.minors if minor in interpreters()), None)

    def install(self, folder: Path) -> None:
        own = str(folder / "venv" / "bin" / "python")
        try:
            uv("venv", "--quiet", "--no-project", "--python", interpreters()[self._minor() or 0], str(folder / "venv"))
            uv("pip", "install", "--quiet", "--system-certs", "--no-deps", "--python", own, "--requirements", str(self.requirements))
        except RuntimeError as error:
            raise CannotInstall(str(error)) from error


def installed(name: str, packages: Packages) -> Path:
    """The folder of an installed server. What it was made from is noted in it last, so that an interrupted installation shows."""
    folder = INSTALLED / name
    made_from = f"{ROOT}\n{packages.pins}"
    with locked(folder):
        noted = folder / "made-from"
        if not noted.exists() or noted.read_text(encoding="utf-8") != made_from:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            packages.install(folder)
            noted.write_text(made_from, encoding="utf-8")
    return folder


def own_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The caller's environment without what would configure Ansible or this collection."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SCIM_", "PYTHON"))}
    return {**kept, **(extra or {})}


def _contents(folder: Path, names: Sequence[str]) -> str:
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


def _done(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, env=own_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotInstall(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def _java(version: int) -> str:
    """What is missing of Java and Maven."""
    found = _major(["java", "-version"], r'version "(\d+)')
    if found is None or found < version:
        return f"Java {version} or newer{_found(found)}"
    return "" if _major(["mvn", "--version"], r"Maven (\d+)") else "Maven"


def _copied(folder: Path, goal: str, *options: str) -> None:
    """Have Maven copy artifacts, with a local repository that is removed."""
    local = folder / "repository"
    _done(["mvn", "-q", "-B", "-ntp", f"-Dmaven.repo.local={local}", f"{DEPENDENCIES}:{goal}", *options], folder)
    shutil.rmtree(local, ignore_errors=True)


def _same(expected: Mapping[str, str], folder: Path) -> None:
    """Refuse other files than these, by their SHA-256."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.suffix in {".jar", ".zip"}}
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            raise CannotInstall(f"{name}: it is missing")
        if found[name] != expected.get(name):
            raise CannotInstall(f"{name}: the SHA-256 is {found[name]}, expected {expected.get(name, 'no such file')}")


def _major(command: Sequence[str], pattern: str) -> int | None:
    """The major version that a tool prints; None where it is not there."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120)
    except OSError:
        return None
    found = re.search(pattern, done.stdout + done.stderr)
    return int(found[1]) if found and done.returncode == 0 else None


def _found(major: int | None) -> str:
    return f" (found {major})" if major else ""
