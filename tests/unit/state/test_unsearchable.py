# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said where nobody could be looked for: a plan that makes everybody anew may come of a wrong URL."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.info import users
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.reconcile import reconcile
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.tests.unit.plan.planned import Nowhere, entry, group_entry, person, provider

DECLARED = Declaration((entry("kim"), entry("lee")), (group_entry("Sales"),))
END = "If the provider really has no way to search, declare the ids of existing {}."


def warned(simulated: Any, check: bool, **known: Any) -> tuple[str, ...]:
    return reconcile(DECLARED, simulated.client(**known), Policy(), None, check).plan.warnings


def test_who_could_not_be_compared_is_not_planned_as_new_without_a_word() -> None:
    why = "GET {} was refused with 404: refused here. Check that url is the base URL."
    told = f"{why} So no {{}}s could be compared, and these are planned as new, whether they exist or not:"
    assert warned(Nowhere(), check=True) == (
        f"{told.format('/Users', 'user')} kim, lee. {END.format('users')}",
        f"{told.format('/Groups', 'group')} Sales. {END.format('groups')}",
    )
    assert warned(Nowhere(), check=True, search=False)[0].startswith(
        "The provider has no way to search (search: false). So no users could be"
    )


@pytest.mark.parametrize(("simulated", "check"), [(Nowhere(), False), (provider(person("kim")), True)], ids=["written", "looked for"])
def test_nothing_is_said_where_it_is_known(simulated: Any, check: bool) -> None:
    assert warned(simulated, check) == ()


def test_a_question_that_could_not_be_asked_is_not_answered_with_nobody() -> None:
    found = users(Task({"user_name": "kim"}, Nowhere().client(), True, lambda line: None))
    assert (found["users"], found["complete"]) == ([], False)
    assert found["warnings"] == [
        "GET /Users was refused with 404: refused here. Check that url is the base URL. So no users could be searched for."
    ]
    assert users(Task({"user_name": "kim"}, provider(person("lee")).client(), True, lambda line: None))["warnings"] == []
