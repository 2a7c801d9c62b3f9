# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As few requests as possible, and only what differs in them (the table "The requests it may make" of the design)."""

from __future__ import annotations

from typing import Any

from servers.playbooks import Run
from servers.tables import Row, Table

BARBARA: dict[str, Any] = {
    "user_name": "bjensen@example.com",
    "name": {"given_name": "Barbara", "family_name": "Jensen"},
    "emails": [{"value": "bjensen@example.com", "type": "work", "primary": True}],
    "title": "Engineer",
    "active": True,
}
STORED = {
    "name": {"givenName": "Barbara", "familyName": "Jensen", "middleName": "Jane"},
    "emails": [{"value": "bjensen@example.com", "type": "work", "primary": True}],
    "title": "Engineer",
    "active": True,
}


def named(user_name: str, **options: Any) -> dict[str, Any]:
    return {**BARBARA, "user_name": user_name, **options}


def test_every_case_of_the_table(run: Run, rfc: Any) -> None:
    for name in ("there@example.com", "titled@example.com", "inner@example.com", "gone@example.com"):
        rfc.direct.add_user(name, nickName="Babs", **STORED)
    seen = Table(run, rfc).converges({
        "created": Row(named("new@example.com"), "created", 2),
        "unchanged": Row(named("there@example.com"), "unchanged", 1),
        "in another case": Row(named("THERE@Example.com"), "unchanged", 1),
        "updated": Row(named("titled@example.com", title="Lead"), "updated", 2),
        "updated inside": Row(named("inner@example.com", name={"given_name": "Babs"}), "updated", 2),
        "deleted": Row({"user_name": "gone@example.com", "state": "absent"}, "deleted", 3),  # confirmed by a read
        "absent already": Row({"user_name": "never@example.com", "state": "absent"}, "unchanged", 1),
    })  # fmt: skip
    assert seen["created"].sent == ["GET /Users", "POST /Users"]
    assert seen["created"].writes[0].body["emails"] == [{"value": "bjensen@example.com", "type": "work", "primary": True}]
    assert seen["updated"].sent == ["GET /Users", "PATCH /Users/ID"]
    assert seen["updated"].patched == {"replace title": "Lead"}
    assert seen["updated inside"].patched == {"replace name.givenName": "Babs"}
    assert seen["deleted"].sent == ["GET /Users", "DELETE /Users/ID", "GET /Users/ID"]
    stored = {user["userName"]: user for user in rfc.direct.list_all("/Users")}
    assert sorted(stored) == ["inner@example.com", "new@example.com", "there@example.com", "titled@example.com"]
    assert stored["titled@example.com"]["title"] == "Lead"
    assert stored["titled@example.com"]["nickName"] == "Babs", "What is not declared is left alone"
    assert stored["inner@example.com"]["name"] == {"givenName": "Babs", "familyName": "Jensen", "middleName": "Jane"}


def test_what_is_returned(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("there@example.com", **STORED)
    rfc.direct.add_user("gone@example.com", **STORED)
    seen = Table(run, rfc)({
        "created": Row(named("new@example.com", password="correct horse"), "created"),
        "updated": Row(named("there@example.com", title="Lead"), "updated"),
        "unchanged": Row(named("there@example.com", title="lead"), "unchanged"),
        "deleted": Row({"user_name": "gone@example.com", "state": "absent"}, "deleted"),
        "absent": Row({"user_name": "gone@example.com", "state": "absent"}, "unchanged"),
    })  # fmt: skip
    user = seen["created"].result["user"]
    assert (user["userName"], user["title"], bool(user["id"])) == ("new@example.com", "Engineer", True)
    assert "password" not in user
    [made] = seen["created"].result["operations"]
    assert (made["method"], made["path"]) == ("POST", "/Users")
    assert set(made["body"]["password"]) == {"*"}
    [patch] = seen["updated"].result["operations"]
    assert patch["body"]["Operations"] == [{"op": "replace", "path": "title", "value": "Lead"}]
    assert [seen[name].result["user"].get("title") for name in ("updated", "unchanged")] == ["Lead", "Lead"]
    [diff] = seen["updated"].result["diff"]
    assert 'title: "Engineer"' in diff["before"]
    assert 'title: "Lead"' in diff["after"]
    assert seen["unchanged"].result["diff"] == []
    assert [seen[name].result["user"] for name in ("deleted", "absent")] == [{}, {}]
    assert [step["method"] for step in seen["deleted"].result["operations"]] == ["DELETE"]


def test_groups(run: Run, rfc: Any) -> None:
    here, there = rfc.direct.add_user("here@example.com"), rfc.direct.add_user("there@example.com")
    for name in ("Data engineers", "On call"):
        rfc.direct.add_group(name, here["id"])
    groups = ["Data engineers", "On call"]
    seen = Table(run, rfc).converges({
        "a member already": Row({"user_name": "here@example.com", "groups": groups}, "unchanged", 2),
        "exactly a member": Row({"user_name": "here@example.com", "groups": groups, "membership": "exact"}, "unchanged", 2),
        "joins": Row({"user_name": "there@example.com", "groups": groups}, "updated", 6),  # no answer shows the members
        "is created and joins": Row({"user_name": "new@example.com", "groups": groups}, "created", 7),
    })  # fmt: skip
    assert seen["joins"].sent == ["GET /Users", "GET /Groups", *["PATCH /Groups/ID", "GET /Groups/ID"] * 2]
    assert seen["joins"].patched == {"add members": [{"value": there["id"]}]}
    for group in rfc.direct.list_all("/Groups"):
        assert len({member["value"] for member in group["members"]}) == len(group["members"]) == 3


def test_a_second_key_that_finds_nobody_costs_one_more(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("there@example.com", externalId="e-1")
    both = {"match_on": ["external_id", "user_name"]}
    Table(run, rfc).converges({
        "both find": Row({"user_name": "there@example.com", "external_id": "e-1", **both}, "unchanged", 1),
        "neither finds": Row({"user_name": "new@example.com", "external_id": "e-2", **both}, "created", 3),
    })  # fmt: skip
    assert {user["externalId"] for user in rfc.direct.list_all("/Users")} == {"e-1", "e-2"}
