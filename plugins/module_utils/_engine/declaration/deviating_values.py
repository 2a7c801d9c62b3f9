# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values in a form of their own, which products use and RFC 7643 can carry: ``en_US``, ``Pacific Standard Time``, ``www.example.com``.

They are sent as they are written, since a provider may want just that form. A warning names the form of the standard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from ..escaping import excerpt, quoted
from ..scim.schema.resource import Body, option_path
from ..scim.schema.types import ResourceType
from ..wording import counted
from .model import Deviation, Doubt, Entry
from .time_zones import WINDOWS_ZONES
from .value_rules import Path, is_standard, kind_of

MOST_SHOWN = 3
_PERSONAL = ("phone", "uri")  # whose values are shown only in part
STANDARD_FORMS = {
    "locale": "a language tag such as en-US (BCP 47)",
    "language": "a language tag such as en-US (BCP 47)",
    "timezone": "a name of the IANA database such as Europe/Paris",
    "phone": "a URI such as tel:+1-201-555-0123;ext=42 (RFC 3966), or a plain number",
    "uri": "an absolute URI such as https://example.com/bjensen",
}


def deviations(resource_type: ResourceType, body: Body) -> Iterator[Deviation]:
    """The values of their own form in a checked body."""
    for name, (kind, sub) in _formatted(resource_type).items():
        value = body.get(name)
        if value is None:
            continue
        elements: Iterable[tuple[Path, Any]] = [((name,), value)]
        if sub:
            elements = (((name, index, sub), element.get(sub)) for index, element in enumerate(value))
        for path, text in elements:
            if isinstance(text, str) and text and not is_standard(kind, text):
                yield Deviation(path, kind, text, _STANDARD[kind](text))


@lru_cache(maxsize=64)
def _formatted(resource_type: ResourceType) -> Mapping[str, tuple[str, str]]:
    """The attributes with a form that products have their own of: the kind by name, and for lists the name of the sub-attribute."""
    pairs = [(attribute, attribute.sub("value") if attribute.is_complex else None) for attribute in resource_type.schema.attributes]
    found = {attribute.name: (kind_of(sub or attribute), sub.name if sub else "") for attribute, sub in pairs}
    return {name: (kind, sub) for name, (kind, sub) in found.items() if kind in STANDARD_FORMS}


def deviation_warnings(entries: Iterable[Entry]) -> Iterator[Doubt]:
    """One warning for each attribute of a file, however many values deviate."""
    groups: dict[tuple[str, str, str], list[tuple[Entry, Deviation]]] = {}
    for entry in entries:
        for deviation in entry.deviations:
            key = (entry.origin.file, _option(entry.type, deviation.path), deviation.kind)
            groups.setdefault(key, []).append((entry, deviation))
    for (_file, option, kind), found in groups.items():
        shown = list(dict.fromkeys(_shown(kind, deviation) for _entry, deviation in found))
        examples = ", ".join(shown[:MOST_SHOWN]) + (", …" if len(shown) > MOST_SHOWN else "")
        count = f"{counted(len(found), 'value')} " if len(found) > 1 else ""
        text = f"{option}: {count}not in the standard form, sent as written: {examples}. The standard form is {STANDARD_FORMS[kind]}"
        yield Doubt(replace(found[0][0].origin, path=""), text)


def _shown(kind: str, deviation: Deviation) -> str:
    if kind in _PERSONAL:
        return excerpt(deviation.value)
    return f"{quoted(deviation.value)} for {quoted(deviation.standard)}" if deviation.standard else quoted(deviation.value)


def _language(text: str) -> str:
    tag = re.sub(r"[.@][\w-]+", "", text).replace("_", "-")
    return tag if is_standard("language", tag) else ""


def _zone(text: str) -> str:
    names = available_timezones()
    return WINDOWS_ZONES.get(text) or next((name for name in names if name.lower() == text.lower()), "")


def _uri(text: str) -> str:
    return f"https://{text}" if text.lower().startswith("www.") else ""


_STANDARD: Mapping[str, Callable[[str], str]] = {
    "locale": _language,
    "language": _language,
    "timezone": _zone,
    "phone": lambda _text: "",
    "uri": _uri,
}


def _option(resource_type: ResourceType, path: Path) -> str:
    """A path of SCIM names as an option, without indexes: ``phone_numbers.value``."""
    return option_path(resource_type, *(part for part in path if isinstance(part, str)))
