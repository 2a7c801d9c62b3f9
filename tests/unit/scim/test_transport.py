# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request over real HTTP: what is sent, what is sent again, what is said when it fails."""

from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import ssl
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.identity.scim.plugins.module_utils.scim import errors, wire
from ansible_collections.identity.scim.plugins.module_utils.scim.answers import clean
from ansible_collections.identity.scim.plugins.module_utils.scim.connection import HTTP_AGENT, Connection
from ansible_collections.identity.scim.plugins.module_utils.scim.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils.scim.redact import Redactor
from ansible_collections.identity.scim.plugins.module_utils.scim.retry import retry_after
from ansible_collections.identity.scim.plugins.module_utils.scim.transport import Transport
from ansible_collections.identity.scim.tests.unit.scim.scripted import Clock, Say, Scripted, serving
from servers.tls import self_signed

TOKEN = "token-of-the-tenant"
USER = {"id": "1", "userName": "bjensen"}
SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def to(where: Scripted | str, clock: Clock | None = None, concurrency: int = 1, **options: Any) -> Transport:
    url = where if isinstance(where, str) else f"{where.url}/v2"
    clock = clock or Clock()
    credential = {} if {"client_id", "url_username"} & set(options) else {"token": TOKEN}
    connection = Connection(url, **{**credential, **options})
    return Transport(connection, Pacing(clock=clock, nap=clock.sleep), concurrency=concurrency)


# -- what is sent ------------------------------------------------------------------------------------------------------------------------


def test_a_request_as_the_rfc_wants_it() -> None:
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
    galaxy = yaml.safe_load((Path(__file__).parents[3] / "galaxy.yml").read_text(encoding="utf-8"))
    assert f"{galaxy['namespace']}.{galaxy['name']}/{galaxy['version']}" == HTTP_AGENT


