# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that can only create users, and takes their groups in the body: such memberships are planned joins like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as directories
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.explain import explain
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import user as single
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as directory_options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.explain import explain as explain_options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.resources import user as user_options
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.tests.unit.plan.planned import Nowhere, person, team

Body = dict[str, Any]
NEVER = "2020-01-31"
OPS = {"value": "g-1", "display": "Ops"}


class ById(Nowhere):
    """It finds what has a known id."""

    def _get(self, endpoint: str, resource_id: str, params: Any) -> Any:
        return super(Nowhere, self)._get(endpoint, resource_id, params) if resource_id else super()._get(endpoint, resource_id, params)


def task(options: Body, provider: Nowhere, given: Body, check: bool) -> Task:
    defaults = {name: option.get("default") for name, option in options.items()}
    return Task({**defaults, **given}, provider.client(groups_in_body=True), check, lambda line: None)


def run(provider: Nowhere, users: list[Body], check: bool = False, **given: Any) -> Body:
    return directories.directory(task(directory_options(), provider, {"users": users, **given}, check))


def planned(result: Body) -> list[tuple[str, str, str, list[str]]]:
    return [(change["action"], change["type"], change["name"], change["joins"]) for change in result["changes"]]


def posted(provider: Nowhere) -> list[Body]:
    return [written.body for written in provider.written]


def test_a_join_is_planned_reported_and_sent_with_the_user() -> None:
    provider = Nowhere()
    users = [{"user_name": "ann", "groups": ["Data engineers", {"display": "Data engineers", "role": "owner"}, OPS]}, {"user_name": "bob"}]
    checked = run(provider, users, check=True)
    result = run(provider, users)
    for each in (checked, result):
        assert planned(each) == [
            ("updated", "Group", "Data engineers", ["ann"]),
            ("updated", "Group", "Data engineers (role owner)", ["ann"]),
            ("updated", "Group", "Ops", ["ann"]),
            ("created", "User", "ann", []),
            ("created", "User", "bob", []),
        ]
        assert each["summary"]["memberships"] == {"added": 3, "removed": 0}
        assert each["requests_planned"] == 2
    assert not result.get("failed")
    groups = [{"display": "Data engineers"}, {"display": "Data engineers", "role": "owner"}, {"value": "g-1", "display": "Ops"}]
    assert [body.get("groups") for body in posted(provider)] == [groups, None]
    assert [change["id"] for change in result["changes"]] == [None, None, "g-1", None, None]
    assert any('member: "ann"' in diff["after"] for diff in result["diff"])


def test_the_approval_of_one_group_is_none_of_another(tmp_path: Path) -> None:
    approved, other = [{"user_name": "ann", "groups": ["Data engineers"]}], [{"user_name": "ann", "groups": ["Super admins"]}]
    first, second = run(Nowhere(), approved, check=True), run(Nowhere(), other, check=True)
    assert first["plan_digest"] != second["plan_digest"]
    provider = Nowhere()
    refused = run(provider, other, expect_plan=first["plan_digest"])
    assert "The plan is not the one that was reviewed" in refused["msg"]
    report = tmp_path / "plan.json"
    run(Nowhere(), approved, check=True, report=[str(report)])
    refused = run(provider, other, expect_plan=str(report))
    assert "changes were not reviewed: Super admins" in refused["msg"]
    assert provider.written == []
    assert not run(provider, approved, expect_plan=str(report)).get("failed")


@pytest.mark.parametrize(
    "others",
    [
        [{"user_name": "old", "expires": NEVER}],
        [{"user_name": "bob", "groups": [{"display": "Ops", "role": "owner"}]}, {"user_name": "cid", "groups": [{"role": "guest"}]}],
        [{"user_name": "gone", "state": "absent", "id": "id-gone", "groups": ["Ops"]}],
    ],
    ids=["one who has expired", "groups by attributes", "one who is deleted"],
)
def test_what_is_declared_besides_does_not_matter(others: list[Body]) -> None:
    alone, beside = Nowhere(), Nowhere()
    run(alone, [{"user_name": "ann", "groups": ["Data engineers"]}])
    result = run(beside, [{"user_name": "ann", "groups": ["Data engineers"]}, *others])
    assert not result.get("failed"), result.get("msg")
    assert posted(alone)[0] in posted(beside)


