# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to the service provider: paced, authenticated, repeated where that is safe, counted, with secrets masked."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from ...redact import Redactor, passwords
from ...wording import sentence
from ..errors import UNKNOWN, AnswerLost, Interrupted, Invalid, NotScim, Unauthorized, Unreachable
from .answers import body_of, error_of, error_status, is_portal, is_scim, is_throttled, phrase, readable, refusal
from .auth import credential_of
from .connection import Connection, origin_of
from .expiry import challenge
from .pace import Rate
from .pacing import Pacing
from .rate_headers import quota, retry_after
from .request_ids import RequestIds
from .retry import RetryPolicy, is_unknown
from .session import Session
from .wire import Lost, Reply, Wire

MEDIA_TYPES = ("application/scim+json", "application/json")  # RFC 7644 §8.1; many gateways and proxies know only the other one
MAX_REDIRECTS = 5
REPEATING = frozenset({307, 308})  # redirects that keep method and body (RFC 9110 §15.4.8)
REDIRECTS = REPEATING | {301, 302, 303}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the provider: its JSON, or None for no body (or, after a write, for one that cannot be read)."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(slots=True)
class Request:
    """One request, however often it is sent; ``begun`` once it was, with which ``authorization`` last."""

    method: str
    path: str
    url: str
    headers: Mapping[str, str]
    body: Any
    repeatable: bool
    begun: bool = False
    authorization: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def reads(self) -> bool:
        """Whether it changes nothing; ``POST …/.search`` is a query (RFC 7644 §3.4.3)."""
        return self.method in ("GET", "HEAD") or self.path.endswith("/.search")

    @property
    def content(self) -> bytes | None:
        return None if self.body is None else json.dumps(self.body, separators=(",", ":")).encode("ascii")


