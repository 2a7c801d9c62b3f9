# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order a plan is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.ordering import claimed_name, freed_name, waves
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.unit.plan.planned import created, deleted, entry, moved, person, team, updated, writes_body


def order(*changes: Change) -> list[list[str]]:
    """The names that are written, wave by wave."""
    return [sorted(change.name for change in wave) for wave in waves(Plan(changes)) if wave]


def renamed(old: str, new: str) -> Change:
    return updated(person(old), userName=new)


def test_what_takes_access_away_is_first_and_deletions_are_last() -> None:
    changes = (
        created("new"),
        deleted(person("gone")),
        deleted(team("Gone")),
        updated(person("off"), active=False),
        updated(person("other"), title="Boss"),
        renamed("old", "renamed"),
        created("Team", GROUP, ["User:new"]),
        moved(team("Left"), leaves=["id-x"]),
        moved(team("Joined"), joins=["id-x"]),
    )
    expected = [["Left", "off"], ["renamed"], ["other"], ["new"], ["Team"], ["Joined"], ["Gone", "gone"]]
    assert order(*changes) == expected
    assert order(*reversed(changes)) == expected


def test_a_name_is_freed_before_it_is_taken() -> None:
    assert order(created("kim"), deleted(person("KIM"))) == [["KIM"], ["kim"]]
    assert order(created("a"), renamed("a", "b"), renamed("b", "c"), renamed("c", "d")) == [["d"], ["c"], ["b"], ["a"]]
    assert order(renamed("lee", "kim"), deleted(person("kim")), deleted(person("pat"))) == [["kim"], ["kim"], ["pat"]]


def test_what_keeps_its_name_neither_takes_nor_frees_one() -> None:
    """Groups may share a name: one is deleted last although another of that name is changed or joined."""
    kept, gone = updated(team("Sales", id="1"), externalId="e"), deleted(team("Sales", id="2"))
    assert order(kept, gone, created("new")) == [["new"], ["Sales"], ["Sales"]]
    found = [change for wave in waves(Plan((kept, gone))) for change in wave]
    assert [change.key for change in found] == ["1", "2"]
    assert (freed_name(kept), claimed_name(kept)) == (None, None)


def test_who_is_renamed_and_deactivated_waits_for_the_name() -> None:
    both = updated(person("lee"), userName="kim", active=False)
    assert order(both, deleted(person("kim")), updated(person("off"), active=False)) == [["off"], ["kim"], ["kim"]]


def test_a_new_spelling_of_a_name_waits_for_nobody() -> None:
    assert order(renamed("kim", "Kim")) == [["Kim"]]


@pytest.mark.parametrize("names", [("a", "b"), ("a", "b", "c")])
def test_a_circle_of_renames_cannot_be_written(names: Sequence[str]) -> None:
    circle = [renamed(one, other) for one, other in zip(names, [*names[1:], names[0]], strict=True)]
    with pytest.raises(Invalid, match=r"These renames wait for each other: a to b, .*Give one of them another name first, and run twice"):
        order(*circle, renamed("x", "y"))


def test_a_group_is_made_after_those_that_it_has_as_members() -> None:
    inner, middle, outer = created("inner", GROUP), created("middle", GROUP, ["Group:inner"]), created("outer", GROUP, ["Group:middle"])
    for changes in permutations((inner, middle, outer)):
        assert order(*changes) == [["inner"], ["middle"], ["outer"]]


def test_groups_in_each_other_are_made_without_each_other_first() -> None:
    a, b = created("a", GROUP, ["Group:b", "User:kim"]), created("b", GROUP, ["Group:a"])
    found = list(waves(Plan((a, b, created("kim")))))
    made = [change for wave in found for change in wave if change.before is None and change.type is GROUP]
    joined = [change for wave in found for change in wave if change.before is not None]
    assert [(change.name, change.joins) for change in made] == [("a", ("User:kim",)), ("b", ())]
    assert [(change.key, change.joins, writes_body(change)) for change in joined] == [
        ("Group:a", ("Group:b",), False),
        ("Group:b", ("Group:a",), False),
    ]
    assert [(change.before.id, change.before.name, change.after) for change in joined if change.before] == [
        ("Group:a", "a", {"displayName": "a"}),
        ("Group:b", "b", {"displayName": "b"}),
    ]


def test_who_leaves_does_not_wait_for_who_is_new() -> None:
    group = replace(team("Sales", "old", externalId="s"), version='W/"1"', complete=True)
    change = moved(group, joins=["id-there", "User:new"], leaves=["id-old"])
    first, later = (wave[0] for wave in waves(Plan((change, created("new")))) if wave and wave[0].type is GROUP)
    assert (first.joins, first.leaves) == (("id-there",), ("id-old",))
    assert (later.joins, later.leaves, writes_body(later)) == (("User:new",), (), False)
    # What was read is no longer what is there: a PUT of it would bring back who has left.
    assert later.before is not None
    assert not later.before.complete
    assert later.before.version is None
    assert (later.before.id, later.before.body, later.after) == (group.id, group.body, group.body)
    assert first.before is group


