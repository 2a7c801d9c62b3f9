# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ServiceProviderConfig is read field by field, in every form in which providers return it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.configuration import read_announced
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer
from ansible_collections.identity.scim.tests.unit.scim.client.test_client import Told, client

CONFIGURATION: dict[str, Any] = {
    "patch": {"supported": True},
    "bulk": {"supported": True, "maxOperations": 50, "maxPayloadSize": 1000},
    "filter": {"supported": False, "maxResults": 200},
    "pagination": {"cursor": True, "index": False},
}


def learned(answer: Any) -> tuple[bool | None, int | None, int | None]:
    """What a client knows of bulk requests once it has read ServiceProviderConfig."""
    asking = client(Told(Answer(200, answer, {})))
    asking.ask_configuration()
    known = asking.capabilities
    return known.bulk, known.bulk_operations, known.bulk_payload


@pytest.mark.parametrize(
    "answer",
    [
        CONFIGURATION,
        [CONFIGURATION],
        {"totalResults": 1, "Resources": [CONFIGURATION]},
        {name.upper(): {key.lower(): str(value) for key, value in part.items()} for name, part in CONFIGURATION.items()},
    ],
    ids=["object", "array", "ListResponse", "other spellings and text"],
)
def test_every_form_announces_the_same(answer: Any) -> None:
    announced = read_announced(answer)
    assert announced.capabilities == {
        "patch": True, "bulk": True, "filter": False, "bulk_operations": 50, "bulk_payload": 1000, "page_size": 200, "pagination": "cursor",
    }  # fmt: skip
    assert announced.max_results == 200
    assert announced.missing == ("changePassword", "sort", "etag", "authenticationSchemes")
    assert learned(answer) == (True, 50, 1000)


@pytest.mark.parametrize("answer", [None, [], "<html>", {}, {"bulk": True}, {"bulk": {"supported": None, "maxOperations": -1}}])
def test_nothing_is_announced(answer: Any) -> None:
    assert read_announced(answer).capabilities == {}
    assert learned(answer) == (False, None, None)


@pytest.mark.parametrize("limit", [True, 0, -1, None, "many", float("inf"), [5]])
def test_a_limit_that_is_not_a_number_is_ignored(limit: Any) -> None:
    answer = {"bulk": {"supported": True, "maxOperations": limit, "maxPayloadSize": 1000}}
    assert learned(answer) == (True, None, 1000)


@pytest.mark.parametrize(
    ("pagination", "expected"),
    [({"cursor": True, "index": True}, "index"), ({"cursor": True}, "cursor"), ({"index": True}, "index"), ({"cursor": False}, None)],
)
def test_pages_by_index_are_preferred(pagination: dict[str, bool], expected: str | None) -> None:
    assert read_announced({"pagination": pagination}).capabilities.get("pagination") == expected


def test_the_page_size_is_the_limit_of_pages_else_of_filters() -> None:
    filters = {"filter": {"maxResults": 200}}
    assert read_announced(filters).capabilities["page_size"] == 200
    assert read_announced({**filters, "pagination": {"maxPageSize": 50}}).capabilities["page_size"] == 50
