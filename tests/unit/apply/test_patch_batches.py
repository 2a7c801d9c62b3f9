# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One update as PATCHes: within the provider's limit, nothing lost and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.patch_batches import Batch

TITLE = {"op": "replace", "path": "displayName", "value": "Sales"}
SALES = Batch((TITLE,), ("a", "b"), ("c",))
KEYS = st.lists(st.integers(0, 99).map(str), unique=True, max_size=12)


def test_nothing_is_no_request() -> None:
    assert list(Batch().within(10, None, by_value=False)) == []


def test_attributes_and_members_are_one_request() -> None:
    assert list(SALES.within(None, None, by_value=False)) == [SALES]


def test_what_takes_away_is_first() -> None:
    assert Batch((TITLE,), ("a", "b"), ("c", 'd"e')).operations(by_value=False) == [
        TITLE,
        {"op": "remove", "path": 'members[value eq "c"]'},
        {"op": "remove", "path": 'members[value eq "d\\"e"]'},
        {"op": "add", "path": "members", "value": [{"value": "a"}, {"value": "b"}]},
    ]
    assert Batch((), (), ("c", "d")).operations(by_value=True) == [
        {"op": "remove", "path": "members", "value": [{"value": "c"}, {"value": "d"}]}
    ]


@pytest.mark.parametrize(
    ("limit", "leaves_first", "joins_first"),
    [
        (1, "-x -y +a +b +c", "+a +b +c -x -y"),
        (2, "-xy +ab +c", "+ab +c-x -y"),
        (3, "+a-xy +bc", "+abc -xy"),
        (5, "+abc-xy", "+abc-xy"),
        (100, "+abc-xy", "+abc-xy"),
    ],
)
def test_a_limit_of_members(limit: int, leaves_first: str, joins_first: str) -> None:
    for first, expected in ((False, leaves_first), (True, joins_first)):
        found = list(Batch((TITLE,), tuple("abc"), tuple("xy"), first).within(limit, None, by_value=False))
        shown = (("+" * bool(b.joins) + "".join(b.joins) + "-" * bool(b.leaves) + "".join(b.leaves)) for b in found)
        assert " ".join(shown) == expected
        assert [batch.attributes for batch in found] == [(TITLE,), *[()] * (len(found) - 1)]


def test_those_who_leave_and_those_who_join_are_halves() -> None:
    whole = Batch((TITLE,), tuple("abc"), tuple("x"))
    assert whole.halves() == (Batch((TITLE,), (), tuple("x")), Batch((), tuple("abc")))
    whole = replace(whole, joins_first=True)
    assert whole.halves() == (Batch((TITLE,), tuple("abc"), (), True), Batch((), (), tuple("x"), True))


@given(KEYS, KEYS, st.none() | st.integers(1, 15), st.booleans())
def test_parts_are_the_whole(joins: list[str], leaves: list[str], limit: int | None, named: bool) -> None:
    attributes: Any = (TITLE,) if named else ()
    found = list(Batch(attributes, tuple(joins), tuple(leaves)).within(limit, None, by_value=False))
    assert [key for batch in found for key in batch.joins] == joins
    assert [key for batch in found for key in batch.leaves] == leaves
    assert [one for batch in found for one in batch.attributes] == list(attributes)
    assert all(limit is None or len(batch.members) <= limit for batch in found)
    assert all(batch.members or batch.attributes for batch in found)


@given(KEYS, KEYS)
def test_halves_are_the_whole_and_become_one_by_one(joins: list[str], leaves: list[str]) -> None:
    waiting, alone = [Batch((TITLE,), tuple(joins), tuple(leaves))], []
    while waiting:
        batch = waiting.pop(0)
        if len(batch.members) > 1 or (batch.members and batch.attributes):
            halves = batch.halves()
            assert sum((half.members for half in halves), ()) == batch.members
            waiting = [*halves, *waiting]
        else:
            alone.append(batch)
    assert [key for batch in alone for key in batch.leaves] == leaves
    assert [key for batch in alone for key in batch.joins] == joins
    assert [batch.attributes for batch in alone if batch.attributes] == [(TITLE,)]


@given(st.integers(0, 4), KEYS, KEYS, st.integers(1, 6), st.booleans())
def test_a_limit_of_operations(named: int, joins: list[str], leaves: list[str], most: int, by_value: bool) -> None:
    attributes = tuple({**TITLE, "value": str(number)} for number in range(named))
    found = list(Batch(attributes, tuple(joins), tuple(leaves)).within(None, most, by_value))
    assert all(len(batch.operations(by_value)) == batch.count(by_value) <= most for batch in found)
    assert [key for batch in found for key in batch.joins] == joins
    assert [key for batch in found for key in batch.leaves] == leaves
    assert [one for batch in found for one in batch.attributes] == list(attributes)
