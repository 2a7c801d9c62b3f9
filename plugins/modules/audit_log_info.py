#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: audit_log_info
short_description: The runs of an audit log, and the declaration that takes one of them back
version_added: 0.1.0
description:
  - Reads the audit log that M(identity.scim.directory) wrote, and makes the declaration that puts back what one run has changed.
  - Only what that run wrote is declared, as it was before. Attributes that were set since by somebody else are left alone,
    unless they are the same ones.
  - Who was deleted is gone, since nobody can give an id back, and who was created stays. Both are named.
  - It asks no service provider. M(identity.scim.directory), run on the declaration, plans, guards and applies it like any other.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.audit_log_info
  - identity.scim.connection
  - identity.scim.attributes.info
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.directory
    description: Makes the declaration true.
notes:
  - A log may hold the runs of several tenants. Those of O(url) are read, else of E(SCIM_URL).
"""

EXAMPLES = r"""
# people.yml, which is meant below:
#   users:
#     - {user_name: kkim@example.com, title: Lead}

- name: A run that is regretted later
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - people.yml
    audit_log: audit.jsonl

- name: What it did
  identity.scim.audit_log_info:
    url: "{{ scim_url }}"
    path: audit.jsonl
    dest: back.yml
  register: regretted
"""

RETURN = r"""
plan_digest:
  description: The digests of the runs that are meant.
  returned: success
  type: list
  elements: str
  sample: [4f1c2a9be07d3358]
users:
  description: The users as they were, as far as the run changed them, at most O(max_listed) of them.
  returned: success
  type: list
  elements: dict
  sample: [{id: 2819c223, title: Engineer}]
groups:
  description: The groups as they were, and the memberships that were added or removed.
  returned: success
  type: list
  elements: dict
  sample: [{id: e9e30dba, members: [{value: 2819c223, display: bjensen@example.com}], membership: additive}]
created:
  description: The names of who was created, and stays.
  returned: success
  type: list
  elements: str
  sample: [mmeyer@example.com]
gone:
  description: The names of who was deleted then or later in the log, and cannot be brought back.
  returned: success
  type: list
  elements: str
  sample: [left@example.com]
runs:
  description: The runs of the log, the last ones where there are more than O(max_listed).
  returned: success
  type: list
  elements: dict
  sample: [{plan_digest: 4f1c2a9be07d3358, time: "2026-11-24T18:42:49.000+00:00", writes: 12}]
truncated:
  description: Whether there is more than is listed. The file holds all.
  returned: success
  type: bool
  sample: false
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.audit_log import audit_log
from ansible_collections.identity.scim.plugins.module_utils._engine.module import run_offline
from ansible_collections.identity.scim.plugins.module_utils._engine.options import audit_log as options


def main() -> None:
    run_offline(options.audit_log(), audit_log)


if __name__ == "__main__":
    main()
