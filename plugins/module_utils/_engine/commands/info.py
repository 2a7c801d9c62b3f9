# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups of the provider, for the modules that only read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..declaration.model import GROUP, USER
from ..escaping import quoted
from ..plan.diff import returned
from ..scim.client.client import Client
from ..scim.errors import Invalid
from ..scim.names import snake
from ..scim.schema.filter import equals, parse
from ..scim.schema.identity import hidden_character, is_same_name, look_alike_message
from ..scim.schema.resource import Body, Resource, scim_path, split_path
from ..scim.schema.types import ResourceType
from ..state.other_spellings import read_in_another_spelling
from ..wording import join_names
from .task import Result, Task


def users(task: Task) -> Result:
    """Run ``identity.scim.user_info``."""
    return _info(task.client.types[USER], task)


def groups(task: Task) -> Result:
    """Run ``identity.scim.group_info``."""
    return _info(task.client.types[GROUP], task)


def _info(resource_type: ResourceType, task: Task) -> Result:
    attributes = [scim_path(resource_type, path) for path in task.parameters.get("attributes") or ()]
    found, complete = _found(resource_type, task.parameters, task.client, attributes)
    reason = "" if complete else task.client.lookup(resource_type).why_none
    warnings = [f"{reason} So no {resource_type.nouns} could be searched for."] if reason else []
    if len(found) > 1 and task.parameters.get(snake(resource_type.name_attribute)):
        labels = join_names([resource.label for resource in found], "; ")
        warnings.append(f"{len(found)} {resource_type.nouns} have this name: {labels}. Use the id of the one that is meant.")
    return {
        "changed": False,
        resource_type.nouns: [_selected(resource, attributes) for resource in found],
        "complete": complete,
        "requests": task.client.requests,
        "warnings": warnings,
    }


def _found(
    resource_type: ResourceType, parameters: Mapping[str, Any], client: Client, attributes: Sequence[str]
) -> tuple[list[Resource], bool]:
    """The resources, and whether there are no others that match.

    :raises Invalid: for an option that is given and empty, a filter that cannot be parsed, or a name that nothing has but others look like.
    """
    name_option = snake(resource_type.name_attribute)
    for option in ("id", name_option, "filter"):
        if parameters.get(option) == "":
            raise Invalid(f"{option} must not be empty. To read all {resource_type.nouns}, remove {option}.")
    name = parameters.get(name_option)
    if parameters.get("id"):
        resource = client.get(resource_type, parameters["id"])
        return [resource] if resource else [], True
    text = equals(resource_type.name_attribute, name) if name else parameters.get("filter")
    if not text:
        wanted = [*attributes, "active"] if attributes and resource_type.name == USER else attributes  # which shows inactive users
        listing = client.every(resource_type, wanted)
        client.add_inactive(resource_type, listing, wanted)
        return list(listing.resources.values()), listing.complete
    needed = [*attributes, *parse(text, resource_type.root).paths()] if attributes else []
    lookup = client.lookup(resource_type)
    if not name:
        return lookup.find(text, needed), lookup.searchable
    found = lookup.find(text, needed, look_alikes=[name]) or read_in_another_spelling(client, resource_type, [name])
    exact = [resource for resource in found if is_same_name(resource.name, name)]
    if found and not exact:
        raise Invalid(f"{name_option}: {look_alike_message(resource_type.noun, name, ((each.name, each.id) for each in found))}")
    if not found and (hidden := hidden_character(name)):
        raise Invalid(f"{name_option}: found {hidden} in {quoted(name)}, and no {resource_type.noun} of that name. Remove the character.")
    return exact, lookup.searchable


def _selected(resource: Resource, attributes: Sequence[str]) -> Body:
    """Only the requested attributes, even if the provider returned others; ``id`` is always included (RFC 7644 §3.9)."""
    names = {"id", *(split_path(path, resource.type.root)[0] for path in attributes)}
    return {name: value for name, value in returned(resource).items() if not attributes or name in names}
