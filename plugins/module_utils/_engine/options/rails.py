# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that limit what a run may do. One that is empty was meant to limit something, and would limit nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..scim.errors import Invalid

RAILS = ("allow_removals", "expect_plan", "max_creates", "max_removals", "max_updates", "protected_groups", "protected_users",
         "scope_groups", "scope_users")  # fmt: skip
NEVER_EMPTY = (*RAILS, "src")


def refuse_empty_rails(parameters: Mapping[str, Any]) -> None:
    """:raises Invalid: for each rail that is an empty text, or has one among its elements. None is an option that was not given."""
    problems = [
        f"{name} is empty: a variable that was not set? Remove the {noun}, or set it."
        for option in NEVER_EMPTY
        for name, noun in _empty(option, parameters.get(option))
    ]
    if problems:
        raise Invalid(*problems)


def _empty(option: str, value: Any) -> Iterator[tuple[str, str]]:
    """The places of empty texts in the value of an option, and what each place is. Ansible makes a list of one from an empty text."""
    elements = value if isinstance(value, list) else [value]
    for index, element in enumerate(elements):
        if isinstance(element, str) and not element.strip():
            yield (option, "option") if len(elements) == 1 else (f"{option}[{index}]", "element")
