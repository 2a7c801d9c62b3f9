# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a source means: a file, a folder or a glob. The action plugin uses this too, before the module runs."""

from __future__ import annotations

import errno
import glob
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import reduce
from pathlib import Path
from typing import NoReturn

from ..escaping import excerpt
from .model import DeclarationError, Origin, Problem

YAML, JSON, CSV, TSV = (".yml", ".yaml"), (".json",), (".csv", ".tsv"), ".tsv"
SUFFIXES = YAML + JSON + CSV
SUFFIXES_EXPECTED = f"a file that ends with {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
ANY_DEPTH = "**"
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
Patterns = frozenset[tuple[str, ...]]  # the parts of globs of which one must match the rest of a path; the empty one matches any rest
EVERYTHING: Patterns = frozenset({()})
# Files that are usual beside declarations in a repository. They are ignored, as hidden files are.
_DOCUMENTATION = re.compile(
    r".*\.(md|rst|adoc)|(readme|license|licence|copying|notice|changelog|codeowners|makefile)(\.txt)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The declarations of a source, sorted by name, and its files that are not declarations."""

    files: tuple[str, ...]
    ignored: tuple[str, ...] = ()


def find_files(source: str) -> FoundFiles:
    """The files of one source. A link to a missing file is included: leaving it out could remove its users.

    :raises DeclarationError: if there are none, since an empty source must never look like an empty directory; and if a link inside a
        folder or glob leads out of it.
    """
    if _URL.match(source):  # not quoted: it may have a password
        raise DeclarationError.at("src", "is a URL, which is not read", "the path of a file or folder, or a glob")
    source = os.path.expanduser(source)
    path = Path(source)
    try:
        if path.is_dir():
            found = files_in(path)
            if not found.files:
                raise DeclarationError.at(source, "the folder has no declaration", SUFFIXES_EXPECTED)
            return found
        paths = [source] if os.path.lexists(source) else list(_matches(source))
    except OSError as error:  # such as the text of a file in place of its name
        raise DeclarationError.at(
            f"src: {excerpt(source)}", f"cannot be read: {error.strerror}", "the path of a file or folder, or a glob"
        ) from None
    if not paths:
        raise DeclarationError.at(source, f"no such file or folder, and no file matches it as a glob (working folder: {Path.cwd()})")
    found = _classified(paths)
    if not found.files:  # documentation too is named here, since nothing else was asked for
        raise DeclarationError.at(min(found.ignored or paths), "unknown file type", SUFFIXES_EXPECTED)
    return found


def files_in(folder: Path) -> FoundFiles:
    """The files in a folder and its subfolders, without hidden ones such as those in ``.git``.

    :raises DeclarationError: for a folder that cannot be read, and for each link that leads out of the folder.
    """
    return _classified(_walk(folder, folder))


def _classified(paths: Iterable[str]) -> FoundFiles:
    """Separate declarations from other files, by their names. Documentation is left out."""
    files, ignored = [], []
    for path in paths:
        if path.lower().endswith(SUFFIXES):
            files.append(path)
        elif not _DOCUMENTATION.fullmatch(os.path.basename(path)):
            ignored.append(path)
    return FoundFiles(tuple(sorted(set(files), key=Path)), tuple(sorted(set(ignored))))


def _walk(folder: Path, source: Path, patterns: Patterns = EVERYTHING) -> Iterator[str]:
    """The files below a folder that match, or are in a folder that does. Links within the source are followed.

    A folder that links give a second path is read again only where another part of a glob must match there: so a circle of links ends.

    :raises DeclarationError: with all links that lead out of the source.
    """
    seen: set[tuple[str, Patterns]] = set()
    outside: list[Problem] = []
    for parent, folders, names in os.walk(folder, onerror=_refuse_folder, followlinks=True):
        left = reduce(_after, Path(parent).relative_to(folder).parts, patterns)
        folders.sort()
        place = (os.path.realpath(parent), left)
        if place in seen:
            folders.clear()
            continue
        seen.add(place)
        visible = [name for name in (*folders, *names) if not name.startswith(".")]
        links = [name for name in visible if os.path.islink(os.path.join(parent, name))]
        leaving = {name for name in links if not _is_within(os.path.join(parent, name), source)}
        outside += [
            _link_out(os.path.join(parent, name), source)
            for name in sorted(leaving)
            if name in folders or not _DOCUMENTATION.fullmatch(name)
        ]
        kept = [name for name in visible if name not in leaving]
        if not folders and not names and parent != str(folder) and _is_match(left):
            yield parent  # git keeps no empty folders: it is a submodule that was not checked out
        folders[:] = [name for name in folders if name in kept]
        yield from (str(Path(parent, name)) for name in names if name in kept and _is_match(_after(left, name)))
    if outside:
        raise DeclarationError(outside)


def _is_within(path: str, source: Path) -> bool:
    """Whether a path is inside the source once all links are resolved."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(source))


def _link_out(path: str, source: Path) -> Problem:
    """The problem of a link that leads out of the source."""
    return Problem(Origin(path), f"the link leads out of the source {source}", "a link within it, or its target in src too")


def _matches(pattern: str) -> Iterator[str]:
    """The files that match a glob, and all files in folders that match it. ``**`` is left to ``_walk``, in which a circle of links ends."""
    parts = pattern.split(os.sep)
    first = next((index for index, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    source = Path(os.sep.join(parts[:first]) or os.sep * pattern.startswith(os.sep))
    depth = parts.index(ANY_DEPTH) if ANY_DEPTH in parts else len(parts)
    head = os.sep.join(parts[:depth]) or str(source)
    _refuse_unreadable_folders(head)
    for match in glob.glob(head) if depth else [head]:
        if not _is_within(match, source):
            raise DeclarationError([_link_out(match, source)])
        if not os.path.isdir(match):
            yield match
        else:
            yield from _walk(Path(match), source, frozenset({tuple(parts[depth:])}))


def _after(patterns: Patterns, part: str) -> Patterns:
    """What must match the rest of a path after one part of it."""
    left: set[tuple[str, ...]] = set()
    for pattern in patterns:
        if not pattern:
            left.add(pattern)
        elif pattern[0] == ANY_DEPTH:
            left |= {pattern} | _after(frozenset({pattern[1:]}), part)
        elif fnmatchcase(part, pattern[0]):
            left.add(pattern[1:])
    return frozenset(left)


def _is_match(patterns: Patterns) -> bool:
    """Whether nothing more must match."""
    return any(set(pattern) <= {ANY_DEPTH} for pattern in patterns)


def _refuse_unreadable_folders(pattern: str) -> None:
    """A glob skips folders that cannot be read without an error.

    :raises DeclarationError: for such a folder.
    """
    parent = os.path.dirname(pattern)
    while parent:
        for folder in glob.glob(parent):
            if os.path.isdir(folder) and not os.access(folder, os.R_OK | os.X_OK):
                _refuse_folder(PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder))
        parent = os.path.dirname(parent) if glob.has_magic(parent) else ""


def _refuse_folder(error: OSError) -> NoReturn:
    raise DeclarationError.at(str(error.filename), f"the folder cannot be read: {error.strerror}") from None
