# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions that are pasted into a task by their URN, as SCIM documents have them: Ansible knows no such options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..scim.names import URN

EXTENSIONS = "extensions"


def with_extensions(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A task's parameters with each unknown URN under ``extensions``, in the task and in its entries. ``spec`` is its argument spec.

    An extension that is there already is kept beside, so that Ansible refuses it.
    """
    options = {spelling: option for name, option in spec.items() for spelling in (name, *option.get("aliases", ()))}
    found = {name: _inside(options.get(name, {}), value) for name, value in given.items()}
    pasted = [name for name in found if name.lower().startswith(URN) and name not in options]
    declared = found.get(EXTENSIONS) or {}
    if EXTENSIONS not in options or not pasted or not isinstance(declared, Mapping):
        return found
    moved = {name: found.pop(name) for name in pasted if name not in declared}
    return {**found, EXTENSIONS: {**declared, **moved}}


def _inside(option: Mapping[str, Any], value: Any) -> Any:
    suboptions = option.get("options")
    if not suboptions or EXTENSIONS not in suboptions:
        return value
    if isinstance(value, list):
        return [with_extensions(suboptions, item) if isinstance(item, Mapping) else item for item in value]
    return with_extensions(suboptions, value) if isinstance(value, Mapping) else value
