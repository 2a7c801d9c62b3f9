# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tenants on one server, each under a path and with a token of its own; what each was sent, and when."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import pairwise

from .serving import Answer, Request, Server

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@dataclass
class Tenant:
    """Users by id, and the time of each request in seconds. ``strangers`` are the tokens of others that were sent to it."""

    token: str
    users: dict[str, dict[str, object]] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    @property
    def gaps(self) -> list[float]:
        """The seconds between one request and the next."""
        return [later - earlier for earlier, later in pairwise(self.times)]

    def answer(self, request: Request) -> Answer:
        self.times.append(time.monotonic())
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            self.strangers.append(request.headers.get("Authorization", ""))
            return Answer.of_json(401, {"status": "401", "detail": "not your tenant"})
        if request.path == "/Users" and request.method == "POST":
            user = {**request.json, "id": f"{self.token}-{len(self.users)}"}
            self.users[user["id"]] = user
            return Answer.of_json(201, user)
        if request.path in ("/Users", "/Groups") and request.method == "GET":
            found = list(self.users.values()) if request.path == "/Users" else []
            return Answer.of_json(200, {"schemas": [LIST], "totalResults": len(found), "Resources": found})
        return Answer.of_json(404, {"status": "404", "detail": "no such endpoint"})


class Tenants(Server):
    """``tenants`` by name; the base URL of each is ``base_url``."""

    def __init__(self, count: int) -> None:
        self.tenants = {f"tenant{number:02}": Tenant(f"token-of-tenant{number:02}") for number in range(count)}
        super().__init__(self._answer)

    def base_url(self, name: str) -> str:
        return f"{self.origin}/{name}/v2"

    def _answer(self, request: Request) -> Answer:
        name = request.target.split("/")[1]
        return self.tenants[name].answer(Request(request.method, request.target, request.headers, request.body, root=f"/{name}/v2"))
