# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of ``columns``: how the value of each attribute is made from the cells of a row.

A column is a heading, headings of which the first that has a text is taken, or a mapping: one of ``column``, ``value`` and ``template``,
and what is done with the text, in this order: ``match``, ``date``, ``values`` with ``else``, ``lower``, ``separator``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..escaping import excerpt, quoted, quoted_key
from ..scim.names import URN, fold, join_path
from ..scim.schema.resource import split_path
from ..scim.schema.types import Attribute
from ..wording import join_names, nearest
from .headings import LISTS, ROOT, AttributePath, Headings, attribute_path
from .model import NOWHERE, DeclarationError, Origin, Problem, UnknownName
from .tables import cell_at
from .value_rules import Path, describe

SEPARATOR = ";"
SOURCES = ("column", "value", "template")
STEPS = ("match", "date", "values", "else", "lower", "separator")
KEYS = (*SOURCES, *STEPS)
WHOLE = frozenset({"userName", "externalId", "id", "emails", "manager"})  # half of such a text may be that of another user
GROUP, MEMBER = "group", "member"  # the columns of a table of memberships
MEMBERSHIP_KEYS = {GROUP: "group", MEMBER: "member", "expires": "expires", "membership": "membership"}
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_DATE_PARTS = (("YYYY", "%Y"), ("YY", "%y"), ("MMMM", "%B"), ("MMM", "%b"), ("MM", "%m"), ("M", "%m"), ("DD", "%d"), ("D", "%d"),
               ("HH", "%H"), ("mm", "%M"), ("ss", "%S"))  # fmt: skip
_ANY_PART = re.compile("|".join(part for part, _directive in _DATE_PARTS))


