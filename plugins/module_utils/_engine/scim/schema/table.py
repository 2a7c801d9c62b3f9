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


def _type(description: str, *values: str, **more: Any) -> Attribute:
    return Attribute("type", canonical_values=values, description=description, **more)


def _complex(name: str, description: str, *subs: Attribute, **more: Any) -> Attribute:
    return Attribute(name, Type.COMPLEX, sub_attributes=subs, description=description, **more)


def _list(name: str, description: str, *subs: Attribute, **more: Any) -> Attribute:
    return _complex(name, description, *subs, multi_valued=True, **more)


def _plural(name: str, description: str, value: Attribute, value_type: Attribute) -> Attribute:
    """The usual form of a multi-valued attribute (§2.4)."""
    return _list(name, description, value, _DISPLAY, value_type, _PRIMARY)


_DISPLAY = _text("display", "Human-readable label of the value.")
_PRIMARY = Attribute(
    "primary", Type.BOOLEAN, description="Whether this is the preferred value. At most one value of the list can be primary."
)

_COMMON = (
    # Derived from the other attributes, so never written on its own (§3).
    _text(
        "schemas",
        "URNs of the schemas that the resource uses. They are derived from the other attributes and need not be set.",
        multi_valued=True,
        required=True,
        returned=Returned.ALWAYS,
        **_READ_ONLY,
    ),
    _id(
        "id",
        "Identifier that the service provider assigned to the resource. It identifies the existing resource and is never sent.",
        returned=Returned.ALWAYS,
        uniqueness=Uniqueness.SERVER,
        format="name",
        **_READ_ONLY,
    ),
    _id("externalId", "Identifier of the resource in your own system, such as the key in an HR database.", format="name"),
    _complex(
        "meta",
        "Metadata that the service provider records about the resource. It is accepted, but never sent or compared.",
        _id("resourceType", "Name of the resource type, such as User.", **_READ_ONLY),
        Attribute("created", Type.DATE_TIME, description="Time at which the resource was created.", **_READ_ONLY),
        Attribute("lastModified", Type.DATE_TIME, description="Time at which the resource was last changed.", **_READ_ONLY),
        _uri("location", "URI of the resource.", "uri", **_READ_ONLY),
        _id("version", "Version of the resource, as in its ETag.", **_READ_ONLY),
        **_READ_ONLY,
    ),
)

_NAME = _complex(
    "name",
    "Parts of the user's name. A part that is not set is left unchanged.",
    _text("formatted", "Full name as displayed, such as Ms. Barbara J Jensen, III."),
    _text("familyName", "Family name or last name, such as Jensen."),
    _text("givenName", "Given name or first name, such as Barbara."),
    _text("middleName", "Middle name or names, such as Jane."),
    _text("honorificPrefix", "Prefix or title before the name, such as Ms. or Dr."),
    _text("honorificSuffix", "Suffix after the name, such as III or Jr."),
)

_ADDRESSES = _list(
    "addresses",
    "Postal addresses.",
    _text("formatted", "Full address as on a mailing label. It may have several lines."),
    _text("streetAddress", "Street, house number, post office box and so on. It may have several lines."),
    _text("locality", "City or town."),
    _text("region", "State, province or region."),
    _text("postalCode", "Postal code. Quote it in YAML to keep a leading zero."),
    _text("country", "Country as a two-letter code (ISO 3166-1), such as DE. Quote NO in YAML.", format="country"),
    _type("Purpose of the address.", "work", "home", "other"),
    _PRIMARY,
)

_GROUPS = _list(
    "groups",
    "Groups to which the user belongs. Service providers change them only through the groups.",
    _id("value", "Id of the group.", **_READ_ONLY),
    _uri("$ref", "URI of the group.", "Group", **_READ_ONLY),
    _text("display", "Display name of the group.", **_READ_ONLY),
    _type("Whether the user is a member of the group itself, or of a group that is its member.", "direct", "indirect", **_READ_ONLY),
    **_READ_ONLY,
)

