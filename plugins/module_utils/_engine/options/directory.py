# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a whole directory."""

from __future__ import annotations

from typing import Any

from ..scim.providers.profiles import widest
from .attributes import Options, attribute_options
from .resources import GROUP_ONLY, MATCH_ON, RECONCILING, RESOURCE, USER_ONLY

ENTRY: Options = {
    "previously": {
        "type": "list",
        "elements": "raw",
        "description": ["Names that the resource had before. One that is still called so is renamed, and keeps its id."],
    },
    "expires": {
        "type": "raw",
        "description": [
            "The last valid day, such as V(2027-01-31), in UTC.",
            "From the next day on the person is deactivated and leaves every declared group.",
        ],
    },
    "delete_after": {"type": "raw", "description": ["The day after which the resource is deleted, such as V(2027-03-31), in UTC."]},
}


def _entry_of(resource_type: str, only: Options) -> Options:
    return {**attribute_options(widest(resource_type)), **RESOURCE, **ENTRY, **only}


def _undecided(options: Options) -> dict[str, Any]:
    """``membership`` where an entry may leave it to the task."""
    return {key: value for key, value in options["membership"].items() if key != "default"}


_USER = _entry_of("User", {"groups": USER_ONLY["groups"], "membership": _undecided(USER_ONLY)})


def _without_defaults(options: Options) -> Options:
    """What is laid under others says nothing that was not said."""
    return {name: {key: value for key, value in option.items() if key != "default"} for name, option in options.items()}


SOURCES: Options = {
    "src": {
        "type": "list",
        "elements": "str",
        "description": [
            "Files, folders and globs that declare the directory, as YAML or JSON: mappings with C(users), C(groups) and C(defaults).",
            "A CSV file declares users, one a row. Its headings are paths of attributes, such as C(user_name), C(name.given_name), "
            "C(emails[0].value), C(enterprise.department) and C(groups), with V(;) between the names of groups.",
            "They are read by the module itself, which is much faster than templating them through a task. "
            "A relative path begins at the folder of the playbook.",
            "A folder or glob that holds nothing is an error, since it would look like an empty directory.",
        ],
    },
    "users": {
        "type": "list",
        "elements": "dict",
        "description": ["Users, in the form of M(identity.scim.user)."],
        "options": _USER,
    },
    "groups": {
        "type": "list",
        "elements": "dict",
        "description": ["Groups, in the form of M(identity.scim.group)."],
        "options": _entry_of(
            "Group",
            {
                "members": GROUP_ONLY["members"],
                "membership": _undecided(GROUP_ONLY),
            },
        ),
    },
    "defaults": {
        "type": "dict",
        "description": ["Attributes laid under each of O(users): mappings are merged, lists replaced."],
        "options": _without_defaults(_USER),
    },
}

POLICY: Options = {
    "membership": {
        "type": "str",
        "choices": ["exact", "additive"],
        "default": "exact",
        "description": [
            "With V(exact), whoever is a member of a group that is declared with members, and is not declared to be one, leaves it.",
            "Groups that are not declared keep their members.",
        ],
    },
    "prune_users": {
        "type": "str",
        "choices": ["none", "deactivate", "delete"],
        "default": "none",
        "description": [
            "What becomes of users who are not declared. V(none) leaves them alone.",
            "Nobody is pruned who is out of O(scope_users) or among O(protected_users), and never more than O(max_removals).",
        ],
    },
    "prune_groups": {
        "type": "str",
        "choices": ["none", "delete"],
        "default": "none",
        "description": [
            "What becomes of groups that are not declared. V(none) leaves them alone.",
            "O(scope_groups), O(protected_groups) and O(max_removals) hold here too.",
        ],
    },
    "scope_users": {
        "type": "str",
        "description": [
            'A SCIM filter, such as C(userName ew "@example.com"), that says which users this declaration owns at all.',
            "Others are left alone, and declaring one of them is an error. It is evaluated here, on the complete listing.",
        ],
    },
    "scope_groups": {"type": "str", "description": ["As O(scope_users), for groups."]},
    "match_on": {"type": "list", "elements": "str", "default": ["id", "user_name"], "description": [MATCH_ON]},
    "update_password": {
        "type": "str",
        "choices": ["on_create"],
        "default": "on_create",
        "no_log": False,
        "description": ["Passwords are sent only when a person is created."],
    },
}

GUARD: Options = {
    "max_removals": {
        "type": "str",
        "default": "10%",
        "description": [
            "How much may be taken away in one run, as a number or a percentage.",
            "People deactivated or deleted, groups deleted, and memberships lost are counted, each apart.",
            "A percentage is of those that are active and in scope, and never means fewer than two.",
            "If there is more, nothing is written, and the message holds the line that allows exactly this plan.",
        ],
    },
    "max_updates": {"type": "int", "description": ["How many resources may be updated in one run. Without it, any number."]},
    "max_creates": {"type": "int", "description": ["How many resources may be created in one run. Without it, any number."]},
    "protected_users": {
        "type": "list",
        "elements": "str",
        "default": [],
        "description": [
            "Globs of user names, such as V(admin@*), from whom nothing is taken: neither the account nor a membership.",
            "A declaration that says that one of them is absent or inactive is an error.",
        ],
    },
    "protected_groups": {
        "type": "list",
        "elements": "str",
        "default": [],
        "description": ["Globs of group names from which nothing is taken: neither the group nor a member."],
    },
    "allow_removals": {
        "type": "str",
        "description": [
            "The digest of the one plan for which O(max_removals), O(max_updates) and O(max_creates) do not hold.",
            "A refusal prints it. It is worth nothing for any other plan, so it need not be taken out again.",
        ],
    },
    "expect_plan": {
        "type": "str",
        "description": [
            "The digest of the plan that was reviewed, as RV(plan_digest) of a run in check mode has it, or its JSON report. "
            "What was not reviewed is refused.",
            "With the report, a run that was interrupted can be finished: what is left must be among what was reviewed.",
        ],
    },
}

APPLY: Options = {
    "concurrency": {"type": "int", "description": ["How many requests are sent at a time. The default is the profile's."]},
    "bulk": {
        "type": "str",
        "choices": ["auto", "always", "never"],
        "default": "auto",
        "description": [
            "Whether changes are sent many in one request, where the provider offers it.",
            "Bulk answers hold no resources, so whether every attribute was stored cannot be told then.",
        ],
    },
    "on_error": {
        "type": "str",
        "choices": ["continue", "stop"],
        "default": "continue",
        "description": ["Whether one failure stops the others. The task fails at the end in either case."],
    },
    "report": {
        "type": "list",
        "elements": "path",
        "default": [],
        "description": [
            "Files to which the plan, or what was done, is written: as Markdown (C(.md)), HTML (C(.html)) or JSON (C(.json)).",
            "In check mode they are written too. Only their owner can read them.",
        ],
    },
    "report_values": {
        "type": "str",
        "choices": ["changed", "none"],
        "default": "changed",
        "description": ["Whether reports hold the values that change, or only the names of their attributes."],
    },
    "audit_log": {
        "type": "path",
        "description": ["A file to which a JSON line is appended for each write, as it happens, with what was there before and after."],
    },
    "max_listed": {
        "type": "int",
        "default": 100,
        "description": ["How many items RV(changes), RV(failures), the diff and the warnings hold at most."],
    },
}


def directory() -> Options:
    """The options of ``identity.scim.directory``."""
    return {**SOURCES, **RECONCILING, **POLICY, **GUARD, **APPLY}
