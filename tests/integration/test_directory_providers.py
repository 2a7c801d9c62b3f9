# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a directory costs, and providers that answer in their own way: nobody is removed by mistake, and nobody is added twice."""

from __future__ import annotations

from typing import Any

import pytest

from servers.directories import checked, converged, group, members_of, name, names, people, person, row, seeded, users_of
from servers.faults import Rule, When, bend_json, bend_query, reply
from servers.playbooks import Run
from servers.serving import Answer, Request
from servers.tables import Table, of


def test_few_of_many(run: Run, rfc: Any) -> None:
    """Nothing that removes: looked up. Something that removes: listed, since it must be known of how many."""
    seeded(rfc.direct, range(130))
    table = Table(run, rfc, provider_options={"page_size": 10})
    seen = table({
        "three": row(users=people(0, 50, 129, title="Lead"), requests=5),
        "three, nothing to do": row(users=people(0, 50, 129, title="Lead"), requests=2),
        "one": row(users=people(7), requests=1),
        "one is deactivated": checked(users=[person(8, active=False)]),
        "a third": checked(users=people(*range(40))),
    })  # fmt: skip
    assert len(seen["a third"].exchanges) <= 4
    assert len(seen["one is deactivated"].exchanges) == 14, "13 pages, and /Me"


def test_requests_when_there_is_nothing_to_do(run: Run, rfc: Any) -> None:
    plan = {"users": people(*range(30)), "groups": [group(f"G{n:02}", name(n)) for n in range(12)]}
    table = Table(run, rfc, provider_options={"page_size": 10})
    converged(table, requests=3 + 2 + 1, **plan)  # one asks whether lists hide members
    seen = table({"and who is not declared": row(prune_users="deactivate", prune_groups="delete", **plan)})
    assert len(seen["and who is not declared"].exchanges) <= 3 + 2 + 2


def test_memberships_in_parts(run: Run, rfc: Any) -> None:
    """As many changes in a PATCH as the provider takes, for a new group too."""
    ids = seeded(rfc.direct, range(30))
    rfc.direct.add_group("Team", *ids[:5])
    table = Table(run, rfc, provider_options={"members_per_request": 10})
    done = converged(table, groups=[group("Team", *names(*range(3, 28)))], bulk="never", max_removals="100%")
    assert [write.method for write in done.writes] == ["PATCH"] * 3
    assert done.result["requests_planned"] == 3
    assert members_of(rfc.direct)["Team"] == names(*range(3, 28))


def test_members_are_removed_by_value(run: Run, rfc: Any) -> None:
    rfc.direct.add_group("Team", *seeded(rfc.direct, range(3)))
    rfc.proxy.rules.append(Rule("the form that scim2-server refuses", When("PATCH"), lambda request, forward: Answer(204)))
    table = Table(run, rfc, provider_options={"member_removal": "value"})
    seen = table({"done": row(groups=[group("Team", *names(0, 1))])})
    patch = seen["done"].writes[0]  # the others try to remove it in another form, since it stays
    [operation] = patch.body["Operations"]
    assert (operation["op"], operation["path"], len(operation["value"])) == ("remove", "members", 1)


def test_no_patch(run: Run, rfc: Any) -> None:
    """PUT of the whole: what is not declared stays."""
    ids = seeded(rfc.direct, range(4), nickName="Nick")
    rfc.direct.add_group("Team", *ids[:3], externalId="e-team")
    rfc.proxy.rules.append(Rule("no PATCH", When("PATCH"), reply(405)))
    done = converged(Table(run, rfc), users=people(0, 1, title="Lead"), groups=[group("Team", *names(1, 2, 3))])
    assert [write.method for write in done.writes].count("PATCH") == 1, "Learned by everybody from the first refusal"
    assert members_of(rfc.direct) == {"Team": names(1, 2, 3)}
    assert rfc.direct.list_all("/Groups")[0]["externalId"] == "e-team"
    stored = users_of(rfc.direct)
    assert [(stored[user]["title"], stored[user]["nickName"]) for user in names(0, 1, 2)] == [
        ("Lead", "Nick"),
        ("Lead", "Nick"),
        ("Engineer", "Nick"),
    ]  # fmt: skip


@pytest.mark.parametrize("left_out", ["no members", "an empty list"])
def test_group_listings_without_members(run: Run, rfc: Any, left_out: str) -> None:
    """They are asked group by group then; what is not shown is not taken for empty."""
    ids = seeded(rfc.direct, range(6))
    for team, members in {"Empty": [], "Additive": ids[:3], "Exact": ids[:3], "Named": ids[:3], "Cleared": ids[:1]}.items():
        rfc.direct.add_group(team, *members)

    def bent(body: dict[str, Any]) -> dict[str, Any]:
        shown = {} if left_out == "no members" else {"members": []}
        kept = [{key: value for key, value in one.items() if key != "members"} | shown for one in body["Resources"]]
        return {**body, "Resources": kept}

    rfc.proxy.rules.append(Rule("listings show no members", When("GET", "/Groups"), bend_json(bent)))
    users = [person(4, groups=["Named"]), person(0, groups=["Named"])]
    groups = [
        group("Empty"),
        group("Exact", *names(1, 2, 3)),
        group("Additive", *names(2, 3), membership="additive"),
        group("Cleared"),
    ]
    done = converged(Table(run, rfc), users=users, groups=groups, max_removals="50%")
    assert done.result["summary"]["memberships"] == {"added": 3, "removed": 2}
    assert members_of(rfc.direct) == {
        "Empty": [],
        "Additive": names(0, 1, 2, 3),
        "Exact": names(1, 2, 3),
        "Named": names(0, 1, 2, 4),
        "Cleared": [],
    }  # fmt: skip


def overlapping(query: dict[str, str]) -> dict[str, str]:
    """Pages of 7, each of which begins one too early: all pages read, and somebody is never shown."""
    start = int(query.get("startIndex", 1))
    return {**query, "count": "7", "startIndex": str(max(start - 1, 1))}


def test_pages_that_overlap(run: Run, rfc: Any) -> None:
    """The listing may be incomplete: who is not in it is looked up, and nobody who is not declared is removed."""
    seeded(rfc.direct, range(30))
    hidden = name(29)

    def without_one(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "Resources": [one for one in body.get("Resources", []) if one["userName"] != hidden]}

    def is_listing(request: Request) -> bool:
        return "filter" not in request.query

    rfc.proxy.rules += [
        Rule(
            "pages of 7 that overlap", When("GET", "/Users", where=lambda r: is_listing(r) and not of("capped")(r)), bend_query(overlapping)
        ),
        Rule(
            "somebody is never shown", When("GET", "/Users", where=lambda r: is_listing(r) and not of("capped")(r)), bend_json(without_one)
        ),
        Rule("pages of 7", When("GET", "/Users", where=of("capped")), bend_query(lambda query: {**query, "count": "7"})),
    ]
    declared = people(*range(20), 29)
    Table(run, rfc)({
        "pruned": row(users=declared, prune_users="deactivate", max_removals="100%", error="listing of users is incomplete"),
        "not pruned": row(users=people(*range(30), title="Lead"), bulk="never"),
        "capped": row(users=people(*range(30), title="Lead"), requests=5),
    })  # fmt: skip
    assert not [write for write in rfc.proxy.writes if write.method != "PATCH"]
    stored = users_of(rfc.direct)
    assert len(stored) == 30
    assert {user["title"] for user in stored.values()} == {"Lead"}
    assert all(user["active"] for user in stored.values())
