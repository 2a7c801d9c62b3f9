# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole directory: a module's parameters to a declaration, and what became of it to a result and to reports."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from heapq import nsmallest
from pathlib import Path

from ..apply.executor import ApplyOptions
from ..apply.run import Run
from ..declaration.model import GROUP, USER
from ..escaping import visible, visible_lines
from ..files import check_writable, write_file
from ..plan.cost import requests_planned, seconds_planned
from ..plan.diff import action_of, diff, presented
from ..plan.guard import Limits, reviewed
from ..plan.plan import Action, Change
from ..report.audit_log import AuditLog
from ..report.html import as_html
from ..report.markdown import as_markdown
from ..report.model import DONE, FAILED, LEFT, NO_COUNTS, PLANNED, Report, as_json, by_danger, danger, now, unplanned, without_values
from ..report.progress import Progress
from ..scim.errors import Invalid, PlanRefused, ScimError
from ..state.unsearchable import uncompared
from ..wording import first_lines, first_warnings
from .declared import declared
from .policy import directory_policy
from .reconcile import reconcile, warnings
from .task import Result, Task

REFUSED = "refused"  # what all changes of a refused plan have as ``undone``
FORMS: Mapping[str, Callable[[Report], str | Iterable[str]]] = {".md": as_markdown, ".html": as_html, ".json": as_json}
Identity = tuple[str, str]  # of a change: resource type and key


def directory(task: Task) -> Result:
    """The work of ``identity.scim.directory``."""
    began = time.monotonic()
    parameters, client = task.parameters, task.client
    for path in parameters["report"]:
        check_report_path(path)
    try:
        run = _reconciled(task)
    except ScimError as error:
        # A reviewed report stays, for the next run to finish. An error while writing the others would hide the failure itself.
        paths = [path for path in parameters["report"] if os.path.realpath(path) != os.path.realpath(parameters["expect_plan"] or "")]
        with suppress(Invalid):
            write(unplanned(client.url, task.check, str(error)), paths)
        raise
    returned = result(run, task, time.monotonic() - began)
    try:
        write_reports(run, returned, task)
    except Invalid as unwritten:  # what was done is reported all the same
        returned |= {"failed": True, "msg": "\n".join([*([returned["msg"]] if "msg" in returned else []), str(unwritten)])}
    return returned


def _reconciled(task: Task) -> Run:
    """Plan or apply the declaration with the options of the task."""
    parameters, client = task.parameters, task.client
    policy = directory_policy(parameters, client.types, client.capabilities)
    limits = Limits(parameters["max_removals"], parameters["max_updates"], parameters["max_creates"], parameters["allow_removals"])
    expected = reviewed(parameters["expect_plan"], client.url)
    # Opened before the declaration is read, which may ask the provider for its schemas.
    with AuditLog(None if task.check else parameters["audit_log"], client.url, mask=client.transport.redact.mask) as audit:
        declaration = declared(parameters, client, policy)
        return reconcile(
            declaration,
            client,
            policy,
            limits,
            task.check,
            [audit.outcome, Progress(task.report_progress).outcome],
            expected=expected,
            options=ApplyOptions(parameters["bulk"], parameters["on_error"]),
        )


def result(run: Run, task: Task, seconds: float) -> Result:
    """What the module returns. Lists have at most ``max_listed`` items, counts are complete."""
    plan, client, most = run.plan, task.client, task.parameters["max_listed"]
    failed, refused, status = failures(run), isinstance(run.error, PlanRefused), statuses(run, task.check)
    undone = {identity: REFUSED if refused else found for identity, found in status.items() if refused or found in (FAILED, LEFT)}
    shown = nsmallest(most, plan.changes, key=lambda change: _danger(change, status[change.identity]))
    planned, rate = requests_planned(plan, client.capabilities, task.parameters["bulk"]), client.transport.rate
    returned: Result = {
        "changed": any(outcome.changed for outcome in run.outcomes) or (task.check and not refused and plan.changes_something),
        "plan_digest": run.digest,
        "summary": summary(run, task.check or refused),
        "changes": [{**presented(change, plan.names), "undone": undone.get(change.identity, "")} for change in shown],
        "presets": dict(run.presets),
        "compared": not list(uncompared(client, plan.changes)),
        "truncated": len(plan.changes) > most or len(failed) > most,
        "failures": failed[:most],
        "requests": client.requests,
        "requests_planned": planned,
        "seconds_planned": seconds_planned(planned, rate.per_minute, rate.burst) if rate else None,
        "duration": round(seconds, 3),
        "diff": [diff(change, plan.names) for change in shown],
        "warnings": first_warnings(warnings(run), most),
    }
    applied = list(status.values()).count(DONE)
    return {**returned, "failed": True, "msg": _message(run, failed, applied)} if failed or run.error else returned


