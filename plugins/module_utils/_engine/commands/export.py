# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider's users and groups as a declaration for ``identity.scim.directory``, in which it changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..declaration.export_files import Destination
from ..declaration.exporter import TEMPLATE, Exporter, LeftOut
from ..declaration.model import ADDITIVE, GROUP, USER
from ..plan.options import Policy
from ..scim.client.client import Client
from ..scim.client.discovery import schemas_of
from ..scim.client.reader import NO_SUCH_ENDPOINT
from ..scim.errors import Stop, Unsupported
from ..scim.schema.identity import hidden_character, look_alike_key, name_key
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import Attribute, ResourceType, Type
from ..state.incomplete_members import ShownMembers, with_hidden_members
from ..state.memberships import with_members
from ..wording import first_warnings, join_names
from .policy import filters
from .task import Result, Task

NO_USERS = "The provider cannot list its users, so nothing was exported. {}"
NO_GROUPS = "The provider has no listing of groups, so the export has no groups."
NO_MEMBERS = (
    "No group shows members, so the export has none: either all groups are empty, or the provider does not show members. "
    "If they are empty, set members_readable: true in provider_options."
)
SAME_USERS = (
    "Users with the same name: {}. userName is unique in SCIM (RFC 7643 section 4.1.1): they are exported with their ids, and "
    "identity.scim.directory refuses the declaration until all but one have another name."
)
SAME_GROUPS = "Groups with the same name: {}. They are exported with their ids: use the id wherever you declare one of them."
NOTHING = "No user and no group was found. identity.scim.directory refuses an empty declaration."
MOST_MEMBERS = 5  # named in a warning
KEPT = "so the group is exported with membership: additive, which keeps them"


class NoListing(Stop):
    """The provider has no listing of users."""


@dataclass(frozen=True, slots=True)
class Found:
    """All that the provider has. ``lists_groups`` is whether it has a listing of groups, ``with_members`` whether groups show members,
    ``cut`` are those that may have more of them.
    """

    users: Sequence[Resource]
    groups: Sequence[Resource] = ()
    lists_groups: bool = False
    with_members: bool = False
    cut: frozenset[str] = frozenset()


def directory(task: Task) -> Result:
    """Run ``identity.scim.directory_info``."""
    parameters, client, most = task.parameters, task.client, task.parameters["max_listed"]
    wanted = Policy(scope=filters(parameters, client.types, "filter"))
    destination = Destination.of(parameters["dest"], parameters["split_by"], client.types[USER])
    if not task.check:
        destination.check()
    try:
        found = read(client)
    except NoListing as error:
        return {"failed": True, "msg": str(error), "lists_users": False, "requests": client.requests}
    left_out = LeftOut()
    mask = client.transport.redact.mask
    entries = Entries(found, Exporter(left_out, client.capabilities.ignore_attributes, _extensions(client, found), mask))
    users = [(user, entry) for user in _sorted(found.users) if wanted.owns(user.type, user.body) and (entry := entries.entry(user))]
    groups = [(group, entry) for group in _sorted(found.groups) if wanted.owns(group.type, group.body) and (entry := entries.entry(group))]
    missing = ([] if found.lists_groups else [NO_GROUPS]) + ([NO_MEMBERS] if groups and not found.with_members else [])
    same = ((SAME_USERS, _same_names(user for user, _entry in users)), (SAME_GROUPS, _same_names(group for group, _entry in groups)))
    warnings = [*missing, *(text.format(join_names(labels, "; ")) for text, labels in same if labels), *left_out.warnings()]
    warnings += [] if users or groups else [NOTHING]
    saved = destination.save(users, [entry for _group, entry in groups], client.url, task.check)
    return {
        "changed": saved.changed,
        "users": [entry for _user, entry in users[:most]],
        "groups": [entry for _group, entry in groups[:most]],
        "truncated": len(users) > most or len(groups) > most,
        "files": list(saved.files),
        "lists_users": True,
        "complete": not missing and not left_out.losses and saved.whole,
        "requests": client.requests,
        "warnings": first_warnings([*warnings, *saved.warnings], most),
    }


