# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook ``identity.scim.init``: what it makes, what it leaves alone, and the pipelines that it makes, played."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from servers.directories import active_of, seeded
from servers.faults import Rule, When, bend_json, reply
from servers.issuer import CLIENT, Issuer
from servers.pipelines import REPOSITORY, Azure, GitHub, GitLab
from servers.playbooks import Body, Played, Run, read_only

ANSWERS: Body = {
    "scim_repository": "my team/scim",
    "scim_tenants": "production",
    "scim_pipelines": "github, gitlab, azure",
    "scim_protected_users": "",
    "scim_pipeline_credential": "",
}
REQUEST = {"github.event_name": "pull_request", "github.event.pull_request.head.repo.full_name": "o/r"}
PUSH = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}
ON_MAIN = {"Build.Reason": "IndividualCI", "Build.SourceBranch": "refs/heads/main"}
VALID = ("validate",)


def init(run: Run, server: Any = None, *, rc: int = 0, check: bool = False, **answers: Any) -> Played:
    env = {"SCIM_URL": server.url, "SCIM_TOKEN": server.token} if server else {}
    given = {**ANSWERS, **{f"scim_{name}": value for name, value in answers.items()}}
    return run("identity.scim.init", env=env, extra_vars=given, check=check, expect_rc=rc)


def shown(played: Played) -> str:
    return "\n".join(played.result("Show the summary")["msg"])


def failure(played: Played) -> str:
    [task] = [task for task in played.tasks if task.status == "failed"]
    return str(task.result["msg"])


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def settings(folder: Path) -> Body:
    found = [yaml.safe_load(path.read_text()) for path in sorted((folder / "inventory" / "group_vars" / "all").iterdir())]
    return {name: value for part in found for name, value in part.items()}


def filled(path: Path) -> None:
    """Replace the example row."""
    headings, example = csv.reader(path.open())
    row = ["kim@example.com" if cell == "jane.doe@example.com" else cell for cell in example]
    row = ["" if name == "groups" else "true" if name == "active" else cell for name, cell in zip(headings, row, strict=True)]
    path.write_text(f"{','.join(headings)}\n{','.join(row)}\n")


def test_the_present_directory(run: Run, rfc: Any) -> None:
    people = seeded(rfc.direct, range(5))
    rfc.direct.add_group("Team", *people[:3])
    folder = run.folder / "my team" / "scim"
    with read_only(rfc.proxy):
        foretold = init(run, rfc, check=True)
        assert (foretold.changed, folder.exists()) == (True, False)
        assert "Would make the repository my team/scim for the tenant production." in shown(foretold)
        made = init(run, rfc)
        before = files(folder)
        again = init(run, rfc)
    assert "Made the repository my team/scim for the tenant production." in shown(made)
    assert f"Exported 5 users and 1 group of {rfc.url}. They are valid, and their plan changes nothing." in shown(made)
    assert (made.changed, again.changed, files(folder)) == (True, False, before)
    assert "my team/scim is a repository that init made, and nothing was written." in shown(again)
    assert rfc.token not in "".join(before.values())

    # It is the repository of the example, with its own tenant and users.
    example = {name for name in files(REPOSITORY) if not name.startswith(("directory/", "execution-environment"))}
    assert set(before) == example | {"directory/users.yml", "directory/groups.yml"}
    assert [name for name in before if f"- {name}" not in shown(made)] == []
    assert before["schemas/declaration.schema.json"] == files(REPOSITORY)["schemas/declaration.schema.json"]
    assert yaml.safe_load(before["inventory/tenants.yml"])["all"]["hosts"]["production"]["scim_url"].count("SCIM_PRODUCTION_URL") == 1
    assert {name: settings(folder)[name] for name in ("scim_prune_users", "scim_protected_users", "scim_src")} == {
        "scim_prune_users": "deactivate",
        "scim_protected_users": [],
        "scim_src": ["directory/"],
    }

    # Its pipelines: nothing to do at first, and a user that is removed from the files is deactivated.
    variables = {"SCIM_PRODUCTION_URL": rfc.url, "SCIM_PRODUCTION_TOKEN": rfc.token}
    [planned] = GitHub(run.folder / "github", variables, folder).run(REQUEST, VALID)
    assert (planned.name, planned.rc, "nothing to do" in planned.output) == ("plan", 0, True), planned.output
    gitlab = GitLab(run.folder / "gitlab", variables, folder)
    path = gitlab.repository / "directory" / "users.yml"
    path.write_text(yaml.safe_dump({"users": yaml.safe_load(path.read_text())["users"][:-1]}))
    jobs = gitlab.run(PUSH, pressed=("apply",), took_place=VALID)
    assert [(job.name, job.rc) for job in jobs] == [("plan", 0), ("apply", 0)], jobs[-1].output
    assert [name for name, active in active_of(rfc.direct).items() if not active] == ["p004@example.com"]


