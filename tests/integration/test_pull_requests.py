# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One comment on a pull request, which every push edits, with the plans of all tenants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servers.directories import file
from servers.playbooks import Run
from servers.pull_requests import MOST_CHARACTERS, PullRequest

TOKEN = "token-of-the-pipeline-in-tests"
VARIABLES = {"github": "GITHUB_TOKEN", "gitlab": "GITLAB_NOTE_TOKEN", "azure": "SYSTEM_ACCESSTOKEN"}
MARKER = "<!-- identity.scim.plan -->"


@pytest.fixture
def tenants(serve_rfc: Callable[..., Any], tmp_path: Path) -> dict[str, Any]:
    """Production has a team, staging is empty."""
    found = {name: serve_rfc(token=f"{name}-token-of-the-tests") for name in ("staging", "production")}
    ids = [found["production"].direct.add_user(name, active=True)["id"] for name in ("ann@example.com", "bob@example.com")]
    found["production"].direct.add_group("Team", *ids)
    hosts = {name: {"scim_url": tenant.url, "scim_token": tenant.token} for name, tenant in found.items()}
    file(tmp_path / "inventory.yml", all={"hosts": hosts})
    (tmp_path / "reports").mkdir()
    return found


def push(run: Run, members: list[str], service: str, pull_request: PullRequest, token: str = TOKEN, **options: Any) -> Any:
    """A commit that declares these members of the team."""
    users = [{"user_name": f"{name}@example.com"} for name in ("ann", "bob", "cleo")]
    file(
        run.folder / "directory.yml", users=users, groups=[{"display_name": "Team", "members": [f"{name}@example.com" for name in members]}]
    )
    env = {**pull_request.environment[service], VARIABLES[service]: token}
    given = {
        "scim_src": ["directory.yml"],
        "scim_report": ["reports/{{ inventory_hostname }}.json"],
        "scim_max_removals": "100%",
        "scim_comment": True,
    }
    return run("identity.scim.plan", env=env, extra_vars=given, arguments=("-i", "inventory.yml"), **options)


@pytest.mark.parametrize(
    ("service", "personal", "pushes"),
    [("github", False, 10), ("github", True, 3), ("gitlab", True, 3), ("azure", False, 3)],
)
def test_every_push_edits_one_comment(run: Run, tenants: dict[str, Any], service: str, personal: bool, pushes: int) -> None:
    with PullRequest(TOKEN, personal) as pull_request:
        forged = pull_request.add(f"{MARKER}\nAll is well.")  # by somebody else
        for number in range(120):
            pull_request.add(f"comment {number}")
        for number in range(pushes):
            played = push(run, [["ann", "cleo"], ["bob", "cleo"]][number % 2], service, pull_request, verbosity=3 * (number == 0))
            assert TOKEN not in str(played)
        [comment] = pull_request.own()
        assert comment.edits == pushes - 1
        assert (forged.text, forged.edits) == (f"{MARKER}\nAll is well.", 0)
    gone = "ann" if pushes % 2 == 0 else "bob"
    lines = comment.text.splitlines()
    assert lines[0] == MARKER
    assert "| production | Changes | 1 | 0 | 0 | 0 | 1 | 1 | 1 |" in lines
    assert "| staging | Changes | 3 | 0 | 0 | 0 | 1 | 2 | 0 |" in lines
    assert lines.index("# production") < lines.index("# staging")
    access = lines[lines.index("# production") + 1 : lines.index("# staging")]
    assert access[:7] == [
        "",
        "## Plan",
        "",
        "**Whose access changes**",
        "",
        f"- {gone}&#64;example.com: loses Team",
        "- cleo&#64;example.com: gains the account \\(created\\), Team",
    ]
    assert len(comment.text) < MOST_CHARACTERS[service]


