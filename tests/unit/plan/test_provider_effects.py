# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers show of a provider that nobody has described: that DELETE only deactivates, or that deactivating deletes.

What is known of it beforehand is in ``cases/plan/effects.yml`` and ``unreadable.yml``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.run import Run
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.provider_effects import Effects
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Capabilities, Deactivation, Deletion
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import entry, group_entry, person, refusal_of, team
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


@pytest.mark.parametrize(
    ("deletion", "deleted", "expected"),
    [
        (Deletion.FINAL, 0, ""),
        (
            Deletion.FINAL,
            1,
            "Deleting is final at this provider: the 1 user that this plan deletes can never be created again or restored.",
        ),
        (
            Deletion.FINAL,
            2,
            "Deleting is final at this provider: the 2 users that this plan deletes can never be created again or restored.",
        ),
        (Deletion.DEACTIVATES, 0, ""),
        (
            Deletion.DEACTIVATES,
            2,
            "DELETE only deactivates at this provider: the 2 users that this plan deletes will still exist, inactive.",
        ),
        (Deletion.DELETES, 2, ""),
        (Deletion.REFUSED, 2, ""),
    ],
)
def test_what_deletions_of_a_plan_mean(deletion: Deletion, deleted: int, expected: str) -> None:
    assert Effects(user_deletion=deletion).describe(USER, deleted) == expected
    assert Effects(group_deletion=deletion).describe(USER, deleted) == ""
    assert Effects(group_deletion=deletion).describe(GROUP, deleted) == expected.replace("user", "group")


def test_what_is_known_of_a_provider() -> None:
    known = Capabilities(
        user_deletion=Deletion.FINAL,
        group_deletion=Deletion.REFUSED,
        user_deactivation=Deactivation.IGNORED,
        single_valued=("emails",),
    )
    assert Effects.of(known) == Effects(Deletion.FINAL, Deletion.REFUSED, Deactivation.IGNORED, ("emails",), deletes_inactive=True)
    only_groups = Effects.of(Capabilities(group_deletion=Deletion.FINAL))
    assert (only_groups.deletion("User"), only_groups.deletion("Group")) == (Deletion.DELETES, Deletion.FINAL)


def test_an_inactive_group_is_not_absent() -> None:
    assert not Effects(Deletion.REFUSED, Deletion.REFUSED).is_absent(team("Sales", active=False))


PLACE = "users.yml:7: users[0]: "
LOST = "deactivating deletes at this provider (user_deactivation), so the account would be lost."
ACTIVE = "this provider ignores active: false (user_deactivation), so the account would stay active."
INSTEAD = "Declare state: absent to delete the account."


@pytest.mark.parametrize(
    ("effects", "prune", "message"),
    [
        (
            Effects(user_deactivation=Deactivation.DELETES),
            {"User": "deactivate"},
            f"prune_users: deactivate is refused: {LOST} Use prune_users: delete if you mean that, or none.",
        ),
        (
            Effects(user_deactivation=Deactivation.IGNORED),
            {"User": "deactivate"},
            f"prune_users: deactivate is refused: {ACTIVE} Use prune_users: delete if you mean that, or none.",
        ),
        (
            Effects(user_deletion=Deletion.REFUSED),
            {"User": "delete"},
            "prune_users: delete is refused: this provider does not delete users (user_deletion). Use prune_users: deactivate.",
        ),
        (
            Effects(group_deletion=Deletion.REFUSED),
            {"Group": "delete"},
            "prune_groups: delete is refused: this provider does not delete groups (group_deletion). Use prune_groups: none.",
        ),
        (Effects(user_deactivation=Deactivation.DELETES), {"User": "delete", "Group": "delete"}, ""),
        (Effects(user_deactivation=Deactivation.DELETES), {"User": "none"}, ""),
        (Effects(user_deletion=Deletion.REFUSED), {"User": "deactivate", "Group": "delete"}, ""),
        (Effects(user_deletion=Deletion.DEACTIVATES), {"User": "delete"}, ""),
        (Effects(group_deletion=Deletion.REFUSED), {"User": "delete", "Group": "none"}, ""),
        (Effects(Deletion.REFUSED, Deletion.REFUSED, Deactivation.DELETES), {}, ""),
    ],
)
def test_what_cannot_be_pruned(effects: Effects, prune: dict[str, str], message: str) -> None:
    assert refusal_of(Invalid, effects.refuse_prune, prune) == message


