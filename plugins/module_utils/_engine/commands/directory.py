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
from typing import Any

from ..apply.bulk import uses_bulk
from ..apply.run import Run
from ..declaration.documents import Document, documents
from ..declaration.loader import gather
from ..declaration.model import GROUP, USER, Declaration, Origin, Problem
from ..declaration.vault import decrypted
from ..plan.guard import Limits, reviewed
from ..plan.options import NONE, Policy
from ..plan.provider_effects import Effects
from ..report.audit_log import AuditLog
from ..report.model import check_place, unplanned, write
from ..report.progress import Progress
from ..scim.client.client import Client
from ..scim.errors import Invalid, PlanRefused, ScimError
from ..scim.providers.capabilities import Capabilities
from ..scim.schema.filter import parse
from ..scim.schema.types import ResourceType
from ..state.extensions import learned
from .directory_result import FORMS, result, write_reports
from .reconcile import reconcile
from .resource import ignored, match_keys, said
from .task import Result, Task

INLINE = "the task"
EMPTY = "it declares nobody and no group", "somebody, or no such file: whoever stood in it would be pruned"


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
            uses_bulk(client, len(run.plan.changes), parameters["bulk"])
        except PlanRefused as refusal:
            run = replace(run, error=refusal)
    returned = result(run, client, parameters["max_listed"], parameters["bulk"], time.monotonic() - began, task.check)
    try:
        write_reports(run, returned, client, parameters, task.check)
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
