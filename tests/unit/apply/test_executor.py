# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan applied one by one: what is tried, what is left, and what ends the run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, NEVER, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Refused, Stop, Unauthorized
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pool import as_done
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import (
    created,
    declared,
    deleted,
    entry,
    group_entry,
    moved,
    person,
    provider,
    team,
    updated,
)

KIM, LEE = person("kim"), person("lee")


def applied(
    simulated: Simulated, *changes: Change, bulk: str = NEVER, on_error: str = "continue", **known: Any
) -> tuple[list[Outcome], str]:
    """The outcomes, and what ended the run."""
    executor = Executor(simulated.client(**known), Policy(), ApplyOptions(bulk, on_error))
    plan = Plan(changes, names={change.key: change.name for change in changes})
    outcomes: list[Outcome] = []
    try:
        for outcome in executor.outcomes(plan):
            outcomes.append(outcome)
    except Stop as stop:
        return outcomes, str(stop)
    return outcomes, ""


def refusing(*names: str, status: int = 400) -> Faults:
    """Creations of these users are refused."""
    return Faults(refuses=lambda method, path, body: status if method == "POST" and body.get("userName") in names else None)


def answers(*statuses: int | None) -> Faults:
    """The status of each write in turn, None for the usual answer; then the usual one."""
    waiting = iter(statuses)
    return Faults(refuses=lambda method, path, body: next(waiting, None))


# -- members that could not be created ---------------------------------------------------------------------------------------------------


