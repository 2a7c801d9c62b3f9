# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long many tenants take, as docs/awx.md has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.many_tenants import Node, seconds, table

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("node", "tenants", "sent", "cpu", "expected"),
    [
        (Node(cores=4, forks=1, rate=60), 1, 13, 0.0, 12),  # the first request is sent at once
        (Node(cores=4, forks=1, rate=60), 10, 13, 0.0, 120),
        (Node(cores=4, forks=10, rate=60), 10, 13, 0.0, 12),
        (Node(cores=4, forks=20, rate=60), 10, 13, 0.0, 12),
        (Node(cores=1, forks=10, rate=60000), 10, 10, 2.0, 20),  # as long as the core takes
        (Node(cores=2, forks=10, rate=60000), 10, 10, 2.0, 10),
        (Node(cores=2, forks=1, rate=60000), 10, 10, 2.0, 20),  # one fork uses one core
    ],
)
def test_the_time_of_many_tenants(node: Node, tenants: int, sent: int, cpu: float, expected: float) -> None:
    assert seconds(node, tenants, sent, cpu) == pytest.approx(expected, rel=0.01)


def test_the_page_has_the_table() -> None:
    assert "\n".join(table()) in (ROOT / "docs" / "awx.md").read_text("utf-8")
