# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  match_on:
    description:
    - Attributes that find the existing resource. Each is used whose value is declared. The case of a user name
      does not matter. Attributes that find different resources, or one that finds several, are an error.
    type: list
    elements: str
    default:
    - id
    - user_name
  membership:
    description:
    - As in M(identity.scim.directory), so that the same options can be given to both. It changes nothing here.
    type: str
    choices:
    - exact
    - additive
    default: exact
  junit:
    description:
    - A file to which the result is written as JUnit XML too, which pipelines show beside a pull request.
    - In check mode it is written as well. Only its owner can read it.
    type: path
  max_listed:
    description:
    - How many items RV(problems) and the warnings hold at most.
    type: int
    default: 100
"""
