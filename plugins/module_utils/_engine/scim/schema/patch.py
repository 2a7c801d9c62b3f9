# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PATCH that makes before to after, as small as it can be (RFC 7644 §3.5.2).

Always with a path, never with a value filter in it for attributes: that is what every provider that has PATCH understands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..names import URN
from .filter import equals
from .resource import Body
from .types import Attribute

Operation = dict[str, Any]
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def operations(root: Attribute, before: Body, after: Body, additive: bool = False) -> list[Operation]:
    """The operations for all attributes that differ; empty where none does. With ``additive``, elements that are only new are added, else a
    multi-valued attribute is replaced whole, which no other writer can come between."""
    return _sub_attributes(root, "", before, after, additive)


def _attribute(attribute: Attribute | None, path: str, old: Any, new: Any, additive: bool) -> list[Operation]:
    if old == new or (attribute is not None and not attribute.writable):
        return []
    if isinstance(old, dict) and isinstance(new, dict) and attribute is not None and not attribute.sub("$ref"):
        return _sub_attributes(attribute, f"{path}.", old, new, additive)
    if new is None:
        return [{"op": "remove", "path": path}]
    if old is None:
        return [{"op": "add", "path": path, "value": writable(attribute, new)}]
    if additive and isinstance(new, list) and new[: len(old)] == old:
        return [{"op": "add", "path": path, "value": writable(attribute, new[len(old) :])}]
    return [{"op": "replace", "path": path, "value": writable(attribute, new)}]


def _sub_attributes(attribute: Attribute | None, prefix: str, old: Body, new: Body, additive: bool) -> list[Operation]:
    """A path into an extension is ``URN:attribute`` (RFC 7644 §3.10), into a complex attribute ``attribute.subAttribute``; an extension by
    itself is no path. What points to a resource is replaced whole: ``$ref`` is no name in a path (§3.5.2, attrPath)."""
    found = []
    for name in [*old, *(name for name in new if name not in old)]:
        sub = attribute.sub(name) if attribute is not None else None
        was, becomes = old.get(name), new.get(name)
        if not prefix and name.lower().startswith(URN) and _mapping(was) and _mapping(becomes):
            found += _sub_attributes(sub, f"{name}:", was or {}, becomes or {}, additive)
        else:
            found += _attribute(sub, f"{prefix}{name}", was, becomes, additive)
    return found


def _mapping(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def writable(attribute: Attribute | None, value: Any) -> Any:
    """A value without the sub-attributes that are the provider's own (RFC 7644 §3.5.2: a client must not modify them)."""
    if attribute is None:
        return value
    if isinstance(value, list):
        return [writable(attribute, element) for element in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        sub = attribute.sub(name)
        if sub is None or sub.writable:
            kept[name] = writable(sub, inner)
    return kept


def joining(member_ids: Iterable[str]) -> list[Operation]:
    """One operation that adds members; adding one who is there already changes nothing (RFC 7644 §3.5.2.1)."""
    return [{"op": "add", "path": "members", "value": [{"value": member_id} for member_id in member_ids]}]


def leaving(member_ids: Iterable[str], by_value: bool = False) -> list[Operation]:
    """Operations that remove members, each by name: a ``remove`` of plain ``members`` would remove everybody.

    ``by_value`` is the older list form, which some providers ask for.
    """
    if by_value:
        return [{"op": "remove", "path": "members", "value": [{"value": member_id} for member_id in member_ids]}]
    return [{"op": "remove", "path": f"members[{equals('value', member_id)}]"} for member_id in member_ids]


def patch_body(found: Sequence[Operation]) -> Body:
    """The request's body."""
    return {"schemas": [PATCH_OP], "Operations": list(found)}
