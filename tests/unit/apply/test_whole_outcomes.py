# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user reads of a change that went wrong, word for word, and every request that it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.attempt import Attempt
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.bulk import Answer, uses_bulk
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.resource_writer import ResourceWriter
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.client import WITH_THE_RESOURCE
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import PlanRefused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Deactivation, Deletion
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Body
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
    written,
)

KIM = person("kim", title="Boss")
LEE = person("lee", active=False)


def refusing(status: int, *methods: str) -> Faults:
    """Refuse these methods with this status."""
    return Faults(refuses=lambda method, path, body: status if method in methods else None)


def refused_as(status: int, scim_type: str) -> type[Simulated]:
    """A provider that refuses each POST of a user."""

    class Refusing(Simulated):
        def _post(self, endpoint: str, body: Any) -> Any:
            raise self._refused(status, "POST", endpoint, scim_type, "not this one")

    return Refusing


# -- creations ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "scim_type", "search", "asked"),
    [
        (400, "invalidValue", None, ["POST /Users"]),
        (403, "", None, ["POST /Users"]),
        (422, "invalidValue", None, ["POST /Users"]),
        (400, "", False, ["POST /Users"]),
        (400, "", None, ["POST /Users", "GET /Users"]),
        (422, "", None, ["POST /Users", "GET /Users"]),
        (409, "", None, ["POST /Users", "GET /Users"]),
    ],
)
def test_only_what_may_be_a_conflict_is_looked_up(status: int, scim_type: str, search: bool | None, asked: list[str]) -> None:
    simulated = refused_as(status, scim_type)([KIM.body])
    (outcome,) = written(simulated, declared("kim", title="Chief"), search=search)
    found = len(asked) > 1
    assert simulated.asked[: len(asked)] == asked
    assert (outcome.adopted is not None, outcome.error == "", outcome.changed) == (found, found, found)
    assert simulated.users["id-kim"]["title"] == ("Chief" if found else "Boss")


@pytest.mark.parametrize(("members", "posts"), [(0, 1), (1, 2), (2, 2)])
def test_a_group_with_members_is_tried_without_them(members: int, posts: int) -> None:
    people = [person(f"u{number}") for number in range(members)]
    simulated = provider(*people, faults=refusing(413, "POST"))
    change = replace(created("New", GROUP, [one.id for one in people]), entry=group_entry("New"))
    (outcome,) = written(simulated, change)
    assert simulated.asked == ["GET /Groups", *["POST /Groups"] * posts]
    assert ["members" in sent["body"] for sent in outcome.sent] == [True, False][:posts] if members else [False]


@pytest.mark.parametrize(("multi_valued", "expected"), [("additive", ["a@x.example", "b@x.example"]), ("exact", ["b@x.example"])])
def test_who_is_adopted_keeps_values_where_lists_only_grow(multi_valued: str, expected: list[str]) -> None:
    simulated = provider(person("kim", emails=[{"value": "a@x.example"}]))
    change = declared("kim", emails=[{"value": "b@x.example"}])
    (outcome,) = Executor(simulated.client(), Policy(multi_valued=multi_valued), ApplyOptions("never")).outcomes(Plan((change,)))
    assert (outcome.error, outcome.changed) == ("", True)
    assert sorted(mail["value"] for mail in simulated.users["id-kim"]["emails"]) == expected


@pytest.mark.parametrize(
    ("update_password", "title", "sent"), [("on_create", "Boss", False), ("on_create", "x", False), ("always", "Boss", True)]
)
def test_who_is_adopted_gets_a_password_only_where_it_is_always_set(update_password: str, title: str, sent: bool) -> None:
    simulated = provider(KIM)
    change = replace(declared("kim", title=title), secrets={"password": "correct horse"})
    (outcome,) = Executor(simulated.client(), Policy(update_password=update_password), ApplyOptions("never")).outcomes(Plan((change,)))
    assert ["password" in str(write.body) for write in simulated.written] == ([sent] if sent or title == "x" else [])
    assert (outcome.action, outcome.changed) == ((Action.UPDATED, True) if sent or title == "x" else (Action.UNCHANGED, False))
    assert "horse" not in str(outcome.sent)


META, URN = {"resourceType": "User"}, "urn:example:badge:1.0:User"


