# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what a declaration is compared with, in as few requests as that takes.

Whatever may remove needs the complete listing; look-ups only where nothing can be removed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ..declaration.model import GROUP, PRESENT, USER, Declaration, Entry, Member
from ..plan.matching import index, unmatched
from ..plan.options import NONE, Policy
from ..plan.snapshot import Snapshot, member_ids, names_group
from ..scim.client.client import Client
from ..scim.client.reader import NOT_LISTED
from ..scim.errors import Refused
from ..scim.schema.filter import any_of, equals
from ..scim.schema.overlay import UNKNOWN, canonical, same
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType
from ..wording import join_names
from .group_lookup import TOGETHER, by_id, look_up_groups, look_up_named
from .hidden_memberships import is_exact, take
from .other_spellings import listed_as
from .requirements import compared, needs_members, selects_groups
from .unsearchable import refuse_to_overlook, refuse_to_prune


def read(client: Client, declaration: Declaration, policy: Policy, whole: bool) -> Snapshot:
    """The current state; with ``whole`` all of it, so that what is missing in it is known to be missing."""
    if len(declaration.entries) == 1 and not whole:
        return _one(client, declaration.entries[0], policy)
    current = Snapshot()
    _users(client, declaration, policy, whole, current)
    _groups(client, declaration, policy, whole, current)
    _doubted(client, declaration, policy, current)
    return current


# -- one resource ------------------------------------------------------------------------------------------------------------------------


def _one(client: Client, entry: Entry, policy: Policy) -> Snapshot:
    resource_type, current = entry.type, Snapshot()
    found = look_up(client, resource_type, [entry], policy.match_on[resource_type.name])
    if not found:
        refuse_to_overlook(client, [entry])
    groups, alone = client.types[GROUP], Declaration(**{"users" if resource_type.name == USER else "groups": (entry,)})
    if resource_type.name == GROUP:
        listed = list(found.values())
        current.groups.update(found)
        _named_members(client, [entry], policy, current)
        if entry.members is None:
            current.add_groups(listed)
        else:
            take(client, alone, policy, current, listed)
        return current
    current.users.update(found)
    if entry.groups is not None and entry.state == PRESENT:
        asks_for_all = is_exact(entry, policy) and client.capabilities.members_readable is not False
        user_id = next(iter(found), None) if asks_for_all else None
        named = look_up_groups(client, groups, entry.groups, user_id, in_body=not found and client.capabilities.groups_in_body)
        if user_id:  # what the person itself shows, where a filter on members finds less
            shown = [str(group.get("value")) for group in found[user_id].body.get("groups") or () if group.get("type") != "indirect"]
            have = {group.id for group in named}
            named += by_id(client, groups, [key for key in dict.fromkeys(shown) if key not in have])
        if found:
            take(client, alone, policy, current, named)
        else:
            current.add_groups(named)
        _candidates(client, entry, policy, current)
    return current


def _candidates(client: Client, entry: Entry, policy: Policy, current: Snapshot) -> None:
    """Where a declared group is missing, the names of all, so that the message can tell the nearest."""
    resource_type = client.types[GROUP]
    found = current.groups.values()
    missing = any(not any(names_group(m, group) for group in found) for m in entry.groups or ())
    if missing and client.searchable(resource_type):
        for group in _listed(client, resource_type):
            current.groups.setdefault(group.id, group)
        spelt_otherwise = [g.id for g in found if g.id not in current.members and any(names_group(m, g) for m in entry.groups or ())]
        wholes = [whole for key in spelt_otherwise if (whole := client.get(resource_type, key)) is not None]
        take(client, Declaration(users=(entry,)), policy, current, wholes)


def _listed(client: Client, resource_type: ResourceType) -> Iterable[Resource]:
    try:
        return client.every(resource_type, (resource_type.name_attribute,)).resources.values()
    except Refused as refused:
        if refused.status not in NOT_LISTED:
            raise
        return ()


def look_up(
    client: Client,
    resource_type: ResourceType,
    entries: Sequence[Entry],
    match_on: Sequence[str],
    attributes: Sequence[str] = (),
) -> dict[str, Resource]:
    """The resources that match keys find, key by key; a key whose value is that of a resource found already asks nothing."""
    found: dict[str, Resource] = {}
    for attribute in dict.fromkeys((*match_on, resource_type.name_attribute)):
        definition = resource_type.root.sub(attribute) or UNKNOWN
        have = list(found.values()) if len(entries) == 1 else []
        values = [v for v in (entry.value(attribute) for entry in entries) if v is not None] if attribute in match_on else []
        values += [name for entry in entries for name in entry.previously] if attribute == resource_type.name_attribute else []
        values = [v for v in values if not any(same(definition, v, r.id if attribute == "id" else r.body.get(attribute)) for r in have)]
        found.update(_by(client, resource_type, attribute, values, attributes))
    return found


