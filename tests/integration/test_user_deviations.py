# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers that deviate: no PATCH, silent answers, dropped attributes. Nothing is lost, and ``changed`` is what really happened."""

from __future__ import annotations

from typing import Any

from servers.faults import Rule, When, bend_answer, bend_body, bend_query, bend_resources, reply, without
from servers.playbooks import Run
from servers.serving import Answer
from servers.tables import Row, Table, of

STORED: dict[str, Any] = {
    "title": "Engineer",
    "nickName": "Babs",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [{"value": "work@example.com", "type": "work"}],
}


IGNORED = {"ignore_attributes": ["nick_name"]}


def stored(provider: Any, user_name: str) -> dict[str, Any]:
    [user] = [user for user in provider.direct.list_all("/Users") if user["userName"] == user_name]
    return {name: value for name, value in user.items() if name not in ("id", "meta", "schemas", "userName")}


def test_without_patch_nothing_undeclared_is_lost(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("titled@example.com", **STORED)
    cleared = rfc.direct.add_user("cleared@example.com", **STORED)
    rfc.direct.add_group("Data engineers", cleared["id"])
    member = rfc.direct.add_user("member@example.com", **STORED)
    rfc.proxy.rules.append(Rule("no PATCH", When("PATCH"), reply(405)))
    seen = Table(run, rfc).settles({
        "one attribute": Row({"user_name": "titled@example.com", "title": "Lead"}, "updated"),
        "one is cleared": Row({"user_name": "cleared@example.com", "clear": ["title"]}, "updated"),
        "a group": Row({"user_name": "member@example.com", "groups": ["Data engineers"]}, "updated"),
    })  # fmt: skip
    assert seen["one attribute"].sent == ["GET /Users", "PATCH /Users/ID", "GET /Users/ID", "PUT /Users/ID"]
    assert stored(rfc, "titled@example.com") == {**STORED, "title": "Lead"}
    assert stored(rfc, "cleared@example.com") == without("title")(STORED)
    [group] = rfc.direct.list_all("/Groups")
    assert {one["value"] for one in group["members"]} == {cleared["id"], member["id"]}


def test_a_profile_that_says_there_is_no_patch(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("there@example.com", **STORED)
    table = Table(run, rfc, provider_options={"patch": False})
    seen = table.settles({"put": Row({"user_name": "there@example.com", "title": "Lead"}, "updated")})
    assert [write.method for write in seen["put"].writes] == ["PUT"]
    assert seen["put"].writes[0].headers.get("If-Match"), "scim2-server has ETags (RFC 7644 §3.14)"
    assert stored(rfc, "there@example.com") == {**STORED, "title": "Lead"}


def test_a_patch_that_is_answered_with_nothing_is_read_again(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("there@example.com", **STORED)
    rfc.direct.add_user("refused@example.com", **STORED)
    rfc.proxy.rules += [
        Rule("PATCH is answered with 204", When("PATCH", where=of("204")), bend_query(without("excludedAttributes"))),
        Rule("PATCH takes no parameter", When("PATCH", having="excludedAttributes", where=of("a parameter is refused")), reply(400)),
    ]
    seen = Table(run, rfc).settles({
        "204": Row({"user_name": "there@example.com", "title": "Lead"}, "updated", 3),
        "a parameter is refused": Row({"user_name": "refused@example.com", "title": "Lead"}, "updated", 4),
    })  # fmt: skip
    assert seen["204"].sent == ["GET /Users", "PATCH /Users/ID", "GET /Users/ID"]
    assert {one.result["user"]["title"] for one in seen.values()} == {"Lead"}


def test_a_create_that_is_answered_with_nothing_is_looked_up(run: Run, rfc: Any) -> None:
    rfc.proxy.rules += [
        Rule("only Location", When("POST", where=of("Location")), bend_answer(lambda answer: Answer(201, answer.headers))),
        Rule("nothing at all", When("POST", where=of("nothing")), bend_answer(lambda answer: Answer(201))),
    ]
    seen = Table(run, rfc).settles({
        "Location": Row({"user_name": "one@example.com", "title": "Lead"}, "created", 3),
        "nothing": Row({"user_name": "two@example.com", "title": "Lead"}, "created", 3),
    })  # fmt: skip
    assert {one.result["user"]["title"] for one in seen.values()} == {"Lead"}


def test_what_is_accepted_and_dropped(run: Run, rfc: Any) -> None:
    """A provider that takes a nick name and does not keep it."""
    for name in ("only@example.com", "also@example.com", "ignored@example.com"):
        rfc.direct.add_user(name, title="Engineer")

    def drop(body: dict[str, Any]) -> dict[str, Any]:
        kept = [op for op in body["Operations"] if op["path"] != "nickName"] or [{"op": "remove", "path": "nickName"}]
        return {**body, "Operations": kept}

    rfc.proxy.rules += [
        Rule("the nick name is dropped", When("PATCH"), bend_body(drop)),
        Rule("the nick name of a new person is dropped", When("POST"), bend_body(without("nickName"))),
    ]
    rows = {
        # What looks dropped is read again, at once and after a pause: the answer may be older than the write.
        "nothing else differs": Row({"user_name": "only@example.com", "nick_name": "Babs"}, "unchanged", 4),
        "the title differs too": Row({"user_name": "also@example.com", "nick_name": "Babs", "title": "Lead"}, "updated", 4),
        "a new person": Row({"user_name": "new@example.com", "nick_name": "Babs"}, "created", 2),
        "as the warning says": Row({"user_name": "ignored@example.com", "nick_name": "Babs", **IGNORED}, "unchanged", 1),
    }
    table = Table(run, rfc)
    seen = table(rows)
    for row in ("nothing else differs", "the title differs too", "a new person"):
        assert "ignore_attributes: [nick_name]" in seen[row].warnings, row
    assert not seen["as the warning says"].warnings
    again = table(rows, as_expected=False)
    assert {one.result["action"] for one in again.values()} == {"unchanged"}


def test_an_attribute_that_is_never_shown_is_not_dropped_in_silence(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("there@example.com", title="Engineer")
    rfc.proxy.rules.append(Rule("the title is never answered", When(path="/Users*"), bend_resources(without("title"))))
    table = Table(run, rfc)
    seen = table({"hidden": Row({"user_name": "there@example.com", "title": "Engineer"}, "unchanged")})
    assert "ignore_attributes: [title]" in seen["hidden"].warnings