@pytest.mark.parametrize(
    ("pasted", "known", "expected"),
    [
        ({}, {}, {"userName": "kim"}),
        ({"meta": {"location": "x"}}, {}, {"userName": "kim"}),
        (
            {"meta": {"location": "x"}, "other": 1},
            {"always_sent": {"User": {"meta": META}}},
            {"userName": "kim", "meta": {"location": "x"}},
        ),
        ({"meta": {"location": "x"}}, {"always_sent": {"Group": {"meta": META}}}, {"userName": "kim"}),
        ({"schemas": [URN]}, {}, {"userName": "kim", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", URN]}),
        ({"schemas": []}, {}, {"userName": "kim"}),
    ],
)
def test_what_a_pasted_document_adds_to_a_creation(pasted: dict[str, Any], known: dict[str, Any], expected: dict[str, Any]) -> None:
    change = replace(created("kim"), entry=entry("kim", pasted=pasted))
    writer = ResourceWriter(provider().client(**known), Policy(), Attempt(change, change))
    assert writer.created_body() == expected


def test_messages_about_a_creation_are_whole() -> None:
    simulated = provider(faults=refusing(409, "POST"))
    (unsearchable,) = written(simulated, declared("kim"), search=False)
    assert (unsearchable.action, unsearchable.changed, unsearchable.error) == (Action.UNCHANGED, False, "")
    assert unsearchable.warnings == (
        "kim already exists and could not be compared: this provider cannot be searched. Declare its id to have it compared and updated.",
    )
    (taken,) = written(simulated, declared("kim"))
    assert taken.error == (
        "kim: not created, and no user is found by id and user_name: another resource has a value that must be unique. "
        "POST /Users/ was refused with 409: refused here"
    )
    policy, there = Policy(adopt=False), provider(KIM)
    (kept,) = Executor(there.client(), policy, ApplyOptions("never")).outcomes(Plan((declared("kim"),)))
    assert kept.error == (
        'kim: it already exists (id "id-kim") and adopt is false. Set adopt: true to take it over, or declare its id. '
        "POST /Users was refused with 409 (uniqueness): refused here"
    )


def test_two_that_are_found_are_told_word_for_word() -> None:
    simulated = provider(person("ann", externalId="e1"), KIM)
    policy = Policy(match_on={"User": ("externalId", "userName")})
    (outcome,) = Executor(simulated.client(), policy, ApplyOptions("never")).outcomes(Plan((declared("kim", externalId="e1"),)))
    assert outcome.error == (
        'kim: the match keys find 2 users: external_id finds "ann" (id "id-ann"), user_name finds "kim" (id "id-kim"). '
        "Declare the id of the user that is meant."
    )


# -- updates and deletions ---------------------------------------------------------------------------------------------------------------


def test_one_delete_shows_that_users_are_only_deactivated() -> None:
    others = [person(f"u{number}", active=False) for number in range(2)]
    simulated = provider(*others, habits=Habits(deletion="deactivates"))
    client = simulated.client()
    outcomes = list(Executor(client, Policy(), ApplyOptions("never")).outcomes(Plan(tuple(map(deleted, others)))))
    assert client.capabilities.user_deletion is Deletion.DEACTIVATES
    assert simulated.asked == ["DELETE /Users/id-u0", *["GET /Users/id-u0"] * 4]
    assert [(outcome.action, outcome.changed, outcome.warnings) for outcome in outcomes] == [
        (
            Action.UNCHANGED,
            False,
            (
                "u0 was inactive and still exists after a DELETE: this provider only deactivates users. "
                "To treat inactive users as absent, set provider_options: {user_deletion: deactivates}",
            ),
        ),
        (Action.UNCHANGED, False, ()),
    ]


def test_what_deactivating_did_is_told_word_for_word() -> None:
    others = [person(f"u{number}", active=True) for number in range(2)]
    simulated = provider(*others, habits=Habits(deactivation="deletes"))
    client = simulated.client()
    plan = Plan(tuple(updated(one, active=False) for one in others))
    first, second = Executor(client, Policy(), ApplyOptions("never")).outcomes(plan)
    assert client.capabilities.user_deactivation is Deactivation.DELETES
    assert first.warnings == (
        "u0 was deactivated and does not exist any more: this provider deletes users that are deactivated. "
        "No other user was deactivated. Declare state: absent, and set provider_options: {user_deactivation: deletes}",
    )
    assert (first.action, first.changed, first.error) == (Action.UPDATED, True, "")
    assert second.error == "u1: not deactivated: this provider deletes users that are deactivated. To delete it, declare state: absent."
    assert (second.changed, second.sent) == (False, ())


def test_a_put_that_might_empty_a_group_is_refused_word_for_word() -> None:
    simulated = provider(KIM, team("Sales", "kim"), habits=Habits(shows_members=False))
    (outcome,) = written(simulated, moved(team("Sales"), ["id-lee"]), patch=False, members_readable=False)
    assert outcome.error == (
        "Sales: not updated: this needs a PUT, and the provider does not show members (members_readable), so all of them might be removed."
    )
    assert (outcome.sent, simulated.asked) == ((), [])


def test_a_group_shown_without_those_who_leave_is_refused_word_for_word() -> None:
    simulated = provider(KIM, team("Sales"))
    (outcome,) = written(simulated, moved(team("Sales", "kim"), (), ["id-kim"]), patch=False)
    assert outcome.error == (
        "Sales: not updated: the provider shows the group without the members to remove, so a PUT might remove the other members, too. "
        "Run the task again."
    )
    assert outcome.sent == ()


def in_paths(method: str, path: str, body: Any) -> int | None:
    """Take no value filter in a path."""
    return 400 if method == "PATCH" and any("[" in operation["path"] for operation in body["Operations"]) else None


def test_what_is_sent_to_remove_a_member_otherwise_is_told() -> None:
    simulated = provider(KIM, person("lee"), team("Sales", "kim", "lee"), habits=Habits(put=False), faults=Faults(refuses=in_paths))
    (outcome,) = written(simulated, moved(team("Sales", "kim", "lee"), (), ["id-kim"]))
    assert [(sent["method"], sent["path"]) for sent in outcome.sent] == [
        ("PATCH", "/Groups/id-Sales"),
        ("PUT", "/Groups/id-Sales"),
        ("PATCH", "/Groups/id-Sales"),
    ]
    assert outcome.sent[-1]["body"]["Operations"] == [{"op": "remove", "path": "members", "value": [{"value": "id-kim"}]}]
    assert (outcome.error, outcome.moved, simulated.members("id-Sales")) == ("", None, ["id-lee"])


@pytest.mark.parametrize(
    "change",
    [updated(KIM, title="Chief"), moved(team("Sales"), ["id-kim"])],
    ids=["an attribute", "a member"],
)
def test_one_value_that_is_refused_is_the_error_and_takes_one_request(change: Change) -> None:
    simulated = provider(KIM, team("Sales"), faults=refusing(400, "PATCH"))
    (outcome,) = written(simulated, change, answers_patch=False)
    path = f"{change.type.endpoint}/{change.key}"
    assert simulated.asked == [f"PATCH {path}"]
    named = "title was not changed: " if change.type.name == "User" else ""
    assert outcome.error == f"{change.name}: {named}PATCH {path} was refused with 400: refused here"
    assert (outcome.changed, len(outcome.sent)) == (False, 1)


class Recording(Simulated):
    """Keep the parameters of each write."""

    params: list[Mapping[str, str]]

    def _write(self, method: str, endpoint: str, resource_id: str, params: Mapping[str, str], *rest: Any) -> Any:
        self.params = [*getattr(self, "params", []), params]
        return super()._write(method, endpoint, resource_id, params, *rest)


def test_only_a_patch_of_attributes_asks_for_the_resource() -> None:
    simulated = Recording([KIM.body], [team("Sales").body])
    change = replace(updated(KIM, title="Chief"), entry=entry("kim", attributes={"title": "Chief", "nickName": None}))
    assert [outcome.error for outcome in written(simulated, change, moved(team("Sales"), ["id-kim"]))] == ["", ""]
    assert sorted(simulated.params, key=len) == [{}, WITH_THE_RESOURCE]


ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
NEVER_READ: Body = {
    "nickName": "Kimmy", "emails": [{"value": "kim@example.com", "type": "work", "verified": True}], "active": True,
    ENTERPRISE: {"department": "Sales", "badge": "17"}, "urn:example:2.0:Desk": {"floor": {"number": 3}}, "x": {"y": ["z"]},
}  # fmt: skip


@pytest.mark.parametrize("attributes", [{"title": "Chief"}, {ENTERPRISE: {"department": "Data"}}], ids=["core", "extension"])
def test_nothing_is_lost_where_a_patch_stores_what_it_asks_for(attributes: Body) -> None:
    """SCIMMY applies ``attributes`` to what it stores. What no schema has, and what was not read, stays as well."""
    stored = {**KIM.body, **NEVER_READ}
    simulated = Simulated([stored], [team("Sales", "kim").body], habits=Habits(stores_projection=True))
    read = {name: value for name, value in stored.items() if name in ("id", "userName", *attributes)}
    kim, sales = replace(KIM, body=read, complete=False), team("Sales", "kim")
    renamed = replace(moved(sales), after={**sales.body, "displayName": "Trade"})
    after = {**stored, **{name: {**stored[name], **value} if isinstance(value, dict) else value for name, value in attributes.items()}}
    change = updated(kim, **{name: after[name] for name in attributes})
    assert [outcome.error for outcome in written(simulated, change, renamed)] == ["", ""]
    assert {name: simulated.users["id-kim"][name] for name in stored if name != "meta"} == after
    group = next(iter(simulated.groups.values()))
    assert (group["displayName"], [member["value"] for member in group["members"]]) == ("Trade", ["id-kim"])


# -- members that were not created -------------------------------------------------------------------------------------------------------


def outcomes_of(simulated: Simulated, plan: Plan, **known: Any) -> list[Outcome]:
    return list(Executor(simulated.client(**known), Policy(), ApplyOptions("never")).outcomes(plan))


def test_a_member_without_a_name_is_told_by_its_key() -> None:
    simulated = provider(team("Sales"), faults=refusing(422, "POST"))
    *_others, group = outcomes_of(simulated, Plan((declared("bad"), declared("worse"), moved(team("Sales"), ["User:bad", "User:worse"])),
                                                  names={"User:bad": "Bad"}))  # fmt: skip
    assert group.error == "Sales: members that could not be created were not added: Bad, User:worse. Fix that and run the task again."


def test_what_became_of_a_group_that_is_created_with_its_members() -> None:
    group = moved(team("Ops"), ["User:new", "User:bad", "User:old"])
    simulated = provider(
        person("old"), faults=Faults(refuses=lambda method, path, body: 422 if (body or {}).get("userName") == "bad" else None)
    )
    plan = Plan((declared("new"), declared("bad"), declared("old"), group, moved(team("Data"), ["User:old"])),
                names={"User:bad": "bad", "User:old": "old"}, by_name_only=frozenset({"id-Ops", "id-Data"}))  # fmt: skip
    found = {outcome.change.name: outcome for outcome in outcomes_of(simulated, plan)}
    ops, data = found["Ops"], found["Data"]
    warning = "old existed already, and the provider takes groups only with a new user: not compared."
    assert (ops.action, ops.changed, ops.moved, ops.id) == (Action.UPDATED, True, (1, 0), "id-Ops")
    assert ops.error == "Ops: members that could not be created were not added: bad. Fix that and run the task again."
    assert ops.warnings == (f"Ops: {warning}",)
    assert (data.action, data.changed, data.moved, data.error) == (Action.UNCHANGED, False, (0, 0), "")
    assert data.warnings == (f"Data: {warning}",)


# -- bulk --------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"status": "400", "response": "no such thing"}, Answer(400, detail="no such thing")),
        ({"status": "400", "response": {"scimType": "invalidValue", "detail": "no"}}, Answer(400, scim_type="invalidvalue", detail="no")),
        (
            {"status": 201, "bulkid": "User:a", "method": "post", "location": "https://x/Users/7/", "response": {"id": 8}},
            Answer(201, "User:a", "POST", "https://x/Users/7", "7"),
        ),
        ({"bulkid": None, "method": None, "response": {"id": None, "scimType": None, "detail": None}}, Answer()),
        ({"status": "204"}, Answer(204)),
    ],
)
def test_an_answer_is_read_whole(raw: dict[str, Any], expected: Answer) -> None:
    assert Answer.read(raw) == expected


