# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential of each request: one that stays the same, or a token that is fetched and renewed (OAuth 2.0)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from ...redact import Redactor
from ...wording import counted, sentence
from ..errors import RESUME, Stop, Unauthorized, Unreachable
from .answers import error_of, json_or, phrase, readable
from .assertions import ASSERTION_TYPE, assertions_of
from .connection import TOKEN, Connection, origin_of
from .expiry import Expiry, expiry_of, is_expired, jwt_expiry
from .jwt import claims_of
from .retry import TRANSIENT, RetryPolicy
from .session import Token
from .wire import Reply, Wire

BEARER = "Bearer "
MARGIN = 30.0  # seconds before its end at which a token is renewed, at most a tenth of its life
# What to check after an OAuth server's error code (RFC 6749 §5.2; access_denied and invalid_target are answers to a wrong audience).
# "{}" is the option with the client's secret.
ADVICE = {
    "invalid_client": "Check client_id and {}.",
    "unauthorized_client": "Check client_id: this client may not use the client credentials grant.",
    "invalid_grant": "Check client_id and {}.",
    "invalid_scope": "Check scopes.",
    "invalid_target": "Check audience.",
    "access_denied": "Check audience, and the rights of client_id.",
    "unsupported_grant_type": "Check token_url: it does not support the client credentials grant.",
    "invalid_request": "Check token_url, scopes and audience.",
}
CHECK_ALL = "Check token_url, client_id and {}."
RENEWED = "Set client_assertion_file or client_assertion_from instead, which provide a new JWT for each token."
CLAIM_LIMIT = 120
NOT_OF_THE_CLIENT = {"invalid_scope", "invalid_target", "unsupported_grant_type"}
CLIENT_REFUSED = {"invalid_client", "unauthorized_client"}


class Credential:
    """A bearer token (RFC 6750) or HTTP Basic (RFC 7617). ``option`` is where it was given, ``expiry`` its end as far as it is known."""

    def __init__(self, option: str, header: str = "", expiry: Expiry | None = None) -> None:
        self.option = option
        self._expiry = expiry
        self._header = header

    @property
    def warning(self) -> str:
        """What to renew soon, or nothing."""
        return self._expiry.warning(datetime.now(UTC)) if self._expiry else ""

    def advice(self, headers: Mapping[str, str]) -> str:
        """What to do after a 401 with these headers. It is called expired only where that is known."""
        now = datetime.now(UTC)
        if self._expiry and self._expiry.has_passed(now):
            return f"{self._expiry.description(now)} {self._expiry.remedy}"
        if is_expired(headers):
            return f"The provider reports that {self.option} has expired. Create a new one, and set {self.option}."
        return self._check()

    def _check(self) -> str:
        return f"Check {self.option}: it must be valid, and issued for this url."

    def header(self) -> str:
        """The value of ``Authorization``; a new token is fetched where there is none that is still valid."""
        return self._header

    def renew(self, refused: str) -> bool:
        """Whether there is now another credential than the ``refused`` header to try."""
        return False


class ClientCredentials(Credential):
    """A token of OAuth 2.0 (RFC 6749 §4.4): fetched when it is first needed, renewed before it ends, one renewal for all threads.

    A client with a secret authenticates in the form, which most servers support; the first token is requested by HTTP Basic too where the
    form is refused (RFC 6749 §2.3.1: every server supports Basic, the form is optional). Without a secret, each request has an assertion of
    its own, also where it is repeated: a server may accept a JWT only once (RFC 7523 §3).
    """

    def __init__(self, connection: Connection, wire: Wire, retry: RetryPolicy, redact: Redactor, token: Token | None = None) -> None:
        super().__init__("client_id", expiry=expiry_of(connection))
        self._token = token or Token()
        redact.add(self._token.header.removeprefix(BEARER))
        self._url = connection.token_url or ""
        self._origin = origin_of(self._url)
        self._connection, self._wire, self._retry, self._redact = connection, wire, retry, redact
        self._next_assertion = assertions_of(connection, wire, retry, redact)
        self._assertion = ""  # the last one
        self._lock = threading.Lock()
        self._failure: Stop | None = None

    def header(self) -> str:
        with self._lock:
            if not self._token.header or self._retry.pacing.clock() >= self._token.ends:
                self._fetch()
            return self._token.header

    def advice(self, headers: Mapping[str, str]) -> str:
        return self._check()  # a new token was refused, so nothing has expired

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
        if not self._token.header and not self._token.by_basic and not self._next_assertion and _refuses_client(reply):
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

        def attempt() -> Reply:
            self._retry.pacing.check()  # a run that was stopped requests no more tokens
            fields = {**form, **self._assertion_fields()}
            content = urlencode({name: value for name, value in fields.items() if value}).encode("ascii")
            reply = self._wire.send("POST", self._url, headers, content)
            if reply.succeeded and reply.fault:
                raise reply.fault
            return reply

        return self._retry.persist(attempt, f"The request for a token at {self._origin}", repeatable=True)

    def _assertion_fields(self) -> dict[str, str]:
        """What authenticates a client without a secret (RFC 7521 §4.2)."""
        if self._next_assertion is None:
            return {}
        self._assertion = self._next_assertion()
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": self._assertion}

    def _keep(self, reply: Reply) -> None:
        """Use the token of an answer from now on.

        :raises Unauthorized: if the client is refused or there is no token. :raises Unreachable: if another run may succeed.
        """
        if 300 <= reply.status < 400:
            raise Unreachable(
                f"token_url: {self._origin} answered with a redirect, which is not followed: "
                f"{self._connection.secret_option} is for token_url only."
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
        advice = ADVICE.get(code, CHECK_ALL).format(self._connection.secret_option)
        of_code = f" ({code})" if code in ADVICE else ""
        url = self._url.partition("?")[0]
        return Unauthorized(f"{url} issued no token, but answered with {reply.status}{of_code}: {detail} {advice}{self._reasons(code)}")

    def _reasons(self, code: str) -> str:
        """What may explain a refusal: that the secret has expired, and to whom and for whom a JWT was issued. None of it is secret."""
        if code in NOT_OF_THE_CLIENT:
            return ""
        expiry = jwt_expiry(f"The JWT of {self._connection.secret_option}", self._assertion) or self._expiry
        now, reasons = datetime.now(UTC), list[str]()
        if expiry and expiry.has_passed(now):
            reasons.append(expiry.description(now))
            reasons += [RENEWED] if self._connection.client_assertion else []
        claims = claims_of(self._assertion)
        known = [f'{name} "{readable(str(claims[name]), self._redact, CLAIM_LIMIT)}"' for name in ("iss", "sub", "aud") if name in claims]
        if known:
            reasons.append(f"The client must be registered for the JWT's {', '.join(known)}.")
        return "".join(f" {reason}" for reason in reasons)


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
        return Credential("token", f"{BEARER}{connection.token}", expiry_of(connection))
    if connection.url_username:
        return Credential("url_username", f"Basic {connection.basic}", expiry_of(connection))
    return ClientCredentials(connection, wire, retry, redact, token)
