# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML that is written: every reader gets the text that was meant, ours and PyYAML's with all its guesses."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.writer import as_file, as_yaml
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.yaml_reader import read_yaml

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
VALUES = st.recursive(TEXT | st.booleans(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))


def test_a_person() -> None:
    person = {
        "user_name": "bjensen@example.com",
        "name": {"family_name": "O'Brien", "given_name": "Jürgen"},
        "emails": [{"value": "bjensen@example.com", "primary": True}],
        "extensions": {"urn:example:badge:1.0:User": {"colour": "red"}},
    }
    assert as_yaml({"users": [person], "groups": []}) == (
        "users:\n"
        "  - user_name: bjensen@example.com\n"
        "    name:\n"
        "      family_name: O'Brien\n"
        "      given_name: Jürgen\n"
        "    emails:\n"
        "      - value: bjensen@example.com\n"
        "        primary: true\n"
        "    extensions:\n"
        '      "urn:example:badge:1.0:User":\n'
        "        colour: red\n"
        "groups: []\n"
    )


GUESSED = ["NO", "off", "y", "null", "~", "00123", "1e3", "0x1F", "1:30", "2027-01-31", ".inf", "", " x", "x ", "a: b", "a #b", "- a", "@a"]
GUESSED += [
    "{a}",
    "[a]",
    "*a",
    "&a",
    "!a",
    "%a",
    "a\nb",
    "\x85",
    "\u2028",
    "\ufeffa",
    "<<",
    "=",
    "true",
    "12,5",
    "0o14",
    "+1",
    "#a",
    "'a'",
    '"',
]


@pytest.mark.parametrize("text", GUESSED)
def test_what_could_be_guessed_wrong_is_quoted(text: str) -> None:
    written = as_yaml({"a": text})
    assert written.startswith('a: "')
    assert yaml.safe_load(written) == {"a": text}


@pytest.mark.parametrize("text", ["Jensen", "a@example.com", "Data & AI (EU)", "R-2.1", "Zoë", "not null"])
def test_what_cannot_is_plain(text: str) -> None:
    assert as_yaml({"a": text}) == f"a: {text}\n"


@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=3))
def test_it_reads_back(value: dict[str, Any]) -> None:
    assert yaml.safe_load(as_yaml(value)) == value
    assert json.loads(as_file("x.json", value, "")) == value


@given(TEXT)
def test_our_reader_reads_it_back(text: str) -> None:
    assert read_yaml("x.yml", as_yaml({"a": {"b": [text]}}))[0] == {"a": {"b": [text]}}
