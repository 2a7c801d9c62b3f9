# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain values to YAML text that reads back as it was written, whichever reader it is: what could be guessed wrong is quoted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .sources import JSON

# Letters first, and nothing that means something to YAML: such a text is no number, no date and no boolean, if it is none of these words.
_PLAIN = re.compile(r"[^\W\d_](?:[\w .@+/&()'-]*[\w.)])?")
_WORDS = frozenset({"y", "yes", "on", "true", "n", "no", "off", "false", "null", "nan", "inf"})
# What YAML takes for the end of a line, or does not take at all, and JSON leaves as it is (YAML 1.2 §5.1 and §5.4).
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def as_file(path: str, value: Mapping[str, Any], head: str) -> str:
    """A declaration in the form that the name of its file asks for; ``head`` is a comment, which JSON does not have."""
    return f"{as_json(value)}\n" if Path(path).suffix.lower() in JSON else head + as_yaml(value)


def as_yaml(value: Mapping[str, Any]) -> str:
    """A mapping in block style, two blanks a level."""
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def as_json(value: Any, indent: int | None = 2) -> str:
    """JSON, with characters escaped that no reader of YAML would take."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


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
    return as_json(value, None)  # JSON is YAML; lists in lists, which SCIM does not have, come in this form too
