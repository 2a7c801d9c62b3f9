#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: group
short_description: Manage a group and its members through SCIM 2.0
version_added: 1.0.0
description:
  - Creates, updates or deletes a group of a SCIM 2.0 service provider (RFC 7643, RFC 7644), and adds and removes its members.
  - Manages only what is declared. Undeclared attributes are left unchanged, and so are the members if O(members) is not set.
  - Declare members by user name, by id, or by the name of another group.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.group
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.group_info
  - module: identity.scim.user
  - module: identity.scim.directory
    description: Manages many users and groups in one task, from files.
notes:
  - In check mode this task fails if a member would be created by an earlier task of the same play, because it does not exist yet.
    M(identity.scim.directory) plans users and groups together.
"""

EXAMPLES = r"""
- name: Create a group with exactly these two members
  identity.scim.group:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    display_name: Data engineers
    members:
      - bjensen@example.com
      - mmeyer@example.com

- name: Add a member and keep the others
  identity.scim.group:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    display_name: Data engineers
    members:
      - kkim@example.com
    membership: additive

- name: Create a group that has another group as a member
  identity.scim.group:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    display_name: Engineering
    members:
      - Data engineers

- name: Delete a group
  identity.scim.group:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    display_name: Engineering
    state: absent
"""

RETURN = r"""
action:
  description: What was done with the group, or would be done in check mode. One of V(created), V(updated), V(deleted) and V(unchanged).
  returned: success, and when the provider refused something
  type: str
  sample: updated
group:
  description: The group as the service provider returned it, with SCIM's names. Empty if there is none.
  returned: success, and when the provider refused something
  type: dict
  sample: {id: e9e30dba, displayName: Data engineers, members: [{value: 2819c223}]}
operations:
  description: The write requests that were sent. Empty in check mode.
  returned: success, and when the provider refused something
  type: list
  elements: dict
  sample: [{method: DELETE, path: /Groups/e9e30dba}]
requests:
  description: Number of SCIM requests that were sent.
  returned: success, and when the provider refused something
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import group
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources


def main(process: Process = OWN_PROCESS) -> None:
    run(resources.group(), group, process)


if __name__ == "__main__":
    main()
