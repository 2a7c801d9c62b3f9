# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many changes in one request: what is sent, and what each answer is taken for."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.attempt import Attempt
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.bulk import (
    ENVELOPE,
    UNFINISHED,
    Answer,
    Step,
    chunks,
    match_answers,
    steps,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, AUTO, NEVER, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.redact import Redactor
from ansible_collections.identity.scim.plugins.module_utils._engine.report.audit_log import DONE, PARTIAL, REFUSED, UNKNOWN, status_of
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import (
    Interrupted,
    PlanRefused,
    Stop,
    Unauthorized,
    Unreachable,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource, read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan import planned
from ansible_collections.identity.scim.tests.unit.plan.planned import (
    created,
    declared,
    deleted,
    entry,
    group_entry,
    moved,
    person,
    team,
    updated,
)

Body = dict[str, Any]
KIM, LEE = person("kim", title="Boss"), person("lee")


def provider(habits: Habits | None = None, faults: Faults | None = None, *there: Resource) -> Simulated:
    return planned.provider(*(there or (KIM, LEE, team("Sales", "kim"))), habits=habits or Habits(bulk=100), faults=faults)


def steps_of(*changes: Change, **known: Any) -> list[Step]:
    client = provider().client(**known)
    attempts = [Attempt(change, change, change.joins, change.leaves) for change in changes]
    return [step for attempt in attempts for step in steps(client, Policy(), attempt)]


def written(simulated: Simulated, *changes: Change, bulk: str = ALWAYS, **known: Any) -> list[Outcome]:
    return planned.written(simulated, *changes, bulk=bulk, **known)


# -- what is sent ------------------------------------------------------------------------------------------------------------------------


def test_operations() -> None:
    new = replace(created("new", title="Boss"), secrets={"password": "correct horse"})
    found = [step.operation for step in steps_of(new, updated(KIM, title="Chief"), moved(team("Sales"), ["x"], ["y"]), deleted(LEE))]
    assert [(one["method"], one["path"], one["bulkId"]) for one in found] == [
        ("POST", "/Users", "User:new"),
        ("PATCH", "/Users/id-kim", "User:id-kim"),
        ("PATCH", "/Groups/id-Sales", "Group:id-Sales"),
        ("DELETE", "/Users/id-lee", "User:id-lee"),
    ]
    assert found[0]["data"] == {"schemas": [USER.schema.urn], "userName": "new", "title": "Boss", "password": "correct horse"}
    assert [one["op"] for one in found[2]["data"]["Operations"]] == ["remove", "add"]
    assert "data" not in found[3]


def test_an_id_is_quoted_into_the_path() -> None:
    assert steps_of(deleted(read(USER, {"id": "a/b c", "userName": "x"})))[0].operation["path"] == "/Users/a%2Fb%20c"


def test_what_takes_a_put_is_written_by_itself() -> None:
    assert steps_of(updated(KIM, title="Chief"), patch=False) == []
    assert [step.method for step in steps_of(deleted(KIM), patch=False)] == ["DELETE"]


def test_requests_hold_no_more_than_the_provider_takes() -> None:
    found = steps_of(*[created(f"u{number:03}") for number in range(10)])
    assert [len(chunk) for chunk in chunks(found, 4, None)] == [4, 4, 2]
    assert [len(chunk) for chunk in chunks(found, 4, 1)] == [1] * 10
    limit = 700
    sized = list(chunks(found, 100, limit))
    assert len(sized) > 1
    assert all(len(json.dumps({"schemas": ["x" * 60], "Operations": [step.operation for step in chunk]})) <= limit for chunk in sized)
    assert [step for chunk in sized for step in chunk] == found
    assert list(chunks([], 4, None)) == []


# -- whose answer is whose ---------------------------------------------------------------------------------------------------------------

ANSWERS: list[Body] = [
    {"method": "POST", "bulkid": "User:new", "status": "201", "location": "https://x/Users/1"},
    {"method": "DELETE", "bulkid": "User:id-lee", "status": "204", "location": "https://x/Users/id-lee"},
]


def without_bulk_id(answers: Sequence[Body]) -> list[Body]:
    return [{name: value for name, value in answer.items() if name != "bulkid"} for answer in answers]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (ANSWERS, [0, 1]),
        (ANSWERS[::-1], [1, 0]),
        (ANSWERS[:1], [0, None]),
        (ANSWERS[1:], [None, 0]),
        (without_bulk_id(ANSWERS), [0, 1]),
        (without_bulk_id(ANSWERS[::-1]), [None, 0]),
        (without_bulk_id(ANSWERS[1:]), [None, 0]),
        (without_bulk_id(ANSWERS[:1]), [None, None]),
        ([], [None, None]),
        ([{"status": "201"}, {"status": "204"}], [0, 1]),
        ([{"bulkid": "another", "status": "201"}, {"bulkid": "other", "status": "204"}], [None, None]),
    ],
)
def test_answers_find_their_operations(answers: list[Body], expected: list[int | None]) -> None:
    read_answers = [Answer.read(answer) for answer in answers]
    found = match_answers(steps_of(created("new"), deleted(LEE)), read_answers)
    assert [next((i for i, answer in enumerate(read_answers) if answer is one), None) for one in found] == expected


