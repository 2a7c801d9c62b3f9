# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the current state that a declaration is compared with, in as few requests as possible.

A run that may remove resources needs the complete listing. Look-ups are used only where nothing can be removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from math import ceil

from ..declaration.model import GROUP, PRESENT, USER, Entry, Member
from ..plan.matching import Finder
from ..plan.reporting_lines import Called, unresolved
from ..plan.snapshot import Snapshot, member_ids, names_group
from ..scim.client.client import Client
from ..scim.client.listing import Listing
from ..scim.client.lookup import MANY, TOGETHER
from ..scim.client.reader import NOT_FILTERED
from ..scim.errors import Refused
from ..scim.schema.filter import equals
from ..scim.schema.identity import look_alike_key, name_key
from ..scim.schema.overlay import UNKNOWN, same
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType
from ..wording import join_names
from .group_lookup import (
    add_groups_by_name_only,
    declared_names,
    groups_that_show,
    look_up_groups_of_user,
    missing_groups,
    read_named_groups,
)
from .hidden_memberships import DeclaredEdges
from .memberships import read_members
from .other_spellings import add_other_spellings, in_another_spelling
from .requirements import Requirements, compared
from .superiors import look_up_managers
from .unprojected import is_projection_ignored
from .unsearchable import listed, refuse_to_prune, refuse_unseen_absent

FEW = 5  # requests


def fetch(client: Client, needed: Requirements) -> Snapshot:
    """Fetch the current state, as far as it is needed.

    :raises Invalid: if needed state cannot be read. :raises Stop: if the provider cannot be read.
    """
    snapshot = Snapshot()
    _read(client, needed, USER, snapshot)
    if needed.alone is not None and needed.alone.type.name == USER:
        _groups_of_user(client, needed, needed.alone, snapshot)
    elif needed.groups:
        _read(client, needed, GROUP, snapshot)
        _named_members(client, needed, snapshot)
        if needed.memberships:
            read_members(client, needed, snapshot, list(snapshot.groups.values()))
    _verify_completeness(client, needed, snapshot, _add_inactive(client, needed, snapshot))
    _verify_members(client, needed, snapshot)
    add_other_spellings(client, needed, snapshot)
    add_groups_by_name_only(client, needed, snapshot)
    look_up_managers(client, needed, snapshot)  # last: until here, only declared users are in a snapshot that has not all
    return snapshot


def _groups_of_user(client: Client, needed: Requirements, entry: Entry, snapshot: Snapshot) -> None:
    """Read the groups of the one user that is declared, by look-ups instead of listings."""
    if entry.groups is None or entry.state != PRESENT:
        return
    user = next(iter(snapshot.users.values()), None)
    groups = look_up_groups_of_user(client, needed, entry, user)
    if user is not None:
        found, is_doubtful = groups_that_show(client, user) if not groups and needed.policy.is_exact(entry) else (groups, False)
        read_members(client, needed, snapshot, found)
        snapshot.unseen = snapshot.unseen or is_doubtful
    else:
        snapshot.add_groups(groups)
    if missing_groups(entry.groups, snapshot) and client.lookup(client.types[GROUP]).searchable:
        _read_group_names(client, needed, entry.groups, snapshot)


def _read_group_names(client: Client, needed: Requirements, wanted: Sequence[Member], snapshot: Snapshot) -> None:
    """Read the names of all groups: to find a declared group in another spelling, or to suggest similar names."""
    resource_type = client.types[GROUP]
    listing = listed(client, resource_type, (resource_type.name_attribute,))
    if isinstance(listing, Refused):
        return
    missing = missing_groups(wanted, snapshot)
    snapshot.groups = {**listing.resources, **snapshot.groups}
    found = [group for group in listing.resources.values() if any(names_group(member, group) for member in missing)]
    complete = [whole for group in found if (whole := client.get(resource_type, group.id)) is not None]
    read_members(client, needed, snapshot, complete)


