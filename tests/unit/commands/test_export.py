# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An export in memory: what it has, what it leaves out with a warning, and that a plan for it is empty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.export import directory
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.csv_writer import ONLY_USERS
from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory as directory_options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.export import directory_info
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, NotFound, Stop
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated

Body = dict[str, Any]
BADGE = "urn:example:badge:1.0:User"


def user(number: int, **attributes: Any) -> Body:
    return {"id": f"u{number}", "userName": f"p{number}@example.com", "active": True, **attributes}


def group(number: int, *members: str, **attributes: Any) -> Body:
    return {"id": f"g{number}", "displayName": f"Group {number}", "members": [{"value": member} for member in members], **attributes}


def exported(provider: Simulated, known: Body | None = None, check: bool = False, **options: Any) -> Body:
    defaults = {name: option.get("default") for name, option in directory_info().items()}
    return directory(Task({**defaults, **options}, provider.client(**(known or {})), check, lambda line: None))


def holds(provider: Simulated, *src: Path, **options: str) -> None:
    """The directory declared by these files changes nothing, even if undeclared users and groups are pruned."""
    defaults = {name: option.get("default") for name, option in directory_options.directory().items()}
    pruning = {"prune_users": "delete", "prune_groups": "delete", "max_removals": "100%", **options}
    task = Task({**defaults, **pruning, "src": [str(path) for path in src]}, provider.client(), False, lambda line: None)
    result = several.directory(task)
    assert not result.get("failed"), result
    assert result["changes"] == []
    assert not provider.written


@pytest.mark.parametrize("known", [{}, {"lists_inactive": False}])
def test_inactive_users_whom_the_listing_leaves_out_are_exported(known: Body, tmp_path: Path) -> None:
    people = [user(number, active=number > 15) for number in range(30)]
    provider = Simulated(people, [group(1, "u1", "u20")], Habits(lists_inactive=False, page_size=10))
    result = exported(provider, known, dest=str(tmp_path / "all.yml"))
    assert (len(result["users"]), result["complete"], result["warnings"]) == (30, True, [])
    assert result["groups"][0]["members"] == ["p1@example.com", "p20@example.com"]
    holds(provider, tmp_path / "all.yml")


def test_a_listing_known_to_leave_out_inactive_users_is_incomplete_without_the_filter(tmp_path: Path) -> None:
    provider = Simulated([user(1), user(2, active=False)], habits=Habits(lists_inactive=False, filters="refused"))
    with pytest.raises(Stop, match="it lacks inactive users, and a filter does not find all of them"):
        exported(provider, {"lists_inactive": False}, dest=str(tmp_path / "all.yml"))


def test_writable_attributes_are_exported(tmp_path: Path) -> None:
    rich = user(
        1,
        externalId="007",
        name={"givenName": "Barbara", "familyName": "Jensen"},
        emails=[{"value": "z@example.com", "type": "work", "primary": False}, {"value": "a@example.com", "display": "A", "primary": True}],
        addresses=[{"country": "NO", "postalCode": "01234", "streetAddress": "Main\n1"}],
        **{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "R&D", "manager": {"value": "u2", "$ref": "../Users/u2", "displayName": "Boss"}}},
        **{BADGE: {"colour": "off"}},
    )  # fmt: skip
    provider = Simulated([user(2), rich], [group(1, "u1", "u2"), group(2, "g1"), group(3)])
    result = exported(provider, dest=str(tmp_path / "all.yml"))
    assert result["users"][0] == {
        "user_name": "p1@example.com",
        "external_id": "007",
        "name": {"family_name": "Jensen", "given_name": "Barbara"},
        "active": True,
        "emails": [{"value": "a@example.com", "display": "A", "primary": True}, {"value": "z@example.com", "type": "work"}],
        "addresses": [{"street_address": "Main\n1", "postal_code": "01234", "country": "NO"}],
        "enterprise": {"department": "R&D", "manager": {"value": "u2"}},
        "extensions": {BADGE: {"colour": "off"}},
    }
    assert list(result["users"][0])[:3] == ["user_name", "external_id", "name"]
    assert result["groups"] == [
        {"display_name": "Group 1", "members": ["p1@example.com", "p2@example.com"]},
        {"display_name": "Group 2", "members": ["Group 1"]},
        {"display_name": "Group 3", "members": []},
    ]
    assert (result["complete"], result["truncated"], result["warnings"], result["changed"]) == (True, False, [], True)
    assert result["requests"] == provider.requests == 4, "users, inactive ones, groups, and the schemas for the extension"
    text = (tmp_path / "all.yml").read_text("utf-8")
    assert 'country: "NO"' in text
    assert 'external_id: "007"' in text
    assert (tmp_path / "all.yml").stat().st_mode & 0o777 == 0o600
    assert yaml.safe_load(text) == {"users": result["users"], "groups": result["groups"]}
    holds(provider, tmp_path / "all.yml")


