# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One exchange over HTTP: TLS, proxies, timeouts, the size of an answer, and what each failure means. Nothing of SCIM, no second attempt.

It uses the adapter of ``requests`` and not its ``Session``: a session would let ``~/.netrc`` replace the credential and
``REQUESTS_CA_BUNDLE`` the trust that was configured, keep cookies, and read the whole body of a redirect.
"""

from __future__ import annotations

import os
import socket
import ssl
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...files import check_readable
from ..errors import Interrupted, Invalid, NotScim, ScimError, Unreachable
from .connection import Connection, is_loopback, origin_of
from .deadline import ANSWER_LIMIT, TIMEOUTS, Overdue, TooLong, set_deadlines
from .session import Session

REQUESTS_IMPORT_ERROR: str | None = None
try:
    import requests
    import urllib3
    from requests import exceptions as outer
    from urllib3 import exceptions as inner
except ImportError:  # the module fails with it before anything of this folder is used
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

CHUNK = 2**16
# Codes of OpenSSL's X509_verify_cert
NOT_YET_VALID, EXPIRED, OTHER_HOST, OTHER_ADDRESS = 9, 10, 62, 64
UNKNOWN_ISSUER = {2, 18, 19, 20, 21}
TURN_OFF = "validate_certs: false turns this check off, and then the credential can be read on the way."


class Lost(Exception):
    """No answer, or only a part of it. Unless ``sent``, the request did not reach the provider."""

    def __init__(self, message: str, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as bytes. With a ``fault`` the content is not whole; the status is true all the same. ``repeated``: the request was sent
    before, and that one may have been carried out. ``sent`` is when the request was sent, on the clock of ``Pacing``, unless it did not
    count for the provider's rate.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    fault: Exception | None = None
    attempts: int = 1
    repeated: bool = False
    sent: float | None = None

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


class Wire:
    """Connections that are kept open, as many as there are threads. ``go_on`` raises ``Interrupted`` where the run is to end.

    :raises Invalid: if a file of the connection is missing or cannot be read.
    """

    def __init__(
        self, connection: Connection, concurrency: int = 1, go_on: Callable[[], None] = lambda: None, session: Session | None = None
    ) -> None:
        for option in ("ca_path", "client_cert", "client_key"):
            path = getattr(connection, option)
            if path and not os.path.exists(path):
                raise Invalid(f'{option}: "{path}" does not exist on the machine that the module runs on.')
            if path and not os.path.isdir(path):  # a folder of certificates may be a ca_path
                check_readable(path, option)
        self._timeout = connection.timeout
        self._go_on = go_on
        self._verify: bool | str = (connection.ca_path or True) if connection.validate_certs else False
        self._cert: str | tuple[str, str] | None = connection.client_cert
        if connection.client_cert and connection.client_key:
            self._cert = (connection.client_cert, connection.client_key)
        session = session or Session()
        session.adapter = session.adapter or adapter(pool_maxsize=concurrency, max_retries=0, pool_block=True)
        self._adapter = session.adapter
        if not connection.validate_certs:
            urllib3.disable_warnings(inner.InsecureRequestWarning)

    def send(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None) -> Reply:
        """Send one request; a redirect is an answer.

        :raises Lost: if no answer came.
        """
        origin = origin_of(url)
        try:
            request = requests.Request(method, url, headers={"Accept-Encoding": "gzip, deflate", **headers}, data=content).prepare()
        except (outer.RequestException, ValueError) as error:
            raise Invalid(f"{origin}: {method} cannot be sent ({type(error).__name__}). Check url and http_headers.") from None
        try:
            response = self._adapter.send(
                request, stream=True, timeout=self._timeout, verify=self._verify, cert=self._cert, proxies=proxies(url)
            )
        except (outer.RequestException, inner.HTTPError, OSError, ValueError) as error:
            raise failure(error, origin, self._timeout) from None
        with closing(response):
            return Reply(response.status_code, response.headers, *self._read(response, origin))

    def _read(self, response: requests.Response, origin: str) -> tuple[bytes, Exception | None]:
        content = bytearray()
        try:
            for chunk in chunks(response):
                if content:  # an answer that comes at once is read, whatever happened meanwhile
                    self._go_on()
                content += chunk
                if len(content) > ANSWER_LIMIT:
                    return bytes(content), too_long(origin)
        except (outer.RequestException, inner.HTTPError, OSError) as error:
            return bytes(content), failure(error, origin, self._timeout, answered=True)
        except Interrupted as interrupted:
            return bytes(content), interrupted
        return bytes(content), None


def adapter(**options: Any) -> requests.adapters.HTTPAdapter:
    """The adapter of ``requests``, with limits for each answer. The class is in here, since ``requests`` may not be installed."""

    class Adapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *arguments: Any, **keywords: Any) -> None:
            super().init_poolmanager(*arguments, **keywords)
            set_deadlines(self.poolmanager)

        def proxy_manager_for(self, proxy: str, **keywords: Any) -> Any:
            is_new = proxy not in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **keywords)
            return set_deadlines(manager) if is_new else manager

    return Adapter(**options)


def chunks(response: requests.Response) -> Iterator[bytes]:
    """The content as it comes. Before version 2, urllib3 could only wait until a chunk is full."""
    if not hasattr(response.raw, "read1"):
        return iter(response.iter_content(CHUNK))
    return iter(partial(response.raw.read1, CHUNK, decode_content=True), b"")


def proxies(url: str) -> dict[str, str]:
    """The environment's proxies; none for this machine itself: plain http is allowed to it only because it does not leave it."""
    if is_loopback(url):
        return {}
    return dict(requests.utils.get_environ_proxies(url, no_proxy=None))


