# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of one change: what is reported of it, however it ends."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.attempt import Attempt, reported_request
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Change
from ansible_collections.identity.scim.plugins.module_utils._engine.report.audit_log import DONE, PARTIAL, REFUSED, UNKNOWN, status_of
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import (
    AnswerLost,
    Conflict,
    Forbidden,
    Interrupted,
    NotScim,
    Refused,
    ScimError,
    TryLater,
    Unauthorized,
    Unreachable,
    Unsupported,
)
from ansible_collections.identity.scim.tests.unit.plan.planned import created, moved, person, team, updated

KIM = person("kim", title="Boss")


def attempt(change: Change | None = None) -> Attempt:
    change = change or updated(KIM, title="Chief")
    return Attempt(change, change, change.joins, change.leaves)


def interrupted(begun: bool) -> Interrupted:
    over = Interrupted("the time is over")
    over.begun = begun
    return over


def send(to: Attempt, error: Exception | None = None, body: dict[str, Any] | None = None) -> None:
    with to.request("PATCH", "/Users/id-kim", body):
        if error:
            raise error


@pytest.mark.parametrize(
    ("error", "unknown"),
    [
        (None, False),
        (AnswerLost("lost"), True),
        (Refused("no", 500), True),
        (Refused("no", 504), True),
        (Refused("no", 503), False),
        (Refused("no", 400), False),
        (Conflict("no", 409), False),
        (Forbidden("no", 403), False),
        (Unsupported("no", 501), False),
        (Unreachable("gone"), True),
        (NotScim("HTML"), True),
        (interrupted(begun=True), True),
        (Unauthorized("no"), False),
        (TryLater("later"), False),
    ],
)
def test_a_request_that_was_sent(error: ScimError | None, unknown: bool) -> None:
    written = attempt()
    if error:
        with pytest.raises(type(error)):
            send(written, error)
    else:
        send(written)
    assert (written.sent, written.unknown, written.changed) == ([{"method": "PATCH", "path": "/Users/id-kim"}], unknown, error is None)


@pytest.mark.parametrize("unknown", [True, False])
def test_a_request_that_was_not_begun_is_not_recorded(unknown: bool) -> None:
    """What is known of an earlier one stays."""
    written = attempt()
    written.unknown = unknown
    with pytest.raises(Interrupted):
        send(written, interrupted(begun=False))
    assert (written.sent, written.unknown, written.changed) == ([], unknown, False)


def test_what_took_effect_is_reported_although_more_was_refused() -> None:
    group = moved(team("Sales", "lee"), ["id-kim", "id-max"], ["id-lee"])
    written = attempt(group)
    send(written)
    written.landed(["id-kim"])
    with pytest.raises(Forbidden):
        send(written, Forbidden("no", 403))
    outcome = written.outcome(Forbidden("no", 403))
    assert (outcome.changed, outcome.moved, status_of(outcome), outcome.error) == (True, (1, 0), PARTIAL, "Sales: no")
    assert written.waiting == (("id-max",), ("id-lee",))
    assert (outcome.action, outcome.id, outcome.after) == (Action.UPDATED, "id-Sales", None)


def test_what_was_found_after_a_lost_answer_is_known() -> None:
    written = attempt()
    with pytest.raises(AnswerLost):
        send(written, AnswerLost("lost"))
    assert status_of(written.outcome(AnswerLost("lost"))) == UNKNOWN
    written.landed()
    assert (written.unknown, written.changed) == (False, True)


def test_nothing_is_unknown_once_it_is_settled() -> None:
    written = attempt()
    written.unknown = True
    written.settle(Action.UNCHANGED, KIM)
    outcome = written.outcome()
    assert (outcome.unknown, outcome.action, outcome.changed, outcome.after, status_of(outcome)) == (
        False,
        Action.UNCHANGED,
        False,
        KIM,
        DONE,
    )


def test_a_new_resource_has_the_id_of_its_answer() -> None:
    written = attempt(created("kim"))
    assert written.outcome().id == ""
    written.settle(Action.CREATED, KIM)
    assert written.outcome().id == "id-kim"
    written.settle(Action.DELETED, None)
    assert written.outcome().id == "id-kim"


def test_errors_are_joined_and_told_once() -> None:
    written = attempt()
    written.errors += ["one was refused.", "one was refused.", "two was not answered."]
    assert written.outcome().error == "kim: one was refused.; kim: one was refused.; kim: two was not answered."
    outcome = written.outcome(Refused("Stopped after one was refused.", 400))
    assert outcome.error == "kim: Stopped after one was refused.; kim: two was not answered."
    assert status_of(outcome) == REFUSED


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Refused("no.", 502), "kim: no. The change may or may not have been applied."),
        (AnswerLost("No answer: it may have happened or not."), "kim: No answer: it may have happened or not."),
        (Refused("no.", 400), "kim: no."),
    ],
)
def test_a_refusal_says_that_it_may_have_been_applied(error: ScimError, expected: str) -> None:
    """Only one of a gateway does not say so by itself."""
    written = attempt()
    with pytest.raises(type(error)):
        send(written, error)
    assert written.outcome(error).error == expected


@pytest.mark.parametrize(
    ("joins", "moved_members", "error", "expected"),
    [
        (["id-kim"], ["id-kim"], "", None),
        (["id-kim"], [], "", None),
        (["id-kim"], [], "no", (0, 0)),
        (["id-kim"], ["id-kim", "id-lee"], "no", (1, 1)),
        ([], [], "", (0, 0)),
    ],
)
def test_how_many_members_moved_is_said_where_it_is_not_all(joins: list[str], moved_members: list[str], error: str, expected: Any) -> None:
    change = moved(team("Sales", "lee"), ["id-kim"], ["id-lee"])
    written = Attempt(change, change, tuple(joins), change.leaves)
    written.landed(moved_members)
    assert written.outcome(error).moved == expected


def test_request_ids_are_told_once_and_in_order() -> None:
    written = attempt()
    written.request_ids += ["b", "a", "b"]
    assert written.outcome().request_ids == ("b", "a")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"userName": "kim", "password": "correct horse"}, {"userName": "kim", "password": "********"}),
        ({"userName": "kim"}, {"userName": "kim"}),
        (
            {"Operations": [{"op": "replace", "path": "password", "value": "correct horse"}, {"op": "add", "path": "title", "value": "x"}]},
            {"Operations": [{"op": "replace", "path": "password", "value": "********"}, {"op": "add", "path": "title", "value": "x"}]},
        ),
    ],
)
def test_secrets_are_masked(body: dict[str, Any], expected: dict[str, Any]) -> None:
    assert reported_request("POST", "/Users", body) == {"method": "POST", "path": "/Users", "body": expected}
    assert "correct horse" not in repr(reported_request("POST", "/Users", body))
