# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan made true. One change that is refused does not stop the others; what stops the run leaves the rest for the next one."""

from __future__ import annotations

from collections.abc import Iterator

from ..scim.client import Client
from ..scim.errors import AnswerLost, Refused
from .plan import Plan
from .policy import Policy
from .write import Outcome, Write


def apply(plan: Plan, client: Client, policy: Policy) -> Iterator[Outcome]:
    """The outcome of each change, as it happens.

    :raises Stop: where nothing more can be done; what was done until then has been yielded.
    """
    ids: dict[str, str] = {}
    for change in plan.changes:
        write = Write(client, policy, change, ids)
        try:
            outcome = write.outcome()
        except (Refused, AnswerLost) as error:
            outcome = write.failed(error)
        if outcome.after is not None:
            ids[change.key] = outcome.after.id
        yield outcome
