# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real service providers that others wrote, without any option set by hand: django-scim2, django-scim2-server, canaille.

What each is like stands in ``servers.django_site`` and ``servers.oauth``. Most of it runs in process, where Ansible adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scim2_models import Context, EnterpriseUser, Group, PatchOp, User

from servers.direct import Direct
from servers.directories import group, name, nonzero
from servers.faults import Rule, When, reply
from servers.in_process import Ran, ran
from servers.playbooks import Run
from servers.proxy import Exchange
from servers.tables import Row, Table

Body = dict[str, Any]
CORE = "urn:ietf:params:scim:schemas:core:2.0:Group"
ONLY_DEACTIVATES = "this provider only deactivates users"


def person(number: int, **attributes: Any) -> Body:
    """``p007@example.com`` with what all of these providers store."""
    named = {"given_name": f"P{number}", "family_name": "Person"}
    return {"user_name": name(number), "name": named, "emails": [{"value": name(number)}], "active": True, **attributes}


def people(*numbers: int, **attributes: Any) -> list[Body]:
    return [person(number, **attributes) for number in numbers]


def done(provider: Any, module: str, expected: str, **declared: Any) -> Ran:
    """Check mode writes nothing and foretells; the run does it; the next one changes nothing."""
    provider.proxy.read_only = True
    foretold = ran(module, provider, check=True, **declared)
    provider.proxy.read_only = False
    was, again = ran(module, provider, **declared), ran(module, provider, **declared)
    told = [one.result.get("action") or str(one.result["changed"]) for one in (foretold, was, again)]
    nothing = "unchanged" if "action" in was.result else "False"
    assert told == [expected, expected, nothing], f"{told} of {declared}\n{foretold}\n{was}\n{again}"
    assert not provider.proxy.violations
    assert not again.writes, again
    return was


def teams(direct: Direct) -> dict[str, list[str]]:
    """Names of the members by the name of the group; at django-scim2 a group may have the id of a user."""
    called = {user["id"]: user["userName"] for user in direct.list_all("/Users")}
    return {one["displayName"]: sorted(called[member["value"]] for member in one.get("members", ())) for one in direct.list_all("/Groups")}


def deletes(provider: Any) -> bool:
    """django-scim2-server keeps whom it was told to delete."""
    return "django_scim2_server" not in provider.server.site


def test_a_user(django: Any) -> None:
    one = {"user_name": name(1)}
    done(django, "user", "created", **person(1, password="correct horse battery"))
    for declared in (
        {"name": {"given_name": "Zoe"}, "external_id": "00123"},
        {"emails": [{"value": "zoe@example.com"}], "active": False},
        {"clear": ["external_id"], "active": True},
    ):
        done(django, "user", "updated", **one, **declared)
    done(django, "user", "unchanged", user_name=name(1).upper(), active=True, emails=[{"value": "zoe@example.com"}])
    [stored] = django.direct.list_all("/Users")
    assert (stored["userName"], stored["name"]["givenName"], stored["name"]["familyName"]) == (name(1), "Zoe", "Person")
    assert (stored["emails"][0]["value"], stored["active"], stored.get("externalId") or None) == ("zoe@example.com", True, None)
    done(django, "user", "updated", id=stored["id"], user_name="renamed@example.com")
    dropped = ran("user", django, user_name="renamed@example.com", title="Lead")
    assert not dropped.result["changed"]
    assert "ignore_attributes: [title]" in dropped.warnings
    again = ran("user", django, user_name="renamed@example.com", state="absent")
    assert again.result["action"] == "deleted"
    gone = ran("user", django, user_name="renamed@example.com", state="absent")
    assert (gone.result["action"], ONLY_DEACTIVATES in gone.warnings) == ("unchanged", not deletes(django))


