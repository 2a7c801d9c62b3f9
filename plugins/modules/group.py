#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: group
short_description: Manage one group and its members through SCIM 2.0
version_added: 0.1.0
description:
  - Creates, updates or deletes a group of a SCIM 2.0 service provider (RFC 7643, RFC 7644), and makes its members the declared ones.
  - Only what is declared is managed. An attribute that is not declared is left alone, and so are the members.
  - Members are declared by user name, id or the name of another group.
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
    description: Many groups and people in one task, from files.
notes:
  - In check mode a member whom an earlier task of the same play would make is not there yet, so this task fails.
    M(identity.scim.directory) plans people and their groups together.
"""

EXAMPLES = r"""
- name: The data engineers are these two, and nobody else
  identity.scim.group:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    display_name: Data engineers
    members:
      - bjensen@example.com
      - mmeyer@example.com

- name: One more, whoever else is in it
  identity.scim.group:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    display_name: Data engineers
    members:
      - kkim@example.com
    membership: additive

- name: A group that holds another one
  identity.scim.group:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    display_name: Engineering
    members:
      - Data engineers

- name: No such group
  identity.scim.group:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    display_name: Engineering
    state: absent
"""

RETURN = r"""
action:
  description: What happened to the group, or in check mode would happen. One of V(created), V(updated), V(deleted) and V(unchanged).
  returned: success, and where the provider refused something
  type: str
  sample: updated
group:
  description: The group as the service provider gives it, under SCIM's names. Empty where there is none.
  returned: success, and where the provider refused something
  type: dict
  sample: {id: e9e30dba, displayName: Data engineers, members: [{value: 2819c223}]}
operations:
  description: The writing requests that were sent. None in check mode.
  returned: success, and where the provider refused something
  type: list
  elements: dict
  sample: [{method: DELETE, path: /Groups/e9e30dba}]
requests:
  description: How many SCIM requests were sent.
  returned: success, and where the provider refused something
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import group
from ansible_collections.identity.scim.plugins.module_utils._engine.module import run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources


def main() -> None:
    run(resources.group(), group)


if __name__ == "__main__":
    main()