def _not_found(entries: Sequence[Entry], found: dict[str, Resource], match_on: Sequence[str]) -> list[Entry]:
    """The entries of which a match key finds nobody among these, and those whose old name may be somebody's still."""
    if not entries:
        return []
    resource_type = entries[0].type
    indexes = {attribute: index(resource_type, attribute, found.values()) for attribute in match_on}

    def is_there(entry: Entry) -> bool:
        keys = [(attribute, entry.value(attribute)) for attribute in match_on]
        return all(canonical(resource_type.root.sub(key) or UNKNOWN, value) in indexes[key] for key, value in keys if value is not None)

    return [entry for entry in entries if entry.previously or not is_there(entry)]


def _by(
    client: Client, resource_type: ResourceType, attribute: str, values: Sequence[str], attributes: Sequence[str]
) -> dict[str, Resource]:
    if attribute == "id":
        each = client.together(lambda value: client.get(resource_type, str(value)), values)
        return {resource.id: resource for resource in each if resource is not None}
    if client.looks_through(resource_type):
        known, definition = (
            index(resource_type, attribute, client.whole(resource_type).resources.values()),
            resource_type.root.sub(attribute) or UNKNOWN,
        )
        return {found.id: found for value in values for found in known.get(canonical(definition, value), ())}
    first, others = values[:TOGETHER], values[TOGETHER:]
    if client.alone(resource_type, len(values)):
        answers = client.together(lambda value: client.find(resource_type, equals(attribute, value), attributes), values)
        return {resource.id: resource for answer in answers for resource in answer}
    wanted = any_of(*(equals(attribute, value) for value in first))
    found = {one.id: one for one in client.find(resource_type, wanted, attributes, names=len(values))} if first else {}
    # The first answer may have shown that filters are overlooked, or that each name is to be asked for by itself.
    others = values if client.alone(resource_type, len(values)) else others
    return {**found, **_by(client, resource_type, attribute, others, attributes)} if others else found


# -- a directory -------------------------------------------------------------------------------------------------------------------------


def _users(client: Client, declaration: Declaration, policy: Policy, whole: bool, current: Snapshot) -> None:
    resource_type = client.types[USER]
    _resources(client, resource_type, declaration.users, policy, whole, current, compared(resource_type, declaration.users, policy))
    _named_members(client, declaration.groups, policy, current)


def _groups(client: Client, declaration: Declaration, policy: Policy, whole: bool, current: Snapshot) -> None:
    resource_type = client.types[GROUP]
    memberships = needs_members(declaration, policy)
    if not declaration.groups and not memberships and policy.prune.get(GROUP, NONE) == NONE:
        return
    attributes = compared(resource_type, declaration.groups, policy) + (["members"] if memberships else [])
    selects = selects_groups(declaration)
    named = [] if whole or selects else list({str(group): group for user in declaration.users for group in user.groups or ()}.values())
    _resources(client, resource_type, declaration.groups, policy, whole or selects, current, [] if selects else attributes, named)
    if memberships:
        take(client, declaration, policy, current, list(current.groups.values()))


