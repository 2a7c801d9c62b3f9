# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan costs: requests, and the seconds that they take at the provider's rate."""

from __future__ import annotations

from ..scim.providers.capabilities import Capabilities
from .options import ALWAYS, NEVER
from .ordering import waves
from .plan import Change, Plan

FEW = 10  # fewer changes are sent one by one: finding out whether bulk is supported would cost as much as it gains


def wants_bulk(changes: int, bulk: str) -> bool:
    """Whether this number of changes is sent in bulk, if the provider supports it; ``bulk`` is the option."""
    return changes > 0 and bulk != NEVER and (bulk == ALWAYS or changes >= FEW)


def requests_planned(plan: Plan, capabilities: Capabilities, bulk: str) -> int:
    """The number of write requests for a plan. With bulk: one for each wave, within the provider's limit of operations."""
    written = [[change for change in wave if change.key not in plan.by_name_only] for wave in waves(plan)]
    operations = [sum(_requests(change, capabilities) for change in wave) for wave in written]
    if not (capabilities.bulk and wants_bulk(len(plan.changes), bulk)):
        return sum(operations)
    return sum(-(-count // (capabilities.bulk_operations or max(count, 1))) for count in operations)


def _requests(change: Change, capabilities: Capabilities) -> int:
    members = len(change.joins) + len(change.leaves)
    limit = capabilities.members_per_request or max(members, 1)
    chunks = -(-members // limit)
    return max(chunks, 1)


def seconds_planned(requests: int, per_minute: float, burst: int) -> float:
    """How long so many requests take at the provider's rate."""
    return round(max(requests - burst, 0) * 60 / per_minute, 1)
