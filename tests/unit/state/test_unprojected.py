# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that does not show the attributes of extensions where they are requested with ``attributes``."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import person

Body = dict[str, Any]
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PEOPLE = ("ann", "bob", "cai")


def directory(simulated: Simulated, check: bool = False, **given: Any) -> Body:
    defaults = {name: option.get("default") for name, option in options().items()}
    return several.directory(Task({**defaults, **given}, simulated.client(), check, lambda line: None))


def declared(department: str) -> list[Body]:
    return [{"user_name": name, "enterprise": {"department": department}} for name in PEOPLE]


def provider(department: str = "", **habits: Any) -> Simulated:
    stored = {ENTERPRISE: {"department": department}} if department else {}
    return Simulated([person(name, **stored).body for name in PEOPLE], habits=Habits(projects="core", **habits))


@pytest.mark.parametrize("answers_patch", [True, False])
@pytest.mark.parametrize("before", ["", "Sales"])
def test_an_extension_is_stored_although_it_is_not_shown_where_it_is_requested(before: str, answers_patch: bool) -> None:
    simulated = provider(before, answers_patch=answers_patch)
    predicted = directory(simulated, check=True, users=declared("Data"))
    done, again = (directory(simulated, users=declared("Data")) for _run in range(2))
    assert [len(each["changes"]) for each in (predicted, done, again)] == [3, 3, 0]
    assert ([each["warnings"] for each in (done, again)], again["changed"]) == ([[], []], False)
    assert {user[ENTERPRISE]["department"] for user in simulated.users.values()} == {"Data"}
    assert len(simulated.written) == 3


def test_nothing_else_is_read_whole() -> None:
    """Two requests more: one resource, and the listing again."""
    simulated = provider("Data")
    assert not directory(simulated, users=declared("Data"))["changed"]
    assert simulated.asked == ["GET /Users", "GET /Users/id-ann", "GET /Users"]
    simulated.asked.clear()
    assert not directory(simulated, users=[{"user_name": name, "active": True} for name in PEOPLE])["changed"]
    assert simulated.asked == ["GET /Users"]


def test_a_scope_is_not_empty_because_answers_do_not_show_its_attribute() -> None:
    simulated = provider("Data")
    scope = f'{ENTERPRISE}:department eq "Data"'
    users = [{"user_name": name} for name in PEOPLE[:2]]
    result = directory(simulated, users=users, scope_users=scope, prune_users="deactivate", max_removals=1)
    assert [(change["name"], change["reason"]) for change in result["changes"]] == [("cai", "not declared")]


def test_where_an_extension_is_not_stored_either_it_is_said() -> None:
    """What the whole resource lacks as well is not stored."""
    simulated = provider(drops=frozenset({ENTERPRISE}))
    done = directory(simulated, users=declared("Data"))
    assert "ignore_attributes: [enterprise]" in "".join(done["warnings"])
    reads = sum(asked.startswith("GET /Users/") for asked in simulated.asked)
    assert reads == 1 + 3 * 2, "one before the plan, and two after each PATCH until the attribute is not sent any more"
