#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: validate
short_description: Check a declared directory without a provider
version_added: 1.0.0
description:
  - Reads the files that M(identity.scim.directory) reads, and reports every error in them with its file, line and path.
  - Sends no request to the provider and needs neither a URL nor a credential, so it can run on every pull request.
  - Warns of what is valid but may be a mistake, such as undeclared members, groups that are members of each other, expired users,
    and two users with the same external id or e-mail address.
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.validate
  - identity.scim.sources
  - identity.scim.connection
  - identity.scim.attributes.info
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.directory
    description: Applies the declaration.
notes:
  - Connection options are accepted so that you can set them once for all modules. Only O(provider) and O(url) are used, because some
    providers have additional attributes. Nothing is sent.
"""

EXAMPLES = r"""
# The tasks below use these two files.
# users/engineering.yml:
#   users:
#     - {user_name: bjensen@example.com, display_name: Barbara Jensen, groups: [Engineering]}
# groups.yml:
#   groups:
#     - display_name: Engineering

- name: Report all errors, without a credential
  identity.scim.validate:
    src:
      - users/
      - groups.yml

- name: Also write the result for a pipeline
  identity.scim.validate:
    src:
      - users/
      - groups.yml
    provider: matillion
    junit: validate.xml
    code_climate: validate.codequality.json
"""

RETURN = r"""
users:
  description: Number of declared users.
  returned: when the sources can be read, even if they have errors
  type: int
  sample: 57
groups:
  description: Number of declared groups.
  returned: when the sources can be read, even if they have errors
  type: int
  sample: 3
problems:
  description:
    - The errors. At most O(max_listed) items. If there are any, the task fails, and its message lists them.
    - C(line) is null if the line is not known, and C(expected) may be empty.
  returned: when the sources can be read, even if they have errors
  type: list
  elements: dict
  sample:
    - file: users/engineering.yml
      line: 12
      path: users[3].emails[0].value
      found: found "bjensen"
      expected: an e-mail address such as bjensen@example.com
presets:
  description: The presets by which CSV files of known products were read, by file.
  returned: when the sources can be read, even if they have errors
  type: dict
  sample: {hr.csv: bamboohr}
unread_columns:
  description: The headings of columns that have texts and are not read, by file, of tables that a preset or a mapping reads.
  returned: when the sources can be read, even if they have errors
  type: dict
  sample: {hr.csv: [Location, Hire Date]}
mappings:
  description:
    - For each CSV file with unknown headings, a mapping to save beside it as a YAML file, and its first user as the mapping reads it.
    - It has only columns whose meaning is certain. A password is never one of them.
    - They are printed as well, on the standard error, in lines that can be copied into the file.
  returned: when the sources can be read, even if they have errors
  type: list
  elements: dict
  sample:
    - file: staff.csv
      mapping: "csv: staff.csv\ncolumns:\n  user_name: Mail\n"
      first_user: {userName: bjensen@example.com}
truncated:
  description: Whether RV(problems) or the warnings were cut off at O(max_listed).
  returned: when the sources can be read, even if they have errors
  type: bool
  sample: false
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.validate import validate
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run_offline
from ansible_collections.identity.scim.plugins.module_utils._engine.options import validate as options


def main(process: Process = OWN_PROCESS) -> None:
    run_offline(options.validate(), validate, process)


if __name__ == "__main__":
    main()
