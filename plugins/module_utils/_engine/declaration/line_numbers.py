# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact line of a mistake, found by reading its file again: a file without mistakes is read once."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from ..scim.providers.profiles import widest
from .documents import Lines
from .encodings import source_text
from .model import GROUP, USER, DeclarationError, Problem
from .sources import JSON, YAML

MOST_LOCATED = 1000
_ENTRY = re.compile(r"(users|groups|Resources|Operations|)\[[0-9]+\]")
_LAST_PART = re.compile(r"(\.[^.\[\]]*|\[[0-9]+\])$")
_ALIASES = {schema.urn.lower(): schema.alias for name in (USER, GROUP) for schema in widest(name).extensions if schema.alias}


def locate(problems: Sequence[Problem]) -> list[Problem]:
    """The problems with their exact lines, in YAML and JSON, for at most ``MOST_LOCATED`` entries of a file.

    For a CSV file the first reading already has them.
    """
    entries: dict[str, set[str]] = {}
    for problem in problems:
        if problem.origin.path and Path(problem.origin.file).suffix.lower() in YAML + JSON:
            of_file = entries.setdefault(problem.origin.file, set())
            entry = _ENTRY.match(problem.origin.path)
            if entry and len(of_file) < MOST_LOCATED:
                of_file.add(entry[0])
    lines = {file: _lines(file, paths) for file, paths in entries.items()}
    return [_with_line(problem, lines.get(problem.origin.file, {})) for problem in problems]


def _with_line(problem: Problem, lines: Lines) -> Problem:
    """With the line of its path, else of the default that it comes from, else of the nearest path above it."""
    path = _fold(problem.origin.path)
    line = lines.get(path) or lines.get(_ENTRY.sub("defaults", path, count=1))
    while line is None and (shorter := _LAST_PART.sub("", path)) != path:
        path = shorter
        line = lines.get(path)
    return replace(problem, origin=replace(problem.origin, line=line)) if line else problem


def _fold(path: str) -> str:
    """The form in which all spellings of a path are equal."""
    path = path.lower()
    for urn, alias in _ALIASES.items():
        path = path.replace(urn, alias)
    return path.replace("_", "").replace("$", "").replace(".extensions.", ".")


def _lines(file: str, entries: Collection[str]) -> Lines:
    """The line of each folded path inside these entries and outside of all entries. JSON is YAML, except for a few escapes."""
    from .yaml_reader import read_yaml_documents  # here: it imports PyYAML, which a JSON declaration without mistakes does not need

    try:
        return {_fold(path): line for path, line in read_yaml_documents(file, source_text(file).text, entries)[1].items()}
    except DeclarationError:
        return {}
