# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The published schema of JSON reports, and the policies of examples/policies that read them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from ansible_collections.identity.scim.tests.simulated import Simulated
from ansible_collections.identity.scim.tests.unit.commands.test_directory import directory
from ansible_collections.identity.scim.tests.unit.plan.planned import person, team
from report_schema import PROPERTIES, report_schema, strict

Body = dict[str, Any]
ROOT = Path(__file__).resolve().parents[3]
POLICIES = ROOT / "examples" / "policies"
OPA = shutil.which("opa", path=f"{ROOT / '.cache' / 'bin'}:{os.environ['PATH']}")
PEOPLE = ["ann", "bob", "cleo", "dan", "eve", "fay"]
ADMINS = "Tenant ADMINs"
STRICT = Draft7Validator(strict(report_schema()))


def planned(path: Path, keep: list[str], admins: list[str], **options: Any) -> Body:
    """The JSON report of a plan that keeps these users, and these members of the administrators."""
    provider = Simulated([person(name).body for name in PEOPLE], [team("admins", *PEOPLE[:2], displayName=ADMINS).body])
    groups = [{"display_name": ADMINS, "members": admins}] if admins else []
    given = {"users": [{"user_name": name} for name in keep], "groups": groups, "prune_users": "deactivate", "max_removals": "100%"}
    return report_of(provider, path, **{**given, **options})


def report_of(provider: Simulated, path: Path, **options: Any) -> Body:
    """The JSON report of a plan."""
    directory(provider, check=True, report=[str(path)], **options)
    report: Body = json.loads(path.read_text("utf-8"))
    return report


def test_the_schema_is_valid_and_describes_every_object() -> None:
    Draft7Validator.check_schema(report_schema())
    assert set(report_schema()["required"]) == set(PROPERTIES)


@pytest.mark.parametrize(
    ("mistake", "place"),
    [
        (lambda report: report.update(version=2), "$.version"),
        (lambda report: report.pop("plan_digest"), "$"),
        (lambda report: report["changes"][0].update(action="removed"), "$.changes[0].action"),
        (lambda report: report["changes"][0].update(further=1), "$.changes[0]"),
        (lambda report: report["summary"]["users"].update(created=-1), "$.summary.users.created"),
    ],
)
def test_the_schema_finds_what_is_no_report(tmp_path: Path, mistake: Callable[[Body], None], place: str) -> None:
    report = planned(tmp_path / "plan.json", PEOPLE, PEOPLE[:1])
    assert not list(STRICT.iter_errors(report))
    mistake(report)
    assert [error.json_path for error in STRICT.iter_errors(report)] == [place]


def test_readers_of_the_published_schema_ignore_keys_that_are_added(tmp_path: Path) -> None:
    report = planned(tmp_path / "plan.json", PEOPLE, PEOPLE[:1], report_values="none")
    report["later"] = report["changes"][0]["later"] = 1
    assert not list(Draft7Validator(report_schema()).iter_errors(report))


PLANS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "nobody leaves": (PEOPLE, PEOPLE[:2], []),
    "five are deactivated": (PEOPLE[:1], [], []),
    "six are deactivated": (["new"], [], ["6 users would be deactivated or deleted, at most 5 are allowed"]),
    "an administrator leaves": (PEOPLE, PEOPLE[:1], [f'the group "{ADMINS}" would lose "bob"']),
    "an administrator joins": (PEOPLE, PEOPLE[:3], [f'the group "{ADMINS}" would gain "cleo"']),
}
RIGHTS: dict[str, tuple[Body, list[str]]] = {
    "a group of administrators is renamed": (
        {"groups": [{"display_name": "Operators", "previously": [ADMINS]}]},
        [f'the group "{ADMINS}" would be renamed to "Operators"'],
    ),
    "a group takes the name of one of administrators": (
        {"groups": [{"display_name": "Admins", "previously": ["Interns"]}]},
        ['the group "Interns" would be renamed to "Admins"'],
    ),
    "the two groups change places": (
        {
            "groups": [
                {"display_name": "Former", "previously": [ADMINS]},
                {"display_name": ADMINS, "previously": ["Interns"]},
            ]
        },
        [f'the group "Interns" would be renamed to "{ADMINS}"', f'the group "{ADMINS}" would be renamed to "Former"'],
    ),
    "another group is renamed": ({"groups": [{"display_name": "Trainees", "previously": ["Interns"]}]}, []),
    "a group of administrators is created": (
        {"groups": [{"display_name": "Admins of sales", "members": ["cleo"]}]},
        ['the group "Admins of sales" would gain "cleo"'],
    ),
    "a group of administrators is deleted": (
        {"groups": [{"display_name": ADMINS, "state": "absent"}], "max_removals": "100%"},
        [f'the group "{ADMINS}" would be deleted', f'the group "{ADMINS}" would lose "ann"', f'the group "{ADMINS}" would lose "bob"'],
    ),
    "an administrator is renamed": (
        {"users": [{"user_name": "zoe", "previously": ["admin@example.com"]}]},
        ['the user "admin@example.com" would be renamed to "zoe"'],
    ),
    "a user takes the name of an administrator": (
        {"users": [{"user_name": "admin2@example.com", "previously": ["cleo"]}]},
        ['the user "cleo" would be renamed to "admin2@example.com"'],
    ),
    "an administrator is deactivated": (
        {"users": [{"user_name": "admin@example.com", "active": False}]},
        ['the user "admin@example.com" would be deactivated'],
    ),
    "another name of a user has the word": ({"users": [{"user_name": "cleo", "display_name": "Cleo, administrator"}]}, []),
    "roles": (
        {
            "users": [
                {"user_name": "eve", "roles": [{"value": "tenant-admin"}], "entitlements": [{"value": "read"}]},
                {"user_name": "fay", "roles": [{"value": "viewer"}]},
                {"user_name": "gus", "entitlements": [{"value": "Administer"}]},
            ]
        },
        [
            'the user "eve" would gain the role "tenant-admin"',
            'the user "fay" would lose the role "admin"',
            'the user "gus" would gain the role "Administer"',
        ],
    ),
    "the role of an administrator only moves": ({"users": [{"user_name": "dan", "roles": [{"value": "admin"}]}]}, []),
}


