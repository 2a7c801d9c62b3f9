# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request over real HTTP: what is sent, with which credential, and where to."""

from __future__ import annotations

import itertools
import json
import socket
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.scim import errors
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http import deadline
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.connection import HTTP_AGENT, Connection
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Transport
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import TOKEN, USER, Say, free_port, serving, to

from .test_jwt import jwt

# -- what is sent --------------------------------------------------------------------------------------------------------------------------


def test_a_request_as_in_the_rfc() -> None:
    with serving(Say(201, USER, {"ETag": 'W/"1"'})) as provider:
        transport = to(provider, http_headers={"X-Tenant": "acme"})
        answer = transport.send("POST", "/Users", body={"userName": "björn"}, headers={"If-Match": "*"})
    [asked] = provider.asked
    assert (asked.method, asked.path, json.loads(asked.body)) == ("POST", "/v2/Users", {"userName": "björn"})
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["Content-Type"] == "application/scim+json"
    assert asked.headers["Accept"] == "application/scim+json, application/json"
    assert asked.headers["User-Agent"].startswith("identity.scim/")
    assert (asked.headers["X-Tenant"], asked.headers["If-Match"]) == ("acme", "*")
    assert (answer.status, answer.body, answer.headers["etag"]) == (201, USER, 'W/"1"')
    assert transport.requests == 1


def test_the_user_agent_has_the_version_of_the_collection() -> None:
    galaxy = yaml.safe_load((Path(__file__).parents[4] / "galaxy.yml").read_text(encoding="utf-8"))
    assert f"{galaxy['namespace']}.{galaxy['name']}/{galaxy['version']}" == HTTP_AGENT


def test_the_content_type_is_the_providers_and_headers_of_the_user_win() -> None:
    with serving() as provider:
        connection = Connection(provider.url, token=TOKEN, http_headers={"user-agent": "mine"})
        Transport(connection, Pacing(), "application/json").send("PATCH", "/Users/1", body={})
    assert provider.asked[0].headers["Content-Type"] == "application/json"
    assert provider.asked[0].headers["Accept"] == "application/json, application/scim+json"
    assert [value for name, value in provider.asked[0].headers.items() if name.lower() == "user-agent"] == ["mine"]


@pytest.mark.parametrize("first", ["application/scim+json", "application/json"])
def test_the_media_type_that_the_provider_takes_is_learned_from_a_415(first: str) -> None:
    with serving(Say(415), Say(201, USER), Say(200, USER)) as provider:
        transport = Transport(Connection(provider.url, token=TOKEN), Pacing(), first)
        assert transport.send("POST", "/Users", body={}, repeatable=False).status == 201
        assert transport.send("PATCH", "/Users/1", body={}).status == 200
    other = {"application/scim+json": "application/json", "application/json": "application/scim+json"}[first]
    assert [asked.headers["Content-Type"] for asked in provider.asked] == [first, other, other]


def test_a_415_to_both_media_types_is_a_refusal_and_learned_is_nothing() -> None:
    with serving(Say(415, {"detail": "The first."}), Say(415), Say(201, USER)) as provider:
        transport = to(provider)
        with pytest.raises(errors.Refused, match="415: The first"):
            transport.send("POST", "/Users", body={})
        transport.send("POST", "/Users", body={})
    assert provider.asked[2].headers["Content-Type"] == "application/scim+json"


def test_a_media_type_of_the_user_is_not_replaced() -> None:
    with serving(Say(415), Say(201, USER)) as provider, pytest.raises(errors.Refused, match="415"):
        to(provider, http_headers={"content-type": "application/json"}).send("POST", "/Users", body={})
    assert len(provider.asked) == 1


def test_a_query_is_percent_encoded() -> None:
    with serving() as provider:
        to(provider).send("GET", "/Users", params={"filter": 'userName eq "a+b&c@x.org"'})
    assert provider.asked[0].path == "/v2/Users?filter=userName%20eq%20%22a%2Bb%26c%40x.org%22"
    assert "Content-Type" not in provider.asked[0].headers


def test_quoted_ids_stay_quoted() -> None:
    with serving() as provider:
        to(provider).send("GET", "/Users/a%2Fb%3Fc")
    assert provider.asked[0].path == "/v2/Users/a%2Fb%3Fc"


@pytest.mark.parametrize(
    "path", ["/Users/..", "/Users/%2E%2e", "/Users/", "/Users//1", "/Users/.", "Users", "/Users?x=1", "/Users#x", "/a\\b"]
)
def test_a_path_that_would_lead_elsewhere_is_refused(path: str) -> None:
    with serving() as provider, pytest.raises(errors.Invalid, match="is not the path of a resource"):
        to(provider).send("DELETE", path)
    assert provider.asked == []