@pytest.mark.parametrize(
    ("answer", "method", "expected"),
    [
        (Answer(200, method="PATCH", location="https://x/Users/7"), "PATCH", True),
        (Answer(200, method="PATCH", location="https://x/Users/17"), "PATCH", False),
        (Answer(200, method="DELETE", location="https://x/Users/7"), "PATCH", False),
        (Answer(200, method="POST", location="https://x/Users/7"), "POST", False),
        (Answer(200), "PATCH", False),
    ],
)
def test_which_resource_an_answer_names(answer: Answer, method: str, expected: bool) -> None:
    assert answer.names(method, "/Users/7") is expected


def test_bulk_that_is_not_offered_is_refused_word_for_word() -> None:
    with pytest.raises(PlanRefused) as refused:
        uses_bulk(provider().client(), 1, ALWAYS)
    assert str(refused.value) == (
        "bulk is always, but the provider does not support it (ServiceProviderConfig). Nothing was written. Set bulk: auto."
    )


def bulk_requests(simulated: Simulated) -> int:
    return simulated.asked.count("POST /Bulk")


@pytest.mark.parametrize(("payload", "requests"), [(None, 1), (300, 4), (100_000, 1)])
def test_bulk_requests_are_as_long_as_is_known(payload: int | None, requests: int) -> None:
    simulated = provider(habits=Habits(bulk=100))
    outcomes = written(simulated, *(declared(f"u{number}") for number in range(4)), bulk=ALWAYS, bulk_payload=payload)
    assert ([outcome.error for outcome in outcomes], bulk_requests(simulated)) == ([""] * 4, requests)


