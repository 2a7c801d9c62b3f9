# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole run of ``identity.scim.directory``: from a task's parameters to its result, in this process, through the collection's own client.

Replaced are the socket, the clock, and threads, of which a run with ``concurrency: 1`` has one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from unittest import mock

import requests

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.run import Run
from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as command
from ansible_collections.identity.scim.plugins.module_utils._engine.commands import policy, reconcile
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.module import client_for
from ansible_collections.identity.scim.plugins.module_utils._engine.options.connection import CONNECTION
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http import pool, wire
from ansible_collections.identity.scim.tests.simulation.faults import Killed
from ansible_collections.identity.scim.tests.simulation.network import Network
from ansible_collections.identity.scim.tests.simulation.store import State, state_of

URL = "https://simulated.example/scim"
TOKEN = "bearer-token-of-the-simulation"
DEFAULTS = {name: option.get("default") for name, option in {**CONNECTION, **options()}.items()}
CONNECTED = {"url": URL, "token": TOKEN, "provider": "rfc"}


@dataclass
class Ran:
    """What a run did. ``plan`` is the one that the guard let pass, ``passed`` how many requests were sent until then, -1 if none was.

    ``outcomes`` are the last ones of each change; none if the process was killed. ``sees_members``: the provider shows members, and no
    option of the task says that it does not.
    """

    network: Network
    check: bool
    before: State
    after: State
    result: dict[str, Any] = field(default_factory=dict)
    error: ScimError | None = None
    killed: bool = False
    plan: Plan | None = None
    passed: int = -1
    outcomes: Sequence[Outcome] = ()
    sees_members: bool = True
    output: str = ""
    audit: list[dict[str, Any]] | None = None

    @property
    def failed(self) -> bool:
        """Whether the task failed or was killed."""
        return self.killed or self.error is not None or bool(self.result.get("failed"))

    @property
    def message(self) -> str:
        """What the task failed with."""
        return str(self.error or self.result.get("msg") or ("killed" if self.killed else ""))

    @property
    def wrote(self) -> bool:
        """Whether it sent a write, however that ended."""
        return any(exchange.writes for exchange in self.network.exchanges)

    @property
    def only_creates(self) -> bool:
        """Whether all writes that it sent are creations."""
        writes = (exchange for exchange in self.network.exchanges if exchange.writes)
        return all(method == "POST" for exchange in writes for method, _path in exchange.operations)

    def trace(self) -> str:
        """Its requests and its result, as text for people."""
        mode = "check mode" if self.check else "run"
        faults = self.network.faults
        return "\n".join([f"-- {mode}, {faults}", *map(str, self.network.exchanges), f"   => {self.message or 'ok'}"])


class OneThread:
    """Replaces ``ThreadPoolExecutor``, and calls each function at once."""

    def __init__(self, _width: int) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def shutdown(self, **_how: Any) -> None:
        """Nothing is pending."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except BaseException as error:  # as a thread does
            future.set_exception(error)
        return future

    def map(self, function: Callable[..., Any], items: Iterable[Any]) -> Iterator[Any]:
        return iter([self.submit(function, item).result() for item in items])


def run(
    network: Network,
    parameters: Mapping[str, Any],
    check: bool = False,
    folder: Path | None = None,
    reports: Iterable[str] = (),
    parsed: list[Declaration] | None = None,
) -> Ran:
    """Run the module once. With a ``folder``, its audit log and the ``reports`` (suffixes) are in it while it runs.

    ``parsed`` keeps the declaration for further runs with the same: parsing takes a third of a run's time, and always returns the same.
    """
    provider = network.provider
    ran = Ran(network, check, state_of(provider), {})
    given = {**DEFAULTS, **CONNECTED, **parameters}
    known = given["provider_options"] or {}
    ran.sees_members = provider.habits.shows_members and known.get("members_readable") is not False
    log = folder / "audit.log" if folder else None
    paths = [folder / f"report{suffix}" for suffix in reports] if folder else []
    given |= {"audit_log": str(log) if log else None, "report": [*map(str, paths)]}
    lines: list[str] = []
    with _simulated(ran, parsed):
        try:
            client, _pacing = client_for(given, network.clock, network.clock.sleep)
            ran.result = command.directory(Task(given, client, check, lines.append))
        except ScimError as error:
            ran.error = error
        except Killed:
            ran.killed = True
    ran.after = state_of(provider)
    texts = [path.read_text("utf-8") for path in (log, *paths) if path and path.exists()]
    if log and not check:
        ran.audit = [json.loads(line) for line in texts[0].splitlines()] if log.exists() else []
        log.unlink(missing_ok=True)
    ran.output = "\n".join([*texts, *lines, str(ran.error or ""), json.dumps(ran.result)])
    return ran


@contextmanager
def _simulated(ran: Ran, parsed: list[Declaration] | None) -> Iterator[None]:
    """Replace the socket, the calendar and the threads, and record when the guard has accepted the plan."""
    guard, parse, apply_plan = reconcile.guard, command.declared, reconcile.apply_plan

    def marking(plan: Plan, *arguments: Any) -> None:
        guard(plan, *arguments)
        ran.plan, ran.passed = plan, len(ran.network.exchanges)

    def applied(*arguments: Any) -> Run:
        done = apply_plan(*arguments)
        ran.outcomes = done.outcomes
        return done

    def no_proxies(*_arguments: Any, **_options: Any) -> dict[str, str]:
        return {}

    def adapter(**_options: Any) -> Network:
        return ran.network

    def declared(*arguments: Any) -> Declaration:
        found = parsed if parsed is not None else []
        found[:] = found or [parse(*arguments)]
        return found[0]

    with (
        mock.patch.object(reconcile, "guard", marking),
        mock.patch.object(reconcile, "apply_plan", applied),
        mock.patch.object(command, "declared", declared),
        mock.patch.object(pool, "ThreadPoolExecutor", OneThread),
        mock.patch.object(policy, "datetime", ran.network.clock),
        mock.patch.object(requests.utils, "get_environ_proxies", no_proxies),
        mock.patch.object(wire, "adapter", adapter),
    ):
        yield
