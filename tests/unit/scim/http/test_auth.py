# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials: exactly one, sent to where they belong, renewed once for all, never shown."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.redact import Redactor
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Interrupted, Invalid, Unauthorized, Unreachable
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.auth import ClientCredentials, credential_of
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.connection import Connection, origin_of
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.retry import RetryPolicy
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.wire import Wire
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import Clock, Say, Scripted, serving

URL = "https://scim.example.com/v2"
SECRET = "s3cr3t-of-the-client"
CLIENT = Connection(url=URL, client_id="me", client_secret=SECRET, token_url="https://id.example.com/token")


def pick(connection: Connection) -> Any:
    retry = RetryPolicy(Pacing(), connection.retries, connection.max_wait)
    return credential_of(connection, Wire(connection), retry, Redactor(connection.secrets))


def given(token: str = "token-number-one", **more: Any) -> Say:
    return Say(200, {"access_token": token, "token_type": "bearer", "expires_in": 1800, **more})


@pytest.fixture
def issuer() -> Iterator[Scripted]:
    with serving(given(), given("token-number-two"), given("token-number-three")) as scripted:
        yield scripted


def client(issuer: Scripted, clock: Clock | None = None, **options: Any) -> ClientCredentials:
    clock = clock or Clock()
    connection = replace(CLIENT, token_url=f"{issuer.url}/token", **options)
    retry = RetryPolicy(Pacing(clock=clock, nap=clock.sleep), connection.retries, connection.max_wait)
    return ClientCredentials(connection, Wire(connection), retry, Redactor(connection.secrets))


def test_each_credential_has_its_method() -> None:
    token, basic = pick(Connection(URL, token="abc")), pick(Connection(URL, url_username="me", url_password=""))
    assert (token.option, token.header(), token.renew("Bearer abc")) == ("token", "Bearer abc", False)
    assert (basic.option, basic.header(), basic.renew("Basic bWU6")) == ("url_username", "Basic bWU6", False)
    assert isinstance(pick(CLIENT), ClientCredentials)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "found none"),
        ({"token": "a", "url_username": "b", "url_password": "c"}, "found token and url_username"),
        ({"token": "a", "client_secret": "b"}, "found token and client_id"),
        ({"client_id": "a", "token_url": "https://id.example.com"}, "client_secret is missing"),
        ({"client_secret": "a", "token_url": "https://id.example.com"}, "client_id is missing"),
        ({"client_id": "a", "client_secret": "b"}, "token_url is missing"),
        ({"url_username": "a"}, "url_password is missing"),
        ({"url_password": "a"}, "url_username is missing"),
        ({"token": "Bearer abc"}, 'without "Bearer "'),
        ({"token": "abc\n"}, "line breaks"),
        ({"url_username": "a:b", "url_password": "c"}, "colon"),
    ],
)
def test_none_several_or_half_a_credential_is_invalid(options: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        Connection(URL, **options)


def test_all_mistakes_are_in_one_error() -> None:
    with pytest.raises(Invalid) as caught:
        Connection(URL, client_id="a", token="b")
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "Set exactly one credential",
        "client_secret is missing",
        "token_url is missing",
    ]
    assert "token_url is missing: client_id and client_secret are" in str(caught.value)


def test_basic_is_in_utf8() -> None:
    header = pick(Connection(URL, url_username="jürgen", url_password="pässword")).header()
    assert base64.b64decode(header.removeprefix("Basic ")).decode("utf-8") == "jürgen:pässword"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "http://scim.example.com"}, "plain http"),
        ({"url": "https://me:hunter22@scim.example.com"}, "url_username"),
        ({"url": "https://scim.example.com/v2?x=1"}, "query"),
        ({"url": "https://scim.example.com/v2#x"}, "fragment"),
        ({"url": "scim.example.com"}, "must begin with https://"),
        ({"url": "https://"}, "and a host"),
        ({"url": "https://scim.example.com:port"}, "not a valid URL"),
        ({"url": "https://scim.example.com\n"}, "line break"),
        ({"url": URL, "token_url": "http://id.example.com/token"}, "token_url.*plain http"),
        ({"url": URL, "http_headers": {"authorization": "x"}}, "must not contain Authorization"),
        ({"url": URL, "http_headers": {"X-Key": "hunter22\r\nX: y"}}, "header X-Key"),
        ({"url": URL, "client_key": "key.pem"}, "client_cert"),
        ({"url": URL, "timeout": 0}, "timeout"),
        ({"url": URL, "timeout": float("inf")}, "timeout must be more than 0 and at most 1000000 seconds, got inf"),
        ({"url": URL, "timeout": float("nan")}, "got nan"),
        ({"url": URL, "max_wait": float("inf")}, "max_wait must be at least 0 and at most 1000000 seconds, got inf"),
        ({"url": URL, "retries": -1}, "retries must be at least 0, got -1"),
    ],
)
def test_an_error_about_a_wrong_option_has_no_secret(options: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words) as caught:
        Connection(**{"token": "hunter22", **options})
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v2", "http://[::1]/v2", "http://localhost/v2/"])
def test_plain_http_is_allowed_to_this_machine(url: str) -> None:
    assert Connection(url, token="abc").url.endswith("/v2")


