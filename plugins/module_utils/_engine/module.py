# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridge to Ansible: a module's parameters in, its result out. The one place that fails a module."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .commands.task import Result, Task, Work
from .declaration import value_rules as rules
from .options.attributes import Options, argument_spec
from .options.connection import CONNECTION, connection, from_environment, rate
from .options.shapes import shape_errors
from .scim.client.client import Client
from .scim.errors import Invalid, ScimError
from .scim.http import wire
from .scim.http.pacing import Pacing
from .scim.http.transport import Transport
from .scim.providers.profiles import profile_for
from .scim.schema.types import ResourceType
from .signals import end_between_writes
from .wording import MASK, printable

Parameters = Mapping[str, Any]
Types = Mapping[str, ResourceType]

PROGRESS = "progress"
INSTALL = "In an execution environment name it in the definition: ansible-builder leaves voluptuous out of a collection's own requirements."


HEADERS = "http_headers"
NO_MAPPING = "dictionary requested"  # all that Ansible says of a text where suboptions are wanted


class Module(AnsibleModule):  # type: ignore[misc]
    """Values of headers are secrets of any length: they are masked by their place, since ``no_log`` would mask a "1" in all output.

    Messages and warnings reach the terminal as they are: a name in them must not command it.
    """

    def _load_params(self, *arguments: Any) -> None:
        """What the task says is kept: of what is wrong, Ansible leaves nothing in ``params``."""
        super()._load_params(*arguments)
        self._said = deepcopy(self.params)

    def exit_json(self, **result: Any) -> None:
        super().exit_json(**{"invocation": self._shown(), **result})

    def fail_json(self, msg: str, **result: Any) -> None:
        if NO_MAPPING in msg:
            msg = "\n".join(shape_errors(self.argument_spec, self._said)) or msg
        super().fail_json(printable(msg), **{"invocation": self._shown(), **result})

    def warn(self, warning: str) -> None:
        super().warn(printable(warning))

    def log(self, msg: str, log_args: Mapping[str, Any] | None = None) -> None:
        given = dict(log_args or {})
        if given.get(HEADERS):
            msg, given[HEADERS] = msg.replace(str(given[HEADERS]), MASK), MASK
        super().log(msg, log_args=given)

    def _shown(self) -> dict[str, Any]:
        given = self.params.get(HEADERS)
        headers = dict.fromkeys(given, MASK) if isinstance(given, Mapping) else given and MASK
        return {"module_args": {**self.params, HEADERS: headers}}


def run(options: Options, work: Work, **arguments: Any) -> None:
    """A module's whole main: options, a client, the work, and the result or the error in words."""

    def online(module: Module) -> Result:
        require_library(module, "requests", wire.REQUESTS_IMPORT_ERROR)
        client, pacing = client_for(module.params)
        end_between_writes(pacing)
        return work(Task(module.params, client, module.check_mode, progress(module)))

    _main(options, online, arguments)


def run_offline(options: Options, work: Callable[[Parameters, Types], Result], **arguments: Any) -> None:
    """The same for a module that asks no provider: of the connection, only what tells the profile is looked at."""

    def offline(module: Module) -> Result:
        given = module.params
        return work(given, profile_for(given["provider"], given["url"] or os.environ.get("SCIM_URL", "")).types())

    _main(options, offline, arguments)


def _main(options: Options, work: Callable[[Module], Result], arguments: Mapping[str, Any]) -> None:
    module = Module(argument_spec=argument_spec({**options, **CONNECTION}), supports_check_mode=True, **arguments)
    require_library(module, "voluptuous", rules.VOLUPTUOUS_IMPORT_ERROR)
    gc.disable()  # a module lives for one run: looking for cycles among 100,000 people takes more time than all comparing
    try:
        check_counts(module.params)
        result = work(module)
    except ScimError as error:
        module.fail_json(msg=str(error), changed=False)
    finish(module, result)


def check_counts(parameters: Parameters) -> None:
    """:raises Invalid: for a number of things that is none."""
    for name, least in (("max_listed", 0), ("max_updates", 0), ("max_creates", 0), ("concurrency", 1)):
        if parameters.get(name) is not None and parameters[name] < least:
            raise Invalid(f"{name} is {parameters[name]}: expected is {least} or more.")


def finish(module: AnsibleModule, result: dict[str, Any]) -> None:
    """End the module; a result with ``failed`` is a failure that tells what was done before it."""
    for warning in result.pop("warnings", ()):  # given to exit_json, even as an empty list, they make Ansible warn of that
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def require_library(module: AnsibleModule, name: str, import_error: str | None) -> None:
    """Fail in words where a library is missing."""
    if import_error:
        module.fail_json(msg=f"{missing_required_lib(name)} {INSTALL}", exception=import_error)


def client_for(
    parameters: Parameters, clock: Callable[[], float] = time.monotonic, nap: Callable[[float], None] | None = None
) -> tuple[Client, Pacing]:
    """The client for a module's connection options, and the clock that all its requests keep to.

    :raises Invalid: for options that are wrong; nothing was sent.
    """
    given = from_environment(parameters)
    profile = profile_for(given["provider"], given["url"])
    capabilities = profile.capabilities({**(given.get("provider_options") or {}), **_concurrency(given)})
    per_minute, burst = rate(given.get("rate_limit"), (capabilities.rate, capabilities.burst))
    limit = given.get("max_duration")
    if limit is not None and not limit >= 0:
        raise Invalid(f"max_duration is {limit}: expected are seconds, or 0 for no limit.")
    pacing = Pacing(per_minute, burst, clock() + limit if limit else None, clock, nap)
    transport = Transport(connection(given, profile), pacing, capabilities.content_type, capabilities.concurrency)
    return Client(transport, replace(capabilities, rate=per_minute, burst=burst), profile.types()), pacing


def _concurrency(given: Parameters) -> dict[str, int]:
    return {"concurrency": given["concurrency"]} if given.get("concurrency") is not None else {}


def progress(module: AnsibleModule) -> Callable[[str], None]:
    """Appends lines to a file that the action plugin follows, where it can: a module itself cannot speak before its end.

    After a task's ``timeout`` that plugin has removed the folder. Nobody follows then, and what was just written must still be logged.
    """

    def tell(line: str) -> None:  # the folder is made when it is asked for, with a warning: those who tell nothing do not ask
        with suppress(OSError), (Path(module.tmpdir) / PROGRESS).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    return tell
