# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who holds what must not be left without a holder, and who would lose it by a plan.

Removals come first in a run. So only users who hold it now and keep it count: another one would get it when the last has lost it already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from ..declaration.model import GROUP, USER
from ..escaping import quoted
from ..scim.schema.resource import Body
from ..wording import counted, join_names
from .must_remain import MustRemain
from .options import Policy
from .plan import Change, Plan
from .snapshot import Snapshot, member_ids


@dataclass(frozen=True, slots=True)
class Loss:
    """What a plan takes from the users of these names. ``others`` is how many keep it, counted up to the number of the rule, ``gained`` who
    would get it. ``known``: every user who holds it is known.
    """

    rule: MustRemain
    lost: Sequence[str]
    gained: Sequence[str]
    others: int
    known: bool

    def __str__(self) -> str:
        must = f"At least {counted(self.rule.at_least, 'user')} must hold {quoted(self.rule.name)} (must_remain)"
        lost = f"{join_names(self.lost)} would lose it"
        if not self.known:
            return f"{must}, and {lost}. Not all users and groups were read: check that others hold it."
        kept = f"only {self.others} would keep it" if self.others else "none would keep it"
        if self.gained:
            return f"{must}, and {kept}: {lost} before {join_names(self.gained)} would get it. Give it to others in an earlier run."
        return f"{must}, and {kept}: {lost}. Keep it for one of them, or give it to another user in an earlier run."


def refused_losses(plan: Plan, snapshot: Snapshot, policy: Policy) -> list[str]:
    """Why a plan must not be applied: it would leave too few users who hold something."""
    return [str(loss) for loss in _losses(plan, snapshot, policy) if loss.known]


def holder_warnings(plan: Plan, snapshot: Snapshot, policy: Policy) -> list[str]:
    """Warnings where it is not known who else holds something, and about changes that the provider may refuse."""
    return [
        *(str(loss) for loss in _losses(plan, snapshot, policy) if not loss.known),
        *(text for rule in policy.must_remain for text in (_reserved(rule, plan, snapshot), _unseen(rule, plan, snapshot, policy)) if text),
    ]


def _losses(plan: Plan, snapshot: Snapshot, policy: Policy) -> Iterator[Loss]:
    """What the plan takes without leaving enough users who are known to keep it."""
    for rule in policy.must_remain:
        before, after = _before(rule, snapshot), _after(rule, plan, snapshot)
        concerned = {change.key for change in _changes(plan, USER)} | (before.by_group ^ after.by_group)
        lost = {key for key in concerned if before.hold(key) and not after.hold(key)}
        if not lost:
            continue
        kept = (key for key in snapshot.users.keys() | before.by_group if key not in lost and before.hold(key))
        others = len(list(islice(kept, rule.at_least)))
        if others < rule.at_least:
            gained = {key for key in concerned if after.hold(key) and not before.hold(key)}
            yield Loss(rule, before.names(lost, plan), after.names(gained, plan), others, _all_known(rule, snapshot))


def _reserved(rule: MustRemain, plan: Plan, snapshot: Snapshot) -> str:
    """Which changes only a credential can make that holds it too; empty if there is none."""
    before = _before(rule, snapshot)
    changed = [change.current_name for change in _changes(plan, USER) if rule.changed_by_holders and before.hold(change.key)]
    if not changed:
        return ""
    return (
        f"Only a user who holds {quoted(rule.name)} may change another one (must_remain), and this plan changes {join_names(changed)}. "
        f"Use a credential that holds it too."
    )


def _unseen(rule: MustRemain, plan: Plan, snapshot: Snapshot, policy: Policy) -> str:
    """The warning that a rule protects no user although users are removed; empty if it protects one, or if protected_users is set."""
    if not plan.removes_users or policy.protected.get(USER) or not _all_known(rule, snapshot):
        return ""
    before = _before(rule, snapshot)
    if any(before.hold(key) for key in snapshot.users):
        return ""
    return (
        f"No user is shown to hold {quoted(rule.name)}, so its last holder cannot be recognized (must_remain). "
        f"Name the users who hold it in protected_users."
    )


def _all_known(rule: MustRemain, snapshot: Snapshot) -> bool:
    """Whether every user who holds it is known: the listings are complete, and the members of its groups were read."""
    if USER not in snapshot.complete:
        return False
    selected = [key for key, group in snapshot.groups.items() if rule.selects(GROUP, group.body)]
    return rule.groups is None or (GROUP in snapshot.complete and snapshot.members.keys() >= set(selected) and not snapshot.hides_members)


# -- two states --------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    """Users by key: those that change, and the ``others``. ``by_group`` are the keys of those who hold it as members of a group."""

    rule: MustRemain
    users: Mapping[str, Body | None]
    others: Snapshot
    by_group: Set[str]

    def hold(self, key: str) -> bool:
        """Whether an active user holds it. A member that was not read is a user of whom nothing else is known."""
        body = self._body(key)
        if body is None:
            return key in self.by_group and key not in self.users and key not in self.others.groups
        if body.get("active") is False:
            return False
        return key in self.by_group or self.rule.selects(USER, body) or any(map(self._selects_shown, body.get("groups") or ()))

    def names(self, keys: Iterable[str], plan: Plan) -> list[str]:
        """What people call the users, sorted."""
        return sorted(str((self._body(key) or {}).get("userName") or plan.names.get(key, key)) for key in keys)

    def _body(self, key: str) -> Body | None:
        if key in self.users:
            return self.users[key]
        user = self.others.users.get(key)
        return user.body if user else None

    def _selects_shown(self, group: Body) -> bool:
        """Whether a group that a user shows gives it (RFC 7643 §4.1.2). Of a group whose members were read, these count."""
        return group.get("value") not in self.others.members and self.rule.selects(GROUP, {"displayName": group.get("display"), **group})


def _before(rule: MustRemain, snapshot: Snapshot) -> _State:
    groups = {key: group.body for key, group in snapshot.groups.items()}
    return _State(rule, {}, snapshot, _by_group(rule, groups, _members(snapshot)))


def _after(rule: MustRemain, plan: Plan, snapshot: Snapshot) -> _State:
    groups: dict[str, Body | None] = {key: group.body for key, group in snapshot.groups.items()}
    members = _members(snapshot)
    for change in _changes(plan, GROUP):
        groups[change.key] = change.after
        members[change.key] = (members.get(change.key, frozenset()) - set(change.leaves)) | set(change.joins)
    return _State(rule, {change.key: change.after for change in _changes(plan, USER)}, snapshot, _by_group(rule, groups, members))


def _members(snapshot: Snapshot) -> dict[str, Set[str]]:
    """The members of each group, also of one that was read for another reason."""
    return {**{key: member_ids(group) for key, group in snapshot.groups.items()}, **snapshot.members}


def _by_group(rule: MustRemain, groups: Mapping[str, Body | None], members: Mapping[str, Set[str]]) -> Set[str]:
    """The members of the groups that the rule selects, and of the groups in them."""
    found: set[str] = set()
    left = [key for key, body in groups.items() if body is not None and rule.selects(GROUP, body)]
    while left:
        new = set(members.get(left.pop(), frozenset())) - found
        found |= new
        left += new & groups.keys()
    return found


def _changes(plan: Plan, type_name: str) -> Iterator[Change]:
    return (change for change in plan.changes if change.type.name == type_name)