def test_the_content_type_may_change_and_headers_of_the_user_win() -> None:
    with serving() as provider:
        transport = to(provider, http_headers={"user-agent": "mine"})
        transport.content_type = "application/json"
        transport.send("PATCH", "/Users/1", body={})
    assert provider.asked[0].headers["Content-Type"] == "application/json"
    assert provider.asked[0].headers["Accept"] == "application/json, application/scim+json"
    assert [value for name, value in provider.asked[0].headers.items() if name.lower() == "user-agent"] == ["mine"]


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
    with serving() as provider, pytest.raises(errors.Invalid, match="no path of a resource"):
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
def test_a_proxy_that_does_not_do_its_work_is_named(answer: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
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
        with pytest.raises(errors.Unreachable, match="The proxy ") as caught:
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
        transport.close()
    assert transport.requests == len(provider.asked) == 20


def test_cookies_are_not_kept() -> None:
    with serving(Say(200, headers={"Set-Cookie": "session=1"})) as provider:
        transport = to(provider)
        transport.send("GET", "/Me")
        transport.send("GET", "/Me")
    assert "Cookie" not in provider.asked[1].headers


# -- answers -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text/html", "application/json+scim", "application/scim+json; charset=utf-8", ""])
def test_the_content_type_of_an_answer_is_not_trusted(kind: str) -> None:
    with serving(Say(200, b'\xef\xbb\xbf{"id": "1"}', {"Content-Type": kind} if kind else {})) as provider:
        assert to(provider).send("GET", "/Users/1").body == {"id": "1"}


@pytest.mark.parametrize("say", [Say(204), Say(200), Say(200, b" \n")])
def test_no_body_is_none(say: Say) -> None:
    with serving(say) as provider:
        assert to(provider).send("DELETE", "/Users/1").body is None


@pytest.mark.parametrize("content", [b"<html><body>Please sign in</body></html>", b'{"Resources": [', b"\xff\xfe\xfd", b"[" * 100_000])
@pytest.mark.parametrize(("method", "path"), [("GET", "/Users"), ("POST", "/Users/.search")])
def test_something_else_than_json_is_not_scim(method: str, path: str, content: bytes) -> None:
    not_scim = pytest.raises(errors.NotScim, match=r"text/html.*base URL right")
    with serving(Say(200, content, {"Content-Type": "text/html"})) as provider, not_scim as caught:
        to(provider).send(method, path)
    assert provider.url in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("say", [Say(201, b"<html>"), Say(201, b'{"id', cut="within")])
def test_a_write_that_succeeded_did_happen_whatever_its_answer_looks_like(say: Say) -> None:
    with serving(say) as provider:
        answer = to(provider).send("POST", "/Users", body={}, repeatable=False)
    assert (answer.status, answer.body, len(provider.asked)) == (201, None, 1)


def test_a_listing_that_breaks_off_is_asked_for_again() -> None:
    with serving(Say(200, b"{", cut="within"), Say(200, USER)) as provider:
        transport = to(provider)
        assert transport.send("GET", "/Users").body == USER
    assert transport.requests == 2


def test_an_answer_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ANSWER_LIMIT", 2**20)
    with serving(Say(200, b" " * (2**20 + 1))) as provider:
        with pytest.raises(errors.NotScim, match="more than 1 MiB"):
            to(provider).send("GET", "/Users")
        assert to(provider).send("PUT", "/Users/1", body={}).body is None


def test_an_error_that_comes_with_200_is_an_error() -> None:
    said = {"schemas": [SCIM_ERROR], "status": "404", "detail": "no such user"}
    with serving(Say(200, said)) as provider, pytest.raises(errors.NotFound, match="404: no such user"):
        to(provider).send("GET", "/Users/1")


# -- refusals ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (409, {"status": "409", "scimType": "uniqueness", "detail": "Taken."}, errors.Conflict, "409 (uniqueness): Taken."),
        (400, {"status": 400, "SCIMTYPE": "Uniqueness", "detail": "Taken."}, errors.Conflict, "400 (Uniqueness): Taken."),
        (400, {"scimType": "invalidValue"}, errors.Refused, "400 (invalidValue): Bad Request"),
        (403, {"message": "Not allowed"}, errors.Forbidden, "403: Not allowed"),
        (404, b"", errors.NotFound, "404: Not Found"),
        (405, b"nope", errors.Unsupported, "405: nope"),
        (501, {"error": {"message": "No PATCH"}}, errors.Unsupported, "501: No PATCH"),
        (400, {"error": "x", "error_description": "why"}, errors.Refused, "400: why"),
        (400, {"errors": [{"message": "first"}, {"message": "second"}]}, errors.Refused, "400: first"),
        (400, {"Errors": [{"description": "SCIM 1.1", "code": "400"}]}, errors.Refused, "400: SCIM 1.1"),
        (422, {"title": "Unprocessable", "type": "about:blank"}, errors.Refused, "422: Unprocessable"),
        (400, {"detail": {"scimType": "mutability", "detail": "fixed"}}, errors.Refused, "400 (mutability): fixed"),
        (413, b"<html><head><title>413 Too &amp; Large</title></head><body>x</body></html>", errors.Refused, "413: 413 Too & Large"),
        (400, b"<!DOCTYPE html><script>alert(1)</script><p>Oh <b>no</b></p>", errors.Refused, "400: Oh no"),
        (412, {"code": 17}, errors.Refused, '412: {"code": 17}'),
        (499, [], errors.Refused, "499: no explanation was given"),
    ],
)  # fmt: skip
def test_a_refusal_has_its_class_and_the_providers_words(status: int, body: Any, kind: type[errors.Refused], message: str) -> None:
    with serving(Say(status, body)) as provider, pytest.raises(errors.Refused) as caught:
        to(provider).send("POST", "/Users", body={}, repeatable=False)
    assert caught.value.__class__ is kind
    assert str(caught.value) == f"POST /Users was refused with {message}"
    assert caught.value.status == status
    assert len(provider.asked) == 1


def test_words_are_short_and_harmless() -> None:
    with serving(Say(400, {"detail": "\x1b[31mred\u202e\r\n\ttext " + "x" * 5000})) as provider, pytest.raises(errors.Refused) as caught:
        to(provider).send("GET", "/Users")
    assert caught.value.detail.startswith("[31mred text x")
    assert len(caught.value.detail) <= 300
    assert caught.value.detail.isprintable()


@pytest.mark.parametrize("place", ["detail", "scimType"])
def test_secrets_are_masked_even_where_the_provider_repeats_them(place: str) -> None:
    said = f"{TOKEN} h3ader-value Passw0rd! "
    with serving(Say(400, {place: said * 2 + "y" * 250 + said})) as provider, pytest.raises(errors.Refused) as caught:
        to(provider, http_headers={"X-Key": "h3ader-value"}).send("POST", "/Users", body={"Password": "Passw0rd!"})
    for text in (str(caught.value), caught.value.detail, caught.value.scim_type):
        assert not any(part in text for part in ("token-of", "h3ader", "Passw0rd"))
    assert "***" in str(caught.value)


