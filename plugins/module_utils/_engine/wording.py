# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phrases of messages: numbers, lists of names, and suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

MOST_NAMES = 20


def join_names(names: Sequence[str], between: str = ", ", most: int = MOST_NAMES) -> str:
    """The first names in a sentence, and how many more there are."""
    return " ".join([between.join(names[:most]), *_more(len(names) - most)])


def first_lines(lines: Sequence[str], most: int = MOST_NAMES, count: int | None = None) -> list[str]:
    """The first lines, and how many more there are; of ``count``, if only the first ones were made."""
    return [*lines[:most], *_more((len(lines) if count is None else count) - most)]


def first_warnings(warnings: Sequence[str], most: int) -> list[str]:
    """The first warnings, and how many more there are: each is shown on its own."""
    return [*warnings[:most], *(f"There are{more.removeprefix('and')} warnings." for more in _more(len(warnings) - most))]


def _more(count: int) -> list[str]:
    return [f"and {count} more"] if count > 0 else []


def counted(count: int, noun: str) -> str:
    """``1 attempt``, ``2 attempts``"""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def and_others(first: str, others: int, noun: str) -> str:
    """``a.yml:3``, ``a.yml:3 and 1 other place``: one of several that have the same message."""
    return f"{first} and {counted(others, f'other {noun}')}" if others else first


def sentence(text: str) -> str:
    """A text with the full stop that the next sentence needs."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def nearest(name: str, known: Iterable[str], similarity: float = 0.6) -> str:
    """The known name that is closest to an unknown one; empty if none is close."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=similarity)), "")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question with the known name that is closest to an unknown one; empty if none is close."""
    near = nearest(name.lower(), known)
    return f'Did you mean "{near}"?' if near else ""
