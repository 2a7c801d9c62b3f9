# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV text to users: one person a row, each heading the path of an attribute, as spreadsheets write them.

Every cell stays text, without the blanks around it; an empty one says nothing. What is a list of texts has ``;`` between its items.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..scim.names import URN, fold
from ..scim.providers.profiles import widest
from ..scim.schema.resource import split_path
from ..scim.schema.types import Attribute
from .model import USER, DeclarationError, Origin, Problem
from .parser import WORDS

Path = tuple[str | int, ...]

ROOT = widest(USER).root
LISTS = ("groups", "previously", "clear")
_WORDS = {fold(word): word for word in WORDS if word not in ("members", "extensions")}
_PART = re.compile(r"(?P<name>[^\[\]]+)(\[(?P<index>[0-9]{1,4})\])?")
_SEPARATOR = re.compile(r'"?sep=(?P<delimiter>.)"?[;,\t]*', re.IGNORECASE)  # a line of Excel's own


@dataclass(frozen=True, slots=True)
class Column:
    """Where the cells of a column go. ``many`` cells hold several texts."""

    path: Path
    many: bool = False


class _Unreadable(Exception):
    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found, self.expected = found, expected


def read(file: str, text: str) -> tuple[Any, Mapping[str, Sequence[int]]]:
    """A declaration of users, and the line of each; None where nothing stands in the file.

    :raises Mistaken: with every heading that cannot be read and every row that does not fit.
    """
    rows = _rows(file, text)
    line, headings = next(rows, (0, []))
    if not headings:
        return None, {}
    columns, problems = _columns(Origin(file, line), headings)
    users, lines = [], []
    for line, cells in rows:
        lost = [index for index, cell in enumerate(cells, 1) if cell and (index > len(headings) or not headings[index - 1])]
        if lost:  # not what stands there: it may be half of a password
            problems.append(Problem(Origin(file, line), f"cell {lost[0]} stands under no heading", "a cell for each heading"))
        users.append(_user(columns, cells))
        lines.append(line)
    if problems:
        raise DeclarationError(problems)
    return {"users": users}, {"users": lines}


def _rows(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows in which something stands, with the line at which each begins."""
    lines = text.split("\n")
    told = _SEPARATOR.fullmatch(lines[0])
    first = next((line for line in lines[bool(told) :] if line.strip()), "")
    delimiter = told["delimiter"] if told else max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    if told:
        next(reader, None)
    begins = reader.line_num + 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DeclarationError.at(
            file, f"this is not CSV: {error}", "quotes around a whole cell, and doubled inside of it", begins
        ) from None


def _columns(origin: Origin, headings: Sequence[str]) -> tuple[list[Column | None], list[Problem]]:
    columns: list[Column | None] = []
    problems: list[Problem] = []
    taken: dict[Path, str] = {}
    above: dict[Path, str] = {}
    for heading in headings:
        place = Origin(origin.file, origin.line, heading)
        try:
            column = _column(heading) if heading else None
        except _Unreadable as unreadable:
            problems.append(Problem(place, unreadable.found, unreadable.expected))
            column = None
        key = tuple(fold(part) if isinstance(part, str) else part for part in column.path) if column else ()
        prefixes = [key[:size] for size in range(1, len(key) + 1)]
        other = next((taken[path] for path in prefixes if path in taken), above.get(key))
        if other:
            problems.append(Problem(place, f"{other} is a heading for the same attribute", "one of them"))
        elif column:
            taken[key] = heading
            above.update(dict.fromkeys(prefixes, heading))
        columns.append(None if other else column)
    return columns, problems


def _column(heading: str) -> Column:
    """:raises _Unreadable: where a heading is no path of an attribute that holds a text."""
    word = _WORDS.get(fold(heading))
    if word:
        return Column((word,), word in LISTS)
    attribute: Attribute | None = ROOT
    path: list[str | int] = []
    index = None
    for part in split_path(heading, ROOT):
        written = _PART.fullmatch(part)
        if written is None:
            raise _Unreadable("is no path of an attribute", "one such as userName, name.givenName or emails[0].value")
        name, index = written["name"], written["index"]
        attribute = _below(attribute, name, path)
        if attribute is not None and attribute.multi_valued and attribute.is_complex and index is None:
            raise _Unreadable(f"{attribute.option} is a list", f"{attribute.option}[0].value, and so on")
        if attribute is not None and not attribute.multi_valued and index is not None:
            raise _Unreadable(f"{attribute.option} is no list", f"{attribute.option} without [{index}]")
        path.append(attribute.name if attribute is not None else name)
        if index is not None:
            path.append(int(index))
    if (attribute is not None and attribute.is_complex) or (attribute is None and len(path) == 1):
        of_it = attribute.sub_attributes[0].option if attribute is not None and attribute.sub_attributes else "attribute"
        raise _Unreadable(
            "is a mapping", f"one of its attributes, such as {heading}{':' if heading.lower().startswith(URN) else '.'}{of_it}"
        )
    return Column(tuple(path), attribute is not None and attribute.multi_valued and index is None)


def _below(attribute: Attribute | None, name: str, path: Sequence[str | int]) -> Attribute | None:
    """The sub-attribute of that name; None inside an extension of which nothing is known."""
    sub = attribute.sub(name) if attribute is not None else None
    if sub is None and attribute is not None and not (not path and name.lower().startswith(URN)):
        if not attribute.is_complex:
            raise _Unreadable(f"{attribute.option} has no attributes", attribute.option)
        raise _Unreadable("is no attribute of SCIM", attribute.nearest(name))
    return sub


def _user(columns: Sequence[Column | None], cells: Sequence[str]) -> Any:
    user: dict[str | int, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is None or not cell:
            continue
        *parents, last = column.path
        inside = user
        for part in parents:
            inside = inside.setdefault(part, {})
        inside[last] = [item.strip() for item in cell.split(";") if item.strip()] if column.many else cell
    return _with_lists(user)


def _with_lists(value: Any) -> Any:
    """Mappings by index are lists; an index that a row leaves out is not there."""
    if not isinstance(value, dict):
        return value
    if any(isinstance(key, int) for key in value):
        return [_with_lists(value[key]) for key in sorted(value, key=lambda key: (isinstance(key, str), key))]
    return {key: _with_lists(inner) for key, inner in value.items()}
