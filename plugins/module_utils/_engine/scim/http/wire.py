# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One exchange over HTTP: TLS, proxies, timeouts, the size of an answer. Nothing of SCIM, and no second attempt.

It uses the adapter of ``requests`` and not its ``Session``: a session would let ``~/.netrc`` replace the credential and
``REQUESTS_CA_BUNDLE`` the trust that was configured, keep cookies, and read the whole body of a redirect.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from time import monotonic

from ..errors import Interrupted, Invalid, NotScim
from .connection import Connection, is_loopback, origin_of
from .failures import Lost, failure

REQUESTS_IMPORT_ERROR: str | None = None
try:
    import requests
    import urllib3
except ImportError:  # the module fails with it before anything of this folder is used
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

ANSWER_LIMIT = 64 * 2**20
CHUNK = 2**16
TIMEOUTS = 10  # how many times ``timeout`` a whole answer may take: ``timeout`` itself begins anew with each byte


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as bytes. With a ``fault`` the content is not whole; the status is true all the same."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    fault: Exception | None = None
    attempts: int = 1

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


class Wire:
    """Connections that are kept open, as many as there are threads. ``go_on`` raises ``Interrupted`` where the run is to end.

    :raises Invalid: if a file of the connection is missing.
    """

    def __init__(self, connection: Connection, concurrency: int = 1, go_on: Callable[[], None] = lambda: None) -> None:
        for option in ("ca_path", "client_cert", "client_key"):
            path = getattr(connection, option)
            if path and not os.path.exists(path):
                raise Invalid(f'{option}: "{path}" does not exist on the machine that the module runs on.')
        self._timeout = connection.timeout
        self._go_on = go_on
        self._verify: bool | str = (connection.ca_path or True) if connection.validate_certs else False
        self._cert: str | tuple[str, str] | None = connection.client_cert
        if connection.client_cert and connection.client_key:
            self._cert = (connection.client_cert, connection.client_key)
        self._adapter = requests.adapters.HTTPAdapter(pool_maxsize=concurrency, max_retries=0, pool_block=True)
        if not connection.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def send(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None) -> Reply:
        """Send one request; a redirect is an answer.

        :raises Lost: if no answer came.
        """
        origin = origin_of(url)
        try:
            request = requests.Request(method, url, headers={"Accept-Encoding": "gzip, deflate", **headers}, data=content).prepare()
        except (requests.RequestException, ValueError) as error:
            raise Invalid(f"{origin}: {method} cannot be sent ({type(error).__name__}). Check url and http_headers.") from None
        try:
            response = self._adapter.send(
                request, stream=True, timeout=self._timeout, verify=self._verify, cert=self._cert, proxies=proxies(url)
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise failure(error, origin, self._timeout) from None
        with closing(response):
            return Reply(response.status_code, response.headers, *self._read(response, origin))

    def _read(self, response: requests.Response, origin: str) -> tuple[bytes, Exception | None]:
        content = bytearray()
        end = monotonic() + TIMEOUTS * self._timeout
        try:
            for chunk in chunks(response):
                if content:  # an answer that comes at once is read, whatever happened meanwhile
                    self._go_on()
                if monotonic() > end:
                    return bytes(content), Lost(f"{origin} did not end its answer within {TIMEOUTS * self._timeout:g} s.", sent=True)
                content += chunk
                if len(content) > ANSWER_LIMIT:
                    limit = f"{ANSWER_LIMIT / 2**20:.0f} MiB"
                    return bytes(content), NotScim(f"{origin} answered with more than {limit}, which is too much for SCIM. Check url.")
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            return bytes(content), failure(error, origin, self._timeout, answered=True)
        except Interrupted as interrupted:
            return bytes(content), interrupted
        return bytes(content), None


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