def read(client: Client) -> Found:
    """All users, and all groups with their members. Filters apply later, because members are named by users and groups outside of them.

    :raises Stop: if a listing is incomplete, since an export of it would look as if the others did not exist.
    :raises NoListing: if the provider has no listing of users.
    """
    if client.capabilities.search is False:
        raise NoListing(NO_USERS.format("It has no way to search (search: false)."))
    try:
        users = _every(client, client.types[USER])
    except Unsupported as refused:
        raise NoListing(NO_USERS.format(refused)) from None
    try:
        groups = _every(client, client.types[GROUP])
    except NO_SUCH_ENDPOINT:
        return Found(users)
    # If listings show no members, each group is read by itself: in a declaration of all groups, the members of all groups matter.
    groups, _empty = with_members(client, groups, lambda: {group.id for group in groups})
    if not any(group.body.get("members") for group in groups):
        return Found(users, groups, True, client.capabilities.members_readable is True)
    keys = {group.id for group in groups}
    shown = ShownMembers(groups, keys)
    whole = with_hidden_members(client, groups, shown, (), shown.unshown(keys, [user.id for user in users]), lambda: keys)
    hidden = client.capabilities.members_readable is False
    return Found(users, whole, True, True, frozenset(filter(shown.is_doubtful, keys if hidden else ())))


def _every(client: Client, resource_type: ResourceType) -> list[Resource]:
    listing = client.every(resource_type)
    client.add_inactive(resource_type, listing)
    if listing.complete:
        return list(listing.resources.values())
    raise Stop(f"{listing.lacking(resource_type)} Nothing was exported, because the missing {resource_type.nouns} would look deleted.")


def _extensions(client: Client, found: Found) -> Mapping[str, Attribute]:
    """The provider's own schemas of extensions that only it knows, because some of their attributes may be read-only."""
    urns = set().union(*(resource.type.unknown_extensions(resource.body) for resource in (*found.users, *found.groups)))
    schemas = schemas_of(client, urns) if urns else []
    return {schema.urn.lower(): Attribute(schema.urn, Type.COMPLEX, sub_attributes=schema.attributes) for schema in schemas}


def _same_names(resources: Iterable[Resource]) -> list[str]:
    """The labels of resources that share their name, grouped by name."""
    by_name: dict[str, list[Resource]] = {}
    for resource in resources:
        by_name.setdefault(name_key(resource.name), []).append(resource)
    return [resource.label for named in by_name.values() if len(named) > 1 for resource in named]


def _sorted(resources: Iterable[Resource]) -> list[Resource]:
    return sorted(resources, key=lambda resource: (name_key(resource.name), resource.name, resource.id))


class Entries:
    """Makes the entries of a declaration. They refer to others by a name that cannot be taken for another one, otherwise by id."""

    def __init__(self, found: Found, exporter: Exporter) -> None:
        resources = (*found.groups, *found.users)  # an id of both is the user's
        self._exporter = exporter
        self._with_members = found.with_members
        self._cut = found.cut
        self._ids = {resource.id for resource in resources}
        self._counts = Counter((resource.type.name, look_alike_key(resource.name)) for resource in resources)
        self._references = {resource.id: self._reference(resource) for resource in resources}

    def _is_ambiguous(self, resource: Resource) -> bool:
        """Whether another resource of its type has the same name, or one that looks the same."""
        return self._counts[resource.type.name, look_alike_key(resource.name)] > 1

    def _reference(self, resource: Resource) -> str | Body:
        """How a group declares a member. Its name is looked up as an id, then among users, then among groups (``membership.Names``)."""
        name = str(resource.body.get(resource.type.name_attribute) or "")
        is_of_user = resource.type.name == GROUP and (USER, look_alike_key(name)) in self._counts
        usable = name.strip() and name not in self._ids and not TEMPLATE.search(name) and not hidden_character(name)
        shown = usable and self._exporter.mask(name) == name
        return name if shown and not is_of_user and not self._is_ambiguous(resource) else {"value": resource.id}

    def entry(self, resource: Resource) -> Body:
        """The entry of a user or a group; empty if it cannot be declared."""
        entry = self._exporter.entry(resource)
        if entry and self._is_ambiguous(resource):
            entry["id"] = resource.id
        if entry and resource.type.name == GROUP and self._with_members:
            entry |= self._members(resource)
        return entry

    def _members(self, group: Resource) -> Body:
        ids = sorted({str(member.get("value") or "") for member in group.body.get("members") or ()})
        declared = sorted((self._references[member] for member in ids if member in self._references), key=_member_key)
        unknown = [member or "?" for member in ids if member not in self._references]
        if unknown:
            named = f"members {join_names(unknown, most=MOST_MEMBERS)}"
            self._exporter.left_out.add(group, named, f"the provider lists no user or group with these ids, {KEPT}")
        if group.id in self._cut:
            self._exporter.left_out.add(group, "members", f"the provider may not show all members of the group, {KEPT}")
        return {"members": declared, **({"membership": ADDITIVE} if unknown or group.id in self._cut else {})}


def _member_key(member: str | Body) -> tuple[str, str]:
    name = member if isinstance(member, str) else str(member["value"])
    return name_key(name), name
