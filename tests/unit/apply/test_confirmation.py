# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a provider acknowledges and does not do is a failure, and what it shows later is done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.confirmation import Confirmation
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import NOTHING, Expected, Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import ALWAYS, Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Interrupted, Stop, Unreachable
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Deactivation, Deletion
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import (
    confirmed,
    created,
    declared,
    deleted,
    entry,
    moved,
    person,
    provider,
    team,
    updated,
    written,
)

PEOPLE = [person(f"u{number}", active=True) for number in range(30)]
IDS = [one.id for one in PEOPLE]
SALES = team("Sales", "u0", "u1", "u2")
CHECK = "Check that at the provider, then run the task again."
ANSWERED = "the provider answered with success, but"
BULK = {"bulk": ALWAYS, "habits": {"bulk": 100}}
SILENT = {"habits": {"answers_patch": False}}
WAYS = {"answered": {}, "silent": SILENT, "bulk": BULK, "by put": {"habits": {"patch": False}}}


def ignoring(*what: str, way: str = "answered") -> Habits:
    return Habits(ignores=frozenset(what), **WAYS[way].get("habits", {}))  # type: ignore[arg-type]


def applied(simulated: Simulated, *changes: Change, way: str = "answered", **known: Any) -> list[Outcome]:
    names = {one.id: one.name for one in PEOPLE}
    executor = Executor(simulated.client(**known), Policy(), ApplyOptions("always" if way == "bulk" else "never"))
    return confirmed(executor, Plan(changes, names=names))


def deactivated(one: Any, reason: str = "declared") -> Change:
    """A deactivation that is declared, or decided by the policy: then the entry does not have it."""
    return replace(
        updated(one, active=False), reason=reason, entry=entry(one.name, attributes={"active": False} if reason == "declared" else {})
    )


class Forgetful(Simulated):
    """GET by id answers 400: ``always``, or as of an id that does not exist any more."""

    always = False

    def _get(self, endpoint: str, resource_id: str, params: Any) -> Any:
        if resource_id and (self.always or resource_id not in self.stored[endpoint]):
            raise self._refused(400, "GET", f"{endpoint}/{resource_id}", "invalidValue")
        return super()._get(endpoint, resource_id, params)


@pytest.mark.parametrize("way", ["answered", "bulk"])
@pytest.mark.parametrize("always", [True, False])
@pytest.mark.parametrize("ignored", [True, False])
def test_an_id_that_is_answered_with_400_may_exist(ignored: bool, always: bool, way: str) -> None:
    """The name tells. An ignored DELETE is not confirmed by a provider that does not take the id."""
    one, group = PEOPLE[0], team("Sales")
    habits = ignoring(*(["deletions"] if ignored else []), way=way)
    simulated = Forgetful([one.body], [group.body], habits)
    simulated.always = always
    client = simulated.client()
    client.seen = {"User": {one.id}, "Group": {group.id}}  # as after a listing
    executor = Executor(client, Policy(), ApplyOptions("always" if way == "bulk" else "never"))
    outcomes = confirmed(executor, Plan((deleted(one), deleted(group))))
    assert [(outcome.confirmed, "still exists" in outcome.error) for outcome in outcomes] == [(not ignored, ignored)] * 2


def test_what_is_expected_of_a_group_after_two_changes_is_one() -> None:
    first, later = Expected(joined=frozenset("ab"), left=frozenset("c")), Expected(joined=frozenset("d"), left=frozenset("b"), active=False)
    assert first | later == Expected(active=False, joined=frozenset("ad"), left=frozenset("bc"))
    assert Expected(gone=True) | NOTHING == Expected(gone=True)


# -- deactivations -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("reason", ["declared", "expired on 2026-01-31", "not declared"])
def test_who_stays_active_is_a_failure_that_names_the_user(way: str, reason: str) -> None:
    simulated = provider(*PEOPLE[:12], habits=ignoring("active", way=way))
    outcomes = applied(simulated, *(deactivated(one, reason) for one in PEOPLE[:12]), way=way)
    why = "" if reason == "declared" else f" ({reason})"
    assert [outcome.error for outcome in outcomes] == [
        f"u{number}: not deactivated{why}: {ANSWERED} the user is still active. {CHECK}" for number in range(12)
    ]
    assert {(outcome.action, outcome.changed, outcome.confirmed) for outcome in outcomes} == {(Action.UNCHANGED, False, False)}
    assert {outcome.warnings for outcome in outcomes} == {()}, "active is never advised to be ignored"
    assert len([write for write in simulated.written if write.method != "GET"]) == 12, "and never put aside"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("lag", [0.0, 0.5, 5.0])
