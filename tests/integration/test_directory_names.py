# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that collide: chains of renames, swaps, one name twice, two keys that find two people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from servers.directories import checked, converged, file, group, members_of, name, names, person, row, seeded, users_of
from servers.playbooks import Run
from servers.tables import Table


def renamed(old: str, new: str, **attributes: Any) -> dict[str, Any]:
    return {"user_name": f"{new}@example.com", "previously": [f"{old}@example.com"], **attributes}


def test_chains_of_renames(run: Run, rfc: Any) -> None:
    """Each waits for the one who gives up the name; so does a rename to the name of somebody who is deleted."""
    ids = {user: rfc.direct.add_user(f"{user}@example.com")["id"] for user in ("a", "b", "c", "gone", "heir")}
    users = [
        {"user_name": "d@example.com", "id": ids["c"]},
        {"user_name": "c@example.com", "id": ids["b"]},
        {"user_name": "b@example.com", "id": ids["a"]},
        {"id": ids["gone"], "state": "absent"},
        {"user_name": "gone@example.com", "id": ids["heir"]},
    ]
    converged(Table(run, rfc), users=users)
    found = {user.partition("@")[0]: body["id"] for user, body in users_of(rfc.direct).items()}
    assert found == {"b": ids["a"], "c": ids["b"], "d": ids["c"], "gone": ids["heir"]}


def test_a_chain_of_former_names(run: Run, rfc: Any) -> None:
    """In any order of declaration, and once it is done it is done."""
    ids = {user: rfc.direct.add_user(f"{user}@example.com")["id"] for user in ("a", "b", "c")}
    groups = {group_: rfc.direct.add_group(group_)["id"] for group_ in ("X", "Y")}
    users = [renamed("b", "c"), renamed("a", "b", title="First"), renamed("c", "d")]
    converged(Table(run, rfc), users=users, groups=[group("Y", previously=["X"]), group("Z", previously=["Y"])])
    found = {user.partition("@")[0]: body["id"] for user, body in users_of(rfc.direct).items()}
    assert found == {"b": ids["a"], "c": ids["b"], "d": ids["c"]}
    assert {body["displayName"]: body["id"] for body in rfc.direct.list_all("/Groups")} == {"Y": groups["X"], "Z": groups["Y"]}


def test_what_no_order_can_do(run: Run, rfc: Any, tmp_path: Path) -> None:
    ids = {user: rfc.direct.add_user(f"{user}@example.com", externalId=f"e-{user}")["id"] for user in ("a", "b", "c")}
    swap = file(tmp_path / "swap.yml", users=[
        {"user_name": "b@example.com", "id": ids["a"]},
        {"user_name": "a@example.com", "id": ids["b"]},
    ])  # fmt: skip
    both = [{"user_name": "a@example.com", "external_id": "e-b"}]
    keys = {"match_on": ["external_id", "user_name"]}
    table = Table(run, rfc)
    rows = {
        "a swap": row(src=[swap], match_on=["id"], error=r"swap.yml:2.*swap.yml:\d"),
        "to a name that is kept": row(
            users=[{"user_name": "b@example.com", "id": ids["a"]}], error=f"(?s)(?=.*{ids['a']})(?=.*{ids['b']})"
        ),
        "one key finds a, the other b": row(users=both, **keys, error=f"(?s)(?=.*{ids['a']})(?=.*{ids['b']})"),
        "old and new both there": row(users=[renamed("a", "b")], error=f"(?s)(?=.*{ids['a']})(?=.*{ids['b']})"),
        "two entries for one": row(users=[renamed("a", "x"), {"id": ids["a"]}], error="are the same user a@example.com"),
        "two with one former name": row(users=[renamed("a", "x"), renamed("a", "y")], error='"a@example.com" is declared twice'),
        "an id that is not there": row(users=[{"id": "nowhere", "user_name": "new@example.com"}], error="no user with the id .nowhere"),
    }
    table(rows)
    table({"a swap": rows["a swap"]}, check=True)
    assert not rfc.proxy.writes


def test_one_person_declared_twice(run: Run, rfc: Any, tmp_path: Path) -> None:
    one = file(tmp_path / "a.yml", "users:\n- user_name: x@example.com\n- user_name: One@example.com\n")
    other = file(tmp_path / "b.yml", "users:\n  - title: Lead\n    user_name: one@EXAMPLE.com\n")
    groups = file(tmp_path / "c.yml", "groups:\n- display_name: Team\n- display_name: TEAM\n")
    told = rf"(?s)b\.yml:2: users\[0\].*{one}:3: users\[1\]"
    seen = Table(run, rfc)({
        "in two files": row(src=[one, other], error=told, requests=0),
        "in files and in the task": row(src=[one], users=[{"user_name": "ONE@example.com"}], error=rf"the task.*{one}:3"),
        "a group": row(src=[groups], error=rf"(?s){groups}:3.*{groups}:2"),
        "all are told": row(src=[one, other, groups], error="2 mistakes", requests=0),
    })  # fmt: skip
    assert not any(one.exchanges for one in seen.values())


