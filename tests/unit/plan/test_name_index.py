# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resources an id or a name may mean."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.name_index import NameIndex


def filled() -> NameIndex:
    index = NameIndex()
    index.add("1", "old-1", "Kim")
    index.add("1", name="kim@example.com")
    index.add("1", None, "")
    index.add("2", "", "KIM")
    index.add("kim", name="Sales")
    index.add("3")
    return index


def test_an_id_means_one_resource_and_keeps_its_case() -> None:
    index = filled()
    assert [index.by_id(one) for one in ("1", "old-1", "2", "kim", "KIM", "3", "", "None")] == ["1", "1", "2", "kim", None, "3", None, None]


def test_a_name_means_all_that_have_it_in_any_spelling() -> None:
    index = filled()
    assert [list(index.by_name(name)) for name in ("kim", "KIM@example.com", "sales", "none", "")] == [["1", "2"], ["1"], ["kim"], [], []]


def test_a_text_means_what_has_it_as_an_id_first_and_each_once() -> None:
    index = filled()
    assert [index.find(text) for text in ("kim", "KIM", "1", "sales", "none")] == [["kim", "1", "2"], ["1", "2"], ["1"], ["kim"], []]
    index.add("sales", name="sales")
    assert index.find("sales") == ["sales", "kim"]


def test_a_resource_that_is_added_twice_is_one() -> None:
    index = filled()
    index.add("1", "new-1", "KIM")
    index.add("1", name="Kimberley")
    assert (list(index.by_name("kim")), list(index.by_name("kimberley")), index.by_id("new-1")) == (["1", "2"], ["1"], "1")


def test_a_name_that_only_looks_like_one() -> None:
    index = NameIndex()
    index.add("1", name="straße")
    index.add("2", name="STRASSE")
    index.add("3", name="ann")
    assert index.look_alikes("strasse") == ["1"]
    assert index.look_alikes("straße") == ["2"]
    assert index.look_alikes("straſſe") == ["2", "1"]
    assert index.look_alikes("ann") == index.look_alikes("lee") == []
    assert index.by_name("strasse") == ["2"]