# -- what came of it ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("echoes", [True, False])
def test_all_is_written_in_one_request_a_wave(echoes: bool) -> None:
    simulated = provider(Habits(bulk=100, echoes_bulk_id=echoes))
    changes = [declared(f"u{number}") for number in range(12)]
    outcomes = written(simulated, *changes, updated(KIM, title="Chief"), bulk=AUTO)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert [(o.action, o.changed) for o in outcomes[:2]] == [(Action.UPDATED, True), (Action.CREATED, True)]
    looked_up = 0 if echoes else 12  # answers that name nobody are not taken for anybody's in their order
    assert simulated.asked == ["GET /ServiceProviderConfig", "POST /Bulk", "POST /Bulk", *["GET /Users"] * looked_up]
    assert {o.id for o in outcomes} <= set(simulated.users)


def test_few_changes_are_not_worth_asking_for_bulk() -> None:
    simulated = provider()
    written(simulated, updated(KIM, title="Chief"), bulk=AUTO)
    written(simulated, *[declared(f"u{number}") for number in range(12)], bulk=NEVER)
    assert not {"GET /ServiceProviderConfig", "POST /Bulk"} & set(simulated.asked)


def test_bulk_that_must_be_and_is_not_offered() -> None:
    simulated = provider(Habits(bulk=0))
    with pytest.raises(PlanRefused, match="bulk is always, but the provider does not support it"):
        written(simulated, declared("new"))
    assert simulated.written == []


def test_members_are_named_by_the_ids_that_were_made_before() -> None:
    simulated = provider()
    group = created("Data", GROUP, ["User:new", "id-kim"])
    written(simulated, declared("new"), group)
    new = next(key for key, body in simulated.users.items() if body["userName"] == "new")
    data = next(key for key, body in simulated.groups.items() if body["displayName"] == "Data")
    assert simulated.members(data) == [new, "id-kim"]


def test_somebody_who_was_faster_is_adopted() -> None:
    simulated = provider(None, None, KIM, LEE)
    change = replace(created("kim", title="Chief"), entry=entry("kim", attributes={"title": "Chief"}))
    (outcome,) = written(simulated, change)
    assert (outcome.error, outcome.changed, outcome.id) == ("", True, "id-kim")
    assert simulated.users["id-kim"]["title"] == "Chief"
    assert len(simulated.users) == 2


def test_who_is_gone_already_is_as_wanted() -> None:
    (outcome,) = written(provider(None, None, KIM), deleted(LEE))
    assert (outcome.error, outcome.changed) == ("", True)


def test_one_that_is_refused_is_told_in_the_provider_s_words() -> None:
    simulated = provider(None, Faults(refuses=lambda method, path, body: 400 if "lee" in path else None))
    outcomes = {o.change.name: o for o in written(simulated, updated(KIM, title="Chief"), updated(LEE, title="Chief"))}
    assert outcomes["kim"].error == ""
    assert outcomes["lee"].error == "lee: title was not changed: PATCH /Users/id-lee was refused with 400: refused here"
    assert simulated.users["id-kim"]["title"] == "Chief"


def test_one_that_failed_for_the_moment_is_written_by_itself() -> None:
    first = iter([500])
    simulated = provider(None, Faults(refuses=lambda method, path, body: next(first, None)))
    (outcome,) = written(simulated, updated(KIM, title="Chief"))
    assert outcome.error == ""
    assert simulated.asked[-2:] == ["POST /Bulk", "PATCH /Users/id-kim"]


