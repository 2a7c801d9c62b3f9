# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM documents as sources: a ListResponse, resources, or a BulkRequest (RFC 7644 §3.4.2 and §3.7), as another provider has them.

Their ids and references belong to that provider: groups, members and managers are declared by name, which the documents themselves have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..escaping import excerpt, quoted
from ..scim.names import URN, fold
from ..scim.providers.profiles import widest
from ..scim.schema.resource import Body
from ..scim.schema.types import Attribute, ResourceType
from ..wording import counted, join_names
from .model import GROUP, USER, Document, Doubt, Origin, Problem
from .value_rules import describe

TYPES = {USER: "users", GROUP: "groups"}
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
LISTS = ("resources", "operations")
BULK_ID = "bulkId:"
MOST_NAMED = 5
_DECLARED = frozenset({"users", "defaults"})  # the keys of a declaration that no resource has
_OF_PROVIDER = ("meta", "schemas")  # what is derived, or that provider's own
_WITHOUT_VALUE = frozenset({"type", "primary", "display", "$ref"})


def is_scim_document(value: Any) -> bool:
    """Whether a value in JSON or YAML is a document of SCIM, and not a declaration with a key too many: its users would be left out."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, Mapping) for item in value) and any(map(_is_resource, value))
    return isinstance(value, Mapping) and (_has_list(value) or (_is_resource(value) and not _DECLARED & value.keys()))


def _has_list(value: Mapping[Any, Any]) -> bool:
    names = {fold(str(key)) for key in value}
    schemas = value.get("schemas")
    is_message = isinstance(schemas, list) and any(str(urn).lower().startswith(MESSAGES) for urn in schemas)
    return "resources" in names or ("operations" in names and "schemas" in names) or is_message


def _is_resource(value: Mapping[Any, Any]) -> bool:
    """Whether a mapping has schemas, or else a name and mostly attributes of SCIM: users of other products have a ``displayName`` too."""
    keys = {fold(str(key)) for key in value}
    name = USER if "username" in keys else GROUP if "displayname" in keys else ""
    if "schemas" in keys or not name:
        return bool(name or "schemas" in keys)
    root = widest(name).root
    return 2 * sum(1 for key in value if str(key).lower().startswith(URN) or root.sub(str(key)) is not None) >= len(value)


def read_scim_document(file: str, value: Any, lines: Mapping[str, int]) -> Document:
    """The users and groups of a document, as they are written; ``named`` makes a declaration of them."""
    reader = _Reader(file, lines)
    reader.read(value)
    paths = {key: tuple(path for path, _body in found) for key, found in reader.found.items()}
    users, groups = ([body for _path, body in reader.found[key]] for key in ("users", "groups"))
    return Document(file, users, groups, lines=lines, problems=tuple(reader.problems), paths=paths, missing=reader.missing, foreign=True)


@dataclass(slots=True)
class _Reader:
    """Collects the resources of one document by type, with their paths."""

    file: str
    lines: Mapping[str, int]
    found: dict[str, list[tuple[str, Body]]] = field(default_factory=lambda: {"users": [], "groups": []})
    problems: list[Problem] = field(default_factory=list)
    missing: str = ""

    def read(self, value: Any) -> None:
        """Read the whole document."""
        if isinstance(value, list):
            self._resources("", value)
            return
        keys = {fold(str(key)): str(key) for key in value}
        name = next((keys[name] for name in LISTS if name in keys), "")
        if not name and not _has_list(value):
            self._resource("", value)
            return
        items = (value[name] if name else None) or []
        if not isinstance(items, list):
            self._problem(name, describe(items), "a list")
        elif fold(name) == "operations":
            for index, operation in enumerate(items):
                self._operation(f"{name}[{index}]", operation)
        else:
            self._resources(name, items)
            total = str(value[keys["totalresults"]]) if "totalresults" in keys else ""
            if total.isdigit() and int(total) > len(items):
                self.missing = f"has {len(items)} of {counted(int(total), 'resource')}, as its totalResults says"

    def _problem(self, path: str, found: str, expected: str) -> None:
        self.problems.append(Problem(Origin(self.file, self.lines.get(path, 0), path), found, expected))

    def _resources(self, name: str, items: Sequence[Any]) -> None:
        for index, item in enumerate(items):
            self._resource(f"{name}[{index}]", item)

    def _operation(self, path: str, operation: Any) -> None:
        given = {fold(str(key)): value for key, value in operation.items()} if isinstance(operation, Mapping) else {}
        method, endpoint = str(given.get("method") or "").upper(), str(given.get("path") or "").rstrip("/").rpartition("/")[2]
        type_name = next((name for name in TYPES if fold(endpoint) == fold(f"{name}s")), "")
        data = given.get("data")
        if method != "POST" or not type_name or not isinstance(data, Mapping):
            self._problem(
                path, f"found the method {excerpt(method)} for {excerpt(endpoint)}", "only operations with POST to /Users or /Groups"
            )
            return
        own_id = {"id": f"{BULK_ID}{given['bulkid']}"} if given.get("bulkid") else {}
        self.found[TYPES[type_name]].append((f"{path}.data", {**data, **own_id}))

    def _resource(self, path: str, item: Any) -> None:
        type_name = _type_of(item) if isinstance(item, Mapping) else ""
        if type_name:
            self.found[TYPES[type_name]].append((path, dict(item)))
        else:
            self._problem(path, "is neither a user nor a group", "a resource with userName, or with the schema of a user or group")


def _type_of(item: Mapping[str, Any]) -> str:
    """The type of a resource: by its schemas, else by what only one type has; empty if it is neither."""
    given = {fold(str(key)): value for key, value in item.items()}
    schemas = given.get("schemas")
    urns = {str(urn).lower() for urn in schemas} if isinstance(schemas, list) else set()
    for name in TYPES:
        if widest(name).schema.urn.lower() in urns:
            return name
    meta = given.get("meta")
    declared = str(meta.get("resourceType") or "") if isinstance(meta, Mapping) else ""
    if urns or declared:
        return declared if declared in TYPES else ""
    return USER if "username" in given else GROUP if "displayname" in given else ""


# -- names in place of the ids of another tenant -----------------------------------------------------------------------------------------


def named(documents: Sequence[Document]) -> list[Document]:
    """The documents with names in place of ids: those that each other document of SCIM among them has."""
    names: dict[str, tuple[str, str]] = {}
    for document in documents:
        for name, key in TYPES.items() if document.foreign else ():
            for body in getattr(document, key):
                given = {fold(str(attribute)): value for attribute, value in body.items()}
                called = given.get(fold(widest(name).name_attribute))
                if given.get("id") and isinstance(called, str):
                    names[str(given["id"])] = (name, called)
    return [_Names(document, names).document() if document.foreign else document for document in documents]


class _Names:
    """Makes a declaration of one document."""

    def __init__(self, document: Document, names: Mapping[str, tuple[str, str]]) -> None:
        self._document = document
        self._names = names
        self._problems: list[Problem] = []
        self._unknown: dict[str, dict[str, None]] = {}
        self._managed: list[str] = []  # by a user whom no document has

    def document(self) -> Document:
        """The document with names, and warnings of what was left out."""
        users, groups = (
            [self._entry(widest(name), origin, body) for origin, body in self._document.entries(key)] for name, key in TYPES.items()
        )
        problems = (*self._document.problems, *self._problems)
        return replace(self._document, users=users, groups=groups, problems=problems, warnings=tuple(self._warnings()))

    def _warnings(self) -> Iterator[Doubt]:
        origin = Origin(self._document.file)
        for noun, attributes in self._unknown.items():
            yield Doubt(origin, f"left out of each {noun}, because SCIM has no such attribute: {', '.join(attributes)}")
        if self._managed:
            shown = join_names(self._managed, most=MOST_NAMED)
            yield Doubt(origin, f"left out the manager of {shown}: no document in src has a user with that id")

    def _entry(self, resource_type: ResourceType, origin: Origin, body: Mapping[str, Any]) -> Body:
        noun, root = resource_type.noun, resource_type.root
        entry: Body = {}
        for key, value in body.items():
            attribute = root.sub(str(key))
            if attribute is None and not str(key).lower().startswith(URN):
                self._unknown.setdefault(noun, {})[quoted(str(key))] = None
            elif attribute is None or attribute.name not in (*_OF_PROVIDER, "groups", "members"):
                kept = self._kept(noun, attribute, value)
                entry |= {attribute.name if attribute else str(key): kept} if kept not in (None, "", [], {}) else {}
            elif attribute.name in ("groups", "members"):
                names = [name for element in _elements(value) if (name := self._name(origin.below(attribute.name), element))]
                entry |= {attribute.name: names} if names else {}
        for extension in resource_type.extensions:
            if isinstance(inner := entry.get(extension.urn), dict) and "manager" in inner:
                entry[extension.urn] = self._with_manager(inner, str(entry.get(resource_type.name_attribute) or origin))
        return entry

    def _kept(self, noun: str, attribute: Attribute | None, value: Any) -> Any:
        """A value without what is empty, what SCIM does not have, and references to that provider (RFC 7643 §2.5: empty is absent)."""
        if isinstance(value, list):
            kept = [self._kept(noun, attribute, item) for item in value]
            return [
                item for item in kept if item not in (None, "", [], {}) and not (isinstance(item, dict) and item.keys() <= _WITHOUT_VALUE)
            ]
        if not isinstance(value, Mapping):
            return value
        found: Body = {}
        for key, inner in value.items():
            sub = attribute.sub(str(key)) if attribute is not None else None
            if attribute is not None and sub is None:
                self._unknown.setdefault(noun, {})[quoted(f"{attribute.option}.{key}")] = None
            elif str(key) != "$ref":
                kept = self._kept(noun, sub, inner)
                found |= {sub.name if sub else str(key): kept} if kept not in (None, "", [], {}) else {}
        return found

    def _name(self, origin: Origin, element: Any) -> str:
        """The name of a group of a user, or of a member of a group; empty for an indirect membership, and for one that is a problem."""
        if isinstance(element, str):
            element = {"value": element}
        given = {fold(str(key)): value for key, value in element.items()} if isinstance(element, Mapping) else {}
        if str(given.get("type")).lower() == "indirect":
            return ""
        is_group = origin.path.endswith("groups")
        known = self._names.get(str(given.get("value") or ""), ("", ""))[1]
        name = (given.get("display") or known) if is_group else known
        if not isinstance(name, str) or not name:
            expected = (
                "the documents of all users and groups in src" if not is_group else "a display name, or the document of the group in src"
            )
            self._problems.append(Problem(origin, f"no document has the id {excerpt(str(given.get('value') or ''))}", expected))
            return ""
        return name

    def _with_manager(self, enterprise: Body, user: str) -> Body:
        manager = enterprise["manager"]
        value = str(manager.get("value") or "") if isinstance(manager, dict) else str(manager)
        named = self._names.get(value)
        if named and named[0] == USER:
            return {**enterprise, "manager": named[1]}
        self._managed.append(user)
        return {name: inner for name, inner in enterprise.items() if name != "manager"}


def _elements(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
