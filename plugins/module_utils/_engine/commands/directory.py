# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole directory: a module's parameters to a declaration, and what came of it to a result."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..apply.outcome import Outcome
from ..declaration.documents import Document, documents
from ..declaration.loader import gather
from ..declaration.model import GROUP, USER, Declaration, Origin, Problem
from ..declaration.vault import decrypted
from ..plan.cost import ask_for_bulk, requests_planned, seconds_planned
from ..plan.diff import diff, presented
from ..plan.guard import Limits, reviewed
from ..plan.plan import Action, Change
from ..plan.policy import NONE, Policy
from ..plan.provider_effects import Effects
from ..report.audit_log import AuditLog
from ..report.html import as_html
from ..report.markdown import as_markdown
from ..report.model import DONE, FAILED, LEFT, PLANNED, Report, as_json, by_danger, check_place, now, unplanned, without_values, write
from ..report.progress import Progress
from ..scim.client.client import Client
from ..scim.errors import Guarded, Invalid, ScimError
from ..scim.providers.capabilities import Capabilities
from ..scim.schema.filter import parse
from ..scim.schema.types import ResourceType
from ..state.extensions import learned
from ..state.unsearchable import uncompared
from .reconcile import Run, reconcile
from .resource import ignored, match_keys, said
from .task import Result, Task, bounded

INLINE = "the task"
EMPTY = "it declares nobody and no group", "somebody, or no such file: whoever stood in it would be pruned"
UNDONE, REFUSED = (FAILED, LEFT), "refused"
FORMS = {".md": as_markdown, ".html": as_html, ".json": as_json}


def directory(task: Task) -> Result:
    """The work of ``identity.scim.directory``."""
    began = time.monotonic()
    parameters, client = task.parameters, task.client
    for path in parameters["report"]:
        check_place(path, FORMS)
    try:
        run = planned_and_done(task)
    except ScimError as error:
        # What was approved stays, for the next run to finish. That a report cannot be written would hide the failure itself.
        paths = [path for path in parameters["report"] if os.path.realpath(path) != os.path.realpath(parameters["expect_plan"] or "")]
        with suppress(Invalid):
            write(unplanned(client.url, task.check, str(error), paths), paths, FORMS)
        raise
    if task.check and run.error is None:
        try:
            ask_for_bulk(run.plan, client, parameters["bulk"])
        except Guarded as refusal:
            run = replace(run, error=refusal)
    returned = result(run, client, parameters["max_listed"], parameters["bulk"], time.monotonic() - began, task.check)
    try:
        reported(run, returned, client, parameters, task.check)
    except Invalid as unwritten:  # what was done is told nevertheless
        returned |= {"failed": True, "msg": "\n".join([*([returned["msg"]] if "msg" in returned else []), str(unwritten)])}
    return returned


def planned_and_done(task: Task) -> Run:
    """The walk, as the task's options ask for it."""
    parameters, client = task.parameters, task.client
    policy = policy_of(parameters, client.types, client.capabilities)
    declaration = declared(parameters, client, policy)
    limits = Limits(parameters["max_removals"], parameters["max_updates"], parameters["max_creates"], parameters["allow_removals"])
    expected = reviewed(parameters["expect_plan"], client.url)
    with AuditLog(None if task.check else parameters["audit_log"], client.url) as audit:
        return reconcile(
            declaration,
            client,
            policy,
            limits,
            task.check,
            [audit.outcome, Progress(task.tell).outcome],
            expected=expected,
            bulk=parameters["bulk"],
            on_error=parameters["on_error"],
        )


def reported(run: Run, returned: Result, client: Client, parameters: Mapping[str, Any], check: bool) -> None:
    """The reports that were asked for; they hold all of what ``returned`` holds bounded."""
    if not parameters["report"]:
        return
    refused = isinstance(run.error, Guarded)
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
    refused = isinstance(run.error, Guarded)
    became = {change.identity: {"status": PLANNED if check or refused else LEFT} for change in run.plan.changes}
    for outcome in run.outcomes:  # a group's change may have several
        if became[outcome.change.identity]["status"] != FAILED:
            became[outcome.change.identity] = {"status": FAILED, "error": outcome.error} if outcome.error else {"status": DONE}
    return became