def test_reads_that_lag_behind_show_it_later(way: str, lag: float) -> None:
    simulated = provider(*PEOPLE, habits=replace(ignoring(way=way), lag=lag))
    outcomes = applied(simulated, *map(deactivated, PEOPLE), way=way)
    assert [(outcome.error, outcome.changed, outcome.confirmed) for outcome in outcomes] == [("", True, True)] * len(PEOPLE)
    assert not any(user["active"] for user in simulated.users.values())


def test_what_is_not_shown_within_all_pauses_is_a_failure() -> None:
    simulated = provider(*PEOPLE, habits=Habits(lag=1000, answers_patch=False))
    outcomes = applied(simulated, *map(deactivated, PEOPLE))
    assert [outcome.error for outcome in outcomes] == [
        f"u{n}: not deactivated: {ANSWERED} the user is still active. {CHECK}" for n in range(30)
    ]
    assert not any(user["active"] for user in simulated.users.values()), "all were sent"


def test_beside_an_attribute_that_is_stored_active_is_compared_too() -> None:
    simulated = provider(PEOPLE[0], habits=ignoring("active"))
    (outcome,) = applied(
        simulated, replace(updated(PEOPLE[0], active=False, title="Boss"), entry=entry("u0", attributes={"active": False}))
    )
    assert (outcome.action, outcome.changed, outcome.not_stored) == (Action.UPDATED, True, ())
    assert "not deactivated" in outcome.error


def test_an_answer_that_does_not_show_active_is_not_taken_for_one() -> None:
    simulated = provider(PEOPLE[0])
    write = simulated._write

    def without_active(*arguments: Any) -> Any:
        answer = write(*arguments)
        return replace(answer, body={name: value for name, value in answer.body.items() if name != "active"})

    simulated._write = without_active  # type: ignore[method-assign]
    (outcome,) = applied(simulated, deactivated(PEOPLE[0]))
    assert (outcome.error, outcome.confirmed, simulated.asked[-1]) == ("", True, "GET /Users/id-u0")


def test_a_provider_that_never_shows_active_cannot_confirm_it() -> None:
    simulated = provider(PEOPLE[0], habits=Habits(drops=frozenset({"active"})))
    (outcome,) = applied(simulated, deactivated(PEOPLE[0]))
    assert outcome.error == f"u0: not deactivated: {ANSWERED} does not show whether the user is active. {CHECK}"


def test_who_is_not_activated_is_a_failure_and_a_new_user_may_wait_for_an_invitation() -> None:
    idle = person("idle", active=False)
    simulated = provider(idle, habits=ignoring("active"))
    (outcome,) = applied(simulated, updated(idle, active=True))
    assert outcome.error == f"idle: not activated: {ANSWERED} the user is still inactive. {CHECK}"
    simulated = provider()
    simulated._post = lambda endpoint, body, post=simulated._post: post(endpoint, {**body, "active": False})  # type: ignore[method-assign,misc]
    (outcome,) = applied(simulated, declared("new", active=True))
    assert (outcome.error, outcome.not_stored) == ("", ())
    assert outcome.warnings == ("new was created and is inactive, although active: true was sent.",)


def test_who_does_not_exist_any_more_is_not_activated() -> None:
    class Losing(Simulated):
        """Delete a user with the PATCH that should activate it."""

        def _write(self, method: str, endpoint: str, resource_id: str, *request: Any) -> Any:
            answer = super()._write(method, endpoint, resource_id, *request)
            del self.stored[endpoint][resource_id]
            return answer

    idle = person("idle", active=False)
    (outcome,) = written(Losing([idle.body], habits=Habits(answers_patch=False)), updated(idle, active=True))
    assert outcome.error == f"idle: not activated: {ANSWERED} the user does not exist. {CHECK}"
    assert (outcome.changed, outcome.confirmed) == (False, False)


def test_a_new_user_who_is_active_against_the_declaration_is_a_failure() -> None:
    simulated = provider(habits=ignoring("active"))
    (outcome,) = applied(simulated, declared("new", active=False))
    assert (outcome.action, outcome.changed) == (Action.CREATED, True)
    assert outcome.error == f"new: not deactivated: {ANSWERED} does not show whether the user is active. {CHECK}"


