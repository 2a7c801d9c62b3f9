# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person explained: declared where, matched how, what would happen and why, and where each membership comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.explain import explain
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.explain import explain as options
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.tests.simulated import Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import Nowhere

Body = dict[str, Any]
PEOPLE = """\
users:
  - user_name: kim@example.com
    title: Lead
    groups: [Data, {display: Crew, expires: 2020-01-31}]
  - {user_name: new@example.com, previously: [old@example.com], groups: [Data]}
  - {user_name: over@example.com, expires: 2020-01-31, groups: [Data]}
  - {user_name: alone@example.com, groups: [Data], membership: exact}
  - {user_name: fresh@example.com, title: Trainee}
  - {user_name: gone@example.com, state: absent}
  - {user_name: admin@example.com, active: false}
groups:
  - {display_name: Data, members: [kim@example.com, new@example.com]}
  - {display_name: Crew}
  - {display_name: Ops, membership: additive, members: [fresh@example.com]}
"""
NAMES = ("kim", "old", "over", "alone", "left", "admin", "guest")


def provider() -> Simulated:
    users = [{"id": f"u-{name}", "userName": f"{name}@example.com", "title": "Engineer", "active": True} for name in NAMES]
    users.append({"id": "u-other", "userName": "other@example.org", "externalId": "E7"})
    members = {
        "Data": ("kim", "over", "left", "admin"),
        "Crew": ("kim", "alone"),
        "Ops": ("kim",),
        "Elsewhere": ("kim", "left"),
    }
    groups = [
        {"id": f"g-{group}", "displayName": group, "members": [{"value": f"u-{name}"} for name in names]}
        for group, names in members.items()
    ]
    return Simulated(users, groups)


def told(user: str, folder: Path, served: Simulated | None = None, **given: Any) -> Body:
    (folder / "people.yml").write_text(PEOPLE)
    defaults = {name: option.get("default") for name, option in options().items()}
    parameters = {
        **defaults,
        "src": [str(folder / "people.yml")],
        "user": user,
        "prune_users": "deactivate",
        "protected_users": ["admin@*", "guest@*"],
        "scope_users": 'userName ew "@example.com"',
        **given,
    }
    found = explain(Task(parameters, (served or provider()).client(), True, lambda line: None))
    assert not found["changed"]
    found["text"] = "\n".join(found["explanation"]).replace(f"{folder}/", "")
    return found


def test_who_is_declared_and_there(tmp_path: Path) -> None:
    found = told("KIM@example.com", tmp_path)
    assert found["declared"] == {"file": str(tmp_path / "people.yml"), "line": 2, "path": "users[0]"}
    assert (found["id"], found["matched_by"], found["action"], found["reason"]) == ("u-kim", ["user_name"], "updated", "declared")
    assert found["attributes"] == [{"path": "title", "before": "Engineer", "after": "Lead"}]
    assert {one["group"]: (one["member"], one["change"]) for one in found["groups"]} == {
        "Crew": (True, "leaves"),
        "Data": (True, None),
        "Elsewhere": (True, None),
        "Ops": (True, None),
    }
    assert found["text"].splitlines() == [
        "kim@example.com is declared at people.yml:2: users[0].",
        "The provider has the account kim@example.com (id u-kim, active), found by user_name.",
        "kim@example.com is inside the scope of the declaration (scope_users).",
        "The account would be updated (declared).",
        '- title: from "Engineer" to "Lead"',
        "Group Crew: leaves, since the membership expired on 2020-01-31 (people.yml:2: users[0].groups[1]).",
        "Group Data: is a member, as declared at people.yml:2: users[0].groups[0] and people.yml:12: groups[0].members[0].",
        "Group Elsewhere: is a member, which is not declared, and stays: the group is not declared.",
        "Group Ops: is a member, which is not declared, and stays: the group is declared without members, or with membership: additive "
        "(people.yml:14: groups[2]).",
    ]


