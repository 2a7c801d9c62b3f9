# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuses plans before the first write: limits, incomplete listings, the wrong tenant, and plans that were not reviewed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..declaration.model import GROUP, USER
from ..files import read_text
from ..scim.errors import Invalid, PlanRefused
from ..scim.schema.resource import Body, Resource
from ..wording import counted, join_names
from .diff import change_digest, plan_digest, presented
from .holders import refused_losses
from .options import NONE, Policy
from .plan import Action, Change, Plan
from .snapshot import Snapshot

# Python's own conversions also read 1_0, which looks like 1, 1e1, and digits of other scripts.
_LIMIT = re.compile(r"\s*(?:(?P<count>[0-9]{1,18})|(?P<share>[0-9]{1,18}(?:\.[0-9]{1,18})?) ?%)\s*")
LEAST_SHARE = 2  # a percentage allows at least this many, so that a small team can lose a member


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on a plan; None is no limit. ``max_removals`` is a number or a percentage, ``consent`` the digest of an exempt plan."""

    max_removals: str | None = "10%"
    max_updates: int | None = None
    max_creates: int | None = None
    consent: str | None = None

    def __post_init__(self) -> None:
        """:raises Invalid: for a limit that is not valid, before there is a plan."""
        allowed(self.max_removals, 0)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The plan that was reviewed: its digest, or the changes of its report."""

    digest: str = ""
    changes: Sequence[Body] | None = None


def guard(plan: Plan, snapshot: Snapshot, limits: Limits, digest: str, identity: Resource | None, policy: Policy) -> None:
    """:raises PlanRefused: with every reason why the plan must not be applied."""
    reasons = [*_incomplete(snapshot, policy.prune), *_wrong_tenant(plan), *_own_identity(plan, identity)]
    reasons += refused_losses(plan, snapshot, policy)
    beyond = [*_removals(plan, limits), *_creates_and_updates(plan, limits)] if limits.consent != digest else []
    if beyond:
        consent = "" if reasons else f"To apply exactly this plan, run again with allow_removals: {digest}"
        if limits.consent is not None:
            consent = f"allow_removals: {limits.consent} was given for another plan. {consent}".rstrip()
        reasons += [*beyond, *plan.effects, *filter(None, [consent])]
    if reasons:
        raise PlanRefused("The plan was refused, and nothing was written.", *(f"- {reason}" for reason in reasons))


def reviewed(expected: str | None, url: str) -> Reviewed | None:
    """Read ``expect_plan``, which is a digest or the path of a JSON report.

    :raises Invalid: for a report that cannot be read. :raises PlanRefused: for a report of another tenant, or one that was changed.
    """
    if not expected or not expected.lower().endswith(".json"):
        return Reviewed(expected) if expected else None
    try:
        report = json.loads(read_text(os.path.expanduser(expected)), object_pairs_hook=_each_key_once)
        changes, tenant, whole = report["changes"], str(report["url"]), report["plan_digest"]
        tampered = [change for change in changes if change_digest(change) != change["digest"]]
        without_values = [change for change in tampered if any("after" not in row for row in change["attributes"])]
        matches = whole == plan_digest((change["digest"] for change in changes), tenant)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        found = f'it has no "{error.args[0]}"' if isinstance(error, KeyError) else str(error)
        raise Invalid(f"expect_plan: {expected} cannot be read as the JSON report of a plan: {found}.") from None
    if whole is None:
        raise PlanRefused(f"expect_plan: {expected} is the report of a run that ended before a plan was made. Nothing was written.")
    if tenant.rstrip("/") != url.rstrip("/"):
        raise PlanRefused(f"expect_plan: {expected} is the report of a plan for {tenant}, but url is {url}. Nothing was written.")
    if without_values:
        raise PlanRefused(
            f"expect_plan: {expected} was written with report_values: none, so it cannot be verified: "
            f"{_labels(without_values)}. Nothing was written. Use its plan_digest, or a report with values."
        )
    if tampered or not matches:
        what = f"the digest of {_labels(tampered)} does not match" if tampered else "its plan_digest does not match its changes"
        raise PlanRefused(f"expect_plan: {expected} was changed after it was written: {what}. Nothing was written. Review a new plan.")
    return Reviewed(changes=changes)


def _each_key_once(pairs: Sequence[tuple[str, Any]]) -> Body:
    """An object of JSON without duplicate keys: a reviewer may see the first value, and Python takes the last.

    :raises ValueError: for a duplicate key.
    """
    whole = dict(pairs)
    if len(whole) < len(pairs):
        raise ValueError("an object has a duplicate key")
    return whole


def expect(plan: Plan, digest: str, expected: Reviewed | None) -> None:
    """Accept only what was reviewed: the plan with that digest, or the remaining changes of that report.

    :raises PlanRefused: with the changes that were not reviewed.
    """
    if expected is None or expected.digest == digest:
        return
    if expected.changes is None:
        if not plan.changes:
            return
        raise PlanRefused(
            f"The plan is not the one that was reviewed: expected the digest {expected.digest}, got {digest}. "
            f"Nothing was written. Review the new plan. If a part of the reviewed plan was applied, set expect_plan to its JSON report: "
            f"a digest is that of the whole plan."
        )
    by_name: dict[tuple[str, str], list[Body]] = {}
    for reviewed_change in expected.changes:
        by_name.setdefault(_name_of(reviewed_change), []).append(reviewed_change)
    rows = ((change, presented(change, plan.names)) for change in plan.changes)
    new = [change for change, row in rows if not any(_is_part_of(row, whole) for whole in by_name.get(_name_of(row), ()))]
    if new:
        raise PlanRefused(
            f"{len(new)} of {len(plan.changes)} changes were not reviewed: {_names(new)}. Nothing was written. Review the new plan."
        )


