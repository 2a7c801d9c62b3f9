# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tenants as the hosts of one inventory: with ``forks``, and as ansible-runner, and so AWX, runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ansible_runner
import pytest
import yaml

from servers.playbooks import LEAKS, Run
from servers.tenants import Tenants

COUNT = 20
USERS = 4
SHARE = 0.8  # of the time at the rate: on a busy machine, the first request takes longer on its way than the last
PLAY = Run.play(
    {
        "name": "apply",
        "identity.scim.directory": {
            "url": "{{ scim_url }}",
            "token": "{{ scim_token }}",
            "rate_limit": "{{ scim_rate_limit }}",
            "bulk": "never",
            "users": [{"user_name": f"user{number}@{{{{ inventory_hostname }}}}.example.com"} for number in range(USERS)],
        },
    },
    hosts="all",
)


@pytest.fixture
def tenants() -> Iterator[Tenants]:
    with Tenants(COUNT) as server:
        yield server


def rate(number: int) -> int:
    """Requests a minute of a tenant: of each another."""
    return 60 + 6 * number


def inventory(server: Tenants) -> Mapping[str, Any]:
    hosts = {
        name: {"scim_url": server.base_url(name), "scim_token": tenant.token, "scim_rate_limit": rate(number)}
        for number, (name, tenant) in enumerate(server.tenants.items())
    }
    return {"all": {"hosts": hosts}}


def check_tenants(server: Tenants) -> None:
    """Each tenant has its own users, by its own token, at its own rate."""
    for number, (name, tenant) in enumerate(server.tenants.items()):
        assert sorted(str(user["userName"]) for user in tenant.users.values()) == [
            f"user{each}@{name}.example.com" for each in range(USERS)
        ]
        assert tenant.strangers == [], name
        assert sum(tenant.gaps) >= SHARE * len(tenant.gaps) * 60 / rate(number), name


def test_twenty_tenants_at_once_each_at_its_own_rate(tenants: Tenants, run: Run) -> None:
    (run.folder / "inventory.yml").write_text(yaml.safe_dump(inventory(tenants)))
    arguments = ("--inventory", "inventory.yml", "--forks", str(COUNT))
    played = run(PLAY, arguments=arguments)
    assert {task.host: task.result["summary"]["users"]["created"] for task in played.tasks} == dict.fromkeys(tenants.tenants, USERS)
    check_tenants(tenants)
    first, last = min(tenant.times[0] for tenant in tenants.tenants.values()), max(tenant.times[-1] for tenant in tenants.tenants.values())
    one_by_one = sum(sum(tenant.gaps) for tenant in tenants.tenants.values())
    assert last - first < one_by_one, "tenants do not wait for each other"
    sent = {name: len(tenant.times) for name, tenant in tenants.tenants.items()}
    again = run(PLAY, arguments=arguments)
    assert not again.changed
    assert {name: len(tenant.times) - sent[name] for name, tenant in tenants.tenants.items()} == dict.fromkeys(tenants.tenants, 1)


def private_data(folder: Path, server: Tenants) -> Path:
    """The folder that ansible-runner is given."""
    for name, content in (
        ("project/apply.yml", yaml.safe_dump([PLAY])),
        ("inventory/hosts.yml", yaml.safe_dump(inventory(server))),
        ("env/cmdline", f"--forks {COUNT}"),
        ("env/envvars", json.dumps({"ANSIBLE_HOME": str(folder / "home"), "ANSIBLE_NOCOLOR": "true"})),
    ):
        path = folder / "runner" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder / "runner"


def with_tools(folder: Path) -> dict[str, str]:
    """An environment in which ansible-runner finds this Python's ansible-playbook."""
    inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith(LEAKS)}
    return {**inherited, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}


def check_events(results: Mapping[str, Any], server: Tenants) -> None:
    """Each tenant's result reached the client, and no token did."""
    assert {name: found["summary"]["users"]["created"] for name, found in results.items()} == dict.fromkeys(server.tenants, USERS)
    text = json.dumps(results)
    assert not [tenant.token for tenant in server.tenants.values() if tenant.token in text]


def test_ansible_runner_as_a_client(tenants: Tenants, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in with_tools(tmp_path).items():
        monkeypatch.setenv(name, value)
    runner = ansible_runner.run(private_data_dir=str(private_data(tmp_path, tenants)), playbook="apply.yml", quiet=True)
    assert (runner.status, runner.rc) == ("successful", 0), runner.stdout.read()
    events = [event["event_data"] for event in runner.events if event["event"] == "runner_on_ok"]
    check_events({event["host"]: event["res"] for event in events if event["task"] == "apply"}, tenants)
    check_tenants(tenants)


def test_ansible_runner_in_its_three_stages(tenants: Tenants, tmp_path: Path) -> None:
    """AWX sends a job to an execution node in this way: packed here, run elsewhere, its events read here."""

    def stage(*arguments: str, given: bytes = b"") -> bytes:
        command = [sys.executable, "-m", "ansible_runner", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, env=with_tools(tmp_path), check=False, timeout=300)
        assert done.returncode == 0, (arguments, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    sent = stage("transmit", str(private_data(tmp_path, tenants)), "--playbook", "apply.yml")
    returned = stage("worker", "--private-data-dir", str(tmp_path / "node"), given=sent)
    stage("process", str(tmp_path / "back"), given=returned)
    events = [json.loads(path.read_text()) for path in (tmp_path / "back").rglob("job_events/*.json")]
    found = [event["event_data"] for event in events if event["event"] == "runner_on_ok"]
    check_events({event["host"]: event["res"] for event in found if event["task"] == "apply"}, tenants)
    check_tenants(tenants)
