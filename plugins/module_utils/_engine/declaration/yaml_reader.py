# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML text to plain values, from PyYAML's events: fast, with the lines of entries, and without YAML's guesses.

Every scalar except null stays the text that was written: ``country: NO`` and ``employee_number: 00123``. Its type is the attribute's,
which validation knows.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from typing import Any

from ..escaping import quoted_key
from ..scim.names import intern, join_path
from .model import DeclarationError

try:
    import yaml
    from yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, StreamEndEvent
except ImportError:
    HAS_YAML = False
else:
    HAS_YAML = True
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
YAML_TAG = "tag:yaml.org,2002:"
PLAIN_TAGS = ("!", *(f"{YAML_TAG}{name}" for name in ("str", "seq", "map")))
ENTRY_LISTS = ("users", "groups", "Resources", "Operations", "")  # "": a list of resources
DEEPEST = 64
QUOTES = "quotes around text that begins with one of * & ! % @ | > ` [ {"
_BY_FIRST_CHARACTER = re.compile("token|alias|anchor|tag|block scalar|directive")
_QUOTED = re.compile(r"""(?:, but found)? ?(?:'.*'|".*")""", re.DOTALL)
MOST_VALUES = 20_000_000  # with aliases counted each time: a small file must not become a huge declaration


def read_yaml(file: str, text: str, entries: Collection[str] = ()) -> tuple[Any, dict[str, int]]:
    """The value of a document, None for an empty file; and by path the line of each entry, and of everything outside of entries.

    ``entries`` are the entries, such as ``users[17]``, whose inner lines are needed too: recording all lines would take too much memory.
    Other entries then have no value.

    :raises DeclarationError: for YAML that cannot be read, with file and line, and for several documents.
    """
    values, lines = read_yaml_documents(file, text, entries, most=1)
    return (values[0] if values else None), lines


def read_yaml_documents(file: str, text: str, entries: Collection[str] = (), most: int = 0) -> tuple[list[Any], dict[str, int]]:
    """As ``read_yaml``, for a file of several documents, at ``most`` so many: their values, without empty ones.

    Paths number the entries of all documents on.
    """
    if not HAS_YAML:
        hint = "Install it, or declare in JSON"
        raise DeclarationError.at(file, f"PyYAML is not installed for the Python that runs the module ({sys.executable}). {hint}")
    try:
        builder = _Builder(file, text, entries)
        return builder.documents(most), builder.lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        hint = QUOTES if _BY_FIRST_CHARACTER.search(f"{error.context} {error.problem}") else ""
        raise DeclarationError.at(file, f"not valid YAML: {_without_text(error.problem or '')}", hint, line) from None
    except yaml.reader.ReaderError as error:
        raise DeclarationError.at(file, f"not valid YAML: {error.reason}") from None


class _Builder:
    """Builds the value of one document, and records ``lines`` by path."""

    def __init__(self, file: str, text: str, entries: Collection[str]) -> None:
        self.lines: dict[str, int] = {}
        self._file = file
        self._next = Loader(text).get_event
        self._entries = entries
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._values = 0
        self._numbers: dict[str, int] = {}  # of the entries in earlier documents

    def documents(self, most: int = 0) -> list[Any]:
        """The values of the documents that are not empty."""
        values: list[Any] = []
        self._next()  # StreamStart
        while not isinstance(event := self._next(), StreamEndEvent):
            if most and len(values) == most:
                raise self._error(event, "a second document begins here", "one document in a file")
            self._anchors = {}  # of the document before
            value = self._value(self._next(), 0, "")
            self._next()  # DocumentEnd
            if value is not None:
                values.append(value)
                for key in ENTRY_LISTS:
                    entries = value.get(key) if isinstance(value, dict) else None
                    self._numbers[key] = self._numbers.get(key, 0) + (len(entries) if isinstance(entries, list) else 0)
        return values

    def _error(self, event: Any, found: str, expected: str = "") -> DeclarationError:
        return DeclarationError.at(self._file, found, expected, _line(event))

    def _value(self, event: Any, depth: int, path: str | None) -> Any:
        """``path`` is None if no lines are recorded."""
        before = self._values
        self._count(event, 1)
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if event.tag and event.tag not in PLAIN_TAGS:
            raise self._unsupported_tag(event)
        if isinstance(event, ScalarEvent):
            is_plain = event.implicit[0] and not event.style
            value: Any = None if is_plain and event.value in NULLS else str(event.value)
            if value is None and event.anchor:
                raise self._error(event, "an anchor has no value", QUOTES)
        elif depth > DEEPEST:
            raise self._error(event, f"nested deeper than {DEEPEST} levels")
        elif isinstance(event, MappingStartEvent):
            value = self._mapping(event, depth, path)
        else:
            value = self._sequence(depth, path)
        if event.anchor:
            self._anchors[event.anchor] = (value, self._values - before)
        return value

    def _unsupported_tag(self, event: Any) -> DeclarationError:
        if event.tag == "!vault":
            hint = "Put it into a variable or an inline entry, or encrypt the whole file"
            return self._error(event, f"a single value encrypted with Ansible Vault cannot be decrypted in a file. {hint}")
        tag = f'the tag "{event.tag}"' if event.tag.startswith(YAML_TAG) else "a tag"
        return self._error(event, f"{tag} is not supported", f"a plain value, and {QUOTES}")

    def _count(self, event: Any, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise self._error(event, f"the file has more than {MOST_VALUES:,} values, with aliases counted each time")

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            raise self._error(event, "an alias has no anchor before it", QUOTES)
        value, weight = self._anchors[event.anchor]
        self._count(event, weight - 1)
        return value

    def _sequence(self, depth: int, path: str | None) -> list[Any]:
        items: list[Any] = []
        first = self._numbers.get(path, 0) if path and depth == 1 else 0
        while not isinstance(event := self._next(), SequenceEndEvent):
            inner = None if path is None else self._recorded(event, path, first + len(items))
            is_recorded = path not in ENTRY_LISTS or inner in self._entries
            value = self._value(event, depth + 1, inner if is_recorded else None)
            items.append(value if is_recorded or not self._entries else None)  # a second reading is for lines only
        return items

    def _mapping(self, start: Any, depth: int, path: str | None) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        keys: dict[str, Any] = {}
        merged: list[Any] = []
        while not isinstance(event := self._next(), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise self._error(event, "a key must be plain text")
            key = intern(event.value)  # 100,000 users have the same keys
            value = self._value(self._next(), depth + 1, None if path is None else self._recorded(event, path, key))
            if key == "<<" and not event.style:
                merged += value if isinstance(value, list) else [value]
            elif key in keys:
                raise self._error(event, f"duplicate key {quoted_key(key)} (lines {_line(keys[key])} and {_line(event)})")
            else:
                mapping[key], keys[key] = value, event
        for other in merged:
            if not isinstance(other, dict):
                raise self._error(start, '"<<" can merge only mappings')
            mapping = {**other, **mapping}
        return mapping

    def _recorded(self, event: Any, path: str, part: str | int) -> str:
        """The path of what is inside, with its line recorded."""
        inner = join_path(path, part)
        self.lines[inner] = _line(event)
        return inner


def _without_text(problem: str) -> str:
    """A message of PyYAML without the text that it quotes, which may be part of a password."""
    return _QUOTED.sub("", problem)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
