# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds resources that exist under another spelling of a declared name. Names ignore case (RFC 7643 §4.1.1, §4.2), but the filters of some
providers do not.

A user is asked for in lower case, which is how most providers store names. Then the listing is searched: one page of it and, if that is
not whole, one more request that shows whether filters compare case. Most providers refuse a second user (409), so the module ``user``
searches only in check mode, and where it may deactivate the user. A directory always does: that costs as much for many users as for
one. A second group of the same name is not refused, and some providers find no group by filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..declaration.model import ABSENT, GROUP, USER
from ..plan.name_index import NameIndex
from ..plan.snapshot import Snapshot
from ..scim.client.client import Client
from ..scim.client.listing import Listing
from ..scim.errors import Refused
from ..scim.schema.filter import equals
from ..scim.schema.identity import look_alike_key
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType
from .requirements import Requirements
from .unsearchable import listed


def add_other_spellings(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    """Add the resources that the look-ups of their names did not find."""
    for name, entries in ((USER, needed.declaration.users), (GROUP, needed.declaration.groups)):
        resource_type = client.types[name]
        if name in snapshot.complete or not client.lookup(resource_type).uses_filter:
            continue
        finder = snapshot.finder(resource_type, needed.policy)
        by_name = [entry for entry in entries if entry.id is None and entry.attributes.get(resource_type.name_attribute)]
        missing = [entry for entry in by_name if not finder.finds_any(entry)]
        present = [entry for entry in missing if entry.state != ABSENT or name == GROUP]
        new = [entry.name for entry in present if name == GROUP or needed.thorough or entry.attributes.get("active") is False]
        searched = [*new, *(previous for entry in present for previous in entry.previously)]  # else a second one is made, not a rename
        found: list[Resource] = []
        if name == USER:
            found += _in_lower_case(client, resource_type, dict.fromkeys([*searched, *(entry.name for entry in missing)]))
        known = {look_alike_key(resource.name) for resource in found}
        found += read_in_another_spelling(client, resource_type, [each for each in searched if look_alike_key(each) not in known])
        snapshot.of(name).update({resource.id: resource for resource in found})
        if name == GROUP:
            snapshot.add_groups(found)


def read_in_another_spelling(client: Client, resource_type: ResourceType, names: Sequence[str]) -> list[Resource]:
    """As ``in_another_spelling``, each of them whole."""
    found = in_another_spelling(client, resource_type, names)
    return [whole for resource in found if (whole := client.get(resource_type, resource.id)) is not None]


def in_another_spelling(client: Client, resource_type: ResourceType, names: Sequence[str]) -> list[Resource]:
    """The listed resources of these names in any spelling, or of names that look like them or that the provider may have made of
    them, without their attributes; none if filters are known to find all spellings.
    """
    if not names or not client.lookup(resource_type).uses_filter:
        return []
    attributes = (resource_type.name_attribute,)
    listing = listed(client, resource_type, attributes, most_pages=0)
    if isinstance(listing, Listing) and not listing.complete:
        if _ignores_case(client, resource_type, listing.resources.values()):
            return []
        listing = listed(client, resource_type, attributes)
    if isinstance(listing, Refused):
        return []
    wanted = {look_alike_key(name) for name in names}
    index = NameIndex()
    for resource in listing.resources.values():
        index.add(resource.id, name=resource.name)
    respelled = {index.respelled(name) for name in names}
    return [each for each in listing.resources.values() if look_alike_key(each.name) in wanted or each.id in respelled]


def _in_lower_case(client: Client, resource_type: ResourceType, names: Iterable[str]) -> list[Resource]:
    """The resources whose names are these in the spelling that most providers store, where it is another one."""
    lowered = [name.lower() for name in names if name != name.lower()]
    return list(client.lookup(resource_type).find_values(resource_type.name_attribute, lowered).values())


def _ignores_case(client: Client, resource_type: ResourceType, resources: Iterable[Resource]) -> bool:
    """Whether a filter finds a resource whose name is asked for in the other case."""
    other = next((resource.name.swapcase() for resource in resources if resource.name.swapcase() != resource.name), "")
    return bool(other and client.lookup(resource_type).find(equals(resource_type.name_attribute, other)))
