# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log: a line for each write, however it was sent, with the actor and the states before and after."""

from __future__ import annotations

import getpass
import json
import os
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.run import Run
from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.report.audit_log import AuditLog
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, Stop
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import created

Body = dict[str, Any]
FIELDS = [
    "time", "actor", "job", "url", "plan_digest", "type", "name", "id", "action", "reason", "operations", "before", "after",
    "joins", "leaves", "unseen", "names", "status", "error", "confirmed", "request_ids",
]  # fmt: skip
RUN = Run((), Plan(), "digest")
WRITTEN = Outcome(created("kim"), Action.CREATED, True, id="7", sent=({"method": "POST", "path": "/Users"},))


def lines(path: Path) -> list[Body]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def applied(provider: Simulated, path: Path, known: Body | None = None, **given: Any) -> Body:
    """Run the directory module with an audit log in a file."""
    defaults = {name: option.get("default") for name, option in options().items()}
    parameters = {**defaults, "audit_log": str(path), "max_removals": "100%", **given}
    return several.directory(Task(parameters, provider.client(**(known or {})), False, lambda line: None))


def user(number: int, **attributes: Any) -> Body:
    return {"id": f"u{number}", "userName": f"p{number}@example.com", "title": "Old", "active": True, **attributes}


def person(number: int, **attributes: Any) -> Body:
    return {"user_name": f"p{number}@example.com", **attributes}


@pytest.mark.parametrize("bulk", [False, True], ids=["from threads", "in bulk"])
def test_a_line_for_each_write(bulk: bool, tmp_path: Path) -> None:
    team = {"id": "g1", "displayName": "Team", "members": [{"value": "u1"}]}
    provider = Simulated([user(number) for number in range(20)], [team], Habits(bulk=7 if bulk else 0))
    users = [person(0, active=False), *(person(number, title="New") for number in range(1, 15)), person(15, state="absent"), person(30)]
    groups = [{"display_name": "Team", "members": [person(2)["user_name"], person(30)["user_name"]]}]
    result = applied(
        provider, tmp_path / "a.jsonl", {"concurrency": 4, "bulk": bulk, "bulk_operations": 7 if bulk else None}, users=users, groups=groups
    )
    assert not result.get("failed"), result
    written = lines(tmp_path / "a.jsonl")
    assert all(list(line) == FIELDS for line in written)
    assert {line["plan_digest"] for line in written} == {result["plan_digest"]}
    assert {line["url"] for line in written} == {provider.url}
    assert {line["status"] for line in written} == {"done"}
    assert all(line["request_ids"] for line in written)
    assert [line["operations"] != [] for line in written] == [line["confirmed"] is None for line in written] or not bulk
    assert {line["confirmed"] for line in written if line["action"] in ("deactivated", "deleted")} == (
        {None, True} if bulk else {True, None}
    )
    actions = {(line["type"], line["name"]): line["action"] for line in written}
    assert actions[("User", "p0@example.com")] == "deactivated"
    assert actions[("User", "p15@example.com")] == "deleted"
    assert actions[("User", "p30@example.com")] == "created"
    assert [action for (resource_type, _name), action in actions.items() if resource_type == "Group"] == ["updated"]
    one = next(line for line in written if line["name"] == "p1@example.com")
    assert (one["id"], one["before"]["title"], one["before"]["id"]) == ("u1", "Old", "u1")
    assert one["operations"][0]["body"]["Operations"] == [{"op": "replace", "path": "title", "value": "New"}]
    assert one["after"] is None if bulk else one["after"]["title"] == "New"
    fresh = next(line["id"] for line in written if line["name"] == "p30@example.com")
    moves = [line for line in written if line["type"] == "Group"]
    joins = {member: line["names"][member] for line in moves for member in line["joins"]}
    assert joins == {"u2": "p2@example.com", fresh: "p30@example.com"}, "a user created in this run has an id"
    left = [(line["leaves"], line["names"]["u1"]) for line in moves if line["leaves"] and line["confirmed"]]
    assert left == [(["u1"], "p1@example.com")]


def test_a_deactivation_that_the_provider_ignores_is_unchanged(tmp_path: Path) -> None:
    provider = Simulated([user(1)], habits=Habits(ignores=frozenset({"active"})))
    result = applied(provider, tmp_path / "a.jsonl", users=[person(1, active=False)])
    written = lines(tmp_path / "a.jsonl")
    assert [line["action"] for line in written] == ["unchanged", "unchanged"], "as answered, and as read at the end"
    assert written[-1]["confirmed"] is False
    assert result["summary"]["users"]["deactivated"] == 0


