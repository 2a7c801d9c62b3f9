# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of what engineers work on: clouds, data platforms, code, observability, identity servers. Data only; see ``Profile``."""

from __future__ import annotations

from ..schema.types import Attribute
from .profile import Profile

_AWS = "https://docs.aws.amazon.com/singlesignon/latest/developerguide"
_MATILLION = "https://docs.maia.ai/api-reference/directory-integration"
_META = {"User": {"meta": {"resourceType": "User"}}, "Group": {"meta": {"resourceType": "Group"}}}
_ADDRESS_LABEL = Attribute("display", description="A label for this address that people read (Matillion).")

ENGINEERING = (
    Profile(
        name="matillion",
        title="Matillion (Maia) Data Productivity Cloud",
        sources=(f"{_MATILLION}/create-scim-user.md", "https://docs.matillion.com/data-productivity-cloud/api/docs/intro"),
        hosts=("*.api.matillion.com",),
        example="https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2",
        documented={
            "content_type": "application/json",
            "always_sent": _META,
            "names": {"$ref": "ref"},
            "groups_in_body": True,
            "members_readable": True,
            "rate": 60,
            "burst": 5,
        },
        assumed={"concurrency": 4, "page_size": 100},
        notes=(
            "meta is documented as required; that its resourceType is enough of it is assumed.",
            "Groups are roles in projects, with attributes of their own (role, projectId, environment).",
            "Listings, filters and DELETE are not in its documentation; they are tried.",
        ),
        attributes={"User": {"addresses": (_ADDRESS_LABEL,)}},
        token_url="https://id.core.matillion.com/oauth/dpc/token",
        audience="https://api.matillion.com",
    ),
    Profile(
        name="aws",
        title="AWS IAM Identity Center",
        sources=(f"{_AWS}/limitations.html", f"{_AWS}/listgroups.html", f"{_AWS}/patchgroup.html", "https://github.com/awslabs/ssosync"),
        hosts=("scim.*.amazonaws.com", "scim.*.amazonaws.com.cn"),
        example="https://scim.eu-central-1.amazonaws.com/0ab1c2d3e4f-1111-2222-3333-444455556666/scim/v2",
        documented={
            "pagination": "cursor",
            "page_size": 100,
            "members_readable": False,
            "members_per_request": 100,
            "member_removal": "value",
            "me": False,
            "bulk": False,
            "ignore_attributes": ["password", "ims", "photos", "entitlements", "x509Certificates"],
            "single_valued": ["emails", "phoneNumbers", "addresses"],
        },
        notes=(
            "Group answers have an empty list of members: each membership is asked for by a filter.",
            "Members of a group are added and removed; they cannot be replaced, nor all removed at once.",
            "Filters have eq and and only. A PATCH without a User-Agent is refused; one is always sent.",
        ),
    ),
    Profile(
        name="google_cloud_identity",
        title="Google Cloud Identity",
        sources=("https://docs.cloud.google.com/identity/docs/scim/reference/rest",),
        hosts=("cloudidentityscim.googleapis.com",),
        example="https://cloudidentityscim.googleapis.com/v1beta1/customers/C01abc234/v2",
        documented={"pagination": "none", "bulk": False, "etag": False},
        notes=("There are no pages at all: a listing is one answer.",),
    ),
    Profile(
        name="databricks",
        title="Databricks",
        sources=(
            "https://docs.databricks.com/aws/en/admin/users-groups/scim/",
            "https://docs.databricks.com/api/scim/v1/delete-user.md",
        ),
        hosts=("*.cloud.databricks.com", "*.gcp.databricks.com", "*.azuredatabricks.net"),
        example="https://accounts.cloud.databricks.com/api/2.1/accounts/ACCOUNT/scim/v2",
        notes=(
            "DELETE of a user also removes the objects that belong to them.",
            "A userName is an e-mail address whose case does not count. It cannot be renamed.",
            "A filter has at most 200 nodes, which ours keep to.",
        ),
    ),
    Profile(
        name="snowflake",
        title="Snowflake",
        sources=("https://docs.snowflake.com/user-guide/scim-user-api-reference",),
        hosts=("*.snowflakecomputing.com",),
        example="https://acme-prod.snowflakecomputing.com/scim/v2",
        documented={"single_valued": ["emails", "phoneNumbers", "addresses"]},
        notes=("A password is dropped where the integration has SYNC_PASSWORD = FALSE.",),
    ),
    Profile(
        name="github",
        title="GitHub Enterprise Managed Users",
        sources=(
            "https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/provisioning-user-accounts-with-scim/"
            "provisioning-users-and-groups-with-scim-using-the-rest-api",
        ),
        hosts=("api.github.com/scim/v2/enterprises/*", "api.*.ghe.com/scim/v2/enterprises/*"),
        example="https://api.github.com/scim/v2/enterprises/acme",
        documented={"user_deletion": "final"},
        notes=(
            "active: false suspends, and can be undone; DELETE suspends for ever.",
            "Only one system may write. At most 1,000 users an hour, and 1,000 additions to a group an hour, are recommended.",
        ),
    ),
    Profile(
        name="gitlab",
        title="GitLab, SCIM of a group",
        sources=("https://docs.gitlab.com/development/internal_api/#scim-api",),
        hosts=("*/api/scim/v2/groups/*",),
        example="https://gitlab.com/api/scim/v2/groups/acme",
        documented={"user_deactivation": "deletes", "put": False},
        notes=(
            "The id is the external id that the client gave. Names and e-mail addresses are those of the creation, and never change.",
            "The name is answered under the flat key name.formatted. Filters have eq only. There are no groups.",
        ),
    ),
    Profile(
        name="gitlab_instance",
        title="GitLab, SCIM of an instance",
        sources=("https://docs.gitlab.com/development/internal_api/#scim-api",),
        hosts=("*/api/scim/v2/application",),
        example="https://gitlab.example.com/api/scim/v2/application",
        documented={"user_deletion": "deactivates", "put": False},
        notes=("DELETE blocks the account.", "The id is the external id that the client gave."),
    ),
    Profile(
        name="datadog",
        title="Datadog",
        sources=("https://docs.datadoghq.com/api/latest/scim/",),
        hosts=("api.datadoghq.com", "api.*.datadoghq.com", "api.datadoghq.eu", "api.ddog-gov.com", "api.*.ddog-gov.com"),
        example="https://api.datadoghq.eu/api/v2/scim",
        notes=("The one filter is userName eq. Groups are teams, in some organizations only.",),
    ),
    Profile(
        name="sentry",
        title="Sentry",
        sources=("https://docs.sentry.io/api/scim/", "https://github.com/getsentry/sentry"),
        hosts=("*/api/0/organizations/*/scim/v2",),
        example="https://sentry.io/api/0/organizations/acme/scim/v2",
        documented={
            "user_deactivation": "deletes",
            "page_size": 100,
            "members_per_request": 100,
            "content_type": "application/json",
            "ignore_attributes": ["name", "displayName"],
        },
        notes=(
            "active: false deletes the member for good, and is the one PATCH that a user takes. PUT changes the role only.",
            "A filter is one eq on userName or displayName, without a comma in its value.",
        ),
    ),
    Profile(
        name="grafana",
        title="Grafana",
        sources=("https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-scim-provisioning/",),
        hosts=("*/apis/scim.grafana.app/*",),
        example="https://acme.grafana.net/apis/scim.grafana.app/v0alpha1/namespaces/stack-123",
        documented={"user_deletion": "refused"},
        notes=("POST with the e-mail address of somebody who is there takes that account over. Roles are not SCIM's affair.",),
    ),
    Profile(
        name="keycloak",
        title="Keycloak's own SCIM",
        sources=("https://github.com/keycloak/keycloak/issues/46216", "https://phasetwo.io/tutorials/scim/getting-started/"),
        hosts=("*/realms/*/scim/v2",),
        example="https://sso.example.com/realms/acme/scim/v2",
        notes=("Members of a group are changed by PATCH only; a PUT with members is answered with 501.",),
    ),
    Profile(
        name="authentik",
        title="authentik, as a SCIM source",
        sources=("https://github.com/goauthentik/authentik/issues/24173", "https://github.com/goauthentik/authentik/issues/11249"),
        hosts=("*/source/scim/*/v2",),
        example="https://sso.example.com/source/scim/acme/v2",
        documented={"bulk": False, "member_removal": "put"},
        notes=("2026.5 accepts the removal of one member by its path and does not do it; older versions have no PATCH of groups.",),
    ),
    Profile(
        name="vcenter",
        title="VMware vCenter",
        sources=("https://github.com/goauthentik/authentik/pull/25024",),
        documented={"patch": False},
        notes=("The last member of a group goes only with a PUT that has an empty list of members.",),
    ),
    Profile(
        name="hcp_terraform",
        title="HCP Terraform",
        sources=("https://developer.hashicorp.com/terraform/cloud-docs/api-docs/scim/users",),
        hosts=("app.terraform.io/scim/v2",),
        example="https://app.terraform.io/scim/v2/scimconf-vaRz2K9cXJzARfrg",
        documented={"page_size": 200},
        notes=("Filters are one eq on userName or externalId (users), or on displayName or externalId (groups).",),
    ),
    Profile(
        name="launchdarkly",
        title="LaunchDarkly",
        sources=("https://launchdarkly.com/docs/home/account/scim-api-endpoints",),
        hosts=("app.launchdarkly.com/trust/scim/v2",),
        example="https://app.launchdarkly.com/trust/scim/v2",
        documented={"user_deletion": "deactivates"},
        notes=("Groups are for Okta only.",),
    ),
    Profile(
        name="pagerduty",
        title="PagerDuty",
        sources=("https://support.pagerduty.com/main/docs/assign-or-deactivate-users",),
        documented={"user_deactivation": "deletes"},
        notes=("Who was deactivated is gone, and is made anew.",),
    ),
)
