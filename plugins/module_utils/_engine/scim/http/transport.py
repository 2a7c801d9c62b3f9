# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to the service provider: paced, authenticated, repeated where that is safe, counted, its secrets kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from ..errors import AnswerLost, Interrupted, Invalid, NotScim, Unauthorized, Unreachable
from .answers import body_of, error_status, is_portal, phrase, refusal, told
from .auth import authentication
from .connection import Connection, origin_of
from .failures import Lost
from .pacing import Pacing
from .redact import Redactor, passwords, secrets_of
from .request_ids import RequestIds
from .retry import RetryPolicy, is_unknown
from .wire import Reply, Wire

MAX_REDIRECTS = 5
REPEATING = frozenset({307, 308})  # redirects that keep method and body (RFC 9110 §15.4.8)
REDIRECTS = REPEATING | {301, 302, 303}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider answered: parsed JSON, or None for no body (or, after a write, for one that cannot be read)."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(slots=True)
class Request:
    """One request as it is sent, however often; ``begun`` once it was."""

    method: str
    path: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None
    repeatable: bool
    begun: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def reads(self) -> bool:
        """True where nothing is changed; ``POST …/.search`` is a query (RFC 7644 §3.4.3)."""
        return self.method in ("GET", "HEAD") or self.path.endswith("/.search")


class Transport:
    """Sends requests to one service provider, from any number of threads."""

    def __init__(self, connection: Connection, pacing: Pacing, content_type: str = "application/scim+json", concurrency: int = 1) -> None:
        self.content_type = content_type
        self._connection = connection
        self._pacing = pacing
        self._redact = Redactor(secrets_of(connection))
        self._patience = RetryPolicy(pacing, connection.retries, connection.max_wait)
        self._wire = Wire(connection, concurrency, pacing.check)
        self._credential = authentication(connection, self._wire, self._patience, self._redact)
        self._lock = threading.Lock()
        self._requests = 0
        self.request_ids = RequestIds()

    @property
    def url(self) -> str:
        """The base URL."""
        return self._connection.url

    @property
    def requests(self) -> int:
        """SCIM requests that were sent, repeats and redirects too; those for a token are not counted."""
        return self._requests

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
        """Send one request to ``path`` under the base URL. ``repeatable`` says that it may happen twice without harm."""
        query = "?" + urlencode(params, quote_via=quote, safe="") if params else ""
        content = None if body is None else json.dumps(body, separators=(",", ":")).encode("ascii")
        url = f"{self._connection.url}{checked(path)}{query}"
        request = Request(method, path, url, self._headers(content, headers), content, repeatable)
        with self._redact.errors():  # outermost, since it learns of tokens while the request is under way
            try:
                reply = self._patience.persist(lambda: self._authorized(request), request.name, repeatable)
            except Interrupted as over:
                over.begun = request.begun or request.reads
                raise
            if not request.reads:
                self.request_ids.note(reply.headers)
            return self._answer(request, reply, self.redactor(body))

    def redactor(self, body: Any) -> Redactor:
        """What keeps the secrets of the connection and of one request's body out of what the provider says."""
        return self._redact.including(passwords(body))

    def rest(self, attempt: int) -> bool:
        """Wait before what became of a write is looked up; whether it may be sent again after that ``attempt``, counted from 0."""
        self._patience.rest(attempt)
        return attempt < self._connection.retries

    def close(self) -> None:
        self._wire.close()

    def _headers(self, content: bytes | None, own: Mapping[str, str] | None) -> dict[str, str]:
        accepted = dict.fromkeys((self.content_type, "application/scim+json", "application/json"))
        headers = {"Accept": ", ".join(accepted), "User-Agent": self._connection.http_agent}
        if content is not None:
            headers["Content-Type"] = self.content_type
        for name, value in {**self._connection.http_headers, **(own or {})}.items():
            same = next((known for known in headers if known.lower() == name.lower()), name)
            headers[same] = value
        return headers

    def _authorized(self, request: Request) -> Reply:
        """401 is answered before anything is done, so another try with a new token is safe for writes too."""
        reply = self._follow(request)
        if reply.status == 401 and self._credential.renew(reply.credential):
            reply = self._follow(request)
        return reply

    def _follow(self, request: Request) -> Reply:
        url = request.url
        for _hop in range(MAX_REDIRECTS + 1):
            reply = self._ask(request, url)
            if reply.status not in REDIRECTS:
                return reply
            url = redirected(request, url, reply)
        raise Unreachable(f"{request.name} was redirected more than {MAX_REDIRECTS} times within {origin_of(url)}. Is url right?")

    def _ask(self, request: Request, url: str) -> Reply:
        self._pacing.wait()
        request.begun = True
        try:
            reply = self._wire.ask(request.method, url, request.headers, request.content, self._credential)
        except Lost as lost:
            self._count(lost.sent)
            raise
        self._count(True)
        if reply.fault and reply.succeeded and request.reads:
            raise reply.fault
        return reply

    def _count(self, sent: bool) -> None:
        with self._lock:
            self._requests += sent

    def _answer(self, request: Request, reply: Reply, redact: Redactor) -> Answer:
        if reply.status == 401:
            raise Unauthorized(self._unauthorized(request, reply, redact))
        if is_unknown(reply, request.repeatable):
            said = refusal(request.name, reply.status, reply.content, redact)
            raise AnswerLost(f"{said}. It may have happened or not.")
        if reply.status >= 400:
            raise refusal(request.name, reply.status, reply.content, redact, reply.tries)
        if not reply.succeeded:
            raise NotScim(
                f"{request.name} was answered with {reply.status} ({phrase(reply.status)}), which is no answer of SCIM. Is url right?"
            )
        if reply.fault:
            return Answer(reply.status, None, reply.headers)
        try:
            body = body_of(request.name, self._connection.url, reply, redact)
        except NotScim:
            if request.reads or is_portal(reply):
                raise
            return Answer(reply.status, None, reply.headers)
        status = error_status(body, reply.status)
        if status >= 400:
            raise refusal(request.name, status, reply.content, redact)
        return Answer(status, body, reply.headers)

    def _unauthorized(self, request: Request, reply: Reply, redact: Redactor) -> str:
        said = told(reply.content, redact)[1] or phrase(401)
        option = self._credential.option
        return (
            f"{request.name} was refused with 401: {said}. The credential comes from {option}: is it still valid, and meant for this url?"
        )


