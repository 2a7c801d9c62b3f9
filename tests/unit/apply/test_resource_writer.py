# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change at a provider where something goes wrong on the way: what is there afterwards, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.dropped_attributes import DroppedAttributes, not_stored
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.report.audit_log import PARTIAL, REFUSED, UNKNOWN, status_of
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Interrupted
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer
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

KIM, LEE = person("kim", title="Boss", nickName="K"), person("lee")
PEOPLE = [person(f"u{number}") for number in range(3)]
IDS = [one.id for one in PEOPLE]


def patches(status: int, after: int = 0) -> Callable[[str, str, Any], int | None]:
    """Refuses each PATCH but the first ones."""
    seen = iter(range(1000))
    return lambda method, path, body: status if method == "PATCH" and next(seen) >= after else None


# -- as it is planned --------------------------------------------------------------------------------------------------------------------


def test_a_user_is_created() -> None:
    simulated = provider()
    (outcome,) = written(simulated, replace(created("kim", title="Boss"), entry=entry("kim", attributes={"title": "Boss"})))
    made = next(iter(simulated.users))
    assert len(simulated.users) == 1
    assert (outcome.action, outcome.changed, outcome.id, outcome.error, outcome.warnings) == (Action.CREATED, True, made, "", ())
    assert outcome.after is not None
    assert outcome.after.body["title"] == "Boss"
    assert simulated.asked == ["POST /Users"]


def test_a_group_is_created_with_its_members() -> None:
    simulated = provider(*PEOPLE)
    (outcome,) = written(simulated, declared("New", GROUP, IDS))
    assert (outcome.action, outcome.changed, outcome.moved, outcome.error) == (Action.CREATED, True, None, "")
    assert (simulated.asked, [simulated.members(key) for key in simulated.groups]) == (["GET /Groups", "POST /Groups"], [IDS])


@pytest.mark.parametrize(("most", "asked"), [(3, []), (2, ["PATCH /Groups/g0001"] * 2)])
def test_a_group_is_created_with_as_many_members_as_the_provider_takes(most: int, asked: list[str]) -> None:
    simulated = provider(*PEOPLE)
    (outcome,) = written(simulated, declared("New", GROUP, IDS), members_per_request=most)
    assert (outcome.error, outcome.moved, simulated.members("g0001")) == ("", None, IDS)
    assert simulated.asked == ["GET /Groups", "POST /Groups", *asked]


@pytest.mark.parametrize(("status", "most", "members"), [(400, 1, IDS), (413, 1, IDS), (400, 0, IDS[:1])])
def test_a_group_is_created_without_its_members_where_they_are_too_many(status: int, most: int, members: list[str]) -> None:
    """Keycloak takes none at all with a POST."""

    def refuses(method: str, path: str, body: Any) -> int | None:
        return status if method == "POST" and len(body.get("members", ())) > most else None

    simulated = provider(*PEOPLE, faults=Faults(refuses=refuses))
    (outcome,) = written(simulated, declared("New", GROUP, members), search=False)
    assert (outcome.error, outcome.changed, outcome.moved, simulated.members("g0001")) == ("", True, None, members)
    assert [sent["method"] for sent in outcome.sent] == ["POST", "POST", "PATCH"]


@pytest.mark.parametrize(("members", "status", "posts"), [(0, 400, 1), (1, 400, 2), (3, 403, 1), (3, 400, 2)])
def test_a_group_that_is_refused_is_reported_with_the_first_refusal(members: int, status: int, posts: int) -> None:
    """Without its members it may be refused for having none."""
    statuses = iter([status, 422])
    simulated = provider(*PEOPLE, faults=Faults(refuses=lambda method, path, body: next(statuses)))
    change = replace(created("New", GROUP, IDS[:members]), entry=group_entry("New"))
    (outcome,) = written(simulated, change, search=False)
    assert (f"refused with {status}" in outcome.error, outcome.changed, len(outcome.sent)) == (True, False, posts)


