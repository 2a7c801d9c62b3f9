# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installing: what is lacking is named, and only what is whole and of these pins counts as installed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from interop import packages
from interop.packages import CannotInstall, Jars, Maven, Npm, Python, installed


@dataclass
class Counted:
    """Packages that count how often they are installed."""

    pins: str = "one"
    broken: bool = False
    version: str = "1"
    count: int = 0

    def missing(self) -> str:
        return ""

    def install(self, folder: Path) -> None:
        self.count += 1
        (folder / f"installed-{self.count}").touch()
        if self.broken:
            raise CannotInstall("the registry does not answer")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(packages, "INSTALLED", tmp_path)
    return tmp_path


def test_is_installed_once(root: Path) -> None:
    counted = Counted()
    assert installed("server", counted) == installed("server", counted) == root / "server"
    assert counted.count == 1


def test_other_pins_are_installed_into_an_empty_folder(root: Path) -> None:
    counted = Counted()
    installed("server", counted)
    counted.pins = "two"
    installed("server", counted)
    assert sorted(path.name for path in (root / "server").iterdir()) == ["installed-2", "made-from"]


def test_a_failed_installation_is_done_again(root: Path) -> None:
    counted = Counted(broken=True)
    with pytest.raises(CannotInstall):
        installed("server", counted)
    counted.broken = False
    installed("server", counted)
    assert counted.count == 2


def tool(folder: Path, name: str, prints: str, code: int = 0) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{prints}' >&2\nexit {code}\n")
    path.chmod(0o755)


MAVEN = Maven("org.example", "server", "1.0", "0" * 64, "server-1.0")


@pytest.mark.parametrize(
    ("make", "tools", "expected"),
    [
        (lambda folder: Npm(folder, "x"), {}, "Node.js 20 or newer"),
        (lambda folder: Npm(folder, "x"), {"node": "v18.1.0"}, "Node.js 20 or newer (found 18)"),
        (lambda folder: Npm(folder, "x"), {"node": "v22.1.0"}, "npm"),
        (lambda folder: Npm(folder, "x"), {"node": "v22.1.0", "npm": "11.0.0"}, ""),
        (lambda folder: MAVEN, {}, "Java 17 or newer"),
        (lambda folder: MAVEN, {"java": 'openjdk version "11.0.2" 2019'}, "Java 17 or newer (found 11)"),
        (lambda folder: MAVEN, {"java": 'openjdk version "21.0.2" 2024'}, "Maven"),
        (lambda folder: MAVEN, {"java": 'openjdk version "21.0.2" 2024', "mvn": "Apache Maven 3.8.7"}, ""),
        (lambda folder: Jars(folder, "x"), {}, "Java 17 or newer"),
        (lambda folder: Jars(folder, "x"), {"java": 'openjdk version "21.0.2" 2024'}, "Maven"),
        (lambda folder: Python(folder, "x", (99,)), {}, "Python 3.99"),
        (lambda folder: Python(folder, "x", (98, 99)), {}, "Python 3.98 or 3.99"),
    ],
)
def test_names_what_is_missing(
    make: Callable[[Path], packages.Packages], tools: dict[str, str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, prints in tools.items():
        tool(tmp_path, name, prints)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make(tmp_path).missing() == expected


def test_a_tool_that_fails_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the names that pyenv leaves on the path."""
    tool(tmp_path, "node", "v22.0.0: command not found", 127)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Npm(tmp_path, "x").missing() == "Node.js 20 or newer"


def maven(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> Path:
    """An mvn that does this, and an empty folder to install into."""
    path = folder / "mvn"
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    (folder / "folder").mkdir()
    return folder / "folder"


def test_another_artifact_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = maven(tmp_path, monkeypatch, "echo changed > server-1.0.zip")
    with pytest.raises(CannotInstall, match="SHA-256"):
        MAVEN.install(folder)


POM = "<dependency><artifactId>server</artifactId> <version>1.2</version></dependency>"


def jars(folder: Path, *locked: str) -> Jars:
    texts = {"pom.xml": POM, "lib.sha256": "".join(f"{line}\n" for line in locked), "Server.java": ""}
    for name, text in texts.items():
        (folder / name).write_text(text)
    return Jars(folder, "server")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_jars_are_installed_with_what_starts_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = maven(tmp_path, monkeypatch, "mkdir lib && echo a > lib/a.jar")
    packages = jars(tmp_path, f"{sha256('a' + chr(10))}  a.jar")
    packages.install(folder)
    assert packages.version == "1.2"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        "Server.java",
        "lib.sha256",
        "lib/a.jar",
        "pom.xml",
    ]


@pytest.mark.parametrize(
    ("locked", "message"),
    [
        ((f"{'0' * 64}  a.jar",), r"a\.jar: the SHA-256 is .*, expected 0000"),
        ((), r"a\.jar: the SHA-256 is .*, expected no such file"),
        ((f"{sha256('a' + chr(10))}  a.jar", f"{'0' * 64}  b.jar"), r"b\.jar: it is missing"),
    ],
    ids=["another", "one more", "one less"],
)
def test_other_jars_are_refused(locked: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = maven(tmp_path, monkeypatch, "mkdir lib && echo a > lib/a.jar")
    with pytest.raises(CannotInstall, match=message):
        jars(tmp_path, *locked).install(folder)
