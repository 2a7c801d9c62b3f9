# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes in all their spellings: cleared, added to lists, ignored, of extensions, secret, and pasted from a SCIM document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scim2_models import ResourceType, Schema
from scim2_server.utils import load_default_resource_types, load_default_schemas

from servers.playbooks import Run
from servers.rfc import models
from servers.tables import Row, Table

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
BADGE = "urn:example:params:scim:schemas:extension:badge:2.0:User"
WORK = {"value": "work@example.com", "type": "work", "primary": True}
HOME = {"value": "home@example.com", "type": "home"}
WHOLE: dict[str, Any] = {
    "schemas": [CORE, ENTERPRISE],
    "title": "Engineer",
    "name": {"givenName": "Barbara", "middleName": "Jane"},
    "emails": [WORK, HOME],
    ENTERPRISE: {"department": "Research", "costCenter": "4130"},
}


def stored(provider: Any) -> dict[str, dict[str, Any]]:
    return {user["userName"]: user for user in provider.direct.list_all("/Users")}


def test_clearing(run: Run, rfc: Any) -> None:
    """RFC 7643 §2.5: null, empty and absent are one state."""
    cleared: dict[str, tuple[dict[str, Any], str]] = {
        "clear": ({"clear": ["title"]}, "title"),
        "clear a sub-attribute": ({"clear": ["name.middle_name"]}, "name.middleName"),
        "clear in SCIM's spelling": ({"clear": ["name.middleName"]}, "name.middleName"),
        "clear a list": ({"clear": ["emails"]}, "emails"),
        "clear of an extension": ({"clear": ["enterprise.department"]}, f"{ENTERPRISE}:department"),
        "clear by URN": ({"clear": [f"{ENTERPRISE}:department"]}, f"{ENTERPRISE}:department"),
        "an empty list": ({"emails": []}, "emails"),
        "an empty text": ({"title": ""}, "title"),
    }
    said_nothing: dict[str, dict[str, Any]] = {
        "a dict of nulls": {"name": {"given_name": None, "middle_name": None}},
        "a templated null in a dict": {"name": {"given_name": "Barbara", "middle_name": "{{ none }}"}},
        "an empty dict": {"name": {}},
        "null": {"title": None},
        "omit": {"title": "{{ omit }}"},
    }
    people = {row: f"{number}@example.com" for number, row in enumerate([*cleared, *said_nothing])}
    for name in people.values():
        rfc.direct.add_user(name, **WHOLE)
    seen = Table(run, rfc).converges({
        **{row: Row({"user_name": people[row], **options}, "updated", 2) for row, (options, _path) in cleared.items()},
        **{row: Row({"user_name": people[row], **options}, "unchanged", 1) for row, options in said_nothing.items()},
    })  # fmt: skip
    for row, (_options, path) in cleared.items():
        assert seen[row].patched == {f"remove {path}": None}, row
        assert "value" not in seen[row].writes[0].body["Operations"][0], row
    after = stored(rfc)
    assert after[people["clear a sub-attribute"]]["name"] == {"givenName": "Barbara"}
    assert "emails" not in after[people["an empty list"]]
    assert after[people["clear by URN"]][ENTERPRISE] == {"costCenter": "4130"}
    assert all(after[people[row]]["name"] == WHOLE["name"] for row in said_nothing)


def primaries(elements: list[dict[str, Any]]) -> list[str]:
    return [element["value"] for element in elements if element.get("primary")]


def test_lists(run: Run, rfc: Any) -> None:
    other = {"value": "other@example.com", "type": "other"}
    rows = {
        "exact": ({"emails": [WORK, other]}, [WORK, other]),
        "exact, another order": ({"emails": [HOME, WORK]}, [WORK, HOME]),
        "exact, fewer details": ({"emails": [{"value": "Work@example.com"}, {"value": "home@example.com"}]}, [WORK, HOME]),
        "additive": ({"emails": [other], "multi_valued": "additive"}, [WORK, HOME, other]),
        "additive, there already": ({"emails": [HOME], "multi_valued": "additive"}, [WORK, HOME]),
        "additive, nothing": ({"emails": [], "multi_valued": "additive"}, [WORK, HOME]),
        "another primary": ({"emails": [{**HOME, "primary": True}], "multi_valued": "additive"}, [WORK, {**HOME, "primary": True}]),
    }
    for number in range(len(rows)):
        rfc.direct.add_user(f"{number}@example.com", **WHOLE)
    seen = Table(run, rfc).settles({
        row: Row({"user_name": f"{number}@example.com", **options}, "unchanged" if after == [WORK, HOME] else "updated")
        for number, (row, (options, after)) in enumerate(rows.items())
    })  # fmt: skip
    assert seen["exact"].patched == {"replace emails": [WORK, other]}
    assert seen["additive"].patched == {"add emails": [other]}
    people = stored(rfc)
    for number, (row, (_options, after)) in enumerate(rows.items()):
        emails = people[f"{number}@example.com"]["emails"]
        assert [email["value"] for email in emails] == [email["value"] for email in after], row
        assert primaries(emails) == primaries(after)[-1:], row