class CellMistake(Exception):
    """A cell that a column cannot use: what was found, and what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found, self.expected = found, expected


@dataclass(frozen=True, slots=True)
class Column:
    """How one value is made. ``path`` is its place in the entry.

    ``headings`` are those of which the first with a text is taken; ``otherwise`` is ``else``, None if a text without a value is a mistake.
    ``many``: the text has several, as an ``element`` each if they are mappings.
    """

    path: Path
    headings: tuple[str, ...] = ()
    value: str = ""
    template: str = ""
    match: re.Pattern[str] | None = None
    date: str = ""
    values: Mapping[str, str] | None = None
    otherwise: str | None = None
    lower: bool = False
    separator: str = SEPARATOR
    many: bool = False
    element: bool = False
    origin: Origin = NOWHERE

    @property
    def needed(self) -> tuple[str, ...]:
        """All headings that it uses."""
        return (*self.headings, *_PLACEHOLDER.findall(self.template))

    @property
    def is_constant(self) -> bool:
        return not self.needed

    def reader(self, headings: Headings, optional: bool = False) -> Callable[[Sequence[str]], Any] | None:
        """What makes the value of a row: a text, a list, or an empty text if there is none. None if an ``optional`` column is not in the
        table.

        :raises DeclarationError: if a heading is missing, or several columns have it.
        """
        if self.is_constant:
            return lambda _cells: self._parts(self.value)
        indexes = {heading: self._index(headings, heading, optional or len(self.headings) > 1) for heading in self.needed}
        if self.template:
            return None if any(index < 0 for index in indexes.values()) else lambda cells: self._finished(self._filled(indexes, cells))
        known = [index for index in indexes.values() if index >= 0]
        if not known and not optional:
            self._index(headings, self.headings[0], optional)
        return (lambda cells: self._finished(next(filter(None, (cell_at(cells, index) for index in known)), ""))) if known else None

    def of_cell(self, index: int) -> Callable[[Sequence[str]], Any]:
        """What makes the value of a row from one cell, without the steps of a mapping."""
        return lambda cells: self._parts(cell_at(cells, index))

    def _index(self, headings: Headings, heading: str, optional: bool) -> int:
        found = headings.indexes(heading)
        if len(found) == 1:
            return found[0]
        if found:
            several = " and ".join(str(index + 1) for index in found)
            raise DeclarationError([Problem(self.origin, f"columns {several} both have the heading {quoted(heading)}", "one of them")])
        if optional:
            return -1
        similar = headings.nearest(heading)
        expected = quoted(similar) if similar else "a heading of the table"
        raise DeclarationError([Problem(self.origin, f"the table has no column {quoted(heading)}", expected)])

    def _filled(self, indexes: Mapping[str, int], cells: Sequence[str]) -> str:
        parts = {heading: cell_at(cells, index) for heading, index in indexes.items()}
        missing = [quoted(heading) for heading, text in parts.items() if not text]
        if 0 < len(missing) < len(parts) and WHOLE & {self.path[0], self.path[-1]}:
            raise CellMistake(f"found nothing in {join_names(missing)}", "a text in each column of the template")
        return " ".join(_PLACEHOLDER.sub(lambda part: parts[part[1]], self.template).split()) if any(parts.values()) else ""

    def _finished(self, text: str) -> Any:
        """The value of a text; an empty text if there is none.

        :raises CellMistake: for a text that the column does not expect.
        """
        if text and self.match is not None:
            text = self._matched(text)
        if text and self.date:
            text = _iso_date(text, self.date)
        if self.values is not None:
            text = self._mapped(text)
        return self._parts(text.lower() if self.lower else text)

    def _matched(self, text: str) -> str:
        found = self.match.search(text) if self.match else None
        if found:
            return (found[1] if found.re.groups else found[0]) or ""
        if self.otherwise is None:
            raise CellMistake(f"found {excerpt(text)}, which does not match", "a text that matches, or else: in the column")
        return self.otherwise

    def _mapped(self, text: str) -> str:
        values = self.values or {}
        value = values.get(text, values.get(text.casefold()))
        if value is not None or (not text and self.otherwise is None):
            return value or ""
        if self.otherwise is None:
            raise CellMistake(f"found {excerpt(text)}, which has no value", "one of values: in the column, or else: for all others")
        return self.otherwise

    def _parts(self, text: str) -> Any:
        if not self.many or not text:
            return text
        parts = [part.strip() for part in (text.split(self.separator) if self.separator != " " else text.split()) if part.strip()]
        return [{"value": part} for part in parts] if self.element else parts


def _iso_date(text: str, form: str) -> str:
    """A date in the form ``DD.MM.YYYY``, or ``%d.%m.%Y``, as 2027-01-31."""
    directives = dict(_DATE_PARTS)
    pattern = form if "%" in form else _ANY_PART.sub(lambda part: directives[part[0]], form)
    try:
        return datetime.strptime(text, pattern).date().isoformat()
    except ValueError:
        raise CellMistake(f"found {excerpt(text)}", f"a date in the form {form}") from None


# -- from what is written ----------------------------------------------------------------------------------------------------------------


def parse_columns(raw: Mapping[str, Any], origin: Origin) -> tuple[dict[str, list[Column] | None], list[Problem]]:
    """The columns by the path as it is written in one spelling, and all mistakes. None as columns: the attribute is not declared."""
    parser = _Parser(MEMBERSHIP_KEYS if GROUP in raw and MEMBER in raw else {})
    parser.nested(ROOT, raw, "", origin)
    return parser.columns, parser.problems


class _Parser:
    def __init__(self, keywords: Mapping[str, str]) -> None:
        self.columns: dict[str, list[Column] | None] = {}
        self.problems: list[Problem] = []
        self._keywords = keywords  # of a table of memberships, which has no attributes

    def nested(self, attribute: Attribute | None, raw: Mapping[str, Any], path: str, origin: Origin) -> None:
        """Read a mapping of attributes to columns."""
        is_urn = path.lower().startswith(URN) and split_path(path, ROOT) == [path]
        for key, value in ((str(key), value) for key, value in raw.items()):
            if not path and fold(key) == "extensions" and isinstance(value, Mapping):
                self.nested(ROOT, value, "", origin.below(key))
            else:
                self._attribute(_at(attribute, key), value, f"{path}:{key}" if is_urn else join_path(path, key), origin.below(key))

    def _attribute(self, sub: Attribute | None, value: Any, path: str, place: Origin) -> None:
        is_texts = fold(path) in LISTS or bool(self._keywords)
        is_complex = sub is not None and sub.is_complex and not is_texts
        is_list, is_element = is_complex and sub is not None and sub.multi_valued, path.endswith("]")
        is_mapping = is_complex or (sub is None and path.lower().startswith(URN))
        if value is None:
            self.columns[_spelled(path)] = None
        elif isinstance(value, list) and ((is_list and not is_element) or is_texts or any(not isinstance(item, str) for item in value)):
            for index, item in enumerate(value):
                self._attribute(sub, item, f"{path}[{index}]" if is_list else path, place.below(index))
        elif isinstance(value, Mapping) and is_mapping and not _is_column(value):
            if is_list and not is_element:
                self.problems.append(Problem(place, "found a mapping", "a list of mappings, such as [{value: Heading}]"))
            else:
                self.nested(sub, value, path, place)
        elif is_list and is_element:
            self._add(f"{path}.value", value, place)
        else:
            self._add(path, value, place, element=is_list)

    def _add(self, path: str, value: Any, place: Origin, element: bool = False) -> None:
        try:
            column, found = _column(value, place), self._place(path, place, element)
        except DeclarationError as error:
            self.problems += error.problems
            return
        column = replace(column, path=found.path, many=found.many, element=found.element, origin=place)
        known = self.columns.get(_spelled(path)) or []
        if known and not column.many:
            self.problems.append(Problem(place, "is mapped twice", "one column"))
        self.columns[_spelled(path)] = [*known, column]

    def _place(self, path: str, place: Origin, element: bool) -> AttributePath:
        if self._keywords and fold(path) not in self._keywords:
            expected = f"one of {', '.join(self._keywords)}, since the table declares memberships"
            raise DeclarationError([Problem(place, f"unknown column {quoted_key(path)}", expected)])
        if self._keywords:
            return AttributePath((self._keywords[fold(path)],))
        return AttributePath(attribute_path(place, f"{path}[0].value").path[:1], True, True) if element else attribute_path(place, path)


def _at(attribute: Attribute | None, path: str) -> Attribute | None:
    """The attribute at a path, with or without indexes; None if there is none."""
    for part in split_path(path, ROOT):
        attribute = attribute.sub(part.partition("[")[0]) if attribute is not None else None
    return attribute


def _spelled(path: str) -> str:
    """A path in SCIM's names, in whatever spelling it is written, so that a mapping can be laid over another one."""
    attribute: Attribute | None = ROOT
    parts: list[str] = []
    for part in split_path(path, ROOT):
        name, bracket, index = part.partition("[")
        attribute = attribute.sub(name) if attribute is not None else None
        parts.append((attribute.name if attribute is not None else name.casefold()) + bracket + index)
    return ".".join(parts)


