# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people must know of memberships that the provider does not show: which stay, and which removals may be none. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..wording import join_names
from .memberships import Exact
from .plan import Plan
from .snapshot import Snapshot

HIDDEN = "provider_options: {members_readable: false, membership_search: false}"
SHOWN = "provider_options: {members_readable: true}"


def unseen_warnings(plan: Plan, snapshot: Snapshot, ended: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Warnings of a plan at a provider that shows no member of any group. ``ended`` are the members and groups whose memberships end."""
    memberships = join_names([f"{member} from {group}" for member, group in ended])
    if snapshot.resent:
        if text := staying(plan.exact):
            yield f"The provider does not show who is a member of a group, so {text}"
    elif any(change.joins for change in plan.changes):
        if memberships:
            yield (
                f"No group shows a member, so it is not known whether these memberships exist. Their removal is sent, and does not count "
                f"as a change: {memberships}. If the provider shows members, set {SHOWN}. If it does not, set {HIDDEN}."
            )
    else:
        if memberships:
            yield (
                f"No group shows a member, so these memberships count as ended: {memberships}. "
                f"If the provider does not show members, set {HIDDEN} to have them removed."
            )
        if snapshot.unseen and (users := plan.exact.users):
            yield (
                f"No group shows a member, so {join_names(users)} {'count' if users[1:] else 'counts'} as a member of no group. "
                f"If the provider does not show members, check the memberships there."
            )


def staying(exact: Exact) -> str:
    """Which undeclared memberships cannot be ended, since nothing shows them; empty if none are to end."""
    groups = f"members that are not declared stay in {join_names(exact.groups)}" if exact.groups else ""
    users = f"{join_names(exact.users)} {'stay' if exact.users[1:] else 'stays'} in groups that are not declared" if exact.users else ""
    text = ", and ".join(filter(None, (groups, users)))
    return f"{text}. Declare each of them with membership: absent." if text else ""
