# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of declared files, for editors, made from resource types and options. Draft 7 is the one that editors know.

It covers what can be checked within one file, and requires quotes around text that YAML may read as something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from ..declaration import value_rules as rules
from ..declaration.model import GROUP, USER
from ..declaration.presets import NAMES as PRESETS
from ..escaping import SHORTEST_PASSWORD
from ..scim.schema.types import Attribute, ResourceType, Returned, Type
from .directory import ENTRY
from .resources import MEMBERSHIPS, RESOURCE

Node = dict[str, Any]

ADDRESS = "https://raw.githubusercontent.com/identity-scim/identity.scim/main/schemas/declaration.schema.json"
ANY_URN = "^[uU][rR][nN]:"
_NO_BLANK = "\\S"
_BOOLEANS = [spelling for word in rules.BOOLEANS for spelling in (word, word.capitalize(), word.upper())]
_DAY = {"type": ["string", "null"], "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"}
_TEXTS: Node = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_TABLE: dict[str, Node] = {
    "csv": {
        "description": "CSV file, or list of users in JSON, beside this one, which is read through this mapping.",
        "type": "string",
        "pattern": r"\.([cC][sS][vV]|[tT][sS][vV]|[jJ][sS][oO][nN])$",
    },
    "columns": {
        "description": "Attributes with the headings of the table, or the name of a preset.",
        "anyOf": [{"enum": list(PRESETS)}, {"type": "object"}],
    },
    "encoding": {"description": "Encoding of the table, such as windows-1252.", "type": "string"},
    "delimiter": {"description": "Character between cells, or tab.", "type": "string"},
    "skip_lines": {"description": "Number of lines above the headings.", "type": ["integer", "string"]},
    "skip": {
        "description": "Rows to leave out, by a heading and the texts in its column.",
        "type": "object",
        "additionalProperties": _TEXTS,
    },
    "require": {"description": "Headings without which a row is left out.", **_TEXTS},
}


def declaration_schema(types: Mapping[str, ResourceType]) -> Node:
    """Return the schema of files that declare users and groups of these types."""
    definitions = _Definitions()
    for name in (USER, GROUP):
        definitions.add(types[name])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ADDRESS,
        "title": "Directory for identity.scim",
        "description": "Users and groups of a SCIM 2.0 service provider. Only declared attributes are managed.",
        "type": "object",
        "properties": {
            "users": {"description": "Users to declare.", "type": ["array", "null"], "items": _reference(USER)},
            "groups": {"description": "Groups to declare.", "type": ["array", "null"], "items": _reference(GROUP)},
            "defaults": {
                "description": "Defaults for each user of this file. Mappings are merged, lists are replaced.",
                "anyOf": [{"type": "null"}, _reference(USER)],
            },
            **_TABLE,
        },
        "patternProperties": {"^x-": {"description": "Anchors and notes."}},
        "additionalProperties": False,
        "minProperties": 1,
        "definitions": definitions.nodes,
    }


def tenant_schema(types: Mapping[str, ResourceType], url: str) -> str:
    """Return the schema of one tenant's files, as text. It has no ``$id``, because editors find it by its path."""
    schema = {**declaration_schema(types), "title": f"Directory of {url}"}
    return json.dumps({name: part for name, part in schema.items() if name != "$id"}, indent=2, ensure_ascii=False) + "\n"


