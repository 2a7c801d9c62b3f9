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
    - If not set, the value of the environment variable E(SCIM_URL) is used. Only in this case is the credential
      read from the environment too (E(SCIM_TOKEN), or E(SCIM_CLIENT_ID) with E(SCIM_CLIENT_SECRET), E(SCIM_CLIENT_ASSERTION),
      E(SCIM_CLIENT_ASSERTION_FILE) or E(SCIM_CLIENT_ASSERTION_FROM); E(SCIM_CLIENT_ASSERTION_AUDIENCE), E(SCIM_TOKEN_EXPIRES)
      and E(SCIM_TOKEN_URL)), so that it is never sent to another tenant.
    type: str
  token:
    description:
    - Bearer token.
    - Set exactly one credential, which is O(token), O(client_id) with O(client_secret) or a client assertion (O(client_assertion),
      O(client_assertion_file) or O(client_assertion_from)), or O(url_username) with O(url_password).
    type: str
  token_expires:
    description:
    - Date on which O(token), O(client_secret) or O(url_password) expires, such as V(2027-01-31), in UTC.
    - From 14 days before this date, each run has a warning. A credential that is refused after it is reported as
      expired.
    - Not needed for a token that is a JWT with the claim C(exp), and without effect on client assertions.
    type: str
  client_id:
    description:
    - Client identifier for the OAuth 2.0 client credentials grant.
    type: str
  client_secret:
    description:
    - Client secret for the OAuth 2.0 client credentials grant.
    type: str
  client_assertion:
    description:
    - JWT that authenticates O(client_id) in place of O(client_secret) (RFC 7523).
    - The same JWT is sent for each access token. If a run may take longer than the JWT is valid, or if the provider
      accepts a JWT only once, use O(client_assertion_file) or O(client_assertion_from).
    type: str
  client_assertion_file:
    description:
    - Path to a file with a JWT that authenticates O(client_id), such as the token of a Kubernetes service account.
    - The file is read again for each access token.
    type: path
  client_assertion_from:
    description:
    - Pipeline whose own OIDC token authenticates O(client_id), so that no secret is stored.
    - 'V(github) requests an ID token from GitHub Actions for each access token. The job needs the permission C(id-token:
      write).'
    - V(gitlab) reads the environment variable E(SCIM_ID_TOKEN). Declare it under C(id_tokens) of the job, with
      the C(aud) that the token endpoint expects.
    type: str
    choices:
    - github
    - gitlab
  client_assertion_audience:
    description:
    - Audience of the ID token to request if O(client_assertion_from) is V(github), such as V(api://AzureADTokenExchange).
      By default, it is O(token_url).
    type: str
  token_url:
    description:
    - URL of the OAuth 2.0 token endpoint. Not needed if the provider's profile has it.
    type: str
  scopes:
    description:
    - OAuth 2.0 scopes to request.
    type: list
    elements: str
  audience:
    description:
    - OAuth 2.0 audience to request. Not needed if the provider's profile has it.
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
    - Name of the profile that describes how the service provider differs from the RFCs, or path of a file with
      a profile.
    - V(auto) selects the profile by the host in O(url), and by its path if the host is not enough. If no profile
      matches, V(rfc) is used.
    - The other names are V(rfc), V(atlassian), V(attio), V(authentik), V(aws), V(better_auth), V(canva), V(cloudflare),
      V(databricks), V(datadog), V(deel), V(entra), V(github), V(gitlab), V(gitlab_instance), V(google_cloud_identity),
      V(grafana), V(hcp_terraform), V(keycloak), V(launchdarkly), V(matillion), V(miro), V(oracle_life_sciences),
      V(pagerduty), V(peakon), V(salesforce), V(sentry), V(slack), V(snowflake), V(vcenter), V(zoom), V(zscaler).
    - A path ends with C(.yml), C(.yaml) or C(.json), such as V(providers/acme.yml). The file has one record with
      the fields of the collection's own profiles. M(identity.scim.provider_info) writes one. A relative path begins
      at the folder of the playbook.
    type: str
    default: auto
  provider_options:
    description:
    - 'Capabilities and limits that override the profile, such as C({patch: false, page_size: 50}). M(identity.scim.provider_info)
      returns all of them, and separately those that differ from the RFCs, ready to copy.'
    - 'C(user_deletion) is the effect of DELETE on a user. V(deletes) deletes the account. V(deactivates) only deactivates
      it, so an inactive user counts as absent. V(final) deletes it for good: the user can never be created again
      or restored, and plans and warnings say so. V(refused) means that the provider refuses to delete users, so
      C(state: absent) is refused. C(group_deletion) is the same for groups.'
    - 'C(user_deactivation) is the effect of C(active: false): V(deactivates), V(deletes) or V(ignored). Unless
      it is V(deactivates), every change that would deactivate a user is refused.'
    - 'C(members_readable: false) means that the provider''s responses do not include the members of groups. Each
      membership is then requested with C(membership_filter), such as V(id eq {group} and members.value eq {member}).'
    - 'C(must_remain) is a list of rules on what must not be left without a holder, such as the role of an administrator.
      A rule has a C(name), the number of users who must hold it (C(at_least), default 1), and SCIM filters of the
      C(users) who hold it and of the C(groups) whose members hold it, such as C({name: Admin, groups: displayName
      eq "Admins"}). M(identity.scim.directory) refuses a plan after which fewer users would hold it. C(changed_by_holders:
      true) means that only a user who holds it may change another one, and plans warn of that.'
    - C(single_valued) lists the multi-valued attributes of which the provider keeps only one value. C(ignore_attributes)
      lists attributes that are neither compared nor sent.
    type: dict
  http_agent:
    description:
    - Value of the User-Agent header.
    type: str
    default: identity.scim/1.0.0
  http_headers:
    description:
    - Additional HTTP headers to send with each request. Their values are masked in all output.
    type: dict
  validate_certs:
    description:
    - Whether to validate TLS certificates. This is for the provider, for O(token_url), and for GitHub if O(client_assertion_from)
      is V(github).
    type: bool
    default: true
  ca_path:
    description:
    - Path to a file or folder of CA certificates to trust, in PEM format.
    - They replace the default ones, also for O(token_url) and GitHub.
    type: path
  client_cert:
    description:
    - Path to a client certificate, in PEM format.
    type: path
  client_key:
    description:
    - Path to the private key of O(client_cert), if it is not in the same file.
    type: path
  timeout:
    description:
    - Maximum number of seconds to wait for a connection and for a response.
    type: float
    default: 30.0
  retries:
    description:
    - Maximum number of times to retry a request that failed in transit or was answered with 429, 500, 502, 503,
      504 or a gateway's 520 to 524.
    type: int
    default: 5
  rate_limit:
    description:
    - 'Maximum number of requests per minute, as a number or as C({rate: 60, burst: 5}).'
    - By default, a run begins at the rate of the profile, or without a limit. In any case it slows down to the
      rate that the provider announces in its headers or enforces (429), and then tries slightly higher rates again.
    type: raw
  max_wait:
    description:
    - Maximum number of seconds to wait when the provider asks to wait (Retry-After). If it asks for more, the run
      ends, and the next run continues.
    type: float
    default: 300.0
  max_duration:
    description:
    - Maximum number of seconds that a run may take. It then ends between two writes, and the next run continues.
    type: float
  allow_plaintext:
    description:
    - Whether to allow sending the credential over plain HTTP to a host other than the local one.
    type: bool
    default: false
"""
