#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: user
short_description: Manage a user through SCIM 2.0
version_added: 1.0.0
description:
  - Creates, updates or deletes a user of a SCIM 2.0 service provider (RFC 7643, RFC 7644), such as Matillion's Data Productivity Cloud.
  - Manages only what is declared. Undeclared attributes are left unchanged.
  - Reports C(changed) from the provider's response, not from what was sent. If the provider accepts an attribute and does not store
    it, the module warns.
  - Options have names in Ansible's style and SCIM's names as aliases, so you can paste a SCIM document as YAML.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.user
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.user_info
  - module: identity.scim.group
  - module: identity.scim.directory
    description: Manages many users in one task, from files, with limits on what may be removed.
notes:
  - Quote text that YAML would read as something else, such as C("NO") or C("00123"). The module refuses a value that is not text.
  - In check mode this task fails if a group would be created by an earlier task of the same play, because it does not exist yet.
    M(identity.scim.directory) plans users and groups together.
"""

EXAMPLES = r"""
- name: Create a user and add it to a group
  identity.scim.user:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    user_name: bjensen@example.com
    name:
      given_name: Barbara
      family_name: Jensen
    emails:
      - value: bjensen@example.com
        type: work
        primary: true
    active: true
    groups:
      - Data engineers

- name: Clear the title and change the department
  identity.scim.user:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    user_name: bjensen@example.com
    clear:
      - title
    enterprise:
      department: Research

- name: Use a SCIM document as it is
  identity.scim.user:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    schemas:
      - urn:ietf:params:scim:schemas:core:2.0:User
      - urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
    userName: mmeyer@example.com
    displayName: Max Meyer
    x509Certificates: []
    urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:
      employeeNumber: "00123"

- name: Deactivate a user
  identity.scim.user:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    user_name: mmeyer@example.com
    active: false

- name: Delete a user
  identity.scim.user:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    user_name: mmeyer@example.com
    state: absent
"""

RETURN = r"""
action:
  description: What was done with the user, or would be done in check mode. One of V(created), V(updated), V(deleted) and V(unchanged).
  returned: success, and when the provider refused something
  type: str
  sample: updated
user:
  description: The user as the service provider returned it, with SCIM's names and without a password. Empty if there is none.
  returned: success, and when the provider refused something
  type: dict
  sample: {id: 2819c223, userName: bjensen@example.com, active: true}
operations:
  description: The write requests that were sent, with secrets masked. Empty in check mode.
  returned: success, and when the provider refused something
  type: list
  elements: dict
  sample: [{method: DELETE, path: /Users/2819c223}]
requests:
  description: Number of SCIM requests that were sent.
  returned: success, and when the provider refused something
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import user
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources


def main(process: Process = OWN_PROCESS) -> None:
    run(resources.user(), user, process)


if __name__ == "__main__":
    main()
