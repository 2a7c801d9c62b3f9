# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at once on one tenant: one of them writes at a time, and nothing is made twice. ``PAIRS`` tries it more often."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from servers.directories import group, names, people, users_of
from servers.faults import Rule, When, delay
from servers.playbooks import Played, Run
from servers.tables import PIPELINING

PAIRS = int(os.environ.get("PAIRS", "2"))
GROUPS = [f"Team {number}" for number in range(6)]


def group_names(provider: Any) -> Counter[str]:
    """How often there is a group of each name."""
    return Counter(found["displayName"] for found in provider.direct.list_all("/Groups"))


def together(*runs: Any) -> list[Played]:
    """What runs did that began at once."""
    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(lambda run: run(), runs))


@pytest.mark.parametrize("pair", range(PAIRS))
def test_two_playbooks_make_nothing_twice(tmp_path: Path, rfc: Any, pair: int) -> None:
    options = {
        "url": rfc.url,
        "token": rfc.token,
        "bulk": "never",
        "users": people(*range(4)),
        "groups": [group(name, *names(*range(4))) for name in GROUPS],
    }
    rfc.proxy.rules.append(Rule("far away", When("GET POST"), delay(0.05)))
    first, second = (Run(tmp_path / name) for name in ("first", "second"))
    played = together(*(lambda run=run: run.task("identity.scim.directory", options, env=PIPELINING) for run in (first, second)))
    assert sorted(each.changed for each in played) == [False, True]
    assert group_names(rfc) == dict.fromkeys(GROUPS, 1)
    assert sorted(users_of(rfc.direct)) == names(*range(4))
    rfc.proxy.clear()
    assert not first.task("identity.scim.directory", options, env=PIPELINING).changed
    assert not rfc.proxy.writes


def test_a_group_that_another_machine_creates_meanwhile_is_taken_over(run: Run, rfc: Any) -> None:
    """No lock reaches another machine."""
    created: list[Any] = []

    def second(request: Any, forward: Any) -> Any:
        if not created:
            created.append(rfc.direct.add_group(GROUPS[0]))
        return forward(request)

    rfc.proxy.rules.append(Rule("another machine", When("POST", "/Users"), second))
    options = {"url": rfc.url, "token": rfc.token, "users": people(1), "groups": [group(name, *names(1)) for name in GROUPS[:2]]}
    played = run.task("identity.scim.directory", options, env=PIPELINING)
    assert group_names(rfc) == dict.fromkeys(GROUPS[:2], 1)
    counts = played.result()["summary"]["groups"]
    assert (counts["created"], counts["updated"], counts["failed"]) == (1, 1, 0)
    assert not run.task("identity.scim.directory", options, env=PIPELINING).changed


def test_hosts_and_forks_make_nothing_twice(run: Run, rfc: Any) -> None:
    """Eight hosts of an inventory and the items of a loop, on one tenant."""
    rfc.proxy.rules.append(Rule("far away", When("GET POST"), delay(0.05)))
    common = {"url": rfc.url, "token": rfc.token}
    play = run.play(
        {"identity.scim.group": {**common, "display_name": "{{ item }}"}, "loop": GROUPS[:2]},
        {"identity.scim.user": {**common, "user_name": "kim@example.com"}},
        hosts="all",
    )
    hosts = ",".join(f"host{number}" for number in range(4))
    played = run(play, env=PIPELINING, arguments=("-i", f"{hosts},", "--forks", "4"))
    assert group_names(rfc) == dict.fromkeys(GROUPS[:2], 1)
    assert users_of(rfc.direct).keys() == {"kim@example.com"}
    made = [task for task in played.tasks if task.action.endswith("user") and task.result["changed"]]
    assert len(made) == 1


def test_a_run_that_may_not_wait_says_who_writes(tmp_path: Path, rfc: Any) -> None:
    """Check mode waits for nobody."""
    common: dict[str, Any] = {"url": rfc.url, "token": rfc.token}
    slow, quick = Run(tmp_path / "slow"), Run(tmp_path / "quick")
    seen: list[Played] = []

    def second(request: Any, forward: Any) -> Any:
        if not seen:
            options = {**common, "users": people(7), "lock_timeout": 0}
            seen.append(quick.task("identity.scim.directory", options, env=PIPELINING, check=True))
            seen.append(quick.task("identity.scim.directory", options, env=PIPELINING, expect_rc=2))
        return forward(request)

    rfc.proxy.rules.append(Rule("another run begins", When("POST", "/Users"), second))
    assert slow.task("identity.scim.directory", {**common, "users": people(1), "timeout": 120}, env=PIPELINING).changed
    checked, refused = seen
    assert checked.changed
    message = refused.result()["msg"]
    assert f"Another run on this machine is writing to {rfc.url}: process " in message
    assert "waited 0 s (lock_timeout) and wrote nothing" in message
    assert sorted(users_of(rfc.direct)) == names(1)
