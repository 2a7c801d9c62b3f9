# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that only look like a declared one: each module refuses them with both names, however the provider finds resources."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory, explain, info, resource
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory as directory_options
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources
from ansible_collections.identity.scim.plugins.module_utils._engine.options.explain import explain as explain_options
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated

Body = dict[str, Any]
USERS = [{"id": "7", "userName": "straße", "active": True}, {"id": "8", "userName": "kim", "active": True}]
GROUPS = [{"id": "9", "displayName": "Größe", "members": []}, {"id": "10", "displayName": "Team", "members": []}]
FOLDS, EXACT, NO_FILTER = Habits(), Habits(filters="exact"), Habits(filters="refused")
STREET = '"straße" (id 7), which differs in ß (U+00DF). Declare the id or the exact name of the one that is meant.'
SIZE = '"Größe" (id 9), which differs in ß (U+00DF). Declare the id or the exact name of the one that is meant.'


def run(name: str, served: Simulated, **given: Any) -> Body:
    work, options = {
        "user": (resource.user, resources.user()),
        "group": (resource.group, resources.group()),
        "directory": (directory.directory, directory_options.directory()),
        "explain_info": (explain.explain, explain_options()),
    }[name]
    defaults = {option: spec.get("default") for option, spec in options.items()}
    return work(Task({**defaults, **given}, served.client(), False, lambda line: None))


@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("user", {"user_name": "strasse"}, STREET),
        ("user", {"user_name": "kim", "groups": ["Grösse"]}, SIZE),
        ("user", {"user_name": "kim", "groups": ["Grösse"], "membership": "absent"}, SIZE),
        ("group", {"display_name": "GRÖSSE"}, SIZE),
        ("group", {"display_name": "Team", "members": ["strasse"]}, STREET),
        ("directory", {"users": [{"user_name": "strasse"}]}, STREET),
        ("directory", {"users": [{"user_name": "maria", "previously": ["strasse"]}]}, STREET),
        ("directory", {"users": [{"user_name": "kim", "groups": ["Grösse"]}]}, SIZE),
        ("directory", {"groups": [{"display_name": "Team", "members": ["strasse"]}]}, STREET),
    ],
)
@pytest.mark.parametrize("habits", [FOLDS, NO_FILTER], ids=["a filter that folds", "no filter"])
def test_nothing_is_written_and_both_names_are_named(name: str, given: Body, found: str, habits: Habits) -> None:
    served = Simulated(USERS, GROUPS, habits)
    with pytest.raises(Invalid) as refusal:
        run(name, served, **given)
    assert found in str(refusal.value)
    assert served.written == []


@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("user", {"user_name": "strasse", "state": "absent"}, STREET),
        ("group", {"display_name": "Grösse", "state": "absent"}, SIZE),
        ("directory", {"groups": [{"display_name": "Grösse", "state": "absent"}]}, SIZE),
    ],
)
@pytest.mark.parametrize("habits", [FOLDS, NO_FILTER], ids=["a filter that folds", "no filter"])
def test_what_is_absent_is_unchanged_and_the_look_alike_is_named(name: str, given: Body, found: str, habits: Habits) -> None:
    """It may be that of a user who was deleted by the run before."""
    served = Simulated(USERS, GROUPS, habits)
    result = run(name, served, **given)
    assert (result["changed"], len(result["warnings"]), served.written) == (False, 1, [])
    assert result["warnings"][0].endswith(f"{found} Nothing is deleted.")


@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("group", {"display_name": "GRÖSSE"}, SIZE),
        ("group", {"display_name": "Team", "members": ["strasse"]}, STREET),
        ("user", {"user_name": "kim", "groups": ["Grösse"]}, SIZE),
        ("directory", {"users": [{"user_name": "strasse"}, {"user_name": "kim"}]}, STREET),
    ],
)
def test_a_filter_that_compares_case_does_not_hide_it(name: str, given: Body, found: str) -> None:
    """A second group is not refused by providers, so its name is looked for in all spellings before it is created."""
    served = Simulated(USERS, GROUPS, EXACT)
    with pytest.raises(Invalid) as refusal:
        run(name, served, **given)
    assert found in str(refusal.value)
    assert served.written == []


def test_a_directory_with_a_look_alike_that_no_filter_finds_is_refused_before_the_first_write() -> None:
    users = [{"id": f"u{number}", "userName": f"user{number}"} for number in range(30)]
    served = Simulated([*users, *USERS], (), Habits(filters="exact", page_size=1, bulk=10))
    with pytest.raises(Invalid) as refusal:
        run("directory", served, users=[{"user_name": "strasse"}, {"user_name": "kim"}, {"user_name": "new"}], bulk="always")
    assert STREET in str(refusal.value)
    assert served.written == []


def test_a_user_that_no_filter_finds_is_refused_by_the_provider_and_not_adopted() -> None:
    served = Simulated(USERS, (), EXACT)
    result = run("user", served, user_name="strasse", title="Lead")
    assert (result["failed"], result["changed"]) == (True, False)
    assert 'there is no user called "strasse"' in result["msg"]
    assert STREET in result["msg"]
    assert served.written == []


def test_the_exact_name_is_meant_where_a_filter_returns_both() -> None:
    served = Simulated((), [*GROUPS, {"id": "11", "displayName": "Grösse", "members": []}], FOLDS)
    assert run("group", served, display_name="Grösse", state="absent")["action"] == "deleted"
    assert [written.path for written in served.written] == ["/Groups/11"]


@pytest.mark.parametrize("habits", [FOLDS, EXACT, NO_FILTER])
def test_reading_one_by_its_name(habits: Habits) -> None:
    served = Simulated(USERS, GROUPS, habits)
    options = {"user_name": "strasse", "id": None, "filter": None, "attributes": []}
    with pytest.raises(Invalid, match="user_name: there is no user called"):
        info.users(Task(options, served.client(), False, lambda line: None))
    found = info.users(Task({**options, "user_name": "STRAẞE"}, served.client(), False, lambda line: None))
    assert ([user["id"] for user in found["users"]], found["warnings"]) == (["7"], [])
    with pytest.raises(Invalid, match=r"user_name: found the invisible character U\+200B .* no user of that name"):
        info.users(Task({**options, "user_name": "maria\u200b"}, served.client(), False, lambda line: None))


def test_reading_two_users_or_groups_of_one_name() -> None:
    users = [{**body, "userName": "kim"} for body in USERS]
    groups = [{**body, "displayName": "Team"} for body in GROUPS]
    served = Simulated(users, groups)
    options = {"id": None, "filter": None, "attributes": []}
    found = info.users(Task({**options, "user_name": "kim"}, served.client(), False, lambda line: None))
    assert found["warnings"] == ["2 users have this name: kim (id 7); kim (id 8). Use the id of the one that is meant."]
    found = info.groups(Task({**options, "display_name": "team"}, served.client(), False, lambda line: None))
    assert found["warnings"] == ["2 groups have this name: Team (id 9); Team (id 10). Use the id of the one that is meant."]


@pytest.mark.parametrize("declared", ["kim", "straße"])
@pytest.mark.parametrize("habits", [FOLDS, NO_FILTER])
def test_explaining_one_who_only_looks_like_a_user(declared: str, habits: Habits) -> None:
    with pytest.raises(Invalid, match=r'^user: there is no user called "strasse", only names that look like it: "straße" \(id 7\)'):
        run("explain_info", Simulated(USERS, GROUPS, habits), user="strasse", users=[{"user_name": declared}])
