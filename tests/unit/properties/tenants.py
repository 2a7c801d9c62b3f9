# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants, declarations and providers as hypothesis draws them, and what must come of a declaration: written here by itself, so that it can
contradict the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.run import Run
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.reconcile import reconcile
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import Document
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.loader import load_declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.guard import Limits
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated

Body = dict[str, Any]
PEOPLE, TEAMS = ("ann", "bob", "cat", "dan", "eve"), ("red", "blue", "green")
TODAY, PAST, FUTURE = date(2027, 1, 15), "2027-01-14", "2027-01-15"
MAILS = ("a@example.com", "b@example.com", "c@example.com")


@dataclass(frozen=True)
class Scene:
    """Who is there, who is declared, and the options that say what becomes of the difference."""

    tenant: Mapping[str, list[Body]]
    declared: Mapping[str, list[Body]]
    prune: Mapping[str, str] = field(default_factory=dict)
    membership: str = "exact"
    protected: tuple[str, ...] = ()

    def provider(self, habits: Habits | None = None) -> Simulated:
        return Simulated(self.tenant["users"], self.tenant["groups"], habits)

    def run(self, provider: Simulated, check: bool, bulk: str = "never", limits: Limits | None = None) -> Run:
        """The declaration made true, or only planned."""
        policy = Policy(
            membership=self.membership, prune=self.prune, protected={"User": self.protected, "Group": self.protected}, today=TODAY
        )
        client = provider.client()
        documents = [Document(f"{part}.yml", **{part: found}) for part, found in self.declared.items()]
        declaration = load_declaration(documents, client.types, policy.match_on)
        return reconcile(declaration, client, policy, limits or Limits(None), check, options=ApplyOptions(bulk))


def spelled(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.upper(), name.title()])


def subset(items: Any) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(list(items)), unique=True, max_size=len(items)) if items else st.just([])


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Body]:
    return st.fixed_dictionaries({}, optional=fields)


def mails(draw: st.DrawFn) -> list[Body]:
    return [{"value": value} for value in draw(subset(MAILS))]


@st.composite
def tenants(draw: st.DrawFn) -> dict[str, list[Body]]:
    people, teams = draw(subset(PEOPLE)), draw(subset(TEAMS))
    users = []
    for name in people:
        more = draw(some(title=st.sampled_from("ab"), active=st.booleans(), nickName=st.just("kept"), locale=st.none()))
        users.append({"id": f"id-{name}", "userName": draw(spelled(name)), "emails": mails(draw), **more})
    groups = []
    for name in teams:
        members = draw(subset([*people, *(team for team in teams if team != name)]))
        groups.append({"id": f"id-{name}", "displayName": draw(spelled(name)), "members": [{"value": f"id-{m}"} for m in members]})
    return {"users": users, "groups": groups}


@st.composite
def declarations(draw: st.DrawFn, tenant: Mapping[str, list[Body]], prune: Mapping[str, str]) -> dict[str, list[Body]]:
    people, teams = draw(subset(PEOPLE)), draw(subset(TEAMS))
    if not people and not teams:
        people = ["ann"]
    # Who would be deleted, since nobody declares them, cannot be named.
    there = {part: [body["id"].removeprefix("id-") for body in found] for part, found in tenant.items()}
    known_people = sorted({*people, *(there["users"] if prune.get("User") != "delete" else ())})
    known_teams = sorted({*teams, *(there["groups"] if prune.get("Group") != "delete" else ())})
    users = []
    for name in people:
        more = draw(
            some(
                title=st.sampled_from(["a", "b", None]),
                active=st.booleans(),
                emails=st.just(mails(draw)),
                expires=st.sampled_from([PAST, FUTURE]),
                groups=st.just([draw(spelled(team)) for team in draw(subset(known_teams))]),
                state=st.sampled_from(["present", "present", "absent"]),
            )
        )
        users.append({"user_name": draw(spelled(name)), **more})
    groups = []
    for name in teams:
        members = draw(subset([*known_people, *(team for team in known_teams if team != name)]))
        more = draw(
            some(
                external_id=st.sampled_from("xy"),
                members=st.just([draw(spelled(member)) for member in members]),
                membership=st.sampled_from(["exact", "additive", "absent"]),
                state=st.sampled_from(["present", "present", "absent"]),
            )
        )
        groups.append({"display_name": draw(spelled(name)), **more})
    return {"users": users, "groups": groups}


