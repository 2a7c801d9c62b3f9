# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managers by user name, e-mail address, employee number or id: found, created first, and refused where nobody is meant."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory, resource
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory as directory_options
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated

Body = dict[str, Any]
URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BOSS = {"id": "1", "userName": "boss", "active": True, "emails": [{"value": "Boss@example.com"}], URN: {"employeeNumber": "00017"}}
KIM = {"id": "2", "userName": "kim", "active": True}


def run(served: Simulated, check: bool = False, known: Body | None = None, **given: Any) -> Body:
    is_user = "user_name" in given
    options = resources.user() if is_user else directory_options.directory()
    parameters = {**{option: spec.get("default") for option, spec in options.items()}, **given}
    work = resource.user if is_user else directory.directory
    return work(Task(parameters, served.client(**known or {}), check, lambda line: None))


def entry(name: str, manager: str = "", **more: Any) -> Body:
    return {"user_name": name, **more, **({"enterprise": {"manager": manager, **more.get("enterprise", {})}} if manager else {})}


def managers(served: Simulated) -> dict[str, str]:
    """The names of the managers by the names of users."""
    found = {user["userName"]: (user.get(URN) or {}).get("manager", {}).get("value") for user in served.users.values()}
    return {name: served.users[manager]["userName"] for name, manager in found.items() if manager}


@pytest.mark.parametrize("manager", ["boss", "BOSS", "boss@example.com", "00017", "1"])
@pytest.mark.parametrize("habits", [Habits(), Habits(filters="refused")], ids=["filter", "no filter"])
def test_a_manager_is_found(manager: str, habits: Habits) -> None:
    served = Simulated([BOSS, KIM], habits=habits)
    assert run(served, **entry("kim", manager))["action"] == "updated"
    assert managers(served) == {"kim": "boss"}
    assert run(served, **entry("kim", manager))["action"] == "unchanged"
    assert run(served, users=[entry("kim", manager), entry("lee", manager)])["summary"]["users"]["created"] == 1
    assert managers(served) == {"kim": "boss", "lee": "boss"}
    assert not run(served, users=[entry("kim", manager), entry("lee", manager)])["changed"]


@pytest.mark.parametrize("others", [[], [entry("lee")]], ids=["by look-ups", "by listing"])
def test_an_employee_number_is_found_before_the_same_id(others: list[Body]) -> None:
    served = Simulated([{**KIM, "id": "00017"}, BOSS])
    run(served, users=[entry("ann", "00017"), *others])
    assert managers(served) == {"ann": "boss"}


def test_an_id_that_is_known_takes_no_request() -> None:
    served = Simulated([BOSS, {**KIM, URN: {"manager": {"value": "1"}}}])
    assert run(served, **entry("kim", "1"))["requests"] == 1


def test_an_id_that_another_user_shows_as_the_manager_is_one() -> None:
    """The manager is not declared, and not read."""
    lee = {"id": "3", "userName": "lee", "active": True}
    others = [{"id": f"o{number}", "userName": f"other{number}", "active": True} for number in range(9)]
    served = Simulated([*others, BOSS, {**KIM, URN: {"manager": {"value": "1"}}}, lee], habits=Habits(page_size=2))
    users = [entry("kim", "1"), entry("lee", "1")]
    assert run(served, users=users)["changed"]
    assert managers(served) == {"kim": "boss", "lee": "boss"}
    assert not run(served, users=users)["changed"]


def test_an_id_that_another_user_shows_and_that_no_user_has_is_a_mistake() -> None:
    """The provider keeps the id of a manager who was deleted. It is no reason to give it to others."""
    served = Simulated([{**KIM, URN: {"manager": {"value": "99"}}}, {"id": "3", "userName": "lee", "active": True}])
    assert not run(served, users=[entry("kim", "99")])["changed"]
    with pytest.raises(Invalid, match='or id "99", the manager of lee'):
        run(served, users=[entry("kim", "99"), entry("lee", "99")])


def test_managers_are_created_first() -> None:
    """A chain from the wrong end, one who is her own manager, two who manage each other, and an existing user of a new manager."""
    served = Simulated([KIM])
    users = [
        entry("d", "c"), entry("c", "b@example.com"), entry("b", "00001", emails=[{"value": "b@example.com"}]),
        entry("a", "a", enterprise={"employee_number": "00001"}), entry("x", "y"), entry("y", "x"), entry("kim", "d", title="Lead"),
    ]  # fmt: skip
    planned = run(served, check=True, users=users)
    done = run(served, users=users)
    assert done["plan_digest"] == planned["plan_digest"]
    assert (done["summary"]["users"]["created"], done["summary"]["users"]["updated"], done["failures"]) == (6, 1, [])
    assert managers(served) == {"a": "a", "b": "a", "c": "b", "d": "c", "x": "y", "y": "x", "kim": "d"}
    assert served.users["2"]["title"] == "Lead"
    assert not run(served, users=users)["changed"]


