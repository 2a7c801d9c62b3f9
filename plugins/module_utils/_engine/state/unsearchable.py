# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be made true, or told, where a provider does not show whom it has: refused or said in words, instead of overlooked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..declaration.model import ABSENT, Entry
from ..plan.options import NONE, Policy
from ..plan.plan import Action, Change
from ..scim.client.client import Client
from ..scim.errors import Invalid, Refused
from ..scim.schema.types import ResourceType
from ..wording import MOST_NAMES, join_names


def refuse_to_overlook(client: Client, entries: Iterable[Entry]) -> None:
    """:raises Invalid: where somebody shall go, and cannot be found."""
    unseen = [e.name for e in entries if e.id is None and e.state == ABSENT and not client.searchable(e.type)]
    if unseen:
        raise Invalid(
            f"This provider cannot be searched, so {', '.join(unseen[:MOST_NAMES])} cannot be found to be deleted. Declare the id."
        )


def refuse_to_prune(resource_type: ResourceType, policy: Policy, refused: Refused) -> None:
    """:raises Invalid: where whoever is not declared shall go, and nobody knows who that is."""
    if policy.prune.get(resource_type.name, NONE) != NONE:
        what = f"prune_{resource_type.name.lower()}s"
        raise Invalid(
            f"The listing of {resource_type.name.lower()}s is refused, so nobody knows who is not declared, and {what} cannot be. {refused}"
        )


def uncompared(client: Client, changes: Iterable[Change]) -> Iterator[str]:
    """Who is planned as new though nobody could be looked for: at a wrong URL, that is everybody."""
    created = [change for change in changes if change.action is Action.CREATED]
    for resource_type in client.types.values():
        why, names = client.why_unsearchable(resource_type), [change.name for change in created if change.type.name == resource_type.name]
        if why and names:
            yield (
                f"{why} So no {resource_type.name.lower()}s could be compared, "
                f"and these are planned as new, there or not: {join_names(names)}. "
                f"If the provider can really not be searched, declare the ids of those who are there."
            )
