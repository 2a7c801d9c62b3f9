# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules, made from the attribute table. An option is Ansible's argument spec with its ``description``.

The documentation fragments are generated from the same (``tests/generate.py``), and compared in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..scim.schema.types import Attribute, ResourceType, Returned, Type

Options = dict[str, dict[str, Any]]

_RAW = "raw"  # not str: Ansible would turn an unquoted NO into "False" and 00123 into "83" in silence


def argument_spec(options: Mapping[str, Mapping[str, Any]]) -> Options:
    """The options as AnsibleModule takes them."""
    spec: Options = {}
    for name, option in options.items():
        spec[name] = {key: value for key, value in option.items() if key != "description"}
        if "options" in option:
            spec[name]["options"] = argument_spec(option["options"])
    return spec


def attribute_options(resource_type: ResourceType) -> Options:
    """An option for each attribute of a resource type, by the name under which people declare it."""
    return {attribute.option: option(attribute) for attribute in resource_type.root.sub_attributes}


def option(attribute: Attribute) -> dict[str, Any]:
    """The option of one attribute. None has a default: what is not declared is not managed."""
    secret = attribute.returned is Returned.NEVER
    made: dict[str, Any] = {"description": [attribute.description], "type": _type(attribute), "no_log": secret}
    if attribute.multi_valued:
        made.update(type="list", elements=_type(attribute))
    if attribute.option != attribute.name:
        made["aliases"] = [attribute.name]
    if attribute.canonical_values:
        made["description"].append(f"Usual values are V({'), V('.join(attribute.canonical_values)}).")
    if attribute.is_complex:
        made["options"] = {sub.option: option(sub) for sub in attribute.sub_attributes}
    return made


def _type(attribute: Attribute) -> str:
    if attribute.is_complex:
        return "dict"
    return "bool" if attribute.type is Type.BOOLEAN else _RAW