def test_a_second_export_and_check_mode_write_nothing(tmp_path: Path) -> None:
    provider, dest = Simulated([user(1)], [group(1, "u1")]), tmp_path / "all.json"
    assert exported(provider, dest=str(dest), check=True)["changed"]
    assert not dest.exists()
    assert exported(provider, dest=str(dest))["files"] == [str(dest)]
    assert json.loads(dest.read_text())["users"] == [{"user_name": "p1@example.com", "active": True}]
    holds(provider, dest)
    assert not exported(provider, dest=str(dest))["changed"]
    assert not exported(provider)["changed"]
    assert [path.name for path in tmp_path.iterdir()] == ["all.json"]


UNREADABLE: dict[str, tuple[Body, str]] = {
    "an invalid locale": ({"locale": "English"}, 'locale of p1@example.com: found "English"; expected a language tag'),
    "one of several numbers": ({"phoneNumbers": [{"value": "+1 201 555 0123"}, {"value": "call me"}]}, "phone_numbers of p1@example.com"),
    "an element without a value": ({"emails": [{"type": "work"}]}, "emails of p1@example.com: has no value"),
    "a part of a name": ({"name": {"givenName": "B\x07"}}, "name.given_name of p1@example.com: found a control character"),
    "a template": ({"title": "{{ title }}"}, "title of p1@example.com: it looks like a template"),
    "a number in an extension": ({BADGE: {"number": 5, "colour": "red"}}, f"{BADGE}:number of p1@example.com: a file has only text"),
    "an unknown attribute": ({"shoeSize": "44"}, "SCIM has no such attribute: shoeSize"),
    "an unknown sub-attribute": ({"name": {"givenName": "B", "nick": "Babs"}}, "SCIM has no such attribute: name.nick"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_would_not_read_back_is_left_out_with_a_warning(case: str, tmp_path: Path) -> None:
    attributes, words = UNREADABLE[case]
    provider = Simulated([user(1, **attributes), user(2)])
    result = exported(provider, dest=str(tmp_path / "all.yml"))
    [warning] = result["warnings"]
    assert words in warning
    assert result["complete"] is ("no such attribute" in warning)
    assert [one["user_name"] for one in result["users"]] == ["p1@example.com", "p2@example.com"]
    holds(provider, tmp_path / "all.yml")


def test_losses_with_one_reason_are_one_warning() -> None:
    [warning] = exported(Simulated([user(number, locale=f"language {number}") for number in range(7)]))["warnings"]
    assert 'p4@example.com and 2 more: found "lang"…' in warning


def test_ambiguous_names_are_ids(tmp_path: Path) -> None:
    """Groups with one name, a group with the name of a user, a user whose name is an id, and members that are not listed."""
    users = [user(1), user(2, userName="g1"), user(3, userName="Twins")]
    groups = [
        group(1, "u1"),
        group(2, "g1", "g3", displayName="Group 1"),
        group(3, "u2", "u3", displayName="twins"),
        group(4, "gone", "u1"),
    ]
    provider = Simulated(users, groups)
    result = exported(provider, dest=str(tmp_path / "all.yml"))
    assert [(one["display_name"], one.get("id"), one["members"], one.get("membership")) for one in result["groups"]] == [
        ("Group 1", "g1", ["p1@example.com"], None),
        ("Group 1", "g2", [{"value": "g1"}, {"value": "g3"}], None),
        ("Group 4", None, ["p1@example.com"], "additive"),
        ("twins", None, ["Twins", {"value": "u2"}], None),
    ]
    assert not any("id" in one for one in result["users"])
    same, lost = result["warnings"]
    assert same == (
        "Groups with the same name: Group 1 (id g1); Group 1 (id g2). "
        "They are exported with their ids: use the id wherever you declare one of them."
    )
    assert "members gone of Group 4: the provider lists no user or group with these ids" in lost
    holds(provider, tmp_path / "all.yml")


def test_users_with_one_name_are_exported_with_their_ids() -> None:
    provider = Simulated([user(1), user(2, userName="P1@example.com"), user(3, userName="")], [group(1, "u1", "u3")])
    result = exported(provider)
    assert [one["id"] for one in result["users"]] == ["u2", "u1"]
    assert result["groups"][0]["members"] == [{"value": "u1"}, {"value": "u3"}]
    assert result["warnings"][0].startswith(
        "Users with the same name: P1@example.com (id u2); p1@example.com (id u1). userName is unique in SCIM"
    )
    assert result["warnings"][1] == "Left out: u3: without a userName it cannot be declared."


def test_names_that_look_the_same_are_ids(tmp_path: Path) -> None:
    groups = [group(1, "u1", displayName="straße"), group(2, "g1", displayName="STRASSE"), group(3, "g2", displayName="Road")]
    provider = Simulated([user(1), user(2, userName="road")], groups)
    result = exported(provider, dest=str(tmp_path / "all.yml"))
    assert result["warnings"] == [], "they have different names"
    assert [(one["display_name"], one.get("id"), one["members"]) for one in result["groups"]] == [
        ("Road", None, [{"value": "g2"}]),
        ("STRASSE", "g2", [{"value": "g1"}]),
        ("straße", "g1", ["p1@example.com"]),
    ]
    holds(provider, tmp_path / "all.yml")


def test_a_name_that_cannot_be_declared_is_an_id(tmp_path: Path) -> None:
    """Without it, its user would be pruned by the export."""
    provider = Simulated([user(1), user(2, userName="p\u200b")], [group(1, "u2")])
    result = exported(provider, dest=str(tmp_path / "all.yml"))
    assert result["users"] == [{"user_name": "p1@example.com", "active": True}, {"id": "u2", "active": True}]
    assert result["groups"][0]["members"] == [{"value": "u2"}]
    [warning] = result["warnings"]
    assert "found the invisible character U+200B (zero width space)" in warning
    assert not result["complete"]
    holds(provider, tmp_path / "all.yml")


def test_groups_are_read_one_by_one_if_listings_have_no_members(tmp_path: Path) -> None:
    provider = Simulated([user(1)], [group(1, "u1"), group(2)], Habits(members_in_lists=False))
    result = exported(provider, dest=str(tmp_path / "all.yml"))
    assert [one["members"] for one in result["groups"]] == [["p1@example.com"], []]
    assert result["requests"] == 5
    assert result["complete"]
    holds(provider, tmp_path / "all.yml")


@pytest.mark.parametrize(("known", "shown"), [({}, False), ({"members_readable": False}, False), ({"members_readable": True}, True)])
def test_groups_without_members(known: Body, shown: bool) -> None:
    result = exported(Simulated([user(1)], [group(1)]), known)
    assert ("members" in result["groups"][0], result["complete"], bool(result["warnings"])) == (shown, shown, not shown)


def test_an_incomplete_listing_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"listing of users is incomplete: 2 were read, the provider counts 3\..*Nothing was exported"):
        exported(Simulated([user(1), user(2)], habits=Habits(hidden=1)), dest=str(tmp_path / "all.yml"))
    assert not list(tmp_path.iterdir())


def test_filters_select_entries_and_not_members(tmp_path: Path) -> None:
    provider = Simulated([user(1, title="Lead"), user(2)], [group(1, "u1", "u2"), group(2, "g1")])
    result = exported(provider, filter_users='title eq "lead"', filter_groups='displayName eq "Group 1"', dest=str(tmp_path / "all.yml"))
    assert [one["user_name"] for one in result["users"]] == ["p1@example.com"]
    assert result["groups"] == [{"display_name": "Group 1", "members": ["p1@example.com", "p2@example.com"]}]
    nobody = exported(provider, filter_users='title eq "x"', filter_groups='displayName eq "x"')
    assert (nobody["users"], nobody["groups"]) == ([], [])
    assert "refuses an empty declaration" in nobody["warnings"][0]
    with pytest.raises(Invalid, match="shoe"):
        exported(provider, filter_users='shoe eq "x"')


def test_lists_are_bounded_and_files_are_complete(tmp_path: Path) -> None:
    result = exported(Simulated([user(number) for number in range(5)]), max_listed=2, dest=str(tmp_path / "all.yml"))
    assert (len(result["users"]), result["truncated"]) == (2, True)
    assert len(yaml.safe_load((tmp_path / "all.yml").read_text())["users"]) == 5


ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def test_a_file_for_each_department(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    departments = {1: "R&D", 2: "r d", 3: "../../etc", 4: "Müller", 5: ""}
    users = [user(number, **({ENTERPRISE: {"department": name}} if name else {})) for number, name in departments.items()]
    provider = Simulated(users, [group(1, "u1")])
    options = {"dest": str(folder), "split_by": "enterprise.department"}
    result = exported(provider, **options)
    assert sorted(path.name for path in folder.iterdir()) == [
        "groups.yml", "users-etc.yml", "users-müller.yml", "users-r-d.yml", "users.yml"
    ]  # fmt: skip
    assert result["files"] == sorted(str(path) for path in folder.iterdir())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    holds(provider, folder)
    provider.users["u3"][ENTERPRISE]["department"] = "R&D"
    (folder / "users-mine.yml").write_text("users: [{user_name: away@example.com, state: absent}]\n")
    again = exported(provider, **options)
    assert again["changed"]
    assert not (folder / "users-etc.yml").exists(), "a user who moved would be declared twice"
    assert again["warnings"] == [
        f"{folder} has files that are not of this export and are read with it as a declaration: {folder}/users-mine.yml."
    ]
    assert not exported(provider, **options)["changed"]
    holds(provider, folder)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"dest": "all.yml", "split_by": "title"}, r'split_by requires that dest is a folder, and "all\.yml" is a file'),
        ({"split_by": "title"}, "and dest is not set"),
        ({"dest": "all.txt"}, r'"all\.txt" must end with \.yml, \.yaml, \.json or \.csv'),
        ({"dest": "people", "split_by": "emails"}, '"emails" is a list'),
        ({"dest": "people", "split_by": "enterprise"}, '"enterprise" is a mapping; expected one of its attributes: cost_center'),
        ({"dest": "people", "split_by": "departmnt"}, 'split_by: unknown attribute "departmnt"'),
    ],
)
def test_an_impossible_dest(options: Body, words: str) -> None:
    provider = Simulated([user(1)])
    with pytest.raises(Invalid, match=words):
        exported(provider, **options)
    assert provider.requests == 0


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"^dest: .*no/all\.yml. cannot be written: the folder .* does not exist or is not writable\.$"):
        exported(Simulated([user(1)]), dest=str(tmp_path / "no" / "all.yml"))


