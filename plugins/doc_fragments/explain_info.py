# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  user:
    description:
    - The user name of one person, in any case, or the id, the external id, or a name that they had before.
    type: str
    required: true
  multi_valued:
    description:
    - With V(exact) a declared list is the whole list. With V(additive) the elements that are declared are added,
      and none is removed.
    type: str
    choices:
    - exact
    - additive
    default: exact
  ignore_attributes:
    description:
    - Paths of attributes that are neither compared nor sent, such as V(title) or V(name.formatted).
    type: list
    elements: str
    default: []
  adopt:
    description:
    - Whether a resource that exists already is taken over.
    - With V(false), one whose external id is not the declared one is left alone, which is an error.
    type: bool
    default: true
  membership:
    description:
    - With V(exact), whoever is a member of a group that is declared with members, and is not declared to be one,
      leaves it.
    - Groups that are not declared keep their members.
    type: str
    choices:
    - exact
    - additive
    default: exact
  prune_users:
    description:
    - What becomes of users who are not declared. V(none) leaves them alone.
    - Nobody is pruned who is out of O(scope_users) or among O(protected_users), and never more than C(max_removals).
    type: str
    choices:
    - none
    - deactivate
    - delete
    default: none
  prune_groups:
    description:
    - What becomes of groups that are not declared. V(none) leaves them alone.
    - O(scope_groups), O(protected_groups) and C(max_removals) hold here too.
    type: str
    choices:
    - none
    - delete
    default: none
  scope_users:
    description:
    - A SCIM filter, such as C(userName ew "@example.com"), that says which users this declaration owns at all.
    - Others are left alone, and declaring one of them is an error. It is evaluated here, on the complete listing.
    type: str
  scope_groups:
    description:
    - As O(scope_users), for groups.
    type: str
  match_on:
    description:
    - Attributes that find the existing resource. Each is used whose value is declared. The case of a user name
      does not matter. Attributes that find different resources, or one that finds several, are an error.
    type: list
    elements: str
    default:
    - id
    - user_name
  update_password:
    description:
    - Passwords are sent only when a person is created.
    type: str
    choices:
    - on_create
    default: on_create
  protected_users:
    description:
    - 'Globs of user names, such as V(admin@*), from whom nothing is taken: neither the account nor a membership.'
    - A declaration that says that one of them is absent or inactive is an error.
    type: list
    elements: str
    default: []
  protected_groups:
    description:
    - 'Globs of group names from which nothing is taken: neither the group nor a member.'
    type: list
    elements: str
    default: []
"""
