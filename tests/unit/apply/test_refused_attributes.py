# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that a PATCH is refused for: the others are sent, what cannot be stored is left out, what is refused is named."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.refused_attributes import is_no_attribute, is_part_of, named_in
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import user
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Refused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.commands.test_directory import directory
from ansible_collections.identity.scim.tests.unit.plan.planned import person

Body = dict[str, Any]
LACKS = frozenset({"title", "name", "nickName", "ims", "photos"})
NAMES = [f"u{number:02}" for number in range(15)]


def declared(name: str, **more: Any) -> Body:
    return {
        "user_name": name,
        "display_name": f"Shown as {name}",
        "title": "Engineer",
        "nick_name": "Nick",
        "name": {"given_name": "Given", "family_name": "Family"},
        "ims": [{"value": "im", "type": "xmpp"}],
        "photos": [{"value": "https://photos.example.com/1.jpg", "type": "photo"}],
        "locale": "en-US",
        **more,
    }


def one(served: Simulated, given: Body) -> Body:
    """The result of the module ``user``, which has an option called name."""
    options = {option: spec.get("default") for option, spec in resources.user().items()}
    return user(Task({**options, **given}, served.client(), False, lambda line: None))


def provider(active: bool = True, **habits: Any) -> Simulated:
    users = [person(name, active=active, externalId=f"e-{name}").body for name in NAMES]
    return Simulated(users, habits=Habits(lacks=LACKS, **habits))


@pytest.mark.parametrize("habits", [{}, {"put": False}, {"names_refused": False}, {"answers_patch": False}, {"bulk": 100}], ids=str)
def test_what_cannot_be_stored_is_refused_once_in_a_run_and_the_rest_is_sent(habits: dict[str, Any]) -> None:
    served = provider(**habits)
    users = [declared(name) for name in NAMES]
    first = directory(served, users=users)
    assert (first.get("failed"), first["changed"]) == (None, True), first
    assert {user["displayName"] for user in served.users.values()} == {f"Shown as {name}" for name in NAMES}
    assert first["summary"]["users"]["updated"] == len(NAMES)
    assert Counter(asked.split("/")[0] for asked in served.asked)["PATCH "] <= (15 + 12 + 15 * bool(habits.get("answers_patch") is False))
    written = len(served.written)
    second = directory(served, users=users)
    assert (second.get("failed"), second["changed"]) == (None, False), second
    assert len(served.written) <= written + 1, "a PUT that changes nothing"
    for result in (first, second):
        [line] = [line for line in result["warnings"] if "ignore_attributes" in line]
        assert all(option in line for option in ("title", "nick_name", "name", "ims", "photos"))
        assert "locale" not in line
    third = directory(served, users=users, ignore_attributes=["title", "nick_name", "name", "ims", "photos"])
    assert (third["changed"], [line for line in third["warnings"] if "ignore_attributes" in line]) == (False, [])


def test_one_user_takes_what_there_is_an_attribute_for() -> None:
    served = provider()
    results = [one(served, declared("u00")) for _repeated in range(2)]
    assert [result["action"] for result in results] == ["updated", "unchanged"]
    assert not any(result.get("failed") for result in results)


def test_what_only_a_put_stores_is_stored() -> None:
    served = Simulated([person(name).body for name in NAMES], habits=Habits(put_only=frozenset({"title"})))
    users = [{"user_name": name, "title": "Engineer", "locale": "en-US"} for name in NAMES]
    results = [directory(served, users=users) for _repeated in range(2)]
    assert [(result.get("failed"), result["changed"]) for result in results] == [(None, True), (None, False)]
    assert {(user["title"], user["locale"]) for user in served.users.values()} == {("Engineer", "en-US")}
    assert not any("ignore_attributes" in line for result in results for line in result["warnings"])
    assert sum(asked.startswith("PATCH") for asked in served.asked) <= 4


@pytest.mark.parametrize("bulk", [0, 100])
@pytest.mark.parametrize("named", [True, False])
def test_an_attribute_that_cannot_be_changed_is_named_and_those_beside_it_are_sent(named: bool, bulk: int) -> None:
    served = provider(active=False, immutable=frozenset({"externalId"}), names_refused=named, bulk=bulk)
    given = {"users": [{"user_name": name, "external_id": "other", "active": True, "locale": "en-US"} for name in NAMES]}
    result = directory(served, **given)
    assert all(user["active"] and user["locale"] == "en-US" and user["externalId"] != "other" for user in served.users.values())
    assert len(result["failures"]) == len(NAMES)
    assert all("external_id was not changed: PATCH /Users/id-u" in failure["error"] for failure in result["failures"])
    assert not any("ignore_attributes" in line for line in result["warnings"])


