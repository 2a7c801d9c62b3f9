# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of one change: what was sent, what the provider has now, what it refused."""

from __future__ import annotations

from dataclasses import dataclass

from ..plan.plan import Action, Change
from ..scim.schema.resource import Body, Resource


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one change. ``changed``: the provider's resource is not what it was. ``after``: None if deleted or not answered.

    ``adopted`` is the resource that existed although the plan was to create it, as it was found. ``sent`` has secrets masked.
    ``not_stored`` are options whose values the provider accepted and dropped. ``moved`` is how many members were added and removed, None
    where it is all of the change. ``unknown``: the last write may or may not have happened. ``request_ids`` are the provider's own, of its
    answers to ``sent``.
    """

    change: Change
    action: Action
    changed: bool
    after: Resource | None = None
    adopted: Resource | None = None
    id: str = ""
    sent: tuple[Body, ...] = ()
    not_stored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    moved: tuple[int, int] | None = None
    unknown: bool = False
    request_ids: tuple[str, ...] = ()
