# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real run prints where a provider has hostile names: nothing that commands the terminal or the CI system that shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.hostile import NAMES, commands
from servers.directories import file
from servers.faults import Rule, When, reply, scim_error
from servers.playbooks import Run
from servers.tables import PIPELINING

ROLE = {"name": "identity.scim.directory"}


def check(text: str) -> None:
    """A line break in a name is one more line, whose text is known."""
    assert commands(text) == []
    assert [line for line in text.splitlines() if line.startswith(("lines", "+title: Boss"))] == []
    assert text.split("\n") == text.splitlines() + [""] * text.endswith("\n")


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_terminal(run: Run, rfc: Any, form: str) -> None:
    users = [rfc.direct.add_user(name, title=name, externalId=f"e{number}", active=True)["id"] for number, name in enumerate(NAMES)]
    for name in NAMES:
        rfc.direct.add_group(name, users[0])
    team = rfc.direct.add_group("Team", *users)["id"]
    declared = [{"user_name": f"p{number}", "external_id": f"e{number}"} for number in range(3)]
    rfc.direct.add_user("kim", title="".join(NAMES), active=True)
    file(
        run.folder / "all.yml",
        users=[{"user_name": "kim", "title": "Boss"}, *declared],
        groups=[{"display_name": "Team", "members": ["p0"]}],
    )
    words = reply(400, scim_error(400, "".join(NAMES)))
    rfc.proxy.rules += [Rule("a user is refused", When("PATCH", f"/Users/{users[1]}"), words)]
    rfc.proxy.rules += [Rule("a group is refused", When("PATCH", f"/Groups/{team}"), words)]
    options = {
        "src": "all.yml", "report": "plan.md,plan.html,plan.json", "prune_users": "deactivate", "prune_groups": "delete",
        "url": rfc.url, "token": rfc.token, "match_on": ["user_name"], "rate_limit": 600, "bulk": "never", "audit_log": "audit.jsonl",
    }  # fmt: skip
    play = run.play(
        {"name": "Refuse", "ansible.builtin.import_role": {**ROLE, "tasks_from": "plan"}, "ignore_errors": True},
        {"name": "Apply", "ansible.builtin.import_role": {**ROLE, "tasks_from": "apply"}, "vars": {"scim_max_removals": "100%"}},
        vars={"directory_most_shown": 200, **{f"scim_{name}": value for name, value in options.items()}},
    )
    environment = {**PIPELINING, "ANSIBLE_CALLBACK_RESULT_FORMAT": form, "COLUMNS": "40"}
    is_plan = form == "json"
    played = run(play, check=is_plan, diff=True, env=environment, expect_rc=0 if is_plan else 2)
    for text in (played.stdout, played.stderr):
        check(text)
    printed = (played.stdout + played.stderr).replace("\\\\", "\\").replace("''", "'")  # as JSON and YAML quote
    assert [seen for seen in NAMES.values() if f"user {seen} " not in printed or f"group {seen} " not in printed] == []  # the summary
    assert [seen for seen in NAMES.values() if f"--- before: User {seen}" not in printed] == []  # the diff
    if not is_plan:
        assert "changes (" in played.stderr  # progress
        lines = (run.folder / "audit.jsonl").read_text("utf-8").splitlines()
        assert set(NAMES) <= {json.loads(line)["name"] for line in lines}
    check((run.folder / "plan.md").read_text("utf-8").replace("\u200b", ""))  # with which Markdown cuts references
    check((run.folder / "plan.json").read_text("utf-8"))
