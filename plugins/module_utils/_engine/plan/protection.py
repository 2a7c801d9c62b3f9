# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names globs protect, and what a change would take from a protected resource."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ..escaping import quoted
from ..scim.schema.identity import is_same_name, name_key
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import Attribute
from ..wording import join_names

# Lists that give access, each with the sub-attributes that identify an element: a role of another type is another role.
_GIVING_ACCESS = {"emails": ("value",), "roles": ("value", "type"), "entitlements": ("value", "type")}
_NAMES = ("displayName", "name")  # may be changed, since people marry, but not be removed


def matching_globs(globs: Iterable[str], name: str) -> list[str]:
    """The globs that match a name: blanks around a glob do not count, and names are compared as everywhere (``name_key``)."""
    key = name_key(name)
    return [glob.strip() for glob in globs if _pattern(glob).match(key)]


def unused_globs(globs: Iterable[str], names: Iterable[str]) -> list[str]:
    """The globs that match none of the names."""
    keys = list(map(name_key, names))
    return [glob.strip() for glob in globs if not any(map(_pattern(glob).match, keys))]


@lru_cache(maxsize=1024)
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(name_key(glob.strip())))


def is_removal(before: Resource, after: Body | None) -> bool:
    """Whether a change deletes or deactivates a resource."""
    return after is None or (before.active and after.get("active") is False)


def losses(before: Resource, after: Body | None) -> list[str]:
    """What a change would take from a resource, as phrases such as ``rename it to "kim"``; empty if it only adds something."""
    if after is None or is_removal(before, after):
        return ["delete or deactivate it"]
    root, name_attribute = before.type.root, before.type.name_attribute
    name = str(after.get(name_attribute) or "")
    renamed = [f"rename it to {quoted(name)}"] if not is_same_name(name, before.name) else []
    cleared = [path for each in _NAMES if each != name_attribute for path in _cleared(root.sub(each), before.body, after)]
    lists = [(root.sub(each), names) for each, names in _GIVING_ACCESS.items()]
    lost = [
        f"remove the {attribute.option} {join_names(elements)}"
        for attribute, names in lists
        if attribute is not None and (elements := list(_lost_elements(attribute, names, before.body, after)))
    ]
    return [*renamed, *([f"clear {join_names(cleared)}"] if cleared else []), *lost]


def _cleared(attribute: Attribute | None, before: Body, after: Body) -> Iterator[str]:
    """The options of the attribute, or of its sub-attributes, that would lose their value."""
    if attribute is None or not before.get(attribute.name):
        return
    value, new = before[attribute.name], after.get(attribute.name)
    if not isinstance(value, Mapping):
        yield from () if new else (attribute.option,)
        return
    for sub in attribute.sub_attributes:
        if value.get(sub.name) and not (isinstance(new, Mapping) and new.get(sub.name)):
            yield f"{attribute.option}.{sub.option}"


def _lost_elements(attribute: Attribute, names: Sequence[str], before: Body, after: Body) -> Iterator[str]:
    """Each element of a list that the list would no longer have, as a message shows it."""
    kept = after.get(attribute.name) or ()
    if kept is before.get(attribute.name):
        return
    for element in before.get(attribute.name) or ():
        identity = _identity(attribute, element, names)
        if not any(identity.items() <= _identity(attribute, each, names).items() for each in kept):
            text = element.get("value") or element.get("display") if isinstance(element, Mapping) else element
            yield quoted(str(text or element))


def _identity(attribute: Attribute, element: Any, names: Sequence[str]) -> dict[str, Any]:
    """What identifies an element: the named sub-attributes that it has, and ``display`` if it has no value."""
    if not isinstance(element, Mapping):
        return {"value": canonical(attribute.sub("value") or UNKNOWN, element)}
    known = (*names, *(() if element.get("value") else ("display",)))
    return {name: canonical(attribute.sub(name) or UNKNOWN, element[name]) for name in known if element.get(name)}
