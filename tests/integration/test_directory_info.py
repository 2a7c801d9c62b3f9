# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""identity.scim.directory_info: the declaration that it exports changes nothing, on every real server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from servers.directories import row, seeded
from servers.faults import Rule, When, bend_json, bend_resources, having, reply, without
from servers.playbooks import Run
from servers.tables import Row, Seen, Table, of

INFO = "identity.scim.directory_info"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


def info(requests: int | None = None, error: str = "", task: dict[str, Any] | None = None, **options: Any) -> Row:
    return Row(options, requests=requests, error=error, module=INFO, task=task or {})


def again(*src: Path) -> Row:
    """The directory declared by an export, in check mode and without limits: each difference would be a change."""
    return row(src=[str(path) for path in src], prune_users="delete", max_removals="100%", task={"check_mode": True})


def changes_nothing(seen: Seen) -> None:
    assert not seen.result["changed"], seen.result["changes"]
    assert seen.result["changes"] == []
    assert not seen.writes


def test_an_export_changes_nothing(run: Run, rfc: Any, tmp_path: Path) -> None:
    people = seeded(rfc.direct, range(5))
    rfc.direct.add_user(
        "Rich@example.com",
        schemas=[CORE, ENTERPRISE],
        externalId="00123",
        password="correct horse battery",
        name={"familyName": "No", "formatted": "Dr. No"},
        locale="en-US",
        phoneNumbers=[{"value": "tel:+1-201-555-0123", "type": "work"}],
        addresses=[{"type": "work", "country": "NO", "postalCode": "01234", "primary": False}],
        **{ENTERPRISE: {"employeeNumber": "1e3", "department": "R&D", "manager": {"value": people[0]}}},
    )
    for person, locale in zip(people[1:], ("en_US", "english please"), strict=False):
        rfc.direct.patch(f"/Users/{person}", {"op": "add", "path": "locale", "value": locale})
    inner = rfc.direct.add_group("Data: engineers", *people[:3])["id"]
    rfc.direct.add_group("Everybody", inner, people[4])
    rfc.direct.add_group("Nobody")
    one, folder, json = tmp_path / "all.yml", tmp_path / "folder", tmp_path / "all.json"
    seen = Table(run, rfc)({
        "check mode": info(4, dest=str(one), task={"check_mode": True}),
        "one file": info(4, dest=str(one)),
        "one file, again": info(4, dest=str(one)),
        "a folder": info(4, dest=f"{folder}/", split_by="enterprise.department"),
        "JSON": info(4, dest=str(json), max_listed=2),
        "from one file": again(one),
        "from the folder": again(folder),
        "from JSON": again(json),
        "a file for parts": info(0, dest=str(one), split_by="title", error="split_by requires that dest is a folder"),
        "parts for nothing": info(0, split_by="title", error="required by 'split_by'"),
        "an invalid filter": info(0, filter_users="active equals true", error="filter"),
    })  # fmt: skip
    for name in ("from one file", "from the folder", "from JSON"):
        changes_nothing(seen[name])
    assert [seen[name].result["changed"] for name in ("check mode", "one file", "one file, again")] == [True, True, False]
    result = seen["one file"].result
    assert yaml.safe_load(one.read_text("utf-8")) == {"users": result["users"], "groups": result["groups"]}
    assert one.stat().st_mode & 0o777 == 0o600
    assert [group["members"] for group in result["groups"]] == [
        ["p000@example.com", "p001@example.com", "p002@example.com"],
        ["Data: engineers", "p004@example.com"],
        [],
    ]
    rich = result["users"][-1]
    assert (rich["user_name"], rich["external_id"], rich["enterprise"]["employee_number"]) == ("Rich@example.com", "00123", "1e3")
    assert not {"id", "meta", "groups", "password", "schemas"} & set(rich)
    assert [user.get("locale") for user in result["users"]] == [None, "en_US", None, None, None, "en-US"]
    left_out = 'Left out: locale of p002@example.com: found "engl"…; expected a language tag such as en-US (BCP 47).'
    assert seen["one file"].warnings == left_out
    assert 'locale: not in the standard form, sent as written: "en_US" for "en-US"' in seen["from one file"].warnings
    assert not result["complete"]
    assert (len(seen["JSON"].result["users"]), seen["JSON"].result["truncated"]) == (2, True)
    assert sorted(path.name for path in folder.iterdir()) == ["groups.yml", "users-r-d.yml", "users.yml"]
    written = "".join(path.read_text("utf-8") for path in [one, json, *folder.iterdir()])
    assert "correct horse" not in f"{written}{seen['one file'].result}"
    assert not [identifier for identifier in people[1:] if identifier in written], "only a manager has its id in the export"


