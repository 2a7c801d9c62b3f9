# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""identity.scim.group and group_info: one group, its attributes and its members."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from servers.directories import members_of, name, names, seeded
from servers.faults import Rule, When, bend_json
from servers.playbooks import Run
from servers.tables import Row, Table

by_value = itemgetter("value")
GROUP, INFO = "identity.scim.group", "identity.scim.group_info"


def row(action: str = "", requests: int | None = None, error: str = "", module: str = GROUP, **options: Any) -> Row:
    return Row(options, action, requests, error, module)


def team(display_name: str, *members: Any, **options: Any) -> dict[str, Any]:
    return {"display_name": display_name, "members": list(members), **options}


def test_every_case_of_the_table(run: Run, rfc: Any) -> None:
    ids = seeded(rfc.direct, range(3))
    for group in ("There", "Updated", "Renamed", "Gone"):
        rfc.direct.add_group(group, *ids[:2], externalId=f"e-{group}")
    renamed = next(group["id"] for group in rfc.direct.list_all("/Groups") if group["displayName"] == "Renamed")
    seen = Table(run, rfc).converges({
        "created": row("created", 4, display_name="New", external_id="e-new"),
        "created with members": row("created", 5, **team("Newer", name(0), name(2))),
        "unchanged": row("unchanged", 1, display_name="There"),
        "in another case": row("unchanged", 1, display_name="THERE", external_id="e-There"),
        "with members, unchanged": row("unchanged", 3, **team("There", *names(0, 1))),  # a list may hide members
        "updated": row("updated", 2, display_name="Updated", external_id="e-other"),
        "renamed by its id": row("updated", 3, id=renamed, display_name="Other"),
        "deleted": row("deleted", 3, display_name="Gone", state="absent"),
        "absent already": row("unchanged", 2, display_name="Never", state="absent"),
    })  # fmt: skip
    members = seen["created with members"].writes[0].body["members"]
    assert sorted(members, key=by_value) == sorted(({"value": ids[0]}, {"value": ids[2]}), key=by_value)
    assert seen["updated"].patched == {"replace externalId": "e-other"}
    assert seen["updated"].result["group"]["externalId"] == "e-other"
    [diff] = seen["updated"].result["diff"]
    assert ('external_id: "e-Updated"' in diff["before"], 'external_id: "e-other"' in diff["after"]) == (True, True)
    assert [step["method"] for step in seen["deleted"].result["operations"]] == ["DELETE"]
    assert members_of(rfc.direct) == {"New": [], "Newer": names(0, 2), **dict.fromkeys(("There", "Updated", "Other"), names(0, 1))}


def test_membership(run: Run, rfc: Any) -> None:
    """By user name, id, group name and mapping; exact is the default here."""
    ids = seeded(rfc.direct, range(5))
    inner = rfc.direct.add_group("Inner")["id"]
    for group in ("Exact", "Additive", "Absent", "Cleared", "Left alone", "Nested"):
        rfc.direct.add_group(group, *ids[:3])
    rfc.direct.add_group("Nested already", inner)
    seen = Table(run, rfc).converges({
        "exact": row("updated", None, **team("Exact", name(0).upper(), ids[3], {"value": ids[4]})),
        "additive": row("updated", 5, **team("Additive", name(1), name(4), membership="additive")),
        "absent": row("updated", None, **team("Absent", name(1), "nobody@example.com", membership="absent")),
        "all of them": row("updated", 4, **team("Cleared")),
        "not declared": row("unchanged", 1, display_name="Left alone"),
        "nested": row("updated", None, **team("Nested", "Inner", {"display": name(0)}, *names(1, 2))),
        "nested by id": row("unchanged", None, **team("Nested already", inner)),
        "new and nested": row("created", None, **team("Outer", "Nested", name(4))),
    })  # fmt: skip
    assert len(seen["exact"].writes) == 1
    assert members_of(rfc.direct) == {
        "Inner": [],
        "Exact": names(0, 3, 4),
        "Additive": names(0, 1, 2, 4),
        "Absent": names(0, 2),
        "Cleared": [],
        "Left alone": names(0, 1, 2),
        "Nested": ["Inner", *names(0, 1, 2)],
        "Nested already": ["Inner"],
        "Outer": ["Nested", name(4)],
    }  # fmt: skip
    [diff] = seen["exact"].result["diff"]
    assert f'member: "{ids[1]}"' in diff["before"], "Who leaves is not asked for a name: that would cost a request"
    assert f'member: "{name(3)}"' in diff["after"]


