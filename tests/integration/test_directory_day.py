# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory from its first plan on: planned, applied, nothing to do, drift mended, people renamed, leaving and gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from servers.directories import active_of, converged, file, group, members_of, name, names, nonzero, people, person, row, seeded, users_of
from servers.playbooks import Run
from servers.tables import Table

PAST, FUTURE = "2020-01-31", "2999-12-31"


def declared(folder: Path) -> list[str]:
    """60 people in two files and 3 groups, one of which holds another."""
    file(folder / "users" / "first.yml", users=people(*range(30)))
    file(folder / "users" / "more" / "second.yml", users=[*people(*range(30, 59)), person(59, groups=["Data"])])
    groups = [group("Data", *names(*range(20))), group("On call", *names(20, 21)), group("Everybody", "Data", name(59))]
    return [str(folder / "users"), file(folder / "groups.yml", groups=groups)]


def test_sixty_people_and_three_groups(run: Run, rfc: Any, tmp_path: Path) -> None:
    src = declared(tmp_path)
    done = converged(Table(run, rfc), requests=4, src=src)
    assert nonzero(done.result["summary"]) == {"users": {"created": 60}, "groups": {"created": 3}, "memberships": {"added": 25}}
    assert done.result["requests_planned"] == len(done.writes)
    assert members_of(rfc.direct) == {
        "Data": sorted(names(*range(20), 59)),
        "On call": names(20, 21),
        "Everybody": sorted(["Data", name(59)]),
    }  # fmt: skip
    stored = users_of(rfc.direct)
    assert len(stored) == 60
    assert stored[name(7)]["emails"] == [{"value": name(7), "type": "work", "primary": True}]


def test_drift_is_mended_and_the_rest_left_alone(run: Run, rfc: Any, tmp_path: Path) -> None:
    src = declared(tmp_path)
    table = Table(run, rfc)
    table({"first": row(src=src)})
    ids = {user: body["id"] for user, body in users_of(rfc.direct).items()}
    rfc.direct.patch(f"/Users/{ids[name(1)]}", {"op": "replace", "path": "title", "value": "Boss"})
    rfc.direct.patch(f"/Users/{ids[name(2)]}", {"op": "replace", "path": "active", "value": False})
    rfc.direct.patch(f"/Users/{ids[name(3)]}", {"op": "add", "path": "nickName", "value": "Three"})
    rfc.direct.delete(f"/Users/{ids[name(40)]}")
    rfc.direct.add_user("undeclared@example.com", title="Guest")
    data, stranger = next(g for g in rfc.direct.list_all("/Groups") if g["displayName"] == "Data"), ids[name(50)]
    rfc.direct.patch(f"/Groups/{data['id']}", {"op": "add", "path": "members", "value": [{"value": stranger}]})
    rfc.direct.add_group("Undeclared", stranger)
    done = converged(table, requests=4, src=src)
    assert nonzero(done.result["summary"]) == {
        "users": {"created": 1, "updated": 2, "unchanged": 57},
        "groups": {"updated": 1, "unchanged": 2},
        "memberships": {"removed": 1},
    }  # fmt: skip
    changes = {change["name"]: change for change in done.result["changes"]}
    assert sorted(changes) == ["Data", *names(1, 2, 40)]
    assert changes[name(1)]["attributes"] == [{"path": "title", "before": "Boss", "after": "Engineer"}]
    assert changes["Data"]["leaves"] == [name(50)]
    stored = users_of(rfc.direct)
    assert (stored[name(1)]["title"], stored[name(2)]["active"], stored[name(3)]["nickName"]) == ("Engineer", True, "Three")
    assert stored["undeclared@example.com"]["title"] == "Guest"
    assert members_of(rfc.direct)["Undeclared"] == [name(50)]
    assert stored[name(1)]["id"] == ids[name(1)]


