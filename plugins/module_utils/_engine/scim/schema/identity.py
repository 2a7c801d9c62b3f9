# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two names are the same name. The one place that decides it, for matching, members, policy, order and exports."""

from __future__ import annotations

import re
import unicodedata

# The Kelvin, Angstrom and Ohm signs, which NFC turns into the letters that they look like.
_SIGNS = re.compile("([\u2126\u212a\u212b])")
_INVISIBLE = ("Cc", "Cf")


def name_key(name: str) -> str:
    """The form in which all spellings of one name are equal: composed (NFC) and in lower case, as caseExact false means (RFC 7643 §2.2).

    It is not ``casefold``: ``straße`` and ``strasse`` are two names. ``look_alike_key`` finds those.
    """
    if name.isascii():
        return name.lower()
    return "".join(part if _SIGNS.fullmatch(part) else _lower(part) for part in _SIGNS.split(name))


def _lower(text: str) -> str:
    """A final sigma is a sigma, wherever in the name it is."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower()).replace("ς", "σ")


def look_alike_key(name: str) -> str:
    """The form in which names are equal that people may take for one: ß and ss, ligatures, full width, invisible characters, blanks."""
    if name.isascii() and name.isprintable():
        return name.strip().lower()
    visible = "".join(letter for letter in name if unicodedata.category(letter) not in _INVISIBLE)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold()).strip()
