# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run rolled back from its audit log: what it wrote is as it was before, however it was written, and nothing else is changed."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.audit_log import audit_log
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Deletion
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated

Body = dict[str, Any]
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USERS: list[Body] = [
    {
        "id": "u1",
        "userName": "one@example.com",
        "title": "Engineer",
        "name": {"givenName": "One", "middleName": "X"},
        "emails": [{"value": "one@example.com", "type": "work", "primary": True}],
        ENTERPRISE: {"department": "Data"},
        "active": True,
    },
    {"id": "u2", "userName": "two@example.com", "title": "Lead", "active": True},
    {"id": "u3", "userName": "three@example.com"},
    {"id": "u4", "userName": "four@example.com", "active": True},
]
GROUPS: list[Body] = [
    {"id": "g1", "displayName": "Team", "members": [{"value": "u1"}, {"value": "u2"}, {"value": "u4"}]},
    {"id": "g2", "displayName": "Crew", "members": [{"value": "g1"}]},
    {"id": "g3", "displayName": "Old"},
]
CHANGED: Body = {
    "users": [
        {
            "user_name": "first@example.com",
            "previously": ["one@example.com"],
            "title": "Boss",
            "nick_name": "Uno",
            "clear": ["name.middle_name"],
            "emails": [{"value": "first@example.com", "type": "work"}, {"value": "home@example.com", "type": "home"}],
            "enterprise": {"department": "Sales", "division": "North"},
        },
        {"user_name": "two@example.com", "active": False, "clear": ["title"]},
        {"user_name": "three@example.com", "active": False},
        {"user_name": "four@example.com", "state": "absent"},
        {"user_name": "new@example.com", "title": "Trainee"},
    ],
    "groups": [
        {"display_name": "Team", "members": ["two@example.com", "three@example.com", "new@example.com"]},
        {"display_name": "Crew", "members": []},
        {"display_name": "Fresh", "members": ["two@example.com"]},
        {"display_name": "Old", "state": "absent"},
    ],
}


def served(**habits: Any) -> Simulated:
    return Simulated(deepcopy(USERS), deepcopy(GROUPS), Habits(**habits))


def applied(provider: Simulated, log: Path | None = None, check: bool = False, known: Body | None = None, **given: Any) -> Body:
    defaults = {name: option.get("default") for name, option in options().items()}
    parameters = {**defaults, "audit_log": str(log) if log else None, "max_removals": "100%", **given}
    result = several.directory(Task(parameters, provider.client(**(known or {})), check, lambda line: None))
    assert not result.get("failed") or check or "max_removals" in given, result
    return result


def rolled_back(log: Path, **given: Any) -> Body:
    parameters = {"path": str(log), "plan_digest": [], "dest": str(log.parent / "back.yml"), "max_listed": 100, "url": Simulated.url}
    return audit_log({**parameters, **given}, RESOURCE_TYPES)


def state(provider: Simulated) -> tuple[Body, dict[str, set[str]]]:
    users = {key: {name: value for name, value in body.items() if name not in ("meta", "schemas")} for key, body in provider.users.items()}
    return users, {key: set(provider.members(key)) for key in provider.groups}


@pytest.mark.parametrize(
    ("habits", "known", "given"),
    [({}, {}, {}), ({"bulk": 100}, {}, {"bulk": "always"}), ({"patch": False}, {"patch": False}, {})],
    ids=["PATCH", "bulk", "PUT"],
)
def test_a_run_is_rolled_back(habits: Body, known: Body, given: Body, tmp_path: Path) -> None:
    provider, log = served(**habits), tmp_path / "audit.jsonl"
    before_users, before_members = state(provider)
    applied(provider, log, known=known, **CHANGED, **given)
    found = rolled_back(log)
    assert found["gone"] == ["four@example.com", "Old"]
    assert sorted(found["created"]) == ["Fresh", "new@example.com"]
    provider.users["u1"]["locale"] = "de"  # changed by hand since then
    back: Body = {"src": [str(tmp_path / "back.yml")], "match_on": ["id"], "known": known}
    planned = applied(provider, check=True, **back)
    assert planned["changed"]
    applied(provider, **back, expect_plan=planned["plan_digest"])
    assert not applied(provider, check=True, **back)["changed"]
    users, members = state(provider)
    lost = {"nickName", "division"} if "patch" in habits else set()  # a PUT does not show what had no value before
    restored = {**users["u1"], ENTERPRISE: {k: v for k, v in users["u1"][ENTERPRISE].items() if k not in lost}}
    assert {k: v for k, v in restored.items() if k not in lost} == {**before_users["u1"], "locale": "de"}
    assert users["u2"] == before_users["u2"]
    assert users["u3"] == {**before_users["u3"], "active": True}
    assert members["g1"] == before_members["g1"] - {"u4"}
    assert members["g2"] == before_members["g2"]
    assert bool(lost) == any("nickName" in warning for warning in found["warnings"])


