#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: user_info
short_description: Read users through SCIM 2.0
version_added: 1.0.0
description:
  - Reads one user by id or name, the users that a filter selects, or all users, from all pages.
  - The module checks the result of a filter again, in case the service provider ignores filters.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.user_info
  - identity.scim.connection
  - identity.scim.attributes.info
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.user
"""

EXAMPLES = r"""
- name: Read one user
  identity.scim.user_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    user_name: bjensen@example.com
  register: barbara

- name: Read the names of all inactive users
  identity.scim.user_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    filter: active eq false
    attributes:
      - user_name
      - name.family_name
  register: inactive
"""

RETURN = r"""
users:
  description: The users, with SCIM's names. Always a list, even for one user or none.
  returned: success
  type: list
  elements: dict
  sample: [{id: 2819c223, userName: bjensen@example.com, active: true}]
complete:
  description: Whether the listing is complete, as far as the module can check. It is V(false) if the pages contained fewer users than
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

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.info import users
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources


def main(process: Process = OWN_PROCESS) -> None:
    run(resources.info("user_name", "userName"), users, process, mutually_exclusive=[("id", "user_name", "filter")])


if __name__ == "__main__":
    main()
