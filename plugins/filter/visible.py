# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``identity.scim.visible``, for playbooks that print names and values of files and providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.escaping import visible

DOCUMENTATION = r"""
name: visible
short_description: Make names and values safe to print
version_added: 1.0.0
author:
  - identity.scim contributors (@identity-scim)
description:
  - Returns a text as one line that shows all of it and is no command for a terminal or a CI system.
  - Results of modules, such as RV(identity.scim.directory#module:changes), have the true value of a name. Use this filter where a
    playbook prints one.
  - Characters that are not visible (control characters, line breaks, directional and zero-width characters) are written as the escapes of
    JSON, such as C(\u202e). So is the first character of a command of GitHub Actions, Azure Pipelines, TeamCity and GitLab.
options:
  _input:
    description: The text. Other values are converted to text.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Show the names of the users that are planned to be created
  ansible.builtin.debug:
    msg: "{{ plan.changes | selectattr('action', 'eq', 'created') | map(attribute='name') | map('identity.scim.visible') }}"
"""

RETURN = r"""
_value:
  description: The text in one line.
  type: str
"""


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[[Any], str]]:
        return {"visible": lambda value: visible(str(value))}
