# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two names are the same name. The one place that decides it: matching, members, policy, order, filters and exports ask here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from ...escaping import quoted
from ...wording import join_names
from .types import Attribute

# NFC would turn the Ohm, Kelvin and Angstrom signs into the letters that they look like.
_BETWEEN_SIGNS = re.compile("[^\u2126\u212a\u212b]+")
# Letters and marks that Unicode recommends not to display (Default_Ignorable_Code_Point) and that have another category than Cf.
_NOT_DISPLAYED = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
SHORTEST_LIMIT = 20  # characters: no provider cuts off shorter names
_PREFIX = re.compile(r"^.*[/\\](?=.)", re.DOTALL)
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")  # categories of invisible characters
# Joiners and variation selectors, with which emoji, Persian and Mongolian are written. Beside ASCII they have no visible effect.
_JOINED = re.compile("(?<=[^\x00-\x7f])(?:[\u200c\u200d](?=[^\x00-\x7f])|[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef])")


def name_key(name: str) -> str:
    """Return the form in which all spellings of a name are equal: composed (NFC), in lower case, as caseExact false means (RFC 7643 §2.2).

    It is not ``casefold``: ``straße`` and ``strasse`` are two names. ``look_alike_key`` finds those.
    """
    if name.isascii():
        return name.lower()
    return _BETWEEN_SIGNS.sub(lambda text: _composed(_composed(text[0]).lower().replace("ς", "σ")), name)


def look_alike_key(name: str) -> str:
    """Return the form in which names are equal that readers may take for one: ß and ss, ligatures, full width, invisible letters, blanks
    at the ends or beside each other. It is Unicode's compatibility caseless match (D146) without what is not displayed.
    """
    if name.isascii() and name.isprintable():
        return " ".join(name.split()).lower()
    displayed = "".join(letter for letter in name_key(name) if unicodedata.category(letter) not in ("Cc", "Cf"))
    folded = unicodedata.normalize("NFD", _NOT_DISPLAYED.sub("", displayed)).casefold()
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", folded).casefold()).split())


def unprefixed(name: str) -> str:
    """Return a name without the prefix that some providers give it, such as the user store in ``PRIMARY/manager``."""
    return _PREFIX.sub("", name)


def is_same_name(name: str, other: str) -> bool:
    """Whether two texts are spellings of one name."""
    return name_key(name) == name_key(other)


def hidden_character(name: str) -> str:
    """Describe the blank at an end of a name, or the invisible character in it; empty if there is none.

    Readers cannot tell such a name from the one without it. For the provider, it is another name.
    """
    if name.isascii() and name.isprintable() and name[:1] != " " and name[-1:] != " ":
        return ""
    if name != name.strip():
        at_start = name[:1].isspace()
        return f"a blank at the {'start' if at_start else 'end'}, {_code_point(name[0 if at_start else -1])},"
    shown = _JOINED.sub("", name)
    found = next((letter for letter in shown if unicodedata.category(letter) in _INVISIBLE or _NOT_DISPLAYED.match(letter)), "")
    return f"the invisible character {_code_point(found)}" if found else ""


def look_alike_message(noun: str, name: str, others: Iterable[tuple[str, str]]) -> str:
    """Return the message about a name that does not exist. ``others`` are the names that look like it, each with its id or ``""``."""
    found = [f"{quoted(other)}{f' (id {key})' if key else ''}, which differs in {difference(name, other)}" for other, key in others]
    return (
        f"there is no {noun} called {quoted(name)}, only names that look like it: {join_names(found, '; ')}. "
        "Declare the id or the exact name of the one that is meant."
    )


def respelled_message(noun: str, name: str, other: str, key: str) -> str:
    """Return the message about a name that does not exist, while the provider may have stored it as ``other``."""
    return (
        f"there is no {noun} called {quoted(name)}, but the provider may have stored it as {quoted(other)} (id {key}). "
        f"Declare the name {quoted(other)} if that is the {noun} that is meant. If it is another {noun}, declare both."
    )


def difference(name: str, other: str) -> str:
    """Return the characters in which two names differ that look alike, with their code points, such as ``ß (U+00DF)``."""
    one, two = name_key(name), name_key(other)
    changes = [change for change in SequenceMatcher(None, one, two, autojunk=False).get_opcodes() if change[0] != "equal"]
    letters = "".join(one[start:end] + two[other_start:other_end] for _tag, start, end, other_start, other_end in changes)
    telling = [letter for letter in letters if not "!" <= letter <= "~"]  # ASCII is left out: it is only beside the letters that differ
    return ", ".join(dict.fromkeys(map(_code_point, telling or letters)))


def _code_point(letter: str) -> str:
    """A character with its code point. One that is not visible on its own is shown by its Unicode name."""
    code = f"U+{ord(letter):04X}"
    if letter.isprintable() and not letter.isspace() and unicodedata.category(letter)[0] != "M" and not _NOT_DISPLAYED.match(letter):
        return f"{letter} ({code})"
    name = unicodedata.name(letter, "").lower()
    return f"{code} ({name})" if name else code


def is_respelled(shown: str, name: str) -> bool:
    """Whether a provider may have made the name that it shows from one that was sent: by a prefix such as that of a user store, a domain,
    other punctuation, or a greatest length. ``kim`` and ``kimberly`` are two names.
    """
    shown, name = look_alike_key(shown), look_alike_key(name)
    letters, sent_letters = ("".join(filter(str.isalnum, text)) for text in (shown, name))
    if (letters and letters == sent_letters) or (len(shown) >= SHORTEST_LIMIT and name.startswith(shown)):
        return True
    parts = {tuple(re.split(r"[/\\@:|]", text)) for text in (shown, name)}
    short, long = sorted(parts, key=len) if len(parts) == 2 else (("",), ("",))
    return bool(short[0]) and len(short) < len(long) and short in (long[: len(short)], long[-len(short) :])


def text_key(attribute: Attribute, text: str) -> str:
    """Return the form in which all spellings of an attribute's text are equal."""
    return _composed(text) if attribute.case_exact else name_key(text)


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