@pytest.mark.parametrize("lacks", ["active", "userName"])
def test_what_may_never_be_left_out_is_an_error(lacks: str) -> None:
    served = Simulated(
        [person("kim", title="Boss").body], habits=Habits(lacks=frozenset({lacks}) - {"userName"}, put_only=frozenset({lacks}))
    )
    users = [{"user_name": "lee", "previously": ["kim"], "title": "Chief", "active": False}]
    result = directory(served, users=users, max_removals="100%")
    assert result["failed"]
    assert served.users["id-kim"]["title"] == "Chief"
    assert {"active": "active", "userName": "user_name"}[lacks] + " was not changed" in result["failures"][0]["error"]
    assert not any("ignore_attributes" in line for line in result["warnings"])


def test_a_resource_of_which_nothing_can_be_changed_takes_few_requests() -> None:
    served = Simulated([person("kim").body], habits=Habits(immutable=frozenset({"title", "nickName", "locale", "displayName", "timezone"})))
    given = {"title": "a", "nick_name": "b", "locale": "en-US", "display_name": "d", "timezone": "Europe/Berlin"}
    served.habits = Habits(immutable=served.habits.immutable, names_refused=False)
    result = directory(served, users=[{"user_name": "kim", **given}])
    assert result["failed"]
    assert not result["changed"]
    assert sum(asked.startswith("PATCH") for asked in served.asked) <= 7


def operation(path: str) -> Body:
    return {"op": "add", "path": path, "value": "x"}


@pytest.mark.parametrize(
    ("path", "scim_type", "detail", "expected"),
    [
        ("title", "invalidPath", "", True),
        ("title", "noTarget", "", True),
        ("title", "", "Unsupported path: title", True),
        ("title", "", "title is not a supported attribute", False),
        ("title", "", "Unknown attribute title", True),
        ("title", "", "Invalid path: title", True),
        ("title", "", "Invalid value for attribute title", False),
        ("title", "", "Unsupported attribute value: title", False),
        ("title", "", "Invalid field title", False),
        ("title", "", "too long", False),
        ("title", "mutability", "Unknown attribute title", False),
        ("active", "invalidPath", "", False),
        ("userName", "invalidPath", "", False),
        ("password", "invalidPath", "", False),
    ],
)
def test_which_refusals_mean_that_there_is_no_such_attribute(path: str, scim_type: str, detail: str, expected: bool) -> None:
    assert is_no_attribute(USER, operation(path), Refused("no", 400, scim_type, detail)) is expected


def test_a_value_that_is_refused_for_one_user_is_sent_for_the_others() -> None:
    served = Simulated([person(f"u{number}").body for number in range(4)])

    def refuses(method: str, path: str, body: Body) -> None:
        if path == "/Users/id-u0":
            raise served._refused(400, method, path, "", "Invalid value for attribute title")

    served.faults.refuses = refuses
    result = directory(served, users=[{"user_name": f"u{number}", "title": "Chief"} for number in range(4)])
    assert [failure["error"] for failure in result["failures"]] == [
        "u0: title was not changed: PATCH /Users/id-u0 was refused with 400: Invalid value for attribute title"
    ]
    assert [user.get("title") for user in served.users.values()] == [None, "Chief", "Chief", "Chief"]


def test_a_group_is_always_called_something() -> None:
    assert not is_no_attribute(GROUP, operation("displayName"), Refused("no", 400, "invalidPath"))
    assert is_no_attribute(USER, operation("displayName"), Refused("no", 400, "invalidPath"))


def test_the_attributes_that_a_refusal_names() -> None:
    some = [
        operation("title"),
        operation("name.givenName"),
        operation("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"),
    ]
    assert named_in(Refused("no", 400, "", 'Attribute "Title" is fixed.'), some) == some[:1]
    assert named_in(Refused("no", 400, "", "givenName, department"), some) == some[1:]
    assert named_in(Refused("no", 400, "", "title, givenName, department"), some) == [], "all of them, so that nothing is left to send"
    assert named_in(Refused("no", 400, "", "untitled"), some) == []


@pytest.mark.parametrize(
    ("option", "other", "expected"),
    [("name", "name", True), ("name", "name.given_name", True), ("name.given_name", "name", True), ("nam", "name", False)],
)
def test_whether_one_option_is_a_part_of_another(option: str, other: str, expected: bool) -> None:
    assert is_part_of(option, other) is expected
