# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV text to users, one in each row, or to the memberships of groups.

The headings are paths of attributes, those of a known product, or those that a mapping names. Cells stay text. An empty cell declares
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import chain, islice
from typing import Any

from ..escaping import excerpt, is_name, quoted
from ..scim.names import fold
from ..scim.schema.identity import name_key
from ..scim.schema.types import Attribute
from ..wording import join_names
from .columns import GROUP, MEMBER, MEMBERSHIP_KEYS, CellMistake, Column, laid_over, parse_columns
from .headings import ROOT, Headings, attribute_path, plain
from .mapping_file import NO_MAPPING, NO_PRESET, TableMapping
from .model import DeclarationError, Origin, Problem, Rule
from .presets import NAMES, PRESETS, Preset, recognized
from .suggested_mapping import suggested
from .synonyms import shows_state
from .tables import MOST_BEFORE_HEADINGS, Row, cell_at, read_rows
from .value_rules import Path

IDENTIFYING = {"username", "id", "externalid"}
HEADINGS_EXPECTED = "headings, such as userName,name.givenName,emails[0].value"
NO_HEADINGS = ('the first line has no heading "userName", "id" or "externalId"', HEADINGS_EXPECTED)
NOT_HEADINGS = ('the first line seems to be a user, since it has an "@"', HEADINGS_EXPECTED)
UNKNOWN_HEADINGS = (
    "the headings are not paths of attributes, nor those of a known product",
    "a mapping beside the file",
    "identity.scim.validate prints a mapping to begin with.",
)
FEW = 3  # cells of a row above the headings that may be a title
# What a spreadsheet shows in place of a value, in English and in German, and what a wrong encoding leaves.
_DEBRIS = re.compile(r"#(N/A|NV|N/D|[A-ZÄÖÜ/0]{2,9}[!?]|#+)|[0-9](?:[.,][0-9]+)?E\+[0-9]{2}", re.IGNORECASE)
_QUOTES = re.compile(r"""["'\u201c\u201e«\u2018].*["'\u201d\u201c»\u2019]""")
_NAMES = ("userName", "externalId", "displayName", "givenName", "familyName", "value", "group", "member")  # which no quotes surround
_TOTAL = re.compile(
    r"(?:grand |sub-?)?totals?\b(?: [a-z]+){0,2}[ :=]*[0-9.,]*|(?:row )?count[ :=]+[0-9]+|[0-9]+ (?:rows|records|users|employees)", re.I
)
_NEVER_VALUES = {"type", "primary", "display"}  # what an element of a list may have besides its value

Reader = Callable[[Sequence[str]], Any]


