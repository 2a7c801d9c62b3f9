# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""canaille (pytest-iam's ``iam_server``) as an OAuth 2.0 token endpoint and the SCIM server that accepts its tokens.

Tokens come from ``POST {origin}/oauth/token`` (form-encoded, grant ``client_credentials``), the SCIM base URL is ``{origin}/scim/v2``.
What canaille 0.3.6 is like, tried out:

- Token endpoint: as shipped it takes the secret only as HTTP Basic (RFC 6749 §2.3.1 asks no more of it); ``compatible`` adds
  ``client_secret_post``, and assertions (RFC 7523), each with a ``jti`` that is accepted once. Each client must use the one method it is
  registered for, else 401 ``invalid_client``. Unknown scopes are dropped in silence, ``audience`` is ignored, tokens last 864,000 s.
- SCIM is off unless the configuration has a ``CANAILLE_SCIM`` section (``configured``).
- Filters are ignored: everybody is returned (and ServiceProviderConfig says ``filter.supported: false``). ``startIndex`` works; **any
  ``count`` is answered with a 500** (``rules`` take it out); ``itemsPerPage`` is never given.
- PATCH and PUT work and answer 200 with the resource, ``attributes`` is honoured. PATCH of ``userName`` (immutable) is a 500 in plain
  text. ETags change once a second only. No bulk, no ``/Users/.search``, ``/Me`` is 404 for a client's token.
- A user needs ``name.formatted``, ``name.familyName`` and ``active``. ``nickName``, ``emails[].type`` and ``emails[].primary``, and every
  other attribute or sub-attribute that is not in its ``/Schemas`` is refused with 400 ``invalidSyntax``; ``externalId`` is read-only.
- **userName is not unique** in the memory backend: a second POST makes a second user, never a 409.
- A group needs ``members`` (not empty, each with ``value`` *and* ``$ref``); ``members[].value`` comes back as the **userName**, not the
  id, so ``remove members[value eq "ID"]`` matches nobody and is answered 200; ``displayName`` is immutable. Either identifies in a path.
- All answers close the connection (HTTP/1.0); one request at a time. A ``Host`` other than its own is a redirect, or 400 (``rules`` again).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from .faults import Rule, When, bend_query, renamed, without

if TYPE_CHECKING:
    from pytest_iam import Server as IamServer


def rules(origin: str) -> list[Rule]:
    """What a proxy in front of canaille needs: it answers to its own name only, and fails on any ``count``."""
    return [
        Rule("canaille hears its own name", When(), renamed(origin)),
        Rule("canaille sees no count", When("GET", having="count"), bend_query(without("count"))),
    ]


def configured(configuration: dict[str, Any]) -> dict[str, Any]:
    """pytest-iam's configuration with the SCIM server turned on; for an ``iam_configuration`` fixture."""
    return {**configuration, "CANAILLE_SCIM": {"ENABLE_SERVER": True}}


@contextmanager
def compatible() -> Iterator[None]:
    """canaille 0.3.6 with today's scim2-models, which selects attributes by another argument of ``model_dump`` than canaille gives."""
    from authlib.oauth2.rfc6749 import ClientCredentialsGrant  # type: ignore[import-untyped]
    from scim2_models import ResponseParameters
    from scim2_models.base import BaseModel

    dump = BaseModel.model_dump

    def model_dump(self: BaseModel, *args: Any, attributes: Any = None, excluded_attributes: Any = None, **options: Any) -> dict[str, Any]:
        if attributes or excluded_attributes:
            options["response_parameters"] = ResponseParameters(attributes=attributes, excluded_attributes=excluded_attributes)
        return dump(self, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseModel, "model_dump", model_dump)
        patch.setattr(
            ClientCredentialsGrant, "TOKEN_ENDPOINT_AUTH_METHODS", ["client_secret_basic", "client_secret_post", "client_assertion_jwt"]
        )
        yield


@dataclass(frozen=True, slots=True)
class Credentials:
    client_id: str
    client_secret: str
    method: str

    def request_token(self, token_url: str, **form: str) -> requests.Response:
        data = {"grant_type": "client_credentials", **form}
        if self.method == "client_secret_basic":
            return requests.post(token_url, data=data, auth=(self.client_id, self.client_secret), timeout=30)
        return requests.post(token_url, data={**data, "client_id": self.client_id, "client_secret": self.client_secret}, timeout=30)


class Canaille:
    """The clients, tokens and people of one ``iam_server``; used inside ``compatible()``."""

    def __init__(self, iam: IamServer) -> None:
        self._iam = iam
        self.origin = iam.url.rstrip("/")
        self.url = f"{self.origin}/scim/v2"
        self.token_url = f"{self.origin}/oauth/token"

    def register(self, method: str = "client_secret_basic") -> Credentials:
        """Register a client; ``method`` is ``client_secret_basic`` or ``client_secret_post``."""
        made = Credentials(f"client-{secrets.token_hex(4)}", secrets.token_urlsafe(24), method)
        with self._iam.app.app_context():
            client = self._iam.models.Client(
                client_id=made.client_id,
                client_secret=made.client_secret,
                client_name="identity.scim",
                client_uri="http://localhost",
                grant_types=["client_credentials"],
                token_endpoint_auth_method=method,
                scope=["openid"],
            )
            self._iam.backend.save(client)
        return made

    def register_key(self, public_key: dict[str, Any]) -> str:
        """Register a client that authenticates with assertions, which it signs with this key, and return its id."""
        client_id = f"client-{secrets.token_hex(4)}"
        with self._iam.app.app_context():
            client = self._iam.models.Client(
                client_id=client_id,
                client_name="identity.scim",
                client_uri="http://localhost",
                grant_types=["client_credentials"],
                token_endpoint_auth_method="private_key_jwt",
                jwks=json.dumps({"keys": [public_key]}),
                scope=["openid"],
            )
            self._iam.backend.save(client)
        return client_id

    def token(self) -> str:
        """A token of a client of its own, got over HTTP."""
        answer = self.register().request_token(self.token_url)
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def revoke_tokens(self) -> None:
        """Every token that was given becomes invalid, as if it had expired."""
        with self._iam.app.app_context():
            for token in self._iam.backend.query(self._iam.models.Token):
                self._iam.backend.update(token, revokation_date=datetime.now(UTC))
                self._iam.backend.save(token)

    def clear(self) -> None:
        """Forget everything, for the next test."""
        models = self._iam.models
        with self._iam.app.app_context():
            for model in (models.Token, models.Client, models.Group, models.User):
                for stored in self._iam.backend.query(model):
                    self._iam.backend.delete(stored)