def test_plain_http_is_allowed_with_allow_plaintext() -> None:
    connection = Connection("http://scim.example.com", token="abc", allow_plaintext=True)
    assert origin_of(connection.url) == "http://scim.example.com"


def test_secrets_are_in_no_repr() -> None:
    for credential in ({"token": "t-secret"}, {"url_username": "me", "url_password": "p-secret"}, {"client_secret": "c-secret"}):
        client = {"client_id": "me", "token_url": "https://id.example.com"} if "client_secret" in credential else {}
        connection = Connection(URL, **credential, **client, http_headers={"X": "h-secret"})
        for text in (repr(connection), repr(pick(connection))):
            assert "secret='" not in text
            assert "-secret" not in text


def test_the_token_is_fetched_late_and_as_a_form(issuer: Scripted) -> None:
    credential = client(issuer, scopes=("read", "write"), audience="https://api.example.com", http_headers={"X-Tenant": "acme"})
    assert issuer.asked == []
    assert credential.header() == credential.header() == "Bearer token-number-one"
    [asked] = issuer.asked
    assert {name: value[0] for name, value in parse_qs(asked.body.decode()).items()} == {
        "grant_type": "client_credentials", "client_id": "me", "client_secret": SECRET, "scope": "read write", "audience": "https://api.example.com",
    }  # fmt: skip
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in asked.headers  # RFC 6749 §2.3: not more than one method in each request
    assert "X-Tenant" not in asked.headers  # what is meant for the provider may be a credential