@dataclass(frozen=True, slots=True)
class Table:
    """What a table declares. ``value`` has ``users`` or ``groups``, ``lines`` the line of each entry by its path.

    ``preset`` is the name of the one that was used. ``left_out`` are the lines of rows without what is required, by the headings that
    require it; rows of totals are not among them. ``unmet`` are the headings and texts of ``skip`` that no row has. ``states`` are the
    headings of columns that may say who is inactive, if none is read. ``unread`` are those of columns with texts that a mapping or a preset
    does not read.
    """

    value: Any
    lines: dict[str, int] = field(default_factory=dict)
    preset: str = ""
    left_out: Mapping[str, Sequence[int]] = field(default_factory=dict)
    unmet: Sequence[tuple[str, str]] = ()
    states: Sequence[str] = ()
    unread: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class UnknownHeadings(Problem):
    """Unknown headings. ``mapping`` is one to put beside the file, ``first`` its first user as the mapping reads it."""

    rule: Rule = field(default=Rule.UNKNOWN_COLUMNS, kw_only=True)
    mapping: str = ""
    first: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Which rows are read. ``require`` are headings with their columns; ``skip`` are headings with a column and its texts.

    ``announced`` are those of ``skip`` that the user wrote.
    """

    require: Sequence[tuple[str, Sequence[int]]] = ()
    skip: Sequence[tuple[str, int, frozenset[str]]] = ()
    announced: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def skipped(self, cells: Sequence[str]) -> Sequence[tuple[str, str]]:
        """The headings and texts for which a row is left out on purpose."""
        return [(heading, text) for heading, index, texts in self.skip if (text := plain(cell_at(cells, index))) in texts]

    def missing(self, cells: Sequence[str]) -> str:
        """The first heading that requires a text that a row does not have; empty if there is none."""
        return next((heading for heading, indexes in self.require if not any(cell_at(cells, index) for index in indexes)), "")

    @property
    def indexes(self) -> set[int]:
        """The columns that it uses."""
        return {index for _heading, indexes in self.require for index in indexes} | {index for _heading, index, _texts in self.skip}


@dataclass(frozen=True)
class _Plan:
    """How the rows below the headings are read."""

    headings: Headings
    line: int
    columns: Sequence[tuple[Column, Reader]]
    preset: str = ""
    rows: _Rows = _Rows()
    problems: Sequence[Problem] = ()
    is_mapped: bool = False

    @cached_property
    def is_of_memberships(self) -> bool:
        return any(column.path == (MEMBER,) for column, _reader in self.columns)

    @cached_property
    def checked(self) -> Sequence[tuple[Column, int]]:
        """The columns with the places of their cells."""
        return [
            (column, index) for column, _reader in self.columns for heading in column.needed for index in self.headings.indexes(heading)
        ]

    @cached_property
    def ordered(self) -> Sequence[tuple[Column, Reader]]:
        """The columns, constants last: some are for elements that a cell makes."""
        return sorted(self.columns, key=lambda each: each[0].is_constant)

    @cached_property
    def filled_elements(self) -> frozenset[Path]:
        """The elements of lists with a cell: their constants are left out in a row without it."""
        return frozenset(_element(column.path) for column, _reader in self.columns if not column.is_constant) - {()}

    @property
    def unread_states(self) -> Sequence[str]:
        """The headings of columns that may say who is inactive, if no other one does."""
        if (
            self.is_of_memberships
            or not self.is_mapped
            or any(column.path in (("active",), ("state",)) for column, _reader in self.columns)
        ):
            return ()
        return list(filter(shows_state, self.unread.values()))

    @cached_property
    def unread(self) -> Mapping[int, str]:
        """The headings of columns that are not read, by their places."""
        used = {index for column, _reader in self.columns for heading in column.needed for index in self.headings.indexes(heading)}
        used |= self.rows.indexes
        return {index: heading for index, heading in enumerate(self.headings.cells) if heading and index not in used}


def read_csv(file: str, text: str, mapping: TableMapping = NO_MAPPING) -> Table:
    """The users or groups of a CSV text; see ``read_table``."""
    return read_table(file, read_rows(file, text, mapping.delimiter, mapping.skip_lines), mapping, 1 if mapping.skip_lines else None)


def read_table(file: str, rows: Iterator[Row], mapping: TableMapping = NO_MAPPING, most: int | None = None) -> Table:
    """The users or groups of rows, of which one of the first (at ``most``) has the headings; its value is None if there are none.

    :raises DeclarationError: with each wrong heading, each cell that cannot be used, and each row with too many cells.
    """
    first = list(islice(rows, MOST_BEFORE_HEADINGS))
    if not first:
        return Table(None)
    index, plan = _headings(file, first, mapping, range(len(first))[:most])
    return _read(file, plan, chain(first[index + 1 :], rows))


def is_known(file: str, rows: Iterator[Row]) -> bool:
    """Whether the first row has headings of a known product, or such that a mapping can be suggested."""
    first, *others = islice(rows, MOST_BEFORE_HEADINGS)
    return bool(recognized(Headings(first.cells)) or suggested(file, first, others))


# -- headings ----------------------------------------------------------------------------------------------------------------------------


def _headings(file: str, rows: Sequence[Row], mapping: TableMapping, candidates: range) -> tuple[int, _Plan]:
    """The place of the headings among the first rows, and how to read the others."""
    for index in candidates:
        if plan := _understood(file, rows[index], mapping):
            _refuse_lost_rows(file, rows[:index])
            return index, plan
    if mapping.is_chosen:
        index = max(candidates, key=lambda index: sum(heading in Headings(rows[index].cells) for heading in mapping.needed))
        return index, _mapped(file, rows[index], mapping, ())
    for index in candidates:
        if found := suggested(file, rows[index], rows[index + 1 :]):
            first = _first(file, found.mapping, rows[index:])
            raise DeclarationError([UnknownHeadings(Origin(file, rows[index].line), *UNKNOWN_HEADINGS, found.text, first)])
    return 0, _own_rows(_own(file, rows[0]), mapping)


def _own_rows(plan: _Plan, mapping: TableMapping) -> _Plan:
    """The plan of headings that are paths, with the rows that a mapping leaves out."""
    rows, problems = _rows(plan.headings, mapping)
    return replace(plan, rows=rows, problems=[*plan.problems, *problems])


def _first(file: str, mapping: TableMapping, rows: Sequence[Row]) -> Mapping[str, Any]:
    """The first user as a mapping understands it."""
    try:
        found = _read(file, _mapped(file, rows[0], mapping, ()), rows[1:2]).value["users"]
    except DeclarationError:
        found = []
    return found[0] if found else {}


def _understood(file: str, row: Row, mapping: TableMapping) -> _Plan | None:
    """How to read a table with these headings; None if they are none."""
    headings = Headings(row.cells)
    presets = () if mapping.preset == NO_PRESET else recognized(headings, [mapping.preset] if mapping.preset else NAMES)
    if mapping.is_chosen:
        is_complete = all(heading in headings for heading in mapping.needed) if mapping.needed else bool(presets)
        return _mapped(file, row, mapping, presets) if is_complete and (presets or mapping.preset in ("", NO_PRESET)) else None
    if _is_own(row):
        return _own_rows(_own(file, row), mapping)
    if presets:
        return _mapped(file, row, mapping, presets)
    names = {fold(cell) for cell in row.cells}
    if not names & IDENTIFYING and not {GROUP, MEMBER} <= names:
        return None
    own = _own_rows(_own(file, row), mapping)
    return own if len(own.problems) <= len(own.columns) or {GROUP, MEMBER} <= names else None  # else most headings are those of others


def _is_own(row: Row) -> bool:
    """Whether all headings are paths of attributes, and one identifies a user."""
    try:
        return {fold(cell) for cell in row.cells} & IDENTIFYING != set() and all(
            attribute_path(Origin(), cell) for cell in row.cells if cell
        )
    except DeclarationError:
        return False


def _refuse_lost_rows(file: str, rows: Sequence[Row]) -> None:
    """:raises DeclarationError: if a row above the headings may be a user: it would be left out in silence."""
    for row in rows:
        if row.filled > FEW or any("@" in cell for cell in row.cells):
            found = "the row is above the headings and seems to be a user"
            raise DeclarationError(
                [Problem(Origin(file, row.line), found, "the headings first, or skip_lines: in a mapping beside the file")]
            )


def _own(file: str, row: Row, without: Collection[int] = ()) -> _Plan:
    """The plan for headings that are paths of attributes, or those of memberships, and what is wrong with them.

    :raises DeclarationError: for a line that has no headings.
    """
    columns: list[tuple[Column, Reader]] = []
    problems: list[Problem] = []
    taken: dict[Path, str] = {}
    names = {fold(cell) for cell in row.cells}
    of_memberships = {GROUP, MEMBER} <= names
    for number, heading in enumerate(row.cells):
        if not heading or number in without:
            continue
        place = Origin(file, row.line, heading if is_name(heading) else f"column {number + 1}")
        try:
            column = _column(place, heading, of_memberships)
        except DeclarationError as error:
            problems += error.problems
            continue
        key = tuple(fold(part) if isinstance(part, str) else part for part in column.path)
        other = next((taken[path] for path in taken if key[: len(path)] == path or path[: len(key)] == key), "")
        if other:
            problems.append(Problem(place, f"{quoted(other)} is a heading for the same attribute", "one of them"))
        else:
            taken[key] = heading
            columns.append((column, column.of_cell(number)))
    # Nothing is quoted of a line that may be the first user, with a password. Such a line may have the cell "id", a language.
    if problems and not names & IDENTIFYING and not of_memberships:
        raise DeclarationError([Problem(Origin(file, row.line), *NO_HEADINGS)])
    if problems and any("@" in heading for heading in row.cells):
        raise DeclarationError([Problem(Origin(file, row.line), *NOT_HEADINGS)])
    return _Plan(Headings(row.cells), row.line, columns, problems=problems)


def _column(place: Origin, heading: str, of_memberships: bool) -> Column:
    """The column of a heading that is a path.

    :raises DeclarationError: if it is none.
    """
    if not of_memberships:
        found = attribute_path(place, heading)
        return Column(found.path, (heading,), many=found.many, origin=place)
    if fold(heading) not in MEMBERSHIP_KEYS:
        raise DeclarationError([Problem(place, "is no heading of memberships", f"one of {', '.join(MEMBERSHIP_KEYS)}")])
    return Column((MEMBERSHIP_KEYS[fold(heading)],), (heading,), origin=place)


def _mapped(file: str, row: Row, mapping: TableMapping, presets: Sequence[Preset]) -> _Plan:
    """The plan for a mapping, over the preset whose headings these are.

    :raises DeclarationError: with each heading that is missing.
    """
    headings, place = Headings(row.cells), Origin(file, row.line)
    if len(presets) > 1:
        products = " and ".join(preset.product for preset in presets)
        expected = f"columns: {' or '.join(preset.name for preset in presets)} in a mapping beside the file"
        raise DeclarationError([Problem(place, f"the headings are those of {products}", expected)])
    preset = presets[0] if presets else None
    if mapping.preset not in ("", NO_PRESET) and preset is None:
        expected = " or ".join(join_names(list(map(quoted, each.headings))) for each in PRESETS if each.name == mapping.preset)
        raise DeclarationError([Problem(mapping.origin, f"the table does not have the headings of {mapping.preset}", expected)])
    columns: list[tuple[Column, Reader]] = []
    problems: list[Problem] = []
    base = laid_over(columns_of(preset), mapping.columns) if preset else []
    over = [column for of_path in mapping.columns.values() for column in of_path or ()]
    for column, is_optional in [*((column, True) for column in base), *((column, False) for column in over)]:
        try:
            if reader := replace(column, origin=place if is_optional else column.origin).reader(headings, is_optional):
                columns.append((column, reader))
        except DeclarationError as error:
            problems += error.problems
    if over and not preset and not any(column.path[0] in ("userName", "id", "externalId", MEMBER) for column in over):
        used = {index for column in over for heading in column.needed for index in headings.indexes(heading)}
        own = _own(file, row, used)
        columns, problems = [*own.columns, *columns], [*own.problems, *problems]
    applies = preset is not None and not any(column.path == ("userName",) for column in over)
    rows, mistakes = _rows(headings, mapping, preset if applies else None)
    return _Plan(headings, row.line, columns, preset.name if preset else "", rows, [*problems, *mistakes], is_mapped=True)


def _rows(headings: Headings, mapping: TableMapping, preset: Preset | None = None) -> tuple[_Rows, list[Problem]]:
    """Which rows of a table are read, and what is wrong with it."""
    problems: list[Problem] = []
    required = [*mapping.require, *(preset.require if preset else ())]
    skipped = [*(preset.skip if preset else {}).items(), *mapping.skip.items()]
    for heading in (*required, *(heading for heading, _texts in skipped)):
        if not headings.indexes(heading):
            similar = headings.nearest(heading)
            found = f"skip or require: the table has no column {quoted(heading)}"
            problems.append(Problem(mapping.origin, found, quoted(similar) if similar else "a heading of the table"))
    require = [(heading, headings.indexes(heading)) for heading in required]
    skip = [(heading, index, frozenset(map(plain, texts))) for heading, texts in skipped for index in headings.indexes(heading)]
    return _Rows(require, skip, mapping.skip), problems


@cache
def columns_of(preset: Preset) -> Mapping[str, list[Column] | None]:
    """The columns of a preset.

    :raises DeclarationError: never: a test parses each of them.
    """
    columns, problems = parse_columns(preset.columns, Origin())
    if problems:
        raise DeclarationError(problems)
    return columns


# -- rows --------------------------------------------------------------------------------------------------------------------------------


def _read(file: str, plan: _Plan, rows: Iterable[Row]) -> Table:
    """The table below its headings.

    :raises DeclarationError: with all mistakes in headings and cells.
    """
    problems = list(plan.problems)
    entries: list[Any] = []
    lines: dict[str, int] = {}
    groups = _Groups(lines)
    users: dict[Any, Any] = {}  # by name, the first row of each
    left_out: dict[str, list[int]] = {}
    met: set[tuple[str, str]] = set()
    width = len(plan.headings.cells)
    blank = set(plan.unread)  # the unread columns without a text so far
    noun = "memberships" if plan.is_of_memberships else "users"
    for row in rows:
        place, cells = Origin(file, row.line, f"{noun}[{len(entries)}]"), row.cells
        if skipped := plan.rows.skipped(cells):
            met.update(skipped)
            continue
        is_total = row.filled <= FEW and _TOTAL.fullmatch(next(filter(None, cells))) is not None
        if missing := plan.rows.missing(cells):
            if not is_total:
                left_out.setdefault(missing, []).append(row.line)
            continue
        blank -= {index for index in blank if cell_at(cells, index)}
        extra = [i for i, cell in enumerate(cells, 1) if cell and (i > width or not (plan.is_mapped or plan.headings.cells[i - 1]))]
        if extra:  # without its text: it may be a part of a password
            problems.append(Problem(Origin(file, row.line), f"cell {extra[0]} has no heading", "a heading for each cell"))
        if is_total:
            expected = "only rows of users: remove it, or set require: or skip: in a mapping beside the file"
            problems.append(Problem(Origin(file, row.line), "seems to be a row of totals", expected))
            continue
        entry = _entry(plan, cells, place, problems)
        if plan.is_of_memberships:
            groups.add(entry, row.line)
        else:
            first = users.setdefault(entry.get("userName"), entry) if plan.is_mapped else entry
            if first is not entry and first == entry:
                continue  # the table has a row for each role or group of a user
            lines[place.path] = row.line
        entries.append(entry)
    if problems:
        raise DeclarationError(problems)
    value = {"groups": list(groups.by_name.values())} if plan.is_of_memberships else {"users": entries}
    unmet = [
        (heading, text) for heading, texts in plan.rows.announced.items() for text in texts if text and (heading, plain(text)) not in met
    ]
    unread = [heading for index, heading in plan.unread.items() if index not in blank]
    return Table(value, lines, plan.preset, left_out, unmet, plan.unread_states, unread)


class _Groups:
    """Groups with their members, from a row for each membership."""

    def __init__(self, lines: dict[str, int]) -> None:
        self.by_name: dict[str, dict[str, Any]] = {}
        self._places: dict[str, str] = {}
        self._lines = lines

    def add(self, row: Mapping[str, str], line: int) -> None:
        """Add a membership; a row without a member only declares its group."""
        key = name_key(row.get(GROUP, ""))
        if key not in self.by_name:
            self._places[key] = f"groups[{len(self.by_name)}]"
            self._lines[self._places[key]] = line
            self.by_name[key] = {"display_name": row.get(GROUP, "")}
        group = self.by_name[key]
        if "membership" in row:
            group["membership"] = row["membership"]
        if MEMBER in row:
            members = group.setdefault("members", [])
            self._lines[f"{self._places[key]}.members[{len(members)}]"] = line
            members.append({"display": row[MEMBER], "expires": row["expires"]} if "expires" in row else row[MEMBER])


def _entry(plan: _Plan, cells: Sequence[str], place: Origin, problems: list[Problem]) -> Any:
    """The entry of one row."""
    entry: dict[str | int, Any] = {}
    for column, index in plan.checked:
        if mistake := debris(column, cell_at(cells, index)):
            problems.append(Problem(place.below(*_options(column.path)), *mistake))
    for column, reader in plan.ordered:
        if column.is_constant and (element := _element(column.path)) in plan.filled_elements and not _has(entry, element):
            continue
        try:
            value = reader(cells)
        except CellMistake as mistake:
            problems.append(Problem(place.below(*_options(column.path)), mistake.found, mistake.expected))
            continue
        if value:
            *parents, last = column.path
            inside = entry
            for part in parents:
                inside = inside.setdefault(part, {})
            inside[last] = [*inside.get(last, ()), *value] if column.many else value
    return _with_lists(ROOT, entry)


def debris(column: Column, cell: str) -> tuple[str, str] | None:
    """What is wrong with a cell that is no value."""
    if _DEBRIS.fullmatch(cell):
        return f"found {quoted(cell)}, which a spreadsheet writes where it has no exact value", "the value, or an empty cell"
    if "\ufffd" in cell:
        return "found the character U+FFFD, which a wrong encoding leaves", "the file with its true encoding"
    if column.path[-1] in _NAMES and _QUOTES.fullmatch(cell):
        return f"found quotes around {excerpt(cell)}", "the text without them"
    return None


def _options(path: Path) -> Iterator[str | int]:
    """A path of SCIM names as one of options."""
    attribute: Attribute | None = ROOT
    for part in path:
        attribute = attribute.sub(part) if attribute is not None and isinstance(part, str) else attribute
        yield attribute.option if attribute is not None and isinstance(part, str) else part


def _element(path: Path) -> Path:
    """The part of a path that leads to the innermost element of a list; empty if there is none."""
    last = max((index for index, part in enumerate(path) if isinstance(part, int)), default=-1)
    return path[: last + 1]


def _has(entry: Mapping[str | int, Any], path: Path) -> bool:
    inside: Any = entry
    for part in path:
        inside = inside.get(part) if isinstance(inside, Mapping) else None
    return bool(inside)


def _with_lists(attribute: Attribute | None, value: Any) -> Any:
    """The value with lists in place of mappings by index. An element that a row has no value for is left out."""
    if not isinstance(value, dict):
        return value
    if any(isinstance(key, int) for key in value):
        ordered = [value[key] for key in sorted(value, key=lambda key: (isinstance(key, str), key))]
        needs_value = attribute is None or attribute.writable  # a group of a user has its name alone
        kept = [inner for inner in ordered if not (needs_value and isinstance(inner, dict) and inner.keys() <= _NEVER_VALUES)]
        return [_with_lists(attribute, inner) for inner in kept]
    found = {key: _with_lists(attribute.sub(key) if attribute is not None else None, inner) for key, inner in value.items()}
    return {key: inner for key, inner in found.items() if inner != []}
