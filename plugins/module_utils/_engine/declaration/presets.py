# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tables of known products mean: their headings, and the columns of each as in a mapping file. Data, and a function of it.

A preset never maps a password, a private address or a membership: these are mapped on purpose, in a mapping beside the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .headings import Headings

# On what a record is based: a file of the product or its published template; its documentation; or what its users have shown elsewhere.
FILE, DOCUMENTED, ASSUMED = "file", "documented", "assumed"


@dataclass(frozen=True, slots=True, eq=False)  # by identity, so that it can be the key of a cache
class Preset:
    """A table of a product. Tables that have all its ``headings`` are recognized. ``require`` are headings without which a row is left out.

    ``skip`` are rows that are left out: a heading, and the texts in its column. ``exact``: the case of the headings matters, since many
    tables have such headings in another one.
    """

    name: str
    product: str
    basis: str
    headings: tuple[str, ...]
    columns: Mapping[str, Any]
    require: tuple[str, ...] = ()
    skip: Mapping[str, Sequence[str]] = field(default_factory=dict)
    exact: bool = False


def _work(column: Any, **more: Any) -> dict[str, Any]:
    return {"value": column, "type": {"value": "work"}, **more}


def _primary(column: Any) -> dict[str, Any]:
    return _work(column, primary={"value": "true"})


def _typed(value_type: str, column: Any) -> dict[str, Any]:
    return {"value": column, "type": {"value": value_type}}


def _address(value_type: str = "work", **parts: str) -> list[dict[str, Any]]:
    return [{**parts, "type": {"value": value_type}}]


def _prefixed(prefix: str, columns: Any) -> Any:
    """The columns of headings that all begin with a prefix."""
    if isinstance(columns, str):
        return prefix + columns
    if isinstance(columns, list):
        return [_prefixed(prefix, column) for column in columns]
    is_constant = columns.keys() == {"value"}
    return columns if is_constant else {name: _prefixed(prefix, column) for name, column in columns.items()}


_ENABLED = {"True": "true", "False": "false"}
_STATUS = {"Active": "true", "Inactive": "false", "Terminated": "false", "Suspended": "false", "Deactivated": "false", "Disabled": "false"}

_SLACK_MEMBERS = (
    "Member", "Full Member", "Admin", "Owner", "Primary Owner", "Workspace Admin", "Workspace Owner", "Workspace Primary Owner",
    "Org Admin", "Org Owner", "Org Primary Owner", "Guest", "Restricted", "Ultra Restricted",
    "Multi-Channel Guest", "Single-Channel Guest",
)  # fmt: skip
_NEITHER = {"False False": "true", "True False": "false", "False True": "false", "True True": "false"}  # suspended, archived
_GAM_USERS = Preset(
    "gam",
    "GAM: gam print users",
    FILE,
    ("primaryEmail", "name.givenName", "name.familyName", "suspended"),
    {
        "user_name": "primaryEmail",
        "display_name": "name.fullName",
        "name": {"given_name": "name.givenName", "family_name": "name.familyName"},
        "active": {"column": "suspended", "values": {"True": "false", "False": "true"}},
        "emails": [_primary("primaryEmail")],
        "phone_numbers": [{"value": "phones.0.value", "type": "phones.0.type"}],
        "addresses": [{"formatted": "addresses.0.formatted", "type": "addresses.0.type"}],
        "title": "organizations.0.title",
        "preferred_language": "languages.0.languageCode",
        "enterprise": {
            "employee_number": "externalIds.0.value",
            "department": "organizations.0.department",
            "cost_center": "organizations.0.costCenter",
        },
    },
    ("primaryEmail",),
)

_OKTA_PROFILE: Mapping[str, Any] = {
    "user_name": "login",
    "display_name": "displayName",
    "nick_name": "nickName",
    "name": {
        "given_name": "firstName",
        "family_name": "lastName",
        "middle_name": "middleName",
        "honorific_prefix": "honorificPrefix",
        "honorific_suffix": "honorificSuffix",
    },
    "emails": [_primary("email")],
    "phone_numbers": [_work("primaryPhone"), _typed("mobile", "mobilePhone")],
    "addresses": _address(street_address="streetAddress", locality="city", region="state", postal_code="zipCode", country="countryCode"),
    "title": "title",
    "profile_url": "profileUrl",
    "preferred_language": "preferredLanguage",
    "locale": "locale",
    "timezone": "timezone",
    "user_type": "userType",
    "enterprise": {
        "employee_number": "employeeNumber",
        "cost_center": "costCenter",
        "organization": "organization",
        "division": "division",
        "department": "department",
    },
}
_OKTA_STATUS = {
    **dict.fromkeys(("ACTIVE", "LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY"), "true"),
    **dict.fromkeys(("SUSPENDED", "DEPROVISIONED"), "false"),
}

