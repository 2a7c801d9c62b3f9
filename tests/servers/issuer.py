# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token endpoint that verifies client assertions (RFC 7523), GitHub's endpoint for ID tokens, and a provider whose tokens end.

``POST /token`` accepts an assertion once: signed with RS256 by the pipeline's key, with the issuer, subject and audience that the client is
registered for, and not expired. Its access tokens live for ``lifetime`` seconds. ``GET /idtoken`` issues an ID token to whoever has the
``request_token``, as GitHub Actions does. ``rule`` lets a proxy accept the tokens that are valid, and answer 401 to any other.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from .faults import Effect, Rule, When, scim_error
from .serving import Answer, Handler, Headers, Request, Server

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GITHUB = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:acme/directory:ref:refs/heads/main"
CLIENT = "client-of-the-pipeline"


class Issuer(Server):
    """Trusts one client, which has no secret. ``issued`` are its tokens, ``assertions`` what it authenticated with, both in order."""

    def __init__(self, lifetime: float = 600.0) -> None:
        self.lifetime = lifetime
        self.request_token = f"request-{secrets.token_urlsafe(24)}"
        self.issued: list[str] = []
        self.assertions: list[str] = []
        self.id_tokens = 0
        self._key = jwk.RSAKey.generate_key(2048)
        self._other_key = jwk.RSAKey.generate_key(2048)
        self._ends: dict[str, float] = {}
        self._used: set[str] = set()
        self._lock = threading.Lock()
        super().__init__(self._answer)

    @property
    def token_url(self) -> str:
        return f"{self.origin}/token"

    @property
    def environment(self) -> dict[str, str]:
        """What GitHub Actions gives to a job with the permission ``id-token: write``."""
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.origin}/idtoken?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": self.request_token,
        }

    @property
    def secrets(self) -> list[str]:
        """All that must be in no output."""
        return [self.request_token, *self.issued, *self.assertions]

    def id_token(self, *, forged: bool = False, seconds: float = 300, **claims: Any) -> str:
        """An assertion as the pipeline has it, with other ``claims``, an end in the past, or a signature of somebody else."""
        now = int(time.time())
        own = {"iss": GITHUB, "sub": SUBJECT, "aud": self.token_url, "iat": now, "exp": now + seconds, "jti": secrets.token_hex(16)}
        key = self._other_key if forged else self._key
        return jwt.encode({"alg": "RS256"}, {**own, **claims}, key, algorithms=["RS256"])

    def rule(self, token: str) -> Rule:
        """What makes a proxy's provider, which has one ``token``, accept those of this issuer until they end."""
        return Rule("tokens end", When(), self._translated(token))

    def _translated(self, token: str) -> Effect:
        def effect(request: Request, forward: Handler) -> Answer:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if time.monotonic() >= self._ends.get(given, 0.0):
                challenge = 'Bearer error="invalid_token", error_description="The access token expired"'
                return Answer.of_json(401, scim_error(401, "Unauthorized"), WWW_Authenticate=challenge)
            return forward(replace(request, headers=Headers({**request.headers, "Authorization": f"Bearer {token}"})))

        return effect

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            if request.method == "POST" and request.path == "/token":
                return self._token(dict(parse_qsl(request.body.decode())))
            if request.method == "GET" and request.path == "/idtoken":
                return self._id_token(request)
        return Answer.of_json(404, {"message": "Not Found"}, "application/json")

    def _id_token(self, request: Request) -> Answer:
        if request.headers.get("Authorization") != f"Bearer {self.request_token}":
            return Answer.of_json(401, {"message": f"Not {request.headers.get('Authorization')}"}, "application/json")
        self.id_tokens += 1
        return Answer.of_json(200, {"count": 1, "value": self.id_token(aud=request.query["audience"])}, "application/json")

    def _token(self, form: dict[str, str]) -> Answer:
        self.assertions.append(form.get("client_assertion", ""))
        if problem := self._problem(form):
            content = {"error": "invalid_client", "error_description": f"{problem}: {form.get('client_assertion')}"}
            return Answer.of_json(401, content, "application/json")
        token = f"access-{secrets.token_urlsafe(24)}"
        self.issued.append(token)
        self._ends[token] = time.monotonic() + self.lifetime
        return Answer.of_json(200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}, "application/json")

    def _problem(self, form: dict[str, str]) -> str:
        """Why a client is not authenticated, or nothing."""
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_secret" in form:
            return "No assertion"
        try:
            claims = jwt.decode(form["client_assertion"], self._key, algorithms=["RS256"]).claims
            expected = {"iss": GITHUB, "sub": SUBJECT, "aud": self.token_url}
            options: Any = {name: {"essential": True, "value": value} for name, value in expected.items()}
            jwt.JWTClaimsRegistry(**options, exp={"essential": True}).validate(claims)
        except JoseError as error:
            return str(error)
        if form.get("client_id") != CLIENT or claims["jti"] in self._used:
            return "Unknown client, or the assertion was used before"
        self._used.add(claims["jti"])
        return ""