class Transport:
    """Sends requests to one service provider, from any number of threads."""

    def __init__(
        self,
        connection: Connection,
        pacing: Pacing,
        content_type: str = "application/scim+json",
        concurrency: int = 1,
        redact: Redactor | None = None,
        session: Session | None = None,
    ) -> None:
        self._connection = connection
        self._pacing = pacing
        self._session = session or Session()
        self._content_type = self._session.content_type or content_type
        self.redact = redact or Redactor()
        self.redact.add(*connection.secrets)
        self._retry = RetryPolicy(pacing, connection.retries, connection.max_wait)
        self._wire = Wire(connection, concurrency, pacing.check, self._session)
        self._credential = credential_of(connection, self._wire, self._retry, self.redact, self._session.token)
        self._lock = threading.Lock()
        self.url = connection.url
        self.requests = 0  # SCIM requests that were sent, with repeats and redirects, without those for a token
        self.understood = False  # whether any answer was one of SCIM
        self.request_ids = RequestIds()

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
    ) -> Answer:
        """Send one request to ``path`` below the base URL. A ``repeatable`` one may happen twice without harm.

        :raises Refused: if the provider answers with an error. :raises AnswerLost: if it is unknown whether a write was carried out.
        :raises Stop: if no other request would succeed.
        """
        query = "?" + urlencode(params, quote_via=quote, safe="") if params else ""
        url = f"{self.url}{checked(path)}{query}"
        request = Request(method, path, url, self._headers(body is not None, headers), body, repeatable)
        with self.redactor(None).errors():  # outermost: new tokens are added to it while the request is under way
            try:
                reply = self._retry.persist(lambda: self._accepted(request), request.name, repeatable)
            except Interrupted as interrupted:
                own = Interrupted(str(interrupted))  # every thread that waits for the same token gets the same error
                own.begun = request.begun or request.reads
                raise own from None
            if not request.reads:
                self.request_ids.note(reply.headers)
            return self._answer(request, reply)

    def redactor(self, body: Any) -> Redactor:
        """A redactor for messages, which masks the secrets of the connection and those in one request's body.

        It masks the values of headers too. Results and logs keep them, since such a value may be "1".
        """
        return self.redact.including([*self._connection.http_headers.values(), *passwords(body)])

    @property
    def warning(self) -> str:
        """That the credential expires soon, or nothing."""
        return self._credential.warning

    @property
    def rate(self) -> Rate | None:
        """The provider's rate as far as it is known, or None for no limit."""
        return self._pacing.pace.rate

    def at_once(self, most: int) -> int:
        """How many requests may be in progress now, of at most so many."""
        return min(most, self._pacing.pace.at_once)

    def rest(self, attempt: int) -> bool:
        """Wait before the effect of a lost write is looked up; whether it may be sent again after that ``attempt``, counted from 0."""
        self._retry.rest(attempt)
        return attempt < self._connection.retries

    def pause(self, seconds: float) -> None:
        """Wait before the effect of a write is looked up again.

        :raises Interrupted: if the run must end before that.
        """
        self._pacing.sleep(seconds)

    def _headers(self, has_body: bool, own: Mapping[str, str] | None) -> dict[str, str]:
        """Of two names that differ only in case, the later one is sent."""
        accepted = dict.fromkeys((self._content_type, *MEDIA_TYPES))
        content_type = {"Content-Type": self._content_type} if has_body else {}
        default = {"Accept": ", ".join(accepted), "User-Agent": self._connection.http_agent, **content_type}
        return {**default, **self._connection.http_headers, **(own or {})}

    def _accepted(self, request: Request) -> Reply:
        """415 is answered before anything is done, so another attempt is safe for writes too. What is accepted is learned."""
        reply = self._authorized(request)
        sent = request.headers.get("Content-Type")
        if reply.status != 415 or sent not in MEDIA_TYPES or request.body is None or self._is_given("Content-Type"):
            return reply
        other = next(media_type for media_type in MEDIA_TYPES if media_type != sent)
        request.headers = {**request.headers, "Content-Type": other}
        second = self._authorized(request)
        if second.status == 415:
            return reply
        self._content_type = self._session.content_type = other
        return second

    def _is_given(self, header: str) -> bool:
        """Whether the option ``http_headers`` sets a header."""
        return header.lower() in map(str.lower, self._connection.http_headers)

    def _authorized(self, request: Request) -> Reply:
        """401 is answered before anything is done, so another attempt with a new token is safe for writes too."""
        reply = self._followed(request)
        if reply.status == 401 and self._credential.renew(request.authorization):
            reply = self._followed(request)
        return reply

    def _followed(self, request: Request) -> Reply:
        url = request.url
        for _hop in range(MAX_REDIRECTS + 1):
            reply = self._sent(request, url)
            if reply.status not in REDIRECTS:
                return reply
            url = redirected(request, url, reply)
        raise Unreachable(f"{request.name} was redirected more than {MAX_REDIRECTS} times within {origin_of(url)}. Check url.")

    def _sent(self, request: Request, url: str) -> Reply:
        sent = self._pacing.wait()
        try:
            request.authorization = self._credential.header()
            request.begun = True
            headers = {**request.headers, "Authorization": request.authorization}
            reply = replace(self._wire.send(request.method, url, headers, request.content), sent=sent)
            self._count(True)
            self._learn(reply, sent)
        except Lost as lost:
            self._count(lost.sent)
            raise
        finally:
            self._pacing.pace.answered()
        if reply.fault and reply.succeeded and request.reads:
            raise reply.fault
        return reply

    def _learn(self, reply: Reply, sent: float) -> None:
        """Pass on what an answer tells about the provider's rate. What a refusal tells depends on how long it is waited for."""
        announced, now = quota(reply.headers), self._pacing.clock()
        if (announced.seconds or 0.0) <= self._connection.max_wait:
            self._pacing.pace.announce(announced, sent, now)
        if is_throttled(reply):
            return
        self._pacing.pace.accepted(sent)
        seconds = retry_after(reply.headers)
        if reply.succeeded and seconds is not None and not announced.left:
            self._pacing.pause(min(seconds, self._connection.max_wait))

    def _count(self, sent: bool) -> None:
        with self._lock:
            self.requests += sent

    def _answer(self, request: Request, reply: Reply) -> Answer:
        redact = self.redactor(request.body)
        self.understood = self.understood or is_scim(reply.status, reply.content)
        if reply.status == 401:
            description = readable(challenge(reply.headers)[1], redact)
            detail = sentence(error_of(reply.content, redact)[1] or description or phrase(401))
            raise Unauthorized(f"{request.name} was refused with 401: {detail} {self._credential.advice(reply.headers)}")
        if is_unknown(reply, request.repeatable):
            raise AnswerLost(f"{sentence(str(refusal(request.name, reply.status, reply.content, redact)))} {UNKNOWN}")
        if reply.status >= 400:
            refused = refusal(request.name, reply.status, reply.content, redact, reply.attempts)
            refused.repeated = reply.repeated
            raise refused
        if not reply.succeeded:
            raise NotScim(f"{request.name} was answered with {reply.status} ({phrase(reply.status)}), which SCIM does not use. Check url.")
        try:
            body = None if reply.fault else body_of(request.name, self.url, reply, redact)
        except NotScim:
            if request.reads or is_portal(reply):
                raise
            body = None
        status = error_status(body, reply.status)
        if status >= 400:
            raise refusal(request.name, status, reply.content, redact)
        return Answer(status, body, reply.headers)


def checked(path: str) -> str:
    """A path that stays where it is: an id like ``..``, or an empty one, would turn the DELETE of one resource into that of many.

    :raises Invalid: for any other.
    """
    segments = [unquote(segment) for segment in path.split("/")]
    if segments[0] or set(path) & set("?#\\") or (path and {"", ".", ".."} & set(segments[1:])):
        raise Invalid(f'"{path}" is not the path of a resource; expected one such as /Users/2819c223, with an id other than "." and "..".')
    return path


def redirected(request: Request, url: str, reply: Reply) -> str:
    """Where a redirect leads, within the same origin: the credential is sent nowhere else (RFC 9110 §15.4)."""
    try:
        target = urljoin(url, reply.headers.get("Location", "").strip())
        here, there = origin_of(url), origin_of(target)
    except ValueError:
        raise NotScim(f"{request.name} was redirected to an invalid URL. Check url.") from None
    if there != here:
        raise Unreachable(
            f"{request.name} was redirected from {here} to {there}, which is not followed: the credential is for {here} only. "
            f"If {there} is the service provider, set url to it."
        )
    if target == url:
        raise NotScim(f"{request.name} was redirected with {reply.status}, but not to another URL. Check url.")
    parts = urlsplit(target)
    if reply.status not in REPEATING and request.method != "GET":
        raise Unreachable(
            f"{request.name} was redirected with {reply.status} to {here}{parts.path}, which is not followed: only a GET may be. "
            "Set url to the one that it leads to."
        )
    return here + urlunsplit(("", "", parts.path, parts.query, ""))
