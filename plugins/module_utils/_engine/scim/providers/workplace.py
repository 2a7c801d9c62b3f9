# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of what everybody works with: identity, chat, meetings, boards, human resources, customers. Data only; see ``Profile``."""

from __future__ import annotations

from .profile import Profile

_META = {"User": {"meta": {"resourceType": "User"}}, "Group": {"meta": {"resourceType": "Group"}}}

WORKPLACE = (
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
            "The rate is that of writes to users, the slowest; all SCIM applications of an organization share one of 600 writes a minute.",
            "A page has at most 1,000, and 10 without a count. DELETE of a group is permanent.",
        ),
    ),
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
            "DELETE unlinks and deactivates the account. It is not undone: whoever is made again has another id.",
            "Filters are eq on userName or externalId (users), or one displayName (groups).",
        ),
    ),
    Profile(
        name="entra",
        title="A provider built for Microsoft Entra ID as its client",
        sources=("https://learn.microsoft.com/en-us/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups",),
        documented={"member_removal": "value", "always_sent": _META},
        notes=(
            "Choose it by name, for a provider that refuses RFC 7644's removal of members and knows Entra's own form. "
            "A provider that knows only RFC 7644 might remove all members at that form.",
            "Entra ID itself is no provider of this kind.",
        ),
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
            "Nobody is ever deleted: who is inactive is still found. A new user needs an entitlement, which is the profile.",
            "Its configuration is at /ServiceProviderConfigs.",
        ),
    ),
    Profile(
        name="cloudflare",
        title="Cloudflare dashboard",
        sources=("https://developers.cloudflare.com/fundamentals/account/account-security/scim-setup/",),
        hosts=("api.cloudflare.com/client/v4/accounts/*/scim/v2",),
        example="https://api.cloudflare.com/client/v4/accounts/0123456789abcdef0123456789abcdef/scim/v2",
        documented={"user_deactivation": "deletes"},
        notes=(
            "active: false removes the user from the account; the last Super Administrator stays.",
            "A userName is the e-mail address in exactly its case. The names of groups are Cloudflare's.",
        ),
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
            "In 30 seconds: 100 changes of users, 20 deletions, 5 listings of groups. The rate is that of changes.",
            "Groups are teams, which are neither made nor deleted by SCIM.",
        ),
    ),
    Profile(
        name="zoom",
        title="Zoom",
        sources=("https://developers.zoom.us/docs/api/scim2/",),
        hosts=("api.zoom.us/scim2",),
        example="https://api.zoom.us/scim2",
        notes=(
            "PATCH of a user is for active only; PUT changes the rest.",
            "SCIM needs single sign-on and a vanity URL. Limits are an endpoint's own.",
        ),
    ),
    Profile(
        name="zscaler",
        title="Zscaler Internet Access",
        sources=("https://help.zscaler.com/zia/scim-api-examples",),
        documented={"rate": 300},
        notes=("5 requests a second, and 50 at ZIdentity. Discovery needs no credential.",),
    ),
    Profile(
        name="attio",
        title="Attio",
        sources=("https://docs.attio.com/rest-api/scim/delete-user",),
        hosts=("api.attio.com/scim/v2",),
        example="https://api.attio.com/scim/v2",
        documented={"user_deletion": "deactivates", "page_size": 100},
        notes=("DELETE suspends a member and cancels an invitation. Filters are on userName or emails.value.",),
    ),
    Profile(
        name="canva",
        title="Canva",
        sources=("https://www.canva.dev/docs/scim/delete-user",),
        documented={"user_deletion": "refused"},
        notes=("There is no DELETE of users: active: false takes the access away.",),
    ),
    Profile(
        name="deel",
        title="Deel",
        sources=("https://developer.deel.com/docs/rate-limits",),
        documented={"rate": 300, "burst": 5},
    ),
    Profile(
        name="peakon",
        title="Workday Peakon",
        sources=("https://developer.peakon.com/reference/rate-limiting-1.md",),
        documented={"rate": 416},
        notes=("25,000 operations an hour, in which each one of a bulk request counts.",),
    ),
    Profile(
        name="oracle_life_sciences",
        title="Oracle Life Sciences IAMS",
        sources=("https://docs.oracle.com/en/industries/life-sciences/identity-access-management-service/user-provisioning-api/",),
        hosts=("hs-identity-api.oracleindustry.com",),
        example="https://hs-identity-api.oracleindustry.com/scim/v1/acme",
        documented={"user_deletion": "deactivates"},
        notes=(
            "PATCH takes the bare operation of SCIM 1. A PUT empties whatever it leaves out, but the password.",
            "It takes HTTP Basic, and filters without wildcards.",
        ),
    ),
)
