# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds of a whole directory, whoever is there, whoever is declared and whatever the provider can do."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.properties.tenants import (
    TEAMS,
    Body,
    Scene,
    Truth,
    habits,
    scenes,
    truth,
    without_faults,
)

PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
FEWER = settings(phases=PHASES)
MORE = settings(max_examples=3 * FEWER.max_examples, phases=PHASES)
ALL_PRUNES = {"User": "none", "Group": "none"}


def way(habit: Habits) -> str:
    return "always" if habit.bulk else "auto"


@MORE
@given(scenes(), habits())
def test_a_plan_is_made_true_and_then_there_is_nothing_left_to_do(scene: Scene, habit: Habits) -> None:
    provider = scene.provider(habit)
    planned = scene.run(provider, check=True)
    assert provider.written == []
    assume(planned.error is None)
    done = scene.run(provider, check=False, bulk=way(habit))
    assert (done.error, [outcome.error for outcome in done.outcomes if outcome.error]) == (None, [])
    assert done.digest == planned.digest
    assert Truth.of(provider) == truth(scene)
    written = len(provider.written)
    again = scene.run(provider, check=False, bulk=way(habit))
    assert (again.plan.changes, len(provider.written)) == ((), written)


@MORE
@given(scenes(), habits(), st.dictionaries(st.integers(1, 12), st.booleans(), max_size=6))
def test_lost_answers_make_nobody_twice_and_the_next_run_finishes(scene: Scene, habit: Habits, lost: dict[int, bool]) -> None:
    provider = scene.provider(habit)
    assume(scene.run(provider, check=True).error is None)
    provider.faults = replace(provider.faults, lost=lost)
    scene.run(provider, check=False, bulk=way(habit))
    names = [body["displayName"].lower() for body in provider.groups.values()]
    assert len(set(names)) == len(names)
    assume(scene.run(without_faults(provider), check=False, bulk=way(habit)).error is None)
    assert Truth.of(provider) == truth(scene)
    assert scene.run(provider, check=True).plan.changes == ()


@MORE
@given(scenes(), habits(), st.sets(st.integers(0, 9), max_size=3))
def test_what_is_refused_is_left_for_the_next_run_and_stops_nobody_else(scene: Scene, habit: Habits, refused: set[int]) -> None:
    count = iter(range(1000))
    provider = scene.provider(habit)
    assume(scene.run(provider, check=True).error is None)
    provider.faults = replace(provider.faults, refuses=lambda method, path, body: 400 if next(count) in refused else None)
    done = scene.run(provider, check=False, bulk=way(habit))
    assert done.error is None
    assert {outcome.change.key for outcome in done.outcomes} == {change.key for change in done.plan.changes}
    assume(scene.run(without_faults(provider), check=False, bulk=way(habit)).error is None)
    assert Truth.of(provider) == truth(scene)


@FEWER
@given(scenes(prune=ALL_PRUNES), habits())
def test_with_prune_none_nobody_is_changed_who_is_not_declared(scene: Scene, habit: Habits) -> None:
    provider = scene.provider(habit)
    before = {key: dict(body) for part in provider.stored.values() for key, body in part.items()}
    scene.run(provider, check=False, bulk=way(habit))
    declared = {body["user_name"].lower() for body in scene.declared["users"]} | {
        b["display_name"].lower() for b in scene.declared["groups"]
    }
    touched = {team.lower() for user in scene.declared["users"] for team in user.get("groups", ())}
    for key, body in before.items():
        name = (body.get("userName") or body["displayName"]).lower()
        now = provider.users.get(key) or provider.groups.get(key)
        if name not in declared | touched:
            assert now is not None
            gone = {"members": [m for m in body.get("members", ()) if m["value"] in {**provider.users, **provider.groups}]}
            assert {**now, "meta": None, "members": now.get("members", [])} == {**body, "meta": None, **gone}


@FEWER
@given(scenes(protected=("ann", "RED", "*e")), habits())
def test_from_who_is_protected_nothing_is_taken(scene: Scene, habit: Habits) -> None:
    provider = scene.provider(habit)
    before = Truth.of(provider)
    with suppress(PlanRefused):
        scene.run(provider, check=False, bulk=way(habit))
    after = Truth.of(provider)
    protected = {"ann", "eve", "red", "blue"}
    for name in protected & {*before.people}:
        assert after.people[name][1] >= before.people[name][1]
    for name in protected & {*before.teams}:
        assert after.teams[name] >= before.teams[name] & {*after.people, *after.teams}
    for name, members in before.teams.items():
        if name in after.teams:
            assert after.teams[name] >= members & protected & {*before.people}