# -- what it costs -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "page", "pages", "reads"),
    [
        (1, 100, 1, ["GET /Users/id-u0"]),
        (2, 100, 1, ["GET /Users"]),
        (9, 100, None, [f"GET /Users/id-u{number}" for number in range(9)]),
        (10, 100, None, ["GET /Users"]),
        (3, 10, 3, [f"GET /Users/id-u{number}" for number in range(3)]),
        (4, 10, 3, ["GET /Users"] * 3),
    ],
)
def test_the_cheaper_of_a_listing_and_reads(people: int, page: int, pages: int | None, reads: list[str]) -> None:
    simulated = provider(*PEOPLE, habits=Habits(bulk=100, page_size=page))
    client = simulated.client(user_deactivation="deactivates")
    if pages:
        client.every(PEOPLE[0].type)
        assert client.pages_of(PEOPLE[0].type) == pages
    outcomes = confirmed(Executor(client, Policy(), ApplyOptions(ALWAYS)), Plan(tuple(map(deactivated, PEOPLE[:people]))))
    assert [outcome.confirmed for outcome in outcomes] == [True] * people
    assert simulated.asked[simulated.asked.index("POST /Bulk") + 1 :] == reads


def test_what_the_answers_show_costs_nothing() -> None:
    simulated = provider(*PEOPLE, SALES)
    outcomes = applied(simulated, *map(deactivated, PEOPLE), moved(SALES, ["id-u4"], ["id-u0"]))
    assert [outcome.confirmed for outcome in outcomes] == [True] * 31
    assert not [asked for asked in simulated.asked if asked.startswith("GET")]


def test_a_listing_that_shows_less_is_completed_by_reads() -> None:
    simulated = provider(*PEOPLE, *(team(f"T{n}", "u0", "u1") for n in range(12)), habits=Habits(bulk=100, members_in_lists=False))
    outcomes = applied(simulated, *(moved(team(f"T{n}", "u0", "u1"), (), ["id-u0"]) for n in range(12)), way="bulk")
    assert [(outcome.error, outcome.confirmed) for outcome in outcomes] == [("", True)] * 12
    assert [simulated.asked.count(f"GET /Groups/id-T{n}") for n in range(12)] == [0] + [1] * 11, "the first one goes ahead"


# -- deletions ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["answered", "bulk"])
def test_what_still_exists_after_a_deletion_is_a_failure(way: str) -> None:
    simulated = provider(*PEOPLE[:2], SALES, habits=ignoring("deletions", way=way))
    changes = [replace(deleted(each), reason="not declared") for each in (*PEOPLE[:2], SALES)]
    outcomes = applied(simulated, *changes, way=way)
    assert sorted(outcome.error for outcome in outcomes) == [
        f"{name}: not deleted (not declared): {ANSWERED} the {noun} still exists. {CHECK}"
        for name, noun in (("Sales", "group"), ("u0", "user"), ("u1", "user"))
    ]
    assert {(outcome.action, outcome.changed, outcome.confirmed) for outcome in outcomes} == {(Action.UNCHANGED, False, False)}


@pytest.mark.parametrize("way", ["answered", "bulk"])
@pytest.mark.parametrize("lag", [0.0, 5.0])
def test_deletions_are_confirmed(way: str, lag: float) -> None:
    simulated = provider(*PEOPLE, SALES, habits=replace(ignoring(way=way), lag=lag))
    outcomes = applied(simulated, *map(deleted, (*PEOPLE, SALES)), way=way)
    assert [(outcome.error, outcome.action, outcome.confirmed) for outcome in outcomes] == [("", Action.DELETED, True)] * 31
    if not lag:
        assert simulated.asked.count("GET /Users") == 1, "one listing for 30 users"


@pytest.mark.parametrize(("known", "fails"), [(None, False), ("deactivates", False), ("deletes", True), ("final", True)])
def test_a_deletion_that_only_deactivates(known: str | None, fails: bool) -> None:
    simulated = provider(*PEOPLE[:2], habits=Habits(deletion="deactivates"))
    client = simulated.client(**({"user_deletion": known} if known else {}))
    first, second = confirmed(Executor(client, Policy(), ApplyOptions("never")), Plan(tuple(map(deleted, PEOPLE[:2]))))
    assert [bool(first.error), bool(second.error)] == [fails, fails]
    assert first.warnings == (() if known else (
        "u0 was deleted and still exists, inactive: this provider only deactivates users. "
        "To treat inactive users as absent, set provider_options: {user_deletion: deactivates}",
    ))  # fmt: skip
    assert second.warnings == ()
    assert client.capabilities.user_deletion is Deletion(known or "deactivates")


