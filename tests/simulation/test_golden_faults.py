# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden plans, and a sample of all faults at all of their requests. ``make simulate`` tries every one, at each kind of provider."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from ansible_collections.identity.scim.tests.simulation.golden import KINDS, ODD_KINDS, USUAL_KINDS, Golden
from ansible_collections.identity.scim.tests.unit.golden import golden_cases
from ansible_collections.identity.scim.tests.unit.plan.test_plan_cases import CASES

EVERY = 12  # one of so many mishaps is tried here
ODD_EVERY = 6  # one of so many odd kinds of providers


@pytest.mark.parametrize("case", golden_cases(CASES))
def test_whatever_goes_wrong_a_golden_plan_becomes_true(case: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path) -> None:
    name = request.node.callspec.id
    chance = crc32(name.encode())
    for kind in ("by the book", [*KINDS][chance % len(KINDS)]):
        golden = Golden(name, case, tmp_path, kind)
        for mishap in islice(golden.mishaps() if golden.applies else (), chance % EVERY, None, EVERY):
            golden.suffer(mishap)


@pytest.mark.parametrize("case", golden_cases(CASES))
def test_nothing_is_reported_that_an_odd_provider_does_not_do(case: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path) -> None:
    name = request.node.callspec.id
    for kind in [*ODD_KINDS][crc32(name.encode()) % ODD_EVERY :: ODD_EVERY]:
        Golden(name, case, tmp_path, kind).live(Golden(name, case, tmp_path, USUAL_KINDS.get(kind, "by the book")))


def test_every_golden_plan_applies_to_a_provider_by_the_book(tmp_path: Path) -> None:
    for param in golden_cases(CASES):
        golden = Golden(str(param.id), param.values[0], tmp_path)
        assert golden.applies, golden.undisturbed.trace()
