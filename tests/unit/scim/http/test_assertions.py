# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client assertions: each request for a token has a new one, from where the options say, and none is ever shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.redact import Redactor
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import (
    Interrupted,
    Invalid,
    ScimError,
    Unauthorized,
    Unreachable,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.assertions import ASSERTION_TYPE
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.auth import ClientCredentials
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.connection import Connection
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.retry import RetryPolicy
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.wire import Wire
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import Clock, Say, Scripted, serving

from .test_jwt import jwt

URL = "https://scim.example.com/v2"
OAUTH = {"url": URL, "client_id": "me", "token_url": "https://id.example.com/token"}
FIRST, SECOND, THIRD = (jwt(iss="https://issuer.example", sub=f"job:{number}", aud="me") for number in range(3))
REQUEST_TOKEN = "token-of-the-github-job"


def client(issuer: Scripted, clock: Clock | None = None, **options: Any) -> ClientCredentials:
    clock = clock or Clock()
    connection = Connection(**{**OAUTH, "token_url": f"{issuer.url}/token", **options})
    retry = RetryPolicy(Pacing(clock=clock, nap=clock.sleep), connection.retries, connection.max_wait)
    return ClientCredentials(connection, Wire(connection), retry, Redactor(connection.secrets))


def given(number: int = 1, **more: Any) -> Say:
    return Say(200, {"access_token": f"token-number-{number}", "token_type": "bearer", "expires_in": 10, **more})


def forms(issuer: Scripted) -> list[dict[str, str]]:
    return [{name: value[0] for name, value in parse_qs(asked.body.decode()).items()} for asked in issuer.asked if asked.body]


@contextmanager
def github(monkeypatch: pytest.MonkeyPatch, *script: Say, query: str = "?api-version=2.0") -> Iterator[Scripted]:
    with serving(*script) as oidc:
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{oidc.url}/idtoken{query}")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST_TOKEN)
        yield oidc


# -- which credential it is ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"client_secret": "s", "client_assertion": FIRST}, "Set only one of client_secret and client_assertion: client_id has one secret"),
        ({"client_assertion_file": "f", "client_assertion_from": "github"}, "only one of client_assertion_file and client_assertion_from"),
        ({"client_id": None, "client_assertion": FIRST}, "client_id is missing: client_id and client_assertion must be set together"),
        ({"token": "t", "client_assertion": FIRST}, "Set exactly one credential: token, or client_id with .*; found token and client_id"),
        ({"token_url": None, "client_assertion": FIRST}, "token_url is missing: client_id and client_assertion are exchanged"),
        ({"client_assertion": "/run/secret-path/jwt"}, "client_assertion must be the JWT alone.*Set client_assertion_file to the path"),
        ({"client_assertion": f"{FIRST}\n"}, "client_assertion must be the JWT alone"),
        ({"client_assertion_from": "jenkins"}, 'client_assertion_from must be github or gitlab, got "jenkins"'),
        ({"client_assertion_from": "gitlab", "client_assertion_audience": "x"}, "no effect without client_assertion_from: github"),
    ],
)
def test_the_credential_is_one_and_whole(options: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words) as caught:
        Connection(**{**OAUTH, **options})
    assert FIRST not in str(caught.value)
    assert "secret-path" not in str(caught.value)


def test_an_assertion_is_in_no_repr() -> None:
    connection = Connection(**OAUTH, client_assertion=FIRST)
    assert FIRST not in repr(connection)
    assert connection.secrets == [FIRST]


# -- where it comes from -------------------------------------------------------------------------------------------------------------------


def test_an_assertion_takes_the_place_of_the_secret() -> None:
    with serving(given()) as issuer:
        assert client(issuer, client_assertion=FIRST, scopes=("read",)).header() == "Bearer token-number-1"
    assert forms(issuer) == [
        {"grant_type": "client_credentials", "client_id": "me", "scope": "read",
         "client_assertion_type": ASSERTION_TYPE, "client_assertion": FIRST}
    ]  # fmt: skip
    assert "Authorization" not in issuer.asked[0].headers


