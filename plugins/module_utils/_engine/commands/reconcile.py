# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a run: fetch, match, decide, plan, guard, apply. Check mode leaves out one call, ``apply_plan``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..apply.bulk import uses_bulk
from ..apply.confirmation import Confirmation
from ..apply.executor import DEFAULT_OPTIONS, ApplyOptions, Executor
from ..apply.outcome import Outcome
from ..apply.run import Run
from ..declaration.model import GROUP, USER, Declaration
from ..plan.diff import digest
from ..plan.guard import Limits, Reviewed, expect, guard
from ..plan.holders import holder_warnings
from ..plan.matching import Pair, match, shared_external_ids
from ..plan.memberships import Memberships, Moves
from ..plan.options import Policy
from ..plan.ordering import waves
from ..plan.plan import Action, plan
from ..plan.policy import Desired, desired_state, unmatched_protections
from ..plan.reporting_lines import with_managers
from ..plan.snapshot import Snapshot
from ..plan.unseen_memberships import unseen_warnings
from ..scim.client.client import Client
from ..scim.errors import Invalid, OutOfReach, PlanRefused, ScimError, Stop
from ..state.fetch import fetch
from ..state.requirements import Requirements, may_remove
from ..state.unsearchable import uncompared
from ..wording import counted, first_lines, join_names

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
    """Plan a declaration and, without ``check``, apply the plan. For a single resource, ``limits`` is None.

    A plan that is refused is returned with the refusal as its error, so that it can be reported.

    :raises Invalid: if the declaration cannot be planned. :raises PlanRefused: if it is out of scope, or would remove something that
    is protected. :raises Stop: if the provider cannot be read.
    """
    needed = Requirements(
        declaration, policy, whole=limits is not None and may_remove(declaration, policy), thorough=check or limits is not None
    )
    run, snapshot = _planned(client, needed, check)
    try:
        if limits is not None:
            expect(run.plan, run.digest, expected)
            guard(run.plan, snapshot, limits, run.digest, client.me() if run.plan.removes_users else None, policy)
            if check:
                uses_bulk(client, len(run.plan.changes), options.bulk)
    except PlanRefused as refusal:
        return replace(run, error=refusal)
    if check:
        return run
    readable = client.capabilities.members_readable
    done, known = apply_plan(run, client, policy, watchers, options), client.capabilities
    found = readable is not False and known.members_readable is False and known.membership_search is True
    return _with_unplanned_members(done, client, needed, watchers) if found and done.error is None else done


def _planned(client: Client, needed: Requirements, check: bool) -> tuple[Run, Snapshot]:
    """The plan, and the state that it was made from."""
    declaration, policy = needed.declaration, needed.policy
    snapshot = fetch(client, needed)
    pairs = match_all(declaration, client, snapshot, policy)
    desired, refused = all_desired(pairs, policy)
    memberships, moves = _memberships(desired, list(refused.values()), snapshot, policy)
    planned = replace(plan(desired, moves, snapshot, policy), exact=memberships.exact)
    list(waves(planned))  # refuses a plan that has no possible order, in check mode too
    not_compared = uncompared(client, planned.changes) if check else ()  # a run finds out when it writes
    by_guard = (*unmatched_protections(pairs, snapshot.complete, policy), *memberships.kept_warnings())
    unseen = (*unseen_warnings(planned, snapshot, memberships.counted_as_ended()), *holder_warnings(planned, snapshot, policy))
    found = (
        *map(str, declaration.warnings),
        *snapshot.warnings,
        *planned.warnings,
        *shared_external_ids(pairs),
        *by_guard,
        *not_compared,
        *unseen,
    )
    planned = replace(planned, warnings=found)
    return Run(desired, planned, digest(planned, client.url), presets=declaration.presets), snapshot


