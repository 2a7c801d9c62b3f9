#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: audit_log_info
short_description: Read an audit log and create the declaration that takes a run back
version_added: 1.0.0
description:
  - Reads the audit log that M(identity.scim.directory) wrote, and creates the declaration that restores what one run changed.
  - The declaration contains only what that run wrote, as it was before. Other attributes that were changed since are left unchanged.
    Attributes that both the run and a later change wrote are restored.
  - Deleted users and groups cannot be restored, because a new account gets a new id. Created ones are kept. The result lists both.
  - This module sends no request to the provider. Run M(identity.scim.directory) with the declaration to plan, check and apply it.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.audit_log_info
  - identity.scim.connection
  - identity.scim.attributes.info
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.directory
    description: Applies the declaration.
notes:
  - A log may contain the runs of several tenants. The runs of O(url) are read, or of E(SCIM_URL) if O(url) is not set.
"""

EXAMPLES = r"""
# The tasks below use this file.
# people.yml:
#   users:
#     - {user_name: kkim@example.com, title: Lead}

- name: Apply a declaration and record each write
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - people.yml
    audit_log: audit.jsonl

- name: Create the declaration that takes the last run back
  identity.scim.audit_log_info:
    url: "{{ scim_url }}"
    path: audit.jsonl
    dest: back.yml
  register: last_run
"""

RETURN = r"""
plan_digest:
  description: Plan digests of the selected runs.
  returned: success
  type: list
  elements: str
  sample: [4f1c2a9be07d3358]
users:
  description: The users as they were before, with only what the run changed. At most O(max_listed) items.
  returned: success
  type: list
  elements: dict
  sample: [{id: 2819c223, title: Engineer}]
groups:
  description: The groups as they were before, and the memberships that were added or removed. At most O(max_listed) items.
  returned: success
  type: list
  elements: dict
  sample: [{id: e9e30dba, members: [{value: 2819c223, display: bjensen@example.com}], membership: additive}]
created:
  description: Names of the users and groups that the run created. They are kept.
  returned: success
  type: list
  elements: str
  sample: [mmeyer@example.com]
gone:
  description: Names of the users and groups that were deleted by the run or later in the log. They cannot be restored.
  returned: success
  type: list
  elements: str
  sample: [left@example.com]
runs:
  description: The runs in the log. If there are more than O(max_listed), the last ones.
  returned: success
  type: list
  elements: dict
  sample: [{plan_digest: 4f1c2a9be07d3358, time: "2026-11-24T18:42:49.000+00:00", writes: 12}]
truncated:
  description: Whether a list was cut off at O(max_listed). The file in O(dest) contains everything.
  returned: success
  type: bool
  sample: false
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.audit_log import audit_log
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run_offline
from ansible_collections.identity.scim.plugins.module_utils._engine.options import audit_log as options


def main(process: Process = OWN_PROCESS) -> None:
    run_offline(options.audit_log(), audit_log, process)


if __name__ == "__main__":
    main()
