# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run on paper: what a report says, whatever its form, and how it comes into a file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..files import write_file
from ..scim.errors import Invalid
from ..scim.schema.resource import Body

DANGER = ("failed", "left", "deleted", "deactivated", "updated", "created")
PLANNED, DONE, FAILED, LEFT = "planned", "done", "failed", "left"
HIDDEN = "…"
NO_COUNTS = dict.fromkeys(("created", "updated", "deactivated", "deleted", "unchanged", "failed"), 0)


@dataclass(frozen=True, slots=True)
class Report:
    """What happened, or with ``planned`` would happen.

    ``changes`` are those of ``present.presented``, the dangerous ones first, each with its ``status``: planned, done, failed (then with
    its ``error``), or left for the next run. ``refusal`` is why a plan must not be applied, ``ended`` why a run ended before its end.
    ``files`` are the names of all reports. Without a ``plan_digest`` the run ended before there was a plan.
    """

    url: str
    time: str
    planned: bool
    plan_digest: str | None
    summary: Mapping[str, Mapping[str, int]]
    changes: Sequence[Body] = ()
    failures: Sequence[Mapping[str, str]] = ()
    warnings: Sequence[str] = ()
    refusal: str = ""
    ended: str = ""
    requests: int = 0
    requests_planned: int = 0
    seconds_planned: float | None = None
    duration: float = 0.0
    totals: Mapping[str, int] = field(default_factory=dict)
    files: Sequence[str] = ()

    @property
    def title(self) -> str:
        """The first line of every form."""
        if self.plan_digest is None:
            return "Failed, and there is no plan"
        if self.refusal:
            return "Plan refused"
        if not self.changes:
            return "Nothing to do"
        if self.planned:
            return "Plan"
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"{'Ended early' if self.ended else 'Applied'}{failed}"

    @property
    def cost(self) -> str:
        """What it takes, or took."""
        if not self.planned and not self.refusal:
            return f"It took {_requests(self.requests)} and {self.duration:.1f} s."
        seconds = f", about {self.seconds_planned:.0f} s at the provider's rate" if self.seconds_planned else ""
        return f"Applying it takes {_requests(self.requests_planned)}{seconds}."


def _requests(count: int) -> str:
    return f"{count} request{'s' if count != 1 else ''}"


def unplanned(url: str, planned: bool, reason: str, paths: Sequence[str]) -> Report:
    """Of a run that ended before there was a plan, so that no report of an earlier run is taken for this one's."""
    none = {"users": NO_COUNTS, "groups": NO_COUNTS, "memberships": {"added": 0, "removed": 0}}
    return Report(url, now(), planned, None, none, ended=reason, files=[Path(path).name for path in paths])


def now() -> str:
    """The time of a report."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def by_danger(changes: Sequence[Body]) -> list[Body]:
    """Changes with those first that take something away."""

    def weight(change: Body) -> tuple[int, bool, str, str]:
        return DANGER.index(word(change)), not change["leaves"], change["type"], change["name"].casefold()

    return sorted(changes, key=weight)


def word(change: Body) -> str:
    """What people want to know of a change first: that it failed or was not begun, else what it does."""
    status = change.get("status", PLANNED)
    return str(status if status in (FAILED, LEFT) else change["action"])


def why(change: Body) -> str:
    """Why a change is made, where that is not plainly because it is declared, and how many memberships it moves."""
    said = [change["reason"]] if change["reason"] not in ("", "declared") else []
    said += [change["action"]] if word(change) != change["action"] else []
    return ", ".join(said + [f"{len(change[key])} {what}" for key, what in (("joins", "joining"), ("leaves", "leaving")) if change[key]])


def rows(change: Body) -> Iterator[tuple[str, Any, Any]]:
    """What differs, as path, before and after; None is nothing. With ``report_values: none`` both are ``HIDDEN``."""
    for one in change["attributes"]:
        if change["action"] != "deactivated" or one["path"] != "active":  # the word says it
            yield one["path"], one.get("before", HIDDEN), one.get("after", HIDDEN)
    yield from ((name, None, "set") for name in change["secrets"])
    yield from (("leaves", name, None) for name in change["leaves"])
    yield from (("joins", None, name) for name in change["joins"])


def text(value: Any) -> str:
    """A value as people read it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def without_values(changes: Sequence[Body]) -> list[Body]:
    """Changes that tell which attributes differ and not how (``report_values: none``)."""
    return [{**change, "attributes": [{"path": one["path"]} for one in change["attributes"]]} for change in changes]


def write(report: Report, paths: Sequence[str], forms: Mapping[str, Callable[[Report], str]]) -> None:
    """The report in each file, in the form that its name asks for, readable by its owner only.

    :raises Invalid: for a form that is none, or a place that cannot be written to.
    """
    for path in paths:
        check_place(path, forms)
        write_file(path, forms[Path(path).suffix.lower()](report))


def check_place(path: str, forms: Mapping[str, Any]) -> None:
    """To be known before the first write. :raises Invalid: where a file's name tells no form, or its folder takes no file."""
    if Path(path).suffix.lower() not in forms:
        raise Invalid(f"report: {path} ends with none of {', '.join(forms)}, so its form is not known.")
    if not os.access(Path(path).parent, os.W_OK):
        raise Invalid(f"report: {path} cannot be written: {Path(path).parent} is no folder that you may write to.")


def as_json(report: Report) -> str:
    """All of it."""
    return json.dumps(asdict(report), indent=2, ensure_ascii=False) + "\n"
