# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole directory as the module does it: what its sources are taken for."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.run import Run
from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused, Stop
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Deletion
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import Nowhere, person, team

Body = dict[str, Any]
KIM: Body = {"id": "u1", "userName": "kim", "active": True}


def directory(simulated: Simulated, check: bool = False, known: Body | None = None, **given: Any) -> Body:
    defaults = {name: option.get("default") for name, option in options().items()}
    return several.directory(Task({**defaults, **given}, simulated.client(**(known or {})), check, lambda line: None))


@pytest.mark.parametrize(
    ("name", "text"), [("x.csv", "userName,title\n"), ("x.yml", "users: []\n"), ("x.yml", "users:\n"), ("x.json", "{}")]
)
def test_a_source_that_holds_nobody_is_refused_where_somebody_would_be_pruned(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "full.yml").write_text("users: [{user_name: kim}]\n")
    (tmp_path / name).write_text(text)
    assert not directory(Simulated([KIM]), src=[str(tmp_path)]).get("failed")
    with pytest.raises(Invalid, match=rf"{name}: the file declares no users and no groups; expected entries, or remove the file"):
        directory(Simulated([KIM]), src=[str(tmp_path)], prune_users="deactivate")


@pytest.mark.parametrize("glob", ["", "*"])
@pytest.mark.parametrize("name", ["contractors.xlsx", "contractors.ldif", "contractors.yml.j2", "contractors.csv.bak"])
def test_a_file_that_is_no_declaration_is_named_and_refused_where_somebody_would_be_pruned(tmp_path: Path, name: str, glob: str) -> None:
    (tmp_path / "full.yml").write_text("users: [{user_name: kim}]\n")
    (tmp_path / name).write_text("lee\n")
    source = str(tmp_path / glob)
    expected = f"Ignored 1 file in src: {tmp_path}/{name}. A declaration is a file that ends with .yml, .yaml, .json, .csv or .tsv."
    assert directory(Simulated([KIM]), src=[source])["warnings"] == [expected]
    simulated = Simulated([KIM])
    with pytest.raises(Invalid, match=f"{name}: not a declaration, and undeclared users or groups are pruned"):
        directory(simulated, src=[source], prune_users="deactivate")
    assert simulated.requests == 0


def test_rows_that_are_left_out_are_refused_where_users_are_pruned(tmp_path: Path) -> None:
    """A user without what is required would be deactivated. ``skip`` says that the row is left out on purpose; a total never is one."""
    (tmp_path / "a.csv").write_text("Mail,Name\nkim,Kim\n,Lee\n,Total: 2\n", "utf-8")
    mapping = {"csv": "a.csv", "require": "Mail", "columns": {"user_name": "Mail", "display_name": "Name"}}
    (tmp_path / "a.yml").write_text(json.dumps(mapping), "utf-8")
    simulated = Simulated([KIM, {**KIM, "id": "2", "userName": "lee"}])
    assert any('left out 1 row without a text in "Mail": line 3.' in each for each in directory(simulated, src=[str(tmp_path)])["warnings"])
    expected = "line 3, and undeclared users or groups are pruned; expected a text in each, or (skip: .*) in a mapping beside the file"
    with pytest.raises(Invalid, match=expected) as refused:
        directory(simulated, src=[str(tmp_path)], prune_users="deactivate")
    found = re.search(expected, str(refused.value))
    assert found
    (tmp_path / "a.yml").write_text(json.dumps({**mapping, **yaml.safe_load(found[1])}), "utf-8")
    done = directory(simulated, src=[str(tmp_path)], prune_users="deactivate")
    assert done["summary"]["users"]["deactivated"] == 1


def test_a_group_that_is_deleted_is_never_deactivated() -> None:
    """It cannot be inactive, whatever DELETE does at the provider."""
    known = {"group_deletion": Deletion.DEACTIVATES, "user_deletion": Deletion.DEACTIVATES}
    absent: Body = {"users": [{"user_name": "kim", "state": "absent"}], "groups": [{"display_name": "Ops", "state": "absent"}]}
    planned = directory(Simulated([KIM], [team("Ops").body]), check=True, known=known, **absent)
    assert {change["name"]: change["action"] for change in planned["changes"]} == {"kim": "deactivated", "Ops": "deleted"}


