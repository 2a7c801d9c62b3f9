# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and values of others: what people see of them."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.escaping import quoted, visible, visible_json, visible_lines
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.tests.hostile import HARMLESS, NAMES, commands

TEXT = st.lists(st.sampled_from([*NAMES, ":", "::", "#", "##", "[", "section_start", "\n", " ", "\\"]) | st.text(max_size=5)).map("".join)


@pytest.mark.parametrize(("name", "seen"), NAMES.items(), ids=NAMES.values())
def test_a_hostile_name_is_shown_and_commands_nothing(name: str, seen: str) -> None:
    assert commands(name) or "\n" in name  # the test itself finds it
    assert visible(name) == seen
    assert commands(seen) == []
    assert quoted(name) == f'"{seen}"'


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_name_stays_as_it_is(name: str) -> None:
    assert visible(name) == name


@given(TEXT)
def test_it_is_one_line_and_done_twice_the_same(text: str) -> None:
    seen = visible(text)
    assert commands(seen) == []
    assert seen.splitlines() == ([seen] if text else [])
    assert visible(seen) == seen


@given(st.characters())
def test_no_character_is_left_that_moves_or_hides_others(character: str) -> None:
    hidden = unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") or unicodedata.bidirectional(character)[:2] in ("LR", "RL", "PD")
    assert not hidden or visible(character).isascii()


@given(TEXT, TEXT)
def test_names_that_differ_look_different(name: str, other: str) -> None:
    """In JSON, which doubles a backslash, always; elsewhere as long as neither has a backslash of its own."""
    assert (visible_json(name) == visible_json(other)) == (name == other)
    if "\\" not in name + other:
        assert (visible(name) == visible(other)) == (name == other)


@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT)), st.sampled_from([None, 2]))
def test_json_has_the_true_value_and_commands_nothing(value: dict[str, object], indent: int | None) -> None:
    text = visible_json(value, indent)
    assert json.loads(text) == value
    assert commands(text) == []
    assert indent or text.splitlines() == [text]


def test_a_name_begins_no_line_of_a_message() -> None:
    assert str(Invalid("two mistakes:", "- kim\n- lee")) == "two mistakes:\n- kim\\n- lee"
    assert visible_lines(["a\u2028b", "c"]) == "a\\u2028b\nc"
