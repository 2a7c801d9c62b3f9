# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The providers that the collection knows, one record each, in alphabetical order. Data only; ``Profile`` explains the fields."""

from __future__ import annotations

from .profile import Profile, VerifiedProduct

RFC = Profile(
    name="rfc",
    title="Any provider that follows the RFCs",
    sources=("https://www.rfc-editor.org/rfc/rfc7643", "https://www.rfc-editor.org/rfc/rfc7644"),
    notes=("Deviations are detected from the provider's responses.",),
)

CATALOG = (
    Profile(
        name="atlassian",
        title="Atlassian",
        sources=(
            "https://developer.atlassian.com/cloud/admin/user-provisioning/rest/",
            "https://mrrefactoring.github.io/jira.js/api/functions/userProvisioning.deleteUser.html",
        ),
        hosts=("api.atlassian.com/scim/directory/*",),
        example="https://api.atlassian.com/scim/directory/0ab1c2d3-e4f5-6789-0abc-def012345678",
        documented={"page_size": 100},
        notes=(
            "DELETE unlinks and deactivates the account. This cannot be undone: a user who is created again gets a new id.",
            'Filters support "eq" on userName or externalId (users) and on one displayName (groups).',
        ),
    ),
    Profile(
        name="attio",
        title="Attio",
        sources=("https://docs.attio.com/rest-api/scim/delete-user",),
        hosts=("api.attio.com/scim/v2",),
        example="https://api.attio.com/scim/v2",
        documented={"user_deletion": "deactivates", "page_size": 100},
        notes=("DELETE suspends a member and cancels an invitation. Filters support userName and emails.value.",),
    ),
    Profile(
        name="authentik",
        title="authentik (SCIM source)",
        sources=("https://github.com/goauthentik/authentik/issues/24173", "https://github.com/goauthentik/authentik/issues/11249"),
        hosts=("*/source/scim/*/v2",),
        example="https://sso.example.com/source/scim/acme/v2",
        documented={"bulk": False, "member_removal": "put"},
        notes=(
            "Version 2026.5 accepts the removal of one member by path but does not remove the member. "
            "Older versions do not support PATCH of groups.",
        ),
    ),
    Profile(
        name="aws",
        title="AWS IAM Identity Center",
        sources=(
            "https://docs.aws.amazon.com/singlesignon/latest/developerguide/limitations.html",
            "https://docs.aws.amazon.com/singlesignon/latest/developerguide/listgroups.html",
            "https://docs.aws.amazon.com/singlesignon/latest/developerguide/patchgroup.html",
            "https://github.com/awslabs/ssosync",
        ),
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
            "Groups are returned with an empty list of members, so each membership is checked with a filter.",
            "Members can be added and removed, but neither replaced nor all removed at once.",
            'Filters support only "eq" and "and". A PATCH without a User-Agent header is refused; the collection always sends one.',
        ),
    ),
    Profile(
        name="better_auth",
        title="Better Auth (SCIM plugin)",
        sources=("https://www.better-auth.com/docs/plugins/scim",),
        hosts=("*/api/auth/scim/v2",),
        example="https://app.example.com/api/auth/scim/v2",
        tested=VerifiedProduct("Better Auth", "1.7.5", "2026-11-30"),
        notes=("nickName, and a few other attributes, are accepted with a creation or a PUT and not stored.",),
    ),
    Profile(
        name="canva",
        title="Canva",
        sources=("https://www.canva.dev/docs/scim/delete-user",),
        documented={"user_deletion": "refused"},
        notes=("Users cannot be deleted. active: false removes their access.",),
    ),
    Profile(
        name="cloudflare",
        title="Cloudflare dashboard",
        sources=("https://developers.cloudflare.com/fundamentals/account/account-security/scim-setup/",),
        hosts=("api.cloudflare.com/client/v4/accounts/*/scim/v2",),
        example="https://api.cloudflare.com/client/v4/accounts/0123456789abcdef0123456789abcdef/scim/v2",
        documented={"user_deactivation": "deletes"},
        notes=(
            "active: false removes the user from the account, except for the last Super Administrator.",
            "userName must be the e-mail address in exactly the same case. Group names are fixed by Cloudflare.",
        ),
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
            "DELETE of a user also deletes the objects that belong to the user.",
            "userName is an e-mail address, is compared without case and cannot be changed.",
            "A filter can have at most 200 nodes. The collection's filters have fewer.",
        ),
    ),
    Profile(
        name="datadog",
        title="Datadog",
        sources=("https://docs.datadoghq.com/api/latest/scim/",),
        hosts=("api.datadoghq.com", "api.*.datadoghq.com", "api.datadoghq.eu", "api.ddog-gov.com", "api.*.ddog-gov.com"),
        example="https://api.datadoghq.eu/api/v2/scim",
        notes=('The only filter is "userName eq". Groups are teams, in some organizations only.',),
    ),
    Profile(
        name="deel",
        title="Deel",
        sources=("https://developer.deel.com/docs/rate-limits",),
        documented={"rate": 300, "burst": 5},
    ),
    Profile(
        name="entra",
        title="Provider built for Microsoft Entra ID as its client",
        sources=("https://learn.microsoft.com/en-us/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups",),
        documented={
            "member_removal": "value",
            "always_sent": {"User": {"meta": {"resourceType": "User"}}, "Group": {"meta": {"resourceType": "Group"}}},
        },
        notes=(
            "Choose this profile by name for a provider that refuses the member removal of RFC 7644 and accepts the one of Entra ID. "
            "A provider that knows only RFC 7644 might remove all members when it receives that form.",
            "This is not a profile of Entra ID itself.",
        ),
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
            "active: false suspends a user and can be undone. DELETE suspends the account permanently.",
            "Only one system may write. GitHub recommends at most 1,000 users per hour and 1,000 additions to a group per hour.",
        ),
    ),
    Profile(
        name="gitlab",
        title="GitLab (SCIM of a group)",
        sources=("https://docs.gitlab.com/development/internal_api/#scim-api",),
        hosts=("*/api/scim/v2/groups/*",),
        example="https://gitlab.com/api/scim/v2/groups/acme",
        documented={"user_deactivation": "deletes", "put": False},
        notes=(
            "The id is the external id that the client sets. Names and e-mail addresses are set on creation and cannot be changed.",
            'Responses have the name under the flat key "name.formatted". Filters support only "eq". There are no groups.',
        ),
    ),
    Profile(
        name="gitlab_instance",
        title="GitLab (SCIM of an instance)",
        sources=("https://docs.gitlab.com/development/internal_api/#scim-api",),
        hosts=("*/api/scim/v2/application",),
        example="https://gitlab.example.com/api/scim/v2/application",
        documented={"user_deletion": "deactivates", "put": False},
        notes=("DELETE blocks the account.", "The id is the external id that the client sets."),
    ),
    Profile(
        name="google_cloud_identity",
        title="Google Cloud Identity",
        sources=("https://docs.cloud.google.com/identity/docs/scim/reference/rest",),
        hosts=("cloudidentityscim.googleapis.com",),
        example="https://cloudidentityscim.googleapis.com/v1beta1/customers/C01abc234/v2",
        documented={"pagination": "none", "bulk": False, "etag": False},
        notes=("There is no pagination: a listing is a single response.",),
    ),
    Profile(
        name="grafana",
        title="Grafana",
        sources=("https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-scim-provisioning/",),
        hosts=("*/apis/scim.grafana.app/*",),
        example="https://acme.grafana.net/apis/scim.grafana.app/v0alpha1/namespaces/stack-123",
        documented={"user_deletion": "refused"},
        notes=("POST with the e-mail address of an existing user adopts that account. Roles are not managed through SCIM.",),
    ),
    Profile(
        name="hcp_terraform",
        title="HCP Terraform",
        sources=("https://developer.hashicorp.com/terraform/cloud-docs/api-docs/scim/users",),
        hosts=("app.terraform.io/scim/v2",),
        example="https://app.terraform.io/scim/v2/scimconf-vaRz2K9cXJzARfrg",
        documented={"page_size": 200},
        notes=('A filter is a single "eq" on userName or externalId (users), or on displayName or externalId (groups).',),
    ),
    Profile(
        name="keycloak",
        title="Keycloak (built-in SCIM)",
        sources=("https://github.com/keycloak/keycloak/issues/46216", "https://phasetwo.io/tutorials/scim/getting-started/"),
        hosts=("*/realms/*/scim/v2",),
        example="https://sso.example.com/realms/acme/scim/v2",
        tested=VerifiedProduct("Keycloak", "26.7.3", "2026-11-30"),
        verified={"members_readable": True, "members_on_request": True, "members_in_body": False},
        notes=(
            "Members of a group can be changed only with PATCH. A PUT with members is answered with 501.",
            "The response to a creation shows attributes that are not stored. The next run reports them.",
        ),
    ),
    Profile(
        name="launchdarkly",
        title="LaunchDarkly",
        sources=("https://launchdarkly.com/docs/home/account/scim-api-endpoints",),
        hosts=("app.launchdarkly.com/trust/scim/v2",),
        example="https://app.launchdarkly.com/trust/scim/v2",
        documented={"user_deletion": "deactivates"},
        notes=("Groups are supported for Okta only.",),
    ),
    Profile(
        name="matillion",
        title="Matillion (Maia) Data Productivity Cloud",
        sources=(
            "https://docs.maia.ai/api-reference/directory-integration/create-scim-user.md",
            "https://docs.maia.ai/api-reference/directory-integration/update-scim-group.md",
            "https://docs.matillion.com/data-productivity-cloud/api/docs/intro",
        ),
        hosts=("*.api.matillion.com",),
        example="https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2",
        documented={
            "content_type": "application/json",
            "always_sent": {"User": {"meta": {"resourceType": "User"}}, "Group": {"meta": {"resourceType": "Group"}}},
            "names": {"$ref": "ref"},
            "groups_in_body": True,
            "members_readable": True,
            "put": True,
            "rate": 1000,
            "lower_rates": [{"rate": 60, "burst": 5}],
        },
        assumed={
            "concurrency": 4,
            "page_size": 100,
            "must_remain": [
                {
                    "name": "Super Admin",
                    "users": 'roles[value eq "Super Admin" or value eq "SUPER_ADMIN" or display eq "Super Admin"]',
                    "groups": 'displayName eq "Super Admin" or role eq "Super Admin" or role eq "SUPER_ADMIN"',
                    "changed_by_holders": True,
                }
            ],
        },
        notes=(
            "One Super Admin must always remain, and only a Super Admin can change another one. How SCIM shows the role is not documented: "
            "as a role of the user, or as a group.",
            "meta is documented as required. The collection sends only meta.resourceType and assumes that this is enough.",
            "A group is a role in a project and has attributes of its own: role, projectId and environment.",
            "Listings, filters, DELETE, the creation of groups and discovery are not documented. The collection tries them.",
            "The documentation states 1,000 requests per minute, an older page 60 with bursts of 5. "
            "The collection begins with the first and changes to the second if the provider refuses requests (429).",
            "The regions eu1, us1 and au1 have a host each. An account belongs to one of them.",
        ),
        attributes={"User": {"addresses": ({"name": "display", "description": "Human-readable label of the address (Matillion)."},)}},
        token_url="https://id.core.matillion.com/oauth/dpc/token",
        audience="https://api.matillion.com",
    ),
    Profile(
        name="miro",
        title="Miro",
        sources=("https://developers.miro.com/reference/rate-limits", "https://developers.miro.com/reference/scim-introduction"),
        hosts=("miro.com/api/v1/scim",),
        example="https://miro.com/api/v1/scim",
        documented={"rate": 200, "members_per_request": 8000, "group_deletion": "refused"},
        assumed={"burst": 10, "concurrency": 4},
        notes=(
            "The limits per 30 seconds are 100 updates of users, 20 deletions and 5 listings of groups. The rate is the one for updates.",
            "Groups are teams. SCIM can neither create nor delete them.",
        ),
    ),
    Profile(
        name="oracle_life_sciences",
        title="Oracle Life Sciences IAMS",
        sources=("https://docs.oracle.com/en/industries/life-sciences/identity-access-management-service/user-provisioning-api/",),
        hosts=("hs-identity-api.oracleindustry.com",),
        example="https://hs-identity-api.oracleindustry.com/scim/v1/acme",
        documented={"user_deletion": "deactivates"},
        notes=(
            "PATCH takes a bare operation, as in SCIM 1. PUT clears every attribute that is not in the request, except the password.",
            "Authentication is HTTP Basic. Filters do not support wildcards.",
        ),
    ),
    Profile(
        name="pagerduty",
        title="PagerDuty",
        sources=("https://support.pagerduty.com/main/docs/assign-or-deactivate-users",),
        documented={"user_deactivation": "deletes"},
        notes=("A deactivated user is deleted and has to be created again.",),
    ),
    Profile(
        name="peakon",
        title="Workday Peakon",
        sources=("https://developer.peakon.com/reference/rate-limiting-1.md",),
        documented={"rate": 416},
        notes=("The limit is 25,000 operations per hour. Each operation of a bulk request counts.",),
    ),
    Profile(
        name="salesforce",
        title="Salesforce",
        sources=(
            "https://help.salesforce.com/s/articleView?id=sf.identity_scim_overview.htm",
            "https://help.salesforce.com/s/articleView?id=sf.identity_scim_manage_groups.htm",
        ),
        hosts=("*.my.salesforce.com/services/scim/v2",),
        example="https://acme.my.salesforce.com/services/scim/v2",
        documented={"user_deletion": "deactivates", "member_removal": "value"},
        notes=(
            "Users are never deleted: an inactive user is still found. A new user needs an entitlement, which is the user's profile.",
            "ServiceProviderConfig is at /ServiceProviderConfigs.",
        ),
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
            "active: false deletes the member permanently. No other PATCH of a user is accepted, and PUT changes only the role.",
            'A filter is a single "eq" on userName or displayName. Its value must not contain a comma.',
        ),
    ),
    Profile(
        name="slack",
        title="Slack",
        sources=(
            "https://docs.slack.dev/reference/scim-api/scim-api-2",
            "https://docs.slack.dev/reference/scim-api/rate-limits",
            "https://api.slack.com/changelog/2019-06-have-scim-will-paginate",
        ),
        hosts=("api.slack.com/scim/v2", "slack.com/scim/v2"),
        example="https://api.slack.com/scim/v2",
        documented={"user_deletion": "deactivates", "rate": 180, "burst": 20},
        notes=(
            "The rate is the one for writing users, the lowest. All SCIM applications of an organization share 600 writes per minute.",
            "A page has at most 1,000 resources, or 10 if the request has no count. DELETE of a group is permanent.",
        ),
    ),
    Profile(
        name="snowflake",
        title="Snowflake",
        sources=("https://docs.snowflake.com/user-guide/scim-user-api-reference",),
        hosts=("*.snowflakecomputing.com",),
        example="https://acme-prod.snowflakecomputing.com/scim/v2",
        documented={"single_valued": ["emails", "phoneNumbers", "addresses"]},
        notes=("A password is ignored if the integration has SYNC_PASSWORD = FALSE.",),
    ),
    Profile(
        name="vcenter",
        title="VMware vCenter",
        sources=("https://github.com/goauthentik/authentik/pull/25024",),
        documented={"patch": False},
        notes=("The last member of a group can be removed only with a PUT that has an empty list of members.",),
    ),
    Profile(
        name="zoom",
        title="Zoom",
        sources=("https://developers.zoom.us/docs/api/scim2/",),
        hosts=("api.zoom.us/scim2",),
        example="https://api.zoom.us/scim2",
        notes=(
            "PATCH of a user changes only active. PUT changes everything else.",
            "SCIM requires single sign-on and a vanity URL. Each endpoint has its own rate limit.",
        ),
    ),
    Profile(
        name="zscaler",
        title="Zscaler Internet Access",
        sources=("https://help.zscaler.com/zia/scim-api-examples",),
        documented={"rate": 300},
        notes=("The limit is 5 requests per second, and 50 for ZIdentity. Discovery endpoints need no credential.",),
    ),
)
