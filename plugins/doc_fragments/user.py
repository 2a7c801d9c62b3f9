# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  schemas:
    description:
    - URNs of the schemas that the resource uses. They are derived from the other attributes and need not be set.
    type: list
    elements: raw
  id:
    description:
    - Identifier that the service provider assigned to the resource. It identifies the existing resource and is
      never sent.
    type: raw
  external_id:
    description:
    - Identifier of the resource in your own system, such as the key in an HR database.
    type: raw
    aliases:
    - externalId
  meta:
    description:
    - Metadata that the service provider records about the resource. It is accepted, but never sent or compared.
    type: dict
    suboptions:
      resource_type:
        description:
        - Name of the resource type, such as User.
        type: raw
        aliases:
        - resourceType
      created:
        description:
        - Time at which the resource was created.
        type: raw
      last_modified:
        description:
        - Time at which the resource was last changed.
        type: raw
        aliases:
        - lastModified
      location:
        description:
        - URI of the resource.
        type: raw
      version:
        description:
        - Version of the resource, as in its ETag.
        type: raw
  user_name:
    description:
    - Name with which the user signs in, often an e-mail address. It is unique regardless of case.
    type: raw
    aliases:
    - userName
  name:
    description:
    - Parts of the user's name. A part that is not set is left unchanged.
    type: dict
    suboptions:
      formatted:
        description:
        - Full name as displayed, such as Ms. Barbara J Jensen, III.
        type: raw
      family_name:
        description:
        - Family name or last name, such as Jensen.
        type: raw
        aliases:
        - familyName
      given_name:
        description:
        - Given name or first name, such as Barbara.
        type: raw
        aliases:
        - givenName
      middle_name:
        description:
        - Middle name or names, such as Jane.
        type: raw
        aliases:
        - middleName
      honorific_prefix:
        description:
        - Prefix or title before the name, such as Ms. or Dr.
        type: raw
        aliases:
        - honorificPrefix
      honorific_suffix:
        description:
        - Suffix after the name, such as III or Jr.
        type: raw
        aliases:
        - honorificSuffix
  display_name:
    description:
    - Name that is shown to others, usually the full name.
    type: raw
    aliases:
    - displayName
  nick_name:
    description:
    - Casual name of the user, such as Babs. It is not the user name.
    type: raw
    aliases:
    - nickName
  profile_url:
    description:
    - URL of a page about the user.
    type: raw
    aliases:
    - profileUrl
  title:
    description:
    - Title of the user in the organization, such as Vice President.
    type: raw
  user_type:
    description:
    - Relationship of the user to the organization, such as Employee, Contractor or Intern.
    type: raw
    aliases:
    - userType
  preferred_language:
    description:
    - Languages that the user prefers, as in Accept-Language, such as en-US.
    type: raw
    aliases:
    - preferredLanguage
  locale:
    description:
    - Locale in which dates, numbers and currencies are shown, such as en-US.
    type: raw
  timezone:
    description:
    - Time zone by its name in the IANA database, such as America/Los_Angeles.
    type: raw
  active:
    description:
    - Whether the account can be used. Set it to false to deactivate the user.
    type: bool
  password:
    description:
    - Password to set. Service providers never return it, so it cannot be compared.
    type: raw
  emails:
    description:
    - E-mail addresses.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - E-mail address, such as bjensen@example.com.
        type: raw
      display:
        description:
        - Human-readable label of the value.
        type: raw
      type:
        description:
        - Purpose of the address.
        - Common values are V(work), V(home), V(other).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one value of the list can be primary.
        type: bool
  phone_numbers:
    description:
    - Phone numbers.
    type: list
    elements: dict
    aliases:
    - phoneNumbers
    suboptions:
      value:
        description:
        - Phone number, preferably as an RFC 3966 URI such as tel:+1-201-555-0123.
        type: raw
      display:
        description:
        - Human-readable label of the value.
        type: raw
      type:
        description:
        - Purpose of the number.
        - Common values are V(work), V(home), V(mobile), V(fax), V(pager), V(other).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one value of the list can be primary.
        type: bool
  ims:
    description:
    - Instant messaging addresses.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - Address in the messaging service.
        type: raw
      display:
        description:
        - Human-readable label of the value.
        type: raw
      type:
        description:
        - Messaging service.
        - Common values are V(aim), V(gtalk), V(icq), V(xmpp), V(msn), V(skype), V(qq), V(yahoo).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one value of the list can be primary.
        type: bool
  photos:
    description:
    - Pictures of the user.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - URL of the picture itself, not of a page that shows it.
        type: raw
      display:
        description:
        - Human-readable label of the value.
        type: raw
      type:
        description:
        - Whether the picture is full size or a thumbnail.
        - Common values are V(photo), V(thumbnail).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one value of the list can be primary.
        type: bool
  addresses:
    description:
    - Postal addresses.
    type: list
    elements: dict
    suboptions:
      formatted:
        description:
        - Full address as on a mailing label. It may have several lines.
        type: raw
      street_address:
        description:
        - Street, house number, post office box and so on. It may have several lines.
        type: raw
        aliases:
        - streetAddress
      locality:
        description:
        - City or town.
        type: raw
      region:
        description:
        - State, province or region.
        type: raw
      postal_code:
        description:
        - Postal code. Quote it in YAML to keep a leading zero.
        type: raw
        aliases:
        - postalCode
      country:
        description:
        - Country as a two-letter code (ISO 3166-1), such as DE. Quote NO in YAML.
        type: raw
      type:
        description:
        - Purpose of the address.
        - Common values are V(work), V(home), V(other).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one value of the list can be primary.
        type: bool
      display:
        description:
        - Human-readable label of the address (Matillion).
        type: raw
  groups:
    description:
    - 'Groups of the user, as display names, ids, or mappings of attributes that select one group, such as C({display:
      X, role: Y}).'
    - Memberships are changed through the groups, because a user's own list of groups is read-only in SCIM.
    - If a group does not exist, the task fails before anything is written.
    type: list
    elements: raw
  entitlements:
    description:
    - Entitlements of the user, such as licenses. The valid values depend on the service provider.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - Entitlement, as the service provider names it.
        type: raw
      display:
        description:
        - Human-readable label of the value.
        type: raw
      type:
        description:
        - Category of the entitlement.
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one value of the list can be primary.
        type: bool
  roles:
    description:
    - Roles of the user, such as Student or Faculty. The valid values depend on the service provider.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - Role, as the service provider names it.
        type: raw
      display:
        description:
        - Human-readable label of the value.
        type: raw
      type:
        description:
        - Category of the role.
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one value of the list can be primary.
        type: bool
  x509_certificates:
    description:
    - X.509 certificates issued to the user.
    type: list
    elements: dict
    aliases:
    - x509Certificates
    suboptions:
      value:
        description:
        - Certificate, as DER in Base64.
        type: raw
      display:
        description:
        - Human-readable label of the value.
        type: raw
      type:
        description:
        - Purpose of the certificate.
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one value of the list can be primary.
        type: bool
  enterprise:
    description:
    - Attributes that organizations record about their users.
    - In a pasted SCIM document, C(urn:ietf:params:scim:schemas:extension:enterprise:2.0:User) is the same option.
    type: dict
    suboptions:
      employee_number:
        description:
        - Number or code of the user in the organization. Quote it in YAML to keep a leading zero.
        type: raw
        aliases:
        - employeeNumber
      cost_center:
        description:
        - Cost center of the user.
        type: raw
        aliases:
        - costCenter
      organization:
        description:
        - Organization of the user.
        type: raw
      division:
        description:
        - Division of the user.
        type: raw
      department:
        description:
        - Department of the user.
        type: raw
      manager:
        description:
        - Manager of the user, who is a user of the same service provider.
        - 'Its user name, one of its e-mail addresses, its employee number, its id, or a mapping such as C({value:
          2819c223}).'
        type: raw
  state:
    description:
    - 'Whether the resource should exist. To deactivate a user, set C(active: false).'
    type: str
    choices:
    - present
    - absent
    default: present
  clear:
    description:
    - Attributes to clear, such as V(title), V(name.middle_name) or V(emails).
    - An empty list also clears a list, and an empty string at the top level also clears a text.
    type: list
    elements: str
  extensions:
    description:
    - Attributes of other schema extensions, by the URN of the extension.
    type: dict
  multi_valued:
    description:
    - How to apply declared lists. V(exact) replaces the whole list. V(additive) adds the declared elements and
      removes none.
    type: str
    choices:
    - exact
    - additive
    default: exact
  ignore_attributes:
    description:
    - Paths of attributes that are neither compared nor sent, such as V(title) or V(name.formatted).
    type: list
    elements: str
    default: []
  adopt:
    description:
    - Whether to take over a resource that already exists.
    - If V(false) and an external id is declared, a resource with another external id is left unchanged, and the
      task fails.
    type: bool
    default: true
  membership:
    description:
    - How to apply C(groups). V(additive) adds the user to these groups. V(exact) also removes the user from all
      other groups. V(absent) removes the user from these groups.
    type: str
    choices:
    - additive
    - exact
    - absent
    default: additive
  lock_timeout:
    description:
    - Maximum number of seconds to wait for another run on the same machine that writes to the same provider. V(0)
      does not wait.
    - Only one run writes at a time, so that two runs do not create the same group twice.
    - Runs on different machines are not locked against each other. Check mode never waits.
    type: int
    default: 300
  match_on:
    description:
    - Attributes that identify the existing resource. Each one with a declared value is used. User names are compared
      without regard to case. It is an error if they match different resources, or if one of them matches several.
    type: list
    elements: str
    default:
    - id
    - user_name
  update_password:
    description:
    - When to send the password. V(on_create) sends it only when the user is created.
    - V(always) sends it in every run, and the task is always changed, because a password cannot be read back.
    type: str
    choices:
    - on_create
    - always
    default: on_create
  scope_users:
    description:
    - SCIM filter that selects the users that may be changed, such as C(userName ew "@example.com").
    - A user who does not match it, before or after the change, is refused.
    type: str
  scope_groups:
    description:
    - SCIM filter that selects the groups that may be changed.
    - 'It is an error to add the user to another group. With C(membership: exact), the user stays in it, with a
      warning.'
    type: str
  protected_users:
    description:
    - Globs of user names, such as V(admin@*), compared without regard to case, Unicode composition and blanks around
      them.
    - It is an error to delete, deactivate or rename such a user, to end its memberships, or to remove its e-mail
      addresses, roles or entitlements. The user may be given more.
    type: list
    elements: str
    default: []
  protected_groups:
    description:
    - Globs of group names, compared as in O(protected_users), from which no member is removed.
    - 'C(membership: absent) is an error there. With C(membership: exact), the user stays in such a group, with
      a warning.'
    type: list
    elements: str
    default: []
"""
