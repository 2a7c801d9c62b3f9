# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service provider has, for the modules that only read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..scim.client import Client
from ..scim.filter import equals, parse
from ..scim.resource import Resource, scim_path, split_path
from ..scim.schema import ResourceType
from .present import shown


def users(parameters: Mapping[str, Any], client: Client, _check: bool) -> dict[str, Any]:
    """The work of ``identity.scim.user_info``."""
    return _info(client.types["User"], parameters, client)


def _info(kind: ResourceType, parameters: Mapping[str, Any], client: Client) -> dict[str, Any]:
    wanted = [scim_path(kind, name) for name in parameters.get("attributes") or ()]
    found, complete = _found(kind, parameters, client, wanted)
    resources = [_chosen(shown(resource), wanted) for resource in found]
    return {"changed": False, f"{kind.name.lower()}s": resources, "complete": complete, "requests": client.requests}


def _found(kind: ResourceType, parameters: Mapping[str, Any], client: Client, wanted: list[str]) -> tuple[list[Resource], bool]:
    naming = kind.root.sub(kind.naming)
    name = parameters.get(naming.option) if naming else None
    if parameters.get("id"):
        resource = client.get(kind, parameters["id"])
        return [resource] if resource else [], True
    text = equals(kind.naming, name) if name else parameters.get("filter")
    if text:
        needed = [*wanted, *parse(text, kind.root).paths()] if wanted else []
        return client.find(kind, text, needed), True
    listing = client.every(kind, wanted)
    return list(listing.resources.values()), listing.complete


def _chosen(body: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    """Only the attributes that were asked for, whatever else the provider sent; ``id`` is always there (RFC 7644 §3.9)."""
    tops = {split_path(name)[0] for name in wanted}
    return {name: value for name, value in body.items() if not wanted or name == "id" or name in tops}
