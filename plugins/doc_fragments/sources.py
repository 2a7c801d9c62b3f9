# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  src:
    description:
    - Files, folders and globs that declare the directory. A YAML or JSON file is a mapping with at least one of
      the keys C(users), C(groups) and C(defaults).
    - A CSV or TSV file declares one user per row. Its headings are paths of attributes, such as C(user_name), C(name.given_name),
      C(emails[0].value), C(enterprise.department) and C(groups). Separate the names of groups with V(;). With the
      headings C(group) and C(member), each row is a membership.
    - 'The files of known products are recognized by their headings: BambooHR, Entra, Google Workspace, Okta, Slack
      and others. A YAML file beside any other CSV file says what its columns mean. M(identity.scim.validate) prints
      one to begin with.'
    - 'SCIM documents are read too: a C(ListResponse), a list of resources, one resource, or a C(BulkRequest) of
      POSTs. Their ids belong to another provider and are not used, unless O(match_on) has nothing but V(id).'
    - The module reads the files itself, which is much faster than templating them into the task. A relative path
      begins at the folder of the playbook.
    - A folder or glob without any file is an error, because it would look like an empty directory. Links inside
      it are followed, and a link that leads out of it is an error.
    - Files in it that are not declarations are named in a warning. If undeclared users or groups are pruned, they
      are an error.
    type: list
    elements: str
  users:
    description:
    - Users to declare, in the form of M(identity.scim.user).
    type: list
    elements: dict
    suboptions:
      schemas:
        description:
        - URNs of the schemas that the resource uses. They are derived from the other attributes and need not be
          set.
        type: list
        elements: raw
      id:
        description:
        - Identifier that the service provider assigned to the resource. It identifies the existing resource and
          is never sent.
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
        description: &id008
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
        description: &id001
        - 'Whether the resource should exist. To deactivate a user, set C(active: false).'
        type: str
        choices: &id002
        - present
        - absent
        default: present
      clear:
        description: &id003
        - Attributes to clear, such as V(title), V(name.middle_name) or V(emails).
        - An empty list also clears a list, and an empty string at the top level also clears a text.
        type: list
        elements: str
      extensions:
        description: &id004
        - Attributes of other schema extensions, by the URN of the extension.
        type: dict
      previously:
        description: &id005
        - Former names of the resource. A resource that still has one of them is renamed and keeps its id.
        type: list
        elements: raw
      expires:
        description: &id006
        - Last valid day of the user, such as V(2027-01-31), in UTC.
        - From the next day on, the user is deactivated and removed from all declared groups.
        type: raw
      delete_after:
        description: &id007
        - Day after which the resource is deleted, such as V(2027-03-31), in UTC.
        type: raw
      membership:
        description: &id009
        - How to apply C(groups). V(additive) adds the user to these groups. V(exact) also removes the user from
          all other groups. V(absent) removes the user from these groups.
        type: str
        choices: &id010
        - additive
        - exact
        - absent
  groups:
    description:
    - Groups to declare, in the form of M(identity.scim.group).
    type: list
    elements: dict
    suboptions:
      schemas:
        description:
        - URNs of the schemas that the resource uses. They are derived from the other attributes and need not be
          set.
        type: list
        elements: raw
      id:
        description:
        - Identifier that the service provider assigned to the resource. It identifies the existing resource and
          is never sent.
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
      display_name:
        description:
        - Name of the group.
        type: raw
        aliases:
        - displayName
      members:
        description:
        - 'Members of the group, as user names, ids, group names, or mappings such as C({value: 2819c223}).'
        - If not set, the members are left unchanged.
        type: list
        elements: raw
      state:
        description: *id001
        type: str
        choices: *id002
        default: present
      clear:
        description: *id003
        type: list
        elements: str
      extensions:
        description: *id004
        type: dict
      previously:
        description: *id005
        type: list
        elements: raw
      expires:
        description: *id006
        type: raw
      delete_after:
        description: *id007
        type: raw
      membership:
        description:
        - How to apply C(members). V(exact) makes these the only members. V(additive) adds them. V(absent) removes
          them.
        type: str
        choices:
        - exact
        - additive
        - absent
  defaults:
    description:
    - Defaults for each of O(users). Mappings are merged, lists are replaced.
    type: dict
    suboptions:
      schemas:
        description:
        - URNs of the schemas that the resource uses. They are derived from the other attributes and need not be
          set.
        type: list
        elements: raw
      id:
        description:
        - Identifier that the service provider assigned to the resource. It identifies the existing resource and
          is never sent.
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
        description: *id008
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
        description: *id001
        type: str
        choices: *id002
      clear:
        description: *id003
        type: list
        elements: str
      extensions:
        description: *id004
        type: dict
      previously:
        description: *id005
        type: list
        elements: raw
      expires:
        description: *id006
        type: raw
      delete_after:
        description: *id007
        type: raw
      membership:
        description: *id009
        type: str
        choices: *id010
"""
