# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan may not do. It speaks before the first write, in whole sentences: what, how many of how many, which limit, how to go on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..declaration.model import GROUP, USER
from ..scim.errors import Invalid, PlanRefused
from ..scim.schema.resource import Body, Resource
from ..wording import join_names
from .diff import presented
from .options import NONE
from .plan import Action, Change, Plan
from .snapshot import Snapshot

FEWEST = 2  # a percentage of few is never less: one leaver of a small team must be possible


@dataclass(frozen=True, slots=True)
class Limits:
    """Guard rails; None is no limit. ``max_removals`` is a number or a percentage (``10%``), ``consent`` the digest that lifts them."""

    max_removals: str | None = "10%"
    max_updates: int | None = None
    max_creates: int | None = None
    consent: str | None = None

    def __post_init__(self) -> None:
        """:raises Invalid: for a limit that is none, whatever the plan will be."""
        allowed(self.max_removals, 0)


@dataclass(frozen=True)
class Reviewed:
    """The plan that somebody has reviewed: its digest, or the changes of its report."""

    digest: str = ""
    changes: Sequence[Body] | None = None

    def __contains__(self, change: Body) -> bool:
        """Whether a change was reviewed, or is what is left of one of which a part was done: a made resource, some members."""
        return change["digest"] in self._digests or any(_is_part_of(change, one) for one in self._named.get(_name_of(change), ()))

    @cached_property
    def _digests(self) -> frozenset[str]:
        return frozenset(change["digest"] for change in self.changes or ())

    @cached_property
    def _named(self) -> Mapping[tuple[str, str], list[Body]]:
        named: dict[tuple[str, str], list[Body]] = {}
        for change in self.changes or ():
            named.setdefault(_name_of(change), []).append(change)
        return named


def guard(plan: Plan, current: Snapshot, limits: Limits, digest: str, identity: Resource | None, prune: Mapping[str, str]) -> None:
    """:raises Guarded: with every reason why a plan must not be applied; nothing has been written then."""
    reasons = [*_incomplete(current, prune), *_wrong_tenant(plan), *_own_identity(plan, identity)]
    if limits.consent != digest:
        beyond = [*_removals(plan, limits), *_others(plan, limits)]
        said = f"To do exactly this, and nothing else, run again with allow_removals: {digest}"
        if limits.consent is not None and beyond:
            said = f"allow_removals: {limits.consent} was given for another plan. {said}"
        reasons += [*beyond, *plan.effects, said] if beyond else []
    if reasons:
        raise PlanRefused("The plan was refused, and nothing was written.\n" + "\n".join(f"- {reason}" for reason in reasons))


def reviewed(expected: str | None, url: str) -> Reviewed | None:
    """What ``expect_plan`` stands for: a digest, or the path of a JSON report.

    :raises Invalid: for a report that cannot be read. :raises Guarded: for a report of another tenant.
    """
    if not expected or not expected.lower().endswith(".json"):
        return Reviewed(expected) if expected else None
    try:
        report = json.loads(Path(expected).expanduser().read_text(encoding="utf-8"))
        changes, of = [{**change, "digest": change["digest"]} for change in report["changes"]], str(report.get("url") or url)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"expect_plan: {expected} cannot be read as the JSON report of a plan: {error}.") from None
    if of.rstrip("/") != url.rstrip("/"):
        raise PlanRefused(f"expect_plan: {expected} is the report of a plan for {of}, and this is {url}. Nothing was written.")
    return Reviewed(changes=changes)


def expect(plan: Plan, digest: str, expected: Reviewed | None) -> None:
    """Apply only what was reviewed: exactly the plan of that digest, or what is left of that report.

    :raises Guarded: naming what is new.
    """
    if expected is None or expected.digest == digest:
        return
    if expected.changes is None:
        if not plan.changes:
            return
        raise PlanRefused(
            f"The plan is not the one that was reviewed: its digest is {digest}, expected was {expected.digest}. "
            f"Nothing was written. Review it anew."
        )
    fresh = [change for change in plan.changes if presented(change, plan.names) not in expected]
    if fresh:
        raise PlanRefused(
            f"{len(fresh)} of {len(plan.changes)} changes were not reviewed: {_named(fresh)}. Nothing was written. Review the plan anew."
        )


def _name_of(change: Body) -> tuple[str, str]:
    return str(change.get("type")), str(change.get("name"))


def _is_part_of(change: Body, one: Body) -> bool:
    """Nothing else than was reviewed: the same values before and after, or after a creation, values where there are none yet."""
    made = one.get("id") is None and one.get("action") == Action.CREATED
    if change["action"] != Action.UPDATED or not (made or (one.get("id"), one.get("action")) == (change["id"], Action.UPDATED)):
        return False
    reviewed = [(row.get("path"), row.get("before"), row["after"]) for row in one.get("attributes") or () if "after" in row]
    rows = [(row["path"], row["before"], row["after"]) for row in change["attributes"]]
    names = ("secrets", "joins", "leaves")
    return all(row in reviewed for row in rows) and all(set(change[name]) <= set(one.get(name) or ()) for name in names)


