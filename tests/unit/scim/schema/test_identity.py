# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names are the same, which only look alike, and which are different."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.identity import (
    difference,
    hidden_character,
    look_alike_key,
    look_alike_message,
    name_key,
    text_key,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute

SIGNS = re.compile("[\N{OHM SIGN}\N{KELVIN SIGN}\N{ANGSTROM SIGN}]")
SAME = [
    ("jensen", "jensen"),
    ("Jensen", "JENSEN"),
    ("ÖZGÜR", "özgür"),
    ("caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}"),
    ("CAFE\N{COMBINING ACUTE ACCENT}", "caf\N{LATIN SMALL LETTER E WITH ACUTE}"),
    ("a\N{COMBINING DOT BELOW}\N{COMBINING ACUTE ACCENT}", "a\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}"),
    ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
    ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
    ("σάς", "ΣΆΣ"),
    ("\N{LATIN CAPITAL LETTER SHARP S}", "ß"),
    ("İ", "i\N{COMBINING DOT ABOVE}"),
    ("I\N{COMBINING DOT ABOVE}", "İ"),
    ("\N{LATIN CAPITAL LETTER DZ WITH CARON}", "\N{LATIN CAPITAL LETTER D WITH SMALL LETTER Z WITH CARON}"),
    ("\N{GREEK CAPITAL LETTER OMEGA}", "ω"),
    ("Å", "a\N{COMBINING RING ABOVE}"),
    ("5\N{KELVIN SIGN}A", "5\N{KELVIN SIGN}a"),
]
LOOK_ALIKE = [
    ("straße", "strasse"),
    ("STRASSE", "Straße"),
    ("congre\N{LATIN SMALL LETTER LONG S}s", "congress"),
    ("\N{LATIN SMALL LIGATURE FI}n", "fin"),
    ("\N{KELVIN SIGN}im", "kim"),
    ("\N{ANGSTROM SIGN}se", "Åse"),
    ("\N{ANGSTROM SIGN}se", "A\N{COMBINING RING ABOVE}se"),
    ("\N{OHM SIGN}", "\N{GREEK CAPITAL LETTER OMEGA}"),
    ("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"),
    ("\N{FULLWIDTH LATIN CAPITAL LETTER A}nn", "ann"),
    ("ann\N{FULLWIDTH DIGIT ONE}", "ann1"),
    ("a\N{ZERO WIDTH SPACE}nn", "ann"),
    ("ann\N{WORD JOINER}", "ann"),
    ("\N{ZERO WIDTH NO-BREAK SPACE}ann", "ann"),
    ("a\N{SOFT HYPHEN}nn", "ann"),
    ("a\N{COMBINING GRAPHEME JOINER}nn", "ann"),
    ("ann\N{VARIATION SELECTOR-16}", "ann"),
    ("ann\N{HANGUL FILLER}", "ann"),
    ("ann\N{RIGHT-TO-LEFT OVERRIDE}", "ann"),
    ("ann\x7f", "ann"),
    ("ann\t", "ann"),
    ("ann\N{NO-BREAK SPACE}", "ann"),
    ("ann\N{NO-BREAK SPACE}lee", "ann lee"),
    (" ann", "ann"),
    ("Ann ", "ann"),
    (" é", "É"),
    # A capital with iota subscript has no composed form where a mark is between them: the fold must not depend on it.
    ("\N{GREEK CAPITAL LETTER ALPHA WITH VARIA}\N{COMBINING DOT BELOW}\N{COMBINING GREEK YPOGEGRAMMENI}", "ὰ\N{COMBINING DOT BELOW}ι"),
]
DIFFERENT = [
    ("ann", "anna"),
    ("ann lee", "annlee"),
    ("e", "é"),
    ("i", "\N{LATIN SMALL LETTER DOTLESS I}"),
    ("I", "İ"),
    ("a", "\N{CYRILLIC SMALL LETTER A}"),
    ("a-b", "a_b"),
    ("", "a"),
]

# Letters, marks and signs that case, composition or compatibility change: where the rules could contradict each other.
LETTERS = [
    letter
    for letter in map(chr, range(sys.maxunicode + 1))
    if unicodedata.decomposition(letter) or unicodedata.combining(letter) or letter.lower() != letter or letter.casefold() != letter
]
NAMES = st.text(st.sampled_from(LETTERS) | st.sampled_from("aKkSsIi\N{ZERO WIDTH SPACE}\N{KELVIN SIGN}ς ") | st.characters(), max_size=8)


@pytest.mark.parametrize(("name", "other"), SAME)
def test_spellings_of_one_name(name: str, other: str) -> None:
    assert name_key(name) == name_key(other)
    assert look_alike_key(name) == look_alike_key(other)


@pytest.mark.parametrize(("name", "other"), LOOK_ALIKE)
def test_look_alikes_are_different_names(name: str, other: str) -> None:
    assert name_key(name) != name_key(other)
    assert look_alike_key(name) == look_alike_key(other)


@pytest.mark.parametrize(("name", "other"), DIFFERENT)
def test_other_names(name: str, other: str) -> None:
    assert name_key(name) != name_key(other)
    assert look_alike_key(name) != look_alike_key(other)


