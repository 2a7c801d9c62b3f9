# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Second writers, which change something just before a request of the collection is carried out."""

from __future__ import annotations

import json
from collections.abc import Callable

from ansible_collections.identity.scim.tests.simulated import Simulated

OUTSIDER = "by-hand@example.org"

Rival = Callable[[Simulated, str, str, str], None]


def twin(provider: Simulated, method: str, path: str, content: str) -> None:
    """Create the user who is about to be created. (A group of one name twice is allowed by SCIM, and no client can prevent it.)"""
    if method == "POST" and path == "/Users":
        name = json.loads(content)["userName"]
        if all(user["userName"].casefold() != name.casefold() for user in provider.users.values()):
            provider.add(path, f"rival-{name}", {"userName": name})


def remover(provider: Simulated, method: str, path: str, content: str) -> None:
    """Delete what is about to be read or changed, or the first user that was there."""
    endpoint, _slash, resource_id = path[1:].partition("/")
    where = f"/{endpoint}" if resource_id in provider.stored.get(f"/{endpoint}", ()) else "/Users"
    key = resource_id if resource_id in provider.stored[where] else next(iter(provider.stored[where]), "")
    if key:
        provider.remove(where, key)


def newcomer(provider: Simulated, method: str, path: str, content: str) -> None:
    """Create a user that nobody declares, who joins the group that is about to be changed, or the first one."""
    if "rival" not in provider.users:
        provider.add("/Users", "rival", {"userName": OUTSIDER})
        key = path.removeprefix("/Groups/") if path.removeprefix("/Groups/") in provider.groups else next(iter(provider.groups), "")
        if key:
            group = provider.groups[key]
            provider.add("/Groups", key, {**group, "members": [*group.get("members", ()), {"value": "rival"}]})


RIVALS: dict[str, Rival] = {"twin": twin, "remover": remover, "newcomer": newcomer}
