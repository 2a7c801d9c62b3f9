# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent-bom, a self-hosted security scanner; its API keeps users and groups in memory."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from interop.packages import Python
from interop.server import Body, Limit, ScimStore, Server, bearer


class Store(ScimStore):
    """Inactive users are in no listing, but for one that asks for them."""

    def all(self, path: str) -> list[Body]:
        inactive = self.direct.get(path, filter="active eq false", count=500)["Resources"] if path == "/Users" else []
        return [*super().all(path), *inactive]


SERVER = Server(
    name="agent-bom",
    title="agent-bom",
    packages=Python(Path(__file__).parent / "requirements.txt", "agent-bom", (11, 12)),
    command=("{installed}/venv/bin/agent-bom", "api", "--host", "127.0.0.1", "--port", "{port}"),
    environment={"AGENT_BOM_SCIM_BEARER_TOKEN": "{secret}"},
    base="/scim/v2",
    ready="/health",
    enter=partial(bearer, store=Store),
    stores=("display_name", "emails", "active"),
    limits={
        "user_module": Limit(
            "DELETE only deactivates users, so it does nothing to one who is inactive", "this provider only deactivates users"
        )
    },
)
