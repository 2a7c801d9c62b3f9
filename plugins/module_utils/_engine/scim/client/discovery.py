# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service provider says of itself (RFC 7644 §4), read leniently: what is not there, or is told in another way, is noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import NotScim, Refused
from ..names import fold
from ..schema.resource import Body
from ..schema.types import Schema, schema_from_scim
from .client import Client
from .configuration import PATHS

REQUIRED = ("patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes")  # RFC 7643 §5


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to one question, or why there is none."""

    body: Any = None
    status: int = 200
    why: str = ""

    @property
    def answered(self) -> bool:
        return not self.why


@dataclass(slots=True)
class Discovery:
    """The provider's documents. ``deviations`` are sentences."""

    configuration: Body = field(default_factory=dict)
    resource_types: list[Body] = field(default_factory=list)
    schemas: list[Schema] = field(default_factory=list)
    deviations: list[str] = field(default_factory=list)

    def announced(self, *path: str) -> Any:
        """What ServiceProviderConfig says at a path of names, in whatever case it writes them."""
        value: Any = self.configuration
        for name in path:
            value = _folded(value).get(fold(name))
        return value

    def supports(self, name: str) -> bool | None:
        """Whether a feature is announced; None where nothing is said of it."""
        value = self.announced(name, "supported")
        return {"true": True, "false": False}.get(str(value).lower())


def ask(client: Client, path: str, **params: str) -> Told:
    """GET below the base URL, whatever comes. A refused credential and a provider out of reach are still errors."""
    try:
        answer = client.ask(path, params)
    except Refused as refused:
        return Told(status=refused.status, why=str(refused))
    except NotScim as other:
        return Told(why=str(other))
    return Told(answer.body, answer.status)


def discover(client: Client) -> Discovery:
    """All three documents."""
    found = Discovery()
    found.configuration = _configuration(client, found.deviations)
    found.resource_types = _listed(client, "/ResourceTypes", found.deviations)
    found.schemas = _schemas(_listed(client, "/Schemas", found.deviations), found.deviations)
    return found


def schemas_of(client: Client, urns: Iterable[str]) -> list[Schema]:
    """The schemas of these URNs, in any case, as far as the provider tells of them."""
    wanted = {urn.lower() for urn in urns}
    return [schema for schema in _schemas(_listed(client, "/Schemas", []), []) if schema.urn.lower() in wanted]


def _configuration(client: Client, deviations: list[str]) -> Body:
    ours, other = PATHS
    told = ask(client, ours)
    if not told.answered:
        second = ask(client, other)
        if not isinstance(second.body, (Mapping, list)):
            deviations.append(f"There is no {ours} (RFC 7644 section 4): {told.why}.")
            return {}
        deviations.append(f"ServiceProviderConfig is at {other}; RFC 7644 section 4 has it at {ours}.")
        told = second
    listed = told.body if isinstance(told.body, list) else _folded(told.body).get("resources")
    body = listed[0] if isinstance(listed, list) and listed else told.body
    if not isinstance(body, Mapping) or not body:
        deviations.append(f"{ours} answers with no JSON object (RFC 7643 section 5).")
        return {}
    missing = [name for name in REQUIRED if fold(name) not in _folded(body)]
    if missing:
        deviations.append(f"ServiceProviderConfig says nothing of {', '.join(missing)} (required by RFC 7643 section 5).")
    return dict(body)


def _listed(client: Client, path: str, deviations: list[str]) -> list[Body]:
    """The resources of a discovery endpoint, as a ListResponse, a bare array or by itself."""
    told = ask(client, path)
    if not told.answered:
        deviations.append(f"There is no {path} (RFC 7644 section 4): {told.why}.")
        return []
    body = told.body
    if isinstance(body, list):
        deviations.append(f"{path} answers with a bare array; RFC 7644 section 4 wants a ListResponse.")
    resources = body if isinstance(body, list) else _folded(body).get("resources")
    if isinstance(body, Mapping) and resources is None and "id" in body:
        resources = [body]
    found = [dict(one) for one in resources if isinstance(one, Mapping)] if isinstance(resources, list) else []
    if not found:
        deviations.append(f"{path} is empty.")
    return found


def _schemas(raw: Sequence[Body], deviations: list[str]) -> list[Schema]:
    found = []
    for one in raw:
        try:
            found.append(schema_from_scim(one))
        except (KeyError, TypeError, AttributeError):
            deviations.append(f"/Schemas: {one.get('id') or 'one of them'} is no schema of the form in RFC 7643 section 7.")
    return found


def _folded(value: Any) -> dict[str, Any]:
    return {fold(str(key)): inner for key, inner in value.items()} if isinstance(value, Mapping) else {}
