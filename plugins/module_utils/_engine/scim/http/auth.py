# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential of each request: one small class a method. An auth object is used since a header could be replaced by ``~/.netrc``."""

from __future__ import annotations

import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

from ..errors import Invalid, Stop, Unauthorized, Unreachable
from .answers import document, phrase, told
from .connection import Connection, origin_of
from .pacing import RESUME
from .redact import Redactor, basic
from .retry import TRANSIENT, RetryPolicy
from .wire import Reply, Wire

if TYPE_CHECKING:
    from requests import PreparedRequest
try:
    from requests.auth import AuthBase
except ImportError:  # reported by the module, see HAS_REQUESTS in wire.py

    class AuthBase:  # type: ignore[no-redef]
        """Stands in so that the classes below can be defined."""


MARGIN = 30.0  # seconds before its end in which a token is renewed, at most a tenth of its life
# What an OAuth server's code means here (RFC 6749 §5.2; access_denied and invalid_target are said of a wrong audience).
ADVICE = {
    "invalid_client": "Check client_id and client_secret.",
    "unauthorized_client": "Check client_id: this client may not use the client credentials grant.",
    "invalid_grant": "Check client_id and client_secret.",
    "invalid_scope": "Check scopes.",
    "invalid_target": "Check audience.",
    "access_denied": "Check audience, and the rights of client_id.",
    "unsupported_grant_type": "Check token_url: it does not know the client credentials grant.",
    "invalid_request": "Check token_url, scopes and audience.",
}
CHECK_ALL = "Check token_url, client_id and client_secret."
CLIENT_REFUSED = {"invalid_client", "unauthorized_client"}
Fields = dict[str, str]
Way = Callable[[Connection], tuple[Fields, Fields]]  # of giving the client's credential: headers and form


class Credential(AuthBase, ABC):
    """Puts an ``Authorization`` header on a request; ``option`` is where the user gave it."""

    option = ""

    @abstractmethod
    def header(self) -> str:
        """The value of ``Authorization``; a new token is fetched where there is none that is still good."""

    def renew(self, refused: str) -> bool:
        """True where there is another credential than the ``refused`` header to try."""
        return False

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        r.headers["Authorization"] = self.header()
        return r


class Bearer(Credential):
    """A static token (RFC 6750)."""

    option = "token"

    def __init__(self, token: str) -> None:
        if not re.fullmatch(r"[\x21-\x7e]+", token):
            raise Invalid(
                "token holds a space, a line break or a letter outside of ASCII: expected is the token alone, without 'Bearer ' and "
                "without the end of a line."
            )
        self._header = f"Bearer {token}"

    def header(self) -> str:
        return self._header


class Basic(Credential):
    """HTTP Basic (RFC 7617)."""

    option = "url_username"

    def __init__(self, username: str, password: str) -> None:
        if ":" in username or re.search(r"[\x00-\x1f\x7f]", username + password):
            raise Invalid("url_username holds a colon, or it or url_password a control character: HTTP Basic cannot carry that (RFC 7617).")
        self._header = f"Basic {basic(username, password)}"

    def header(self) -> str:
        return self._header


