# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What finds a person, who is taken over, and that nobody is ever there twice."""

from __future__ import annotations

from typing import Any

from servers.faults import Rule, When, bend_json, cut_after, cut_before, reply, scim_error
from servers.playbooks import Run
from servers.tables import Row, Table, of

NOBODY = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "Resources": []}
ABSENT = {"state": "absent"}
BY_EXTERNAL_ID = {"match_on": ["external_id"]}
BOTH = {"match_on": ["external_id", "user_name"]}


def names(provider: Any) -> list[str]:
    return sorted(user["userName"] for user in provider.direct.list_all("/Users"))


def unseen(row: str) -> Rule:
    """Somebody else creates the person between this row's look-up and its create."""
    return Rule(f"{row}: the first look-up finds nobody", When("GET", "/Users", nth=1, where=of(row)), bend_json(lambda _found: NOBODY))


def test_keys(run: Run, rfc: Any) -> None:
    old = rfc.direct.add_user("old@example.com")
    rfc.direct.add_user("before@example.com", externalId="e-1")
    kept = rfc.direct.add_user("kept@example.com", externalId="e-2")
    gone = rfc.direct.add_user("gone@example.com")
    seen = Table(run, rfc).converges({
        "renamed by id": Row({"id": old["id"], "user_name": "renamed@example.com"}, "updated", 3),
        "renamed by external id": Row({"external_id": "e-1", "user_name": "after@example.com", **BY_EXTERNAL_ID}, "updated", 2),
        "found by both": Row({"id": kept["id"], "user_name": "KEPT@example.com"}, "unchanged", 1),
        "deleted by id": Row({"id": gone["id"], **ABSENT}, "deleted", 3),
        "an id that is gone is absent": Row({"id": "no-such-id", **ABSENT}, "unchanged", 1),
        "an external id is compared by case": Row({"external_id": "E-2", "user_name": "other@example.com", **BY_EXTERNAL_ID}, "created", 2),
    })  # fmt: skip
    assert seen["renamed by id"].patched == {"replace userName": "renamed@example.com"}
    assert seen["renamed by id"].result["user"]["id"] == old["id"]
    assert all("id" not in write.body for one in seen.values() for write in one.writes if write.body), "An id is never sent"
    assert names(rfc) == ["after@example.com", "kept@example.com", "other@example.com", "renamed@example.com"]


def test_keys_that_do_not_find_one_person(run: Run, rfc: Any) -> None:
    one = rfc.direct.add_user("one@example.com", externalId="e-1")
    rfc.direct.add_user("two@example.com", externalId="e-2")
    rfc.direct.add_user("twin@example.com", externalId="twin")
    doubled = Rule("two with one external id", When("GET", "/Users", where=of("one key finds two")), bend_json(twins))
    rfc.proxy.rules.append(doubled)
    Table(run, rfc)({
        "two keys find two": Row({"user_name": "one@example.com", "external_id": "e-2", **BOTH}, error=f"(?=.*{one['id']}).*2 users.*two@"),
        "an id and a name": Row({"id": one["id"], "user_name": "two@example.com"}, error="(?=.*two@).*one@.*Declare the id"),
        "one key finds two": Row({"external_id": "twin", **BY_EXTERNAL_ID}, error="external_id twin finds 2 users: .*other-id"),
        "no such id": Row({"id": "no-such-id", "user_name": "new@example.com"}, error="no user with the id .no-such-id.*without an id"),
        "no key at all": Row({"title": "Engineer"}, requests=0, error="nothing identifies the resource.*user_name"),
        "a key that is none": Row({"user_name": "x", "match_on": ["emails"]}, requests=0, error="match_on: .emails. .*external_id"),
    })  # fmt: skip
    assert not rfc.proxy.writes


def twins(found: dict[str, Any]) -> dict[str, Any]:
    resources = found["Resources"] + [{**resource, "id": "other-id", "userName": "other@example.com"} for resource in found["Resources"]]
    return {**found, "Resources": resources, "totalResults": len(resources)}


