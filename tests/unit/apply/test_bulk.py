# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many changes in one request: what is sent, and what each answer is taken for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.bulk import LEFT, Step, chunks, matched, steps
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import Apply
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.resource_writer import Write
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, AUTO, NEVER, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.redact import Redactor
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import PlanRefused, Unreachable
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource, read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan import planned
from ansible_collections.identity.scim.tests.unit.plan.planned import created, deleted, entry, moved, person, team, updated

Body = dict[str, Any]
KIM, LEE = person("kim", title="Boss"), person("lee")


def provider(habits: Habits | None = None, faults: Faults | None = None, *there: Resource) -> Simulated:
    return planned.provider(*(there or (KIM, LEE, team("Sales", "kim"))), habits=habits or Habits(bulk=100), faults=faults)


def steps_of(*changes: Change, **known: Any) -> list[Step]:
    client = provider().client(**known)
    return [step for change in changes for step in steps(Write(client, Policy(), change, {})) or ()]


def written(simulated: Simulated, *changes: Change, bulk: str = ALWAYS, **known: Any) -> list[Outcome]:
    return planned.written(simulated, *changes, bulk=bulk, **known)


def declared(name: str) -> Change:
    return replace(created(name), entry=entry(name))


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
    client = provider().client(patch=False)
    assert steps(Write(client, Policy(), updated(KIM, title="Chief"), {})) is None
    assert steps(Write(client, Policy(), deleted(KIM), {})) is not None


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
    found = matched(steps_of(created("new"), deleted(LEE)), answers)
    assert [next((i for i, answer in enumerate(answers) if answer is one), None) for one in found] == expected


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
    with pytest.raises(PlanRefused, match="bulk is always, and this provider does not offer it"):
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
    assert outcomes["lee"].error == "lee: PATCH /Users/id-lee was refused with 400: refused here"
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


def test_too_much_at_once_is_halved() -> None:
    simulated = provider(Habits(bulk=3))
    plan = Plan(tuple(declared(f"u{number}") for number in range(8)))
    outcomes = list(Apply(simulated.client(bulk=True, bulk_operations=8), Policy(), ALWAYS).outcomes(plan))
    assert [o.error for o in outcomes if o.error] == []
    assert simulated.asked.count("POST /Bulk") == 7  # 8; 4 and 4; 2, 2, 2 and 2
    assert simulated.asked.count("POST /Users") == 0


def test_bulk_that_is_promised_and_missing_is_learned() -> None:
    simulated = provider(Habits(bulk=0))
    client = simulated.client(bulk=True)
    outcomes = list(Apply(client, Policy(), ALWAYS).outcomes(Plan((declared("ann"), updated(KIM, title="Chief")))))
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
    assert [outcome.error for outcome in Apply(simulated.client(), Policy(), ALWAYS, on_error).outcomes(plan)] == ["", ""]
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
    group, client = team("Sales"), provider().client(members_per_request=1)
    found = steps(Write(client, Policy(), moved(group, ["id-kim", "id-lee"]), {})) or []
    assert [step.operation["bulkId"] for step in found] == ["Group:id-Sales", "Group:id-Sales/1"]
    place = {"method": "PATCH", "location": "https://x/Groups/id-Sales"}
    answers = [{**place, "status": "204"}, {**place, "status": "400"}]
    assert matched(found, answers) == answers
    assert matched(found, answers[:1]) == [None, None]


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
    run = Apply(client, Policy(), ALWAYS).outcomes(Plan((moved(team("Sales"), ["id-kim", "id-lee"]),)))
    told = next(run)
    assert (told.changed, told.error) == (True, f"Sales: {LEFT}")
    with pytest.raises(Unreachable):
        next(run)


def test_the_providers_words_of_an_operation_hold_no_password_and_no_escape() -> None:
    words = "the password 'correct horse' is too weak\x1b[31m"
    simulated = provider()
    refuse = simulated._refused
    simulated._refused = lambda status, method, path, *more: refuse(status, method, path, "invalidValue", words)  # type: ignore[method-assign]
    simulated.faults = Faults(refuses=lambda method, path, body: 400)
    (outcome,) = written(simulated, replace(declared("ann"), secrets={"password": "correct horse"}))
    assert outcome.error == "ann: POST /Users was refused with 400: the password '********' is too weak [31m"


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


def test_a_bulk_answer_without_operations_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Go writes for an empty list is null."""
    simulated = provider(Habits(bulk=100))
    answered = simulated._bulk
    monkeypatch.setattr(simulated, "_bulk", lambda body: replace(answered(body), body={"Operations": None}))
    outcomes = written(simulated, declared("ann"), declared("ben"))
    assert [outcome.error for outcome in outcomes] == ["", ""]
    assert sorted(user["userName"] for user in simulated.users.values()) == ["ann", "ben", "kim", "lee"]