def test_secrets_are_masked_in_a_page_that_is_not_scim() -> None:
    with serving(Say(200, f"<p>{'x' * 70}{TOKEN}".encode())) as provider, pytest.raises(errors.NotScim) as caught:
        to(provider).send("GET", "/Users")
    assert "token-" not in str(caught.value)


def test_the_password_of_a_patch_is_masked() -> None:
    operation = {"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:password", "value": "Passw0rd!"}
    with serving(Say(400, {"detail": "Passw0rd! is weak"})) as provider, pytest.raises(errors.Refused, match=r"400: \*\*\* is weak"):
        to(provider).send("PATCH", "/Users/1", body={"Operations": [operation]})


def test_a_short_secret_is_masked_only_as_a_whole_word() -> None:
    assert Redactor(["1"])("10% of 1") == "10% of ***"


def test_control_characters_at_the_limit_do_not_lengthen_the_text() -> None:
    assert clean("a\x00b", 3) == "a b"
    assert clean("abcd", 3) == "ab…"


# -- the credential ----------------------------------------------------------------------------------------------------------------------


def test_401_names_the_option_and_the_providers_words() -> None:
    with serving(Say(401, {"detail": f"{TOKEN} is expired"})) as provider:
        with pytest.raises(errors.Unauthorized, match=r"401: \*\*\* is expired.*comes from token:"):
            to(provider).send("GET", "/Users")
        with pytest.raises(errors.Unauthorized, match="comes from url_username:"):
            to(provider, url_username="me", url_password="hunter22").send("GET", "/Users")
    assert len(provider.asked) == 2


def test_a_token_that_is_refused_is_renewed_once_and_not_counted() -> None:
    tokens = [Say(200, {"access_token": f"token-number-{n}"}) for n in (1, 2, 3)]
    with serving(*tokens) as issuer, serving(Say(401), Say(201, USER), Say(401, {"detail": "token-number-2, token-number-3"})) as provider:
        transport = to(provider, client_id="me", client_secret="hunter22", token_url=issuer.url)
        assert transport.send("POST", "/Users", body={}, repeatable=False).body == USER
        assert [asked.headers["Authorization"] for asked in provider.asked] == ["Bearer token-number-1", "Bearer token-number-2"]
        with pytest.raises(errors.Unauthorized, match=r"\*\*\*, \*\*\*.*client_id"):
            transport.send("GET", "/Users")
    assert transport.requests == len(provider.asked) == 4
    assert len(issuer.asked) == 3


# -- redirects ---------------------------------------------------------------------------------------------------------------------------


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
    not_sent_on = pytest.raises(errors.Unreachable, match=r"PUT /Users/1 was redirected.*/v3/Users.*not sent on")
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
    with serving(Say(307, headers=headers)) as provider, pytest.raises(errors.NotScim, match="Is url right"):
        to(provider).send("GET", "/Users")


def test_redirects_come_to_an_end() -> None:
    hops = [Say(307, headers={"Location": f"/{n}"}) for n in range(9)]
    with serving(*hops) as provider, pytest.raises(errors.Unreachable, match="more than 5 times"):
        to(provider).send("GET", "/Users")
    assert len(provider.asked) == 6


# -- sent again --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "busy",
    [
        Say(429, headers={"Retry-After": "7"}),
        Say(503, headers={"Retry-After": "7"}),
        Say(429, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:07 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}),
        Say(400, {"__type": "com.amazonaws#ThrottlingException", "message": "Rate exceeded"}, {"Retry-After": "7"}),
        Say(400, {"schemas": [SCIM_ERROR], "scimType": "ThrottlingException"}, {"Retry-After": "7"}),
        Say(400, {"detail": "TooManyRequestsException: slow down"}, {"Retry-After": "7"}),
    ],
)
def test_a_write_that_was_put_off_is_sent_again_when_it_may(busy: Say) -> None:
    clock = Clock()
    with serving(busy, busy, Say(201, USER)) as provider:
        transport = to(provider, clock)
        assert transport.send("POST", "/Users", body={}, repeatable=False).body == USER
    assert transport.requests == len(provider.asked) == 3
    assert sum(clock.naps) == pytest.approx(14)


