# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy records, refuses and bends."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from servers.direct import Direct
from servers.faults import (
    Rule,
    When,
    bend_body,
    bend_query,
    bend_resources,
    cut_after,
    cut_before,
    delay,
    having,
    reply,
    throttle,
    without,
)
from servers.limits import TokenBucket
from servers.proxy import RecordingProxy
from servers.rfc import TOKEN as RFC_TOKEN
from servers.rfc import RfcServer
from servers.tls import self_signed

USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjensen"}


@pytest.fixture
def server() -> Iterator[RfcServer]:
    with RfcServer() as server:
        yield server


@pytest.fixture
def proxy(server: RfcServer) -> Iterator[RecordingProxy]:
    with RecordingProxy(server.url) as proxy:
        yield proxy


@pytest.fixture
def direct(server: RfcServer) -> Direct:
    return Direct(server.url, server.token)


@pytest.fixture
def client(proxy: RecordingProxy, server: RfcServer) -> Direct:
    return Direct(proxy.url, server.token)


def test_what_is_recorded(proxy: RecordingProxy, client: Direct) -> None:
    made = client.post("/Users", USER)
    client.get("/Users", filter='userName eq "bjensen"')
    client.request("POST", "/Users/.search", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]})
    created, listed = proxy.requests[:2]
    assert (created.method, created.path, created.body, created.status) == ("POST", "/Users", USER, 201)
    assert created.result == made
    assert created.headers["authorization"].startswith("Bearer ")
    assert listed.query == {"filter": 'userName eq "bjensen"'}
    assert proxy.writes == [created]
    assert made["meta"]["location"].startswith(proxy.url)
    proxy.clear()
    assert proxy.count == 0


def test_connections_are_kept_even_after_an_early_answer(proxy: RecordingProxy) -> None:
    connection = http.client.HTTPConnection(proxy.origin.removeprefix("http://"))
    connection.request("POST", "/v2/Users", b'{"userName": "x"}')
    assert connection.getresponse().read()
    socket = connection.sock
    connection.request("GET", "/v2/ServiceProviderConfig")
    assert connection.getresponse().status == 200
    assert connection.sock is socket is not None


def test_read_only(proxy: RecordingProxy, client: Direct, direct: Direct) -> None:
    proxy.read_only = True
    with pytest.raises(AssertionError, match="500"):
        client.post("/Users", USER)
    assert [exchange.path for exchange in proxy.violations] == ["/Users"]
    assert client.list_all("/Users") == direct.list_all("/Users") == []


@pytest.mark.parametrize(("effect", "stored"), [(cut_before, 0), (cut_after, 1)])
def test_a_cut_connection(proxy: RecordingProxy, client: Direct, direct: Direct, effect: object, stored: int) -> None:
    proxy.rules = [Rule("cut", When("POST", "/Users", nth=1), effect)]  # type: ignore[arg-type]
    with pytest.raises(requests.ConnectionError):
        client.post("/Users", USER)
    assert len(direct.list_all("/Users")) == stored
    assert proxy.fired == {"cut": 1}
    assert proxy.writes[0].status is None
    client.post("/Users", {**USER, "userName": "second"})


def test_an_answer_without_upstream(proxy: RecordingProxy, client: Direct) -> None:
    proxy.rules = [
        Rule("busy", When(nth=range(1, 3)), reply(503, headers={"Retry-After": "0"})),
        Rule("a page", When(nth=3), reply(200, "<html>")),
    ]
    answers = [client.session.get(f"{proxy.url}/Users") for _other in range(4)]
    assert [answer.status_code for answer in answers] == [503, 503, 200, 200]
    assert answers[0].headers["Retry-After"] == "0"
    assert answers[2].headers["Content-Type"] == "text/html"
    assert [exchange.upstream is None for exchange in proxy.requests] == [True, True, True, False]


def test_bent_both_ways(proxy: RecordingProxy, client: Direct, direct: Direct) -> None:
    proxy.rules = [
        Rule("drops titles", When("POST"), bend_body(without("title"))),
        Rule("filters are ignored", When(having="filter"), bend_query(without("filter"))),
        Rule("says so itself", When("GET"), bend_resources(having(nickName="bent"))),
        Rule("slow", When("GET"), delay(0.001)),
    ]
    made = client.post("/Users", {**USER, "title": "Boss"})
    listed = client.get("/Users", filter='userName eq "nobody"')
    assert "title" not in direct.get(f"/Users/{made['id']}")
    assert [user["nickName"] for user in listed["Resources"]] == ["bent"]
    assert proxy.requests[0].body["title"] == "Boss", "what is recorded is what was sent"


def test_throttle(proxy: RecordingProxy, client: Direct) -> None:
    proxy.rules = [Rule("limit", When(), throttle(TokenBucket(0.001, 2)))]
    answers = [client.session.get(f"{proxy.url}/Users") for _other in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 1


def test_a_provider_that_is_gone(server: RfcServer, client: Direct) -> None:
    client.get("/Users")
    server.stop()
    with pytest.raises(AssertionError, match="502"):
        client.get("/Users")


def test_an_unknown_certificate(server: RfcServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    certificate = self_signed(tmp_path)
    with RecordingProxy(server.url, tls=certificate.server_context()) as proxy:
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{proxy.url}/ServiceProviderConfig", timeout=10)
        known = requests.get(f"{proxy.url}/ServiceProviderConfig", verify=str(certificate.certificate), timeout=10)
        assert known.json()["meta"]["location"].startswith(proxy.url)
        assert proxy.count == 1
    assert ssl.create_default_context(cafile=str(certificate.certificate)).cert_store_stats()["x509_ca"] == 1


def test_cursors_and_no_bulk() -> None:
    config = {"bulk": {"supported": False}, "pagination": {"cursor": True, "index": True, "defaultPaginationMethod": "cursor"}}
    with RfcServer(config=config) as server:
        direct = Direct(server.url, server.token)
        for name in ("a", "b", "c"):
            direct.add_user(name)
        page = direct.get("/Users", count=2, cursor="")
        assert (len(page["Resources"]), "nextCursor" in page) == (2, True)
        assert direct.get("/ServiceProviderConfig")["bulk"]["supported"] is False


def test_many_clients_at_once(proxy: RecordingProxy, direct: Direct) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: Direct(proxy.url, RFC_TOKEN).add_user(f"user{number}"), range(40)))
    assert len({exchange.result["id"] for exchange in proxy.writes}) == 40
    assert len(direct.list_all("/Users")) == 40