class _Definitions:
    """Collects a definition for each attribute, to which both of its names refer."""

    def __init__(self) -> None:
        expires = {"description": "Last valid day of the membership, such as 2027-01-31, in UTC.", **_DAY}
        member = {
            "description": "Name, id, or attributes that select one resource.",
            "anyOf": [{"type": "string", "pattern": _NO_BLANK}, {"type": "object", "minProperties": 1, "properties": {"expires": expires}}],
        }
        self.nodes: dict[str, Node] = {"member": member}

    def add(self, resource_type: ResourceType) -> None:
        """Add the definition of a resource type, by its name, and those of its attributes."""
        options = {**RESOURCE, **ENTRY, **MEMBERSHIPS[resource_type.name]}
        if resource_type.name == GROUP:
            del options["expires"]
        properties = self._properties(resource_type.root, resource_type.name, options)
        extensions = {name for extension in resource_type.extensions for name in (extension.alias, extension.urn)}
        closed = {
            "patternProperties": {ANY_URN: {"description": "Attributes of an extension.", "type": ["object", "null"]}},
            "additionalProperties": False,
        }
        for attribute in resource_type.needed:
            self.nodes[f"{resource_type.name}.{attribute.option}"].update(type="string", pattern=_NO_BLANK)
        self.nodes[f"{resource_type.name}.id"].update(pattern=_NO_BLANK)
        self.nodes[f"{resource_type.name}.schemas"].update(minItems=1)
        for name, option in options.items():
            node = {"description": _plain(option["description"][0]), **_entry_value(name, option)}
            if name == "extensions":
                node.update(properties={name: node for name, node in properties.items() if name in extensions}, **closed)
            properties.update(dict.fromkeys((name, _camel(name)), node))
        self.nodes[resource_type.name] = {"type": "object", "properties": properties, **closed}

    def _properties(self, attribute: Attribute, place: str, without: Collection[str] = ()) -> dict[str, Node]:
        properties: dict[str, Node] = {}
        for sub in (sub for sub in attribute.sub_attributes if sub.option not in without):
            name = f"{place}.{sub.option}"
            self.nodes[name] = {"description": sub.description, **self._value(sub, name)}
            properties.update(dict.fromkeys((sub.option, sub.name), _reference(name)))
        return properties

    def _value(self, attribute: Attribute, name: str) -> Node:
        if attribute.is_complex:
            single: Node = {"type": ["object", "null"], "properties": self._properties(attribute, name), "additionalProperties": False}
        else:
            single = _simple(attribute)
        if attribute.format == "user":
            single = {"anyOf": [{"type": "string", "pattern": _NO_BLANK}, single]}
        if not attribute.multi_valued:
            return single
        if attribute.sub("value"):
            single = {**single, "required": ["value"]}
            value = self.nodes[f"{name}.value"]
            value.update(type="string", pattern=value["pattern"].replace(")?$", ")$") if "pattern" in value else _NO_BLANK)
        least = {"type": "object", "minProperties": 1} if attribute.is_complex else {}
        return {"type": ["array", "null"], "items": {**single, **least}}


def _reference(name: str) -> Node:
    return {"$ref": f"#/definitions/{name}"}


def _entry_value(name: str, option: Mapping[str, Any]) -> Node:
    """Return what an option of an entry may be that is not an attribute."""
    if "choices" in option:
        return {"enum": [*option["choices"], None]}
    if option["type"] == "list":
        return {"type": ["array", "null"], "items": _reference("member") if name in ("groups", "members") else {"type": "string"}}
    return {"type": ["object", "null"]} if option["type"] == "dict" else dict(_DAY)


def _plain(text: str) -> str:
    """Return a description without Ansible's markup."""
    return re.sub(r"\b[CMOV]\((.*?)\)", r"\1", text)


def _simple(attribute: Attribute) -> Node:
    if attribute.type is Type.BOOLEAN:
        return {"enum": [True, False, None, *_BOOLEANS]}
    if attribute.type in (Type.INTEGER, Type.DECIMAL):
        return {"type": ["integer" if attribute.type is Type.INTEGER else "number", "string", "null"]}
    node: Node = {"type": ["string", "null"]}
    pattern = rules.pattern(attribute)
    if pattern:
        node["pattern"] = f"^({pattern})?$"
    if attribute.returned is Returned.NEVER:
        node["anyOf"] = [{"maxLength": 0}, {"minLength": SHORTEST_PASSWORD}]
    if attribute.canonical_values:
        node["examples"] = list(attribute.canonical_values)
    return node


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