class CountedKey(str):
    """A key that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        CountedKey.compared += 1
        return str.__eq__(self, other)  # type: ignore[arg-type]

    __hash__ = str.__hash__


def test_finding_out_who_was_not_made_takes_time_by_their_number_alone() -> None:
    names = [f"u{number}" for number in range(100)]
    group = moved(team("Sales"), [CountedKey(f"User:{name}") for name in names])
    outcomes, _ended = applied(provider(team("Sales"), faults=refusing(*names)), *map(declared, names), group)
    assert "and 80 more" in outcomes[-1].error
    assert CountedKey.compared < 10 * len(names)


def test_nothing_is_sent_where_no_member_is_left_to_join() -> None:
    simulated = provider(team("Sales", "lee"), LEE, faults=refusing("bad"))
    outcomes, _ended = applied(simulated, declared("bad"), moved(team("Sales", "lee"), ["User:bad"]), patch=False)
    assert [outcome.changed for outcome in outcomes] == [False, False]
    assert simulated.asked.count("PUT /Groups/id-Sales") == 0


@pytest.mark.parametrize("bulk", [NEVER, ALWAYS])
def test_those_who_were_not_made_do_not_join_and_are_named(bulk: str) -> None:
    simulated = provider(KIM, LEE, team("Sales", "lee"), habits=Habits(bulk=100), faults=refusing("bad", "worse"))
    group = moved(team("Sales", "lee"), ["User:bad", "User:good", "User:worse", "id-kim"], ["id-lee"])
    outcomes, ended = applied(simulated, declared("bad"), declared("good"), declared("worse"), group, bulk=bulk)
    assert ended == ""
    good = next(key for key, user in simulated.users.items() if user["userName"] == "good")
    assert sorted(simulated.members("id-Sales")) == sorted(["id-kim", good])
    last = outcomes[-1]
    assert last.error == "Sales: members that could not be created were not added: bad, worse. Fix that and run the task again."
    told = [outcome.moved for outcome in outcomes if outcome.change.name == "Sales"]
    assert told == [None, (1, 0)], "who can leave and join at once does; the rest waits for those who are made"
    assert last.change.joins == ("User:bad", "User:good", "User:worse")


def test_a_group_whose_members_were_all_not_made_is_not_asked_for() -> None:
    simulated = provider(team("Sales"), faults=refusing("bad"))
    outcomes, _ended = applied(simulated, declared("bad"), moved(team("Sales"), ["User:bad"]))
    assert (outcomes[1].action, outcomes[1].changed, outcomes[1].moved) == (Action.UNCHANGED, False, (0, 0))
    assert "not added: bad." in outcomes[1].error
    asked = ["POST /Users", *["GET /Users"] * 3]
    assert simulated.asked == asked, "where a 400 may be a conflict, it is looked for by name, in the listing, and among inactive users"


def test_a_new_group_is_made_without_those_who_were_not_made() -> None:
    simulated = provider(KIM, faults=refusing("bad"))
    group = replace(created("Sales", GROUP, ["User:bad", "id-kim"]), entry=group_entry("Sales"))
    outcomes, _ended = applied(simulated, declared("bad"), group)
    assert (outcomes[1].action, outcomes[1].changed, outcomes[1].moved) == (Action.CREATED, True, (1, 0))
    assert "not added: bad." in outcomes[1].error
    assert [simulated.members(key) for key in simulated.groups] == [["id-kim"]]


def test_one_who_existed_and_is_a_member_does_not_join_again() -> None:
    """Somebody else had made them, and put them into the group."""
    simulated = provider(KIM, team("Sales", "kim"), habits=Habits(doubles_members=True))
    outcomes, _ended = applied(simulated, declared("kim"), moved(team("Sales", "kim"), ["User:kim"]))
    assert [outcome.error for outcome in outcomes] == ["", ""]
    assert (outcomes[1].action, outcomes[1].changed, outcomes[1].moved) == (Action.UNCHANGED, False, (0, 0))
    assert simulated.members("id-Sales") == ["id-kim"]


@pytest.mark.parametrize("bulk", [NEVER, ALWAYS])
def test_a_name_that_was_not_freed_is_taken_by_nobody(bulk: str) -> None:
    """Names of groups are not unique (RFC 7643 §4.2): the provider would let two groups have it."""
    first, second, third = team("Sales"), team("Data"), team("Audit")
    faults = Faults(refuses=lambda method, path, body: 400 if method == "DELETE" else None)
    simulated = provider(first, second, third, habits=Habits(bulk=100), faults=faults)
    renamed = [updated(second, displayName="Sales"), updated(third, displayName="Data")]
    outcomes, ended = applied(simulated, deleted(first), *renamed, bulk=bulk)
    assert ended == ""
    assert [group["displayName"] for group in simulated.groups.values()] == ["Sales", "Data", "Audit"]
    assert outcomes[1].error == 'Sales: "Sales" is not free: see the change of the resource that has this name.'
    assert [bool(outcome.error) for outcome in outcomes] == [True, True, True]
    simulated.faults = Faults()
    assert [outcome.error for outcome in applied(simulated, deleted(first), *renamed, bulk=bulk)[0]] == ["", "", ""]


def test_what_was_made_is_changed_by_its_real_id() -> None:
    """Groups that are members of each other are made first, and joined then."""
    red, blue = (
        replace(created(name, GROUP, [f"Group:{other}"]), entry=group_entry(name)) for name, other in (("Red", "Blue"), ("Blue", "Red"))
    )
    simulated = provider()
    outcomes, ended = applied(simulated, red, blue)
    assert (ended, [outcome.error for outcome in outcomes]) == ("", [""] * 4)
    ids = {body["displayName"]: key for key, body in simulated.groups.items()}
    assert simulated.members(ids["Red"]) == [ids["Blue"]]
    assert simulated.members(ids["Blue"]) == [ids["Red"]]
    assert {outcome.change.key for outcome in outcomes} == {"Group:Red", "Group:Blue"}


def test_a_change_of_what_is_never_stored_is_not_sent() -> None:
    simulated = provider(*(person(f"u{number}") for number in range(5)), habits=Habits(drops=frozenset({"title"})))
    changes = [
        replace(updated(person(f"u{number}"), title="Boss"), entry=entry(f"u{number}", attributes={"title": "Boss"})) for number in range(5)
    ]
    outcomes, _ended = applied(simulated, *changes)
    assert sorted(len(outcome.sent) for outcome in outcomes) == [0, 0, 1, 1, 1]
    assert [outcome.action for outcome in outcomes] == [Action.UNCHANGED] * 5
    assert sorted(outcome.id for outcome in outcomes) == [f"id-u{number}" for number in range(5)]


# -- what ends the run -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "writes", "ends"),
    [
        ([403, 403], 6, False),
        ([403, 403, 403], 3, True),
        ([None, 403, 403, 403, 403], 6, False),
        ([403, 403, None, 403, 403, 403], 6, False),
        ([403, 403, 404, 403, 403, 403], 6, False),
    ],
    ids=["two", "three", "one was accepted before", "one was accepted between", "one was refused otherwise"],
)
def test_a_credential_without_the_right_is_tried_three_times(statuses: list[int | None], writes: int, ends: bool) -> None:
    simulated = provider(*(person(f"u{number}") for number in range(6)), faults=answers(*statuses))
    outcomes, ended = applied(simulated, *(updated(person(f"u{number}"), title="Boss") for number in range(6)))
    assert simulated.writes == len(outcomes) == writes
    expected = "The first 3 were refused with 403: no users may be updated with this credential. The others were not tried."
    assert ended == (expected if ends else "")


def test_what_a_credential_may_not_do_to_users_it_may_do_to_groups() -> None:
    people = [person(f"u{number}") for number in range(2)]
    simulated = provider(*people, team("A"), team("B"), faults=Faults(refuses=lambda method, path, body: 403))
    changes = [*(updated(one, title="Boss") for one in people), *(updated(team(name), externalId="x") for name in "AB"), deleted(KIM)]
    _outcomes, ended = applied(simulated, *changes)
    assert (ended, simulated.writes) == ("", 5)


@pytest.mark.parametrize(
    ("statuses", "writes", "ends"),
    [
        ([500] * 9, 14, False),
        ([500] * 10, 10, True),
        ([429] * 10, 10, True),
        ([500] * 9 + [None] + [500], 14, False),
        ([500] * 9 + [404] + [500], 14, False),
        ([500] * 5 + [502] * 5, 10, True),
        ([499] * 14, 14, False),
    ],
)
def test_ten_writes_in_a_row_that_came_to_nothing_end_the_run(statuses: list[int | None], writes: int, ends: bool) -> None:
    people = [person(f"u{number}") for number in range(14)]
    simulated = provider(*people, faults=answers(*statuses))
    outcomes, ended = applied(simulated, *(deleted(one) for one in people))
    assert simulated.writes == len(outcomes) == writes
    assert ended == ("The last 10 writes failed, each after all retries: the provider is not working." if ends else "")


def test_what_a_provider_does_not_have_is_no_failure_of_it() -> None:
    people = [person(f"u{number}") for number in range(12)]
    simulated = provider(*people, habits=Habits(deletion="refused"), faults=answers(*[501] * 12))
    _outcomes, ended = applied(simulated, *(deleted(one) for one in people))
    assert (ended, simulated.writes) == ("", 12)


def test_lost_answers_in_a_row_end_the_run() -> None:
    simulated = provider(faults=Faults(lost=dict.fromkeys(range(1, 100), False)))
    outcomes, ended = applied(simulated, *(declared(f"u{number:02}") for number in range(14)))
    assert (len(outcomes), ended) == (10, "The last 10 writes failed, each after all retries: the provider is not working.")


@pytest.mark.parametrize(("on_error", "expected"), [("continue", ["u0", "u1", "u2"]), ("stop", ["u0", "u1"])])
def test_on_error(on_error: str, expected: list[str]) -> None:
    simulated = provider(faults=refusing("u1"))
    outcomes, ended = applied(simulated, *(declared(f"u{number}") for number in range(3)), on_error=on_error)
    assert sorted(outcome.change.name for outcome in outcomes) == expected
    assert ended == ("on_error is stop: the remaining changes were not begun." if on_error == "stop" else "")


def test_what_ended_the_run_first_is_why_it_ended() -> None:
    executor = Executor(provider().client(), Policy())
    executor.stop(Stop("first"))
    executor.stop(Stop("second"))
    assert str(executor.stopped) == "first"


def test_what_is_sent_with_a_credential_that_is_refused_is_told() -> None:
    def refuses(method: str, path: str, body: Any) -> int | None:
        raise Unauthorized("the token has expired")

    simulated = provider(KIM, LEE, faults=Faults(refuses=refuses))
    outcomes, ended = applied(simulated, updated(KIM, title="Boss"), updated(LEE, title="Boss"))
    assert ended == "the token has expired"
    assert [(outcome.change.name, outcome.unknown, len(outcome.sent)) for outcome in outcomes] == [("kim", False, 1)]


# -- threads -----------------------------------------------------------------------------------------------------------------------------


def test_the_first_of_each_verb_goes_alone_and_the_others_together(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [person(f"u{number}") for number in range(5)]
    simulated = provider(*people)
    order: list[str] = []
    send, seen = simulated.send, iter(range(100))
    together = Barrier(4)

    def meeting(method: str, path: str, **request: Any) -> Any:
        if next(seen):
            together.wait(timeout=60)  # each of the four others is under way
        order.append(path)
        return send(method, path, **request)

    monkeypatch.setattr(simulated, "send", meeting)
    outcomes, ended = applied(simulated, *(updated(one, title="Boss") for one in people), concurrency=4)
    assert (ended, [outcome.error for outcome in outcomes]) == ("", [""] * 5)
    assert order[0] == "/Users/id-u0"
    assert outcomes[0].change.name == "u0"


@pytest.mark.parametrize("concurrency", [1, 2, 5])
def test_nothing_is_begun_while_results_wait_for_their_record(concurrency: int) -> None:
    """Killed at any moment, a run leaves at most as many writes without a line in the audit log as it sends at a time."""
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    results = as_done(concurrency, lambda item: item, items())
    for recorded in range(50):
        next(results)
        assert len(taken) <= recorded + concurrency
    results.close()  # type: ignore[attr-defined]


def test_all_results_come_once() -> None:
    assert sorted(as_done(3, lambda item: item * 2, range(50))) == [2 * item for item in range(50)]
    assert list(as_done(0, str, [])) == []


def test_an_error_that_is_none_of_the_providers_is_not_hidden() -> None:
    def refuses(method: str, path: str, body: Any) -> int | None:
        raise KeyError("a mistake of ours")

    with pytest.raises(KeyError, match="a mistake of ours"):
        applied(provider(KIM, faults=Faults(refuses=refuses)), updated(KIM, title="Boss"))


def test_a_refusal_without_a_status_is_one_of_this_change_alone() -> None:
    def refuses(method: str, path: str, body: Any) -> int | None:
        raise Refused("ours", 0)

    people = [person(f"u{number:02}") for number in range(12)]
    outcomes, ended = applied(provider(*people, faults=Faults(refuses=refuses)), *(updated(one, title="Boss") for one in people))
    assert (len(outcomes), ended) == (12, "")
