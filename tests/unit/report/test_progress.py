# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a progress line is printed, and its text."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.run import Run
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.report.progress import Progress, duration, line
from ansible_collections.identity.scim.tests.unit.plan.planned import created

CHANGE = created("kim")
DONE = Outcome(CHANGE, Action.CREATED, True)
FAILED = Outcome(CHANGE, Action.CREATED, False, error="kim: refused")


def printed(total: int, *steps: tuple[float, Outcome]) -> list[str]:
    """The lines of a run with outcomes at these seconds."""
    lines: list[str] = []
    now = [0.0]
    run = Run((), Plan((CHANGE,) * total), "digest")
    progress = Progress(lines.append, lambda: now[0])
    for seconds, outcome in steps:
        now[0] = seconds
        progress.outcome(outcome, run)
    return lines


def test_a_short_run_prints_nothing() -> None:
    assert printed(100, *[(number / 100, DONE) for number in range(100)]) == []


def test_a_line_every_five_percent() -> None:
    lines = printed(100, *[(number * 2.0, DONE) for number in range(1, 101)])
    assert len(lines) == 20
    assert lines[0] == "5 of 100 changes (5 %), 0.5/s, 3 min 10 s left"
    assert lines[-1] == "100 of 100 changes (100 %), 0.5/s"


def test_a_line_every_ten_seconds() -> None:
    assert len(printed(10_000, *[(number * 5.0, DONE) for number in range(1, 11)])) == 5


def test_at_most_one_line_a_second() -> None:
    lines = printed(100, *[(3.0, DONE)] * 50, *[(3.5, DONE)] * 25, *[(4.1, DONE)] * 25)
    assert [text.split(" ")[0] for text in lines] == ["5", "76"]


def test_failures_are_counted() -> None:
    assert printed(2, (3.0, FAILED), (6.0, DONE)) == [
        "1 of 2 changes (50 %), 0.3/s, 3 s left, 1 failed",
        "2 of 2 changes (100 %), 0.3/s, 1 failed",
    ]


def test_an_outcome_that_is_not_final_counts_for_nothing() -> None:
    lost = Outcome(CHANGE, Action.CREATED, False, error="kim: not answered", unknown=True, is_final=False)
    assert printed(2, (3.0, lost), (4.0, lost), (6.0, DONE)) == ["1 of 2 changes (50 %), 0.2/s, 6 s left"]


def test_no_change_and_no_time() -> None:
    assert line(0, 0, 0.0, 0) == "0 of 0 changes (0 %), 0.0/s"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (63, "1 min 3 s"),
        (3599.6, "1 h"),
        (3600, "1 h"),
        (3725, "1 h 2 min"),
        (90000, "25 h"),
    ],
)
def test_durations(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected
