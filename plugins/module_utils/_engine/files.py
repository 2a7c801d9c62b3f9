# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes files completely or not at all, readable by their owner only; reads text files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .scim.errors import Invalid

PROGRESS = "progress"  # in a module's temporary folder: the module appends lines, the action plugin displays them


def write_file(path: str, content: str, option: str = "report") -> None:
    """Write a file of mode 0600, completely or not at all. ``option`` is the option with its path, for errors.

    :raises Invalid: if it cannot be written.
    """
    part = ""
    try:
        descriptor, part = tempfile.mkstemp(prefix=f".{Path(path).name}.", suffix=".part", dir=Path(path).parent)  # its mode is 0600
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(content)
        os.replace(part, path)
    except OSError as error:
        if part:
            Path(part).unlink(missing_ok=True)
        raise Invalid(f"{option}: {path} cannot be written: {error.strerror}.") from None


def read_file(path: str) -> str | None:
    """The text of a file; None if it does not exist or is not text."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
