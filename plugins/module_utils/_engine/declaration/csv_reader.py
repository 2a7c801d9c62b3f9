# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV text to users: one user in each row, and in each heading the path of an attribute.

Cells stay text, without blanks around it. An empty cell declares nothing. In a cell with several texts, they are separated by ``;``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..escaping import is_name, quoted
from ..scim.names import URN, fold
from ..scim.providers.profiles import widest
from ..scim.schema.resource import split_path
from ..scim.schema.types import Attribute
from .model import USER, DeclarationError, Origin, Problem, UnknownName
from .parser import KEYWORDS
from .value_rules import Path

ROOT = widest(USER).root
TSV = ".tsv"
IDENTIFYING = {"username", "id", "externalid"}
HEADINGS_EXPECTED = "headings, such as userName,name.givenName,emails[0].value"
NO_HEADINGS = ('the first line has no heading "userName", "id" or "externalId"', HEADINGS_EXPECTED)
NOT_HEADINGS = ('the first line seems to be a user, since it has an "@"', HEADINGS_EXPECTED)
LISTS = ("groups", "previously", "clear")
_KEYWORDS = {fold(keyword): keyword for keyword in KEYWORDS if keyword not in ("members", "extensions")}
_PART = re.compile(r"(?P<name>[^\[\]]+)(\[(?P<index>[0-9]{1,4})\])?")
_SEPARATOR = re.compile(r'"?sep=(?P<delimiter>.)"?[;,\t]*', re.IGNORECASE)  # the first line of some files of Excel


@dataclass(frozen=True, slots=True)
class Column:
    """The path of a column's cells. A cell with ``many`` has several texts."""

    path: Path
    many: bool = False


def read_csv(file: str, text: str) -> tuple[Any, dict[str, int]]:
    """The users, and the line of each by its path; None for an empty file.

    :raises DeclarationError: with each wrong heading and each row with too many cells.
    """
    rows = _rows(file, text)
    line, headings = next(rows, (0, []))
    if not headings:
        return None, {}
    columns, problems = _columns(Origin(file, line), headings)
    users: list[Any] = []
    lines: dict[str, int] = {}
    for line, cells in rows:
        extra = [index for index, cell in enumerate(cells, 1) if cell and (index > len(headings) or not headings[index - 1])]
        if extra:  # without its text: it may be a part of a password
            problems.append(Problem(Origin(file, line), f"cell {extra[0]} has no heading", "a heading for each cell"))
        lines[f"users[{len(users)}]"] = line
        users.append(_user(columns, cells))
    if problems:
        raise DeclarationError(problems)
    return {"users": users}, lines


def _rows(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with the line in which each begins."""
    lines = text.split("\n")
    separator = _SEPARATOR.fullmatch(lines[0])
    first = next((line for line in lines[bool(separator) :] if line.strip()), "")
    delimiter = separator["delimiter"] if separator else max("\t" if file.lower().endswith(TSV) else ",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    if separator:
        next(reader, None)
    line = reader.line_num + 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        expected = 'quotes around a whole cell, and "" for a quote inside it'
        raise DeclarationError.at(file, f"not valid CSV: {error}", expected, line) from None


def _columns(origin: Origin, headings: Sequence[str]) -> tuple[list[Column | None], list[Problem]]:
    columns: list[Column | None] = []
    problems: list[Problem] = []
    taken: dict[Path, str] = {}
    for number, heading in enumerate(headings, 1):
        place = Origin(origin.file, origin.line, heading if is_name(heading) else f"column {number}")
        column = None
        try:
            column = _column(place, heading) if heading else None
        except DeclarationError as error:
            problems += error.problems
        key = tuple(fold(part) if isinstance(part, str) else part for part in column.path) if column else ()
        other = next((taken[path] for path in taken if key and (key[: len(path)] == path or path[: len(key)] == key)), "")
        if other:
            problems.append(Problem(place, f"{quoted(other)} is a heading for the same attribute", "one of them"))
        elif column:
            taken[key] = heading
        columns.append(None if other else column)
    # Nothing is quoted of a line that may be the first user, with a password. Such a line may have the cell "id", a language.
    if problems and not any(fold(heading) in IDENTIFYING for heading in headings):
        return columns, [Problem(origin, *NO_HEADINGS)]
    if problems and any("@" in heading for heading in headings):
        return columns, [Problem(origin, *NOT_HEADINGS)]
    return columns, problems


def _column(place: Origin, heading: str) -> Column:
    """:raises DeclarationError: if a heading is not the path of an attribute that has a text."""

    def error(found: str, expected: str) -> DeclarationError:
        return DeclarationError([Problem(place, found, expected)])

    keyword = _KEYWORDS.get(fold(heading))
    if keyword:
        return Column((keyword,), keyword in LISTS)
    attribute: Attribute | None = ROOT  # None inside an extension without a known schema
    path: list[str | int] = []
    index = None
    for part in split_path(heading, ROOT):
        written = _PART.fullmatch(part)
        if written is None:
            raise error("is not the path of an attribute", "a path such as userName, name.givenName or emails[0].value")
        name, index = written["name"], written["index"]
        parent, attribute = attribute, attribute.sub(name) if attribute is not None else None
        if attribute is None and parent is not None and (path or not name.lower().startswith(URN)):
            if not parent.is_complex:
                raise error(f'"{parent.option}" has no sub-attributes', f'"{parent.option}"')
            raise DeclarationError([_unknown_column(place, heading, parent, name)])
        if attribute is not None and attribute.multi_valued and attribute.is_complex and index is None:
            raise error(f'"{attribute.option}" is a list', f'"{attribute.option}[0].value", and so on')
        if attribute is not None and not attribute.multi_valued and index is not None:
            raise error(f'"{attribute.option}" is not a list', f'"{attribute.option}" without "[{index}]"')
        path.append(attribute.name if attribute is not None else name)
        if index is not None:
            path.append(int(index))
    if (attribute is not None and attribute.is_complex) or (attribute is None and len(path) == 1):
        example = attribute.sub_attributes[0].option if attribute is not None and attribute.sub_attributes else "attribute"
        separator = ":" if heading.lower().startswith(URN) else "."
        raise error("is a mapping", f'one of its attributes, such as "{heading}{separator}{example}"')
    return Column(tuple(path), attribute is not None and attribute.multi_valued and index is None)


def _unknown_column(place: Origin, heading: str, parent: Attribute, name: str) -> UnknownName:
    before, _name, after = heading.rpartition(name)
    similar = parent.nearest(name)
    return UnknownName.of(
        place, "column", heading, similar and before + similar + after, f"Attributes of {parent.option}", parent.sub_options
    )


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
    """The value with lists in place of mappings by index; an index that a row has no cell for is left out."""
    if not isinstance(value, dict):
        return value
    if any(isinstance(key, int) for key in value):
        return [_with_lists(value[key]) for key in sorted(value, key=lambda key: (isinstance(key, str), key))]
    return {key: _with_lists(inner) for key, inner in value.items()}
