# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared files to raw entries: what stands in each, with the line of each entry."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..wording import HALF_A_CHARACTER
from .model import DeclarationError, Origin, Problem
from .sources import CSV, find_files
from .vault import VAULTED

PARTS = ("users", "groups", "defaults")
LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """What one file, or the task itself, declares: raw entries, and where they stand."""

    file: str
    users: Sequence[Any] = ()
    groups: Sequence[Any] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, Sequence[int]] = field(default_factory=dict)
    problems: Sequence[Problem] = ()

    def entries(self, part: str) -> Iterator[tuple[Origin, Any]]:
        """The raw entries of ``users`` or ``groups`` with their origins."""
        lines = self.lines.get(part, ())
        for index, raw in enumerate(self.users if part == "users" else self.groups):
            yield Origin(self.file, lines[index] if index < len(lines) else 0, f"{part}[{index}]"), raw


def load_files(sources: Iterable[str], decrypted: Mapping[str, str] | None = None) -> tuple[list[Document], list[Problem]]:
    """The documents of all sources, which are files, folders and globs; and what is wrong with those that cannot be had.

    ``decrypted`` has, by the real path of a vaulted file, the file in which the controller put its text.
    """
    found: dict[str, Document] = {}
    problems: list[Problem] = []
    for source in sources:
        try:
            files = find_files(source)
        except DeclarationError as mistaken:
            problems += mistaken.problems
            continue
        for path in files:
            real = os.path.realpath(path)
            try:
                if real not in found:
                    found[real] = load_file(path, (decrypted or {}).get(real, ""))
                    problems += found[real].problems
            except DeclarationError as mistaken:
                problems += mistaken.problems
    return list(found.values()), list(dict.fromkeys(problems))


def load_file(path: str, readable: str = "") -> Document:
    """What stands in ``path``; ``readable`` is the file with its text, where that is another.

    :raises Mistaken: for a file that cannot be read, is too large, or is not of the form that declarations have."""
    read = {".json": _json, ".csv": _csv}.get(Path(path).suffix.lower(), _yaml)
    return to_document(path, *read(path, read_text(path, readable)))


def read_text(path: str, readable: str = "") -> str:
    """:raises Mistaken: for a file that cannot be read, is too large, is no text or is vaulted."""
    file = Path(readable or path)
    try:
        if file.stat().st_size > LARGEST:
            raise DeclarationError.at(path, f"the file is larger than {LARGEST // 1024 // 1024} MiB. Split it")
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        saved = ". A spreadsheet saves it so as 'CSV UTF-8'" if path.lower().endswith(CSV) else ""
        raise DeclarationError.at(path, f"the file is not UTF-8 text{saved}") from None
    except OSError as error:
        raise DeclarationError.at(path, f"the file cannot be read: {error.strerror}") from None
    if text.startswith(VAULTED):
        known = "a password for it (--vault-password-file), and a task that runs on the controller (connection: local)"
        raise DeclarationError.at(path, "the file is vaulted, and nobody decrypted it", known)
    return text


def to_document(file: str, value: Any, lines: Mapping[str, Sequence[int]]) -> Document:
    """What has the form ``{users: […], groups: […], defaults: {…}}``; ``problems`` of the document tell what has not.

    :raises Mistaken: where there is no mapping at all."""
    if not isinstance(value, Mapping):
        what = "the file is empty" if value is None else "there is no mapping at the top"
        raise DeclarationError.at(file, what, f"some of the keys {', '.join(PARTS)}")
    problems = [Problem(Origin(file, path=str(key)), "unknown key", _meant(str(key))) for key in value if key not in PARTS]
    known = {part: value[part] for part in PARTS if value.get(part)}
    for part, form, what in (("users", list, "list"), ("groups", list, "list"), ("defaults", dict, "mapping of attributes")):
        if not isinstance(known.get(part, form()), form):
            problems.append(Problem(Origin(file, path=part), f"this is no {what}"))
            del known[part]
    return Document(file, **known, lines=lines, problems=tuple(problems))


def _meant(key: str) -> str:
    return next(iter(get_close_matches(key.lower(), PARTS, n=1)), f"some of {', '.join(PARTS)}")


def _csv(path: str, text: str) -> tuple[Any, Mapping[str, Sequence[int]]]:
    from .csv_reader import read  # here, as below: each run reads one form, and importing all of them takes longer than a small run

    return read(path, text)


def _yaml(path: str, text: str) -> tuple[Any, Mapping[str, Sequence[int]]]:
    from .yaml_reader import YamlReader

    reader = YamlReader(text, path)
    return reader.read(), reader.lines


def _json(path: str, text: str) -> tuple[Any, Mapping[str, Sequence[int]]]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        if len(mapping) < len(pairs):
            keys = [key for key, _value in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise DeclarationError.at(path, f"the key {twice!r} stands twice in one object", "it once")
        return mapping

    try:
        value = json.loads(text, object_pairs_hook=once, parse_int=str, parse_float=str)
        if HALF_A_CHARACTER.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value, {}
    except UnicodeEncodeError:
        raise DeclarationError.at(path, r"a text in it has half a character (\ud800 to \udfff), which nothing can hold") from None
    except json.JSONDecodeError as error:
        raise DeclarationError.at(path, f"this is not JSON: {error.msg}", line=error.lineno) from None
    except RecursionError:
        raise DeclarationError.at(path, "this is nested too deeply") from None