@pytest.mark.parametrize(
    ("user", "action", "words"),
    [
        ("old@example.com", "updated", ["new@example.com is declared", "found by previously", "Group Data: joins, as declared at"]),
        ("u-old", "updated", ["(id u-old, active), found by previously"]),
        ("over@example.com", "deactivated", ["last valid day is 2020-01-31", "(expired on 2020-01-31)", "since the user expired"]),
        ("alone@example.com", "unchanged", ["as it is: it is as declared", "Crew: leaves, since it is not declared, and the groups of"]),
        ("fresh@example.com", "created", ["no such account (looked up by user_name)", "would be created", "Group Ops: joins"]),
        ("gone@example.com", "unchanged", ["declared as absent", "it does not exist, as declared"]),
        ("admin@example.com", "refused", ["is protected (protected_users: admin@*)", "would be refused", "stays: the member is protected"]),
        ("left@example.com", "deactivated", ["is not declared", "would be deactivated (not declared)",
                                             "leaves, since it is not declared, and the members of the group are exact (people.yml:12"]),
        ("guest@example.com", "unchanged", ["is not declared", "stay as it is: it is protected"]),
        ("other@example.org", "unchanged", ["is outside the scope", "stay as it is: it is outside the scope"]),
        ("E7", "unchanged", ["other@example.org is not declared", "outside the scope"]),
        ("nobody@example.com", "unchanged", ["is not declared. The provider has no user with that user name, id or external id."]),
    ],
)  # fmt: skip
def test_who_is_in_another_case(user: str, action: str, words: list[str], tmp_path: Path) -> None:
    found = told(user, tmp_path)
    assert found["action"] == action, found["text"]
    assert [word for word in words if word not in found["text"]] == [], found["text"]


def test_who_is_not_declared_where_nothing_is_removed(tmp_path: Path) -> None:
    """Then nothing is listed, and the one is looked up."""
    given = {"src": None, "users": [{"user_name": "kim@example.com"}], "prune_users": "none", "scope_users": None}
    served = provider()
    found = told("left@example.com", tmp_path, served, **given)
    assert "undeclared users are left alone (prune_users: none)" in found["text"]
    assert (found["id"], served.writes) == ("u-left", 0)
    assert told("u-left", tmp_path, **given)["user"] == "left@example.com"


def test_what_is_out_of_scope_and_declared(tmp_path: Path) -> None:
    found = told("kim@example.com", tmp_path, scope_users='userName ew "@example.org"')
    assert (found["action"], found["in_scope"]) == ("refused", False)
    assert "is declared but outside scope_users" in found["refusal"]


def test_a_mistake_of_others_is_told_apart(tmp_path: Path) -> None:
    users = [{"user_name": "kim@example.com", "title": "Lead"}, {"user_name": "left@example.com", "groups": ["Typo"]}]
    found = told("kim@example.com", tmp_path, src=None, users=users, prune_users="none")
    assert found["action"] == "updated"
    assert "Memberships cannot be planned" in found["text"]
    assert '"Typo"' in found["refusal"]


@pytest.mark.parametrize("who", ["fresh@example.com", "nobody@example.com"])
def test_who_could_not_be_looked_for_is_not_said_to_be_missing(who: str, tmp_path: Path) -> None:
    given = {"src": None, "users": [{"user_name": "fresh@example.com"}], "prune_users": "none", "scope_users": None}
    text = told(who, tmp_path, Nowhere(), **given)["text"]
    assert "Whether the provider has such an account is not known: GET /Users was refused with 404" in text
    assert "The provider has n" not in text


def test_an_external_id_of_two_users_is_ambiguous(tmp_path: Path) -> None:
    served = Simulated([{"id": f"u{number}", "userName": f"p{number}@example.com", "externalId": "E1"} for number in range(2)])
    given = {"src": None, "users": [{"user_name": "kim@example.com"}], "prune_users": "none", "scope_users": None}
    with pytest.raises(
        Invalid, match=r'user: "E1" may be 2 users: p0@example\.com \(id u0\); p1@example\.com \(id u1\)\. Give the id of one'
    ):
        told("E1", tmp_path, served, **given)


def test_nobody_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="user must be the name of one user, got an empty text"):
        told(" ", tmp_path)
