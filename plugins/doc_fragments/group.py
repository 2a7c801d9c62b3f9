# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  schemas:
    description:
    - URNs of the schemas that the resource uses. They are derived from the other attributes and need not be set.
    type: list
    elements: raw
  id:
    description:
    - Identifier that the service provider assigned to the resource. It identifies the existing resource and is
      never sent.
    type: raw
  external_id:
    description:
    - Identifier of the resource in your own system, such as the key in an HR database.
    type: raw
    aliases:
    - externalId
  meta:
    description:
    - Metadata that the service provider records about the resource. It is accepted, but never sent or compared.
    type: dict
    suboptions:
      resource_type:
        description:
        - Name of the resource type, such as User.
        type: raw
        aliases:
        - resourceType
      created:
        description:
        - Time at which the resource was created.
        type: raw
      last_modified:
        description:
        - Time at which the resource was last changed.
        type: raw
        aliases:
        - lastModified
      location:
        description:
        - URI of the resource.
        type: raw
      version:
        description:
        - Version of the resource, as in its ETag.
        type: raw
  display_name:
    description:
    - Name of the group.
    type: raw
    aliases:
    - displayName
  members:
    description:
    - 'Members of the group, as user names, ids, group names, or mappings such as C({value: 2819c223}).'
    - If not set, the members are left unchanged.
    type: list
    elements: raw
  state:
    description:
    - 'Whether the resource should exist. To deactivate a user, set C(active: false).'
    type: str
    choices:
    - present
    - absent
    default: present
  clear:
    description:
    - Attributes to clear, such as V(title), V(name.middle_name) or V(emails).
    - An empty list also clears a list, and an empty string at the top level also clears a text.
    type: list
    elements: str
  extensions:
    description:
    - Attributes of other schema extensions, by the URN of the extension.
    type: dict
  multi_valued:
    description:
    - How to apply declared lists. V(exact) replaces the whole list. V(additive) adds the declared elements and
      removes none.
    type: str
    choices:
    - exact
    - additive
    default: exact
  ignore_attributes:
    description:
    - Paths of attributes that are neither compared nor sent, such as V(title) or V(name.formatted).
    type: list
    elements: str
    default: []
  adopt:
    description:
    - Whether to take over a resource that already exists.
    - If V(false) and an external id is declared, a resource with another external id is left unchanged, and the
      task fails.
    type: bool
    default: true
  membership:
    description:
    - How to apply C(members). V(exact) makes these the only members. V(additive) adds them. V(absent) removes them.
    type: str
    choices:
    - exact
    - additive
    - absent
    default: exact
  lock_timeout:
    description:
    - Maximum number of seconds to wait for another run on the same machine that writes to the same provider. V(0)
      does not wait.
    - Only one run writes at a time, so that two runs do not create the same group twice.
    - Runs on different machines are not locked against each other. Check mode never waits.
    type: int
    default: 300
  match_on:
    description:
    - Attributes that identify the existing resource. Each one with a declared value is used. User names are compared
      without regard to case. It is an error if they match different resources, or if one of them matches several.
    type: list
    elements: str
    default:
    - id
    - display_name
"""