def test_a_group(django: Any) -> None:
    for number in (1, 2, 3):
        django.direct.add_user(name(number))
    done(django, "group", "created", **group("Team", name(1), name(2)))
    assert teams(django.direct) == {"Team": [name(1), name(2)]}
    done(django, "group", "unchanged", **group("TEAM", name(2), name(1).upper()))
    done(django, "group", "updated", **group("team", name(3), membership="additive"))
    done(django, "group", "updated", **group("team", name(3), name(1)))
    done(django, "user", "updated", user_name=name(2), groups=["Team"])
    done(django, "user", "updated", user_name=name(1), groups=["team"], membership="absent")
    was = done(django, "group", "updated", id=django.direct.list_all("/Groups")[0]["id"], display_name="Crew", external_id="e-crew")
    assert was.result["group"]["displayName"] == "Crew"
    assert teams(django.direct) == {"Crew": [name(2), name(3)]}
    done(django, "group", "deleted", display_name="CREW", state="absent")


MORNING: Body = {
    "users": people(*range(12)),
    "groups": [group("Team", name(0), name(1).upper(), name(2)), group("New", name(3)), {"display_name": "Guests"}],
}
EVENING: Body = {
    "users": [
        person(0, emails=[{"value": "zero@example.com"}], external_id="e0", groups=["Guests"]),
        person(1, active=False),
        person(2, user_name="two@example.com", previously=[name(2)]),
        {"user_name": name(3).upper(), "name": {"given_name": "Three"}},
        *people(*range(4, 11)),
        person(12),
    ],
    "groups": [
        group("Team", "two@example.com", name(12)),
        group("Newer", name(3), name(4), previously=["New"]),
        {"display_name": "Guests"},
    ],
}


def test_a_directory(django: Any) -> None:
    stranger = django.direct.add_user("stranger@example.com")["id"]
    made = django.direct.add_group("Strangers")["id"]
    django.direct.patch(f"/Groups/{made}", joining(stranger))
    first = done(django, "directory", "True", **MORNING)
    assert nonzero(first.result["summary"]) == {"users": {"created": 12}, "groups": {"created": 3}, "memberships": {"added": 4}}
    assert teams(django.direct) == {
        "Team": [name(0), name(1), name(2)],
        "New": [name(3)],
        "Guests": [],
        "Strangers": ["stranger@example.com"],
    }
    second = done(django, "directory", "True", **EVENING, max_removals="100%")
    assert nonzero(second.result["summary"]) == {
        "users": {"created": 1, "updated": 3, "deactivated": 1, "unchanged": 7},
        "groups": {"updated": 3},
        "memberships": {"added": 3, "removed": 2},
    }
    changes = {change["name"]: change for change in second.result["changes"] if change["type"] == "Group"}
    assert (changes["Team"]["joins"], changes["Team"]["leaves"]) == ([name(12)], [name(0), name(1)])
    expected = {"Team": [name(12), "two@example.com"], "Newer": [name(3), name(4)], "Guests": [name(0)]}
    assert teams(django.direct) == {**expected, "Strangers": ["stranger@example.com"]}
    refused = ran("directory", django, **EVENING, prune_users="deactivate", prune_groups="delete", max_removals=1)
    assert refused.failed
    assert not refused.writes
    done(django, "directory", "True", **EVENING, prune_users="deactivate", prune_groups="delete", max_removals="100%")
    assert teams(django.direct) == expected
    inactive = {user["userName"] for user in django.direct.list_all("/Users") if not user["active"]}
    assert inactive == {name(1), name(11), "stranger@example.com"}


def test_who_has_the_id_of_a_group(django: Any) -> None:
    """At django-scim2 the first user and the first group are both called 1: one goes, and the other loses a member."""
    ids = [django.direct.add_user(name(number))["id"] for number in range(3)]
    django.direct.add_group("Team")
    django.direct.patch(f"/Groups/{django.direct.list_all('/Groups')[0]['id']}", joining(*ids[:2]))
    declared = {"users": [{"user_name": name(0), "state": "absent"}, *people(1, 2)], "groups": [group("Team", name(2))]}
    went = ran("directory", django, **declared, max_removals="100%")
    assert not went.failed, went
    assert [change["joins"] for change in went.result["changes"] if change["name"] == "Team"] == [[name(2)]]
    assert teams(django.direct)["Team"] == [name(2)]
    assert ran("directory", django, **declared, max_removals="100%").result["changed"] is False


