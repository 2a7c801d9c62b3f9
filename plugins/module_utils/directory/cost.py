# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan costs: requests, and the seconds that they take at the provider's rate."""

from __future__ import annotations

from ..scim.capabilities import Capabilities
from .plan import Change, Plan


def requests_planned(plan: Plan, capabilities: Capabilities, bulk: str = "auto") -> int:
    """How many writing requests a plan takes."""
    single = sum(_requests(change, capabilities) for change in plan.changes)
    if bulk == "never" or not capabilities.bulk:
        return single
    return -(-single // (capabilities.bulk_operations or max(single, 1)))


def _requests(change: Change, capabilities: Capabilities) -> int:
    members = len(change.joins) + len(change.leaves)
    limit = capabilities.members_per_request or max(members, 1)
    chunks = -(-members // limit)
    return max(chunks, 1)


def seconds_planned(requests: int, capabilities: Capabilities) -> float | None:
    """How long so many requests take at the provider's rate; None where it has none."""
    if capabilities.rate is None:
        return None
    return round(max(requests - capabilities.burst, 0) * 60 / capabilities.rate, 1)
