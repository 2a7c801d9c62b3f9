# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers show of a provider that nobody has described: that DELETE only deactivates, or that deactivating deletes.

What is known of it beforehand is in ``cases/plan/effects.yml`` and ``unreadable.yml``.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.run import Run
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.provider_effects import Effects
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Capabilities, Deactivation, Deletion
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import person
from ansible_collections.identity.scim.tests.unit.plan.test_plan_cases import reconciled


def people(*names: str, **attributes: Any) -> list[dict[str, Any]]:
    return [{"id": f"id-{name}", "userName": name, **attributes} for name in names]


def run(simulated: Simulated, known: dict[str, Any] | None = None, groups: Any = (), **states: dict[str, Any]) -> Run:
    """A run of a declaration: each keyword is a person."""
    declared = {"users": [{"user_name": name, **state} for name, state in states.items()], "groups": list(groups)}
    options = {"max_removals": "9"}
    return reconciled({"declared": declared, "options": options}, simulated.client(**(known or {})), check=False)


def warnings(done: Run) -> str:
    return "\n".join(warning for outcome in done.outcomes for warning in outcome.warnings)


ABSENT = {"state": "absent"}
INACTIVE = {"active": False}


def test_that_delete_only_deactivates_is_seen_at_the_second_delete() -> None:
    simulated = Simulated(people("kim", "lee", "max", active=True), habits=Habits(deletion="deactivates"))
    first = run(simulated, kim={}, lee=ABSENT, max=ABSENT)
    assert [outcome.action for outcome in first.outcomes] == [Action.DELETED] * 2
    simulated.written.clear()
    again = run(simulated, kim={}, lee=ABSENT, max=ABSENT)
    assert [(outcome.action, outcome.changed) for outcome in again.outcomes] == [(Action.UNCHANGED, False)] * 2
    assert len(simulated.written) == 1, "one DELETE shows it"
    assert "provider_options: {user_deletion: deactivates}" in warnings(again)
    third = run(simulated, {"user_deletion": "deactivates"}, kim={}, lee=ABSENT, max=ABSENT)
    assert third.outcomes == ()


def test_that_delete_deletes_is_seen_once() -> None:
    simulated = Simulated(people("kim", "lee", "max", active=False))
    done = run(simulated, kim=ABSENT, lee=ABSENT, max=ABSENT)
    assert [outcome.action for outcome in done.outcomes] == [Action.DELETED] * 3
    assert [asked for asked in simulated.asked if asked.startswith("GET /Users/")] == ["GET /Users/id-kim"]


def test_that_deactivating_deletes_is_seen_at_the_first_and_spares_the_others() -> None:
    simulated = Simulated(people("kim", "lee", "max", active=True), habits=Habits(deactivation="deletes"))
    done = run(simulated, kim=INACTIVE, lee=INACTIVE, max=INACTIVE)
    assert list(simulated.users) == ["id-lee", "id-max"]
    assert "kim was deactivated and does not exist any more" in warnings(done)
    assert "provider_options: {user_deactivation: deletes}" in warnings(done)
    errors = [outcome.error for outcome in done.outcomes if outcome.error]
    assert len(errors) == 2
    assert all("not deactivated: this provider deletes users" in error for error in errors)


def test_a_group_whose_members_are_hidden_is_never_put() -> None:
    habits = Habits(shows_members=False, patch=False)
    simulated = Simulated(people("kim", "lee"), [{"id": "g", "displayName": "Sales", "members": [{"value": "id-kim"}]}], habits)
    team = {"display_name": "Sales", "members": ["lee"], "membership": "additive"}
    done = run(simulated, {"members_readable": False}, groups=[team])
    assert "the provider does not show members (members_readable), so all of them might be removed" in done.outcomes[0].error
    assert simulated.members("g") == ["id-kim"]


@pytest.mark.parametrize("deletion", Deletion)
@pytest.mark.parametrize("active", [True, False])
def test_who_is_absent(deletion: Deletion, active: bool) -> None:
    effects = Effects.of(Capabilities(user_deletion=deletion))
    expected = not active and deletion in (Deletion.DEACTIVATES, Deletion.REFUSED)
    assert effects.is_absent(person("kim", active=active)) is expected


def test_words() -> None:
    known = Effects.of(Capabilities(user_deletion=Deletion.FINAL, group_deletion=Deletion.FINAL))
    assert known.describe(USER, 0) == ""
    assert "the 2 groups that this plan deletes can never" in known.describe(GROUP, 2)
    assert known.reason(USER, "declared absent") == "declared absent; deleting is final at this provider"
    plain = Effects.of(Capabilities())
    assert (plain.describe(USER, 3), plain.reason(USER, "declared absent")) == ("", "declared absent")
    assert plain == Effects(), "what is not known is as the RFC has it"
    assert plain.user_deactivation is Deactivation.DEACTIVATES