@pytest.mark.parametrize("bulk", ["never", ALWAYS])
def test_an_inactive_user_who_still_exists_after_a_deletion_is_unchanged(bulk: str) -> None:
    """Whether the answer is looked at at once, or at the end of the run."""
    idle = [person(f"idle{number}", active=False) for number in range(3)]
    simulated = provider(*idle, habits=Habits(bulk=100, deletion="deactivates"))
    outcomes = written(simulated, *map(deleted, idle), bulk=bulk)
    assert {(outcome.action, outcome.changed, outcome.confirmed, outcome.error) for outcome in outcomes} == {
        (Action.UNCHANGED, False, None, "")
    }
    assert [warning for outcome in outcomes for warning in outcome.warnings] == [
        "idle0 was inactive and still exists after a DELETE: this provider only deactivates users. "
        "To treat inactive users as absent, set provider_options: {user_deletion: deactivates}"
    ]


def test_a_bulk_deactivation_that_deletes_is_reported_once() -> None:
    simulated = provider(*PEOPLE[:3], habits=Habits(bulk=100, deactivation="deletes"))
    client = simulated.client()
    outcomes = confirmed(Executor(client, Policy(), ApplyOptions(ALWAYS)), Plan(tuple(map(deactivated, PEOPLE[:3]))))
    assert [len(outcome.warnings) for outcome in outcomes] == [1, 0, 0]
    assert "this provider deletes users that are deactivated" in outcomes[0].warnings[0]
    assert client.capabilities.user_deactivation is Deactivation.DELETES


# -- memberships -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["answered", "silent", "bulk"])
def test_memberships_that_were_not_changed_are_a_failure(way: str) -> None:
    simulated = provider(*PEOPLE, SALES, habits=replace(ignoring("joins", "leaves", way=way), put=False))
    (outcome,) = applied(simulated, moved(SALES, ["id-u4", "id-u3"], ["id-u0"]), way=way, members_readable=True)
    assert (outcome.action, outcome.changed, outcome.moved) == (Action.UNCHANGED, False, (0, 0))
    assert outcome.error == (
        f'Sales: not removed: "u0": {ANSWERED} they are still members. {CHECK}; '
        f'Sales: not added: "u3", "u4": {ANSWERED} they are not members. {CHECK}'
    )


@pytest.mark.parametrize("way", ["answered", "silent", "bulk"])
@pytest.mark.parametrize("lag", [0.0, 0.5, 5.0])
def test_memberships_that_a_read_shows_later_were_changed(way: str, lag: float) -> None:
    groups = [team(f"T{n}", "u0", "u1") for n in range(15)]
    simulated = provider(*PEOPLE, *groups, habits=replace(ignoring(way=way), lag=lag))
    outcomes = applied(simulated, *(moved(each, ["id-u4"], ["id-u0"]) for each in groups), way=way)
    assert [(outcome.error, outcome.confirmed, outcome.moved) for outcome in outcomes] == [("", True, None)] * 15
    if way != "answered" and not lag:
        assert simulated.asked.count("GET /Groups") == 1
        assert len([asked for asked in simulated.asked if asked.startswith("GET /Groups/")]) <= 1, "the first one alone"


@pytest.mark.parametrize("way", ["answered", "silent", "bulk"])
@pytest.mark.parametrize(("habit", "joins", "leaves"), [("replaces", ["id-u5"], []), ("clears", [], ["id-u0"])])
def test_other_members_who_were_removed_are_added_again_and_named(way: str, habit: str, joins: list[str], leaves: list[str]) -> None:
    simulated = provider(*PEOPLE, SALES, team("Data", "u7", "u8"), habits=replace(ignoring(way=way), **{habit: True}))
    data = moved(team("Data", "u7", "u8"), ["id-u9"] if joins else [], ["id-u7"] if leaves else [])
    first, second = applied(simulated, moved(SALES, joins, leaves), data, way=way)
    expected = {*IDS[:3], *joins} - {*leaves}
    lost = ", ".join(f'"{each[3:]}"' for each in sorted({*IDS[:3]} - {*leaves}))
    option = "member_addition" if joins else "member_removal"
    assert set(simulated.members("id-Sales")) == expected
    assert first.error == (
        f"Sales: the provider removed all other members of the group, which were added again: {lost}. "
        f"If the provider supports PUT, set provider_options: {{{option}: put}}"
    )
    assert (first.changed, first.moved) == (True, (len(joins), len(leaves)))
    assert set(simulated.members("id-Data")) == ({"id-u7", "id-u8", "id-u9"} if joins else {"id-u8"})
    assert second.error == "", "in this run, the others are changed with PUT"


