# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML as it is declared: what is written is what is read, and what is wrong has a line."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration import yaml_reader
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.yaml_reader import read_yaml
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid

BOMB = "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))])


def read(text: str) -> Any:
    return read_yaml("users.yml", text)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("# nothing\n", None),
        ("---\n", None),
        ("---\n...\n", None),
        ("a: 1", {"a": "1"}),
        # None of YAML's guesses: the attribute knows its type.
        ("country: NO", {"country": "NO"}),
        ("number: 00123", {"number": "00123"}),
        (
            "a: [yes, on, True, 1e3, 0x1F, 1_000, 12:30:45, 2027-01-31, .inf, 1.10]",
            {"a": ["yes", "on", "True", "1e3", "0x1F", "1_000", "12:30:45", "2027-01-31", ".inf", "1.10"]},
        ),
        ("a: null", {"a": None}),
        ("a: [~, Null, NULL, null, nULL]", {"a": [None, None, None, None, "nULL"]}),
        ("a:\nb: 1", {"a": None, "b": "1"}),
        ("a: ''\nb: \"\"\nc: 'null'\nd: \"~\"", {"a": "", "b": "", "c": "null", "d": "~"}),
        ("a: !!str null", {"a": "null"}),
        ("a: !!str 1", {"a": "1"}),
        ("a: |\n  one\n  two\nb: >-\n  three\n  four", {"a": "one\ntwo\n", "b": "three four"}),
        ("a: |\n  null\n", {"a": "null\n"}),
        ("null: 1\ntrue: 2\n12: 3", {"null": "1", "true": "2", "12": "3"}),
        ("a: {b: [c, {d: e}]}", {"a": {"b": ["c", {"d": "e"}]}}),
        ("{}", {}),
        ("[]", []),
        ("- a\n- b", ["a", "b"]),
        ("just a text", "just a text"),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": "1"}, "c": {"b": "1"}}),
        ("a: &x [1, 2]\nc: [*x, 3]", {"a": ["1", "2"], "c": [["1", "2"], "3"]}),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": "1", "b": "2", "c": "2"}),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", {"a": {"b": "1", "c": "2"}, "d": {"c": "3", "b": "1"}}),
        ("a: &x {b: 1}\nd: {c: 3, <<: *x}", {"a": {"b": "1"}, "d": {"c": "3", "b": "1"}}),
        ("a: &x {b: 1}\ne: &y {b: 2, c: 2}\nd: {<<: [*x, *y]}", {"a": {"b": "1"}, "e": {"b": "2", "c": "2"}, "d": {"b": "1", "c": "2"}}),
        ("d: {<<: {b: 1}}", {"d": {"b": "1"}}),
        ('d: {"<<": 1}', {"d": {"<<": "1"}}),
        ("a: 'it''s'\nb: \"\\u00e9\\t\"", {"a": "it's", "b": "é\t"}),
        ("%YAML 1.1\n---\na: 1", {"a": "1"}),
        ("a: 1\r\nb: 2\r\n", {"a": "1", "b": "2"}),
        ("\ufeffa: 1", {"a": "1"}),
    ],
)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_values(text: str, expected: Any, loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "Loader", getattr(yaml, loader))
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3", 'users.yml:3: duplicate key "a" (lines 1 and 3).'),
        ("a:\n  - b: 1\n    c: 2\n    b: 1\n", 'users.yml:4: duplicate key "b" (lines 2 and 4)'),
        ("a: {b: 1, 'b': 2}", 'users.yml:1: duplicate key "b" (lines 1 and 1)'),
        ("a: *x", "users.yml:1: an alias has no anchor before it; expected quotes around text that begins with one of *"),
        ("a: 1\nb: &x [*x]", "users.yml:2: an alias has no anchor before it"),
        ("a: 1\n---\nb: 2", "users.yml:2: a second document begins here; expected one document in a file."),
        (
            "a: 1\nb: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  00",
            "users.yml:2: a single value encrypted with Ansible Vault cannot be decrypted in a file",
        ),
        ("a: !env HOME", "users.yml:1: a tag is not supported; expected a plain value, and quotes around"),
        (
            "a: !!python/object/apply:os.system [ls]",
            'users.yml:1: the tag "tag:yaml.org,2002:python/object/apply:os.system" is not supported',
        ),
        ("a: !!int '1'", 'users.yml:1: the tag "tag:yaml.org,2002:int" is not supported'),
        ("a: !!set {b: 1}", 'users.yml:1: the tag "tag:yaml.org,2002:set" is not supported'),
        ("a:\n\t- b", "users.yml:2: not valid YAML: "),
        ("a: [1,\n2", "users.yml:3: not valid YAML: "),
        ("a: 'b", "users.yml:1: not valid YAML: "),
        ("a: b: c", "users.yml:1: not valid YAML: "),
        ("a: 1\n b: 2", "users.yml:2: not valid YAML: "),
        ("a: @b", "users.yml:1: not valid YAML: "),
        ("a: {{ name }}", "users.yml:1: a key must be plain text"),
        ("? [a]\n: b", "users.yml:1: a key must be plain text"),
        ("d: {<<: 1}", 'users.yml:1: "<<" can merge only mappings'),
        ("d:\n  c: 1\n  <<: [{a: 1}, b]", 'users.yml:2: "<<" can merge only mappings'),
        ("a: \x00", "users.yml: not valid YAML: "),
        pytest.param("a: " + "[" * 70 + "]" * 70, "users.yml:1: nested deeper than 64 levels", id="too deep"),
        pytest.param(BOMB, "users.yml:9: the file has more than 20,000,000 values", id="aliases of aliases"),
    ],
)
def test_mistakes(text: str, expected: str) -> None:
    with pytest.raises(Invalid) as invalid:
        read(text)
    assert expected in str(invalid.value)
    assert "\n" not in str(invalid.value)