def _danger(change: Change, status: str) -> tuple[int, bool, str, str]:
    """The place of a change among others, as in reports."""
    category = status if status in (FAILED, LEFT) else action_of(change)
    return danger(category, bool(change.ended), change.type.name, change.current_name)


def write_reports(run: Run, returned: Result, task: Task) -> None:
    """Write the reports that the task asks for. They have all of what ``returned`` has at most ``max_listed`` items of.

    :raises Invalid: if a report cannot be written.
    """
    paths = task.parameters["report"]
    if not paths:
        return
    refused, status, error = isinstance(run.error, PlanRefused), statuses(run, task.check), _errors(run)
    mask = task.client.transport.redact.mask
    # A new resource has only declared values. In an existing one, the provider may have repeated a secret in another attribute.
    presentations = (
        (change.identity, presented(change, run.plan.names) if change.before is None else mask(presented(change, run.plan.names)))
        for change in run.plan.changes
    )
    changes = by_danger([{**change, "status": status[identity], **error.get(identity, {})} for identity, change in presentations])
    report = Report(
        url=task.client.url,
        time=now(),
        planned=task.check,
        changes=without_values(changes) if task.parameters["report_values"] == "none" else changes,
        failures=mask(failures(run)),
        refusal=str(run.error) if refused else "",
        ended=str(run.error) if run.error and not refused else "",
        warnings=mask(warnings(run)),
        totals=run.plan.totals,
        **{name: returned[name] for name in ("plan_digest", "summary", "requests", "requests_planned", "seconds_planned", "duration")},
    )
    write(report, paths)


def check_report_path(path: str) -> None:
    """Check the path of a report before the first request.

    :raises Invalid: if its extension is unknown or it cannot be written.
    """
    if Path(path).suffix.lower() not in FORMS:
        raise Invalid(f'report: "{path}" must end with one of {", ".join(FORMS)}.')
    check_writable(path, "report")


def write(report: Report, paths: Sequence[str]) -> None:
    """Write the report to each file, in the format of the file's extension, readable by the owner only.

    :raises Invalid: if a file cannot be written.
    """
    report = replace(report, files=[Path(path).name for path in paths])
    for path in paths:
        write_file(path, FORMS[Path(path).suffix.lower()](report))


def failures(run: Run) -> list[dict[str, str]]:
    """What failed, with the provider's messages."""
    return [{"name": o.change.name, "type": o.change.type.name, "error": visible(o.error)} for o in run.outcomes if o.error]


def statuses(run: Run, check: bool) -> dict[Identity, str]:
    """The status of each change: planned, done, failed, or left for the next run."""
    only_planned = check or isinstance(run.error, PlanRefused)
    found = {change.identity: PLANNED if only_planned else LEFT for change in run.plan.changes}
    found |= {outcome.change.identity: DONE for outcome in run.outcomes}
    return found | dict.fromkeys(_errors(run), FAILED)  # the change of a group may have several outcomes


def _errors(run: Run) -> dict[Identity, dict[str, str]]:
    """The first error of each change that failed."""
    return {outcome.change.identity: {"error": visible(outcome.error)} for outcome in reversed(run.outcomes) if outcome.error}


def _message(run: Run, failed: Sequence[Mapping[str, str]], applied: int) -> str:
    if isinstance(run.error, PlanRefused):
        return str(run.error)
    partial = len({outcome.change.identity for outcome in run.outcomes if outcome.error and outcome.changed})
    lines = [f"{applied} of {len(run.plan.changes)} changes applied{f', {partial} more in part' if partial else ''}."]
    if run.error:
        first, *others = run.error.args
        lines += [f"The run ended early: {first}", *others]
    if failed:
        lines += [f"{len(failed)} failed:", *first_lines([f"- {failure['error']}" for failure in failed])]
    return visible_lines([*lines, "Run the task again to apply the remaining changes."])


def summary(run: Run, only_planned: bool) -> dict[str, dict[str, int]]:
    """The number of users and groups by what is planned for them, or was done, and of memberships."""
    counts = {name: NO_COUNTS | {"unchanged": run.plan.unchanged.get(name, 0)} for name in (USER, GROUP)}
    added = removed = 0
    became: dict[Identity, str] = {}
    planned = ((change, change.predicted, "", None) for change in run.plan.changes)
    done = ((outcome.change, outcome.action, outcome.error, outcome.moved) for outcome in run.outcomes)
    for change, action, error, moved in planned if only_planned else done:
        joined, left = moved or ((0, 0) if error else change.seen_moves)
        added, removed = added + joined, removed + left
        counted = FAILED if error else action_of(change, action)
        if became.get(change.identity) in (None, Action.UNCHANGED) or error:
            became[change.identity] = counted
    for (name, _key), counted in became.items():
        counts[name][counted] += 1
    return {"users": counts[USER], "groups": counts[GROUP], "memberships": {"added": added, "removed": removed}}
