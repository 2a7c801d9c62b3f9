# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A company: the files that declare it, their changes from day to day, and the expected state once they are applied.

The expected state is computed without the collection's code, so that it can contradict that code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from ansible_collections.identity.scim.tests.simulation.store import DEACTIVATED, DELETED, Body, Loss, State, members_of

MARK = "s3cr3t-of-"  # in every password
TITLES = ("Clerk", "Engineer", "Manager", "Ärztin")
ADMIN = "admin@example.com"  # not declared, protected, and the owner of the credential in some tenants
DEACTIVATE, DELETE, NONE = "deactivate", "delete", "none"


@dataclass
class Person:
    """A declared user, by name, with the groups in its own entry. ``number`` stays the same if the name changes."""

    number: int
    name: str
    title: str
    active: bool = True
    teams: set[str] = field(default_factory=set)
    earlier: list[str] = field(default_factory=list)

    def entry(self, numbered: bool) -> Body:
        """The entry in the file."""
        given = self.name.partition("@")[0]
        found: Body = {
            "user_name": self.name,
            "title": self.title,
            "active": self.active,
            "name": {"given_name": given, "family_name": "Doe"},
            "emails": [{"value": self.name, "type": "work", "primary": True}],
            "password": f"{MARK}{given}",
        }
        found |= {"external_id": f"n{self.number}"} if numbered else {}
        return found | ({"groups": sorted(self.teams)} if self.teams else {}) | ({"previously": self.earlier} if self.earlier else {})


