# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text on its way to people: lists in a sentence, the mask of a secret, and what a terminal must not be given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MOST_NAMES = 20
LONGEST_VALUE = 60
HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")  # a surrogate; two of them may be one character
MASK = "********"  # what stands for every secret, wherever it is printed


def join_names(names: Sequence[str], between: str = ", ") -> str:
    """As many as people read, and how many more there are."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return between.join(names[:MOST_NAMES]) + more


def join_lines(told: Sequence[str], count: int) -> str:
    """As many sentences, a line each, of ``count`` that there are."""
    return "\n".join([*told[:MOST_NAMES], *([f"and {count - MOST_NAMES} more like these"] if count > MOST_NAMES else [])])


def bounded(warnings: Sequence[str], most: int) -> list[str]:
    """The first of them, and how many more there are."""
    return [*warnings[:most], *([f"There are {len(warnings) - most} more warnings."] if len(warnings) > most else [])]


def printable(text: str) -> str:
    """Text that does nothing to a terminal: other than the end of a line, what cannot be seen is a blank."""
    if text.isprintable():
        return text
    return "".join(" " if letter != "\n" and unicodedata.category(letter)[0] in "CZ" else letter for letter in text)


def quoted(text: str) -> str:
    """Text in quotes, on one line and not too long, whatever characters it has."""
    visible = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text[:LONGEST_VALUE])
    return f'"{visible}"' + ("…" if len(text) > LONGEST_VALUE else "")