def test_a_file_is_read_again_for_each_token(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "jwt"
    with serving(*map(given, (1, 2, 3))) as issuer:
        path.write_text(f"{FIRST}\n")
        credential = client(issuer, clock, client_assertion_file=str(path))
        credential.header()
        path.write_text(SECOND)
        assert credential.header() == "Bearer token-number-1"  # still valid
        clock.now += 9.1
        assert credential.header() == "Bearer token-number-2"
        path.write_text(f"\n{THIRD}\r\n")
        assert credential.renew("Bearer token-number-2")
    assert [form["client_assertion"] for form in forms(issuer)] == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, '"PATH" cannot be read: No such file or directory'),
        (b"\xff\xfe", '"PATH" is not text'),
        (b"my-secret-words", "what it gives is not a JWT"),
        (b"", "what it gives is not a JWT"),
    ],
)
def test_a_file_without_a_jwt_is_refused_before_anything_is_sent(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "jwt"
    if content is not None:
        path.write_bytes(content)
    with (
        serving(given()) as issuer,
        pytest.raises(Unauthorized, match=f"client_assertion_file: {words.replace('PATH', str(path))}") as caught,
    ):
        client(issuer, client_assertion_file=str(path)).header()
    assert issuer.asked == []
    assert "my-secret-words" not in str(caught.value)


def test_gitlab_has_it_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIM_ID_TOKEN", FIRST)
    with serving(given()) as issuer:
        client(issuer, client_assertion_from="gitlab").header()
    assert forms(issuer)[0]["client_assertion"] == FIRST


@pytest.mark.parametrize(("value", "state"), [(None, "not set"), ("", "empty")])
@pytest.mark.parametrize(
    ("source", "variable", "remedy"),
    [
        ("gitlab", "SCIM_ID_TOKEN", "In .gitlab-ci.yml, add it to the job's id_tokens"),
        ("github", "ACTIONS_ID_TOKEN_REQUEST_URL", "Run this in a job of GitHub Actions with the permission id-token: write."),
        ("github", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "Run this in a job of GitHub Actions with the permission id-token: write."),
    ],
)
def test_outside_of_a_pipeline_the_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, source: str, variable: str, remedy: str, value: str | None, state: str
) -> None:
    with github(monkeypatch, Say(200, {"value": FIRST})) as oidc, serving(given()) as issuer:
        monkeypatch.delenv(variable, raising=False)
        if value is not None:
            monkeypatch.setenv(variable, value)
        with pytest.raises(Unauthorized) as caught:
            client(issuer, client_assertion_from=source).header()
    assert f"client_assertion_from: {source}: the environment variable {variable} is {state}. {remedy}" in str(caught.value)
    assert (oidc.asked, issuer.asked) == ([], [])


@pytest.mark.parametrize(
    ("query", "audience", "path"),
    [
        ("?api-version=2.0", {}, "/idtoken?api-version=2.0&audience=http%3A%2F%2F127.0.0.1%3APORT%2Ftoken"),
        ("", {"client_assertion_audience": "api://Azure&Exchange"}, "/idtoken?audience=api%3A%2F%2FAzure%26Exchange"),
    ],
)
def test_github_is_asked_for_each_token(monkeypatch: pytest.MonkeyPatch, query: str, audience: dict[str, str], path: str) -> None:
    clock = Clock()
    with (
        github(monkeypatch, Say(200, {"value": FIRST}), Say(200, {"value": SECOND}), query=query) as oidc,
        serving(given(1), given(2)) as issuer,
    ):
        credential = client(issuer, clock, client_assertion_from="github", http_headers={"X-Key": "for the provider"}, **audience)
        assert credential.header() == credential.header() == "Bearer token-number-1"
        clock.now += 9.1
        assert credential.header() == "Bearer token-number-2"
    assert [form["client_assertion"] for form in forms(issuer)] == [FIRST, SECOND]
    for asked in oidc.asked:
        assert (asked.method, asked.path) == ("GET", path.replace("PORT", issuer.url.rpartition(":")[2]))
        assert asked.headers["Authorization"] == f"Bearer {REQUEST_TOKEN}"
        assert "X-Key" not in asked.headers