def declared(parameters: Mapping[str, Any], client: Client, policy: Policy) -> Declaration:
    """What files and task declare together.

    :raises Invalid: with every mistake.
    """
    found, unread = sources(parameters)
    if any(prune != NONE for prune in policy.prune.values()):
        unread += [Problem(Origin(one.file), *EMPTY) for one in found if not one.users and not one.groups]
    declaration = gather(found, client.types, policy.match_on, unread)
    return gather(found, client.types, policy.match_on) if learned(client, declaration) else declaration


def sources(parameters: Mapping[str, Any]) -> tuple[list[Document], list[Problem]]:
    """The documents of files and task, and what is wrong with those that cannot be had.

    :raises Invalid: where there is neither.
    """
    if parameters["src"] is None and not parameters["users"] and not parameters["groups"]:
        raise Invalid(
            "Nothing is declared: give src, users or groups. An empty declaration is refused, it would look like an empty directory."
        )
    found, problems = documents(parameters["src"] or (), decrypted())
    inline = Document(INLINE, said(parameters["users"] or []), said(parameters["groups"] or []), said(parameters["defaults"] or {}))
    return [*found, *([inline] if inline.users or inline.groups else [])], problems


def keys_to_match(names: Iterable[str], types: Mapping[str, ResourceType]) -> dict[str, tuple[str, ...]]:
    """``match_on`` by resource type.

    :raises Invalid: for a match key that means nothing.
    """
    # A key that people have in one's own system, such as external_id, groups seldom have: their name finds them as well.
    group_keys = dict.fromkeys([*names, "display_name"])
    known = [name for name in group_keys if types[GROUP].root.sub(name) is not None]
    return {USER: match_keys(types[USER], names), GROUP: match_keys(types[GROUP], known)}


def policy_of(parameters: Mapping[str, Any], types: Mapping[str, ResourceType], known: Capabilities) -> Policy:
    """The policy in a task's options, at a provider of which that is known.

    :raises Invalid: for a filter or a match key that means nothing, and for a way to prune that has another effect there than it says.
    """
    effects, prune = Effects.of(known), {USER: parameters["prune_users"], GROUP: parameters["prune_groups"]}
    effects.refuse_prune(prune)
    return Policy(
        match_on=keys_to_match(parameters["match_on"], types),
        adopt=parameters["adopt"],
        multi_valued=parameters["multi_valued"],
        membership=parameters["membership"],
        ignore_attributes=ignored(parameters, known.ignore_attributes),
        prune=prune,
        scope={
            name: parse(parameters[option], types[name].root)
            for name, option in ((USER, "scope_users"), (GROUP, "scope_groups"))
            if parameters[option]
        },
        protected={USER: tuple(parameters["protected_users"]), GROUP: tuple(parameters["protected_groups"])},
        today=datetime.now(UTC).date(),
        effects=effects,
    )


def result(run: Run, client: Client, most: int, bulk: str, seconds: float, check: bool) -> Result:
    """What the module returns; lists are bounded, counts are whole."""
    failed = failures(run)
    refused = isinstance(run.error, Guarded)
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
    if isinstance(run.error, Guarded):
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
        kind: {
            **dict.fromkeys(("created", "updated", "deactivated", "deleted", "unchanged", "failed"), 0),
            "unchanged": run.plan.unchanged.get(kind, 0),
        }
        for kind in (USER, GROUP)
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
    for (kind, _key), word in told.items():
        counts[kind][word] += 1
    return {"users": counts[USER], "groups": counts[GROUP], "memberships": memberships}


def _word(change: Change, outcome: Outcome | None) -> str:
    if outcome is not None and outcome.error:
        return "failed"
    if outcome is not None and outcome.action is Action.UNCHANGED:
        return "unchanged"
    if change.deactivates:
        return "deactivated"
    return str(outcome.action if outcome is not None else change.action)