def test_ignored_attributes(run: Run, rfc: Any) -> None:
    names = {"formatted": "B. Jensen", "given_name": "Babs"}
    both = {"ignore_attributes": ["title", "name.formatted"]}
    for number in range(3):
        rfc.direct.add_user(f"{number}@example.com", **WHOLE)
    seen = Table(run, rfc).settles({
        "whole": Row({"user_name": "0@example.com", "title": "Lead", "ignore_attributes": ["title"]}, "unchanged", 1),
        "inside": Row({"user_name": "1@example.com", "name": names, "ignore_attributes": ["name.formatted"]}, "updated", 2),
        "cleared": Row({"user_name": "2@example.com", "clear": ["title"], "ignore_attributes": ["title"]}, "unchanged", 1),
        "new": Row({"user_name": "3@example.com", "title": "Lead", "name": names, **both}, "created", 2),
    })  # fmt: skip
    assert seen["inside"].patched == {"replace name.givenName": "Babs"}
    [made] = seen["new"].writes
    assert (made.body["name"], "title" in made.body) == ({"givenName": "Babs"}, False)


def test_extensions(run: Run, rfc: Any) -> None:
    boss = rfc.direct.add_user("boss@example.com")
    for number in range(4):
        rfc.direct.add_user(f"{number}@example.com", **WHOLE)
    manager = {"manager": {"value": boss["id"]}}
    whole = {ENTERPRISE: {"costCenter": "5000", **manager}}
    seen = Table(run, rfc)({
        "by its short name": Row({"user_name": "0@example.com", "enterprise": {"cost_center": "5000", **manager}}, "updated", 2),
        "by its URN": Row({"user_name": "1@example.com", **whole}, "updated", 2),
        "among extensions": Row({"user_name": "2@example.com", "extensions": whole}, "updated", 2),
        "the same": Row({"user_name": "3@example.com", "enterprise": {"department": "research"}}, "unchanged", 1),
        "new": Row({"user_name": "4@example.com", "enterprise": {"employee_number": "00123"}}, "created", 2),
    })  # fmt: skip
    for row in ("by its short name", "by its URN", "among extensions"):
        assert seen[row].patched[f"replace {ENTERPRISE}:costCenter"] == "5000", row
    for number in range(3):
        extension = stored(rfc)[f"{number}@example.com"][ENTERPRISE]
        assert (extension["costCenter"], extension["department"], extension["manager"]["value"]) == ("5000", "Research", boss["id"])
    assert stored(rfc)["4@example.com"][ENTERPRISE] == {"employeeNumber": "00123"}
    assert set(seen["new"].writes[0].body["schemas"]) == {CORE, ENTERPRISE}


