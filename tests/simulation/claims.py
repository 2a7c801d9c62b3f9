# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run reports of each change, compared with the provider's store: done is done, and what landed did not fail.

The habits that test it: success for what is not done, other members removed, reads that lag behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Change
from ansible_collections.identity.scim.tests.simulated import Habits
from ansible_collections.identity.scim.tests.simulation.faults import FOR_EVER, Fault
from ansible_collections.identity.scim.tests.simulation.run import Ran
from ansible_collections.identity.scim.tests.simulation.store import LEFT, Body, State, losses, members_of, unordered

UNSEEN = "The provider does not show who is a member of a group"
ONLY_DEACTIVATES = "this provider only deactivates users"
WAITS = 7.0  # seconds: no run waits longer for a read to show a write
OTHERS = frozenset({Fault.RIVAL, Fault.LAGGING})  # a second writer, and reads that no client can tell from true ones
UNANSWERED = frozenset({*FOR_EVER, Fault.UNAVAILABLE})


def is_dishonest(habits: Habits) -> bool:
    """Whether this provider reports success for what it does not do, or does more: no run can make everything as declared."""
    return bool(habits.ignores) or is_harmful(habits) or habits.lag > WAITS


def is_harmful(habits: Habits) -> bool:
    """Whether a change of some members may remove others."""
    return habits.replaces or habits.clears


def hides_members(ran: Ran) -> bool:
    """Whether a run says that it cannot see members. It may say so of a provider that ignores them, if no group has any."""
    return _warns(ran, UNSEEN)


def is_limited(ran: Ran) -> bool:
    """Whether a run says that this provider cannot show members, or cannot delete users, so that it cannot know what is left to do."""
    return hides_members(ran) or _warns(ran, ONLY_DEACTIVATES)


def _warns(ran: Ran, text: str) -> bool:
    return any(text in warning for warning in ran.result.get("warnings", ()))


def _claimed(change: Change, ran: Ran) -> Change | None:
    """The part of a change that a run claims to be done, if no outcome of it is an error.

    Hidden members who joined are not asked for one by one. A user who was inactive and survives a DELETE may have been deactivated by it.
    """
    if change.removes and change.before and not change.before.active and _warns(ran, ONLY_DEACTIVATES):
        return None
    if hides_members(ran):
        return replace(change, joins=(), leaves=())
    return change if ran.sees_members else replace(change, joins=())


def false_claims(ran: Ran) -> Iterator[str]:
    """What is reported done and is not so, and what is reported as failed and is done, as far as a client can know it."""
    happened = {exchange.fault for exchange in ran.network.exchanges}
    habits = ran.network.provider.habits
    if happened & OTHERS or ran.check:
        return
    ids = {outcome.change.key: outcome.id for outcome in ran.outcomes if outcome.id}
    for outcome in ran.outcomes:
        name, claimed = outcome.change.name, _claimed(outcome.change, ran)
        if claimed and not outcome.error and (missing := [*undone(claimed, ran.after, ids, habits)]):
            yield f"{name} is reported as done: {'; '.join(missing)}"
        known = habits.lag <= WAITS and not (outcome.unknown and happened & UNANSWERED)
        if outcome.error and known and not is_harmful(habits):
            own = _after_own_writes(ran, ids.get(outcome.change.key, outcome.change.key))
            if not [*undone(outcome.change, own, ids, habits)]:
                yield f"{name} is reported as failed and done: {outcome.error}"


def _after_own_writes(ran: Ran, key: str) -> State:
    """The state after the last write to a resource itself. Others may do later what its change could not: a deletion ends memberships."""
    return next((each.after for each in reversed([*ran.network.writes]) if each.after and key in each.written), ran.before)


def undone(change: Change, after: State, ids: Mapping[str, str], habits: Habits) -> Iterator[str]:
    """The parts of a change that a state does not have."""
    key = ids.get(change.key, change.key)
    found = after[change.type.endpoint].get(key)
    if change.after is None:
        if found is not None and not (habits.deletion == "deactivates" and found.get("active") is False):
            yield "it still exists"
        return
    if found is None:
        yield "it does not exist"
        return
    before: Body = dict(change.before.body) if change.before else {}
    for name in {**before, **change.after}:  # what is not in the latter is cleared
        value = change.after.get(name)
        if value != before.get(name) and name != "members" and not (change.before is None and name == "active" and value is True):
            stored = found.get(name, True if name == "active" else None)
            if unordered(stored).casefold() != unordered(value).casefold():
                yield f"{name} is {stored!r} and not {value!r}"
    members = members_of(found)
    yield from (f"{member} is not a member" for member in change.joins if ids.get(member, member) not in members)
    yield from (f"{member} is still a member" for member in change.leaves if ids.get(member, member) in members)


def harmed_members(ran: Ran) -> dict[str, set[str]]:
    """By group, the other members that a provider removed with a PATCH of some: what it may do to one group of each form in a run."""
    habits = ran.network.provider.habits
    found: dict[str, set[str]] = {}
    for exchange in ran.network.writes if is_harmful(habits) else ():
        planned = {(change.key, member) for change in (ran.plan.changes if ran.plan else ()) for member in change.leaves}
        for what, group, member in losses(exchange.before or {}, exchange.after or {}):
            if what == LEFT and exchange.method != "PUT" and (group, member) not in planned:
                found.setdefault(group, set()).add(member)
    return found


def unmended_harm(ran: Ran) -> Iterator[str]:
    """More groups that were harmed than it takes to learn of it, and members who were neither added again nor named."""
    habits, harmed = ran.network.provider.habits, harmed_members(ran)
    if not ran.sees_members:
        return
    if len(harmed) > habits.replaces + habits.clears:
        yield f"{len(harmed)} groups lost their other members: {', '.join(sorted(harmed))}"
    everybody = {**ran.after["/Users"], **ran.after["/Groups"]}
    unread = {outcome.id for outcome in ran.outcomes if outcome.error and outcome.unknown}
    seen = not ran.killed and not OTHERS & {exchange.fault for exchange in ran.network.exchanges}
    for group, members in harmed.items() if seen else ():
        missing = members - {*members_of(ran.after["/Groups"].get(group, {}))}
        if group in unread or missing <= {change.key for change in (ran.plan.changes if ran.plan else ()) if change.removes}:
            continue  # providers may take such users out of all groups
        names = [str(everybody[member].get("userName", everybody[member].get("displayName"))) for member in missing if member in everybody]
        unnamed = [name for name in names if name not in ran.message]
        if unnamed:
            yield f"{group} lost {', '.join(unnamed)}, who are neither added again nor named: {ran.message}"
