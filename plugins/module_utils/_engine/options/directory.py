# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a whole directory: what is declared, what a run may do, and how changes are applied."""

from __future__ import annotations

from ..scim.providers.profiles import widest
from .attributes import Options, attribute_options, choice, max_listed, names, option, without_defaults
from .resources import LOCK, MATCH_ON, MEMBERSHIPS, RECONCILING, RESOURCE

ENTRY: Options = {
    "previously": option(
        "list", "Former names of the resource. A resource that still has one of them is renamed and keeps its id.", elements="raw"
    ),
    "expires": option(
        "raw",
        "Last valid day of the user, such as V(2027-01-31), in UTC.",
        "From the next day on, the user is deactivated and removed from all declared groups.",
    ),
    "delete_after": option("raw", "Day after which the resource is deleted, such as V(2027-03-31), in UTC."),
}


def _entry(resource_type: str) -> Options:
    """Return the suboptions of a declared user or group. ``membership`` has no default: the option of the task applies then."""
    return {**attribute_options(widest(resource_type).root), **RESOURCE, **ENTRY, **without_defaults(MEMBERSHIPS[resource_type])}


SOURCES: Options = {
    "src": option(
        "list",
        "Files, folders and globs that declare the directory. A YAML or JSON file is a mapping with at least one of the keys C(users), "
        "C(groups) and C(defaults).",
        "A CSV or TSV file declares one user per row. Its headings are paths of attributes, such as C(user_name), C(name.given_name), "
        "C(emails[0].value), C(enterprise.department) and C(groups). Separate the names of groups with V(;). With the headings "
        "C(group) and C(member), each row is a membership.",
        "The files of known products are recognized by their headings: BambooHR, Entra, Google Workspace, Okta, Slack and others. "
        "A YAML file beside any other CSV file says what its columns mean. M(identity.scim.validate) prints one to begin with.",
        "SCIM documents are read too: a C(ListResponse), a list of resources, one resource, or a C(BulkRequest) of POSTs. Their ids "
        "belong to another provider and are not used, unless O(match_on) has nothing but V(id).",
        "The module reads the files itself, which is much faster than templating them into the task. "
        "A relative path begins at the folder of the playbook.",
        "A folder or glob without any file is an error, because it would look like an empty directory. Links inside it are followed, and a "
        "link that leads out of it is an error.",
        "Files in it that are not declarations are named in a warning. If undeclared users or groups are pruned, they are an error.",
        elements="str",
    ),
    "users": option("list", "Users to declare, in the form of M(identity.scim.user).", elements="dict", options=_entry("User")),
    "groups": option("list", "Groups to declare, in the form of M(identity.scim.group).", elements="dict", options=_entry("Group")),
    "defaults": option(
        "dict", "Defaults for each of O(users). Mappings are merged, lists are replaced.", options=without_defaults(_entry("User"))
    ),
}

POLICY: Options = {
    "membership": choice(
        ["exact", "additive"],
        "How to apply the C(members) of a declared group. V(exact) also removes its undeclared members. V(additive) removes none.",
        "A group that is not declared, or is declared without C(members), keeps its undeclared members.",
    ),
    "prune_users": choice(
        ["none", "deactivate", "delete"],
        "What to do with undeclared users. V(none) leaves them unchanged.",
        "Users outside O(scope_users) or matching O(protected_users) are never pruned, and C(max_removals) limits the number.",
    ),
    "prune_groups": choice(
        ["none", "delete"],
        "What to do with undeclared groups. V(none) leaves them unchanged.",
        "Groups outside O(scope_groups) or matching O(protected_groups) are never pruned, and C(max_removals) limits the number.",
    ),
    "scope_users": option(
        "str",
        'SCIM filter that selects the users that this declaration manages, such as C(userName ew "@example.com").',
        "All other users are left unchanged, and declaring one of them is an error. The module evaluates the filter itself, on the "
        "complete listing.",
    ),
    "scope_groups": option("str", "Same as O(scope_users), for groups."),
    **MATCH_ON,
    "update_password": choice(["on_create"], "When to send passwords. They are sent only when a user is created.", no_log=False),
}

GUARD: Options = {
    "max_removals": option(
        "str",
        "Maximum number of removals in one run, as a number or a percentage.",
        "It applies separately to users deactivated or deleted, groups deleted, and memberships lost. Memberships of deleted groups "
        "count, as far as the provider shows them. Those that end with a deleted user do not.",
        "A percentage is of the active resources in scope. Any percentage above 0 allows at least two removals.",
        "If a plan exceeds the limit, nothing is written, and the message contains the option that allows exactly this plan.",
        default="10%",
    ),
    "max_updates": option("int", "Maximum number of resources to update in one run. Not limited by default."),
    "max_creates": option("int", "Maximum number of resources to create in one run. Not limited by default."),
    "protected_users": names(
        "Globs of user names, such as V(admin@*). Neither the accounts nor the memberships of these users are removed.",
        "It is an error to declare such a user absent or inactive, to rename the user (also by C(previously) or C(id)), or to remove or "
        "replace e-mail addresses, roles or entitlements of the user. The user may be given more.",
        "Globs are compared without regard to case, Unicode composition and blanks around them. If all users are known, a glob that "
        "matches none of them is a warning.",
    ),
    "protected_groups": names(
        "Globs of group names, compared as in O(protected_users). Neither these groups nor their members are removed.",
        "It is an error to rename such a group.",
        "The memberships of a user that is deleted end with the account. Only O(protected_users) prevents that.",
    ),
    "allow_removals": option(
        "str",
        "Digest of the one plan to which O(max_removals), O(max_updates) and O(max_creates) do not apply.",
        "A refusal prints it. It has no effect on any other plan, so you can leave it in place.",
    ),
    "expect_plan": option(
        "str",
        "Digest of the reviewed plan, as in RV(plan_digest) of a run in check mode, or path to its JSON report. Changes that were not "
        "reviewed are refused.",
        "With the report you can finish an interrupted run. All remaining changes must be among the reviewed ones. A report that was "
        "changed after it was written, or that was written with C(report_values: none), is refused.",
    ),
}

APPLY: Options = {
    "concurrency": option("int", "Maximum number of requests to send at the same time. The default is the limit of the profile."),
    "bulk": choice(
        ["auto", "always", "never"],
        "Whether to send many changes in one request, if the provider supports it.",
        "Bulk responses contain no resources, so the module cannot check whether the provider stored every attribute.",
    ),
    "on_error": choice(
        ["continue", "stop"], "Whether to apply the other changes after one has failed. The task fails at the end in both cases."
    ),
    "report": option(
        "list",
        "Paths to the reports to write, as Markdown (C(.md)), HTML (C(.html)) or JSON (C(.json)). They hold the plan and its outcome.",
        "They are written in check mode too. Only their owner can read them.",
        elements="path",
        default=[],
    ),
    "report_values": choice(["changed", "none"], "Whether reports contain the values that change, or only the names of their attributes."),
    "audit_log": option(
        "path", "Path to a file. For each write a JSON line is appended to it, as it happens, with the resource before and after the write."
    ),
    **LOCK,
    **max_listed("Maximum number of items in RV(changes), RV(failures), the diff and the warnings."),
}


def directory() -> Options:
    """Return the options of ``identity.scim.directory``."""
    return {**SOURCES, **RECONCILING, **POLICY, **GUARD, **APPLY}
