# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module cannot do for itself: display progress, decrypt files, take the variables of the role ``identity.scim.directory``, and end
when ``ansible-playbook`` was killed.

It decides nothing: the modules work as well without it.
"""

from __future__ import annotations

import gc
import json
import os
import re
import shlex
import signal
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from multiprocessing import parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import sleep
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import DeclarationError
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.sources import find_files
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.vault import INDEX, is_vaulted
from ansible_collections.identity.scim.plugins.module_utils._engine.files import PROGRESS
from ansible_collections.identity.scim.plugins.module_utils._engine.options.guardrails import GUARDRAILS, null_variables

EVERY_SECONDS = 0.5
VARIABLES = "_variables"
# Variables that limit what a run may do. Without one that was misspelt, a run would do more than it may.
GUARDRAIL_VARIABLES = ("scim_frozen", *(f"scim_{name}" for name in GUARDRAILS))
LIMITS = re.compile("protect|remov|fr[oe]+z|expect|scope")  # what speaks of a limit is meant for one, however it is spelt
SIMILARITY = 0.9  # of scim_protected_user to scim_protected_users; a team's own scim_staging_url is something else


class ActionModule(ActionBase):
    """Runs a module. For ``directory`` on this machine, it displays the lines that the module appends to its progress file."""

    _supports_check_mode = True
    _supports_async = True
    _folder: str | None = None

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        self._apply_variables(task_vars or {})
        Thread(target=end_with_controller, args=(os.getppid(),), daemon=True).start()
        gc.disable()  # this process ends with the task, and looking for cycles takes a third of the time in which the module is built
        with self._decrypted_files():
            return {**result, **self._run_module(task_vars)}

    @contextmanager
    def _decrypted_files(self) -> Iterator[None]:
        """Pass the module an index of decrypted files for as long as it runs; a task without encrypted files pays nothing."""
        decrypted = {} if self._task.async_val or self._connection.transport != "local" else dict(self._decrypt())
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

    def _decrypt(self) -> Iterator[tuple[str, str]]:
        """Each file of the sources that is encrypted with Ansible Vault, and the temporary file with its text, readable by its owner only.

        A file without a password is refused by the module, and so is a source that does not exist.
        """
        sources = self._task.args.get("src") or []
        for source in sources.split(",") if isinstance(sources, str) else sources:
            with suppress(DeclarationError, AnsibleError, OSError, TypeError):
                for path in find_files(os.path.join(self._folder or self._loader.get_basedir(), os.path.expanduser(source))).files:
                    if is_vaulted(path):
                        yield os.path.realpath(path), self._loader.get_real_file(path)

    def _run_module(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        has_progress = self._task.action.rpartition(".")[2] == "directory" and self._connection.transport == "local"
        if self._task.async_val or not has_progress:
            return dict(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        self._make_tmp_path()
        done = Event()
        path = os.path.join(self._connection._shell.tmpdir, PROGRESS)
        host = (task_vars or {}).get("inventory_hostname", "localhost")
        display = Thread(target=display_lines, args=(path, host, done), daemon=True)
        display.start()
        try:
            return dict(self._execute_module(task_vars=task_vars))
        finally:
            done.set()
            display.join()
            self._remove_tmp_path(self._connection._shell.tmpdir)

    def _apply_variables(self, task_vars: dict[str, Any]) -> None:
        """Add the role's variables to the task's options.

        If the role set them itself, each variable that is not set would cancel the play's ``module_defaults`` (``default(omit)``), and
        Ansible warns of one template for all options (``args: "{{ … }}"``).
        """
        given = self._task.args.pop(VARIABLES, None)
        if given is not None:
            self._task.args.update(given)
            self._folder = os.getcwd() if self._connection.transport == "local" else None
            if null := null_variables(given):
                raise AnsibleActionFail("\n".join([*null, "Nothing was sent."]))
            unknown = dict(misspelt(task_vars, task_vars.get("directory_variables", ())))
            missing = [
                f"{name}: unknown variable of identity.scim. Did you mean {similar}?"
                for name, similar in unknown.items()
                if similar in GUARDRAIL_VARIABLES
            ]
            if missing:
                raise AnsibleActionFail("\n".join([*missing, "Nothing was sent, since without it a run might remove more than you allow."]))
            for name, similar in unknown.items():
                Display().warning(f"{name}: unknown variable of identity.scim, ignored. Did you mean {similar}?")

    def _low_level_execute_command(self, cmd: str, *args: Any, **keywords: Any) -> dict[str, Any]:
        """Start the module in the caller's folder, where the relative paths in variables begin, and not in the playbook's."""
        chdir = {"chdir": shlex.quote(self._folder)} if self._folder else {}
        return super()._low_level_execute_command(cmd, *args, **{**keywords, **chdir})


def end_with_controller(controller: int) -> None:
    """End this process, a worker of Ansible, once ``ansible-playbook`` was killed: the worker would go on, in a session of its own.

    The module then ends between two writes, since its result has no reader. What this process started, such as ``ssh``, is ended too.
    """
    if parent_process() is None:
        return  # no worker: the parent is not ansible-playbook but the user's shell, which may end before it
    while os.getppid() == controller:
        sleep(EVERY_SECONDS)
    for child in children(os.getpid()):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGTERM)
    os._exit(1)


def children(parent: int) -> Iterator[int]:
    """The processes that a process started, where the system tells them in ``/proc``."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[1]) == parent:
                yield int(path.parent.name)


def misspelt(names: Iterable[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Names that look like variables of the role and are not, with the variable that they are similar to."""
    for name in names:
        spelling = name.lower()
        if spelling.startswith("scim_") and name not in known:
            limits = get_close_matches(spelling, GUARDRAIL_VARIABLES, n=1, cutoff=0) if LIMITS.search(spelling) else []
            yield from ((name, similar) for similar in limits or get_close_matches(spelling, known, n=1, cutoff=SIMILARITY))


def display_lines(path: str, host: str, done: Event) -> None:
    """Display each line that is appended to a file, until ``done``."""
    displayed = 0
    while True:
        last = done.wait(EVERY_SECONDS)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
            for line in lines[displayed:]:
                Display().display(f"{host}: {line}", stderr=True)
            displayed = len(lines)
        if last:
            return
