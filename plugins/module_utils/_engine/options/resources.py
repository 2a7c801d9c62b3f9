# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every declared resource takes besides its attributes."""

from __future__ import annotations

from ..scim.providers.profiles import widest
from .attributes import Options, attribute_options

MATCH_ON = (
    "Attributes that find the existing resource. Each is used whose value is declared. The case of a user name does not matter. "
    "Attributes that find different resources, or one that finds several, are an error."
)

RECONCILING: Options = {
    "multi_valued": {
        "type": "str",
        "choices": ["exact", "additive"],
        "default": "exact",
        "description": [
            "With V(exact) a declared list is the whole list. With V(additive) the elements that are declared are added, "
            "and none is removed."
        ],
    },
    "ignore_attributes": {
        "type": "list",
        "elements": "str",
        "default": [],
        "description": ["Paths of attributes that are neither compared nor sent, such as V(title) or V(name.formatted)."],
    },
    "adopt": {
        "type": "bool",
        "default": True,
        "description": [
            "Whether a resource that exists already is taken over.",
            "With V(false), one whose external id is not the declared one is left alone, which is an error.",
        ],
    },
}

RESOURCE: Options = {
    "state": {
        "type": "str",
        "choices": ["present", "absent"],
        "default": "present",
        "description": ["Whether the resource shall be there. To deactivate a person, declare C(active: false)."],
    },
    "clear": {
        "type": "list",
        "elements": "str",
        "description": [
            "Attributes that shall have no value, such as V(title), V(name.middle_name) or V(emails).",
            "An empty list clears a list, and an empty string at the top level clears a text, just as well.",
        ],
    },
    "extensions": {
        "type": "dict",
        "description": ["Attributes of further schema extensions, by the URN of the extension."],
    },
}

USER_ONLY: Options = {
    "groups": {
        "type": "list",
        "elements": "raw",
        "description": [
            "Groups of the person: display names, ids, or mappings of attributes that select one, such as C({display: X, role: Y}).",
            "They are made true through the groups, since a user's own list of groups is read-only in SCIM.",
            "A group that does not exist is an error before anything is written.",
        ],
    },
    "membership": {
        "type": "str",
        "choices": ["additive", "exact", "absent"],
        "default": "additive",
        "description": [
            "With V(additive) the person joins the declared groups, with V(exact) leaves all others too, "
            "with V(absent) leaves the declared ones."
        ],
    },
    "match_on": {"type": "list", "elements": "str", "default": ["id", "user_name"], "description": [MATCH_ON]},
    "update_password": {
        "type": "str",
        "choices": ["on_create", "always"],
        "default": "on_create",
        "no_log": False,
        "description": [
            "With V(on_create) the password is sent only when the person is created.",
            "With V(always) it is sent each time, and the task is always changed: a password cannot be read back.",
        ],
    },
}


def user() -> Options:
    """The options of one person."""
    return {**attribute_options(widest("User")), **RESOURCE, **RECONCILING, **USER_ONLY}


GROUP_ONLY: Options = {
    "members": {
        "type": "list",
        "elements": "raw",
        "description": [
            "Members of the group: user names, ids, group names, or mappings such as C({value: 2819c223}).",
            "If it is not given, memberships are left alone.",
        ],
    },
    "membership": {
        "type": "str",
        "choices": ["exact", "additive", "absent"],
        "default": "exact",
        "description": [
            "With V(exact) the declared members are all members, with V(additive) they are added, with V(absent) they are removed.",
        ],
    },
    "match_on": {"type": "list", "elements": "str", "default": ["id", "display_name"], "description": [MATCH_ON]},
}


def group() -> Options:
    """The options of one group."""
    return {**attribute_options(widest("Group")), **RESOURCE, **RECONCILING, **GROUP_ONLY}


def info(name_attribute: str, alias: str) -> Options:
    """The options of a module that reads resources named by an attribute, such as ``user_name``."""
    return {
        "id": {"type": "str", "description": ["The id of the one resource to read."]},
        name_attribute: {
            "type": "str",
            "aliases": [alias],
            "description": ["The name of the resource to read, in any case."],
        },
        "filter": {
            "type": "str",
            "description": [
                "A SCIM filter (RFC 7644 section 3.4.2.2), such as C(active eq true).",
                "If there is neither id nor name nor filter, all are read.",
            ],
        },
        "attributes": {
            "type": "list",
            "elements": "str",
            "default": [],
            "description": [
                "Only these attributes are read and returned, such as V(user_name) or V(name.family_name).",
                "Without it, all are.",
            ],
        },
    }