SECRET = "the-token-of-the-run"


@pytest.mark.parametrize("shown", [SECRET, f"Bearer {SECRET}", "dGhlLXRva2VuLW9mLXRoZS1ydW4="])
def test_a_secret_that_the_provider_repeats_is_left_out(tmp_path: Path, shown: str) -> None:
    """A mask in its place would be declared as the value."""
    users = [
        user(
            1,
            title=shown,
            nickName="kim",
            emails=[{"value": "kim@example.com", "display": shown}],
            **{BADGE: {"note": shown, "colour": "red"}},
        ),
        user(2, userName=f"svc-{shown.replace(' ', '-')}"),
    ]
    provider, dest = Simulated(users, [group(1, "u1", "u2")]), tmp_path / "all.yml"
    defaults = {name: option.get("default") for name, option in directory_info().items()}
    client = provider.client()
    client.transport.redact.add(SECRET)
    result = directory(Task({**defaults, "dest": str(dest)}, client, False, lambda line: None))
    assert shown not in dest.read_text()
    assert "****" not in dest.read_text()
    assert not result["complete"]
    assert yaml.safe_load(dest.read_text())["users"] == [
        {"user_name": "p1@example.com", "active": True, "nick_name": "kim", "extensions": {BADGE: {"colour": "red"}}},
        {"id": "u2", "active": True},
    ]
    assert "Left out: title of p1@example.com: it has a secret that this run uses." in result["warnings"]
    holds(provider, dest)