def test_two_groups_of_one_name(run: Run, rfc: Any) -> None:
    """displayName is not unique in SCIM: what is meant is told by the id."""
    one, other = (rfc.direct.add_group("Twins", externalId=key)["id"] for key in ("e-1", "e-2"))
    seeded(rfc.direct, [1])
    table = Table(run, rfc)
    table({
        "declared": row(groups=[group("Twins", name(1))], error=f"(?s)(?=.*{one})(?=.*{other})"),
        "named by a person": row(users=[person(1, groups=["twins"])], error=f"(?s)(?=.*{one})(?=.*{other})"),
        "named by a group": row(groups=[group("Outer", "Twins")], error=f"(?s)(?=.*{one})(?=.*{other})"),
        "nowhere": row(users=[person(1, groups=["Twinz"])], error="no group .Twinz..*Twins"),
        "nobody": row(groups=[group("Outer", "p01@example.com")], error=f"no user and no group .p01@example.com..*{name(1)}"),
    })  # fmt: skip
    assert not rfc.proxy.writes
    converged(table, groups=[{"id": one, "members": names(1)}, {"id": other, "display_name": "Twins", "members": [one]}])
    groups = {body["externalId"]: body.get("members", []) for body in rfc.direct.list_all("/Groups")}
    assert [member["value"] for member in groups["e-2"]] == [one]
    assert len(groups["e-1"]) == 1


def test_nested_groups(run: Run, rfc: Any) -> None:
    """New groups that hold each other, in any order of declaration; a group that is there by its id."""
    there = rfc.direct.add_group("There")["id"]
    groups = [group("Outer", "Middle", there), group("Middle", "Inner"), group("Inner", name(1)), group("Here", "There too")]
    done = converged(Table(run, rfc), users=[person(1, groups=["Outer"])], groups=[*groups, group("There too", "Here")])
    assert done.result["failures"] == []
    assert members_of(rfc.direct) == {
        "Outer": ["Middle", "There", name(1)],
        "Middle": ["Inner"],
        "Inner": names(1),
        "There": [],
        "Here": ["There too"],
        "There too": ["Here"],
    }  # fmt: skip


def test_membership_is_the_union_of_both_spellings(run: Run, rfc: Any) -> None:
    ids = seeded(rfc.direct, range(6))
    for team in ("Exact", "Additive", "No members", "Loses one"):
        rfc.direct.add_group(team, *ids[3:])
    users = [person(0, groups=["Exact", "Additive", "No members"]), person(3, groups=["exact"]), person(4)]
    groups = [
        group("Exact", name(1)),
        group("Additive", name(1), membership="additive"),
        {"display_name": "No members"},
        group("Loses one", name(5), name(0), membership="absent"),
    ]
    table = Table(run, rfc)
    converged(table, users=users, groups=groups, max_removals="50%")
    assert members_of(rfc.direct) == {
        "Exact": names(0, 1, 3),
        "Additive": names(0, 1, 3, 4, 5),
        "No members": names(0, 3, 4, 5),
        "Loses one": names(3, 4),
    }  # fmt: skip
    left = table({"additive": checked(groups=[group("Exact", name(2))], membership="additive")})["additive"].result
    assert left["summary"]["memberships"] == {"added": 1, "removed": 0}


def test_names_that_only_look_alike(run: Run, rfc: Any) -> None:
    """They are two names: nothing is matched, deleted or pruned, and no second account is made. Who shall be absent is absent."""
    user = rfc.direct.add_user("straße@example.com")["id"]
    team = rfc.direct.add_group("Größe")["id"]
    ids, pruned = seeded(rfc.direct, [1]), {"prune_users": "delete", "max_removals": "100%"}
    who, what = (rf"(id {key}), which differs in ß (U+00DF). Declare the id or the exact name" for key in (user, team))
    seen = Table(run, rfc)({
        "to delete": row(users=[{"user_name": "strasse@example.com", "state": "absent"}]),
        "with prune": row(users=[{"user_name": "strasse@example.com"}, person(1)], **pruned, error=re.escape(who)),
        "a former name": row(users=[renamed("strasse", "x")], **pruned, error=re.escape(who)),
        "a group": row(groups=[group("Grösse")], error=re.escape(what)),
        "a group of a user": row(users=[person(1, groups=["Grösse"])], error=re.escape(what)),
        "a member": row(groups=[group("New", "strasse@example.com")], error=re.escape(who)),
        "a rename": row(
            users=[{"id": ids[0], "user_name": "strasse@example.com"}],
            prune_groups="delete",
            error='would be called "strasse@example.com", which looks like "straße@',
        ),
        "two declared": row(users=[{"user_name": "ſam"}, {"user_name": "sam"}], error=r'"sam" looks like "ſam".*ſ \(U\+017F\)', requests=0),
        "invisible": row(users=[{"user_name": "a\u200b"}], error=r"users\[0\]\.user_name: found the invisible .* U\+200B", requests=0),
    })  # fmt: skip
    assert "Nothing is deleted." in seen["to delete"].warnings
    assert not rfc.proxy.writes
