# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups that people are declared to be in, looked up by their names and ids, in as few requests as that takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..declaration.model import Entry, Member
from ..plan.snapshot import Snapshot, names_group
from ..scim.client.client import Client
from ..scim.schema.filter import any_of, equals
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType

LIKE_AN_ID = re.compile(r"[0-9]+|[0-9a-fA-F-]{20,}")  # what nobody calls a group
TOGETHER = 20  # names in one filter: short enough for any limit on the length of a URL


def look_up_groups(
    client: Client, resource_type: ResourceType, wanted: Sequence[Member], user_id: str | None, in_body: bool = False
) -> list[Resource]:
    """The groups that are named, and with ``user_id`` all others that the user is a member of, in one request where that can be.

    With ``in_body`` the groups need not be found: they may go into the body of a new user.
    """
    names = [m.name or m.selector.get("displayname") for m in wanted]
    plain = all(m.name for m in wanted)
    if not all(names):
        return list(client.every(resource_type).resources.values())
    filters = [equals(resource_type.name_attribute, str(name)) for name in dict.fromkeys(names)]
    filters += [equals("id", str(name)) for name in dict.fromkeys(names) if LIKE_AN_ID.fullmatch(str(name))]
    filters += [equals("members.value", user_id)] if user_id else []
    if not filters:
        return []
    shown = ("displayName", "members") if plain else ()
    found = client.find(resource_type, any_of(*filters), shown, unshown="members" if user_id else "")
    missing = [m.name for m in wanted if m.name and not any(names_group(m, group) for group in found)]
    return found if in_body and not client.searchable(resource_type) else found + by_id(client, resource_type, missing)


def by_id(client: Client, resource_type: ResourceType, names: Iterable[str]) -> list[Resource]:
    """Those of the names that are ids; a name with a blank in it is none."""
    answers = client.together(lambda name: client.get(resource_type, name), [name for name in names if not any(c.isspace() for c in name)])
    return [resource for resource in answers if resource is not None]


def look_up_named(
    client: Client, resource_type: ResourceType, entries: Sequence[Entry], named: Sequence[Member], current: Snapshot
) -> list[Member]:
    """Look up the groups that people are in, where they are neither declared nor known; those that are not found."""
    declared = {name.casefold() for entry in entries for name in (entry.name, entry.id, *entry.previously) if name}

    def missing(found: Sequence[Member]) -> list[Member]:
        return [m for m in found if m.name.casefold() not in declared and not any(names_group(m, g) for g in current.groups.values())]

    wanted = missing(named)
    for part in (wanted[i : i + TOGETHER] for i in range(0, len(wanted), TOGETHER)):
        current.groups.update({group.id: group for group in look_up_groups(client, resource_type, part, None, in_body=True)})
    return missing(wanted)