@pytest.mark.parametrize("key", [name_key, look_alike_key])
def test_no_letter_has_a_key_that_changes_once_more(key: Callable[[str], str]) -> None:
    assert [letter for letter in LETTERS if key(key(letter)) != key(letter)] == []


@given(NAMES)
@example("Σ")
@example("\N{GREEK CAPITAL LETTER ALPHA WITH VARIA}\N{COMBINING GREEK YPOGEGRAMMENI}\N{COMBINING DOT BELOW}")
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    assert look_alike_key(look_alike_key(name)) == look_alike_key(name)


@given(NAMES)
@example("\N{GREEK CAPITAL LETTER ALPHA WITH VARIA}\N{COMBINING GREEK YPOGEGRAMMENI}\N{COMBINING DOT BELOW}")
def test_the_same_name_always_looks_alike(name: str) -> None:
    """As all names of a key, with the key as one of them."""
    assert look_alike_key(name_key(name)) == look_alike_key(name)


@given(NAMES.filter(lambda name: not SIGNS.search(name)), st.sampled_from(["NFC", "NFD"]))
def test_composition_is_irrelevant(name: str, form: str) -> None:
    assert name_key(unicodedata.normalize(form, name)) == name_key(name)


@given(st.text(st.characters(codec="ascii")))
def test_ascii_names_differ_in_case_only(name: str) -> None:
    assert name_key(name) == name_key(name.upper()) == name.lower()
    assert look_alike_key(f"{name}\N{ZERO WIDTH SPACE}") == look_alike_key(name)


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("ann lee", ""),
        ("", ""),
        ("straße", ""),
        ("ann\N{NO-BREAK SPACE}lee", ""),
        ("ann ", "a blank at the end, U+0020 (space),"),
        ("\tann", "a blank at the start, U+0009,"),
        ("é\N{NO-BREAK SPACE}", "a blank at the end, U+00A0 (no-break space),"),
        ("a\N{ZERO WIDTH SPACE}nn", "the invisible character U+200B (zero width space)"),
        ("é\N{WORD JOINER}", "the invisible character U+2060 (word joiner)"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}ann", "the invisible character U+FEFF (zero width no-break space)"),
        ("a\N{SOFT HYPHEN}nn", "the invisible character U+00AD (soft hyphen)"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}nn", "the invisible character U+202E (right-to-left override)"),
        ("a\nb", "the invisible character U+000A"),
        ("a\x7fb", "the invisible character U+007F"),
        ("a\N{LINE SEPARATOR}b", "the invisible character U+2028 (line separator)"),
        ("ann\N{HANGUL FILLER}", "the invisible character U+3164 (hangul filler)"),
        ("an\N{ZERO WIDTH JOINER}n", "the invisible character U+200D (zero width joiner)"),
        ("é\N{ZERO WIDTH JOINER}", "the invisible character U+200D (zero width joiner)"),
        ("ann\N{VARIATION SELECTOR-16}", "the invisible character U+FE0F (variation selector-16)"),
        ("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16} Team", ""),
        ("\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} Developers", ""),
        ("می\N{ZERO WIDTH NON-JOINER}خواهم", ""),
    ],
)
def test_what_nobody_sees_of_a_name(name: str, hidden: str) -> None:
    assert hidden_character(name) == hidden


@pytest.mark.parametrize(
    ("name", "other", "letters"),
    [
        ("STRASSE", "Straße", "ß (U+00DF)"),
        ("\N{ANGSTROM SIGN}se", "åse", "\N{ANGSTROM SIGN} (U+212B), å (U+00E5)"),
        ("ann", "ann ", "U+0020 (space)"),
        ("ann", "a\N{ZERO WIDTH SPACE}nn\x07", "U+200B (zero width space), U+0007"),
        ("a\N{COMBINING GRAPHEME JOINER}nn", "ann", "U+034F (combining grapheme joiner)"),
    ],
)
def test_the_letters_that_differ(name: str, other: str, letters: str) -> None:
    there, back = (difference(*pair) for pair in ((name, other), (other, name)))
    assert there == letters
    assert set(back.split(", ")) == set(letters.split(", "))


def test_the_refusal_of_a_look_alike() -> None:
    assert look_alike_message("user", "strasse", [("straße", "7"), ("straſſe", "")]) == (
        'there is no user called "strasse", only names that look like it: "straße" (id 7), which differs in ß (U+00DF); '
        '"straſſe", which differs in ſ (U+017F). Declare the id or the exact name of the one that is meant.'
    )
    many = look_alike_message("user", "strasse", [("straße", str(number)) for number in range(22)])
    assert many.count("(id ") == 20
    assert " and 2 more. Declare" in many


@pytest.mark.parametrize(
    ("case_exact", "text", "key"),
    [
        (False, "Jensen", "jensen"),
        (False, "Straße", "straße"),
        (True, "Jensen", "Jensen"),
        (True, "Cafe\N{COMBINING ACUTE ACCENT}", "Caf\N{LATIN SMALL LETTER E WITH ACUTE}"),
    ],
)
def test_the_text_of_an_attribute(case_exact: bool, text: str, key: str) -> None:
    assert text_key(Attribute("a", case_exact=case_exact), text) == key
