# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each row of the fault table on ``scim2-server``: in the end all resources exist once, and none is removed by mistake."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servers.directories import active_of, group, members_of, name, names, people, person, seeded, users_of
from servers.fault_table import FAULTS, Fault, page
from servers.faults import Rule, When, reply
from servers.in_process import Patient, ran
from servers.proxy import Exchange

STRANGER, LEAVER = 30, 31  # not declared
DECLARED: dict[str, Any] = {
    "users": [*people(*range(6)), person(6, active=False), {"user_name": name(7), "state": "absent"}, *people(*range(8, 20))],
    "groups": [group("Team", *names(0, 1, 2, 8, 9)), group("New team", *names(10, 11, 0))],
}


class Tenant:
    """A provider with some declared users, some undeclared ones, and a group."""

    def __init__(self, provider: Any) -> None:
        self.provider = provider
        differing = [STRANGER, 4, 5, LEAVER]
        self.ids = dict(zip(differing, seeded(provider.direct, differing, title="Apprentice"), strict=True))
        as_declared = [0, 1, 2, 3, 6, 7]
        self.ids |= dict(zip(as_declared, seeded(provider.direct, as_declared), strict=True))
        self.team = provider.direct.add_group("Team", *(self.ids[number] for number in (0, 4, STRANGER)))["id"]
        provider.direct.add_group("Others", self.ids[STRANGER])

    def run(self, **options: Any) -> tuple[dict[str, Any], list[Exchange], list[float]]:
        """The result, the writes, and the times that the run waited."""
        clock = Patient()
        given = {**DECLARED, "bulk": "never", "max_removals": "100%", "concurrency": 3, **options}
        seen = ran("directory", self.provider, clock=clock, **given)
        assert seen.result.get("requests", len(seen.exchanges)) == len(seen.exchanges)
        return dict(seen.result), seen.writes, clock.waits

    def is_as_declared(self, pruned: bool) -> None:
        active = {name(number): number != 6 for number in (*range(7), *range(8, 20))}
        active |= {name(number): not pruned for number in (STRANGER, LEAVER)}
        assert active_of(self.provider.direct) == active
        assert members_of(self.provider.direct) == {"Team": names(0, 1, 2, 8, 9), "New team": names(0, 10, 11), "Others": names(STRANGER)}
        titles = {user: body.get("title") for user, body in users_of(self.provider.direct).items()}
        assert {user for user, title in titles.items() if title != "Engineer"} == set(names(STRANGER, LEAVER))

    def unharmed(self, writes: list[Exchange], pruned: bool) -> None:
        """No resource exists twice, and only the expected resources lose something."""
        for path, key in (("/Users", "userName"), ("/Groups", "displayName")):
            twice = [held for held, count in Counter(one[key] for one in self.provider.direct.list_all(path)).items() if count > 1]
            assert not twice, f"{twice} exist twice"
        assert all(len(set(members)) == len(members) for members in members_of(self.provider.direct).values())
        harmed = set(removals(writes))
        allowed = {("deleted", self.ids[7]), ("deactivated", self.ids[6])} | {("left", self.ids[number]) for number in (4, STRANGER)}
        assert harmed <= allowed | ({("deactivated", self.ids[number]) for number in (LEAVER, STRANGER)} if pruned else set())


def removals(writes: list[Exchange]) -> Iterator[tuple[str, str]]:
    """What each write removes, and the id of the resource that loses it. Bulk requests are included."""
    for exchange in writes:
        body = exchange.body or {}
        if exchange.path == "/Bulk":
            for one in body["Operations"]:
                yield from _removals(one["method"], one["path"], one.get("data") or {})
        else:
            yield from _removals(exchange.method, exchange.path, body)


def _removals(method: str, path: str, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    target = path.rpartition("/")[2]
    if method == "DELETE":
        yield "deleted", target
    for operation in body.get("Operations", []) if method == "PATCH" else []:
        if operation["op"] == "remove" and str(operation.get("path", "")).startswith("members"):
            yield "left", re.findall(r'"([^"]+)"', operation["path"])[0]
        elif operation["op"] == "replace" and operation.get("value") is False:
            yield "deactivated", target


def test_the_page_of_faults_is_up_to_date() -> None:
    written = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
    assert written.read_text(encoding="utf-8") == page(), "run .venv/bin/python tests/generate.py"


def test_a_revoked_token_is_not_tried_for_each_user(rfc: Any) -> None:
    """Requests in progress end, and no other is sent: neither in bulk, nor by another thread, nor as a look-up."""
    tenant = Tenant(rfc)
    for bulk, first, most in (("never", 4, 3), ("always", 1, 1)):
        rfc.proxy.rules[:] = [Rule("revoked", When("*", "*", where=lambda request: request.is_write, nth=range(first, 1000)), reply(401))]
        result, _writes, waits = tenant.run(bulk=bulk, users=people(*range(40, 90)), groups=[])
        assert re.search("401.*Check token.*Run the task again", result["msg"], re.DOTALL)
        statuses = [exchange.status for exchange in rfc.proxy.requests]
        assert 1 <= len(statuses) - statuses.index(401) <= most, statuses
        assert waits == []


def test_all_threads_wait_for_the_requested_time(rfc: Any) -> None:
    tenant = Tenant(rfc)
    rfc.proxy.rules.append(Rule("busy", When("POST", "/Users", nth=(4, 9)), reply(429, headers={"Retry-After": "7"})))
    result, _writes, waits = tenant.run()
    assert not result.get("failed")
    # Each thread that waits moves the one clock on, so the pace that is found may make later waits longer: how long depends on the order.
    assert pytest.approx(7) in waits
    assert sum(waits) >= 14


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(rfc: Any, fault: Fault) -> None:
    pruned = "prune_users" in fault.options
    tenant = Tenant(rfc)
    rfc.proxy.rules += fault.rules()
    first, writes, _waits = tenant.run(**fault.options)
    assert rfc.proxy.fired, "the fault did not happen"
    tenant.unharmed(writes, pruned)
    assert bool(first.get("failed")) == bool(fault.ends), first.get("msg")
    if fault.ends:
        assert re.search(fault.ends, first["msg"], re.DOTALL), first["msg"]
    rfc.proxy.rules.clear()
    second, left, _waits = tenant.run(**fault.options)
    assert not second.get("failed"), second["msg"]
    tenant.unharmed(left, pruned)
    tenant.is_as_declared(pruned)
    third, nothing, _waits = tenant.run(**fault.options)
    assert (third["changed"], nothing) == (False, [])
    if not fault.ends:
        assert first["changed"]
        assert not left, f"The first run left changes to apply: {[str(write) for write in left]}"