class Company:
    """The declared directory. ``teams`` are groups with the members that the group's entry names; with
    ``exact`` they have no others. Where users are ``numbered``, they are found by that number as well.
    """

    def __init__(self, dice: Random, size: int) -> None:
        self.dice = dice
        self._count = 0
        self.people: dict[str, Person] = {}
        self.teams: dict[str, set[str]] = {}
        self.absent: set[str] = set()
        self.absent_teams: set[str] = set()
        self.prune_users = dice.choice((NONE, DEACTIVATE, DELETE))
        self.prune_groups = dice.choice((NONE, DELETE))
        self.exact = dice.random() < 0.8
        self.numbered = dice.random() < 0.3
        for _team in range(max(2, size // 10)):
            self._new_team()
        for _person in range(size):
            self._hire()

    # -- the files -----------------------------------------------------------------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """The options of the task."""
        users = [person.entry(self.numbered) for person in self.people.values()]
        users += [{"user_name": name, "state": "absent"} for name in sorted(self.absent)]
        groups: list[Body] = [{"display_name": name, "members": sorted(members)} for name, members in self.teams.items()]
        groups += [{"display_name": name, "state": "absent"} for name in sorted(self.absent_teams)]
        return {
            "users": users,
            "groups": groups,
            "prune_users": self.prune_users,
            "prune_groups": self.prune_groups,
            "membership": "exact" if self.exact else "additive",
            "protected_users": ["admin@*"],
            "match_on": ["external_id", "user_name"] if self.numbered else ["id", "user_name"],
        }

    def change(self) -> None:
        """Change one thing in the files."""
        people = (self._hire, self._fire, self._promote, self._suspend, self._rename)
        self.dice.choice((*people, self._move, self._move, self._new_team, self._close_team))()

    def _hire(self) -> None:
        self._count += 1
        person = Person(self._count, f"u{self._count:03}@example.com", self.dice.choice(TITLES))
        self.people[person.name] = person
        self._join(person)

    def _join(self, person: Person) -> None:
        team = self.dice.choice([*self.teams])
        if self.dice.random() < 0.5:
            person.teams.add(team)
        else:
            self.teams[team].add(person.name)

    def _fire(self) -> None:
        if len(self.people) > 5:
            person = self.people.pop(self.dice.choice([*self.people]))
            for members in self.teams.values():
                members.discard(person.name)
            if self.dice.random() < 0.5:
                self.absent.add(person.name)

    def _promote(self) -> None:
        self._random_person().title = self.dice.choice(TITLES)

    def _suspend(self) -> None:
        person = self._random_person()
        person.active = not person.active

    def _move(self) -> None:
        person = self._random_person()
        for team, members in self.teams.items():
            if person.name in members or team in person.teams:
                members.discard(person.name)
                person.teams.discard(team)
                break
        if self.dice.random() < 0.8:
            self._join(person)

    def _rename(self) -> None:
        person = self._random_person()
        self._count += 1
        old, person.name = person.name, f"u{self._count:03}@example.com"
        person.earlier = [old]  # an older one than the last was renamed long ago
        self.people = {each.name: each for each in self.people.values()}
        for members in self.teams.values():
            if old in members:
                members.remove(old)
                members.add(person.name)

    def _new_team(self) -> None:
        self._count += 1
        name = f"Team {self._count}"
        if self.teams and self.dice.random() < 0.3:
            self.teams[self.dice.choice([*self.teams])].add(name)  # an older one, so never in a circle
        self.teams[name] = set()

    def _close_team(self) -> None:
        if len(self.teams) > 2:
            name = self.dice.choice([*self.teams])
            del self.teams[name]
            for person in self.people.values():
                person.teams.discard(name)
            for members in self.teams.values():
                members.discard(name)
            if self.dice.random() < 0.5:
                self.absent_teams.add(name)

    def _random_person(self) -> Person:
        return self.people[self.dice.choice([*self.people])]

    # -- what must be true ---------------------------------------------------------------------------------------------------------------

    def wanted(self, team: str) -> set[str]:
        """The names of the members that a declared group must have."""
        return self.teams[team] | {person.name for person in self.people.values() if team in person.teams}

    def contradictions(self, state: State) -> Iterator[tuple[str, str]]:
        """Where the state of a provider differs from the files: the name of a user or group, and what is wrong with it."""
        found = {str(user["userName"]).casefold(): user for user in state["/Users"].values()}
        for name, person in self.people.items():
            user = found.get(name)
            if user is None:
                yield name, f"{name} does not exist"
            elif (user.get("title"), user.get("active") is not False) != (person.title, person.active):
                yield name, f"{name} is {user}"
        for name, user in found.items():
            if name in self.absent or (self._is_undeclared(name) and self.prune_users == DELETE):
                yield name, f"{name} still exists"
            elif self._is_undeclared(name) and self.prune_users == DEACTIVATE and user.get("active") is not False:
                yield name, f"{name} is still active"
        yield from self._contradicting_groups(state)

    def _contradicting_groups(self, state: State) -> Iterator[tuple[str, str]]:
        names = names_of(state)
        found = {str(group["displayName"]): {names.get(m, m) for m in members_of(group)} for group in state["/Groups"].values()}
        for team in self.teams:
            members, wanted = found.get(team), self.wanted(team)
            if members is None or not wanted <= members or (self.exact and members - wanted - {ADMIN}):
                yield team, f"{team} has {members}, wanted {wanted}"
        for name in found.keys() - self.teams.keys():
            if name in self.absent_teams or self.prune_groups == DELETE:
                yield name, f"{name} still exists"

    def _is_undeclared(self, name: str) -> bool:
        return name not in self.people and name not in self.absent and name != ADMIN

    def permits(self, before: State, loss: Loss) -> bool:
        """Whether the files ask for the loss of a user, a group or a membership."""
        what, key, member = loss
        if key in before["/Users"]:
            return self._permits_user(what, self._name_in_files(before["/Users"][key]))
        name = str(before["/Groups"][key]["displayName"])
        if what == DELETED:
            return name in self.absent_teams or (name not in self.teams and self.prune_groups == DELETE)
        who = self._name_in_files(before["/Users"][member]) if member in before["/Users"] else names_of(before)[member]
        return name in self.teams and self.exact and who not in {*self.wanted(name), ADMIN}

    def _permits_user(self, what: str, name: str) -> bool:
        if name == ADMIN:
            return False
        if what == DELETED:
            return name in self.absent or (name not in self.people and self.prune_users == DELETE)
        assert what == DEACTIVATED
        return not self.people[name].active if name in self.people else self.prune_users == DEACTIVATE

    def _name_in_files(self, user: Body) -> str:
        """The current name in the files of a user who may have an earlier name, or one that was set by hand."""
        name, number = str(user["userName"]).casefold(), user.get("externalId") if self.numbered else None
        found = (person.name for person in self.people.values() if name in person.earlier or number == f"n{person.number}")
        return next(found, name)


def names_of(state: State) -> dict[str, str]:
    """The names of users, in lower case, and of groups, by id."""
    users = {key: str(user["userName"]).casefold() for key, user in state["/Users"].items()}
    return users | {key: str(group["displayName"]) for key, group in state["/Groups"].items()}
