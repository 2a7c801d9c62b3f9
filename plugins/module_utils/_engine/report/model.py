# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of a report, which is the same in each format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from ..escaping import visible_json
from ..scim.schema.identity import name_key
from ..scim.schema.resource import Body
from ..wording import counted

PLANNED, DONE, FAILED, LEFT = "planned", "done", "failed", "left"
CATEGORIES = (FAILED, LEFT, "deleted", "deactivated", "updated", "created")  # of changes, the most dangerous first
HEADINGS = {LEFT: "not started"}
HIDDEN = "…"
VERSION = 1  # of the JSON report, see schemas/report.schema.json; the next one is for a key that is removed or means something else
MOST_ROWS = 40_000  # in an HTML page
MOST_ROWS_OF_CHANGE = 1_000
NO_COUNTS = dict.fromkeys(("created", "updated", "deactivated", "deleted", "unchanged", "failed"), 0)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, or would do if it is only ``planned``.

    ``changes`` are those of ``diff.presented``, the most dangerous first, each with its ``status``: planned, done, failed (then with its
    ``error``), or left for the next run. ``refusal`` is why the plan must not be applied, ``ended`` is why the run ended early.
    ``files`` are the names of all reports of the run. ``plan_digest`` is None if the run ended before a plan was made.
    """

    version: int = field(default=VERSION, kw_only=True)
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
        """The first line in each format."""
        if self.plan_digest is None:
            return "Failed before a plan was made"
        if self.refusal:
            return "Plan refused"
        if not self.changes:
            return "Nothing to do"
        if self.planned:
            return "Plan"
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"{'Ended early' if self.ended else 'Applied'}{failed}"

    @property
    def error(self) -> str:
        """Why the plan was refused or the run ended early: a sentence, and perhaps a list with a line for each item."""
        return self.refusal or self.ended

    @property
    def cost(self) -> str:
        """How many requests and how much time the plan takes, or the run took."""
        if not self.planned and not self.refusal:
            return f"It took {counted(self.requests, 'request')} and {self.duration:.1f} s."
        seconds = f", about {self.seconds_planned:.0f} s at the provider's rate" if self.seconds_planned else ""
        return f"Applying it takes {counted(self.requests_planned, 'request')}{seconds}."


def unplanned(url: str, planned: bool, reason: str) -> Report:
    """The report of a run that ended before a plan was made. It replaces that of an earlier run, which would be taken for this one."""
    none = {"users": NO_COUNTS, "groups": NO_COUNTS, "memberships": {"added": 0, "removed": 0}}
    return Report(url, now(), planned, None, none, ended=reason)


def now() -> str:
    """The time of a report."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def by_danger(changes: Sequence[Body]) -> list[Body]:
    """Sort changes: those that failed or remove something first."""

    return sorted(changes, key=lambda change: danger(category(change), bool(change["leaves"]), change["type"], change["name"]))


def danger(its_category: str, takes_members: bool, type_name: str, name: str) -> tuple[int, bool, str, str]:
    """The place of a change among others: the most dangerous first, then by type and name."""
    return CATEGORIES.index(its_category), not takes_members, type_name, name_key(name)


def category(change: Body) -> str:
    """What a reader must know of a change first: that it failed or was not started, otherwise its action."""
    status = change.get("status", PLANNED)
    return str(status if status in (FAILED, LEFT) else change["action"])


def remarks(change: Body) -> str:
    """Why a change is made, unless it is simply declared; the action, if the category is another; and how many members it moves."""
    found = [change["reason"]] if change["reason"] not in ("", "declared") else []
    found += [change["action"]] if category(change) != change["action"] else []
    found += [f"{counted(len(change['joins']), 'member')} added"] if change["joins"] else []
    found += [f"{counted(len(change['leaves']), 'member')} removed"] if change["leaves"] else []
    return ", ".join(found)


def differences(change: Body) -> Iterator[tuple[str, Any, Any]]:
    """What a change changes, as path, value before and value after. None is no value; with ``report_values: none`` both are ``HIDDEN``."""
    for row in change["attributes"]:
        if change["action"] != "deactivated" or row["path"] != "active":  # implied by the action
            yield row["path"], row.get("before", HIDDEN), row.get("after", HIDDEN)
    yield from ((name, None, "set") for name in change["secrets"])
    yield from (("leaves", name, None) for name in change["leaves"])
    yield from (("joins", None, name) for name in change["joins"])


def rows_of(change: Body) -> int:
    """The number of ``differences`` of a change."""
    return sum(len(change[name]) for name in ("attributes", "secrets", "leaves", "joins"))


def shown_in_html(changes: Sequence[Body]) -> Sequence[Body]:
    """The first changes, as many as a browser opens within some seconds."""
    rows = 0
    for number, change in enumerate(changes):
        rows += 1 + min(rows_of(change), MOST_ROWS_OF_CHANGE)
        if rows > MOST_ROWS:
            return changes[:number]
    return changes


def where_all_are(report: Report) -> str:
    """In which files all changes are, or how to get one."""
    in_html = len(shown_in_html(report.changes)) == len(report.changes) and max(map(rows_of, report.changes)) <= MOST_ROWS_OF_CHANGE
    whole = (".html", ".json") if in_html else (".json",)
    files = [name for name in report.files if name.lower().endswith(whole)]
    if files:
        return f"All of them: {', '.join(files)}."
    return f"Add {' or '.join(f'plan{suffix}' for suffix in whole)} to the option report to get all of them."


def as_text(value: Any) -> str:
    """A value as text; true and false as in YAML."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def without_values(changes: Sequence[Body]) -> list[Body]:
    """Changes with the paths of their attributes only (``report_values: none``)."""
    return [{**change, "attributes": [{"path": row["path"]} for row in change["attributes"]]} for change in changes]


def as_json(report: Report) -> Iterator[str]:
    """All of the report, change by change: as one text, a first load of 100,000 users would take two gigabytes of memory."""
    yield "{"
    for number, name in enumerate(each.name for each in fields(report)):
        yield f'{"," if number else ""}\n  "{name}": '
        value = getattr(report, name)
        if name == "changes" and value:
            yield "["
            for place, change in enumerate(value):
                yield f"{',' if place else ''}\n    {_indented(change, 4)}"
            yield "\n  ]"
        else:
            yield _indented(value, 2)
    yield "\n}\n"


def _indented(value: Any, spaces: int) -> str:
    return visible_json(value, indent=2).replace("\n", "\n" + " " * spaces)
