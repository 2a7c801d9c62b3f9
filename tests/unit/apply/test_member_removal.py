# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members that leave: by PATCH, by PUT or as a list of values, and never others with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.resource_update import unmoved
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import moved, person, provider, team, updated, written

PEOPLE = [person(f"u{number}") for number in range(5)]
IDS = [one.id for one in PEOPLE]
SALES = team("Sales", "u0", "u1", "u2", "u3")


def methods(simulated: Simulated) -> list[str]:
    return [asked.partition(" ")[0] for asked in simulated.asked]


def refuse_paths(method: str, path: str, body: Any) -> int | None:
    """As a provider does that takes no value filter in a path."""
    return 400 if method == "PATCH" and any("[" in operation["path"] for operation in body["Operations"]) else None


def shown_without(simulated: Simulated, *hidden: str) -> None:
    """The provider shows the group without some of its members from now on."""
    whole = simulated._whole

    def some(endpoint: str, body: dict[str, Any]) -> dict[str, Any]:
        members = [member for member in body.get("members", ()) if member["value"] not in hidden]
        return {**whole(endpoint, body), "members": members} if endpoint == "/Groups" else whole(endpoint, body)

    simulated._whole = some  # type: ignore[method-assign]


# -- unmoved -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("joins", "leaves", "expected"),
    [
        (["id-u0"], ["id-u4"], set()),
        (["id-u4"], ["id-u0"], {"id-u4", "id-u0"}),
        (["id-u0", "id-u4"], [], {"id-u4"}),
        ([], ["id-u3", "id-u4"], {"id-u3"}),
        ([], [], set()),
    ],
)
def test_who_has_not_moved_yet(joins: list[str], leaves: list[str], expected: set[str]) -> None:
    assert unmoved(SALES, joins, leaves) == expected
    assert unmoved(None, joins, leaves) == frozenset()


# -- PUT ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [("id-u0",), ("id-u0", "id-u1", "id-u2", "id-u3")])
def test_a_group_that_is_shown_without_those_who_shall_leave_is_not_put(hidden: tuple[str, ...]) -> None:
    """Its other members may be missing as well, and would be removed by a PUT."""
    simulated = provider(*PEOPLE, SALES)
    shown_without(simulated, *hidden)
    (outcome,) = written(simulated, moved(SALES, leaves=["id-u0"]), patch=False)
    assert "Sales: not updated: the provider shows the group without the members to remove" in outcome.error
    assert (outcome.changed, outcome.moved, outcome.sent, simulated.written) == (False, (0, 0), (), [])


def test_a_group_that_is_shown_with_some_of_those_who_shall_leave_is_put() -> None:
    """The others have left already."""
    simulated = provider(*PEOPLE, team("Sales", "u0", "u1"))
    (outcome,) = written(simulated, moved(SALES, leaves=["id-u0", "id-u3"]), patch=False)
    assert (outcome.error, simulated.members("id-Sales")) == ("", ["id-u1"])


def test_a_group_that_is_shown_without_members_is_put_where_members_only_join() -> None:
    simulated = provider(*PEOPLE, team("Sales"))
    (outcome,) = written(simulated, moved(team("Sales"), joins=["id-u4"]), patch=False)
    assert (outcome.error, outcome.changed, simulated.members("id-Sales")) == ("", True, ["id-u4"])


def test_what_has_left_by_patch_does_not_keep_the_rest_from_a_put() -> None:
    """The second PATCH shows that there is none; whoever has left by the first is not shown any more."""
    patches = iter([None, 405])
    simulated = provider(*PEOPLE, SALES, faults=Faults(refuses=lambda method, path, body: next(patches) if method == "PATCH" else None))
    (outcome,) = written(simulated, moved(SALES, ["id-u4"], ["id-u0"]), members_per_request=1)
    assert (outcome.error, outcome.changed, outcome.moved) == ("", True, None)
    assert sorted(simulated.members("id-Sales")) == ["id-u1", "id-u2", "id-u3", "id-u4"]


