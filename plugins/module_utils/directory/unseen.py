# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be made true where a provider does not show whom it has: refused in words, instead of overlooked."""

from __future__ import annotations

from collections.abc import Iterable

from ..scim.client import Client
from ..scim.errors import Invalid, Refused
from ..scim.schema import ResourceType
from .entry import ABSENT, Entry
from .policy import NONE, Policy

MOST_NAMES = 20


def refuse_to_overlook(client: Client, entries: Iterable[Entry]) -> None:
    """:raises Invalid: where somebody shall go, and cannot be found."""
    unseen = [e.name for e in entries if e.id is None and e.state == ABSENT and not client.searchable(e.type)]
    if unseen:
        raise Invalid(
            f"This provider cannot be searched, so {', '.join(unseen[:MOST_NAMES])} cannot be found to be deleted. Declare the id."
        )


def refuse_to_prune(kind: ResourceType, policy: Policy, refused: Refused) -> None:
    """:raises Invalid: where whoever is not declared shall go, and nobody knows who that is."""
    if policy.prune.get(kind.name, NONE) != NONE:
        what = f"prune_{kind.name.lower()}s"
        raise Invalid(
            f"The listing of {kind.name.lower()}s is refused, so nobody knows who is not declared, and {what} cannot be. {refused}"
        )
