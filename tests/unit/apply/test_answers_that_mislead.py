# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers to writes that say something else than what was done: another user, nothing, or a refusal of what is done already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim import errors
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.identity import is_respelled
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.commands.test_directory import directory
from ansible_collections.identity.scim.tests.unit.plan.planned import confirmed, moved, person, team, updated, written
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import USER, Say, serving, to

Body = dict[str, Any]


class Returning(Simulated):
    """Answer a POST with the user who has the same external id, instead of creating one."""

    status = 200

    def _post(self, endpoint: str, body: Body) -> Answer:
        for user in self.users.values():
            if endpoint == "/Users" and user.get("externalId") == body.get("externalId"):
                return self._answered(self.status, user, Location=f"{self.url}/Users/{user['id']}")
        return super()._post(endpoint, body)


@pytest.mark.parametrize("bulk", [0, 100])
@pytest.mark.parametrize("status", [200, 201])
def test_a_post_that_is_answered_with_another_user_creates_nobody(status: int, bulk: int) -> None:
    served = Returning([person("old", externalId="e1").body], [team("Admins").body], Habits(bulk=bulk))
    served.status = status
    users = [{"user_name": "new", "external_id": "e1"}, *({"user_name": f"u{number}", "external_id": f"n{number}"} for number in range(12))]
    groups = [{"display_name": "Admins", "members": ["new", "u1"]}]
    result = directory(served, users=users, groups=groups)
    assert result["failed"]
    assert result["summary"]["users"] | {"created": 12, "failed": 1} == result["summary"]["users"]
    assert served.members("id-Admins") == [next(key for key, user in served.users.items() if user["userName"] == "u1")]
    errors = {failure["name"]: failure["error"] for failure in result["failures"]}
    assert f"POST /Users was answered with {status} and another user" in errors["new"]
    assert "id-old" in errors["new"]
    assert "members that could not be created were not added: new" in errors["Admins"]


def test_another_user_is_told_from_a_new_one_although_it_was_not_listed() -> None:
    """Not by its id, but by the status and the name."""
    served = Returning(
        [*(person(f"u{number}").body for number in range(300)), person("old", externalId="e1").body], habits=Habits(page_size=5)
    )
    result = directory(served, users=[{"user_name": "new", "external_id": "e1"}])
    assert "another user, old (id id-old)" in result["failures"][0]["error"]


class Renaming(Simulated):
    """Create each user under a name of its own."""

    made = "other"

    def _post(self, endpoint: str, body: Body) -> Answer:
        return super()._post(endpoint, {**body, "userName": self.made} if endpoint == "/Users" else body)


@pytest.mark.parametrize(("made", "is_new"), [("other", False), ("Lead", False), ("mail@example.com", True), ("e7", True)])
def test_a_new_user_whose_name_is_nothing_that_was_sent_is_another_one(made: str, is_new: bool) -> None:
    """An address or the external id of a user may be the name; a title is none."""
    served = Renaming([], [team("Admins").body])
    served.made = made
    users = [{"user_name": "new", "emails": [{"value": "Mail@example.com"}], "external_id": "E7", "title": "Lead"}]
    result = directory(served, users=users, groups=[{"display_name": "Admins", "members": ["new"]}])
    assert len(served.members("id-Admins")) == is_new
    assert bool(result.get("failed")) is not is_new
    if not is_new:
        error = result["failures"][0]["error"]
        assert f'POST /Users was answered with 201 and another user, {made} (id u0001): "new" was not created.' in error


class Respelling(Simulated):
    """Give each new user the name of a user store."""

    status = 201

    def _post(self, endpoint: str, body: Body) -> Answer:
        named = {**body, "userName": f"PRIMARY/{body['userName'].strip().lower()}"} if endpoint == "/Users" else body
        answer = super()._post(endpoint, named)
        return Answer(self.status, answer.body, answer.headers)


@pytest.mark.parametrize("status", [200, 201])
def test_a_name_that_the_provider_has_changed_is_that_of_the_new_user(status: int) -> None:
    served = Respelling()
    served.status = status
    result = directory(served, users=[{"user_name": "Manager"}], groups=[{"display_name": "Team", "members": ["Manager"]}])
    assert not result.get("failed"), result
    assert [user["userName"] for user in served.users.values()] == ["PRIMARY/manager"]
    assert [len(served.members(group)) for group in served.groups] == [1]


