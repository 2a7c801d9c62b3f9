# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that do not end well, or not soon: failures of a few, a stop, a signal, a time limit; progress, and secrets in no output.

``KILLS`` tries SIGKILL more often.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from servers.directories import file, group, members_of, name, names, people, person, row, users_of
from servers.faults import Rule, When, delay, reply, scim_error
from servers.playbooks import Run
from servers.serving import Answer, Handler, Request
from servers.tables import PIPELINING, Table, of

KILLS = int(os.environ.get("KILLS", "1"))
PASSWORD = "correct/horse+battery staple"


def is_for(*numbers: int) -> Any:
    wanted = {name(number) for number in numbers}
    return lambda request: bool(request.json) and request.json.get("userName") in wanted


def test_failures_do_not_stop_the_others(run: Run, rfc: Any) -> None:
    """The task fails in the end, changed, with the provider's words; the next run does exactly what is left."""
    plan: dict[str, Any] = {"users": people(*range(8)), "groups": [group("Team", *names(*range(8)))], "bulk": "never"}
    busy = scim_error(400, "The sky is falling.", "invalidValue")
    rfc.proxy.rules.append(Rule("two are refused", When("POST", "/Users", nth=range(1, 3), where=is_for(2, 5)), reply(400, busy)))
    seen = Table(run, rfc)({
        "first": row(**plan, error=rf"(?s)7 of 9 changes.*{name(2)}.*The sky is falling"),
        "second": row(**plan),
        "third": row(**plan),
    }, as_expected=False)  # fmt: skip
    first = seen["first"].result
    assert seen["first"].failed
    assert first["changed"]
    assert {failure["name"] for failure in first["failures"]} >= set(names(2, 5))
    assert first["summary"]["users"]["created"] == 6
    assert "The sky is falling." in first["msg"]
    assert {change["name"] for change in seen["second"].result["changes"]} == {*names(2, 5), "Team"}
    assert len(seen["second"].writes) == 3
    assert not seen["third"].writes
    assert members_of(rfc.direct) == {"Team": names(*range(8))}


def test_on_error_stop_and_a_credential_that_may_not_write(run: Run, rfc: Any) -> None:
    rfc.proxy.rules += [
        Rule("the second is refused", When("POST", "/Users", where=lambda r: of("stop")(r) and is_for(1)(r)), reply(400)),
        Rule("read-only", When("POST PATCH", where=of("forbidden")), reply(403)),
        Rule("revoked", When("POST", where=of("revoked"), nth=range(3, 100)), reply(401)),
    ]
    common: dict[str, Any] = {"bulk": "never", "concurrency": 1}
    seen = Table(run, rfc)({
        "forbidden": row(users=people(*range(20, 30)), **common, error="(?s)0 of 10.*403: no users may be created"),
        "stop": row(users=people(*range(10)), on_error="stop", **common, error="(?s)1 of 10.*on_error is stop"),
        "revoked": row(users=people(*range(40, 60)), **common, error="(?s)2 of 20.*401"),
    })  # fmt: skip
    assert len(seen["forbidden"].writes) == 3
    assert len(seen["stop"].writes) == 2
    assert len(seen["revoked"].writes) <= 4
    assert sorted(users_of(rfc.direct)) == names(0, 40, 41)


def interrupted_at(count: int, what: Any, seconds: float = 0.2) -> Any:
    """An effect that does something at the write of that number, once. Each write takes some ``seconds``."""
    lock, seen = threading.Lock(), 0

    def effect(request: Request, forward: Handler) -> Answer:
        nonlocal seen
        with lock:
            seen += 1
            now = seen == count
        if now:
            what()
        time.sleep(seconds)
        return forward(request)

    return effect


def settled(count: Callable[[], int]) -> int:
    """A count that has stayed the same for longer than ten writes take."""
    while (before := count()) != (time.sleep(2), count())[1]:
        pass
    return before


