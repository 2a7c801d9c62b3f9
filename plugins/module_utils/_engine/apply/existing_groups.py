# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that another client has created since the plan was made. Providers accept a second group with the same name (RFC 7643 §4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from ..declaration.model import GROUP, Entry
from ..plan.matching import Finder
from ..plan.options import Policy
from ..plan.plan import Change
from ..scim.client.client import Client
from ..scim.client.listing import Listing
from ..scim.client.lookup import TOGETHER
from ..scim.schema.resource import Resource
from ..state.unsearchable import listed


def existing_groups(client: Client, policy: Policy, changes: Sequence[Change]) -> frozenset[str]:
    """The keys of the new groups that exist by now."""
    new = {change.key: change.entry for change in changes if change.type.name == GROUP and change.before is None and change.entry}
    if not new or not client.lookup(client.types[GROUP]).searchable:
        return frozenset()
    match_on = [key for key in policy.match_keys(GROUP) if key != "id"]
    finder = Finder(client.types[GROUP], match_on, _find(client, match_on, list(new.values())).values())
    return frozenset(key for key, entry in new.items() if finder.finds_any(entry))


def _find(client: Client, match_on: Sequence[str], entries: Sequence[Entry]) -> dict[str, Resource]:
    """The resources that the match keys find: by filters of many values, or in the listing if it has fewer pages than there are filters."""
    resource_type, lookup = client.types[GROUP], client.lookup(client.types[GROUP])
    values = {key: [value for entry in entries if (value := entry.value(key)) is not None] for key in match_on}
    together = TOGETHER if lookup.evaluates_or else 1
    filters = sum(ceil(len(found) / together) for found in values.values())
    if filters > 1 and lookup.uses_filter:
        listing = listed(client, resource_type, match_on, most_pages=filters - 1)
        if isinstance(listing, Listing) and listing.complete:
            return listing.resources
    found: dict[str, Resource] = {}
    for key, wanted in values.items():
        found.update(lookup.find_values(key, wanted, match_on))
    return found