@pytest.mark.parametrize("bulk", ["never", "always"])
@pytest.mark.parametrize("known", [{"user_deletion": Deletion.DEACTIVATES}, {}], ids=["known", "found out"])
def test_a_user_whom_a_delete_only_deactivates_is_restored(known: Body, bulk: str, tmp_path: Path) -> None:
    provider, log = served(deletion="deactivates", bulk=100), tmp_path / "audit.jsonl"
    applied(provider, log, known=known, users=[{"user_name": "four@example.com", "state": "absent"}], bulk=bulk)
    assert provider.users["u4"]["active"] is False
    found = rolled_back(log)
    assert (found["gone"], found["users"]) == ([], [{"id": "u4", "active": True}])
    applied(provider, src=[str(tmp_path / "back.yml")], match_on=["id"])
    assert provider.users["u4"]["active"] is True


@pytest.mark.parametrize("known", [{"members_readable": False, "membership_search": False}, {}], ids=["known", "found out"])
def test_memberships_that_may_have_existed_are_not_rolled_back(known: Body, tmp_path: Path) -> None:
    """Who was sent again would lose a membership, and who was to leave would get one. A new user was a member of nothing."""
    habits = Habits(shows_members=False, membership_filters=frozenset({"nothing"}))
    provider, log = Simulated(deepcopy(USERS), deepcopy(GROUPS), habits), tmp_path / "audit.jsonl"
    team: Body = {"display_name": "Team", "members": ["two@example.com", "new@example.com"], "membership": "additive"}
    crew: Body = {"display_name": "Crew", "members": ["two@example.com"], "membership": "absent"}
    applied(provider, log, known=known, users=[{"user_name": "new@example.com"}], groups=[team, crew])
    new = next(key for key, user in provider.users.items() if user["userName"] == "new@example.com")
    found = rolled_back(log)
    assert found["groups"] == [
        {"id": "g1", "members": [{"value": new, "display": "new@example.com", "expires": "1970-01-01"}], "membership": "additive"}
    ]
    why = "these memberships are not changed, since the log does not show whether they existed before: two@example.com."
    assert sorted(found["warnings"]) == [f"Crew: {why}", f"Team: {why}"]


def test_what_was_created_by_a_lost_bulk_request_is_named_once(tmp_path: Path) -> None:
    provider, log = served(bulk=100), tmp_path / "audit.jsonl"
    provider.faults = Faults(lost={1: True})
    applied(provider, log, users=[{"user_name": name} for name in ("x@example.com", "y@example.com")], bulk="always")
    assert [json.loads(line)["id"] for line in log.read_text().splitlines()] == [None, None, "u0001", "u0002"]
    assert rolled_back(log)["created"] == ["x@example.com", "y@example.com"]


def test_limits_and_scopes_hold(tmp_path: Path) -> None:
    provider, log = served(), tmp_path / "audit.jsonl"
    applied(provider, log, users=[{"user_name": "two@example.com", "title": "Boss"}, {"user_name": "three@example.com", "active": True}])
    provider.users["u3"]["active"] = True
    provider.users["u2"]["active"] = True
    rolled_back(log)
    back = {"src": [str(tmp_path / "back.yml")], "match_on": ["id"]}
    refused = applied(provider, max_removals="100%", max_updates=0, **back)
    assert "max_updates (0)" in refused["msg"]
    with pytest.raises(PlanRefused, match="outside scope_users"):
        applied(provider, scope_users='userName eq "one@example.com"', **back)