def test_what_removes_something_is_listed_first() -> None:
    """However few changes are listed, and in whatever order they are declared or applied."""
    here = [person("ann"), person("bob"), person("cid")]
    simulated = Simulated([each.body for each in here], [team("Ops", "ann", "bob").body])
    users = [{"user_name": "eve"}, {"user_name": "ann", "title": "Lead"}, {"user_name": "bob", "state": "absent"}]
    given = {"users": users, "groups": [{"display_name": "Ops", "members": ["eve"]}], "prune_users": "deactivate", "max_removals": "9"}
    found = [(change["action"], change["name"]) for change in directory(simulated, check=True, **given)["changes"]]
    assert found == [("deleted", "bob"), ("deactivated", "cid"), ("updated", "Ops"), ("updated", "ann"), ("created", "eve")]
    shortened = directory(simulated, check=True, **given, max_listed=2)
    assert [(change["action"], change["name"]) for change in shortened["changes"]] == found[:2]
    assert [each["after_header"] for each in shortened["diff"]] == ["User bob (absent)", "User cid"]


@pytest.mark.parametrize(("simulated", "compared"), [(Simulated([KIM]), True), (Nowhere([KIM]), False)], ids=["there", "nowhere"])
def test_whether_who_is_planned_as_new_was_looked_for(simulated: Simulated, compared: bool) -> None:
    assert directory(simulated, users=[{"user_name": "lee"}])["compared"] is compared


@pytest.mark.parametrize("check", [True, False])
def test_bulk_that_must_be_and_is_not_offered_is_refused_in_check_mode_too(check: bool) -> None:
    simulated = Simulated([KIM])
    result = directory(simulated, check, users=[{"user_name": "kim", "title": "Boss"}], bulk="always")
    assert (result["failed"], result["changed"], simulated.written) == (True, False, [])
    assert result["msg"].startswith("bulk is always, but the provider does not support it")


def incomplete(**habits: Any) -> Simulated:
    """A provider whose listings promise more than they show."""
    return Simulated([person("ann").body, person("bob").body], [team("red", "ann", "bob").body], Habits(hidden=1, **habits))


def test_a_member_that_is_declared_by_id_stays_the_user_that_was_read() -> None:
    provider = incomplete()
    red = {"display_name": "red", "members": [{"value": "id-ann"}], "membership": "additive"}
    result = directory(provider, users=[{"user_name": "ann", "title": "Boss"}], groups=[red])
    assert [(change["action"], change["name"]) for change in result["changes"]] == [("updated", "ann")]


def test_a_member_may_be_declared_by_id_and_by_name() -> None:
    provider = incomplete(page_size=1)
    red = {"display_name": "red", "members": [{"value": "id-bob"}], "membership": "additive"}
    blue = {"display_name": "blue", "members": ["BOB"]}
    directory(provider, groups=[red, blue])
    assert provider.members("g0001") == ["id-bob"]


def test_a_membership_of_a_protected_user_does_not_end_by_its_id() -> None:
    provider = incomplete(page_size=1)
    red = {"display_name": "red", "members": [{"value": "id-bob"}], "membership": "absent"}
    with pytest.raises(PlanRefused, match="Protected memberships would end"):
        directory(provider, groups=[red], protected_users=["bob"], max_removals="100%")
    assert provider.members("id-red") == ["id-ann", "id-bob"]


def test_a_new_user_is_not_asked_for_as_a_group() -> None:
    provider = Simulated([person("ann").body], [team("red", "ann").body])
    red = {"display_name": "red", "members": ["ann", "lee"]}
    result = directory(provider, users=[{"user_name": "ann"}, {"user_name": "lee"}], groups=[red])
    assert result["summary"]["memberships"] == {"added": 1, "removed": 0}
    assert [asked for asked in provider.asked if asked.startswith("GET")] == ["GET /Users", "GET /Groups", "GET /Users"]


