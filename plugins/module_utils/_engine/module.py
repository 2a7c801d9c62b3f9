# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridge to Ansible: a module's parameters in, its result out. The one place that fails a module."""

from __future__ import annotations

import gc
import os
import re
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any, Protocol

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .commands.task import Result, Task, Work
from .declaration import value_rules
from .declaration.profile_file import chosen_profile
from .escaping import visible, visible_lines
from .files import PROGRESS
from .options.attributes import Options, argument_spec
from .options.connection import CONNECTION, connection, from_environment, known_rates
from .options.guardrails import refuse_empty_guardrails
from .options.pasted import with_option_names
from .options.secrets import masked_parameters, secret_parameters
from .options.shapes import shape_errors
from .redact import Redactor
from .scim.client.client import Client
from .scim.errors import Forbidden, Interrupted, Invalid, ScimError, TryLater, Unauthorized, Unreachable
from .scim.http import wire
from .scim.http.assertions import GITHUB_TOKEN, GITLAB_VARIABLE
from .scim.http.pacing import Pacing
from .scim.http.transport import Transport
from .scim.providers.url_mistakes import base_url_hint, refuse_wrong_base_url
from .scim.schema.types import ResourceType
from .sessions import Known, Sessions
from .signals import end_between_writes
from .tenant_lock import tenant_lock

Parameters = Mapping[str, Any]
Types = Mapping[str, ResourceType]

INSTALL = "In an execution environment, add it to the definition: ansible-builder leaves voluptuous out of a collection's requirements."
LEAST = {"max_listed": 0, "lock_timeout": 0, "max_updates": 0, "max_creates": 0, "concurrency": 1}
_DIGITS = re.compile(r"\s*[+-]?[0-9]+\s*")
SECRET_VARIABLES = ("SCIM_TOKEN", "SCIM_CLIENT_SECRET", "SCIM_CLIENT_ASSERTION", GITLAB_VARIABLE, GITHUB_TOKEN)
BUG = "This is a bug in identity.scim. Please report it with this text."
NO_MAPPING = "dictionary requested"  # all that Ansible says of a text where suboptions are expected


class Process(Protocol):
    """The process in which a module runs: one of its own, or Ansible's (see ``plugins/action``)."""

    sessions: Sessions

    def begin(self) -> None:
        """Prepare the process for a run."""

    def end_between_writes(self, pacing: Pacing) -> None:
        """Stop the run when a signal ends it, or when no process waits for its result any more."""

    def progress(self, module: AnsibleModule) -> Callable[[str], None]:
        """Return what displays a line while the module runs."""


class OwnProcess:
    """The process that Ansible starts for a module."""

    sessions = Sessions(most=0)  # it runs once

    def begin(self) -> None:
        gc.disable()  # it lives for one run: looking for cycles among 100,000 users takes more time than all comparing

    def end_between_writes(self, pacing: Pacing) -> None:
        end_between_writes(pacing)

    def progress(self, module: AnsibleModule) -> Callable[[str], None]:
        return progress(module)


OWN_PROCESS = OwnProcess()


class Module(AnsibleModule):  # type: ignore[misc]
    """Masks secrets in all that Ansible prints, also if parameters are invalid, and escapes messages and warnings for the terminal.

    Parameters are masked by their place, results by the values of the secrets that ``redact`` knows.
    """

    client: Client | None = None

    def _load_params(self, *arguments: Any) -> None:
        """Collect all secrets and keep the parameters as given: at a mistake, Ansible stops collecting secrets and removes wrong values."""
        super()._load_params(*arguments)
        self.params: dict[str, Any] = with_option_names(self.argument_spec, self.params)
        self.given = deepcopy(self.params)
        secrets = [*secret_parameters(self.argument_spec, self.given), *filter(None, map(os.environ.get, SECRET_VARIABLES))]
        self.no_log_values.update(secrets)
        self.redact = Redactor(secrets)

    def exit_json(self, **result: Any) -> None:
        self._mask_visible_forms()
        super().exit_json(**self.redact.mask(result), invocation=self._invocation())

    def fail_json(self, msg: str, **result: Any) -> None:
        lines = list(shape_errors(self.argument_spec, self.given)) if NO_MAPPING in msg else []
        self.fail(visible_lines(lines or [msg]), **result)

    def fail(self, msg: str, **result: Any) -> None:
        """Fail with a message of this collection, which may have several lines. Ansible's own messages have one."""
        self._mask_visible_forms()
        super().fail_json(visible_lines(self.redact(msg).split("\n")), **self.redact.mask(result), invocation=self._invocation())

    def hints(self, error: ScimError | None = None) -> list[str]:
        """What to check besides a failure: the base URL, where nothing that was answered is SCIM."""
        if self.client is None or isinstance(error, (Invalid, Unauthorized, Unreachable, Forbidden, TryLater, Interrupted)):
            return []
        transport = self.client.transport
        if transport.understood or not transport.requests:
            return []
        provider, url = self.params["provider"], transport.url
        return [base_url_hint(url, chosen_profile(provider, url))]

    def warn(self, warning: str) -> None:
        super().warn(visible(self.redact(warning)))

    def _log_invocation(self) -> None:
        given = masked_parameters(self.argument_spec, self.params)
        self.log(" ".join(["Invoked with", *(f"{name}={value}" for name, value in given.items())]), log_args=given)

    def _mask_visible_forms(self) -> None:
        self.no_log_values.update([visible(str(secret)) for secret in self.no_log_values])

    def _invocation(self) -> dict[str, Any]:
        given = {name: value for name, value in self.params.items() if not name.startswith("_ansible_")}
        return {"module_args": masked_parameters(self.argument_spec, given)}


