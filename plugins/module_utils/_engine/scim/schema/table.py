# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes of RFC 7643: common (§3.1), User (§4.1), Group (§4.2) and the enterprise User extension (§4.3). Data only.

Where the RFC's prose and its JSON in §8.7.1 disagree, the prose is taken; the reason for each deviation is in ``test_table.py``.
"""

from __future__ import annotations

from typing import Any

from .types import Attribute, Mutability, ResourceType, Returned, Schema, Type, Uniqueness

_READ_ONLY: dict[str, Any] = {"mutability": Mutability.READ_ONLY}
_IMMUTABLE: dict[str, Any] = {"mutability": Mutability.IMMUTABLE}


def _text(name: str, description: str, **more: Any) -> Attribute:
    return Attribute(name, description=description, **more)


def _id(name: str, description: str, **more: Any) -> Attribute:
    """A resource's ``id``, or a pointer to one: case matters there (§3.1), so it does here."""
    return Attribute(name, case_exact=True, description=description, **more)


def _uri(name: str, description: str, *targets: str, **more: Any) -> Attribute:
    """References are compared exactly (§2.3.7)."""
    return Attribute(name, Type.REFERENCE, case_exact=True, reference_types=targets, description=description, format="uri", **more)


def _kind(description: str, *values: str, **more: Any) -> Attribute:
    return Attribute("type", canonical_values=values, description=description, **more)


def _complex(name: str, description: str, *subs: Attribute, **more: Any) -> Attribute:
    return Attribute(name, Type.COMPLEX, sub_attributes=subs, description=description, **more)


def _list(name: str, description: str, *subs: Attribute, **more: Any) -> Attribute:
    return _complex(name, description, *subs, multi_valued=True, **more)


def _plural(name: str, description: str, value: Attribute, kind: Attribute) -> Attribute:
    """The usual form of a multi-valued attribute (§2.4)."""
    return _list(name, description, value, _DISPLAY, kind, _PRIMARY)


_DISPLAY = _text("display", "A label for this value that people read.")
_PRIMARY = Attribute("primary", Type.BOOLEAN, description="Whether this is the preferred value. At most one of the list can be.")

_COMMON = (
    # Which schemas a body uses follows from its attributes, so nobody writes it by itself (§3).
    _text(
        "schemas",
        "The URNs of the schemas that the resource uses. They are derived from the other attributes and need not be given.",
        multi_valued=True,
        required=True,
        returned=Returned.ALWAYS,
        **_READ_ONLY,
    ),
    _id(
        "id",
        "The identifier that the service provider gave to the resource. It finds the resource and is never sent.",
        returned=Returned.ALWAYS,
        uniqueness=Uniqueness.SERVER,
        **_READ_ONLY,
    ),
    _id("externalId", "The identifier of the resource in your own system, such as the key of an HR database."),
    _complex(
        "meta",
        "What the service provider records about the resource. It is accepted, never sent and never compared.",
        _id("resourceType", "The name of the resource type, such as User.", **_READ_ONLY),
        Attribute("created", Type.DATE_TIME, description="When the resource was created.", **_READ_ONLY),
        Attribute("lastModified", Type.DATE_TIME, description="When the resource was last changed.", **_READ_ONLY),
        _uri("location", "The URI of the resource.", "uri", **_READ_ONLY),
        _id("version", "The version of the resource, as in its ETag.", **_READ_ONLY),
        **_READ_ONLY,
    ),
)

_NAME = _complex(
    "name",
    "The parts of the person's name. A part that is not given is left alone.",
    _text("formatted", "The whole name as it is displayed, such as Ms. Barbara J Jensen, III."),
    _text("familyName", "The family name or last name, such as Jensen."),
    _text("givenName", "The given name or first name, such as Barbara."),
    _text("middleName", "The middle name or names, such as Jane."),
    _text("honorificPrefix", "What stands before the name, such as Ms. or Dr."),
    _text("honorificSuffix", "What stands after the name, such as III or Jr."),
)

_ADDRESSES = _list(
    "addresses",
    "Postal addresses.",
    _text("formatted", "The whole address as on a mailing label. It may have several lines."),
    _text("streetAddress", "Street, house number, post office box and the like. It may have several lines."),
    _text("locality", "The city or town."),
    _text("region", "The state, province or region."),
    _text("postalCode", "The postal code. Quote it in YAML, so that a leading zero is kept."),
    _text("country", "The country as a code of two letters (ISO 3166-1), such as DE. Quote NO in YAML.", format="country"),
    _kind("What the address is for.", "work", "home", "other"),
    _PRIMARY,
)

_GROUPS = _list(
    "groups",
    "The groups that the person belongs to. Service providers change them through the groups only.",
    _id("value", "The id of the group.", **_READ_ONLY),
    _uri("$ref", "The URI of the group.", "Group", **_READ_ONLY),
    _text("display", "The display name of the group.", **_READ_ONLY),
    _kind("Whether the person is a member of the group itself or of a group in it.", "direct", "indirect", **_READ_ONLY),
    **_READ_ONLY,
)

