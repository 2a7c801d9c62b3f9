# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A resource as a provider returns it, read leniently: canonical names, no nulls, real booleans. And the paths of its attributes."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import NotScim
from ..names import URN, fold, intern
from .types import Attribute, ResourceType, Type

Body = dict[str, Any]
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
DEEPEST = 32  # levels of an attribute that no schema has: far below the limit of Python's stack, which later code relies on

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}  # some providers return what their database holds


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. ``complete`` is false where it was read from a list: it must then not be sent back with PUT (RFC 7644 §3.5.1).

    ``empty`` are attributes that an answer about this resource alone shows without a value, which ``body`` does not have. ``listed`` is
    false for an inactive user whom the listing does not show.
    """

    type: ResourceType
    id: str
    body: Body
    complete: bool = True
    version: str | None = None
    empty: frozenset[str] = frozenset()
    listed: bool = True

    @property
    def name(self) -> str:
        """Its userName or displayName; its id where it has none."""
        return str(self.body.get(self.type.name_attribute) or self.id)

    @property
    def label(self) -> str:
        """Its name in messages, with the id: several resources can have the same name."""
        return f"{self.name} (id {self.id})"

    @property
    def active(self) -> bool:
        """Whether it is active. RFC 7643 §4.1.1 has no default: a user without ``active`` counts as active."""
        return self.body.get("active") is not False


def read(resource_type: ResourceType, raw: Mapping[str, Any], complete: bool = True, only: Container[str] = ()) -> Resource:
    """Read a ``Resource`` from a provider's JSON object; with ``only``, which has names as ``fold`` returns them, no other attributes.

    :raises NotScim: if an attribute that no schema has is nested more than ``DEEPEST`` levels deep.
    """
    body = read_complex(resource_type.root, raw)
    version = (body.get("meta") or {}).get("version")
    if only:
        body = {name: value for name, value in body.items() if fold(name) in only}
    return Resource(resource_type, str(body.get("id") or ""), body, complete, version)


def read_complex(attribute: Attribute, raw: Mapping[str, Any]) -> Body:
    """Read the sub-attributes of a complex value under their SCIM names, without those that are null or empty (RFC 7643 §2.5).

    Some providers flatten: ``{"name.formatted": …}`` is read as ``{"name": {"formatted": …}}``.
    What is in its usual form already becomes part of the result.
    """
    return attribute.compiled(_body_reader)(dict(raw))


def read_value(attribute: Attribute, raw: Any) -> Any:
    """Read a value in any form in the form of its attribute; None if it has no usable value."""
    return attribute.compiled(_reader)(raw)


def _body_reader(attribute: Attribute) -> Callable[[Body], Body]:
    """Make the function that reads the sub-attributes of an attribute."""
    readers = {sub.name: sub.compiled(_reader) for sub in attribute.sub_attributes}
    texts = {name for name, read_known in readers.items() if read_known is _text}
    booleans = {name for name, read_known in readers.items() if read_known is _boolean}

    def read_body(raw: Body) -> Body:
        for key, value in raw.items():
            if isinstance(value, str) and value and key in texts:
                raw[key] = intern(str(value))  # a text is kept once: most are in several places, such as the ids of members
            elif not isinstance(value, bool) or key not in booleans:
                break
        else:  # as of most members, names and addresses
            return raw
        body: Body = {}
        for key, value in raw.items():
            if key in texts and isinstance(value, str):
                if value:
                    body[key] = intern(str(value))
                continue
            if key in readers:
                name, content = key, readers[key](value)
            else:
                name, content = _in_another_spelling(attribute, key, value)
            if not content and _empty(content):
                continue
            if name in body and isinstance(content, dict) and isinstance(body[name], dict):
                content = {**body[name], **content}
            body[name] = content
        return body

    return read_body


def _in_another_spelling(attribute: Attribute, key: str, value: Any) -> tuple[str, Any]:
    """Read a value whose key is not the name of a sub-attribute: return its name, and its content."""
    sub = attribute.sub(key)
    if sub is None and "." in key and not key.lower().startswith(URN):
        parent, _dot, child = key.partition(".")
        flattened = attribute.sub(parent)
        if flattened is not None and flattened.is_complex and not flattened.multi_valued:
            return flattened.name, read_value(flattened, {child: value})
    return (key, _unknown(value)) if sub is None else (sub.name, read_value(sub, value))


def _reader(attribute: Attribute) -> Callable[[Any], Any]:
    """Make the function that reads the values of an attribute."""
    read_single = _complex_reader(attribute) if attribute.is_complex else _READERS.get(attribute.type, _simple)
    if not attribute.multi_valued:
        return read_single

    def read_list(raw: Any) -> list[Any]:
        values = [*map(read_single, raw if isinstance(raw, list) else (raw,))]  # no larger than it must be, as a comprehension is
        return values if all(values) else [value for value in values if not _empty(value)]

    return read_list


def _complex_reader(attribute: Attribute) -> Callable[[Any], Any]:
    read_body = attribute.compiled(_body_reader)

    def read_complex_value(raw: Any) -> Any:
        return read_body(raw) if isinstance(raw, dict) else None if raw is None else read_body({"value": raw})

    return read_complex_value


def _text(raw: Any) -> Any:
    if isinstance(raw, str):
        return raw
    return str(raw) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else _simple(raw)


def _boolean(raw: Any) -> Any:
    return raw if isinstance(raw, bool) else _BOOLEANS.get(str(raw).strip().lower(), raw) if isinstance(raw, (str, int)) else _simple(raw)


def _simple(raw: Any) -> Any:
    """A list or an object is not a value of a simple attribute, and not hashable."""
    return None if isinstance(raw, (dict, list)) else raw


_READERS = {Type.STRING: _text, Type.BOOLEAN: _boolean}


def _unknown(raw: Any, levels: int = DEEPEST) -> Any:
    """Read a value that is in no schema, without what is null or empty in it."""
    if not isinstance(raw, (Mapping, list)):
        return raw
    if not levels:
        raise NotScim(f"The provider returned an attribute that is nested more than {DEEPEST} levels deep. Check url.")
    if isinstance(raw, Mapping):
        values = {key: _unknown(value, levels - 1) for key, value in raw.items()}
        return {key: value for key, value in values.items() if not _empty(value)}
    return [value for value in (_unknown(item, levels - 1) for item in raw) if not _empty(value)]


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def qualified(resource_type: ResourceType, names: Iterable[str]) -> list[str]:
    """Return attribute names for ``attributes=``: an extension is replaced by each of its attributes behind the URN (RFC 7644 §3.10)."""
    found: list[str] = []
    for name in names:
        extension = resource_type.root.sub(name) if name.lower().startswith(URN) else None
        found += [f"{name}:{sub.name}" for sub in extension.sub_attributes] if extension and extension.name == name else [name]
    return found


def merged(before: Resource, answer: Resource, requested: Iterable[str]) -> Resource:
    """Return a resource after a write whose answer has only the requested attributes: the others are as before."""
    kept = {name: value for name, value in before.body.items() if name not in requested}
    return replace(before, body={**kept, **answer.body}, version=answer.version or before.version, empty=answer.empty)


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return a body with a provider's own names for attributes, such as ``ref`` for ``$ref``."""
    if not names:
        return value
    if isinstance(value, dict):
        return {names.get(key, key): renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, names) for inner in value]
    return value


