# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider's resource as a declaration that changes nothing when it is read back. What cannot be declared is left out, and reported."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..scim.names import URN
from ..scim.schema.overlay import overlay
from ..scim.schema.projection import without
from ..scim.schema.resource import Body, Resource, option_path
from ..scim.schema.types import Attribute, ResourceType
from ..wording import join_names
from . import value_rules as rules
from .parser import texts
from .value_rules import Path

MOST_NAMED = 5
TEMPLATE = re.compile(r"\{\{|\{%")  # ``load_declaration`` refuses such a text as an unresolved template


@dataclass(slots=True)
class LeftOut:
    """What an export leaves out: by path and reason a message and names; by resource type the attributes that SCIM does not have."""

    losses: dict[tuple[str, str], tuple[str, list[str]]] = field(default_factory=dict)
    unknown: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, resource: Resource, path: str, found: str, expected: str = "") -> None:
        """Note that an attribute of a resource, or all of it (no path), is left out. Losses with one expectation are one warning."""
        message = f"{found}; expected {expected}" if expected else found
        self.losses.setdefault((path, expected or found), (message, []))[1].append(resource.name)

    def warnings(self) -> Iterator[str]:
        """One warning for each path and reason, and one for each resource type with unknown attributes."""
        for (path, _reason), (message, names) in self.losses.items():
            yield f"Left out: {path}{' of ' if path else ''}{join_names(names, most=MOST_NAMED)}: {message}."
        for noun, attributes in self.unknown.items():
            yield f"Left out of each {noun}, because SCIM has no such attribute: {', '.join(attributes)}."


@dataclass(frozen=True, slots=True)
class Exporter:
    """Makes entries of resources. ``extensions`` are the known schemas of further extensions, by URN in lower case.

    ``mask`` masks the secrets of the run. What a provider repeats of them is left out: a mask would be declared as the value.
    """

    left_out: LeftOut
    ignored: tuple[str, ...] = ()
    extensions: Mapping[str, Attribute] = field(default_factory=dict)
    mask: Callable[[Any], Any] = lambda value: value

    def entry(self, resource: Resource) -> Body:
        """The entry of one resource, without its members; empty if it cannot be declared at all.

        If only the name cannot be declared, the entry has the id.
        """
        resource_type = resource.type
        if not str(resource.body.get(resource_type.name_attribute) or "").strip():
            self.left_out.add(resource, "", f"without a {resource_type.name_attribute} it cannot be declared")
            return {}
        body = without(resource_type, self._writable(resource_type.root, resource, resource.body, ""), self.ignored)
        readable = self._readable(resource, body)
        own_id = {} if resource_type.name_attribute in readable else {"id": resource.id}
        return own_id | as_options(resource_type, readable)

    def _writable(self, attribute: Attribute, resource: Resource, body: Mapping[str, Any], path: str) -> Body:
        """The sub-attributes that a declaration may have and that the provider returns."""
        found: Body = {}
        for sub in attribute.sub_attributes:
            derived = sub.name == "$ref" and "value" in body  # it follows from the id beside it
            if sub.name in body and sub.comparable and not derived and (path or sub.name != "members"):
                found[sub.name] = self._value(sub, resource, body[sub.name], f"{path}{sub.option}")
        for name in sorted(name for name in body if attribute.sub(name) is None):
            if not path and name.lower().startswith(URN) and isinstance(body[name], Mapping):
                known = self.extensions.get(name.lower())
                found[name] = self._writable(known, resource, body[name], f"{name}:") if known else _sorted(body[name])
            else:
                self.left_out.unknown.setdefault(resource.type.noun, {})[f"{path}{name}"] = None
        return {name: value for name, value in found.items() if value != {} and not (name == "primary" and value is False)}

    def _value(self, attribute: Attribute, resource: Resource, value: Any, path: str) -> Any:
        if isinstance(value, list) and attribute.multi_valued:
            elements = [self._value(attribute, resource, element, path) for element in value]
            return sorted(elements, key=lambda element: json.dumps(element, sort_keys=True))  # providers change the order
        return self._writable(attribute, resource, value, f"{path}.") if isinstance(value, Mapping) else value

    def _readable(self, resource: Resource, body: Body) -> Body:
        """The body without what a declaration would refuse, or read as something else."""
        resource_type = resource.type
        checked, mistakes = rules.check(resource_type, read_back(body))
        losses = [(mistake.path, mistake.found, mistake.expected) for mistake in mistakes]
        losses += [(path, "it looks like a template", "") for path, text in texts(body) if TEMPLATE.search(text)]
        if self.mask(body) != body:
            losses += [(path, "it has a secret that this run uses", "") for path, text in texts(body) if self.mask(text) != text]
        for loss in losses:
            body = self._without(resource, body, *loss)
        if losses:
            checked, _mistakes = rules.check(resource_type, read_back(body))
        if overlay(resource_type.root, checked, resource.body) is not resource.body:
            for path in list(_differing(resource_type.root, checked, resource.body)):
                body = self._without(resource, body, path, "a file has only text, and the provider's value is not text")
        return body

    def _without(self, resource: Resource, body: Body, path: Path, found: str, expected: str = "") -> Body:
        """The body without the value at a path. Of a list nothing is kept, since a declared list is the whole list."""
        parts = list(map(str, path[: 2 if isinstance(body.get(str(path[0])), dict) else 1]))
        if parts[0] not in body:  # lost before, for another reason
            return body
        self.left_out.add(resource, option_path(resource.type, *parts), found, expected)
        kept = {key: value for key, value in body[parts[0]].items() if key != parts[1]} if len(parts) > 1 else {}
        return {key: value for key, value in {**body, parts[0]: kept}.items() if value != {}}


def as_options(resource_type: ResourceType, body: Body) -> Body:
    """A body under the names of options: first its name, then the others in the order of the table, further extensions last."""
    root = resource_type.root
    table = [sub for sub in root.sub_attributes if sub.name in body]
    table.sort(key=lambda sub: sub.name != resource_type.name_attribute)
    further = {name: value for name, value in body.items() if root.sub(name) is None}
    return {sub.option: _as_options(sub, body[sub.name]) for sub in table} | ({"extensions": further} if further else {})


def _as_options(attribute: Attribute, value: Any) -> Any:
    if isinstance(value, list):
        return [_as_options(attribute, element) for element in value]
    if not isinstance(value, Mapping):
        return value
    return {(sub.option if (sub := attribute.sub(name)) else name): inner for name, inner in value.items()}


def read_back(value: Any) -> Any:
    """A value as it is read from a file: every scalar is text."""
    if isinstance(value, Mapping):
        return {name: read_back(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [read_back(inner) for inner in value]
    return value if isinstance(value, str) else json.dumps(value)


def _sorted(value: Any) -> Any:
    return {name: _sorted(value[name]) for name in sorted(value)} if isinstance(value, Mapping) else value


def _differing(root: Attribute, declared: Body, before: Body) -> Iterator[Path]:
    """The paths at which a declaration would change something."""
    for name, value in declared.items():
        if overlay(root, {name: value}, before) is before:
            continue
        inner = value if isinstance(value, dict) else {}
        subs = [sub for sub in inner if overlay(root, {name: {sub: inner[sub]}}, before) is not before]
        yield from ((name, sub) for sub in subs) if subs else iter([(name,)])
