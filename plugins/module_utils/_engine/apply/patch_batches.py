# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One update as requests: attributes and membership changes in as few PATCHes as the provider's limit of changes allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..scim.schema.patch import Operation, joining, leaving


@dataclass(frozen=True, slots=True)
class Part:
    """What one PATCH does: operations on attributes, members who join and leave."""

    attributes: tuple[Operation, ...] = ()
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()

    def count(self, by_value: bool) -> int:
        """How many operations it takes."""
        return len(self.attributes) + (bool(self.leaves) if by_value else len(self.leaves)) + bool(self.joins)

    def operations(self, by_value: bool) -> list[Operation]:
        """The operations of the PATCH; those that take something away first."""
        gone = leaving(self.leaves, by_value) if self.leaves else []
        return [*self.attributes, *gone, *(joining(self.joins) if self.joins else [])]

    @property
    def members(self) -> int:
        """How many memberships it changes."""
        return len(self.joins) + len(self.leaves)

    def halves(self) -> tuple[Part, Part]:
        """Two parts of half the memberships, else of half the attributes: where a provider refuses many at once, the guilty one shall
        stand alone."""
        if not self.members:
            middle = len(self.attributes) // 2
            return Part(self.attributes[:middle]), Part(self.attributes[middle:])
        middle = self.members // 2
        gone, come = self.leaves[:middle], self.joins[: max(middle - len(self.leaves), 0)]
        return Part(self.attributes, come, gone), Part((), self.joins[len(come) :], self.leaves[len(gone) :])


def within(part: Part, most: int | None, by_value: bool) -> Iterator[Part]:
    """A part in as many as it takes to hold no more operations than ``most``."""
    if most is None or part.count(by_value) <= most:
        yield part
        return
    for half in part.halves():
        yield from within(half, most, by_value)


def parts(attributes: Sequence[Operation], joins: Sequence[str], leaves: Sequence[str], limit: int | None) -> Iterator[Part]:
    """The PATCHes of one update; attributes go with the first membership changes."""
    most = limit or max(len(joins) + len(leaves), 1)
    members = [(key, False) for key in leaves] + [(key, True) for key in joins]
    for start in range(0, max(len(members), 1), most):
        chunk = members[start : start + most]
        come, gone = tuple(key for key, joining_ in chunk if joining_), tuple(key for key, joining_ in chunk if not joining_)
        part = Part(tuple(attributes) if start == 0 else (), come, gone)
        if part.attributes or part.members:
            yield part