def by_python(path: Path) -> list[str]:
    done = subprocess.run([sys.executable, POLICIES / "check_plan.py", path], capture_output=True, text=True, check=False)
    assert done.returncode == int(not done.stdout.startswith("accepted: ")), done
    return sorted(line.removeprefix(f"{path}: ") for line in done.stdout.splitlines() if done.returncode)


def by_opa(path: Path) -> list[str]:
    if OPA is None:
        pytest.skip("opa is not installed; see docs/development.md")
    command = [OPA, "eval", "--format", "json", "--input", path, "--data", POLICIES / "plan.rego", "data.main.deny"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    refused: list[str] = json.loads(done.stdout)["result"][0]["expressions"][0]["value"]
    return refused


@pytest.mark.parametrize("policy", [by_python, by_opa])
@pytest.mark.parametrize("case", PLANS)
def test_policies_of_the_examples(tmp_path: Path, policy: Callable[[Path], list[str]], case: str) -> None:
    keep, admins, expected = PLANS[case]
    planned(tmp_path / "plan.json", keep, admins)
    assert policy(tmp_path / "plan.json") == expected


@pytest.mark.parametrize("policy", [by_python, by_opa])
@pytest.mark.parametrize("case", RIGHTS)
def test_policies_see_who_gains_or_loses_the_rights_of_administrators(
    tmp_path: Path, policy: Callable[[Path], list[str]], case: str
) -> None:
    users = [person(name).body for name in ("ann", "bob", "cleo", "eve", "admin@example.com")]
    users += [
        person("dan", roles=[{"value": "viewer"}, {"value": "admin"}]).body,
        person("fay", roles=[{"value": "admin"}]).body,
    ]
    groups = [team("admins", "ann", "bob", displayName=ADMINS).body, team("interns", "cleo", displayName="Interns").body]
    declared, expected = RIGHTS[case]
    report_of(Simulated(users, groups), tmp_path / "plan.json", **declared)
    assert policy(tmp_path / "plan.json") == expected


@pytest.mark.parametrize("policy", [by_python, by_opa])
def test_policies_refuse_reports_without_values(tmp_path: Path, policy: Callable[[Path], list[str]]) -> None:
    provider = Simulated([person("kim").body])
    report_of(provider, tmp_path / "plan.json", users=[{"user_name": "kim", "title": "Lead"}], report_values="none")
    assert policy(tmp_path / "plan.json") == ["this policy needs the values of attributes, which report_values: none leaves out"]


@pytest.mark.parametrize("policy", [by_python, by_opa])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"version": 2}, "this policy reads version 1 of reports"),
        ({"plan_digest": None}, "the run ended before it had a plan"),
    ],
)
def test_policies_refuse_what_they_cannot_judge(tmp_path: Path, policy: Callable[[Path], list[str]], change: Body, expected: str) -> None:
    path = tmp_path / "plan.json"
    report = planned(path, PEOPLE, PEOPLE[:2])
    path.unlink()
    (tmp_path / "changed").write_text(json.dumps({**report, **change}))
    assert policy(tmp_path / "changed") == [expected]


@pytest.mark.skipif(OPA is None, reason="opa is not installed; see docs/development.md")
def test_the_policy_is_formatted() -> None:
    done = subprocess.run([OPA or "", "fmt", "--list", POLICIES / "plan.rego"], capture_output=True, text=True, check=True)
    assert done.stdout == ""
