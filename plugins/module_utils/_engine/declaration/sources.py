# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a source names: a file, a folder or a glob. The action plugin asks this as well, before the module does."""

from __future__ import annotations

import errno
import glob
import os
from pathlib import Path
from typing import NoReturn

from .model import DeclarationError

YAML, JSON, CSV = (".yml", ".yaml"), (".json",), (".csv",)
SUFFIXES = YAML + JSON + CSV


def find_files(source: str) -> list[str]:
    """The files that one source names, in the order of their names.

    :raises Mistaken: where it names none: an empty source must never look like an empty directory.
    """
    source = os.path.expanduser(source)
    path = Path(source)
    try:
        is_folder = path.is_dir()
    except OSError as error:  # such as the text of a file in the place of its name
        raise DeclarationError.at(
            f"{source[:40]}…", f"this cannot be looked at: {error.strerror}", "the path of a file or folder, or a glob"
        ) from None
    if is_folder:
        found = files_in(path)
        if not found:
            raise DeclarationError.at(source, f"the folder holds no file that ends with {', '.join(SUFFIXES)}")
        return [str(p) for p in found]
    if path.is_file():
        return _file(source)
    _refuse_closed(source)
    matching = sorted(p for p in glob.glob(source, recursive=True) if not os.path.isdir(p))
    if not matching:
        raise DeclarationError.at(
            source, f"there is no such file or folder, and as a pattern it matches nothing (working folder: {Path.cwd()})"
        )
    return [file for match in matching for file in _file(match)]


def _file(path: str) -> list[str]:
    if Path(path).suffix.lower() not in SUFFIXES:
        raise DeclarationError.at(path, "its form is not known", f"a file that ends with {', '.join(SUFFIXES)}")
    return [path]


def files_in(folder: Path) -> list[Path]:
    """The declarations in a folder and all below it, in the order of their names; what is hidden, as ``.git`` and ``.github``, is none.

    A link to a file that is away is one as well: reading it fails in words, and leaving it out would be a removal.

    :raises Mistaken: for a folder that cannot be looked into.
    """
    found: list[Path] = []
    for where, below, names in os.walk(folder, onerror=_closed):
        below[:] = [name for name in below if not name.startswith(".")]
        found += [Path(where, name) for name in names if name.lower().endswith(SUFFIXES) and not name.startswith(".")]
    return sorted(found)


def _refuse_closed(pattern: str) -> None:
    """A glob passes over what it cannot look into.

    :raises Mistaken: for such a folder.
    """
    folder = os.path.dirname(pattern)
    while folder:
        for one in glob.glob(folder, recursive=True):
            if os.path.isdir(one) and not os.access(one, os.R_OK | os.X_OK):
                _closed(PermissionError(errno.EACCES, os.strerror(errno.EACCES), one))
        folder = os.path.dirname(folder) if glob.has_magic(folder) else ""


def _closed(error: OSError) -> NoReturn:
    raise DeclarationError.at(str(error.filename), f"this folder cannot be looked into: {error.strerror}") from None
