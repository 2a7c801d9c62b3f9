#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: directory_info
short_description: Export a whole directory of users and groups as a declaration
version_added: 1.0.0
description:
  - Reads all users and groups of a SCIM 2.0 service provider, in the form that M(identity.scim.directory) reads.
    Running that module on the export changes nothing.
  - The export contains what can be written and what the provider returns, so it has no ids, no secrets and no read-only attributes.
    Members are listed by name. An id is used only if a name is ambiguous.
  - The order is always the same, so that changes in git are small. Values that YAML would read as something else are quoted.
  - What cannot be exported is left out, with a warning. An incomplete listing is an error, because the missing users and groups would
    look deleted.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.directory_info
  - identity.scim.connection
  - identity.scim.attributes.action_group
attributes:
  check_mode:
    support: full
    description: In check mode no file is written. The module only reads from the provider.
  diff_mode:
    support: none
    description: Use git to see what differs in the files.
  idempotent:
    support: full
    description: A second run writes nothing.
seealso:
  - module: identity.scim.directory
notes:
  - If the provider's listing of groups contains no members, each group is requested separately.
"""

EXAMPLES = r"""
- name: Export all users and groups to one file
  identity.scim.directory_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    dest: directory.yml

- name: Export to a folder with a file for each department
  identity.scim.directory_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    dest: directory/
    split_by: enterprise.department
    filter_users: userName ew "@example.com"
  register: export

- name: Apply the export, which changes nothing
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - directory.yml
"""

RETURN = r"""
users:
  description: The users in the form of a declaration. At most O(max_listed) items.
  returned: success
  type: list
  elements: dict
  sample: [{user_name: bjensen@example.com, name: {family_name: Jensen}, active: true}]
groups:
  description: The groups in the form of a declaration. At most O(max_listed) items.
  returned: success
  type: list
  elements: dict
  sample: [{display_name: Data engineers, members: [bjensen@example.com]}]
truncated:
  description: Whether RV(users) or RV(groups) was cut off at O(max_listed). The files contain all of them.
  returned: success
  type: bool
  sample: false
files:
  description: Paths of the files that contain the export.
  returned: success
  type: list
  elements: str
  sample: [directory.yml]
lists_users:
  description: Whether the provider can list its users. If V(false), the module fails.
  returned: success, and failure where the provider answers that it cannot
  type: bool
  sample: true
complete:
  description: Whether the export contains everything that can be declared. If V(false), warnings list what was left out.
  returned: success
  type: bool
  sample: true
requests:
  description: Number of SCIM requests that were sent.
  returned: success
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.export import directory
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import export


def main(process: Process = OWN_PROCESS) -> None:
    run(export.directory_info(), directory, process, required_by={"split_by": ["dest"]})


if __name__ == "__main__":
    main()
