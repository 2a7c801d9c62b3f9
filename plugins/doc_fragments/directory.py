# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
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
  max_removals:
    description:
    - Maximum number of removals in one run, as a number or a percentage.
    - It applies separately to users deactivated or deleted, groups deleted, and memberships lost. Memberships of
      deleted groups count, as far as the provider shows them. Those that end with a deleted user do not.
    - A percentage is of the active resources in scope. Any percentage above 0 allows at least two removals.
    - If a plan exceeds the limit, nothing is written, and the message contains the option that allows exactly this
      plan.
    type: str
    default: 10%
  max_updates:
    description:
    - Maximum number of resources to update in one run. Not limited by default.
    type: int
  max_creates:
    description:
    - Maximum number of resources to create in one run. Not limited by default.
    type: int
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
  allow_removals:
    description:
    - Digest of the one plan to which O(max_removals), O(max_updates) and O(max_creates) do not apply.
    - A refusal prints it. It has no effect on any other plan, so you can leave it in place.
    type: str
  expect_plan:
    description:
    - Digest of the reviewed plan, as in RV(plan_digest) of a run in check mode, or path to its JSON report. Changes
      that were not reviewed are refused.
    - 'With the report you can finish an interrupted run. All remaining changes must be among the reviewed ones.
      A report that was changed after it was written, or that was written with C(report_values: none), is refused.'
    type: str
  concurrency:
    description:
    - Maximum number of requests to send at the same time. The default is the limit of the profile.
    type: int
  bulk:
    description:
    - Whether to send many changes in one request, if the provider supports it.
    - Bulk responses contain no resources, so the module cannot check whether the provider stored every attribute.
    type: str
    choices:
    - auto
    - always
    - never
    default: auto
  on_error:
    description:
    - Whether to apply the other changes after one has failed. The task fails at the end in both cases.
    type: str
    choices:
    - continue
    - stop
    default: continue
  report:
    description:
    - Paths to the reports to write, as Markdown (C(.md)), HTML (C(.html)) or JSON (C(.json)). They hold the plan
      and its outcome.
    - They are written in check mode too. Only their owner can read them.
    type: list
    elements: path
    default: []
  report_values:
    description:
    - Whether reports contain the values that change, or only the names of their attributes.
    type: str
    choices:
    - changed
    - none
    default: changed
  audit_log:
    description:
    - Path to a file. For each write a JSON line is appended to it, as it happens, with the resource before and
      after the write.
    type: path
  lock_timeout:
    description:
    - Maximum number of seconds to wait for another run on the same machine that writes to the same provider. V(0)
      does not wait.
    - Only one run writes at a time, so that two runs do not create the same group twice.
    - Runs on different machines are not locked against each other. Check mode never waits.
    type: int
    default: 300
  max_listed:
    description:
    - Maximum number of items in RV(changes), RV(failures), the diff and the warnings.
    type: int
    default: 100
"""
