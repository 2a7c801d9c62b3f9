# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan costs: requests, and the seconds that they take at the provider's rate."""

from __future__ import annotations

from ..apply.executor import AUTO, FEW, NEVER, refuse_without_bulk
from ..scim.client.client import Client
from ..scim.providers.capabilities import Capabilities
from .ordering import waves
from .plan import Change, Plan


def ask_for_bulk(plan: Plan, client: Client, bulk: str) -> None:
    """What a plan costs depends on /Bulk: check mode asks what a run would ask before its first write.

    :raises Guarded: as the run would.
    """
    if client.capabilities.bulk is None and plan.changes and bulk != NEVER and (bulk != AUTO or len(plan.changes) >= FEW):
        client.ask_configuration()
    if plan.changes:
        refuse_without_bulk(client, bulk)


def requests_planned(plan: Plan, capabilities: Capabilities, bulk: str = AUTO) -> int:
    """How many writing requests a plan takes: with bulk one for each wave, within the provider's limit of operations."""
    waves_ = [sum(_requests(change, capabilities) for change in wave) for wave in waves(plan)]
    if bulk == NEVER or not capabilities.bulk or (bulk == AUTO and len(plan.changes) < FEW):
        return sum(waves_)
    return sum(-(-operations // (capabilities.bulk_operations or max(operations, 1))) for operations in waves_)


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
