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
  - It asks for as little as it can, and writes in bulk or with several requests at a time, at the pace that the provider allows.
  - What takes access away is written first, deletions last. A run that was interrupted is finished by the next one.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.directory
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.user
  - module: identity.scim.group
notes:
  - While it works, a line on stderr tells how far it is, where the module runs on the controller.
"""

EXAMPLES = r"""
- name: Everybody, as declared in these files
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - users/
      - groups.yml
    protected_users:
      - admin@*

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
    groups:
      - display_name: Data engineers
"""

RETURN = r"""
plan_digest:
  description: What identifies the plan. It is the same for the same changes to the same provider.
  returned: success
  type: str
  sample: 4f1c2a9be07d3358
summary:
  description:
    - How many users and groups were created, updated, deactivated, deleted, unchanged or failed, and how many memberships added and removed.
    - In check mode, how many would be.
  returned: success
  type: dict
  sample:
    users: {created: 1, updated: 2, deactivated: 0, deleted: 0, unchanged: 57, failed: 0}
    groups: {created: 0, updated: 1, deactivated: 0, deleted: 0, unchanged: 2, failed: 0}
    memberships: {added: 1, removed: 0}
changes:
  description: The planned changes, at most O(max_listed) of them, attribute by attribute.
  returned: success
  type: list
  elements: dict
truncated:
  description: Whether there are more changes or failures than are listed.
  returned: success
  type: bool
  sample: false
failures:
  description: What the provider refused, with its words.
  returned: success
  type: list
  elements: dict
requests:
  description: How many SCIM requests were sent.
  returned: success
  type: int
  sample: 5
requests_planned:
  description: How many writing requests the plan takes.
  returned: success
  type: int
  sample: 3
seconds_planned:
  description: The seconds that these requests take at the provider's rate. Null where no rate is known.
  returned: success
  type: float
  sample: 0.0
duration:
  description: The seconds that the module took.
  returned: success
  type: float
  sample: 1.2
"""

from ansible_collections.identity.scim.plugins.module_utils.directory.several import directory
from ansible_collections.identity.scim.plugins.module_utils.edge import run
from ansible_collections.identity.scim.plugins.module_utils.options import directory as options


def main() -> None:
    run(options.directory(), directory)


if __name__ == "__main__":
    main()