@pytest.mark.parametrize("happens", [True, False])
def test_a_lost_answer_is_looked_up_before_anybody_is_made_again(happens: bool) -> None:
    simulated = provider(None, Faults(lost={1: happens}))
    outcomes = written(simulated, declared("ann"), declared("bob"))
    assert [(o.error, o.changed) for o in outcomes] == [("", True)] * 2
    assert sorted(body["userName"] for body in simulated.users.values()) == ["ann", "bob", "kim", "lee"]
    assert simulated.asked.count("POST /Users") == (0 if happens else 2)


@pytest.mark.parametrize("happens", [True, False], ids=["done", "not done"])
def test_what_a_lost_answer_leaves_open_is_reported_before_any_of_it_is_written_alone(happens: bool) -> None:
    """The process may be killed while it writes the first of them, and the audit log must name the others, too."""
    simulated = provider(faults=Faults(lost={1: happens}))
    changes = updated(KIM, title="Chief"), updated(LEE, title="x")
    run = Executor(simulated.client(), Policy(), ApplyOptions(ALWAYS)).outcomes(Plan(changes))
    lost = [next(run), next(run)]
    assert [(outcome.change.name, outcome.is_final, outcome.unknown) for outcome in lost] == [("kim", False, True), ("lee", False, True)]
    assert simulated.asked == ["GET /ServiceProviderConfig", "POST /Bulk"]
    found = [(outcome.change.name, outcome.is_final, outcome.unknown, outcome.error) for outcome in run]
    assert found == [("kim", True, False, ""), ("lee", True, False, "")]
    assert [user["title"] for user in simulated.users.values()] == ["Chief", "x"]


def test_what_is_final_in_bulk_is_reported_before_the_rest_is_written_alone() -> None:
    failed: list[str] = []

    def first_time(method: str, path: str, body: Any) -> int | None:
        first = path == "/Users/id-kim" and not failed
        failed.extend([path] if first else [])
        return 503 if first else None

    simulated = provider(faults=Faults(refuses=first_time))
    changes = updated(KIM, title="Chief"), updated(LEE, title="x")
    run = Executor(simulated.client(), Policy(), ApplyOptions(ALWAYS)).outcomes(Plan(changes))
    assert next(run).change.name == "lee"
    assert "PATCH /Users/id-kim" not in simulated.asked
    assert [(outcome.change.name, outcome.error, outcome.is_final) for outcome in run] == [("kim", "", True)]
    assert simulated.asked[-1] == "PATCH /Users/id-kim"


def test_of_a_bulk_request_that_is_refused_nothing_was_sent() -> None:
    simulated = provider(Habits(bulk=0))
    (outcome,) = Executor(simulated.client(bulk=True), Policy(), ApplyOptions(ALWAYS)).outcomes(Plan((updated(KIM, title="Chief"),)))
    assert (outcome.error, outcome.unknown, [request["path"] for request in outcome.sent]) == ("", False, ["/Users/id-kim"])


def test_too_much_at_once_is_halved() -> None:
    simulated = provider(Habits(bulk=3))
    plan = Plan(tuple(declared(f"u{number}") for number in range(8)))
    outcomes = list(Executor(simulated.client(bulk=True, bulk_operations=8), Policy(), ApplyOptions(ALWAYS)).outcomes(plan))
    assert [o.error for o in outcomes if o.error] == []
    assert simulated.asked.count("POST /Bulk") == 7  # 8; 4 and 4; 2, 2, 2 and 2
    assert simulated.asked.count("POST /Users") == 0


def test_bulk_that_is_promised_and_missing_is_learned() -> None:
    simulated = provider(Habits(bulk=0))
    client = simulated.client(bulk=True)
    outcomes = list(Executor(client, Policy(), ApplyOptions(ALWAYS)).outcomes(Plan((declared("ann"), updated(KIM, title="Chief")))))
    assert [o.error for o in outcomes if o.error] == []
    assert simulated.asked.count("POST /Bulk") == 1
    assert client.capabilities.bulk is False


def test_no_password_is_told() -> None:
    (outcome,) = written(provider(), replace(declared("ann"), secrets={"password": "correct horse"}))
    assert outcome.sent[0]["body"]["password"] == "********"
    assert "horse" not in repr(outcome)


