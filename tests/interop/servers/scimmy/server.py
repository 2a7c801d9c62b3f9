# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIMMY, the library, with its routers for Express; users and groups are two maps in memory (see server.mjs)."""

from __future__ import annotations

from pathlib import Path

from interop.packages import Npm
from interop.server import Server, bearer

SERVER = Server(
    name="scimmy",
    title="SCIMMY",
    packages=Npm(Path(__file__).parent, "scimmy"),
    command=("node", "{installed}/server.mjs", "{port}", "{secret}"),
    base="/scim/v2",
    ready="/scim/v2/ServiceProviderConfig",
    enter=bearer,
)
