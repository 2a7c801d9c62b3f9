# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text on its way to people: lists in a sentence, the mask of a secret, and what a terminal must not get."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

MOST_NAMES = 20
HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")  # an escaped surrogate; two of them may be one character
MASK = "********"  # the only mask, wherever a secret would be printed
LONGEST_VALUE = 60
SHORTEST_SECRET = 8  # characters; a text of fewer is no password
_NAME = re.compile(r"(?i:urn:)?[A-Za-z_$][A-Za-z0-9_$.:\[\] -]{0,59}")


def join_names(names: Sequence[str], between: str = ", ") -> str:
    """As many names as people read, and how many more there are."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return between.join(names[:MOST_NAMES]) + more


def join_lines(lines: Sequence[str], count: int) -> str:
    """The first lines, and how many more of the ``count`` there are."""
    return "\n".join([*lines[:MOST_NAMES], *([f"and {count - MOST_NAMES} more like these"] if count > MOST_NAMES else [])])


def bounded(warnings: Sequence[str], most: int) -> list[str]:
    """The first ``most`` warnings, and how many more there are."""
    return [*warnings[:most], *([f"There are {len(warnings) - most} more warnings."] if len(warnings) > most else [])]


def counted(count: int, noun: str) -> str:
    """``1 attempt``, ``2 attempts``"""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def sentence(text: str) -> str:
    """A text with the full stop that the next sentence needs."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def printable(text: str) -> str:
    """A text that cannot command a terminal: what is not visible becomes a blank, except for the ends of lines."""
    if text.isprintable():
        return text
    return "".join(" " if letter != "\n" and unicodedata.category(letter)[0] in "CZ" else letter for letter in text)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is closest to an unknown one; empty if none is close."""
    return next(iter(get_close_matches(name, list(known), n=1)), "")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question with the known name that is closest to an unknown one; empty if none is close."""
    near = nearest(name.lower(), known)
    return f'Did you mean "{near}"?' if near else ""


def quoted(text: str) -> str:
    """Text in quotes, on one line and not too long, whatever characters it has."""
    visible = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text[:LONGEST_VALUE])
    return f'"{visible}"' + ("…" if len(text) > LONGEST_VALUE else "")


def excerpt(text: str) -> str:
    """The beginning of a value in quotes, as much as a mistake needs: in a shifted column, a password may be in any place."""
    return quoted(text) if len(text) < SHORTEST_SECRET else f"{quoted(text[: SHORTEST_SECRET // 2])}…"


def is_name(text: str) -> bool:
    """Whether a key or heading looks like the name of an attribute, so that it can be shown."""
    return _NAME.fullmatch(text) is not None


def key_shown(key: str) -> str:
    """A key or heading in quotes; only its beginning where it is something else than a name."""
    return quoted(key) if is_name(key) else excerpt(key)
