# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options made from the attribute table. An option is an entry of Ansible's argument spec with its ``description``.

``tests/generate.py`` writes the documentation fragments from the same dictionaries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..scim.schema.types import Attribute, ResourceType, Returned, Type

Options = dict[str, dict[str, Any]]

NAMES = {"type": "list", "elements": "str", "default": []}

_RAW = "raw"  # not str: Ansible would silently turn an unquoted NO into "False" and 00123 into "83"


def argument_spec(options: Mapping[str, Mapping[str, Any]]) -> Options:
    """Return the options as AnsibleModule expects them."""
    spec: Options = {}
    for name, option in options.items():
        spec[name] = {key: value for key, value in option.items() if key != "description"}
        if "options" in option:
            spec[name]["options"] = argument_spec(option["options"])
    return spec


def without_defaults(options: Options) -> Options:
    """Return the options without default values, so that an omitted option stays undeclared."""
    return {name: {key: value for key, value in option.items() if key != "default"} for name, option in options.items()}


def choice(default: str, *others: str) -> dict[str, Any]:
    """Return the spec of an option that is one of some words."""
    return {"type": "str", "choices": [default, *others], "default": default}


def max_listed(description: str) -> Options:
    """Return the option that limits how much a result holds."""
    return {"max_listed": {"type": "int", "default": 100, "description": [description]}}


def attribute_options(resource_type: ResourceType) -> Options:
    """Return an option for each attribute of a resource type, by option name."""
    return {attribute.option: attribute_option(attribute) for attribute in resource_type.root.sub_attributes}


def attribute_option(attribute: Attribute) -> dict[str, Any]:
    """Return the option of one attribute. It has no default: an undeclared attribute is not managed."""
    type_name = "dict" if attribute.is_complex else "bool" if attribute.type is Type.BOOLEAN else _RAW
    option: dict[str, Any] = {
        "description": [attribute.description],
        "type": type_name,
        "no_log": attribute.returned is Returned.NEVER,
    }
    if attribute.multi_valued:
        option.update(type="list", elements=type_name)
    if attribute.option != attribute.name:
        option["aliases"] = [attribute.name]
    if attribute.canonical_values:
        option["description"].append(f"Common values are V({'), V('.join(attribute.canonical_values)}).")
    if attribute.is_complex:
        option["options"] = {sub.option: attribute_option(sub) for sub in attribute.sub_attributes}
    return option
