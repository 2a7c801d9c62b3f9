# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real ``scim2-server``: a complete RFC 7644 service provider in memory, with a store of its own for each instance.

It answers PATCH with 204 unless ``attributes`` is asked for, bulk up to 1,000 operations, filters, sorting, ETags, and pages of at most
1,000; bearer tokens guard everything but /ServiceProviderConfig. ``config`` is laid over its ServiceProviderConfig::

    RfcServer(config={"bulk": {"supported": False}})
    RfcServer(config={"pagination": {"cursor": True, "index": True, "defaultPaginationMethod": "cursor"}})
"""

from __future__ import annotations

import logging
import secrets
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

from scim2_models import ScimProvider, ServiceProviderConfig
from scim2_server.applications.wsgi import ForwardedHeaders
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.utils import load_default_resource_types, load_default_schemas, load_default_service_provider_config

from .serving import Server, wsgi

TOKEN = "rfc-server-token"


@cache
def models() -> tuple[type, ...]:
    """The models of the schemas, made once for all servers: pydantic looks for their docstrings in the sources of all callers."""
    return ScimProvider.from_discovery(load_default_schemas().values(), load_default_resource_types().values()).models


def provider(config: Mapping[str, Any]) -> ScimProvider:
    announced = load_default_service_provider_config().model_dump()
    for name, value in config.items():
        announced[name] = {**announced.get(name, {}), **value} if isinstance(value, Mapping) else value
    parsed = ServiceProviderConfig.model_validate(announced)
    parsed.authentication_schemes = [BEARER_TOKEN_SCHEME]
    return ScimProvider(models=models(), resource_types=load_default_resource_types().values(), config=parsed)


class RfcServer(Server):
    root = "/v2"

    def __init__(self, token: str = TOKEN, config: Mapping[str, Any] | None = None, tls: ssl.SSLContext | None = None) -> None:
        logging.getLogger("scim2_server").setLevel(logging.CRITICAL)
        self.token = token
        self.storage = InMemoryStorage()
        described = provider(config or {})
        service = ScimService(described, secret=secrets.token_urlsafe(32))
        application = BearerTokenApplication(self.storage, described, service=service, bearer_tokens=[token])
        super().__init__(wsgi(ForwardedHeaders(application)), tls)
