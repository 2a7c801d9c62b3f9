# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of one run, from the current state to what became of each change."""

from __future__ import annotations

from dataclasses import dataclass

from ..plan.plan import Plan
from ..plan.policy import Desired
from ..plan.snapshot import Snapshot
from ..scim.errors import ScimError
from .outcome import Outcome


@dataclass(frozen=True, slots=True)
class Run:
    """What was planned and what became of it. ``outcomes`` is empty in check mode; ``error`` ended the run."""

    snapshot: Snapshot
    desired: tuple[Desired, ...]
    plan: Plan
    digest: str
    outcomes: tuple[Outcome, ...] = ()
    error: ScimError | None = None