def test_the_rest_of_a_group_whose_members_were_lost_is_not_sent() -> None:
    simulated = provider(*PEOPLE, SALES, habits=Habits(replaces=True))
    (outcome,) = applied(simulated, moved(SALES, IDS[10:14]), members_per_request=2, put=False)
    assert "The rest of the change was not sent." in outcome.error
    assert outcome.moved == (2, 0)
    assert {*IDS[10:12]} <= set(simulated.members("id-Sales"))


def test_what_cannot_be_added_again_is_said() -> None:
    calls = iter(range(100))
    faults = Faults(refuses=lambda method, path, body: 400 if method == "PATCH" and next(calls) > 0 else None)
    simulated = provider(*PEOPLE, SALES, habits=Habits(clears=True), faults=faults)
    (outcome,) = applied(simulated, moved(SALES, (), ["id-u0"]))
    assert 'and "u1", "u2" could not be added again' in outcome.error, outcome.error


def test_who_another_client_removed_is_not_added_again() -> None:
    simulated = provider(*PEOPLE, SALES)
    simulated.groups["id-Sales"] = {**simulated.groups["id-Sales"], "members": [{"value": "id-u0"}, {"value": "id-u1"}]}
    (outcome,) = applied(simulated, moved(SALES, ["id-u4"], ["id-u0"]))
    assert (outcome.error, simulated.members("id-Sales")) == ("", ["id-u1", "id-u4"])


def test_who_is_removed_in_the_same_run_is_not_missed() -> None:
    """Some providers take who is deactivated out of all groups."""
    simulated = provider(*PEOPLE, SALES)
    store = simulated._store

    def leaving(endpoint: str, key: str, body: Any) -> Any:
        if body.get("active") is False:
            simulated._left(key)
        return store(endpoint, key, body)

    simulated._store = leaving  # type: ignore[method-assign]
    *_users, group = applied(simulated, *map(deactivated, PEOPLE[:3]), moved(SALES, ["id-u4"]))
    assert (group.error, simulated.members("id-Sales")) == ("", ["id-u4"])


@pytest.mark.parametrize("form", ["member", "nothing"])
def test_members_that_are_never_shown_are_not_taken_for_missing(form: str) -> None:
    """That a group shows none after a PATCH proves nothing where no group has ever shown any. If a filter finds them, they are there."""
    habits = Habits(shows_members=False, answers_patch=False, membership_filters=frozenset({form}))
    (outcome,) = applied(provider(*PEOPLE, team("New"), habits=habits), moved(team("New"), ["id-u1"]))
    assert (outcome.error, outcome.changed, outcome.confirmed) == ("", form == "member", None)
    assert [warning[:54] for warning in outcome.warnings] == (
        [] if form == "member" else ["The provider does not show who is a member of a group."]
    )


@pytest.mark.parametrize("ignored", [False, True])
def test_hidden_members_who_leave_are_asked_for(ignored: bool) -> None:
    habits = replace(ignoring(*(["leaves"] if ignored else [])), shows_members=False)
    simulated = provider(*PEOPLE, SALES, habits=habits)
    (outcome,) = applied(simulated, moved(SALES, (), ["id-u1"]), members_readable=False, membership_filter="members.value eq {member}")
    assert (bool(outcome.error), outcome.confirmed) == (ignored, not ignored)


# -- the end of a run --------------------------------------------------------------------------------------------------------------------


def test_what_could_not_be_read_is_not_confirmed() -> None:
    simulated = provider(*PEOPLE[:2])
    get = simulated._get

    def forbidden(endpoint: str, resource_id: str, params: Any) -> Any:
        raise simulated._refused(403, "GET", f"{endpoint}/{resource_id}")

    outcomes = list(
        (executor := Executor(simulated.client(), Policy(), ApplyOptions("never"))).outcomes(Plan(tuple(map(deleted, PEOPLE[:2]))))
    )
    simulated._get = forbidden  # type: ignore[method-assign]
    found = list(Confirmation(executor.client, executor.policy, executor.state).outcomes(outcomes))
    simulated._get = get  # type: ignore[method-assign]
    assert [outcome.error for outcome in found] == [
        f"u{n}: not deleted: it was sent and could not be confirmed. GET /Users/id-u{n} was refused with 403: refused here."
        for n in range(2)
    ]
    assert {(outcome.confirmed, outcome.unknown, outcome.changed) for outcome in found} == {(None, True, True)}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_run_that_ended_says_what_was_not_confirmed(at_once: bool) -> None:
    simulated = provider(*PEOPLE[:3])
    outcomes = list(
        (executor := Executor(simulated.client(), Policy(), ApplyOptions("never"))).outcomes(Plan(tuple(map(deleted, PEOPLE[:3]))))
    )
    stop = Interrupted("The run was cancelled.")
    confirmation = Confirmation(executor.client, executor.policy, executor.state)
    found: list[Outcome] = []
    if at_once:
        found += confirmation.outcomes(outcomes, stop)
    else:

        def get(*_arguments: Any) -> Any:
            raise stop

        simulated._get = get  # type: ignore[method-assign]
        with pytest.raises(Stop):
            found.extend(confirmation.outcomes(outcomes))
    assert [outcome.error for outcome in found] == [
        f"u{n}: not deleted: it was sent and could not be confirmed. The run was cancelled." for n in range(3)
    ]