def test_a_form_of_removal_that_is_refused_is_no_limit_of_operations() -> None:
    class ByPutOnly(Simulated):
        def _patched(self, before: Body, operations: list[Body], again: bool) -> Body:
            if any(operation["path"].startswith("members[") for operation in operations):
                raise self._refused(400, "PATCH", "/Groups", "invalidPath")
            return super()._patched(before, operations, again)

    provider = ByPutOnly([person(name).body for name in ("ann", "bob")], [team("red", "ann", "bob").body])
    user = {"user_name": "ann", "title": "Boss", "nick_name": "A"}
    directory(provider, users=[user], groups=[{"display_name": "red", "members": []}], max_removals="100%")
    assert provider.members("id-red") == []
    assert provider.asked.count("PATCH /Users/id-ann") == 1


def test_an_expired_user_that_only_its_id_finds_does_not_join() -> None:
    class Unlisted(Simulated):
        def _get(self, endpoint: str, resource_id: str, params: Any) -> Any:
            if endpoint == "/Users" and not resource_id:
                raise self._refused(400, "GET", endpoint)
            return super()._get(endpoint, resource_id, params)

    provider = Unlisted([person("ann").body], [team("red", "ann").body, team("blue").body])
    blue = {"display_name": "blue", "members": [{"value": "id-ann"}]}
    users = [{"user_name": "ann", "expires": "2020-01-31"}]
    directory(provider, users=users, groups=[{"display_name": "red"}, blue], max_removals="100%")
    assert (provider.users["id-ann"]["active"], provider.members("id-red"), provider.members("id-blue")) == (False, [], [])


@pytest.mark.parametrize(
    ("bulk", "habits", "most"),
    [(0, {}, 1105), (0, {"filters": "refused"}, 1105), (1000, {}, 10), (1000, {"filters": "refused"}, 10)],
)
def test_a_first_load_takes_few_requests(bulk: int, habits: dict[str, Any], most: int) -> None:
    """A user takes one, a group two: it is looked up again before it is created. In bulk, one look is for all groups."""
    served = Simulated(habits=Habits(bulk=bulk, **habits))
    names = [f"u{number}@example.org" for number in range(1000)]
    groups = [{"display_name": f"Team {number}", "members": names[number::50]} for number in range(50)]
    result = directory(served, users=[{"user_name": name} for name in names], groups=groups)
    assert (result["summary"]["users"]["created"], result["summary"]["groups"]["created"]) == (1000, 50)
    assert result["requests"] <= most


class Echo(Simulated):
    """A provider that puts the password into other attributes."""

    def _store(self, endpoint: str, resource_id: str, body: Body) -> Body:
        echo = {"nickName": PASSWORD, "title": base64.b64encode(f"x:{PASSWORD}".encode()).decode()} if "password" in body else {}
        return super()._store(endpoint, resource_id, {**body, **echo})


PASSWORD = "correct/horse+battery"


def test_a_password_that_the_provider_repeats_is_in_no_file(tmp_path: Path) -> None:
    """Not in that run, and not in a later one, in which the attribute is changed."""
    source, log = tmp_path / "users.yml", tmp_path / "audit.jsonl"
    reports = [str(tmp_path / f"report.{suffix}") for suffix in ("md", "html", "json")]
    provider = Echo([KIM])
    for nick_name in ("", ", nick_name: Lee, title: Boss"):
        source.write_text(f"users: [{{user_name: lee, password: {PASSWORD}{nick_name}}}]\n")
        directory(provider, src=[str(source)], report=reports, audit_log=str(log))
        lee = next(user for user in provider.users.values() if user["userName"] == "lee")
        assert lee["nickName"] == ("Lee" if nick_name else PASSWORD)
        for path in (*map(Path, reports), log):
            text = path.read_text()
            assert PASSWORD not in text, path
            assert base64.b64encode(PASSWORD.encode()).decode()[4:-4] not in text
            assert base64.b64encode(f"x:{PASSWORD}".encode()).decode()[4:-4] not in text, path
            assert "********" in text or path is not log


