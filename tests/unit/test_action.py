# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module in Ansible's own process: what it prints, how it ends, and that it leaves the process as it was."""

from __future__ import annotations

import json
import locale
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils import basic

from ansible_collections.identity.scim.plugins.action import directory as action
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Interrupted
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from servers.serving import Answer, Request, Server

ROOT = Path(__file__).resolve().parents[2]
SECRET = "correct/horse+battery"


def ran(main: Callable[[action.AnsibleProcess], None], folder: Path, **arguments: Any) -> dict[str, Any]:
    with action.unchanged_process(str(folder), {"SCIM_TEST": "set"}):
        return action.AnsibleProcess("localhost").output_of(main, arguments)


def state() -> dict[str, Any]:
    """What a process has only once."""
    umask = os.umask(0o77)
    os.umask(umask)
    handlers = [signal.getsignal(number) for number in (*action.ENDINGS, signal.SIGHUP, signal.SIGPIPE)]
    return {
        "environment": dict(os.environ), "folder": Path.cwd(), "umask": umask, "locale": locale.setlocale(locale.LC_ALL),
        "handlers": handlers, "stdout": sys.stdout, "stderr": sys.stderr, "loggers": list(logging.root.handlers),
        "threads": threading.active_count(), "arguments": basic._ANSIBLE_ARGS,
    }  # fmt: skip


def test_every_module_can_run_in_it() -> None:
    names = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text("utf-8"))["action_groups"]["scim"]
    assert sorted(action.MODULES) == sorted(names)


def test_it_is_loaded_before_workers_are_forked() -> None:
    """The strategies ask for a plugin of the task's name. If they found none, each worker would import the engine again."""
    code = f"""
from ansible.plugins.loader import action_loader, init_plugin_loader
init_plugin_loader()
print({{action_loader.get("identity.scim." + name, class_only=True).__module__ for name in {sorted(action.MODULES)}}})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == str({action.__name__})


@pytest.mark.parametrize("name", sorted(action.MODULES))
def test_a_module_leaves_the_process_as_it_was(name: str, tmp_path: Path) -> None:
    """Also one that fails: nothing is given, or something unknown is."""
    before = state()
    for arguments in ({}, {"nothing": SECRET}):
        printed = ran(action.MODULES[name], tmp_path, **arguments, _ansible_remote_tmp=str(tmp_path), _ansible_keep_remote_files=False)
        result = json.loads(printed["stdout"])
        assert printed["rc"] == 0, printed
        assert isinstance(result, dict)
        assert SECRET not in printed["stdout"]
    assert state() == before


def test_what_a_main_changes_is_undone(tmp_path: Path) -> None:
    def main(_process: action.AnsibleProcess) -> None:
        assert (Path.cwd(), os.environ["SCIM_TEST"]) == (tmp_path, "set")
        os.environ.update(LANG="xx", SCIM_TEST="other")
        del os.environ["PATH"]
        os.chdir("/")
        locale.setlocale(locale.LC_ALL, "C")
        print('{"changed": false}')
        sys.exit(3)

    before = state()
    assert ran(main, tmp_path) == {"stdout": '{"changed": false}\n', "stderr": "", "rc": 0}
    assert state() == before


def test_an_exception_that_a_module_does_not_handle_is_in_its_errors(tmp_path: Path) -> None:
    def main(_process: action.AnsibleProcess) -> None:
        raise MemoryError("too much")

    before = state()
    printed = ran(main, tmp_path)
    assert printed["rc"] == 1
    assert "MemoryError: too much" in printed["stderr"]
    assert state() == before


class ReceivedError(BaseException):
    """What the handler of a task's timeout raises."""


@contextmanager
def handled(number: int) -> Iterator[None]:
    """Handle a signal as Ansible does: with an exception in the main thread."""

    def received(_number: int, _frame: object) -> None:
        raise ReceivedError

    before = signal.signal(number, received)
    try:
        yield
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("number", sorted(action.ENDINGS), ids=lambda number: signal.Signals(number).name)
def test_a_signal_is_handled_when_the_write_that_was_begun_has_ended(number: int, tmp_path: Path) -> None:
    ended: list[str] = []

    def main(process: action.AnsibleProcess) -> None:
        pacing = Pacing()
        process.end_between_writes(pacing)
        os.kill(os.getpid(), number)
        time.sleep(0.3)  # a write, and its line in the audit log
        ended.append("written")
        try:
            pacing.check()
        except Interrupted as interrupted:
            ended.append(str(interrupted))

    with handled(number), pytest.raises(ReceivedError):
        ran(main, tmp_path)
    assert ended == ["written", action.ENDINGS[signal.Signals(number)]]


# The options with which each module that sends requests would send more than one, or write.
SENDING: dict[str, dict[str, Any]] = {
    "directory": {"users": [{"user_name": "kim"}, {"user_name": "ada"}], "groups": [{"display_name": "All", "members": ["kim"]}]},
    "directory_info": {"dest": "export.yml"},
    "explain_info": {"users": [{"user_name": "kim", "groups": ["All"]}], "groups": [{"display_name": "All"}], "user": "kim"},
    "group": {"display_name": "All", "members": ["kim"]},
    "group_info": {},
    "provider_info": {},
    "user": {"user_name": "kim", "groups": ["All"]},
    "user_info": {},
}


def test_every_module_that_sends_requests_is_listed() -> None:
    assert SENDING.keys() == action.MODULES.keys() - {"audit_log_info", "validate"}


@pytest.mark.parametrize("name", sorted(SENDING))
@pytest.mark.parametrize("number", sorted(action.ENDINGS), ids=lambda number: signal.Signals(number).name)
def test_no_module_sends_more_after_a_signal(name: str, number: int, tmp_path: Path) -> None:
    """It comes while the first request is answered with the first of several pages."""
    sent: list[str] = []

    def answer(request: Request) -> Answer:
        sent.append(f"{request.method} {request.target}")
        os.kill(os.getpid(), number)
        time.sleep(0.2)  # until it is handled
        first = {"id": "1", "userName": "lee", "displayName": "Team"}
        return Answer.of_json(200, {"totalResults": 9, "itemsPerPage": 1, "startIndex": 1, "Resources": [first]})

    with Server(answer) as server, handled(number), pytest.raises(ReceivedError):
        ran(action.MODULES[name], tmp_path, url=server.origin, token=SECRET, **SENDING[name])
    assert len(sent) == 1