PRESETS: tuple[Preset, ...] = (
    Preset(
        "okta",
        "Okta: import template and export of people",
        DOCUMENTED,
        ("login", "firstName", "lastName", "email"),
        _OKTA_PROFILE,
        ("login",),
        exact=True,
    ),
    Preset(
        "okta",
        "Okta: users as the API returns them",
        DOCUMENTED,
        ("id", "status", "profile.login", "profile.firstName", "profile.lastName", "profile.email"),
        {**_prefixed("profile.", _OKTA_PROFILE), "active": {"column": "status", "values": _OKTA_STATUS}},
        ("profile.login",),
    ),
    Preset(
        "google_workspace",
        "Google Workspace: users downloaded from or uploaded to the Admin console",
        FILE,
        ("First Name", "Last Name", "Email Address", "Org Unit Path"),
        {
            "user_name": "Email Address",
            "name": {"given_name": "First Name", "family_name": "Last Name"},
            "active": {
                "column": ["New Status", "Status"],
                "values": {"Active": "true", "Suspended": "false", "Archived": "false"},
            },
            "emails": [_primary("Email Address"), _work("Work Secondary Email")],
            "phone_numbers": [_work("Work Phone"), _typed("mobile", "Mobile Phone")],
            "addresses": _address(formatted="Work Address"),
            "title": "Employee Title",
            "user_type": "Employee Type",
            "enterprise": {
                "employee_number": "Employee ID",
                "department": "Department",
                "cost_center": "Cost Center",
                "manager": "Manager Email",
            },
        },
        ("Email Address",),
    ),
    Preset(
        "entra",
        "Microsoft Entra ID: template for bulk creation",
        FILE,
        ("[displayName]", "[userPrincipalName]", "[accountEnabled]"),
        {
            "user_name": "[userPrincipalName]",
            "display_name": "[displayName]",
            "name": {"given_name": "[givenName]", "family_name": "[surname]"},
            "active": {"column": "[accountEnabled]", "values": {"Yes": "false", "No": "true"}},  # the question is "Block sign in"
            "phone_numbers": [_work("[telephoneNumber]"), _typed("mobile", "[mobile]")],
            "addresses": _address(
                street_address="[streetAddress]", locality="[city]", region="[state]", postal_code="[postalCode]", country="[country]"
            ),
            "title": "[jobTitle]",
            "enterprise": {"department": "[department]"},
        },
        ("[userPrincipalName]",),
        {"[userPrincipalName]": ("chris@contoso.com",)},  # the example row of the template
    ),
    Preset(
        "entra",
        "Microsoft Entra ID: downloaded list of users, and Get-MgUser with Export-Csv",
        DOCUMENTED,
        ("userPrincipalName", "displayName", "surname", "givenName", "accountEnabled"),
        {
            "user_name": "userPrincipalName",
            "display_name": "displayName",
            "name": {"given_name": "givenName", "family_name": "surname"},
            "active": {"column": "accountEnabled", "values": _ENABLED},
            "emails": [_primary("mail")],
            "phone_numbers": [_work("telephoneNumber"), _typed("mobile", ["mobilePhone", "mobile"])],
            "addresses": _address(
                street_address="streetAddress", locality="city", region="state", postal_code="postalCode", country="country"
            ),
            "title": "jobTitle",
            "user_type": "userType",
            "preferred_language": "preferredLanguage",
            "enterprise": {"employee_number": "employeeId", "department": "department", "organization": "companyName"},
        },
        ("userPrincipalName",),
    ),
    Preset(
        "entra",
        "Microsoft Graph and az ad user list, also without accountEnabled",
        DOCUMENTED,
        ("id", "displayName", "userPrincipalName", "mail", "jobTitle", "officeLocation"),
        {
            "user_name": "userPrincipalName",
            "display_name": "displayName",
            "name": {"given_name": "givenName", "family_name": "surname"},
            "active": {"column": "accountEnabled", "values": _ENABLED},
            "emails": [_primary("mail")],
            "phone_numbers": [_work("businessPhones.0"), _typed("mobile", "mobilePhone")],
            "title": "jobTitle",
            "preferred_language": "preferredLanguage",
        },
        ("userPrincipalName",),
    ),
    _GAM_USERS,
    replace(
        _GAM_USERS,
        product="GAM: gam print users, with archived",
        headings=(*_GAM_USERS.headings, "archived"),
        columns={**_GAM_USERS.columns, "active": {"template": "{suspended} {archived}", "values": _NEITHER}},
    ),
    Preset(
        "gam",
        "GAM: gam print group-members",
        DOCUMENTED,
        ("group", "type", "role", "email"),
        {"group": "group", "member": "email"},
        ("group", "email"),
    ),
    Preset(
        "google_workspace",
        "Google Workspace: members of groups, as uploaded to the Admin console",
        DOCUMENTED,
        ("Group Email", "Member Email", "Member Type", "Member Role"),
        {"group": "Group Email", "member": "Member Email"},
        ("Group Email", "Member Email"),
    ),
    Preset(
        "bamboohr",
        "BambooHR: report of employees",
        FILE,
        ("Employee #", "First Name", "Last Name", "Work Email"),
        {
            "user_name": "Work Email",
            "nick_name": "Preferred Name",
            "name": {"given_name": "First Name", "family_name": "Last Name", "middle_name": "Middle Name"},
            "active": {"column": "Status", "values": {"Active": "true", "Inactive": "false"}},
            "emails": [_primary("Work Email")],
            "phone_numbers": [_work("Work Phone")],
            "title": "Job Title",
            "enterprise": {
                "employee_number": "Employee #",
                "department": "Department",
                "division": "Division",
                "manager": "Supervisor EID",
            },
        },
        ("Work Email",),
    ),
    Preset(
        "workday",
        "Workday: custom report of workers",
        ASSUMED,
        ("Employee ID", "Worker", "Legal Name - First Name", "Legal Name - Last Name", "Email - Primary Work"),
        {
            "user_name": "Email - Primary Work",
            "name": {"given_name": "Legal Name - First Name", "family_name": "Legal Name - Last Name"},
            "nick_name": "Preferred Name - First Name",
            "active": {"column": "Active Status", "values": {"Yes": "true", "No": "false"}},
            "emails": [_primary("Email - Primary Work")],
            "phone_numbers": [_work("Phone - Primary Work")],
            "title": "Business Title",
            "user_type": "Worker Type",
            "enterprise": {
                "employee_number": "Employee ID",
                "department": {"column": "Supervisory Organization", "match": r"^(.*?)(?: \([^()]*\))?$"},  # "Data (Ana Souza)"
                "cost_center": "Cost Center",
                "organization": "Company",
            },
        },
        ("Email - Primary Work",),
    ),
    Preset(
        "slack",
        "Slack: list of members",
        DOCUMENTED,
        ("username", "email", "status", "billing-active", "userid"),
        {
            "user_name": "email",
            "display_name": "fullname",
            "nick_name": "displayname",
            "active": {"column": "status", "values": {"Deactivated": "false", **dict.fromkeys(_SLACK_MEMBERS, "true")}},
            "emails": [_primary("email")],
        },
        ("email",),
        {"status": ("Bot",)},
    ),
    Preset(
        "atlassian",
        "Atlassian: users of an organization",
        DOCUMENTED,
        ("User id", "User name", "email", "User status"),
        {
            "user_name": "email",
            "display_name": "User name",  # the full name
            "active": {"column": "User status", "values": _STATUS},
            "emails": [_primary("email")],
        },
        ("email",),
    ),
    Preset(
        "active_directory",
        "Active Directory: Get-ADUser with Export-Csv",
        DOCUMENTED,
        ("DistinguishedName", "Enabled", "SamAccountName", "UserPrincipalName"),
        {
            "user_name": "UserPrincipalName",
            "display_name": ["DisplayName", "Name"],
            "name": {"given_name": "GivenName", "family_name": "Surname"},
            "active": {"column": "Enabled", "values": _ENABLED},
            "emails": [_primary(["EmailAddress", "mail"])],
            "phone_numbers": [_work(["OfficePhone", "telephoneNumber"]), _typed("mobile", ["MobilePhone", "mobile"])],
            "addresses": _address(
                street_address="StreetAddress", locality="City", region="State", postal_code="PostalCode", country="Country"
            ),
            "title": "Title",
            "enterprise": {
                "employee_number": ["EmployeeNumber", "EmployeeID"],
                "department": "Department",
                "division": "Division",
                "organization": "Company",
            },
        },
        ("UserPrincipalName",),
    ),
    Preset(
        "active_directory",
        "Active Directory: csvde",
        DOCUMENTED,
        ("DN", "objectClass", "sAMAccountName", "userPrincipalName", "userAccountControl"),
        {
            "user_name": "userPrincipalName",
            "display_name": ["displayName", "cn"],
            "name": {"given_name": "givenName", "family_name": "sn"},
            # 2 is the flag of a disabled account; the others say whether its password expires.
            "active": {
                "column": "userAccountControl",
                "values": {"512": "true", "514": "false", "544": "true", "546": "false", "66048": "true", "66050": "false"},
            },
            "emails": [_primary("mail")],
            "phone_numbers": [_work("telephoneNumber"), _typed("mobile", "mobile")],
            "addresses": _address(street_address="streetAddress", locality="l", region="st", postal_code="postalCode", country="c"),
            "title": "title",
            "enterprise": {
                "employee_number": ["employeeNumber", "employeeID"],
                "department": "department",
                "division": "division",
                "organization": "company",
            },
        },
        ("userPrincipalName",),
    ),
    Preset(
        "keycloak",
        "Keycloak: users of a realm export and of kcadm get users",
        DOCUMENTED,
        ("username", "enabled", "emailVerified", "createdTimestamp"),
        {
            "user_name": "username",
            "name": {"given_name": "firstName", "family_name": "lastName"},
            "active": {"column": "enabled", "values": _ENABLED},
            "emails": [_primary("email")],
        },
        ("username",),
    ),
    Preset(
        "jumpcloud",
        "JumpCloud: import template and export of users",
        DOCUMENTED,
        ("FirstName", "LastName", "Username", "Email"),
        {
            "user_name": "Username",
            "display_name": "DisplayName",
            "name": {"given_name": "FirstName", "family_name": "LastName", "middle_name": "MiddleName"},
            "emails": [_primary("Email")],
            "phone_numbers": [_work("work_number"), _typed("mobile", ["mobile_number", "work_mobile_number"])],
            "title": "JobTitle",
            "user_type": "EmployeeType",
            "enterprise": {
                "employee_number": "EmployeeIdentifier",
                "cost_center": "CostCenter",
                "department": "Department",
                "organization": "Company",
            },
        },
        ("Username",),
        exact=True,
    ),
    Preset(
        "onelogin",
        "OneLogin: users",
        ASSUMED,
        ("firstname", "lastname", "email", "username", "samaccountname"),
        {
            "user_name": "username",
            "name": {"given_name": "firstname", "family_name": "lastname"},
            "emails": [_primary("email")],
            "phone_numbers": [_work("phone")],
            "title": "title",
            "enterprise": {"department": "department", "organization": "company"},
        },
        ("username",),
        exact=True,
    ),
    Preset(
        "github",
        "GitHub Enterprise: consumed licenses",
        DOCUMENTED,
        ("github_com_login", "github_com_name", "github_com_saml_name_id"),
        {
            "user_name": "github_com_saml_name_id",
            "display_name": "github_com_name",
            "nick_name": "github_com_login",
            "emails": [{"value": {"column": "github_com_verified_domain_emails", "match": "^[^ ,;]+"}, "type": {"value": "work"}}],
        },
        ("github_com_saml_name_id",),
    ),
    Preset(
        "personio",
        "Personio: list of employees in English",
        ASSUMED,
        ("First name", "Last name", "Email", "Position", "Supervisor", "Status"),
        {
            "user_name": "Email",
            "name": {"given_name": "First name", "family_name": "Last name"},
            "nick_name": "Preferred name",
            "active": {"column": "Status", "values": {"Active": "true", "Inactive": "false", "Leave": "true", "On leave": "true"}},
            "emails": [_primary("Email")],
            "title": "Position",
            "user_type": "Employment type",
            "enterprise": {
                "employee_number": ["Employee ID", "ID"],
                "department": "Department",
                "cost_center": "Cost center",
                "organization": ["Subcompany", "Legal entity"],
            },
        },
        ("Email",),
    ),
    Preset(
        "hibob",
        "HiBob: people in English",
        ASSUMED,
        ("First name", "Last name", "Email", "Job title", "Site", "Reports to"),
        {
            "user_name": "Email",
            "display_name": "Display name",
            "name": {"given_name": "First name", "family_name": "Last name"},
            "active": {
                "column": ["Lifecycle status", "Status"],
                "values": {"Employed": "true", "Active": "true", "Terminated": "false", "Inactive": "false"},
            },
            "emails": [_primary("Email")],
            "phone_numbers": [_work("Work phone")],
            "title": "Job title",
            "user_type": "Employment type",
            "enterprise": {
                "employee_number": ["Employee ID", "Employee ID in company"],
                "department": "Department",
                "manager": ["Reports to email", "Manager email"],
            },
        },
        ("Email",),
    ),
    Preset(
        "rippling",
        "Rippling: report of employees",
        ASSUMED,
        ("First name", "Last name", "Work email", "Title", "Employment type"),
        {
            "user_name": "Work email",
            "nick_name": "Preferred first name",
            "name": {"given_name": "First name", "family_name": "Last name"},
            "active": {"column": ["Employment status", "Status"], "values": {"Active": "true", "Terminated": "false", "Inactive": "false"}},
            "emails": [_primary("Work email")],
            "title": "Title",
            "user_type": "Employment type",
            "enterprise": {
                "employee_number": ["Employee number", "Employee ID"],
                "department": "Department",
                "manager": ["Manager work email", "Manager email"],
            },
        },
        ("Work email",),
    ),
    Preset(
        "salesforce",
        "Salesforce: users by Data Loader",
        DOCUMENTED,
        ("Username", "LastName", "FirstName", "Email", "IsActive", "ProfileId"),
        {
            "user_name": "Username",
            "display_name": "Name",
            "name": {"given_name": "FirstName", "family_name": "LastName"},
            "active": {"column": "IsActive", "values": _ENABLED},
            "emails": [_primary("Email")],
            "phone_numbers": [_work("Phone"), _typed("mobile", "MobilePhone")],
            "title": "Title",
            "timezone": "TimeZoneSidKey",
            "locale": "LocaleSidKey",
            "preferred_language": "LanguageLocaleKey",
            "enterprise": {
                "employee_number": "EmployeeNumber",
                "department": "Department",
                "division": "Division",
                "organization": "CompanyName",
            },
        },
        ("Username",),
    ),
    Preset(
        "servicenow",
        "ServiceNow: export of sys_user",
        DOCUMENTED,
        ("user_name", "first_name", "last_name", "email", "active"),
        {
            "user_name": "user_name",
            "display_name": "name",
            "name": {"given_name": "first_name", "family_name": "last_name", "middle_name": "middle_name"},
            "active": {"column": "active", "values": _ENABLED},
            "emails": [_primary("email")],
            "phone_numbers": [_work("phone"), _typed("mobile", "mobile_phone")],
            "title": "title",
            "timezone": "time_zone",
            "enterprise": {"employee_number": "employee_number", "department": "department", "cost_center": "cost_center"},
        },
        ("user_name",),
    ),
    Preset(
        "successfactors",
        "SAP SuccessFactors: user data file, which has a second line of headings",
        DOCUMENTED,
        ("STATUS", "USERID", "USERNAME", "FIRSTNAME", "LASTNAME", "EMAIL", "MANAGER", "HR"),
        {
            "user_name": "USERNAME",
            "name": {"given_name": "FIRSTNAME", "family_name": "LASTNAME", "middle_name": "MI"},
            "active": {"column": "STATUS", "values": _STATUS},
            "emails": [_primary("EMAIL")],
            "phone_numbers": [_work("BIZ_PHONE")],
            "addresses": _address(street_address="ADDR1", locality="CITY", region="STATE", postal_code="ZIP", country="COUNTRY"),
            "title": "TITLE",
            "timezone": "TIMEZONE",
            "locale": "DEFAULT_LOCALE",
            "enterprise": {"employee_number": "EMPID", "department": "DEPARTMENT", "division": "DIVISION"},
        },
        ("USERNAME",),
        {"STATUS": ("STATUS",)},
    ),
    Preset(
        "auth0",
        "Auth0: export of users",
        DOCUMENTED,
        ("user_id", "email", "email_verified", "name", "nickname"),
        {
            "user_name": "email",
            "display_name": "name",
            "nick_name": "nickname",
            "name": {"given_name": "given_name", "family_name": "family_name"},
            "active": {"column": "blocked", "values": {"true": "false", "false": "true"}},
            "emails": [_primary("email")],
        },
        ("email",),
    ),
)  # fmt: skip
NAMES = tuple(dict.fromkeys(preset.name for preset in PRESETS))


def recognized(headings: Headings, names: Iterable[str] = NAMES) -> Sequence[Preset]:
    """The presets of a table: of those that have all their headings in it, the ones with the most."""
    wanted = set(names)
    found = [preset for preset in PRESETS if preset.name in wanted and _has_all(headings, preset)]
    most = max((len(preset.headings) for preset in found), default=0)
    return [preset for preset in found if len(preset.headings) == most]


def _has_all(headings: Headings, preset: Preset) -> bool:
    return set(preset.headings) <= set(headings.cells) if preset.exact else all(heading in headings for heading in preset.headings)
