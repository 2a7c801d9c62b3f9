# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One update as batches, each of them one PATCH: as few as the provider's limits of members and operations allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..scim.schema.patch import Operation, joining, leaving


@dataclass(frozen=True, slots=True)
class Batch:
    """What one PATCH does: operations on attributes, members that join, members that leave.

    Where it takes several, those who leave come first: it is urgent, and a group may be full. With ``joins_first`` they come last, since
    others may not leave if one of those who join does not exist.
    """

    attributes: tuple[Operation, ...] = ()
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    joins_first: bool = False

    @property
    def members(self) -> tuple[str, ...]:
        """All members that it moves, in the order of the batches."""
        return self.joins + self.leaves if self.joins_first else self.leaves + self.joins

    def operations(self, by_value: bool) -> list[Operation]:
        """The operations of the PATCH, removals before additions."""
        removals = leaving(self.leaves, by_value) if self.leaves else []
        return [*self.attributes, *removals, *(joining(self.joins) if self.joins else [])]

    def count(self, by_value: bool) -> int:
        """How many operations it has."""
        return len(self.attributes) + (bool(self.leaves) if by_value else len(self.leaves)) + bool(self.joins)

    def within(self, most_members: int | None, most_operations: int | None, by_value: bool) -> Iterator[Batch]:
        """The batch in as many as it takes to stay within the limits; none if there is nothing to do."""
        size = most_members or max(len(self.members), 1)
        for start in range(0, max(len(self.members), 1), size):
            batch = self._part(start, start + size)
            if batch.members or batch.attributes:
                yield from batch._within_operations(most_operations, by_value)

    def _within_operations(self, most: int | None, by_value: bool) -> Iterator[Batch]:
        if most is None or self.count(by_value) <= most:
            yield self
            return
        for half in self.halves():
            yield from half._within_operations(most, by_value)

    def halves(self) -> tuple[Batch, Batch]:
        """Two batches: those who leave and those who join, or half of the members each, or of the attributes where there are no members.

        Attributes come first.
        """
        if not self.members:
            middle = len(self.attributes) // 2
            return Batch(self.attributes[:middle]), Batch(self.attributes[middle:])
        first = self.joins if self.joins_first else self.leaves
        middle = len(first) if self.joins and self.leaves else len(self.members) // 2
        return self._part(0, middle), replace(self._part(middle, len(self.members)), attributes=())

    def _part(self, start: int, end: int) -> Batch:
        """Some of the members, in their order; the attributes are in the part that starts at 0."""
        first, second = (self.joins, self.leaves) if self.joins_first else (self.leaves, self.joins)
        before, after = first[start:end], second[max(start - len(first), 0) : max(end - len(first), 0)]
        joins, leaves = (before, after) if self.joins_first else (after, before)
        return Batch(self.attributes if start == 0 else (), joins, leaves, self.joins_first)
