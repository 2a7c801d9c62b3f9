# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text where a task needs a mapping. Ansible's own message names neither the option nor the entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..declaration.value_rules import describe
from ..scim.names import join_path


def shape_errors(spec: Mapping[str, Any], given: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """A message for each such text, with its path. ``given`` has a task's options by name or alias, ``spec`` is their argument spec."""
    options = {spelling: option for name, option in spec.items() for spelling in (name, *option.get("aliases", ()))}
    for name, value in given.items():
        suboptions, place = options.get(name, {}).get("options"), join_path(path, name)
        if not suboptions or value is None:
            continue
        items = [(join_path(place, index), item) for index, item in enumerate(value)] if isinstance(value, list) else [(place, value)]
        for item_path, item in items:
            if isinstance(item, Mapping):
                yield from shape_errors(suboptions, item, item_path)
            elif not _is_mapping_as_text(item):
                may_be_secret = any(suboption.get("no_log") for suboption in suboptions.values())
                found, names = "found text" if may_be_secret else describe(item), ", ".join(list(suboptions)[:3])
                yield f"{item_path}: {found}; expected a mapping of sub-attributes, such as {names}."


def _is_mapping_as_text(item: Any) -> bool:
    """Ansible also reads JSON and ``key=value`` as a mapping."""
    return isinstance(item, str) and (item.strip().startswith("{") or "=" in item)