def test_the_last_run_or_those_named_are_rolled_back(tmp_path: Path) -> None:
    """A user deleted later cannot be restored, and lines of other tenants are ignored."""
    provider, log = served(), tmp_path / "audit.jsonl"
    first = applied(provider, log, users=[{"user_name": "two@example.com", "title": "A"}, {"user_name": "four@example.com", "title": "A"}])
    second = applied(provider, log, users=[{"user_name": "two@example.com", "title": "B"}])
    digests = [first["plan_digest"], second["plan_digest"]]
    found = rolled_back(log)
    assert (found["plan_digest"], found["users"]) == (digests[1:], [{"id": "u2", "title": "A"}])
    assert [(one["plan_digest"], one["writes"]) for one in found["runs"]] == [(digests[0], 2), (digests[1], 1)]
    both = rolled_back(log, plan_digest=digests)
    assert both["users"] == [{"id": "u2", "title": "Lead"}, {"id": "u4", "clear": ["title"]}]
    applied(provider, log, users=[{"user_name": "four@example.com", "state": "absent"}])
    later = rolled_back(log, plan_digest=digests)
    assert (later["gone"], later["users"]) == (["four@example.com"], [{"id": "u2", "title": "Lead"}])
    with pytest.raises(Invalid, match=rf"has no run 42; its runs are {digests[0]}, {digests[1]}"):
        rolled_back(log, plan_digest=["42"])
    with pytest.raises(Invalid, match=r"has no write to https://other.example: it has writes to https://simulated.example/scim"):
        rolled_back(log, url="https://other.example")
    log.write_text(
        log.read_text("utf-8") + json.dumps({**json.loads(log.read_text("utf-8").splitlines()[0]), "url": "https://b.example"}) + "\n"
    )
    assert rolled_back(log)["gone"] == ["four@example.com"]
    with pytest.raises(Invalid, match=r"the writes of several tenants: https://b.example, https://simulated.example/scim. Set url"):
        rolled_back(log, url=None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read: No such file"),
        ("", "has no write: it is empty"),
        ("{}\n", r"audit.jsonl:1: not a line of an audit log; expected a JSON object with action, id, name"),
        ("nonsense\n", r"audit.jsonl:1: not a line of an audit log"),
    ],
)
def test_a_file_that_is_not_an_audit_log(text: str | None, words: str, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    if text is not None:
        log.write_text(text)
    with pytest.raises(Invalid, match=words):
        rolled_back(log)


@pytest.mark.parametrize("cut", ['{"time": "2026', '{"time": "2026-11-24", "before": {"title": "x', '{"ti'])
def test_a_line_that_was_cut_off_is_ignored(cut: str, tmp_path: Path) -> None:
    """It is the last line, or the next run has appended to it."""
    provider, log = served(), tmp_path / "audit.jsonl"
    applied(provider, log, users=[{"user_name": "two@example.com", "title": "A"}])
    log.write_text(log.read_text("utf-8") + cut)
    found = rolled_back(log)
    assert found["users"] == [{"id": "u2", "title": "Lead"}]
    assert "audit.jsonl:2: an interrupted run cut this line off, so it is ignored." in found["warnings"][0]
    applied(provider, log, users=[{"user_name": "two@example.com", "title": "B"}, {"user_name": "four@example.com", "title": "B"}])
    appended = rolled_back(log)
    assert appended["users"] == [{"id": "u2", "title": "A"}, {"id": "u4", "clear": ["title"]}]
    assert appended["warnings"] == found["warnings"]
    log.write_text(log.read_text("utf-8").replace("\n", "\nnonsense", 1))
    with pytest.raises(Invalid, match=r"audit\.jsonl:2: not a line of an audit log"):
        rolled_back(log)


def test_an_extension_of_the_provider_is_rolled_back(tmp_path: Path) -> None:
    provider, log, urn = served(), tmp_path / "audit.jsonl", "urn:example:scim:badge:1.0:User"
    before, _members = state(provider)
    applied(provider, log, users=[{"user_name": "one@example.com", "extensions": {urn: {"badge": "7"}}}])
    assert state(provider)[0]["u1"][urn] == {"badge": "7"}
    rolled_back(log)
    applied(provider, src=[str(tmp_path / "back.yml")], match_on=["id"])
    assert not state(provider)[0]["u1"].get(urn)
    assert {key: body for key, body in state(provider)[0].items() if key != "u1"} == {k: v for k, v in before.items() if k != "u1"}


def test_a_value_with_a_unicode_line_separator(tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    applied(served(), log, users=[{"user_name": "one@example.com", "title": "a\u2028b\u0085c"}])
    assert rolled_back(log)["users"] == [{"id": "u1", "title": "Engineer"}]


def test_a_resource_without_its_previous_state_is_not_changed(tmp_path: Path) -> None:
    log = tmp_path / "a.jsonl"
    applied(served(), log, users=[{"user_name": "two@example.com", "title": "Boss"}])
    line = {**json.loads(log.read_text()), "before": None}
    log.write_text(json.dumps(line) + "\n")
    found = audit_log({"path": str(log), "dest": None, "max_listed": 100, "url": None, "plan_digest": []}, RESOURCE_TYPES)
    assert (found["users"], found["warnings"]) == (
        [],
        ["two@example.com: its previous state is not in the log, so it is not changed."],
    )


def test_a_secret_that_the_log_masks_is_not_rolled_back(tmp_path: Path) -> None:
    provider, log = served(), tmp_path / "audit.jsonl"
    provider.users["u2"]["nickName"] = "correct horse"
    applied(provider, log, users=[{"user_name": "two@example.com", "password": "correct horse", "nick_name": "Two", "title": "Boss"}])
    found = rolled_back(log)
    assert found["users"] == [{"id": "u2", "title": "Lead"}]
    assert "two@example.com: nick_name cannot be rolled back: the log has masked a secret in the previous value." in found["warnings"]
