# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a directory: the result of the module, and its reports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..apply.outcome import Outcome
from ..apply.run import Run
from ..declaration.model import GROUP, USER
from ..plan.cost import requests_planned, seconds_planned
from ..plan.diff import diff, presented
from ..plan.plan import Action, Change
from ..report.html import as_html
from ..report.markdown import as_markdown
from ..report.model import DONE, FAILED, LEFT, PLANNED, Report, as_json, by_danger, now, without_values, write
from ..scim.client.client import Client
from ..scim.errors import PlanRefused
from ..state.unsearchable import uncompared
from ..wording import bounded
from .task import Result

UNDONE, REFUSED = (FAILED, LEFT), "refused"
FORMS = {".md": as_markdown, ".html": as_html, ".json": as_json}


def result(run: Run, client: Client, most: int, bulk: str, seconds: float, check: bool) -> Result:
    """What the module returns; lists are bounded, counts are whole."""
    failed = failures(run)
    refused = isinstance(run.error, PlanRefused)
    became = statuses(run, check)
    undone = {identity: REFUSED if refused else was["status"] for identity, was in became.items() if refused or was["status"] in UNDONE}
    changes = [{**presented(change, run.plan.names), "undone": undone.get(change.identity, "")} for change in run.plan.changes[:most]]
    check = check or refused
    changed = bool(run.plan.changes) and not refused if check else any(outcome.changed for outcome in run.outcomes)
    planned = requests_planned(run.plan, client.capabilities, bulk)
    warnings = [*run.plan.warnings, *(warning for outcome in run.outcomes for warning in outcome.warnings)]
    shape: Result = {
        "changed": changed,
        "plan_digest": run.digest,
        "summary": summary(run, check),
        "changes": changes,
        "compared": not list(uncompared(client, run.plan.changes)),
        "truncated": len(run.plan.changes) > most or len(failed) > most,
        "failures": failed[:most],
        "requests": client.requests,
        "requests_planned": planned,
        "seconds_planned": seconds_planned(planned, client.capabilities),
        "duration": round(seconds, 3),
        "diff": [diff(change, run.plan.names) for change in run.plan.changes[:most]],
        "warnings": bounded(warnings, most),
    }
    return {**shape, "failed": True, "msg": _message(run, failed)} if failed or run.error else shape


def failures(run: Run) -> list[dict[str, str]]:
    """What the provider refused, with its words."""
    return [{"name": o.change.name, "type": o.change.type.name, "error": o.error} for o in run.outcomes if o.error]


def _message(run: Run, failed: list[dict[str, str]]) -> str:
    if isinstance(run.error, PlanRefused):
        return str(run.error)
    troubled = {outcome.change.identity for outcome in run.outcomes if outcome.error}
    done = len({outcome.change.identity for outcome in run.outcomes} - troubled)  # a group's change may have several outcomes
    lines = [f"{done} of {len(run.plan.changes)} changes were made."]
    if run.error:
        lines.append(f"The run ended early: {run.error}")
    if failed:
        lines.append(f"{len(failed)} failed:")
        lines += [f"- {failure['error']}" for failure in failed[:20]]
        lines += [f"- and {len(failed) - 20} more"] if len(failed) > 20 else []
    return "\n".join([*lines, "Run again: it does exactly what is left."])


def summary(run: Run, check: bool) -> dict[str, dict[str, int]]:
    """How many of what: as planned in check mode, else as it happened."""
    counts = {
        resource_type: {
            **dict.fromkeys(("created", "updated", "deactivated", "deleted", "unchanged", "failed"), 0),
            "unchanged": run.plan.unchanged.get(resource_type, 0),
        }
        for resource_type in (USER, GROUP)
    }
    memberships = {"added": 0, "removed": 0}
    told: dict[tuple[str, str], str] = {}
    for change, outcome in [(c, None) for c in run.plan.changes] if check else [(o.change, o) for o in run.outcomes]:
        whole = (len(change.joins), len(change.leaves)) if outcome is None or not outcome.error else (0, 0)
        joined, left = outcome.moved if outcome is not None and outcome.moved is not None else whole
        memberships["added"] += joined
        memberships["removed"] += left
        word = _word(change, outcome)
        before = told.get(change.identity)
        told[change.identity] = word if before in (None, "unchanged") or word == "failed" else before
    for (resource_type, _key), word in told.items():
        counts[resource_type][word] += 1
    return {"users": counts[USER], "groups": counts[GROUP], "memberships": memberships}


def _word(change: Change, outcome: Outcome | None) -> str:
    if outcome is not None and outcome.error:
        return "failed"
    if outcome is not None and outcome.action is Action.UNCHANGED:
        return "unchanged"
    if change.deactivates:
        return "deactivated"
    return str(outcome.action if outcome is not None else change.action)


def reported(run: Run, returned: Result, client: Client, parameters: Mapping[str, Any], check: bool) -> None:
    """The reports that were asked for; they hold all of what ``returned`` holds bounded."""
    if not parameters["report"]:
        return
    refused = isinstance(run.error, PlanRefused)
    became = statuses(run, check)
    changes = by_danger([{**presented(change, run.plan.names), **became[change.identity]} for change in run.plan.changes])
    report = Report(
        url=client.url,
        time=now(),
        planned=check,
        changes=without_values(changes) if parameters["report_values"] == "none" else changes,
        failures=failures(run),
        refusal=str(run.error) if refused else "",
        ended=str(run.error) if run.error and not refused else "",
        files=[Path(path).name for path in parameters["report"]],
        totals=run.plan.totals,
        **{
            name: returned[name]
            for name in ("plan_digest", "summary", "warnings", "requests", "requests_planned", "seconds_planned", "duration")
        },
    )
    write(report, parameters["report"], FORMS)


def statuses(run: Run, check: bool) -> dict[tuple[str, str], dict[str, str]]:
    """By change, what became of it: its ``status``, and of one that failed its ``error``."""
    refused = isinstance(run.error, PlanRefused)
    became = {change.identity: {"status": PLANNED if check or refused else LEFT} for change in run.plan.changes}
    for outcome in run.outcomes:  # a group's change may have several
        if became[outcome.change.identity]["status"] != FAILED:
            became[outcome.change.identity] = {"status": FAILED, "error": outcome.error} if outcome.error else {"status": DONE}
    return became
