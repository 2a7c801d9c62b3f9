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
    - The URNs of the schemas that the resource uses. They are derived from the other attributes and need not be
      given.
    type: list
    elements: raw
  id:
    description:
    - The identifier that the service provider gave to the resource. It finds the resource and is never sent.
    type: raw
  external_id:
    description:
    - The identifier of the resource in your own system, such as the key of an HR database.
    type: raw
    aliases:
    - externalId
  meta:
    description:
    - What the service provider records about the resource. It is accepted, never sent and never compared.
    type: dict
    suboptions:
      resource_type:
        description:
        - The name of the resource type, such as User.
        type: raw
        aliases:
        - resourceType
      created:
        description:
        - When the resource was created.
        type: raw
      last_modified:
        description:
        - When the resource was last changed.
        type: raw
        aliases:
        - lastModified
      location:
        description:
        - The URI of the resource.
        type: raw
      version:
        description:
        - The version of the resource, as in its ETag.
        type: raw
  display_name:
    description:
    - The name of the group.
    type: raw
    aliases:
    - displayName
  members:
    description:
    - 'Members of the group: user names, ids, group names, or mappings such as C({value: 2819c223}).'
    - If it is not given, memberships are left alone.
    type: list
    elements: raw
  state:
    description:
    - 'Whether the resource shall be there. To deactivate a person, declare C(active: false).'
    type: str
    choices:
    - present
    - absent
    default: present
  clear:
    description:
    - Attributes that shall have no value, such as V(title), V(name.middle_name) or V(emails).
    - An empty list clears a list, and an empty string at the top level clears a text, just as well.
    type: list
    elements: str
  extensions:
    description:
    - Attributes of further schema extensions, by the URN of the extension.
    type: dict
  multi_valued:
    description:
    - With V(exact) a declared list is the whole list. With V(additive) the elements that are declared are added,
      and none is removed.
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
    - Whether a resource that exists already is taken over.
    - With V(false), one whose external id is not the declared one is left alone, which is an error.
    type: bool
    default: true
  membership:
    description:
    - With V(exact) the declared members are all members, with V(additive) they are added, with V(absent) they are
      removed.
    type: str
    choices:
    - exact
    - additive
    - absent
    default: exact
  match_on:
    description:
    - Attributes that find the existing resource. Each is used whose value is declared. The case of a user name
      does not matter. Attributes that find different resources, or one that finds several, are an error.
    type: list
    elements: str
    default:
    - id
    - display_name
"""
