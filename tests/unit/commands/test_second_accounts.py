# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No second user or group is created, whatever the provider's filters do not find and even if it allows two of one name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.commands.test_directory import directory
from ansible_collections.identity.scim.tests.unit.commands.test_resource import run
from ansible_collections.identity.scim.tests.unit.plan.planned import person, team

Body = dict[str, Any]
MANY = [person(f"person{number}").body for number in range(300)]
TEAMS = [team(f"team{number}").body for number in range(300)]


def provider(**habits: Any) -> Simulated:
    users = [*MANY, person("r1@example.com").body, person("old@example.com").body]
    return Simulated(users, [*TEAMS, team("old team").body], Habits(page_size=10, unique_names=False, **habits))


def applied(name: str, served: Simulated, given: Body) -> list[bool]:
    """Whether each of two runs has changed anything."""
    if name == "directory":
        return [directory(served, **given)["changed"] for _repeated in range(2)]
    return [run(name, served, **given)["changed"] for _repeated in range(2)]


A, B = person("a@example.com", active=False).body, person("b@example.com").body
INACTIVE = {"user_name": "a@example.com", "active": False}
RENAMED = {"user_name": "new@example.com", "previously": ["a@example.com"], "active": True}


@pytest.mark.parametrize("bulk", [0, 100])
@pytest.mark.parametrize("filters", ["honoured", "exact"])
@pytest.mark.parametrize("others", [[B], [], [person(f"b{number}").body for number in range(25)]])
@pytest.mark.parametrize(
    ("declared", "changed"),
    [
        (INACTIVE, False),
        ({**INACTIVE, "user_name": "A@example.com"}, False),
        ({"user_name": "A@EXAMPLE.com", "active": True}, True),
        (RENAMED, True),
        ({**RENAMED, "previously": ["A@Example.com"]}, True),
    ],
)
def test_an_inactive_user_whom_the_listing_leaves_out(declared: Body, changed: bool, others: list[Body], filters: str, bulk: int) -> None:
    """Check mode foretells it, and no second account is created, though the provider takes another case for another name."""
    served = CaseOfNames([A, *others], [], Habits(page_size=10, lists_inactive=False, filters=filters, bulk=bulk))
    given = {"users": [declared, *({"user_name": body["userName"]} for body in others)]}
    checked = directory(served, check=True, **given)
    assert (checked["changed"], checked["summary"]["users"]["created"]) == (changed, 0)
    assert applied("directory", served, given) == [changed, False]
    assert directory(served, check=True, **given)["changed"] is False
    assert len(served.users) == 1 + len(others)
    assert served.users[A["id"]]["active"] is (declared.get("active") is True)


class CaseOfNames(Simulated):
    """A user name in another case is another one, as on agent-bom."""

    def _post(self, endpoint: str, body: Body) -> Any:
        self.habits = replace(self.habits, unique_names=any(body.get("userName") == user["userName"] for user in self.users.values()))
        return super()._post(endpoint, body)


NEW = {"user_name": "new@example.com", "previously": ["older@example.com", "old@example.com"]}
TEAM = {"display_name": "new team", "previously": ["older team", "old team"], "membership": "additive"}


@pytest.mark.parametrize("lists", [True, False])
@pytest.mark.parametrize(
    ("given", "renamed"),
    [
        ({"users": [NEW]}, "users"),
        ({"groups": [TEAM]}, "groups"),
        ({"users": [{"user_name": "person7"}, NEW, {"user_name": "person8"}], "groups": [TEAM]}, "users groups"),
    ],
)
def test_a_rename_where_only_the_first_comparison_is_evaluated(given: Body, renamed: str, lists: bool) -> None:
    served = provider(comparisons=1, lists=lists)
    people, groups = len(served.users), len(served.groups)
    assert applied("directory", served, given) == [True, False]
    assert (len(served.users), len(served.groups)) == (people, groups)
    if "users" in renamed:
        assert served.users["id-old@example.com"]["userName"] == "new@example.com"
    if "groups" in renamed:
        assert served.groups["id-old team"]["displayName"] == "new team"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("user", {"user_name": "R1@Example.com"}),
        ("directory", {"users": [{"user_name": "R1@Example.com"}]}),
        ("directory", {"users": [{"user_name": "R1@Example.com"}, {"user_name": "person7"}, {"user_name": "Person8"}]}),
    ],
)
def test_a_user_in_another_spelling_where_filters_compare_case(name: str, given: Body) -> None:
    served = provider(filters="exact")
    people = len(served.users)
    assert applied(name, served, given) == [False, False]
    assert len(served.users) == people
    assert served.requests <= 2 * 4
    assert not served.writes


@pytest.mark.parametrize(
    ("stored", "name"), [("R1@Example.com", "r1@example.com"), ("ju\u0308rgen", "j\u00fcrgen"), ("j\u00fcrgen", "ju\u0308rgen")]
)
def test_a_directory_finds_a_name_in_any_spelling_as_its_check_mode_does(stored: str, name: str) -> None:
    served = Simulated([*MANY, person("x", userName=stored).body], [], Habits(filters="exact", unique_names=False))
    given = {"users": [{"user_name": name, "title": "Lead"}, {"user_name": "person7"}]}
    planned = directory(served, check=True, **given)
    done = directory(served, **given)
    assert (done["plan_digest"], done["summary"]["users"]["created"]) == (planned["plan_digest"], 0)
    assert (served.users["id-x"]["title"], len(served.users)) == ("Lead", len(MANY) + 1)
