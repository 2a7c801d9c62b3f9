# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential of each request: one that stays the same, or a token that is fetched and renewed (OAuth 2.0)."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlencode

from ...redact import Redactor
from ...wording import counted, sentence
from ..errors import RESUME, Stop, Unauthorized, Unreachable
from .answers import error_of, json_or, phrase
from .connection import TOKEN, Connection, origin_of
from .retry import TRANSIENT, RetryPolicy
from .session import Token
from .wire import Reply, Wire

BEARER = "Bearer "
MARGIN = 30.0  # seconds before its end at which a token is renewed, at most a tenth of its life
# What to check after an OAuth server's error code (RFC 6749 §5.2; access_denied and invalid_target are answers to a wrong audience).
ADVICE = {
    "invalid_client": "Check client_id and client_secret.",
    "unauthorized_client": "Check client_id: this client may not use the client credentials grant.",
    "invalid_grant": "Check client_id and client_secret.",
    "invalid_scope": "Check scopes.",
    "invalid_target": "Check audience.",
    "access_denied": "Check audience, and the rights of client_id.",
    "unsupported_grant_type": "Check token_url: it does not support the client credentials grant.",
    "invalid_request": "Check token_url, scopes and audience.",
}
CHECK_ALL = "Check token_url, client_id and client_secret."
CLIENT_REFUSED = {"invalid_client", "unauthorized_client"}


class Credential:
    """A bearer token (RFC 6750) or HTTP Basic (RFC 7617). ``option`` is where it was given."""

    def __init__(self, option: str, header: str = "") -> None:
        self.option = option
        self._header = header

    def header(self) -> str:
        """The value of ``Authorization``; a new token is fetched where there is none that is still valid."""
        return self._header

    def renew(self, refused: str) -> bool:
        """Whether there is now another credential than the ``refused`` header to try."""
        return False


class ClientCredentials(Credential):
    """A token of OAuth 2.0 (RFC 6749 §4.4): fetched when it is first needed, renewed before it ends, one renewal for all threads.

    The client authenticates in the form, which most servers support; the first token is requested by HTTP Basic too where the form is
    refused (RFC 6749 §2.3.1: every server supports Basic, the form is optional).
    """

    def __init__(self, connection: Connection, wire: Wire, retry: RetryPolicy, redact: Redactor, token: Token | None = None) -> None:
        super().__init__("client_id")
        self._token = token or Token()
        redact.add(self._token.header.removeprefix(BEARER))
        self._url = connection.token_url or ""
        self._origin = origin_of(self._url)
        self._connection, self._wire, self._retry, self._redact = connection, wire, retry, redact
        self._lock = threading.Lock()
        self._failure: Stop | None = None

    def header(self) -> str:
        with self._lock:
            if not self._token.header or self._retry.pacing.clock() >= self._token.ends:
                self._fetch()
            return self._token.header

    def renew(self, refused: str) -> bool:
        with self._lock:
            if self._token.header == refused:  # else another thread was faster
                self._fetch()
            return True

    def _fetch(self) -> None:
        """Request a token. A failure holds for all threads: the request is not repeated by each of them."""
        if self._failure:
            raise self._failure
        try:
            self._keep(self._reply())
        except Stop as failure:
            self._failure = failure
            raise

    def _reply(self) -> Reply:
        reply = self._request(self._token.by_basic)
        if not self._token.header and not self._token.by_basic and _refuses_client(reply):
            second = self._request(by_basic=True)
            if second.succeeded:
                self._token.by_basic = True
                return second
        return reply

    def _request(self, by_basic: bool) -> Reply:
        client = self._connection
        form = {"grant_type": "client_credentials", "scope": " ".join(client.scopes), "audience": client.audience}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "User-Agent": client.http_agent,
        }
        if by_basic:
            headers["Authorization"] = f"Basic {client.client_basic}"
        else:
            form |= {"client_id": client.client_id, "client_secret": client.client_secret}
        content = urlencode({name: value for name, value in form.items() if value}).encode("ascii")

        def attempt() -> Reply:
            self._retry.pacing.check()  # a run that was stopped requests no more tokens
            reply = self._wire.send("POST", self._url, headers, content)
            if reply.succeeded and reply.fault:
                raise reply.fault
            return reply

        return self._retry.persist(attempt, f"The request for a token at {self._origin}", repeatable=True)

    def _keep(self, reply: Reply) -> None:
        """Use the token of an answer from now on.

        :raises Unauthorized: if the client is refused or there is no token. :raises Unreachable: if another run may succeed.
        """
        if 300 <= reply.status < 400:
            raise Unreachable(
                f"token_url: {self._origin} answered with a redirect, which is not followed: the client_secret is sent to token_url only."
            )
        if reply.status >= 400:
            raise self._refusal(reply)
        answer = _object(reply)
        token, token_type = answer.get("access_token"), str(answer.get("token_type") or "bearer")
        if not isinstance(token, str) or not TOKEN.fullmatch(token) or token_type.lower() != "bearer":
            raise Unauthorized(f"token_url: {self._origin} answered with {reply.status}, but without a bearer token. Check token_url.")
        self._redact.add(token)
        self._token.header = f"{BEARER}{token}"
        self._token.ends = self._retry.pacing.clock() + _lifetime(answer.get("expires_in"))

    def _refusal(self, reply: Reply) -> Stop:
        detail = sentence(error_of(reply.content, self._redact)[1] or phrase(reply.status))
        if reply.status in TRANSIENT or reply.status == 429:
            attempts = counted(reply.attempts, "attempt")
            return Unreachable(f"token_url: {self._origin} answered with {reply.status} after {attempts}: {detail} {RESUME}")
        code = _error(reply)
        advice = ADVICE.get(code, CHECK_ALL)
        of_code = f" ({code})" if code in ADVICE else ""
        return Unauthorized(f"{self._url.partition('?')[0]} issued no token, but answered with {reply.status}{of_code}: {detail} {advice}")


def _object(reply: Reply) -> dict[str, Any]:
    answer = json_or(reply.content)
    return answer if isinstance(answer, dict) else {}


def _error(reply: Reply) -> str:
    """The error code of RFC 6749 §5.2, or nothing."""
    return str(_object(reply).get("error") or "").lower()


def _refuses_client(reply: Reply) -> bool:
    return reply.status == 401 or (reply.status >= 400 and _error(reply) in CLIENT_REFUSED)


def _lifetime(expires_in: Any) -> float:
    """Seconds for which a token is used: until it is refused, if the server gives no number; some servers quote it."""
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError):
        return float("inf")
    return seconds - min(MARGIN, seconds / 10)


def credential_of(connection: Connection, wire: Wire, retry: RetryPolicy, redact: Redactor, token: Token | None = None) -> Credential:
    """The one credential of a connection. A ``token`` may be left from an earlier run."""
    if connection.token:
        return Credential("token", f"{BEARER}{connection.token}")
    if connection.url_username:
        return Credential("url_username", f"Basic {connection.basic}")
    return ClientCredentials(connection, wire, retry, redact, token)