def _resources(
    client: Client,
    resource_type: ResourceType,
    entries: Sequence[Entry],
    policy: Policy,
    whole: bool,
    current: Snapshot,
    attributes: Sequence[str],
    named: Sequence[Member] = (),
) -> None:
    """By listing, unless looking up is cheaper and enough. ``named`` are groups that people are in."""
    if not entries and not whole and not named:
        return
    lookups = -(-len(entries) // TOGETHER) + -(-len(named) // TOGETHER)
    try:
        listing = client.every(resource_type, attributes, None if whole else lookups)
    except Refused as refused:
        if refused.status not in NOT_LISTED:
            raise
        refuse_to_prune(resource_type, policy, refused)
        current.of(resource_type).update(look_up(client, resource_type, entries, policy.match_on[resource_type.name], attributes))
        refuse_to_overlook(client, entries)
        look_up_named(client, resource_type, entries, named, current)
        return
    current.of(resource_type).update(listing.resources)
    if listing.complete:
        current.complete.add(resource_type.name)
    else:
        current.lacking[resource_type.name] = listing.lacking(resource_type)
        missing = _not_found(entries, listing.resources, policy.match_on[resource_type.name])
        current.of(resource_type).update(look_up(client, resource_type, missing, policy.match_on[resource_type.name], attributes))
        if look_up_named(client, resource_type, entries, named, current):
            current.of(resource_type).update(
                client.every(resource_type, attributes).resources
            )  # in another spelling, or to tell the nearest


def _doubted(client: Client, declaration: Declaration, policy: Policy, current: Snapshot) -> None:
    """Some providers tell the total of the page, and then a listing that is not whole looks so.

    A member whom it does not show gives it away. A group is looked for before it is made: no provider refuses a second one of its name.
    """
    shown = current.users.keys() | current.groups.keys()
    strays = any(not members <= shown for members in current.members.values())
    new_groups = [entry for entry in declaration.groups if entry.state == PRESENT]
    for resource_type, entries in ((client.types[USER], declaration.users if strays else ()), (client.types[GROUP], new_groups)):
        if resource_type.name in current.complete:
            missing = unmatched(entries, current.of(resource_type), policy.match_on[resource_type.name])
            found = look_up(client, resource_type, missing, policy.match_on[resource_type.name])
            if not found:
                continue
            current.complete.discard(resource_type.name)
            others = join_names([one.name for one in found.values()])
            current.lacking[resource_type.name] = f"The listing of {resource_type.name.lower()}s is incomplete: it lacks {others}."
            current.of(resource_type).update(found)
            if resource_type.name == GROUP and needs_members(declaration, policy):
                take(client, declaration, policy, current, list(found.values()))


def _named_members(client: Client, groups: Sequence[Entry], policy: Policy, current: Snapshot) -> None:
    """The users whom groups name as members and who were not read yet."""
    resource_type = client.types[USER]
    if USER in current.complete:
        return
    named = [m for g in groups if g.state == PRESENT for m in g.members or () if m.name]
    ids = {m.name for m in named if m.is_id}
    nobodys = _not_by_id(client, ids, current)
    names = {m.name.casefold(): m.name for m in named if not m.is_id or m.name in nobodys}
    known = {user.name.casefold() for user in current.users.values()} | {key.casefold() for key in current.users}
    missing = [name for folded, name in names.items() if folded not in known]
    if missing:
        found = _by(client, resource_type, resource_type.name_attribute, missing, (resource_type.name_attribute,))
        current.users.update({key: user for key, user in found.items() if key not in current.users})
        have = {user.name.casefold() for user in found.values()}
        _other_members(client, [name for name in missing if name.casefold() not in have], current)


def _not_by_id(client: Client, ids: Collection[str], current: Snapshot) -> set[str]:
    """Members that are declared by id, into ``current``; those whom no id finds. Who is a member already is there, and is not asked for."""
    users, groups = client.types[USER], client.types[GROUP]
    shown = frozenset[str]().union(*map(member_ids, current.groups.values()))
    current.users.update({key: Resource(users, key, {"id": key}, complete=False) for key in shown.intersection(ids) - current.users.keys()})
    left = set(ids) - current.users.keys() - current.groups.keys()
    for resource_type in (users, groups):
        found = _by(client, resource_type, "id", sorted(left), ())
        current.of(resource_type).update(found)
        left -= found.keys()
    return left


def _other_members(client: Client, names: Sequence[str], current: Snapshot) -> None:
    """What is no user's name may be a group's name, or an id."""
    groups = client.types[GROUP]
    if not names:
        return
    found = _by(client, groups, groups.name_attribute, names, (groups.name_attribute,))
    for group in found.values():
        current.groups.setdefault(group.id, group)
    have = {group.name.casefold() for group in found.values()} | set(current.groups)
    left = [name for name in names if name.casefold() not in have]
    users = {user.id: user for user in by_id(client, client.types[USER], left)}
    found_by_id = [*users.values(), *by_id(client, groups, [name for name in left if name not in users])]
    nowhere = [name for name in left if name not in {one.id for one in found_by_id}]
    for one in [*found_by_id, *listed_as(client, client.types[USER], nowhere), *listed_as(client, groups, nowhere)]:
        current.of(one.type).setdefault(one.id, one)
