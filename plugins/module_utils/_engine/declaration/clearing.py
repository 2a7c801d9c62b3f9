# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``clear: [title, name.middle_name]``: what shall have no value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..scim.names import URN
from ..scim.schema.resource import Body, split_path
from ..scim.schema.types import Attribute, Returned, Type

if TYPE_CHECKING:
    from .parser import Reading


def cleared(reading: Reading, body: Body, paths: Any) -> Body:
    """The body with None at those places (RFC 7643 §2.5); mistakes go to the ``reading``."""
    for index, path in enumerate(reading.texts("clear", paths)):
        where = ("clear", index)
        parts = split_path(path, reading.kind.root)
        first = reading.kind.root.sub(parts[0]) or _foreign(parts)
        value = body.get(first.name) if first is not None else None
        inner = value if isinstance(value, dict) else {}
        second = first.sub(parts[1]) if first is not None and len(parts) > 1 else None
        if first is None or len(parts) > 2 or (len(parts) == 2 and second is None):
            reading.problem(where, f"{path} is no attribute of SCIM", reading.kind.root.nearest(parts[0]))
        elif first.multi_valued and second is not None:
            reading.problem(where, f"{path} is inside a list", f"{first.option}, which clears the list, or the list as it shall be")
        elif (second or first).required or not first.writable or first.returned is Returned.NEVER or first.name == reading.kind.naming:
            reading.problem(where, f"{path} cannot be cleared", "an attribute that may be empty")
        elif (value if second is None else inner.get(second.name)) is not None:
            reading.problem(where, f"{path} is declared as well", "either a value or clear")
        elif second is None or (first.name in body and value is None):
            body = {**body, first.name: None}
        else:
            body = {**body, first.name: {**inner, second.name: None}}
    return body


def _foreign(parts: Sequence[str]) -> Attribute | None:
    """An extension that only the provider knows, with the attribute that is asked for."""
    if not parts[0].lower().startswith(URN):
        return None
    return Attribute(parts[0], Type.COMPLEX, sub_attributes=tuple(map(Attribute, parts[1:])))