def test_who_may_be_a_member_that_is_not_found_waits_for_who_is_new() -> None:
    """Somebody whom nobody declares may be the declared member under another name."""
    both = replace(moved(team("Both"), joins=["User:new", "id-x"], leaves=["id-old", "id-other"]), uncertain=frozenset({"id-other"}))
    only = replace(moved(team("Only"), joins=["User:new"], leaves=["id-other"]), uncertain=frozenset({"id-other"}))
    found = [[(c.name, c.joins, c.leaves) for c in wave if c.type is GROUP] for wave in waves(Plan((both, only, created("new"))))]
    assert [wave for wave in found if wave] == [
        [("Both", ("id-x",), ("id-old",))],
        [("Both", ("User:new",), ("id-other",)), ("Only", ("User:new",), ("id-other",))],
    ]


def test_attributes_of_a_group_are_written_once() -> None:
    group = team("Sales", "old")
    change = moved(group, joins=["User:new"], leaves=["id-old"])
    renamed_group = updated(group, displayName="Sales Europe")
    both = Change(GROUP, group.id, "Sales Europe", group, renamed_group.after, joins=change.joins, leaves=change.leaves)
    found = [one for wave in waves(Plan((both, created("new")))) for one in wave if one.type is GROUP]
    assert [writes_body(one) for one in found] == [True, False]


def test_each_change_is_in_one_wave() -> None:
    changes = (created("a"), deleted(person("A")), updated(person("b"), title="x"), renamed("c", "d"), updated(person("e"), active=False))
    found = [change for wave in waves(Plan(changes)) for change in wave]
    assert sorted(map(id, found)) == sorted(map(id, changes))


def test_an_empty_plan_has_nothing_to_write() -> None:
    assert order() == []


def renamed_group(old: str, new: str, **moves: Sequence[str]) -> Change:
    return replace(updated(team(old), displayName=new), **{name: tuple(keys) for name, keys in moves.items()})


def test_a_groups_name_is_freed_before_it_is_taken() -> None:
    """Okta, AWS and others keep the names of groups unique."""
    assert order(renamed_group("a", "b"), renamed_group("b", "c"), created("a", GROUP)) == [["c"], ["b"], ["a"]]
    assert order(renamed_group("lee", "kim"), deleted(team("kim")), deleted(team("pat"))) == [["kim"], ["kim"], ["pat"]]
    assert order(created("kim", GROUP), deleted(person("kim"))) == [["kim"], ["kim"]]
    assert order(renamed_group("a", "b", joins=["User:new"]), renamed_group("b", "c"), created("new")) == [["c"], ["b"], ["new"], ["b"]]


def test_groups_may_swap_their_names() -> None:
    assert order(renamed_group("a", "b"), renamed_group("b", "a")) == [["a", "b"]]


def test_the_message_about_a_circle_says_where_each_name_is_declared() -> None:
    one = replace(renamed("a", "b"), entry=entry("b"))
    other = replace(renamed("b", "a"), entry=entry("a", origin=Origin()))
    with pytest.raises(Invalid) as refused:
        order(one, other, renamed("x", "y"))
    assert str(refused.value) == (
        "These renames wait for each other: a to b (users.yml:7: users[0]), b to a. Give one of them another name first, and run twice."
    )
    with pytest.raises(Invalid, match=r": a to b, b to c, c to a\. Give"):
        order(renamed("a", "b"), renamed("b", "c"), renamed("c", "a"))


def test_a_group_that_leaves_and_one_that_only_waits() -> None:
    both = moved(team("Both"), joins=["User:new", "id-x"], leaves=["id-y"])
    waiting = moved(team("Waiting"), joins=["User:new", "id-x"])
    described = updated(team("Described"), description="x")
    found = [
        [(c.name, c.joins, c.leaves) for c in wave if c.type is GROUP] for wave in waves(Plan((both, waiting, described, created("new"))))
    ]
    assert [wave for wave in found if wave] == [
        [("Both", ("id-x",), ("id-y",))],
        [("Both", ("User:new",), ()), ("Waiting", ("User:new", "id-x"), ()), ("Described", (), ())],
    ]


def test_a_deleted_user_and_a_group_of_one_id_are_two() -> None:
    user, group = person("kim", id="5"), team("Sales", id="5")
    assert order(created("kim"), deleted(user), deleted(group)) == [["kim"], ["kim"], ["Sales"]]
    assert order(created("Sales", GROUP), deleted(user), deleted(group)) == [["Sales"], ["Sales"], ["kim"]]


def test_a_renamed_group_that_waits_for_members_keeps_its_new_name() -> None:
    change = renamed_group("old", "new", joins=["User:kim", "id-x"], leaves=["id-y"])
    found = [c for wave in waves(Plan((change, created("kim")))) for c in wave if c.type is GROUP]
    assert [(c.name, c.joins, c.leaves, writes_body(c)) for c in found] == [
        ("new", ("id-x",), ("id-y",), True),
        ("new", ("User:kim",), (), False),
    ]
