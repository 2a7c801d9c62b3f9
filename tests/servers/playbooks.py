# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real ``ansible-playbook`` runs for tests: with a home of their own, and nothing of the caller's environment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import yaml

from .proxy import RecordingProxy

CALLBACKS = Path(__file__).parent.parent / "integration" / "callback_plugins"
# What would connect a run to the machine it happens on. A bundle of authorities in the environment overrides requests' verify.
LEAKS = (
    "ANSIBLE_",
    "SCIM_",
    "GITHUB_ACTIONS",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
)
Body = dict[str, Any]
Playbook = list[Body] | Body | str | Path


class Proxied(Protocol):
    @property
    def proxy(self) -> RecordingProxy:
        """The proxy that records the requests."""


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    action: str
    host: str
    status: str
    ignored: bool
    result: Body


@dataclass(frozen=True, slots=True)
class Played:
    """What a run printed and what each of its tasks returned, in order."""

    rc: int
    stdout: str
    stderr: str
    tasks: tuple[Task, ...]

    @property
    def results(self) -> list[tuple[str, Body]]:
        return [(task.name, task.result) for task in self.tasks]

    @property
    def changed(self) -> bool:
        return any(task.result.get("changed") for task in self.tasks)

    @property
    def failed(self) -> bool:
        return any(task.status in ("failed", "unreachable") and not task.ignored for task in self.tasks)

    def result(self, name: str | int = -1) -> Body:
        """By the task's name (with or without its role's) or by position; the last one by default."""
        if isinstance(name, int):
            return self.tasks[name].result
        found = [task.result for task in self.tasks if name in (task.name, task.name.rpartition(" : ")[2])]
        if not found:
            raise LookupError(f"No task {name!r} ran; these did: {[task.name for task in self.tasks]}")
        return found[-1]

    def __str__(self) -> str:
        return f"rc {self.rc}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"


class Run:
    """Call it with a play (dict), plays (list), YAML text, the path of a playbook, or the name of a collection's playbook.

    ``python`` is the one that has the ansible-core to run (see ``servers.cores``).
    """

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self.folder = folder
        self.python = python
        self._numbers = count(1)
        for name in ("home", "local", "collections"):
            (folder / ".run" / name).mkdir(parents=True, exist_ok=True)
        (folder / ".run" / "ansible.cfg").touch()

    def __call__(
        self,
        playbook: Playbook,
        *,
        check: bool = False,
        diff: bool = False,
        verbosity: int = 0,
        env: Mapping[str, str] | None = None,
        extra_vars: Mapping[str, Any] | None = None,
        arguments: tuple[str, ...] = (),
        expect_rc: int | None = 0,
    ) -> Played:
        """``expect_rc=None`` takes any exit code; ``arguments`` go to ansible-playbook as they are."""
        number = next(self._numbers)
        kept = self.folder / ".run" / f"results-{number}.jsonl"
        command = [self.python, "-m", "ansible", "playbook", *self._options(number, check, diff, verbosity, extra_vars), *arguments]
        done = subprocess.run(
            [*command, self._written(number, playbook)],
            cwd=self.folder,
            env={**self._environment(kept), **(env or {})},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=300,
        )
        played = Played(done.returncode, done.stdout, done.stderr, tuple(_read(kept)))
        assert expect_rc is None or played.rc == expect_rc, f"Expected the exit code {expect_rc}:\n{played}"
        return played

    def task(self, action: str, options: Mapping[str, Any] | None = None, *, play: Mapping[str, Any] | None = None,
             keywords: Mapping[str, Any] | None = None, **run: Any) -> Played:  # fmt: skip
        """One task on the implicit localhost. ``play`` and ``keywords`` are laid over the play and the task, the rest is as above."""
        return self(self.play({"name": action, action: dict(options or {}), **(keywords or {})}, **(play or {})), **run)

    @staticmethod
    def play(*tasks: Body, **keywords: Any) -> Body:
        """A play of these tasks on localhost with its own Python."""
        own = {"hosts": "localhost", "connection": "local", "gather_facts": False}
        interpreter = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        return {**own, **keywords, "vars": {**interpreter, **keywords.get("vars", {})}, "tasks": list(tasks)}

    def converges(self, playbook: Playbook, server: Proxied, **options: Any) -> tuple[Played, Played, Played]:
        """Check mode writes nothing and foretells; the run does it; a second run changes nothing."""
        with read_only(server.proxy):
            checked = self(playbook, check=True, **options)
        ran = self(playbook, **options)
        again = self(playbook, **options)
        assert checked.changed == ran.changed, f"Check mode said changed={checked.changed}, the run {ran.changed}:\n{checked}\n{ran}"
        assert not again.changed, f"The second run still changes something:\n{[task for task in again.tasks if task.result.get('changed')]}"
        return checked, ran, again

    def kill(self) -> None:
        """SIGKILL each ``ansible-playbook`` of this folder, and not its workers, which have sessions of their own."""
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                environment, arguments = (path / "environ").read_bytes(), (path / "cmdline").read_bytes().split(b"\0")
                if str(self.folder).encode() in environment and b"playbook" in arguments:
                    found[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        for process, parent in found.items():
            if parent not in found:
                os.kill(process, signal.SIGKILL)

    def _options(self, number: int, check: bool, diff: bool, verbosity: int, extra_vars: Mapping[str, Any] | None) -> list[str]:
        options = ["--check"] * check + ["--diff"] * diff + ["-" + "v" * verbosity] * bool(verbosity)
        if extra_vars:
            path = self.folder / ".run" / f"extra-vars-{number}.json"
            path.write_text(json.dumps(extra_vars))
            options += ["--extra-vars", f"@{path}"]
        return options

    def _written(self, number: int, playbook: Playbook) -> str:
        if isinstance(playbook, Path) or (isinstance(playbook, str) and "\n" not in playbook):
            return str(playbook)
        plays = [playbook] if isinstance(playbook, dict) else playbook
        path = self.folder / f"playbook-{number}.yml"
        path.write_text(plays if isinstance(plays, str) else yaml.safe_dump(plays, sort_keys=False, allow_unicode=True))
        return str(path)

    def _environment(self, kept: Path) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith(LEAKS)}
        own = self.folder / ".run"
        return {
            **inherited,
            "HOME": str(own / "home"),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_CONFIG": str(own / "ansible.cfg"),
            "ANSIBLE_HOME": str(own / "home"),
            "ANSIBLE_ASYNC_DIR": str(own / "async"),  # two of its parts take different homes for the user's
            "ANSIBLE_LOCAL_TEMP": str(own / "local"),
            "ANSIBLE_COLLECTIONS_PATH": str(own / "collections"),
            "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
            "ANSIBLE_CALLBACKS_ENABLED": "kept_results",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "KEPT_RESULTS": str(kept),
        }


@contextmanager
def read_only(proxy: RecordingProxy) -> Iterator[None]:
    """Inside, the proxy refuses writes; afterwards, that there was one fails the test."""
    proxy.read_only, before = True, len(proxy.violations)
    try:
        yield
    finally:
        proxy.read_only = False
        written = [str(exchange) for exchange in proxy.violations[before:]]
        assert not written, f"Something was written where nothing may be: {written}"


def _read(kept: Path) -> Iterator[Task]:
    if kept.exists():
        for line in kept.read_text().splitlines():
            yield Task(**json.loads(line))