@pytest.mark.parametrize("readable", [True, False])
def test_members_that_a_new_group_was_made_without_join_it(readable: bool) -> None:
    """Some providers ignore members in the body of a POST; where members are hidden, nobody can see it."""
    simulated = provider(*PEOPLE)
    post = simulated._post
    simulated._post = lambda endpoint, body: post(endpoint, {**body, "members": body["members"][:1]})  # type: ignore[method-assign]
    (outcome,) = written(simulated, declared("New", GROUP, IDS), **({} if readable else {"members_readable": False}))
    assert (outcome.error, outcome.moved, simulated.members("g0001")) == ("", None, IDS if readable else IDS[:1])
    assert simulated.asked == ["GET /Groups", "POST /Groups", *(["GET /Groups/g0001", "PATCH /Groups/g0001"] if readable else [])]


def test_a_new_group_that_cannot_be_found_has_no_members_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = provider(*PEOPLE)
    monkeypatch.setattr(simulated, "_post", lambda endpoint, body: Answer(201, None, {}))
    (outcome,) = written(simulated, declared("New", GROUP, IDS), members_per_request=2, search=False)
    assert (outcome.action, outcome.changed, outcome.moved, outcome.id) == (Action.CREATED, True, (0, 0), "")
    assert outcome.error == "New: created without members: the provider did not answer with the id. Run the task again."


def test_an_update_without_effect_is_no_change_and_warns() -> None:
    simulated = provider(LEE, habits=Habits(drops=frozenset({"title", "nickName"})))
    change = replace(updated(LEE, title="Chief", nickName="LL"), entry=entry("lee", attributes={"title": "Chief", "nickName": "LL"}))
    (outcome,) = written(simulated, change)
    assert (outcome.action, outcome.changed, outcome.not_stored, outcome.error) == (Action.UNCHANGED, False, ("title", "nick_name"), "")
    assert outcome.warnings == (
        "lee: the provider accepted title, nick_name and did not store it as declared. "
        "To ignore it, set ignore_attributes: [title, nick_name]",
    )


