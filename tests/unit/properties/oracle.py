# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PATCH by RFC 7644 §3.5.2, for the operations that the collection writes: independent of its code, so that it can contradict it."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

Body = dict[str, Any]
_ENDS_WITH_URN = re.compile(r"(?P<urn>urn:.*?:User):(?P<rest>[^:]+)")


def patched(before: Body, operations: list[Body]) -> Body:
    """Return a changed copy. An operation whose path is not in RFC 7644's grammar raises an ``AssertionError``."""
    after = deepcopy(before)
    for operation in operations:
        _apply(after, operation)
    return after


def _apply(body: Body, operation: Body) -> None:
    path: str = operation["path"]
    assert "$" not in path, f"attrPath has no $ (§3.5.2): {path}"
    urn = _ENDS_WITH_URN.fullmatch(path)
    assert urn or not path.startswith("urn:"), f"an extension by itself is no path: {path}"
    names = [urn["urn"], *urn["rest"].split(".")] if urn else path.split(".")
    _step(body, names, operation)


def _step(body: Body, names: list[str], operation: Body) -> None:
    name, *rest = names
    if rest:
        inner = body.setdefault(name, {})
        _step(inner, rest, operation)
        if not inner:  # a complex value without sub-attributes is unassigned (RFC 7643 §2.5)
            del body[name]
        return
    op, old = operation["op"], body.get(name)
    if op == "remove":
        assert "value" not in operation
        assert old is not None, f"nothing to remove at {operation['path']}"
        del body[name]
        return
    value = deepcopy(operation["value"])
    assert value not in (None, [], {}, ""), operation
    assert not isinstance(value, list) or sum(e.get("primary") is True for e in value if isinstance(e, dict)) < 2
    if op == "add" and isinstance(old, list):
        body[name] = old + [element for element in value if element not in old]
    elif isinstance(old, dict) and isinstance(value, dict):
        body[name] = {**old, **value}  # what is not in the value is left unchanged
    else:
        assert op in ("add", "replace")
        body[name] = value
