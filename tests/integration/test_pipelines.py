# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines of examples/repository as they are, on two tenants: from the first pull request to a change made by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from servers.directories import active_of, members_of, users_of
from servers.pipelines import AWX, REPOSITORY, Azure, GitHub, GitLab, Job, Runner, holds
from servers.playbooks import Run
from servers.pull_requests import PullRequest

PEOPLE = ["anovak", "bjensen", "kokafor", "lrossi", "mmeyer", "phaddad", "snakamura"]
PULL_REQUEST = {
    "github.event_name": "pull_request",
    "github.ref": "refs/pull/7/merge",
    "github.event.pull_request.head.repo.full_name": "o/r",
}
MAIN = {"github.event_name": "push", "github.ref": "refs/heads/main", "github.event.pull_request.head.repo.full_name": ""}
NIGHT = {"github.event_name": "schedule", "github.ref": "refs/heads/main", "github.event.pull_request.head.repo.full_name": ""}
ON_MAIN = {"CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}
MERGE_REQUEST = {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "7", "CI_DEFAULT_BRANCH": "main"}
AZURE_REQUEST = {
    "Build.Reason": "PullRequest",
    "Build.SourceBranch": "refs/pull/7/merge",
    "System.TeamProjectId": "p",
    "Build.Repository.ID": "9",
    "System.PullRequest.PullRequestId": "7",
}
AZURE_MAIN = {"Build.Reason": "IndividualCI", "Build.SourceBranch": "refs/heads/main"}
AZURE_NIGHT = {**AZURE_MAIN, "Build.Reason": "Schedule"}


@pytest.fixture
def pull_request() -> Iterator[PullRequest]:
    with PullRequest("comment-token-of-the-tests") as server:
        yield server


def comment(pull_request: PullRequest) -> str:
    """The only comment."""
    [found] = pull_request.own()
    return found.text


@pytest.fixture
def tenants(serve_rfc: Callable[..., Any]) -> dict[str, Any]:
    """Staging is empty; production has a user that no file declares."""
    found = {name: serve_rfc(token=f"{name}-token-of-the-tests") for name in ("staging", "production")}
    found["production"].direct.add_user("admin@example.com", active=True)
    found["production"].direct.add_user("bjensen@example.com", title="Engineer", active=True)
    return found


def variables(tenants: dict[str, Any]) -> dict[str, str]:
    urls = {f"SCIM_{name.upper()}_URL": tenant.url for name, tenant in tenants.items()}
    return {**urls, **{f"SCIM_{name.upper()}_TOKEN": tenant.token for name, tenant in tenants.items()}}


def outcomes(jobs: list[Job]) -> dict[str, bool]:
    return {job.name: job.rc == 0 for job in jobs}


def edit(runner: Runner, name: str, old: str, new: str) -> None:
    path = runner.repository / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def as_declared(tenants: dict[str, Any]) -> None:
    """Every tenant is as declared."""
    for tenant in tenants.values():
        assert [name for name in sorted(users_of(tenant.direct)) if name != "admin@example.com"] == [
            f"{name}@example.com" for name in PEOPLE
        ]
        assert members_of(tenant.direct)["On call"] == ["bjensen@example.com", "kokafor@example.com"]
        assert all(active_of(tenant.direct).values())


def bad_merge(runner: Runner) -> None:
    """Half of the users are missing in the files."""
    (runner.repository / "directory" / "sales.yml").unlink()
    edit(runner, "directory/groups.yml", "  - display_name: Sales\n", "")


def no_secret(runner: Runner, jobs: list[Job], pull_request: PullRequest) -> None:
    output = "".join(job.output for job in jobs) + runner.summary.read_text() + "".join(comment.text for comment in pull_request.comments)
    artifacts = "".join(path.read_text() for path in runner.artifacts.rglob("*") if path.is_file())
    assert "-token-of-the-tests" not in f"{output}{artifacts}"


def test_github(tenants: dict[str, Any], pull_request: PullRequest, tmp_path: Path) -> None:
    on_request = {**PULL_REQUEST, "github.token": pull_request.token, "github.api_url": f"{pull_request.origin}/github"}
    github = GitHub(tmp_path / "github", variables(tenants))
    fork = github.run({**PULL_REQUEST, "github.event.pull_request.head.repo.full_name": "somebody/r"})
    assert outcomes(fork) == {"validate": True}, fork[0].output
    assert all(not tenant.proxy.requests for tenant in tenants.values()), "validate sends no request"
    valid = ("validate",)

    opened = github.run(on_request, valid)
    assert outcomes(opened) == {"plan": True}, opened[-1].output
    assert comment(pull_request).index("# production\n") < comment(pull_request).index("# staging\n")
    assert "| users | 6 | 1 | 0 | 0 | 0 | 0 |" in comment(pull_request)
    assert not [exchange for tenant in tenants.values() for exchange in tenant.proxy.requests if exchange.request.is_write]

    edit(github, "directory/sales.yml", "display_name: Ana Novak", "display_name: Ana N.")
    [unlike] = github.run(MAIN, ("validate", "plan"))
    assert (unlike.name, unlike.rc != 0) == ("apply", True)
    assert "1 of 10 changes were not reviewed: anovak@example.com" in unlike.output
    assert users_of(tenants["staging"].direct) == {}
    edit(github, "directory/sales.yml", "display_name: Ana N.", "display_name: Ana Novak")

    merged = github.run(MAIN, valid)
    assert outcomes(merged) == {"plan": True, "apply": True}, merged[-1].output
    assert merged[0].ran == ["actions/checkout@v4", "actions/setup-python@v5", "Install", "Plan", "Show", "actions/upload-artifact@v4"]
    assert "## Plan" in github.summary.read_text()
    as_declared(tenants)
    log = (github.artifacts / "applied" / "production.audit.jsonl").read_text().splitlines()
    planned = json.loads((github.artifacts / "plan" / "production.json").read_text())
    assert {json.loads(line)["plan_digest"] for line in log} == {planned["plan_digest"]}

    production = tenants["production"].direct
    production.patch(
        f"/Users/{users_of(production)['mmeyer@example.com']['id']}", {"op": "replace", "path": "displayName", "value": "Maxi"}
    )
    [drift] = github.run(NIGHT)
    assert (drift.name, drift.rc != 0, "DRIFT" in drift.output) == ("drift", True, True)
    assert "mmeyer@example.com" in (github.artifacts / "drift" / "production.md").read_text().replace("&#64;", "@")
    assert "Nothing to do" in (github.artifacts / "drift" / "staging.md").read_text()

    # A token has expired: the comment for its tenant says so, and the other tenant has its plan.
    token, github.variables["SCIM_STAGING_TOKEN"] = github.variables["SCIM_STAGING_TOKEN"], "expired-token"
    assert outcomes(github.run(on_request, valid)) == {"plan": False}
    assert "# staging\n\n## Failed before a plan was made" in comment(pull_request)
    github.variables["SCIM_STAGING_TOKEN"] = token

    bad_merge(github)
    refused = github.run(on_request, valid)
    assert outcomes(refused) == {"plan": False}
    assert "## Plan refused" in comment(pull_request)
    assert "max\\_removals" in comment(pull_request)
    assert pull_request.own()[0].edits == 2
    as_declared(tenants)
    no_secret(github, [*opened, unlike, *merged, drift, *refused], pull_request)


def test_gitlab(tenants: dict[str, Any], pull_request: PullRequest, tmp_path: Path) -> None:
    gitlab = GitLab(
        tmp_path / "gitlab",
        {**variables(tenants), "GITLAB_NOTE_TOKEN": pull_request.token, "CI_API_V4_URL": f"{pull_request.origin}/gitlab"},
    )
    branch = gitlab.run({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "feature", "CI_DEFAULT_BRANCH": "main"})
    assert outcomes(branch) == {"validate": True}, branch[0].output
    assert gitlab.run({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "feature", "CI_OPEN_MERGE_REQUESTS": "o/r!7"}) == []

    valid = ("validate",)
    waiting = gitlab.run({**ON_MAIN, "CI_PIPELINE_SOURCE": "push"}, took_place=valid)
    assert outcomes(waiting) == {"plan": True}, waiting[-1].output
    assert users_of(tenants["staging"].direct) == {}, "apply was not started"
    pressed = gitlab.run({**ON_MAIN, "CI_PIPELINE_SOURCE": "push"}, pressed=("apply",), took_place=("validate", "plan"))
    assert outcomes(pressed) == {"apply": True}, pressed[-1].output
    as_declared(tenants)

    staging = tenants["staging"].direct
    staging.delete(f"/Users/{users_of(staging)['lrossi@example.com']['id']}")
    [drift] = gitlab.run({**ON_MAIN, "CI_PIPELINE_SOURCE": "schedule"})
    assert (drift.name, drift.rc != 0, "DRIFT" in drift.output) == ("drift", True, True)

    bad_merge(gitlab)
    refused = gitlab.run({**MERGE_REQUEST, "CI_PROJECT_ID": "5"}, took_place=valid)
    assert outcomes(refused) == {"plan": False}
    assert "\n## Plan refused" in comment(pull_request).partition("\n# production\n")[2]
    no_secret(gitlab, [*waiting, *pressed, drift, *refused], pull_request)


def test_azure(tenants: dict[str, Any], pull_request: PullRequest, tmp_path: Path) -> None:
    on_request = {**AZURE_REQUEST, "System.AccessToken": pull_request.token, "System.CollectionUri": f"{pull_request.origin}/azure/"}
    azure = Azure(tmp_path / "azure", variables(tenants))
    fork = azure.run({**on_request, "System.PullRequest.IsFork": "True"})
    assert outcomes(fork) == {"validate": True}, fork[0].output
    assert outcomes(azure.run({**AZURE_MAIN, "Build.SourceBranch": "refs/heads/feature"}, ())) == {"validate": True}
    assert all(not tenant.proxy.requests for tenant in tenants.values()), "validate sends no request"
    valid = ("validate",)

    opened = azure.run(on_request, valid)
    assert outcomes(opened) == {"plan": True}, opened[-1].output
    assert comment(pull_request).index("# production\n") < comment(pull_request).index("# staging\n")
    assert [exchange for tenant in tenants.values() for exchange in tenant.proxy.writes] == []

    merged = azure.run(AZURE_MAIN, valid)
    assert outcomes(merged) == {"plan": True, "apply": True}, merged[-1].output
    assert merged[0].ran == ["checkout", "task", "Install", "Plan", "Show", "publish"]
    assert "##vso[task.uploadsummary]" in merged[0].output
    as_declared(tenants)
    log = (azure.artifacts / "applied" / "production.audit.jsonl").read_text().splitlines()
    planned = json.loads((azure.artifacts / "plan" / "production.json").read_text())
    assert {json.loads(line)["plan_digest"] for line in log} == {planned["plan_digest"]}

    production = tenants["production"].direct
    production.delete(f"/Users/{users_of(production)['lrossi@example.com']['id']}")
    [drift] = azure.run(AZURE_NIGHT)
    assert (drift.name, drift.rc != 0, "DRIFT" in drift.output) == ("drift", True, True)
    assert "Nothing to do" in (azure.artifacts / "drift" / "staging.md").read_text()

    bad_merge(azure)
    refused = azure.run(on_request, valid)
    assert outcomes(refused) == {"plan": False}
    assert "## Plan refused" in comment(pull_request)
    assert pull_request.own()[0].edits == 1
    no_secret(azure, [*opened, *merged, drift, *refused], pull_request)


def test_awx(run: Run, rfc: Any, tmp_path: Path) -> None:
    """The playbooks of two jobs of a workflow: the artifact of the first job is the approval for the second."""
    for source in (REPOSITORY, AWX):
        shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    credential = yaml.safe_load((AWX / "credential_type.yml").read_text())
    inputs = {field["id"]: "" for field in credential["inputs"]["fields"]} | {"url": rfc.url, "token": rfc.token}
    env = {name: inputs[text.strip("{ }")] for name, text in credential["injectors"]["env"].items()}
    env |= {"AWX_HOST": "https://awx.example", "JOB_ID": "9"}
    planned = run(tmp_path / "plan.yml", env=env)
    carried = next(task.result["ansible_stats"]["data"] for task in planned.tasks if "ansible_stats" in task.result)
    assert carried["scim_plan"]["localhost"]["summary"]["users"]["created"] == len(PEOPLE)
    assert not [exchange for exchange in rfc.proxy.requests if exchange.request.is_write]
    survey = yaml.safe_load((AWX / "survey.yml").read_text())["spec"]
    carried |= {question["variable"]: question["default"] for question in survey}  # left blank
    log, who = tmp_path / "audit.jsonl", {"awx_user_name": "kim", "scim_audit_log": str(tmp_path / "audit.jsonl")}
    run(tmp_path / "apply.yml", env=env, extra_vars={**carried, **who})
    as_declared({"one": rfc})
    written = [json.loads(line) for line in log.read_text().splitlines()]
    assert {(line["actor"], line["job"]) for line in written} == {("kim", "https://awx.example/#/jobs/playbook/9")}


def test_unsupported_conditions_are_errors() -> None:
    assert holds("$A == 'x' && !$B", {"$A": "x", "$B": ""}, r"\$\w+")
    with pytest.raises(KeyError):
        holds("$C == 'x'", {}, r"\$\w+")
    with pytest.raises(NameError):
        holds("success()", {}, r"\$\w+")
    with pytest.raises(KeyError):
        Azure._holds("eq(variables['Build.Reasons'], 'x')", {}, True)
    with pytest.raises(NameError):
        Azure._holds("failed()", {}, True)


def test_the_rest_of_the_repository() -> None:
    """The execution environment has what ansible-builder would leave out, and editors find the schema."""
    environment = yaml.safe_load((REPOSITORY / "execution-environment.yml").read_text())
    assert [one.partition(">")[0] for one in environment["dependencies"]["python"]] == ["requests", "voluptuous"]
    assert (REPOSITORY / environment["dependencies"]["galaxy"]).exists()
    schema = REPOSITORY / "schemas" / "declaration.schema.json"
    [(configured, files)] = json.loads((REPOSITORY / ".vscode" / "settings.json").read_text())["yaml.schemas"].items()
    assert REPOSITORY / configured == schema
    assert schema.read_text() == (REPOSITORY.parents[1] / "schemas" / schema.name).read_text()
    for path in (REPOSITORY / "directory").iterdir():
        assert any(path.match(pattern.replace("/**", "")) for pattern in files)
        address = path.read_text().splitlines()[1].removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / address).resolve() == schema