@pytest.mark.parametrize("refused", [False, True])
def test_managers_that_are_set_later_do_not_count_as_not_stored(refused: bool) -> None:
    """Else, after three of them, no other user would get one."""
    names = [f"u{number}" for number in range(5)]
    served = Simulated([{"id": name, "userName": name, "active": True} for name in names])
    served.faults.refuses = lambda method, path, body: 400 if refused and method == "POST" and body["userName"] == "boss" else None
    users = [*(entry(name, "boss", title="Lead") for name in names), entry("boss", "boss")]
    result = run(served, users=users)
    assert result["warnings"] == []
    assert [served.users[name]["title"] for name in names] == ["Lead"] * 5
    assert managers(served) == ({} if refused else dict.fromkeys([*names, "boss"], "boss"))
    if refused:
        problem = "the manager could not be created, and was not set: boss. Fix that and run the task again."
        assert [failure["error"] for failure in result["failures"][1:]] == [
            "boss: the user could not be created, and got no manager.",
            *(f"{name}: {problem}" for name in names),
        ]
    else:
        assert not run(served, users=users)["changed"]


def test_a_plan_shows_what_is_declared() -> None:
    """So the rest of an interrupted run has the same digests."""
    new = run(Simulated(), check=True, users=[entry("boss"), entry("kim", "boss")])
    later = run(Simulated([BOSS]), check=True, users=[entry("boss"), entry("kim", "boss")])
    (shown,) = (change for change in new["changes"] if change["name"] == "kim")
    assert {"path": "enterprise.manager.value", "before": None, "after": "boss"} in shown["attributes"]
    assert [change["digest"] for change in later["changes"]] == [shown["digest"]]
    assert 'manager.value: "boss"' in "".join(diff["after"] for diff in new["diff"])


@pytest.mark.parametrize(
    ("users", "found"),
    [
        ([entry("kim", "nobody")], 'no user has the user name, e-mail address, employee number or id "nobody", the manager of kim.'),
        ([entry("kim", "nobody"), entry("lee", "nobody"), entry("ann", "nobody")], '"nobody", the manager of kim and 2 other users.'),
        ([entry("kim", "boss"), {"user_name": "boss", "state": "absent"}], '"boss", the manager of kim, is declared absent or expired.'),
        ([entry("kim", "boss"), entry("boss", delete_after="2020-01-31")], '"boss", the manager of kim, is declared absent or expired.'),
        (
            [entry("kim", "00017"), entry("new", enterprise={"employee_number": "00017"})],
            '2 users are called "00017"',
        ),
    ],
)
def test_nobody_or_several_are_meant(users: list[Body], found: str) -> None:
    served = Simulated([BOSS, KIM])
    with pytest.raises(Invalid) as refusal:
        run(served, users=users, max_removals="100%")
    assert found in str(refusal.value)
    assert served.written == []


@pytest.mark.parametrize(("prune", "protected", "refused"), [("delete", [], True), ("delete", ["boss"], False), ("deactivate", [], False)])
def test_a_manager_who_would_be_pruned(prune: str, protected: list[str], refused: bool) -> None:
    served = Simulated([BOSS, KIM])
    given = {"users": [entry("kim", "boss")], "prune_users": prune, "protected_users": protected, "max_removals": "100%"}
    if refused:
        with pytest.raises(Invalid, match=r'"boss", the manager of kim, is not declared and would be deleted\. Declare that user, '):
            run(served, **given)
    else:
        assert run(served, **given)["summary"]["users"]["deleted"] == 0
    assert set(served.users) == {"1", "2"}


def test_a_provider_that_cannot_be_searched_gets_an_id() -> None:
    result = run(Simulated(), known={"search": False}, **entry("kim", "77"))
    assert result["action"] == "created"
    assert any("is sent as an id" in warning for warning in result["warnings"])


def test_an_ignored_manager_is_not_looked_up() -> None:
    assert run(Simulated([KIM]), **entry("kim", "nobody"), ignore_attributes=["enterprise.manager"])["action"] == "unchanged"
