# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers with groups that have a limited number of members: those who leave make room for those who join."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, NEVER
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import moved, person, team, written

MOST = 3
SALES = team("Sales", "a", "b", "c")


class Limited(Simulated):
    """A group has at most ``MOST`` members. A PATCH is refused as a whole."""

    def _patched(self, before: Any, operations: Any, again: bool) -> Any:
        after = super()._patched(before, operations, again)
        if len(after.get("members", ())) > MOST:
            raise self._refused(400, "PATCH", "/Groups/id-Sales", detail="the group is full")
        return after


@pytest.mark.parametrize("bulk", [NEVER, ALWAYS])
@pytest.mark.parametrize("known", [{}, {"members_per_request": 1}, {"operations_per_request": 1}])
@pytest.mark.parametrize("most_members", [1, 2, 1000])
def test_those_who_leave_make_room(most_members: int, known: dict[str, Any], bulk: str) -> None:
    users = [person(name).body for name in "abcxyz"]
    simulated = Limited(users, [SALES.body], Habits(most_members=most_members, bulk=100))
    (outcome,) = written(simulated, moved(SALES, ["id-x", "id-y", "id-z"], ["id-a", "id-b", "id-c"]), bulk=bulk, **known)
    assert outcome.error == ""
    assert sorted(simulated.members("id-Sales")) == ["id-x", "id-y", "id-z"]
