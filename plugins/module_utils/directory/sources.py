# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a source names: a file, a folder or a glob. The action plugin asks this as well, before the module does."""

from __future__ import annotations

import glob
import os
from pathlib import Path

from .entry import Mistaken

YAML, JSON, CSV = (".yml", ".yaml"), (".json",), (".csv",)
SUFFIXES = YAML + JSON + CSV


def paths(source: str) -> list[str]:
    """The files that one source names, in the order of their names.

    :raises Mistaken: where it names none: an empty source must never look like an empty directory.
    """
    source = os.path.expanduser(source)
    path = Path(source)
    try:
        is_folder = path.is_dir()
    except OSError as error:  # such as the text of a file in the place of its name
        raise Mistaken.at(
            f"{source[:40]}…", f"this cannot be looked at: {error.strerror}", "the path of a file or folder, or a glob"
        ) from None
    if is_folder:
        found = [p for p in sorted(path.rglob("*")) if p.suffix.lower() in SUFFIXES and p.is_file() and not hidden(p, path)]
        if not found:
            raise Mistaken.at(source, f"the folder holds no file that ends with {', '.join(SUFFIXES)}")
        return [str(p) for p in found]
    if path.is_file():
        if path.suffix.lower() not in SUFFIXES:
            raise Mistaken.at(source, "its form is not known", f"a file that ends with {', '.join(SUFFIXES)}")
        return [source]
    matching = sorted(p for p in glob.glob(source, recursive=True) if Path(p).is_file())
    if not matching:
        raise Mistaken.at(source, f"there is no such file or folder, and as a pattern it matches nothing (working folder: {Path.cwd()})")
    return [file for match in matching for file in paths(match)]


def hidden(path: Path, folder: Path) -> bool:
    """Whether a file of a folder is nobody's declaration, as in ``.git`` and ``.github``."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
