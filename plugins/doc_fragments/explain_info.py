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
    - User name of the user to explain, in any case, or its id, external id or a former name.
    type: str
    required: true
  multi_valued:
    description:
    - How to apply declared lists. V(exact) replaces the whole list. V(additive) adds the declared elements and
      removes none.
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
    - Whether to take over a resource that already exists.
    - If V(false) and an external id is declared, a resource with another external id is left unchanged, and the
      task fails.
    type: bool
    default: true
  membership:
    description:
    - How to apply the C(members) of a declared group. V(exact) also removes its undeclared members. V(additive)
      removes none.
    - A group that is not declared, or is declared without C(members), keeps its undeclared members.
    type: str
    choices:
    - exact
    - additive
    default: exact
  prune_users:
    description:
    - What to do with undeclared users. V(none) leaves them unchanged.
    - Users outside O(scope_users) or matching O(protected_users) are never pruned, and C(max_removals) limits the
      number.
    type: str
    choices:
    - none
    - deactivate
    - delete
    default: none
  prune_groups:
    description:
    - What to do with undeclared groups. V(none) leaves them unchanged.
    - Groups outside O(scope_groups) or matching O(protected_groups) are never pruned, and C(max_removals) limits
      the number.
    type: str
    choices:
    - none
    - delete
    default: none
  scope_users:
    description:
    - SCIM filter that selects the users that this declaration manages, such as C(userName ew "@example.com").
    - All other users are left unchanged, and declaring one of them is an error. The module evaluates the filter
      itself, on the complete listing.
    type: str
  scope_groups:
    description:
    - Same as O(scope_users), for groups.
    type: str
  match_on:
    description:
    - Attributes that identify the existing resource. Each one with a declared value is used. User names are compared
      without regard to case. It is an error if they match different resources, or if one of them matches several.
    type: list
    elements: str
    default:
    - id
    - user_name
  update_password:
    description:
    - When to send passwords. They are sent only when a user is created.
    type: str
    choices:
    - on_create
    default: on_create
  protected_users:
    description:
    - Globs of user names, such as V(admin@*). Neither the accounts nor the memberships of these users are removed.
    - It is an error to declare such a user absent or inactive, to rename the user (also by C(previously) or C(id)),
      or to remove or replace e-mail addresses, roles or entitlements of the user. The user may be given more.
    - Globs are compared without regard to case, Unicode composition and blanks around them. If all users are known,
      a glob that matches none of them is a warning.
    type: list
    elements: str
    default: []
  protected_groups:
    description:
    - Globs of group names, compared as in O(protected_users). Neither these groups nor their members are removed.
    - It is an error to rename such a group.
    - The memberships of a user that is deleted end with the account. Only O(protected_users) prevents that.
    type: list
    elements: str
    default: []
"""
