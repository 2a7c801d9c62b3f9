# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Jinja test ``identity.scim.protected``, for playbooks that remove access without ``identity.scim.directory``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansible_collections.identity.scim.plugins.module_utils._engine.options.guardrails import refuse_empty_guardrails
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.protection import matching_globs


def protected(name: str, globs: str | Sequence[str] | None) -> bool:
    """Whether a glob matches the name, as in ``protected_users`` of ``identity.scim.directory``.

    :raises Invalid: for an empty glob, and for null, a variable without a value. Ansible fails the task with its message.
    """
    elements = globs.split(",") if isinstance(globs, str) else [""] if globs is None else list(globs)
    refuse_empty_guardrails({"protected_users": elements})
    return bool(matching_globs(elements, name))


class TestModule:
    """The tests of this file, by name."""

    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"protected": protected}