def failure(error: BaseException, origin: str, timeout: float, answered: bool = False) -> Lost | ScimError:
    """``Lost`` where another attempt may help; else an error that says what to do."""
    chain = list(causes(error))
    if any(isinstance(cause, TooLong) for cause in chain):
        return too_long(origin)
    for cause in chain:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return Unreachable(f"{origin}: {describe_tls(cause)}")
    unusable = (outer.InvalidURL, outer.InvalidSchema, outer.InvalidHeader, inner.LocationValueError, UnicodeError)
    if any(isinstance(cause, unusable) for cause in chain):
        return Invalid(
            f"{origin}: the request cannot be sent ({type(error).__name__}). Check url, http_headers and the proxy of the environment."
        )
    return Lost(describe(chain, origin, timeout), sent=answered or not any(map(before_sending, chain)))


def too_long(origin: str) -> NotScim:
    """The error for an answer that is too large for SCIM."""
    return NotScim(f"{origin} answered with more than {ANSWER_LIMIT / 2**20:.0f} MiB, which is too much for SCIM. Check url.")


def causes(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[BaseException]:
    """An error and all that it was made from: ``requests`` wraps what ``urllib3`` wraps what Python raises."""
    if id(error) in seen:
        return
    yield error
    for cause in (*error.args, getattr(error, "reason", None), error.__cause__, error.__context__):
        if isinstance(cause, BaseException):
            yield from causes(cause, seen | {id(error)})


def before_sending(cause: BaseException) -> bool:
    """Whether it happened while the connection was made. A proxy's refusal has no type of its own."""
    early = (outer.ConnectTimeout, outer.ProxyError, inner.NewConnectionError, inner.ConnectTimeoutError, inner.ProxyError)
    return isinstance(cause, early) or str(cause).startswith("Tunnel connection failed")


def describe(chain: list[BaseException], origin: str, timeout: float) -> str:
    """One sentence about a connection that failed."""
    if any(isinstance(cause, outer.ProxyError) for cause in chain):
        return f"The proxy of the environment for {origin} could not be reached: {chain[-1]}."
    if any(isinstance(cause, Overdue) for cause in chain):
        return f"{origin} did not end its answer within {TIMEOUTS * timeout:g} s."
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            return f"The host of {origin} is unknown (DNS)."
        if isinstance(cause, ConnectionRefusedError):
            return f"{origin} refuses connections."
        if isinstance(cause, (outer.Timeout, inner.TimeoutError, TimeoutError)) and not isinstance(cause, inner.NewConnectionError):
            return f"{origin} did not answer within {timeout:g} s (timeout)."
        if str(cause).startswith("Tunnel connection failed"):
            return f"The proxy of the environment refuses connections to {origin}: {cause}."
    return f"The connection to {origin} broke: {str(chain[-1]) or type(chain[-1]).__name__}."


def describe_tls(error: ssl.SSLError) -> str:
    """What is wrong with the certificate or the handshake, and which option helps."""
    code = getattr(error, "verify_code", None)
    reason = getattr(error, "verify_message", None) or error.reason or "TLS failed"
    if code in UNKNOWN_ISSUER:
        return (
            f"its certificate is not from an authority that this machine trusts ({reason}). "
            f"If the authority is your organisation's own, set ca_path to the file of its certificate. {TURN_OFF}"
        )
    if code in (OTHER_HOST, OTHER_ADDRESS):
        return f"its certificate is for another host ({reason}). Check the host in url. {TURN_OFF}"
    if code in (EXPIRED, NOT_YET_VALID):
        return f"its certificate is not valid today ({reason}). Check the clock of this machine; else its owner must renew it. {TURN_OFF}"
    if error.reason and "WRONG_VERSION_NUMBER" in error.reason:
        return "this port does not use TLS. Check the port in url."
    if error.reason and "CERTIFICATE_REQUIRED" in error.reason:
        return "the provider requires a client certificate. Set client_cert and client_key."
    return f"the TLS handshake failed ({reason}). Check ca_path, client_cert and client_key, and firewalls and proxies on the way."
