# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan may not do: refused in whole sentences before the first write, and allowed for exactly one plan."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from servers.directories import active_of, checked, converged, group, members_of, name, names, people, person, row, seeded, users_of
from servers.faults import Rule, When, reply
from servers.playbooks import Run
from servers.tables import Table

CONSENT = re.compile(r"allow_removals: ([0-9a-f]{16})$")


def test_a_removal_over_the_limit(run: Run, rfc: Any) -> None:
    """Its names, the limit and the line that allows it; another digest allows nothing."""
    seeded(rfc.direct, range(60))
    plan: dict[str, Any] = {"users": people(*range(35)), "prune_users": "deactivate"}
    other: dict[str, Any] = {"users": people(*range(34)), "prune_users": "deactivate"}
    table = Table(run, rfc)
    seen = table({
        "a percentage": row(**plan, error=r"25 of 60 users would be .*max_removals \(10%, which is 6 here\)"),
        "in check mode": row(**plan, task={"check_mode": True}, error=r"25 of 60 users"),
        "a number": row(**plan, max_removals="24", error=r"max_removals \(24\)"),
        "another plan": row(**other, error="26 of 60"),
        "not a number": row(**plan, max_removals="few", error="must be a number"),
        "fewer than none": row(**plan, max_listed=-2, error="max_listed must be at least 0"),
        "no request at a time": row(**plan, concurrency=0, error="concurrency must be at least 1"),
    })  # fmt: skip
    assert not rfc.proxy.writes
    refused = seen["a percentage"].result
    assert name(35) in refused["msg"]
    assert name(54) in refused["msg"]
    assert name(55) not in refused["msg"], "At most 20 names, and always the same ones"
    assert "and 5 more" in refused["msg"]
    assert (refused["changed"], len(refused["changes"]), refused["summary"]["users"]["deactivated"]) == (False, 25, 25)
    consent, wrong = (CONSENT.search(seen[key].result["msg"]) for key in ("a percentage", "another plan"))
    assert consent
    assert wrong
    assert consent[1] == refused["plan_digest"]
    seen = table({
        "with another's digest": row(**plan, allow_removals=wrong[1], error=f"was given for another plan.*{consent[1]}"),
        "with its own": row(**plan, allow_removals=consent[1], bulk="never"),
        "once more": row(**plan, allow_removals=consent[1]),
    })  # fmt: skip
    assert not seen["with another's digest"].writes
    assert len(seen["with its own"].writes) == 25
    assert not seen["once more"].writes
    assert [user for user, active in sorted(active_of(rfc.direct).items()) if active] == names(*range(35))


def test_memberships_and_groups_count_apart(run: Run, rfc: Any) -> None:
    ids = seeded(rfc.direct, range(10))
    rfc.direct.add_group("Team", *ids)
    for number in range(5):
        rfc.direct.add_group(f"Old {number}")
    seen = Table(run, rfc)({
        "memberships": row(groups=[group("Team", *names(*range(7)))], error=f"3 of 10 memberships would be lost.*{name(8)} from Team"),
        "groups": row(groups=[{"display_name": "Team"}], prune_groups="delete", error="5 of 6 groups would be deleted.*Old 0"),
        "declared ones too": row(users=[{"user_name": name(n), "state": "absent"} for n in range(3)], error="3 of 10 users"),
        "never fewer than two": checked(users=[{"user_name": name(n), "state": "absent"} for n in range(2)]),
        "but for 0%": row(
            users=[{"user_name": name(0), "state": "absent"}],
            max_removals="0%", error=r"1 of 10 users.*\(0%, which is 0 here\)"),
    })  # fmt: skip
    assert not rfc.proxy.writes
    assert seen["never fewer than two"].result["summary"]["users"]["deleted"] == 2


def test_creates_and_updates_have_limits(run: Run, rfc: Any) -> None:
    seeded(rfc.direct, range(3))
    Table(run, rfc)({
        "created": row(users=people(*range(3, 6)), max_creates=2, error=r"3 resources would be created, more than max_creates \(2\)"),
        "updated": row(users=people(*range(3), title="Boss"), max_updates=2, error=r"3 resources would be updated.*max_updates \(2\)"),
        "both": row(users=people(1, 4, title="Boss"), max_updates=0, max_creates=0, error=f"(?s)created.*{name(4)}.*updated.*{name(1)}"),
        "within": checked(users=people(1, 4, title="Boss"), max_updates=1, max_creates=1),
    })  # fmt: skip
    assert not rfc.proxy.writes


def test_another_tenants_declaration(run: Run, rfc: Any) -> None:
    seeded(rfc.direct, range(5))
    stranger = {"users": people(70, 71), "prune_users": "deactivate", "max_removals": "100%"}
    Table(run, rfc)({
        "nobody is known": row(**stranger, error="None of the declared users exists.*Check that this is the right tenant"),
        "with a digest as well": row(**stranger, allow_removals="0123456789abcdef", error="Check that this is the right tenant"),
        "somebody is": checked(users=people(0, 70, 71), prune_users="deactivate", max_removals="100%"),
    })  # fmt: skip
    assert not rfc.proxy.writes