def test_many_members(run: Run, rfc: Any) -> None:
    """45 of them named in three filters, and joining in one PATCH, or in as many as the provider wants.

    A group in which nobody seems to be is read by itself, since some providers show members only there, or only where they are requested,
    and some of its new members are asked for, since some never show any.
    """
    seeded(rfc.direct, range(45))
    rfc.direct.add_group("Team")
    rfc.direct.add_group("Parts")
    seen = Table(run, rfc).converges({
        "at once": row("updated", 10, **team("Team", *names(*range(45)))),
        "in parts": row("updated", 12, **team("Parts", *names(*range(45))), provider_options={"members_per_request": 20}),
    })  # fmt: skip
    assert [write.method for write in seen["in parts"].writes] == ["PATCH"] * 3
    assert members_of(rfc.direct) == dict.fromkeys(("Team", "Parts"), names(*range(45)))


def test_mistakes(run: Run, rfc: Any) -> None:
    seeded(rfc.direct, [1])
    one, other = (rfc.direct.add_group("Twins")["id"] for _other in range(2))
    Table(run, rfc)({
        "nobody": row(error="no user and no group .p0001@example.com", **team("Team", "p0001@example.com")),
        "ambiguous": row(error=f"(?s)(?=.*{one})(?=.*{other})", display_name="Twins"),
        "an ambiguous member": row(error=f"(?s)(?=.*{one})(?=.*{other})", **team("Outer", "Twins")),
        "an id that is not there": row(error="no group with the id .nowhere", id="nowhere", display_name="Team"),
        "no name": row(error="nothing identifies the resource", requests=0, external_id="e-1"),
        "a number": row(error=r"members\[0\].*quote", requests=0, **team("Team", 7)),
    })  # fmt: skip
    assert not rfc.proxy.writes


def test_pasted_documents_and_match_on(run: Run, rfc: Any) -> None:
    """The names of SCIM, and a group that its external id finds under whatever name."""
    [member] = seeded(rfc.direct, [1])
    rfc.direct.add_group("Old name", externalId="e-1")
    pasted = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "meta": {"resourceType": "Group"}, "displayName": "Pasted"}
    Table(run, rfc).converges({
        "pasted": row("created", None, **pasted, members=[{"value": member, "display": "x", "$ref": "https://example.com/Users/1"}]),
        "by external id": row("updated", 2, display_name="New name", external_id="e-1", match_on=["external_id"]),
    })  # fmt: skip
    Table(run, rfc).converges({"cleared": row("updated", 2, display_name="new NAME", clear=["external_id"])})
    groups = {group["displayName"]: group for group in rfc.direct.list_all("/Groups")}
    assert sorted(groups) == ["New name", "Pasted"]
    assert "externalId" not in groups["New name"]


def test_lists_without_members(run: Run, rfc: Any) -> None:
    """What a look-up does not show is asked for; nobody joins twice and nobody stays by mistake."""
    ids = seeded(rfc.direct, range(4))
    rfc.direct.add_group("Exact", *ids[:3])
    rfc.direct.add_group("Additive", *ids[:3])

    def bent(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "Resources": [{key: value for key, value in one.items() if key != "members"} for one in body["Resources"]]}

    rfc.proxy.rules.append(Rule("lists show no members", When("GET", "/Groups"), bend_json(bent)))
    seen = Table(run, rfc).converges({
        "exact": row("updated", **team("Exact", *names(1, 2, 3))),
        "additive": row("unchanged", **team("Additive", *names(1, 2), membership="additive")),
    })  # fmt: skip
    assert not seen["additive"].writes
    assert members_of(rfc.direct) == {"Exact": names(1, 2, 3), "Additive": names(0, 1, 2)}


def test_group_info(run: Run, rfc: Any) -> None:
    """By id, by name in any case, by filter, all of them; and never more than was asked for."""
    ids = seeded(rfc.direct, [1])
    one = rfc.direct.add_group("Data", *ids, externalId="e-1")["id"]
    for number in range(12):
        rfc.direct.add_group(f"Other {number}")
    seen = Table(run, rfc, provider_options={"page_size": 10})({
        "by id": row(requests=1, module=INFO, id=one),
        "by name": row(requests=1, module=INFO, display_name="DATA"),
        "by filter": row(requests=1, module=INFO, filter='externalId eq "e-1"'),
        "all": row(requests=2, module=INFO, attributes=["display_name"]),
        "nobody": row(requests=3, module=INFO, display_name="Nowhere"),
        "two ways": row(requests=0, module=INFO, id=one, display_name="Data", error="mutually exclusive"),
    })  # fmt: skip
    for key in ("by id", "by name", "by filter"):
        [group] = seen[key].result["groups"]
        assert [member["value"] for member in group["members"]] == ids, key
    assert (len(seen["all"].result["groups"]), seen["all"].result["complete"]) == (13, True)
    assert {tuple(sorted(group)) for group in seen["all"].result["groups"]} == {("displayName", "id")}
    assert seen["nobody"].result["groups"] == []
