#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: user
short_description: Manage one person's account through SCIM 2.0
version_added: 0.1.0
description:
  - Creates, updates or deletes a user of a SCIM 2.0 service provider (RFC 7643, RFC 7644), such as Matillion's Data Productivity Cloud.
  - Only what is declared is managed. An attribute that is not declared is left alone.
  - Whether something is C(changed) is read from what the provider answers, not from what was sent. An attribute that it accepts
    and does not store is a warning.
  - Options are named as Ansible's are, and take SCIM's own names as aliases, so that a SCIM document can be pasted as YAML.
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
    description: Many people in one task, from files, with limits on what may be removed.
notes:
  - Text that YAML would read as something else must be quoted, such as C("NO") or C("00123"). The module refuses what is not text.
  - In check mode a group that an earlier task of the same play would make is not there yet, so this task fails.
    M(identity.scim.directory) plans people and their groups together.
"""

EXAMPLES = r"""
- name: Barbara has an account and is a data engineer
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

- name: Her title is gone, and she is with another department
  identity.scim.user:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    user_name: bjensen@example.com
    clear:
      - title
    enterprise:
      department: Research

- name: A SCIM document, as it is
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

- name: An account that is switched off and can be switched on again
  identity.scim.user:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    user_name: mmeyer@example.com
    active: false

- name: No account at all
  identity.scim.user:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    user_name: mmeyer@example.com
    state: absent
"""

RETURN = r"""
action:
  description: What happened to the user, or in check mode would happen. One of V(created), V(updated), V(deleted) and V(unchanged).
  returned: success, and where the provider refused something
  type: str
  sample: updated
user:
  description: The user as the service provider gives it, under SCIM's names and without a password. Empty where there is none.
  returned: success, and where the provider refused something
  type: dict
  sample: {id: 2819c223, userName: bjensen@example.com, active: true}
operations:
  description: The writing requests that were sent, with secrets masked. None in check mode.
  returned: success, and where the provider refused something
  type: list
  elements: dict
  sample: [{method: DELETE, path: /Users/2819c223}]
requests:
  description: How many SCIM requests were sent.
  returned: success, and where the provider refused something
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import user
from ansible_collections.identity.scim.plugins.module_utils._engine.module import run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources


def main() -> None:
    run(resources.user(), user)


if __name__ == "__main__":
    main()
