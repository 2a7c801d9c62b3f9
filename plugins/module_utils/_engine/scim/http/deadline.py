# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits for each answer, in seconds and in bytes, whatever the server sends. The timeout of a socket restarts with each byte.

The limits are checked where bytes are read from the socket, so they hold for all that Python and urllib3 read: interim responses, the
status, headers, the body and its chunk sizes, trailers, and the answer of a proxy; with TLS as well as without.
"""

from __future__ import annotations

import io
from http.client import HTTPResponse, parse_headers
from time import monotonic
from typing import Any

ANSWER_LIMIT = 64 * 2**20
HEAD_LIMIT = 2**18  # bytes of the status, the headers, and all interim responses before them
OVERHEAD = 4  # how many times its content an answer may be long: a body in chunks of a few bytes is several times as long
TIMEOUTS = 10  # how many times ``timeout`` a whole answer may take
SWITCHING_PROTOCOLS = 101


class Overdue(TimeoutError):
    """The body did not end in time."""


class TooLong(OSError):
    """More bytes than an answer may have."""


class _Reader(io.RawIOBase):
    """Reads from a socket until a time or a number of bytes is reached."""

    def __init__(self, sock: Any, raw: io.RawIOBase) -> None:
        self._sock, self._raw = sock, raw
        self._timeout: float | None = sock.gettimeout()
        self.allow(1, HEAD_LIMIT, TimeoutError)

    def allow(self, timeouts: int, size: int, error: type[TimeoutError]) -> None:
        """Start a new time limit and a new size limit. ``error`` is raised after the time."""
        self._end = None if self._timeout is None else monotonic() + timeouts * self._timeout
        self._size, self._error = size, error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        """:raises TimeoutError: after the time. :raises TooLong: after the number of bytes."""
        left = self._timeout
        if self._end is not None and left is not None:
            left = min(left, self._end - monotonic())
            if left <= 0:
                raise self._error
            self._sock.settimeout(left)
        try:
            count: int | None = self._raw.readinto(buffer)
        except TimeoutError:
            raise self._error if left != self._timeout else TimeoutError from None
        finally:
            self._sock.settimeout(self._timeout)  # the next request on this connection is sent with it
        self._size -= count or 0
        if self._size < 0:
            raise TooLong
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class Response(HTTPResponse):
    """An answer within the limits.

    All interim responses are skipped: Python itself takes ``103 Early Hints`` for the answer (RFC 9110 §15.2).
    """

    def __init__(self, sock: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self._reader = _Reader(sock, self.fp.detach())
        self.fp = io.BufferedReader(self._reader)

    def begin(self) -> None:
        super().begin()
        self._reader.allow(TIMEOUTS, OVERHEAD * ANSWER_LIMIT, Overdue)

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 <= status < 200 or status == SWITCHING_PROTOCOLS:
                return version, status, reason
            parse_headers(self.fp)


def set_deadlines(manager: Any) -> Any:
    """Limit the answers of all connections of a pool manager of urllib3, and return it."""
    manager.pool_classes_by_scheme = {
        scheme: type(
            pool.__name__,
            (pool,),
            {"ConnectionCls": type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), {"response_class": Response})},
        )
        for scheme, pool in manager.pool_classes_by_scheme.items()
    }
    return manager
