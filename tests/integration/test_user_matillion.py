# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Matillion, held to the letter of "Create SCIM User": that one call alone, and with all documented calls."""

from __future__ import annotations

from typing import Any

from servers.faults import without
from servers.matillion_document import LISTS, USER
from servers.playbooks import Run
from servers.tables import Row, Table

VALUED = [{"value": "https://example.com/1", "display": "First", "type": "work", "primary": True}, {"value": "https://example.com/2"}]
OWNERS = {"display": "Sales", "role": "OWNER"}
CERTIFICATE = "MAMCAQU="  # the smallest DER there is: a SEQUENCE of one INTEGER
EVERYTHING: dict[str, Any] = {
    "meta": {
        "created": "2023-11-07T05:31:56Z", "lastModified": "2023-11-07T05:31:56Z", "location": "https://example.com/Users/1",
        "resourceType": "User", "version": "1",
    },
    "active": True,
    "addresses": [
        {
            "country": "NO", "display": "Head office", "formatted": "1 Main Street\nOslo", "locality": "Oslo", "postalCode": "00123",
            "primary": True, "region": "Oslo", "streetAddress": "1 Main Street", "type": "work",
        }
    ],
    "displayName": "Babs Jensen",
    "emails": [{"display": "Work", "primary": True, "type": "work", "value": "bjensen@example.com"}],
    "entitlements": VALUED,
    "externalId": "701984",
    "groups": [{"display": "Data engineers", "ref": "https://example.com/Groups/1", "type": "DIRECT", "value": "g-1"}],
    "ims": VALUED,
    "locale": "en-US",
    "name": {
        "familyName": "Jensen", "formatted": "Ms. Barbara J Jensen, III", "givenName": "Barbara", "honorificPrefix": "Ms.",
        "honorificSuffix": "III", "middleName": "Jane",
    },
    "nickName": "Babs",
    "password": "correct horse battery",
    "phoneNumbers": [{"display": "Desk", "primary": True, "type": "work", "value": "+1-201-555-0123"}],
    "photos": VALUED,
    "preferredLanguage": "en-US",
    "profileUrl": "https://example.com/bjensen",
    "roles": VALUED,
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "timezone": "America/Los_Angeles",
    "title": "Vice President",
    "userName": "bjensen@example.com",
    "userType": "Employee",
    "x509Certificates": [{"display": "Laptop", "primary": True, "type": "work", "value": CERTIFICATE}],
}  # fmt: skip


def matillion_table(run: Run, provider: Any) -> Table:
    """The host is loopback, so the profile is named."""
    return Table(run, provider, provider="matillion")


