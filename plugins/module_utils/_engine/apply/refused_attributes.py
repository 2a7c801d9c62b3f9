# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that a PATCH was refused for. Pure.

Some providers accept an attribute in a POST, store nothing of it, and refuse a PATCH of it with ``invalidPath``. That is no failure: the
attribute cannot be stored there. ``active``, passwords, members and what a resource is called by are never taken for such an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..scim.errors import WRONG_VALUE, Refused
from ..scim.schema.patch import Operation
from ..scim.schema.resource import Body, option_path, scim_path, split_path
from ..scim.schema.types import ResourceType

EXPLAINED = frozenset({"mutability", "uniqueness", "invalidvalue", "sensitive"})  # scimTypes that mean a value, not a form (RFC 7644 §3.12)
NO_SUCH_PATH = frozenset({"invalidpath", "notarget"})
# A text that has "value", or calls an attribute invalid, may be about the value: then other resources can still have the attribute.
NO_SUCH_ATTRIBUTE = re.compile(
    r"(?!.*\bvalues?\b).*\b((unsupported|unknown|unrecogni[sz]ed|not supported)\b.{0,20}\b(path|attribute|field|property)|invalid path)\b",
    re.IGNORECASE | re.DOTALL,
)
SINGLE = (*WRONG_VALUE, 409)  # statuses of a refusal that may concern a single attribute


def option_of(resource_type: ResourceType, operation: Operation) -> str:
    """The attribute of an operation, as it is declared."""
    return option_path(resource_type, *split_path(str(operation["path"]), resource_type.root))


def is_no_attribute(resource_type: ResourceType, operation: Operation, refused: Refused) -> bool:
    """Whether a refusal says that the provider does not know the attribute, and not that it does not take the value."""
    first = split_path(str(operation["path"]), resource_type.root)[0]
    if first in ("active", "password", "members", resource_type.name_attribute) or refused.scim_type.lower() in EXPLAINED:
        return False
    return refused.scim_type.lower() in NO_SUCH_PATH or NO_SUCH_ATTRIBUTE.match(refused.detail) is not None


def named_in(refused: Refused, operations: Sequence[Operation]) -> list[Operation]:
    """The operations whose attributes a refusal names; none if it names all of them."""
    words = {word.lower() for word in re.findall(r"[\w$]+", refused.detail)}
    named = [operation for operation in operations if re.split(r"[.:]", str(operation["path"]))[-1].lower() in words]
    return named if len(named) < len(operations) else []


def is_part_of(option: str, other: str) -> bool:
    """Whether one of two options is a part of the other, or both are the same."""
    short, long = sorted((option, other), key=len)
    return long == short or long.startswith((f"{short}.", f"{short}:"))


def value_at(resource_type: ResourceType, body: Body, option: str) -> Any:
    """The value of an attribute in a body, None if it has none."""
    value: Any = body
    for part in split_path(scim_path(resource_type, option), resource_type.root):
        value = value.get(part) if isinstance(value, dict) else None
    return value
