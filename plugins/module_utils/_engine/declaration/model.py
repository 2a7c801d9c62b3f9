# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The types of a declaration, and of the mistakes in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from ..escaping import is_name, quoted, quoted_key
from ..scim.errors import Invalid
from ..scim.names import join_path
from ..scim.schema.resource import Body
from ..scim.schema.types import Attribute, ResourceType
from .synonyms import meaning

PRESENT, ABSENT = "present", "absent"
EXACT, ADDITIVE = "exact", "additive"
USER, GROUP = "User", "Group"
NOTES = "x-"  # with which keys begin that hold anchors and notes


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something is declared. ``path`` is the place inside the file or the task, such as ``users[17]``."""

    file: str = ""
    line: int = 0
    path: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.path) if part)

    @property
    def prefix(self) -> str:
        """The beginning of a message: the place and a colon, or nothing where no place is known."""
        return f"{self}: " if str(self) else ""

    @property
    def suffix(self) -> str:
        """The place in parentheses, after what is declared there; nothing where no place is known."""
        return f" ({self})" if str(self) else ""

    def below(self, *path: str | int) -> Self:
        """The place of a value inside, such as ``below("groups", 2)``."""
        return replace(self, path=join_path(self.path, *path))


NOWHERE = Origin()


class Rule(StrEnum):
    """The kind of a problem, as programs know it: these names are kept."""

    UNREADABLE_SOURCE = "unreadable-source"
    EMPTY_DECLARATION = "empty-declaration"
    INVALID_VALUE = "invalid-value"
    UNKNOWN_NAME = "unknown-name"
    UNKNOWN_COLUMNS = "unknown-columns"
    DECLARED_TWICE = "declared-twice"
    SIMILAR_NAMES = "similar-names"
    UNRESOLVED_TEMPLATE = "unresolved-template"
    # Of warnings:
    UNDECLARED_MEMBER = "undeclared-member"
    DATE_PASSED = "date-passed"
    SHARED_VALUE = "shared-value"
    GROUP_CYCLE = "group-cycle"
    SOURCE_DOUBTFUL = "source-doubtful"
    NOT_LISTED = "not-listed"


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a declaration: where it is, what was found, what was expected.

    ``choices`` is a list of allowed names, with a title. A message with many problems has each list once.
    """

    origin: Origin
    found: str
    expected: str = ""
    choices: str = ""
    rule: Rule = field(default=Rule.INVALID_VALUE, kw_only=True)

    def __str__(self) -> str:
        return f"{self.in_list} {self.choices}".rstrip()

    @property
    def in_list(self) -> str:
        """The message as one of many, without what they have in common."""
        return f"{self.origin.prefix}{self.found}{'; expected ' if self.expected else ''}{self.expected}."


@dataclass(frozen=True, slots=True)
class UnknownName(Problem):
    """A name that does not exist at its place. ``expected`` is the name that it resembles, or else all names that exist, as ``choices``."""

    rule: Rule = field(default=Rule.UNKNOWN_NAME, kw_only=True)

    @classmethod
    def of(cls, origin: Origin, noun: str, name: str, similar: str, title: str, names: Iterable[str]) -> Self:
        """``noun`` says what the name should be, such as ``attribute``; ``similar`` is empty if it resembles no other."""
        found, all_names = f"unknown {noun} {quoted_key(name)}", ", ".join(names)
        if not is_name(name):
            origin = replace(origin, path=origin.path.removesuffix(name).rstrip("."))
        if similar or not all_names:
            return cls(origin, found, similar)
        return cls(origin, found, f"one of {all_names}", f"{title}: {all_names}.")

    @classmethod
    def attribute(cls, origin: Origin, parent: Attribute, name: str) -> Self:
        """``name`` is no sub-attribute of ``parent``, which may be a whole resource."""
        similar = (meaning(name) if parent.name == USER else "") or parent.nearest(name)
        return cls.of(origin, "attribute", name, similar, f"Attributes of {parent.option}", parent.sub_options)

    @property
    def in_list(self) -> str:
        hint = f" Did you mean {quoted(self.expected)}?" if self.expected and not self.choices else ""
        origin = replace(self.origin, path="") if self.found.endswith(f" {quoted(self.origin.path)}") else self.origin
        return f"{origin.prefix}{self.found}.{hint}"


@dataclass(frozen=True, slots=True)
class Doubt(Problem):
    """What may not be intended in a source that can be read: a warning."""

    rule: Rule = field(default=Rule.SOURCE_DOUBTFUL, kw_only=True)


