# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many changes in one request, where the provider offers it; what its answer leaves open is looked up."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from servers.directories import converged, group, members_of, name, names, nonzero, people, person, row, users_of
from servers.faults import Rule, When, bend_body, bend_json, cut_after, reply
from servers.playbooks import Run
from servers.tables import Table, of

CONFIGURATION = "GET /ServiceProviderConfig"


def test_when_it_is_used(run: Run, rfc: Any) -> None:
    """40 people in one request; few changes are not worth the question; never is never. Inactive users are asked for once in each run."""
    seen = Table(run, rfc)({
        "auto": row(users=people(*range(40)), bulk="auto", requests=4),
        "auto, few": row(users=people(*range(40, 43)), bulk="auto", requests=5),
        "always, few": row(users=people(*range(43, 46)), bulk="always", requests=4),
        "never": row(users=people(*range(46, 58)), bulk="never", requests=14),
        "nothing to do": row(users=people(*range(58)), bulk="always", requests=1),
    })  # fmt: skip
    assert seen["auto"].sent == ["GET /Users", "GET /Users", CONFIGURATION, "POST /Bulk"]
    assert seen["always, few"].sent == ["GET /Users", "GET /Users", CONFIGURATION, "POST /Bulk"]
    assert [seen[key].result["requests_planned"] for key in ("auto", "auto, few", "always, few", "never")] == [1, 3, 1, 12]
    assert len(users_of(rfc.direct)) == 58


def test_a_provider_without_it(run: Run, serve_rfc: Any) -> None:
    provider = serve_rfc(config={"bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0}})
    seen = Table(run, provider)({
        "auto": row(users=people(*range(12)), requests=15),
        "always": row(users=people(*range(12, 15)), bulk="always", error="does not support it"),
    })  # fmt: skip
    assert "POST /Bulk" not in seen["auto"].sent
    assert not seen["always"].writes


def test_its_limits(run: Run, serve_rfc: Any) -> None:
    """maxOperations and maxPayloadSize; groups wait for the people in them; a limit that the provider does not announce."""
    provider = serve_rfc(config={"bulk": {"supported": True, "maxOperations": 10, "maxPayloadSize": 3000}})
    plan = {"users": people(*range(25)), "groups": [group("All", *names(*range(25))), group("Both", "All", name(1))]}
    done = converged(Table(run, provider), **plan)
    bodies = [write.request.body for write in done.writes]
    assert all(len(body) <= 3000 for body in bodies)
    assert all(len(json.loads(body)["Operations"]) <= 10 for body in bodies)
    assert members_of(provider.direct) == {"All": names(*range(25)), "Both": ["All", name(1)]}


def test_everything_in_bulk(run: Run, rfc: Any) -> None:
    """Created, updated, deactivated, joined, left and deleted."""
    table = Table(run, rfc)
    table({"before": row(users=people(*range(20)), groups=[group("Team", *names(*range(10))), group("Old")])})
    users = [*people(*range(12), title="Lead"), person(12, active=False), {"user_name": name(13), "state": "absent"}, person(30)]
    groups = [group("Team", *names(*range(8)), name(30)), {"display_name": "Old", "state": "absent"}]
    done = converged(table, users=users, groups=groups, max_removals="5")
    assert {write.path for write in done.writes} == {"/Bulk"}
    assert nonzero(done.result["summary"]) == {
        "users": {"created": 1, "updated": 12, "deactivated": 1, "deleted": 1},
        "groups": {"updated": 1, "deleted": 1},
        "memberships": {"added": 1, "removed": 2},
    }  # fmt: skip
    assert members_of(rfc.direct) == {"Team": [*names(*range(8)), name(30)]}


def test_answers_that_are_lost_or_short(run: Run, rfc: Any) -> None:
    """Nobody twice, nobody left out; and nobody is told to have failed."""

    def short(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "Operations": body["Operations"][:5]}

    rfc.proxy.rules += [
        Rule("lost", When("POST", "/Bulk", nth=1, where=of("lost")), cut_after),
        Rule("short", When("POST", "/Bulk", nth=1, where=of("short")), bend_json(short)),
        Rule("nothing", When("POST", "/Bulk", nth=1, where=of("nothing done")), reply(500)),
        Rule("there is none", When("POST", "/Bulk", where=of("no such endpoint")), reply(404)),
    ]
    plans: dict[str, dict[str, Any]] = {
        key: {"users": people(*range(start, start + 12)), "groups": [group(key, *names(*range(start, start + 12)))]}
        for key, start in {"lost": 0, "short": 20, "nothing done": 40, "no such endpoint": 60}.items()
    }
    rows = {key: row(**plan, retries=1) for key, plan in plans.items()}
    again = {f"{key} again": row(**plan) for key, plan in plans.items()}
    seen = Table(run, rfc)({**rows, **again})
    for key in plans:
        assert nonzero(seen[key].result["summary"]) == {"users": {"created": 12}, "groups": {"created": 1}, "memberships": {"added": 12}}
        assert not seen[f"{key} again"].writes, key
        assert not seen[f"{key} again"].result["changed"], key
    assert set(Counter(user["userName"] for user in rfc.direct.list_all("/Users")).values()) == {1}
    assert {group_: len(members) for group_, members in members_of(rfc.direct).items()} == dict.fromkeys(plans, 12)


def test_one_refused_operation(run: Run, rfc: Any) -> None:
    """The others are done, the task fails naming it in the provider's words, and a second run does exactly what is left."""
    fails = name(7)

    def spoil(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "Operations": [{**op, "data": {**op["data"], "emails": 7}} if spoiled(op) else op for op in body["Operations"]]}

    def spoiled(operation: dict[str, Any]) -> bool:
        return bool(operation["data"].get("userName") == fails)

    plan = {"users": people(*range(12)), "groups": [group("Team", *names(*range(12)))]}
    rfc.proxy.rules += [Rule("one is refused", When("POST", "/Bulk", where=of("first")), bend_body(spoil))]
    first = row(**plan, error=rf"12 of 13 changes applied.*1 failed.*{fails}.*400")
    seen = Table(run, rfc)({"first": first, "second": row(**plan), "third": row(**plan)}, as_expected=False)
    result = seen["first"].result
    assert seen["first"].failed
    assert result["changed"]
    assert [failure["name"] for failure in result["failures"]][:1] == [fails]
    assert result["summary"]["users"] == {"created": 11, "updated": 0, "deactivated": 0, "deleted": 0, "unchanged": 0, "failed": 1}
    assert name(6) not in result["msg"]
    assert {change["name"]: change["joins"] for change in seen["second"].result["changes"]} == {fails: [], "Team": [fails]}
    assert len(seen["second"].writes) == 2
    assert not seen["third"].writes
    assert members_of(rfc.direct) == {"Team": names(*range(12))}
