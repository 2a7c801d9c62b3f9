# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The strict server is as strict as the page it is made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from servers.direct import Direct
from servers.limits import TokenBucket
from servers.matillion import EDITIONS, MatillionServer

META = {"meta": {"resourceType": "User"}}


@pytest.fixture
def server() -> Iterator[MatillionServer]:
    with MatillionServer() as server:
        yield server


@pytest.fixture
def direct(server: MatillionServer) -> Direct:
    return Direct(server.url, server.token)


def post(server: MatillionServer, body: Any, **headers: str) -> requests.Response:
    sent = {"Authorization": f"Bearer {server.token}", **headers}
    return requests.post(f"{server.url}/Users", json=body, headers=sent, timeout=10)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"userName": "b"}, "meta is required"),
        ({"meta": "User"}, "meta must be an object"),
        ({**META, "schemas": []}, "schemas must have at least 1"),
        ({**META, "id": ""}, "id must have at least 1"),
        ({**META, "favouriteColour": "red"}, "favouriteColour is not documented"),
        ({**META, "groups": [{"$ref": "x"}]}, "groups[0].$ref is not documented"),
        ({**META, "emails": [{"value": "x", "kind": "work"}]}, "emails[0].kind is not documented"),
        ({**META, "active": "true"}, "active must be a boolean"),
        ({**META, "title": None}, "title must be a string"),
        ({**META, "emails": {"value": "x"}}, "emails must be an array"),
        ({**META, "name": "Barbara"}, "name must be an object"),
        ({"meta": {"created": "yesterday"}}, "meta.created must be a date-time"),
        (["x"], "the body must be an object"),
    ],
)
def test_refused_by_name(server: MatillionServer, body: Any, named: str) -> None:
    answer = post(server, body)
    assert (answer.status_code, named in answer.json()["detail"]) == (400, True), answer.text
    assert not server.users


def test_all_faults_at_once(server: MatillionServer) -> None:
    assert post(server, {"active": 1, "colour": 2}).json()["detail"].count(";") == 2


def test_credentials_and_content_type(server: MatillionServer) -> None:
    assert post(server, META, Authorization="Bearer wrong").status_code == 401
    assert post(server, META, **{"Content-Type": "application/scim+json"}).status_code == 415
    assert post(server, META, **{"Content-Type": "application/json; charset=utf-8"}).status_code == 201


def test_create(server: MatillionServer) -> None:
    answer = post(server, {**META, "userName": "BJensen", "password": "secret", "name": {"givenName": "Barbara"}})
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == made["meta"]["location"] == f"{server.url}/Users/{made['id']}"
    assert made["name"] == {"givenName": "Barbara"}
    assert "secret" not in answer.text
    assert server.passwords == {made["id"]: "secret"}
    again = post(server, {**META, "userName": "bjensen"})
    assert (again.status_code, again.json()["scimType"], again.json()["status"]) == (409, "uniqueness", "409")


def test_post_only() -> None:
    with MatillionServer(post_only=True) as server:
        made = post(server, {**META, "userName": "b"}).json()
        headers = {"Authorization": f"Bearer {server.token}"}
        assert requests.get(f"{server.url}/Users", headers=headers, timeout=10).status_code == 405
        for path in (f"/Users/{made['id']}", "/Groups", "/ServiceProviderConfig", "/Schemas"):
            answer = requests.get(server.url + path, headers=headers, timeout=10)
            assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html")


def test_look_up_list_put_and_patch(server: MatillionServer, direct: Direct) -> None:
    ids = [server.add_user(f"user{number}@example.com", title="Analyst") for number in range(101)]
    assert [user["id"] for user in direct.list_all("/Users")] == ids
    assert len(direct.get("/Users")["Resources"]) == 100
    found = direct.get("/Users", filter='userName eq "USER7@example.com"')
    assert [user["id"] for user in found["Resources"]] == [ids[7]]
    named = {"op": "replace", "path": "name.givenName", "value": "Ada"}
    changed = direct.patch(f"/Users/{ids[0]}", named, {"op": "remove", "path": "title"})
    assert (changed["name"], "title" in changed) == ({"givenName": "Ada"}, False)
    replaced = direct.put(f"/Users/{ids[0]}", {**META, "userName": "ada@example.com"})
    assert (replaced["userName"], "name" in replaced) == ("ada@example.com", False)
    with pytest.raises(AssertionError, match="409"):
        direct.patch(f"/Users/{ids[0]}", {"op": "replace", "path": "userName", "value": "USER1@example.com"})
    with pytest.raises(AssertionError, match="invalidFilter"):
        direct.get("/Users", filter='title eq "x"')
    with pytest.raises(AssertionError, match="405"):
        direct.delete(f"/Users/{ids[0]}")


def test_groups_are_roles(server: MatillionServer, direct: Direct) -> None:
    barbara, bob = server.add_user("bjensen"), server.add_user("bob")
    group = server.add_group("Data engineers", barbara, role="EDITOR", projectName="Sales")
    path = f"/Groups/{group}"
    direct.patch(path, {"op": "add", "path": "members", "value": [{"value": bob}, {"value": barbara}]})
    shown = direct.get(path)
    assert (shown["role"], shown["projectName"]) == ("EDITOR", "Sales")
    assert shown["members"][1] == {"display": "bob", "ref": f"{server.url}/Users/{bob}", "type": "USER", "value": bob}
    assert len(shown["members"]) == 2, "who is a member already is not added again"
    assert direct.get(f"/Users/{bob}")["groups"][0]["type"] == "DIRECT"
    after = direct.patch(path, {"op": "remove", "path": f'members[value eq "{barbara}"]'})
    assert [member["value"] for member in after["members"]] == [bob]
    for refused in ({"op": "replace", "path": "role", "value": "ADMIN"}, {"op": "add", "path": "members", "value": [{"value": "nobody"}]}):
        with pytest.raises(AssertionError, match="400"):
            direct.patch(path, refused)
    assert direct.get("/Groups", filter='displayName eq "data engineers"')["totalResults"] == 1


def test_rate_limit() -> None:
    with MatillionServer(limit=TokenBucket(0.5, 2)) as server:
        answers = [post(server, META) for _other in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert answers[2].headers["Retry-After"] in ("1", "2")


def test_a_group_is_replaced_except_for_what_makes_it_a_role(server: MatillionServer, direct: Direct) -> None:
    member, group = server.add_user("b@example.com"), server.add_group("Owners", role="OWNER")
    answer = requests.put(
        f"{server.url}/Groups/{group}",
        json={**META, "displayName": "Sales", "role": "VIEWER", "members": [{"value": member}]},
        headers={"Authorization": f"Bearer {server.token}"},
        timeout=10,
    )
    assert answer.status_code == 200
    stored = server.groups[group]
    assert (stored["displayName"], stored["role"], stored["members"]) == ("Sales", "OWNER", [{"value": member}])


@pytest.mark.parametrize(("edition", "at_once", "wait"), [("1000 a minute", 1000, 60), ("60 a minute", 5, 1)])
def test_the_limits_of_both_editions(edition: str, at_once: int, wait: int) -> None:
    limit = EDITIONS[edition]()
    assert [limit.take(0.0) for _other in range(at_once)] == [0.0] * at_once
    assert limit.take(0.0) == pytest.approx(wait)
    assert limit.take(wait) == 0.0