def test_a_run_without_changes_writes_no_line(tmp_path: Path) -> None:
    applied(Simulated([user(1)]), tmp_path / "a.jsonl", users=[person(1, title="Old")])
    assert lines(tmp_path / "a.jsonl") == []
    assert (tmp_path / "a.jsonl").stat().st_mode & 0o777 == 0o600


def test_passwords_are_masked(tmp_path: Path) -> None:
    provider = Simulated([user(1)])
    applied(provider, tmp_path / "a.jsonl", users=[person(2, password="correct horse battery")])
    [line] = lines(tmp_path / "a.jsonl")
    assert line["operations"][0]["body"]["password"] == "********"
    assert "correct horse" not in (tmp_path / "a.jsonl").read_text()
    assert provider.written[0].body["password"] == "correct horse battery"


def test_a_refusal_has_its_error_and_its_request_id(tmp_path: Path) -> None:
    provider = Simulated([user(1), user(2)], faults=Faults(refuses=lambda method, path, body: 400 if path == "/Users/u1" else None))
    applied(provider, tmp_path / "a.jsonl", users=[person(1, title="New"), person(2, title="New")])
    refused, done = lines(tmp_path / "a.jsonl")
    assert (refused["status"], refused["after"], done["status"], done["error"]) == ("refused", None, "done", None)
    assert "refused here" in refused["error"]
    assert refused["request_ids"]
    assert not set(refused["request_ids"]) & set(done["request_ids"])


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "done"),
        ({"error": "x"}, "partial"),
        ({"error": "x", "changed": False}, "refused"),
        ({"error": "x", "unknown": True}, "unknown"),
    ],
)
def test_status(more: Body, status: str, tmp_path: Path) -> None:
    outcome = Outcome(**{"change": WRITTEN.change, "action": Action.CREATED, "changed": True, "sent": WRITTEN.sent, **more})
    with AuditLog(str(tmp_path / "a.jsonl"), "https://x", {}) as log:
        log.outcome(outcome, RUN)
    assert lines(tmp_path / "a.jsonl")[0]["status"] == status


def test_what_a_lost_bulk_answer_leaves_open_has_a_line_before_it_is_written_again(tmp_path: Path) -> None:
    """The later line is in its place: the process may be killed in between."""
    provider = Simulated([user(1), user(2)], [], Habits(bulk=100), faults=Faults(lost={1: True}))
    changed = [person(1, title="New"), person(2, title="New"), person(3)]
    result = applied(provider, tmp_path / "a.jsonl", users=changed, bulk="always")
    assert (result.get("failed"), result["summary"]["users"]["updated"], result["summary"]["users"]["created"]) == (None, 2, 1)
    written = [
        (line["name"][:2], line["status"], [f"{each['method']} {each['path']}" for each in line["operations"]])
        for line in lines(tmp_path / "a.jsonl")
    ]
    assert written == [
        ("p1", "unknown", ["PATCH /Users/u1"]),
        ("p2", "unknown", ["PATCH /Users/u2"]),
        ("p1", "done", ["PATCH /Users/u1"]),
        ("p2", "done", ["PATCH /Users/u2"]),
        ("p3", "done", ["POST /Users"]),
    ]


GITHUB = {"GITHUB_ACTOR": "octocat", "GITHUB_RUN_ID": "42", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r"}


@pytest.mark.parametrize(
    ("environment", "actor", "job"),
    [
        (GITHUB, "octocat", "https://github.com/o/r/actions/runs/42"),
        ({"GITHUB_ACTOR": "octocat", "GITHUB_RUN_ID": "42"}, "octocat", "42"),
        ({**GITHUB, "GITHUB_TRIGGERING_ACTOR": "hubot"}, "hubot", "https://github.com/o/r/actions/runs/42"),
        ({"GITLAB_USER_LOGIN": "kim", "CI_JOB_URL": "https://gitlab.example/j/1"}, "kim", "https://gitlab.example/j/1"),
        ({"AWX_USER_NAME": "kim", "AWX_HOST": "https://awx.example", "JOB_ID": "9"}, "kim", "https://awx.example/#/jobs/playbook/9"),
        ({"BUILD_USER_ID": "kim", "BUILD_URL": "https://jenkins.example/1"}, "kim", "https://jenkins.example/1"),
        ({"GITHUB_ACTOR": ""}, f"{getpass.getuser()}@{socket.gethostname()}", None),
    ],
)
def test_actor_and_job(environment: dict[str, str], actor: str, job: str | None, tmp_path: Path) -> None:
    with AuditLog(str(tmp_path / "a.jsonl"), "https://x", environment) as log:
        log.outcome(WRITTEN, RUN)
    [line] = lines(tmp_path / "a.jsonl")
    assert (line["actor"], line["job"], line["url"]) == (actor, job, "https://x")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])