def _labels(changes: Sequence[Body]) -> str:
    return join_names([" ".join(map(str, _name_of(change))) for change in changes])


def _name_of(change: Body) -> tuple[str, str]:
    return str(change.get("type")), str(change.get("name"))


def _is_part_of(change: Body, whole: Body) -> bool:
    """Whether a change is the ``whole`` one, or does only what it does: sets some of its values, or deletes a group with fewer members."""
    if change["digest"] == whole["digest"]:
        return True
    if whole["action"] == change["action"] == Action.DELETED and whole["id"] == change["id"]:
        return whole["attributes"] == change["attributes"] and set(change["leaves"]) <= set(whole["leaves"])
    created = whole["id"] is None and whole["action"] == Action.CREATED
    same_update = (whole["id"], whole["action"]) == (change["id"], Action.UPDATED)
    if change["action"] != Action.UPDATED or not (created or same_update):
        return False
    reviewed_rows = [(row.get("path"), row.get("before"), row.get("after")) for row in whole["attributes"]]
    rows = [(row["path"], row["before"], row["after"]) for row in change["attributes"]]
    names = ("secrets", "joins", "leaves")
    return all(row in reviewed_rows for row in rows) and all(set(change[name]) <= set(whole[name]) for name in names)


def _incomplete(snapshot: Snapshot, prune: Mapping[str, str]) -> Iterable[str]:
    """Pruning needs a complete listing: a resource that was not read may be undeclared."""
    for name, mode in prune.items():
        if mode != NONE and name not in snapshot.complete:
            missing = snapshot.lacking.get(name, f"The listing of {name.lower()}s is incomplete.")
            yield f"prune_{name.lower()}s: {mode} needs the complete listing of {name.lower()}s. {missing}"


def _wrong_tenant(plan: Plan) -> Iterable[str]:
    """If no declared resource exists and others would be removed, the declaration is most likely for another tenant."""
    pruned = {name: [c for c in plan.changes if c.type.name == name and c.removes and c.entry is None] for name in (USER, GROUP)}
    existing = {c.type.name for c in plan.changes if c.entry is not None and c.before is not None}
    existing |= {name for name, count in plan.unchanged.items() if count}
    if pruned[USER] and USER not in existing:
        others = f"{len(pruned[USER])} others would be removed: {_names(pruned[USER])}"
        yield f"None of the declared users exists at the provider, and {others}. Check that this is the right tenant."
    if pruned[GROUP] and not existing:
        others = f"{len(pruned[GROUP])} other groups would be deleted: {_names(pruned[GROUP])}"
        yield f"None of the declared users and groups exists at the provider, and {others}. Check that this is the right tenant."
    elif pruned[GROUP] and GROUP not in existing and not any(c.type.name == GROUP and c.entry is not None for c in plan.changes):
        yield f"No group is declared, and {len(pruned[GROUP])} would be deleted: {_names(pruned[GROUP])}. Declare a group that stays."


def _own_identity(plan: Plan, identity: Resource | None) -> Iterable[str]:
    for change in plan.changes:
        if identity is not None and change.removes and change.identity == (USER, identity.id):
            yield f"{change.name} is the identity of the credential in use, and would be removed. Add it to protected_users."


def _removals(plan: Plan, limits: Limits) -> Iterable[str]:
    users = [c for c in plan.changes if c.type.name == USER and c.removes]
    groups = [c for c in plan.changes if c.type.name == GROUP and c.removes]
    teams = [c for c in plan.changes if c.type.name == GROUP]
    lost = [f"{plan.names.get(key, key)} from {c.name}" for c in teams for key in c.ended]
    inactive = sum(1 for c in users if c.before and not c.before.active)  # a deleted user is one of the total, active or not
    for names, total, problem in (
        ([c.current_name for c in users], plan.totals.get("users", 0) + inactive, "users would be deactivated or deleted"),
        ([c.current_name for c in groups], plan.totals.get("groups", 0), "groups would be deleted"),
        (lost, plan.totals.get("memberships", 0), "memberships would be lost"),
    ):
        most = allowed(limits.max_removals, total)
        if most is not None and len(names) > most:
            limit = f"{limits.max_removals}, which is {most} here" if str(limits.max_removals).endswith("%") else most
            yield f"{len(names)} of {total} {problem}, more than max_removals ({limit}): {join_names(names)}."


def _creates_and_updates(plan: Plan, limits: Limits) -> Iterable[str]:
    created = [c for c in plan.changes if c.action is Action.CREATED]
    updated = [c for c in plan.changes if c.action is Action.UPDATED and not c.removes and c.key not in plan.by_name_only]
    for changes, most, verb, option in (
        (created, limits.max_creates, "created", "max_creates"),
        (updated, limits.max_updates, "updated", "max_updates"),
    ):
        if most is not None and len(changes) > most:
            yield f"{counted(len(changes), 'resource')} would be {verb}, more than {option} ({most}): {_names(changes)}."


def allowed(limit: str | None, total: int) -> int | None:
    """The number that a limit allows; None for any number.

    :raises Invalid: if the limit is neither a number nor a percentage.
    """
    if limit is None:
        return None
    number = _LIMIT.fullmatch(str(limit))
    share = float(number["share"] or 0) if number else 0
    if number is None or share > 100:
        raise Invalid(f"max_removals must be a number such as 5 or a percentage such as 10%, got {limit!r}.")
    if number["count"]:
        return int(number["count"])
    return max(int(round(total * share / 100, 9)), LEAST_SHARE) if share else 0


def _names(changes: Sequence[Change]) -> str:
    return join_names([change.current_name for change in changes])
