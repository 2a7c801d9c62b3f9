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
    - 'Path to write the declaration to: a file that ends with C(.yml), C(.yaml), C(.json) or C(.csv), or a folder,
      which then contains C(users.yml) and C(groups.yml). If not set, no file is written.'
    - A C(.csv) file has the users with the names of their groups, for a spreadsheet. It does not declare the groups
      themselves.
    - A file is written only if its content differs, and either completely or not at all. Only its owner can read
      it.
    - In a folder, files of an earlier export that contain no user or group any more are removed. They are recognized
      by their first line. Other files are never changed.
    type: path
  split_by:
    description:
    - Attribute with one value, such as V(enterprise.department), by which to split the users in the folder O(dest).
      Users with the same value are in one file, such as C(users-engineering.yml), and users without a value in
      C(users.yml).
    type: str
  filter_users:
    description:
    - SCIM filter that selects the users to export, such as C(userName ew "@example.com").
    - The module evaluates it itself, on the complete listing, because it needs the names of all users to name members.
    type: str
  filter_groups:
    description:
    - Same as O(filter_users), for groups.
    type: str
  max_listed:
    description:
    - Maximum number of items in RV(users), RV(groups) and the warnings. The files contain all of them.
    type: int
    default: 100
"""
