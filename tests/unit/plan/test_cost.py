# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan costs, before it is paid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.cost import requests_planned, seconds_planned, wants_bulk
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Capabilities
from ansible_collections.identity.scim.tests.unit.plan.planned import created, deleted, moved, person, team, updated


def plan_of(count: int) -> Plan:
    return Plan(tuple(created(f"u{number}") for number in range(count)))


MANY = plan_of(25)
FEW = Plan((created("a"), deleted(person("b")), updated(person("c"), title="x"), moved(team("G"), list("abcde"), list("xy"))))


@pytest.mark.parametrize(
    ("plan", "known", "bulk", "expected"),
    [
        (Plan(), {}, "auto", 0),
        (FEW, {}, "auto", 4),
        (FEW, {"members_per_request": 2}, "auto", 7),
        (FEW, {"bulk": True}, "auto", 4),
        (FEW, {"bulk": True, "bulk_operations": 100}, "always", 4),
        (MANY, {}, "auto", 25),
        (MANY, {"bulk": False}, "auto", 25),
        (MANY, {"bulk": True}, "never", 25),
        (MANY, {"bulk": True}, "auto", 1),
        (MANY, {"bulk": True, "bulk_operations": 10}, "auto", 3),
        (MANY, {"bulk": True, "bulk_operations": 1}, "always", 25),
        (MANY, {"bulk": True, "bulk_operations": 25}, "auto", 1),
        (MANY, {"bulk": True, "bulk_operations": 24}, "auto", 2),
        (plan_of(10), {"bulk": True}, "auto", 1),
        (plan_of(9), {"bulk": True}, "auto", 9),
        (plan_of(9), {"bulk": True}, "always", 1),
        (FEW, {"members_per_request": 100}, "auto", 4),
        (FEW, {"members_per_request": 7}, "auto", 4),
        (FEW, {"members_per_request": 6}, "auto", 5),
        (FEW, {"members_per_request": 1}, "auto", 10),
        (FEW, {"bulk": True, "bulk_operations": 100, "members_per_request": 1}, "always", 4),
        (FEW, {"bulk": True, "bulk_operations": 2, "members_per_request": 1}, "always", 7),
    ],
)
def test_requests(plan: Plan, known: dict[str, Any], bulk: str, expected: int) -> None:
    assert requests_planned(plan, Capabilities(**known), bulk) == expected


@pytest.mark.parametrize(
    ("requests", "rate", "burst", "expected"),
    [
        (0, 60, 1, 0.0),
        (1, 60, 1, 0.0),
        (61, 60, 1, 60.0),
        (65, 60, 5, 60.0),
        (3, 60, 5, 0.0),
        (11, 1200, 1, 0.5),
        (2, 7, 1, 8.6),
        (2, 60, 1, 1.0),
    ],
)
def test_seconds(requests: int, rate: float, burst: int, expected: float) -> None:
    assert seconds_planned(requests, rate, burst) == expected


@pytest.mark.parametrize(
    ("changes", "bulk", "expected"),
    [
        (0, "auto", False),
        (0, "always", False),
        (1, "auto", False),
        (1, "always", True),
        (9, "auto", False),
        (10, "auto", True),
        (10, "never", False),
        (1000, "never", False),
    ],
)
def test_bulk_is_worth_it_from_ten_changes_on(changes: int, bulk: str, expected: bool) -> None:
    assert wants_bulk(changes, bulk) is expected


def test_what_is_created_with_a_user_takes_no_request() -> None:
    plan = Plan((created("a"), moved(team("G"), ["User:a"]), moved(team("H"), ["User:a"])), by_name_only=frozenset({"id-G"}))
    assert requests_planned(plan, Capabilities(), "never") == 2
    assert requests_planned(plan, Capabilities(bulk=True), "always") == 2
    assert requests_planned(replace(plan, by_name_only=frozenset({"id-G", "id-H"})), Capabilities(bulk=True), "always") == 1
