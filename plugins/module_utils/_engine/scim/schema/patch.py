# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest PATCH that makes before to after (RFC 7644 §3.5.2).

Each operation has a path, and no path to an attribute has a value filter: every provider with PATCH understands that form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..names import URN
from .filter import equals
from .projection import writable
from .resource import Body
from .types import Attribute

Operation = dict[str, Any]
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def operations(root: Attribute, before: Body, after: Body, additive: bool = False) -> list[Operation]:
    """Return an operation for each attribute that differs.

    A multi-valued attribute is replaced as a whole, so that no other writer can come between. With ``additive``, elements that were only
    appended are added instead.
    """
    return list(_operations(root, "", before, after, additive))


def _operations(attribute: Attribute | None, prefix: str, before: Body, after: Body, additive: bool) -> Iterator[Operation]:
    """A path into an extension is ``URN:attribute`` (RFC 7644 §3.10), into a complex attribute ``attribute.subAttribute``; the URN alone is
    not a path. A reference such as ``manager`` is replaced as a whole: ``$ref`` is not a name in a path (§3.5.2, attrPath)."""
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        sub, path = attribute.sub(name) if attribute else None, f"{prefix}{name}"
        if not prefix and name.lower().startswith(URN) and _is_extension(old) and _is_extension(new):
            yield from _operations(sub, f"{path}:", old or {}, new or {}, additive)
        elif sub and not sub.writable:
            continue
        elif isinstance(old, dict) and isinstance(new, dict) and sub and not sub.sub("$ref"):
            yield from _operations(sub, f"{path}.", old, new, additive)
        elif new is None:
            yield {"op": "remove", "path": path}
        elif old is None:
            yield {"op": "add", "path": path, "value": writable(sub, new)}
        elif additive and isinstance(new, list) and new[: len(old)] == old:
            yield {"op": "add", "path": path, "value": writable(sub, new[len(old) :])}
        else:
            yield {"op": "replace", "path": path, "value": writable(sub, new)}


def _is_extension(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def joining(member_ids: Iterable[str]) -> list[Operation]:
    """Return the operation that adds members. Adding a present member changes nothing (RFC 7644 §3.5.2.1)."""
    return [{"op": "add", "path": "members", "value": [{"value": member_id} for member_id in member_ids]}]


def leaving(member_ids: Iterable[str], by_value: bool = False) -> list[Operation]:
    """Return the operations that remove members, each by its id: a ``remove`` of plain ``members`` would remove all of them.

    ``by_value`` is the older form with a list, which some providers require.
    """
    if by_value:
        return [{"op": "remove", "path": "members", "value": [{"value": member_id} for member_id in member_ids]}]
    return [{"op": "remove", "path": f"members[{equals('value', member_id)}]"} for member_id in member_ids]


def patch_body(found: Sequence[Operation]) -> Body:
    """Return the body of a PATCH request."""
    return {"schemas": [PATCH_OP], "Operations": list(found)}
