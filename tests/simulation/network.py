# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network between the collection and a simulated provider. It replaces the adapter of ``requests``.

The adapter is the lowest layer above the socket: retries, pacing, redirects, look-ups after lost answers, and the reading of answers are
the collection's own. Requests are sent one after the other, so that a run can be repeated exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Refused
from ansible_collections.identity.scim.tests.simulated import Simulated
from ansible_collections.identity.scim.tests.simulation.clock import Clock
from ansible_collections.identity.scim.tests.simulation.faults import DONE, KILLS, NONE, STATUSES, Fault, Faults, Killed
from ansible_collections.identity.scim.tests.simulation.store import State, state_of

BASE = "/scim"
SECONDS = 0.05  # that one request takes
RETRY_AFTER = "2"
LONGEST_SHOWN = 500


@dataclass
class Exchange:
    """One request, what went wrong with it, its answer, and what the provider had before and after it."""

    number: int
    method: str
    path: str
    content: str
    fault: Fault | None = None
    status: int = 0
    before: State | None = None
    after: State | None = None

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"

    @property
    def operations(self) -> list[tuple[str, str]]:
        """Method and path of each operation: several for a bulk request."""
        if self.path == "/Bulk":
            return [(operation["method"], operation["path"]) for operation in json.loads(self.content)["Operations"]]
        return [(self.method, self.path.partition("?")[0])]

    @property
    def written(self) -> list[str]:
        """The ids of the resources that a write created, changed or deleted itself."""
        before, after = self.before or {}, self.after or {}
        targets = {unquote(path.rpartition("/")[2]) for _method, path in self.operations}
        return [
            key
            for endpoint in after
            for key in {**before[endpoint], **after[endpoint]}
            if before[endpoint].get(key) is not after[endpoint].get(key) and (key in targets or key not in before[endpoint])
        ]

    def __str__(self) -> str:
        sent = f" {self.content[:LONGEST_SHOWN]}" if self.content else ""
        return f"{self.number}. {self.method} {self.path}{sent} -> {self.status or 'no answer'}{f' [{self.fault}]' if self.fault else ''}"


class Content:
    """The content of an answer, as it is read from a connection."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read1(self, _size: int, decode_content: bool = False) -> bytes:
        content, self._content = self._content, b""
        return content


class Response:
    """What the collection reads of a ``requests.Response``."""

    def __init__(self, status: int, body: Any, headers: dict[str, str]) -> None:
        self.status_code = status
        self.headers = CaseInsensitiveDict({"Content-Type": "application/scim+json", **headers})
        self.raw = Content(b"" if body is None else json.dumps(body).encode())

    def close(self) -> None:
        """There is no connection to close."""


class Network:
    """Carries the requests of one run. ``exchanges`` is its record; ``earlier`` is the state that a lagging read shows at its beginning."""

    def __init__(self, provider: Simulated, clock: Clock, faults: Faults = NONE, earlier: State | None = None) -> None:
        provider.copies = False
        self.provider = provider
        self.clock = clock
        self.faults = faults
        self.exchanges: list[Exchange] = []
        self._behind = earlier or state_of(provider)
        self._for_ever: dict[tuple[str, str, str], Fault] = {}

    @property
    def writes(self) -> Iterator[Exchange]:
        """The writes that changed something."""
        return (each for each in self.exchanges if each.after is not None and each.before != each.after)

    def send(self, request: requests.PreparedRequest, **_options: Any) -> Response:
        """Carry one request, as the adapter of ``requests`` does."""
        self.clock.seconds += SECONDS
        parts = urlsplit(str(request.url))
        content = (request.body or b"").decode() if isinstance(request.body, bytes) else str(request.body or "")
        path = parts.path.removeprefix(BASE)
        exchange = Exchange(len(self.exchanges) + 1, str(request.method), f"{path}{f'?{parts.query}' if parts.query else ''}", content)
        self.exchanges.append(exchange)
        self.provider.now = self.clock.seconds
        exchange.fault = fault = self._fault(exchange)
        if fault is Fault.RIVAL:
            self.faults.rival(exchange.method, path, content)
        if fault is Fault.KILLED_BEFORE:
            raise Killed
        authorization = str(request.headers.get("Authorization", ""))
        if fault in STATUSES and fault not in DONE:
            exchange.status = STATUSES[fault]
            put_off = {"Retry-After": RETRY_AFTER} if fault is not Fault.ERROR else {}
            return self._error(exchange, "", f"a bad time; {authorization}", put_off)
        if fault is Fault.LOST:
            raise requests.exceptions.ReadTimeout("no answer")
        response = self._answered(exchange, path, dict(parse_qsl(parts.query, keep_blank_values=True)), authorization, request)
        if fault in KILLS:
            raise Killed
        if fault is Fault.LOST_DONE:
            exchange.status = 0
            raise requests.exceptions.ConnectionError("the connection broke")
        if fault is Fault.ERROR_DONE:
            exchange.status = STATUSES[fault]
            return self._error(exchange, "", "Bad gateway", {})
        return response

    def _fault(self, exchange: Exchange) -> Fault | None:
        same = (exchange.method, exchange.path, exchange.content)
        fault = self.faults.at.get(exchange.number)
        if fault and exchange.number in self.faults.for_ever:
            self._for_ever[same] = fault
        return self._for_ever.get(same, fault)

    def _answered(
        self, exchange: Exchange, path: str, params: dict[str, str], authorization: str, request: requests.PreparedRequest
    ) -> Response:
        provider, body = self.provider, json.loads(exchange.content) if exchange.content else None
        now = state_of(provider)
        if exchange.fault is Fault.LAGGING and not exchange.writes:
            provider.stored = {endpoint: dict(found) for endpoint, found in self._behind.items()}
        try:
            answer = provider.answer(exchange.method, path, params, body, request.headers)
        except Refused as refused:
            exchange.status = refused.status
            return self._error(exchange, refused.scim_type, f"{refused.detail}; {authorization}; {exchange.content}", {})
        finally:
            if exchange.fault is Fault.LAGGING and not exchange.writes:
                provider.stored = {endpoint: dict(found) for endpoint, found in now.items()}
            elif exchange.writes:
                exchange.before, exchange.after = now, state_of(provider)
                self._behind = now
        exchange.status = answer.status
        return Response(answer.status, answer.body, {"X-Request-Id": f"request-{exchange.number}", **answer.headers})

    def _error(self, exchange: Exchange, scim_type: str, detail: str, headers: dict[str, str]) -> Response:
        """An error that repeats what it was sent, secrets too, as some providers do."""
        error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(exchange.status), "detail": detail}
        return Response(exchange.status, {**error, **({"scimType": scim_type} if scim_type else {})}, headers)
