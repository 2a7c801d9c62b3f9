# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token that canaille gives to a client creates a user through canaille's SCIM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from servers.direct import Direct
from servers.oauth import Canaille, compatible, configured, rules
from servers.proxy import RecordingProxy

if TYPE_CHECKING:
    from pytest_iam import Server as IamServer

NAME = {"formatted": "Barbara Jensen", "familyName": "Jensen"}


@pytest.fixture(scope="session")
def iam_configuration(iam_configuration: dict[str, Any]) -> dict[str, Any]:
    return configured(iam_configuration)


@pytest.fixture
def server(iam_server: IamServer) -> Iterator[Canaille]:
    with compatible():
        server = Canaille(iam_server)
        yield server
        server.clear()


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_token_creates_a_user(server: Canaille, method: str) -> None:
    answer = server.register(method).request_token(server.token_url, audience="https://example.com")
    assert (answer.status_code, answer.json()["token_type"]) == (200, "Bearer")
    direct = Direct(server.url, answer.json()["access_token"])
    made = direct.add_user("bjensen", name=NAME, active=True)
    assert direct.get(f"/Users/{made['id']}")["userName"] == "bjensen"
    changed = direct.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "Boss"})
    assert changed["title"] == "Boss"


def test_the_method_must_be_the_registered_one(server: Canaille) -> None:
    made = server.register("client_secret_post")
    answer = type(made)(made.client_id, made.client_secret, "client_secret_basic").request_token(server.token_url)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_revoked_tokens(server: Canaille) -> None:
    direct = Direct(server.url, server.token())
    direct.get("/Users")
    server.revoke_tokens()
    with pytest.raises(AssertionError, match="401"):
        direct.get("/Users")


def test_through_the_proxy(server: Canaille) -> None:
    with RecordingProxy(server.url, rules(server.origin)) as proxy:
        answer = server.register().request_token(f"{proxy.origin}/oauth/token")
        direct = Direct(proxy.url, answer.json()["access_token"])
        made = direct.add_user("bjensen", name=NAME, active=True)
        assert made["meta"]["location"].startswith(proxy.url)
        assert len(direct.get("/Users", count=10)["Resources"]) == 1
        assert [exchange.path for exchange in proxy.writes] == ["/Users"], "Asking for a token writes nothing"
