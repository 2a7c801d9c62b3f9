# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's groups, made true through the groups."""

from __future__ import annotations

from typing import Any

from servers.playbooks import Run
from servers.tables import Row, Table


def groups_of(provider: Any) -> dict[str, set[str]]:
    """The names of the groups by the user name of each member."""
    names = {user["id"]: user["userName"] for user in provider.direct.list_all("/Users")}
    found: dict[str, set[str]] = {name: set() for name in names.values()}
    for group in provider.direct.list_all("/Groups"):
        for member in group.get("members", []):
            found[names[member["value"]]].add(group["displayName"])
    return found


def test_membership(run: Run, rfc: Any) -> None:
    people = [rfc.direct.add_user(f"{number}@example.com")["id"] for number in range(7)]
    rfc.direct.add_group("Red", *people)
    rfc.direct.add_group("Green", *people)
    rfc.direct.add_group("Blue")
    rows: dict[str, tuple[dict[str, Any], set[str]]] = {
        "additive is the default": ({"groups": ["Blue"]}, {"Red", "Green", "Blue"}),
        "additive, nothing": ({"groups": []}, {"Red", "Green"}),
        "exact": ({"groups": ["Blue", "Red"], "membership": "exact"}, {"Red", "Blue"}),
        "exact, nothing": ({"groups": [], "membership": "exact"}, set()),
        "absent": ({"groups": ["Red", "Blue"], "membership": "absent"}, {"Green"}),
        "absent from one that is not there": ({"groups": ["Nowhere"], "membership": "absent"}, {"Red", "Green"}),
        "not declared": ({"title": "Engineer", "membership": "exact"}, {"Red", "Green"}),
    }
    quiet = {"additive, nothing", "absent from one that is not there"}
    Table(run, rfc).converges({
        row: Row({"user_name": f"{number}@example.com", **options}, "unchanged" if row in quiet else "updated")
        for number, (row, (options, _after)) in enumerate(rows.items())
    })  # fmt: skip
    after = groups_of(rfc)
    for number, (row, (_options, wanted)) in enumerate(rows.items()):
        assert after[f"{number}@example.com"] == wanted, row
    assert len(rfc.direct.list_all("/Groups")) == 3


def test_ways_to_name_a_group(run: Run, rfc: Any) -> None:
    rfc.direct.add_group("Data engineers", externalId="g-1")
    twin = rfc.direct.add_group("Twins", externalId="g-2")
    rfc.direct.add_group("Twins", externalId="g-3")
    wanted = {
        "by name": "Data engineers",
        "by name, another case": "data ENGINEERS",
        "by id": twin["id"],
        "by value": {"value": twin["id"]},
        "as pasted": {"value": twin["id"], "display": "Twins", "$ref": "https://example.com/Groups/1", "type": "direct"},
        "by display": {"display": "Data engineers"},
        "by display_name": {"display_name": "Data engineers"},
        "by attributes": {"display": "Twins", "external_id": "g-2"},
    }
    for number in range(len(wanted)):
        rfc.direct.add_user(f"{number}@example.com")
    seen = Table(run, rfc).settles({
        row: Row({"user_name": f"{number}@example.com", "groups": [group]}, "updated") for number, (row, group) in enumerate(wanted.items())
    })  # fmt: skip
    for row in wanted:
        assert len(seen[row].writes) == 1, row
    after = {group["externalId"]: {member["value"] for member in group.get("members", [])} for group in rfc.direct.list_all("/Groups")}
    assert {key: len(members) for key, members in after.items()} == {"g-1": 4, "g-2": 4, "g-3": 0}


def test_groups_that_cannot_be_meant(run: Run, rfc: Any) -> None:
    rfc.direct.add_group("Data engineers")
    one, other = rfc.direct.add_group("Twins"), rfc.direct.add_group("Twins")
    new = {"user_name": "new@example.com"}
    Table(run, rfc)({
        "nowhere": Row({**new, "groups": ["Data enginers"]}, error="no group .Data enginers..*Data engineers"),
        "ambiguous": Row({**new, "groups": ["Twins"]}, error=f"(?=.*{one['id']}).*2 .*.Twins..*{other['id']}"),
        "both are told": Row({**new, "groups": ["Twins", "Nowhere"]}, error="2 .*.Twins..*no group .Nowhere."),
        "no text": Row({**new, "groups": [False]}, requests=0, error=r"groups\[0\].*quote"),
        "selects nothing": Row({**new, "groups": [{"type": "direct"}]}, requests=0, error=r"groups\[0\].*does not select"),
    })  # fmt: skip
    assert not rfc.proxy.writes, "Nothing half made"
    assert rfc.direct.list_all("/Users") == []