def test_what_was_read_before_the_run_had_to_end_is_confirmed() -> None:
    """Reads lag behind at first; of the last user one succeeds, then nothing can be read."""
    simulated = provider(*PEOPLE[:3], habits=Habits(lag=0.5))
    outcomes = list(
        (executor := Executor(simulated.client(), Policy(), ApplyOptions("never"))).outcomes(Plan(tuple(map(deleted, PEOPLE[:3]))))
    )
    get = simulated._get

    def until_then(*request: Any) -> Any:
        if simulated.now and request[1] != "id-u2":
            raise Unreachable("The provider is gone.")
        return get(*request)

    simulated._get = until_then  # type: ignore[method-assign]
    found: list[Outcome] = []
    with pytest.raises(Stop):
        found.extend(Confirmation(executor.client, executor.policy, executor.state).outcomes(outcomes))
    assert [(outcome.change.name, bool(outcome.error), outcome.confirmed) for outcome in found] == [
        ("u0", True, False),
        ("u1", True, False),
        ("u2", False, True),
    ]


def ending_at_the_second_patch_of_sales(simulated: Simulated) -> None:
    patches: list[str] = []

    def refuses(method: str, path: str, body: Any) -> None:
        patches.append(path)
        if patches.count("/Groups/id-Sales") > 1:
            raise Unreachable("The provider is gone.")

    simulated.faults.refuses = refuses


LOST = (
    "the provider removed all other members of the group, and the run ended before they were seen again: "
    '"u0", "u1", "u2". Check them at the provider.'
)


def test_lost_members_are_named_where_the_run_ends_before_they_are_added_again() -> None:
    simulated = provider(*PEOPLE, SALES, habits=Habits(replaces=True))
    ending_at_the_second_patch_of_sales(simulated)
    executor = Executor(simulated.client(), Policy(), ApplyOptions("never"))
    found: list[Outcome] = []
    with pytest.raises(Unreachable):
        found.extend(executor.outcomes(Plan((moved(SALES, ["id-u5"]),), names={one.id: one.name for one in PEOPLE})))
    assert [LOST in outcome.error for outcome in found] == [True]


def test_a_confirmation_that_ends_there_reports_all_others() -> None:
    simulated = provider(*PEOPLE, SALES, habits=replace(ignoring("deletions", way="bulk"), replaces=True))
    ending_at_the_second_patch_of_sales(simulated)
    executor = Executor(simulated.client(), Policy(), ApplyOptions(ALWAYS))
    plan = Plan((moved(SALES, ["id-u5"]), deleted(PEOPLE[7])), names={one.id: one.name for one in PEOPLE})
    outcomes = list(executor.outcomes(plan))
    found: list[Outcome] = []
    with pytest.raises(Unreachable):
        found.extend(Confirmation(executor.client, Policy(), executor.state).outcomes(outcomes))
    sales, gone = found
    assert sales.error == f"Sales: {LOST}"
    assert gone.error == f"u7: not deleted: {ANSWERED} the user still exists. {CHECK}"


def test_a_new_group_is_confirmed_with_its_members_in_bulk() -> None:
    simulated = provider(*PEOPLE, habits=Habits(bulk=100))
    outcomes = written(simulated, *(declared(f"G{n}", GROUP, IDS[:3]) for n in range(12)), created("x"), bulk=ALWAYS)
    assert [outcome.confirmed for outcome in outcomes if outcome.change.type is GROUP] == [True] * 12
    assert simulated.asked.count("GET /Groups") == 2, "once before they were created, and once after"