@st.composite
def scenes(draw: st.DrawFn, **options: Any) -> Scene:
    """Any tenant with any declaration. ``options`` are held as given."""
    tenant = draw(tenants())
    users, groups = st.sampled_from(["none", "deactivate", "delete"]), st.sampled_from(["none", "delete"])
    prune = options.pop("prune", None) or {"User": draw(users), "Group": draw(groups)}
    declared = draw(declarations(tenant, prune))
    membership = options.pop("membership", None) or draw(st.sampled_from(["exact", "additive"]))
    return Scene(tenant, declared, prune, membership, **options)


@st.composite
def habits(draw: st.DrawFn) -> Habits:
    patch = draw(st.booleans())
    return Habits(
        patch=patch,
        put=not patch or draw(st.booleans()),
        answers_patch=draw(st.booleans()),
        bulk=draw(st.sampled_from([0, 1, 3, 50])),
        echoes_bulk_id=draw(st.booleans()),
        filters=draw(st.sampled_from(["honoured", "ignored", "refused"])),
        page_size=draw(st.sampled_from([1, 2, 100])),
        cursors=draw(st.booleans()),
        tells_total=draw(st.booleans()),
        members_in_lists=draw(st.booleans()),
        most_members=draw(st.sampled_from([1, 2, 1000])),
        folds=draw(st.booleans()),
    )


def named(found: list[Body], key: str) -> dict[str, Body]:
    return {body[key].lower(): body for body in found}


@dataclass(frozen=True)
class Truth:
    """What must be in the end: people with title and activity, groups with the names of their members."""

    people: Mapping[str, tuple[str | None, bool]]
    teams: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, provider: Simulated) -> Truth:
        """What a provider has."""
        names = {
            body["id"]: (body.get("userName") or body["displayName"]).lower() for part in provider.stored.values() for body in part.values()
        }
        people = {names[key]: (body.get("title"), body.get("active") is not False) for key, body in provider.users.items()}
        return cls(people, {names[key]: frozenset(names[m] for m in provider.members(key)) for key in provider.groups})


def expired(entry: Body) -> bool:
    return bool(entry.get("expires") == PAST)


def truth(scene: Scene) -> Truth:
    """What a scene must come to."""
    before = Truth.of(scene.provider())
    users, groups = named(scene.declared["users"], "user_name"), named(scene.declared["groups"], "display_name")
    people: dict[str, tuple[str | None, bool]] = {}
    for name in {*before.people, *users}:
        title, active = before.people.get(name, (None, True))
        entry = users.get(name)
        if entry is None and scene.prune.get("User") != "delete":
            people[name] = (title, active and scene.prune.get("User") != "deactivate")
        if entry is None or entry.get("state") == "absent" or (expired(entry) and name not in before.people):
            continue
        people[name] = (entry.get("title", title), False if expired(entry) else entry.get("active", active))
    pruned = scene.prune.get("Group") == "delete"
    kept = [name for name in before.teams if name not in groups and not pruned]
    teams = [*kept, *(name for name, entry in groups.items() if entry.get("state") != "absent")]
    there = {*people, *teams}
    return Truth(people, {team: frozenset(_members(scene, team, users, groups, before) & there) for team in teams})


def _members(scene: Scene, team: str, users: Mapping[str, Body], groups: Mapping[str, Body], before: Truth) -> set[str]:
    entry = groups.get(team, {})
    membership = entry.get("membership", scene.membership)
    listed = {member.lower() for member in entry.get("members", ())}
    by_people = {name for name, user in users.items() if team in {t.lower() for t in user.get("groups", ())}}
    over = {name for name, user in users.items() if expired(user)}
    wanted = ((listed if membership != "absent" else set()) | by_people) - over
    refused = (listed if membership == "absent" else set()) | (by_people & over)
    had = set(before.teams.get(team, ()))
    result = wanted if "members" in entry and membership == "exact" else (had - (refused - wanted)) | wanted
    return result - over if team in groups else result


def without_faults(provider: Simulated) -> Simulated:
    """The same provider on a better day."""
    provider.faults = replace(provider.faults, lost={}, refuses=lambda method, path, body: None)
    return provider
