# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  check_mode:
    support: full
    description: In check mode the module makes the same plan and writes nothing.
  diff_mode:
    support: full
    description: The diff shows each attribute that changes, before and after.
  idempotent:
    support: full
    description: A second run with the same options changes nothing.
"""
    INFO = r"""
attributes:
  check_mode:
    support: full
    description: The module only reads from the provider. Files that an option names are written in check mode too, if the option says so.
  diff_mode:
    support: N/A
    description: The module changes nothing at the provider.
  idempotent:
    support: full
    description: The module changes nothing at the provider.
"""
    ACTION_GROUP = r"""
attributes:
  action_group:
    support: full
    description: Set connection options once for all modules with C(module_defaults) on the group C(identity.scim.scim).
    membership:
      - identity.scim.scim
"""