@pytest.mark.parametrize("extension", [{"password": PASSWORD}, {"apiPassword": PASSWORD}, {"account": {"password": PASSWORD}}])
def test_a_password_in_an_extension_is_in_no_file(tmp_path: Path, extension: Body) -> None:
    """Neither the declared one nor the one that the provider shows."""
    log, reports = tmp_path / "audit.jsonl", [tmp_path / f"report.{suffix}" for suffix in ("md", "html", "json")]
    urn, known = "urn:example:2.0:User", {"password": "former", "apiPassword": "former", "account": {"password": "former"}}
    users = [{"user_name": "kim", "extensions": {urn: extension}}]
    provider = Simulated([{**KIM, urn: known}])
    result = directory(provider, users=users, report=list(map(str, reports)), audit_log=str(log))
    assert PASSWORD in str(provider.users["u1"])
    for text in (*(path.read_text() for path in (log, *reports)), str(provider.client().transport.redact.mask(result))):
        assert PASSWORD not in text
        assert "former" not in text


@pytest.mark.parametrize("wrong", [{"audit_log": "folder"}, {"expect_plan": "missing.json"}, {"report": ["folder.md"]}])
def test_a_wrong_path_is_refused_before_the_first_request(tmp_path: Path, wrong: Body) -> None:
    """Also before the schema of an extension is asked for, which a declaration may need."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.md").mkdir()
    provider = Simulated([KIM])
    given = {
        name: [f"{tmp_path}/{path}" for path in value] if isinstance(value, list) else f"{tmp_path}/{value}"
        for name, value in wrong.items()
    }
    with pytest.raises(Invalid, match=f"^{next(iter(wrong))}: "):
        directory(provider, users=[{"user_name": "kim", "extensions": {"urn:example:2.0:User": {"colour": "red"}}}], **given)
    assert provider.requests == 0


@pytest.mark.parametrize("nobody", ['""', "{}", "false"])
def test_users_that_are_no_list_are_a_mistake_even_if_they_are_empty(tmp_path: Path, nobody: str) -> None:
    (tmp_path / "x.yml").write_text(f"users: {nobody}\ngroups: [{{display_name: Team}}]\n")
    with pytest.raises(Invalid, match=r"x.yml:1: users: found .*; expected a list"):
        directory(Simulated([KIM]), src=[str(tmp_path)])


def test_a_folder_without_files_is_a_submodule_that_was_not_checked_out(tmp_path: Path) -> None:
    (tmp_path / "full.yml").write_text("users: [{user_name: kim}]\n")
    (tmp_path / "contractors").mkdir()
    assert f"Ignored 1 file in src: {tmp_path}/contractors." in directory(Simulated([KIM]), src=[str(tmp_path)])["warnings"][0]
    with pytest.raises(Invalid, match="contractors: not a declaration, and undeclared users or groups are pruned"):
        directory(Simulated([KIM]), src=[str(tmp_path)], prune_users="deactivate")


def test_a_link_to_a_folder_is_no_documentation(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "full.yml").write_text("users: [{user_name: kim}]\n")
    (source / "notice").symlink_to(tmp_path)
    with pytest.raises(Invalid, match="notice: the link leads out of the source"):
        directory(Simulated([KIM]), src=[str(source)])


@pytest.mark.parametrize("others", [[], [{"user_name": "kim"}]], ids=["alone", "with others"])
def test_a_previous_name_in_another_spelling_is_renamed(others: list[Body]) -> None:
    """Where the provider's filter compares case: there a second account would be created."""
    provider = Simulated([KIM, {"id": "u2", "userName": "old", "active": True}], habits=Habits(filters="exact"))
    directory(provider, users=[{"user_name": "new", "previously": ["Old"]}, *others])
    assert sorted(user["userName"] for user in provider.users.values()) == ["kim", "new"]


