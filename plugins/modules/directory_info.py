#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: directory_info
short_description: Export a whole directory of users and groups as a declaration
version_added: 0.1.0
description:
  - Reads all users and groups of a SCIM 2.0 service provider, in the form that M(identity.scim.directory) reads.
    That module, run on the export, changes nothing.
  - The export holds what is ours to write and what the provider shows, so there are no ids, no secrets and nothing read-only in it.
    Members are called by name. An id stands only where a name would mean several.
  - It is always in the same order, so that changes in git are small, and a value that YAML would take for something else is quoted.
  - What cannot be exported is left out, and a warning names it. A listing that is not complete is an error, since an export of it
    would look as if the others were gone.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.directory_info
  - identity.scim.connection
  - identity.scim.attributes.action_group
attributes:
  check_mode:
    support: full
    description: In check mode no file is written. From the provider, the module only reads.
  diff_mode:
    support: none
    description: The files are for git, which shows what differs.
  idempotent:
    support: full
    description: A second run writes nothing.
seealso:
  - module: identity.scim.directory
notes:
  - Where listings of groups hold no members, each group is asked for by itself.
"""

EXAMPLES = r"""
- name: Everybody and every group, in one file
  identity.scim.directory_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    dest: directory.yml

- name: A folder with a file for each department
  identity.scim.directory_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    dest: directory/
    split_by: enterprise.department
    filter_users: userName ew "@example.com"
  register: export

- name: Nothing differs from what was exported
  identity.scim.directory:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - directory.yml
"""

RETURN = r"""
users:
  description: The users as they are declared, at most O(max_listed) of them.
  returned: success
  type: list
  elements: dict
  sample: [{user_name: bjensen@example.com, name: {family_name: Jensen}, active: true}]
groups:
  description: The groups as they are declared, at most O(max_listed) of them.
  returned: success
  type: list
  elements: dict
  sample: [{display_name: Data engineers, members: [bjensen@example.com]}]
truncated:
  description: Whether there are more users or groups than are listed. The files hold all.
  returned: success
  type: bool
  sample: false
files:
  description: The files that hold the export.
  returned: success
  type: list
  elements: str
  sample: [directory.yml]
complete:
  description: Whether all that can be declared is in the export. Where it is false, warnings tell what was left out.
  returned: success
  type: bool
  sample: true
requests:
  description: How many SCIM requests were sent.
  returned: success
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.export import directory
from ansible_collections.identity.scim.plugins.module_utils._engine.module import run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import export


def main() -> None:
    run(export.directory_info(), directory, required_by={"split_by": ["dest"]})


if __name__ == "__main__":
    main()