def test_a_rename_keeps_the_id(run: Run, rfc: Any) -> None:
    one, other = seeded(rfc.direct, [1, 2])
    team = rfc.direct.add_group("Team", one)["id"]
    users = [person(1, user_name="married@example.com", previously=["maiden@example.com", name(1).upper()]), person(2)]
    groups = [group("Crew", "married@example.com", previously=["Team"])]
    done = converged(Table(run, rfc), users=users, groups=groups)
    assert nonzero(done.result["summary"]) == {"users": {"updated": 1, "unchanged": 1}, "groups": {"updated": 1}}
    assert {user: body["id"] for user, body in users_of(rfc.direct).items()} == {"married@example.com": one, name(2): other}
    assert members_of(rfc.direct) == {"Crew": ["married@example.com"]}
    assert rfc.direct.list_all("/Groups")[0]["id"] == team


def test_what_has_expired(run: Run, rfc: Any) -> None:
    """The person is deactivated and leaves every declared group, whatever is said there; an undeclared group is nobody's business here."""
    gone, here, late, never = seeded(rfc.direct, [1, 2, 3, 4])
    rfc.direct.add_group("Declared", gone, here)
    rfc.direct.add_group("Additive", gone, here)
    rfc.direct.add_group("Undeclared", gone, here)
    rfc.direct.add_group("For a while", here, late, never)
    users = [
        person(1, expires=PAST, groups=["Additive"]),
        person(2, expires=FUTURE),
        person(3, groups=[{"display": "For a while", "expires": PAST}]),
        person(4),
        person(5, expires=PAST),
    ]
    groups = [
        group("Declared", *names(1, 2)),
        {"display_name": "Additive", "membership": "additive"},
        group("For a while", {"display": name(2), "expires": PAST}, {"display": name(4), "expires": FUTURE}),
    ]
    done = converged(Table(run, rfc), users=users, groups=groups, max_removals="50%")
    assert nonzero(done.result["summary"])["users"] == {"deactivated": 1, "unchanged": 3}
    assert active_of(rfc.direct) == {name(1): False, name(2): True, name(3): True, name(4): True}
    assert members_of(rfc.direct) == {
        "Declared": names(2),
        "Additive": names(2),
        "Undeclared": names(1, 2),
        "For a while": names(4),
    }  # fmt: skip


def test_leaving_comes_first_and_deletion_last(run: Run, rfc: Any) -> None:
    seeded(rfc.direct, range(40))
    users = [
        *people(*range(30), title="Senior"),
        person(30, state="absent"),
        person(31, delete_after=PAST),
        person(32, delete_after=FUTURE),
        person(33, active=False),
        person(50),
    ]
    done = converged(Table(run, rfc), users=users, bulk="never", max_removals="5")
    assert nonzero(done.result["summary"]) == {
        "users": {"created": 1, "updated": 30, "deactivated": 1, "deleted": 2, "unchanged": 1},
    }  # fmt: skip
    assert sorted(set(users_of(rfc.direct)) ^ set(names(*range(40)))) == names(30, 31, 50)
    methods = [write.method for write in done.writes]
    assert methods == ["PATCH"] * 31 + ["POST"] + ["DELETE"] * 2
    assert done.writes[0].body["Operations"] == [{"op": "replace", "path": "active", "value": False}]


def test_prune(run: Run, rfc: Any) -> None:
    seeded(rfc.direct, range(30))
    seeded(rfc.direct, [30], active=False)
    rfc.direct.add_group("Old")
    rfc.direct.add_group("New")
    table = Table(run, rfc)
    kept: dict[str, Any] = {"users": people(*range(28)), "groups": [group("New")]}
    done = converged(table, prune_users="deactivate", **kept)
    assert nonzero(done.result["summary"]) == {"users": {"deactivated": 2, "unchanged": 28}, "groups": {"unchanged": 1}}
    assert {user for user, active in active_of(rfc.direct).items() if not active} == set(names(28, 29, 30))
    assert sorted(members_of(rfc.direct)) == ["New", "Old"]
    done = converged(table, prune_users="delete", prune_groups="delete", max_removals="3", **kept)
    assert nonzero(done.result["summary"]) == {"users": {"deleted": 3, "unchanged": 28}, "groups": {"deleted": 1, "unchanged": 1}}
    assert sorted(users_of(rfc.direct)) == names(*range(28))
    assert sorted(members_of(rfc.direct)) == ["New"]