def joining(*ids: str) -> Body:
    return {"op": "add", "path": "members", "value": [{"value": member} for member in ids]}


def test_what_is_there(run: Run, django: Any, tmp_path: Path) -> None:
    """What ansible-playbook reads of it; exported and declared again, nothing changes."""
    dest = tmp_path / "export.yml"
    assert ran("directory", django, **MORNING).result["changed"]
    seen = Table(run, django)({
        "provider": Row({}, module="identity.scim.provider_info"),
        "users": Row({"user_name": name(7).upper()}, module="identity.scim.user_info"),
        "groups": Row({"display_name": "team"}, module="identity.scim.group_info"),
        "exported": Row({"dest": str(dest)}, module="identity.scim.directory_info"),
    })  # fmt: skip
    assert [user["userName"] for user in seen["users"].result["users"]] == [name(7)]
    assert [one["displayName"] for one in seen["groups"].result["groups"]] == ["Team"]
    assert seen["exported"].result["complete"], seen["exported"].warnings
    members = {one["display_name"]: one["members"] for one in seen["exported"].result["groups"]}
    assert members == {"Guests": [], "New": [name(3)], "Team": [name(0), name(1), name(2)]}
    again = ran("directory", django, src=[str(dest)], prune_users="delete", prune_groups="delete", max_removals="100%")
    assert again.result["changes"] == []
    assert not again.writes
    told = seen["provider"].result
    assert (told["profile"]["name"], told["capabilities"]["me"]["value"]) == ("rfc", False)
    assert not seen["provider"].writes


def test_canaille(run: Run, canaille: Any, tmp_path: Path) -> None:
    """People are managed; its groups want what SCIM does not ask for, and name their members in another way: each is refused in words."""
    everybody = [person(number, name={"formatted": f"P{number}", "family_name": "Person"}) for number in range(10)]
    done(canaille, "directory", "True", users=everybody[:8])
    changed = [{**everybody[0], "title": "Lead"}, {**everybody[1], "active": False}, *everybody[2:7], everybody[9]]
    done(canaille, "directory", "True", users=changed, prune_users="deactivate", max_removals="100%")
    done(canaille, "user", "updated", user_name=name(2).upper(), emails=[{"value": "two@example.com"}])
    done(canaille, "user", "deleted", user_name=name(3), state="absent")
    ids = {user["userName"]: user["id"] for user in canaille.direct.get("/Users")["Resources"]}
    assert sorted(ids) == [name(number) for number in (0, 1, 2, 4, 5, 6, 7, 9)]
    unwelcome = ran("group", canaille, **group("Team", name(0), name(1)))
    assert "Field '$ref' is required" in unwelcome.result["msg"]
    refused = ran("user", canaille, user_name=name(4), external_id="e4")
    assert "'externalId' is read-only" in refused.result["msg"]
    members = [{"value": ids[name(number)], "$ref": f"{canaille.url}/Users/{ids[name(number)]}"} for number in (0, 1)]
    canaille.direct.post("/Groups", {"schemas": [CORE], "displayName": "Team", "members": members})
    for declared in ({"groups": [group("Team", name(0))]}, {"users": [{"user_name": name(0), "groups": ["Team"]}]}):
        named = ran("directory", canaille, **declared)
        assert "by name, not by id (RFC 7643 section 4.2)" in named.result["msg"]
        assert not named.writes
    seen = Table(run, canaille)({
        "provider": Row({}, module="identity.scim.provider_info"),
        "users": Row({"filter": f'userName eq "{name(2)}"'}, module="identity.scim.user_info"),
        "groups": Row({}, module="identity.scim.group_info"),
    })  # fmt: skip
    assert [user["emails"] for user in seen["users"].result["users"]] == [[{"value": "two@example.com"}]]
    assert [one["displayName"] for one in seen["groups"].result["groups"]] == ["Team"]
    assert seen["provider"].result["capabilities"]["filter"] == {"value": False, "known": "seen"}