def answering(simulated: Simulated, **statuses: Any) -> None:
    """Answer operations with these statuses, by the number of the operation, and do not apply them."""
    answer, numbers = simulated._one_of_bulk, iter(range(100))

    def one(operation: dict[str, Any]) -> dict[str, Any]:
        fault = statuses.get(f"at{next(numbers)}")
        if fault is None:
            return answer(operation)
        return {"method": operation["method"], "bulkId": operation["bulkId"], **fault}

    simulated._one_of_bulk = one  # type: ignore[method-assign]


def test_a_change_of_which_one_step_is_not_final_is_finished_on_its_own() -> None:
    simulated = provider(KIM, person("lee"), person("pat"), team("Sales"), habits=Habits(bulk=100))
    answering(simulated, at0={"status": "503"})
    (outcome,) = written(simulated, moved(team("Sales"), ["id-kim", "id-lee", "id-pat"]), bulk=ALWAYS, members_per_request=1)
    assert (outcome.error, outcome.changed, outcome.moved) == ("", True, None)
    assert sorted(simulated.members("id-Sales")) == ["id-kim", "id-lee", "id-pat"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": "403"}, "kim: PATCH /Users/id-kim was refused with 403: without a reason"),
        ({"status": "403", "response": {"detail": "not you"}}, "kim: PATCH /Users/id-kim was refused with 403: not you"),
        ({"status": "403", "response": "not you"}, "kim: PATCH /Users/id-kim was refused with 403: not you"),
    ],
)
def test_what_an_operation_was_refused_with(answer: dict[str, Any], expected: str) -> None:
    simulated = provider(KIM, habits=Habits(bulk=100))
    answering(simulated, at0=answer)
    (outcome,) = written(simulated, updated(KIM, title="Chief"), bulk=ALWAYS)
    assert (outcome.error, outcome.changed, outcome.unknown) == (expected, False, False)


