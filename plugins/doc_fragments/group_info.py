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
    - Id of the resource to read.
    type: str
  display_name:
    description:
    - Name of the resource to read, in any case.
    type: str
    aliases:
    - displayName
  filter:
    description:
    - SCIM filter (RFC 7644 section 3.4.2.2) that selects the resources to read, such as C(active eq true).
    - If no id, name or filter is set, all resources are read.
    type: str
  attributes:
    description:
    - Attributes to read and return, such as V(user_name) or V(name.family_name).
    - If empty, all attributes are read and returned.
    type: list
    elements: str
    default: []
"""