def test_netrc_and_the_environment_change_neither_credential_nor_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nowhere.pem"))
    with serving(Say(307, headers={"Location": "/other"}), Say(200)) as provider:
        to(provider).send("GET", "/Users")
    assert {asked.headers["Authorization"] for asked in provider.asked} == {f"Bearer {TOKEN}"}


def test_a_proxy_is_used_but_never_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with serving(Say(200, USER)) as proxy, serving() as provider:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert to("http://scim.example.invalid/v2", allow_plaintext=True).send("GET", "/Me").body == USER
        to(provider).send("GET", "/Me")
    assert [asked.path for asked in proxy.asked] == ["http://scim.example.invalid/v2/Me"]
    assert len(provider.asked) == 1


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Who are you\r\n\r\n", None])
def test_a_proxy_that_fails_is_named(answer: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.setenv("https_proxy", f"http://me:hunter22@127.0.0.1:{proxy.getsockname()[1] if answer else free_port()}")

        def refuse() -> None:
            connection, _other = proxy.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer or b"")

        if answer:
            threading.Thread(target=refuse, daemon=True).start()
        transport = to("https://scim.example.invalid", retries=0)
        with pytest.raises(errors.Unreachable, match="The proxy of the environment ") as caught:
            transport.send("POST", "/Users", body={}, repeatable=False)  # it never left: no AnswerLost
    assert "hunter22" not in str(caught.value)
    assert transport.requests == 0