def _is_column(value: Mapping[str, Any]) -> bool:
    """Whether a mapping says how a value is made, and does not have sub-attributes, of which ``value`` may be one."""
    names = {str(key) for key in value}
    return bool(names & {"column", "template"}) and names <= {*KEYS}


def _column(raw: Any, place: Origin) -> Column:
    """:raises DeclarationError: with all mistakes of one column."""
    problems: list[Problem] = []

    def problem(found: str, expected: str, key: str = "") -> None:
        problems.append(Problem(place.below(key) if key else place, found, expected))

    if isinstance(raw, (str, list)):
        raw = {"column": raw}
    if not isinstance(raw, Mapping):
        raise DeclarationError([Problem(place, describe(raw), "a heading, or a mapping with column, value or template")])
    given = {str(key): value for key, value in raw.items()}
    for key in sorted(given.keys() - {*KEYS}):
        problems.append(UnknownName.of(place, "key", key, nearest(key, KEYS), "Keys of a column", KEYS))
    sources = [key for key in SOURCES if given.get(key) not in (None, "", [])]
    if len(sources) != 1:
        problem(" and ".join(sources) + " are both set" if sources else "has no column", "one of column, value and template")
    if sources == ["value"] and any(key in given for key in STEPS if key != "separator"):
        problem("a constant value is used as it is", "value alone", "value")
    headings = given.get("column") or []
    headings = [headings] if isinstance(headings, str) else headings
    if not isinstance(headings, list) or not all(isinstance(heading, str) and heading for heading in headings):
        problem(describe(given["column"]), "a heading, or a list of headings", "column")
        headings = []
    template = _text(given, "template", problem)
    if template and not _PLACEHOLDER.search(template):
        problem("has no heading in braces", 'a text such as "{First Name} {Last Name}"', "template")
    values, otherwise = _values(given, problem)
    column = Column(
        (),
        tuple(heading.strip() for heading in headings),
        _text(given, "value", problem),
        template,
        _pattern(given, problem),
        _date_form(given, problem),
        values,
        otherwise,
        _is_true(given.get("lower"), problem),
        str(given.get("separator") or SEPARATOR),
    )
    if problems:
        raise DeclarationError(problems)
    return column


