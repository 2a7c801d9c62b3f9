# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run on paper: what a report says, whatever its form, and how it comes into a file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..scim.errors import Invalid
from ..scim.resource import Body

DANGER = ("deleted", "deactivated", "updated", "created")


@dataclass(frozen=True, slots=True)
class Report:
    """What happened, or with ``planned`` would happen. ``changes`` are those of ``present.presented``, the dangerous ones first."""

    url: str
    time: str
    planned: bool
    plan_digest: str
    summary: Mapping[str, Mapping[str, int]]
    changes: Sequence[Body] = ()
    failures: Sequence[Mapping[str, str]] = ()
    warnings: Sequence[str] = ()
    refusal: str = ""
    requests: int = 0
    requests_planned: int = 0
    seconds_planned: float | None = None
    duration: float = 0.0
    totals: Mapping[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The first line of every form."""
        if self.refusal:
            return "Plan refused"
        if not self.changes:
            return "Nothing to do"
        return "Plan" if self.planned else "Applied"

    @property
    def cost(self) -> str:
        """What it takes, or took."""
        if not self.planned:
            return f"{self.requests} requests, {self.duration:.1f} s."
        seconds = f", about {self.seconds_planned:.0f} s at the provider's rate" if self.seconds_planned else ""
        return f"Applying it takes {self.requests_planned} requests{seconds}."


def by_danger(changes: Sequence[Body]) -> list[Body]:
    """Changes with those first that take something away."""

    def weight(change: Body) -> tuple[int, int, str, str]:
        action = DANGER.index(change["action"]) if change["action"] in DANGER else len(DANGER)
        return (min(action, 2 - bool(change["leaves"])) if change["leaves"] else action, action, change["type"], change["name"].casefold())

    return sorted(changes, key=weight)


def without_values(changes: Sequence[Body]) -> list[Body]:
    """Changes that tell which attributes differ and not how (``report_values: none``)."""
    return [{**change, "attributes": [{"path": one["path"]} for one in change["attributes"]]} for change in changes]


def write(report: Report, paths: Sequence[str], forms: Mapping[str, Callable[[Report], str]]) -> None:
    """The report in each file, in the form that its name asks for, readable by its owner only.

    :raises Invalid: for a form that is none, or a place that cannot be written to.
    """
    for path in paths:
        check_form(path, forms)
        into(path, forms[Path(path).suffix.lower()](report))


def check_form(path: str, forms: Mapping[str, Any]) -> None:
    """:raises Invalid: where a file's name tells no form."""
    if Path(path).suffix.lower() not in forms:
        raise Invalid(f"report: {path} ends with none of {', '.join(forms)}, so its form is not known.")


def into(path: str, text: str, option: str = "report") -> None:
    """Write a file of mode 0600, whole or not at all. ``option`` is where its name was given.

    :raises Invalid: where it cannot be written.
    """
    beside = f"{path}.part"
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        raise Invalid(f"{option}: {path} cannot be written: {error.strerror}.") from None


def as_json(report: Report) -> str:
    """All of it."""
    return json.dumps(asdict(report), indent=2, ensure_ascii=False) + "\n"