def test_somebody_was_faster(run: Run, rfc: Any) -> None:
    for name in ("Same@example.com", "titled@example.com", "unique@example.com", "mine@example.com", "theirs@example.com"):
        rfc.direct.add_user(name, externalId=f"id of {name}", title="Engineer")
    rows = ("409, the same", "409, another title", "400 uniqueness", "adopt is false")
    rfc.proxy.rules += [
        *map(unseen, rows),
        Rule("uniqueness with 400", When("POST", where=of("400 uniqueness")), reply(400, scim_error(400, "Taken.", "uniqueness"))),
        Rule("the e-mail is taken", When("POST", where=of("e-mail taken")), reply(409, scim_error(409, "emails is taken.", "uniqueness"))),
    ]
    taken = {"user_name": "new@example.com", "emails": [{"value": "mine@example.com"}]}
    seen = Table(run, rfc)({
        "409, the same": Row({"user_name": "same@example.com", "title": "Engineer"}, "unchanged", 3),
        "409, another title": Row({"user_name": "titled@example.com", "title": "Lead"}, "updated", 4),
        "400 uniqueness": Row({"user_name": "unique@example.com", "title": "Lead"}, "updated", 4),
        "adopt is false": Row({"user_name": "theirs@example.com", "adopt": False}, error="theirs@.* already exists.*adopt is false"),
        "e-mail taken": Row(taken, error="new@example.com.* not created.*emails is taken"),
    })  # fmt: skip
    assert seen["409, another title"].sent == ["GET /Users", "POST /Users", "GET /Users", "PATCH /Users/ID"]
    assert seen["409, another title"].patched == {"replace title": "Lead"}
    assert [write.method for write in seen["e-mail taken"].writes] == ["POST"], "Somebody else's e-mail is no reason to take over a person"
    assert len(names(rfc)) == 5
    rfc.proxy.rules.clear()
    Table(run, rfc)({"again": Row({"user_name": "titled@example.com", "title": "Lead"}, "unchanged", 1)})


def test_what_people_should_know_of_whom_they_take_over(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("inactive@example.com", active=False)
    rfc.direct.add_user("numbered@example.com", externalId="theirs")
    seen = Table(run, rfc)({
        "inactive": Row({"user_name": "inactive@example.com", "title": "Lead"}, "updated"),
        "another external id": Row({"user_name": "numbered@example.com", "external_id": "ours"}, "updated"),
        "not to be adopted": Row({"user_name": "numbered@example.com", "external_id": "mine", "adopt": False}, error="ours.*adopt"),
    })  # fmt: skip
    assert "inactive" in seen["inactive"].warnings
    assert "active: true" in seen["inactive"].warnings
    assert "theirs" in seen["another external id"].warnings


def test_somebody_else_has_the_declared_external_id(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("else@example.com", externalId="e-9")
    rfc.direct.add_user("nine@example.com")
    people = [{"user_name": "nine@example.com", "external_id": "e-9"}, {"user_name": "ten@example.com"}]
    played = run.task("identity.scim.directory", {**rfc.connection, "users": people})
    assert "else@example.com" in str(played.result()["warnings"])
    assert "match_on: [external_id]" in str(played.result()["warnings"])


def test_lost_answers(run: Run, rfc: Any) -> None:
    there = rfc.direct.add_user("there@example.com", title="Engineer")
    rfc.direct.add_user("gone@example.com")
    rfc.proxy.rules += [
        Rule("made, and the answer is lost", When("POST", nth=1, where=of("create, answer lost")), cut_after),
        Rule("never arrived", When("POST", nth=1, where=of("create, request lost")), cut_before),
        Rule("patched, and the answer is lost", When("PATCH", nth=1, where=of("update, answer lost")), cut_after),
        Rule("deleted, and the answer is lost", When("DELETE", nth=1, where=of("delete, answer lost")), cut_after),
    ]
    seen = Table(run, rfc)({
        "create, answer lost": Row({"user_name": "one@example.com", "title": "Lead"}, "created", 3),
        "create, request lost": Row({"user_name": "two@example.com", "title": "Lead"}, "created", 7),  # looked for again: reads may lag
        "update, answer lost": Row({"user_name": "there@example.com", "title": "Lead"}, "updated", 3),
        "delete, answer lost": Row({"user_name": "gone@example.com", **ABSENT}, "deleted", 4),  # 404 may be the verb
    })  # fmt: skip
    assert seen["create, answer lost"].sent == ["GET /Users", "POST /Users", "GET /Users"]
    assert seen["create, answer lost"].result["user"]["title"] == "Lead"
    assert names(rfc) == ["one@example.com", "there@example.com", "two@example.com"]
    assert rfc.direct.get(f"/Users/{there['id']}")["title"] == "Lead"
