# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups that users are declared to be in, looked up by their names and ids in as few requests as that takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..declaration.model import GROUP, USER, Entry, Member
from ..plan.snapshot import Snapshot, member_ids, names_group
from ..scim.client.client import Client
from ..scim.client.listing import Listing
from ..scim.client.lookup import TOGETHER
from ..scim.client.reader import MEMBERS
from ..scim.schema.filter import equals
from ..scim.schema.identity import name_key
from ..scim.schema.overlay import UNKNOWN
from ..scim.schema.resource import Body, Resource, read_complex
from .requirements import Requirements, scope_attributes
from .unsearchable import listed

LIKE_AN_ID = re.compile(r"[0-9]+|[0-9a-fA-F-]{20,}")  # a text that is hardly the name of a group


def declared_names(entries: Iterable[Entry]) -> set[str]:
    """All names and ids of declared resources, in the form to compare."""
    return {name_key(name) for entry in entries for name in (entry.name, entry.id, *entry.previously) if name}


def missing_groups(wanted: Iterable[Member], snapshot: Snapshot) -> list[Member]:
    """The groups that are none of those that were read."""
    return [member for member in wanted if not any(names_group(member, group) for group in snapshot.groups.values())]


def look_up_groups_of_user(client: Client, needed: Requirements, entry: Entry, user: Resource | None) -> list[Resource]:
    """The groups that one user declares and, if its memberships are exact, all other groups that it is a member of."""
    wanted = entry.groups or ()
    if user is None or not needed.policy.is_exact(entry) or client.capabilities.members_readable is False:
        return _look_up(client, needed, wanted, None)
    groups = _look_up(client, needed, wanted, user.id)
    # The user may show groups that a filter on members does not find.
    others = {str(group.get("value")) for group in _direct_groups(user)} - {group.id for group in groups}
    return [*groups, *client.lookup(client.types[GROUP]).read_ids(sorted(others)).values()]


def groups_that_show(client: Client, user: Resource) -> tuple[list[Resource], bool]:
    """The groups on one page that show a user as a member, and whether no group on it shows any.

    A filter may find no membership because the user has none, or because the provider finds and shows none at all. That is asked until a
    group was shown with members once.
    """
    if client.capabilities.members_readable is not None or client.populated:
        return [], False
    listing = listed(client, client.types[GROUP], MEMBERS, most_pages=0)
    groups = list(listing.resources.values()) if isinstance(listing, Listing) else []
    return [group for group in groups if user.id in member_ids(group)], bool(groups) and not any(map(member_ids, groups))


def _direct_groups(user: Resource) -> list[Body]:
    """The groups that a user shows, without those that it is in through another group (RFC 7643 §4.1.2)."""
    return [group for group in user.body.get("groups") or () if group.get("type") != "indirect"]


def read_named_groups(
    client: Client, needed: Requirements, entries: Sequence[Entry], named: Sequence[Member], snapshot: Snapshot
) -> list[Member]:
    """Read groups that users name and that are neither declared nor known. Return those that were not found."""
    declared = declared_names(entries)
    wanted = missing_groups((member for member in named if member.is_id or name_key(member.name) not in declared), snapshot)
    for part in (wanted[i : i + TOGETHER] for i in range(0, len(wanted), TOGETHER)):
        snapshot.groups.update({group.id: group for group in _look_up(client, needed, part, None)})
    return missing_groups(wanted, snapshot)


def _look_up(client: Client, needed: Requirements, wanted: Sequence[Member], user_id: str | None) -> list[Resource]:
    """The ``wanted`` groups and, with ``user_id``, all other groups of that user; in one request if possible."""
    resource_type = client.types[GROUP]
    lookup = client.lookup(resource_type)
    names = list(dict.fromkeys(member.name or member.selector.get("displayname") for member in wanted if not member.is_id))
    if not all(names):
        listing = listed(client, resource_type)
        if isinstance(listing, Listing):
            return list(listing.resources.values())
        lookup.listing_refused(listing)
        return []
    # The one for the members first: its answer may be all there is to know, also where the provider evaluates no other one.
    questions = [equals("members.value", user_id)] if user_id else []
    questions += [equals(resource_type.name_attribute, str(name)) for name in names]
    ids = [*(member.name for member in wanted if member.is_id), *(str(name) for name in names if LIKE_AN_ID.fullmatch(str(name)))]
    questions += [equals("id", key) for key in dict.fromkeys(ids)]
    if not questions:
        return []
    attributes = ("displayName", "members", *scope_attributes(resource_type, needed.policy)) if all(m.name for m in wanted) else ()
    found = lookup.find_any(questions, attributes, unshown="members" if user_id else "", look_alikes=list(map(str, names)))
    if not lookup.searchable and client.capabilities.groups_in_body:
        return found  # names are sent with the user, unresolved
    missing = [m.name for m in wanted if m.name and not any(names_group(m, group) for group in found)]
    return [*found, *lookup.read_ids(missing).values()]


def add_groups_by_name_only(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    """Add groups by name only, at a provider where groups cannot be looked up and are sent with a new user.

    Existing users show which of these groups they are in (RFC 7643 §4.1.2).
    """
    resource_type = client.types[GROUP]
    if not client.capabilities.groups_in_body or client.lookup(resource_type).searchable:
        return
    element = client.types[USER].root.sub("groups") or UNKNOWN
    declared = declared_names(needed.declaration.groups)
    for member in missing_groups(needed.named_groups, snapshot):
        if not member.is_id and name_key(member.name) in declared:
            continue
        key = member.name if member.is_id else f"{GROUP}:{name_key(str(member))}"
        if key in snapshot.by_name_only:  # in another spelling
            continue
        written = read_complex(element, member.written)
        name = str(written.get("display") or written.get("value") or member)
        details = ", ".join(f"{attribute} {value}" for attribute, value in member.selector.items() if attribute != "displayname")
        body = {resource_type.name_attribute: f"{name} ({details})" if details else name, **member.selector}  # found by its selector only
        body |= {"id": key} if member.is_id else {}
        snapshot.groups[key] = Resource(resource_type, key, body, complete=False)
        snapshot.members[key] = frozenset(user.id for user in snapshot.users.values() if _is_in(user, member))
        snapshot.by_name_only[key] = written


def _is_in(user: Resource, member: Member) -> bool:
    name = str(member.name or member.selector.get("displayname", ""))
    shown = _direct_groups(user)
    return any(group.get("value") == name or name_key(str(group.get("display", ""))) == name_key(name) for group in shown)
