# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who: the same entry finds the same resource, and never another one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import ABSENT, Entry, Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.matching import Pair, index, match
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource, read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER


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
