# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  id:
    description:
    - The id of the one resource to read.
    type: str
  user_name:
    description:
    - The name of the resource to read, in any case.
    type: str
    aliases:
    - userName
  filter:
    description:
    - A SCIM filter (RFC 7644 section 3.4.2.2), such as C(active eq true).
    - If there is neither id nor name nor filter, all are read.
    type: str
  attributes:
    description:
    - Only these attributes are read and returned, such as V(user_name) or V(name.family_name).
    - Without it, all are.
    type: list
    elements: str
    default: []
"""
