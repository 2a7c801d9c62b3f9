#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: explain_info
short_description: Explain what a declared directory means for one user
version_added: 1.0.0
description:
  - Explains where a user is declared, how the provider's account was matched, what M(identity.scim.directory) would change and why,
    and where each group membership comes from.
  - Takes the options of M(identity.scim.directory) that decide the desired state, so that both make the same plan.
  - The user can also be undeclared, outside the scope, protected, expired, or unknown to the provider.
  - Does not check limits on the whole plan, such as C(max_removals).
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.explain_info
  - identity.scim.sources
  - identity.scim.connection
  - identity.scim.attributes.info
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.directory
"""

EXAMPLES = r"""
# The tasks below use this file.
# people.yml:
#   users:
#     - {user_name: kkim@example.com, title: Lead, groups: [Data engineers]}

- name: Explain why a user has access
  identity.scim.explain_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - people.yml
    prune_users: deactivate
    user: kkim@example.com
  register: explained

- name: Explain what happens to an undeclared user
  identity.scim.explain_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - people.yml
    user: left@example.com
"""

RETURN = r"""
user:
  description: User name of the user.
  returned: success
  type: str
  sample: bjensen@example.com
declared:
  description: The C(file), C(line) and C(path) of the declaration. Null if the user is not declared.
  returned: success
  type: dict
  sample: {file: users/engineering.yml, line: 12, path: "users[3]"}
id:
  description: Id of the provider's account. Null if there is none.
  returned: success
  type: str
  sample: 2819c223
matched_by:
  description: Attributes of O(match_on) that matched the account, and V(previously) if a former name matched.
  returned: success
  type: list
  elements: str
  sample: [user_name]
active:
  description: Whether the account is active. Null if there is none.
  returned: success
  type: bool
  sample: true
in_scope:
  description: Whether the user is in the scope (O(scope_users)). Null if the user neither is declared nor has an account.
  returned: success
  type: bool
  sample: true
protected_by:
  description: Patterns of O(protected_users) that match the user.
  returned: success
  type: list
  elements: str
  sample: []
expires:
  description: Last valid day, if one is declared.
  returned: success
  type: str
  sample: "2027-01-31"
action:
  description: What would happen to the account. One of V(created), V(updated), V(deactivated), V(deleted), V(unchanged) and V(refused).
  returned: success
  type: str
  sample: updated
reason:
  description: Reason for the action.
  returned: success
  type: str
  sample: declared
attributes:
  description: Attributes that would change, with their values before and after.
  returned: success
  type: list
  elements: dict
  sample: [{path: title, before: Engineer, after: Lead}]
groups:
  description:
    - Current and declared groups of the user, with the places that declare the membership, and the C(reason) as text.
    - C(change) is V(joins), V(leaves) or null.
  returned: success
  type: list
  elements: dict
  sample:
    - group: Data engineers
      member: false
      change: joins
      declared: ["users/engineering.yml:12: users[3].groups[0]"]
      reason: "joins, as declared at users/engineering.yml:12: users[3].groups[0]"
refusal:
  description: Why the declaration of this user would be refused. Empty if it would not be.
  returned: success
  type: str
  sample: ""
explanation:
  description: The whole explanation as sentences.
  returned: success
  type: list
  elements: str
  sample: ["bjensen@example.com is declared at users/engineering.yml:12: users[3]."]
requests:
  description: Number of SCIM requests that were sent.
  returned: success
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.explain import explain
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import explain as options


def main(process: Process = OWN_PROCESS) -> None:
    run(options.explain(), explain, process)


if __name__ == "__main__":
    main()