def test_an_update_in_several_parts_has_one_outcome() -> None:
    group = team("Sales", "kim")
    simulated = provider()
    (outcome,) = written(simulated, moved(group, joins=["id-lee"], leaves=["id-kim"]), members_per_request=1)
    assert (outcome.error, len(outcome.sent)) == ("", 2)
    assert simulated.members("id-Sales") == ["id-lee"]


@pytest.mark.parametrize(("on_error", "expected"), [("stop", 1), ("continue", None)])
def test_with_on_error_stop_the_provider_stops_too(on_error: str, expected: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 7644 §3.7.3: what was not begun is left for the next run."""
    simulated = provider(Habits(bulk=100))
    bodies: list[Body] = []
    answer = simulated._bulk
    monkeypatch.setattr(simulated, "_bulk", lambda body: bodies.append(body) or answer(body))
    plan = Plan((declared("new"), declared("newer")))
    assert [outcome.error for outcome in Executor(simulated.client(), Policy(), ApplyOptions(ALWAYS, on_error)).outcomes(plan)] == ["", ""]
    assert [body.get("failOnErrors") for body in bodies] == [expected]


def test_who_is_made_without_an_id_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nobody could make them a member of anything in this run."""
    simulated = provider(Habits(bulk=100))
    answer = simulated._one_of_bulk
    monkeypatch.setattr(simulated, "_one_of_bulk", lambda one: {k: v for k, v in answer(one).items() if k != "location"})
    outcomes = written(simulated, *(declared(f"u{number}") for number in range(12)), bulk=AUTO)
    assert {(outcome.action, outcome.id in simulated.users) for outcome in outcomes} == {(Action.CREATED, True)}
    assert len(simulated.users) == len({user["userName"] for user in simulated.users.values()})


def test_each_operation_of_a_change_has_its_own_answer() -> None:
    """bulkIds are unique within a request (RFC 7644 §3.7), and where they are not echoed one answer is not taken for two."""
    found = steps_of(moved(team("Sales"), ["id-kim", "id-lee"]), members_per_request=1)
    assert [step.operation["bulkId"] for step in found] == ["Group:id-Sales", "Group:id-Sales/1"]
    place = {"method": "PATCH", "location": "https://x/Groups/id-Sales"}
    answers = [Answer.read({**place, "status": status}) for status in ("204", "400")]
    assert match_answers(found, answers) == answers
    assert match_answers(found, answers[:1]) == [Answer(), Answer()]


def test_a_change_in_two_requests_is_one_outcome() -> None:
    simulated = provider(Habits(bulk=1), None, KIM, LEE, team("Sales"))
    (outcome,) = written(simulated, moved(team("Sales"), ["id-kim", "id-lee"]), members_per_request=1, bulk_operations=1)
    assert (outcome.error, outcome.changed, len(outcome.sent), len(outcome.request_ids)) == ("", True, 2, 2)
    assert simulated.members("id-Sales") == ["id-kim", "id-lee"]


def test_a_change_of_which_a_part_was_sent_when_the_run_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = provider(Habits(bulk=1), None, KIM, LEE, team("Sales"))
    answer, asked = simulated._bulk, iter([True])

    def once(body: Body) -> Any:
        if not next(asked, False):
            raise Unreachable("it is gone")
        return answer(body)

    monkeypatch.setattr(simulated, "_bulk", once)
    client = simulated.client(members_per_request=1, bulk=True, bulk_operations=1)
    run = Executor(client, Policy(), ApplyOptions(ALWAYS)).outcomes(Plan((moved(team("Sales"), ["id-kim", "id-lee"]),)))
    told = next(run)
    assert (told.changed, told.error) == (True, f"Sales: {UNFINISHED}")
    with pytest.raises(Unreachable):
        next(run)


def test_the_providers_words_of_an_operation_hold_no_password_and_no_escape() -> None:
    words = "the password 'correct horse' is too weak\x1b[31m"
    simulated = provider()
    refuse = simulated._refused
    simulated._refused = lambda status, method, path, *more: refuse(status, method, path, "invalidValue", words)  # type: ignore[method-assign]
    simulated.faults = Faults(refuses=lambda method, path, body: 400)
    (outcome,) = written(simulated, replace(declared("ann"), secrets={"password": "correct horse"}))
    assert outcome.error == "ann: POST /Users was refused with 400: the password '********' is too weak\\u001b[31m"


@pytest.mark.parametrize("bulk", [ALWAYS, NEVER])
def test_a_password_is_masked_whatever_the_provider_calls_it(bulk: str) -> None:
    change = replace(declared("ann"), secrets={"password": "correct horse"})
    (outcome,) = written(provider(), change, bulk=bulk, names={"password": "pwd"})
    assert "horse" not in repr(outcome.sent)


def test_who_joined_in_a_request_without_an_answer_does_not_join_twice() -> None:
    simulated = provider(Habits(bulk=100, doubles_members=True), Faults(lost={1: True}), KIM, LEE, team("Sales"))
    (outcome,) = written(simulated, moved(team("Sales"), ["id-kim", "id-lee"]))
    assert (outcome.error, outcome.changed) == ("", True)
    assert simulated.members("id-Sales") == ["id-kim", "id-lee"]


def test_the_providers_words_of_an_operation_hold_no_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = provider(faults=Faults(refuses=lambda method, path, body: 403))
    refuse = simulated._refused
    monkeypatch.setattr(simulated, "_refused", lambda status, method, path, *more: refuse(status, method, path, "", "Bearer of-my-own"))
    monkeypatch.setattr(simulated, "redactor", lambda body: Redactor(["of-my-own"]))
    (outcome,) = written(simulated, declared("ann"))
    assert outcome.error == "ann: POST /Users was refused with 403: Bearer ********"


def test_who_did_not_join_in_a_request_without_an_answer_joins_then() -> None:
    simulated = provider(Habits(bulk=100, doubles_members=True), Faults(lost={1: False}), KIM, LEE, team("Sales"))
    (outcome,) = written(simulated, moved(team("Sales"), ["id-kim", "id-lee"]))
    assert (outcome.error, outcome.changed, simulated.members("id-Sales")) == ("", True, ["id-kim", "id-lee"])
    assert simulated.asked[-2:] == ["GET /Groups/id-Sales", "PATCH /Groups/id-Sales"]


def test_what_is_refused_after_a_request_without_an_answer_has_changed_nothing() -> None:
    simulated = provider(Habits(bulk=100), Faults({1: False}, lambda method, path, body: 403), KIM, team("Sales"))
    (outcome,) = written(simulated, moved(team("Sales"), ["id-kim"]))
    assert (outcome.changed, outcome.moved, status_of(outcome)) == (False, (0, 0), REFUSED)


def test_where_members_are_hidden_nobody_looks_whether_they_joined() -> None:
    simulated = provider(Habits(bulk=100), Faults(lost={1: False}), KIM, team("Sales"))
    (outcome,) = written(simulated, moved(team("Sales"), ["id-kim"]), members_readable=False)
    assert (outcome.error, simulated.asked[-1], "GET /Groups/id-Sales" in simulated.asked) == ("", "PATCH /Groups/id-Sales", False)


def test_of_a_group_that_is_gone_nobody_is_a_member() -> None:
    simulated = provider(Habits(bulk=100), Faults(lost={1: False}), KIM)
    (outcome,) = written(simulated, moved(team("Sales"), ["id-kim"]))
    assert ("404" in outcome.error, outcome.changed, outcome.moved) == (True, False, (0, 0))


def test_a_bulk_answer_without_operations_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Go writes for an empty list is null."""
    simulated = provider(Habits(bulk=100))
    answered = simulated._bulk
    monkeypatch.setattr(simulated, "_bulk", lambda body: replace(answered(body), body={"Operations": None}))
    outcomes = written(simulated, declared("ann"), declared("ben"))
    assert [outcome.error for outcome in outcomes] == ["", ""]
    assert sorted(user["userName"] for user in simulated.users.values()) == ["ann", "ben", "kim", "lee"]


# -- how much is sent at a time ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "most", "expected"), [(3, 3, [3]), (4, 3, [3, 1]), (6, 3, [3, 3]), (1, 1, [1]), (2, 1, [1, 1]), (2, 100, [2])]
)
def test_a_request_holds_as_many_operations_as_the_provider_takes(count: int, most: int, expected: list[int]) -> None:
    found = steps_of(*[created(f"u{number}") for number in range(count)])
    assert [len(chunk) for chunk in chunks(found, most, None)] == expected


@pytest.mark.parametrize(("less", "expected"), [(0, [2]), (1, [1, 1])])
def test_a_request_is_as_long_as_the_provider_takes(less: int, expected: list[int]) -> None:
    """With a comma between the operations, and what is around them."""
    found = steps_of(created("u1"), created("u2"))
    payload = ENVELOPE + sum(len(json.dumps(step.operation)) for step in found) + 1
    assert [len(chunk) for chunk in chunks(found, 100, payload - less)] == expected


@pytest.mark.parametrize(("count", "asked"), [(9, []), (10, ["GET /ServiceProviderConfig", "POST /Bulk"])])
def test_bulk_is_asked_for_from_ten_changes_on(count: int, asked: list[str]) -> None:
    simulated = provider(Habits(bulk=100))
    written(simulated, *[declared(f"u{number}") for number in range(count)], bulk=AUTO)
    assert [one for one in simulated.asked if one in ("GET /ServiceProviderConfig", "POST /Bulk")] == asked


@pytest.mark.parametrize("known", [True, False])
def test_what_is_known_of_bulk_is_not_asked_for(known: bool) -> None:
    simulated = provider(Habits(bulk=100))
    plan = Plan(tuple(declared(f"u{number}") for number in range(10)))
    outcomes = list(Executor(simulated.client(bulk=known), Policy(), ApplyOptions(AUTO)).outcomes(plan))
    assert {outcome.error for outcome in outcomes} == {""}
    assert "GET /ServiceProviderConfig" not in simulated.asked
    assert ("POST /Bulk" in simulated.asked) is known


def test_a_group_with_more_members_than_a_request_takes_is_written_by_itself() -> None:
    group = replace(created("Data", GROUP, ["id-kim", "id-lee"]), entry=group_entry("Data"))
    assert steps_of(group, members_per_request=1) == []
    (step,) = steps_of(group, members_per_request=2)
    assert (step.data["members"], step.members) == ([{"value": "id-kim"}, {"value": "id-lee"}], ("id-kim", "id-lee"))


# -- when the run ends -------------------------------------------------------------------------------------------------------------------


def ending(simulated: Simulated, monkeypatch: pytest.MonkeyPatch, at: int, error: Exception) -> None:
    """The bulk request of this number ends the run."""
    bulk, numbers = simulated._bulk, iter(range(1, 1000))

    def until(body: Body) -> Any:
        if next(numbers) >= at:
            raise error
        return bulk(body)

    monkeypatch.setattr(simulated, "_bulk", until)


def outcomes_until(simulated: Simulated, *changes: Change, **known: Any) -> tuple[list[Outcome], Stop | None]:
    run = Executor(simulated.client(bulk=True, **known), Policy(), ApplyOptions(ALWAYS)).outcomes(Plan(changes))
    outcomes: list[Outcome] = []
    try:
        for outcome in run:
            outcomes.append(outcome)
    except Stop as stop:
        return outcomes, stop
    return outcomes, None


@pytest.mark.parametrize("begun", [True, False])
def test_a_request_in_which_the_run_ended_may_have_been_applied(begun: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log has it, unless it was not begun."""
    simulated, over = provider(Habits(bulk=2)), Interrupted("the time is over")
    over.begun = begun
    ending(simulated, monkeypatch, 2, over)
    outcomes, stop = outcomes_until(simulated, *(declared(f"u{number}") for number in range(5)), bulk_operations=2)
    assert stop is over
    assert [(o.change.name, o.changed, status_of(o)) for o in outcomes] == [
        ("u0", True, DONE),
        ("u1", True, DONE),
        *([("u2", False, UNKNOWN), ("u3", False, UNKNOWN)] if begun else []),
    ]
    for outcome in outcomes[2:]:
        assert outcome.error.startswith(f"{outcome.change.name}: {UNFINISHED}; {outcome.change.name}: POST /Users was not answered.")
        assert [sent["method"] for sent in outcome.sent] == ["POST"]


def test_what_a_half_has_done_is_reported_where_the_other_half_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = provider(Habits(bulk=2))
    ending(simulated, monkeypatch, 3, Unreachable("it is gone"))  # the first is too large
    outcomes, stop = outcomes_until(simulated, *(declared(f"u{number}") for number in range(4)), bulk_operations=4)
    assert str(stop) == "it is gone"
    assert [(outcome.change.name, outcome.changed, outcome.error) for outcome in outcomes] == [("u0", True, ""), ("u1", True, "")]


def test_what_was_left_open_when_the_run_ended_is_reported() -> None:
    """Each of them was sent; that it would be written by itself does not come to pass."""
    first = iter([500, 500])

    def refuses(method: str, path: str, body: Any) -> int | None:
        status = next(first, None)
        if status is None:
            raise Unauthorized("the token has expired")
        return status

    simulated = provider(None, Faults(refuses=refuses))
    outcomes, stop = outcomes_until(simulated, updated(KIM, title="Chief"), updated(LEE, title="Chief"))
    assert isinstance(stop, Unauthorized)
    assert [(o.change.name, o.changed, len(o.sent)) for o in outcomes] == [("kim", False, 2), ("lee", False, 1)]
    assert outcomes[0].error == "kim: the token has expired"
    assert outcomes[1].error == f"lee: {UNFINISHED}; lee: PATCH /Users/id-lee was refused with 500: refused here"


def test_a_membership_that_a_lost_bulk_request_ended_is_one_that_it_sent() -> None:
    """Nothing is left to send by itself, and the audit log needs the request that did it."""
    simulated = provider(None, Faults(lost={1: True}))
    (outcome,) = written(simulated, moved(team("Sales", "kim"), leaves=["id-kim"]))
    assert (outcome.changed, outcome.error, simulated.members("id-Sales")) == (True, "", [])
    assert [(sent["method"], sent["path"]) for sent in outcome.sent] == [("PATCH", "/Groups/id-Sales")]


def test_how_many_members_moved_is_told_where_a_part_was_refused() -> None:
    simulated = provider(Habits(bulk=100), None, KIM, LEE, team("Sales"))
    refused = simulated._refused
    simulated._refused = lambda status, method, path, *more: refused(status, method, path, "invalidValue")  # type: ignore[method-assign]
    simulated.faults = Faults(refuses=lambda method, path, body: 400 if "id-lee" in json.dumps(body) else None)
    (outcome,) = written(simulated, moved(team("Sales"), ["id-kim", "id-lee"]), members_per_request=1)
    assert (outcome.changed, outcome.moved, status_of(outcome)) == (True, (1, 0), PARTIAL)
    assert simulated.members("id-Sales") == ["id-kim"]


def test_on_error_stop_ends_the_run_after_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = provider(Habits(bulk=2))
    simulated.faults = Faults(refuses=lambda method, path, body: 403 if body.get("userName") == "u0" else None)
    plan = Plan(tuple(declared(f"u{number}") for number in range(4)))
    run = Executor(simulated.client(bulk=True, bulk_operations=2), Policy(), ApplyOptions(ALWAYS, "stop")).outcomes(plan)
    assert [next(run).change.name, next(run).change.name] == ["u0", "u1"]
    with pytest.raises(Stop, match="on_error is stop"):
        next(run)
    assert simulated.asked.count("POST /Bulk") == 1


# -- what an answer means ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "status", "resource_id"),
    [
        ({"status": "201", "location": "https://x/Users/a%2Fb"}, 201, "a/b"),
        ({"status": 201, "location": "https://x/Users/7/"}, 201, "7"),
        ({"status": {"code": "201"}, "response": {"id": "7"}}, 201, "7"),
        ({"status": "201", "location": "https://x/Users/7", "response": {"id": "8"}}, 201, "7"),
        ({"status": "none"}, 0, ""),
        ({"status": None, "location": None, "response": None}, 0, ""),
        ({"status": []}, 0, ""),
        ({"status": float("inf")}, 0, ""),
        ({}, 0, ""),
    ],
)
def test_an_answer_is_read_leniently(raw: Body, status: int, resource_id: str) -> None:
    answer = Answer.read(raw)
    assert (answer.status, answer.id) == (status, resource_id)


