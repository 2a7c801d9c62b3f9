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
    - Path to the file that M(identity.scim.directory) wrote as its C(audit_log).
    type: path
    required: true
  plan_digest:
    description:
    - Plan digests of the runs to take back. Set several for one run that was interrupted and finished later.
    - If empty, the last run in the file is used.
    type: list
    elements: str
    default: []
  dest:
    description:
    - Path to a YAML or JSON file. The declaration that takes the run back is written to it.
    - It is written in check mode too. Only its owner can read it.
    type: path
  max_listed:
    description:
    - Maximum number of items in each list of the result.
    type: int
    default: 100
"""
