# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of `make demo`: a heading for each step, a line for each result, and only the differing lines of a diff."""

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
short_description: The output of make demo
description: A heading for each step, a line for each result, and only the differing lines of a diff.
author: identity.scim contributors
"""

MOST_ROWS = 12
WIDTH = 110
QUIET = ("ansible.builtin.assert", "identity.scim.user_info")  # printed only if they fail
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
            self._print(f"\n{self._step:2}. {task.get_name()}", C.COLOR_HIGHLIGHT)

    def v2_runner_on_ok(self, result: Any) -> None:
        task, returned = _of(result, "task"), _of(result, "result")
        if task.action not in QUIET and not task.loop:
            self._show("", returned, bool(task.diff))

    def v2_runner_item_on_ok(self, result: Any) -> None:
        returned = _of(result, "result")
        self._show(str(returned.get("_ansible_item_label", "")), returned, bool(_of(result, "task").diff))

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        if not _of(result, "task").loop:
            self._fail("", _of(result, "result"))

    def v2_runner_item_on_failed(self, result: Any) -> None:
        returned = _of(result, "result")
        self._fail(str(returned.get("_ansible_item_label", "")), returned)

    def v2_on_file_diff(self, result: Any) -> None:
        """The lines of a result have its diff."""

    def _show(self, label: str, returned: Mapping[str, Any], with_diff: bool) -> None:
        for word, text in lines(label, returned):
            self._print(f"    {word:<11} {text}", COLORS.get(word, C.COLOR_CHANGED if word else None))
        for text in differences(returned.get("diff") or []) if with_diff else ():
            color = {"+": C.COLOR_DIFF_ADD, "-": C.COLOR_DIFF_REMOVE}.get(text[0])
            self._print(f"                {text}", color)
        for warning in returned.get("warnings") or []:
            self._print(f"    warning     {warning}", C.COLOR_WARN)

    def _fail(self, label: str, returned: Mapping[str, Any]) -> None:
        found = {name: returned[name] for name in ("action", "summary", "failures") if name in returned}
        text = " ".join(str(part) for part in (label, returned.get("msg"), found or "") if part)
        self._print(f"    FAILED      The step did not do what its name says: {text}", C.COLOR_ERROR)

    def _print(self, text: str, color: str | None = None) -> None:
        self._display.display(text, color=color)


def lines(label: str, returned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The result of a task, as lines of a word and a text."""
    if "summary" in returned and returned.get("msg"):
        rows = [
            row
            for text in returned["msg"].splitlines()
            for row in textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
        ]
        yield "refused", rows[0]
        yield from (("", row) for row in rows[1:])
    elif "summary" in returned:
        yield from counted(returned["summary"])
        yield "", f"{requests(returned)}{'; the plan is ' + returned['plan_digest'] if returned['changes'] else ''}"
    elif "action" in returned:
        name = label or returned["diff"][0]["before_header"].removeprefix("User ")
        yield returned["action"], f"{name}  ({requests(returned)})"
    else:
        yield "", label


def requests(returned: Mapping[str, Any]) -> str:
    return f"{returned['requests']} request{'s' * (returned['requests'] != 1)}"


def counted(summary: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str]]:
    """The counts of a summary that are not zero, with a line for users, groups and memberships."""
    for resource_type, counts in summary.items():
        text = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
        if text:
            yield resource_type, text


def differences(found: list[Mapping[str, str]]) -> Iterator[str]:
    """The differing lines of the diffs, until there are enough of them."""
    count = 0
    for number, diff in enumerate(found):
        if count >= MOST_ROWS:
            yield f"  … and {len(found) - number} more like these"
            return
        rows = ndiff(diff["before"].splitlines(), diff["after"].splitlines())
        differing = [row for row in rows if row[0] in "+-" and not row[2:].startswith("id:")]
        yield from (f"  {diff['after_header']}", *differing)
        count += len(differing)
