# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping beside a table: a small YAML file that describes how to read a CSV file of another product."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..escaping import excerpt, quoted
from ..wording import nearest
from .columns import Column, parse_columns
from .model import NOTES, NOWHERE, DeclarationError, Origin, Problem, UnknownName
from .presets import NAMES
from .sources import CSV, JSON
from .value_rules import describe

CSV_KEY = "csv"
KEYS = (CSV_KEY, "columns", "encoding", "delimiter", "skip_lines", "skip", "require", "defaults")
PRESET, NO_PRESET = "preset", "none"
_NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass(frozen=True)
class TableMapping:
    """How a table is read. ``preset`` is the name of one, ``none`` for none, empty for the one that the headings show.

    ``skip`` are rows that are left out: a heading, and the texts in its column. ``require`` are headings without which a row is left out.
    """

    csv: str = ""
    columns: Mapping[str, list[Column] | None] = field(default_factory=dict)
    preset: str = ""
    encoding: str = ""
    delimiter: str = ""
    skip_lines: int = 0
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    require: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    origin: Origin = NOWHERE

    @property
    def is_chosen(self) -> bool:
        """Whether it says what the columns mean."""
        return bool(self.columns or self.preset)

    @cached_property
    def needed(self) -> frozenset[str]:
        """The headings that the table must have: not those of a column with several."""
        mapped = [column for columns in self.columns.values() for column in columns or ()]
        return frozenset(heading for column in mapped for heading in (column.needed if len(column.headings) < 2 else ()))


NO_MAPPING = TableMapping()


def parse_mapping(file: str, value: Mapping[str, Any], lines: Mapping[str, int]) -> TableMapping:
    """The mapping in a file. ``csv`` becomes the path of the table.

    :raises DeclarationError: with all mistakes.
    """
    problems: list[Problem] = []

    def origin(key: str) -> Origin:
        return Origin(file, lines.get(key, 0), key)

    def problem(key: str, found: str, expected: str = "") -> None:
        problems.append(Problem(origin(key), found, expected))

    given = {str(key): part for key, part in value.items() if not str(key).startswith(NOTES)}
    for key in given.keys() - {*KEYS}:
        problems.append(UnknownName.of(origin(key), "key", key, nearest(key.lower(), KEYS), "Keys of a mapping", KEYS))
    columns, preset = _columns(given.get("columns"), origin("columns"), problems)
    defaults = given.get("defaults") or {}
    if not isinstance(defaults, Mapping):
        problem("defaults", describe(defaults), "a mapping of attributes")
    encoding, delimiter = given.get("encoding") or "", given.get("delimiter") or ""
    if not isinstance(encoding, str):
        problem("encoding", describe(encoding), "the name of an encoding, such as windows-1252")
    delimiter = _NAMED_DELIMITERS.get(str(delimiter).lower(), delimiter)
    if not isinstance(delimiter, str) or len(delimiter) > 1:
        problem("delimiter", describe(delimiter), 'one character, such as ";", or tab')
    skip_lines = str(given.get("skip_lines") or 0)
    if not (skip_lines.isascii() and skip_lines.isdigit()):
        problem("skip_lines", describe(given["skip_lines"]), "a number of lines")
    skip = _skip(given.get("skip") or {}, problem)
    require = given.get("require") or ()
    require = (require,) if isinstance(require, str) else require
    if not isinstance(require, (list, tuple)) or not all(isinstance(heading, str) for heading in require):
        problem("require", describe(require), "a heading, or a list of headings")
    path = _table(file, given.get(CSV_KEY), problem)
    if problems:
        raise DeclarationError(problems)
    place = Origin(file, lines.get("columns", 0))
    return TableMapping(path, columns, preset, encoding, delimiter, int(skip_lines), skip, tuple(require), dict(defaults), place)


def _columns(raw: Any, origin: Origin, problems: list[Problem]) -> tuple[Mapping[str, list[Column] | None], str]:
    """The columns, and the name of the preset under them."""
    names = (*NAMES, NO_PRESET)
    preset = raw if isinstance(raw, str) else raw.get(PRESET) or "" if isinstance(raw, Mapping) else ""
    if raw is not None and not isinstance(raw, (str, Mapping)):
        problems.append(Problem(origin, describe(raw), "a mapping from attributes to headings, or the name of a preset"))
    elif not isinstance(preset, str) or (preset and preset not in names):
        similar = nearest(str(preset).lower(), names)
        problems.append(UnknownName.of(origin, "preset", str(preset), similar, "Presets", names))
    if not isinstance(raw, Mapping):
        return {}, preset
    columns, mistakes = parse_columns({key: value for key, value in raw.items() if key != PRESET}, origin)
    problems += mistakes
    return columns, preset


def _skip(raw: Any, problem: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, Mapping):
        problem("skip", describe(raw), "a mapping from headings to the texts of rows to leave out, such as {Status: Terminated}")
        return {}
    lists = {str(heading): texts if isinstance(texts, list) else [texts] for heading, texts in raw.items()}
    for heading, texts in lists.items():
        if any(isinstance(text, (list, Mapping)) for text in texts):
            problem("skip", f"{quoted(heading)} has no text", "a text, or a list of texts")
    return {heading: tuple("" if text is None else str(text) for text in texts) for heading, texts in lists.items()}


def _table(file: str, csv: Any, problem: Any) -> str:
    """The path of the table: beside its mapping or in a folder below, as no source may lead to other files of the machine."""
    expected = "the name of a CSV file, or of a list in JSON, beside the mapping"
    if not isinstance(csv, str) or not csv.lower().endswith((*CSV, *JSON)):
        problem(CSV_KEY, describe(csv), expected)
        return ""
    folder = os.path.dirname(file)
    path = os.path.normpath(os.path.join(folder, csv))
    real, inside = os.path.realpath(path), os.path.join(os.path.realpath(folder or "."), "")
    if os.path.isabs(csv) or ".." in csv.split(os.sep) or not real.startswith(inside):
        problem(CSV_KEY, f"{excerpt(csv)} leads out of the folder of the mapping", expected)
    elif not os.path.exists(path):
        problem(CSV_KEY, f"there is no file {quoted(csv)} beside the mapping", expected)
    return path