@pytest.mark.parametrize("dest", ["file/", "file/sub/", "away/"])
def test_a_folder_that_cannot_be_made_is_refused_before_the_first_request(tmp_path: Path, dest: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "away").symlink_to(tmp_path / "nowhere")
    provider = Simulated([user(1)])
    with pytest.raises(Invalid, match=r'dest: ".*"…? cannot be written: ".*(file|away)" is not a folder that is writable\.'):
        exported(provider, dest=f"{tmp_path}/{dest}")
    assert provider.requests == 0


def test_a_table_for_a_spreadsheet(tmp_path: Path) -> None:
    """What looks like a number, a date or a formula stays text, and the table declares what the provider has."""
    rich = user(
        1,
        externalId="00123",
        title='=HYPERLINK("https://x.example","y")',
        nickName="'=1",
        displayName='Zoë "Z" O\'Brien, B.A.',
        userType="-",
        name={"givenName": "@SUM(1)", "familyName": "2027-01-31"},
        emails=[{"value": "b@example.com", "type": "work", "primary": True}, {"value": "a@example.com", "type": "home"}],
        phoneNumbers=[{"value": "+49 30 1234567", "type": "work"}],
        addresses=[{"streetAddress": "Main\n1", "postalCode": "01234", "country": "NO"}],
        **{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "000", "manager": {"value": "u2"}}},
        **{BADGE: {"colour": "off"}},
    )
    provider = Simulated([user(2), rich, user(3, title="#N/A", nickName=" x")], [group(1, "u1", "u2"), group(2, "g1")])
    path = tmp_path / "people.csv"
    result = exported(provider, dest=str(path))
    text = path.read_bytes().decode("utf-8-sig")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert text.split("\n")[0] == (
        "user_name,external_id,name.family_name,name.given_name,display_name,nick_name,title,user_type,active,emails[0].value,emails[0].type,"
        "emails[0].primary,emails[1].value,emails[1].type,phone_numbers[0].value,phone_numbers[0].type,addresses[0].street_address,"
        "addresses[0].postal_code,addresses[0].country,enterprise.employee_number,enterprise.manager.value,"
        "urn:example:badge:1.0:User:colour,groups"
    )
    assert '"=""00123"""' in text
    assert not [line for line in text.split("\n") if line.startswith(("=", "+", "-", "@"))]
    assert "u3" not in text
    assert result["complete"] is False
    assert [warning[:46] for warning in result["warnings"]] == [
        "A CSV file has users and the names of their gr",
        "Left out: nick_name of p3@example.com: a cell ",
        "Left out: title of p3@example.com: a cell cann",
    ]
    holds(provider, path, prune_groups="none")
    assert exported(provider, dest=str(path))["changed"] is False


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({BADGE: {"BadgeNumber": "7"}}, f"{BADGE}:BadgeNumber"),
        ({"title": "one\r\ntwo"}, "title"),
        ({"phoneNumbers": [{"value": "+49 30 1", "type": "work"}, {"value": "+49 30 2", "display": " desk "}]}, "phone_numbers"),
    ],
    ids=["a name in capitals after a URN", "a line break that a table changes", "all of a list"],
)
def test_a_table_leaves_out_what_it_cannot_have(attributes: Body, name: str, tmp_path: Path) -> None:
    provider, path = Simulated([user(1, **attributes), user(2)]), tmp_path / "people.csv"
    result = exported(provider, dest=str(path))
    assert result["warnings"] == [f"Left out: {name} of p1@example.com: a cell cannot have it."]
    assert path.read_text("utf-8-sig") == "user_name,active\np1@example.com,true\np2@example.com,true\n"
    assert result["complete"] is False
    holds(provider, path, prune_groups="none")


