# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PATCH as RFC 7644 §3.5.2 has it, on plain JSON and to the letter: the test server's own, so that it can contradict the collection's."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

Body = dict[str, Any]
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PATH = re.compile(r'(?P<name>[$\w]+)(?:\[(?P<key>[$\w]+) eq (?P<value>"(?:[^"\\]|\\.)*"|true|false)\])?(?:\.(?P<sub>[$\w]+))?')
WORDS = frozenset({"add", "replace", "remove"})


class PatchRefused(Exception):
    """``scim_type`` is one of RFC 7644 §3.12."""

    def __init__(self, scim_type: str, detail: str) -> None:
        super().__init__(detail)
        self.scim_type = scim_type


def operations_of(body: Any) -> list[Body]:
    if not isinstance(body, dict) or PATCH_OP not in body.get("schemas", []):
        raise PatchRefused("invalidSyntax", f"A PATCH body has the schema {PATCH_OP}.")
    operations = body.get("Operations")
    if not isinstance(operations, list) or not operations or not all(isinstance(operation, dict) for operation in operations):
        raise PatchRefused("invalidSyntax", "Operations is an array of one or more objects.")
    return operations


def names_changed(operations: list[Body]) -> set[str]:
    """The attributes that operations touch."""
    paths = {re.split(r"[.\[]", str(operation["path"]))[0] for operation in operations if operation.get("path")}
    pathless = {name for operation in operations if not operation.get("path") for name in operation.get("value") or {}}
    return paths | pathless


def patched(resource: Body, operations: list[Body]) -> Body:
    """A changed copy without empty values; all operations, or an exception and none."""
    result = deepcopy(resource)
    for operation in operations:
        _apply(result, operation)
    return {name: value for name, value in result.items() if value not in (None, [], {})}


def _apply(resource: Body, operation: Body) -> None:
    word, path, value = str(operation.get("op", "")).lower(), operation.get("path"), operation.get("value")
    if word not in WORDS:
        raise PatchRefused("invalidSyntax", f"op is {operation.get('op')!r}; it must be one of {', '.join(sorted(WORDS))}.")
    if word == "remove" and not path:
        raise PatchRefused("noTarget", "remove needs a path (§3.5.2.2).")
    if word == "remove" and "value" in operation:
        raise PatchRefused("invalidValue", "remove takes no value: what is removed stands in the path (§3.5.2.2).")
    if word != "remove" and "value" not in operation:
        raise PatchRefused("invalidValue", f"{word} needs a value.")
    if path:
        _apply_path(resource, word, str(path), value)
    elif isinstance(value, dict):
        for name, part in value.items():
            _put(resource, word, name, part)
    else:
        raise PatchRefused("invalidValue", f"{word} without a path needs an object of attributes as its value.")


def _apply_path(resource: Body, word: str, path: str, value: Any) -> None:
    match = PATH.fullmatch(path)
    if match is None:
        raise PatchRefused("invalidPath", f"The path {path!r} cannot be read.")
    name, key, sub = match["name"], match["key"], match["sub"]
    if key:
        _apply_elements(resource, word, name, (key, json.loads(match["value"])), sub, value)
    elif not sub:
        _put(resource, word, name, value)
    elif isinstance(resource.get(name), list):
        for element in resource[name]:
            _put(element, word, sub, value)
    else:
        resource[name] = resource.get(name) or {}
        _put(resource[name], word, sub, value)


def _apply_elements(resource: Body, word: str, name: str, wanted: tuple[str, Any], sub: str | None, value: Any) -> None:
    elements = resource.get(name) or []
    chosen = [element for element in elements if element.get(wanted[0]) == wanted[1]]
    if not chosen:
        raise PatchRefused("noTarget", f"No element of {name} has {wanted[0]} {wanted[1]!r}.")
    if word == "remove" and not sub:
        resource[name] = [element for element in elements if element not in chosen]
        return
    for element in chosen:
        if sub:
            _put(element, word, sub, value)
        elif isinstance(value, dict):
            element.update(value)
        else:
            raise PatchRefused("invalidValue", f"The value of one element of {name} is an object.")
    _one_primary(elements, chosen)


def _put(resource: Body, word: str, name: str, value: Any) -> None:
    current = resource.get(name)
    if word == "remove":
        resource.pop(name, None)
    elif word == "add" and isinstance(current, list):
        added = [element for element in (value if isinstance(value, list) else [value]) if not any(_same(element, had) for had in current)]
        resource[name] = current + added
        _one_primary(resource[name], added)
    elif isinstance(current, dict) and isinstance(value, dict):
        resource[name] = {**current, **value}
    else:
        resource[name] = value


def _same(one: Any, other: Any) -> bool:
    """§3.5.2.1: what is there already is not added again; elements with a value are the same when value and type agree."""
    if not (isinstance(one, dict) and isinstance(other, dict) and "value" in one):
        return bool(one == other)
    return one["value"] == other.get("value") and one.get("type", other.get("type")) == other.get("type")


def _one_primary(elements: list[Any], latest: list[Any]) -> None:
    """§3.5.2: a new primary takes the place of the old one."""
    if any(isinstance(element, dict) and element.get("primary") for element in latest):
        for element in elements:
            if isinstance(element, dict) and element.get("primary") and element not in latest:
                element["primary"] = False