def test_what_an_answer_without_a_name_lacks_may_be_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one with nothing but the id, at a provider where nothing can be read."""
    simulated = provider()
    monkeypatch.setattr(simulated, "_post", lambda endpoint, body: Answer(201, {"id": "7"}, {}))
    (outcome,) = written(simulated, replace(created("kim", title="Boss"), entry=entry("kim", attributes={"title": "Boss"})))
    assert (outcome.changed, outcome.id, outcome.not_stored, outcome.warnings) == (True, "7", (), ())


@pytest.mark.parametrize("answers", [True, False])
def test_a_password_that_is_set_is_a_change(answers: bool) -> None:
    """It cannot be read back."""
    simulated = provider(KIM, habits=Habits(answers_patch=answers))
    (outcome,) = written(simulated, replace(moved(KIM), secrets={"password": "correct horse"}))
    assert (outcome.action, outcome.changed, outcome.error) == (Action.UPDATED, True, "")
    assert outcome.sent[0]["body"]["Operations"] == [{"op": "replace", "path": "password", "value": "********"}]


@pytest.mark.parametrize(
    ("after", "changed"), [({"title": "boss"}, False), ({"title": "Chief"}, True), ({"title": None}, True), ({"nickName": "K"}, False)]
)
def test_a_change_is_what_the_answer_shows(after: dict[str, Any], changed: bool) -> None:
    """In whatever case; an attribute that is gone is a change, too."""
    simulated = provider(KIM)
    attributes = {name: value for name, value in {**KIM.body, **after}.items() if value is not None}
    (outcome,) = written(simulated, replace(updated(KIM), after=attributes))
    assert outcome.changed is changed


def test_a_user_that_is_deactivated_and_still_exists_spares_no_other() -> None:
    simulated = provider(KIM, LEE, habits=Habits(answers_patch=False))
    outcomes = written(simulated, updated(KIM, active=False), updated(LEE, active=False))
    assert [(outcome.changed, outcome.error, outcome.warnings) for outcome in outcomes] == [(True, "", ())] * 2
    assert not any(user["active"] for user in simulated.users.values())


def test_a_user_that_is_deleted_by_its_deactivation_is_reported_as_it_was() -> None:
    simulated = provider(KIM, LEE, habits=Habits(deactivation="deletes"))
    first, second = written(simulated, updated(KIM, active=False), updated(LEE, active=False))
    assert (first.changed, first.after, len(first.warnings)) == (True, KIM, 1)
    assert second.error == ("lee: not deactivated: this provider deletes users that are deactivated. To delete it, declare state: absent.")
    assert list(simulated.users) == ["id-lee"]


@pytest.mark.parametrize(
    ("active", "known", "deletion", "action", "asked"),
    [
        (True, None, "deletes", Action.DELETED, ["DELETE /Users/id-kim", "GET /Users/id-kim"]),
        (False, None, "deletes", Action.DELETED, ["DELETE /Users/id-kim", "GET /Users/id-kim"]),
        (False, "deletes", "deletes", Action.DELETED, ["DELETE /Users/id-kim", "GET /Users/id-kim"]),
        (False, None, "deactivates", Action.UNCHANGED, ["DELETE /Users/id-kim", *["GET /Users/id-kim"] * 4]),
        (False, "deactivates", "deactivates", Action.UNCHANGED, []),
        (True, "deactivates", "deactivates", Action.DELETED, ["DELETE /Users/id-kim", "GET /Users/id-kim"]),
        (True, None, "deactivates", Action.DELETED, ["DELETE /Users/id-kim", "GET /Users/id-kim"]),
    ],
)
def test_what_a_deletion_does(active: bool, known: str | None, deletion: str, action: Action, asked: list[str]) -> None:
    """It is confirmed by a read. Of an inactive user the first one shows what DELETE does."""
    kim = person("kim", active=active)
    simulated = provider(kim, habits=Habits(deletion=deletion))
    (outcome,) = written(simulated, deleted(kim), **({"user_deletion": known} if known else {}))
    assert (outcome.action, outcome.changed, outcome.error, outcome.id) == (action, action is Action.DELETED, "", "id-kim")
    assert simulated.asked == asked
    assert len(outcome.warnings) == (known is None and deletion == "deactivates")
    assert outcome.confirmed is (True if action is Action.DELETED else None)
    assert (outcome.after is None) is (deletion == "deletes")


def test_a_write_whose_answers_are_all_lost_says_how_often_it_was_sent() -> None:
    simulated = provider(*PEOPLE, team("Sales"), faults=Faults(lost=dict.fromkeys(range(1, 9), False)))
    new, group = written(simulated, replace(created("new"), entry=entry("new")), moved(team("Sales"), IDS))
    assert new.error.endswith("It was sent 3 times and does not exist. Run the task again.")
    assert group.error.endswith("It was sent 3 times. Run the task again.")
    assert [(status_of(outcome), outcome.changed, len(outcome.sent)) for outcome in (new, group)] == [(UNKNOWN, False, 3)] * 2


def test_who_is_listed_is_adopted_where_nobody_can_be_looked_up() -> None:
    simulated = provider(KIM)
    (outcome,) = written(simulated, replace(created("kim", title="Chief"), entry=entry("kim", attributes={"title": "Chief"})), search=False)
    assert (outcome.error, outcome.id, simulated.users["id-kim"]["title"]) == ("", "id-kim", "Chief")


def test_a_group_that_was_made_without_an_answer_has_the_members_of_its_body(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = provider(*PEOPLE)
    monkeypatch.setattr(simulated, "_post", lambda endpoint, body: Answer(201, None, {}))
    (outcome,) = written(simulated, declared("New", GROUP, IDS), search=False)
    assert (outcome.action, outcome.changed, outcome.moved, outcome.error) == (Action.CREATED, True, None, "")


# -- made, and not all of it -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [2, 100], ids=["members apart", "members in its body"])
def test_a_group_whose_answer_was_lost_has_its_members(most: int) -> None:
    simulated = provider(*PEOPLE, faults=Faults(lost={1: True}))
    (outcome,) = written(simulated, declared("New", GROUP, IDS), members_per_request=most)
    assert (outcome.action, outcome.changed, outcome.error) == (Action.CREATED, True, "")
    assert [sorted(simulated.members(group)) for group in simulated.groups] == [IDS]


@pytest.mark.parametrize("status", [400, 403, 413, 500])
def test_a_group_whose_members_are_refused_is_there_once_and_told(status: int) -> None:
    simulated = provider(*PEOPLE, faults=Faults(refuses=patches(status)))
    (outcome,) = written(simulated, declared("New", GROUP, IDS), members_per_request=2)
    assert (outcome.action, outcome.changed, [outcome.id], outcome.moved) == (Action.CREATED, True, list(simulated.groups), (0, 0))
    assert status_of(outcome) == (UNKNOWN if status == 500 else PARTIAL)
    assert str(status) in outcome.error


def test_who_was_made_by_a_request_without_an_answer_is_created() -> None:
    """It was not found yet, and sent again: the 409 is about our own."""
    simulated = provider(habits=Habits(lag=9), faults=Faults(lost={1: True}))
    (outcome,) = written(simulated, replace(created("new"), entry=entry("new")))
    assert (outcome.action, outcome.changed, outcome.error, outcome.id) == (Action.CREATED, True, "", next(iter(simulated.users)))
    assert simulated.asked.count("POST /Users") == 2


# -- changed, and not all of it ----------------------------------------------------------------------------------------------------------


def test_an_update_of_which_a_part_is_refused_has_changed_something() -> None:
    def refuses(method: str, path: str, body: Any) -> int | None:
        return 400 if any(one.get("path") == "nickName" for one in body["Operations"]) else None

    simulated = provider(KIM, faults=Faults(refuses=refuses))
    change = replace(updated(KIM, title="Chief", nickName="KK"), entry=entry("kim", attributes={"title": "Chief", "nickName": "KK"}))
    (outcome,) = written(simulated, change)
    assert (simulated.users["id-kim"]["title"], simulated.users["id-kim"]["nickName"]) == ("Chief", "K")
    assert (outcome.changed, status_of(outcome)) == (True, PARTIAL)


def test_members_of_whom_some_are_refused() -> None:
    simulated = provider(*PEOPLE, team("Sales"), faults=Faults(refuses=patches(403, after=1)))
    (outcome,) = written(simulated, moved(team("Sales"), IDS), members_per_request=2)
    assert simulated.members("id-Sales") == IDS[:2]
    assert (outcome.changed, status_of(outcome), outcome.moved) == (True, PARTIAL, (2, 0))


def test_what_is_refused_at_once_has_changed_nothing() -> None:
    simulated = provider(*PEOPLE, team("Sales"), faults=Faults(refuses=patches(403)))
    (outcome,) = written(simulated, moved(team("Sales"), IDS), members_per_request=2)
    assert (outcome.changed, status_of(outcome)) == (False, REFUSED)


@pytest.mark.parametrize("lost", [1, 2], ids=["once", "twice"])
def test_a_put_whose_answer_was_lost_is_done(lost: int) -> None:
    """Sent again it is a 412, and who was to leave has left."""
    simulated = provider(
        *PEOPLE, team("Sales", "u0", "u1"), habits=Habits(patch=False), faults=Faults(lost={1 + n: True for n in range(lost)})
    )
    (outcome,) = written(simulated, moved(team("Sales", "u0", "u1"), leaves=["id-u0"]), patch=False)
    assert (outcome.error, outcome.changed) == ("", True)
    assert simulated.members("id-Sales") == ["id-u1"]


def unsent() -> Interrupted:
    """As ``Transport`` raises it where the time is over before a write."""
    over = Interrupted("the time is over")
    over.begun = False
    return over


def test_what_was_not_sent_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time was over before the second write: it is left for the next run, and no line of a log says that it may have happened."""
    simulated, send = provider(KIM, PEOPLE[0]), Simulated.send

    def until(self: Simulated, method: str, path: str, **request: Any) -> Any:
        if self.writes:
            raise unsent()
        return send(self, method, path, **request)

    monkeypatch.setattr(Simulated, "send", until)
    run = Executor(simulated.client(), Policy(), ApplyOptions("never")).outcomes(
        Plan((updated(KIM, title="Chief"), updated(PEOPLE[0], title="Chief")))
    )
    assert next(run).change.name == "kim"
    with pytest.raises(Interrupted):
        next(run)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("at", ["while it waits", "before it is sent again"])
