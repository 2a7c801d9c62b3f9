# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that stores memberships, shows every group without members, and finds none by a filter."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import group as single
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.resources import group as group_options
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import person, team

Body = dict[str, Any]
BLIND = {"members_readable": False, "membership_search": False}
UNSEEN = "The provider does not show who is a member of a group. Memberships are sent in every run, and do not count as changes."
STAY = "members that are not declared stay in Red. Declare each of them with membership: absent."


def provider(**habits: Any) -> Simulated:
    silent = Habits(**{"shows_members": False, "membership_filters": frozenset({"nothing"}), **habits})
    return Simulated([person(name).body for name in ("ann", "bob", "cai", "dee")], [team("Red", "ann", "dee").body], silent)


def directory(simulated: Simulated, check: bool = False, known: Body | None = None, **given: Any) -> Body:
    defaults = {name: option.get("default") for name, option in options().items()}
    return several.directory(Task({**defaults, **given}, simulated.client(**(known or {})), check, lambda line: None))


def group(name: str, *members: Any, **attributes: Any) -> Body:
    return {"display_name": name, "members": list(members), **attributes}


def members(simulated: Simulated, group_id: str = "id-Red") -> set[str]:
    return {member.removeprefix("id-") for member in simulated.members(group_id)}


@pytest.mark.parametrize("answers_patch", [True, False])
@pytest.mark.parametrize("bulk", [0, 100])
def test_memberships_are_sent_and_do_not_count_as_changes(answers_patch: bool, bulk: int) -> None:
    simulated = provider(answers_patch=answers_patch, bulk=bulk)
    declared = {"groups": [group("Red", "ann", "bob"), group("New", "cai")], "bulk": "always" if bulk else "never"}
    first, second = (directory(simulated, **declared) for _run in range(2))
    assert [each.get("failed") for each in (first, second)] == [None, None], (first, second)
    assert [each["changed"] for each in (first, second)] == [True, False], "a group was created"
    assert [(each["summary"]["groups"]["created"], each["summary"]["groups"]["updated"]) for each in (first, second)] == [(1, 0), (0, 0)]
    assert second["summary"]["memberships"] == {"added": 0, "removed": 0}
    assert (members(simulated), simulated.members("g0001")) == ({"ann", "bob", "dee"}, ["id-cai"])
    [warning] = second["warnings"]
    assert warning.startswith(UNSEEN)
    assert "members that are not declared stay in New, Red" in warning
    assert warning.endswith("To send fewer requests, set provider_options: {members_readable: false, membership_search: false}.")


def test_a_declared_removal_is_sent() -> None:
    simulated = provider()
    expired = {"user_name": "dee", "expires": "2020-01-31", "groups": ["Red"]}
    declared = {"groups": [group("Red", "bob", membership="additive"), group("Blue", "ann")], "users": [expired]}
    simulated.add("/Groups", "id-Blue", team("Blue", "ann").body)
    directory(simulated, **declared, max_removals="100%")
    assert members(simulated) == {"ann", "bob"}, "dee has expired"
    left = {"groups": [group("Red", "ann", membership="absent"), group("Blue", "ann")]}
    assert directory(simulated, **left)["changed"] is False
    assert members(simulated) == {"bob"}


def test_a_removal_that_is_not_in_the_plan_is_announced() -> None:
    simulated = provider()
    declared = {"groups": [group("Red", "dee", membership="absent"), group("Blue", "ann")]}
    simulated.add("/Groups", "id-Blue", team("Blue").body)
    planned = directory(simulated, check=True, **declared)
    [warning] = planned["warnings"]
    assert "these memberships are removed, too, although the plan does not have them: dee from Red." in warning
    done = directory(simulated, **declared, expect_plan=planned["plan_digest"])
    assert done["warnings"][0] == warning
    assert members(simulated) == {"ann"}
    known = directory(simulated, check=True, known=BLIND, **declared)
    assert [change["leaves"] for change in known["changes"] if change["name"] == "Red"] == [["dee"]]


def test_where_nothing_is_added_a_removal_that_may_be_needed_is_said() -> None:
    simulated = provider()
    result = directory(simulated, groups=[group("Red", "dee", membership="absent")])
    assert not result["changed"]
    [warning] = result["warnings"]
    assert warning.startswith("No group shows a member, so these memberships count as ended: dee from Red. If the provider does not show")
    assert members(simulated) == {"ann", "dee"}
    result = directory(simulated, known=BLIND, groups=[group("Red", "dee", membership="absent")])
    assert (result["changed"], result["warnings"], members(simulated)) == (False, [], {"ann"})


def test_what_is_known_is_not_found_out_and_predicts_no_change() -> None:
    simulated = provider()
    declared = {"groups": [group("Red", "ann", "bob")], "users": [{"user_name": "cai", "groups": ["Red"]}]}
    for check in (True, False, False):
        result = directory(simulated, check, BLIND, **declared)
        assert (result["changed"], result["summary"]["memberships"]) == (False, {"added": 0, "removed": 0})
        assert result["warnings"] == [f"The provider does not show who is a member of a group, so {STAY}"]
    assert members(simulated) == {"ann", "bob", "cai", "dee"}
    assert sum(asked.startswith("GET /Groups/") for asked in simulated.asked) <= 2


def test_a_new_member_is_a_change() -> None:
    simulated = provider()
    declared = {"users": [{"user_name": "new", "groups": ["Red"]}]}
    first, second = (directory(simulated, **declared) for _run in range(2))
    assert [(each["changed"], each["summary"]["memberships"]["added"]) for each in (first, second)] == [(True, 1), (False, 0)]


def test_one_group() -> None:
    simulated = provider()
    for _run in range(2):
        defaults = {name: option.get("default") for name, option in group_options().items()}
        task = Task({**defaults, **group("Red", "ann", "bob")}, simulated.client(), False, lambda line: None)
        result = single(task)
        assert (result["changed"], result["action"], result.get("failed")) == (False, "unchanged", None)
        assert "members that are not declared stay in Red" in "".join(result["warnings"])
    assert members(simulated) == {"ann", "bob", "dee"}


def test_members_that_a_filter_finds_are_changes() -> None:
    """It is only the empty groups of a new tenant that show nothing before."""
    simulated = provider(membership_filters=frozenset({"member"}))
    simulated.groups["id-Red"]["members"] = []
    declared = {"groups": [group("Red", "ann", "bob"), {"display_name": "Blue", "membership": "additive"}]}
    first, second = (directory(simulated, **declared) for _run in range(2))
    assert [(each["changed"], each["summary"]["memberships"]["added"]) for each in (first, second)] == [(True, 2), (False, 0)]
    assert [each["warnings"] for each in (first, second)] == [[], []]


def test_that_a_user_without_visible_groups_may_be_in_one_is_said() -> None:
    """Offboarding: nothing shows that dee is a member, and that is no proof."""
    simulated = provider()
    declared = {"user_name": "dee", "groups": [], "membership": "exact", "active": False}
    (warning,) = directory(simulated, users=[declared], max_removals="100%")["warnings"]
    assert warning.startswith("No group shows a member, so dee counts as a member of no group.")
    shown = Simulated([person("dee").body], [team("Red", "dee").body])
    assert directory(shown, users=[declared], max_removals="100%")["warnings"] == []
    assert members(shown) == set()
