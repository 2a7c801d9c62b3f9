# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users as a table that a spreadsheet can edit and ``csv_reader`` reads back.

A text that a spreadsheet would take for a formula, a number or a date is written as ``="00123"``, which is that text in any of them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..scim.names import fold
from ..wording import join_names
from .columns import SEPARATOR, Column
from .csv_reader import debris
from .headings import attribute_path
from .model import NOWHERE, DeclarationError
from .tables import FORMULA_STARTS, LONGEST_FORMULA, unwrapped

MARK = "\ufeff"  # without it, spreadsheets take UTF-8 for the encoding of the machine
GROUPS = "groups"
MOST_NAMED = 5
_ACTIVE_CONTENT = (*FORMULA_STARTS, "\t", "\r", "'")
_NUMBER_OR_DATE = re.compile(r"[0-9 .,:/()eE-]*[0-9][0-9 .,:/()eE-]*")
ONLY_USERS = (
    "A CSV file has users and the names of their groups, and does not declare the groups themselves. Export to YAML to declare them."
)


def as_csv(users: Sequence[Mapping[str, Any]], groups: Sequence[Mapping[str, Any]]) -> tuple[str, list[str]]:
    """The text of a table of entries, and warnings of what it does not have."""
    names = _groups_of_users(groups)
    rows: list[dict[str, str]] = []
    lost: dict[str, list[str]] = {}
    for user in users:
        called = str(user.get("user_name") or user.get("id") or "")
        member_of = [*names.get(called, ()), *(names.get(str(user["id"]), ()) if "user_name" in user and "id" in user else ())]
        own = [name for name in member_of if _is_in_list(name)]
        flat = [(path, text) for path, text in _flat({**user, **({GROUPS: own} if own else {})}, "") if text]
        # Of a list nothing is kept, since a declared list is the whole list. Those of memberships only add.
        left_out = dict.fromkeys(path.partition("[")[0] for path, text in flat if not _is_kept(path, text))
        rows.append({path: cell(text) for path, text in flat if path.partition("[")[0] not in left_out})
        for path in (*left_out, *([GROUPS] if len(own) < len(member_of) else [])):
            lost.setdefault(path, []).append(called)
    headings = _in_order(rows)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(headings or ["user_name"])
    writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    warnings = [f"Left out: {path} of {join_names(called, most=MOST_NAMED)}: a cell cannot have it." for path, called in lost.items()]
    return MARK + file.getvalue(), [*([ONLY_USERS] if groups else []), *warnings]


def cell(text: str) -> str:
    """A text as a spreadsheet shows it, and saves it again."""
    if not text.startswith(_ACTIVE_CONTENT) and not _NUMBER_OR_DATE.fullmatch(text):
        return text
    doubled = text.replace('"', '""')
    return f'="{doubled}"' if len(text) <= LONGEST_FORMULA else f"'{text}"


def _is_kept(path: str, text: str) -> bool:
    """Whether the reader takes the heading for a path, and reads just this text.

    After the URN of an extension, a name in capitals is a part of the URN.
    """
    try:
        column = Column(attribute_path(NOWHERE, path).path)
    except DeclarationError:
        return False
    return text == text.strip() and "\r" not in text and unwrapped(cell(text)) == text and debris(column, text) is None


def _is_in_list(name: str) -> bool:
    """Whether a name can be one of several in a cell."""
    return bool(name) and SEPARATOR not in name and name == name.strip()


def _groups_of_users(groups: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The names of the groups of each user, by the name or the id with which the groups declare the user."""
    found: dict[str, list[str]] = {}
    for group in groups:
        for member in group.get("members") or ():
            found.setdefault(member if isinstance(member, str) else str(member["value"]), []).append(str(group.get("display_name") or ""))
    return found


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The paths and texts of an entry."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not path and fold(str(key)) == "extensions":
                for urn, attributes in inner.items():
                    yield from ((f"{urn}:{below}", text) for below, text in _flat(attributes, ""))
            else:
                yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and path == GROUPS:
        yield path, SEPARATOR.join(value)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _flat(element, f"{path}[{index}]")
    elif value is not None:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _in_order(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """All headings, an attribute after the one that it follows in the entries, and the elements of a list together."""
    headings: dict[str, None] = {}
    for row in rows:
        headings |= dict.fromkeys(row)
    first: dict[str, int] = {}
    for index, heading in enumerate(headings):
        first.setdefault(heading.partition("[")[0].partition(".")[0], index)
    return sorted(headings, key=lambda heading: (first[heading.partition("[")[0].partition(".")[0]], heading.partition("]")[0]))
