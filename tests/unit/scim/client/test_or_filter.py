# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answer to a filter with ``or`` says of each of its questions."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.or_filter import OrAnswer, OrFilter
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.filter import equals
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import USER
from ansible_collections.identity.scim.tests.unit.plan.planned import person

ANN, BOB, CAI, WIT = (person(name) for name in ("ann", "bob", "cai", "wit"))
NAMES = [equals("userName", one.name) for one in (ANN, BOB, CAI)]
SECOND, THIRD = NAMES[1:]


@pytest.mark.parametrize(
    ("known", "returned", "evaluated", "unanswered"),
    [
        (None, [], None, [SECOND, THIRD]),
        (None, [ANN], None, [SECOND, THIRD]),
        (None, [CAI], True, [SECOND]),
        (None, [ANN, BOB, CAI], True, []),
        (WIT, [], False, [SECOND, THIRD]),
        (WIT, [ANN], False, [SECOND, THIRD]),
        (WIT, [WIT], True, [SECOND, THIRD]),
        (WIT, [BOB, WIT], True, [THIRD]),
        (WIT, [BOB], True, [THIRD]),
        (ANN, [ANN], None, [SECOND, THIRD]),
    ],
    ids=[
        "nothing may be all there is",
        "the first one says nothing of others",
        "a later one shows that or is evaluated",
        "all",
        "who exists is missing",
        "who exists is missing although the first one is there",
        "only who exists is there",
        "who exists is there beside another",
        "one that was found by a later comparison, while who existed was deleted",
        "who is asked for anyhow tells nothing",
    ],
)
def test_an_answer(known: Resource | None, returned: list[Resource], evaluated: bool | None, unanswered: list[str]) -> None:
    found = [one for one in returned if one is not WIT]
    assert OrFilter(USER, NAMES, known).read(returned) == OrAnswer(found, evaluated, unanswered)


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (None, NAMES),
        (WIT, [*NAMES, equals("userName", "wit")]),
        (BOB, NAMES),
        (Resource(USER, "7", {"id": "7"}, complete=False), NAMES),
    ],
    ids=["nobody is known", "who exists is asked for last", "who is asked for anyhow", "who is shown without a name"],
)
def test_the_filter(known: Resource | None, asked: list[str]) -> None:
    assert OrFilter(USER, NAMES, known).expression == " or ".join(asked)


def test_one_resource_may_answer_several_questions() -> None:
    both = [equals("userName", "ann"), equals("externalId", "e1"), equals("userName", "bob")]
    ann = Resource(USER, ANN.id, {**ANN.body, "externalId": "e1"})
    assert OrFilter(USER, both).read([ann]) == OrAnswer([ann], None, [both[2]])
