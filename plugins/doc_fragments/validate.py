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
    - Attributes that identify the existing resource. Each one with a declared value is used. User names are compared
      without regard to case. It is an error if they match different resources, or if one of them matches several.
    type: list
    elements: str
    default:
    - id
    - user_name
  membership:
    description:
    - Accepted so that you can set the same options as for M(identity.scim.directory). It has no effect here.
    type: str
    choices:
    - exact
    - additive
    default: exact
  junit:
    description:
    - Path to a JUnit XML file to write the result to. Pipelines show it on a pull request.
    - It is written in check mode too. Only its owner can read it.
    type: path
  sarif:
    description:
    - Path to a SARIF 2.1.0 file to write the result to. Code scanning of GitHub shows it on the lines of the files.
    - 'Paths in it begin at the root of the git repository. The name of the file is the category of the result:
      use another one for each tenant.'
    - It is written in check mode too, and empty of results if there are none. Only its owner can read it.
    type: path
  code_climate:
    description:
    - Path to a Code Quality report (JSON of Code Climate) to write the result to. GitLab shows it in a merge request.
    - Paths in it begin at the root of the git repository.
    - It is written in check mode too, and empty if there is nothing to report. Only its owner can read it.
    type: path
  max_listed:
    description:
    - Maximum number of items in RV(problems) and the warnings.
    type: int
    default: 100
"""
