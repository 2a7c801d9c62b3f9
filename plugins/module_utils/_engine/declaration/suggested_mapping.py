# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mapping for a table of unknown headings: what they surely mean, to be checked and completed by people."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..escaping import quoted, quoted_key
from ..wording import join_names
from .columns import parse_columns
from .headings import ROOT, attribute_path, plain
from .mapping_file import TableMapping
from .model import NOWHERE, DeclarationError, Origin
from .synonyms import letters, meaning, shows_state
from .tables import Row
from .value_rules import BOOLEANS
from .writer import as_commented

MOST_TEXTS = 8  # of a column, to be mapped one by one
SEPARATORS = ";,|"
FULL_NAME = "name"
MOST_SEEN = 1000  # rows, from which the texts of a status are taken
FEWEST = 2  # headings that are known: then the line is one of headings
LONGEST_REGION_CODE = 3  # NO is a region, and a state
NAMES_OF_USERS = ("user_name", "emails[0].value", "enterprise.employee_number")
_STATUS = frozenset(
    {
        "status",
        "employmentstatus",
        "employeestatus",
        "accountstatus",
        "userstatus",
        "activestatus",
        "lifecyclestatus",
        "memberstatus",
        "positionstatus",
        "state",
        "active",
    }
)
_ACTIVE = ("active", "activated", "aktiv", "actif", "activo", "enabled", "employed", "current", "yes", "true", "y", "1", "a")
_INACTIVE = (
    "inactive",
    "inaktiv",
    "inactif",
    "inactivo",
    "disabled",
    "terminated",
    "deactivated",
    "deprovisioned",
    "closed",
    "deleted",
    "suspended",
    "archived",
    "left",
    "former",
    "no",
    "false",
    "n",
    "0",
    "t",
)
_STATES = {**dict.fromkeys(_ACTIVE, True), **dict.fromkeys(_INACTIVE, False)}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mapping, and its text."""

    mapping: TableMapping
    text: str


def suggested(file: str, headings: Row, rows: Iterable[Row]) -> Suggestion | None:
    """A mapping for a table; None if too few of its headings are known, so that the line may be anything, such as the first user."""
    found: dict[str, str] = {}
    seen = list(rows)[:MOST_SEEN]
    for index, heading in enumerate(headings.cells):
        path = meaning(heading) or _own_path(heading)
        if path and path not in found and _is_sure(path, index, seen):
            found[path] = heading
    named = {plain(heading): index for index, heading in enumerate(headings.cells)}
    if FULL_NAME in named and not any(path.startswith(("display_name", "name.")) for path in found):
        texts = _texts(named[FULL_NAME], seen)
        if any(" " in text for text in texts) and not any("@" in text for text in texts):
            found["display_name"] = headings.cells[named[FULL_NAME]]
    if not any(name in found for name in NAMES_OF_USERS):
        others = {heading: _cells(index, seen) for index, heading in enumerate(headings.cells) if heading and heading not in found.values()}
        unique = {heading: cells for heading, cells in others.items() if cells and len(set(cells)) == len(cells)}  # else it is of a manager
        addresses = [heading for heading, cells in unique.items() if all("@" in cell for cell in cells)]
        found |= {"emails[0].value": addresses[0]} if len(found) >= FEWEST and len(addresses) == 1 else {}
    groups = found.pop("groups", "")
    if len(found) < FEWEST or not any(name in found for name in NAMES_OF_USERS) or any("@" in cell for cell in headings.cells):
        return None
    columns = _columns(found)
    columns |= _active(headings.cells, seen, _used(columns)) if "active" not in found else {}
    left = [quoted_key(heading) for heading in headings.cells if heading and heading not in _used(columns)]
    states = {
        heading: index
        for index, heading in enumerate(headings.cells)
        if heading not in _used(columns) and (shows_state(heading) or _has_states(heading, index, seen))
    }
    comments = [
        "Check what each column means, and add what is missing.",
        *([f"Not mapped: {', '.join(left)}."] if left else []),
    ]
    if states and "active" not in columns:
        first, names = next(iter(states.items())), list(map(quoted, states))
        one = f"column {names[0]} may say who is inactive. Map it:"
        several = f"columns {join_names(names)} may say who is inactive. Map the one that does:"
        comments.append(f"The {one if len(states) == 1 else several} {_unmapped_state(*first, seen)}")
    if groups:
        separator = max(SEPARATORS, key=lambda each: sum(each in text for text in _texts(headings.cells.index(groups), seen)))
        named_groups = f"groups: {{column: {quoted(groups)}, separator: {quoted(separator)}}}"
        comments.append(f"The column {quoted(groups)} has groups. If your provider has them by these names, map it: {named_groups}")
    text = as_commented({"csv": os.path.basename(file), "require": columns["user_name"], "columns": columns}, *comments)
    parsed, _problems = parse_columns(columns, Origin(file))
    return Suggestion(TableMapping(columns=parsed), text)


def _texts(index: int, rows: Iterable[Row]) -> list[str]:
    """The texts of a column, each once."""
    return list(dict.fromkeys(_cells(index, rows)))


def _cells(index: int, rows: Iterable[Row]) -> list[str]:
    """The texts of a column."""
    return [row.cells[index] for row in rows if index < len(row.cells) and row.cells[index]]


def _unmapped_state(heading: str, index: int, rows: Sequence[Row]) -> str:
    """The column of a status for a person to complete: with its texts, and what is known of them."""
    texts = _texts(index, rows)
    known = _STATES if _is_status(heading) else {}
    values = [f"{quoted(text)}: {str(known[text.casefold()]).lower() if text.casefold() in known else '…'}" for text in texts]
    shown = ", ".join(values) if 0 < len(values) <= MOST_TEXTS else "…: true, …: false"
    return f"active: {{column: {quoted(heading)}, values: {{{shown}}}}}"


def _is_status(heading: str) -> bool:
    return letters(heading) in _STATUS


def _has_states(heading: str, index: int, rows: Sequence[Row]) -> bool:
    """Whether a column has some texts of a status, such as a "state" that is no region."""
    return _is_status(heading) and any(text.casefold() in _STATES for text in _texts(index, rows))


def _own_path(heading: str) -> str:
    """A heading that is an attribute with one text itself, such as ``locale``; not an id, which is that of another product."""
    try:
        found = attribute_path(NOWHERE, heading) if heading else None
    except DeclarationError:
        return ""
    attribute = ROOT.sub(heading) if found and not found.many else None
    return attribute.option if attribute is not None and attribute.name not in ("id", "password") else ""


def _is_sure(path: str, index: int, rows: Sequence[Row]) -> bool:
    """Whether the cells of a column do not contradict what its heading seems to mean."""
    cells = _texts(index, rows)
    if path == "enterprise.manager":
        return bool(cells) and all("@" in cell for cell in cells)
    if path == "emails[0].value":
        return all("@" in cell for cell in cells)
    if path == "addresses[0].region":  # a "state" may be that of an account
        return not any(len(cell) > LONGEST_REGION_CODE and cell.casefold() in _STATES for cell in cells)
    return path != "active" or all(cell.lower() in BOOLEANS for cell in cells)


def _columns(found: Mapping[str, str]) -> dict[str, Any]:
    """The columns in the form of a mapping file."""
    columns: dict[str, Any] = {"user_name": found.get("user_name") or found.get("emails[0].value") or found["enterprise.employee_number"]}
    for path, heading in found.items():
        name, _dot, sub = path.partition(".")
        option, bracket, _index = name.partition("[")
        if bracket:
            elements = columns.setdefault(option, [])
            kind = "mobile" if path.startswith("phone_numbers[1]") else "work"
            element = next((each for each in elements if each["type"] == {"value": kind}), None)
            if element is None:
                element = {"type": {"value": kind}}
                elements.append(element)
            element[sub] = heading
        elif sub:
            columns.setdefault(option, {})[sub] = heading
        else:
            columns.setdefault(option, heading)
    return columns


def _active(headings: Sequence[str], rows: Sequence[Row], used: Collection[str]) -> dict[str, Any]:
    """The column of a status whose texts are all known, and that has no other meaning."""
    for index, heading in enumerate(headings):
        if heading not in used and _is_status(heading):
            texts = _texts(index, rows)
            if texts and all(text.casefold() in _STATES for text in texts):
                return {"active": {"column": heading, "values": {text: _STATES[text.casefold()] for text in texts}}}
    return {}


def _used(columns: Any) -> set[str]:
    """All texts in the columns, of which headings are some."""
    if isinstance(columns, str):
        return {columns}
    inner = columns.values() if isinstance(columns, Mapping) else columns if isinstance(columns, list) else ()
    return set().union(*map(_used, inner))
