# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of users in JSON, as the APIs of products return them, to the rows of a table. A heading is the path of a value, such as
``name.givenName`` or ``phones.0.value``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..wording import counted
from .model import NOTES
from .tables import Row

# Keys with which products say that a list goes on, and how long all of it is, in lower case and without other characters.
NEXT_PAGE = frozenset(
    {
        "next",
        "nextlink",
        "nexturl",
        "odatanextlink",
        "nextpage",
        "nextpagetoken",
        "nexttoken",
        "nextcursor",
        "hasmore",
        "hasnext",
        "hasnextpage",
    }
)
TOTAL = frozenset({"total", "totalcount", "totalresults", "totalsize", "totalitems", "totalelements", "totalrecords"})
USERS = "users"
DECLARATION = ("users", "groups", "defaults")
_OWN_NAMES = ("userName", "user_name")  # of a user who is declared


@dataclass(frozen=True, slots=True)
class ObjectList:
    """A list of objects in a document. ``missing`` says why it is known to be incomplete."""

    objects: Sequence[Mapping[str, Any]]
    missing: str = ""

    def rows(self) -> Iterator[Row]:
        """The headings, and a row for each object; JSON has no lines."""
        flat = [dict(_flat("", each)) for each in self.objects]
        headings = list(dict.fromkeys(path for each in flat for path in each))
        yield Row(0, headings)
        yield from (Row(0, [each.get(heading, "") for heading in headings]) for each in flat if any(each.values()))


def list_of_objects(value: Any) -> ObjectList | None:
    """The list of a document that is neither a declaration nor of SCIM; None if it has none, or several of which none is of users."""
    if isinstance(value, list):
        return ObjectList(value) if _are_objects(value) else None
    if not isinstance(value, Mapping) or all(str(key).startswith(NOTES) or key in DECLARATION for key in value):
        return None
    lists = {key: part for key, part in value.items() if _are_objects(part)}
    found = lists[USERS] if USERS in lists else next(iter(lists.values())) if len(lists) == 1 else None
    if found is None:
        return None
    return ObjectList(found, _missing(value, len(found)))


def _missing(document: Mapping[str, Any], count: int) -> str:
    """Why a list is known to be incomplete, by a key beside it or in an object beside it, such as ``links``."""
    beside = [document, *(part for part in document.values() if isinstance(part, Mapping))]
    for key, value in (pair for each in beside for pair in each.items()):
        name = re.sub(r"[^a-z]", "", str(key).lower())
        if name in NEXT_PAGE and value:
            return f"is one page of several, as its {key} says"
        if name in TOTAL and re.fullmatch("[0-9]{1,12}", str(value)) and int(value) > count:  # numbers are read as text
            return f"has {count} of {counted(int(value), 'object')}, as its {key} says"
    return ""


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) and not each.keys() & {*_OWN_NAMES} for each in value)


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """The texts of an object by their paths; what is empty has none."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _flat(f"{path}.{index}", inner)
    else:
        yield path, "" if value is None else str(value).lower() if isinstance(value, bool) else str(value).strip()
