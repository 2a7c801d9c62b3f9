# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  url:
    description:
    - Base URL of the SCIM service provider, such as V(https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2).
    - If it is not given, the environment variable E(SCIM_URL) is used. Only then the credential is taken from the
      environment too (E(SCIM_TOKEN), E(SCIM_CLIENT_ID), E(SCIM_CLIENT_SECRET), E(SCIM_TOKEN_URL)), so that a token
      never reaches another tenant.
    type: str
  token:
    description:
    - Bearer token.
    - Exactly one of O(token), O(client_id) with O(client_secret), and O(url_username) with O(url_password) is needed.
    type: str
  client_id:
    description:
    - Client identifier for the OAuth 2.0 client credentials grant.
    type: str
  client_secret:
    description:
    - Client secret for the OAuth 2.0 client credentials grant.
    type: str
  token_url:
    description:
    - URL of the OAuth 2.0 token endpoint. Not needed where the provider's profile knows it.
    type: str
  scopes:
    description:
    - Scopes to ask for, with OAuth 2.0.
    type: list
    elements: str
  audience:
    description:
    - Audience to ask for, with OAuth 2.0. Not needed where the provider's profile knows it.
    type: str
  url_username:
    description:
    - User name for HTTP Basic authentication.
    type: str
  url_password:
    description:
    - Password for HTTP Basic authentication.
    type: str
  provider:
    description:
    - Profile of the service provider, which says how it differs from the RFCs.
    - Known are V(rfc), V(atlassian), V(attio), V(authentik), V(aws), V(canva), V(cloudflare), V(databricks), V(datadog),
      V(deel), V(entra), V(github), V(gitlab), V(gitlab_instance), V(google_cloud_identity), V(grafana), V(hcp_terraform),
      V(keycloak), V(launchdarkly), V(matillion), V(miro), V(oracle_life_sciences), V(pagerduty), V(peakon), V(salesforce),
      V(sentry), V(slack), V(snowflake), V(vcenter), V(zoom), V(zscaler).
    - With V(auto) it is chosen by the host in O(url), and the path where only that tells; else V(rfc) is taken.
    type: str
    default: auto
  provider_options:
    description:
    - 'Capabilities and limits laid over the profile, such as C({patch: false, page_size: 50}). M(identity.scim.provider_info)
      returns all of them, and those that differ from the RFCs to be pasted here.'
    - 'C(user_deletion) is what DELETE does to a person: V(deletes), V(deactivates) (so who is inactive is taken
      for absent), V(final) (nobody can be made again or restored, which plans and warnings say), or V(refused)
      (so C(state: absent) is). C(group_deletion) is the same for groups.'
    - 'C(user_deactivation) is what C(active: false) does: V(deactivates), V(deletes) or V(ignored). Where it does
      not deactivate, whatever would deactivate somebody is refused.'
    - 'C(members_readable: false) says that the answers of groups do not show their members. Each membership is
      asked for then, by C(membership_filter), such as V(id eq {group} and members.value eq {member}).'
    - C(single_valued) lists attributes of which only one value is kept, and C(ignore_attributes) those that are
      neither compared nor sent.
    type: dict
  http_agent:
    description:
    - Value of the User-Agent header.
    type: str
    default: identity.scim/0.1.0
  http_headers:
    description:
    - Further headers of each request. Their values are in no output.
    type: dict
  validate_certs:
    description:
    - Whether the provider's TLS certificate must be valid.
    type: bool
    default: true
  ca_path:
    description:
    - File or folder of certificates of the authorities to trust, in PEM format.
    type: path
  client_cert:
    description:
    - File of a client certificate, in PEM format.
    type: path
  client_key:
    description:
    - File of the private key for O(client_cert), if it is not in the same file.
    type: path
  timeout:
    description:
    - Seconds to wait for a connection and for an answer.
    type: float
    default: 30.0
  retries:
    description:
    - How often a request is repeated that failed on the way or was answered with 429, 500, 502, 503, 504 or a gateway's
      520 to 524.
    type: int
    default: 5
  rate_limit:
    description:
    - 'Requests a minute, as a number or as C({rate: 60, burst: 5}). The default is the profile''s.'
    type: raw
  max_wait:
    description:
    - Seconds that a provider may ask to wait (Retry-After). If it asks for more, the run ends; the next one goes
      on there.
    type: float
    default: 300.0
  max_duration:
    description:
    - Seconds after which the run ends, between two writes. The next run goes on there.
    type: float
  allow_plaintext:
    description:
    - Whether the credential may be sent over plain HTTP to another host than this one.
    type: bool
    default: false
"""
