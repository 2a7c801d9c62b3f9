# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows how far ``identity.scim.directory`` is. It holds no logic: the module works as well where nothing can be shown."""

from __future__ import annotations

import os
from threading import Event, Thread
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

PROGRESS = "progress"  # the file in the module's temporary folder, as in edge.py
EVERY_SECONDS = 0.5


class ActionModule(ActionBase):
    """Runs the module, and follows the file to which it appends its progress, where that is on this machine."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        if self._task.async_val or self._connection.transport != "local":
            return {**result, **self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)}
        self._make_tmp_path()
        done = Event()
        path = os.path.join(self._connection._shell.tmpdir, PROGRESS)
        host = (task_vars or {}).get("inventory_hostname", "localhost")
        follower = Thread(target=follow, args=(path, host, done), daemon=True)
        follower.start()
        try:
            return {**result, **self._execute_module(task_vars=task_vars)}
        finally:
            done.set()
            follower.join()
            self._remove_tmp_path(self._connection._shell.tmpdir)


def follow(path: str, host: str, done: Event) -> None:
    """Display each line that is appended to a file, until ``done``."""
    seen = 0
    while True:
        last = done.wait(EVERY_SECONDS)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
            for line in lines[seen:]:
                Display().display(f"{host}: {line}", stderr=True)
            seen = len(lines)
        if last:
            return
