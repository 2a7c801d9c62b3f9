# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures of the network and of TLS as messages: what failed, whether anything was sent, what to do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from ..errors import Invalid, ScimError, Unreachable

try:
    from requests import exceptions as outer
    from urllib3 import exceptions as inner
except ImportError:  # see REQUESTS_IMPORT_ERROR in wire.py
    pass

# Codes of OpenSSL's X509_verify_cert
NOT_YET_VALID, EXPIRED, OTHER_HOST, OTHER_ADDRESS = 9, 10, 62, 64
UNKNOWN_ISSUER = {2, 18, 19, 20, 21}
TURN_OFF = "validate_certs: false turns this check off, and then the credential can be read on the way."


class Lost(Exception):
    """No answer, or only a part of it. Unless ``sent``, the request did not reach the provider."""

    def __init__(self, message: str, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


def failure(error: BaseException, origin: str, timeout: float, answered: bool = False) -> Lost | ScimError:
    """``Lost`` where another attempt may help; else an error that says what to do."""
    chain = list(causes(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return Unreachable(f"{origin}: {describe_tls(cause)}")
    unusable = (outer.InvalidURL, outer.InvalidSchema, outer.InvalidHeader, inner.LocationValueError, UnicodeError)
    if any(isinstance(cause, unusable) for cause in chain):
        return Invalid(
            f"{origin}: the request cannot be sent ({type(error).__name__}). Check url, http_headers and the proxy of the environment."
        )
    return Lost(describe(chain, origin, timeout), sent=answered or not any(map(before_sending, chain)))


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
