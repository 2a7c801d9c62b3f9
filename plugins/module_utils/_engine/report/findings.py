# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``identity.scim.validate`` found, as each format for pipelines shows it: how serious it is, and where it is in the repository."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from ..declaration.model import NOWHERE, Origin, Problem, Rule
from ..escaping import visible

ERROR, WARNING = "error", "warning"
MOST = 5_000  # GitHub shows no more results of a SARIF file
DESCRIPTIONS: Mapping[Rule, str] = {
    Rule.UNREADABLE_SOURCE: "A source must exist, be readable and have a known format.",
    Rule.EMPTY_DECLARATION: "A declaration must have users or groups.",
    Rule.INVALID_VALUE: "A value must have the type and the form of its attribute.",
    Rule.UNKNOWN_NAME: "A key or column must be the name of an attribute or option.",
    Rule.UNKNOWN_COLUMNS: "A table with columns of its own needs a mapping beside it.",
    Rule.DECLARED_TWICE: "A user or group must be declared once.",
    Rule.SIMILAR_NAMES: "Names must differ in more than invisible or equivalent characters.",
    Rule.UNRESOLVED_TEMPLATE: "Templates in files are not resolved.",
    Rule.UNDECLARED_MEMBER: "Members and groups that are not declared must exist at the provider.",
    Rule.DATE_PASSED: "A date after which access ends has passed.",
    Rule.SHARED_VALUE: "External ids and e-mail addresses usually belong to one user.",
    Rule.GROUP_CYCLE: "Groups should not be members of each other.",
    Rule.SOURCE_DOUBTFUL: "A part of the source is left out, guessed, or not in the standard form.",
    Rule.NOT_LISTED: f"A file has at most {MOST} findings.",
}
# The variables with which pipelines name the folder of the checkout, for those without git.
CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY")
_POSITIONS = re.compile(r":[0-9]+|\[[0-9]+\]")


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake (``ERROR``) or a ``WARNING``. ``location`` is the path of its file from the root of the repository, or empty."""

    level: str
    problem: Problem
    location: str = ""

    @property
    def line(self) -> int:
        """The line, or the first one if it is not known."""
        return self.problem.origin.line or 1

    @property
    def text(self) -> str:
        """The message, which repeats no place that the format has a field for."""
        problem = replace(self.problem, origin=Origin(path=self.problem.origin.path)) if self.location else self.problem
        return visible(str(problem))


def findings(mistakes: Iterable[Problem], warnings: Iterable[Problem], location: Callable[[str], str]) -> list[Finding]:
    """All findings, mistakes first. ``location`` returns the path of a file from the root of the repository."""
    located = cache(location)
    return [
        Finding(level, problem, located(problem.origin.file))
        for level, found in ((ERROR, mistakes), (WARNING, warnings))
        for problem in found
    ]


def in_repository(file: str, environment: Mapping[str, str]) -> str:
    """The path of a file from the root of the repository that has it, with slashes; empty if there is none.

    The repository is that of the working folder, else that of the file itself.
    """
    path = Path(os.path.realpath(file))
    if not file or not path.exists():
        return ""
    checkouts = [Path(os.path.realpath(environment[name])) for name in CHECKOUTS if environment.get(name)]
    here = Path.cwd()
    for root in (*_repositories(here), *_repositories(path.parent), *checkouts, here):
        if path != root and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return ""


def _repositories(folder: Path) -> Iterator[Path]:
    yield from [parent for parent in (folder, *folder.parents) if (parent / ".git").exists()][:1]


def listed(found: Sequence[Finding]) -> Iterator[tuple[Finding, str]]:
    """The first ``MOST`` findings and how many more there are, each with what identifies it when lines and entries move.

    That is a hash of its rule, file and message, and of how often these came before.
    """
    more = len(found) - MOST
    rest = [Finding(WARNING, Problem(NOWHERE, f"{more} more findings are left out", rule=Rule.NOT_LISTED))] if more > 0 else []
    counts: dict[str, int] = {}
    for finding in (*found[:MOST], *rest):
        message = _POSITIONS.sub("", f"{finding.problem.found}\n{finding.problem.expected}")
        identity = f"{finding.problem.rule}\n{finding.location or finding.problem.origin.file}\n{message}"
        counts[identity] = counts.get(identity, 0) + 1
        yield finding, sha256(f"{identity}\n{counts[identity]}".encode(errors="backslashreplace")).hexdigest()[:32]
