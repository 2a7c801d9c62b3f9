# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module cannot do for itself: show how far it is, decrypt files, and take the variables of the role ``identity.scim.directory``.

It holds no logic: the modules work as well without it.
"""

from __future__ import annotations

import gc
import json
import os
import shlex
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import DeclarationError
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.sources import find_files
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.vault import INDEX, is_vaulted

PROGRESS = "progress"  # the file in the module's temporary folder, as in edge.py
EVERY_SECONDS = 0.5
VARIABLES = "_variables"
ALMOST = 0.9  # scim_protected_user; a team's own scim_staging_url is something else


class ActionModule(ActionBase):
    """Runs the module. Of ``directory``, it follows the file to which that appends its progress, where that is on this machine."""

    _supports_check_mode = True
    _supports_async = True
    _folder: str | None = None

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        self._lay_variables(task_vars or {})
        gc.disable()  # this process ends with the task, and looking for cycles takes a third of the time in which the module is built
        with self._vault_open():
            return {**result, **self._followed(task_vars)}

    @contextmanager
    def _vault_open(self) -> Iterator[None]:
        """The module is told where the texts of vaulted files are, for as long as it runs; most tasks have none, and pay nothing."""
        decrypted = {} if self._task.async_val or self._connection.transport != "local" else dict(self._decrypted())
        if not decrypted:
            yield
            return
        try:
            with TemporaryDirectory(prefix="scim-", dir=C.DEFAULT_LOCAL_TMP) as folder:
                index = Path(folder) / "index.json"
                index.write_text(json.dumps(decrypted), encoding="utf-8")
                self._task.environment = [*(self._task.environment or []), {INDEX: str(index)}]
                yield
        finally:
            for text in decrypted.values():
                self._loader.cleanup_tmp_file(text)

    def _decrypted(self) -> Iterator[tuple[str, str]]:
        """Each vaulted file of the sources, with the file that holds its text for as long as the module runs, readable by its owner alone.

        A file for which there is no password is the module's to refuse, and so is a source that names none.
        """
        sources = self._task.args.get("src") or []
        for source in sources.split(",") if isinstance(sources, str) else sources:
            with suppress(DeclarationError, AnsibleError, OSError, TypeError):
                for path in find_files(os.path.join(self._folder or self._loader.get_basedir(), os.path.expanduser(source))):
                    if is_vaulted(path):
                        yield os.path.realpath(path), self._loader.get_real_file(path)

    def _followed(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        follows = self._task.action.rpartition(".")[2] == "directory" and self._connection.transport == "local"
        if self._task.async_val or not follows:
            return dict(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        self._make_tmp_path()
        done = Event()
        path = os.path.join(self._connection._shell.tmpdir, PROGRESS)
        host = (task_vars or {}).get("inventory_hostname", "localhost")
        follower = Thread(target=follow, args=(path, host, done), daemon=True)
        follower.start()
        try:
            return dict(self._execute_module(task_vars=task_vars))
        finally:
            done.set()
            follower.join()
            self._remove_tmp_path(self._connection._shell.tmpdir)

    def _lay_variables(self, task_vars: dict[str, Any]) -> None:
        """The role's variables over the task's options. As options, those that are not set would cancel the play's ``module_defaults``
        (``default(omit)``), and a template for all of them (``args: "{{ … }}"``) is warned of. In here, what is not set is missing."""
        given = self._task.args.pop(VARIABLES, None)
        if given is not None:
            self._task.args.update(given)
            self._folder = os.getcwd() if self._connection.transport == "local" else None
            for name, meant in misspelt(task_vars, task_vars.get("directory_variables", ())):
                Display().warning(f"{name} is no variable of identity.scim, so it has no effect. Is {meant} meant?")

    def _low_level_execute_command(self, cmd: str, *args: Any, **keywords: Any) -> dict[str, Any]:
        """Relative paths in variables are the caller's: they begin where Ansible was called. A module works in the playbook's."""
        chdir = {"chdir": shlex.quote(self._folder)} if self._folder else {}
        return super()._low_level_execute_command(cmd, *args, **{**keywords, **chdir})


def misspelt(names: Iterable[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Names that are almost those of variables of the role, with these: an option that is not known would be refused."""
    for name in names:
        if name.startswith("scim_") and name not in known:
            yield from ((name, meant) for meant in get_close_matches(name, known, n=1, cutoff=ALMOST))


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
