# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's options as a ``Policy``, at a provider of which something is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ..declaration.model import GROUP, USER, Origin, UnknownName
from ..escaping import quoted
from ..plan.must_remain import MustRemain
from ..plan.options import ON_CREATE, Policy
from ..plan.provider_effects import Effects
from ..scim.errors import Invalid
from ..scim.names import URN
from ..scim.providers.capabilities import Capabilities
from ..scim.providers.profiles import widest
from ..scim.schema.filter import Filter, parse
from ..scim.schema.projection import is_name
from ..scim.schema.resource import split_path
from ..scim.schema.types import ResourceType

Parameters = Mapping[str, Any]


def resource_policy(
    parameters: Parameters, resource_type: ResourceType, types: Mapping[str, ResourceType], capabilities: Capabilities
) -> Policy:
    """The policy of one resource, which prunes nothing.

    :raises Invalid: if ``match_on`` or ``ignore_attributes`` names what is no attribute, and for a filter that means nothing.
    """
    match_on = {resource_type.name: _match_keys(resource_type, parameters["match_on"])}
    policy = _policy(parameters, match_on, capabilities, [resource_type])
    return _guarded(policy, parameters, types) if resource_type.name == USER else policy


def directory_policy(parameters: Parameters, types: Mapping[str, ResourceType], capabilities: Capabilities) -> Policy:
    """The policy of a whole directory.

    :raises Invalid: for a filter or a match key that means nothing, and for a way to prune that has another effect at this provider.
    """
    policy = _policy(parameters, match_keys(parameters["match_on"], types), capabilities, types.values())
    prune = {USER: parameters["prune_users"], GROUP: parameters["prune_groups"]}
    policy.effects.refuse_prune(prune)
    return replace(_guarded(policy, parameters, types), prune=prune)


def _guarded(policy: Policy, parameters: Parameters, types: Mapping[str, ResourceType]) -> Policy:
    """A policy with what limits it: the scope, and who is protected."""
    return replace(
        policy,
        scope=filters(parameters, types, "scope"),
        protected={USER: tuple(parameters["protected_users"]), GROUP: tuple(parameters["protected_groups"])},
    )


def filters(parameters: Parameters, types: Mapping[str, ResourceType], option: str) -> dict[str, Filter]:
    """The filters of two options, such as ``scope_users`` and ``scope_groups``, by resource type; none for one that is not set.

    :raises Invalid: for a filter that means nothing.
    """
    options = {name: f"{option}_{resource_type.nouns}" for name, resource_type in types.items()}
    return {name: parse(parameters[each], types[name].root, each) for name, each in options.items() if parameters[each]}


def match_keys(names: Iterable[str], types: Mapping[str, ResourceType]) -> dict[str, tuple[str, ...]]:
    """``match_on`` by resource type.

    :raises Invalid: for a match key that means nothing.
    """
    # Groups seldom have a key that users have in your own system, such as external_id: their name finds them as well.
    group_keys = dict.fromkeys([*names, "display_name"])
    known = [name for name in group_keys if types[GROUP].root.sub(name) is not None]
    return {USER: _match_keys(types[USER], names), GROUP: _match_keys(types[GROUP], known)}


def _match_keys(resource_type: ResourceType, names: Iterable[str]) -> tuple[str, ...]:
    """SCIM names of the attributes to match on.

    :raises Invalid: for what is no attribute with one value, and if there is none.
    """
    keys = []
    for name in names:
        attribute = resource_type.root.sub(name)
        if attribute is None or attribute.is_complex or attribute.multi_valued:
            raise Invalid(f'match_on: "{name}" is not an attribute with one value. Use one such as id, user_name or external_id.')
        keys.append(attribute.name)
    if not keys:
        raise Invalid("match_on is empty, so nothing could find what exists. Remove the option, or set an attribute such as user_name.")
    return tuple(keys)


def _policy(
    parameters: Parameters, match_on: Mapping[str, tuple[str, ...]], capabilities: Capabilities, types: Iterable[ResourceType]
) -> Policy:
    """What one resource and a directory have in common. A group has no password, so it has no option for it."""
    return Policy(
        match_on=match_on,
        adopt=parameters["adopt"],
        update_password=parameters.get("update_password", ON_CREATE),
        multi_valued=parameters["multi_valued"],
        membership=parameters["membership"],
        ignore_attributes=_ignored(parameters["ignore_attributes"], capabilities.ignore_attributes, types),
        today=datetime.now(UTC).date(),
        effects=Effects.of(capabilities),
        must_remain=tuple(map(MustRemain.of, capabilities.must_remain)),
    )


def _ignored(paths: Iterable[str], by_provider: Iterable[str], types: Iterable[ResourceType]) -> tuple[str, ...]:
    """The paths that are never compared nor sent: the user's and the profile's.

    :raises Invalid: for a path that begins with no attribute, or that ``types`` have only as their name; extensions that only the provider
    knows are taken as they are.
    """
    users, groups = widest(USER).root, widest(GROUP).root
    for path in paths:
        first = split_path(path, users)[0]
        if not first.lower().startswith(URN) and not users.sub(first) and not groups.sub(first):
            raise Invalid(str(UnknownName.attribute(Origin(path="ignore_attributes"), users, first)))
        having = [each for each in types if each.root.sub(split_path(path, each.root)[0]) is not None]
        if having and all(is_name(each, path) for each in having):
            raise Invalid(f"ignore_attributes: {quoted(path)} cannot be ignored: {having[0].nouns} are called by it. Remove it.")
    return (*paths, *by_provider)
