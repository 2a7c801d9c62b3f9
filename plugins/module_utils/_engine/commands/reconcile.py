# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk: declared, read, matched, desired, planned, guarded, applied. Check mode is the absence of one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..apply.executor import DEFAULT_OPTIONS, ApplyOptions, Executor
from ..apply.outcome import Outcome
from ..apply.run import Run
from ..declaration.model import GROUP, USER, Declaration
from ..plan.diff import digest
from ..plan.guard import Limits, Reviewed, expect, guard
from ..plan.matching import Pair, match, shared_external_ids
from ..plan.memberships import Memberships
from ..plan.options import Policy
from ..plan.ordering import waves
from ..plan.plan import plan
from ..plan.policy import Desired, desired_state
from ..plan.snapshot import Snapshot
from ..scim.client.client import Client
from ..scim.errors import Invalid, PlanRefused, ScimError, Stop
from ..state.fetch import fetch
from ..state.requirements import may_remove, requirements
from ..state.unsearchable import uncompared
from ..wording import join_lines

Watcher = Callable[[Outcome, Run], None]


def reconcile(
    declaration: Declaration,
    client: Client,
    policy: Policy,
    limits: Limits | None,
    check: bool,
    watchers: Sequence[Watcher] = (),
    expected: Reviewed | None = None,
    options: ApplyOptions = DEFAULT_OPTIONS,
) -> Run:
    """Make a declaration true; with ``check`` only plan it. One resource is a directory of one, and has no ``limits``.

    A plan that must not be applied is returned with its refusal, so that it can be looked at.

    :raises Invalid: where the declaration cannot be made true. :raises PlanRefused: where it is out of scope, or takes something from what
    is protected. :raises Stop: where the provider cannot be read.
    """
    whole = limits is not None and may_remove(declaration, policy)
    snapshot = fetch(client, requirements(declaration, policy, whole, thorough=check or expected is not None))
    pairs = match_all(declaration, client, snapshot, policy)
    desired = all_desired(pairs, policy)
    planned = plan(desired, Memberships(desired, snapshot, policy).moves(), snapshot, policy)
    list(waves(planned))  # what no order can do is refused in check mode as well
    unsure = uncompared(client, planned.changes) if check else ()  # a write shows by itself what existed
    planned = replace(planned, warnings=(*planned.warnings, *shared_external_ids(pairs), *unsure))
    run = Run(snapshot, desired, planned, digest(planned, client.url))
    try:
        if limits is not None:
            expect(planned, run.digest, expected)
            guard(planned, snapshot, limits, run.digest, client.me() if planned.removes_users else None, policy.prune)
    except PlanRefused as refusal:
        return replace(run, error=refusal)
    return run if check else applied(run, client, policy, watchers, options)


def match_all(declaration: Declaration, client: Client, snapshot: Snapshot, policy: Policy) -> list[Pair]:
    """All entries with their resources, then all undeclared resources.

    :raises Invalid: with every entry that does not tell which resource is meant.
    """
    users = match(client.types[USER], declaration.users, snapshot.users, policy.match_keys(USER), policy.ends)
    groups = match(client.types[GROUP], declaration.groups, snapshot.groups, policy.match_keys(GROUP), policy.ends)
    return users + groups


def all_desired(pairs: Sequence[Pair], policy: Policy) -> tuple[Desired, ...]:
    """The desired state of each pair; all objections together.

    :raises Invalid: or PlanRefused, as ``desired_state`` does.
    """
    desired: list[Desired] = []
    objections: list[ScimError] = []
    for pair in pairs:
        try:
            desired.append(desired_state(pair, policy))
        except (Invalid, PlanRefused) as objection:
            objections.append(objection)
    if objections:
        raise type(objections[0])(join_lines(list(map(str, objections)), len(objections)))
    return tuple(desired)


def applied(run: Run, client: Client, policy: Policy, watchers: Sequence[Watcher], options: ApplyOptions) -> Run:
    """The run with its outcomes; what stopped it is its error, so that what was done until then is reported too."""
    outcomes: list[Outcome] = []
    executor = Executor(client, policy, options)
    try:
        for outcome in executor.outcomes(run.plan):
            outcomes.append(outcome)
            try:
                for watcher in watchers:
                    watcher(outcome, run)
            except Stop as stop:
                executor.stop(stop)
    except (Stop, PlanRefused) as end:
        return replace(run, outcomes=tuple(outcomes), error=end)
    return replace(run, outcomes=tuple(outcomes))
