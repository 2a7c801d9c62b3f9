# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain values to YAML text that every reader reads back unchanged: text that YAML could take for something else is quoted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..escaping import visible, visible_json
from .sources import JSON

# A letter first, and no character that YAML uses: such a text is not a number or a date, nor a boolean or null except for these words.
_PLAIN = re.compile(r"[^\W\d_](?:[\w .@+/&()'-]*[\w.)])?")
_WORDS = frozenset({"y", "yes", "on", "true", "n", "no", "off", "false", "null", "nan", "inf"})


def as_file(path: str, value: Mapping[str, Any], *comments: str) -> str:
    """A mapping in the format of its file name. JSON has no comments."""
    return f"{visible_json(value, 2)}\n" if Path(path).suffix.lower() in JSON else as_commented(value, *comments)


def as_commented(value: Mapping[str, Any], *comments: str) -> str:
    """YAML after comments of one line each."""
    return "".join([*(f"# {visible(comment)}\n" for comment in comments), as_yaml(value)])


def as_yaml(value: Mapping[str, Any]) -> str:
    """A mapping in block style, indented by two blanks."""
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def _mapping(value: Mapping[str, Any], pad: str) -> Iterator[str]:
    for key, inner in value.items():
        name = f"{pad}{_scalar(key)}:"
        if isinstance(inner, Mapping) and inner:
            yield name
            yield from _mapping(inner, f"{pad}  ")
        elif isinstance(inner, list) and inner:
            yield name
            yield from _sequence(inner, f"{pad}  ")
        else:
            yield f"{name} {_scalar(inner)}"


def _sequence(value: list[Any], pad: str) -> Iterator[str]:
    for element in value:
        if isinstance(element, Mapping) and element:
            first, *rest = _mapping(element, f"{pad}  ")
            yield f"{pad}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{pad}- {_scalar(element)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.casefold() not in _WORDS and visible(value) == value:
        return value
    # JSON is YAML, and the escapes of ``visible`` are YAML too. They cover all characters that YAML forbids (YAML 1.2 §5.1 and §5.4).
    return visible(json.dumps(value, ensure_ascii=False))  # lists in lists, which SCIM does not have, are written like this too
