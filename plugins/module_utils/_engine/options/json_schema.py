# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of declared files, for editors, made from resource types. Draft 7, since that is what editors know.

It says of a file what can be said without knowing the others, and asks for quotes around text that YAML may take for something else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from ..declaration import value_rules as rules
from ..declaration.model import ABSENT, ADDITIVE, EXACT, GROUP, PRESENT, USER
from ..declaration.parser import SHORTEST_PASSWORD
from ..scim.schema.types import Attribute, ResourceType, Returned, Type

Node = dict[str, Any]

ADDRESS = "https://raw.githubusercontent.com/identity-scim/identity.scim/main/schemas/declaration.schema.json"
ANY_URN = "^[uU][rR][nN]:"
_NO_BLANK = "\\S"
_WORDS = [spelt for word in rules.BOOLEANS for spelt in (word, word.capitalize(), word.upper())]
_TEXTS = {"type": ["array", "null"], "items": {"type": "string"}}
_DAY = {"type": ["string", "null"], "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"}

ENTRY: dict[str, Node] = {
    "state": {"description": "Whether the resource shall be there.", "enum": [PRESENT, ABSENT, None]},
    "membership": {
        "description": "Whether the declared memberships are all, some of them, or those that shall not be.",
        "enum": [EXACT, ADDITIVE, ABSENT, None],
    },
    "clear": {"description": "Attributes that shall have no value, such as title, name.middle_name or emails.", **_TEXTS},
    "previously": {"description": "Names that the resource had before. A rename keeps the id.", **_TEXTS},
    "delete_after": {"description": "The day after which the resource is deleted, such as 2027-03-31, in UTC.", **_DAY},
}
EXPIRES = {"description": "The last valid day, such as 2027-01-31, in UTC.", **_DAY}


def declaration_schema(types: Mapping[str, ResourceType]) -> Node:
    """The schema of files in which users and groups of these types are declared."""
    made = _Definitions()
    for name in (USER, GROUP):
        made.resource(types[name])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ADDRESS,
        "title": "A directory for identity.scim",
        "description": "People and groups of a SCIM 2.0 service provider. Only what is declared is managed.",
        "type": "object",
        "properties": {
            "users": {"description": "People.", "type": ["array", "null"], "items": _reference(USER)},
            "groups": {"description": "Groups.", "type": ["array", "null"], "items": _reference(GROUP)},
            "defaults": {"description": "Laid under each user of this file.", "anyOf": [{"type": "null"}, _reference(USER)]},
        },
        "additionalProperties": False,
        "minProperties": 1,
        "definitions": made.nodes,
    }


def tenant_schema(types: Mapping[str, ResourceType], url: str) -> str:
    """The schema of one tenant's files, as text. It has no address of its own: editors are given its path."""
    schema = {**declaration_schema(types), "title": f"The directory of {url}"}
    return json.dumps({name: part for name, part in schema.items() if name != "$id"}, indent=2, ensure_ascii=False) + "\n"


class _Definitions:
    """A definition for each attribute, to which both of its names refer."""

    def __init__(self) -> None:
        member = {
            "description": "A name, an id, or attributes that select one.",
            "anyOf": [{"type": "string", "pattern": _NO_BLANK}, {"type": "object", "minProperties": 1, "properties": {"expires": EXPIRES}}],
        }
        self.nodes: dict[str, Node] = {"member": member}

    def resource(self, resource_type: ResourceType) -> None:
        """The definition of a resource type, by its name."""
        further = {ANY_URN: {"description": "The attributes of an extension.", "type": ["object", "null"]}}
        edges = "members" if resource_type.name == GROUP else "groups"
        own = {
            **ENTRY,
            **({"expires": EXPIRES} if resource_type.name == USER else {}),
            edges: {"description": "Made true through the groups.", "type": ["array", "null"], "items": _reference("member")},
        }
        properties = self._properties(resource_type.root, resource_type.name, frozenset(own))
        short = {name: properties[name] for extension in resource_type.extensions for name in (extension.alias, extension.urn) if name}
        own["extensions"] = {
            "description": "Attributes of further schema extensions, by the URN of the extension.",
            "type": ["object", "null"],
            "properties": short,
            "patternProperties": further,
            "additionalProperties": False,
        }
        for attribute in resource_type.needed:
            self.nodes[f"{resource_type.name}.{attribute.option}"].update(type="string", pattern=_NO_BLANK)
        self.nodes[f"{resource_type.name}.id"].update(pattern=_NO_BLANK)
        self.nodes[f"{resource_type.name}.schemas"].update(minItems=1)
        for name, node in own.items():
            properties.update(dict.fromkeys((name, _camel(name)), node))
        closed = {"properties": properties, "patternProperties": further, "additionalProperties": False}
        self.nodes[resource_type.name] = {"type": "object", **closed}

    def _properties(self, attribute: Attribute, place: str, without: Collection[str] = ()) -> dict[str, Node]:
        properties: dict[str, Node] = {}
        for sub in (sub for sub in attribute.sub_attributes if sub.option not in without):
            name = f"{place}.{sub.option}"
            self.nodes[name] = {"description": sub.description, **self._value(sub, name)}
            properties.update(dict.fromkeys((sub.option, sub.name), _reference(name)))
        return properties

    def _value(self, attribute: Attribute, name: str) -> Node:
        single = self._mapping(attribute, name) if attribute.is_complex else _simple(attribute)
        if not attribute.multi_valued:
            return single
        if attribute.sub("value"):
            single = {**single, "required": ["value"]}
            value = self.nodes[f"{name}.value"]
            value.update(type="string", pattern=value["pattern"].replace(")?$", ")$") if "pattern" in value else _NO_BLANK)
        least = {"type": "object", "minProperties": 1} if attribute.is_complex else {}
        return {"type": ["array", "null"], "items": {**single, **least}}

    def _mapping(self, attribute: Attribute, name: str) -> Node:
        return {"type": ["object", "null"], "properties": self._properties(attribute, name), "additionalProperties": False}


def _reference(name: str) -> Node:
    return {"$ref": f"#/definitions/{name}"}


def _simple(attribute: Attribute) -> Node:
    if attribute.type is Type.BOOLEAN:
        return {"enum": [True, False, None, *_WORDS]}
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
