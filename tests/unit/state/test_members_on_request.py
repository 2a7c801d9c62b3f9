# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider whose groups show their members only where ``attributes`` requests them (RFC 7643 §7, ``returned``: ``request``), and which
creates groups without members only, as Keycloak does."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.resource import group as single
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.resources import group as group_options
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.client import Client
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.plan.planned import person, team

Body = dict[str, Any]
PEOPLE = [person(name).body for name in ("ann", "bob", "cai")]


def provider(*groups: Body, **habits: Any) -> Simulated:
    return Simulated(PEOPLE, list(groups), habits=Habits(**{"members_on_request": True, "members_in_body": "refused", **habits}))


def directory(simulated: Simulated, *groups: Body, client: Client | None = None, **given: Any) -> Body:
    defaults = {name: option.get("default") for name, option in options().items()}
    users = [{"user_name": name} for name in ("ann", "bob", "cai")]
    task = Task({**defaults, "users": users, "groups": list(groups), **given}, client or simulated.client(), False, lambda line: None)
    return several.directory(task)


def declared(name: str, *members: str) -> Body:
    return {"display_name": name, "members": list(members)}


def members(simulated: Simulated) -> dict[str, list[str]]:
    return {group["displayName"]: sorted(simulated.members(group["id"])) for group in simulated.groups.values()}


@pytest.mark.parametrize("answers_patch", [True, False])
def test_a_first_load_and_the_runs_after_it(answers_patch: bool) -> None:
    simulated = provider(answers_patch=answers_patch)
    wanted = {"Sales": ["ann"], "Data": ["bob"], "Trade": ["cai"]}
    groups = [declared(name, *names) for name, names in wanted.items()]
    done, again = (directory(simulated, *groups) for _run in range(2))
    assert members(simulated) == {name: [f"id-{one}" for one in names] for name, names in wanted.items()}
    assert ([each["warnings"] for each in (done, again)], again["changed"]) == ([[], []], False)
    moved = directory(simulated, declared("Sales", "bob"), *groups[1:], max_removals="100%")
    assert (moved["summary"]["memberships"], moved["warnings"]) == ({"added": 1, "removed": 1}, [])
    assert members(simulated)["Sales"] == ["id-bob"]
    assert not directory(simulated, declared("Sales", "bob"), *groups[1:])["changed"]


def test_that_a_new_group_takes_no_members_is_learned() -> None:
    """Seven writes for three groups, and one read that confirms the members of each."""
    simulated = provider()
    directory(simulated, *(declared(name, "ann") for name in ("Sales", "Data", "Trade")))
    writes = Counter(asked.partition("/id-")[0].rpartition("/g")[0] or asked for asked in simulated.asked if not asked.startswith("GET"))
    assert writes == {"POST /Groups": 4, "PATCH /Groups": 3}


def test_that_a_new_group_takes_members_is_learned() -> None:
    simulated = provider(members_in_body="stored", members_on_request=False)
    client = simulated.client()
    directory(simulated, declared("Sales", "ann"), client=client)
    assert client.capabilities.members_in_body is True


def test_the_members_of_a_group_that_has_some_are_requested() -> None:
    simulated = provider(team("Sales", "ann").body, team("Empty").body)
    client = simulated.client()
    assert not client.get(GROUP, "id-Sales").body.get("members")
    client.every(GROUP, ("displayName", "members"))
    simulated.asked.clear()
    groups = [client.get(GROUP, key) for key in ("id-Empty", "id-Sales", "id-Sales", "id-Empty")]
    assert [len(group.body.get("members", ())) for group in groups] == [0, 1, 1, 0]
    assert simulated.asked == [f"GET /Groups/id-{name}" for name in ("Empty", "Sales", "Sales", "Sales", "Empty")]
    assert (client.capabilities.members_on_request, client.capabilities.members_readable) == (True, True)


def test_a_group_that_has_no_members_any_more_is_requested_twice_once() -> None:
    simulated = Simulated(PEOPLE, [team("Sales", "ann").body])
    client = simulated.client()
    client.every(GROUP, ("displayName", "members"))
    simulated.groups["id-Sales"].pop("members")
    simulated.asked.clear()
    assert [client.get(GROUP, "id-Sales").body.get("members") for _time in range(2)] == [None, None]
    assert len(simulated.asked) == 3
    assert client.capabilities.members_on_request is None


def test_a_group_that_shows_its_members_is_requested_once() -> None:
    simulated = Simulated(PEOPLE, [team("Sales", "ann").body])
    client = simulated.client()
    assert client.get(GROUP, "id-Sales").body["members"]
    assert (client.capabilities.members_on_request, simulated.asked) == (False, ["GET /Groups/id-Sales"])


def test_a_put_has_what_no_schema_has_and_the_members() -> None:
    """The attributes that are requested by name are those that are known."""
    simulated = provider({**team("Sales", "ann").body, "x": {"y": 1}}, patch=False)
    done = directory(simulated, declared("Trade", "ann", "bob") | {"previously": ["Sales"]})
    assert done["changed"]
    group = next(iter(simulated.groups.values()))
    assert (group["displayName"], group["x"], simulated.members(group["id"])) == ("Trade", {"y": 1}, ["id-ann", "id-bob"])


def test_the_module_group_shows_the_members() -> None:
    simulated = provider(team("Sales", "ann").body)
    defaults = {name: option.get("default") for name, option in group_options().items()}

    def run(*names: str) -> Body:
        return single(Task({**defaults, **declared("Sales", *names)}, simulated.client(), False, lambda line: None))

    first, again = run("bob"), run("bob")
    assert [each["action"] for each in (first, again)] == ["updated", "unchanged"]
    assert members(simulated) == {"Sales": ["id-bob"]}
    assert first["warnings"] == again["warnings"] == []