def message_of(text: str) -> str:
    """The error for a text; empty if it can be read."""
    try:
        read(text)
    except Invalid as invalid:
        return str(invalid)
    return ""


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize("first", "*!&%@|>`[{#?-\"'")
@pytest.mark.parametrize("key", ["password", "title", "- a"])
def test_no_mistake_quotes_a_value(first: str, key: str, loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password without quotes is YAML's own syntax where it begins with one of its characters."""
    monkeypatch.setattr(yaml_reader, "Loader", getattr(yaml, loader))
    for rest in ("Kestrel7", "Kestrel7 hawk", "Kestrel7'hawk: x", "Kestrel7!hawk", "Kestrel7\n  hawk", '"Kestrel7'):
        for text in (f"{key}: {first}{rest}\n", f"users:\n  - {{user_name: kim, {key}: {first}{rest}}}\n"):
            assert not re.search("estrel|hawk", message_of(text))


@pytest.mark.parametrize("first", "*!&%@|>`")
def test_a_password_without_quotes_is_refused_with_the_way_out(first: str) -> None:
    with pytest.raises(Invalid, match=r"expected (a plain value, and )?quotes around text that begins with one of"):
        read(f"users:\n  - user_name: kim\n    password: {first}Kestrel7\n")


PEOPLE = """\
# people
users:
  - user_name: kim
    emails: [a, b]

  -
    user_name: lee
groups: [a,
  b]
defaults:
  name:
    family_name: x
"""


def test_the_lines_of_entries_and_of_all_outside_of_them() -> None:
    value, lines = read_yaml("f.yml", PEOPLE)
    assert value["users"][1] == {"user_name": "lee"}
    assert lines == {
        "users": 2,
        "users[0]": 3,
        "users[1]": 7,
        "groups": 8,
        "groups[0]": 8,
        "groups[1]": 9,
        "defaults": 10,
        "defaults.name": 11,
        "defaults.name.family_name": 12,
    }


def test_the_lines_inside_an_entry_where_they_are_wanted() -> None:
    everywhere, inside = read_yaml("f.yml", PEOPLE)[1], read_yaml("f.yml", PEOPLE, {"users[0]"})[1]
    assert inside == {**everywhere, "users[0].user_name": 3, "users[0].emails": 4, "users[0].emails[0]": 4, "users[0].emails[1]": 4}


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029"), max_size=20)
KEYS = TEXTS.filter(lambda text: text != "<<")
DATA = st.recursive(
    TEXTS
    | st.sampled_from(["null", "~", "", "NO", "00123", "<<", "*a", "&a", "!b", "a: b", "- c", "# d", "{{ e }}", " f ", "1\n2"])
    | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(DATA, st.booleans(), st.booleans(), st.sampled_from([None, "'", '"', "|"]))
def test_what_was_written_is_what_is_read(data: Any, flow: bool, unicode: bool, style: str | None) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=unicode, default_style=style, width=40)
    nothing = style is not None and "!!null" in text  # PyYAML tags a null that it quotes
    if not nothing:
        assert read(text) == data


@given(st.lists(st.fixed_dictionaries({"user_name": TEXTS}, optional={"title": TEXTS | st.none()}), min_size=1, max_size=8), st.booleans())
def test_each_line_is_that_of_its_entry(users: list[Any], flow: bool) -> None:
    text = yaml.safe_dump({"users": users}, default_flow_style=None if flow else False)
    value, lines = read_yaml("f.yml", text)
    assert value == {"users": users}
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith("- ")]
    if len(starts) == len(users):
        assert [lines[f"users[{index}]"] for index in range(len(users))] == starts