class Rival(Simulated):
    """Another client creates lee just before this one."""

    def send(self, method: str, path: str, **keywords: Any) -> Any:
        if method == "POST" and path == "/Users" and "u9" not in self.users:
            self.add("/Users", "u9", {"id": "u9", "userName": "lee", "userType": "Contractor", "active": True, "title": "Boss"})
        return super().send(method, path, **keywords)


def test_a_user_out_of_scope_that_was_created_since_the_plan_is_left_alone() -> None:
    provider = Rival([KIM])
    users = [{"user_name": "lee", "user_type": "Employee", "title": "Lead"}]
    result = directory(provider, users=users, scope_users='userType eq "Employee"')
    assert "is outside scope_users" in result["msg"]
    assert provider.users["u9"]["title"] == "Boss"


def test_what_ended_a_run_may_have_several_lines() -> None:
    run = Run((), Plan(), "", error=Stop("No token was issued:", "- for\nme"))
    found = several.result(run, Task({"max_listed": 9, "bulk": "never"}, Simulated().client(), False, lambda line: None), 0)
    assert found["msg"].splitlines()[1:3] == ["The run ended early: No token was issued:", "- for\\nme"]


def with_members(count: int) -> Simulated:
    """A tenant with a group of so many members."""
    members = [{"value": f"id-u{number}"} for number in range(count)]
    users = [{"id": f"id-u{number}", "userName": f"u{number}", "active": True} for number in range(40)]
    return Simulated(users, [{"id": "id-old", "displayName": "Old", "members": members}, team("Keep").body])


OLD_GOES = {"groups": [{"display_name": "Keep"}, {"display_name": "Old", "state": "absent"}]}


@pytest.mark.parametrize("option", ["allow_removals", "expect_plan"])
def test_an_approval_covers_the_memberships_that_end_with_a_group(option: str, tmp_path: Path) -> None:
    """The group that was approved with two members has forty by now; with one member less, it may go."""
    report = str(tmp_path / "plan.json")
    few = directory(with_members(2), check=True, max_removals="100%", report=[report], **OLD_GOES)
    approved = {"max_removals": "1", option: few["plan_digest"]} if option == "allow_removals" else {"max_removals": "100%", option: report}
    refused = directory(with_members(40), **approved, **OLD_GOES)
    assert refused["failed"]
    assert ("memberships would be lost" if option == "allow_removals" else "1 of 1 changes were not reviewed") in refused["msg"]
    assert few["changes"][0]["leaves"] == ["u0", "u1"]
    if option == "expect_plan":
        done = directory(with_members(1), **approved, **OLD_GOES)
        assert (done.get("failed"), done["summary"]["groups"]["deleted"]) == (None, 1)


# -- names that the provider spells otherwise --------------------------------------------------------------------------------------------


def test_no_member_is_removed_while_a_declared_one_is_not_found() -> None:
    """The provider calls ann by another name and refuses her a second time."""
    red = {"display_name": "red", "members": ["ann", "bob"]}
    users = [{"user_name": name} for name in ("ann", "bob")]
    ann, bob, old = person("Ann_Lee"), person("bob"), person("old")
    refuses = Faults(refuses=lambda method, path, body: 409 if method == "POST" and body["userName"] == "ann" else None)
    for undeclared in (ann, old):  # nothing tells one from the other
        simulated = Simulated([undeclared.body, bob.body], [team("red", undeclared.name, "bob").body], faults=refuses)
        result = directory(simulated, users=users, groups=[red])
        errors = [failure["error"] for failure in result["failures"]]
        assert f"not removed, since they may be members that could not be created: {undeclared.name}" in errors[-1]
        assert simulated.members("id-red") == [undeclared.id, "id-bob"]
    simulated = Simulated([old.body, bob.body], [team("red", "old", "bob").body])
    assert directory(simulated, users=users, groups=[red])["summary"]["memberships"] == {"added": 1, "removed": 1}
    assert old.id not in simulated.members("id-red")