class DeclarationError(Invalid):
    """A declaration with mistakes; the message has one in each line."""

    def __init__(self, problems: Sequence[Problem], lines: Iterable[str] = ()) -> None:
        super().__init__(*(lines or map(str, problems)))
        self.problems = tuple(problems)

    @classmethod
    def at(cls, file: str, found: str, expected: str = "", line: int = 0) -> Self:
        """One mistake in a file."""
        return cls([Problem(Origin(file, line), found, expected, rule=Rule.UNREADABLE_SOURCE)])


@dataclass(frozen=True, slots=True)
class Member:
    """A declared group of a user, or member of a group: by ``name`` (an id if ``is_id``), or by the attributes of a ``selector``.

    ``expires`` is the last day of the membership; ``written`` is the mapping as it is declared.
    """

    name: str = ""
    selector: Mapping[str, Any] = field(default_factory=dict)
    expires: date | None = None
    written: Mapping[str, Any] = field(default_factory=dict, compare=False)
    is_id: bool = False

    def __str__(self) -> str:
        return self.name or ", ".join(f"{name}={value}" for name, value in self.selector.items())


@dataclass(frozen=True, slots=True)
class Deviation:
    """A value of its own form at a ``path`` of SCIM names; ``standard`` is the same value in the standard form, if that is certain."""

    path: tuple[str | int, ...]
    kind: str
    value: str
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared resource.

    ``attributes`` have SCIM names; None means that the attribute must have no value. ``pasted`` has ``meta`` and ``schemas``, which are
    never compared, ``deviations`` the values in a form of their own. ``secrets`` are apart, so that no diff, report or digest contains
    them. ``groups`` and ``members`` are None if they are not declared. ``manager`` is what a user is called who is declared as a text.
    """

    type: ResourceType
    attributes: Body
    id: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    state: str = PRESENT
    groups: tuple[Member, ...] | None = None
    members: tuple[Member, ...] | None = None
    membership: str | None = None
    manager: str | None = None
    expires: date | None = None
    delete_after: date | None = None
    previously: tuple[str, ...] = ()
    pasted: Body = field(default_factory=dict)
    origin: Origin = Origin()
    deviations: tuple[Deviation, ...] = field(default=(), compare=False, repr=False)

    @property
    def name(self) -> str:
        """The name in messages: the user name or display name, else an id, else the place."""
        return str(self.attributes.get(self.type.name_attribute) or self.id or self.attributes.get("externalId") or self.origin)

    @property
    def memberships(self) -> tuple[Member, ...] | None:
        """The declared members of a group, or groups of a user."""
        return self.members if self.type.name == GROUP else self.groups

    def membership_origin(self, index: int) -> Origin:
        """The place of one of the declared memberships."""
        return self.origin.below("members" if self.type.name == GROUP else "groups", index)

    def value(self, attribute: str) -> Any:
        """The declared value of an attribute that ``match_on`` may contain."""
        return self.id if attribute == "id" else self.attributes.get(attribute)


@dataclass(frozen=True, slots=True)
class Document:
    """The raw entries of one file, or of the task itself. ``lines`` has the line of each entry that is known, by its path.

    ``paths`` are those of the entries where they are not ``users[0]`` and so on; ``preset`` is what read a table, and ``unread`` are its
    columns that nothing reads; ``missing`` says why the source is known to be incomplete. ``left_out`` are rows of a table that may be
    users: what is said of them, and how to leave them out on purpose. ``foreign``: ids are those of another provider. ``literal``: no text
    in it can be a template.
    """

    file: str
    users: Sequence[Any] = ()
    groups: Sequence[Any] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    preset: str = ""
    warnings: Sequence[Doubt] = ()
    missing: str = ""
    left_out: Sequence[tuple[str, str]] = ()
    unread: Sequence[str] = ()
    foreign: bool = False
    literal: bool = field(default=False, compare=False)

    def entries(self, key: str) -> Iterator[tuple[Origin, Any]]:
        """The raw entries of ``users`` or ``groups`` with their origins."""
        paths = self.paths.get(key, ())
        for index, raw in enumerate(getattr(self, key)):
            path = paths[index] if paths else f"{key}[{index}]"
            yield Origin(self.file, self.lines.get(path, 0), path), raw


@dataclass(frozen=True, slots=True)
class Declaration:
    """All declared users and groups; ``warnings`` are about their files, ``presets`` what read tables, by file."""

    users: tuple[Entry, ...] = ()
    groups: tuple[Entry, ...] = ()
    warnings: tuple[Doubt, ...] = ()
    presets: Mapping[str, str] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.users + self.groups

    def of(self, type_name: str) -> tuple[Entry, ...]:
        """The declared resources of one type."""
        return self.users if type_name == USER else self.groups