@pytest.mark.parametrize(
    ("shown", "name", "expected"),
    [
        ("PRIMARY/manager", "Manager", True),
        ("kim@example.com", "kim", True),
        ("kim", "Kim@Example.com", True),
        ("EXAMPLE\\kim", "kim", True),
        ("kim.lee", "kim lee", True),
        ("a.very.long.name.of.a.user", "a.very.long.name.of.a.user@example.com", True),
        ("kimberly", "kim", False),
        ("kim.lee", "kim", False),
        ("old@example.com", "new@example.com", False),
        ("kim@example.com", "lee@kim", False),
        ("", "kim", False),
    ],
)
def test_which_names_may_be_made_from_one_that_was_sent(shown: str, name: str, expected: bool) -> None:
    assert is_respelled(shown, name) is expected


@pytest.mark.parametrize("lag", [4, 10])
def test_those_who_were_created_without_an_answer_join_their_group_as_soon_as_they_are_found(lag: float) -> None:
    served = Simulated(habits=Habits(answers_post=False, lag=lag))
    result = directory(served, users=[{"user_name": name} for name in "abc"], groups=[{"display_name": "g", "members": ["a", "b"]}])
    assert result["summary"]["users"]["created"] == 3
    assert "could not be created" not in str(result["failures"])
    if lag < 5:
        assert not result.get("failed")
    assert sorted(served.members(next(iter(served.groups)))) == sorted(
        key for key, user in served.users.items() if user["userName"] in "ab"
    )


def test_those_who_are_never_found_are_said_to_be_created() -> None:
    served = Simulated(habits=Habits(answers_post=False, lag=1000))
    result = directory(served, users=[{"user_name": "a"}], groups=[{"display_name": "g", "members": ["a"]}, {"display_name": "h"}])
    text = str(result["failures"])
    assert "members that were created, and that the provider does not find yet, were not added: a" in text
    assert "could not be created" not in text
    assert "1 more in part" in result["msg"]


class Once(Simulated):
    """Carry out a PATCH, answer nothing, and refuse its repetition: nothing is left to change."""

    takes_place = True

    def _write(self, method: str, *request: Any) -> Answer:
        if method != "PATCH":
            return super()._write(method, *request)
        if self.takes_place:
            super()._write(method, *request)
        refused = self._refused(400, method, "/Users", "", "no valid fields")
        refused.repeated = True
        raise refused


@pytest.mark.parametrize("takes_place", [True, False])
def test_a_patch_whose_repetition_is_refused_is_done_if_a_read_shows_it(takes_place: bool) -> None:
    kim = person("kim", title="Boss")
    served = Once([kim.body])
    served.takes_place = takes_place
    (outcome,) = written(served, updated(kim, title="Chief", nickName="K"))
    assert (outcome.error == "", outcome.changed) == (takes_place, takes_place)


def test_a_refusal_knows_that_the_request_was_sent_before() -> None:
    for first in (Say(502), Say(200, b"", cut="before"), Say(503), Say(429)):
        with serving(first, Say(400, {"detail": "no valid fields"})) as provider, pytest.raises(errors.Refused) as caught:
            to(provider).send("PATCH", "/Users/1", body=USER)
        assert caught.value.repeated is (first.status in (502, 200)), first
        assert "Gave up" not in str(caught.value)


@pytest.mark.parametrize("takes_place", [True, False])
def test_a_password_whose_repetition_is_refused_is_not_taken_for_stored(takes_place: bool) -> None:
    """No read shows it, and the provider may not take it."""
    served = Once([person("kim").body])
    served.takes_place = takes_place
    client = served.client(answers_patch=False)
    (outcome,) = confirmed(Executor(client, Policy()), Plan((replace(moved(person("kim")), secrets={"password": "correct horse"}),)))
    assert (outcome.changed, outcome.confirmed) == (False, None)
    assert outcome.error == "kim: password was not changed: PATCH /Users was refused with 400: no valid fields"
