# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships at a provider that stores them, and neither shows the members of any group nor finds them by a filter.

The first members that are added show it. From then on, memberships are sent without being compared, and do not count as changes: the next
run, which cannot know of them, sends them again. What is sent is what the plan has, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..declaration.model import GROUP
from ..plan.plan import Action, Plan
from ..plan.snapshot import member_ids
from ..plan.unseen_memberships import HIDDEN, staying
from ..scim.client.client import Client
from ..scim.schema.resource import Resource
from ..state.hidden_memberships import learn_how_memberships_are_found
from .outcome import Outcome
from .polling import poll


class UnseenMemberships:
    """Finds out whether members are shown, and takes what cannot be seen out of the outcomes.

    ``fresh`` are the keys of new resources, ``ids`` the ids of those that were created.
    """

    def __init__(self, client: Client, plan: Plan, fresh: frozenset[str], ids: Mapping[str, str]) -> None:
        self._client = client
        self._plan = plan
        self._fresh = fresh
        self._ids = ids
        self._reported = self._is_certain  # before the first write, it is a warning of the plan

    @property
    def _is_certain(self) -> bool:
        """Whether the provider is known to neither show nor find memberships."""
        known = self._client.capabilities
        return known.members_readable is False and known.membership_search is False

    def seen(self, outcome: Outcome) -> Outcome:
        """An outcome without the membership changes that may be none."""
        change = outcome.change
        if change.type.name != GROUP or change.after is None or not (change.joins or change.leaves):
            return outcome
        if outcome.changed and change.joins and not outcome.error:
            self._find_out(outcome)
        if self._is_certain and not self._reported:
            self._reported = True
            outcome = replace(outcome, warnings=(*outcome.warnings, self._warning()))
        # Who is new was a member of nothing.
        unseen = frozenset((*change.joins, *change.leaves)) - self._fresh if self._is_certain else change.unseen
        return _without(outcome, unseen) if unseen and change.before is not None else outcome

    def _find_out(self, outcome: Outcome) -> None:
        """Learn whether a group shows members that were just added."""
        if self._client.capabilities.members_readable is not None or not outcome.id:
            return

        def shows(group: Resource | None) -> bool:
            return group is None or bool(member_ids(group))

        resource_type = outcome.change.type
        after = outcome.after if outcome.after and member_ids(outcome.after) else None
        group = after or poll(self._client, lambda: self._client.get(resource_type, outcome.id), shows)
        if group is None or member_ids(group):
            self._client.learn(members_readable=True)
            return
        member = next(self._ids.get(key, key) for key in outcome.change.joins if key not in self._fresh or key in self._ids)
        if not learn_how_memberships_are_found(self._client, (outcome.id, member)):
            self._client.learn(members_readable=False, membership_search=False)

    def _warning(self) -> str:
        also = staying(self._plan.exact)
        return (
            "The provider does not show who is a member of a group. Memberships are sent in every run, and do not count as changes."
            f"{f' Also, {also}' if also else ''} To send fewer requests, set {HIDDEN}."
        )


def _without(outcome: Outcome, unseen: frozenset[str]) -> Outcome:
    """The outcome of which the moves of these members do not count, and are not confirmed."""
    change = outcome.change
    moved = outcome.moved or (len(change.joins), len(change.leaves))
    most = (sum(member not in unseen for member in members) for members in (change.joins, change.leaves))
    joined, left = map(min, moved, most)
    expected = replace(outcome.expected, joined=outcome.expected.joined - unseen, left=outcome.expected.left - unseen)
    same = change.before is not None and change.after is change.before.body and not change.secrets
    changed = outcome.changed and (not same or joined + left > 0)
    return replace(
        outcome,
        action=outcome.action if changed else Action.UNCHANGED,
        changed=changed,
        moved=(joined, left),
        unseen=unseen.intersection((*change.joins, *change.leaves)),
        expected=expected,
        confirmed=outcome.confirmed if changed else None,
    )
