# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of tasks: one play, a row a task, and for each row what it must come to.

Each task has its row's name as its ``User-Agent``, so the proxy tells whose a request was, and a rule can mean one row alone
(``When("POST", where=of("a row"))``). Whatever is expected, each row is held to this: ``requests`` is what the proxy counted, ``changed``
goes with ``action``, there is no traceback, and a failure has a message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .in_process import WORK, ran
from .playbooks import Body, Played, Run
from .proxy import Exchange
from .serving import Request

USER = "identity.scim.user"
PIPELINING = {"ANSIBLE_PIPELINING": "true"}  # many small tasks: it halves what Ansible itself costs


@dataclass(frozen=True, slots=True)
class Row:
    """A task and what is expected: an action and a number of requests, or an error that matches.

    ``task`` is laid over the task (``environment``, ``diff``, …); a None among the options takes a default of the play away.
    """

    options: Mapping[str, Any]
    action: str = ""
    requests: int | None = None
    error: str = ""
    module: str = USER
    task: Mapping[str, Any] = field(default_factory=dict)

    @property
    def work(self) -> str:
        """The module's name without its collection's."""
        return self.module.rpartition(".")[2]

    @property
    def needs_ansible(self) -> bool:
        return bool(self.task) or self.work not in WORK or "{{" in str(self.options)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a row: the result, and what was sent for it."""

    result: Body
    exchanges: list[Exchange]
    failed: bool = False

    @property
    def sent(self) -> list[str]:
        """Methods and endpoints: ``["GET /Users", "PATCH /Users/ID"]`` without the ids themselves."""
        return [re.sub(r"^(\w+ /\w+)/.+", r"\1/ID", f"{exchange.method} {exchange.path}") for exchange in self.exchanges]

    @property
    def writes(self) -> list[Exchange]:
        return [exchange for exchange in self.exchanges if exchange.request.is_write]

    @property
    def patched(self) -> Body:
        """The operations of all PATCHes as ``{"op path": value}``."""
        bodies = [exchange.body for exchange in self.exchanges if exchange.method == "PATCH"]
        return {f"{op['op']} {op.get('path')}": op.get("value") for body in bodies for op in body["Operations"]}

    @property
    def warnings(self) -> str:
        return "\n".join(self.result.get("warnings", []))


def of(row: str) -> Callable[[Request], bool]:
    """For ``When(where=…)``: the requests of one row."""
    return lambda request: request.headers.get("User-Agent") == row


class Table:
    """``table({"a row": Row(…), …})`` plays it and returns what was seen, by row."""

    def __init__(self, run: Run, served: Any, /, **connection: Any) -> None:
        self.run = run
        self.provider = served
        self.connection = {**served.connection, **connection}
        self.played: Played | None = None

    def play(self, rows: Mapping[str, Row]) -> Body:
        return self.run.play(*(self._task(name, row) for name, row in rows.items()))

    def _task(self, name: str, row: Row) -> Body:
        return {"name": name, row.module: self._options(name, row), "ignore_errors": True, **row.task}

    def _options(self, name: str, row: Row) -> Body:
        given = {**self.connection, "http_agent": name, **row.options}
        return {key: value for key, value in given.items() if key not in self.connection or value is not None}

    def __call__(self, rows: Mapping[str, Row], *, as_expected: bool = True, **options: Any) -> dict[str, Seen]:
        """``as_expected=False`` leaves the table's own expectations out."""
        self.provider.proxy.clear()
        self.played = played = self.run(self.play(rows), **{"env": PIPELINING, **options})
        assert "Traceback" not in f"{played}{played.results}", str(played)
        failed = {task.name for task in played.tasks if task.status == "failed"}
        seen = {name: Seen(played.result(name), self._exchanges(name), name in failed) for name in rows}
        wrong = [f"{name}: {problem}" for name, one in seen.items() for problem in unsound(rows[name], one)]
        if as_expected:
            wrong += [f"{name}: {problem}" for name, one in seen.items() for problem in unexpected(rows[name], one)]
        assert not wrong, "\n".join(wrong)
        return seen

    def converges(self, rows: Mapping[str, Row]) -> dict[str, Seen]:
        """Check mode writes nothing and foretells each row; the run does it; a second run changes nothing."""
        self.provider.proxy.read_only = True
        foretold = self.quickly(rows, check=True)
        assert not self.provider.proxy.violations, [str(exchange) for exchange in self.provider.proxy.violations]
        self.provider.proxy.read_only = False
        seen = self.settles(rows)
        for name in rows:
            told, done = ({key: one[name].result.get(key) for key in TOLD} for one in (foretold, seen))
            assert told == done, f"{name}: check mode foretold something else"
        return seen

    def settles(self, rows: Mapping[str, Row]) -> dict[str, Seen]:
        """As ``converges``, without the check mode."""
        seen = self(rows)
        for name, again in self.quickly(rows, check=False).items():
            assert again.result.get("action") == "unchanged", f"{name}: the second run changed something: {again}"
            assert not again.writes, f"{name}: the second run wrote: {[str(write) for write in again.writes]}"
        return seen

    def quickly(self, rows: Mapping[str, Row], check: bool) -> dict[str, Seen]:
        """Without Ansible, but for rows that need it. What Ansible makes of a module is seen in the run itself and costs a second a row."""
        needing = {name: row for name, row in rows.items() if row.needs_ansible}
        seen = self(needing, as_expected=False, check=check) if needing else {}
        for name, row in rows.items():
            if name not in needing:
                done = ran(row.work, self.provider, check=check, **self._options(name, row))
                seen[name] = Seen(json.loads(json.dumps(done.result)), self._exchanges(name), done.failed)
        wrong = [f"{name}: {problem}" for name, one in seen.items() for problem in unsound(rows[name], one)]
        assert not wrong, "\n".join(wrong)
        return seen

    def _exchanges(self, name: str) -> list[Exchange]:
        """The SCIM requests of a row: what is asked above the base URL, such as a token, is not counted by the modules."""
        mine = [exchange for exchange in self.provider.proxy.requests if of(name)(exchange.request)]
        return [exchange for exchange in mine if exchange.request.target.startswith(f"{self.provider.proxy.root}/")]


