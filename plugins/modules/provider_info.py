#!/usr/bin/python
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: provider_info
short_description: Report what a SCIM 2.0 service provider supports, and where it deviates from the RFCs
version_added: 1.0.0
description:
  - Reads what a service provider announces (ServiceProviderConfig, ResourceTypes, Schemas), and tests its responses to a few requests,
    none of which asks for more than ten resources.
  - Returns the selected profile, each capability and how it is known, the limits, and a list of deviations from RFC 7643 and RFC 7644
    and from what the provider announces.
  - Never writes to the provider. An endpoint that does not exist is reported and does not fail the task.
  - Can write what it found to a profile in a file, for the option O(provider).
author:
  - identity.scim contributors (@identity-scim)
extends_documentation_fragment:
  - identity.scim.provider_info
  - identity.scim.connection
  - identity.scim.attributes.info
  - identity.scim.attributes.action_group
seealso:
  - module: identity.scim.directory
"""

EXAMPLES = r"""
- name: Report what the provider supports
  identity.scim.provider_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
  register: scim_provider

- name: Report deviations from the RFCs without the provider's profile
  identity.scim.provider_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    provider: rfc
    provider_options:
      page_size: 50

- name: Write a JSON Schema for the editor, with the extensions of this tenant
  identity.scim.provider_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    schema_dest: directory.schema.json

- name: Write a profile of a provider that the collection does not know
  identity.scim.provider_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    dest: acme.yml

- name: Use that profile
  identity.scim.user_info:
    url: "{{ scim_url }}"
    token: "{{ scim_token }}"
    provider: acme.yml
"""

RETURN = r"""
profile:
  description:
    - The C(name) and C(title) of the profile, the C(reason) why it was selected, the C(sources) of its statements, and C(notes) on what
      capabilities cannot express.
    - C(evidence) is V(verified) if the product was tested with this profile, in the version and on the day in C(tested). It is
      V(documented) if the profile is made from the C(sources), and V(assumed) if it has none.
  returned: success
  type: dict
  sample:
    name: launchdarkly
    title: LaunchDarkly
    reason: The option provider is "launchdarkly".
    evidence: documented
    tested: null
    sources: ["https://launchdarkly.com/docs/home/account/scim-api-endpoints"]
    notes: [Groups are supported for Okta only.]
capabilities:
  description:
    - Each key of O(provider_options) with its C(value), and how it is C(known).
    - C(known) is V(seen) in the provider's responses, V(given) in O(provider_options), V(profile), V(announced) in
      ServiceProviderConfig, V(assumed), or V(unknown), which means that it is tried when it is needed.
    - A value from the profile has a C(sureness). It is V(verified) with the real provider, V(documented) in the C(sources), or V(assumed).
  returned: success
  type: dict
  sample: {filter: {value: true, known: seen}, patch: {value: true, known: announced}, put: {value: null, known: unknown}}
provider_options:
  description: Known capabilities that differ from the profile V(rfc). You can copy them to O(provider_options).
  returned: success
  type: dict
  sample: {filter: false, page_size: 100}
limits:
  description: Limits by name. Null if not known. C(rate) is in requests per minute, C(max_results) is what the provider announces.
  returned: success
  type: dict
  sample: {page_size: 100, bulk_operations: null, rate: 60.0, burst: 5, concurrency: 4, max_results: null}
service_provider_config:
  description: ServiceProviderConfig as the provider returns it. Empty if there is none.
  returned: success
  type: dict
  sample: {patch: {supported: true}}
resource_types:
  description: The resource types as the provider returns them.
  returned: success
  type: list
  elements: dict
  sample: [{name: User, endpoint: /Users, schema: "urn:ietf:params:scim:schemas:core:2.0:User"}]
schemas:
  description: The provider's schemas, with their C(urn) and C(name), and their C(attributes) by name.
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
  description: One sentence for each deviation.
  returned: success
  type: list
  elements: str
  sample: ["/Schemas cannot be read (RFC 7644 section 4): GET /Schemas was refused with 404: Not Found."]
requests:
  description: Number of SCIM requests that were sent.
  returned: success
  type: int
  sample: 7
"""

from functools import partial

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

require_python()

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.provider_info import provider
from ansible_collections.identity.scim.plugins.module_utils._engine.module import OWN_PROCESS, Process, run
from ansible_collections.identity.scim.plugins.module_utils._engine.options.json_schema import tenant_schema
from ansible_collections.identity.scim.plugins.module_utils._engine.options.provider_info import provider_info


def main(process: Process = OWN_PROCESS) -> None:
    run(provider_info(), partial(provider, schema_of=tenant_schema), process)


if __name__ == "__main__":
    main()