@pytest.mark.parametrize("kept", [True, False])
def test_an_answer_without_members_says_nothing_where_some_are_kept(kept: bool) -> None:
    """Where none is kept, it says that all have left."""
    simulated = provider(*PEOPLE, SALES)
    write = simulated._write

    def silent(method: str, *more: Any) -> Answer:
        answer = write(method, *more)
        return replace(answer, body={name: value for name, value in answer.body.items() if name != "members"})

    simulated._write = silent  # type: ignore[method-assign]
    (outcome,) = written(simulated, moved(SALES, leaves=IDS[:3] if kept else IDS[:4]), patch=False)
    assert (outcome.error, simulated.members("id-Sales")) == ("", ["id-u3"] if kept else [])
    assert methods(simulated) == ["GET", "PUT", *(["GET"] if kept else [])]


@pytest.mark.parametrize(
    ("joins", "leaves", "after"),
    [
        (["id-u4"], ["id-u0"], ["PATCH", "PATCH", "GET", "GET"]),
        ([], ["id-u0"], ["PATCH", "GET", "GET"]),
        (["id-u4"], [], ["PATCH"]),
    ],
)
def test_members_that_a_put_ignores_are_moved_by_patch(
    joins: list[str], leaves: list[str], after: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    simulated, write = provider(*PEOPLE, SALES), Simulated._write

    def deaf(self: Simulated, method: str, endpoint: str, resource_id: str, params: Any, body: Any, *more: Any) -> Answer:
        kept = {**body, "members": self.groups[resource_id]["members"]} if method == "PUT" else body
        return write(self, method, endpoint, resource_id, params, kept, *more)

    monkeypatch.setattr(Simulated, "_write", deaf)
    (outcome,) = written(simulated, moved(SALES, joins, leaves), patch=None if leaves else False, member_removal="put")
    assert (outcome.error, outcome.action, outcome.changed) == ("", Action.UPDATED, True)
    assert set(simulated.members("id-Sales")) == {*IDS[:4], *joins} - {*leaves}
    assert methods(simulated) == ["GET", "PUT", *after]


@pytest.mark.parametrize("complete", [True, False])
def test_what_was_not_read_whole_is_read_before_a_put(complete: bool) -> None:
    """What a PUT leaves out is removed (RFC 7644 §3.5.1)."""
    kim = person("kim", title="Boss", nickName="K")
    known = replace(kim, body={"id": "id-kim", "userName": "kim", "title": "Boss"}, complete=False)
    simulated = provider(kim)
    (outcome,) = written(simulated, updated(kim if complete else known, title="Chief"), patch=False)
    assert (outcome.error, simulated.users["id-kim"]["title"], simulated.users["id-kim"]["nickName"]) == ("", "Chief", "K")
    assert methods(simulated) == (["PUT"] if complete else ["GET", "PUT"])


def test_a_put_of_what_is_gone_is_refused() -> None:
    simulated = provider(*PEOPLE)
    (outcome,) = written(simulated, moved(SALES, joins=["id-u4"]), patch=False)
    assert ("404" in outcome.error, outcome.changed, simulated.written) == (True, False, [])


def test_a_put_that_another_client_was_faster_than_is_sent_again() -> None:
    """Only what a PUT without an answer has done is not."""
    statuses = iter([412])
    simulated = provider(*PEOPLE, SALES, faults=Faults(refuses=lambda method, path, body: next(statuses, None)))
    (outcome,) = written(simulated, moved(SALES, joins=["id-u4"]), patch=False)
    assert (outcome.error, simulated.members("id-Sales"), methods(simulated)) == ("", IDS, ["GET", "PUT", "GET", "PUT"])


# -- PATCH -------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answers", "expected"), [(True, ["PATCH"]), (False, ["PATCH", "GET"])])
def test_a_patch_of_members_is_one_request(answers: bool, expected: list[str]) -> None:
    """And a read where the answer does not show the members."""
    simulated = provider(*PEOPLE, SALES, habits=Habits(answers_patch=answers))
    (outcome,) = written(simulated, moved(SALES, ["id-u4"], ["id-u0"]))
    assert (outcome.error, outcome.changed, outcome.confirmed, methods(simulated)) == ("", True, True, expected)


def test_a_patch_of_a_name_and_members_is_one_request() -> None:
    """It asks for the name, so that what its answer shows of members is not the answer."""
    simulated = provider(*PEOPLE, SALES)
    change = replace(moved(SALES, ["id-u4"]), after={**SALES.body, "externalId": "x"})
    (outcome,) = written(simulated, change)
    assert (outcome.error, outcome.changed, methods(simulated)) == ("", True, ["PATCH"])


def test_after_halves_the_group_is_as_the_last_answer_shows_it() -> None:
    simulated = provider(*PEOPLE, team("Sales"), habits=Habits(most_members=3))
    (outcome,) = written(simulated, moved(team("Sales"), IDS))
    assert outcome.after is not None
    assert [member["value"] for member in outcome.after.body["members"]] == IDS


# -- where a path is refused -------------------------------------------------------------------------------------------------------------


def test_a_refused_path_is_replaced_by_a_put_which_is_learned() -> None:
    simulated = provider(*PEOPLE, SALES, team("Other", "u0", "u1"), faults=Faults(refuses=refuse_paths))
    first, second = written(simulated, moved(SALES, leaves=["id-u0"]), moved(team("Other", "u0", "u1"), leaves=["id-u0"]))
    assert (first.error, second.error) == ("", "")
    assert (simulated.members("id-Sales"), simulated.members("id-Other")) == (IDS[1:4], ["id-u1"])
    assert methods(simulated) == ["PATCH", "GET", "PUT", "GET", "PUT"]


def test_a_refused_path_without_put_is_replaced_by_a_list_of_values_which_is_learned() -> None:
    simulated = provider(*PEOPLE, SALES, habits=Habits(put=False), faults=Faults(refuses=refuse_paths))
    (outcome,) = written(simulated, moved(SALES, leaves=["id-u0", "id-u1"]))
    assert (outcome.error, outcome.moved, simulated.members("id-Sales")) == ("", None, ["id-u2", "id-u3"])
    # two together, one alone, a look, a PUT, the list and a look; the other one as a list at once
    assert methods(simulated) == ["PATCH", "PATCH", "GET", "PUT", "PATCH", "GET", "PATCH"]


def test_values_that_are_ignored_remove_nobody_for_good() -> None:
    simulated = provider(*PEOPLE, SALES, habits=Habits(put=False), faults=Faults(refuses=refuse_paths))
    patched = simulated._patched

    def wiping(before: Any, operations: Any, again: bool) -> Any:
        wiped = {**before, "members": []} if operations[0]["op"] == "remove" else before
        return patched(wiped, [one for one in operations if one["op"] == "add"], again)

    simulated._patched = wiping  # type: ignore[method-assign]
    (outcome,) = written(simulated, moved(SALES, leaves=["id-u0"]))
    lost = '"id-u1", "id-u2", "id-u3"'
    assert outcome.error == f"Sales: the provider removed all other members of the group, which were added again: {lost}."
    assert sorted(simulated.members("id-Sales")) == IDS[1:4]
    assert (outcome.changed, len(outcome.sent)) == (True, 4)


def test_who_was_removed_with_others_and_cannot_be_added_again_is_named() -> None:
    """And the next group is left alone."""
    data = team("Data", "u0", "u1")
    simulated = provider(*PEOPLE, SALES, data, habits=Habits(put=False), faults=Faults(refuses=refuse_paths))

    def wiping(before: Any, operations: Any, again: bool) -> Any:
        if operations[0]["op"] == "add":
            raise simulated._refused(400, "PATCH", "/Groups")
        return {**before, "members": []}

    simulated._patched = wiping  # type: ignore[method-assign]
    first, second = written(simulated, moved(SALES, leaves=["id-u0"]), moved(data, leaves=["id-u0"]))
    assert 'removed all other members of the group, and "id-u1", "id-u2", "id-u3" could not be added again' in first.error
    assert "PUT /Groups was refused with 405" in second.error
    assert simulated.members("id-Data") == ["id-u0", "id-u1"]


@pytest.mark.parametrize("stays", [True, False])
def test_a_list_of_values_is_learned_only_where_others_stay(stays: bool) -> None:
    """Where all leave, a provider that ignores the values seems to do the same."""
    some = team("Some", "u0", *(["u1"] if stays else []))
    simulated = provider(*PEOPLE, some, habits=Habits(put=False), faults=Faults(refuses=refuse_paths))
    client = simulated.client()
    (outcome,) = Executor(client, Policy(), ApplyOptions("never")).outcomes(Plan((moved(some, leaves=["id-u0"]),)))
    assert (outcome.error, simulated.members("id-Some")) == ("", ["id-u1"] if stays else [])
    assert client.capabilities.member_removal == ("value" if stays else "path")


def test_groups_whose_members_cannot_be_removed_are_told_from_others() -> None:
    """Each other form is tried for each of them: the first one may be special."""
    data = team("Data", "u0", "u1")

    def refuses(method: str, path: str, body: Any) -> int | None:
        return 400 if path == "/Groups/id-Sales" and method == "PUT" else None

    simulated, write = provider(*PEOPLE, SALES, data, faults=Faults(refuses=refuses)), Simulated._write

    def deaf(method: str, *more: Any) -> Answer:
        return simulated._get(more[0], more[1], {}) if method == "PATCH" else write(simulated, method, *more)

    simulated._write = deaf  # type: ignore[method-assign]
    first, second = written(simulated, moved(SALES, leaves=["id-u0"]), moved(data, leaves=["id-u0"]))
    assert (bool(first.expected.left) or bool(first.error), second.error) == (True, "")
    assert (simulated.members("id-Sales"), simulated.members("id-Data")) == (IDS[:4], ["id-u1"])


def test_a_member_that_left_in_the_meantime_is_done() -> None:
    simulated = provider(*PEOPLE, team("Sales", "u1"), faults=Faults(refuses=refuse_paths))
    (outcome,) = written(simulated, moved(SALES, leaves=["id-u0"]))
    assert (outcome.error, outcome.changed, methods(simulated)) == ("", True, ["PATCH", "GET"])


def test_where_members_are_hidden_no_other_form_is_tried() -> None:
    """Nobody could see whether others were removed, too."""
    simulated = provider(*PEOPLE, SALES, faults=Faults(refuses=refuse_paths))
    (outcome,) = written(simulated, moved(SALES, leaves=["id-u0"]), members_readable=False)
    assert ("was refused with 400" in outcome.error, outcome.changed) == (True, False)
    assert methods(simulated) == ["PATCH", "GET"]


# -- halves ------------------------------------------------------------------------------------------------------------------------------


def test_what_was_too_much_once_is_not_tried_again() -> None:
    """The smallest limit that was seen stays: that of a part, not of the whole."""
    people = [person(f"p{number}") for number in range(8)]
    ids = [one.id for one in people]
    simulated = provider(*people, team("A"), team("B"), habits=Habits(most_members=3))
    first, second = written(simulated, moved(team("A"), ids), moved(team("B"), ids))
    assert (first.error, second.error, simulated.members("id-A"), simulated.members("id-B")) == ("", "", ids, ids)
    assert len(first.sent) == 7  # 8; 4, 2, 2; 4, 2, 2
    assert len(second.sent) == 4


def test_a_limit_of_operations_is_learned() -> None:
    def one_operation(method: str, path: str, body: Any) -> int | None:
        return 400 if method == "PATCH" and len(body["Operations"]) > 1 else None

    simulated = provider(*PEOPLE, SALES, faults=Faults(refuses=one_operation))
    group, user = written(simulated, moved(SALES, ["id-u4"], ["id-u0", "id-u1"]), updated(PEOPLE[4], title="Boss", nickName="U"))
    assert (group.error, user.error) == ("", "")
    assert len(user.sent) == 2
    assert sorted(simulated.members("id-Sales")) == ["id-u2", "id-u3", "id-u4"]


@pytest.mark.parametrize("guilty", range(5))
def test_one_who_is_refused_does_not_keep_the_others_out(guilty: int) -> None:
    def refuses(method: str, path: str, body: Any) -> int | None:
        return 404 if method == "PATCH" and {"value": IDS[guilty]} in body["Operations"][0]["value"] else None

    simulated = provider(*PEOPLE, team("Sales"), faults=Faults(refuses=refuses))
    (outcome,) = written(simulated, moved(team("Sales"), IDS))
    assert simulated.members("id-Sales") == [one for one in IDS if one != IDS[guilty]]
    assert (outcome.action, outcome.changed, outcome.moved) == (Action.UPDATED, True, (4, 0))
    assert outcome.error == "Sales: PATCH /Groups/id-Sales was refused with 404: refused here"


def test_a_limit_is_not_learned_from_one_who_is_refused() -> None:
    simulated = provider(*PEOPLE, team("A"), team("B"))
    simulated.faults = Faults(refuses=lambda method, path, body: 404 if {"value": IDS[4]} in body["Operations"][0]["value"] else None)
    _first, second = written(simulated, moved(team("A"), [IDS[0], IDS[4]]), moved(team("B"), IDS[:4]))
    assert (second.error, len(second.sent)) == ("", 1)


@pytest.mark.parametrize(("count", "tried"), [(9, 9), (10, 10), (12, 10)])
def test_ten_who_are_refused_alike_are_enough(count: int, tried: int) -> None:
    people = [person(f"p{number}") for number in range(count)]
    simulated = provider(*people, team("Sales"), faults=Faults(refuses=lambda method, path, body: 400))
    (outcome,) = written(simulated, moved(team("Sales"), [one.id for one in people]))
    alone = [sent for sent in outcome.sent if len(sent["body"]["Operations"][0]["value"]) == 1]
    assert len(alone) == tried
    assert ("the others were not tried" in outcome.error) is (count >= 10)


def test_where_one_is_taken_all_are_tried() -> None:
    people = [person(f"p{number:02}") for number in range(14)]
    ids = [one.id for one in people]
    simulated = provider(*people, team("Sales"))
    simulated.faults = Faults(refuses=lambda method, path, body: 400 if body["Operations"][0]["value"] != [{"value": ids[0]}] else None)
    (outcome,) = written(simulated, moved(team("Sales"), ids))
    assert (simulated.members("id-Sales"), outcome.moved) == (ids[:1], (1, 0))
    assert sum(len(sent["body"]["Operations"][0]["value"]) == 1 for sent in outcome.sent) == 14


def test_one_who_cannot_leave_does_not_keep_others_from_joining() -> None:
    simulated = provider(*PEOPLE, SALES, faults=Faults(refuses=refuse_paths))
    (outcome,) = written(simulated, moved(SALES, joins=["id-u4"], leaves=["id-u0"]), members_readable=False)
    assert (outcome.changed, outcome.moved, simulated.members("id-Sales")) == (True, (1, 0), IDS)


def test_members_that_no_form_removes_are_counted_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PUT ignores them, and no PATCH is taken."""
    simulated, write = provider(*PEOPLE, SALES, habits=Habits(patch=False)), Simulated._write

    def deaf(self: Simulated, method: str, endpoint: str, resource_id: str, params: Any, body: Any, *more: Any) -> Answer:
        kept = {**body, "members": self.groups[resource_id]["members"]} if method == "PUT" else body
        return write(self, method, endpoint, resource_id, params, kept, *more)

    monkeypatch.setattr(Simulated, "_write", deaf)
    (outcome,) = written(simulated, moved(SALES, leaves=["id-u0", "id-u1"]), member_removal="put")
    assert outcome.error == "Sales: 2 members could not be removed: the provider accepts no form of removal."
    assert set(simulated.members("id-Sales")) == set(IDS[:4])


@pytest.mark.parametrize("bulk", ["never", "always"])
@pytest.mark.parametrize(("habits", "known"), [({}, {}), ({"most_members": 1}, {"members_per_request": 1})], ids=["together", "one by one"])
@pytest.mark.parametrize("declared", [False, True], ids=["not declared", "declared absent"])
def test_who_is_not_declared_stays_while_a_declared_member_does_not_exist(bulk: str, habits: Any, known: Any, declared: bool) -> None:
    """A look-up may still show a deleted user of that name, and the one who is a member may be meant."""
    sales = team("Sales", "kim", "lee")
    simulated = provider(*map(person, ("kim", "lee", "pat")), sales, habits=Habits(bulk=100, **habits))
    change = replace(moved(sales, ["id-pat", "id-deleted"], ["id-kim"]), uncertain=frozenset() if declared else frozenset({"id-kim"}))
    (outcome,) = written(simulated, change, bulk=bulk, **known)
    assert "no such member" in outcome.error
    kept = 'not removed, since they may be the members that could not be added: "id-kim"'
    assert (kept in outcome.error) is not declared
    assert sorted(simulated.members("id-Sales")) == [*(["id-kim"] if not declared else []), "id-lee", "id-pat"]
    assert outcome.moved == (1, 1 if declared else 0)