@pytest.mark.parametrize(
    ("method", "status", "scim_type", "expected"),
    [
        ("PATCH", 200, "", False),
        ("PATCH", 204, "", False),
        ("DELETE", 204, "", False),
        ("POST", 201, "", True),
        ("PATCH", 400, "", True),
        ("PATCH", 400, "uniqueness", True),
        ("PATCH", 422, "", True),
        ("POST", 422, "", True),
        ("POST", 422, "invalidPath", False),
        ("PATCH", 400, "invalidPath", True),
        ("PATCH", 400, "invalidValue", False),
        ("PATCH", 400, "mutability", False),
        ("POST", 400, "invalidPath", False),
        ("POST", 400, "", True),
        ("POST", 409, "uniqueness", True),
        ("POST", 422, "uniqueness", True),
        ("POST", 422, "invalidValue", False),
        ("DELETE", 404, "", True),
        ("PATCH", 404, "", False),
        ("PATCH", 403, "", False),
        *[("PATCH", status, "", True) for status in (0, 401, 405, 409, 412, 413, 429, 500, 501, 502, 503, 504)],
    ],
)
def test_what_is_written_by_itself(method: str, status: int, scim_type: str, expected: bool) -> None:
    answer = Answer.read({"status": status, "response": {"scimType": scim_type}})
    assert answer.is_not_final(Step(Attempt(deleted(KIM), deleted(KIM)), method, "/Users/id-kim")) is expected
    created_with_id = Answer.read({"status": 201, "location": "https://x/Users/7"})
    assert not created_with_id.is_not_final(Step(Attempt(deleted(KIM), deleted(KIM)), "POST", "/Users"))


