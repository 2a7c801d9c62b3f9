# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module cannot do for itself: display progress, decrypt files, take the variables of the role ``identity.scim.directory``, and end
when ``ansible-playbook`` was killed.

It also runs the module in Ansible's own process where the module would run on the controller anyway: no archive, no new interpreter, and
imports once for a whole playbook, since ``ansible-playbook`` loads this file before it forks a worker for each task. It decides nothing:
with ``scim_direct: false`` the modules run as any module does, with the same results.
"""

from __future__ import annotations

import gc
import inspect
import json
import locale
import os
import re
import shlex
import signal
import sys
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout, suppress
from contextvars import copy_context
from difflib import get_close_matches
from importlib import import_module
from io import StringIO
from multiprocessing import parent_process
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from time import sleep
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils import basic
from ansible.module_utils.common import json as ansible_json
from ansible.module_utils.common import warnings
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.validate import mapping_lines
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration import value_rules
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import DeclarationError
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.sources import find_files
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.vault import is_vaulted, served
from ansible_collections.identity.scim.plugins.module_utils._engine.escaping import visible
from ansible_collections.identity.scim.plugins.module_utils._engine.files import PROGRESS
from ansible_collections.identity.scim.plugins.module_utils._engine.forked_memory import forked_memory
from ansible_collections.identity.scim.plugins.module_utils._engine.options.guardrails import GUARDRAILS, null_variables
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http import wire
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._engine.sessions import Sessions

EVERY_SECONDS = 0.5
ENDINGS = {
    signal.SIGTERM: "The run was ended by SIGTERM.",
    signal.SIGINT: "The run was ended by SIGINT.",
    signal.SIGALRM: "The time limit of the task (timeout) is reached.",
}
VARIABLES = "_variables"
DISPLAYED = forked_memory()  # lines for GitHub Actions, and mappings, that a task of any host displayed
NAMES = (
    "audit_log_info",
    "directory",
    "directory_info",
    "explain_info",
    "group",
    "group_info",
    "provider_info",
    "user",
    "user_info",
    "validate",
)
MODULES = {name: import_module(f"ansible_collections.identity.scim.plugins.modules.{name}").main for name in NAMES}
HAS_LIBRARIES = not (wire.REQUESTS_IMPORT_ERROR or value_rules.VOLUPTUOUS_IMPORT_ERROR)
FORKS_SAFELY = sys.platform != "darwin"  # macOS ends a forked process that asks for the system's proxies, as requests does
PROFILE = "legacy"  # the form of a module's arguments and result, since ansible-core 2.19
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
        variables = task_vars or {}
        self._apply_variables(variables)
        process = AnsibleProcess(str(variables.get("inventory_hostname", "localhost")))
        Thread(target=end_with_controller, args=(os.getppid(), process), daemon=True).start()
        direct = self._runs_directly(variables)
        if not direct:
            process.ended.set()  # there is nothing to wait for: a module ends once its output has no reader
        gc.disable()  # looking for cycles takes a third of the time in which the module is built
        try:
            decrypted = self._decrypted_files()
            with served(decrypted) if decrypted else nullcontext({}) as environment:
                returned = self._run_directly(process, environment, variables) if direct else self._run_module(environment, task_vars)
            annotations = returned.pop("annotations", ())
            if not self._task.no_log:  # both may show values of the files
                self._annotate(annotations)
                self._display_mappings(returned.get("mappings", ()))
            return {**result, **returned}
        finally:
            gc.enable()
            process.ended.set()

    def _annotate(self, lines: Iterable[str]) -> None:
        """Display lines for GitHub Actions as they are, each once: several tenants may have the same files. Only in the role."""
        for line in lines if self._folder else ():
            if DISPLAYED is None or DISPLAYED.add(line.encode()):
                Display().display(line)

    def _decrypted_files(self) -> dict[str, bytes]:
        """The content of each file of the sources that is encrypted with Ansible Vault, by its real path.

        A file without a password is refused by the module, and so is a source that does not exist.
        """
        found: dict[str, bytes] = {}
        if self._task.async_val or self._connection.transport != "local":
            return found
        sources = self._task.args.get("src") or []
        for source in sources.split(",") if isinstance(sources, str) else sources:
            with suppress(DeclarationError, OSError, TypeError):
                for path in find_files(os.path.join(self._folder or self._loader.get_basedir(), os.path.expanduser(source))).files:
                    with suppress(AnsibleError, OSError):  # the others may have another password
                        if is_vaulted(path):
                            found[os.path.realpath(path)] = bytes(self._loader._get_file_contents(path)[0])
        return found

    def _runs_directly(self, variables: Mapping[str, Any]) -> bool:
        """Whether the module would run in the same place, as the same user, with the same Python and environment as this process."""
        own = variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {}) if self._task.delegate_to else variables
        configured = own.get("ansible_python_interpreter") or C.config.get_config_value("INTERPRETER_PYTHON")
        interpreter = str(self._templar.template(configured))
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        return (
            boolean(self._templar.template(variables.get("scim_direct", FORKS_SAFELY)))
            and HAS_LIBRARIES
            and self._connection.transport == "local"
            and not (self._connection.become or self._task.async_val or environment)
            and (interpreter.startswith("auto") or os.path.abspath(interpreter) == os.path.abspath(sys.executable))
            and current_thread() is main_thread()  # only that one can handle signals
        )

    def _run_directly(self, process: AnsibleProcess, environment: Mapping[str, str], variables: dict[str, Any]) -> dict[str, Any]:
        """Run the module in this process. Its result takes the same way as that of any module, so that it is the same."""
        name = self._task.action.rpartition(".")[2]
        Display().vvv(f"Running identity.scim.{name} in Ansible's own process")
        arguments = dict(self._task.args)
        self._update_module_args(self._task.action, arguments, variables)
        with unchanged_process(self._folder or self._loader.get_basedir(), environment):
            printed = process.output_of(MODULES[name], arguments)
        profile = {"profile": PROFILE} if "profile" in inspect.signature(self._parse_returned_data).parameters else {}
        returned = self._parse_returned_data(printed, **profile)
        # Since ansible-core 2.21, it is an object.
        return dict(returned.as_result_dict(for_round_trip=True) if hasattr(returned, "as_result_dict") else returned)

    def _run_module(self, environment: Mapping[str, str], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        self._task.environment = [*(self._task.environment or []), environment]
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

    def _display_mappings(self, mappings: Iterable[Mapping[str, Any]]) -> None:
        """Display the mappings of ``validate`` as they are saved, each once. In the message of a task, a line would be a JSON string."""
        for mapping in mappings:
            lines = list(mapping_lines(mapping))
            if DISPLAYED is None or DISPLAYED.add("\n".join(lines).encode()):
                for line in lines:
                    Display().display(visible(line), stderr=True)

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


class AnsibleProcess:
    """The process of Ansible in which a module runs: a worker, forked for one task of one host.

    The items of a loop and the tasks of a play share ``sessions``. The module runs in a thread, and the main thread waits for it and
    handles signals, so that they end the run between two writes.
    """

    sessions = Sessions(memory=forked_memory())

    def __init__(self, host: str) -> None:
        self.ended = Event()  # the task, with its temporary files removed
        self._host = host
        self._pacing: Pacing | None = None
        self._reason = ""

    def begin(self) -> None:
        """Nothing: the plugin has prepared the process."""

    def end_between_writes(self, pacing: Pacing) -> None:
        """Let ``stop`` end the run."""
        self._pacing = pacing
        if self._reason:
            pacing.stop(self._reason)

    def progress(self, module: basic.AnsibleModule) -> Callable[[str], None]:
        """Return what displays a line while the module runs."""
        shown = module._name.rpartition(".")[2] == "directory"
        return lambda line: Display().display(f"{self._host}: {visible(line)}", stderr=True) if shown else None

    def stop(self, reason: str) -> None:
        """End the run between two writes."""
        self._reason = self._reason or reason
        if self._pacing:
            self._pacing.stop(self._reason)

    def output_of(self, main: Callable[[AnsibleProcess], None], arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What a module prints, its result as JSON, in the form of a command's output."""
        output, errors = StringIO(), StringIO()
        run = copy_context().run  # Ansible keeps the warnings of a task there
        work = Thread(target=run, args=(self._run, main, encoded(arguments), output, errors))
        with self._signals() as received:
            work.start()
            work.join()
        for number in received:
            signal.raise_signal(number)
        return {"stdout": output.getvalue(), "stderr": errors.getvalue(), "rc": int(bool(errors.getvalue()))}

    def _run(self, main: Callable[[AnsibleProcess], None], arguments: bytes, output: StringIO, errors: StringIO) -> None:
        for kept in (warnings._global_warnings, warnings._global_deprecations):
            kept.clear()  # of the item before
        given = {"_ANSIBLE_ARGS": arguments, "_ANSIBLE_PROFILE": PROFILE, "_PARSED_MODULE_ARGS": None}
        try:
            with patched(basic, **given), redirect_stdout(output), suppress(SystemExit):
                main(self)
        except BaseException:  # an exception that no module handles is in the stderr of its process
            errors.write(traceback.format_exc())

    @contextmanager
    def _signals(self) -> Iterator[list[int]]:
        """End the run at the signals in ``ENDINGS``. They are received again afterwards, by whoever handled them before.

        Ansible's own handlers must not run before the thread has ended: that of a task's ``timeout`` raises an exception, and up to
        Python 3.12 a ``Thread.join`` that ends with one takes the thread for ended as well.
        """
        received: list[int] = []

        def stop(number: int, _frame: object) -> None:
            received.append(number)
            self.stop(ENDINGS[signal.Signals(number)])

        before = {number: signal.signal(number, stop) for number in ENDINGS}
        try:
            yield received
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def patched(module: object, **attributes: object) -> Iterator[None]:
    """Run the block with other values of some attributes, which older versions of Ansible may not have."""
    before = {name: getattr(module, name, None) for name in attributes}
    try:
        vars(module).update(attributes)
        yield
    finally:
        vars(module).update(before)


