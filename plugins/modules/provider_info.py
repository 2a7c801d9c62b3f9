#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: provider_info
short_description: What a SCIM 2.0 service provider can do, and where it deviates
version_added: 0.1.0
description:
  - Asks a service provider for what it says of itself (ServiceProviderConfig, ResourceTypes, Schemas), and looks at how it
    answers a few questions, none of which asks for more than ten resources.
  - Returns the profile that was picked, each capability with how it is known, limits, and in one list what deviates from
    RFC 7643 and RFC 7644 or from what the provider itself announces.
  - It never writes to the provider. What is not there is noted and is no failure.
options:
  schema_dest:
    description:
      - A file, such as C(directory.schema.json), for the JSON Schema of declared files, with the extensions of this provider's own
        C(/ResourceTypes) and C(/Schemas). It is written where it differs, and not in check mode.
      - "Editors complete and check files whose first line is C(# yaml-language-server: $schema=directory.schema.json)."
    type: path
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.connection
  - identity.scim.attributes.info
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.directory
"""

EXAMPLES = r"""
- name: What this provider can do
  identity.scim.provider_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
  register: scim_provider

- name: Whether it deviates from the RFCs where its profile does not say so
  identity.scim.provider_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    provider: rfc
    provider_options:
      page_size: 50

- name: Completion in the editor, with this tenant's own extensions
  identity.scim.provider_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    schema_dest: directory.schema.json
"""

RETURN = r"""
profile:
  description:
    - The C(name) and C(title) of the profile, the C(reason) why it was picked, the C(sources) of what it says, and in C(notes) what no
      capability can say.
  returned: success
  type: dict
  sample:
    name: launchdarkly
    title: LaunchDarkly
    reason: The option provider is "launchdarkly".
    sources: ["https://launchdarkly.com/docs/home/account/scim-api-endpoints"]
    notes: [Groups are supported for Okta only.]
capabilities:
  description:
    - Each key of O(provider_options) with its C(value), and how it is C(known).
    - V(seen) in the provider's answers, V(given) in O(provider_options), said by the V(profile), V(announced) in ServiceProviderConfig,
      V(assumed), or V(unknown), which means that it is tried when it is needed.
    - What the profile says has a C(sureness), V(verified) on the real provider, V(documented) in its C(sources), or V(assumed).
  returned: success
  type: dict
  sample: {filter: {value: true, known: seen}, patch: {value: true, known: announced}, put: {value: null, known: unknown}}
provider_options:
  description: What is known and differs from the profile V(rfc), to be pasted as O(provider_options).
  returned: success
  type: dict
  sample: {filter: false, page_size: 100}
limits:
  description: Limits by name; null where none is known. C(rate) is in requests a minute, C(max_results) what the provider announces.
  returned: success
  type: dict
  sample: {page_size: 100, bulk_operations: null, rate: 60.0, burst: 5, concurrency: 4, max_results: null}
service_provider_config:
  description: ServiceProviderConfig as the provider has it; empty where there is none.
  returned: success
  type: dict
  sample: {patch: {supported: true}}
resource_types:
  description: The resource types as the provider has them.
  returned: success
  type: list
  elements: dict
  sample: [{name: User, endpoint: /Users, schema: "urn:ietf:params:scim:schemas:core:2.0:User"}]
schemas:
  description: The provider's schemas with their C(urn) and C(name), and their C(attributes) by name.
  returned: success
  type: list
  elements: dict
  sample:
    - urn: urn:ietf:params:scim:schemas:core:2.0:Group
      name: Group
      description: Group
      attributes:
        displayName: {type: string, multi_valued: false, required: true, mutability: readWrite, returned: default}
deviations:
  description: One sentence for each thing that deviates.
  returned: success
  type: list
  elements: str
  sample: ["/Schemas cannot be read (RFC 7644 section 4): GET /Schemas was refused with 404: Not Found."]
requests:
  description: How many SCIM requests were sent.
  returned: success
  type: int
  sample: 7
"""

from functools import partial

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.provider_info import provider
from ansible_collections.identity.scim.plugins.module_utils._engine.module import run
from ansible_collections.identity.scim.plugins.module_utils._engine.options.json_schema import tenant_schema


def main() -> None:
    run({"schema_dest": {"type": "path"}}, partial(provider, schema_of=tenant_schema))


if __name__ == "__main__":
    main()