# -- what is sent, judged by scim2-models ------------------------------------------------------------------------------------------------

MANAGER = {"value": "2819c223", "ref": "https://example.com/v2/Users/2819c223"}  # RFC 7643 §8.7.1 requires both
RICH: Body = {
    **person(20),
    "external_id": "00123",
    "display_name": "Zoe",
    "profile_url": "https://example.com/zoe",
    "preferred_language": "en-US",
    "locale": "en-US",
    "timezone": "Europe/London",
    "password": "correct horse battery",
    "phone_numbers": [{"value": "tel:+44-20-7946-0123", "type": "work", "primary": True}],
    "ims": [{"value": "zoe", "type": "xmpp"}],
    "photos": [{"value": "https://example.com/zoe.png", "type": "photo"}],
    "addresses": [{"type": "work", "country": "NO", "postal_code": "01234", "primary": True}],
    "entitlements": [{"value": "parking"}],
    "roles": [{"value": "boss"}],
    "enterprise": {"employee_number": "1e3", "department": "R&D", "manager": MANAGER},
}
LATER: Body = {
    "user_name": name(20),
    "clear": ["display_name", "enterprise.department", "ims", "external_id"],
    "name": {"middle_name": "Q"},
    "emails": [{"value": "zoe@example.com", "type": "home"}],
    "enterprise": {"cost_center": "4130"},
}
MODELS = {"Users": User[EnterpriseUser], "Groups": Group}
REQUESTS = {"POST": Context.RESOURCE_CREATION_REQUEST, "PUT": Context.RESOURCE_REPLACEMENT_REQUEST, "PATCH": Context.RESOURCE_PATCH_REQUEST}


def bodies(writes: Iterable[Exchange]) -> Iterator[tuple[str, str, Body]]:
    """Method, endpoint and body of each write, those in bulk too."""
    for one in writes:
        for operation in one.body["Operations"] if one.path == "/Bulk" else [{"method": one.method, "path": one.path, "data": one.body}]:
            yield operation["method"], operation["path"].split("/")[1], operation.get("data")


def read_strictly(method: str, endpoint: str, body: Body) -> Body:
    """The body as scim2-models reads and writes it: it refuses what it does not know, and leaves out what a client must not send."""
    model = PatchOp[MODELS[endpoint]] if method == "PATCH" else MODELS[endpoint]
    return model.model_validate(body, scim_ctx=REQUESTS[method]).model_dump(scim_ctx=REQUESTS[method])


@pytest.mark.parametrize(
    "rules",
    [[], [Rule("no PATCH", When("PATCH"), reply(405)), Rule("no bulk", When("POST", "/Bulk"), reply(501))]],
    ids=["all is taken", "PUT alone"],
)
def test_bodies_are_what_scim2_models_expects(rfc: Any, rules: list[Rule]) -> None:
    rfc.proxy.rules += rules
    writes: list[Exchange] = []
    for module, declared in (
        ("directory", MORNING),
        ("directory", {**EVENING, "max_removals": "100%"}),
        ("user", RICH),
        ("user", LATER),
        ("user", {"user_name": name(20), "groups": ["Newer"], "active": False}),
        ("group", {**group("Team", name(20)), "external_id": "e-team"}),
    ):
        run = ran(module, rfc, **declared)
        assert not run.failed, run
        writes += [one for one in run.writes if one.method != "DELETE"]
    seen = list(bodies(writes))
    for method, endpoint, body in seen:
        sent = {key: value for key, value in body.items() if key != "id"} if method == "PUT" else body
        assert read_strictly(method, endpoint, body) == sent, f"{method} {endpoint}"
    assert {method for method, _endpoint, _body in seen} == ({"POST", "PUT", "PATCH"} if rules else {"POST", "PATCH"})
