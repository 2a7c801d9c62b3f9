# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the current state that a declaration is compared with, in as few requests as possible.

A run that may remove resources needs the complete listing. Look-ups are used only where nothing can be removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil

from ..declaration.model import GROUP, PRESENT, USER, Entry, Member
from ..plan.matching import Finder
from ..plan.name_index import NameIndex
from ..plan.snapshot import Snapshot, member_ids
from ..scim.client.client import Client
from ..scim.client.lookup import NOT_LISTED, TOGETHER
from ..scim.errors import Refused
from ..scim.schema.identity import name_key
from ..scim.schema.overlay import UNKNOWN, same
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType
from ..wording import join_names
from .group_lookup import add_groups_by_name_only, look_up_groups_of_user, missing_groups, read_named_groups
from .memberships import read_members
from .other_spellings import add_other_spellings, in_another_spelling
from .requirements import Requirements, compared
from .unsearchable import refuse_to_prune, refuse_unseen_absent


def fetch(client: Client, needed: Requirements) -> Snapshot:
    """Fetch the current state, as far as it is needed.

    :raises Invalid: if needed state cannot be read. :raises Stop: if the provider cannot be read.
    """
    snapshot = Snapshot()
    alone = needed.alone
    if alone is not None and alone.type.name == USER:
        _one_user(client, needed, alone, snapshot)
    else:
        _users(client, needed, snapshot)
        _groups(client, needed, snapshot)
        _verify_completeness(client, needed, snapshot)
    add_other_spellings(client, needed, snapshot)
    add_groups_by_name_only(client, needed, snapshot)
    return snapshot


def _one_user(client: Client, needed: Requirements, entry: Entry, snapshot: Snapshot) -> None:
    """Read one user with its groups, by look-ups instead of listings."""
    found = look_up(client, entry.type, [entry], needed.policy.match_keys(USER))
    if not found:
        refuse_unseen_absent(client, [entry])
    snapshot.users.update(found)
    if entry.groups is None or entry.state != PRESENT:
        return
    groups = look_up_groups_of_user(client, needed, entry, next(iter(found.values()), None))
    if found:
        read_members(client, needed, snapshot, groups)
    else:
        snapshot.add_groups(groups)
    if missing_groups(entry.groups, snapshot) and client.lookup(client.types[GROUP]).searchable:
        _read_group_names(client, needed, entry, snapshot)


def _read_group_names(client: Client, needed: Requirements, entry: Entry, snapshot: Snapshot) -> None:
    """Read the names of all groups: to find a declared group in another spelling, or to suggest similar names."""
    resource_type = client.types[GROUP]
    try:
        groups = client.every(resource_type, (resource_type.name_attribute,)).resources
    except Refused as refused:
        if refused.status not in NOT_LISTED:
            raise
        return
    missing = missing_groups(entry.groups or (), snapshot)
    for key, group in groups.items():
        snapshot.groups.setdefault(key, group)
    names = NameIndex()
    for key, group in groups.items():
        names.add(key, names=[group.name])
    in_other_spelling = [key for member in missing for key in names.by_name(member.name) if key not in snapshot.members]
    complete = [found for key in in_other_spelling if (found := client.get(resource_type, key)) is not None]
    read_members(client, needed, snapshot, complete)


def look_up(
    client: Client,
    resource_type: ResourceType,
    entries: Sequence[Entry],
    match_on: Sequence[str],
    attributes: Sequence[str] = (),
) -> dict[str, Resource]:
    """Look up resources by match keys and previous names, key by key. For a single entry, a value that was found is not requested again."""
    found: dict[str, Resource] = {}
    for attribute in dict.fromkeys((*match_on, resource_type.name_attribute)):
        definition = resource_type.root.sub(attribute) or UNKNOWN
        known = list(found.values()) if len(entries) == 1 else []
        values = [value for entry in entries if (value := entry.value(attribute)) is not None] if attribute in match_on else []
        values += [name for entry in entries for name in entry.previously] if attribute == resource_type.name_attribute else []
        values = [v for v in values if not any(same(definition, v, r.id if attribute == "id" else r.body.get(attribute)) for r in known)]
        found.update(client.lookup(resource_type).find_values(attribute, values, attributes))
    return found