TEAMS = [team(f"Team{number}", "kim", "lee", "pat") for number in range(4)]
EVERYBODY = (KIM, LEE, person("pat"), person("new"))


@pytest.mark.parametrize(
    ("habits", "change"),
    [
        ({"replaces": True}, lambda group: moved(group, ["id-new"])),
        ({"clears": True}, lambda group: moved(group, [], ["id-kim"])),
        ({"replaces": True, "clears": True}, lambda group: moved(group, ["id-new"], ["id-kim"])),
    ],
    ids=["adding replaces", "removing clears", "both"],
)
def test_a_provider_that_removes_other_members_harms_one_group_only(habits: Body, change: Callable[[Resource], Change]) -> None:
    simulated = provider(Habits(bulk=100, **habits), None, *EVERYBODY, *TEAMS)
    first, *others = written(simulated, *map(change, TEAMS))
    assert "the provider removed all other members of the group, which were added again" in first.error
    assert [outcome.error for outcome in others] == [""] * 3
    assert {each for each in simulated.asked if each.startswith(("PATCH", "POST"))} == {"PATCH /Groups/id-Team0"}
    joins, leaves = change(TEAMS[0]).joins, change(TEAMS[0]).leaves
    assert [{*simulated.members(group)} for group in simulated.groups] == [{*joins, "id-kim", "id-lee", "id-pat"} - {*leaves}] * 4


