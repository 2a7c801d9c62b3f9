# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make demo` shows of a play: a heading a step, a line a result, and of a diff only what differs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from difflib import ndiff
from typing import Any

from ansible import constants as C
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: demo
type: stdout
short_description: What make demo shows of a play
description: A heading a step, a line a result, and of a diff only what differs.
author: identity.scim contributors
"""

MOST_ROWS = 12
WIDTH = 110
QUIET = ("ansible.builtin.assert", "identity.scim.user_info")  # said only where they fail
COLORS = {"unchanged": C.COLOR_OK, "refused": C.COLOR_WARN}


def _of(result: Any, name: str) -> Any:
    """ansible-core 2.19 has public names for what older ones keep under an underscore."""
    return getattr(result, name) if hasattr(result, name) else getattr(result, f"_{name}")


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "demo"

    def __init__(self) -> None:
        super().__init__()
        self._step = 0

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        if task.action not in QUIET:
            self._step += 1
            self._say(f"\n{self._step:2}. {task.get_name()}", C.COLOR_HIGHLIGHT)

    def v2_runner_on_ok(self, result: Any) -> None:
        task, told = _of(result, "task"), _of(result, "result")
        if task.action not in QUIET and not task.loop:
            self._tell("", told, bool(task.diff))

    def v2_runner_item_on_ok(self, result: Any) -> None:
        told = _of(result, "result")
        self._tell(str(told.get("_ansible_item_label", "")), told, bool(_of(result, "task").diff))

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        if not _of(result, "task").loop:
            self._fail("", _of(result, "result"))

    def v2_runner_item_on_failed(self, result: Any) -> None:
        told = _of(result, "result")
        self._fail(str(told.get("_ansible_item_label", "")), told)

    def v2_on_file_diff(self, result: Any) -> None:
        """The lines of a result show its diff."""

    def _tell(self, label: str, told: Mapping[str, Any], with_diff: bool) -> None:
        for word, text in lines(label, told):
            self._say(f"    {word:<11} {text}", COLORS.get(word, C.COLOR_CHANGED if word else None))
        for text in differences(told.get("diff") or []) if with_diff else ():
            color = {"+": C.COLOR_DIFF_ADD, "-": C.COLOR_DIFF_REMOVE}.get(text[0])
            self._say(f"                {text}", color)
        for warning in told.get("warnings") or []:
            self._say(f"    warning     {warning}", C.COLOR_WARN)

    def _fail(self, label: str, told: Mapping[str, Any]) -> None:
        seen = {name: told[name] for name in ("action", "summary", "failures") if name in told}
        said = " ".join(str(part) for part in (label, told.get("msg"), seen or "") if part)
        self._say(f"    FAILED      This is not what the step announces: {said}", C.COLOR_ERROR)

    def _say(self, text: str, color: str | None = None) -> None:
        self._display.display(text, color=color)


def lines(label: str, told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What came of a task, as a word and a text a line."""
    if "summary" in told and told.get("msg"):
        rows = [
            row for text in told["msg"].splitlines() for row in textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
        ]
        yield "refused", rows[0]
        yield from (("", row) for row in rows[1:])
    elif "summary" in told:
        yield from counted(told["summary"])
        yield "", f"{requests(told)}{'; the plan is ' + told['plan_digest'] if told['changes'] else ''}"
    elif "action" in told:
        name = label or told["diff"][0]["before_header"].removeprefix("User ")
        yield told["action"], f"{name}  ({requests(told)})"
    else:
        yield "", label


def requests(told: Mapping[str, Any]) -> str:
    return f"{told['requests']} request{'s' * (told['requests'] != 1)}"


def counted(summary: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str]]:
    """The counts of a summary that are not zero, a line a kind."""
    for resource_type, counts in summary.items():
        text = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
        if text:
            yield resource_type, text


def differences(found: list[Mapping[str, str]]) -> Iterator[str]:
    """Of each diff only what differs, until there are enough of them."""
    shown = 0
    for number, diff in enumerate(found):
        if shown >= MOST_ROWS:
            yield f"  … and {len(found) - number} more like these"
            return
        rows = ndiff(diff["before"].splitlines(), diff["after"].splitlines())
        differing = [row for row in rows if row[0] in "+-" and not row[2:].startswith("id:")]
        yield from (f"  {diff['after_header']}", *differing)
        shown += len(differing)