def checked(path: str) -> str:
    """A path that stays where it is: an id like ``..`` or an empty one would make a DELETE of one resource one of many."""
    segments = [unquote(segment) for segment in path.split("/")]
    if segments[0] or set(path) & set("?#\\") or (path and {"", ".", ".."} & set(segments[1:])):
        raise Invalid(f"{path!r} is no path of a resource: expected is one like /Users/2819c223, whose id is not empty, '.' or '..'.")
    return path


def redirected(request: Request, url: str, reply: Reply) -> str:
    """Where a redirect leads, within the same origin: the credential goes nowhere else (RFC 9110 §15.4)."""
    try:
        target = urljoin(url, reply.headers.get("Location", "").strip())
        here, there = origin_of(url), origin_of(target)
    except ValueError:
        raise NotScim(f"{request.name} was redirected to something that is no URL. Is url right?") from None
    if there != here:
        raise Unreachable(
            f"{request.name} was redirected from {here} to {there}, which is not followed: the credential is for {here} only. "
            f"If {there} is the service provider, give it as url."
        )
    if target == url:
        raise NotScim(f"{request.name} was redirected with {reply.status} to nowhere. Is url right?")
    parts = urlsplit(target)
    if reply.status not in REPEATING and request.method != "GET":
        raise Unreachable(
            f"{request.name} was redirected with {reply.status} to {here}{parts.path}: a write is not sent on. "
            "Give the URL that it leads to as url."
        )
    return str(here) + urlunsplit(("", "", parts.path, parts.query, ""))