def test_the_protected(run: Run, rfc: Any) -> None:
    """Nothing is taken from them: no account, no membership, nothing of a protected group; a declaration that would is refused."""
    admin, *others = (rfc.direct.add_user(user)["id"] for user in ("Admin@example.com", "one@example.com", "two@example.com"))
    rfc.direct.add_group("Staff", admin, *others)
    rfc.direct.add_group("Break glass", *others)
    rfc.direct.add_group("Break nothing")
    table = Table(run, rfc)
    safe: dict[str, Any] = {"protected_users": ["admin@*"], "protected_groups": ["break *"], "max_removals": "100%"}
    table({
        "deactivated": row(users=[{"user_name": "admin@example.com", "active": False}], **safe, error="Admin@example.com is protected"),
        "deleted": row(users=[{"user_name": "admin@example.com", "state": "absent"}], **safe, error="is protected"),
        "expired": row(users=[{"user_name": "admin@example.com", "expires": "2020-01-31"}], **safe, error="is protected"),
        "a group": row(groups=[{"display_name": "Break glass", "state": "absent"}], **safe, error="Break glass is protected"),
    })  # fmt: skip
    assert not rfc.proxy.writes
    done = converged(
        table,
        users=[{"user_name": "one@example.com", "title": "Lead"}],
        groups=[group("Staff", "one@example.com"), group("Break glass", "one@example.com")],
        prune_users="delete",
        prune_groups="delete",
        **safe,
    )
    assert sorted(users_of(rfc.direct)) == ["Admin@example.com", "one@example.com"]
    left = members_of(rfc.direct)
    assert sorted(left) == ["Break glass", "Break nothing", "Staff"]
    assert left["Staff"] == ["Admin@example.com", "one@example.com"]
    assert "one@example.com" in left["Break glass"]
    assert not [change for change in done.result["changes"] if change["name"] == "Break glass"]


def test_the_scope(run: Run, rfc: Any) -> None:
    """Out of scope nothing is changed, and nobody may be declared there."""
    mine, theirs = rfc.direct.add_user("mine@example.com")["id"], rfc.direct.add_user("theirs@example.org")["id"]
    rfc.direct.add_user("old@example.com")
    rfc.direct.add_group("Team a", mine, theirs)
    rfc.direct.add_group("Other", mine, theirs)
    scope: dict[str, Any] = {"scope_users": 'userName ew "@example.com"', "scope_groups": 'displayName sw "Team"', "max_removals": "100%"}
    table = Table(run, rfc)
    table({
        "somebody": row(users=[{"user_name": "theirs@example.org", "title": "Lead"}], **scope, error=r"theirs@example.org.*scope_users"),
        "somebody new": row(users=[{"user_name": "new@example.org"}], **scope, error=r"new@example.org.*scope_users"),
        "a group": row(groups=[group("Other", "mine@example.com")], **scope, error=r"Other.*scope_groups"),
        "no filter": row(users=people(1), scope_users="userName =", error="scope_users|filter"),
    })  # fmt: skip
    assert not rfc.proxy.writes
    users, groups = [{"user_name": "mine@example.com"}], [group("Team a")]
    converged(table, users=users, groups=groups, prune_users="delete", prune_groups="delete", **scope)
    assert sorted(users_of(rfc.direct)) == ["mine@example.com", "theirs@example.org"]
    assert members_of(rfc.direct) == {"Team a": ["theirs@example.org"], "Other": ["mine@example.com", "theirs@example.org"]}


def test_the_identity_of_the_credential(run: Run, rfc: Any) -> None:
    ids = seeded(rfc.direct, range(3))
    user = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": ids[1], "userName": name(1)}
    rfc.proxy.rules.append(Rule("the credential is one of them", When("GET", "/Me"), reply(200, user)))
    seen = Table(run, rfc)({
        "pruned": row(users=people(0), prune_users="deactivate", error=f"{name(1)} is the identity of the credential"),
        "declared": row(users=[person(1, active=False)], error=f"{name(1)} is the identity"),
        "another": checked(users=[person(2, active=False)]),
        "nobody is removed": checked(users=people(0, title="Boss")),
    })  # fmt: skip
    assert not rfc.proxy.writes
    assert "GET /Me" not in seen["nobody is removed"].sent


@pytest.mark.parametrize("form", ["a digest", "a report"])
def test_only_what_was_reviewed(run: Run, rfc: Any, tmp_path: Path, form: str) -> None:
    seeded(rfc.direct, range(3))
    plan: dict[str, Any] = {"users": people(0, 1, title="Boss") + people(5, 6), "groups": [group("Team", name(5))]}
    table = Table(run, rfc)
    planned = table({"planned": checked(**plan)})["planned"].result
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"url": rfc.url, "plan_digest": planned["plan_digest"], "changes": planned["changes"]}))
    reviewed = str(report) if form == "a report" else planned["plan_digest"]
    more = {**plan, "users": [*plan["users"], person(7)]}
    rows = {"more than that": row(**more, expect_plan=reviewed, error="review"), "exactly that": row(**plan, expect_plan=reviewed)}
    if form == "a report":
        rfc.direct.patch(f"/Users/{users_of(rfc.direct)[name(0)]['id']}", {"op": "replace", "path": "title", "value": "Boss"})
        rows["more than that"] = row(**more, expect_plan=reviewed, error=f"1 of 5 changes were not reviewed: {name(7)}")
        rows["no report"] = row(**plan, expect_plan=str(tmp_path / "none.json"), error="none.json cannot be read")
    else:
        rows["nothing is left"] = row(**plan, expect_plan=planned["plan_digest"])
    seen = table(rows)
    assert not seen["more than that"].writes
    assert members_of(rfc.direct) == {"Team": names(5)}
    assert users_of(rfc.direct)[name(1)]["title"] == "Boss"
