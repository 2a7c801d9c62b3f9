# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""identity.scim.user_info: by id, by name, by filter, all pages, and never more than was asked for."""

from __future__ import annotations

from typing import Any

from servers.faults import Rule, When, bend_json, bend_query, reply, without
from servers.playbooks import Run
from servers.tables import Row, Table, of

INFO = "identity.scim.user_info"
PAGE = 10


def names(result: dict[str, Any]) -> list[str]:
    return sorted(user["userName"] for user in result["users"])


def info(requests: int | None = 1, error: str = "", **options: Any) -> Row:
    return Row(options, requests=requests, error=error, module=INFO)


def test_whom_it_finds(run: Run, rfc: Any) -> None:
    one = rfc.direct.add_user("One@example.com", active=True, title="Lead", name={"givenName": "Barbara", "familyName": "Jensen"})
    rfc.direct.add_user("two@example.com", active=False, title="Lead", password="correct horse battery")
    rfc.direct.add_user('quote"d@example.com', active=True)
    wanted = {
        "by id": (info(id=one["id"]), ["One@example.com"]),
        "by name": (info(user_name="ONE@EXAMPLE.COM"), ["One@example.com"]),
        "by a name with a quote": (info(user_name='quote"d@example.com'), ['quote"d@example.com']),
        "by filter": (info(filter='active eq false and title co "ea"'), ["two@example.com"]),
        "by a filter of sub-attributes": (info(filter='name.familyName sw "jen"'), ["One@example.com"]),
        "all": (info(), ["One@example.com", 'quote"d@example.com', "two@example.com"]),
        "nobody of that id": (info(id="no-such-id"), []),
        "nobody of that name": (info(2, user_name="three@example.com"), []),
        "an id with a slash": (info(id="../Groups"), []),
    }
    table = Table(run, rfc)
    rfc.proxy.read_only = True
    seen = table({row: expected for row, (expected, _names) in wanted.items()})
    for row, (_expected, found) in wanted.items():
        assert names(seen[row].result) == found, row
        assert not seen[row].result["changed"]
        assert seen[row].result["complete"]
    assert "correct horse battery" not in str(table.played)
    checked = table({row: expected for row, (expected, _names) in wanted.items()}, check=True)
    assert {row: one.result["users"] for row, one in checked.items()} == {row: one.result["users"] for row, one in seen.items()}


def test_attributes(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("one@example.com", active=True, title="Lead", name={"givenName": "Barbara", "familyName": "Jensen"})
    only = {"attributes": ["user_name", "name.family_name"]}
    seen = Table(run, rfc)({
        "all": info(2, **only),
        "by filter on another": info(filter="active eq true", **only),
        "by name": info(user_name="One@example.com", attributes=["title"]),
        "in SCIM's spelling": info(2, attributes=["userName", "name.familyName"]),
    })  # fmt: skip
    assert set(seen["all"].exchanges[0].query["attributes"].split(",")) >= {"userName", "name.familyName"}
    for row in ("all", "by filter on another", "in SCIM's spelling"):
        [user] = seen[row].result["users"]
        assert without("id")(user) == {"userName": "one@example.com", "name": {"familyName": "Jensen"}}, row
    [user] = seen["by name"].result["users"]
    assert without("id")(user) == {"title": "Lead"}


def test_all_pages(run: Run, rfc: Any) -> None:
    for number in range(25):
        rfc.direct.add_user(f"user{number:02}@example.com", active=number % 2 == 0)
    rfc.proxy.rules += [
        Rule(f"at most {PAGE} a page", When("GET", "/Users"), bend_query(lambda query: {**query, "count": str(PAGE)})),
        Rule("pages are lost", When("GET", "/Users", nth=range(2, 100), where=of("incomplete")), bend_json(emptied)),
        Rule("no total", When("GET", "/Users", where=of("no total")), bend_json(without("totalResults"))),
    ]
    seen = Table(run, rfc)({
        "all": info(3),
        "filtered": info(2, filter="active eq true"),
        "incomplete": info(None),
        "no total": info(None),
    })  # fmt: skip
    assert names(seen["all"].result) == [f"user{number:02}@example.com" for number in range(25)]
    assert sorted(exchange.query.get("startIndex", "1") for exchange in seen["all"].exchanges) == ["1", "11", "21"]
    assert len(seen["filtered"].result["users"]) == 13
    assert (len(seen["incomplete"].result["users"]), seen["incomplete"].result["complete"]) == (PAGE, False)
    assert len(seen["no total"].result["users"]) == 25


def emptied(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "Resources": [], "itemsPerPage": 0}


def test_providers_that_cannot_filter(run: Run, rfc: Any) -> None:
    for number in range(3):
        rfc.direct.add_user(f"user{number}@example.com", active=number > 0)
    rfc.proxy.rules += [
        Rule("filters are ignored", When("GET", having="filter", where=of("ignored")), bend_query(without("filter"))),
        Rule("filters are ignored, by name", When("GET", having="filter", where=of("ignored, by name")), bend_query(without("filter"))),
        Rule("filters are refused", When("GET", having="filter", where=of("refused")), reply(400)),
        Rule("there is no listing", When("GET", "/Users", where=of("no listing")), reply(405)),
    ]
    seen = Table(run, rfc)({
        "ignored": info(filter="active eq true"),
        "ignored, by name": info(user_name="USER1@example.com"),
        "refused": info(2, filter="active eq true"),
        "no listing": info(1, error="405|has no way to search"),
    })  # fmt: skip
    assert names(seen["ignored"].result) == names(seen["refused"].result) == ["user1@example.com", "user2@example.com"]
    assert names(seen["ignored, by name"].result) == ["user1@example.com"]


def test_mistakes(run: Run, rfc: Any) -> None:
    Table(run, rfc)({
        "two ways": info(0, id="1", user_name="one@example.com", error="mutually exclusive"),
        "a filter that is none": info(0, filter="active equals true", error="filter"),
        "an empty filter": info(0, filter="", error="filter must not be empty"),
        "an empty name": info(0, user_name="", error="user_name must not be empty"),
    })  # fmt: skip
    assert not rfc.proxy.requests