def _incomplete(current: Snapshot, prune: Mapping[str, str]) -> Iterable[str]:
    """Whoever is not declared may be among those who were not read: that nobody was seen to go is no sign that nobody should."""
    for resource_type, how in prune.items():
        if how != NONE and resource_type not in current.complete:
            lacking = current.lacking.get(resource_type, f"The listing of {resource_type.lower()}s is incomplete.")
            yield f"prune_{resource_type.lower()}s: {how} needs to know who is not declared. {lacking}"


def _wrong_tenant(plan: Plan) -> Iterable[str]:
    """Nothing of the declaration is there, and something that is there would go: most likely this is another tenant's declaration."""
    going = {
        resource_type: [c for c in plan.changes if c.type.name == resource_type and c.removes and c.entry is None]
        for resource_type in (USER, GROUP)
    }
    met = {c.type.name for c in plan.changes if c.entry is not None and c.before is not None} | {k for k, n in plan.unchanged.items() if n}
    if going[USER] and USER not in met:
        others = f"{len(going[USER])} others would be removed: {_named(going[USER])}"
        yield f"The provider has nobody of the declaration, and {others}. Is this the right tenant?"
    if going[GROUP] and not met:
        others = f"{len(going[GROUP])} other groups would be deleted: {_named(going[GROUP])}"
        yield f"The provider has nobody and no group of the declaration, and {others}. Is this the right tenant?"
    elif going[GROUP] and GROUP not in met and not any(c.type.name == GROUP and c.entry is not None for c in plan.changes):
        yield f"No group is declared, and {len(going[GROUP])} would be deleted: {_named(going[GROUP])}. Declare a group that stays."


def _own_identity(plan: Plan, identity: Resource | None) -> Iterable[str]:
    for change in plan.changes if identity else ():
        if identity and change.removes and change.identity == (USER, identity.id):
            yield f"{change.name} is the identity of the credential in use, and would be removed. Add it to protected_users."


def _removals(plan: Plan, limits: Limits) -> Iterable[str]:
    users = [c for c in plan.changes if c.type.name == USER and c.removes]
    groups = [c for c in plan.changes if c.type.name == GROUP and c.removes]
    leaving = [c for c in plan.changes if c.leaves]
    lost = sum(len(c.leaves) for c in leaving)
    people = plan.totals.get("users", 0) + sum(1 for c in users if c.before and not c.before.active)  # who goes is one of them all
    for count, total, what, names in (
        (len(users), people, "people would be deactivated or deleted", _named(users)),
        (len(groups), plan.totals.get("groups", 0), "groups would be deleted", _named(groups)),
        (lost, plan.totals.get("memberships", 0), "memberships would be lost", _members(leaving, plan)),
    ):
        most = allowed(limits.max_removals, total)
        if most is not None and count > most:
            limit = f"{limits.max_removals}, so {most}" if str(limits.max_removals).endswith("%") else most
            yield f"{count} of {total} {what}, more than max_removals ({limit}): {names}."


def _others(plan: Plan, limits: Limits) -> Iterable[str]:
    created = [c for c in plan.changes if c.action is Action.CREATED]
    updated = [c for c in plan.changes if c.action is Action.UPDATED and not c.removes]
    for changes, most, what, option in (
        (created, limits.max_creates, "created", "max_creates"),
        (updated, limits.max_updates, "updated", "max_updates"),
    ):
        if most is not None and len(changes) > most:
            yield f"{len(changes)} resources would be {what}, more than {option} ({most}): {_named(changes)}."


def allowed(limit: str | None, total: int) -> int | None:
    """How many a limit allows; None for any number.

    :raises Invalid: for what is neither a number nor a percentage.
    """
    if limit is None:
        return None
    text = str(limit).strip()
    try:
        if text.endswith("%"):
            share = float(text[:-1])
            if not 0 <= share <= 100:
                raise ValueError
            return max(int(round(total * share / 100, 9)), FEWEST) if share else 0
        if int(text) < 0:
            raise ValueError
        return int(text)
    except ValueError:
        raise Invalid(f"max_removals is {limit!r}: expected is a number such as 5, or a percentage such as 10%.") from None


def _named(changes: Sequence[Change]) -> str:
    return join_names([change.before.name if change.before else change.name for change in changes])


def _members(leaving: Sequence[Change], plan: Plan) -> str:
    return join_names([f"{plan.names.get(key, key)} from {change.name}" for change in leaving for key in change.leaves])
