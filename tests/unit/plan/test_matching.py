# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who: the same entry finds the same resource, and never another one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import ABSENT, Entry, Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.plan import matching
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.matching import (
    Finder,
    Pair,
    found_by,
    index,
    provisional_key,
    shared_external_ids,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource, read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import ResourceType


def entry(user_name: str | None = None, line: int = 0, **more: Any) -> Entry:
    attributes = {"userName": user_name, "externalId": more.pop("external_id", None)}
    origin = Origin("users.yml", line) if line else Origin()
    return Entry(USER, {name: value for name, value in attributes.items() if value}, origin=origin, **more)


def people(*raw: dict[str, Any]) -> dict[str, Resource]:
    return {one["id"]: read(USER, one) for one in raw}


BABS = {"id": "1", "userName": "BJensen@example.com", "externalId": "e1"}
KIM = {"id": "2", "userName": "kim", "externalId": "e2"}
TENANT = people(BABS, KIM)
BY_NAME = ("id", "userName")


def match(resource_type: ResourceType, entries: list[Entry], tenant: dict[str, Resource], keys: tuple[str, ...], *more: Any) -> list[Pair]:
    return matching.match(Finder(resource_type, keys, tenant.values()), entries, *more)


def keys(pairs: list[Pair]) -> list[tuple[str, bool, bool]]:
    """Key, whether declared, whether there."""
    return [(pair.key, pair.entry is not None, pair.before is not None) for pair in pairs]


def test_a_name_in_any_case_finds_its_resource_and_the_rest_is_undeclared() -> None:
    found = match(USER, [entry("bjensen@EXAMPLE.com"), entry("New@example.com")], TENANT, BY_NAME)
    assert keys(found) == [("1", True, True), ("User:new@example.com", True, False), ("2", False, True)]
    assert found[0].before is TENANT["1"]


def test_an_id_finds_exactly() -> None:
    assert keys(match(USER, [entry(id="2")], TENANT, BY_NAME)) == [("2", True, True), ("1", False, True)]
    with pytest.raises(Invalid, match='no user with the id "A"'):
        match(USER, [entry("a", id="A")], people({"id": "a", "userName": "x"}), BY_NAME)


def test_an_id_and_another_name_is_a_rename() -> None:
    assert keys(match(USER, [entry("babs", id="1")], TENANT, BY_NAME))[0] == ("1", True, True)


def test_an_external_id_in_another_case_finds_nobody() -> None:
    assert keys(match(USER, [entry(external_id="E1")], TENANT, ("externalId",)))[0][2] is False
    assert keys(match(USER, [entry(external_id="e1")], TENANT, ("externalId",)))[0] == ("1", True, True)


def test_an_attribute_that_is_not_matched_on_finds_nobody() -> None:
    assert keys(match(USER, [entry("new", external_id="e1")], TENANT, BY_NAME))[0] == ("User:new", True, False)


def test_an_old_name_finds_who_is_not_found_by_the_new_one() -> None:
    assert keys(match(USER, [entry("new", previously=("KIM",))], TENANT, BY_NAME))[0] == ("2", True, True)
    assert keys(match(USER, [entry("kim", previously=("gone",))], TENANT, BY_NAME))[0] == ("2", True, True)


def test_one_who_is_absent_may_be_gone_already() -> None:
    assert keys(match(USER, [entry("x", id="9", state=ABSENT)], TENANT, BY_NAME))[0] == ("User:x", True, False)


@pytest.mark.parametrize(
    ("entries", "tenant", "match_on", "message"),
    [
        (
            [entry("kim", 3, external_id="e1")],
            TENANT,
            ("externalId", "userName"),
            "users.yml:3: external_id e1 and user_name kim find 2 users: BJensen@example.com (id 1); kim (id 2). "
            "Declare the id of the one that is meant.",
        ),
        (
            [entry(external_id="e", line=4)],
            people({"id": "1", "externalId": "e"}, {"id": "2", "externalId": "e"}),
            ("externalId",),
            "users.yml:4: external_id e finds 2 users: 1 (id 1); 2 (id 2). Declare the id of the one that is meant.",
        ),
        (
            [entry("new", 5, previously=("kim", "bjensen@example.com"))],
            TENANT,
            BY_NAME,
            "users.yml:5: previously kim and previously bjensen@example.com find 2 users: kim (id 2); BJensen@example.com (id 1). "
            "Declare the id of the one that is meant.",
        ),
        (
            [entry("kim", 3), entry(id="2", line=9)],
            TENANT,
            BY_NAME,
            "users.yml:9: 2 and users.yml:3: kim are the same user kim (id 2). Remove one of the entries.",
        ),
        (
            [entry("babs", 7, id="77")],
            TENANT,
            BY_NAME,
            'users.yml:7: there is no user with the id "77". The provider assigns ids: to create babs, declare it without an id.',
        ),
    ],
)
def test_what_cannot_be_told(entries: list[Entry], tenant: dict[str, Resource], match_on: tuple[str, ...], message: str) -> None:
    with pytest.raises(Invalid) as wrong:
        match(USER, entries, tenant, match_on)
    assert str(wrong.value) == message


def test_all_that_cannot_be_told_is_told_at_once() -> None:
    with pytest.raises(Invalid) as wrong:
        match(USER, [entry("a", id="77"), entry("kim"), entry(id="2"), entry("b", id="78")], TENANT, BY_NAME)
    assert len(str(wrong.value).splitlines()) == 3


def test_two_groups_of_one_name_are_told_apart_by_id_only() -> None:
    groups = {one: read(GROUP, {"id": one, "displayName": "Sales"}) for one in ("1", "2")}
    with pytest.raises(Invalid, match=r"display_name sales finds 2 groups: Sales \(id 1\); Sales \(id 2\)"):
        match(GROUP, [Entry(GROUP, {"displayName": "sales"})], groups, ("id", "displayName"))


def test_an_index_is_by_canonical_form() -> None:
    assert set(index(USER, "userName", TENANT.values())) == {"bjensen@example.com", "kim"}
    assert set(index(USER, "externalId", TENANT.values())) == {"e1", "e2"}
    assert set(index(USER, "id", TENANT.values())) == {"1", "2"}
    assert index(USER, "title", TENANT.values()) == {}


def test_where_one_key_finds_several_another_tells_which_is_meant() -> None:
    tenant = people(BABS, KIM, {"id": "3", "userName": "lee", "externalId": "e1"})
    assert keys(match(USER, [entry("lee", external_id="e1")], tenant, ("externalId", "userName"))) == [
        ("3", True, True),
        ("1", False, True),
        ("2", False, True),
    ]


def test_who_is_undeclared_comes_in_the_order_of_names_whatever_their_case() -> None:
    tenant = people(*({"id": one, "userName": name} for one, name in (("4", "b"), ("3", "C"), ("2", "A"), ("1", "B"), ("9", "a"))))
    assert keys(match(USER, [], tenant, BY_NAME)) == [(key, False, True) for key in ("2", "9", "1", "4", "3")]


def test_who_must_not_be_missing_is_for_the_caller_to_say() -> None:
    gone = entry("x", 4, id="9", state=ABSENT)
    with pytest.raises(Invalid) as wrong:
        match(USER, [gone], TENANT, BY_NAME, lambda one: False)
    assert str(wrong.value) == (
        'users.yml:4: there is no user with the id "9". The provider assigns ids: to create x, declare it without an id.'
    )
    assert keys(match(USER, [entry("x", id="9")], TENANT, BY_NAME, lambda one: True))[0] == ("User:x", True, False)


def test_an_id_that_is_not_matched_on_is_no_key() -> None:
    assert keys(match(USER, [entry("kim", id="9")], TENANT, ("userName",)))[0] == ("2", True, True)


@pytest.mark.parametrize(
    ("one", "match_on", "all_keys", "any_key"),
    [
        (entry("kim"), BY_NAME, True, True),
        (entry("nobody"), BY_NAME, False, False),
        (entry("kim", external_id="e2"), ("externalId", "userName"), True, True),
        (entry("kim", external_id="e9"), ("externalId", "userName"), False, True),
        (entry("kim", previously=("old",)), BY_NAME, False, True),
        (entry("new", previously=("kim",)), BY_NAME, False, True),
        (entry("new", previously=("old",)), BY_NAME, False, False),
    ],
)
def test_what_keys_find(one: Entry, match_on: tuple[str, ...], all_keys: bool, any_key: bool) -> None:
    finder = Finder(USER, match_on, TENANT.values())
    assert (finder.finds_all(one), finder.finds_any(one)) == (all_keys, any_key)


def test_an_identifier_owns_one_resource_and_a_name_owns_none() -> None:
    finder = Finder(USER, ("id", "externalId", "userName"), TENANT.values())
    assert [finder.owner(one) for one in (entry("kim"), entry("kim", id="1"), entry(external_id="e2"), entry(external_id="e9"))] == [
        None,
        "1",
        "2",
        None,
    ]
    assert finder.owner(entry("kim", id="1", external_id="e2")) is None


def test_a_shared_external_id_is_told_of_the_other_one_only() -> None:
    tenant = people(BABS, KIM, {"id": "3", "userName": "lee", "externalId": "e1"}, {"id": "4", "userName": "max"})
    pairs = match(USER, [entry("bjensen@example.com", external_id="e1"), entry("new", external_id="e2"), entry("max")], tenant, BY_NAME)
    assert shared_external_ids(pairs) == [
        "lee (id 3) has the external id e1 that is declared for bjensen@example.com. "
        "If they are the same, match on it: match_on: [external_id]",
        "kim (id 2) has the external id e2 that is declared for new. If they are the same, match on it: match_on: [external_id]",
    ]


def test_a_user_and_a_group_may_have_one_external_id() -> None:
    groups = {"9": Resource(GROUP, "9", {"displayName": "Sales", "externalId": "e1"})}
    pairs = match(USER, [entry("bjensen@example.com", external_id="e1")], people(BABS), BY_NAME)
    assert shared_external_ids([*pairs, *match(GROUP, [], groups, ("displayName",))]) == []


@pytest.mark.parametrize(
    ("declared", "options"),
    [
        (entry("BABS@example.com", previously=("bjensen@example.com", "BJensen@example.com")), ["previously"]),
        (entry("BJensen@example.com", external_id="e1"), ["external_id", "user_name"]),
        (entry("other", id="1"), ["id"]),
    ],
)
def test_what_found_the_resource_of_an_entry(declared: Entry, options: list[str]) -> None:
    keys = ("id", "externalId", "userName")
    assert [found_by(pair, keys) for pair in match(USER, [declared], people(BABS, KIM), keys)] == [options, []]


def test_a_provisional_key_is_of_the_type_and_the_name_in_any_spelling() -> None:
    assert provisional_key(USER, entry("Kim@Example.com")) == provisional_key(USER, entry("kim@example.COM")) == "User:kim@example.com"
    assert provisional_key(GROUP, Entry(GROUP, {"displayName": "Sales"})) == "Group:sales"


def test_a_look_alike_is_nobody_where_the_exact_name_is_there() -> None:
    tenant = people({"id": "1", "userName": "straße"}, {"id": "2", "userName": "strasse"})
    for name, key in (("STRASSE", "2"), ("Straße", "1")):
        assert keys(match(USER, [entry(name, state=ABSENT)], tenant, BY_NAME))[0] == (key, True, True)


def test_a_look_alike_that_another_entry_declares_is_not_meant() -> None:
    tenant = people({"id": "1", "userName": "straße"})
    found = match(USER, [entry("maria", id="1"), entry("strasse")], tenant, BY_NAME)
    assert keys(found) == [("1", True, True), ("User:strasse", True, False)]


def test_a_name_that_is_no_match_key_has_no_look_alikes() -> None:
    tenant = people({"id": "1", "userName": "straße", "externalId": "e1"})
    assert keys(match(USER, [entry("strasse", external_id="e2", state=ABSENT)], tenant, ("externalId",)))[0] == (
        "User:strasse",
        True,
        False,
    )
    assert keys(match(USER, [entry("strasse", id="9", state=ABSENT)], tenant, BY_NAME))[0] == ("User:strasse", True, False)
