# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM-SDK for Java, the library, over the HTTP server of the JDK; users and groups are two maps in memory (see Server.java)."""

from __future__ import annotations

from pathlib import Path

from interop.packages import Jars
from interop.server import Access, Running, Server, bearer


def enter(running: Running, base: str) -> Access:
    access = bearer(running, base)
    access.direct.session.headers["Content-Type"] = "application/scim+json"  # it refuses application/json
    return access


SERVER = Server(
    name="scim-sdk",
    title="SCIM-SDK for Java",
    packages=Jars(Path(__file__).parent, "scim-sdk-server"),
    command=("java", "-XX:TieredStopAtLevel=1", "-cp", "{installed}/lib/*", "{installed}/Server.java", "{port}", "{secret}"),
    base="/scim/v2",
    ready="/scim/v2/ServiceProviderConfig",
    enter=enter,
)