def look_up(
    client: Client, needed: Requirements, resource_type: ResourceType, entries: Sequence[Entry], attributes: Sequence[str] = ()
) -> dict[str, Resource]:
    """Look up resources by match keys and previous names, key by key. For a single entry, a value that was found is not requested again."""
    found: dict[str, Resource] = {}
    match_on = needed.policy.match_keys(resource_type.name)
    for attribute in dict.fromkeys((*match_on, resource_type.name_attribute)):
        definition = resource_type.root.sub(attribute) or UNKNOWN
        known = list(found.values()) if len(entries) == 1 else []
        values = [value for entry in entries if (value := entry.value(attribute)) is not None] if attribute in match_on else []
        previous = [name for entry in entries for name in entry.previously] if attribute == resource_type.name_attribute else []
        values += previous
        values = [v for v in values if not any(same(definition, v, r.id if attribute == "id" else r.body.get(attribute)) for r in known)]
        enough = 1 if len(entries) == 1 else MANY
        found.update(client.lookup(resource_type).find_values(attribute, values, attributes, enough, alone=set(previous)))
    return found


def _read(client: Client, needed: Requirements, name: str, snapshot: Snapshot) -> None:
    """Read the resources of one type; again, and whole, if answers do not show all attributes that are requested."""
    _read_once(client, needed, name, snapshot)
    resource_type, entries = client.types[name], needed.declaration.of(name)
    if needed.alone is None and is_projection_ignored(client, needed, resource_type, entries, snapshot.of(name)):
        snapshot.of(name).clear()
        snapshot.complete.discard(name)
        _read_once(client, needed, name, snapshot)


def _read_once(client: Client, needed: Requirements, name: str, snapshot: Snapshot) -> None:
    """Read the resources of one type: by listing, or by look-ups if these suffice and cost less."""
    resource_type, entries = client.types[name], needed.declaration.of(name)
    resources = snapshot.of(name)
    selects = name == GROUP and needed.selects_groups
    whole = needed.whole or selects
    named = needed.named_groups if name == GROUP and not whole else ()
    if not entries and not whole and not named:
        return
    if needed.alone is not None:
        resources.update(look_up(client, needed, resource_type, entries))
        refuse_unseen_absent(client, [] if resources else entries)
        return
    attributes = compared(resource_type, entries, needed.policy) + (["members"] if name == GROUP and needed.memberships else [])
    lookups = ceil(len(entries) / TOGETHER) + ceil(len(named) / TOGETHER)
    listing = listed(client, resource_type, () if selects else attributes, None if whole else lookups)
    if isinstance(listing, Refused):
        refuse_to_prune(resource_type, needed.policy, listing)
        resources.update(look_up(client, needed, resource_type, entries, attributes))
        refuse_unseen_absent(client, entries)
        if name == GROUP:
            read_named_groups(client, needed, entries, needed.named_groups, snapshot)
        return
    resources.update(listing.resources)
    if listing.complete:
        snapshot.complete.add(name)
        snapshot.uncounted.update({name} if listing.total is None and listing.filled > 1 else ())
        return
    snapshot.lacking[name] = listing.lacking(resource_type)
    finder = snapshot.finder(resource_type, needed.policy)
    missing = [entry for entry in entries if not finder.finds_all(entry)]
    resources.update(look_up(client, needed, resource_type, missing, attributes))
    if read_named_groups(client, needed, entries, named, snapshot):
        resources.update(client.every(resource_type, attributes).resources)  # for another spelling, or to suggest similar names


def _add_inactive(client: Client, needed: Requirements, snapshot: Snapshot) -> Sequence[Entry]:
    """Add the inactive users whom a listing that looks complete does not show. Without them, a declared one is planned as new in every run,
    and one who is declared in another case or by a former name becomes a second account.

    They are requested only if the listing shows no inactive user, and lacks a user whom it should show. Where the provider does not say
    who is inactive, return the declared users whom it lacks.
    """
    resource_type, entries = client.types[USER], needed.declaration.users
    if USER not in snapshot.complete or not all(user.active for user in snapshot.users.values()):
        return ()
    finder = snapshot.finder(resource_type, needed.policy)
    lacking = [entry for entry in entries if not _is_listed(entry, finder)]
    if not (lacking or _unlisted_members(needed, snapshot) or _lacks_others(needed, snapshot)):
        return ()
    listing = Listing(snapshot.users, complete=True)
    answered = client.add_inactive(resource_type, listing, compared(resource_type, entries, needed.policy))
    if not listing.complete:
        snapshot.complete.discard(USER)
        snapshot.lacking[USER] = listing.lacking(resource_type)
    return () if answered else lacking


def _is_listed(entry: Entry, finder: Finder) -> bool:
    """Whether a user is found who has the declared name: of one with another name, the listing does not show whose that is."""
    name = entry.value(entry.type.name_attribute)
    return (name is None or bool(finder.names.by_name(str(name)))) and finder.finds_any(entry)


