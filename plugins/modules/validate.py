#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: validate
short_description: Check a declared directory without a provider
version_added: 0.1.0
description:
  - Reads the files that M(identity.scim.directory) reads, and tells everything that is wrong with them, each with file, line and path.
  - It asks no service provider, and needs neither a URL nor a credential, so it can run on every pull request.
  - What is not wrong and perhaps not meant is a warning, such as members whom nobody declares, groups that are members of each other,
    people whose time is over, and two people with one external id or e-mail address.
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
    description: Makes true what was checked.
notes:
  - The options for the connection are accepted, so that they can be set once for all modules, and nothing is sent.
    Only O(provider) and O(url) are looked at, since some providers have attributes that others have not.
"""

EXAMPLES = r"""
# users/engineering.yml and groups.yml, which are meant below:
# users/engineering.yml:
#   users:
#     - {user_name: bjensen@example.com, display_name: Barbara Jensen, groups: [Engineering]}
# groups.yml:
#   groups:
#     - display_name: Engineering

- name: All mistakes at once, without a secret
  identity.scim.validate:
    src:
      - users/
      - groups.yml

- name: The same, and for the pipeline to show
  identity.scim.validate:
    src:
      - users/
      - groups.yml
    provider: matillion
    junit: validate.xml
"""

RETURN = r"""
users:
  description: How many users are declared.
  returned: once there is something to read, also where it is wrong
  type: int
  sample: 57
groups:
  description: How many groups are declared.
  returned: once there is something to read, also where it is wrong
  type: int
  sample: 3
problems:
  description:
    - What is wrong, at most O(max_listed) of it. The task has failed then, with all of it in its message.
    - C(line) is null where no line is known, and C(expected) may be empty.
  returned: once there is something to read, also where it is wrong
  type: list
  elements: dict
  sample:
    - file: users/engineering.yml
      line: 12
      path: users[3].emails[0].value
      found: found 'bjensen'
      expected: an e-mail address such as bjensen@example.com
truncated:
  description: Whether there are more problems or warnings than are listed.
  returned: once there is something to read, also where it is wrong
  type: bool
  sample: false
"""

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.validate import validate
from ansible_collections.identity.scim.plugins.module_utils._engine.module import run_offline
from ansible_collections.identity.scim.plugins.module_utils._engine.options import validate as options


def main() -> None:
    run_offline(options.validate(), validate)


if __name__ == "__main__":
    main()