def test_the_explanation_says_what_the_run_does() -> None:
    given = {"users": [{"user_name": "ann", "groups": ["Data engineers"]}], "user": "ann"}
    result = explain(task(explain_options(), Nowhere(), given, True))
    assert [(group["group"], group["change"]) for group in result["groups"]] == [("Data engineers", "joins")]
    assert "Group Data engineers: joins, as declared at the task: users[0].groups[0]." in result["explanation"]


def test_a_second_run_is_unchanged_and_says_that_nothing_could_be_compared() -> None:
    provider = Nowhere()
    users = [{"user_name": "ann", "groups": ["Data engineers"]}]
    run(provider, users)
    again = run(provider, users)
    assert (again["changed"], again.get("failed")) == (False, None)
    assert any("Data engineers: ann existed already" in warning for warning in again["warnings"])
    assert again["summary"]["memberships"] == {"added": 0, "removed": 0}


def test_who_could_not_be_created_did_not_join() -> None:
    class Strict(Nowhere):
        def _post(self, endpoint: str, body: Body) -> Any:
            if body.get("userName") == "bad":
                raise self._refused(400, "POST", endpoint, "invalidValue")
            return super()._post(endpoint, body)

    result = run(Strict(), [{"user_name": name, "groups": ["Data"]} for name in ("ann", "bad")])
    assert result["summary"]["memberships"] == {"added": 1, "removed": 0}
    assert [failure["name"] for failure in result["failures"]] == ["bad", "Data"]
    assert "Data: members that could not be created were not added: bad" in result["msg"]


def test_one_user_by_itself_is_the_same() -> None:
    provider = Nowhere()
    given = {"user_name": "ann", "groups": ["Data engineers"]}
    result = single(task(user_options(), provider, given, False))
    assert (result["changed"], result["action"], len(result["operations"])) == (True, "created", 1)
    assert any('member: "ann"' in diff["after"] for diff in result["diff"])


def test_an_existing_user_cannot_join_a_group_that_nothing_finds() -> None:
    provider = ById([person("ann").body])
    with pytest.raises(Invalid, match=r"ann cannot join Data engineers: the provider has no way to find groups"):
        run(provider, [{"user_name": "ann", "id": "id-ann", "groups": ["Data engineers"]}, {"user_name": "bob"}])
    provider = ById([person("ann").body], [team("Data engineers", "ann").body])
    assert run(provider, [{"user_name": "ann", "id": "id-ann", "groups": ["data engineers"]}], check=True)["changes"] == []


@pytest.mark.parametrize(
    "user",
    [
        {"groups": ["Ops"], "membership": "absent"},
        {"groups": [{"display": "Ops", "expires": NEVER}]},
        {"groups": ["Ops"], "expires": NEVER},
    ],
    ids=["absent", "an expired membership", "an expired user"],
)
def test_an_existing_user_cannot_leave_a_group_that_nothing_finds(user: Body) -> None:
    provider = ById([person("ann").body], [team("Ops", "ann").body])
    with pytest.raises(Invalid, match=r"ann cannot leave Ops: the provider has no way to find groups"):
        run(provider, [{"user_name": "ann", "id": "id-ann", **user}], max_removals="100%")
    assert (provider.written, provider.members("id-Ops")) == ([], ["id-ann"])


def test_a_group_that_nothing_finds_cannot_be_a_member() -> None:
    provider = Nowhere()
    groups = [{"display_name": "All", "members": ["Ops"]}]
    with pytest.raises(Invalid, match=r"Ops cannot be added to All: the provider has no way to find groups\. Declare the id"):
        run(provider, [{"user_name": "ann", "groups": ["Ops"]}], groups=groups)
    assert provider.written == []


def test_one_group_in_two_spellings_is_one_group() -> None:
    provider = Nowhere()
    users = [{"user_name": "ann", "groups": ["Ops"]}, {"user_name": "bob", "groups": ["OPS"]}]
    assert planned(run(provider, users, max_updates=0))[0] == ("updated", "Group", "Ops", ["ann", "bob"])
    assert [body["groups"] for body in posted(provider)] == [[{"display": "Ops"}]] * 2