def _lacks_others(needed: Requirements, snapshot: Snapshot) -> bool:
    """Whether a declared member or manager is neither a known resource nor a declared one."""
    named = needed.named_members
    if named and _unknown(named, snapshot, _declared_names(needed)):
        return True
    managers, called = unresolved(needed.declaration.users, needed.policy), Called()
    for user in snapshot.users.values() if managers else ():
        called.add(user.id, user.body)
    return any(manager not in snapshot.users and not called.keys(manager) for manager in managers)


def _verify_completeness(client: Client, needed: Requirements, snapshot: Snapshot, doubted: Sequence[Entry]) -> None:
    """Detect a listing that only looks complete, since some providers report the size of the page as the total.

    A group member that is not listed proves it. Users who are not in a listing without a total are looked up: if one was deleted while it
    was read, the next page began after another one. ``doubted`` users may be inactive and therefore not listed: a few are looked up. A new
    group is always looked up, since no provider refuses a second one of its name.
    """
    new_groups = [entry for entry in needed.declaration.groups if entry.state == PRESENT]
    is_suspect = snapshot.has_unlisted_members or USER in snapshot.uncounted
    suspects: tuple[tuple[str, Sequence[Entry]], ...] = (
        (USER, needed.declaration.users if is_suspect else doubted),
        (GROUP, new_groups),
    )
    for name, entries in suspects:
        # Without resources, there is no page whose size could be taken for the total.
        if not entries or name not in snapshot.complete or not snapshot.of(name):
            continue
        resource_type = client.types[name]
        finder = snapshot.finder(resource_type, needed.policy)
        missing = [entry for entry in entries if not finder.finds_any(entry)]
        alone = name == USER and not is_suspect
        looked_up = _look_up_alone(client, needed, missing) if alone else look_up(client, needed, resource_type, missing)
        found = {key: resource for key, resource in looked_up.items() if key not in snapshot.of(name)}  # a look-alike may be listed
        if not found:
            continue
        _add_unlisted(client, needed, resource_type, found, snapshot)


def _look_up_alone(client: Client, needed: Requirements, entries: Sequence[Entry]) -> dict[str, Resource]:
    """Look up a few users by a filter of one name each, former names first, also in lower case: the listing, which is what else a look-up
    would search, lacks them.
    """
    resource_type, found = client.types[USER], dict[str, Resource]()
    attribute = resource_type.name_attribute
    names = [*(name for entry in entries for name in entry.previously), *(entry.value(attribute) for entry in entries)]
    spellings = [spelling for name in names if name for spelling in (str(name), str(name).lower())]
    attributes = compared(resource_type, needed.declaration.users, needed.policy)
    for spelling in list(dict.fromkeys(spellings))[:FEW] if client.capabilities.filter is not False else ():
        try:
            listing = client.query(resource_type, equals(attribute, spelling), attributes, most_pages=0)
        except Refused as refused:
            if refused.status not in NOT_FILTERED:
                raise
            break
        key = look_alike_key(spelling)
        found |= {user.id: user for user in listing.resources.values() if look_alike_key(user.name) == key}
    return found


def _add_unlisted(
    client: Client, needed: Requirements, resource_type: ResourceType, found: Mapping[str, Resource], snapshot: Snapshot
) -> None:
    """Add resources that exist and that the listing does not show."""
    others = join_names([resource.name for resource in found.values()])
    snapshot.complete.discard(resource_type.name)
    snapshot.lacking[resource_type.name] = f"The listing of {resource_type.nouns} is incomplete or out of date: it lacks {others}."
    snapshot.of(resource_type.name).update(found)
    if resource_type.name == GROUP and needed.memberships:
        read_members(client, needed, snapshot, list(found.values()))


