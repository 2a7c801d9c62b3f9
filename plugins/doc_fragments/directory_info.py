# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  dest:
    description:
    - 'Where the declaration is written: a file that ends with C(.yml), C(.yaml) or C(.json), or a folder, which
      then holds C(users.yml) and C(groups.yml). Without it, nothing is written.'
    - Files are written only where something differs, whole or not at all, and only their owner can read them.
    - In a folder, files of an earlier export that hold nobody any more are removed. They are known by their first
      line; other files are never touched.
    type: path
  split_by:
    description:
    - An attribute with one value, such as V(enterprise.department). In the folder O(dest), people of each value
      have a file, such as C(users-engineering.yml), and people without a value are in C(users.yml).
    type: str
  filter_users:
    description:
    - A SCIM filter, such as C(userName ew "@example.com"), that says which users are exported.
    - It is evaluated here, on the complete listing, since members are called by the names of all.
    type: str
  filter_groups:
    description:
    - As O(filter_users), for groups.
    type: str
  max_listed:
    description:
    - How many items RV(users), RV(groups) and warnings hold at most. Files hold all.
    type: int
    default: 100
"""