def test_a_provider_that_cannot_list(run: Run, matillion_post_only: Any) -> None:
    folder = run.folder / "my team" / "scim"
    server = matillion_post_only
    with read_only(server.proxy):
        foretold = init(run, server, check=True, provider="matillion")
        made = init(run, server, provider="matillion")
    assert (foretold.changed, made.changed) == (True, True)
    assert f"The provider at {server.url} cannot list users, so nothing was exported: the repository begins with a CSV file." in shown(made)
    assert ("scim_prune_users" in settings(folder), settings(folder)["scim_provider"]) == (False, "matillion")
    assert not any("drift" in files(folder)[name] for name in (".github/workflows/directory.yml", ".gitlab-ci.yml", "azure-pipelines.yml"))

    # The example row is never applied. A row in its place is, by the pipeline.
    variables = {"SCIM_PRODUCTION_URL": server.url, "SCIM_PRODUCTION_TOKEN": server.token}
    azure = Azure(run.folder / "azure", variables, folder)
    [refused] = azure.run(ON_MAIN)
    assert (refused.name, "directory/users.csv:2: users[0].active" in refused.output) == ("validate", True)
    filled(azure.repository / "directory" / "users.csv")
    jobs = azure.run(ON_MAIN)
    assert [(job.name, job.rc) for job in jobs] == [("validate", 0), ("plan", 0), ("apply", 0)], jobs[-1].output
    assert [user["userName"] for user in server.server.users.values()] == ["kim@example.com"]


def test_no_provider_and_an_empty_one(run: Run, rfc: Any) -> None:
    """Both begin with a CSV file. Client credentials, tenants and protected users are those that were given."""
    offline = init(run, repository="offline", tenants=["staging", "eu-west"], pipelines="none", protected_users="admin@*, root@example.com",
                   client_id="an id")  # fmt: skip
    assert "No provider is set (SCIM_URL), so nothing was exported: the repository begins with a CSV file." in shown(offline)
    made = files(run.folder / "offline")
    hosts = yaml.safe_load(made["inventory/tenants.yml"])["all"]["hosts"]
    assert sorted(hosts) == ["eu-west", "staging"]
    assert [(name, text.partition("env', '")[2]) for name, text in hosts["eu-west"].items()] == [
        ("scim_url", "SCIM_EU_WEST_URL') }}"),
        ("scim_client_id", "SCIM_EU_WEST_CLIENT_ID') }}"),
        ("scim_client_secret", "SCIM_EU_WEST_CLIENT_SECRET') }}"),
    ]
    assert settings(run.folder / "offline")["scim_protected_users"] == ["admin@*", "root@example.com"]
    assert not {".gitlab-ci.yml", "azure-pipelines.yml", ".github/workflows/directory.yml"} & set(made)
    headings, example = csv.reader(made["directory/users.csv"].splitlines())
    assert dict(zip(headings, example, strict=True))["active"] == "EXAMPLE: replace this row"

    empty = init(run, rfc, pipelines=["gitlab"])
    folder = run.folder / "my team" / "scim"
    assert f"The provider at {rfc.url} has no users and no groups" in shown(empty)
    assert (folder / "directory" / "users.csv").read_text() == made["directory/users.csv"]
    assert {".gitlab-ci.yml", "azure-pipelines.yml"} & set(files(folder)) == {".gitlab-ci.yml"}


