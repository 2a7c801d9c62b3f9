# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that show some of their members and leave out others without a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.export import directory as exported
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.export import directory_info as info_options
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.client import Client
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.state.incomplete_members import ShownMembers
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import person, team

Body = dict[str, Any]
PEOPLE = ("ann", "bob", "cai", "dee", "eve")


def directory(simulated: Simulated, check: bool = False, known: Body | None = None, client: Client | None = None, **given: Any) -> Body:
    defaults = {name: option.get("default") for name, option in options().items()}
    client = client or simulated.client(**(known or {}))
    return several.directory(Task({**defaults, "max_removals": "100%", **given}, client, check, lambda line: None))


def group(name: str, *members: str, **attributes: Any) -> Body:
    return {"display_name": name, "members": list(members), **attributes}


def provider(*habits: Any, **more: Any) -> Simulated:
    """Red has four people and the group Blue, which has one of them."""
    groups = [team("Red", *PEOPLE[:4]).body, team("Blue", "eve").body]
    groups[0]["members"].append({"value": "id-Blue", "type": "Group"})
    return Simulated([person(name).body for name in PEOPLE], groups, Habits(**more))


def names(simulated: Simulated, group_id: str) -> set[str]:
    return {member.removeprefix("id-") for member in simulated.members(group_id)}


def added_and_removed(result: Body) -> tuple[int, int]:
    return tuple(result["summary"]["memberships"].values())


HIDING = {
    "lists show the first two members": {"most_listed": 2},
    "all answers show the first two members": {"most_shown": 2},
    "lists do not show nested groups": {"lists_nested": False},
    "lists show nothing of nested groups, and no filter finds them": {"lists_nested": False, "filters": "refused"},
    "lists show the first two members, and filters are refused": {"most_listed": 2, "filters": "refused"},
    "lists show the first two members, and filters are ignored": {"most_listed": 2, "filters": "ignored"},
}


@pytest.mark.parametrize("habits", HIDING.values(), ids=HIDING.keys())
@pytest.mark.parametrize("membership", ["exact", "additive"])
def test_a_hidden_member_is_not_added_again(habits: Body, membership: str) -> None:
    simulated = provider(**habits)
    declared = [group("Red", *PEOPLE[:4], "Blue", membership=membership)]
    for check in (True, False):
        result = directory(simulated, check, groups=declared)
        assert (result["changed"], result["changes"], result["warnings"], simulated.written) == (False, [], [], [])


@pytest.mark.parametrize("habits", HIDING.values(), ids=HIDING.keys())
def test_members_join_and_leave_where_some_are_hidden(habits: Body) -> None:
    simulated = provider(**habits)
    days: Sequence[tuple[set[str], tuple[int, int]]] = (({"ann", "dee", "eve", "Blue"}, (1, 2)), ({"ann", "eve"}, (0, 2)))
    for members, expected in days:
        declared = {"groups": [group("Red", *sorted(members)), group("Blue", "eve")]}
        predicted = directory(simulated, check=True, **declared)
        done, again = (directory(simulated, **declared) for _run in range(2))
        assert not done.get("failed"), done
        assert [added_and_removed(each) for each in (predicted, done, again)] == [expected, expected, (0, 0)]
        assert (names(simulated, "id-Red"), again["changed"]) == (members, False)


@pytest.mark.parametrize("habits", [{"most_shown": 2}, {"most_listed": 2}, {"lists_nested": False}], ids=str)
def test_a_hidden_member_who_is_declared_absent_leaves(habits: Body) -> None:
    simulated = provider(**habits)
    assert added_and_removed(directory(simulated, groups=[group("Red", "dee", "Blue", membership="absent")])) == (0, 2)
    assert names(simulated, "id-Red") == {"ann", "bob", "cai"}


def test_a_member_that_was_removed_in_the_store_joins_again() -> None:
    simulated = provider(most_shown=2)
    simulated.groups["id-Red"]["members"] = [m for m in simulated.groups["id-Red"]["members"] if m["value"] != "id-dee"]
    assert added_and_removed(directory(simulated, groups=[group("Red", *PEOPLE[:4], "Blue")])) == (1, 0)
    assert "dee" in names(simulated, "id-Red")


