# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is there under another spelling: some providers compare case in a filter, though names do not differ by it (RFC 7643 §4.1.1, §4.2).

Of a user, the provider's own refusal tells it when one is made (409), so that only check mode has to know. A second group of a name is
refused by nobody, and some providers find no group by any filter. It takes a page of the listing; where that is not all of it, one more
request shows whether filters compare case at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..declaration.model import ABSENT, GROUP, USER, Declaration
from ..plan.matching import unmatched
from ..plan.options import Policy
from ..plan.snapshot import Snapshot
from ..scim.client.client import Client
from ..scim.client.reader import NOT_LISTED
from ..scim.errors import Refused
from ..scim.schema.filter import equals
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType


def add_other_spellings(client: Client, declaration: Declaration, policy: Policy, current: Snapshot, thorough: bool) -> None:
    """Into ``current`` come those whom the look-ups of their names did not find.

    ``thorough`` is for a plan that will be looked at, or that was: who is there in another spelling is no creation in it. A run by itself
    is told of them by a 409.
    """
    for resource_type, entries in ((client.types[USER], declaration.users), (client.types[GROUP], declaration.groups)):
        if resource_type.name in current.complete or not client.looks_up(resource_type):
            continue
        named = [entry for entry in entries if entry.id is None and entry.attributes.get(resource_type.name_attribute)]
        missing = unmatched(named, current.of(resource_type), policy.match_on.get(resource_type.name, ()))
        gone = [entry.name for entry in missing if entry.state == ABSENT and resource_type.name == USER]
        new = [entry.name for entry in missing if resource_type.name == GROUP or (thorough and entry.state != ABSENT)]
        found = spelt_otherwise(client, resource_type, new) + _in_lower_case(client, resource_type, gone)
        current.of(resource_type).update({resource.id: resource for resource in found})
        if resource_type.name == GROUP:
            current.add_groups(found)


def spelt_otherwise(client: Client, resource_type: ResourceType, names: Sequence[str]) -> list[Resource]:
    """As ``listed_as``, each of them whole."""
    return [whole for one in listed_as(client, resource_type, names) if (whole := client.get(resource_type, one.id)) is not None]


def listed_as(client: Client, resource_type: ResourceType, names: Sequence[str]) -> list[Resource]:
    """Those of a listing whom people call so, in any spelling, without their attributes; none where filters are known to find them all."""
    if not names or not client.looks_up(resource_type):
        return []
    try:
        listing = client.every(resource_type, (resource_type.name_attribute,), most_pages=0)
        if not listing.complete:
            if _folds(client, resource_type, listing.resources.values()):
                return []
            listing = client.every(resource_type, (resource_type.name_attribute,))
    except Refused as refused:
        if refused.status not in NOT_LISTED:
            raise
        return []
    wanted = {_folded(resource_type, name) for name in names}
    return [resource for resource in listing.resources.values() if _folded(resource_type, resource.name) in wanted]


def _folded(resource_type: ResourceType, name: str) -> Any:
    return canonical(resource_type.root.sub(resource_type.name_attribute) or UNKNOWN, name)


def _in_lower_case(client: Client, resource_type: ResourceType, names: Sequence[str]) -> list[Resource]:
    """Who shall go: the spelling that providers store most, where it is another one."""
    return [
        found
        for name in names
        if name != name.lower()
        for found in client.find(resource_type, equals(resource_type.name_attribute, name.lower()))
    ]


def _folds(client: Client, resource_type: ResourceType, some: Iterable[Resource]) -> bool:
    """Whether a filter finds somebody whose name is asked for in the other case."""
    other = next((resource.name.swapcase() for resource in some if resource.name.swapcase() != resource.name), "")
    return bool(other and client.find(resource_type, equals(resource_type.name_attribute, other)))
