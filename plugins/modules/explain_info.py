#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: explain_info
short_description: What a declared directory means for one person, and why
version_added: 0.1.0
description:
  - Tells of one person where they are declared, how the provider's account was found, what M(identity.scim.directory) would do with it
    and why, and for each of their groups where the membership comes from.
  - It takes the options of M(identity.scim.directory) that decide what is wanted, so that it tells of the same plan.
  - Who is not declared, out of scope, protected, expired or not there at all is told of as well.
  - Whether a limit such as C(max_removals) would refuse the plan as a whole is not told here.
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
# people.yml, which is meant below:
#   users:
#     - {user_name: kkim@example.com, title: Lead, groups: [Data engineers]}

- name: Why somebody has the access that they have
  identity.scim.explain_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - people.yml
    prune_users: deactivate
    user: kkim@example.com
  register: told

- name: The same for one who is not declared
  identity.scim.explain_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    src:
      - people.yml
    user: left@example.com
"""

RETURN = r"""
user:
  description: The user name.
  returned: success
  type: str
  sample: bjensen@example.com
declared:
  description: The C(file), C(line) and C(path) of the declaration; null where there is none.
  returned: success
  type: dict
  sample: {file: users/engineering.yml, line: 12, path: "users[3]"}
id:
  description: The id of the provider's account; null where there is none.
  returned: success
  type: str
  sample: 2819c223
matched_by:
  description: The options of O(match_on) that found it; V(previously) where it was an old name.
  returned: success
  type: list
  elements: str
  sample: [user_name]
active:
  description: Whether the account is active; null where there is none.
  returned: success
  type: bool
  sample: true
in_scope:
  description: Whether the person is the declaration's affair (O(scope_users)); null for who is nowhere.
  returned: success
  type: bool
  sample: true
protected_by:
  description: The patterns of O(protected_users) that are theirs.
  returned: success
  type: list
  elements: str
  sample: []
expires:
  description: The last valid day that is declared.
  returned: success
  type: str
  sample: "2027-01-31"
action:
  description: What would happen to the account, V(created), V(updated), V(deactivated), V(deleted), V(unchanged) or V(refused).
  returned: success
  type: str
  sample: updated
reason:
  description: What it is for.
  returned: success
  type: str
  sample: declared
attributes:
  description: The attributes that would change, from what to what.
  returned: success
  type: list
  elements: dict
  sample: [{path: title, before: Engineer, after: Lead}]
groups:
  description:
    - The groups of the person, now or as declared, with the places that declare the membership and the C(reason) in words.
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
  description: What the declaration of this person would be refused for; empty where it would not be.
  returned: success
  type: str
  sample: ""
explanation:
  description: All of it, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["bjensen@example.com is declared at users/engineering.yml:12: users[3]."]
requests:
  description: How many SCIM requests were sent.
  returned: success
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.explain import explain
from ansible_collections.identity.scim.plugins.module_utils._engine.module import run
from ansible_collections.identity.scim.plugins.module_utils._engine.options import explain as options


def main() -> None:
    run(options.explain(), explain)


if __name__ == "__main__":
    main()
