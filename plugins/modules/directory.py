#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: directory
short_description: Manage a whole directory of users and groups through SCIM 2.0
version_added: 1.0.0
description:
  - Compares the users and groups that are declared in files with those of a SCIM 2.0 service provider, and applies the differences.
  - Plans all changes first. Limits and protections are checked before the first write. In check mode nothing is written.
  - Manages only what is declared. Undeclared attributes are left unchanged, and so are undeclared users and groups,
    unless O(prune_users) or O(prune_groups) is set.
  - Reads as little as possible, and writes in bulk or with several requests at the same time, at the rate that the provider allows.
  - Applies changes that remove access first, and deletions last. The next run finishes a run that was interrupted.
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
    description: Manages one user. Entries of O(users) have the same form.
  - module: identity.scim.group
    description: Manages one group. Entries of O(groups) have the same form.
notes:
  - During a long run, the progress is printed to stderr if the module runs on the controller.
  - If some changes fail, the others are still applied, unless O(on_error) is V(stop). The task fails at the end, and the next run
    applies the remaining changes.
  - Passwords in files are sent when a user is created. They are never compared.
"""

EXAMPLES = r"""
# The tasks below use these two files.
# users/engineering.yml:
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

- name: Show the plan without applying it
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - users/
      - groups.yml
  check_mode: true
  diff: true
  register: plan

- name: Apply exactly that plan
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - users/
      - groups.yml
    protected_users:
      - admin@*
    expect_plan: "{{ plan.plan_digest }}"

- name: Deactivate users that are no longer declared
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - users/
      - groups.yml
    prune_users: deactivate
    scope_users: userName ew "@example.com"
    max_removals: "5"

- name: Declare a few users in the task
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
  description: Digest that identifies the plan. The same changes to the same provider have the same digest.
  returned: when there is a plan, even if it was refused or a change failed
  type: str
  sample: 4f1c2a9be07d3358
summary:
  description:
    - Numbers of users and groups that were created, updated, deactivated, deleted, unchanged or failed.
    - Numbers of memberships that were added and removed.
    - In check mode, and if the plan was refused, these are the planned numbers.
  returned: when there is a plan, even if it was refused or a change failed
  type: dict
  sample:
    users: {created: 1, updated: 2, deactivated: 0, deleted: 0, unchanged: 57, failed: 0}
    groups: {created: 0, updated: 1, deactivated: 0, deleted: 0, unchanged: 2, failed: 0}
    memberships: {added: 1, removed: 0}
changes:
  description:
    - The planned changes, each with its C(reason). At most O(max_listed) items, those that failed or remove something first.
    - C(attributes) has the values before and after. C(joins) and C(leaves) are the names of the members that join or leave a group,
      C(secrets) the names of the secrets that are sent.
    - C(undone) is empty if the change was applied. Otherwise it is V(refused) (with the whole plan), V(failed), or V(left) for the
      next run. In check mode it is empty, unless the plan was refused.
  returned: when there is a plan, even if it was refused or a change failed
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
presets:
  description: The presets by which CSV files of known products were read, by file.
  returned: when there is a plan, even if it was refused or a change failed
  type: dict
  sample: {hr.csv: bamboohr}
compared:
  description:
    - Whether the module could check that all resources to create do not exist yet. At a provider that cannot be searched, or at a
      wrong URL, they may exist.
  returned: when there is a plan, even if it was refused or a change failed
  type: bool
  sample: true
truncated:
  description: Whether RV(changes) or RV(failures) was cut off at O(max_listed).
  returned: when there is a plan, even if it was refused or a change failed
  type: bool
  sample: false
failures:
  description: What the provider refused, with its message. If there is any, the task fails.
  returned: when there is a plan, even if it was refused or a change failed
  type: list
  elements: dict
  sample: [{name: bjensen@example.com, type: User, error: "POST /Users was refused with 400: the title is too long"}]
requests:
  description: Number of SCIM requests that were sent.
  returned: when there is a plan, even if it was refused or a change failed
  type: int
  sample: 5
requests_planned:
  description: Number of write requests that the plan needs.
  returned: when there is a plan, even if it was refused or a change failed
  type: int
  sample: 3
seconds_planned:
  description: Number of seconds that these requests take at the provider's rate. Null if the rate is not known.
  returned: when there is a plan, even if it was refused or a change failed
  type: float
  sample: 0.0
duration:
  description: Number of seconds that the module took.
  returned: when there is a plan, even if it was refused or a change failed
  type: float
  sample: 1.2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.directory import directory
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory as options


def main(process: Process = OWN_PROCESS) -> None:
    run(options.directory(), directory, process)


if __name__ == "__main__":
    main()