TOLD = ("action", "changed", "diff", "msg")


def unsound(row: Row, seen: Seen) -> Iterator[str]:
    """What must never be, whatever is expected."""
    result = seen.result
    if result.get("requests", len(seen.exchanges)) != len(seen.exchanges):
        yield f"requests is {result['requests']}, and sent was {seen.sent}"
    if seen.failed and not result.get("msg"):
        yield f"a failure without a message: {result}"
    if str(result.get("msg", "")).startswith("Task failed: "):  # how ansible-core 2.19 tells of an exception that a module did not catch
        yield f"an exception: {result['msg']}"
    if not seen.failed and "action" in result and not row.module.endswith("_info"):
        if result["changed"] != (result["action"] != "unchanged"):
            yield f"changed is {result['changed']} and action {result['action']}"
        if missing := {"group" if "group" in result else "user", "operations", "requests", "diff"} - set(result):
            yield f"the result has no {missing}"


def unexpected(row: Row, seen: Seen) -> Iterator[str]:
    """What is not as its row says."""
    result, sent = seen.result, [str(exchange) for exchange in seen.exchanges]
    if seen.failed != bool(row.error):
        yield f"failed is {seen.failed}: {result.get('msg')}\n{sent}"
    elif row.error and not re.search(row.error, result["msg"], re.DOTALL):
        yield f"the message {result['msg']!r} does not match {row.error!r}"
    if row.action and result.get("action") != row.action:
        yield f"action is {result.get('action')}: {sent}"
    if row.requests is not None and len(sent) != row.requests:
        yield f"{len(sent)} requests: {sent}"
