# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of one run: the desired state, the plan, and the outcome of each change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..plan.plan import Plan
from ..plan.policy import Desired
from ..scim.errors import ScimError
from .outcome import Outcome


@dataclass(frozen=True, slots=True)
class Run:
    """What was planned and what was done. ``outcomes`` is empty in check mode; ``error`` is what ended the run. ``presets`` are as in
    ``Declaration``.
    """

    desired: tuple[Desired, ...]
    plan: Plan
    digest: str
    outcomes: tuple[Outcome, ...] = ()
    error: ScimError | None = None
    presets: Mapping[str, str] = field(default_factory=dict)
