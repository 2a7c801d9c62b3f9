#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: group_info
short_description: Read groups through SCIM 2.0
version_added: 1.0.0
description:
  - Reads one group by id or name, the groups that a filter selects, or all groups, from all pages.
  - The module checks the result of a filter again, in case the service provider ignores filters.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.group_info
  - identity.scim.connection
  - identity.scim.attributes.info
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.group
"""

EXAMPLES = r"""
- name: Read one group with its members
  identity.scim.group_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    display_name: Data engineers
  register: engineers

- name: Read the names of all groups
  identity.scim.group_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    attributes:
      - display_name
  register: names
"""

RETURN = r"""
groups:
  description: The groups, with SCIM's names. Always a list, even for one group or none.
  returned: success
  type: list
  elements: dict
  sample: [{id: e9e30dba, displayName: Data engineers, members: [{value: 2819c223}]}]
complete:
  description: Whether the listing is complete, as far as the module can check. It is V(false) if the pages contained fewer groups than
    the provider counts.
  returned: success
  type: bool
  sample: true
requests:
  description: Number of SCIM requests that were sent.
  returned: success
  type: int
  sample: 1
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.info import groups
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources


def main(process: Process = OWN_PROCESS) -> None:
    run(resources.info("display_name", "displayName"), groups, process, mutually_exclusive=[("id", "display_name", "filter")])


if __name__ == "__main__":
    main()