def test_lines_are_appended_as_they_happen(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with AuditLog(str(path), "https://one", {}) as first, AuditLog(str(path), "https://two", {}) as second:
        first.outcome(WRITTEN, RUN)
        second.outcome(WRITTEN, RUN)
        assert [line["url"] for line in lines(path)] == ["https://one", "https://two"]
    with AuditLog(str(path), "https://three", {}) as third:
        third.outcome(WRITTEN, RUN)
    assert len(lines(path)) == 3


def test_a_path_that_cannot_be_written_is_refused_before_the_first_request(tmp_path: Path) -> None:
    provider = Simulated([user(1)])
    with pytest.raises(Invalid, match=r'^audit_log: .*no/a\.jsonl" cannot be written: No such file or directory\.$'):
        applied(provider, tmp_path / "no" / "a.jsonl", users=[person(1, title="New")])
    assert provider.requests == 0


class Disk:
    """``os.write`` to a disk that takes ``chunk`` bytes in one call and has room for ``room`` bytes in all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, chunk: int, room: int) -> None:
        self._write, self._chunk, self._room = os.write, chunk, room
        monkeypatch.setattr(os, "write", self.write)

    def write(self, descriptor: int, content: bytes) -> int:
        taken = content[: min(self._chunk, self._room)]
        if not taken:
            raise OSError(28, "No space left on device")
        self._room -= len(taken)
        return self._write(descriptor, taken)


def test_a_short_write_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Disk(monkeypatch, chunk=7, room=100_000)
    with AuditLog(str(tmp_path / "a.jsonl"), "https://x", {}) as log:
        log.outcome(WRITTEN, RUN)
        log.outcome(WRITTEN, RUN)
    assert [line["id"] for line in lines(tmp_path / "a.jsonl")] == ["7", "7"]


@pytest.mark.parametrize(("chunk", "room"), [(100_000, 0), (100_000, 40), (7, 40)], ids=["at once", "in the middle", "in small parts"])
def test_a_full_disk_stops_the_run(chunk: int, room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written stays; the line before it is complete."""
    with AuditLog(str(tmp_path / "a.jsonl"), "https://x", {}) as log:
        log.outcome(WRITTEN, RUN)
        complete = (tmp_path / "a.jsonl").read_bytes()
        Disk(monkeypatch, chunk, room)
        with pytest.raises(Stop, match=r'^audit_log: ".*a\.jsonl" cannot be written: No space left on device\. The run was stopped\.'):
            log.outcome(WRITTEN, RUN)
    written = (tmp_path / "a.jsonl").read_bytes()
    assert written.startswith(complete)
    assert len(written) == len(complete) + room


def test_writes_in_progress_when_the_log_fails_are_in_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that was written is in the result, and nothing is started afterwards."""
    room = [3]

    def until_the_disk_is_full(file: int, data: bytes) -> int:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(28, "No space left on device")
        return write(file, data)

    write = os.write
    monkeypatch.setattr(os, "write", until_the_disk_is_full)
    provider = Simulated([user(number) for number in range(40)])
    result = applied(provider, tmp_path / "a.jsonl", {"concurrency": 4}, users=[person(number, title="New") for number in range(40)])
    assert result["failed"]
    assert "cannot be written: No space left on device. The run was stopped" in result["msg"]
    assert 3 < len(provider.written) < 40
    assert result["summary"]["users"]["updated"] == len(provider.written)


def test_an_adopted_user_has_a_state_before(tmp_path: Path) -> None:
    """A case-sensitive filter finds no user, the POST is refused with 409, and the listing finds the user."""
    users = [user(number, userName=f"P{number}@Example.com") for number in range(3)]
    provider = Simulated(users, habits=Habits(filters="exact", page_size=1))
    applied(provider, tmp_path / "a.jsonl", users=[person(1, title="New")])
    [line] = [line for line in lines(tmp_path / "a.jsonl") if line["status"] == "done"]
    assert (line["action"], line["id"], line["before"]["title"], line["after"]["title"]) == ("updated", "u1", "Old", "New")


def test_an_existing_log_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.touch(mode=0o644)
    applied(Simulated([user(1)]), path, users=[person(1, title="New")])
    assert path.stat().st_mode & 0o777 == 0o600