Report = Callable[[str, str, str], None]


def _scalar(value: Any) -> str:
    """A text, or a boolean as JSON has it; null is no text."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _text(given: Mapping[str, Any], key: str, problem: Report) -> str:
    value = given.get(key)
    if isinstance(value, (Mapping, list)):
        problem(describe(value), "text", key)
        return ""
    return _scalar(value)


def _values(given: Mapping[str, Any], problem: Report) -> tuple[dict[str, str] | None, str | None]:
    raw, otherwise = given.get("values"), _text(given, "else", problem) if "else" in given else None
    if raw is None:
        if otherwise is not None and "match" not in given:
            problem("is for texts that values or match do not have", "values or match beside it", "else")
        return None, otherwise
    if not isinstance(raw, Mapping) or any(isinstance(value, (Mapping, list)) for value in raw.values()):
        problem(describe(raw), "a mapping from texts in the table to values, such as {Active: true}", "values")
        return None, otherwise
    exact = {str(text).strip(): _scalar(value) for text, value in raw.items()}
    return {**{text.casefold(): value for text, value in exact.items()}, **exact}, otherwise


def _pattern(given: Mapping[str, Any], problem: Report) -> re.Pattern[str] | None:
    text = _text(given, "match", problem)
    try:
        return re.compile(text) if text else None
    except re.error as error:
        problem(f"is not a regular expression: {error.msg}", "one such as '^(.*) \\('", "match")
        return None


def _date_form(given: Mapping[str, Any], problem: Report) -> str:
    form = _text(given, "date", problem)
    if form and "%" not in form and not ("DD" in form or ("D" in form and "M" in form and "YY" in form)):
        problem(describe(form), "the form of a date, such as DD.MM.YYYY or %m/%d/%Y", "date")
        return ""
    return form


def _is_true(value: Any, problem: Report) -> bool:
    text = _scalar(value).lower()
    if text not in ("", "true", "yes", "false", "no"):
        problem(describe(value), "true or false", "lower")
    return text in ("true", "yes")


def laid_over(base: Mapping[str, list[Column] | None], over: Mapping[str, list[Column] | None]) -> list[Column]:
    """The columns of ``base`` that others leave. A declared list is the whole list, and null leaves an attribute out."""
    lists = {path.partition("[")[0] for path in over if _is_list(path)}
    return [
        column
        for path, columns in base.items()
        if path not in over and path.partition("[")[0] not in lists and not path.startswith(tuple(f"{other}." for other in over))
        for column in columns or ()
    ]


def _is_list(path: str) -> bool:
    attribute = ROOT.sub(path.partition("[")[0])
    return attribute is not None and attribute.multi_valued
