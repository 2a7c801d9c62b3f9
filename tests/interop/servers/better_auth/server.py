# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Better Auth with its SCIM plugin, over SQLite in memory (see server.mjs)."""

from __future__ import annotations

from pathlib import Path

from interop.packages import Npm
from interop.server import Server, bearer

SERVER = Server(
    name="better-auth",
    title="Better Auth (SCIM plugin)",
    packages=Npm(Path(__file__).parent, "@better-auth/scim"),
    command=("node", "{installed}/server.mjs", "{port}", "{secret}"),
    base="/api/auth/scim/v2",
    ready="/api/auth/ok",
    enter=bearer,
)
