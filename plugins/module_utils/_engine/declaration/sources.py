# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a source means: a file, a folder or a glob. The action plugin uses this too, before the module runs."""

from __future__ import annotations

import errno
import glob
import os
from pathlib import Path
from typing import NoReturn

from .model import DeclarationError

YAML, JSON, CSV = (".yml", ".yaml"), (".json",), (".csv",)
SUFFIXES = YAML + JSON + CSV
_SUFFIXES = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"


def find_files(source: str) -> list[str]:
    """The files of one source, sorted by name.

    :raises DeclarationError: if there are none: an empty source must never look like an empty directory.
    """
    source = os.path.expanduser(source)
    path = Path(source)
    try:
        is_folder = path.is_dir()
    except OSError as error:  # such as the text of a file in place of its name
        raise DeclarationError.at(
            f"{source[:40]}…", f"cannot be read: {error.strerror}", "the path of a file or folder, or a glob"
        ) from None
    if is_folder:
        files = files_in(path)
        if not files:
            raise DeclarationError.at(source, f"the folder has no file that ends with {_SUFFIXES}")
        return [str(file) for file in files]
    matches = [source]
    if not path.is_file():
        _refuse_unreadable_folders(source)
        matches = sorted(match for match in glob.glob(source, recursive=True) if not os.path.isdir(match))
    if not matches:
        raise DeclarationError.at(source, f"no such file or folder, and no file matches it as a glob (working folder: {Path.cwd()})")
    for match in matches:
        if Path(match).suffix.lower() not in SUFFIXES:
            raise DeclarationError.at(match, "unknown file type", f"a file that ends with {_SUFFIXES}")
    return matches


def files_in(folder: Path) -> list[Path]:
    """The declarations in a folder and its subfolders, sorted by name, without hidden ones such as those in ``.git``.

    A link to a missing file is included: reading it fails with a message, and leaving it out could remove its users.

    :raises DeclarationError: for a folder that cannot be read.
    """
    files: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=_refuse_folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(parent, name) for name in names if name.lower().endswith(SUFFIXES) and not name.startswith(".")]
    return sorted(files)


def _refuse_unreadable_folders(pattern: str) -> None:
    """A glob skips folders that cannot be read without an error.

    :raises DeclarationError: for such a folder.
    """
    parent = os.path.dirname(pattern)
    while parent:
        for folder in glob.glob(parent, recursive=True):
            if os.path.isdir(folder) and not os.access(folder, os.R_OK | os.X_OK):
                _refuse_folder(PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder))
        parent = os.path.dirname(parent) if glob.has_magic(parent) else ""


def _refuse_folder(error: OSError) -> NoReturn:
    raise DeclarationError.at(str(error.filename), f"the folder cannot be read: {error.strerror}") from None