CORE_USER = Schema(
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "User",
    "Account of a user.",
    (
        _text(
            "userName",
            "Name with which the user signs in, often an e-mail address. It is unique regardless of case.",
            required=True,
            uniqueness=Uniqueness.SERVER,
            format="name",
        ),
        _NAME,
        _text("displayName", "Name that is shown to others, usually the full name."),
        _text("nickName", "Casual name of the user, such as Babs. It is not the user name."),
        _uri("profileUrl", "URL of a page about the user.", "external"),
        _text("title", "Title of the user in the organization, such as Vice President."),
        _text("userType", "Relationship of the user to the organization, such as Employee, Contractor or Intern."),
        _text("preferredLanguage", "Languages that the user prefers, as in Accept-Language, such as en-US.", format="language"),
        _text("locale", "Locale in which dates, numbers and currencies are shown, such as en-US.", format="locale"),
        _text("timezone", "Time zone by its name in the IANA database, such as America/Los_Angeles.", format="timezone"),
        Attribute("active", Type.BOOLEAN, description="Whether the account can be used. Set it to false to deactivate the user."),
        _text(
            "password",
            "Password to set. Service providers never return it, so it cannot be compared.",
            case_exact=True,
            mutability=Mutability.WRITE_ONLY,
            returned=Returned.NEVER,
        ),
        _plural(
            "emails",
            "E-mail addresses.",
            _text("value", "E-mail address, such as bjensen@example.com.", format="email"),
            _type("Purpose of the address.", "work", "home", "other"),
        ),
        _plural(
            "phoneNumbers",
            "Phone numbers.",
            _text("value", "Phone number, preferably as an RFC 3966 URI such as tel:+1-201-555-0123.", format="phone"),
            _type("Purpose of the number.", "work", "home", "mobile", "fax", "pager", "other"),
        ),
        _plural(
            "ims",
            "Instant messaging addresses.",
            _text("value", "Address in the messaging service."),
            _type("Messaging service.", "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"),
        ),
        _plural(
            "photos",
            "Pictures of the user.",
            _uri("value", "URL of the picture itself, not of a page that shows it.", "external"),
            _type("Whether the picture is full size or a thumbnail.", "photo", "thumbnail"),
        ),
        _ADDRESSES,
        _GROUPS,
        _plural(
            "entitlements",
            "Entitlements of the user, such as licenses. The valid values depend on the service provider.",
            _text("value", "Entitlement, as the service provider names it."),
            _type("Category of the entitlement."),
        ),
        _plural(
            "roles",
            "Roles of the user, such as Student or Faculty. The valid values depend on the service provider.",
            _text("value", "Role, as the service provider names it."),
            _type("Category of the role."),
        ),
        _plural(
            "x509Certificates",
            "X.509 certificates issued to the user.",
            Attribute("value", Type.BINARY, case_exact=True, description="Certificate, as DER in Base64.", format="certificate"),
            _type("Purpose of the certificate."),
        ),
    ),
)

ENTERPRISE_USER = Schema(
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "EnterpriseUser",
    "Attributes that organizations record about their users.",
    (
        _text("employeeNumber", "Number or code of the user in the organization. Quote it in YAML to keep a leading zero."),
        _text("costCenter", "Cost center of the user."),
        _text("organization", "Organization of the user."),
        _text("division", "Division of the user."),
        _text("department", "Department of the user."),
        _complex(
            "manager",
            "Manager of the user, who is a user of the same service provider.",
            _id("value", "Id of the manager."),
            _uri("$ref", "URI of the manager.", "User"),
            _text("displayName", "Display name of the manager. The service provider sets it.", **_READ_ONLY),
            format="user",
        ),
    ),
    alias="enterprise",
)

CORE_GROUP = Schema(
    "urn:ietf:params:scim:schemas:core:2.0:Group",
    "Group",
    "Group of users and other groups.",
    (
        _text("displayName", "Name of the group.", required=True, format="name"),
        _list(
            "members",
            "Members of the group.",
            _id("value", "Id of the member.", **_IMMUTABLE),
            _uri("$ref", "URI of the member.", "User", "Group", **_IMMUTABLE),
            _type("Whether the member is a user or a group.", "User", "Group", **_IMMUTABLE),
            _text("display", "Display name of the member.", **_IMMUTABLE),
        ),
    ),
)

USER = ResourceType("User", "/Users", "userName", CORE_USER, (ENTERPRISE_USER,), _COMMON)
GROUP = ResourceType("Group", "/Groups", "displayName", CORE_GROUP, (), _COMMON)
RESOURCE_TYPES = {"User": USER, "Group": GROUP}
