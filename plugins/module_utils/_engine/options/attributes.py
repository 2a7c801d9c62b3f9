# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options made from the attribute table. An option is an entry of Ansible's argument spec with its ``description``.

``tests/generate.py`` writes the documentation fragments from the same dictionaries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..scim.schema.types import Attribute, Returned, Type

Options = dict[str, dict[str, Any]]

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


def option(type_name: str, *description: str, **more: Any) -> dict[str, Any]:
    """Return an option with the paragraphs of its description."""
    return {"type": type_name, "description": list(description), **more}


def names(*description: str) -> dict[str, Any]:
    """Return the option of a list of texts that is empty by default."""
    return option("list", *description, elements="str", default=[])


def choice(words: Sequence[str], *description: str, **more: Any) -> dict[str, Any]:
    """Return the option that is one of some words, of which the first is the default."""
    return option("str", *description, choices=list(words), default=words[0], **more)


def max_listed(description: str) -> Options:
    """Return the option that limits how much a result holds."""
    return {"max_listed": option("int", description, default=100)}


def attribute_options(attribute: Attribute) -> Options:
    """Return an option for each sub-attribute of a complex attribute or of a whole resource, by option name."""
    return {sub.option: _attribute_option(sub) for sub in attribute.sub_attributes}


def _attribute_option(attribute: Attribute) -> dict[str, Any]:
    """Return the option of one attribute. It has no default: an undeclared attribute is not managed."""
    if attribute.format == "user":  # as text, it is a user; as a mapping, its attributes
        means = "Its user name, one of its e-mail addresses, its employee number, its id, or a mapping such as C({value: 2819c223})."
        return option(_RAW, attribute.description, means, no_log=False)
    type_name = "dict" if attribute.is_complex else "bool" if attribute.type is Type.BOOLEAN else _RAW
    result = option(type_name, attribute.description, no_log=attribute.returned is Returned.NEVER)
    if attribute.multi_valued:
        result.update(type="list", elements=type_name)
    if not attribute.name.isidentifier():  # no alias may be such a name; see pasted.py
        result["description"].append(f"In a pasted SCIM document, C({attribute.name}) is the same option.")
    elif attribute.option != attribute.name:
        result["aliases"] = [attribute.name]
    if attribute.canonical_values:
        result["description"].append(f"Common values are V({'), V('.join(attribute.canonical_values)}).")
    if attribute.is_complex:
        result["options"] = attribute_options(attribute)
    return result
