# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of one user or group besides its attributes, and those of the modules that read users or groups."""

from __future__ import annotations

from ..scim.providers.profiles import widest
from .attributes import Options, attribute_options, choice, names, option

RECONCILING: Options = {
    "multi_valued": choice(
        ["exact", "additive"],
        "How to apply declared lists. V(exact) replaces the whole list. V(additive) adds the declared elements and removes none.",
    ),
    "ignore_attributes": names("Paths of attributes that are neither compared nor sent, such as V(title) or V(name.formatted)."),
    "adopt": option(
        "bool",
        "Whether to take over a resource that already exists.",
        "If V(false) and an external id is declared, a resource with another external id is left unchanged, and the task fails.",
        default=True,
    ),
}

RESOURCE: Options = {
    "state": choice(["present", "absent"], "Whether the resource should exist. To deactivate a user, set C(active: false)."),
    "clear": option(
        "list",
        "Attributes to clear, such as V(title), V(name.middle_name) or V(emails).",
        "An empty list also clears a list, and an empty string at the top level also clears a text.",
        elements="str",
    ),
    "extensions": option("dict", "Attributes of other schema extensions, by the URN of the extension."),
}

MEMBERSHIPS: dict[str, Options] = {
    "User": {
        "groups": option(
            "list",
            "Groups of the user, as display names, ids, or mappings of attributes that select one group, such as C({display: X, role: Y}).",
            "Memberships are changed through the groups, because a user's own list of groups is read-only in SCIM.",
            "If a group does not exist, the task fails before anything is written.",
            elements="raw",
        ),
        "membership": choice(
            ["additive", "exact", "absent"],
            "How to apply C(groups). V(additive) adds the user to these groups. V(exact) also removes the user from all other groups. "
            "V(absent) removes the user from these groups.",
        ),
    },
    "Group": {
        "members": option(
            "list",
            "Members of the group, as user names, ids, group names, or mappings such as C({value: 2819c223}).",
            "If not set, the members are left unchanged.",
            elements="raw",
        ),
        "membership": choice(
            ["exact", "additive", "absent"],
            "How to apply C(members). V(exact) makes these the only members. V(additive) adds them. V(absent) removes them.",
        ),
    },
}

LOCK: Options = {
    "lock_timeout": option(
        "int",
        "Maximum number of seconds to wait for another run on the same machine that writes to the same provider. V(0) does not wait.",
        "Only one run writes at a time, so that two runs do not create the same group twice.",
        "Runs on different machines are not locked against each other. Check mode never waits.",
        default=300,
    )
}

MATCH_ON: Options = {
    "match_on": option(
        "list",
        "Attributes that identify the existing resource. Each one with a declared value is used. User names are compared without "
        "regard to case. It is an error if they match different resources, or if one of them matches several.",
        elements="str",
        default=["id", "user_name"],
    )
}


# What a task with one user may do, as in ``identity.scim.directory``.
GUARD: Options = {
    "scope_users": option(
        "str",
        'SCIM filter that selects the users that may be changed, such as C(userName ew "@example.com").',
        "A user who does not match it, before or after the change, is refused.",
    ),
    "scope_groups": option(
        "str",
        "SCIM filter that selects the groups that may be changed.",
        "It is an error to add the user to another group. With C(membership: exact), the user stays in it, with a warning.",
    ),
    "protected_users": names(
        "Globs of user names, such as V(admin@*), compared without regard to case, Unicode composition and blanks around them.",
        "It is an error to delete, deactivate or rename such a user, to end its memberships, or to remove its e-mail addresses, roles or "
        "entitlements. The user may be given more.",
    ),
    "protected_groups": names(
        "Globs of group names, compared as in O(protected_users), from which no member is removed.",
        "C(membership: absent) is an error there. With C(membership: exact), the user stays in such a group, with a warning.",
    ),
}


def user() -> Options:
    """Return the options of ``identity.scim.user``."""
    password: Options = {
        "update_password": choice(
            ["on_create", "always"],
            "When to send the password. V(on_create) sends it only when the user is created.",
            "V(always) sends it in every run, and the task is always changed, because a password cannot be read back.",
            no_log=False,
        )
    }
    return {**_resource("User"), **MATCH_ON, **password, **GUARD}


def group() -> Options:
    """Return the options of ``identity.scim.group``."""
    return {**_resource("Group"), "match_on": {**MATCH_ON["match_on"], "default": ["id", "display_name"]}}


def _resource(resource_type: str) -> Options:
    return {**attribute_options(widest(resource_type).root), **RESOURCE, **RECONCILING, **MEMBERSHIPS[resource_type], **LOCK}


def info(name_option: str, alias: str) -> Options:
    """Return the options of a module that reads resources with such a name, for example ``user_name``."""
    return {
        "id": option("str", "Id of the resource to read."),
        name_option: option("str", "Name of the resource to read, in any case.", aliases=[alias]),
        "filter": option(
            "str",
            "SCIM filter (RFC 7644 section 3.4.2.2) that selects the resources to read, such as C(active eq true).",
            "If no id, name or filter is set, all resources are read.",
        ),
        "attributes": names(
            "Attributes to read and return, such as V(user_name) or V(name.family_name).", "If empty, all attributes are read and returned."
        ),
    }
