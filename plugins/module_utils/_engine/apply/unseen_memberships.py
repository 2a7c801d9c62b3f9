# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships at a provider that stores them, and neither shows the members of any group nor finds them by a filter.

The first members that are added show it. From then on, memberships are sent without being compared, and do not count as changes: the next
run, which cannot know of them, sends them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..declaration.model import GROUP
from ..plan.plan import Action, Change, Plan
from ..plan.snapshot import member_ids
from ..scim.client.client import Client
from ..scim.schema.resource import Resource
from ..state.hidden_memberships import learn_how_memberships_are_found
from ..wording import join_names
from .outcome import Outcome
from .polling import poll

OPTIONS = "provider_options: {members_readable: false, membership_search: false}"


def unseen_warnings(plan: Plan, certain: bool, exact_users: Sequence[str] = ()) -> Iterator[str]:
    """Warnings of memberships that stay because the provider does not show them, if that is ``certain``; else of removals of which no group
    shows that they are needed. ``exact_users`` are those who lose all undeclared memberships, where no group shows a member.
    """
    if certain and plan.exact_groups:
        yield f"The provider does not show who is a member of a group, so {_staying(plan.exact_groups)}"
    joining = any(change.joins for change in plan.changes)
    removals = join_names([f"{plan.names.get(key, key)} from {change.name}" for change in plan.unproven for key in change.leaves])
    if removals and joining:
        yield (
            f"No group shows a member. If the members that join show that the provider hides them, these memberships are removed, too, "
            f"although the plan does not have them: {removals}. To have them in the plan, set {OPTIONS}"
        )
    elif removals:
        yield (
            f"No group shows a member, so these memberships count as ended: {removals}. "
            f"If the provider does not show members, set {OPTIONS} to have them removed."
        )
    if exact_users and not joining:
        yield (
            f"No group shows a member, so {join_names(exact_users)} {'count' if exact_users[1:] else 'counts'} as a member of no group. "
            f"If the provider does not show members, check the memberships there."
        )


def _staying(exact: Sequence[str]) -> str:
    return f"members that are not declared stay in {join_names(exact)}. Declare each of them with membership: absent."


class UnseenMemberships:
    """Finds out whether members are shown, and takes what cannot be seen out of the outcomes.

    ``fresh`` are the keys of new resources, ``ids`` the ids of those that were created.
    """

    def __init__(self, client: Client, plan: Plan, fresh: frozenset[str], ids: Mapping[str, str]) -> None:
        self._client = client
        self._plan = plan
        self._fresh = fresh
        self._ids = ids
        self._known = self.is_certain  # before the first write

    @property
    def is_certain(self) -> bool:
        """Whether the provider is known to neither show nor find memberships."""
        known = self._client.capabilities
        return known.members_readable is False and known.membership_search is False

    def seen(self, outcome: Outcome) -> Outcome:
        """An outcome without the membership changes that may be none."""
        change = outcome.change
        if change.type.name != GROUP or outcome.change.after is None or not (change.joins or change.leaves):
            return outcome
        if outcome.changed and change.joins and not outcome.error:
            self._find_out(outcome)
        if not self.is_certain or change.before is None:
            return outcome
        joined, _left = outcome.moved or (len(change.joins), 0)
        new = min(joined, len(self._fresh.intersection(change.joins)))  # who is new was a member of nothing
        same = change.after is change.before.body and not change.secrets
        if not outcome.changed or (same and not new):
            outcome = replace(outcome, changed=False, action=Action.UNCHANGED)
        warnings = () if self._known else (self._warning(),)
        self._known = True
        return replace(outcome, moved=(new, 0), warnings=(*outcome.warnings, *warnings))

    def removals(self) -> Sequence[Change]:
        """The removals that are now known to be needed, since no group shows that they are not."""
        return self._plan.unproven if self.is_certain else ()

    def attempted(self, outcome: Outcome) -> Outcome:
        """The outcome of one of these. A refusal may mean that there is no such member."""
        refusal = (f"{outcome.error}. It is not known whether the membership exists.",) if outcome.error else ()
        return replace(outcome, error="", warnings=(*outcome.warnings, *refusal))

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
        exact = self._plan.exact_groups
        return (
            "The provider does not show who is a member of a group. Memberships are sent in every run, and do not count as changes."
            f"{f' Also, {_staying(exact)}' if exact else ''} To send fewer requests, set {OPTIONS}."
        )
