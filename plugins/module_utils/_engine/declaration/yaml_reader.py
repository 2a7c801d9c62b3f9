# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML text to plain values, from PyYAML's events: fast, with the line of each entry, and without YAML's guesses.

Every scalar stays the text that was written, but for null: ``country: NO`` and ``employee_number: 00123`` are what they look like. Their
type is the attribute's, which validation knows. A doubled key is a mistake.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from .model import DeclarationError

try:
    import yaml
except ImportError:
    YAML_IMPORT_ERROR: str | None = traceback.format_exc()
    UNREADABLE: type[Exception] = NameError  # ``yaml`` is none
else:
    YAML_IMPORT_ERROR = None
    UNREADABLE = yaml.YAMLError
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
PLAIN = ("!", *(f"tag:yaml.org,2002:{resource_type}" for resource_type in ("str", "seq", "map")))
DEEPEST = 64
MOST_VALUES = 20_000_000  # with aliases counted each time: no small file may become a huge declaration


class YamlReader:
    """One document. ``lines`` has the line of each element of the lists at the top level, by key."""

    def __init__(self, text: str, file: str) -> None:
        if YAML_IMPORT_ERROR:
            raise DeclarationError.at(
                file, f"the Python that runs the module ({sys.executable}) has no PyYAML. Install it there, or declare in JSON"
            )
        self._file = file
        try:
            self._loader = Loader(text)
        except yaml.reader.ReaderError as error:  # libyaml tells of it later
            raise DeclarationError.at(file, f"this is not YAML: {error.reason}") from None
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._values = 0
        self.lines: dict[str, list[int]] = {}

    def read(self) -> Any:
        """The value of the document; None for an empty file.

        :raises Mistaken: for YAML that cannot be read, with file and line.
        """
        try:
            self._next()  # StreamStart
            event = self._next()
            if isinstance(event, yaml.StreamEndEvent):
                return None
            value = self._value(self._next(), 0)
            self._next()  # DocumentEnd
            if not isinstance(event := self._next(), yaml.StreamEndEvent):
                raise self._wrong(event, "there is a second document", "one a file")
            return value
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise DeclarationError.at(self._file, f"this is not YAML: {error.problem}", line=line) from None
        except yaml.YAMLError as error:
            raise DeclarationError.at(self._file, f"this is not YAML: {str(error).splitlines()[0]}") from None

    def _next(self) -> Any:
        return self._loader.get_event()

    def _wrong(self, event: Any, found: str, expected: str = "") -> DeclarationError:
        return DeclarationError.at(self._file, found, expected, event.start_mark.line + 1)

    def _value(self, event: Any, depth: int, top: str | None = None) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self._values
        self._count(event, 1)
        if isinstance(event, yaml.ScalarEvent):
            value: Any = self._scalar(event)
        elif depth > DEEPEST:
            raise self._wrong(event, f"this is nested deeper than {DEEPEST} levels")
        elif event.tag and event.tag not in PLAIN:
            raise self._wrong(event, f"the tag {event.tag} means nothing here", "a plain value")
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(event, depth)
        else:
            value = self._sequence(depth, top)
        if event.anchor:
            self._anchors[event.anchor] = (value, self._values - before)
        return value

    def _count(self, event: Any, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise self._wrong(event, f"this holds more than {MOST_VALUES:,} values, with aliases counted each time")

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            raise self._wrong(event, f"the alias *{event.anchor} has no anchor before it")
        value, weight = self._anchors[event.anchor]
        self._count(event, weight)
        return value

    def _scalar(self, event: Any) -> str | None:
        if event.tag == "!vault":
            raise self._wrong(
                event, "this value is vaulted, and only the controller can decrypt it. Put it into a variable or an inline entry"
            )
        if event.tag and event.tag not in PLAIN:
            raise self._wrong(event, f"the tag {event.tag} means nothing here", "a plain value")
        plain = event.implicit[0] and not event.style
        return None if plain and event.value in NULLS else str(event.value)

    def _sequence(self, depth: int, top: str | None) -> list[Any]:
        items, lines = [], []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            lines.append(event.start_mark.line + 1)
            items.append(self._value(event, depth + 1))
        if top is not None:
            self.lines[top] = lines
        return items

    def _mapping(self, start: Any, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        merged: list[Any] = []
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._wrong(event, "a key must be a plain word")
            key = sys.intern(event.value)  # 100,000 people have the same keys
            value = self._value(self._next(), depth + 1, key if depth == 0 else None)
            if key == "<<" and not event.style:
                merged += value if isinstance(value, list) else [value]
            elif key in mapping:
                raise self._wrong(event, f"the key {key!r} stands twice in one mapping", "it once")
            else:
                mapping[key] = value
        for other in merged:
            if not isinstance(other, dict):
                raise self._wrong(start, "<< merges something that is no mapping")
            mapping = {**other, **mapping}
        return mapping


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that has not ended. ``path`` is None where nobody asks for what is in it."""

    path: str | None
    is_mapping: bool
    key: str | None = None
    index: int = -1

    def step(self, event: Any) -> bool:
        """Take note of what comes next inside, and tell whether it is a key."""
        if not self.is_mapping:
            self.index += 1
        elif self.key is None:
            self.key = str(event.value)
            return True
        return False

    @property
    def inner(self) -> str | None:
        """The path of what comes next."""
        if self.path is None:
            return None
        return f"{self.path}[{self.index}]" if not self.is_mapping else f"{self.path}.{self.key}" if self.path else self.key


def lines_of(text: str, entries: Collection[str]) -> Iterator[tuple[str, int]]:
    """Path and line of all that stands in some entries, such as ``users[17]``, and beside the lists at the top of a good text.

    :raises yaml.YAMLError: where it is not.
    """
    inside: list[_Open] = []
    for event in yaml.parse(text, Loader):
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            inside.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        above = inside[-1] if inside else _Open("", True, "")
        is_key = above.step(event)
        path = above.inner if inside else ""
        if path and (is_key or not above.is_mapping):
            yield path, event.start_mark.line + 1  # type: ignore[union-attr]  # what is read has marks
        if is_key:
            continue
        above.key = None
        if isinstance(event, yaml.CollectionStartEvent):
            asked = len(inside) != 2 or above.is_mapping or path in entries
            inside.append(_Open(path if asked else None, isinstance(event, yaml.MappingStartEvent)))
