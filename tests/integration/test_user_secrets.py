# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are in no output: not on success, not on failure, not with --diff, not at -vvvv."""

from __future__ import annotations

from typing import Any

import pytest

from servers.faults import Rule, When, bend_answer, reply, scim_error
from servers.playbooks import Played, Run
from servers.serving import Answer
from servers.tables import Row, Table, of

PASSWORD = "correct/horse+battery staple"
HEADER = "header-value-0815"
SECRET = "client&secret=of/a kind"


def everything(played: Played | None) -> str:
    assert played is not None
    return f"{played.stdout}{played.stderr}{played.results}"


@pytest.mark.parametrize("verbosity", [0, 4])
def test_token_password_and_header(run: Run, rfc: Any, verbosity: int) -> None:
    echo = f"The password {PASSWORD} of the token {rfc.token} with {HEADER} is too weak."
    rfc.direct.add_user("there@example.com", title="Engineer")
    rfc.proxy.rules += [
        Rule("the answer repeats all", When("POST PATCH", where=of("refused and repeated")), reply(400, scim_error(400, echo))),
        Rule("HTML repeats all", When(where=of("repeated as HTML")), reply(200, f"<html><body>{echo}</body></html>")),
        Rule("the create answers with the password", When("POST", where=of("shown on success")), bend_answer(telling)),
        Rule("the token is not accepted", When(where=of("unauthorized")), reply(401, scim_error(401, echo))),
    ]
    secrets = {"password": PASSWORD, "http_headers": {"X-Api-Key": HEADER}, "retries": 0}
    table = Table(run, rfc)
    seen = table(
        {
            "created": Row({"user_name": "new@example.com", **secrets}, "created"),
            "updated": Row({"user_name": "there@example.com", "title": "Lead", "update_password": "always", **secrets}, "updated"),
            "shown on success": Row({"user_name": "shown@example.com", **secrets}, "created"),
            "refused and repeated": Row({"user_name": "refused@example.com", **secrets}, error=r"\*\*\*.*too weak"),
            "repeated as HTML": Row({"user_name": "html@example.com", **secrets}, error="not with JSON"),
            "unauthorized": Row({"user_name": "nobody@example.com", **secrets}, error="401"),
            "wrong": Row({"user_name": "new@example.com", "title": False, **secrets}, error="title"),
        },
        diff=True,
        verbosity=verbosity,
    )
    assert seen["created"].writes[0].body["password"] == PASSWORD
    assert seen["created"].writes[0].headers["X-Api-Key"] == HEADER
    output = everything(table.played)
    assert "there@example.com" in output
    for secret in (PASSWORD, rfc.token, HEADER):
        assert secret not in output, secret


def telling(answer: Answer) -> Answer:
    return Answer.of_json(answer.status, {**answer.json, "password": PASSWORD})


def test_client_secret(run: Run, canaille: Any) -> None:
    """The token that was given out is a secret too."""
    client = canaille.credentials
    table = Table(run, canaille)
    table(
        {
            "works": Row({"user_name": "bjensen", "name": {"formatted": "B", "family_name": "Jensen"}, "active": True}, "created"),
            "refused by the provider": Row({"user_name": "cjensen", "nick_name": "C"}, error="400"),
            "refused by the token endpoint": Row({"user_name": "djensen", "client_secret": SECRET}, error="token"),
        },
        diff=True,
        verbosity=4,
    )
    output = everything(table.played)
    given = [exchange.result["access_token"] for exchange in canaille.proxy.requests if "access_token" in str(exchange.result)]
    assert len(given) == 2
    for secret in (client.client_secret, SECRET, *given):
        assert secret not in output, secret


def test_what_is_masked_is_masked_by_name(run: Run, rfc: Any) -> None:
    """A header value "1", or a short word, must not turn other output into stars."""
    rfc.direct.add_user("user1@example.com", title="Engineer 1")
    headers = {"http_headers": {"X-Version": "1", "X-Tenant": "example"}}
    seen = Table(run, rfc)({"short": Row({"user_name": "user1@example.com", "title": "Engineer 10%", **headers}, "updated")})
    user = seen["short"].result["user"]
    assert (user["userName"], user["title"]) == ("user1@example.com", "Engineer 10%")
    assert seen["short"].exchanges[0].headers["X-Version"] == "1"
