# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service provider has, for the modules that only read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..declaration.model import GROUP, USER
from ..plan.diff import returned
from ..scim.client.client import Client
from ..scim.errors import Invalid
from ..scim.schema.filter import equals, parse
from ..scim.schema.overlay import UNKNOWN
from ..scim.schema.resource import Resource, scim_path, split_path
from ..scim.schema.types import ResourceType
from ..state.other_spellings import read_in_another_spelling
from .task import Result, Task


def users(task: Task) -> Result:
    """The work of ``identity.scim.user_info``."""
    return _info(USER, task)


def groups(task: Task) -> Result:
    """The work of ``identity.scim.group_info``."""
    return _info(GROUP, task)


def _info(name: str, task: Task) -> Result:
    resource_type = task.client.types[name]
    wanted = [scim_path(resource_type, path) for path in task.parameters.get("attributes") or ()]
    found, complete = _found(resource_type, task.parameters, task.client, wanted)
    resources = [_chosen(returned(resource), wanted) for resource in found]
    why = "" if complete else task.client.lookup(resource_type).why_none
    told = {"complete": complete, "requests": task.client.requests, "warnings": [f"{why} So nobody could be looked for."] if why else []}
    return {"changed": False, f"{name.lower()}s": resources, **told}


def _found(resource_type: ResourceType, parameters: Mapping[str, Any], client: Client, wanted: list[str]) -> tuple[list[Resource], bool]:
    name_attribute = (resource_type.root.sub(resource_type.name_attribute) or UNKNOWN).option
    for option in ("id", name_attribute, "filter"):
        if parameters.get(option) == "":
            raise Invalid(f"{option} is empty; expected a value, or no {option}, which reads all.")
    name = parameters.get(name_attribute)
    if parameters.get("id"):
        resource = client.get(resource_type, parameters["id"])
        return [resource] if resource else [], True
    text = equals(resource_type.name_attribute, name) if name else parameters.get("filter")
    if text:
        needed = [*wanted, *parse(text, resource_type.root).paths()] if wanted else []
        found = client.find(resource_type, text, needed) or (read_in_another_spelling(client, resource_type, [name]) if name else [])
        return found, client.searchable(resource_type)
    listing = client.every(resource_type, wanted)
    return list(listing.resources.values()), listing.complete


def _chosen(body: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    """Only the attributes that were asked for, whatever else the provider sent; ``id`` is always there (RFC 7644 §3.9)."""
    tops = {split_path(name)[0] for name in wanted}
    return {name: value for name, value in body.items() if not wanted or name == "id" or name in tops}
