# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One update as PATCHes: within the provider's limit, nothing lost and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.patch_batches import Part, parts, within

TITLE = {"op": "replace", "path": "displayName", "value": "Sales"}
KEYS = st.lists(st.integers(0, 99).map(str), unique=True, max_size=12)


def test_nothing_is_no_request() -> None:
    assert list(parts([], [], [], 10)) == []


def test_attributes_and_members_are_one_request() -> None:
    assert list(parts([TITLE], ["a", "b"], ["c"], None)) == [Part((TITLE,), ("a", "b"), ("c",))]


def test_what_takes_away_is_first() -> None:
    assert Part((TITLE,), ("a", "b"), ("c", 'd"e')).operations(by_value=False) == [
        TITLE,
        {"op": "remove", "path": 'members[value eq "c"]'},
        {"op": "remove", "path": 'members[value eq "d\\"e"]'},
        {"op": "add", "path": "members", "value": [{"value": "a"}, {"value": "b"}]},
    ]
    assert Part((), (), ("c", "d")).operations(by_value=True) == [
        {"op": "remove", "path": "members", "value": [{"value": "c"}, {"value": "d"}]}
    ]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (1, [("", "x"), ("", "y"), ("a", ""), ("b", ""), ("c", "")]),
        (2, [("", "xy"), ("ab", ""), ("c", "")]),
        (3, [("a", "xy"), ("bc", "")]),
        (5, [("abc", "xy")]),
        (100, [("abc", "xy")]),
    ],
)
def test_a_limit_of_members(limit: int, expected: list[tuple[str, str]]) -> None:
    found = list(parts([TITLE], list("abc"), list("xy"), limit))
    assert [("".join(part.joins), "".join(part.leaves)) for part in found] == expected
    assert [part.attributes for part in found] == [(TITLE,), *[()] * (len(expected) - 1)]


@given(KEYS, KEYS, st.none() | st.integers(1, 15), st.booleans())
def test_parts_are_the_whole(joins: list[str], leaves: list[str], limit: int | None, named: bool) -> None:
    attributes: list[Any] = [TITLE] if named else []
    found = list(parts(attributes, joins, leaves, limit))
    assert [key for part in found for key in part.joins] == joins
    assert [key for part in found for key in part.leaves] == leaves
    assert [one for part in found for one in part.attributes] == attributes
    assert all(limit is None or part.members <= limit for part in found)
    assert all(part.members or part.attributes for part in found)


@given(KEYS, KEYS)
def test_halves_are_the_whole_and_become_one_by_one(joins: list[str], leaves: list[str]) -> None:
    waiting, alone = [Part((TITLE,), tuple(joins), tuple(leaves))], []
    while waiting:
        part = waiting.pop(0)
        if part.members > 1 or (part.members and part.attributes):
            halves = part.halves()
            assert sum(half.members for half in halves) == part.members
            waiting = [*halves, *waiting]
        else:
            alone.append(part)
    assert [key for part in alone for key in part.leaves] == leaves
    assert [key for part in alone for key in part.joins] == joins
    assert [part.attributes for part in alone if part.attributes] == [(TITLE,)]


@given(st.integers(0, 4), KEYS, KEYS, st.integers(1, 6), st.booleans())
def test_a_limit_of_operations(named: int, joins: list[str], leaves: list[str], most: int, by_value: bool) -> None:
    attributes = tuple({**TITLE, "value": str(number)} for number in range(named))
    found = list(within(Part(attributes, tuple(joins), tuple(leaves)), most, by_value))
    assert all(len(part.operations(by_value)) == part.count(by_value) <= most for part in found)
    assert [key for part in found for key in part.joins] == joins
    assert [key for part in found for key in part.leaves] == leaves
    assert [one for part in found for one in part.attributes] == list(attributes)