@pytest.mark.parametrize(
    ("effect", "expires", "declared", "before", "message"),
    [
        (Deactivation.DELETES, None, {"active": False}, True, f"kim: active: false is refused: {LOST} {INSTEAD}"),
        (Deactivation.IGNORED, None, {"active": False}, True, f"kim: active: false is refused: {ACTIVE} {INSTEAD}"),
        (Deactivation.DELETES, None, {"active": False}, None, f"kim: active: false is refused: {LOST} {INSTEAD}"),
        (Deactivation.DELETES, None, {"active": False}, False, ""),
        (Deactivation.DELETES, None, {"active": True}, True, ""),
        (Deactivation.DELETES, None, {}, True, ""),
        (Deactivation.DEACTIVATES, date(2027, 1, 1), {"active": False}, True, ""),
        (
            Deactivation.IGNORED,
            date(2027, 1, 1),
            {},
            False,
            f"kim: expires is refused: {ACTIVE} Declare delete_after instead, which deletes the account after that day.",
        ),
    ],
)
def test_what_cannot_be_deactivated(
    effect: Deactivation, expires: date | None, declared: dict[str, Any], before: bool | None, message: str
) -> None:
    effects, there = Effects(user_deactivation=effect), None if before is None else person("kim", active=before)
    refusal = refusal_of(PlanRefused, effects.refuse_deactivation, entry("kim", expires=expires), declared, there)
    assert refusal == (PLACE + message if message else "")


def test_groups_are_never_deactivated() -> None:
    effects, declared = Effects(user_deactivation=Deactivation.DELETES), {"active": False}
    assert refusal_of(PlanRefused, effects.refuse_deactivation, group_entry("Sales"), declared, None) == ""
    assert refusal_of(PlanRefused, effects.refuse_deactivation, entry("kim"), declared, None) != ""


def test_what_cannot_be_deleted() -> None:
    refusing = Effects(Deletion.REFUSED, Deletion.REFUSED)
    assert refusal_of(PlanRefused, refusing.refuse_deletion, entry("kim")) == (
        f"{PLACE}kim cannot be deleted: this provider refuses DELETE (user_deletion). Declare active: false, which takes the access away."
    )
    assert refusal_of(PlanRefused, refusing.refuse_deletion, group_entry("Sales")) == (
        "groups.yml:3: Sales cannot be deleted: this provider refuses DELETE (group_deletion). Remove its members instead."
    )
    assert refusal_of(PlanRefused, Effects(user_deletion=Deletion.REFUSED).refuse_deletion, group_entry("Sales")) == ""
    assert refusal_of(PlanRefused, Effects(group_deletion=Deletion.REFUSED).refuse_deletion, entry("kim")) == ""


def test_what_keeps_one_value_only() -> None:
    effects = Effects(single_valued=("nothing", "phoneNumbers", "emails", "title"))
    effects.refuse_values(entry("kim"), {"phoneNumbers": [{"value": "1"}], "emails": [], "title": "Boss", "photos": [1, 2]})
    with pytest.raises(PlanRefused) as refused:
        effects.refuse_values(entry("kim"), {"phoneNumbers": [{"value": "1"}], "emails": [{"value": "a"}, {"value": "b"}]})
    assert str(refused.value) == (
        f"{PLACE}kim: emails has 2 values, and this provider keeps only one (single_valued). Declare the one that matters."
    )
