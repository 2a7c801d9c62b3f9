# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold for every run, with any faults. Checked on the provider's state and on the requests that it got."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Plan
from ansible_collections.identity.scim.tests.simulation.claims import WAITS, false_claims, harmed_members, unmended_harm
from ansible_collections.identity.scim.tests.simulation.faults import FOR_EVER, Fault
from ansible_collections.identity.scim.tests.simulation.run import Ran
from ansible_collections.identity.scim.tests.simulation.store import DEACTIVATED, DELETED, LEFT, Loss, doubled, losses, portrait

UNSURE = frozenset({*FOR_EVER, Fault.RIVAL, Fault.UNAVAILABLE})


class Broken(AssertionError):
    """An invariant does not hold."""


def judge(ran: Ran, secrets: Iterable[str]) -> None:
    """Check one run.

    :raises Broken: with all broken invariants.
    """
    wrong = [*_early_writes(ran), *_unplanned_losses(ran), *_secrets_shown(ran, secrets), *_untrue_results(ran), *_unlogged_writes(ran)]
    wrong += [*false_claims(ran), *unmended_harm(ran)]
    already = doubled(ran.before)
    wrong += [f"doubled: {name}" for name in doubled(ran.after) if name not in already]
    if wrong:
        raise Broken("\n".join(wrong))


def converges(runs: Iterable[Ran]) -> None:
    """:raises Broken: unless the last of the runs had nothing to do, and left everything as it was.

    Where filters compare case, a user in another spelling may be found by the refusal to create it, in each run.
    """
    last = [*runs][-1]
    finds_by_creating = last.network.provider.habits.filters == "exact" and last.only_creates
    if last.failed or (last.wrote and not finds_by_creating) or last.result.get("changed") or last.before != last.after:
        raise Broken(f"the last run was not unchanged: {last.message or last.result.get('changes')}")


def _early_writes(ran: Ran) -> Iterator[str]:
    """Writes before the guard has accepted a plan, or in check mode."""
    for number, exchange in enumerate(ran.network.exchanges):
        if exchange.writes and (ran.check or ran.passed < 0 or number < ran.passed):
            yield f"a write before the guard: {exchange}"


def _unplanned_losses(ran: Ran) -> Iterator[str]:
    allowed = planned_losses(ran.plan) if ran.plan else set()
    allowed |= {(LEFT, group, member) for group, members in harmed_members(ran).items() for member in members}
    deactivates = ran.network.provider.habits.deletion == "deactivates"
    for exchange in ran.network.writes:
        assert exchange.before is not None
        assert exchange.after is not None
        for what, key, member in losses(exchange.before, exchange.after):
            planned = (DELETED, key, member) if what == DEACTIVATED and deactivates else (what, key, member)
            gone = (DEACTIVATED, key, member) if what == DELETED and ran.network.provider.habits.deactivation == "deletes" else planned
            if not {planned, gone, (what, key, member)} & allowed:
                yield f"{key} {member} {what} and not in the plan, by {exchange}"


def planned_losses(plan: Plan) -> set[Loss]:
    """The users and groups to delete or deactivate, and the memberships to end."""
    found: set[Loss] = set()
    for change in plan.changes:
        if change.before is not None:
            found |= {(LEFT, change.before.id, member) for member in change.leaves}
        if change.before is not None and change.removes:
            found.add((DELETED if change.after is None else DEACTIVATED, change.before.id, ""))
    return found


def _secrets_shown(ran: Ran, secrets: Iterable[str]) -> Iterator[str]:
    return (f"a secret is shown: {secret}" for secret in secrets if secret in ran.output)


def _untrue_results(ran: Ran) -> Iterator[str]:
    """Results that differ from the changes at the provider.

    Runs with a read that lags behind are not checked: no client can tell such a read from a true one. After answers that were lost for
    good, the result may say that something is unknown.
    """
    happened = {exchange.fault for exchange in ran.network.exchanges}
    if ran.passed < 0 or ran.check or not ran.result or Fault.LAGGING in happened:
        return
    changed = any(portrait(each.before or {}) != portrait(each.after or {}) for each in ran.network.writes)
    secrets = any(change.secrets for change in (ran.plan.changes if ran.plan else ()))
    unsure = (bool(happened & UNSURE) and bool(ran.result.get("failed"))) or ran.network.provider.habits.lag > WAITS
    if changed and not ran.result["changed"] and not unsure:
        yield "the result says unchanged, and the provider was changed"
    hidden = not ran.sees_members  # who joined is not asked for one by one
    if ran.result["changed"] and not changed and not secrets and not unsure and not hidden and Fault.RIVAL not in happened:
        yield "the result says changed, and the provider was not changed"
    if unsure or Fault.RIVAL in happened:
        return
    for endpoint, part in (("/Users", "users"), ("/Groups", "groups")):
        created = len(ran.after[endpoint].keys() - ran.before[endpoint].keys())
        in_part = sum(o.changed and bool(o.error) and o.change.before is None and o.change.type.endpoint == endpoint for o in ran.outcomes)
        if not created - in_part <= ran.result["summary"][part]["created"] <= created:
            yield f"{ran.result['summary'][part]['created']} {part} created, says the result, and {created} were"


def _unlogged_writes(ran: Ran) -> Iterator[str]:
    """Writes without a line in the audit log.

    If the process was killed, its last write may have none: the line is written once the result of the change is known, and after a bulk
    request whose answers name no resource that takes a look-up for each.
    """
    if ran.audit is None:
        return
    logged = {str(line["id"]) for line in ran.audit}
    unknown = {line["name"] for line in ran.audit if line["id"] is None}  # created, and the answer with the id was lost
    made = {**ran.after["/Users"], **ran.after["/Groups"]}
    logged |= {key for key, body in made.items() if body.get("userName", body.get("displayName")) in unknown}
    writes = [*ran.network.writes]
    finished = writes[:-1] if ran.killed else writes
    missing = {key for exchange in finished for key in exchange.written} - logged
    if ran.killed and len(missing) == 1:  # of a change that takes several requests
        return
    yield from (f"{key} was changed, and the audit log has no line of it" for key in sorted(missing))
