# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that limit what a run may do. None of them may be empty: an empty one would limit nothing, against its purpose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..scim.errors import Invalid

GUARDRAILS = ("allow_removals", "expect_plan", "max_creates", "max_removals", "max_updates", "protected_groups", "protected_users",
              "scope_groups", "scope_users")  # fmt: skip
NEVER_EMPTY = (*GUARDRAILS, "src")


def refuse_empty_guardrails(parameters: Mapping[str, Any]) -> None:
    """:raises Invalid: for each of these options that is an empty text, or a list with one. None is an option that was not set."""
    problems = [
        f"{name} is empty: a variable that was not set? Remove the {noun}, or set it."
        for option in NEVER_EMPTY
        for name, noun in _empty(option, parameters.get(option))
    ]
    if problems:
        raise Invalid(*problems)


def null_variables(given: Mapping[str, Any]) -> list[str]:
    """A message for each of these options that a variable of the role sets to null. In a module, null is an option that is not given, as
    ``default(omit)`` and ``default(none)`` write it; a variable that is not set is not defined.
    """
    null = [f"scim_{option}" for option in NEVER_EMPTY if option in given and given[option] is None]
    return [f"{name} is null: a value that was left out? Remove the variable, or set it." for name in null]


def _empty(option: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield where an option is empty: its name and "option", or the place of an element and "element".

    For a list option, Ansible turns an empty text into a list of one.
    """
    elements = value if isinstance(value, list) else [value]
    for index, element in enumerate(elements):
        if isinstance(element, str) and not element.strip():
            yield (option, "option") if len(elements) == 1 else (f"{option}[{index}]", "element")