def test_an_extension_that_only_the_provider_knows(run: Run, serve_rfc: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with_badges(monkeypatch)
    provider = serve_rfc()
    provider.direct.add_user("there@example.com", schemas=[CORE, BADGE], **{BADGE: {"badgeNumber": "00123", "levels": ["a", "b"]}})
    provider.direct.add_user("other@example.com", schemas=[CORE, BADGE], **{BADGE: {"badgeNumber": "00123", "levels": ["a", "b"]}})
    badge = {"extensions": {BADGE: {"badgeNumber": "00123", "levels": ["a", "b"]}}}
    seen = Table(run, provider).settles({
        "new": Row({"user_name": "new@example.com", **badge}, "created"),
        "there": Row({"user_name": "there@example.com", **badge}, "unchanged"),
        "other": Row({"user_name": "other@example.com", "extensions": {BADGE: {"badgeNumber": "00124"}}}, "updated"),
        "at the top": Row({"user_name": "top@example.com", "clear": ["title"], "extensions": {BADGE: {"badgeNumber": "7"}}}, "created"),
    })  # fmt: skip
    [made] = seen["new"].writes
    assert made.body[BADGE] == badge["extensions"][BADGE]
    assert set(made.body["schemas"]) == {CORE, BADGE}
    assert stored(provider)["other@example.com"][BADGE] == {"badgeNumber": "00124", "levels": ["a", "b"]}


def with_badges(monkeypatch: pytest.MonkeyPatch) -> None:
    """scim2-server, with an extension that no RFC has."""
    text = {"multiValued": False, "type": "string", "required": False, "caseExact": True, "mutability": "readWrite", "returned": "default"}
    attributes = [{**text, "name": "badgeNumber"}, {**text, "name": "levels", "multiValued": True}]
    badge = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "id": BADGE, "name": "Badge", "attributes": attributes}
    kinds = load_default_resource_types()
    user = kinds["User"].model_dump()
    user["schemaExtensions"].append({"schema": BADGE, "required": False})
    monkeypatch.setattr("servers.rfc.models", models.__wrapped__)  # those of all other servers have no badges
    monkeypatch.setattr("servers.rfc.load_default_schemas", lambda: {**load_default_schemas(), BADGE: Schema.model_validate(badge)})
    monkeypatch.setattr("servers.rfc.load_default_resource_types", lambda: {**kinds, "User": ResourceType.model_validate(user)})


def test_passwords(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("there@example.com", title="Engineer")
    rfc.direct.add_user("always@example.com", title="Engineer")
    secret = {"password": "correct horse battery"}
    table = Table(run, rfc)
    rows = {
        "on_create, new": Row({"user_name": "new@example.com", **secret}, "created", 2),
        "on_create, there": Row({"user_name": "there@example.com", **secret}, "unchanged", 1),
        "always, there": Row({"user_name": "always@example.com", "update_password": "always", **secret}, "updated", 2),
        "always, new": Row({"user_name": "newer@example.com", "update_password": "always", **secret}, "created", 2),
    }
    seen = table(rows)
    assert seen["on_create, new"].writes[0].body["password"] == secret["password"]
    assert seen["always, there"].patched == {"replace password": secret["password"]}
    again = table(rows, as_expected=False)
    assert [again[row].result["action"] for row in rows] == ["unchanged", "unchanged", "updated", "updated"]
    assert secret["password"] not in f"{table.played}{[one.result for one in (*seen.values(), *again.values())]}"


def test_a_pasted_document(run: Run, rfc: Any) -> None:
    """RFC 7643 §8.3 in short, as a provider shows it: its own names, a URN, and what only the provider sets."""
    document = {
        "schemas": [CORE, ENTERPRISE],
        "externalId": "701984",
        "userName": "bjensen@example.com",
        "name": {"formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen", "honorificPrefix": "Ms."},
        "displayName": "Babs Jensen",
        "profileUrl": "https://login.example.com/bjensen",
        "emails": [{"value": "bjensen@example.com", "type": "work", "primary": True}],
        "addresses": [{"streetAddress": "100 Universal City Plaza", "postalCode": "91608", "country": "US", "type": "work"}],
        "phoneNumbers": [{"value": "tel:+1-555-555-5555", "type": "work"}],
        "userType": "Employee",
        "preferredLanguage": "en-US",
        "timezone": "America/Los_Angeles",
        "active": True,
        ENTERPRISE: {"employeeNumber": "701984", "costCenter": "4130", "department": "Tour Operations"},
        "meta": {"resourceType": "User", "created": "2010-01-23T04:56:22Z", "version": 'W/"a330bc54f0671c9"'},
    }
    seen = Table(run, rfc).settles({"pasted": Row(document, "created", 2)})
    [user] = rfc.direct.list_all("/Users")
    assert {**user, "id": "", "meta": {}, "schemas": []} == {**document, "id": "", "meta": {}, "schemas": []}
    assert user["meta"]["version"] != 'W/"a330bc54f0671c9"'
    again = Table(run, rfc)({"as the provider shows it": Row({**seen["pasted"].result["user"], "title": "Guide"}, "updated", 2)})
    assert again["as the provider shows it"].patched == {"add title": "Guide"}
