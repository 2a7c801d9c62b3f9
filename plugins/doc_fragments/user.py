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
    - The URNs of the schemas that the resource uses. They are derived from the other attributes and need not be
      given.
    type: list
    elements: raw
  id:
    description:
    - The identifier that the service provider gave to the resource. It finds the resource and is never sent.
    type: raw
  external_id:
    description:
    - The identifier of the resource in your own system, such as the key of an HR database.
    type: raw
    aliases:
    - externalId
  meta:
    description:
    - What the service provider records about the resource. It is accepted, never sent and never compared.
    type: dict
    suboptions:
      resource_type:
        description:
        - The name of the resource type, such as User.
        type: raw
        aliases:
        - resourceType
      created:
        description:
        - When the resource was created.
        type: raw
      last_modified:
        description:
        - When the resource was last changed.
        type: raw
        aliases:
        - lastModified
      location:
        description:
        - The URI of the resource.
        type: raw
      version:
        description:
        - The version of the resource, as in its ETag.
        type: raw
  user_name:
    description:
    - The name that the person signs in with, often an e-mail address. It is unique, whichever case it is written
      in.
    type: raw
    aliases:
    - userName
  name:
    description:
    - The parts of the person's name. A part that is not given is left alone.
    type: dict
    suboptions:
      formatted:
        description:
        - The whole name as it is displayed, such as Ms. Barbara J Jensen, III.
        type: raw
      family_name:
        description:
        - The family name or last name, such as Jensen.
        type: raw
        aliases:
        - familyName
      given_name:
        description:
        - The given name or first name, such as Barbara.
        type: raw
        aliases:
        - givenName
      middle_name:
        description:
        - The middle name or names, such as Jane.
        type: raw
        aliases:
        - middleName
      honorific_prefix:
        description:
        - What stands before the name, such as Ms. or Dr.
        type: raw
        aliases:
        - honorificPrefix
      honorific_suffix:
        description:
        - What stands after the name, such as III or Jr.
        type: raw
        aliases:
        - honorificSuffix
  display_name:
    description:
    - The name that is shown to others, usually the full name.
    type: raw
    aliases:
    - displayName
  nick_name:
    description:
    - What the person is called in daily life, such as Babs. It is not the user name.
    type: raw
    aliases:
    - nickName
  profile_url:
    description:
    - The URL of a page about the person.
    type: raw
    aliases:
    - profileUrl
  title:
    description:
    - The person's title in the organization, such as Vice President.
    type: raw
  user_type:
    description:
    - How the person relates to the organization, such as Employee, Contractor or Intern.
    type: raw
    aliases:
    - userType
  preferred_language:
    description:
    - The languages that the person prefers, as in Accept-Language, such as en-US.
    type: raw
    aliases:
    - preferredLanguage
  locale:
    description:
    - The locale in which dates, numbers and currencies are shown, such as en-US.
    type: raw
  timezone:
    description:
    - The time zone by its name in the IANA database, such as America/Los_Angeles.
    type: raw
  active:
    description:
    - Whether the account may be used. Set it to false to deactivate the person.
    type: bool
  password:
    description:
    - The password to set. Service providers never show it, so it cannot be compared.
    type: raw
  emails:
    description:
    - E-mail addresses.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - The e-mail address, such as bjensen@example.com.
        type: raw
      display:
        description:
        - A label for this value that people read.
        type: raw
      type:
        description:
        - What the address is for.
        - Common values are V(work), V(home), V(other).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one of the list can be.
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
        - The phone number, best as an RFC 3966 URI such as tel:+1-201-555-0123.
        type: raw
      display:
        description:
        - A label for this value that people read.
        type: raw
      type:
        description:
        - What the number is for.
        - Common values are V(work), V(home), V(mobile), V(fax), V(pager), V(other).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one of the list can be.
        type: bool
  ims:
    description:
    - Addresses for instant messages.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - The address in the messaging service.
        type: raw
      display:
        description:
        - A label for this value that people read.
        type: raw
      type:
        description:
        - The messaging service.
        - Common values are V(aim), V(gtalk), V(icq), V(xmpp), V(msn), V(skype), V(qq), V(yahoo).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one of the list can be.
        type: bool
  photos:
    description:
    - Pictures of the person.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - The URL of the picture itself, not of a page that shows it.
        type: raw
      display:
        description:
        - A label for this value that people read.
        type: raw
      type:
        description:
        - Whether it is a picture of full size or a small one.
        - Common values are V(photo), V(thumbnail).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one of the list can be.
        type: bool
  addresses:
    description:
    - Postal addresses.
    type: list
    elements: dict
    suboptions:
      formatted:
        description:
        - The whole address as on a mailing label. It may have several lines.
        type: raw
      street_address:
        description:
        - Street, house number, post office box and the like. It may have several lines.
        type: raw
        aliases:
        - streetAddress
      locality:
        description:
        - The city or town.
        type: raw
      region:
        description:
        - The state, province or region.
        type: raw
      postal_code:
        description:
        - The postal code. Quote it in YAML, so that a leading zero is kept.
        type: raw
        aliases:
        - postalCode
      country:
        description:
        - The country as a code of two letters (ISO 3166-1), such as DE. Quote NO in YAML.
        type: raw
      type:
        description:
        - What the address is for.
        - Common values are V(work), V(home), V(other).
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one of the list can be.
        type: bool
      display:
        description:
        - A label for this address that people read (Matillion).
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
    - What the person is entitled to, such as licenses. Which values there are depends on the service provider.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - The entitlement, as the service provider names it.
        type: raw
      display:
        description:
        - A label for this value that people read.
        type: raw
      type:
        description:
        - What kind of entitlement it is.
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one of the list can be.
        type: bool
  roles:
    description:
    - The roles that the person has, such as Student or Faculty. Which values there are depends on the service provider.
    type: list
    elements: dict
    suboptions:
      value:
        description:
        - The role, as the service provider names it.
        type: raw
      display:
        description:
        - A label for this value that people read.
        type: raw
      type:
        description:
        - What kind of role it is.
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one of the list can be.
        type: bool
  x509_certificates:
    description:
    - X.509 certificates that were issued to the person.
    type: list
    elements: dict
    aliases:
    - x509Certificates
    suboptions:
      value:
        description:
        - The certificate, DER in Base64.
        type: raw
      display:
        description:
        - A label for this value that people read.
        type: raw
      type:
        description:
        - What the certificate is for.
        type: raw
      primary:
        description:
        - Whether this is the preferred value. At most one of the list can be.
        type: bool
  enterprise:
    description:
    - What organizations record about their people.
    type: dict
    aliases:
    - urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
    suboptions:
      employee_number:
        description:
        - The number or code of the person in the organization. Quote it in YAML, so that a leading zero is kept.
        type: raw
        aliases:
        - employeeNumber
      cost_center:
        description:
        - The cost center that the person is accounted to.
        type: raw
        aliases:
        - costCenter
      organization:
        description:
        - The organization that the person works for.
        type: raw
      division:
        description:
        - The division that the person works in.
        type: raw
      department:
        description:
        - The department that the person works in.
        type: raw
      manager:
        description:
        - The person's superior, who is a user of the same service provider.
        type: dict
        suboptions:
          value:
            description:
            - The id of the superior.
            type: raw
          ref:
            description:
            - The URI of the superior.
            type: raw
            aliases:
            - $ref
          display_name:
            description:
            - The display name of the superior. The service provider fills it in.
            type: raw
            aliases:
            - displayName
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
"""