def snake(value: Any) -> Any:
    """A document in the names of Ansible's options."""
    if isinstance(value, dict):
        names = {name: "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name) for name in value}
        return {names[name]: snake(inner) for name, inner in value.items()}
    return [snake(inner) for inner in value] if isinstance(value, list) else value


def test_the_example_is_whole() -> None:
    assert set(EVERYTHING) == set(USER) - {"id"}
    assert set(EVERYTHING["name"]) == set(USER["name"])
    assert set(EVERYTHING["addresses"][0]) == set(USER["addresses"][0])
    assert {frozenset(EVERYTHING[name][0]) for name in LISTS} == {frozenset(USER["emails"][0])}


def test_every_documented_attribute_arrives(run: Run, matillion_post_only: Any) -> None:
    other = {**EVERYTHING, "userName": "other@example.com"}
    seen = matillion_table(run, matillion_post_only)({
        "pasted": Row(EVERYTHING, "created"),
        "in Ansible's names": Row(snake(other), "created"),
    })  # fmt: skip
    for row, document in (("pasted", EVERYTHING), ("in Ansible's names", other)):
        [sent] = seen[row].writes
        assert sent.headers["Content-Type"].partition(";")[0] == "application/json"
        assert sent.body["meta"]["resourceType"] == "User"
        assert without("meta")(sent.body) == without("meta")(document)
        assert "password" not in seen[row].result["user"]
    assert set(matillion_post_only.server.passwords.values()) == {"correct horse battery"}


def test_each_look_up_that_is_not_there_is_learned_once(run: Run, matillion_post_only: Any) -> None:
    rows = {
        "without groups": Row({**EVERYTHING, "groups": None}, "created", 2),
        "with a group": Row({"user_name": "other@example.com", "groups": [{"display": "Data engineers", "value": "g-1"}]}, "created", 3),
    }
    seen = matillion_table(run, matillion_post_only)(rows)
    assert seen["with a group"].sent == ["GET /Users", "GET /Groups", "POST /Users"]


def test_creating_alone(run: Run, matillion_post_only: Any) -> None:
    server = matillion_post_only.server
    server.add_user("there@example.com", title="Engineer")
    table = matillion_table(run, matillion_post_only)
    rows = {
        "new": Row({"user_name": "new@example.com", "title": "Lead"}, "created", 2),
        "only a name": Row({"user_name": "small@example.com"}, "created", 2),
        "there": Row({"user_name": "There@example.com", "title": "Lead"}, "unchanged"),
        "with a group": Row({"user_name": "grouped@example.com", "groups": [{"display": "Data engineers", "type": "DIRECT"}]}, "created"),
        "absent": Row({"user_name": "there@example.com", "state": "absent"}, error="there@example.com cannot be found to be deleted.*id"),
    }
    seen = table(rows)
    assert [exchange.status for exchange in seen["new"].exchanges] == [405, 201]
    assert seen["only a name"].writes[0].body.keys() == {"schemas", "meta", "userName"}
    assert seen["with a group"].writes[0].body["groups"] == [{"display": "Data engineers", "type": "DIRECT"}]
    assert seen["there"].exchanges[-1].status in (404, 405, 409)
    assert "could not be compared" in seen["there"].warnings
    assert "id" in seen["there"].warnings
    assert [user["title"] for user in server.users.values() if user["userName"] == "there@example.com"] == ["Engineer"]
    before = dict(server.users)
    again = table(rows, as_expected=False)
    assert {again[row].result.get("action") for row in rows if not rows[row].error} == {"unchanged"}
    assert server.users == before


def test_check_mode_writes_nothing(run: Run, matillion_post_only: Any) -> None:
    matillion_post_only.proxy.read_only = True
    rows = {"new": Row({"user_name": "new@example.com"}, "created", 1)}
    matillion_table(run, matillion_post_only)(rows, check=True)
    assert not matillion_post_only.proxy.writes


def test_all_documented_calls(run: Run, matillion: Any) -> None:
    server = matillion.server
    one = server.add_user("one@example.com", title="Engineer", nickName="Babs")
    other = server.add_user("other@example.com", externalId="e-1")
    server.add_user("kept@example.com", title="Engineer")
    cleared = server.add_user("cleared@example.com", externalId="e-2", title="Engineer")
    seen = matillion_table(run, matillion).converges({
        "all attributes": Row({**EVERYTHING, "groups": None}, "created", 2),
        "updated": Row({"user_name": "ONE@example.com", "title": "Lead"}, "updated", 2),
        "by id": Row({"id": other, "title": "Lead"}, "updated", 2),
        "unchanged": Row({"user_name": "kept@example.com", "title": "engineer"}, "unchanged", 1),
        "cleared": Row({"user_name": "cleared@example.com", "clear": ["external_id"]}, "updated", 2),
    })  # fmt: skip
    assert {write.headers["Content-Type"] for row in seen.values() for write in row.writes} == {"application/json"}
    assert (server.users[one]["title"], server.users[one]["nickName"]) == ("Lead", "Babs")
    assert (server.users[other]["title"], server.users[other]["externalId"]) == ("Lead", "e-1")
    assert (server.users[cleared]["title"], "externalId" in server.users[cleared]) == ("Engineer", False)


def test_groups_are_roles_in_projects(run: Run, matillion: Any) -> None:
    server = matillion.server
    user = server.add_user("there@example.com")
    admins = server.add_group("Sales", role="ADMIN")
    viewers = server.add_group("Sales", role="VIEWER")
    table = matillion_table(run, matillion)
    table.settles({
        "by name and role": Row({"user_name": "there@example.com", "groups": [{"display": "Sales", "role": "ADMIN"}]}, "updated", 4),
        "new": Row({"user_name": "new@example.com", "groups": [{"display": "Sales", "role": "viewer"}]}, "created", 4),
    })  # fmt: skip
    table({
        "by name alone": Row({"user_name": "there@example.com", "groups": ["Sales"]}, error='2 .*"Sales".*Declare the id'),
        "no such role": Row({"user_name": "there@example.com", "groups": [OWNERS]}, error="no group .*OWNER.*Sales"),
    })  # fmt: skip
    assert server.groups[admins]["members"] == [{"value": user}]
    assert len(server.groups[viewers]["members"]) == 1


def test_what_tells_groups_of_one_name_apart_is_said(run: Run, matillion: Any) -> None:
    matillion.server.add_user("there@example.com")
    for role in ("ADMIN", "VIEWER"):
        matillion.server.add_group("Sales", projectName="Sales", role=role)
    rows = {"by name alone": Row({"user_name": "there@example.com", "groups": ["Sales"]}, error="(?=.*role ADMIN)(?=.*role VIEWER)")}
    assert not matillion_table(run, matillion)(rows)["by name alone"].writes


def test_delete_is_not_documented(run: Run, matillion: Any) -> None:
    matillion.server.add_user("there@example.com")
    rows = {"absent": Row({"user_name": "there@example.com", "state": "absent"}, requests=2, error="DELETE /Users/.*405")}
    matillion_table(run, matillion)(rows)
    assert len(matillion.server.users) == 1
