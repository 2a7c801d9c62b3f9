# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two names are the same name. The one place that decides it: matching, members, policy, order, filters and exports ask here."""

from __future__ import annotations

import re
import unicodedata

from .types import Attribute

# NFC would turn the Ohm, Kelvin and Angstrom signs into the letters that they look like.
_BETWEEN_SIGNS = re.compile("[^\u2126\u212a\u212b]+")
# Letters and marks that Unicode recommends not to display (Default_Ignorable_Code_Point) and that have another category than Cf.
_NOT_DISPLAYED = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def name_key(name: str) -> str:
    """Return the form in which all spellings of a name are equal: composed (NFC), in lower case, as caseExact false means (RFC 7643 §2.2).

    It is not ``casefold``: ``straße`` and ``strasse`` are two names. ``look_alike_key`` finds those.
    """
    if name.isascii():
        return name.lower()
    return _BETWEEN_SIGNS.sub(lambda text: _composed(_composed(text[0]).lower().replace("ς", "σ")), name)


def look_alike_key(name: str) -> str:
    """Return the form in which names are equal that readers may take for one: ß and ss, ligatures, full width, invisible letters, blanks
    at the ends. It is Unicode's compatibility caseless match (D146) without what is not displayed.
    """
    if name.isascii() and name.isprintable():
        return name.strip().lower()
    displayed = "".join(letter for letter in name_key(name) if unicodedata.category(letter) not in ("Cc", "Cf"))
    folded = unicodedata.normalize("NFD", _NOT_DISPLAYED.sub("", displayed)).casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", folded).casefold()).strip()


def text_key(attribute: Attribute, text: str) -> str:
    """Return the form in which all spellings of an attribute's text are equal."""
    return _composed(text) if attribute.case_exact else name_key(text)


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