def test_who_leaves_for_certain_leaves_although_another_is_not_found() -> None:
    """Somebody who is declared is not the one who is not found, and an expired membership ends."""
    refuses = Faults(refuses=lambda method, path, body: 409 if method == "POST" else None)
    simulated = Simulated([person(name).body for name in ("bob", "cai")], [team("red", "bob", "cai").body], faults=refuses)
    users = [{"user_name": name} for name in ("ann", "bob", "cai")]
    red = {"display_name": "red", "members": ["ann", {"display": "cai", "expires": "2020-01-31"}]}
    directory(simulated, users=users, groups=[red])
    assert simulated.members("id-red") == []


def test_a_member_that_is_adopted_is_not_removed() -> None:
    """The listing did not show ann by her name, and the conflict finds her: she is the one who was to leave."""
    simulated = Simulated([person("x").body, person("bob").body], [team("red", "x", "bob").body])

    def refuses(method: str, path: str, body: Any) -> int | None:
        if method == "POST":
            simulated.users["id-x"]["userName"] = "ann"
            return 409
        return None

    simulated.faults = Faults(refuses=refuses)
    red = {"display_name": "red", "members": ["ann", "bob"]}
    result = directory(simulated, users=[{"user_name": "ann"}, {"user_name": "bob"}], groups=[red])
    assert not result.get("failed"), result
    assert simulated.members("id-red") == ["id-x", "id-bob"]


@pytest.mark.parametrize("prefix", ["PRIMARY/", "CORP\\"])
def test_a_group_that_the_provider_renames_is_created_once(prefix: str) -> None:
    simulated = Simulated([person("ann").body], [team("red").body], Habits(prefix=prefix))
    groups = [{"display_name": name, "members": ["ann"]} for name in ("manager", "red")]
    directory(simulated, groups=groups)
    for given in ({"groups": groups}, {"groups": groups[:1]}, {"groups": [{"display_name": "manager", "membership": "additive"}]}):
        with pytest.raises(Invalid, match=r'there is no group called "manager", but the provider may have stored it as'):
            directory(simulated, **given)
    assert sorted(group["displayName"] for group in simulated.groups.values()) == [f"{prefix}manager", "red"]
    groups[0]["display_name"] = f"{prefix}manager"
    assert not directory(simulated, groups=groups)["changed"]


@pytest.mark.parametrize("mark", ["-", "_"])
def test_a_group_whose_name_becomes_a_slug_is_created_once(monkeypatch: pytest.MonkeyPatch, mark: str) -> None:
    simulated = Simulated([person("ann").body], [team("red").body])
    post = simulated._post
    monkeypatch.setattr(simulated, "_post", lambda path, body: post(path, {**body, "displayName": body["displayName"].replace(" ", mark)}))
    group = {"display_name": "Data Team North", "members": ["ann"]}
    assert directory(simulated, groups=[group])["warnings"] == [
        f'Data Team North: the provider stored display_name as "Data{mark}Team{mark}North". Declare that name.'
    ]
    for given in ([group], [group, {"display_name": "red"}]):
        with pytest.raises(Invalid, match=r'there is no group called "Data Team North", but the provider may have stored it as'):
            directory(simulated, groups=given)
    assert len(simulated.groups) == 2
    both = [group, {"display_name": f"data{mark}team{mark}north"}]
    assert directory(simulated, check=True, groups=both)["summary"]["groups"]["created"] == 1


@pytest.mark.parametrize("path", ["user_name", "userName", "urn:ietf:params:scim:schemas:core:2.0:User:userName"])
def test_what_users_are_called_by_is_not_ignored(path: str) -> None:
    with pytest.raises(Invalid, match=r"ignore_attributes: .* cannot be ignored: users are called by it"):
        directory(Simulated([KIM]), users=[{"user_name": "kim"}], ignore_attributes=[path])


def test_the_name_of_a_group_is_kept_where_that_attribute_of_users_is_ignored() -> None:
    simulated = Simulated([KIM])
    result = directory(
        simulated, users=[{"user_name": "kim", "display_name": "Kim"}], groups=[{"display_name": "red"}], ignore_attributes=["display_name"]
    )
    assert [change["name"] for change in result["changes"]] == ["red"]
    assert [group["displayName"] for group in simulated.groups.values()] == ["red"]
