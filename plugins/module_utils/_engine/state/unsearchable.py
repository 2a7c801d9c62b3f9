# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be done, or not be known, where a provider does not show what it has: refused or reported, never ignored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..declaration.model import ABSENT, Entry
from ..plan.options import NONE, Policy
from ..plan.plan import Action, Change
from ..scim.client.client import Client
from ..scim.client.listing import Listing
from ..scim.client.lookup import NOT_LISTED
from ..scim.errors import Invalid, Refused
from ..scim.schema.types import ResourceType
from ..wording import join_names


def listed(client: Client, resource_type: ResourceType, attributes: Sequence[str] = (), most_pages: int | None = None) -> Listing | Refused:
    """The listing of a type as ``Client.every`` returns it, or the refusal of a provider that has none."""
    try:
        return client.every(resource_type, attributes, most_pages)
    except Refused as refused:
        if refused.status not in NOT_LISTED:
            raise
        return refused


def refuse_unseen_absent(client: Client, entries: Iterable[Entry]) -> None:
    """:raises Invalid: if a resource is declared absent, and cannot be found."""
    unseen = [e.name for e in entries if e.id is None and e.state == ABSENT and not client.lookup(e.type).searchable]
    if unseen:
        raise Invalid(f"The provider has no way to search, so {join_names(unseen)} cannot be found to be deleted. Declare the id.")


def refuse_to_prune(resource_type: ResourceType, policy: Policy, refused: Refused) -> None:
    """:raises Invalid: if undeclared resources are to be removed, and cannot be listed."""
    if policy.prune.get(resource_type.name, NONE) != NONE:
        option = f"prune_{resource_type.nouns}"
        raise Invalid(f"{option} cannot be used: the provider refuses to list {resource_type.nouns}. {refused}")


def uncompared(client: Client, changes: Iterable[Change]) -> Iterator[str]:
    """A warning of resources that are planned as new though none could be looked up: at a wrong URL, that is all of them."""
    created = [change for change in changes if change.action is Action.CREATED]
    for resource_type in client.types.values():
        why = client.lookup(resource_type).why_none
        names = [change.name for change in created if change.type.name == resource_type.name]
        if why and names:
            yield (
                f"{why} So no {resource_type.nouns} could be compared, and these are planned as new, whether they exist or not: "
                f"{join_names(names)}. If the provider really has no way to search, declare the ids of existing {resource_type.nouns}."
            )
