# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keycloak with its own SCIM, which is a preview feature: a realm that is open to it, and a client with a service account.

The access token must name the SCIM base URL as its audience, and the service account needs the role ``manage-users``. The realm is as
Keycloak makes it: attributes that its user profile does not know are not stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from interop.packages import Maven
from interop.server import Access, Account, Body, Known, Running, Server
from servers.direct import Direct

REALM = "lab"
USERS = "service-account-"
HOUR = 3600
QUICK = "-XX:TieredStopAtLevel=1"  # nothing here lasts long enough for the optimizing compiler


def enter(running: Running, base: str) -> Access:
    """Make the realm; the collection gets its token with the client's credentials, the tests ask as clients of their own."""
    master = f"{running.origin}/realms/master/protocol/openid-connect/token"
    admin = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": running.secret}
    Direct(f"{running.origin}/admin", _token(master, admin)).post("/realms", _realm(base, running.secret))
    url = f"{running.origin}/realms/{REALM}/protocol/openid-connect/token"
    secret = {"client_secret": running.secret}
    tokens = {client: _token(url, {"grant_type": "client_credentials", "client_id": client, **secret}) for client in ("ansible", "tests")}
    connection = {"client_id": "ansible", **secret, "token_url": url}
    return Access(connection, Direct(base, tokens["ansible"]), AdminStore(f"{running.origin}/admin/realms/{REALM}", tokens["tests"]))


def _realm(base: str, secret: str) -> Body:
    roles = {"ansible": "manage-users", "tests": "realm-admin"}
    client: Body = {"secret": secret, "publicClient": False, "serviceAccountsEnabled": True, "standardFlowEnabled": False}
    audience = {"included.custom.audience": base, "access.token.claim": "true", "id.token.claim": "false"}
    mapper = {"name": "scim", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper", "config": audience}
    return {
        "realm": REALM, "enabled": True, "scimApiEnabled": True, "accessTokenLifespan": HOUR,
        "clients": [{"clientId": name, **client, "protocolMappers": [mapper]} for name in roles],
        "users": [
            {"username": USERS + name, "enabled": True, "serviceAccountClientId": name, "clientRoles": {"realm-management": [role]}}
            for name, role in roles.items()
        ],
    }  # fmt: skip


def _token(url: str, form: Body) -> str:
    answer = requests.post(url, data=form, timeout=60, proxies={"http": ""})
    answer.raise_for_status()
    return str(answer.json()["access_token"])


@dataclass(frozen=True, slots=True)
class AdminStore:
    """What Keycloak's admin API shows, which is not SCIM."""

    url: str
    token: str

    def accounts(self) -> list[Account]:
        users = [user for user in self._ask("GET", "/users?max=10000") if not user["username"].startswith(USERS)]
        return [Account(user["id"], user["username"], user["enabled"]) for user in users]

    def groups(self) -> list[tuple[str, list[str]]]:
        groups = self._ask("GET", "/groups?max=10000")
        return [(group["name"], self._members(group["id"])) for group in groups]

    def _members(self, group: str) -> list[str]:
        return sorted(user["username"] for user in self._ask("GET", f"/groups/{group}/members?max=10000"))

    def add_member(self, group: str, user_name: str) -> None:
        self._ask("PUT", self._membership(group, user_name))

    def remove_member(self, group: str, user_name: str) -> None:
        self._ask("DELETE", self._membership(group, user_name))

    def _membership(self, group: str, user_name: str) -> str:
        user = next(account.id for account in self.accounts() if account.user_name == user_name)
        return f"/users/{user}/groups/{next(one['id'] for one in self._ask('GET', '/groups?max=10000') if one['name'] == group)}"

    def _ask(self, method: str, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.request(method, self.url + path, headers=headers, timeout=60, proxies={"http": ""})
        answer.raise_for_status()
        return answer.json() if answer.content else None


SERVER = Server(
    name="keycloak",
    title="Keycloak (built-in SCIM, a preview feature)",
    packages=Maven(
        "org.keycloak",
        "keycloak-quarkus-dist",
        "26.7.3",
        "27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f",
        "keycloak-26.7.3",
    ),
    command=(
        "bash", "{installed}/server/bin/kc.sh", "start-dev", "--features=scim-api", "--http-host=127.0.0.1", "--http-port={port}",
        "--hostname={origin}", "--db=dev-mem",
    ),
    environment={"KC_BOOTSTRAP_ADMIN_USERNAME": "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD": "{secret}", "JAVA_OPTS_APPEND": QUICK},
    base=f"/realms/{REALM}/scim/v2",
    ready="/realms/master",
    enter=enter,
    stores=("name", "emails", "active"),
    known={
        "load": Known(
            "The response to a POST shows attributes that are not stored, so the first run cannot know of it. Each later run reports it.",
            "^not stored, and no message names it: displayName, externalId, nickName, phoneNumbers, preferredLanguage, title, "
            "the enterprise extension$",
        )
    },
)  # fmt: skip
