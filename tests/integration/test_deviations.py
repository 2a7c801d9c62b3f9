# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each row of the table in ``servers.deviations``: ``directory``, ``user`` and ``group`` apply a declaration, apply it again without a
change, apply another one, and apply that again. No option is set, and the result is the same for all rows.

In process, against the real scim2-server behind the proxy. Some rows also run through ``ansible-playbook``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servers.deviations import DEVIATIONS, DISCOVERING, Deviation, page
from servers.directories import group, members_of, name, names, person, row, users_of
from servers.in_process import ran
from servers.playbooks import Run
from servers.rfc import RfcServer
from servers.tables import Table

from .conftest import proxied

Body = dict[str, Any]
FEW = 3  # rows with more users are about listings only
ORDINARY = [deviation for deviation in DEVIATIONS if not deviation.own_test]
SHOUTED = name(2).upper()  # a user in another spelling than declared
MIXED = "P003@Example.com"
FREELY = {"max_removals": "100%"}
PHONE = {"value": "+1 555 0100", "type": "work"}

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

MORNING: Body = {
    "users": [
        person(0),
        person(1, title="Lead", phone_numbers=[PHONE]),
        person(2, groups=["Guests"]),
        person(3, user_name=MIXED, emails=[{"value": MIXED, "primary": True}], nick_name="Three"),
        person(4),
    ],
    "groups": [group("Team", name(0), name(0).upper(), name(2), MIXED), group("New", name(4)), {"display_name": "Guests"}],
}
EVENING: Body = {
    "users": [
        {
            "user_name": name(0),
            "clear": ["title"],
            "emails": [{"value": name(0), "type": "work"}, {"value": "home@example.com", "type": "home"}],
        },
        person(1, active=False, title="Lead", phone_numbers=[PHONE]),
        person(2, groups=["Guests"]),
        {"user_name": MIXED, "state": "absent"},
        person(4, name={"given_name": "Four", "family_name": "Person"}),
    ],
    "groups": [group("Team", name(0), name(4)), group("Newer", previously=["New"]), {"display_name": "Guests"}],
}


@pytest.fixture
def provider(deviation: Deviation) -> Iterator[Any]:
    """scim2-server with people before the declaration, behind the rules of one deviation."""
    with proxied(RfcServer(config=deviation.config)) as served:
        ids = [seed(served.direct, number) for number in range(deviation.people)]
        served.direct.add_group("Team", *ids[:2], externalId="e-team")
        served.proxy.rules += deviation.proxied
        yield served


def seed(direct: Any, number: int) -> str:
    called = SHOUTED if number == 2 else name(number)
    emails = [{"value": name(number), "type": "work", "primary": True}]
    named = {"givenName": f"P{number}", "familyName": "Person"}
    return str(direct.add_user(called, name=named, emails=emails, title="Engineer", nickName="Nick", active=True)["id"])


