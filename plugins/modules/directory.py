#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: directory
short_description: Manage a whole directory of users and groups through SCIM 2.0
version_added: 0.1.0
description:
  - Compares the users and groups that files declare with those that a SCIM 2.0 service provider has, and makes the difference true.
  - The difference is planned first. Limits and protections speak before the first write, and in check mode nothing is written.
  - Only what is declared is managed. An attribute that is not declared is left alone, and so is whoever is not declared,
    unless O(prune_users) or O(prune_groups) says otherwise.
  - It asks for as little as it can, and writes in bulk or with several requests at a time, at the pace that the provider allows.
  - What takes access away is written first, deletions last. A run that was interrupted is finished by the next one.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.directory
  - identity.scim.sources
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.user
    description: One person. Entries of O(users) have the same form.
  - module: identity.scim.group
    description: One group. Entries of O(groups) have the same form.
notes:
  - If a run takes longer, lines on stderr tell how far it is, where the module runs on the controller.
  - If some changes fail, the others are made all the same. The task fails at the end, and the next run does what is left.
  - Passwords in files are sent when a person is created, and never compared.
"""

EXAMPLES = r"""
# users/engineering.yml, one of the files that are meant below:
#   defaults:
#     enterprise: {department: Engineering}
#     groups: [Engineering]
#   users:
#     - {user_name: bjensen@example.com, display_name: Barbara Jensen}
#     - {user_name: mmeyer@example.com, display_name: Max Meyer, expires: "2099-12-31"}
# groups.yml:
#   groups:
#     - display_name: Engineering
#     - {display_name: On call, members: [bjensen@example.com]}

- name: The plan, and nothing else
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - users/
      - groups.yml
  check_mode: true
  diff: true
  register: plan

- name: Exactly that plan, made true
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - users/
      - groups.yml
    protected_users:
      - admin@*
    expect_plan: "{{ plan.plan_digest }}"

- name: Who is not declared any more is switched off
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - users/
      - groups.yml
    prune_users: deactivate
    scope_users: userName ew "@example.com"
    max_removals: "5"

- name: A few people, right here
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    users:
      - user_name: bjensen@example.com
        title: Data engineer
        groups:
          - Data engineers
      - user_name: mmeyer@example.com
        state: absent
    groups:
      - display_name: Data engineers
"""

RETURN = r"""
plan_digest:
  description: What identifies the plan. It is the same for the same changes to the same provider.
  returned: once there is a plan, also where it was refused or a change failed
  type: str
  sample: 4f1c2a9be07d3358
summary:
  description:
    - How many users and groups were created, updated, deactivated, deleted, unchanged or failed.
    - How many memberships were added and removed.
    - In check mode, and where the plan was refused, how many would be.
  returned: once there is a plan, also where it was refused or a change failed
  type: dict
  sample:
    users: {created: 1, updated: 2, deactivated: 0, deleted: 0, unchanged: 57, failed: 0}
    groups: {created: 0, updated: 1, deactivated: 0, deleted: 0, unchanged: 2, failed: 0}
    memberships: {added: 1, removed: 0}
changes:
  description:
    - The planned changes, at most O(max_listed) of them, each with what it is for.
    - With C(attributes) from what to what, the names of who C(joins) and C(leaves) a group, and the names of C(secrets) that are sent.
    - C(undone) is why it was not made, V(refused) with the whole plan, V(failed), or V(left) for the next run; else it is empty.
  returned: once there is a plan, also where it was refused or a change failed
  type: list
  elements: dict
  sample:
    - type: User
      name: bjensen@example.com
      id: 2819c223
      action: updated
      reason: declared
      attributes: [{path: title, before: Engineer, after: Data engineer}]
      secrets: []
      joins: []
      leaves: []
      digest: 9c1e5b7d20aa4f36
      undone: ""
compared:
  description:
    - Whether all who are planned as new were looked for. At a provider that cannot be searched, or at a wrong URL, they may be there.
  returned: once there is a plan, also where it was refused or a change failed
  type: bool
  sample: true
truncated:
  description: Whether there are more changes or failures than are listed.
  returned: once there is a plan, also where it was refused or a change failed
  type: bool
  sample: false
failures:
  description: What the provider refused, with its words. The task has failed then.
  returned: once there is a plan, also where it was refused or a change failed
  type: list
  elements: dict
  sample: [{name: bjensen@example.com, type: User, error: "POST /Users was refused with 400: the title is too long"}]
requests:
  description: How many SCIM requests were sent.
  returned: once there is a plan, also where it was refused or a change failed
  type: int
  sample: 5
requests_planned:
  description: How many writing requests the plan takes.
  returned: once there is a plan, also where it was refused or a change failed
  type: int
  sample: 3
seconds_planned:
  description: The seconds that these requests take at the provider's rate. Null where no rate is known.
  returned: once there is a plan, also where it was refused or a change failed
  type: float
  sample: 0.0
duration:
  description: The seconds that the module took.
  returned: once there is a plan, also where it was refused or a change failed
  type: float
  sample: 1.2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.directory import directory
from ansible_collections.identity.scim.plugins.module_utils._engine.module import run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory as options


def main() -> None:
    run(options.directory(), directory)


if __name__ == "__main__":
    main()