def stopped_by(run: Run, number: int, modules_only: bool) -> None:
    """Send a signal to the module, or as a terminal and the kernel's killer do, to all of the run's processes."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            environment = (path / "environ").read_bytes()
            arguments = (path / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        is_module = len(arguments) == 2  # one that came through a pipe: Python alone
        if str(run.folder).encode() in environment and (is_module or not modules_only):
            with suppress(ProcessLookupError):
                os.kill(int(path.name), number)


@pytest.mark.parametrize("kill", range(KILLS))
@pytest.mark.parametrize(
    ("environment", "direct"), [({}, True), (PIPELINING, False), ({}, False)], ids=["in Ansible's process", "pipelining", "files"]
)
def test_it_ends_between_two_writes_when_ansible_playbook_is_killed(
    run: Run, rfc: Any, tmp_path: Path, environment: Any, direct: bool, kill: int
) -> None:
    """What Ansible started for the task is not killed with it, and would go on with nobody to tell of it."""
    audit = tmp_path / "audit.jsonl"
    plan = {"users": people(*range(60)), "bulk": "never", "concurrency": 1, "audit_log": str(audit)}

    rfc.proxy.rules.append(Rule("slow", When("POST", "/Users"), interrupted_at(6, run.kill)))
    table = Table(run, rfc)
    played = run(table.play({"ended": row(**plan)}), env=environment, extra_vars={"scim_direct": direct}, expect_rc=None)
    assert played.rc == -signal.SIGKILL
    made = settled(lambda: len(users_of(rfc.direct)))
    assert 5 < made < 20, "At most a second of writes after the kill"
    logged = {line["name"] for line in map(json.loads, audit.read_text(encoding="utf-8").splitlines())}
    assert logged == set(users_of(rfc.direct))
    rfc.proxy.rules.clear()
    seen = table({"the rest": row(**plan), "nothing": row(**plan)})
    assert len(seen["the rest"].writes) == 60 - made
    assert not seen["nothing"].writes


@pytest.mark.parametrize(("how", "direct"), [*product(["timeout", "SIGTERM", "SIGINT", *["SIGKILL"] * KILLS], [True, False])], ids=str)
def test_it_ends_between_two_writes(run: Run, rfc: Any, tmp_path: Path, how: str, direct: bool) -> None:
    """What was begun is finished, nothing more is begun, the audit log tells it, and the next run does the rest."""
    audit = tmp_path / "audit.jsonl"
    plan = {"users": people(*range(60)), "bulk": "never", "concurrency": 1, "audit_log": str(audit)}
    to_module = how == "SIGTERM" and not direct
    stop = (lambda: None) if how == "timeout" else lambda: stopped_by(run, getattr(signal, how), to_module)
    # Writes take longer than the time limit, which is long enough for a busy machine to begin with them.
    rfc.proxy.rules.append(Rule("slow", When("POST", "/Users"), interrupted_at(6, stop, 1 if how == "timeout" else 0.2)))
    keywords = {"timeout": 20} if how == "timeout" else {}
    table = Table(run, rfc)
    play, rc = table.play({"ended": row(**plan, task=keywords)}), None if how.startswith("SIG") else 0
    played = run(play, env=PIPELINING, extra_vars={"scim_direct": direct}, expect_rc=rc)
    if how == "timeout" or to_module:
        assert played.tasks[0].status == "failed"
    if to_module:
        assert "SIGTERM" in played.result()["msg"]
        assert played.result()["summary"]["users"]["created"] == len(users_of(rfc.direct))
    made = settled(lambda: len(users_of(rfc.direct)))
    assert 0 < made < 60, f"Nobody goes on writing when nobody waits: {played}"
    logged = [json.loads(line) for line in audit.read_text(encoding="utf-8").splitlines()]
    there = set(users_of(rfc.direct))
    assert {line["name"] for line in logged if line["status"] == "done"} <= there
    untold = there - {line["name"] for line in logged}
    assert len(untold) <= (how == "SIGKILL"), "Only what kills at once leaves a write untold"
    rfc.proxy.rules.clear()
    seen = table({"the rest": row(**plan), "nothing": row(**plan)})
    assert len(seen["the rest"].writes) == 60 - made
    assert not seen["nothing"].writes
    assert len(audit.read_text(encoding="utf-8").splitlines()) == len(logged) + 60 - made


def test_a_time_limit(run: Run, rfc: Any) -> None:
    rfc.proxy.rules.append(Rule("slow", When("POST", "/Users", where=of("short")), delay(0.3)))
    plan = {"users": people(*range(40)), "bulk": "never", "concurrency": 1}
    seen = Table(run, rfc)({"short": row(**plan, max_duration=5, error="max_duration"), "the rest": row(**plan)})
    done = len(seen["short"].writes)
    assert 0 < done < 40
    assert len(seen["the rest"].writes) == 40 - done


def test_progress(run: Run, rfc: Any, tmp_path: Path) -> None:
    """Lines on stderr with the host's name, where a run is not over soon; nothing where it is, and nothing on stdout."""
    rfc.proxy.rules.append(Rule("slow", When("POST", "/Users"), delay(0.2)))
    src = [file(tmp_path / "slow.yml", users=people(*range(25)))]
    task = {"name": "slow", "identity.scim.directory": {**rfc.connection, "src": src, "bulk": "never", "concurrency": 1}}
    inventory = file(tmp_path / "inventory.yml", "all: {hosts: {tenant-a: {ansible_connection: local}}}\n")
    played = run(run.play(task, hosts="tenant-a"), arguments=("-i", inventory))
    lines = [line for line in played.stderr.splitlines() if line.startswith("tenant-a: ")]
    assert lines
    assert all(" of 25 changes (" in line and "/s" in line and "left" in line for line in lines[:-1])
    assert " of 25 changes" not in played.stdout
    again = run(run.play(task, hosts="tenant-a"), arguments=("-i", inventory))
    assert "tenant-a: " not in again.stderr


