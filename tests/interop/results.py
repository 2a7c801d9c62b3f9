# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found on each server, in one file a server: the checks, how many requests they took, and how the server deviates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

RESULTS = Path(__file__).parent / "results"
PASSED, LIMITED, KNOWN, FAILED = "passed", "limited", "known", "failed"
HEADER = "# Written by make interop. Do not edit.\n---\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended. ``reason`` is why it is not passed, ``message`` what the collection reports of a limit."""

    check: str
    title: str
    outcome: str
    requests: int
    reason: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Deviation:
    """What a server does other than RFC 7643 and RFC 7644 say, and the request and response that show it."""

    deviation: str
    shows: str


@dataclass(frozen=True, slots=True)
class Result:
    """One run of all checks on one server."""

    name: str
    title: str
    version: str
    date: str
    profile: str
    checks: Sequence[Outcome]
    deviations: Sequence[Deviation] = ()

    @property
    def requests(self) -> int:
        return sum(outcome.requests for outcome in self.checks)

    def of(self, outcome: str) -> list[Outcome]:
        return [one for one in self.checks if one.outcome == outcome]


def write(result: Result, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.name}.yml"
    text = yaml.dump(_plain(asdict(result)), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(HEADER + text, encoding="utf-8")
    return path


def read(path: Path) -> Result:
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    checks = [Outcome(**one) for one in content["checks"]]
    return Result(**{**content, "checks": checks, "deviations": [Deviation(**one) for one in content.get("deviations", ())]})


def all_results(folder: Path = RESULTS) -> list[Result]:
    return sorted((read(path) for path in folder.glob("*.yml")), key=lambda result: result.title.lower())


class _Dumper(yaml.SafeDumper):
    """Indents lists, as yamllint wants it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _plain(value: Any) -> Any:
    """Without what is empty."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one not in ("", [], ())}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
