# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names globs protect, in the modules and in playbooks alike, and what a change takes. Whole plans stand in ``cases/plan``."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.protection import losses, matching_globs, unused_globs
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import USER
from ansible_collections.identity.scim.tests.unit.plan.planned import team

COMPOSED, DECOMPOSED = "ren\u00e9@x.org", "Rene\u0301@x.org"


@pytest.mark.parametrize(
    ("globs", "name", "expected"),
    [
        (["admin@*"], "Admin@x.org", ["admin@*"]),
        ([" Admin@* "], "admin@x.org", ["Admin@*"]),
        (["ceo@*", " admin@*"], "admin@x.org", ["admin@*"]),
        (["*", "a*", "b*"], "admin", ["*", "a*"]),
        ([COMPOSED], DECOMPOSED, [COMPOSED]),
        ([DECOMPOSED], COMPOSED, [DECOMPOSED]),
        (["REN\u00c9@*"], DECOMPOSED, ["REN\u00c9@*"]),
        (["ren?@*"], DECOMPOSED, ["ren?@*"]),
        (["[a-c]dmin[!0-8]"], "Bdmin9", ["[a-c]dmin[!0-8]"]),
        (["[a-c]dmin[!0-8]"], "bdmin8", []),
        (["admin"], "admin2", []),
        (["a.min"], "admin", []),
        (["strasse"], "stra\u00dfe", []),
        ([], "admin", []),
    ],
)
def test_globs_that_match_a_name(globs: list[str], name: str, expected: list[str]) -> None:
    assert matching_globs(globs, name) == expected


def test_globs_that_match_nobody() -> None:
    assert unused_globs([" admni@* ", "KIM", "lee?"], ["Kim", "lee"]) == ["admni@*", "lee?"]
    assert unused_globs(["admin"], []) == ["admin"]


WORK, HOME = {"value": "a@x.org", "type": "work"}, {"value": "b@x.org", "type": "home"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"userName": "KIM"}, []),
        ({}, {"userName": "lee"}, ['rename it to "lee"']),
        ({"active": True}, {"active": False}, ["delete or deactivate it"]),
        ({"active": False}, {"active": True}, []),
        ({"title": "Boss"}, {"title": "Chief"}, []),
        ({"title": "Boss"}, {"title": None}, []),
        ({"displayName": "Kim"}, {"displayName": "Lee"}, []),
        ({"displayName": "Kim"}, {"displayName": None}, ["clear display_name"]),
        ({"name": {"givenName": "K", "familyName": "L"}}, {"name": {"familyName": "M"}}, ["clear name.given_name"]),
        ({"name": {"givenName": "K", "familyName": "L"}}, {"name": None}, ["clear name.family_name, name.given_name"]),
        ({"emails": [WORK, HOME]}, {"emails": [HOME, {**WORK, "type": "other", "primary": True}]}, []),
        ({"emails": [WORK, HOME]}, {"emails": [{**HOME, "value": "B@X.org"}]}, ['remove the emails "a@x.org"']),
        ({"emails": [WORK, HOME]}, {"emails": None}, ['remove the emails "a@x.org", "b@x.org"']),
        ({"emails": [WORK]}, {"emails": [{**WORK, "value": "c@x.org"}]}, ['remove the emails "a@x.org"']),
        ({"roles": [{"value": "Owner", "type": "t1"}]}, {"roles": [{"value": "Owner", "type": "t2"}]}, ['remove the roles "Owner"']),
        ({"roles": [{"value": "Owner"}]}, {"roles": [{"value": "Owner", "type": "t2"}]}, []),
        ({"roles": [{"display": "Owner"}]}, {"roles": [{"display": "Reader"}]}, ['remove the roles "Owner"']),
        ({"roles": ["Owner"]}, {"roles": [{"value": "Owner", "type": "t2"}]}, []),
        ({"roles": ["Owner"]}, {"roles": []}, ['remove the roles "Owner"']),
        ({"entitlements": [{"value": "all"}]}, {"entitlements": [{"value": "all"}, {"value": "more"}]}, []),
        ({"entitlements": [{"value": "all"}]}, {"entitlements": [{"value": "more"}]}, ['remove the entitlements "all"']),
        (
            {"roles": [{"value": "Owner"}], "emails": [WORK]},
            {"userName": "lee", "roles": [], "emails": []},
            ['rename it to "lee"', 'remove the emails "a@x.org"', 'remove the roles "Owner"'],
        ),
    ],
)
def test_what_a_change_takes(before: dict[str, Any], after: dict[str, Any], expected: list[str]) -> None:
    there = read(USER, {"id": "id-kim", "userName": "kim", **before})
    assert losses(there, {**there.body, **after}) == expected


def test_what_a_change_takes_from_a_group() -> None:
    there = team("Sales", externalId="1")
    assert losses(there, {**there.body, "displayName": "sales", "externalId": "2"}) == []
    assert losses(there, {**there.body, "displayName": "Marketing"}) == ['rename it to "Marketing"']
    assert losses(there, None) == ["delete or deactivate it"]
