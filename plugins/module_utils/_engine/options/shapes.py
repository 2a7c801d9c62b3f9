# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a task has text in the place of a mapping. Ansible's own message says neither in which option nor of whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..declaration.value_rules import shown


def misshapen(spec: Mapping[str, Any], given: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """A sentence for each, with its path; ``spec`` is an argument spec, ``given`` what the task says, under names or aliases."""
    named = {spelling: option for name, option in spec.items() for spelling in (name, *option.get("aliases", ()))}
    for name, value in given.items():
        option, place = named.get(name, {}), f"{path}{name}"
        if not option.get("options") or value is None:
            continue
        inner = [(f"{place}[{i}]", item) for i, item in enumerate(value)] if isinstance(value, list) else [(place, value)]
        for where, item in inner:
            if isinstance(item, Mapping):
                yield from misshapen(option["options"], item, f"{where}.")
            elif not _is_pairs(item):
                such = ", ".join(list(option["options"])[:3])
                may_be_secret = any(inside.get("no_log") for inside in option["options"].values())
                yield f"{where}: {'found a text' if may_be_secret else shown(item)}; expected a mapping of sub-attributes, such as {such}."


def _is_pairs(item: Any) -> bool:
    """What Ansible takes for a mapping: JSON, or ``key=value``."""
    return isinstance(item, str) and (item.strip().startswith("{") or "=" in item)
