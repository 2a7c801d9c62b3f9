# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that the collection writes and reads back: whole or not at all, and readable by their owner only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .scim.errors import Invalid


def into(path: str, content: str, option: str = "report") -> None:
    """Write a file of mode 0600, whole or not at all. ``option`` is where its name was given.

    :raises Invalid: where it cannot be written.
    """
    beside = ""
    try:
        descriptor, beside = tempfile.mkstemp(prefix=f".{Path(path).name}.", suffix=".part", dir=Path(path).parent)  # its mode is 0600
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(content)
        os.replace(beside, path)
    except OSError as error:
        Path(beside).unlink(missing_ok=True) if beside else None
        raise Invalid(f"{option}: {path} cannot be written: {error.strerror}.") from None


def content(path: str) -> str | None:
    """The text of a file; None where there is none, or none that is text."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
