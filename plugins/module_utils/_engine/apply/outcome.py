# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of one change: what was sent, the state at the provider, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass

from ..plan.plan import Action, Change
from ..scim.schema.resource import Body, Resource


@dataclass(frozen=True, slots=True)
class Expected:
    """What the provider must show once a change is done, as far as no answer has shown it yet; falsy if that is nothing.

    ``gone``: that the resource does not exist any more. ``joined`` and ``left`` are ids of members.
    """

    gone: bool = False
    active: bool | None = None
    joined: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()

    def __or__(self, later: Expected) -> Expected:
        """What is expected after this and a later change of the same resource."""
        return Expected(
            self.gone or later.gone,
            self.active if later.active is None else later.active,
            (self.joined - later.left) | later.joined,
            (self.left - later.joined) | later.left,
        )

    def __bool__(self) -> bool:
        return self.gone or self.active is not None or bool(self.joined or self.left)


NOTHING = Expected()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one change. ``changed``: whether the resource was changed. ``after``: None if it was deleted or not returned.

    ``adopted`` is the existing resource, as it was found, if the plan was to create it. ``sent`` has secrets masked.
    ``not_stored`` are options whose values the provider accepted and dropped, ``not_storable`` those that it has no attribute for.
    ``moved`` is the number of members added and removed, None if these are all of the change. ``unseen`` are those of the change of whom
    the provider does not show whether they were members before. ``unknown``: the last write may or may not
    have been applied. ``request_ids`` are the provider's, from its answers to ``sent``. ``left_out`` are options that were not sent,
    because the provider does not store them.

    ``expected`` is what must still be confirmed by a read. ``confirmed``: whether an answer or a read shows that the change is done, None
    if neither says. ``replaces``: this is the outcome after that read, in the place of the earlier one of the same change. ``is_final``: if
    not, another one of the same change follows in its place once the change is written again.
    """

    change: Change
    action: Action
    changed: bool
    after: Resource | None = None
    adopted: Resource | None = None
    id: str = ""
    sent: tuple[Body, ...] = ()
    not_stored: tuple[str, ...] = ()
    not_storable: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    moved: tuple[int, int] | None = None
    unseen: frozenset[str] = frozenset()
    unknown: bool = False
    request_ids: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    expected: Expected = NOTHING
    confirmed: bool | None = None
    replaces: bool = False
    is_final: bool = True