@MORE
@given(
    st.dictionaries(st.sampled_from("abcde"), st.sampled_from([*"ABCDEFG", None]), min_size=1),
    st.sets(st.sampled_from("CFG"), max_size=2),
    habits(),
)
def test_names_go_from_one_to_another_in_any_order_but_a_circle(wanted: dict[str, str | None], new: set[str], habit: Habits) -> None:
    """Users a to e are there; some get another name, some are deleted (None), and new ones come."""
    tenant = {"users": [{"id": f"id-{name}", "userName": name} for name in "abcde"], "groups": []}
    users: list[Body] = [{"id": f"id-{k}", **({"user_name": to} if to else {"state": "absent"})} for k, to in wanted.items()]
    declared = {"users": [*users, *({"user_name": name, "previously": []} for name in sorted(new))], "groups": []}
    scene, provider = Scene(tenant, declared), Simulated(tenant["users"], [], habit)
    finally_ = {f"id-{name}": name for name in "abcde" if wanted.get(name, name) is not None}
    finally_ |= {f"id-{key}": to.lower() for key, to in wanted.items() if to}
    # Somebody new of a name that is there already is the one who is there, unless an id claims that one.
    names = [*finally_.values(), *(name.lower() for name in new)]
    moves = {key: to.lower() for key, to in wanted.items() if to and to.lower() != key}
    try:
        scene.run(provider, check=False, bulk=way(habit))
    except Invalid:
        assert provider.written == []
        assert len(set(names)) < len(names) or circles(moves) or {name.lower() for name in new} & set("abcde")
        return
    assert {key: body["userName"].lower() for key, body in provider.users.items() if key in finally_} == finally_
    assert not circles(moves)
    held = [body["userName"].lower() for body in provider.users.values()]
    assert sorted(held) == sorted(set(names))


def circles(moves: dict[str, str]) -> bool:
    """Whether somebody waits for a name that, in the end, waits for this one's own."""
    for start in moves:
        at = moves[start]
        while at in moves and at != start:
            at = moves.pop(at) if moves[at] == at else moves[at]
            if at == start:
                return True
    return False


# -- what a plan and its digest depend on ------------------------------------------------------------------------------------------------


def shuffled(scene: Scene, dice: random.Random) -> Scene:
    """The same in another order, with names in another case where that says nothing, and nulls where nothing was."""
    there = {body["id"].removeprefix("id-") for found in scene.tenant.values() for body in found}

    def listed(names: list[str]) -> list[str]:
        return [dice.choice([name.upper(), name.lower()]) for name in dice.sample(names, len(names))]

    def entry(body: Body, name_attribute: str) -> Body:
        found = {**body, **{key: listed(body[key]) for key in ("groups", "members") if key in body}}
        if body[name_attribute].lower() in there:
            found[name_attribute] = dice.choice([body[name_attribute].upper(), body[name_attribute].lower()])
        return dict(dice.sample(list(found.items()), len(found)))

    def resource(body: Body) -> Body:
        found = {**body, "nickName": body.get("nickName"), "phoneNumbers": [], "name": {"middleName": None}}
        return {**found, **({"members": dice.sample(body["members"], len(body["members"]))} if "members" in body else {})}

    def mixed(items: list[Any]) -> list[Any]:
        return dice.sample(items, len(items))

    declared = {"groups": mixed([entry(body, "display_name") for body in scene.declared["groups"]])}
    declared["users"] = mixed([entry(body, "user_name") for body in scene.declared["users"]])
    return replace(
        scene, tenant={part: mixed([resource(body) for body in found]) for part, found in scene.tenant.items()}, declared=declared
    )


@FEWER
@given(scenes(), habits(), habits(), st.randoms(use_true_random=False))
def test_the_plan_depends_on_no_order_no_page_and_no_spelling(scene: Scene, one: Habits, other: Habits, dice: random.Random) -> None:
    plain = {"folds": False}
    first = scene.run(scene.provider(replace(one, **plain)), check=True)
    mixed = shuffled(scene, dice)
    second = mixed.run(mixed.provider(replace(other, **plain)), check=True)
    assert first.digest == second.digest
    assert first.plan.unchanged == second.plan.unchanged


@FEWER
@given(scenes(), scenes())
def test_other_outcomes_are_other_digests(scene: Scene, other: Scene) -> None:
    """Two declarations over one tenant: what they come to is told apart by their digests."""
    other = replace(other, tenant=scene.tenant)
    known = {body["id"].removeprefix("id-") for found in scene.tenant.values() for body in found}
    named = {name.lower() for user in other.declared["users"] for name in user.get("groups", ())}
    named |= {name.lower() for group in other.declared["groups"] for name in group.get("members", ())}
    declared = {body["user_name"].lower() for body in other.declared["users"]} | {
        b["display_name"].lower() for b in other.declared["groups"]
    }
    if not named <= declared | (known if set(other.prune.values()) <= {"none", "deactivate"} else set()):
        return
    if truth(scene) != truth(other):
        assert scene.run(scene.provider(), check=True).digest != other.run(other.provider(), check=True).digest


@FEWER
@given(scenes(), st.sampled_from(TEAMS))
def test_the_digest_holds_the_tenant_and_no_password(scene: Scene, word: str) -> None:
    provider, elsewhere = scene.provider(), scene.provider()
    elsewhere.url = "https://elsewhere.example/scim"
    run = scene.run(provider, check=True)
    assert scene.run(elsewhere, check=True).digest != run.digest
    users = [{**user, "password": f"{word} and a horse"} for user in scene.declared["users"]]
    others = [{**user, "password": f"no {word} and no horse"} for user in scene.declared["users"]]
    with_one = replace(scene, declared={**scene.declared, "users": users}).run(scene.provider(), check=True)
    with_other = replace(scene, declared={**scene.declared, "users": others}).run(scene.provider(), check=True)
    assert with_one.digest == with_other.digest
