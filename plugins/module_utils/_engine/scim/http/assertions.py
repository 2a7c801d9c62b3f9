# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where client assertions come from: JWTs with which a client authenticates at the token endpoint in place of a secret (RFC 7523 §2.2).

A JWT lives for minutes, and a server may accept it only once. So each request for a token takes what its source has at that moment: a
file is read again, and GitHub is asked again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import quote

from ...files import read_text
from ...redact import Redactor
from ...wording import counted, sentence
from ..errors import RESUME, Stop, Unauthorized, Unreachable
from .answers import error_of, json_or, phrase
from .connection import TOKEN, Connection, origin_of, url_problems
from .jwt import is_jwt
from .retry import TRANSIENT, RetryPolicy
from .wire import Reply, Wire

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GITLAB_VARIABLE = "SCIM_ID_TOKEN"
GITHUB_URL, GITHUB_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
FROM_GITLAB, FROM_GITHUB = "client_assertion_from: gitlab", "client_assertion_from: github"


def assertions_of(connection: Connection, wire: Wire, retry: RetryPolicy, redact: Redactor) -> Callable[[], str] | None:
    """What returns the JWT for the next request for a token; None for a client with a secret.

    It raises ``Unauthorized`` if there is no JWT, and ``Unreachable`` if another run may get one.
    """
    source = _source(connection, wire, retry, redact)
    if source is None:
        return None

    def next_assertion() -> str:
        assertion = source().strip()
        redact.add(assertion)
        if not is_jwt(assertion):
            raise Unauthorized(
                f"{connection.secret_option}: what it gives is not a JWT, which has three parts in base64url, separated by dots."
            )
        return assertion

    return next_assertion


def _source(connection: Connection, wire: Wire, retry: RetryPolicy, redact: Redactor) -> Callable[[], str] | None:
    if given := connection.client_assertion:
        return lambda: given
    if path := connection.client_assertion_file:
        return lambda: _from_file(path)
    if connection.client_assertion_from == "gitlab":
        return _from_gitlab
    if connection.client_assertion_from == "github":
        return GitHub(connection, wire, retry, redact).id_token
    return None


def _from_file(path: str) -> str:
    try:
        return read_text(path)
    except OSError as error:
        raise Unauthorized(f'client_assertion_file: "{path}" cannot be read: {error.strerror}.') from None
    except UnicodeDecodeError:
        raise Unauthorized(f'client_assertion_file: "{path}" is not text; expected a JWT.') from None


def _from_gitlab() -> str:
    if found := os.environ.get(GITLAB_VARIABLE):
        return found
    raise Unauthorized(
        f"{FROM_GITLAB}: {_missing(GITLAB_VARIABLE)}. In .gitlab-ci.yml, add it to the job's id_tokens, with the aud that the token "
        "endpoint expects."
    )


class GitHub:
    """Asks GitHub Actions for an ID token of the running job."""

    def __init__(self, connection: Connection, wire: Wire, retry: RetryPolicy, redact: Redactor) -> None:
        self._audience = connection.client_assertion_audience or connection.token_url or ""
        self._agent = connection.http_agent
        self._wire, self._retry, self._redact = wire, retry, redact

    def id_token(self) -> str:
        """A new ID token.

        :raises Unauthorized: if the job has no right to one. :raises Unreachable: if another run may get one.
        """
        url, token = self._given(GITHUB_URL), self._given(GITHUB_TOKEN)
        self._redact.add(token)
        problems = list(url_problems(GITHUB_URL, url, allow_plaintext=None, query=True))
        if problems or not TOKEN.fullmatch(token):
            raise Unauthorized(*(problems or [f"{FROM_GITHUB}: {GITHUB_TOKEN} is not a bearer token."]))
        address = f"{url}{'&' if '?' in url else '?'}audience={quote(self._audience, safe='')}"
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "User-Agent": self._agent}

        def attempt() -> Reply:
            self._retry.pacing.check()
            reply = self._wire.send("GET", address, headers)
            if reply.succeeded and reply.fault:
                raise reply.fault
            return reply

        origin = origin_of(url)
        reply = self._retry.persist(attempt, f"The request for an ID token at {origin}", repeatable=True)
        if not reply.succeeded:
            raise self._refusal(reply, origin)
        answer = json_or(reply.content)
        found = answer.get("value") if isinstance(answer, dict) else None
        if not isinstance(found, str):
            raise Unauthorized(f"{FROM_GITHUB}: {origin} answered with {reply.status}, but without an ID token. Check {GITHUB_URL}.")
        return found

    def _given(self, name: str) -> str:
        if found := os.environ.get(name):
            return found
        raise Unauthorized(f"{FROM_GITHUB}: {_missing(name)}. Run this in a job of GitHub Actions with the permission id-token: write.")

    def _refusal(self, reply: Reply, origin: str) -> Stop:
        if 300 <= reply.status < 400:
            return Unreachable(f"{FROM_GITHUB}: {origin} answered with a redirect, which is not followed. Check {GITHUB_URL}.")
        detail = sentence(error_of(reply.content, self._redact)[1] or phrase(reply.status))
        if reply.status in TRANSIENT or reply.status == 429:
            attempts = counted(reply.attempts, "attempt")
            return Unreachable(f"{FROM_GITHUB}: {origin} answered with {reply.status} after {attempts}: {detail} {RESUME}")
        return Unauthorized(
            f"{FROM_GITHUB}: {origin} issued no ID token, but answered with {reply.status}: {detail} "
            "Check client_assertion_audience, and that the job has the permission id-token: write."
        )


def _missing(name: str) -> str:
    return f"the environment variable {name} is {'empty' if name in os.environ else 'not set'}"