def test_a_write_whose_answer_was_lost_is_told_whatever_ends_the_run_then(method: str, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    simulated, send = provider(*PEOPLE, team("Sales"), faults=Faults(lost={1: False})), Simulated.send

    def over(self: Simulated, attempt: int) -> bool:
        raise Interrupted("the time is over")

    def until(self: Simulated, method: str, path: str, **request: Any) -> Any:
        if self.writes and method != "GET":
            raise unsent()
        return send(self, method, path, **request)

    monkeypatch.setattr(Simulated, *(("rest", over) if at == "while it waits" else ("send", until)))
    change = replace(created("new"), entry=entry("new")) if method == "POST" else moved(team("Sales"), IDS)
    run = Executor(simulated.client(), Policy(), ApplyOptions("never")).outcomes(Plan((change,)))
    outcome = next(run)
    assert ({one["method"] for one in outcome.sent}, status_of(outcome)) == ({method}, UNKNOWN)
    with pytest.raises(Interrupted):
        next(run)


def test_everybody_new_is_made_whole_whatever_the_provider_shows() -> None:
    """It may hold what it does not show, and may ask for it."""
    simulated = provider(habits=Habits(drops=frozenset({"title"})))
    outcomes = written(simulated, *(declared(f"p{number}", title="Boss") for number in range(8)))
    assert [(outcome.error, outcome.left_out) for outcome in outcomes] == [("", ())] * 8
    assert [write.body["title"] for write in simulated.written if write.method == "POST"] == ["Boss"] * 8


ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BADGE = "urn:example:scim:badge:1.0:User"


@pytest.mark.parametrize(
    ("declared", "shown", "expected"),
    [
        ({"title": "Boss"}, {}, ("title",)),
        ({"name": {"givenName": "K", "honorificSuffix": "III"}}, {"name": {"givenName": "K"}}, ("name.honorific_suffix",)),
        ({"name": {"givenName": "K", "familyName": "L"}}, {}, ("name",)),
        ({"name": {"givenName": "K", "familyName": "L"}}, {"name": {"formatted": "K L"}}, ("name",)),
        ({ENTERPRISE: {"division": "N", "department": "D"}}, {ENTERPRISE: {"department": "D"}}, ("enterprise.division",)),
        ({ENTERPRISE: {"manager": {"value": "7"}, "department": "D"}}, {ENTERPRISE: {"department": "D"}}, ("enterprise.manager",)),
        ({BADGE: {"number": 5, "color": "red"}}, {BADGE: {"number": 5}}, (f"{BADGE}:color",)),
        ({"emails": [{"value": "k@example.com"}]}, {"emails": [{"value": "l@example.com"}]}, ("emails",)),
    ],
)
def test_what_is_not_stored_is_told_as_narrow_as_it_is(declared: Any, shown: Any, expected: tuple[str, ...]) -> None:
    """Who pastes the line goes on managing all the rest."""
    change = replace(created("kim"), entry=entry("kim", attributes=declared))
    assert not_stored(change, Policy(), replace(person("kim"), body={"userName": "kim", **shown})) == expected


def test_of_an_extension_only_what_is_dropped_is_spared() -> None:
    dropped = DroppedAttributes()
    outcome = Outcome(created("kim"), Action.CREATED, True, not_stored=("enterprise.division", "active", "title"))
    before = person("kim", active=False, **{ENTERPRISE: {"department": "A"}})
    change = updated(before, active=True, title="Boss", **{ENTERPRISE: {"department": "B", "division": "N"}})
    for _time in range(3):
        assert dropped.left_out(change) == (change, ())
        dropped.note(outcome)
    spared, left_out = dropped.left_out(change)
    assert (spared.after, sorted(left_out)) == (
        {**before.body, ENTERPRISE: {"department": "B"}},
        ["active", "enterprise.division", "title"],
    )
    unchanged, _left_out = dropped.left_out(updated(before, title="Boss", **{ENTERPRISE: {"department": "A", "division": "N"}}))
    assert unchanged.after is before.body
    assert dropped.left_out(updated(before, nickName="K")) == (updated(before, nickName="K"), ())


# -- said to be done -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 413])
def test_more_members_than_a_provider_takes_are_halved(status: int) -> None:
    def refuses(method: str, path: str, body: Any) -> int | None:
        return status if method == "PATCH" and len(body["Operations"][0]["value"]) > 1 else None

    simulated = provider(*PEOPLE, team("Sales"), faults=Faults(refuses=refuses))
    (outcome,) = written(simulated, moved(team("Sales"), IDS))
    assert (outcome.error, simulated.members("id-Sales")) == ("", IDS)


def test_a_group_that_is_gone_is_asked_for_once() -> None:
    simulated = provider(*PEOPLE)
    (outcome,) = written(simulated, moved(team("Sales"), IDS))
    assert "404" in outcome.error
    assert [asked for asked in simulated.asked if asked.startswith("PATCH")] == ["PATCH /Groups/id-Sales"]


def test_a_group_that_takes_nobody_is_not_asked_for_each_member() -> None:
    people = [person(f"p{number}") for number in range(64)]
    simulated = provider(*people, team("Sales"), faults=Faults(refuses=patches(400)))
    (outcome,) = written(simulated, moved(team("Sales"), [one.id for one in people]))
    assert outcome.error.count("was refused with 400") == 1
    assert "10 members were refused one by one, the others were not tried" in outcome.error
    assert (outcome.changed, outcome.moved) == (False, (0, 0))
    assert len([asked for asked in simulated.asked if asked.startswith("PATCH")]) < 30


@pytest.mark.parametrize(("status", "expected"), [(500, UNKNOWN), (502, UNKNOWN), (504, UNKNOWN), (503, REFUSED), (400, REFUSED)])
def test_what_a_gateway_answers_says_nothing_of_the_write(status: int, expected: str) -> None:
    simulated = provider(KIM, faults=Faults(refuses=lambda method, path, body: status))
    (outcome,) = written(simulated, updated(KIM, title="Chief"))
    assert status_of(outcome) == expected
    assert ("may or may not have been applied" in outcome.error) is (expected == UNKNOWN)


@pytest.mark.parametrize(("status", "there", "error"), [(200, False, True), (202, False, True), (201, False, False), (200, True, False)])
def test_a_post_without_a_resource_is_a_creation_only_where_somebody_is_there(
    status: int, there: bool, error: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulated = provider()
    post = simulated._post

    def silent(endpoint: str, body: Any) -> Answer:
        answer = post(endpoint, body) if there else Answer(201, None, {})
        return replace(answer, status=status, body={"ok": False}, headers={})

    monkeypatch.setattr(simulated, "_post", silent)
    (outcome,) = written(simulated, replace(created("kim"), entry=entry("kim")))
    assert ("No user of that name exists afterwards." in outcome.error) is error
    assert (outcome.changed, outcome.action) == (not error, Action.CREATED)


def test_versions_that_never_match_are_no_end() -> None:
    """A provider that compares weak ETags strongly refuses every If-Match (RFC 9110 section 13.1.1)."""
    kim = person("kim", title="Boss", meta={"version": 'W/"1"'})
    simulated = provider(kim, habits=Habits(patch=False))
    answer = simulated._answer

    def strict(method: str, path: str, params: Any, body: Any, headers: Any, again: bool) -> Answer:
        if method == "PUT" and "If-Match" in headers:
            raise simulated._refused(412, method, path)
        return answer(method, path, params, body, headers, again)

    simulated._answer = strict  # type: ignore[method-assign]
    outcomes = written(simulated, updated(kim, title="Chief"), updated(kim, title="Chef"))
    assert [outcome.error for outcome in outcomes] == ["", ""]
    assert [asked for asked in simulated.asked if asked.startswith("PUT")] == ["PUT /Users/id-kim"] * 3


@pytest.mark.parametrize("form", ["put", "none"])
def test_members_whom_the_answer_still_shows_have_not_left(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """authentik 2026.5 answers the removal of a member with success, and does nothing."""
    simulated = provider(*PEOPLE, team("Sales", "u0", "u1"), habits=Habits(put=form == "put"))
    patched, answer = simulated._patched, simulated._write

    def deaf(before: Any, operations: Any, again: bool) -> Any:
        return patched(before, [one for one in operations if one["op"] == "add" and one["value"] != [{"value": "id-u2"}]], again)

    def telling(method: str, *more: Any) -> Answer:
        written = answer(method, *more)
        return replace(written, status=200, body=dict(simulated.groups["id-Sales"])) if method == "PATCH" else written

    monkeypatch.setattr(simulated, "_patched", deaf)
    monkeypatch.setattr(simulated, "_write", telling)
    (outcome,) = written(simulated, moved(team("Sales", "u0", "u1"), leaves=["id-u1"]))
    assert simulated.members("id-Sales") == (["id-u0"] if form == "put" else ["id-u0", "id-u1"])
    error = (
        'Sales: not removed: "id-u1": the provider answered with success, but they are still members. '
        "Check that at the provider, then run the task again."
    )
    assert (outcome.error, outcome.changed, outcome.moved) == (("", True, None) if form == "put" else (error, False, (0, 0)))
    (outcome,) = written(simulated, moved(team("Sales", "u0"), joins=["id-u2"]))
    assert ('not added: "id-u2": the provider answered with success' in outcome.error, outcome.changed) == (True, False)
