# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that do not end, byte by byte from a real socket, without and with TLS and through a proxy."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim import errors
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http import deadline
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import to
from servers.tls import self_signed

TIMEOUT = 0.4
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\n"
BODY = b'Content-Length: 11\r\n\r\n{"id": "1"}'
EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"


@contextmanager
def sending(parts: Callable[[], Iterable[bytes]], wrap: Callable[[socket.socket], socket.socket] = lambda sock: sock) -> Iterator[int]:
    """A server on a port that answers each connection with these parts, until the other side is gone."""
    done = threading.Event()

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), wrap(connection) as wrapped:
            wrapped.recv(65536)
            for part in parts():
                if done.is_set():
                    return
                wrapped.sendall(part)
            wrapped.recv(65536)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            done.set()
            server.shutdown(socket.SHUT_RDWR)


def dripping(text: bytes) -> Iterator[bytes]:
    """One byte at a time, each long before the timeout."""
    for byte in text:
        time.sleep(TIMEOUT / 8)
        yield bytes([byte])


def get(port: int, timeout: float = TIMEOUT) -> object:
    return to(f"http://127.0.0.1:{port}/v2", timeout=timeout, retries=0).send("GET", "/Users/1").body


ENDLESS_HEADS = pytest.mark.parametrize(
    "parts",
    [
        lambda: dripping(OK * 100),
        lambda: itertools.chain([b"HTTP/1.1 200 OK\r\n"], dripping(b"X-Drip: " + b"x" * 1000)),
        lambda: itertools.chain([b"HTTP/1.1 100 Continue\r\n"], dripping(b"X-Drip: " + b"x" * 1000)),
    ],
    ids=["status", "header", "interim"],
)


@ENDLESS_HEADS
def test_the_head_of_an_answer_ends_within_the_timeout(parts: Callable[[], Iterable[bytes]]) -> None:
    began = time.monotonic()
    with sending(parts) as port, pytest.raises(errors.Unreachable, match=r"did not answer within 0\.4 s \(timeout\)"):
        get(port)
    assert time.monotonic() - began < 4 * TIMEOUT


@pytest.mark.parametrize("interim", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\n\r\n", EARLY_HINTS])
def test_interim_answers_without_end(interim: bytes) -> None:
    with sending(lambda: itertools.repeat(interim * 1000)) as port, pytest.raises(errors.NotScim, match="which is too much for SCIM"):
        get(port, 10)


def test_interim_answers_are_no_answer() -> None:
    with sending(lambda: [b"HTTP/1.1 100 Continue\r\n\r\n", EARLY_HINTS, EARLY_HINTS, OK, BODY]) as port:
        assert get(port) == {"id": "1"}


@pytest.mark.parametrize(
    "parts",
    [
        [b"0\r\n", b"X-Trailer: x\r\n" * 1000],
        [b"1;", b"x" * 10_000],
        [b"1\r\n \r\n" * 1000],
    ],
    ids=["trailers", "a line of a chunk", "tiny chunks"],
)
def test_what_is_around_a_body_ends(parts: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "ANSWER_LIMIT", 100_000)
    head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    with (
        sending(lambda: itertools.chain([head], parts, itertools.repeat(parts[-1]))) as port,
        pytest.raises((errors.NotScim, errors.Unreachable), match=r"which is too much for SCIM|when reading chunk size"),
    ):
        get(port, 10)


def test_a_body_that_drips_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "TIMEOUTS", 2)
    began = time.monotonic()
    with (
        sending(lambda: itertools.chain([OK, b"Content-Length: 1000\r\n\r\n"], dripping(b" " * 1000))) as port,
        pytest.raises(errors.Unreachable, match="did not end its answer within"),
    ):
        get(port)
    assert time.monotonic() - began < 6 * TIMEOUT


def test_the_time_of_one_answer_is_not_that_of_the_next_request() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(5)
        there.sendall(OK + BODY)
        with deadline.Response(here) as response:
            response.begin()
            assert response.read() == b'{"id": "1"}'
        assert here.gettimeout() == 5


@ENDLESS_HEADS
def test_with_tls(parts: Callable[[], Iterable[bytes]], tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    context = certificate.server_context()
    with (
        sending(parts, lambda sock: context.wrap_socket(sock, server_side=True)) as port,
        pytest.raises(errors.Unreachable, match=r"did not answer within 0\.4 s \(timeout\)"),
    ):
        to(f"https://localhost:{port}/v2", timeout=TIMEOUT, retries=0, ca_path=str(certificate.certificate)).send("GET", "/Users/1")


def test_a_proxy_that_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with sending(lambda: itertools.chain([b"HTTP/1.1 200 OK\r\n"], dripping(b"X-Drip: x\r\n" * 1000))) as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        began = time.monotonic()
        with pytest.raises(errors.Unreachable):
            to("https://scim.example.com/v2", timeout=TIMEOUT, retries=0).send("GET", "/Users/1")
    assert time.monotonic() - began < 4 * TIMEOUT