def run(options: Options, work: Work, process: Process = OWN_PROCESS, **arguments: Any) -> None:
    """The whole main of a module: options, a client, the work, and its result or its error message."""

    def online(module: Module) -> Result:
        require_library(module, "requests", wire.REQUESTS_IMPORT_ERROR)
        options = connection_options(module.params)
        client, pacing = client_for(module.params, redact=module.redact, known=process.sessions.known(options))
        module.client = client
        process.end_between_writes(pacing)
        if client.transport.warning:
            module.warn(client.transport.warning)
        task = Task(module.params, client, module.check_mode, process.progress(module))
        lock_timeout = None if task.check else module.params.get("lock_timeout")  # modules that only read have no such option
        with nullcontext() if lock_timeout is None else tenant_lock(client.url, lock_timeout, pacing, task.report_progress):
            try:
                return work(task)
            finally:
                process.sessions.learn(options, client)

    _main(options, online, process, arguments)


def run_offline(options: Options, work: Callable[[Parameters, Types], Result], process: Process = OWN_PROCESS, **arguments: Any) -> None:
    """The same for a module that sends no requests: of the connection, only what chooses the profile is used."""

    def offline(module: Module) -> Result:
        given = {**module.params, "url": module.params["url"] or os.environ.get("SCIM_URL", "")}
        return work(given, chosen_profile(given["provider"], given["url"]).types())

    _main(options, offline, process, arguments)


def _main(options: Options, work: Callable[[Module], Result], process: Process, arguments: Mapping[str, Any]) -> None:
    module = Module(argument_spec=argument_spec({**options, **CONNECTION}), supports_check_mode=True, **arguments)
    require_library(module, "voluptuous", value_rules.VOLUPTUOUS_IMPORT_ERROR)
    process.begin()
    try:
        refuse_empty_guardrails(module.params)
        check_counts(module.params, module.given)
        result = work(module)
    except ScimError as error:
        module.fail("\n".join([str(error), *module.hints(error)]), changed=False)
    except Exception as error:  # Python would print the traceback with its secrets
        module.fail(f"{BUG} {type(error).__name__}: {error}", exception=traceback.format_exc())
    for warning in result.pop("warnings", ()):  # given to exit_json, even as an empty list, they make Ansible warn of that
        module.warn(warning)
    if result.pop("failed", False):  # reported with what was done before it
        module.fail(**{**result, "msg": "\n".join([result["msg"], *module.hints()])})
    module.exit_json(**result)


def check_counts(parameters: Parameters, given: Parameters) -> None:
    """Check counts. ``given`` are the parameters before Ansible converted them.

    :raises Invalid: for a count that is too small, or a text that Python reads as a number and people do not, such as 1_0.
    """
    for name, least in LEAST.items():
        if isinstance(given.get(name), str) and not _DIGITS.fullmatch(given[name]):
            raise Invalid(f"{name} must be a number such as 5, got {given[name]!r}.")
        if parameters.get(name) is not None and parameters[name] < least:
            raise Invalid(f"{name} must be at least {least}, got {parameters[name]}.")


def require_library(module: AnsibleModule, name: str, import_error: str | None) -> None:
    """Fail the module where a library is missing."""
    if import_error:
        module.fail_json(msg=f"{missing_required_lib(name)} {INSTALL}", exception=import_error)


def client_for(
    parameters: Parameters,
    clock: Callable[[], float] = time.monotonic,
    nap: Callable[[float], None] | None = None,
    redact: Redactor | None = None,
    known: Known | None = None,
) -> tuple[Client, Pacing]:
    """The client for a module's connection options, and the clock of all its requests. Their secrets are added to ``redact``.

    ``known`` is what earlier runs with the same options have left.

    :raises Invalid: for options that are wrong; nothing was sent.
    """
    given = from_environment(parameters)
    profile = chosen_profile(given["provider"], given["url"])
    refuse_wrong_base_url(given["url"], given["provider"], profile)
    concurrency = {} if given.get("concurrency") is None else {"concurrency": given["concurrency"]}
    capabilities = profile.capabilities({**(given.get("provider_options") or {}), **concurrency})
    known = known or Known()
    capabilities, types = known.begin(capabilities, profile.types(), known_rates(given.get("rate_limit"), capabilities))
    limit = given.get("max_duration") or 0
    if not limit >= 0:  # true for a nan, too
        raise Invalid(f"max_duration must be at least 0 seconds (0 for no limit), got {limit:g}.")
    pacing = Pacing(known.pace, clock() + limit if limit else None, clock, nap)
    transport = Transport(connection(given, profile), pacing, capabilities.content_type, capabilities.concurrency, redact, known.session)
    return Client(transport, capabilities, types), pacing


def connection_options(parameters: Parameters) -> dict[str, Any]:
    """All that a client is made from. Runs that have the same may share connections.

    :raises Invalid: if the URL or the credential is missing.
    """
    given = from_environment(parameters)
    return {name: given.get(name) for name in (*CONNECTION, "concurrency")}


def progress(module: AnsibleModule) -> Callable[[str], None]:
    """Return a function that appends a line to the file that the action plugin displays, since a module prints nothing until it ends.

    After a task's ``timeout``, the plugin has removed the folder: the line is lost, but the change must still get into the audit log.
    """

    def report(line: str) -> None:  # reading tmpdir creates it, with a warning, so only runs with progress do
        with suppress(OSError), (Path(module.tmpdir) / PROGRESS).open("a", encoding="utf-8") as file:
            file.write(f"{visible(line)}\n")

    return report
