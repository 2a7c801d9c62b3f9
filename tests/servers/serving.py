# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/1.1 for tests: a threaded server on a free loopback port that hands each request to one function.

Connections are kept alive and bodies are read whole before the function is called, so an answer given early (a 401) never leaves half a
request on the wire; werkzeug's server closes after every answer instead, and would hide what a client does with a pool of connections.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import parse_qsl, unquote_to_bytes

from requests.structures import CaseInsensitiveDict

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self
    from wsgiref.types import WSGIApplication

Headers = CaseInsensitiveDict[str]
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
BODILESS = frozenset({204, 304})
FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})


class Cut(Exception):
    """Raised instead of answering: the connection is closed and the client never learns why."""


def parsed(body: bytes) -> Any:
    """A body as JSON where it is JSON, else as text; None where there is none."""
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was sent; ``path`` is relative to ``root`` (the path of the SCIM base URL)."""

    method: str
    target: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    root: str = ""

    @property
    def path(self) -> str:
        path = self.target.partition("?")[0]
        return path.removeprefix(self.root) if path.startswith(f"{self.root}/") else path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @property
    def json(self) -> Any:
        return parsed(self.body)

    @property
    def is_write(self) -> bool:
        """Whether it may change a resource: a search by POST does not (RFC 7644 §3.4.3), nor does asking for a token."""
        return self.method in WRITES and self.target.startswith(f"{self.root}/") and not self.path.endswith("/.search")


@dataclass(frozen=True, slots=True)
class Answer:
    """``missing`` bytes of the body are promised and never sent: the connection ends there."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    missing: int = 0

    @property
    def json(self) -> Any:
        return parsed(self.body)

    @classmethod
    def of_json(cls, status: int, content: Any, content_type: str = "application/scim+json", **headers: str) -> Answer:
        """Header names are written with an underscore for the hyphen: ``Retry_After="1"``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, Headers({"Content-Type": content_type, **named}), json.dumps(content).encode())

    @classmethod
    def of_text(cls, status: int, text: str, content_type: str = "text/plain", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, Headers({"Content-Type": content_type, **named}), text.encode())


Handler = Callable[[Request], Answer]


class _Listener(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, answer: Handler, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", port), _Connection)
        self.answer = answer
        self.tls = tls
        self.open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = self.socket.accept()
        if self.tls is not None:  # the handshake is left to the connection's own thread: a silent client must not block the others
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self.open.add(connection)
        return connection, address

    def close_request(self, request: Any) -> None:
        self.open.discard(request)
        super().close_request(request)


class _Connection(StreamRequestHandler):
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle(self) -> None:
        listener = cast(_Listener, self.server)
        with suppress(OSError, Cut):
            while (request := _read(cast(BinaryIO, self.rfile))) is not None:
                answer = _answer(listener.answer, request)
                _write(cast(BinaryIO, self.wfile), request, answer)
                if answer.missing or request.headers.get("Connection", "").lower() == "close":
                    return


def _read(stream: BinaryIO) -> Request | None:
    words = stream.readline().split()
    if len(words) != 3:
        return None
    headers = Headers()
    while line := stream.readline().strip():
        name, _unused, value = line.decode("latin-1").partition(":")
        headers[name] = value.strip()
    if "Transfer-Encoding" in headers:
        raise Cut  # nothing here sends a body in chunks
    return Request(words[0].decode(), words[1].decode("latin-1"), headers, stream.read(int(headers.get("Content-Length", 0))))


def _answer(handler: Handler, request: Request) -> Answer:
    try:
        return handler(request)
    except (Cut, OSError):
        raise
    except Exception:
        return Answer.of_text(500, f"The test server failed:\n{traceback.format_exc()}")


def _write(stream: BinaryIO, request: Request, answer: Answer) -> None:
    lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() not in FRAMING]
    if answer.status not in BODILESS:
        lines.append(f"Content-Length: {len(answer.body) + answer.missing}")
    body = b"" if answer.status in BODILESS or request.method == "HEAD" else answer.body
    stream.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
    stream.flush()


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"


class Server:
    """Serves ``answer`` until it is stopped; a context manager."""

    root = ""

    def __init__(self, answer: Handler, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self._listener = _Listener(port, answer, tls)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True)
        self.scheme = "https" if tls else "http"
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self._listener.server_address[1]}"

    @property
    def url(self) -> str:
        """The SCIM base URL."""
        return self.origin + self.root

    def stop(self) -> None:
        """Refuse new connections and end the open ones."""
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
        for connection in list(self._listener.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def wsgi(application: WSGIApplication) -> Handler:
    """Let a WSGI application answer."""

    def answer(request: Request) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
            started[:] = [(status, headers)]
            return lambda chunk: None

        body = b"".join(application(_environ(request), start_response))
        status, headers = started[0]
        return Answer(int(status.split()[0]), Headers(headers), body)

    return answer


def _environ(request: Request) -> dict[str, Any]:
    path, _unused, query = request.target.partition("?")
    host, _unused, port = request.headers.get("Host", "127.0.0.1").partition(":")
    return {
        **_header_variables(request.headers),
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query,
        "SERVER_NAME": host, "SERVER_PORT": port or "80", "SERVER_PROTOCOL": "HTTP/1.1", "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": BytesIO(request.body), "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip


def _header_variables(headers: Mapping[str, str]) -> dict[str, str]:
    names = {name: name.upper().replace("-", "_") for name in headers}
    return {name if name == "CONTENT_TYPE" else f"HTTP_{name}": headers[sent] for sent, name in names.items()}
