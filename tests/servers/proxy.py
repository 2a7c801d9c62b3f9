# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording proxy: what a client really sent and got, and the place where rules (see ``faults``) bend it.

The ``Host`` header is passed on, so the URLs a provider builds (``meta.location``, ``$ref``) have the proxy's origin. Anything below the
upstream's origin is forwarded, a token endpoint too; ``path`` of what is recorded is relative to the SCIM base URL.
"""

from __future__ import annotations

import http.client
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from .faults import Rule
from .serving import Answer, Handler, Headers, Request, Server

# What belongs to one connection (RFC 9110 §7.6.1), or would make the answer unreadable for rules.
NOT_FORWARDED = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"})


@dataclass(slots=True)
class Exchange:
    """A request and its answer; None where the connection was cut. ``upstream`` is what the provider itself answered, if it was asked."""

    request: Request
    answer: Answer | None = None
    upstream: Answer | None = None
    rules: tuple[str, ...] = ()
    violation: bool = False

    method = property(lambda self: self.request.method)
    path = property(lambda self: self.request.path)
    query = property(lambda self: self.request.query)
    headers = property(lambda self: self.request.headers)
    body = property(lambda self: self.request.json)
    status = property(lambda self: self.answer and self.answer.status)
    result = property(lambda self: self.answer and self.answer.json)

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.query or ''} {self.body or ''} -> {self.status} {'; '.join(self.rules)}".strip()


class RecordingProxy(Server):
    """Stands before ``upstream`` (a SCIM base URL); ``url`` is the base URL for the client."""

    def __init__(self, upstream: str, rules: Iterable[Rule] = (), tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(upstream)
        self.root = parts.path.rstrip("/")
        self.rules = list(rules)
        self.read_only = False
        self.requests: list[Exchange] = []
        self.fired: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._upstreams = _PerThread(partial(http.client.HTTPConnection, parts.hostname or "", parts.port or 80, timeout=60))
        super().__init__(self._answer, tls)

    @property
    def writes(self) -> list[Exchange]:
        return [exchange for exchange in self.requests if exchange.request.is_write]

    @property
    def violations(self) -> list[Exchange]:
        """The writes that were refused because of ``read_only``."""
        return [exchange for exchange in self.requests if exchange.violation]

    @property
    def count(self) -> int:
        return len(self.requests)

    def clear(self) -> None:
        """Forget all requests and start the counting of ``nth`` anew; the rules stay."""
        with self._lock:
            self.requests.clear()
            self.fired.clear()
            self._seen.clear()

    def _answer(self, received: Request) -> Answer:
        request = replace(received, root=self.root)
        exchange = Exchange(request)
        handler: Handler = partial(self._forward, exchange)
        for rule in reversed(self._record(exchange)):
            handler = rule.around(handler)
        exchange.answer = self._refuse(exchange) if self.read_only and request.is_write else handler(request)
        return exchange.answer

    def _record(self, exchange: Exchange) -> list[Rule]:
        with self._lock:
            self.requests.append(exchange)
            rules = [rule for rule in self.rules if self._applies(rule, exchange.request)]
            exchange.rules = tuple(rule.name for rule in rules)
            self.fired.update(exchange.rules)
        return rules

    def _applies(self, rule: Rule, request: Request) -> bool:
        if not rule.when.matches(request):
            return False
        self._seen[rule.name] += 1
        return rule.when.counts(self._seen[rule.name])

    def _refuse(self, exchange: Exchange) -> Answer:
        exchange.violation = True
        return Answer.of_text(500, f"The proxy is read-only, and this is a write: {exchange.method} {exchange.path}")

    def _forward(self, exchange: Exchange, request: Request) -> Answer:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in NOT_FORWARDED}
        connection = self._upstreams.get()
        try:
            connection.request(request.method, request.target, request.body or None, {**headers, "X-Forwarded-Proto": self.scheme})
            response = connection.getresponse()
            exchange.upstream = Answer(response.status, Headers(response.getheaders()), response.read())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return Answer.of_text(502, f"The upstream did not answer: {error!r}")
        return exchange.upstream


@dataclass(slots=True)
class _PerThread:
    """One upstream connection for each thread, which is one for each connection of a client."""

    connect: Callable[[], http.client.HTTPConnection]
    _local: Any = field(default_factory=threading.local)

    def get(self) -> http.client.HTTPConnection:
        if not hasattr(self._local, "connection"):
            self._local.connection = self.connect()
        connection: http.client.HTTPConnection = self._local.connection
        return connection
