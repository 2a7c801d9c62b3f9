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
    - Nobody is pruned who is out of O(scope_users) or among O(protected_users), and never more than O(max_removals).
    type: str
    choices:
    - none
    - deactivate
    - delete
    default: none
  prune_groups:
    description:
    - What becomes of groups that are not declared. V(none) leaves them alone.
    - O(scope_groups), O(protected_groups) and O(max_removals) hold here too.
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
  max_removals:
    description:
    - How much may be taken away in one run, as a number or a percentage.
    - People deactivated or deleted, groups deleted, and memberships lost are counted, each apart.
    - A percentage is of those that are active and in scope, and never means fewer than two.
    - If there is more, nothing is written, and the message holds the line that allows exactly this plan.
    type: str
    default: 10%
  max_updates:
    description:
    - How many resources may be updated in one run. Without it, any number.
    type: int
  max_creates:
    description:
    - How many resources may be created in one run. Without it, any number.
    type: int
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
  allow_removals:
    description:
    - The digest of the one plan for which O(max_removals), O(max_updates) and O(max_creates) do not hold.
    - A refusal prints it. It is worth nothing for any other plan, so it need not be taken out again.
    type: str
  expect_plan:
    description:
    - The digest of the plan that was reviewed, as RV(plan_digest) of a run in check mode has it, or its JSON report.
      What was not reviewed is refused.
    - 'With the report, a run that was interrupted can be finished: what is left must be among what was reviewed.'
    type: str
  concurrency:
    description:
    - How many requests are sent at a time. The default is the profile's.
    type: int
  bulk:
    description:
    - Whether changes are sent many in one request, where the provider offers it.
    - Bulk answers hold no resources, so whether every attribute was stored cannot be told then.
    type: str
    choices:
    - auto
    - always
    - never
    default: auto
  on_error:
    description:
    - Whether one failure stops the others. The task fails at the end in either case.
    type: str
    choices:
    - continue
    - stop
    default: continue
  report:
    description:
    - 'Files to which the plan, or what was done, is written: as Markdown (C(.md)), HTML (C(.html)) or JSON (C(.json)).'
    - In check mode they are written too. Only their owner can read them.
    type: list
    elements: path
    default: []
  report_values:
    description:
    - Whether reports hold the values that change, or only the names of their attributes.
    type: str
    choices:
    - changed
    - none
    default: changed
  audit_log:
    description:
    - A file to which a JSON line is appended for each write, as it happens, with what was there before and after.
    type: path
  max_listed:
    description:
    - How many items RV(changes), RV(failures), the diff and the warnings hold at most.
    type: int
    default: 100
"""