def state(direct: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The compared attributes of users and groups, in lower case."""
    people = {
        user.lower(): (body.get("title"), body["active"], body["name"]["givenName"], len(body["emails"]), body.get("nickName"))
        for user, body in users_of(direct).items()
    }
    return people, state_of_groups(direct)


def state_of_groups(direct: Any) -> dict[str, list[str]]:
    return {team: sorted(member.lower() for member in members) for team, members in members_of(direct).items()}


def expected(deviation: Deviation, evening: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    others = {name(number): ("Engineer", True, f"P{number}", 1, "Nick") for number in range(5, deviation.people)}
    there = {number: "Nick" if number < deviation.people else None for number in range(5)}
    two = {name(2): ("Engineer", True, "P2", 1, "Nick")}
    three = None if deviation.dropped else "Three"
    if evening:
        zero, one = (None, True, "P0", 2, "Nick"), ("Lead", False, "P1", 1, "Nick")
        people = {name(0): zero, name(1): one, name(4): ("Engineer", True, "Four", 1, there[4]), **two}
        return {**people, **others}, {"Team": [name(0), name(4)], "Newer": [], "Guests": [name(2)]}
    people = {
        name(0): ("Engineer", True, "P0", 1, "Nick"),
        name(1): ("Lead", True, "P1", 1, "Nick"),
        name(3): ("Engineer", True, "P3", 1, three),
        name(4): ("Engineer", True, "P4", 1, there[4]),
        **two,
    }
    return {**people, **others}, {"Team": [name(0), name(2), name(3)], "New": [name(4)], "Guests": [name(2)]}


def applied(provider: Any, declared: Body, dropped: tuple[str, ...] = ()) -> None:
    """Check mode predicts the run and writes nothing, the run applies it, and the next run changes nothing.

    A dropped attribute cannot be predicted. Each run warns about it and does not count it as a change.
    """
    provider.proxy.read_only = True
    predicted = ran("directory", provider, check=True, **declared, **FREELY)
    provider.proxy.read_only = False
    assert not provider.proxy.violations
    done = ran("directory", provider, **declared, **FREELY)
    again = ran("directory", provider, **declared, **FREELY)
    assert not done.failed, done
    assert predicted.result["summary"] == done.result["summary"] or dropped, f"{predicted}\n{done}"
    assert (done.result["changed"], again.result["changed"]) == (True, False), f"{done}\n{again}"
    assert not again.writes or dropped, again
    assert all(f"ignore_attributes: [{attribute}]" in one.warnings for attribute in dropped for one in (done, again)), again


@pytest.mark.parametrize("deviation", ORDINARY, ids=str)
def test_a_directory(deviation: Deviation, provider: Any) -> None:
    applied(provider, MORNING, deviation.dropped)
    assert state(provider.direct) == expected(deviation, evening=False)
    applied(provider, EVENING)
    assert state(provider.direct) == expected(deviation, evening=True)
    if deviation.refusal:
        refused = ran("directory", provider, **EVENING, **FREELY, prune_users="deactivate")
        assert refused.failed
        assert deviation.refusal in refused.result["msg"]
        assert not refused.writes


def played(provider: Any, module: str, *days: tuple[str, Body], dropped: tuple[str, ...] = ()) -> None:
    """Each declaration in check mode, for real and once more; ``days`` have the expected action first."""
    for action, declared in days:
        provider.proxy.read_only = True
        predicted = ran(module, provider, check=True, **declared)
        provider.proxy.read_only = False
        assert not provider.proxy.violations
        done = ran(module, provider, **declared)
        again = ran(module, provider, **declared)
        actions = [one.result.get("action") for one in (predicted, done, again)]
        assert actions == [action, action, "unchanged"], f"{actions} of {declared}\n{predicted}\n{done}\n{again}"
        assert not [write for write in again.writes if write.status < 300] or any(one in again.warnings for one in dropped), again


@pytest.mark.parametrize("deviation", [one for one in ORDINARY if one.people == FEW and one not in DISCOVERING], ids=str)
def test_one_by_one(deviation: Deviation, provider: Any) -> None:
    there, new = {"user_name": name(2)}, person(3, user_name=MIXED)
    played(
        provider,
        "user",
        ("updated", {**there, "clear": ["title", "nick_name"], "groups": ["team"]}),
        ("created" if deviation.people == 3 else "updated", {**new, "nick_name": "Three", "title": "New", "groups": ["Team"]}),
        ("deleted", {"user_name": MIXED, "state": "absent"}),
        dropped=deviation.dropped,
    )
    played(
        provider,
        "group",
        ("updated", group("TEAM", name(1), SHOUTED, name(2), external_id="e-other")),
        ("created", group("Crew", name(0), "Team")),
        ("updated", group("crew")),
    )
    people, teams = state(provider.direct)
    assert teams == {"Team": [name(1), name(2)], "Crew": []}
    assert people[name(2)] == (None, True, "P2", 1, "Nick" if deviation.dropped else None)
    assert sorted(people) == sorted({*map(name, range(deviation.people))} - {name(3)})


def the(part: str) -> Deviation:
    """The only row of the table whose name contains these words."""
    [found] = [deviation for deviation in DEVIATIONS if part in deviation.name]
    return found


OWN = (
    "Groups show two members, in every response",
    "Groups never show members",
    "Groups are stored with a prefix",
    "stored as slugs",
    "Long names of groups are cut off",
    "Attributes of extensions are not returned",
    "values are ignored",
    "at most 100 membership changes",
    "E-mail addresses are unique",
    "Two groups have the same name",
    "Only POST is available",
    "accepted in a POST and not stored",
    "One attribute cannot be changed",
    "A deactivation is answered with success and not done",
    "success and an active user",
    "A deletion is answered with success",
    "A change of members is answered with success",
    "only after two seconds",
    "Adding members removes",
    "Removing a member removes all",
)


def bends(*parts: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("deviation", [the(part) for part in parts], ids=str)


@bends("at most 100 membership changes")
def test_many_members(deviation: Deviation, provider: Any) -> None:
    """A new group, an existing one, joins and leaves. A size that was refused is not tried again."""
    for number in range(3, 140):
        provider.direct.add_user(name(number))
    members = names(*range(125))
    applied(provider, {"groups": [group("Team", *members), group("Other", *members)]})
    assert state_of_groups(provider.direct) == {"Team": members, "Other": members}
    done = ran("directory", provider, groups=[group("Team"), group("Other", *names(*range(20, 140)))], **FREELY)
    assert state_of_groups(provider.direct) == {"Team": [], "Other": names(*range(20, 140))}
    assert [write.status for write in done.writes].count(400) == 1


@bends("values are ignored")
def test_no_member_is_removed_by_mistake(deviation: Deviation, provider: Any) -> None:
    refused = ran("directory", provider, groups=[group("Team", name(0))])
    assert refused.failed
    removed = "the provider removed all other members of the group, which were added again"
    assert f'{removed}: "{name(0)}".' in refused.result["msg"]
    assert "If the provider supports PUT" not in refused.result["msg"], "it has been tried"
    assert name(0) in state_of_groups(provider.direct)["Team"]


GONE: Body = {"users": [person(2)], "prune_users": "deactivate"}
AS_PRUNED = "(not declared): the provider answered with success, but the user is still active."


@bends("A deactivation is answered with success and not done", "success and an active user")
def test_who_stays_active(deviation: Deviation, provider: Any, tmp_path: Path) -> None:
    """Declared, expired or pruned: each run fails, names the user, and says nowhere that it was deactivated."""
    report = tmp_path / "report.md"
    expired = {"users": [person(0, expires="2020-01-31"), person(1, active=False), person(2)], "max_removals": "100%"}
    for declared, words in (
        ({**GONE, **FREELY}, [f"{name(0)}: not deactivated {AS_PRUNED}", f"{name(1)}: not deactivated {AS_PRUNED}"]),
        (
            expired,
            [f"{name(0)}: not deactivated (expired on 2020-01-31)", f"{name(1)}: not deactivated: the provider answered with success"],
        ),
    ):
        done = ran("directory", provider, **declared, report=[str(report)])
        assert done.failed
        assert all(each in done.result["msg"] for each in words), done
        assert (done.result["summary"]["users"]["deactivated"], done.result["summary"]["users"]["failed"]) == (0, 2)
        assert (done.result["changed"], done.warnings) == (False, "")
        assert "eactivated: 2" not in report.read_text("utf-8")
    one = ran("user", provider, user_name=name(0), active=False)
    assert one.failed
    assert (one.result["changed"], one.result["action"]) == (False, "unchanged")
    assert "the user is still active" in one.result["msg"]
    assert all(user["active"] for user in users_of(provider.direct).values())


@bends("A deletion is answered with success")
def test_what_still_exists(deviation: Deviation, provider: Any) -> None:
    declared = {"users": [person(0, state="absent")], "groups": [{"display_name": "Team", "state": "absent"}]}
    done = ran("directory", provider, **declared, **FREELY)
    assert f"{name(0)}: not deleted (declared absent): the provider answered with success, but the user still exists." in done.result["msg"]
    assert "Team: not deleted (declared absent): the provider answered with success, but the group still exists." in done.result["msg"]
    assert (done.failed, done.result["changed"]) == (True, False)
    assert (done.result["summary"]["users"]["deleted"], done.result["summary"]["groups"]["failed"]) == (0, 1)


@bends("A change of members is answered with success")
def test_who_stays_a_member(deviation: Deviation, provider: Any) -> None:
    done = ran("directory", provider, groups=[group("Team", name(0), SHOUTED)], **FREELY)
    assert f'Team: not removed: "{name(1)}": the provider answered with success, but they are still members.' in done.result["msg"]
    assert f'not added: "{SHOUTED}": the provider answered with success, but they are not members.' in done.result["msg"]
    assert (done.result["changed"], done.result["summary"]["memberships"]) == (False, {"added": 0, "removed": 0})


@bends("only after two seconds")
def test_late_reads(deviation: Deviation, provider: Any) -> None:
    """All users are deactivated, and nothing is put aside."""
    applied(provider, GONE)
    assert [user["active"] for _name, user in sorted(users_of(provider.direct).items())] == [True, False, False]


@bends("Adding members removes", "Removing a member removes all")
def test_members_who_were_lost(deviation: Deviation, provider: Any) -> None:
    """They are added again and named. The rest is done with PUT, and the next run changes nothing."""
    for number in range(3, 6):
        provider.direct.add_user(name(number))
    provider.direct.add_group("Crew", *[users_of(provider.direct)[name(number)]["id"] for number in range(3, 6)])
    adds = "Adding" in deviation.name
    wanted = {"Team": [0, 1, 3], "Crew": [0, 3, 4, 5]} if adds else {"Team": [0], "Crew": [3, 4]}
    declared = {"groups": [group(team, *names(*members)) for team, members in wanted.items()]}
    done = ran("directory", provider, **declared, **FREELY)
    lost = f'"{name(0)}", "{name(1)}"' if adds else f'"{name(0)}"'
    assert f"Team: the provider removed all other members of the group, which were added again: {lost}." in done.result["msg"], done
    assert [failure["name"] for failure in done.result["failures"]] == ["Team"]
    assert state_of_groups(provider.direct) == {team: names(*members) for team, members in wanted.items()}
    again = ran("directory", provider, **declared, **FREELY)
    assert (again.failed, again.result["changed"]) == (False, False)


@bends("E-mail addresses are unique")
def test_the_address_of_another_user(deviation: Deviation, provider: Any) -> None:
    """Each run has an error for that user and applies the changes of the others."""
    mine, other = person(7, emails=[{"value": name(0).upper()}]), person(8)
    for _repeated in range(2):
        done = ran("directory", provider, users=[mine, other])
        assert done.failed
        [failure] = done.result["failures"]
        assert failure["name"] == name(7)
        assert "not created, and no user is found by id and user_name: another resource has a value that must be unique" in failure["error"]
        assert "This e-mail address is taken." in failure["error"]
    assert "another resource has a value that must be unique" in ran("user", provider, **mine).result["msg"]
    people = users_of(provider.direct)
    assert sorted(people) == sorted([name(0), name(1), SHOUTED, name(8)])
    assert people[name(0)]["emails"] == [{"value": name(0), "type": "work", "primary": True}]


@bends("accepted in a POST and not stored")
def test_what_cannot_be_stored_is_refused_once(deviation: Deviation, provider: Any) -> None:
    """The other attributes of all users are stored, and the second run is unchanged."""
    for number in range(3, 15):
        provider.direct.add_user(name(number))
    users = [person(number, nick_name="New", title="New", display_name=f"Shown {number}") for number in range(3, 16)]
    done, again = (ran("directory", provider, users=users, bulk="never") for _repeated in range(2))
    for one, changed in ((done, True), (again, False)):
        assert (one.failed, one.result["changed"]) == (False, changed), one
        assert one.warnings.count("ignore_attributes: [") <= 2, "one of the user to create, one of those to change"
        assert "nick_name, title]" in one.warnings or "title, nick_name]" in one.warnings, one
    assert {body.get("displayName") for body in users_of(provider.direct).values()} >= {f"Shown {number}" for number in range(3, 16)}
    assert len([write for write in again.writes if write.status < 300]) <= 1, "the PUT that shows it"
    assert len(again.writes) <= 4


@bends("One attribute cannot be changed")
def test_what_is_beside_a_refused_attribute_is_changed(deviation: Deviation, provider: Any) -> None:
    user = person(1, external_id="other", title="Lead", active=True)
    for _repeated in range(2):
        done = ran("directory", provider, users=[user])
        assert done.failed
        [failure] = done.result["failures"]
        assert "external_id was not changed: PATCH" in failure["error"]
        assert "ignore_attributes" not in done.warnings
    assert users_of(provider.direct)[name(1)]["title"] == "Lead"


@bends("Two groups have the same name")
def test_two_groups_with_the_same_name(deviation: Deviation, provider: Any) -> None:
    """The message has both ids, before the first write. An id selects one of the groups."""
    one, other = (provider.direct.add_group("Twins")["id"] for _twin in range(2))
    by_name = [
        ("directory", {"groups": [group("twins", name(0))], "users": [person(7)]}),
        ("directory", {"users": [person(0, groups=["Twins"]), person(7)]}),
        ("group", group("Twins", name(0))),
        ("user", person(0, groups=["Twins"], title="Lead")),
    ]
    for module, declared in by_name:
        refused = ran(module, provider, **declared)
        assert refused.failed, declared
        assert one in refused.result["msg"], declared
        assert other in refused.result["msg"], declared
        assert not refused.writes, declared
    applied(provider, {"groups": [{**group("Twins", name(0)), "id": other}]})
    applied(provider, {"users": [person(1, groups=[one])]})
    members = {one["id"]: len(one.get("members", [])) for one in provider.direct.list_all("/Groups") if one["displayName"] == "Twins"}
    assert members == {one: 1, other: 1}


@bends("Only POST is available")
def test_only_post(deviation: Deviation, provider: Any) -> None:
    """A new user is created, an existing one is left unchanged with a warning. What needs a look-up is refused."""
    for _repeated in range(2):
        done = ran("directory", provider, users=[person(0, title="Lead"), person(7)])
        assert not done.failed, done
        assert f"{name(0)} already exists and could not be compared: this provider cannot be searched" in done.warnings
    assert not done.result["changed"]
    assert sorted(users_of(provider.direct)) == sorted([name(0), name(1), SHOUTED, name(7)])
    assert users_of(provider.direct)[name(0)]["title"] == "Engineer"
    for module, declared, words in (
        ("user", {"user_name": name(0), "state": "absent"}, "has no way to search, so .* cannot be found to be deleted. Declare the id"),
        ("directory", {"users": [person(0, state="absent")]}, "has no way to search"),
        ("directory", {"users": [person(0)], "prune_users": "delete"}, "prune_users cannot be used: the provider "),
        ("directory", {"groups": [group("Team", name(0))]}, "no user and no group"),
        ("group", group("Team", name(0)), "no user and no group"),
    ):
        refused = ran(module, provider, **declared)
        assert refused.failed, (module, declared, refused)
        assert re.search(words, refused.result["msg"]), refused
        assert not refused.writes, refused


HIDING = ("Listings of groups show two members", "Groups show two members, in every response", "do not show members that are groups")


@bends(*HIDING)
def test_members_that_groups_do_not_show(deviation: Deviation, provider: Any, tmp_path: Path) -> None:
    """Nested groups and people, one of whom is removed in the server's own store; renamed, in another case, exported and applied again."""
    users, other = [person(number) for number in range(5)], group("Other", name(0))
    for members, stored in (
        ([*names(0, 1, 2, 3), "Other"], [*names(0, 1, 2, 3), "Other"]),
        ([name(0), name(3).upper(), name(4), "OTHER"], [*names(0, 3, 4), "Other"]),
        (names(0, 4), names(0, 4)),
    ):
        applied(provider, {"users": users, "groups": [group("Team", *members), other]})
        assert nested_members(provider.direct, "Team") == sorted(stored)
    [team] = [one for one in provider.direct.list_all("/Groups") if one["displayName"] == "Team"]
    provider.direct.patch(f"/Groups/{team['id']}", {"op": "remove", "path": f'members[value eq "{team["members"][-1]["value"]}"]'})
    applied(provider, {"users": users, "groups": [group("Crew", *names(0, 4, 2), previously=["Team"]), other]})
    assert nested_members(provider.direct, "Crew") == names(0, 2, 4)
    exported = tmp_path / "all.yml"
    assert not ran("directory_info", provider, dest=str(exported)).failed
    again = ran("directory", provider, src=[str(exported)], **FREELY)
    assert (again.result["changed"], again.writes) == (False, []), again


def nested_members(direct: Any, team: str) -> list[str]:
    """The names of the users and groups in a group."""
    groups = direct.list_all("/Groups")
    called = {one["id"]: one["userName"].lower() for one in direct.list_all("/Users")} | {one["id"]: one["displayName"] for one in groups}
    [found] = [one for one in groups if one["displayName"] == team]
    return sorted(called[member["value"]] for member in found.get("members", ()))


@bends("Groups never show members")
def test_memberships_that_are_neither_shown_nor_found(deviation: Deviation, provider: Any) -> None:
    users, joined = [person(number) for number in range(4)], group("Team", name(2), name(3))
    first, again = (ran("directory", provider, users=users, groups=[joined, group("New", name(0))], **FREELY) for _run in range(2))
    for done, changed, exact in ((first, True, "Team"), (again, False, "New, Team")):
        assert (done.failed, done.result["changed"]) == (False, changed), done
        assert f"members that are not declared stay in {exact}. Declare each of them with membership: absent." in done.warnings
        assert "ignore_attributes" not in done.warnings
    assert state_of_groups(provider.direct) == {"Team": names(0, 1, 2, 3), "New": [name(0)]}
    absent = [{**group("Team", name(1)), "membership": "absent"}, group("New", name(0))]
    refused = ran("directory", provider, users=users, groups=absent, max_removals="0")
    assert f"1 of 1 memberships would be lost, more than max_removals (0): {name(1)} from Team." in refused.result["msg"]
    assert not refused.writes
    assert not ran("directory", provider, users=users, groups=absent, **FREELY).result["changed"]
    assert state_of_groups(provider.direct) == {"Team": names(0, 2, 3), "New": [name(0)]}
    alone = ran("user", provider, user_name=name(2), groups=["Team"], membership="absent")
    assert f"these memberships count as ended: {name(2)} from Team" in alone.warnings.replace(SHOUTED, name(2))
    known = {"provider_options": {"members_readable": False, "membership_search": False}}
    assert not ran("user", provider, user_name=name(2), groups=["Team"], membership="absent", **known).failed
    assert state_of_groups(provider.direct)["Team"] == names(0, 3)


@bends("Groups are stored with a prefix", "stored as slugs", "Long names of groups are cut off")
def test_a_group_that_is_stored_under_another_name(deviation: Deviation, provider: Any) -> None:
    """It is created once. Declared by the provider's name, it is unchanged; its members stay."""
    declared = group("Data engineers of the north", name(0), name(1))
    first = ran("directory", provider, groups=[declared, group("Team", name(0))], **FREELY)
    [stored] = set(state_of_groups(provider.direct)) - {"Team"}
    assert stored in first.warnings
    assert "ignore_attributes" not in first.warnings
    for module, options in (("directory", {"groups": [declared, group("Team", name(0))]}), ("group", declared)):
        refused = ran(module, provider, **options)
        assert f'there is no group called "Data engineers of the north", but the provider may have stored it as "{stored}"' in str(refused)
        assert not refused.writes
    absent = ran("directory", provider, groups=[{"display_name": declared["display_name"], "state": "absent"}])
    assert (absent.failed, absent.writes) == (False, [])
    assert f'the provider may have stored it as "{stored}"' in absent.warnings
    assert state_of_groups(provider.direct) == {"Team": [name(0)], stored: names(0, 1)}
    for spelling in (stored, stored.lower()):
        done = ran("directory", provider, groups=[{**declared, "display_name": spelling}, group("Team", name(0))])
        assert (done.result["changed"], done.writes) == (False, []), done


@bends("Attributes of extensions are not returned")
def test_an_extension_that_is_not_shown_where_it_is_requested(deviation: Deviation, provider: Any) -> None:
    for department in ("Data", "Sales"):
        users = [person(number, enterprise={"department": department}) for number in range(4)]
        applied(provider, {"users": users})
        assert {user[ENTERPRISE]["department"] for user in users_of(provider.direct).values()} == {department}
        assert "ignore_attributes" not in ran("directory", provider, users=users).warnings


def test_every_deviation_is_tested_and_documented() -> None:
    assert {one.name for one in DEVIATIONS if one.own_test} == {the(part).name for part in OWN}
    assert len({one.name for one in DEVIATIONS}) == len(DEVIATIONS)
    written = Path(__file__).resolve().parents[2] / "docs" / "deviations.md"
    assert written.read_text("utf-8") == page(), "Run .venv/bin/python tests/generate.py"


WORST = (
    "Members can be removed only with a list of values",
    "Filters are ignored",
    "A write is answered without a body and without headers",
)


@bends(*WORST)
def test_through_ansible(deviation: Deviation, provider: Any, run: Run) -> None:
    """Some rows, as a user runs them."""
    table = Table(run, provider)
    day = {"morning": MORNING, "evening": EVENING}
    seen = table({
        f"{part}, {time}": row(**declared, **FREELY) for part, declared in day.items() for time in ("first", "again")
    })  # fmt: skip
    assert [one.result["changed"] for one in seen.values()] == [True, False, True, False]
    assert state(provider.direct) == expected(deviation, evening=True)
