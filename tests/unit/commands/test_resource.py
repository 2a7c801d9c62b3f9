# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One user, one group: the whole walk of the two modules against a simulated provider, and the requests that it takes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import group, user
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import person, team

Body = dict[str, Any]
WORK = {"user": (user, resources.user()), "group": (group, resources.group())}


def provider() -> Simulated:
    users = [{**person(name).body, "title": "Engineer"} for name in ("ann", "bob")]
    return Simulated(users, [team("red", "ann").body, team("blue").body])


def run(name: str, served: Simulated, check: bool = False, **given: Any) -> Body:
    work, options = WORK[name]
    defaults = {option: spec.get("default") for option, spec in options.items()}
    return work(Task({**defaults, **given}, served.client(), check, lambda line: None))


@pytest.mark.parametrize(
    ("name", "given", "action", "requests"),
    [
        ("user", {"user_name": "ANN", "title": "Engineer"}, "unchanged", 1),
        ("user", {"user_name": "ann", "title": "Lead"}, "updated", 2),
        ("user", {"user_name": "new"}, "created", 2),
        ("user", {"user_name": "ann", "state": "absent"}, "deleted", 3),  # a read confirms it
        ("user", {"user_name": "new", "state": "absent"}, "unchanged", 1),
        ("user", {"user_name": "ann", "groups": ["red"]}, "unchanged", 2),
        ("user", {"user_name": "bob", "groups": ["red"]}, "updated", 3),
        ("user", {"user_name": "ann", "groups": ["red"], "membership": "absent"}, "updated", 4),  # its groups are read again
        ("user", {"user_name": "ann", "groups": [], "membership": "exact"}, "updated", 4),
        ("user", {"user_name": "ann", "groups": [{"display": "red", "expires": "2020-01-31"}]}, "updated", 4),
        ("user", {"user_name": "bob", "groups": [{"display": "red", "expires": "2020-01-31"}]}, "unchanged", 2),
        ("group", {"display_name": "red"}, "unchanged", 1),
        ("group", {"display_name": "red", "members": ["ann"]}, "unchanged", 3),  # read by its id, where members may leave
        ("group", {"display_name": "red", "members": ["ann"], "membership": "additive"}, "unchanged", 2),
        ("group", {"display_name": "red", "members": ["bob"]}, "updated", 4),
        ("group", {"display_name": "red", "members": ["bob", "blue"], "membership": "additive"}, "updated", 5),
        ("group", {"display_name": "red", "members": [{"value": "id-ann"}]}, "unchanged", 2),
        ("group", {"display_name": "red", "members": [{"value": "id-ann", "expires": "2020-01-31"}]}, "updated", 3),
        ("group", {"display_name": "red", "state": "absent"}, "deleted", 3),
        ("group", {"display_name": "green", "members": ["ann"]}, "created", 5),
    ],
)
def test_what_happens_and_in_how_many_requests(name: str, given: Body, action: str, requests: int) -> None:
    served = provider()
    result = run(name, served, **given)
    assert (result["action"], result["changed"], result.get("failed")) == (action, action != "unchanged", None)
    assert result["requests"] == requests, served.asked
    again = provider() if action == "deleted" else served
    assert action == "deleted" or not run(name, again, **given)["changed"]


@pytest.mark.parametrize("name", ["user", "group"])
def test_check_mode_writes_nothing_and_says_the_same(name: str) -> None:
    given = {"user_name": "ann", "title": "Lead"} if name == "user" else {"display_name": "red", "members": ["bob"]}
    served = provider()
    checked = run(name, served, check=True, **given)
    assert (checked["changed"], checked["action"], served.written) == (True, "updated", [])
    assert run(name, served, **given)["diff"] == checked["diff"]


def test_members_of_a_group_are_read_although_a_member_group_shows_its_own() -> None:
    served = Simulated(
        [person(name).body for name in ("ann", "bob")],
        [team("red", "ann").body, team("blue", "bob").body],
        Habits(members_in_lists=False),
    )
    result = run("group", served, display_name="red", members=[{"value": "id-blue"}])
    assert served.members("id-red") == ["id-blue"], result["diff"]
    assert not run("group", served, display_name="red", members=[{"value": "id-blue"}])["changed"]


