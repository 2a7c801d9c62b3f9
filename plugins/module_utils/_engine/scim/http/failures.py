# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures of the network and of TLS, in words: what it was, whether anything was sent, what to do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from ..errors import Invalid, ScimError, Unreachable

try:
    from requests import exceptions as wrong
    from urllib3 import exceptions as low
except ImportError:  # reported by the module, see HAS_REQUESTS in wire.py
    pass

# Codes of OpenSSL's X509_verify_cert
NOT_YET_VALID, EXPIRED, OTHER_HOST, OTHER_ADDRESS = 9, 10, 62, 64
UNKNOWN_ISSUER = {2, 18, 19, 20, 21}
TURN_OFF = "validate_certs: false turns the check off, and lets anybody on the way read the credential."


class Lost(Exception):
    """No answer, or only a part of it. Unless ``sent``, the provider has not seen the request."""

    def __init__(self, words: str, sent: bool) -> None:
        super().__init__(words)
        self.sent = sent


def failure(error: BaseException, origin: str, timeout: float, answered: bool = False) -> Lost | ScimError:
    """``Lost`` where another try may help; else an error that says what to do."""
    chain = list(causes(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return Unreachable(f"{origin} could not be asked: {tls_words(cause)}")
    unusable = (wrong.InvalidURL, wrong.InvalidSchema, wrong.InvalidHeader, low.LocationValueError, UnicodeError)
    if any(isinstance(cause, unusable) for cause in chain):
        return Invalid(f"{origin} cannot be asked ({type(error).__name__}): look at url, http_headers and the proxy of the environment.")
    return Lost(words(chain, origin, timeout), sent=answered or not any(map(before_sending, chain)))


def causes(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[BaseException]:
    """An error and all it was made from: ``requests`` wraps what ``urllib3`` wraps what Python says."""
    if id(error) in seen:
        return
    yield error
    inner = (*error.args, getattr(error, "reason", None), error.__cause__, error.__context__)
    for cause in inner:
        if isinstance(cause, BaseException):
            yield from causes(cause, seen | {id(error)})


def before_sending(cause: BaseException) -> bool:
    """True for what happens while the connection is made. A proxy's refusal has no type of its own."""
    early = (wrong.ConnectTimeout, wrong.ProxyError, low.NewConnectionError, low.ConnectTimeoutError, low.ProxyError)
    return isinstance(cause, early) or str(cause).startswith("Tunnel connection failed")


def words(chain: list[BaseException], origin: str, timeout: float) -> str:
    """One sentence about a connection that failed."""
    if any(isinstance(cause, wrong.ProxyError) for cause in chain):
        return f"The proxy of the environment, which leads to {origin}, could not be reached: {chain[-1]}."
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            return f"The host of {origin} is not known (DNS)."
        if isinstance(cause, ConnectionRefusedError):
            return f"{origin} refuses connections."
        if isinstance(cause, (wrong.Timeout, low.TimeoutError, TimeoutError)) and not isinstance(cause, low.NewConnectionError):
            return f"{origin} did not answer within {timeout:g} s (timeout)."
        if str(cause).startswith("Tunnel connection failed"):
            return f"The proxy does not let through to {origin}: {cause}."
    said = str(chain[-1]) or type(chain[-1]).__name__
    return f"The connection to {origin} broke: {said}."


def tls_words(error: ssl.SSLError) -> str:
    """What is wrong with the certificate or the handshake, and which option helps."""
    code = getattr(error, "verify_code", None)
    said = getattr(error, "verify_message", None) or error.reason or "TLS failed"
    if code in UNKNOWN_ISSUER:
        return (
            f"its certificate comes from nobody whom this machine trusts ({said}). If it is your organisation's own authority, "
            f"name the file with its certificate as ca_path. {TURN_OFF}"
        )
    if code in (OTHER_HOST, OTHER_ADDRESS):
        return f"its certificate is made out to another host ({said}). Is the host in url right? {TURN_OFF}"
    if code in (EXPIRED, NOT_YET_VALID):
        return f"its certificate is not valid today ({said}). Is the clock of this machine right? Else its owner must renew it. {TURN_OFF}"
    if error.reason and "WRONG_VERSION_NUMBER" in error.reason:
        return "it does not speak TLS on this port. Is the port in url right?"
    if error.reason and "CERTIFICATE_REQUIRED" in error.reason:
        return "it wants a certificate of the client: give client_cert and client_key."
    return f"the TLS handshake failed ({said}). Look at ca_path, client_cert and client_key, and at what is between here and there."