def _with_unplanned_members(run: Run, client: Client, needed: Requirements, watchers: Sequence[Watcher]) -> Run:
    """A run that has found out that a filter finds members whom groups do not show: those who should leave, and are not in its plan, are
    failures. They are not removed, since no plan has shown that. The next run plans it.
    """
    for resource_type in client.types.values():
        client.lookup(resource_type).forget()
    try:
        later, _snapshot = _planned(client, needed, check=False)
    except ScimError as error:
        return replace(run, error=error)
    planned = {(change.key, member) for change in run.plan.changes for member in change.ended}
    unplanned: list[Outcome] = []
    for change in later.plan.changes:
        members = [later.plan.names.get(key, key) for key in change.leaves if (change.key, key) not in planned]
        if members:
            why = "not removed, since the provider showed only during this run that they are members"
            text = f"{change.name}: {why}: {join_names(members)}. Run the task again to have that planned."
            outcome = Outcome(change, Action.UNCHANGED, changed=False, id=change.key, error=text)
            unplanned.append(outcome)
            for watcher in watchers:
                watcher(outcome, run)
    return replace(run, outcomes=(*run.outcomes, *unplanned))


def match_all(declaration: Declaration, client: Client, snapshot: Snapshot, policy: Policy) -> list[Pair]:
    """All entries with their resources, then all undeclared resources.

    :raises Invalid: with every entry that is ambiguous, and every manager who is not found.
    """
    users = match(snapshot.finder(client.types[USER], policy), declaration.users, policy.ends)
    groups = match(snapshot.finder(client.types[GROUP], policy), declaration.groups, policy.ends)
    snapshot.forget_finders()
    complete = USER in snapshot.complete
    return with_managers(users, policy, complete or client.lookup(client.types[USER]).searchable, complete) + groups


def all_desired(pairs: Sequence[Pair], policy: Policy) -> tuple[tuple[Desired, ...], dict[int, ScimError]]:
    """The desired state of each pair, and the errors by the place of their pair: it is desired as it is."""
    desired: list[Desired] = []
    errors: dict[int, ScimError] = {}
    for number, pair in enumerate(pairs):
        try:
            desired.append(desired_state(pair, policy))
        except (Invalid, PlanRefused) as error:
            desired.append(Desired(pair, pair.before.body if pair.before else None))
            errors[number] = error
    return tuple(desired), errors


def _memberships(
    desired: Sequence[Desired], errors: list[ScimError], snapshot: Snapshot, policy: Policy
) -> tuple[Memberships, dict[str, Moves]]:
    """The memberships, and their changes by group.

    :raises ScimError: with the errors of single pairs, and with the protected memberships that would end: all in one message.
    """
    try:
        memberships = Memberships(desired, snapshot, policy)
        moves = memberships.moves()
    except (Invalid, PlanRefused) as error:
        # A name that is not found may only be that of a resource which another error keeps from being created.
        if not errors or isinstance(error, PlanRefused):
            errors = [*errors, error]
    if errors:
        lines = [line for error in errors for line in error.args]
        raise type(errors[0])(*first_lines(lines))
    return memberships, moves


def apply_plan(run: Run, client: Client, policy: Policy, watchers: Sequence[Watcher], options: ApplyOptions) -> Run:
    """Apply the plan of a run. What stops it becomes the error of the run, so that the changes made until then are reported."""
    outcomes: dict[int, Outcome] = {}  # one for each change: a confirmation replaces the outcome of the write
    executor = Executor(client, policy, options)

    def note(outcome: Outcome) -> None:
        outcomes[id(outcome.change)] = outcome
        try:
            for watcher in watchers:
                watcher(outcome, run)
        except Stop as stop:
            executor.stop(stop)

    error: ScimError | None = None
    try:
        for outcome in executor.outcomes(run.plan):
            note(outcome)
    except (Stop, PlanRefused) as end:
        error = end
    unreadable = error if isinstance(error, OutOfReach) else None
    try:
        for outcome in Confirmation(client, policy, executor.state).outcomes([*outcomes.values()], unreadable):
            note(outcome)
    except Stop as end:
        error = error or end
    return replace(run, outcomes=tuple(outcomes.values()), error=error or executor.stopped)


def warnings(run: Run) -> list[str]:
    """The warnings of the plan and of each outcome, and what was not sent because the provider does not store it."""
    each = [*run.plan.warnings, *(warning for outcome in run.outcomes for warning in outcome.warnings)]
    left_out: dict[tuple[str, str], list[str]] = {}
    for outcome in run.outcomes:
        for option in outcome.left_out:
            left_out.setdefault((outcome.change.type.noun, option), []).append(outcome.change.name)
    return each + [
        f"{option} was not sent for {counted(len(names), noun)}: the provider did not store it before in this run. {join_names(names)}"
        for (noun, option), names in left_out.items()
    ]