def test_a_list_that_is_cut_and_cannot_be_asked_is_refused_in_words() -> None:
    """Each user would take a request."""
    simulated = Simulated([person(f"p{number:04}").body for number in range(1002)], [], Habits(most_shown=3, page_size=2000))
    simulated.add("/Groups", "id-Red", team("Red", *(f"p{number:04}" for number in range(9))).body)
    with pytest.raises(Invalid, match="does not show the members of groups"):
        directory(simulated, groups=[group("Red", "p0000", "p0008")])
    assert not simulated.written


@pytest.mark.parametrize(("filters", "most"), [("honoured", 1), ("refused", 2), ("ignored", 2)])
def test_what_it_costs_where_nothing_is_hidden(filters: str, most: int) -> None:
    """Of a thousand groups too, in pages."""
    simulated = provider(filters=filters, page_size=100)
    for number in range(400):
        simulated.add("/Groups", f"id-{number}", team(f"Team {number}", "ann").body)
    declared = [group("Red", *PEOPLE[:4], "Blue"), *(group(f"Team {number}", "ann") for number in range(400))]
    assert not directory(simulated, groups=declared)["changed"]
    assert simulated.requests <= 1 + 5 + most, simulated.asked


def test_members_that_are_stated_to_be_shown_are_not_asked_for() -> None:
    simulated = provider()
    directory(simulated, check=True, known={"members_readable": True}, groups=[group("Red", "ann", "Blue")])
    assert simulated.asked == ["GET /Users", "GET /Groups"]


@pytest.mark.parametrize("habits", HIDING.values(), ids=HIDING.keys())
def test_what_one_task_has_learned_hides_no_member_from_the_next(habits: Body) -> None:
    """Tasks of one play share what is known of the provider."""
    simulated = provider(**habits)
    client = simulated.client()
    first, second = (directory(simulated, client=client, groups=[group("Red", *PEOPLE[:4], "Blue")]) for _task in range(2))
    assert [(each["changed"], each["changes"]) for each in (first, second)] == [(False, [])] * 2
    third = directory(simulated, client=client, groups=[group("Red", "ann", "Blue")])
    assert (added_and_removed(third), names(simulated, "id-Red")) == ((0, 3), {"ann", "Blue"})


def test_a_group_that_was_read_by_its_id_does_not_hide_that_lists_are_cut() -> None:
    listed = replace(team("Red", "ann", "bob"), complete=False)
    shown = ShownMembers([listed, team("Blue", *PEOPLE), replace(team("Green", "ann"), complete=False)], {"id-Red", "id-Blue", "id-Green"})
    assert [shown.may_lack((group, "id-cai")) for group in ("id-Red", "id-Green")] == [True, False]


def test_a_filter_that_finds_members_of_nested_groups_proves_nothing() -> None:
    groups = [team("Red", "Blue", "ann"), team("Blue", "bob", "cai"), team("Green", "dee", "eve")]
    shown = ShownMembers(groups, {"id-Red", "id-Blue", "id-Green"})
    assert shown.shows_any("id-Red", {"id-bob"})
    assert not shown.shows_any("id-Red", {"id-dee"})
    assert not shown.shows_any("id-Blue", {"id-ann"})


@pytest.mark.parametrize("habits", HIDING.values(), ids=HIDING.keys())
def test_what_is_exported_changes_nothing_when_it_is_applied(habits: Body) -> None:
    """Where answers show only some members, the export says so and keeps the others."""
    simulated = provider(**habits)
    defaults = {name: option.get("default") for name, option in info_options().items()}
    found = exported(Task({**defaults}, simulated.client(), False, lambda line: None))
    cut = "most_shown" in habits
    assert [entry.get("membership") for entry in found["groups"]] == ["additive" if cut else None] * 2
    assert ("the provider may not show all members of the group" in "".join(found["warnings"]), found["complete"]) == (cut, not cut)
    assert set(found["groups"][1]["members"]) == ({"ann", "bob"} if cut else {*PEOPLE[:4], "Blue"})
    assert not directory(simulated, users=found["users"], groups=found["groups"])["changes"]
    assert not simulated.written