def _verify_members(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    """Read the members of exact groups that no listing shows, since they would be removed for not being declared.

    One that exists proves that the listing is out of date: it may also show a deleted resource under the name of the member. What the
    listing shows under a declared name is therefore read again, where the member that it does not show may be meant as well.
    """
    unlisted = _unlisted_members(needed, snapshot)
    for resource_type in map(client.types.__getitem__, (USER, GROUP)):
        lookup = client.lookup(resource_type)
        found = lookup.read_ids(unlisted)
        unlisted = [member for member in unlisted if member not in found]
        if not found:
            continue
        _add_unlisted(client, needed, resource_type, found, snapshot)
        snapshot.warnings.append(snapshot.lacking[resource_type.name])
        finder = snapshot.finder(resource_type, needed.policy)
        meant = [finder.candidates(entry).keys() for entry in needed.declaration.of(resource_type.name)]
        doubted = sorted({key for keys in meant if keys & found.keys() for key in keys - found.keys()})
        for deleted in set(doubted) - lookup.read_ids(doubted).keys():
            del snapshot.of(resource_type.name)[deleted]


def _unlisted_members(needed: Requirements, snapshot: Snapshot) -> list[str]:
    """The ids of members of exact groups that no listing shows."""
    if needed.alone is not None or not snapshot.has_unlisted_members:
        return []
    exact = DeclaredEdges(needed, snapshot).exact_groups
    return sorted(frozenset().union(*(snapshot.members.get(group, ()) for group in exact)) - snapshot.all_ids())


# -- members that groups name --------------------------------------------------------------------------------------------------------------


def _named_members(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    """Read the members that declared groups name: a user before a group of the same name, a name before an id.

    A type whose listing is complete needs no request.
    """
    types = [client.types[name] for name in (USER, GROUP) if name not in snapshot.complete]
    if not types:
        return
    declared = _declared_names(needed)
    members = _without_known_ids(needed.named_members, needed, client.types[USER], snapshot)
    ids = {member.name for member in members if member.is_id}
    for resource_type in types:
        _add(client.lookup(resource_type).read_ids(sorted(ids - snapshot.all_ids())).values(), snapshot)
    members = [member for member in members if not member.is_id]
    for resource_type in types:
        names = _unknown(members, snapshot, declared if resource_type.name == GROUP else None)
        attribute = resource_type.name_attribute
        _add(client.lookup(resource_type).find_values(attribute, names, (attribute,), enough=0).values() if names else (), snapshot)
    for resource_type in types:
        _add(client.lookup(resource_type).read_ids(_unknown(members, snapshot, declared)).values(), snapshot)
    for resource_type in types:  # no name is asked for alone before it is known to be that of no group either
        attribute, lookup = resource_type.name_attribute, client.lookup(resource_type)
        left = [] if lookup.evaluates_or else _unknown(members, snapshot, declared)
        _add(lookup.find_values(attribute, left, (attribute,)).values(), snapshot)
    left = _unknown(members, snapshot, declared)
    for resource_type in types:
        _add(in_another_spelling(client, resource_type, left), snapshot)


def _declared_names(needed: Requirements) -> set[str]:
    """The names of groups and remaining users that are declared, in the form to compare."""
    remaining = [user for user in needed.declaration.users if not needed.policy.ends(user)]
    return declared_names(needed.declaration.groups) | {name_key(user.name) for user in remaining}


def _unknown(members: Iterable[Member], snapshot: Snapshot, declared: Set[str] | None) -> list[str]:
    """The names that no user has and, with the ``declared`` names, no group either. Each name once, in its first spelling."""
    resources = [*snapshot.users.values(), *(snapshot.groups.values() if declared is not None else ())]
    ids, known = {resource.id for resource in resources}, {name_key(resource.name) for resource in resources} | (declared or set())
    names: dict[str, str] = {}
    for member in members:
        names.setdefault(name_key(member.name), member.name)
    return [name for key, name in names.items() if key not in known and name not in ids]


def _without_known_ids(members: Sequence[Member], needed: Requirements, users: ResourceType, snapshot: Snapshot) -> list[Member]:
    """A declared id that a group shows as a member exists: it is not asked for, unless its name matters besides."""
    if needed.declaration.users or needed.policy.protected.get(USER) or needed.policy.scope.get(USER):
        return list(members)
    shown_ids = frozenset[str]().union(*map(member_ids, snapshot.groups.values()))
    existing = {member.name for member in members if member.is_id and member.name in shown_ids}
    for key in existing - snapshot.all_ids():
        snapshot.users[key] = Resource(users, key, {"id": key}, complete=False)
    return [member for member in members if not (member.is_id and member.name in existing)]


def _add(resources: Iterable[Resource], snapshot: Snapshot) -> None:
    """Add what was not known, or only by its id."""
    for resource in resources:
        known = snapshot.of(resource.type.name).get(resource.id)
        if known is None or known.name == known.id:
            snapshot.of(resource.type.name)[resource.id] = resource