def test_a_table_says_which_memberships_it_does_not_have(tmp_path: Path) -> None:
    """A name with the separator in it cannot be in a list. Users with the same name are members by their ids."""
    same = {"userName": "kim@example.com"}
    groups = [group(1, "u1", "u2"), group(2, "u1", displayName="Sales; Oslo"), group(3, "u3")]
    provider, path = Simulated([user(1), user(2, **same), user(3, **same)], groups), tmp_path / "people.csv"
    warnings = exported(provider, dest=str(path))["warnings"]
    assert warnings[1:] == [ONLY_USERS, "Left out: groups of p1@example.com: a cell cannot have it."]
    assert path.read_text("utf-8-sig").split("\n")[1:] == [
        "kim@example.com,true,u2,Group 1",
        "kim@example.com,true,u3,Group 3",
        "p1@example.com,true,,Group 1",
        "",
    ]


def test_a_table_without_groups_is_complete(tmp_path: Path) -> None:
    provider = Simulated([user(1), user(2)])
    result = exported(provider, dest=str(tmp_path / "people.csv"))
    assert (result["complete"], result["warnings"]) == (True, [])
    holds(provider, tmp_path / "people.csv", prune_groups="none")


class WithoutListing(Simulated):
    """It answers with this status to requests for its users."""

    status = 405

    def _get(self, endpoint: str, resource_id: str, params: Any) -> Any:
        raise self._refused(self.status, "GET", endpoint)


@pytest.mark.parametrize(
    ("known", "status", "requests", "message"),
    [
        ({}, 405, 1, "The provider cannot list its users, so nothing was exported. GET /Users was refused with 405"),
        ({}, 501, 1, "The provider cannot list its users, so nothing was exported. GET /Users was refused with 501"),
        (
            {"search": False},
            200,
            0,
            "The provider cannot list its users, so nothing was exported. It has no way to search (search: false).",
        ),
    ],
)
def test_a_provider_without_a_listing(tmp_path: Path, known: Body, status: int, requests: int, message: str) -> None:
    provider = WithoutListing([user(1)])
    provider.status = status
    result = exported(provider, known, dest=str(tmp_path / "all.yml"))
    assert (result["failed"], result["lists_users"], result["requests"]) == (True, False, requests)
    assert result["msg"].startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_address_is_no_provider_without_a_listing() -> None:
    provider = WithoutListing([user(1)])
    provider.status = 404
    with pytest.raises(NotFound):
        exported(provider)
