# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider's discovery documents (RFC 7644 §4), read leniently: what is missing or has another form is a deviation, not an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ...wording import sentence
from ..errors import NotScim, Refused
from ..schema.resource import Body
from ..schema.types import Schema, schema_from_scim
from .client import Client
from .configuration import PATHS, Announced, document, read_announced
from .listing import read_page


@dataclass(frozen=True, slots=True)
class Response:
    """The body of a response; or in ``error``, as a sentence, why there is none."""

    body: Any = None
    status: int = 200
    error: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The provider's documents, what ServiceProviderConfig announces, and sentences on what deviates."""

    configuration: Body
    announced: Announced
    resource_types: Sequence[Body]
    schemas: Sequence[Schema]
    deviations: Sequence[str]


def try_get(client: Client, path: str, **parameters: str) -> Response:
    """GET below the base URL. A refused credential and an unreachable provider are still errors."""
    try:
        answer = client.ask(path, parameters)
    except Refused as refused:
        return Response(status=refused.status, error=sentence(str(refused)))
    except NotScim as error:
        return Response(error=sentence(str(error)))
    return Response(answer.body, answer.status)


def discover(client: Client) -> Discovery:
    """Read all three documents."""
    deviations: list[str] = []
    configuration = _configuration(client, deviations)
    announced = read_announced(configuration)
    if configuration and announced.missing:
        deviations.append(f"ServiceProviderConfig lacks {', '.join(announced.missing)} (required by RFC 7643 section 5).")
    resource_types = _resources(client, "/ResourceTypes", deviations)
    schemas = _schemas(_resources(client, "/Schemas", deviations), deviations)
    return Discovery(configuration, announced, resource_types, schemas, deviations)


def schemas_of(client: Client, urns: Iterable[str]) -> list[Schema]:
    """The provider's schemas with these URNs, in any case."""
    wanted = {urn.lower() for urn in urns}
    return [schema for schema in _schemas(_resources(client, "/Schemas", []), []) if schema.urn.lower() in wanted]


def _configuration(client: Client, deviations: list[str]) -> Body:
    path, other = PATHS
    response = try_get(client, path)
    if response.error:
        second = try_get(client, other)
        if not isinstance(second.body, (Mapping, list)):
            deviations.append(f"{path} cannot be read (RFC 7644 section 4): {response.error}")
            return {}
        deviations.append(f"ServiceProviderConfig is at {other} instead of {path} (RFC 7644 section 4).")
        response = second
    configuration = document(response.body)
    if not configuration:
        deviations.append(f"{path} does not return a JSON object (RFC 7643 section 5).")
    return configuration


def _resources(client: Client, path: str, deviations: list[str]) -> list[Body]:
    """The resources of a discovery endpoint: a ListResponse, an array, or a single resource."""
    response = try_get(client, path)
    if response.error:
        deviations.append(f"{path} cannot be read (RFC 7644 section 4): {response.error}")
        return []
    if isinstance(response.body, list):
        deviations.append(f"{path} returns an array instead of a ListResponse (RFC 7644 section 4).")
    found: list[Body] = []
    with suppress(NotScim):
        found = [dict(resource) for resource in read_page(response.body, path).resources]
    if not found:
        deviations.append(f"{path} is empty.")
    return found


def _schemas(raw_schemas: Sequence[Body], deviations: list[str]) -> list[Schema]:
    schemas = []
    for raw in raw_schemas:
        try:
            schemas.append(schema_from_scim(raw))
        except (KeyError, TypeError, AttributeError):
            deviations.append(f"/Schemas: {raw.get('id') or 'a schema without an id'} does not have the form of RFC 7643 section 7.")
    return schemas
