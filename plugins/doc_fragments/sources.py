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
    - 'Files, folders and globs that declare the directory, as YAML or JSON: mappings with C(users), C(groups) and
      C(defaults).'
    - A CSV file declares users, one a row. Its headings are paths of attributes, such as C(user_name), C(name.given_name),
      C(emails[0].value), C(enterprise.department) and C(groups), with V(;) between the names of groups.
    - They are read by the module itself, which is much faster than templating them through a task. A relative path
      begins at the folder of the playbook.
    - A folder or glob that holds nothing is an error, since it would look like an empty directory.
    type: list
    elements: str
  users:
    description:
    - Users, in the form of M(identity.scim.user).
    type: list
    elements: dict
    suboptions:
      schemas:
        description: &id008
        - The URNs of the schemas that the resource uses. They are derived from the other attributes and need not
          be given.
        type: list
        elements: raw
      id:
        description: &id009
        - The identifier that the service provider gave to the resource. It finds the resource and is never sent.
        type: raw
      external_id:
        description: &id010
        - The identifier of the resource in your own system, such as the key of an HR database.
        type: raw
        aliases: &id011
        - externalId
      meta:
        description: &id012
        - What the service provider records about the resource. It is accepted, never sent and never compared.
        type: dict
        suboptions:
          resource_type:
            description: &id013
            - The name of the resource type, such as User.
            type: raw
            aliases: &id014
            - resourceType
          created:
            description: &id015
            - When the resource was created.
            type: raw
          last_modified:
            description: &id016
            - When the resource was last changed.
            type: raw
            aliases: &id017
            - lastModified
          location:
            description: &id018
            - The URI of the resource.
            type: raw
          version:
            description: &id019
            - The version of the resource, as in its ETag.
            type: raw
      user_name:
        description: &id020
        - The name that the person signs in with, often an e-mail address. It is unique, whichever case it is written
          in.
        type: raw
        aliases: &id021
        - userName
      name:
        description: &id022
        - The parts of the person's name. A part that is not given is left alone.
        type: dict
        suboptions:
          formatted:
            description: &id023
            - The whole name as it is displayed, such as Ms. Barbara J Jensen, III.
            type: raw
          family_name:
            description: &id024
            - The family name or last name, such as Jensen.
            type: raw
            aliases: &id025
            - familyName
          given_name:
            description: &id026
            - The given name or first name, such as Barbara.
            type: raw
            aliases: &id027
            - givenName
          middle_name:
            description: &id028
            - The middle name or names, such as Jane.
            type: raw
            aliases: &id029
            - middleName
          honorific_prefix:
            description: &id030
            - What stands before the name, such as Ms. or Dr.
            type: raw
            aliases: &id031
            - honorificPrefix
          honorific_suffix:
            description: &id032
            - What stands after the name, such as III or Jr.
            type: raw
            aliases: &id033
            - honorificSuffix
      display_name:
        description: &id034
        - The name that is shown to others, usually the full name.
        type: raw
        aliases: &id035
        - displayName
      nick_name:
        description: &id036
        - What the person is called in daily life, such as Babs. It is not the user name.
        type: raw
        aliases: &id037
        - nickName
      profile_url:
        description: &id038
        - The URL of a page about the person.
        type: raw
        aliases: &id039
        - profileUrl
      title:
        description: &id040
        - The person's title in the organization, such as Vice President.
        type: raw
      user_type:
        description: &id041
        - How the person relates to the organization, such as Employee, Contractor or Intern.
        type: raw
        aliases: &id042
        - userType
      preferred_language:
        description: &id043
        - The languages that the person prefers, as in Accept-Language, such as en-US.
        type: raw
        aliases: &id044
        - preferredLanguage
      locale:
        description: &id045
        - The locale in which dates, numbers and currencies are shown, such as en-US.
        type: raw
      timezone:
        description: &id046
        - The time zone by its name in the IANA database, such as America/Los_Angeles.
        type: raw
      active:
        description: &id047
        - Whether the account may be used. Set it to false to deactivate the person.
        type: bool
      password:
        description: &id048
        - The password to set. Service providers never show it, so it cannot be compared.
        type: raw
      emails:
        description: &id049
        - E-mail addresses.
        type: list
        elements: dict
        suboptions:
          value:
            description: &id050
            - The e-mail address, such as bjensen@example.com.
            type: raw
          display:
            description: &id051
            - A label for this value that people read.
            type: raw
          type:
            description: &id052
            - What the address is for.
            - Usual values are V(work), V(home), V(other).
            type: raw
          primary:
            description: &id053
            - Whether this is the preferred value. At most one of the list can be.
            type: bool
      phone_numbers:
        description: &id054
        - Phone numbers.
        type: list
        elements: dict
        aliases: &id055
        - phoneNumbers
        suboptions:
          value:
            description: &id056
            - The phone number, best as an RFC 3966 URI such as tel:+1-201-555-0123.
            type: raw
          display:
            description: &id057
            - A label for this value that people read.
            type: raw
          type:
            description: &id058
            - What the number is for.
            - Usual values are V(work), V(home), V(mobile), V(fax), V(pager), V(other).
            type: raw
          primary:
            description: &id059
            - Whether this is the preferred value. At most one of the list can be.
            type: bool
      ims:
        description: &id060
        - Addresses for instant messages.
        type: list
        elements: dict
        suboptions:
          value:
            description: &id061
            - The address in the messaging service.
            type: raw
          display:
            description: &id062
            - A label for this value that people read.
            type: raw
          type:
            description: &id063
            - The messaging service.
            - Usual values are V(aim), V(gtalk), V(icq), V(xmpp), V(msn), V(skype), V(qq), V(yahoo).
            type: raw
          primary:
            description: &id064
            - Whether this is the preferred value. At most one of the list can be.
            type: bool
      photos:
        description: &id065
        - Pictures of the person.
        type: list
        elements: dict
        suboptions:
          value:
            description: &id066
            - The URL of the picture itself, not of a page that shows it.
            type: raw
          display:
            description: &id067
            - A label for this value that people read.
            type: raw
          type:
            description: &id068
            - Whether it is a picture of full size or a small one.
            - Usual values are V(photo), V(thumbnail).
            type: raw
          primary:
            description: &id069
            - Whether this is the preferred value. At most one of the list can be.
            type: bool
      addresses:
        description: &id070
        - Postal addresses.
        type: list
        elements: dict
        suboptions:
          formatted:
            description: &id071
            - The whole address as on a mailing label. It may have several lines.
            type: raw
          street_address:
            description: &id072
            - Street, house number, post office box and the like. It may have several lines.
            type: raw
            aliases: &id073
            - streetAddress
          locality:
            description: &id074
            - The city or town.
            type: raw
          region:
            description: &id075
            - The state, province or region.
            type: raw
          postal_code:
            description: &id076
            - The postal code. Quote it in YAML, so that a leading zero is kept.
            type: raw
            aliases: &id077
            - postalCode
          country:
            description: &id078
            - The country as a code of two letters (ISO 3166-1), such as DE. Quote NO in YAML.
            type: raw
          type:
            description: &id079
            - What the address is for.
            - Usual values are V(work), V(home), V(other).
            type: raw
          primary:
            description: &id080
            - Whether this is the preferred value. At most one of the list can be.
            type: bool
          display:
            description: &id081
            - Human-readable label of the address (Matillion).
            type: raw
      groups:
        description: &id082
        - 'Groups of the person: display names, ids, or mappings of attributes that select one, such as C({display:
          X, role: Y}).'
        - They are made true through the groups, since a user's own list of groups is read-only in SCIM.
        - A group that does not exist is an error before anything is written.
        type: list
        elements: raw
      entitlements:
        description: &id083
        - What the person is entitled to, such as licenses. Which values there are depends on the service provider.
        type: list
        elements: dict
        suboptions:
          value:
            description: &id084
            - The entitlement, as the service provider names it.
            type: raw
          display:
            description: &id085
            - A label for this value that people read.
            type: raw
          type:
            description: &id086
            - What kind of entitlement it is.
            type: raw
          primary:
            description: &id087
            - Whether this is the preferred value. At most one of the list can be.
            type: bool
      roles:
        description: &id088
        - The roles that the person has, such as Student or Faculty. Which values there are depends on the service
          provider.
        type: list
        elements: dict
        suboptions:
          value:
            description: &id089
            - The role, as the service provider names it.
            type: raw
          display:
            description: &id090
            - A label for this value that people read.
            type: raw
          type:
            description: &id091
            - What kind of role it is.
            type: raw
          primary:
            description: &id092
            - Whether this is the preferred value. At most one of the list can be.
            type: bool
      x509_certificates:
        description: &id093
        - X.509 certificates that were issued to the person.
        type: list
        elements: dict
        aliases: &id094
        - x509Certificates
        suboptions:
          value:
            description: &id095
            - The certificate, DER in Base64.
            type: raw
          display:
            description: &id096
            - A label for this value that people read.
            type: raw
          type:
            description: &id097
            - What the certificate is for.
            type: raw
          primary:
            description: &id098
            - Whether this is the preferred value. At most one of the list can be.
            type: bool
      enterprise:
        description: &id099
        - What organizations record about their people.
        type: dict
        aliases: &id100
        - urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
        suboptions:
          employee_number:
            description: &id101
            - The number or code of the person in the organization. Quote it in YAML, so that a leading zero is
              kept.
            type: raw
            aliases: &id102
            - employeeNumber
          cost_center:
            description: &id103
            - The cost center that the person is accounted to.
            type: raw
            aliases: &id104
            - costCenter
          organization:
            description: &id105
            - The organization that the person works for.
            type: raw
          division:
            description: &id106
            - The division that the person works in.
            type: raw
          department:
            description: &id107
            - The department that the person works in.
            type: raw
          manager:
            description: &id108
            - The person's superior, who is a user of the same service provider.
            type: dict
            suboptions:
              value:
                description: &id109
                - The id of the superior.
                type: raw
              ref:
                description: &id110
                - The URI of the superior.
                type: raw
                aliases: &id111
                - $ref
              display_name:
                description: &id112
                - The display name of the superior. The service provider fills it in.
                type: raw
                aliases: &id113
                - displayName
      state:
        description: &id001
        - 'Whether the resource shall be there. To deactivate a person, declare C(active: false).'
        type: str
        choices: &id002
        - present
        - absent
        default: present
      clear:
        description: &id003
        - Attributes that shall have no value, such as V(title), V(name.middle_name) or V(emails).
        - An empty list clears a list, and an empty string at the top level clears a text, just as well.
        type: list
        elements: str
      extensions:
        description: &id004
        - Attributes of further schema extensions, by the URN of the extension.
        type: dict
      previously:
        description: &id005
        - Names that the resource had before. One that is still called so is renamed, and keeps its id.
        type: list
        elements: raw
      expires:
        description: &id006
        - The last valid day, such as V(2027-01-31), in UTC.
        - From the next day on the person is deactivated and leaves every declared group.
        type: raw
      delete_after:
        description: &id007
        - The day after which the resource is deleted, such as V(2027-03-31), in UTC.
        type: raw
      membership:
        description: &id114
        - With V(additive) the person joins the declared groups, with V(exact) leaves all others too, with V(absent)
          leaves the declared ones.
        type: str
        choices: &id115
        - additive
        - exact
        - absent
  groups:
    description:
    - Groups, in the form of M(identity.scim.group).
    type: list
    elements: dict
    suboptions:
      schemas:
        description:
        - The URNs of the schemas that the resource uses. They are derived from the other attributes and need not
          be given.
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
      display_name:
        description:
        - The name of the group.
        type: raw
        aliases:
        - displayName
      members:
        description:
        - 'Members of the group: user names, ids, group names, or mappings such as C({value: 2819c223}).'
        - If it is not given, memberships are left alone.
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
        - With V(exact) the declared members are all members, with V(additive) they are added, with V(absent) they
          are removed.
        type: str
        choices:
        - exact
        - additive
        - absent
  defaults:
    description:
    - 'Attributes laid under each of O(users): mappings are merged, lists replaced.'
    type: dict
    suboptions:
      schemas:
        description: *id008
        type: list
        elements: raw
      id:
        description: *id009
        type: raw
      external_id:
        description: *id010
        type: raw
        aliases: *id011
      meta:
        description: *id012
        type: dict
        suboptions:
          resource_type:
            description: *id013
            type: raw
            aliases: *id014
          created:
            description: *id015
            type: raw
          last_modified:
            description: *id016
            type: raw
            aliases: *id017
          location:
            description: *id018
            type: raw
          version:
            description: *id019
            type: raw
      user_name:
        description: *id020
        type: raw
        aliases: *id021
      name:
        description: *id022
        type: dict
        suboptions:
          formatted:
            description: *id023
            type: raw
          family_name:
            description: *id024
            type: raw
            aliases: *id025
          given_name:
            description: *id026
            type: raw
            aliases: *id027
          middle_name:
            description: *id028
            type: raw
            aliases: *id029
          honorific_prefix:
            description: *id030
            type: raw
            aliases: *id031
          honorific_suffix:
            description: *id032
            type: raw
            aliases: *id033
      display_name:
        description: *id034
        type: raw
        aliases: *id035
      nick_name:
        description: *id036
        type: raw
        aliases: *id037
      profile_url:
        description: *id038
        type: raw
        aliases: *id039
      title:
        description: *id040
        type: raw
      user_type:
        description: *id041
        type: raw
        aliases: *id042
      preferred_language:
        description: *id043
        type: raw
        aliases: *id044
      locale:
        description: *id045
        type: raw
      timezone:
        description: *id046
        type: raw
      active:
        description: *id047
        type: bool
      password:
        description: *id048
        type: raw
      emails:
        description: *id049
        type: list
        elements: dict
        suboptions:
          value:
            description: *id050
            type: raw
          display:
            description: *id051
            type: raw
          type:
            description: *id052
            type: raw
          primary:
            description: *id053
            type: bool
      phone_numbers:
        description: *id054
        type: list
        elements: dict
        aliases: *id055
        suboptions:
          value:
            description: *id056
            type: raw
          display:
            description: *id057
            type: raw
          type:
            description: *id058
            type: raw
          primary:
            description: *id059
            type: bool
      ims:
        description: *id060
        type: list
        elements: dict
        suboptions:
          value:
            description: *id061
            type: raw
          display:
            description: *id062
            type: raw
          type:
            description: *id063
            type: raw
          primary:
            description: *id064
            type: bool
      photos:
        description: *id065
        type: list
        elements: dict
        suboptions:
          value:
            description: *id066
            type: raw
          display:
            description: *id067
            type: raw
          type:
            description: *id068
            type: raw
          primary:
            description: *id069
            type: bool
      addresses:
        description: *id070
        type: list
        elements: dict
        suboptions:
          formatted:
            description: *id071
            type: raw
          street_address:
            description: *id072
            type: raw
            aliases: *id073
          locality:
            description: *id074
            type: raw
          region:
            description: *id075
            type: raw
          postal_code:
            description: *id076
            type: raw
            aliases: *id077
          country:
            description: *id078
            type: raw
          type:
            description: *id079
            type: raw
          primary:
            description: *id080
            type: bool
          display:
            description: *id081
            type: raw
      groups:
        description: *id082
        type: list
        elements: raw
      entitlements:
        description: *id083
        type: list
        elements: dict
        suboptions:
          value:
            description: *id084
            type: raw
          display:
            description: *id085
            type: raw
          type:
            description: *id086
            type: raw
          primary:
            description: *id087
            type: bool
      roles:
        description: *id088
        type: list
        elements: dict
        suboptions:
          value:
            description: *id089
            type: raw
          display:
            description: *id090
            type: raw
          type:
            description: *id091
            type: raw
          primary:
            description: *id092
            type: bool
      x509_certificates:
        description: *id093
        type: list
        elements: dict
        aliases: *id094
        suboptions:
          value:
            description: *id095
            type: raw
          display:
            description: *id096
            type: raw
          type:
            description: *id097
            type: raw
          primary:
            description: *id098
            type: bool
      enterprise:
        description: *id099
        type: dict
        aliases: *id100
        suboptions:
          employee_number:
            description: *id101
            type: raw
            aliases: *id102
          cost_center:
            description: *id103
            type: raw
            aliases: *id104
          organization:
            description: *id105
            type: raw
          division:
            description: *id106
            type: raw
          department:
            description: *id107
            type: raw
          manager:
            description: *id108
            type: dict
            suboptions:
              value:
                description: *id109
                type: raw
              ref:
                description: *id110
                type: raw
                aliases: *id111
              display_name:
                description: *id112
                type: raw
                aliases: *id113
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
        description: *id114
        type: str
        choices: *id115
"""
