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
    directory(provider, check=True, report=[str(path)], **{**given, **options})
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
    "an administrator leaves": (PEOPLE, PEOPLE[:1], [f'"bob" would be removed from the group "{ADMINS}"']),
}


def by_python(path: Path) -> list[str]:
    done = subprocess.run([sys.executable, POLICIES / "check_plan.py", path], capture_output=True, text=True, check=False)
    assert done.returncode == int(not done.stdout.startswith("accepted: ")), done
    return [line.removeprefix(f"{path}: ") for line in done.stdout.splitlines() if done.returncode]


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
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"version": 2}, "this policy reads version 1 of reports"),
        ({"plan_digest": None}, "the run ended before it had a plan"),
        ({"changes": [{"type": "Group", "name": "Admins", "action": "deleted", "leaves": []}]}, 'the group "Admins" would be deleted'),
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