@contextmanager
def unchanged_process(folder: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Run the block in ``folder`` and with more environment variables. What it changes of them and of the locale is undone."""
    before, variables, language = Path.cwd(), dict(os.environ), locale.setlocale(locale.LC_ALL)
    os.environ.update(environment)
    try:
        os.chdir(folder)
        yield
    finally:
        os.chdir(before)
        for name in os.environ.keys() - variables.keys():
            del os.environ[name]
        os.environ.update(variables)
        locale.setlocale(locale.LC_ALL, language)


def encoded(arguments: Mapping[str, Any]) -> bytes:
    """A module's arguments as Ansible passes them: plain JSON, with what is encrypted decrypted."""
    given = {"ANSIBLE_MODULE_ARGS": arguments}
    if hasattr(ansible_json, "get_module_encoder"):  # ansible-core 2.19 and later
        encoder = ansible_json.get_module_encoder(PROFILE, ansible_json.Direction.CONTROLLER_TO_MODULE)
        return json.dumps(given, cls=encoder).encode()
    return json.dumps(given, cls=ansible_json.AnsibleJSONEncoder, vault_to_text=True).encode()


def end_with_controller(controller: int, process: AnsibleProcess) -> None:
    """End this process, a worker of Ansible, once ``ansible-playbook`` was killed: the worker would go on, in a session of its own.

    The module then ends between two writes: directly in this process, which waits for that and removes temporary files, else since its
    result has no reader. What this process started, such as ``ssh``, is ended too.
    """
    if parent_process() is None:
        return  # no worker: the parent is not ansible-playbook but the user's shell, which may end before it
    while os.getppid() == controller:
        sleep(EVERY_SECONDS)
    process.stop("ansible-playbook has ended.")
    process.ended.wait()
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