def test_all_that_takes_a_put_is_written_alone() -> None:
    people = [person(f"u{number}") for number in range(3)]
    simulated = provider(*people, habits=Habits(bulk=100))
    outcomes = written(simulated, *(updated(one, title="x") for one in people), created("new"), bulk=ALWAYS, patch=False)
    assert [outcome.error for outcome in outcomes] == [""] * 4
    assert [user.get("title") for user in simulated.users.values()] == ["x", "x", "x", None]


def test_what_may_have_happened_in_bulk_is_unknown_where_nothing_tells() -> None:
    simulated = provider(person("ann", externalId="e1"), habits=Habits(bulk=100), faults=Faults(lost={1: True}))
    policy = Policy(match_on={"User": ("externalId", "userName")})
    lost, outcome = Executor(simulated.client(), policy, ApplyOptions(ALWAYS)).outcomes(Plan((declared("kim", externalId="e1"),)))
    assert (lost.is_final, outcome.is_final) == (False, True)
    assert outcome.unknown
    assert outcome.error.startswith("kim: the match keys find 2 users: ")
    assert outcome.error.endswith("Declare the id of the user that is meant. The change may or may not have been applied.")


def test_what_was_not_answered_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = provider(KIM, team("Sales"), habits=Habits(bulk=100))
    monkeypatch.setattr(simulated, "_bulk", lambda body: simulated._answered(200, {"Operations": []}))
    done: Iterator[Outcome] = Executor(simulated.client(), Policy(), ApplyOptions(ALWAYS)).outcomes(Plan((updated(KIM, title="Chief"),)))
    assert [(outcome.error, outcome.changed, outcome.is_final) for outcome in done] == [
        ("kim: PATCH /Users/id-kim was not answered. It may or may not have been applied.", False, False),
        ("", True, True),
    ]
    assert simulated.asked == ["GET /ServiceProviderConfig", "POST /Bulk", "PATCH /Users/id-kim"]
