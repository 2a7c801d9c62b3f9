# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""canaille: a token got with client credentials, and a real service provider that accepts it."""

from __future__ import annotations

from typing import Any

from servers.playbooks import Run
from servers.tables import Row, Table, of

PERSON = {"name": {"formatted": "Barbara Jensen", "given_name": "Barbara", "family_name": "Jensen"}, "active": True}


def test_client_credentials(run: Run, canaille: Any) -> None:
    canaille.direct.add_user("there@example.com", name={"formatted": "T", "familyName": "Jensen"}, title="Engineer", active=True)
    table = Table(run, canaille)
    rows = {
        "created": Row({"user_name": "bjensen", **PERSON}, "created"),
        "updated": Row({"user_name": "there@example.com", "title": "Lead"}, "updated"),
    }
    seen = table(rows)
    tokens = [exchange for exchange in canaille.proxy.requests if exchange.path == "/oauth/token"]
    assert len(tokens) == len(rows), "One token a task"
    assert all("grant_type=client_credentials" in exchange.body for exchange in tokens)
    for name in rows:
        assert seen[name].exchanges
        assert all(exchange.headers["Authorization"].startswith("Bearer ") for exchange in seen[name].exchanges)
    titles = {user["userName"]: user.get("title") for user in canaille.direct.get("/Users")["Resources"]}
    assert titles == {"bjensen": None, "there@example.com": "Lead"}
    assert [again.result["action"] for again in table.quickly(rows, check=False).values()] == ["unchanged", "unchanged"]


def test_the_wrong_secret(run: Run, canaille: Any) -> None:
    rows = {
        "wrong": Row({"user_name": "bjensen", "client_secret": "wrong-client-secret", **PERSON}, error="/oauth/token.*invalid_client"),
        "no such endpoint": Row({"user_name": "bjensen", "token_url": f"{canaille.proxy.origin}/nothing", **PERSON}, error="/nothing"),
        "no token_url": Row({"user_name": "bjensen", "token_url": None, **PERSON}, error="token_url"),
    }
    table = Table(run, canaille)
    table(rows)
    assert not [exchange for exchange in canaille.proxy.requests if exchange.path.startswith("/Users")]
    assert "wrong-client-secret" not in f"{table.played}{table.played.results if table.played else ''}"


def test_basic_authentication(run: Run, rfc: Any) -> None:
    """The header is what RFC 7617 says; scim2-server itself has only bearer tokens."""
    table = Table(run, rfc)
    seen = table({"basic": Row({"token": None, "url_username": "me", "url_password": "open sesame", "user_name": "b"}, error="401")})
    assert seen["basic"].exchanges[0].headers["Authorization"] == "Basic bWU6b3BlbiBzZXNhbWU="
    assert of("basic")(seen["basic"].exchanges[0].request)
    assert "open sesame" not in str(table.played)