CORE_USER = Schema(
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "User",
    "A person's account.",
    (
        _text(
            "userName",
            "The name that the person signs in with, often an e-mail address. It is unique, whichever case it is written in.",
            required=True,
            uniqueness=Uniqueness.SERVER,
        ),
        _NAME,
        _text("displayName", "The name that is shown to others, usually the full name."),
        _text("nickName", "What the person is called in daily life, such as Babs. It is not the user name."),
        _uri("profileUrl", "The URL of a page about the person.", "external"),
        _text("title", "The person's title in the organization, such as Vice President."),
        _text("userType", "How the person relates to the organization, such as Employee, Contractor or Intern."),
        _text("preferredLanguage", "The languages that the person prefers, as in Accept-Language, such as en-US.", format="language"),
        _text("locale", "The locale in which dates, numbers and currencies are shown, such as en-US.", format="locale"),
        _text("timezone", "The time zone by its name in the IANA database, such as America/Los_Angeles.", format="timezone"),
        Attribute("active", Type.BOOLEAN, description="Whether the account may be used. Set it to false to deactivate the person."),
        _text(
            "password",
            "The password to set. Service providers never show it, so it cannot be compared.",
            case_exact=True,
            mutability=Mutability.WRITE_ONLY,
            returned=Returned.NEVER,
        ),
        _plural(
            "emails",
            "E-mail addresses.",
            _text("value", "The e-mail address, such as bjensen@example.com.", format="email"),
            _kind("What the address is for.", "work", "home", "other"),
        ),
        _plural(
            "phoneNumbers",
            "Phone numbers.",
            _text("value", "The phone number, best as an RFC 3966 URI such as tel:+1-201-555-0123.", format="phone"),
            _kind("What the number is for.", "work", "home", "mobile", "fax", "pager", "other"),
        ),
        _plural(
            "ims",
            "Addresses for instant messages.",
            _text("value", "The address in the messaging service."),
            _kind("The messaging service.", "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"),
        ),
        _plural(
            "photos",
            "Pictures of the person.",
            _uri("value", "The URL of the picture itself, not of a page that shows it.", "external"),
            _kind("Whether it is a picture of full size or a small one.", "photo", "thumbnail"),
        ),
        _ADDRESSES,
        _GROUPS,
        _plural(
            "entitlements",
            "What the person is entitled to, such as licenses. Which values there are depends on the service provider.",
            _text("value", "The entitlement, as the service provider names it."),
            _kind("What kind of entitlement it is."),
        ),
        _plural(
            "roles",
            "The roles that the person has, such as Student or Faculty. Which values there are depends on the service provider.",
            _text("value", "The role, as the service provider names it."),
            _kind("What kind of role it is."),
        ),
        _plural(
            "x509Certificates",
            "X.509 certificates that were issued to the person.",
            Attribute("value", Type.BINARY, case_exact=True, description="The certificate, DER in Base64.", format="certificate"),
            _kind("What the certificate is for."),
        ),
    ),
)

ENTERPRISE_USER = Schema(
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "EnterpriseUser",
    "What organizations record about their people.",
    (
        _text("employeeNumber", "The number or code of the person in the organization. Quote it in YAML, so that a leading zero is kept."),
        _text("costCenter", "The cost center that the person is accounted to."),
        _text("organization", "The organization that the person works for."),
        _text("division", "The division that the person works in."),
        _text("department", "The department that the person works in."),
        _complex(
            "manager",
            "The person's superior, who is a user of the same service provider.",
            _id("value", "The id of the superior."),
            _uri("$ref", "The URI of the superior.", "User"),
            _text("displayName", "The display name of the superior. The service provider fills it in.", **_READ_ONLY),
        ),
    ),
    alias="enterprise",
)

CORE_GROUP = Schema(
    "urn:ietf:params:scim:schemas:core:2.0:Group",
    "Group",
    "A group of people and of other groups.",
    (
        _text("displayName", "The name of the group.", required=True),
        _list(
            "members",
            "Who belongs to the group.",
            _id("value", "The id of the member.", **_IMMUTABLE),
            _uri("$ref", "The URI of the member.", "User", "Group", **_IMMUTABLE),
            _kind("Whether the member is a person or a group.", "User", "Group", **_IMMUTABLE),
            _text("display", "The display name of the member.", **_IMMUTABLE),
        ),
    ),
)

USER = ResourceType("User", "/Users", "userName", CORE_USER, (ENTERPRISE_USER,), _COMMON)
GROUP = ResourceType("Group", "/Groups", "displayName", CORE_GROUP, (), _COMMON)
RESOURCE_TYPES = {"User": USER, "Group": GROUP}
