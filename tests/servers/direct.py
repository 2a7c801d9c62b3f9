# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few lines of HTTP to seed and inspect a provider behind the client's back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import requests

Body = dict[str, Any]


class Direct:
    """JSON in, JSON out, below one base URL; any status of 400 or above is raised with the provider's own words."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: str, path: str, body: Any = None, **query: Any) -> Body:
        target = self.url + path + (f"?{urlencode(query)}" if query else "")
        response = self.session.request(method, target, json=body, timeout=60)
        if response.status_code >= 400:
            raise AssertionError(f"{method} {target} was answered with {response.status_code}: {response.text}")
        return dict(response.json()) if response.content else {}

    def get(self, path: str, **query: Any) -> Body:
        return self.request("GET", path, **query)

    def post(self, path: str, body: Body) -> Body:
        return self.request("POST", path, body)

    def put(self, path: str, body: Body) -> Body:
        return self.request("PUT", path, body)

    def patch(self, path: str, *operations: Body) -> Body:
        return self.request("PATCH", path, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)})

    def delete(self, path: str) -> None:
        self.request("DELETE", path)

    def list_all(self, path: str) -> list[Body]:
        found: list[Body] = []
        while page := self.get(path, startIndex=len(found) + 1, count=100).get("Resources"):
            found += page
        return found

    def add_user(self, user_name: str, **attributes: Any) -> Body:
        schemas = attributes.pop("schemas", ["urn:ietf:params:scim:schemas:core:2.0:User"])
        return self.post("/Users", {"schemas": schemas, "meta": {"resourceType": "User"}, "userName": user_name, **attributes})

    def add_group(self, display_name: str, *member_ids: str, **attributes: Any) -> Body:
        named = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": display_name}
        return self.post("/Groups", {**named, "members": [{"value": member} for member in member_ids], **attributes})
