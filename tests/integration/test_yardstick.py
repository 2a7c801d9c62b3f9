# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests a directory takes, as a proxy in front of a real server sees them: 1,000 users, 50 groups, 3,000 memberships, in pages
of 100."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.rates import requests
from servers.in_process import ran
from servers.proxy import Exchange

NAMES = [f"u{number}@example.org" for number in range(1000)]
DECLARED = {
    "users": [{"user_name": name, "display_name": name.partition("@")[0]} for name in NAMES],
    "groups": [
        {"display_name": f"Team {team}", "members": [NAMES[(team * 20 + place) % 1000] for place in range(60)]} for team in range(50)
    ],
    "provider_options": {"page_size": 100},
}


def test_the_documentation_computes_the_same_numbers() -> None:
    computed = requests(1000, 50)
    assert [computed[run] for run in ("first load", "first load in bulk", "nothing to do")] == [1105, 10, 13]


@pytest.mark.parametrize(("bulk", "most"), [("never", 1105), ("auto", 10)])
def test_a_first_load_and_a_second_run(bulk: str, most: int, rfc: Any) -> None:
    first = ran("directory", rfc, **DECLARED, bulk=bulk)
    assert not first.failed, first
    assert [first.result["summary"][each]["created"] for each in ("users", "groups")] == [1000, 50]
    assert first.result["summary"]["memberships"] == {"added": 3000, "removed": 0}
    assert first.result["requests"] == len(first.exchanges) <= most, methods(first.exchanges)
    second = ran("directory", rfc, **DECLARED, bulk=bulk)
    assert (second.result["changed"], second.writes) == (False, [])
    assert second.result["requests"] == len(second.exchanges) <= 13, methods(second.exchanges)


def methods(exchanges: tuple[Exchange, ...]) -> dict[str, int]:
    """How many requests went to each endpoint."""
    sent = [f"{exchange.request.method} /{exchange.request.path.split('/')[1]}" for exchange in exchanges]
    return {each: sent.count(each) for each in dict.fromkeys(sent)}