def test_many_threads_share_one_transport() -> None:
    with serving(Say(200, USER)) as provider:
        transport = to(provider, concurrency=4)
        threads = [threading.Thread(target=transport.send, args=("GET", "/Me")) for _other in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert transport.requests == len(provider.asked) == 20


def test_cookies_are_not_kept() -> None:
    with serving(Say(200, headers={"Set-Cookie": "session=1"})) as provider:
        transport = to(provider)
        transport.send("GET", "/Me")
        transport.send("GET", "/Me")
    assert "Cookie" not in provider.asked[1].headers


# -- the credential ------------------------------------------------------------------------------------------------------------------------


EXPIRED_JWT = jwt(exp=datetime(2026, 1, 2, 3, 4, tzinfo=UTC).timestamp())
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date()
EXPIRED = {"WWW-Authenticate": 'Bearer error="invalid_token", error_description="The access token expired"'}
UNCLEAR = {"WWW-Authenticate": 'Bearer error="invalid_token", error_description="It is invalid or expired"'}


@pytest.mark.parametrize(
    ("options", "answer", "words"),
    [
        (
            {"token_expires": YESTERDAY},
            Say(401),
            f"401: Unauthorized. token expired on {YESTERDAY} (token_expires). Create a new one, and set ",
        ),
        (
            {},
            Say(401, headers=EXPIRED),
            "The access token expired. The provider reports that token has expired. Create a new one, and set token.",
        ),
        ({}, Say(401, {"detail": "No"}, EXPIRED), "401: No. The provider reports that token has expired."),
        ({}, Say(401, headers=UNCLEAR), "401: It is invalid or expired. Check token: it must be valid, and issued for this url."),
        ({"token_expires": date.max}, Say(401), "401: Unauthorized. Check token: it must be valid, and issued for this url."),
        ({"token": EXPIRED_JWT}, Say(401), "token expired on 2026-01-02 at 03:04 UTC (its claim exp). Create a new one, and set token."),
    ],
)
def test_a_401_is_called_expired_where_that_is_known(options: dict[str, Any], answer: Say, words: str) -> None:
    with serving(answer) as provider, pytest.raises(errors.Unauthorized) as caught:
        to(provider, **options).send("GET", "/Users")
    assert words in str(caught.value)


def test_a_new_token_that_is_refused_is_not_called_expired() -> None:
    with serving(Say(200, {"access_token": "new-token"})) as issuer, serving(Say(401, headers=EXPIRED)) as provider:
        options = {"client_id": "me", "client_secret": "s3cr3t-of-it", "token_url": f"{issuer.url}/token", "token_expires": YESTERDAY}
        with pytest.raises(errors.Unauthorized, match="Check client_id: it must be valid"):
            to(provider, **options).send("GET", "/Users")


def test_401_has_the_option_and_the_providers_message() -> None:
    with serving(Say(401, {"detail": f"{TOKEN} is expired"})) as provider:
        with pytest.raises(errors.Unauthorized, match=r"401: \*{8} is expired\. Check token:"):
            to(provider).send("GET", "/Users")
        with pytest.raises(errors.Unauthorized, match="Check url_username:"):
            to(provider, url_username="me", url_password="hunter22").send("GET", "/Users")
    assert len(provider.asked) == 2


def test_a_token_that_is_refused_is_renewed_once_and_not_counted() -> None:
    tokens = [Say(200, {"access_token": f"token-number-{n}"}) for n in (1, 2, 3)]
    with serving(*tokens) as issuer, serving(Say(401), Say(201, USER), Say(401, {"detail": "token-number-2, token-number-3"})) as provider:
        transport = to(provider, client_id="me", client_secret="hunter22", token_url=issuer.url)
        assert transport.send("POST", "/Users", body={}, repeatable=False).body == USER
        assert [asked.headers["Authorization"] for asked in provider.asked] == ["Bearer token-number-1", "Bearer token-number-2"]
        with pytest.raises(errors.Unauthorized, match=r"\*{8}, \*\*\*.*client_id"):
            transport.send("GET", "/Users")
    assert transport.requests == len(provider.asked) == 4
    assert len(issuer.asked) == 3


# -- redirects -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [307, 308])
def test_a_write_follows_within_the_origin(status: int) -> None:
    with serving(Say(status, b"moved", {"Location": "/v3/Users?x=1"}), Say(201, USER)) as provider:
        transport = to(provider)
        assert transport.send("POST", "/Users", body=USER, repeatable=False).status == 201
    assert [(asked.method, asked.path, json.loads(asked.body)) for asked in provider.asked] == [
        ("POST", "/v2/Users", USER),
        ("POST", "/v3/Users?x=1", USER),
    ]
    assert transport.requests == 2


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_read_follows_and_a_write_does_not(status: int) -> None:
    with serving(Say(status, headers={"Location": "/v3/Users"}), Say(200, USER)) as provider:
        assert to(provider).send("GET", "/Users").body == USER
    not_sent_on = pytest.raises(errors.Unreachable, match=r"PUT /Users/1 was redirected.*/v3/Users, which is not followed")
    with not_sent_on, serving(Say(status, headers={"Location": "/v3/Users"})) as provider:
        to(provider).send("PUT", "/Users/1", body={})
    assert len(provider.asked) == 1


def test_no_redirect_leads_to_another_origin() -> None:
    refused = pytest.raises(errors.Unreachable)
    with serving() as elsewhere, serving(Say(307, headers={"Location": f"{elsewhere.url}/v2/Users"})) as provider, refused as caught:
        to(provider).send("GET", "/Users")
    assert elsewhere.asked == []
    assert provider.url in str(caught.value)
    assert elsewhere.url in str(caught.value)


@pytest.mark.parametrize("location", ["//evil.example.com/v2", "https://127.0.0.1/", "http://localhost/"])
def test_other_spellings_of_another_origin(location: str) -> None:
    with serving(Say(307, headers={"Location": location})) as provider, pytest.raises(errors.Unreachable, match="not followed"):
        to(provider).send("GET", "/Users")


@pytest.mark.parametrize("headers", [{}, {"Location": ""}, {"Location": "http://[/"}])
def test_a_redirect_to_nowhere(headers: dict[str, str]) -> None:
    with serving(Say(307, headers=headers)) as provider, pytest.raises(errors.NotScim, match="Check url"):
        to(provider).send("GET", "/Users")


def test_redirects_come_to_an_end() -> None:
    hops = [Say(307, headers={"Location": f"/{n}"}) for n in range(9)]
    with serving(*hops) as provider, pytest.raises(errors.Unreachable, match="more than 5 times"):
        to(provider).send("GET", "/Users")
    assert len(provider.asked) == 6


@pytest.mark.parametrize(("method", "begun"), [("GET", True), ("POST", False), ("PATCH", False), ("DELETE", False)])
def test_only_a_write_that_never_began_is_not_begun(method: str, begun: bool) -> None:
    """A read after a write that was sent is stopped: the write has begun."""
    with serving(Say(200, USER)) as server:
        transport = to(server)
        transport._pacing.stop("the time is over")
        with pytest.raises(errors.Interrupted) as over:
            transport.send(method, "/Users")
    assert (over.value.begun, server.asked) == (begun, [])


# -- an answer that does not end -----------------------------------------------------------------------------------------------------------

FRAMED = pytest.mark.parametrize("headers", [{}, {"Transfer-Encoding": "chunked"}])


@FRAMED
def test_an_answer_that_does_not_end_is_lost(headers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part of it comes within the timeout, so only a limit on the whole ends it: on a clock on which each part takes 20 s."""
    monkeypatch.setattr(deadline, "monotonic", itertools.count(0, 20).__next__)
    endless = Say(200, None, headers, endless=lambda: None)
    with serving(endless) as provider, pytest.raises(errors.Unreachable, match="did not end its answer within 300 s"):
        to(provider, timeout=30, retries=0).send("GET", "/Users")


@FRAMED
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_run_that_is_ended_reads_no_answer_to_its_end(method: str, headers: dict[str, str]) -> None:
    """The status of a write is known from the first line of the answer."""
    with serving(Say(200, None, headers, endless=lambda: transport._pacing.stop("the time is over"))) as provider:
        transport = to(provider)
        if method == "GET":
            with pytest.raises(errors.Interrupted, match="the time is over"):
                transport.send(method, "/Users/1")
        else:
            assert transport.send(method, "/Users/1", body={}).status == 200