@pytest.mark.parametrize("verbosity", [4])
def test_passwords_are_in_no_output(run: Run, rfc: Any, tmp_path: Path, verbosity: int) -> None:
    """From files and inline; told to be set; refused by a provider that repeats them."""
    src = [file(tmp_path / "secret.yml", users=[person(1, password=PASSWORD)])]
    echo = scim_error(400, f"{PASSWORD} is too weak for {rfc.token}.")
    rfc.proxy.rules.append(Rule("the provider repeats it", When("POST", where=is_for(3, 4)), reply(400, echo)))
    secret = "{{ secret }}"  # ansible-core shows the lines of the playbook around a task that fails
    told = file(tmp_path / "told.yml", users=[person(4, password=PASSWORD)])
    rows = {
        "from a file": row(src=src),
        "inline": row(users=[person(2, password=secret)]),
        "refused": row(users=[person(3, password=secret)], error="too weak"),
        "refused, from a file": row(src=[told], error="too weak"),
        "a mistake beside it": row(users=[person(5, password=secret, locale="nowhere at all")], error="locale"),
        "in bulk": row(users=[*people(*range(10, 21)), person(21, password=secret)], bulk="always"),
        "too short": row(users=[person(6, password="p4ss")], error="too short"),
    }
    table = Table(run, rfc)
    seen = table(rows, diff=True, verbosity=verbosity, extra_vars={"secret": PASSWORD})
    assert seen["from a file"].writes[0].body["password"] == PASSWORD
    assert seen["from a file"].result["changes"][0]["secrets"] == ["password"]
    assert seen["in bulk"].writes[0].body["Operations"][-1]["data"]["password"] == PASSWORD
    played = table.played
    assert played is not None
    output = f"{played.stdout}{played.stderr}{played.results}"
    for secret in (PASSWORD, rfc.token):
        assert secret not in output
    again = table({"again": row(src=src), "inline again": row(users=[person(2, password=secret)])}, extra_vars={"secret": PASSWORD})
    assert not any(one.writes for one in again.values()), "Passwords are sent on creation only"
