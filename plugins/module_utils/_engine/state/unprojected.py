# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that were requested and are missing in every answer: some providers do not honour ``attributes`` (RFC 7644 §3.9) for all of
them, such as those of extensions. Before such an attribute is taken for missing, one resource is read whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

from ..declaration.model import Entry
from ..plan.matching import Finder
from ..scim.client.client import Client
from ..scim.schema.overlay import UNKNOWN, same, without_empty
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType
from .requirements import Requirements, deciding_attributes


def is_projection_ignored(
    client: Client, needed: Requirements, resource_type: ResourceType, entries: Sequence[Entry], resources: Mapping[str, Resource]
) -> bool:
    """Whether resources have attributes that were requested and that none of them was shown with, which is learned."""
    if client.capabilities.projection is not None:
        return False
    deciding = set(deciding_attributes(resource_type, needed.policy))
    missing = deciding.union(*(entry.attributes.keys() for entry in entries))
    for resource in resources.values():
        missing -= resource.body.keys()
        if not missing:
            return False
    finder = Finder(resource_type, needed.policy.match_keys(resource_type.name), resources.values())
    declared = [(len(found), key) for entry in entries if (found := missing & _shown(entry)) for key in finder.candidates(entry)]
    key = max(declared, key=itemgetter(0))[1] if declared else next(iter(resources), "") if missing & deciding else ""
    whole = client.get(resource_type, key) if key else None
    if whole is None or missing.isdisjoint(whole.body):
        return False
    client.learn(projection=False)
    return True


def _shown(entry: Entry) -> set[str]:
    """The declared attributes that a provider shows where they are as declared."""
    found = set()
    for name, value in entry.attributes.items():
        attribute = entry.type.root.sub(name) or UNKNOWN
        if without_empty(value) not in (None, "", [], {}) and attribute.comparable and not same(attribute, value, None):
            found.add(name)
    return found