@pytest.mark.parametrize("pipelines", ["github, gitlab", "gitlab"])
def test_pipelines_without_a_stored_secret(run: Run, rfc: Any, issuer: Issuer, pipelines: str) -> None:
    """The directory is exported with a token. Then the pipelines have their own one, which the provider's token endpoint accepts."""
    seeded(rfc.direct, range(3))
    made = init(run, rfc, pipelines=pipelines, pipeline_credential="oidc", token_url=issuer.token_url)
    folder = run.folder / "my team" / "scim"
    assert "SCIM_PRODUCTION_URL, SCIM_PRODUCTION_CLIENT_ID in the settings" in shown(made)
    assert "To plan on this machine" not in shown(made)
    assert rfc.token not in "".join(files(folder).values())
    assert not [name for name, text in files(folder).items() if "SECRET" in text]

    rfc.proxy.rules.append(issuer.rule(rfc.token))
    variables = {"SCIM_PRODUCTION_URL": rfc.url, "SCIM_PRODUCTION_CLIENT_ID": CLIENT}
    gitlab = GitLab(run.folder / "gitlab", variables, folder, issuer)
    path = gitlab.repository / "directory" / "users.yml"
    path.write_text(yaml.safe_dump({"users": yaml.safe_load(path.read_text())["users"][:-1]}))
    jobs = gitlab.run(PUSH, pressed=("apply",), took_place=VALID)
    assert [(job.name, job.rc) for job in jobs] == [("plan", 0), ("apply", 0)], jobs[-1].output
    assert [name for name, active in active_of(rfc.direct).items() if not active] == ["p002@example.com"]
    if "github" in pipelines:
        github = GitHub(run.folder / "github", variables, folder, issuer)
        [planned] = github.run(REQUEST, VALID)
        assert (planned.name, planned.rc, "p002@example.com" in planned.output) == ("plan", 0, True), planned.output
        workflow = yaml.safe_load((folder / ".github" / "workflows" / "directory.yml").read_text())
        assert {name for name, job in workflow["jobs"].items() if "id-token" in job.get("permissions", {})} == {"plan", "apply", "drift"}
        assert issuer.id_tokens == 1


def test_a_credential_that_pipelines_cannot_have(run: Run) -> None:
    def objections(**answers: Any) -> str:
        return failure(init(run, rc=2, **answers))

    oidc = {"pipeline_credential": "oidc", "token_url": "https://id.example.com/token"}
    assert "scim_pipeline_credential: oidc is for the pipelines github and gitlab" in objections(**oidc)
    assert "scim_pipeline_credential: oidc is for the pipelines github and gitlab" in objections(**oidc, pipelines="none")
    assert "oidc needs scim_token_url, or scim_client_assertion_audience" in objections(pipelines="github", pipeline_credential="oidc")
    assert "ssh is unknown. Choose from token, client_secret, basic, oidc." in objections(pipeline_credential="ssh")
    made = init(run, pipeline_credential="client_secret", repository="made")
    assert "SCIM_PRODUCTION_URL, SCIM_PRODUCTION_CLIENT_ID, SCIM_PRODUCTION_CLIENT_SECRET in the settings" in shown(made)


def test_nothing_is_overwritten(run: Run, rfc: Any) -> None:
    """Files of others, answers that cannot be used, and a provider that does not answer: nothing is written, and the message says why."""
    seeded(rfc.direct, range(2))
    (run.folder / "own" / "directory").mkdir(parents=True)
    for name in (".gitignore", "directory/people.yml"):
        (run.folder / "own" / name).write_text("own\n")
    (run.folder / "file").touch()
    refused = failure(init(run, rfc, rc=2, repository="own"))
    assert f"{run.folder}/own has .gitignore, directory/people.yml. Init does not overwrite files, and nothing was written." in refused
    assert "file is not a folder. Init does not overwrite files" in failure(init(run, rfc, rc=2, repository="file"))
    answers = failure(init(run, rfc, rc=2, tenants="token,a b,x-1,X_1", pipelines="jenkins,github"))
    assert "scim_tenants: a b, token cannot be used as a name." in answers
    assert "their variables are SCIM_TOKEN_URL, SCIM_A B_URL, SCIM_X_1_URL, SCIM_X_1_URL." in answers
    assert "scim_pipelines: jenkins is unknown. Choose from github, gitlab, azure and none." in answers
    assert rfc.proxy.requests == []

    rfc.proxy.rules.append(Rule("no rights", When("GET", "/Users"), reply(403)))
    forbidden = init(run, rfc, rc=2)
    assert "The directory could not be exported, and no repository was made." in failure(forbidden)
    assert any("was refused with 403" in line for line in forbidden.result("Show why the directory could not be exported")["msg"])
    rfc.proxy.rules.clear()
    assert files(run.folder / "own") == {".gitignore": "own\n", "directory/people.yml": "own\n"}
    assert not (run.folder / "my team").exists()


def test_a_plan_that_is_not_empty(run: Run, rfc: Any) -> None:
    """A provider whose listings differ from request to request is named as one: the first plan would change what nobody has changed."""
    seeded(rfc.direct, range(3))
    titles = iter(range(100))

    def another_title(body: Any) -> Any:
        for user in body["Resources"]:
            user["title"] = f"Title {next(titles)}"
        return body

    rfc.proxy.rules.append(Rule("titles change", When("GET", "/Users"), bend_json(another_title)))
    differs = init(run, rfc, rc=2)
    assert "was made, but its plan is not empty" in failure(differs)
    assert "~ user p000@example.com updated: title" in shown(differs)
    assert rfc.proxy.writes == []