def test_a_429_holds_back_every_thread() -> None:
    pauses: list[float] = []

    class Watched(Pacing):
        def pause(self, seconds: float) -> None:
            pauses.append(seconds)
            super().pause(seconds)

    clock = Clock()
    with serving(Say(429, headers={"Retry-After": "9"}), Say(503, headers={"Retry-After": "2"}), Say(200)) as provider:
        Transport(Connection(provider.url, token=TOKEN), Watched(clock=clock, nap=clock.sleep)).send("GET", "/Users")
    assert pauses == [9]


def test_somebody_who_is_called_like_an_exception_is_no_throttling() -> None:
    with serving(Say(400, {"detail": "userName 'ThrottlingException' is taken"})) as provider, pytest.raises(errors.Refused):
        to(provider).send("POST", "/Users", body={})
    assert len(provider.asked) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_what_may_happen_twice_is_sent_again(status: int) -> None:
    clock = Clock()
    with serving(Say(status), Say(status), Say(200, USER)) as provider:
        assert to(provider, clock).send("PUT", "/Users/1", body={}).body == USER
    assert len(clock.naps) <= 2
    assert clock.now <= 1000 + 1 + 2


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_what_may_not_happen_twice_is_lost(status: int) -> None:
    with serving(Say(status, {"detail": "oops"})) as provider, pytest.raises(errors.AnswerLost, match=f"{status}: oops. It may have"):
        to(provider).send("POST", "/Users", body={}, repeatable=False)
    assert len(provider.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_after_the_last_repeat_the_providers_words_are_told(status: int) -> None:
    with serving(Say(status, {"detail": "too busy"})) as provider, pytest.raises(errors.Refused, match=f"{status}: too busy"):
        to(provider, retries=2).send("GET", "/Users")
    assert len(provider.asked) == 3


def test_more_patience_than_allowed_ends_the_run_at_once() -> None:
    clock = Clock()
    later = pytest.raises(errors.TryLater, match=r"wait 3600 s.*max_wait allows 300 s.*60 min.*goes on where")
    with later, serving(Say(429, headers={"Retry-After": "3600"})) as provider:
        to(provider, clock).send("GET", "/Users")
    assert clock.naps == []
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "0"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT"}, 30),
        ({"Retry-After": "Wed, 21 Oct 2026 07:27:00 GMT"}, None),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:25 GMT"}, 5),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, lambda: datetime.datetime(2026, 10, 21, 7, 28, tzinfo=datetime.UTC)) == seconds


# -- connections that fail ---------------------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_connection_that_was_never_made_is_tried_again_for_writes_too() -> None:
    clock = Clock()
    transport = to(f"http://127.0.0.1:{free_port()}/v2", clock, retries=3)
    with pytest.raises(errors.Unreachable, match=r"refuses connections.*tried 4 times.*next run goes on"):
        transport.send("POST", "/Users", body={}, repeatable=False)
    assert len(clock.naps) == 3
    assert transport.requests == 0


def test_a_host_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(errors.Unreachable, match=r"scim.example.invalid is not known"):
        to("https://scim.example.invalid", retries=0).send("GET", "/Users")


def test_a_lost_answer_to_a_write_is_lost_and_to_a_read_is_asked_again() -> None:
    with serving(Say(cut="before"), Say(200, USER)) as provider:
        assert to(provider).send("GET", "/Users").body == USER
    with serving(Say(cut="before")) as provider:
        transport = to(provider)
        with pytest.raises(errors.AnswerLost, match=r"POST /Users.*may have happened or not"):
            transport.send("POST", "/Users", body={}, repeatable=False)
    assert transport.requests == len(provider.asked) == 1


def test_a_timeout_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(errors.AnswerLost, match=r"within 0\.1 s \(timeout\)"):
            to(url, timeout=0.1).send("POST", "/Users", body={}, repeatable=False)
        with pytest.raises(errors.Unreachable, match="tried 2 times"):
            to(url, timeout=0.1, retries=1).send("GET", "/Users")


def test_a_run_that_was_stopped_sends_nothing() -> None:
    with serving() as provider:
        transport = to(provider)
        transport._pacing.stop("SIGTERM")
        with pytest.raises(errors.Interrupted, match="SIGTERM"):
            transport.send("GET", "/Users")
    assert provider.asked == []


def test_a_deadline_ends_the_repeats() -> None:
    clock = Clock()
    with serving(Say(429, headers={"Retry-After": "60"})) as provider:
        transport = Transport(Connection(provider.url, token=TOKEN), Pacing(deadline=1010, clock=clock, nap=clock.sleep))
        with pytest.raises(errors.Interrupted, match="max_duration"):
            transport.send("GET", "/Users")
    assert len(provider.asked) == 1


# -- TLS ---------------------------------------------------------------------------------------------------------------------------------


def certificate(folder: Path, host: str = "127.0.0.1", days: int = 5) -> tuple[ssl.SSLContext, str]:
    """A server's context and the path of its own, self-signed certificate, which ends in ``days``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
    alternative: list[x509.GeneralName] = [x509.DNSName(host)]
    if host[0].isdigit():
        alternative = [x509.IPAddress(ipaddress.ip_address(host))]
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, end - datetime.timedelta(days=30), end)
        .add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, str(path)


def test_a_certificate_that_is_known_is_fine_and_one_may_look_away(tmp_path: Path) -> None:
    context, path = certificate(tmp_path)
    with serving(Say(200, USER), tls=context) as provider:
        assert to(provider, ca_path=path).send("GET", "/Me").body == USER
        assert to(provider, validate_certs=False).send("GET", "/Me").body == USER


@pytest.mark.parametrize(
    ("host", "days", "known", "words"),
    [
        ("127.0.0.1", 5, False, "nobody whom this machine trusts.*ca_path.*validate_certs"),
        ("scim.example.com", 5, True, "another host.*url right"),
        ("127.0.0.1", -5, True, "not valid today.*expired.*clock"),
    ],
)
def test_a_certificate_that_is_not_trusted_is_not_asked_again(tmp_path: Path, host: str, days: int, known: bool, words: str) -> None:
    context, path = certificate(tmp_path, host, days)
    clock = Clock()
    with serving(tls=context) as provider:
        transport = to(provider, clock, ca_path=path if known else None)
        with pytest.raises(errors.Unreachable, match=words):
            transport.send("POST", "/Users", body={}, repeatable=False)
    assert (provider.asked, clock.naps, transport.requests) == ([], [], 0)


# TLS 1.3 refuses after the handshake (RFC 8446 §4.4.2.4): the request may meet a closed connection before the reason is read.
@pytest.mark.parametrize(
    ("version", "words"),
    [(ssl.TLSVersion.TLSv1_2, "client_cert and client_key"), (ssl.TLSVersion.TLSv1_3, "client_cert and client_key|connection to .* broke")],
)
def test_a_certificate_of_the_client_is_shown_where_it_is_wanted(tmp_path: Path, version: ssl.TLSVersion, words: str) -> None:
    context, ca = certificate(tmp_path)
    mine = self_signed(tmp_path)
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(mine.certificate)
    both = tmp_path / "both.pem"
    both.write_bytes(mine.key.read_bytes() + mine.certificate.read_bytes())
    with serving(Say(200, USER), tls=context) as provider:
        shown = to(provider, ca_path=ca, client_cert=str(mine.certificate), client_key=str(mine.key))
        assert shown.send("GET", "/Me").body == USER
        assert to(provider, ca_path=ca, client_cert=str(both)).send("GET", "/Me").body == USER
        provider.asked.clear()
        for unknown in (None, ca):  # no certificate, and one that the server does not know
            with pytest.raises(errors.Unreachable, match=words):
                to(provider, ca_path=ca, client_cert=unknown).send("GET", "/Me")
    assert provider.asked == []


def test_the_environment_does_not_make_a_certificate_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, path = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", path)
    monkeypatch.setenv("CURL_CA_BUNDLE", path)
    with serving(tls=context) as provider, pytest.raises(errors.Unreachable, match="ca_path"):
        to(provider).send("GET", "/Users")


def test_plain_http_behind_https_is_told() -> None:
    with serving() as provider, pytest.raises(errors.Unreachable, match="does not speak TLS"):
        to(provider.url.replace("http:", "https:")).send("GET", "/Users")


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(errors.Invalid, match=r"ca_path is '/nowhere\.pem'"):
        to("https://scim.example.com", ca_path="/nowhere.pem")


def test_a_file_that_is_no_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with serving() as provider, pytest.raises(errors.Unreachable, match="ca_path"):
        to(provider.url.replace("http:", "https:"), ca_path=str(tmp_path / "ca.pem")).send("GET", "/Users")


def test_the_credential_of_a_connection_is_checked_at_once() -> None:
    with pytest.raises(errors.Invalid, match="none is given"):
        Transport(replace(Connection("https://scim.example.com", token=TOKEN), token=None), Pacing())
