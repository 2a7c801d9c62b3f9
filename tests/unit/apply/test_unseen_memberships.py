# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that stores memberships, shows every group without members, and finds none by a filter."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import group as single
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import user as one
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.resources import group as group_options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.resources import user as user_options
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import PlanRefused
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
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


UNCERTAIN: Body = {"groups": [group("Red", "dee", membership="absent"), group("Blue", "ann")]}
DOUBT = "No group shows a member, so it is not known whether these memberships exist. Their removal is sent"


def test_a_removal_that_may_be_none_is_in_the_plan() -> None:
    """What is sent to a provider that turns out to hide members is what was reviewed, and what limits allow."""
    simulated = provider()
    simulated.add("/Groups", "id-Blue", team("Blue").body)
    planned = directory(simulated, check=True, **UNCERTAIN)
    assert {change["name"]: change["leaves"] for change in planned["changes"]} == {"Red": ["dee"], "Blue": []}
    [warning] = planned["warnings"]
    assert warning.startswith(DOUBT)
    assert "dee from Red. If the provider shows members, set provider_options: {members_readable: true}" in warning
    assert directory(simulated, **UNCERTAIN, expect_plan="0" * 16)["failed"]
    refused = directory(simulated, **UNCERTAIN, max_removals="0")
    assert "1 of 1 memberships would be lost, more than max_removals (0): dee from Red." in refused["msg"]
    assert (simulated.written, members(simulated)) == ([], {"ann", "dee"})
    done = directory(simulated, **UNCERTAIN, expect_plan=planned["plan_digest"])
    assert (done["warnings"][0], members(simulated)) == (warning, {"ann"})
    assert (done["changed"], done["summary"]["memberships"]) == (False, {"added": 0, "removed": 0})
    known = directory(simulated, check=True, known=BLIND, **UNCERTAIN)
    assert [change["leaves"] for change in known["changes"] if change["name"] == "Red"] == [["dee"]]
    assert "more than max_removals (0)" in directory(simulated, known=BLIND, **UNCERTAIN, max_removals="0")["msg"]


@pytest.mark.parametrize("known", [{}, {"patch": False}], ids=["PATCH", "PUT"])
def test_where_groups_are_empty_it_is_not_sent(known: Body) -> None:
    """The first members show that the provider hides nothing."""
    honest = Simulated([person(name).body for name in ("ann", "dee")], [team(name).body for name in ("Red", "Blue")], Habits(**known))
    first, second = (directory(honest, **UNCERTAIN) for _run in range(2))
    assert (first["changed"], first["summary"]["memberships"], first.get("failed")) == (True, {"added": 1, "removed": 0}, None)
    assert (second["changed"], second["changes"], second["warnings"]) == (False, [], [])
    assert [write.path for write in honest.written] == ["/Groups/id-Blue"]


@pytest.mark.parametrize("declared", [group("Red", "cai", membership="additive"), group("Crew", previously=["Red"])], ids=["join", "name"])
def test_a_removal_that_may_be_none_stops_no_put(declared: Body) -> None:
    """That the member to remove is not shown says nothing of others where nobody knows whether this is one."""
    honest = Simulated([person(name).body for name in ("ann", "cai", "dee")], [team("Red").body, team("Blue").body], Habits(patch=False))
    expired = {"user_name": "dee", "expires": "2020-01-31", "groups": [declared["display_name"]]}
    given = {"users": [expired], "groups": [declared, group("Blue", "ann")], "max_removals": "100%"}
    assert directory(honest, **given).get("failed") is None
    again = directory(honest, check=True, **given)
    assert (again["changes"], honest.members("id-Blue")) == ([], ["id-ann"])


@pytest.mark.parametrize("known", [{}, BLIND], ids=["found out", "known"])
@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("bulk", [0, 100])
def test_a_removal_that_is_refused_may_be_of_no_member(status: int, known: Body, bulk: int) -> None:
    def refuses(method: str, path: str, body: Any) -> int | None:
        return status if method == "PATCH" and any(one["op"] == "remove" for one in body["Operations"]) else None

    simulated = provider(bulk=bulk)
    simulated.faults = Faults(refuses=refuses)
    declared = {"groups": [group("Red", "dee", "cai", membership="absent"), group("Blue", "ann")], "bulk": "always" if bulk else "never"}
    simulated.add("/Groups", "id-Blue", team("Blue").body)
    result = directory(simulated, known=known, **declared)
    assert not result.get("failed"), result
    if known or status == 404:  # a group that seems to have no such member is as desired
        assert sum("it is not known whether this is a member" in warning for warning in result["warnings"]) == 2, result["warnings"]