class ClientCredentials(Credential):
    """A token of OAuth 2.0 (RFC 6749 §4.4): fetched when it is needed first, renewed before it ends, one renewal for all threads.

    The client is named in the form, which most servers know; one that refuses it so is asked once more by HTTP Basic.
    """

    option = "client_id"

    def __init__(
        self, connection: Connection, wire: Wire, patience: RetryPolicy, redact: Redactor, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = connection.token_url or ""
        self._connection = connection
        self._way: Way = by_form
        redact.add(_client(connection))
        self._wire, self._patience, self._redact, self._clock = wire, patience, redact, clock
        self._lock = threading.Lock()
        self._header = ""
        self._ends = 0.0
        self._failure: Stop | None = None

    def header(self) -> str:
        with self._lock:
            if not self._header or self._clock() >= self._ends:
                self._fetch()
            return self._header

    def renew(self, refused: str) -> bool:
        with self._lock:
            if self._header == refused:  # else another thread was faster
                self._fetch()
            return True

    def _fetch(self) -> None:
        """Ask for a token. What failed once fails for all threads: it is not asked again by each of them."""
        if self._failure:
            raise self._failure
        try:
            with self._redact.errors():
                self._keep(self._reply())
        except Stop as failure:
            self._failure = failure
            raise

    def _reply(self) -> Reply:
        """The answer to the way that worked before; the first time the form's, unless only HTTP Basic gets a token."""
        reply = self._persist(self._way)
        if not self._header and _refuses_client(reply):
            second = self._persist(by_basic)
            if second.succeeded:
                self._way = by_basic
                return second
        return reply

    def _persist(self, way: Way) -> Reply:
        name = f"The request for a token at {origin_of(self._url)}"
        return self._patience.persist(lambda: self._ask(*way(self._connection)), name, repeatable=True)

    def _ask(self, credential: Fields, form: Fields) -> Reply:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "User-Agent": self._connection.http_agent,
        }
        self._patience.pacing.sleep(0)  # a run that was stopped asks for no more tokens
        reply = self._wire.ask("POST", self._url, {**headers, **credential}, urlencode(form).encode("ascii"))
        if reply.succeeded and reply.fault:
            raise reply.fault
        return reply

    def _keep(self, reply: Reply) -> None:
        origin = origin_of(self._url)
        if 300 <= reply.status < 400:
            raise Unreachable(
                f"The token_url at {origin} answered with a redirect. It is not followed: the secret goes only where token_url says."
            )
        if reply.status in TRANSIENT or reply.status == 429:
            said = told(reply.content, self._redact)[1] or phrase(reply.status)
            raise Unreachable(
                f"The token_url at {origin} is out of order: it answered with {reply.status}, after all repeats: {said}. {RESUME}"
            )
        if reply.status >= 400:
            raise Unauthorized(self._refused(reply))
        answer = _object(reply)
        token, kind = answer.get("access_token"), str(answer.get("token_type") or "bearer")
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token) or kind.lower() != "bearer":
            raise Unauthorized(f"The token_url at {origin} answered with {reply.status}, but without a bearer token. Check token_url.")
        self._redact.add(token)
        self._header = f"Bearer {token}"
        self._ends = self._clock() + _lifetime(answer.get("expires_in"))

    def _refused(self, reply: Reply) -> str:
        code = _error(reply)
        said = told(reply.content, self._redact)[1] or phrase(reply.status)
        advice = ADVICE.get(code, CHECK_ALL)
        sort = f" ({code})" if code in ADVICE else ""
        return f"No token was given out at {self._url.partition('?')[0]}: {reply.status}{sort}: {said}. {advice}".replace("..", ".")


def by_form(connection: Connection) -> tuple[Fields, Fields]:
    """Headers and form of a request that names the client in the form: optional for servers (RFC 6749 §2.3.1)."""
    client = {"client_id": connection.client_id or "", "client_secret": connection.client_secret or ""}
    return {}, {**_grant(connection), **client}


def by_basic(connection: Connection) -> tuple[Fields, Fields]:
    """Headers and form of a request that names the client by HTTP Basic: a duty of servers (RFC 6749 §2.3.1)."""
    return {"Authorization": f"Basic {_client(connection)}"}, _grant(connection)


def _client(connection: Connection) -> str:
    """Other than RFC 7617 alone, RFC 6749 §2.3.1 wants both encoded as in a form first: a client_id may hold a colon."""
    return basic(quote_plus(connection.client_id or ""), quote_plus(connection.client_secret or ""))


def _grant(connection: Connection) -> Fields:
    fields = {"grant_type": "client_credentials", "scope": " ".join(connection.scopes), "audience": connection.audience}
    return {name: value for name, value in fields.items() if value}


def _object(reply: Reply) -> dict[str, Any]:
    try:
        answer = document(reply.content)
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {}


def _error(reply: Reply) -> str:
    """The code of RFC 6749 §5.2, or nothing."""
    return str(_object(reply).get("error") or "").lower()


def _refuses_client(reply: Reply) -> bool:
    return reply.status == 401 or (reply.status >= 400 and _error(reply) in CLIENT_REFUSED)


def _lifetime(expires_in: Any) -> float:
    """Seconds for which a token is used. Without a word of its end it is used until it is refused; some servers quote the number."""
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError):
        return float("inf")
    return seconds - min(MARGIN, seconds / 10)


def authentication(connection: Connection, wire: Wire, patience: RetryPolicy, redact: Redactor) -> Credential:
    """The one credential of a connection; ``Invalid`` for none, several or half a one."""
    problems = list(_problems(connection))
    if problems:
        raise Invalid("\n".join(problems))
    if connection.token:
        return Bearer(connection.token)
    if connection.url_username:
        return Basic(connection.url_username, connection.url_password or "")
    return ClientCredentials(connection, wire, patience, redact)


def _problems(connection: Connection) -> Iterator[str]:
    client = connection.client_id or connection.client_secret
    person = connection.url_username or connection.url_password
    given = [name for name, value in (("token", connection.token), ("client_id", client), ("url_username", person)) if value]
    if len(given) != 1:
        found = f"{' and '.join(given)} are" if given else "none is"
        yield f"Exactly one credential is expected, {found} given: token, client_id with client_secret, or url_username with url_password."
    if client and not (connection.client_id and connection.client_secret):
        yield f"{'client_secret' if connection.client_id else 'client_id'} is missing: client_id and client_secret belong together."
    if client and not connection.token_url:
        yield "token_url is missing: client_id and client_secret are exchanged for a token there, and this provider's is not known."
    if person and (not connection.url_username or connection.url_password is None):
        yield f"{'url_password' if connection.url_username else 'url_username'} is missing: url_username and url_password belong together."