def test_github_may_be_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    with github(monkeypatch, Say(503), Say(429, headers={"Retry-After": "7"}), Say(200, {"value": FIRST})), serving(given()) as issuer:
        client(issuer, clock, client_assertion_from="github").header()
    assert clock.naps[-1] == 7


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            Say(403, {"message": f"{REQUEST_TOKEN} has no right"}),
            Unauthorized,
            r"issued no ID token, but answered with 403: \*{8} has no right",
        ),
        (Say(500, {"message": "Down"}), Unreachable, "answered with 500 after 2 attempts: Down"),
        (Say(302, headers={"Location": "https://evil.example"}), Unreachable, "answered with a redirect, which is not followed"),
        (Say(200, b"<html>"), Unauthorized, "answered with 200, but without an ID token"),
        (Say(200, {"value": 7}), Unauthorized, "answered with 200, but without an ID token"),
        (Say(200, {"value": "no jwt at all"}), Unauthorized, "client_assertion_from: what it gives is not a JWT"),
    ],
)
def test_an_answer_of_github_without_a_token(monkeypatch: pytest.MonkeyPatch, answer: Say, error: type[ScimError], words: str) -> None:
    with github(monkeypatch, answer), serving(given()) as issuer:
        with pytest.raises(error, match=words) as caught:
            client(issuer, client_assertion_from="github", retries=1).header()
        assert issuer.asked == []
    assert REQUEST_TOKEN not in str(caught.value)
    assert "no jwt at all" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "http://pipelines.example/idtoken",
            r"is http://pipelines\.example: with plain http, the credential can be read on the way\. Use https\.$",
        ),
        ("https://me:hunter22@pipelines.example", "must not contain a user name"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https://pipelines.example/ x", "must not contain spaces"),
    ],
)
def test_the_address_of_github_is_https(monkeypatch: pytest.MonkeyPatch, url: str, words: str) -> None:
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", url)
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST_TOKEN)
    with serving(given()) as issuer, pytest.raises(Unauthorized, match=f"ACTIONS_ID_TOKEN_REQUEST_URL {words}") as caught:
        client(issuer, client_assertion_from="github", allow_plaintext=True).header()  # that is for the provider
    assert "hunter22" not in str(caught.value)


def test_a_stopped_run_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with github(monkeypatch, Say(200, {"value": FIRST})) as oidc, serving(given()) as issuer:
        credential = client(issuer, client_assertion_from="github")
        credential._retry.pacing.stop("SIGTERM")
        with pytest.raises(Interrupted, match="SIGTERM"):
            credential.header()
        assert (oidc.asked, issuer.asked) == ([], [])


# -- what the token endpoint answers -------------------------------------------------------------------------------------------------------


def test_a_repeated_request_has_a_new_assertion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server may have accepted the first one, and accept it only once."""
    with github(monkeypatch, Say(200, {"value": FIRST}), Say(200, {"value": SECOND})), serving(Say(cut="before"), given()) as issuer:
        client(issuer, client_assertion_from="github").header()
    assert [form["client_assertion"] for form in forms(issuer)] == [FIRST, SECOND]


def test_a_refusal_says_whose_jwt_it_was_and_never_the_jwt() -> None:
    with serving(Say(401, {"error": "invalid_client", "error_description": f"{FIRST} is unknown"})) as issuer:
        with pytest.raises(Unauthorized) as caught:
            client(issuer, client_assertion=FIRST).header()
        assert len(issuer.asked) == 1, "No HTTP Basic without a secret"
    assert str(caught.value).endswith(
        "/token issued no token, but answered with 401 (invalid_client): ******** is unknown. Check client_id and client_assertion. "
        'The client must be registered for the JWT\'s iss "https://issuer.example", sub "job:0", aud "me".'
    )


def test_a_scope_is_not_the_fault_of_the_jwt() -> None:
    with serving(Say(400, {"error": "invalid_scope"})) as issuer, pytest.raises(Unauthorized, match=r"Check scopes\.$"):
        client(issuer, client_assertion=FIRST).header()


def test_an_expired_assertion_is_called_so(tmp_path: Path) -> None:
    expired = jwt(exp=datetime(2026, 1, 2, 3, 4, tzinfo=UTC).timestamp())
    path = tmp_path / "jwt"
    path.write_text(expired)
    sentence = r"The JWT of {} expired on 2026-01-02 at 03:04 UTC \(its claim exp\)\."
    with serving(Say(401, {"error": "invalid_client"})) as issuer:
        with pytest.raises(Unauthorized, match=sentence.format("client_assertion") + " Set client_assertion_file or client_assertion_from"):
            client(issuer, client_assertion=expired).header()
        with pytest.raises(Unauthorized, match=sentence.format("client_assertion_file") + "$"):
            client(issuer, client_assertion_file=str(path)).header()


def test_an_expired_secret_is_called_so() -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    with (
        serving(Say(401, {"error": "invalid_client"})) as issuer,
        pytest.raises(Unauthorized, match=f"client_secret expired on {yesterday}"),
    ):
        client(issuer, client_secret="s3cr3t-of-the-client", token_expires=yesterday).header()


def test_an_assertion_does_not_follow_a_redirect() -> None:
    with serving(given()) as elsewhere, serving(Say(307, headers={"Location": f"{elsewhere.url}/token"})) as issuer:
        with pytest.raises(Unreachable, match="not followed: client_assertion is for token_url only"):
            client(issuer, client_assertion=FIRST).header()
        assert elsewhere.asked == []


def test_connections_with_assertions_can_be_told_apart_by_their_hash() -> None:
    one = Connection(**OAUTH, client_assertion=FIRST)
    assert hash(one) == hash(replace(one))
    assert one != replace(one, client_assertion=SECOND)
