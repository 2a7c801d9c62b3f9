# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk: declared, read, matched, policy, plan, guard, apply. Check mode is the absence of one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..apply.executor import Apply
from ..apply.outcome import Outcome
from ..apply.run import Run
from ..declaration.model import GROUP, USER, Declaration, Member
from ..plan.diff import digest
from ..plan.guard import Limits, Reviewed, expect, guard
from ..plan.matching import Pair, matched, namesakes
from ..plan.memberships import edges
from ..plan.options import Policy
from ..plan.ordering import waves
from ..plan.plan import plan
from ..plan.policy import Desired, desired
from ..plan.snapshot import Snapshot
from ..scim.client.client import Client
from ..scim.errors import Invalid, PlanRefused, ScimError, Stop
from ..scim.schema.overlay import UNKNOWN
from ..scim.schema.resource import Body, read_complex
from ..scim.schema.types import ResourceType
from ..state.fetch import read
from ..state.other_spellings import add_other_spellings
from ..state.requirements import may_remove
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
    **how: str,
) -> Run:
    """A declaration made true; with ``check`` only planned. One resource is a directory of one, and has no ``limits``.

    ``how`` are the options of ``Apply``.

    A plan that must not be applied comes back with its refusal, so that it can be looked at.

    :raises Invalid: where the declaration cannot be made true. :raises Guarded: out of scope, or protected. :raises Stop: while reading.
    """
    current = read(client, declaration, policy, whole=limits is not None and may_remove(declaration, policy))
    add_other_spellings(client, declaration, policy, current, check or expected is not None)
    pairs = paired(declaration, client, current, policy)
    wanted = tuple(_in_one_go(pair, declared, client) for pair, declared in zip(pairs, all_desired(pairs, policy), strict=True))
    planned = plan(wanted, edges(wanted, current, policy), current, policy)
    list(waves(planned))  # what no order can do is refused in check mode as well
    unsure = uncompared(client, planned.changes) if check else ()  # a write tells by itself who was there
    planned = replace(planned, warnings=(*planned.warnings, *namesakes(pairs), *unsure))
    run = Run(current, wanted, planned, digest(planned, client.url))
    try:
        if limits is not None:
            expect(planned, run.digest, expected)
            guard(planned, current, limits, run.digest, client.me() if planned.removes_people else None, policy.prune)
    except PlanRefused as refusal:
        return replace(run, error=refusal)
    return run if check else applied(run, client, policy, watchers, **how)


def paired(declaration: Declaration, client: Client, current: Snapshot, policy: Policy) -> list[Pair]:
    """All entries with what the provider has of them, then all that is not declared."""
    users = matched(client.types[USER], declaration.users, current.users, policy.match_on.get(USER, ()), policy.ends)
    groups = matched(client.types[GROUP], declaration.groups, current.groups, policy.match_on.get(GROUP, ()), policy.ends)
    return users + groups


def all_desired(pairs: list[Pair], policy: Policy) -> list[Desired]:
    """The wanted state of each pair; all objections together.

    :raises Invalid: or Guarded, as ``desired`` does.
    """
    found: list[Desired] = []
    objections: list[ScimError] = []
    for pair in pairs:
        try:
            found.append(desired(pair, policy))
        except (Invalid, PlanRefused) as objection:
            objections.append(objection)
    if objections:
        raise type(objections[0])(join_lines(list(map(str, objections)), len(objections)))
    return found


def _in_one_go(pair: Pair, wanted: Desired, client: Client) -> Desired:
    """Where groups cannot be looked up, some providers take a new user's groups in its body."""
    groups = pair.entry.groups if pair.entry else None
    in_body = client.capabilities.groups_in_body and not client.searchable(client.types[GROUP])
    if not groups or pair.before is not None or wanted.after is None or not in_body or pair.type.name != USER:
        return wanted
    entry = replace(pair.entry, groups=None) if pair.entry else None
    listed = [_group_in_body(pair.type, group) for group in groups]
    return replace(wanted, pair=replace(pair, entry=entry), after={**wanted.after, "groups": listed})


def _group_in_body(resource_type: ResourceType, group: Member) -> Body:
    """A group of a user, under SCIM's names (RFC 7643 §4.1.2)."""
    return read_complex(resource_type.root.sub("groups") or UNKNOWN, group.written)


def applied(run: Run, client: Client, policy: Policy, watchers: Sequence[Watcher] = (), **how: str) -> Run:
    """The run with its outcomes; what stopped it is its error, so that what was done until then is told too."""
    outcomes: list[Outcome] = []
    work = Apply(client, policy, **how)
    try:
        for outcome in work.outcomes(run.plan):
            outcomes.append(outcome)
            try:
                for watcher in watchers:
                    watcher(outcome, run)
            except Stop as stop:
                work.stop(stop)
    except (Stop, PlanRefused) as end:
        return replace(run, outcomes=tuple(outcomes), error=end)
    return replace(run, outcomes=tuple(outcomes))