@pytest.mark.parametrize("others", [[["id-new"], ["id-kim"]], [[], ["id-kim"]]], ids=["adds and removes", "removes"])
def test_what_adds_counts_whatever_else_it_does(others: list[list[str]]) -> None:
    changes = (moved(TEAMS[0], ["id-new"]), moved(TEAMS[1], *others), moved(TEAMS[2], ["id-new"]))
    simulated = provider(Habits(bulk=100, replaces=True), None, *EVERYBODY, *TEAMS)
    outcomes = written(simulated, *changes)
    assert [bool(outcome.error) for outcome in outcomes].count(True) == 1
    kept = {"id-lee", "id-pat"}
    assert [kept <= {*simulated.members(group)} for group in simulated.groups] == [True] * 4


@pytest.mark.parametrize(
    ("groups", "alone"),
    [(TEAMS, 1), (TEAMS[:1], 0), ([team(f"Team{number}") for number in range(4)], 0)],
    ids=["several", "one", "empty ones"],
)
def test_one_group_goes_ahead_where_several_may_lose_other_members(groups: list[Resource], alone: int) -> None:
    simulated = provider(Habits(bulk=100), None, *EVERYBODY, *groups)
    outcomes = written(simulated, *(moved(group, ["id-new"]) for group in groups))
    assert [(outcome.error, outcome.changed) for outcome in outcomes] == [("", True)] * len(groups)
    assert [each for each in simulated.asked if not each.startswith("GET")] == ["PATCH /Groups/id-Team0"] * alone + ["POST /Bulk"]
