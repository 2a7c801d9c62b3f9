# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about each server: pins, limits, and the commands that start it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.catalog import CATALOG
from interop.checks import CHECKS
from interop.packages import Jars, Maven, Npm, Python
from interop.results import all_results
from interop.server import Server
from interop.servers import SERVERS

FOLDER = Path(__file__).parents[2] / "interop" / "servers"
EACH = pytest.mark.parametrize("server", SERVERS.values(), ids=lambda server: server.name)


@EACH
def test_limits_are_of_checks(server: Server) -> None:
    assert set(server.known) <= set(CHECKS)
    assert set(server.limits) <= set(CHECKS)


@EACH
def test_the_command_and_the_environment_take_known_values(server: Server) -> None:
    values = dict.fromkeys(("port", "origin", "installed", "data", "secret", "path"), "x")
    for text in (*server.command, *server.environment.values()):
        assert "{" not in text.format(**values)


def test_npm_packages_are_pinned_with_their_checksums() -> None:
    found = [server.packages for server in SERVERS.values() if isinstance(server.packages, Npm)]
    assert found
    for packages in found:
        wanted = json.loads((packages.source / "package.json").read_text())["dependencies"]
        lock = json.loads((packages.source / "package-lock.json").read_text())["packages"]
        assert all(re.fullmatch(r"[0-9.]+", version) for version in wanted.values()), wanted
        assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
        assert all(one["integrity"].startswith("sha512-") for name, one in lock.items() if name)
        assert packages.version == wanted[packages.package]


def test_python_packages_are_pinned() -> None:
    found = [server.packages for server in SERVERS.values() if isinstance(server.packages, Python)]
    assert found
    for packages in found:
        lines = [line for line in packages.pins.splitlines() if line and not line.startswith("#")]
        assert all(re.match(r"[\w.\-\[\]]+==\S+", line) for line in lines), lines
        assert f"{packages.package}=={packages.version}" in packages.requirements.with_suffix(".in").read_text()


def test_maven_artifacts_have_a_checksum() -> None:
    found = [server.packages for server in SERVERS.values() if isinstance(server.packages, Maven)]
    assert found
    for packages in found:
        assert re.fullmatch(r"[0-9a-f]{64}", packages.sha256)
        assert packages.version in packages.unpacked


def test_jars_are_pinned_with_their_checksums() -> None:
    found = [server.packages for server in SERVERS.values() if isinstance(server.packages, Jars)]
    assert found
    for packages in found:
        versions = re.findall(r"<version>(.*)</version>", (packages.source / "pom.xml").read_text())
        assert all(re.fullmatch(r"[0-9.]+", version) for version in versions), versions
        lines = (packages.source / "lib.sha256").read_text().splitlines()
        assert all(re.fullmatch(r"[0-9a-f]{64}  \S+\.jar", line) for line in lines), lines
        assert any(line.endswith(f"  {packages.artifact}-{packages.version}.jar") for line in lines)


def test_each_folder_is_a_server() -> None:
    folders = {path.parent.name.replace("_", "-") for path in FOLDER.glob("*/server.py")}
    assert folders == set(SERVERS)


def test_a_profile_is_tested_with_the_version_that_is_run() -> None:
    """A profile that a real server was run with says so."""
    profiles = {profile.name: profile for profile in CATALOG}
    run = {result.profile: result.version for result in all_results() if result.profile in profiles}
    assert {name: tested.version for name in run if (tested := profiles[name].tested)} == run
