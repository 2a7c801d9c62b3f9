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

from .sources import JSON

# A letter first, and no character that YAML uses: such a text is not a number or a date, nor a boolean or null except for these words.
_PLAIN = re.compile(r"[^\W\d_](?:[\w .@+/&()'-]*[\w.)])?")
_WORDS = frozenset({"y", "yes", "on", "true", "n", "no", "off", "false", "null", "nan", "inf"})
# Line breaks of YAML and characters that it forbids, which JSON does not escape (YAML 1.2 §5.1 and §5.4).
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def as_file(path: str, value: Mapping[str, Any], head: str) -> str:
    """A declaration in the format of its file name. ``head`` is a comment, which JSON does not have."""
    return f"{as_json(value)}\n" if Path(path).suffix.lower() in JSON else head + as_yaml(value)


def as_yaml(value: Mapping[str, Any]) -> str:
    """A mapping in block style, indented by two blanks."""
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def as_json(value: Any, indent: int | None = 2) -> str:
    """JSON, with the characters escaped that YAML forbids."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


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
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    return as_json(value, None)  # JSON is YAML. Lists in lists, which SCIM does not have, are written like this too
