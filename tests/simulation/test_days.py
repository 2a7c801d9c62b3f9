# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random days of many tenants. ``make simulate`` runs more of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.identity.scim.tests.simulation.day import DAYS, days
from ansible_collections.identity.scim.tests.simulation.invariants import Broken

PARTS = 20  # tests, so that several processes share the days
TENANTS = 5  # of each


@pytest.mark.parametrize("part", range(PARTS))
def test_what_must_hold_on_any_day(part: int, tmp_path: Path) -> None:
    """2000 days in all."""
    first = part * TENANTS * DAYS
    broken = [
        f"make simulate SEED=1 DAY={day}\n{ran}" for day, ran in days(1, first, first + TENANTS * DAYS, tmp_path) if isinstance(ran, Broken)
    ]
    assert broken == []


def test_a_day_can_be_repeated_exactly(tmp_path: Path) -> None:
    def traces() -> list[str]:
        return [each.trace() for _day, ran in days(7, 0, DAYS, tmp_path) for each in ran if not isinstance(ran, Broken)]

    assert traces() == traces()
