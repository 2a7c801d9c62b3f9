# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server that answers what a test wrote down, a clock that only a sleep moves, and a transport between the two."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.connection import Connection
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Transport

TOKEN = "token-of-the-tenant"
USER = {"id": "1", "userName": "bjensen"}
SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class Clock:
    """Time passes in ``sleep`` only; ``naps`` is how long each was."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.naps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        if seconds:
            self.naps.append(seconds)
        self.now += seconds


@dataclass(frozen=True)
class Say:
    """One answer. ``cut`` ends the connection: ``before`` an answer, or ``within`` its body.

    With ``endless`` its body is blanks until the client hangs up; that is called once the first of them are sent.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: str = ""
    endless: Callable[[], object] | None = None

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Scripted:
    """``script`` holds the answers in order; the last one is given for ever."""

    def __init__(self, *script: Say) -> None:
        self.script = list(script) or [Say()]
        self.asked: list[Asked] = []
        self.lock = threading.Lock()
        self.url = ""

    def next(self, asked: Asked) -> Say:
        with self.lock:
            self.asked.append(asked)
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted: Scripted

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        say = self.scripted.next(Asked(self.command, self.path, dict(self.headers.items()), body))
        self.close_connection = bool(say.cut)
        if say.cut == "before":
            return
        self.send_response_only(say.status)
        for name, value in say.headers.items():
            self.send_header(name, value)
        missing = 10**9 if say.endless else 10 if say.cut == "within" else 0
        chunked = "Transfer-Encoding" in say.headers
        if say.status != 204 and not chunked:
            self.send_header("Content-Length", str(len(say.content) + missing))
        self.end_headers()
        self.wfile.write(say.content)
        if say.endless:
            blanks = b"400\r\n%b\r\n" % (b" " * 0x400) if chunked else b" " * 0x400
            self.close_connection = True
            with suppress(OSError):
                self.wfile.write(blanks)
                say.endless()
                while True:
                    self.wfile.write(blanks)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *args: Any) -> None:
        """The tests' own output is enough."""


@contextmanager
def serving(*script: Say, tls: Any = None) -> Iterator[Scripted]:
    scripted = Scripted(*script)
    handler = type("Handler", (_Handler,), {"scripted": scripted})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scripted.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield scripted
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def to(where: Scripted | str, clock: Clock | None = None, concurrency: int = 1, **options: Any) -> Transport:
    url = where if isinstance(where, str) else f"{where.url}/v2"
    clock = clock or Clock()
    credential = {} if {"client_id", "url_username"} & set(options) else {"token": TOKEN}
    connection = Connection(url, **{**credential, **options})
    return Transport(connection, Pacing(clock=clock, nap=clock.sleep), concurrency=concurrency)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
