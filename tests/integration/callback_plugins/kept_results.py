# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep what each task returned, for the tests."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: kept_results
type: notification
short_description: Writes the result of each task as a line of JSON
description: Each line holds the task's name and action, the host, the status and the result. The file is named by E(KEPT_RESULTS).
author: identity.scim contributors
"""


def _of(result: Any, name: str) -> Any:
    """ansible-core 2.19 has public names for what older ones keep under an underscore."""
    return getattr(result, name) if hasattr(result, name) else getattr(result, f"_{name}")


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "kept_results"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        self._keep(result, "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._keep(result, "failed", ignore_errors)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._keep(result, "skipped")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._keep(result, "unreachable")

    def _keep(self, result: Any, status: str, ignored: bool = False) -> None:
        task, host = _of(result, "task"), _of(result, "host").get_name()
        known = {"name": task.get_name(), "action": str(task.action), "host": host, "status": status, "ignored": ignored}
        with open(os.environ["KEPT_RESULTS"], "a", encoding="utf-8") as file:
            file.write(json.dumps({**known, "result": _of(result, "result")}, default=str) + "\n")