def test_providers_that_do_not_show_everything(run: Run, rfc: Any, tmp_path: Path) -> None:
    people = seeded(rfc.direct, range(3))
    rfc.direct.add_group("Team", *people)
    rfc.direct.add_group("Other")
    hidden = bend_resources(without("members"))
    rfc.proxy.rules += [
        Rule("listings hold no members", When("GET", "/Groups", where=of("listed without")), hidden),
        Rule("nothing holds members", When("GET", "/Groups*", where=of("never shown")), hidden),
        Rule("there are no groups", When("GET", "/Groups", where=of("no groups")), reply(404)),
        Rule("there are no users", When("GET", "/Users", where=of("no users")), reply(405)),
        Rule("more are counted", When("GET", "/Users", where=of("incomplete")), bend_json(having(totalResults=5))),
    ]
    seen = Table(run, rfc)({
        "listed without": info(5, dest=str(tmp_path / "whole.yml")),
        "never shown": info(5, dest=str(tmp_path / "without.yml")),
        "no groups": info(3),
        "no users": info(error="405"),
        "incomplete": info(error="listing of users is incomplete: 3 were read, the provider counts 5"),
        "from the whole": again(tmp_path / "whole.yml"),
        "from what is without": again(tmp_path / "without.yml"),
    })  # fmt: skip
    names = [f"p00{number}@example.com" for number in range(3)]
    assert [one["members"] for one in seen["listed without"].result["groups"]] == [[], names]
    assert [one["display_name"] for one in seen["never shown"].result["groups"] if "members" not in one] == ["Other", "Team"]
    assert "No group shows members" in seen["never shown"].warnings
    assert "no listing of groups" in seen["no groups"].warnings
    assert [seen[name].result["complete"] for name in ("listed without", "never shown", "no groups")] == [True, False, False]
    for name in ("from the whole", "from what is without"):
        changes_nothing(seen[name])


def test_matillion(run: Run, matillion: Any, tmp_path: Path) -> None:
    """Roles with one name in several projects are exported with their ids; attributes that only Matillion has are left out."""
    barbara = matillion.server.add_user("bjensen@example.com", name={"givenName": "Barbara"}, title="00123")
    other = matillion.server.add_user("mmeyer@example.com", active=False)
    first, second = (matillion.server.add_group("Viewers", member) for member in (barbara, other))
    matillion.server.add_group("Owners", barbara, other)
    dest = tmp_path / "all.yml"
    seen = Table(run, matillion, provider="matillion")({"exported": info(2, dest=str(dest)), "from it": again(dest)})
    changes_nothing(seen["from it"])
    result = seen["exported"].result
    assert {group["id"] for group in result["groups"] if group["display_name"] == "Viewers"} == {first, second}
    assert result["groups"][0] == {"display_name": "Owners", "members": ["bjensen@example.com", "mmeyer@example.com"]}
    assert "Left out of each group, because SCIM has no such attribute: accountId" in seen["exported"].warnings
    assert result["complete"]


def test_canaille(run: Run, canaille: Any, tmp_path: Path) -> None:
    """It names members by userName instead of id, so they cannot be exported; membership: additive keeps them in their groups."""
    name = {"formatted": "Barbara Jensen", "familyName": "Jensen"}
    one = canaille.direct.add_user("bjensen@example.com", name=name, title="Engineer", active=True)
    canaille.direct.add_user("mmeyer@example.com", name=name, active=True)
    member = {"value": one["id"], "$ref": f"{canaille.url}/Users/{one['id']}"}
    canaille.direct.post(
        "/Groups", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Team", "members": [member]}
    )
    dest = tmp_path / "all.yml"
    seen = Table(run, canaille)({"exported": info(None, dest=str(dest)), "from it": again(dest)})
    changes_nothing(seen["from it"])
    assert [user["user_name"] for user in seen["exported"].result["users"]] == ["bjensen@example.com", "mmeyer@example.com"]
    assert seen["exported"].result["groups"] == [{"display_name": "Team", "members": [], "membership": "additive"}]
    assert "members bjensen@example.com of Team: the provider lists no user or group with these ids" in seen["exported"].warnings
