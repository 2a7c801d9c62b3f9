# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain data, from an option or a file, to the values of a record's fields. All mistakes are found at once, each with its path.

Numbers and booleans may be text, which is what templates, the command line and the reader of files give.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from typing import Any

from ...escaping import quoted
from ...wording import nearest
from ..names import join_path

WRONG = (AttributeError, KeyError, TypeError, ValueError, OverflowError)  # what reading a value of another type raises


@dataclass(frozen=True, slots=True)
class Form:
    """What a value must be: how it is read, and what a message calls it."""

    read: Callable[[Any], Any]
    expected: str


Forms = Mapping[str, Form]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong value at the end of a ``path``; or a key that does not exist, with those that are ``known`` there."""

    path: tuple[str | int, ...]
    found: Any
    expected: str = ""
    known: tuple[str, ...] = ()

    @property
    def similar(self) -> str:
        """The known key that an unknown one resembles; empty if there is none."""
        return nearest(str(self.path[-1]).lower(), self.known) if self.known else ""

    def __str__(self) -> str:
        if not self.known:
            found = json.dumps(self.found, ensure_ascii=False, default=str)
            return f"{join_path('', *self.path)} must be {self.expected}, got {found}."
        *above, key = self.path
        place = f"{join_path('', *above)}: " if above else ""
        hint = f' Did you mean "{self.similar}"?' if self.similar else ""
        return f"{place}unknown key {quoted(str(key))}.{hint}"


class Mistakes(Exception):
    """All mistakes of a record."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__(*mistakes)
        self.mistakes = mistakes

    def lines(self, where: str) -> list[str]:
        """A line for each mistake, and at the end the known keys where one resembles none of them."""
        unlike = dict.fromkeys(mistake.known for mistake in self.mistakes if mistake.known and not mistake.similar)
        return [*(f"{where}: {mistake}" for mistake in self.mistakes), *(f"Known keys: {', '.join(known)}." for known in unlike)]


def read_record(given: Mapping[str, Any], forms: Forms, needed: Sequence[str] = ()) -> dict[str, Any]:
    """The values of a mapping, each in its form; ``needed`` are the keys that it must have.

    :raises Mistakes: for unknown keys and wrong values.
    """
    unknown = [Mistake((str(name),), value, known=tuple(forms)) for name, value in given.items() if name not in forms]
    items = [(name, given[name], forms[name]) for name in given if name in forms]
    return dict(_read(items, [*unknown, *(Mistake((name,), None, forms[name].expected) for name in needed if name not in given)]))


def _read(items: Iterable[tuple[Any, Any, Form]], mistakes: Sequence[Mistake] = ()) -> Iterator[tuple[Any, Any]]:
    """Each key, or index, with its value in its form."""
    wrong = list(mistakes)
    for key, value, form in items:
        try:
            yield key, form.read(value)
        except Mistakes as inner:
            wrong += [replace(mistake, path=(key, *mistake.path)) for mistake in inner.mistakes]
        except WRONG:
            wrong.append(Mistake((key,), value, form.expected))
    if wrong:
        raise Mistakes(*wrong)


# -- forms -------------------------------------------------------------------------------------------------------------------------------


def record(forms: Forms, expected: str, needed: Sequence[str] = ()) -> Form:
    """A mapping with these keys."""

    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise TypeError
        return read_record(value, forms, needed)

    return Form(read, expected)


def each(form: Form, expected: str) -> Form:
    """A list of such values."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise TypeError
        return tuple(item for _index, item in _read((index, item, form) for index, item in enumerate(value)))

    return Form(read, expected)


def by_name(form: Form, expected: str) -> Form:
    """A mapping of any keys to such values."""

    def read(value: Any) -> dict[str, Any]:
        return dict(_read((str(name), item, form) for name, item in value.items()))

    return Form(read, expected)


def optional(form: Form) -> Form:
    """Such a value, or null."""
    return Form(lambda value: None if value is None else form.read(value), form.expected)


def choice(choices: type[StrEnum]) -> Form:
    """One of some words."""
    return Form(choices, f"one of {', '.join(choices)}")


def _boolean(value: Any) -> bool:
    return {"true": True, "yes": True, "false": False, "no": False}[str(value).lower()]


def _count(value: Any) -> int:
    if isinstance(value, bool) or int(value) < 1:
        raise ValueError
    return int(value)


def _rate(value: Any) -> float:
    if isinstance(value, bool) or not 0 < float(value) < inf:
        raise ValueError
    return float(value)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


BOOLEAN = Form(_boolean, "true or false")
COUNT = Form(_count, "a whole number of at least 1")
NUMBER = Form(_rate, "a number above 0")
TEXT = Form(_string, "text")
TEXTS = each(Form(str, "text"), "a list of texts")
NAMES = by_name(TEXT, "a mapping of names to names")
