# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of all sources, read: the raw entries of each, with their places."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..escaping import HALF_A_CHARACTER, quoted_key
from ..files import read_text
from ..wording import nearest
from .model import DeclarationError, Origin, Problem, UnknownName
from .sources import CSV, JSON, find_files
from .value_rules import describe
from .vault import VAULTED

KEYS = {"users": (list, "a list"), "groups": (list, "a list"), "defaults": (dict, "a mapping of attributes")}
KEYS_EXPECTED = 'the keys "users", "groups" or "defaults"'
CONFLICT_MARKERS = ("<<<<<<< ", ">>>>>>> ", "=======", "||||||| ")
CONFLICT = re.compile(r"^(?:<{7} |>{7} |\|{7} |={7}$)", re.MULTILINE)

Lines = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Document:
    """The raw entries of one file, or of the task itself. ``lines`` has the line of each entry that is known, by its path."""

    file: str
    users: Sequence[Any] = ()
    groups: Sequence[Any] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)
    problems: Sequence[Problem] = ()

    def entries(self, key: str) -> Iterator[tuple[Origin, Any]]:
        """The raw entries of ``users`` or ``groups`` with their origins."""
        for index, raw in enumerate(getattr(self, key)):
            path = f"{key}[{index}]"
            yield Origin(self.file, self.lines.get(path, 0), path), raw


@dataclass(frozen=True, slots=True)
class LoadedSources:
    """The documents of all sources, the problems of files that cannot be read, and the files that are not declarations."""

    documents: Sequence[Document] = ()
    problems: Sequence[Problem] = ()
    ignored: Sequence[str] = ()


def load_files(sources: Iterable[str], decrypted: Mapping[str, str] | None = None) -> LoadedSources:
    """The documents of all sources, which are files, folders and globs.

    ``decrypted`` has, by the real path of a vaulted file, the path of its decrypted text.
    """
    loaded: dict[str, Document] = {}
    problems: list[Problem] = []
    ignored: list[str] = []
    for source in sources:
        try:
            found = find_files(source)
        except DeclarationError as error:
            problems += error.problems
            continue
        ignored += found.ignored
        for file in found.files:
            real = os.path.realpath(file)
            try:
                if real not in loaded:
                    loaded[real] = load_file(file, (decrypted or {}).get(real, ""))
                    problems += loaded[real].problems
            except DeclarationError as error:
                problems += error.problems
    return LoadedSources(list(loaded.values()), list(dict.fromkeys(problems)), list(dict.fromkeys(ignored)))


def load_file(file: str, decrypted: str = "") -> Document:
    """The document of one file; ``decrypted`` is the path of its text, where it is vaulted.

    :raises DeclarationError: for a file that cannot be read, is too large, or has no declaration.
    """
    text = source_text(file, decrypted)
    if Path(file).suffix.lower() in CSV:
        from .csv_reader import read_csv  # here: see ``read_value``

        return to_document(file, *read_csv(file, text))
    return to_document(file, *read_value(file, text))


def read_value(file: str, text: str) -> tuple[Any, Lines]:
    """The value of a text in JSON or YAML, by the suffix of its file; and for YAML the lines by path. Its numbers and booleans are text.

    :raises DeclarationError: for text that cannot be read.
    """
    if Path(file).suffix.lower() in JSON:
        return _parse_json(file, text), {}
    # Imported where it is needed: a run reads one format, and importing all of them takes longer than a small run.
    from .yaml_reader import read_yaml

    return read_yaml(file, text)


def source_text(file: str, decrypted: str = "") -> str:
    """The text of a file.

    :raises DeclarationError: for a file that cannot be read, is too large, is not text, or is encrypted.
    """
    try:
        text = read_text(decrypted or file, "utf-8-sig")
    except UnicodeDecodeError:
        hint = '. In a spreadsheet, save it as "CSV UTF-8"' if file.lower().endswith(CSV) else ""
        raise DeclarationError.at(file, f"the file is not UTF-8 text{hint}") from None
    except OSError as error:
        raise DeclarationError.at(file, f"the file cannot be read: {error.strerror}") from None
    refuse_conflict_markers(file, text)
    if text.startswith(VAULTED):
        expected = "its password (--vault-password-file), and a task that runs on the controller (connection: local)"
        raise DeclarationError.at(file, "the file is encrypted with Ansible Vault and could not be decrypted", expected)
    return text


def refuse_conflict_markers(file: str, text: str) -> None:
    """:raises DeclarationError: for a file with an unresolved merge. In a CSV file, the markers of git would be users."""
    if any(marker in text for marker in CONFLICT_MARKERS) and (match := CONFLICT.search(text)):
        line = text.count("\n", 0, match.start()) + 1
        raise DeclarationError.at(file, f'found a conflict marker of git, "{match[0][:7]}". Resolve the merge', line=line)


def to_document(file: str, value: Any, lines: Lines) -> Document:
    """The document of a value ``{users: […], groups: […], defaults: {…}}``. Wrong keys are ``problems`` of the document.

    :raises DeclarationError: if the value is not a mapping.
    """
    if value is None:
        raise DeclarationError.at(file, "the file is empty", KEYS_EXPECTED)
    if not isinstance(value, Mapping):
        raise DeclarationError.at(file, "the top level is not a mapping", f"a mapping with {KEYS_EXPECTED}")
    problems: list[Problem] = []
    parts: dict[str, Any] = {}
    for key, part in value.items():
        origin = Origin(file, lines.get(key, 0), key)
        if key not in KEYS:
            problems.append(UnknownName.of(origin, "key", key, nearest(key.lower(), KEYS), "Keys", KEYS))
        elif part is not None and not isinstance(part, KEYS[key][0]):
            problems.append(Problem(origin, describe(part), KEYS[key][1]))
        elif part:
            parts[key] = part
    return Document(file, **parts, lines=lines, problems=tuple(problems))


def _parse_json(file: str, text: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        if len(mapping) < len(pairs):
            [(duplicate, _count)] = Counter(key for key, _value in pairs).most_common(1)
            raise DeclarationError.at(file, f"duplicate key {quoted_key(duplicate)} in one object")
        return mapping

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_int=str, parse_float=str)
        if HALF_A_CHARACTER.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except UnicodeEncodeError:
        raise DeclarationError.at(file, r"a text has an unpaired surrogate (\ud800 to \udfff), which is not a character") from None
    except json.JSONDecodeError as error:
        raise DeclarationError.at(file, f"not valid JSON: {error.msg}", line=error.lineno) from None
    except RecursionError:
        raise DeclarationError.at(file, "nested too deeply") from None
