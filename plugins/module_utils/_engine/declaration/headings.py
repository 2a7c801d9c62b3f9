# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The headings of tables: paths of attributes in any spelling, and the headings of others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..scim.names import URN, fold
from ..scim.providers.profiles import widest
from ..scim.schema.resource import split_path
from ..scim.schema.types import Attribute
from ..wording import nearest
from .model import USER, DeclarationError, Origin, Problem, UnknownName
from .parser import KEYWORDS
from .synonyms import meaning
from .value_rules import Path

ROOT = widest(USER).root
LISTS = ("groups", "previously", "clear")
_KEYWORDS = {fold(keyword): keyword for keyword in KEYWORDS if keyword not in ("members", "extensions")}
_PART = re.compile(r"(?P<name>[^\[\]]+)(\[(?P<index>[0-9]{1,4})\])?")


@dataclass(frozen=True, slots=True)
class AttributePath:
    """The place of a value in a user, in SCIM's names. With ``many``, it is a list of texts; with ``element``, of their mappings."""

    path: Path
    many: bool = False
    element: bool = False


def attribute_path(place: Origin, text: str) -> AttributePath:
    """The attribute of a heading that is a path in any spelling.

    :raises DeclarationError: if it is not the path of an attribute that has a text.
    """

    def error(found: str, expected: str) -> DeclarationError:
        return DeclarationError([Problem(place, found, expected)])

    keyword = _KEYWORDS.get(fold(text))
    if keyword:
        return AttributePath((keyword,), keyword in LISTS)
    attribute: Attribute | None = ROOT  # None inside an extension without a known schema
    path: list[str | int] = []
    index = None
    for part in split_path(text, ROOT):
        written = _PART.fullmatch(part)
        if written is None:
            raise error("is not the path of an attribute", "a path such as userName, name.givenName or emails[0].value")
        name, index = written["name"], written["index"]
        parent, attribute = attribute, attribute.sub(name) if attribute is not None else None
        if attribute is None and parent is not None and (path or not name.lower().startswith(URN)):
            if not parent.is_complex:
                raise error(f'"{parent.option}" has no sub-attributes', f'"{parent.option}"')
            raise DeclarationError([_unknown_column(place, text, parent, name)])
        if attribute is not None and attribute.multi_valued and attribute.is_complex and index is None:
            raise error(f'"{attribute.option}" is a list', f'"{attribute.option}[0].value", and so on')
        if attribute is not None and not attribute.multi_valued and index is not None:
            raise error(f'"{attribute.option}" is not a list', f'"{attribute.option}" without "[{index}]"')
        path.append(attribute.name if attribute is not None else name)
        if index is not None:
            path.append(int(index))
    if (attribute is not None and attribute.is_complex and attribute.format != "user") or (attribute is None and len(path) == 1):
        example = attribute.sub_attributes[0].option if attribute is not None and attribute.sub_attributes else "attribute"
        separator = ":" if text.lower().startswith(URN) else "."
        raise error("is a mapping", f'one of its attributes, such as "{text}{separator}{example}"')
    return AttributePath(tuple(path), attribute is not None and attribute.multi_valued and index is None)


def _unknown_column(place: Origin, heading: str, parent: Attribute, name: str) -> UnknownName:
    before, _name, after = heading.rpartition(name)
    similar = parent.nearest(name)
    suggestion = meaning(heading) or (similar and before + similar + after)
    return UnknownName.of(place, "column", heading, suggestion, f"Attributes of {parent.option}", parent.sub_options)


# -- headings of others ------------------------------------------------------------------------------------------------------------------

_NOTES = re.compile(r"\s*(\[(required|upload only|read only|must be [^\]]*)\]|\(required\)|\brequired|\*)\s*$")
_INNER_NAME = re.compile(r"\[[^\]]+\]")


def plain(heading: str) -> str:
    """A heading as it is compared: in any case, and whatever the blanks between words."""
    return " ".join(heading.split()).casefold()


class Headings:
    """The headings of a table. Those of others are found with or without their notes, as in ``First Name [Required]``, and by the name
    that Entra has in brackets, as in ``Vorname [givenName]``.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = cells
        self._found: dict[str, list[int]] = {}
        for index, cell in enumerate(cells):
            for key in dict.fromkeys(_keys(cell)) if cell else ():
                self._found.setdefault(key, []).append(index)

    def __contains__(self, heading: str) -> bool:
        return any(key in self._found for key in _keys(heading))

    def indexes(self, heading: str) -> list[int]:
        """The columns with a heading: none if it is missing, several if it is not clear which is meant."""
        exact = [index for index, cell in enumerate(self.cells) if cell == heading]
        return exact or next((self._found[key] for key in _keys(heading) if key in self._found), [])

    def nearest(self, heading: str) -> str:
        """The heading that is similar to a missing one; empty if none is."""
        known = {plain(cell): cell for cell in self.cells if cell}
        return known.get(nearest(plain(heading), known), "")


def _keys(heading: str) -> Iterable[str]:
    text = plain(heading)
    yield text
    while (shorter := _NOTES.sub("", text)) != text:
        text = shorter
        yield text
    if inner := _INNER_NAME.search(text):
        yield inner[0]