def test_a_plan_that_fails_is_in_the_comment_too(run: Run, tenants: dict[str, Any]) -> None:
    with PullRequest(TOKEN) as pull_request:
        push(run, ["ann"], "github", pull_request)
        inventory = run.folder / "inventory.yml"
        inventory.write_text(inventory.read_text().replace(tenants["staging"].token, "a-token-that-has-expired"))
        push(run, ["ann"], "github", pull_request, expect_rc=2)
        [comment] = pull_request.own()
    assert comment.edits == 1
    assert comment.text.index("# staging\n") < comment.text.index("# production\n"), "what failed comes first"
    assert "| staging | Failed before a plan was made |" in comment.text
    assert "401" in comment.text


NOT_WRITTEN = "Show that the comment could not be written"


@pytest.mark.parametrize(
    ("service", "failures", "status"),
    [
        ("github", {"GET /github/repos": [403]}, 403),
        ("github", {"GET /github/user": [500, 500, 500]}, 500),
        ("github", {"POST /github": [502]}, 502),
        ("gitlab", {"GET /gitlab/user": [403]}, 403),
        ("gitlab", {"GET /gitlab/projects": [503, 503, 503]}, 503),
        ("azure", {"GET /azure/_apis": [401]}, 401),
        ("azure", {"POST /azure": [403]}, 403),
    ],
)
def test_a_comment_that_cannot_be_written_is_no_failure(
    run: Run, tenants: dict[str, Any], service: str, failures: dict[str, list[int]], status: int
) -> None:
    with PullRequest(TOKEN) as pull_request:
        pull_request.failures = failures
        played = push(run, ["ann"], service, pull_request)
        assert pull_request.comments == []
    message = played.result(NOT_WRITTEN)["msg"]
    assert message.startswith(
        "WARNING: The comment on the pull request could not be written, so it is missing or shows an earlier plan: "
        f"Status code was {status}"
    )
    assert f"Check that {VARIABLES[service]} may comment." in message


def test_an_edit_is_tried_again_and_a_creation_is_not(run: Run, tenants: dict[str, Any]) -> None:
    with PullRequest(TOKEN) as pull_request:
        push(run, ["ann"], "github", pull_request)
        pull_request.failures = {"PATCH": [502, 500]}
        played = push(run, ["bob"], "github", pull_request)
        [comment] = pull_request.own()
        assert (comment.edits, "WARNING: The comment" in played.stdout) == (1, False)
        pull_request.comments.clear()
        pull_request.failures = {"POST": [502]}
        push(run, ["bob"], "github", pull_request)
        assert pull_request.comments == []


def test_a_service_that_is_not_reached_is_no_failure_of_the_plan(run: Run, tenants: dict[str, Any]) -> None:
    with PullRequest(TOKEN) as pull_request:
        pass
    played = push(run, ["ann"], "gitlab", pull_request)
    assert "could not be written" in played.result(NOT_WRITTEN)["msg"]
    inventory = run.folder / "inventory.yml"
    inventory.write_text(inventory.read_text().replace(tenants["staging"].token, "a-token-that-has-expired"))
    push(run, ["ann"], "gitlab", pull_request, expect_rc=2)


def test_a_token_that_is_wrong_or_missing(run: Run, tenants: dict[str, Any]) -> None:
    with PullRequest(TOKEN) as pull_request:
        played = push(run, ["ann"], "gitlab", pull_request, token="another-token-than-the-right-one")
        assert "Status code was 401" in played.result(NOT_WRITTEN)["msg"]
        assert "another-token-than-the-right-one" not in str(played)
        without = push(run, ["ann"], "gitlab", pull_request, token="")
        assert "because GITLAB_NOTE_TOKEN is not set" in without.stdout
        assert pull_request.comments == []


def test_outside_of_a_pull_request_nothing_is_sent(run: Run, tenants: dict[str, Any]) -> None:
    with PullRequest(TOKEN) as pull_request:
        env = {**pull_request.environment["github"], "GITHUB_REF": "refs/heads/main", "GITHUB_TOKEN": TOKEN}
        file(run.folder / "directory.yml", users=[{"user_name": "ann@example.com"}])
        given = {"scim_src": ["directory.yml"], "scim_comment": True}
        run("identity.scim.plan", env=env, extra_vars=given, arguments=("-i", "inventory.yml"))
        assert pull_request.requests == []