def _users(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    resource_type, entries = client.types[USER], needed.declaration.users
    _read(client, needed, resource_type, entries, needed.whole, snapshot, compared(resource_type, entries, needed.policy))


def _groups(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    if not needed.groups:
        return
    resource_type, entries = client.types[GROUP], needed.declaration.groups
    attributes = compared(resource_type, entries, needed.policy) + (["members"] if needed.memberships else [])
    whole = needed.whole or needed.selects_groups
    named = () if whole else needed.named_groups
    _read(client, needed, resource_type, entries, whole, snapshot, () if needed.selects_groups else attributes, named)
    _named_members(client, needed, snapshot)
    if needed.memberships:
        read_members(client, needed, snapshot, list(snapshot.groups.values()))


def _read(
    client: Client,
    needed: Requirements,
    resource_type: ResourceType,
    entries: Sequence[Entry],
    whole: bool,
    snapshot: Snapshot,
    attributes: Sequence[str],
    named: Sequence[Member] = (),
) -> None:
    """Read the resources of one type: by listing, or by look-ups if these suffice and cost less. ``named`` are groups of declared users."""
    if not entries and not whole and not named:
        return
    match_on, resources = needed.policy.match_keys(resource_type.name), snapshot.of(resource_type)
    if needed.alone is not None:
        resources.update(look_up(client, resource_type, entries, match_on))
        refuse_unseen_absent(client, [] if resources else entries)
        return
    lookups = ceil(len(entries) / TOGETHER) + ceil(len(named) / TOGETHER)
    try:
        listing = client.every(resource_type, attributes, None if whole else lookups)
    except Refused as refused:
        if refused.status not in NOT_LISTED:
            raise
        refuse_to_prune(resource_type, needed.policy, refused)
        resources.update(look_up(client, resource_type, entries, match_on, attributes))
        refuse_unseen_absent(client, entries)
        if resource_type.name == GROUP:
            read_named_groups(client, entries, needed.named_groups, snapshot)
        return
    resources.update(listing.resources)
    if listing.complete:
        snapshot.complete.add(resource_type.name)
        return
    snapshot.lacking[resource_type.name] = listing.lacking(resource_type)
    finder = Finder(resource_type, match_on, listing.resources.values())
    missing = [entry for entry in entries if not finder.finds_all(entry)]
    resources.update(look_up(client, resource_type, missing, match_on, attributes))
    if read_named_groups(client, entries, named, snapshot):
        resources.update(client.every(resource_type, attributes).resources)  # for another spelling, or to suggest similar names


def _verify_completeness(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    """Detect a listing that only looks complete, since some providers report the size of the page as the total.

    A group member that is not listed proves it. A new group is always looked up, since no provider refuses a second group of the same name.
    """
    if needed.alone is not None:
        return
    listed_ids = snapshot.users.keys() | snapshot.groups.keys()
    unknown_members = any(not members <= listed_ids for members in snapshot.members.values())
    new_groups = [entry for entry in needed.declaration.groups if entry.state == PRESENT]
    suspects: tuple[tuple[str, Sequence[Entry]], ...] = ((USER, needed.declaration.users if unknown_members else ()), (GROUP, new_groups))
    for name, entries in suspects:
        resource_type, match_on = client.types[name], needed.policy.match_keys(name)
        if name not in snapshot.complete:
            continue
        finder = Finder(resource_type, match_on, snapshot.of(resource_type).values())
        found = look_up(client, resource_type, [e for e in entries if not finder.finds_any(e)], match_on)
        if not found:
            continue
        snapshot.complete.discard(name)
        others = join_names([resource.name for resource in found.values()])
        snapshot.lacking[name] = f"The listing of {resource_type.nouns} is incomplete: it lacks {others}."
        snapshot.of(resource_type).update(found)
        if name == GROUP and needed.memberships:
            read_members(client, needed, snapshot, list(found.values()))


# -- members that groups name --------------------------------------------------------------------------------------------------------------


def _named_members(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    """Read the members that declared groups name: a user before a group of the same name, a name before an id.

    A type whose listing is complete needs no request.
    """
    types = [client.types[name] for name in (USER, GROUP) if name not in snapshot.complete]
    if not types:
        return
    declared = NameIndex()
    for entry in needed.declaration.groups:
        declared.add("", names=[entry.name, entry.id, *entry.previously])
    for entry in needed.declaration.users:
        if not needed.policy.ends(entry):  # a user before a group of the same name, as below
            declared.add("", names=[entry.name])
    members = _without_known_ids(needed.named_members, needed, client.types[USER], snapshot)
    ids_of_members = {member.name for member in members if member.is_id}
    for resource_type in types:
        ids = sorted(ids_of_members - snapshot.users.keys() - snapshot.groups.keys())
        _add(client.lookup(resource_type).read_ids(ids), snapshot)
    known = snapshot.users.keys() | snapshot.groups.keys()
    members = [member for member in members if not (member.is_id and member.name in known)]
    for resource_type in types:
        names = _unknown(members, resource_type, snapshot, declared)
        attribute = resource_type.name_attribute
        _add(client.lookup(resource_type).find_values(attribute, names, (attribute,)) if names else {}, snapshot)
    members = [member for member in members if not member.is_id]
    for resource_type in types:
        _add(client.lookup(resource_type).read_ids(_unknown(members, client.types[GROUP], snapshot, declared)), snapshot)
    left = _unknown(members, client.types[GROUP], snapshot, declared)
    for resource_type in types if left else ():
        _add({found.id: found for found in in_another_spelling(client, resource_type, left)}, snapshot)


def _unknown(members: Iterable[Member], resource_type: ResourceType, snapshot: Snapshot, declared: NameIndex) -> list[str]:
    """The names that no user has, and for groups, no current or declared group. Each name once, in its first spelling."""
    known = NameIndex()
    resources = [*snapshot.users.values(), *(snapshot.groups.values() if resource_type.name == GROUP else ())]
    for resource in resources:
        known.add(resource.id, names=[resource.name])
    names = {name_key(member.name): member.name for member in reversed(list(members))}
    unknown = [name for name in reversed(list(names.values())) if not known.find(name)]
    return [name for name in unknown if resource_type.name == USER or not declared.by_name(name)]


def _without_known_ids(members: Sequence[Member], needed: Requirements, users: ResourceType, snapshot: Snapshot) -> list[Member]:
    """A declared id that a group shows as a member exists: it is not asked for, unless its name matters besides."""
    if needed.declaration.users or needed.policy.protected.get(USER) or needed.policy.scope.get(USER):
        return list(members)
    shown_ids = frozenset[str]().union(*map(member_ids, snapshot.groups.values()))
    existing = {member.name for member in members if member.is_id and member.name in shown_ids}
    for key in existing - snapshot.users.keys() - snapshot.groups.keys():
        snapshot.users[key] = Resource(users, key, {"id": key}, complete=False)
    return [member for member in members if not (member.is_id and member.name in existing)]


def _add(resources: Mapping[str, Resource], snapshot: Snapshot) -> None:
    """Add what was not known, or only by its id."""
    for key, resource in resources.items():
        known = snapshot.of(resource.type).get(key)
        if known is None or known.name == known.id:
            snapshot.of(resource.type)[key] = resource