def test_a_removal_that_is_not_understood_is_a_failure() -> None:
    simulated = provider()
    refused = simulated._refused(400, "PATCH", "/Groups/id-Red", "invalidPath")

    def refuses(method: str, path: str, body: Any) -> int | None:
        if method == "PATCH" and "[" in str(body):
            raise refused
        return None

    simulated.faults = Faults(refuses=refuses)
    result = directory(simulated, known=BLIND, groups=[group("Red", "dee", membership="absent")])
    assert [failure["name"] for failure in result["failures"]] == ["Red"]


def test_a_protected_membership_is_not_ended_unseen() -> None:
    simulated = provider()
    with pytest.raises(PlanRefused, match=r"Protected memberships would end .*: dee in Red"):
        directory(simulated, known=BLIND, groups=[group("Red", "dee", membership="absent")], protected_users=["dee"])
    assert members(simulated) == {"ann", "dee"}


def test_who_should_leave_and_is_shown_only_during_the_run_is_a_failure() -> None:
    """No plan has shown that these memberships end: they do not, and nobody is told that all is well."""
    people = [f"p{number:02}" for number in range(30)]  # more than one question asks for
    simulated = Simulated([person(name).body for name in people], [team("Red", "p25", "p26").body], Habits(shows_members=False))
    declared: Body = {"groups": [group("Red", "p00")], "max_removals": "100%"}
    planned = directory(simulated, check=True, **declared)
    done = directory(simulated, **declared, expect_plan=planned["plan_digest"])
    assert (done["changed"], done["summary"]["memberships"]) == (True, {"added": 1, "removed": 0})
    assert members(simulated) == {"p00", "p25", "p26"}
    [failure] = done["failures"]
    text = "Red: not removed, since the provider showed only during this run that they are members: p25, p26. Run the task again"
    assert failure["error"].startswith(text)
    again, third = (directory(simulated, **declared) for _run in range(2))
    assert (again["summary"]["memberships"], third["changed"]) == ({"added": 0, "removed": 2}, False)
    assert members(simulated) == {"p00"}


def test_where_all_was_asked_nothing_is_left() -> None:
    """As soon as members are shown, the plan is made again; it has nothing that the first one had not."""
    simulated = provider(membership_filters=frozenset({"member"}))
    simulated.groups["id-Red"]["members"] = []
    result = directory(simulated, groups=[group("Red", "ann")])
    assert (result["changed"], result["failures"]) == (True, [])


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


class WithoutGroups(Simulated):
    """Users do not show their groups."""

    def _whole(self, endpoint: str, body: Body) -> Body:
        return super()._whole(endpoint, body) if endpoint == "/Groups" else body


@pytest.mark.parametrize(
    ("groups", "habits", "warns", "left"),
    [
        ([team("Red", "dee").body], {"shows_members": False}, True, {"dee"}),
        ([team("Red", "dee").body], {}, False, set()),
        ([team("Red", "ann").body, team("Blue").body], {}, False, {"ann"}),
        ([], {}, False, None),
    ],
    ids=["hidden", "found by no filter", "in no group", "no groups"],
)
def test_one_user_who_is_to_be_in_no_group(groups: list[Body], habits: Body, warns: bool, left: set[str] | None) -> None:
    """As offboarding has it: that a filter finds nothing is no proof, and costs one more question."""
    simulated = WithoutGroups([person("dee").body], groups, Habits(membership_filters=frozenset({"nothing"}), **habits))
    defaults = {name: option.get("default") for name, option in user_options().items()}
    given = {**defaults, "user_name": "dee", "active": False, "groups": [], "membership": "exact"}
    client = simulated.client()
    first, second = (one(Task(given, client, False, lambda line: None)) for _run in range(2))
    assert [each["changed"] for each in (first, second)] == [True, False]
    for each in (first, second):
        assert any("No group shows a member, so dee counts as a member of no group" in text for text in each["warnings"]) is warns
    assert left is None or members(simulated) == left
    assert second["requests"] - first["requests"] <= 3


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
    (warning,) = directory(provider(), known=BLIND, users=[declared], max_removals="100%")["warnings"]
    assert "dee stays in groups that are not declared. Declare each of them with membership: absent." in warning
    shown = Simulated([person("dee").body], [team("Red", "dee").body])
    assert directory(shown, users=[declared], max_removals="100%")["warnings"] == []
    assert members(shown) == set()