def scim_path(resource_type: ResourceType, path: str) -> str:
    """Return a path in any spelling (``name.family_name``, ``enterprise.department``) as SCIM writes it (RFC 7644 §3.10)."""
    return _joined(sub.name if sub else part for part, sub in _along(resource_type, split_path(path, resource_type.root)))


def option_path(resource_type: ResourceType, *parts: str) -> str:
    """Return the path of an attribute as it is declared: ``name.family_name``, ``enterprise.department``, ``URN:color``."""
    return _joined(sub.option if sub else part for part, sub in _along(resource_type, parts))


def _along(resource_type: ResourceType, parts: Iterable[str]) -> Iterator[tuple[str, Attribute | None]]:
    """Yield each part of a path with its attribute; None if the schema has none."""
    attribute: Attribute | None = resource_type.root
    for part in parts:
        attribute = attribute.sub(part) if attribute else None
        yield part, attribute


def _joined(names: Iterable[str]) -> str:
    first, *below = names
    return (":" if first.lower().startswith(URN) else ".").join([first, ".".join(below)]) if below else first


def is_core(urn: str, root: Attribute) -> bool:
    """Whether a URN is that of the core schema of a resource type (RFC 7643 §4)."""
    return urn.lower() == f"{CORE}{root.name}".lower()


def split_path(path: str, root: Attribute) -> list[str]:
    """Split ``name.familyName`` into its parts; a URN, which has dots and colons of its own, is one part (RFC 7644 §3.10).

    The URN of the own core schema is left out; that of the other resource type names no attribute of this one. The URNs that ``root``
    knows are found in any case; of other URNs the last part is taken for an attribute if it begins as attributes do.
    """
    if not path.lower().startswith(URN):
        return path.split(".")
    urn, _colon, rest = path.rpartition(":")
    if is_core(urn, root):
        return rest.split(".")
    if root.sub(path) or root.sub(urn):
        return [path] if root.sub(path) else [urn, *rest.split(".")]
    if urn.count(":") < 3 or rest[:1].isupper() or rest[:1].isdigit():
        return [path]
    return [urn, *rest.split(".")]
