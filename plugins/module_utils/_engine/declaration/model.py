# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declaration is made of. Types only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from ..scim.errors import Invalid
from ..scim.names import join_path
from ..scim.schema.resource import Body
from ..scim.schema.types import ResourceType

PRESENT, ABSENT = "present", "absent"
EXACT, ADDITIVE = "exact", "additive"
USER, GROUP = "User", "Group"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was declared. ``path`` is the place inside the file or the task, such as ``users[17]``."""

    file: str = ""
    line: int = 0
    path: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.path) if part)

    @property
    def prefix(self) -> str:
        """What a message about it begins with: the place and a colon, or nothing where the place is not known."""
        return f"{self}: " if str(self) else ""

    def below(self, *path: str | int) -> Self:
        """The place of something inside, such as ``below("groups", 2)``."""
        return replace(self, path=join_path(self.path, *path))


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a declaration: where, what was found, what was expected."""

    origin: Origin
    found: str
    expected: str = ""

    def __str__(self) -> str:
        return f"{self.origin.prefix}{self.found}{'; expected ' if self.expected else ''}{self.expected}."


class DeclarationError(Invalid):
    """A declaration with mistakes; the message has each in a line of its own."""

    def __init__(self, problems: Sequence[Problem], message: str = "") -> None:
        super().__init__(message or "\n".join(map(str, problems)))
        self.problems = tuple(problems)

    @classmethod
    def at(cls, file: str, found: str, expected: str = "", line: int = 0) -> Self:
        """One mistake in a file, or the file itself."""
        return cls([Problem(Origin(file, line), found, expected)])


@dataclass(frozen=True, slots=True)
class Member:
    """A group or a member as it is declared: by ``name`` (a name or an id, with ``is_id`` an id), or by attributes that select one.

    ``expires`` is the last day on which the membership is wanted; ``written`` is the mapping as it was declared.
    """

    name: str = ""
    selector: Mapping[str, Any] = field(default_factory=dict)
    expires: date | None = None
    written: Mapping[str, Any] = field(default_factory=dict, compare=False)
    is_id: bool = False

    def __str__(self) -> str:
        return self.name or ", ".join(f"{name}={value}" for name, value in self.selector.items())


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared resource.

    ``attributes`` have SCIM names; a None in them means: not there. ``pasted`` holds what the provider owns (``meta``) and is never
    compared. ``secrets`` stand apart, so that no diff, report or digest can hold them. ``groups`` and ``members`` are None where they are
    not declared.
    """

    type: ResourceType
    attributes: Body
    id: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    state: str = PRESENT
    groups: tuple[Member, ...] | None = None
    members: tuple[Member, ...] | None = None
    membership: str | None = None
    expires: date | None = None
    delete_after: date | None = None
    previously: tuple[str, ...] = ()
    pasted: Body = field(default_factory=dict)
    origin: Origin = Origin()

    @property
    def name(self) -> str:
        """What people call it in messages."""
        return str(self.attributes.get(self.type.name_attribute) or self.id or self.attributes.get("externalId") or self.origin)

    def value(self, attribute: str) -> Any:
        """The declared value of an attribute that may be matched on."""
        return self.id if attribute == "id" else self.attributes.get(attribute)


@dataclass(frozen=True, slots=True)
class Declaration:
    """All that is declared."""

    users: tuple[Entry, ...] = ()
    groups: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.users + self.groups
