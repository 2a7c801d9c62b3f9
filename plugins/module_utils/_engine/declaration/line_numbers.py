# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The line of a mistake itself, found by reading its file a second time: nobody who makes no mistakes waits for that."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..scim.providers.profiles import widest
from .documents import read_text
from .model import GROUP, USER, DeclarationError, Problem
from .sources import JSON, YAML
from .yaml_reader import UNREADABLE, lines_of

MOST_LOCATED = 1000
_ENTRY = re.compile(r"(users|groups)\[[0-9]+\]")
_LAST = re.compile(r"(\.[^.\[\]]*|\[[0-9]+\])$")
_SHORT = {s.urn.lower(): s.alias for name in (USER, GROUP) for s in widest(name).extensions if s.alias}

Lines = Mapping[str, int]


def locate(problems: Sequence[Problem]) -> list[Problem]:
    """The same problems, the first ``MOST_LOCATED`` of each file with the line of the fault, where the file is YAML or JSON.

    The row of a CSV is known from the first reading.
    """
    wanted: dict[str, set[str]] = {}
    for problem in problems:
        if problem.origin.path and Path(problem.origin.file).suffix.lower() in YAML + JSON:
            of_file = wanted.setdefault(problem.origin.file, set())
            entry = _ENTRY.match(problem.origin.path)
            if entry and len(of_file) < MOST_LOCATED:
                of_file.add(entry[0])
    lines = {file: _lines(file, entries) for file, entries in wanted.items()}
    return [_exact(problem, lines.get(problem.origin.file, {})) for problem in problems]


def _exact(problem: Problem, lines: Lines) -> Problem:
    """With the line of the path, else of the defaults that it is from, else of the nearest that stands there."""
    path = folded(problem.origin.path)
    line = lines.get(path) or lines.get(_ENTRY.sub("defaults", path, count=1))
    while line is None and (shorter := _LAST.sub("", path)) != path:
        path = shorter
        line = lines.get(path)
    return replace(problem, origin=replace(problem.origin, line=line)) if line else problem


def folded(path: str) -> str:
    """A path in the form in which every spelling of it is equal."""
    path = path.lower()
    for urn, alias in _SHORT.items():
        path = path.replace(urn, alias)
    return path.replace("_", "").replace("$", "").replace(".extensions.", ".")


def _lines(file: str, entries: Collection[str]) -> Lines:
    """The line of everything in some entries and in the defaults, by folded path. JSON is YAML, but for a few escapes."""
    try:
        return {folded(path): line for path, line in lines_of(read_text(file), entries)}
    except (DeclarationError, UNREADABLE):
        return {}
