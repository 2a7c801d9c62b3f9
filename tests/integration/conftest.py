# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service providers behind a recording proxy, and ``run``: real ansible-playbook runs.

Every provider fixture has ``url`` (the proxy's SCIM base URL), ``token``, ``proxy`` (what was sent; rules that bend it), ``direct``
(seed and inspect behind the proxy) and ``server``. ``connection`` is what a module of the collection needs to reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pytest

from servers.direct import Direct
from servers.django_site import SITES, DjangoSite
from servers.issuer import Issuer
from servers.matillion import MatillionServer
from servers.oauth import Canaille, Credentials, compatible, configured, rules
from servers.playbooks import Run
from servers.proxy import RecordingProxy
from servers.rfc import RfcServer
from servers.tls import Certificate, self_signed

if TYPE_CHECKING:
    from pytest_iam import Server as IamServer

ServerT = TypeVar("ServerT")


@dataclass(frozen=True, slots=True)
class Provider(Generic[ServerT]):
    server: ServerT
    proxy: RecordingProxy
    token: str
    direct: Direct

    @property
    def url(self) -> str:
        return self.proxy.url

    @property
    def connection(self) -> dict[str, Any]:
        return {"url": self.url, "token": self.token}


@dataclass(frozen=True, slots=True)
class OAuthProvider(Provider[Canaille]):
    credentials: Credentials

    @property
    def token_url(self) -> str:
        return f"{self.proxy.origin}/oauth/token"

    @property
    def connection(self) -> dict[str, Any]:
        client = {"client_id": self.credentials.client_id, "client_secret": self.credentials.client_secret}
        return {"url": self.url, "token_url": self.token_url, **client}


AnyServer = TypeVar("AnyServer", RfcServer, MatillionServer)


@contextmanager
def proxied(server: AnyServer) -> Iterator[Provider[AnyServer]]:
    with server, RecordingProxy(server.url) as proxy:
        yield Provider(server, proxy, server.token, Direct(server.url, server.token))


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A token endpoint that accepts the tokens of a pipeline."""
    with Issuer() as server:
        yield server


@pytest.fixture
def rfc() -> Iterator[Provider[RfcServer]]:
    """scim2-server, empty."""
    with proxied(RfcServer()) as provider:
        yield provider


@pytest.fixture
def serve_rfc() -> Iterator[Callable[..., Provider[RfcServer]]]:
    """Makes further ones: ``serve_rfc(config={"bulk": {"supported": False}})``."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(proxied(RfcServer(**options)))


@pytest.fixture
def matillion() -> Iterator[Provider[MatillionServer]]:
    """All documented calls of Matillion, strict, without a rate limit."""
    with proxied(MatillionServer()) as provider:
        yield provider


@pytest.fixture
def matillion_post_only() -> Iterator[Provider[MatillionServer]]:
    """Only "Create SCIM User"; inspect ``server.users``."""
    with proxied(MatillionServer(post_only=True)) as provider:
        yield provider


@pytest.fixture
def serve_matillion() -> Iterator[Callable[..., Provider[MatillionServer]]]:
    """Makes further ones: ``serve_matillion(limit=EDITIONS["60 a minute"]())``."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(proxied(MatillionServer(**options)))


@pytest.fixture(scope="session")
def iam_configuration(iam_configuration: dict[str, Any]) -> dict[str, Any]:
    return configured(iam_configuration)


@pytest.fixture
def canaille(iam_server: IamServer) -> Iterator[OAuthProvider]:
    """canaille with a client of the method ``client_secret_post``; ``server.register("client_secret_basic")`` makes another kind.

    Its proxy comes with rules that canaille needs: add to them with ``proxy.rules.append``.
    """
    server = Canaille(iam_server)
    with compatible(), RecordingProxy(server.url, rules(server.origin)) as proxy:
        token = server.token()
        yield OAuthProvider(server, proxy, token, Direct(server.url, token), server.register("client_secret_post"))
        server.clear()


@pytest.fixture(scope="session")
def start_django() -> Iterator[Callable[[str], DjangoSite]]:
    """Starts a Django site when it is first asked for: it takes a second."""
    with ExitStack() as stack:
        yield cache(lambda site: stack.enter_context(DjangoSite(site)))


@pytest.fixture(params=SITES)
def django(request: pytest.FixtureRequest, start_django: Callable[[str], DjangoSite]) -> Iterator[Provider[DjangoSite]]:
    """django-scim2 and django-scim2-server, each in turn, with nobody."""
    site = start_django(request.param)
    site.empty()
    with RecordingProxy(site.url) as proxy:
        yield Provider(site, proxy, site.token, Direct(site.url, site.token))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Unknown to everybody; ``RecordingProxy(rfc.server.url, tls=certificate.server_context())`` serves with it."""
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """See ``servers.playbooks.Run``; its folder is ``tmp_path``."""
    return Run(tmp_path)
