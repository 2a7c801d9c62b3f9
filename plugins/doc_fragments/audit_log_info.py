# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  path:
    description:
    - The file that M(identity.scim.directory) wrote as C(audit_log).
    type: path
    required: true
  plan_digest:
    description:
    - The digests of the runs that are meant. Several are one run that was interrupted and finished.
    - Without it, the last run of the file is meant.
    type: list
    elements: str
    default: []
  dest:
    description:
    - A file, as YAML or JSON, to which the declaration is written that takes the run back.
    - In check mode it is written as well. Only its owner can read it.
    type: path
  max_listed:
    description:
    - How many items each list in the result holds at most.
    type: int
    default: 100
"""