def test_groups_of_a_user_are_read_although_one_that_is_found_by_id_shows_members() -> None:
    served = Simulated([person("ann").body], [team("red", "ann").body, team("blue", "ann").body], Habits(members_in_lists=False))
    assert not run("user", served, user_name="ann", groups=["red", {"value": "id-blue"}])["changed"]


def test_a_member_that_was_found_by_its_id_is_not_asked_for_by_name() -> None:
    served = provider()
    run("group", served, display_name="red", members=[{"value": "id-blue"}], membership="additive")
    assert served.asked == ["GET /Groups", "GET /Users/id-blue", "GET /Groups/id-blue", "GET /Groups/id-red", "PATCH /Groups/id-red"]


def test_a_password_that_is_always_sent_is_sent_to_an_adopted_user_too() -> None:
    served = Simulated([person("ann").body], (), Habits(filters="exact"))
    result = run("user", served, user_name="ANN", password="correct horse", update_password="always")
    assert (result["changed"], result["action"]) == (True, "updated")
    assert [(written.method, written.body["Operations"][0]["path"]) for written in served.written] == [("PATCH", "password")]


RULE = {"name": "Admin", "users": 'roles.value eq "Admin"', "groups": 'displayName eq "red"'}
UNKNOWN = (
    'At least 1 user must hold "Admin" (must_remain), and {} would lose it. Not all users and groups were read: check that others hold it.'
)


@pytest.mark.parametrize(
    ("name", "given", "loses"),
    [
        ("user", {"user_name": "eve", "state": "absent"}, "eve"),
        ("user", {"user_name": "eve", "active": False}, "eve"),
        ("user", {"user_name": "eve", "roles": []}, "eve"),
        ("user", {"user_name": "eve", "title": "Lead"}, ""),
        ("user", {"user_name": "ann", "state": "absent"}, "ann"),
        ("user", {"user_name": "ann", "groups": [], "membership": "exact"}, "ann"),
        ("user", {"user_name": "bob", "state": "absent"}, ""),
        ("group", {"display_name": "red", "state": "absent"}, "id-ann"),
        ("group", {"display_name": "red", "members": ["bob"]}, "id-ann"),
        ("group", {"display_name": "red", "members": ["bob"], "membership": "additive"}, ""),
    ],
)
def test_a_single_resource_warns_of_a_holder_who_may_be_the_last_one(name: str, given: Body, loses: str) -> None:
    """The whole directory is not read for it, so nothing is refused."""
    eve = person("eve", roles=[{"value": "Admin"}]).body
    ann = {**person("ann").body, "groups": [{"value": "id-red", "display": "red"}]}
    served = Simulated([ann, person("bob").body, eve], [team("red", "ann").body])
    work, options = WORK[name]
    defaults = {option: spec.get("default") for option, spec in options.items()}
    result = work(Task({**defaults, **given}, served.client(must_remain=[RULE]), False, lambda line: None))
    assert result["changed"]
    assert result["warnings"] == ([UNKNOWN.format(loses)] if loses else [])


@pytest.mark.parametrize("key", ["id", "value"])
@pytest.mark.parametrize(
    ("name", "given"), [("user", {"user_name": "bob", "groups": ["red"]}), ("group", {"display_name": "red", "members": ["bob"]})]
)
def test_an_id_selects_nobody_by_name(name: str, given: Body, key: str) -> None:
    served = provider()
    by_id = {option: [{key: text} for text in value] if isinstance(value, list) else value for option, value in given.items()}
    with pytest.raises(Invalid, match="with the id"):
        run(name, served, **by_id)
    assert served.written == []


def test_a_member_by_user_name() -> None:
    served = provider()
    run("group", served, display_name="red", members=[{"user_name": "BOB"}], membership="additive")
    assert "id-bob" in served.members("id-red")


def test_of_two_names_none_is_taken_for_the_other() -> None:
    served = provider()
    with pytest.raises(Invalid, match="There is no user and no group"):
        run("group", served, display_name="red", members=[{"user_name": "bob", "display_name": "ann"}])
    assert served.written == []
