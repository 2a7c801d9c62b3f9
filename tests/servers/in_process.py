# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's work without Ansible: its options are read as AnsibleModule reads them, its client speaks to a real server. A run takes some
hundredths of a second, so that a table of many providers can be played through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.directory import directory
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.export import directory as directory_info
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import group, user
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task, Work
from ansible_collections.identity.scim.plugins.module_utils._engine.module import client_for
from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.options import export, resources
from ansible_collections.identity.scim.plugins.module_utils._engine.options.attributes import Options, argument_spec
from ansible_collections.identity.scim.plugins.module_utils._engine.options.connection import CONNECTION
from ansible_collections.identity.scim.plugins.module_utils._engine.options.pasted import with_option_names
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import ScimError

from .proxy import Exchange

OPTIONS: Mapping[str, Callable[[], Options]] = {
    "directory": several.directory,
    "directory_info": export.directory_info,
    "user": resources.user,
    "group": resources.group,
}
WORK: Mapping[str, Work] = {"directory": directory, "directory_info": directory_info, "user": user, "group": group}
SPECS = {name: argument_spec({**options(), **CONNECTION}) for name, options in OPTIONS.items()}
VALIDATORS = {name: ArgumentSpecValidator(spec) for name, spec in SPECS.items()}


@dataclass(frozen=True, slots=True, repr=False)
class Ran:
    """What a run returned (``failed`` and ``msg`` where it failed), and what it sent."""

    result: Mapping[str, Any]
    exchanges: tuple[Exchange, ...]

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def writes(self) -> list[Exchange]:
        return [exchange for exchange in self.exchanges if exchange.request.is_write]

    @property
    def warnings(self) -> str:
        return "\n".join(self.result.get("warnings", ()))

    def __repr__(self) -> str:
        told = {key: self.result.get(key) for key in ("msg", "changed", "action", "summary", "failures", "warnings")}
        return "\n".join([str(told), *map(str, self.exchanges)])


@dataclass
class Patient:
    """A clock for many threads on which waiting takes no time; ``waits`` is how long each was."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)
    lock: Any = field(default_factory=Lock)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.now += seconds
            if seconds > 0:
                self.waits.append(seconds)


def ran(module: str, server: Any, /, check: bool = False, clock: Patient | None = None, **options: Any) -> Ran:
    """One run of a module, as a task would run it; with a ``clock`` of its own, waiting takes no time."""
    pace: dict[str, Any] = {"clock": clock, "nap": clock.sleep} if clock else {}
    validated = VALIDATORS[module].validate(with_option_names(SPECS[module], {**server.connection, **options}))
    assert not validated.error_messages, validated.error_messages
    server.proxy.clear()
    try:
        client, _pacing = client_for(validated.validated_parameters, **pace)
        result = WORK[module](Task(validated.validated_parameters, client, check, lambda line: None))
    except ScimError as error:
        result = {"failed": True, "changed": False, "msg": str(error)}
    return Ran(result, tuple(server.proxy.requests))