def test_netrc_adds_nothing_to_the_request_for_a_token(issuer: Scripted, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    client(issuer).header()
    assert "Authorization" not in issuer.asked[0].headers


def test_it_is_renewed_before_it_ends(issuer: Scripted) -> None:
    clock = Clock()
    credential = client(issuer, clock)
    credential.header()
    clock.now += 1769
    assert credential.header() == "Bearer token-number-one"
    clock.now += 1
    assert credential.header() == "Bearer token-number-two"


@pytest.mark.parametrize("expires_in", ["10", 10])
def test_a_short_life_leaves_time_to_use_the_token(expires_in: Any) -> None:
    clock = Clock()
    with serving(given(expires_in=expires_in), given("token-number-two")) as issuer:
        credential = client(issuer, clock)
        credential.header()
        clock.now += 8.9
        assert credential.header() == "Bearer token-number-one"
        clock.now += 0.2
        assert credential.header() == "Bearer token-number-two"


def test_without_an_end_it_is_used_until_it_is_refused() -> None:
    clock = Clock()
    with serving(given(expires_in=None), given("token-number-two")) as issuer:
        credential = client(issuer, clock)
        first = credential.header()
        clock.now += 1e9
        assert credential.header() == first
        assert credential.renew(first)
        assert credential.header() == "Bearer token-number-two"


def test_one_renewal_serves_all_threads(issuer: Scripted) -> None:
    credential = client(issuer)
    refused = credential.header()
    threads = [threading.Thread(target=credential.renew, args=(refused,)) for _other in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert credential.header() == "Bearer token-number-two"
    assert len(issuer.asked) == 2


@pytest.mark.parametrize(
    ("status", "code", "advice", "requests"),
    [
        (401, "invalid_client", "client_id and client_secret", 2),
        (401, "else", "token_url", 2),
        (400, "invalid_scope", "scopes", 1),
        (403, "access_denied", "audience", 1),
    ],
)
def test_a_refusal_names_the_option_and_is_final(status: int, code: str, advice: str, requests: int) -> None:
    with serving(Say(status, {"error": code, "error_description": f"I do not know {SECRET}"})) as issuer:
        credential = client(issuer)
        for _other in range(2):
            with pytest.raises(Unauthorized, match=rf"{status}.*I do not know \*+.*Check {advice}"):
                credential.header()
    assert len(issuer.asked) == requests


@pytest.mark.parametrize(
    "refusal",
    [Say(401, {"error": "invalid_client"}), Say(401), Say(400, {"error": "invalid_client"}), Say(400, {"error": "unauthorized_client"})],
)
def test_a_server_that_refuses_the_form_gets_basic_from_then_on(refusal: Say) -> None:
    with serving(refusal, given(), given("token-number-two")) as issuer:
        credential = client(issuer, client_id="me: jürgen", client_secret="a/b+c d%-secret", scopes=("read",))
        assert credential.renew(credential.header())
        assert credential.header() == "Bearer token-number-two"
    form, *others = issuer.asked
    assert "Authorization" not in form.headers
    assert len(others) == 2
    for asked in others:
        assert base64.b64decode(asked.headers["Authorization"].removeprefix("Basic ")) == b"me%3A+j%C3%BCrgen:a%2Fb%2Bc+d%25-secret"
        assert parse_qs(asked.body.decode()) == {"grant_type": ["client_credentials"], "scope": ["read"]}


def test_a_server_that_accepted_the_form_gets_nothing_else() -> None:
    with serving(given(), Say(401, {"error": "invalid_client"})) as issuer:
        credential = client(issuer)
        with pytest.raises(Unauthorized, match="invalid_client"):
            credential.renew(credential.header())
    assert ["Authorization" in asked.headers for asked in issuer.asked] == [False, False]


def test_where_form_and_basic_are_refused_the_error_is_that_of_the_form() -> None:
    refusals = Say(401, {"error": "invalid_client", "error_description": "Who is that?"}), Say(400, {"error": "invalid_request"})
    with serving(*refusals) as issuer:
        with pytest.raises(Unauthorized, match=r"401 \(invalid_client\): Who is that\? Check client_id and client_secret\."):
            client(issuer).header()
        assert ["Authorization" in asked.headers for asked in issuer.asked] == [False, True]


def test_what_basic_sends_is_masked_too() -> None:
    sent = base64.b64encode(f"me:{SECRET}".encode()).decode()
    with serving(Say(401), given(), Say(401, {"error_description": f"Basic {sent} is unknown"})) as issuer:
        credential = client(issuer)
        with pytest.raises(Unauthorized, match=r"Basic \*{8} is unknown") as caught:
            credential.renew(credential.header())
        assert issuer.asked[-1].headers["Authorization"] == f"Basic {sent}"
    assert sent not in str(caught.value)


def test_a_secret_is_masked_as_urls_write_it_too() -> None:
    with (
        serving(Say(400, {"error": "invalid_request", "error_description": "bad: a%2Fb%2Bc%3Dd-secret"})) as issuer,
        pytest.raises(Unauthorized) as caught,
    ):
        client(issuer, client_secret="a/b+c=d-secret").header()
    assert "d-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [Say(200, b"<html><title>Sign in</title>"), Say(200, {"token": "x"}), Say(200, {"access_token": "a b"}), Say(200, [])],
)
def test_an_answer_without_a_token_points_to_the_url(answer: Say) -> None:
    with serving(answer) as issuer, pytest.raises(Unauthorized, match="Check token_url"):
        client(issuer).header()


def test_another_type_of_token_is_refused() -> None:
    with serving(given(token_type="mac")) as issuer, pytest.raises(Unauthorized, match="without a bearer token"):
        client(issuer).header()


def test_the_secret_does_not_follow_a_redirect() -> None:
    with serving(given()) as elsewhere, serving(Say(307, headers={"Location": f"{elsewhere.url}/token"})) as issuer:
        with pytest.raises(Unreachable, match="not followed"):
            client(issuer).header()
        assert elsewhere.asked == []


def test_a_token_endpoint_that_is_busy_gets_the_request_again() -> None:
    clock = Clock()
    with serving(Say(503), Say(429, headers={"Retry-After": "7"}), given()) as issuer:
        assert client(issuer, clock).header() == "Bearer token-number-one"
    assert clock.naps[-1] == 7


@pytest.mark.parametrize("status", [503, 500, 429])
def test_an_unavailable_token_endpoint_is_not_a_wrong_credential(status: int) -> None:
    with serving(*[Say(status, {"detail": "Down"})] * 3) as issuer, pytest.raises(Unreachable) as caught:
        client(issuer, retries=2).header()
    assert f"answered with {status} after 3 attempts: Down. Run the task again: it continues" in str(caught.value)
    assert "client_secret" not in str(caught.value)


def test_a_stopped_run_requests_no_token(issuer: Scripted) -> None:
    credential = client(issuer)
    credential._retry.pacing.stop("SIGTERM")
    with pytest.raises(Interrupted, match="SIGTERM"):
        credential.header()
    assert issuer.asked == []


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://SCIM.example.com:443/v2?x=1", "https://scim.example.com"),
        ("http://scim.example.com:443", "http://scim.example.com:443"),
        ("http://[::1]:8080/v2", "http://[::1]:8080"),
        ("//evil.example.com/v2", "://evil.example.com"),
    ],
)
def test_the_origin_of_a_url(url: str, origin: str) -> None:
    assert origin_of(url) == origin
