# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A declaration checked without any provider: all that is wrong with it, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any

from ..declaration.line_numbers import locate
from ..declaration.loader import check_declaration, summary
from ..declaration.model import ABSENT, GROUP, Declaration, Entry, Member, Origin, Problem
from ..files import into
from ..plan.matching import Pair, provisional
from ..plan.memberships import Names
from ..plan.policy import Desired
from ..report.junit import junit_xml
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.types import ResourceType
from .directory import keys_to_match, sources
from .task import Result


def validate(parameters: Mapping[str, Any], types: Mapping[str, ResourceType]) -> Result:
    """The work of ``identity.scim.validate``."""
    match_on = keys_to_match(parameters["match_on"], types)
    documents, unread = sources(parameters)
    declaration, problems = check_declaration(documents, types, match_on, unread)
    most = parameters["max_listed"]
    # Of a declaration that is not all there nobody can say who is missing in it.
    found = [] if unread else list(islice(doubts(declaration, datetime.now(UTC).date()), most + 1))
    warnings = locate(found[:most])
    if parameters["junit"]:
        into(parameters["junit"], junit_xml([document.file for document in documents], problems, warnings), "junit")
    result: Result = {
        "changed": False,
        "users": sum(len(document.users) for document in documents),
        "groups": sum(len(document.groups) for document in documents),
        "problems": [presented(problem) for problem in problems[:most]],
        "truncated": len(problems) > most or len(found) > most,
        "warnings": [*map(str, warnings), *(["There are more warnings."] if len(found) > most else [])],
    }
    return {**result, "failed": True, "msg": summary(problems)} if problems else result


def presented(problem: Problem) -> dict[str, Any]:
    """A problem as data."""
    origin = problem.origin
    return {
        "file": origin.file,
        "line": origin.line or None,
        "path": origin.path,
        "found": problem.found,
        "expected": problem.expected,
    }


def doubts(declaration: Declaration, today: date) -> Iterator[Problem]:
    """What is not wrong, and perhaps not meant."""
    yield from _over(declaration, today)
    yield from _shared(declaration.users)
    desired = [_as_declared(entry) for entry in declaration.entries]
    names = Names(desired)
    inside: dict[str, dict[str, Origin]] = {}  # groups and the groups among their members
    groups = {one.pair.key for one in desired if one.pair.type.name == GROUP}
    for one, entry in zip(desired, declaration.entries, strict=True):
        for member, origin in _members(entry):
            keys = names.member(member) if entry.type.name == GROUP else names.group(member)
            if not keys and entry.state != ABSENT and entry.membership != ABSENT:
                yield Problem(origin, f"nobody declares {member}. If the provider has nothing of that name either, that is an error")
            if one.pair.key in groups:
                inside.setdefault(one.pair.key, {}).update((key, origin) for key in keys if key in groups)
    yield from _cycles(inside, names)


def _as_declared(entry: Entry) -> Desired:
    return Desired(Pair(entry.type, entry.id or provisional(entry.type, entry), entry, None), entry.attributes)


def _members(entry: Entry) -> Iterator[tuple[Member, Origin]]:
    """Groups of a person, or members of a group, with the place of each."""
    option, listed = ("members", entry.members) if entry.type.name == GROUP else ("groups", entry.groups)
    for index, member in enumerate(listed or ()):
        yield member, _below(entry, f".{option}[{index}]")


def _below(entry: Entry, path: str) -> Origin:
    return replace(entry.origin, path=f"{entry.origin.path}{path}")


def _over(declaration: Declaration, today: date) -> Iterator[Problem]:
    """Whose time is over."""
    for entry in declaration.entries:
        if entry.delete_after and entry.delete_after < today:
            yield Problem(_below(entry, ".delete_after"), f"{entry.name} is to be deleted since {entry.delete_after} is over")
        elif entry.expires and entry.expires < today:
            yield Problem(
                _below(entry, ".expires"), f"{entry.name} expired on {entry.expires}, and is to be inactive and in no declared group"
            )
        for member, origin in _members(entry):
            if member.expires and member.expires < today:
                yield Problem(origin, f"the membership of {entry.name} and {member} expired on {member.expires}")


def _shared(users: Sequence[Entry]) -> Iterator[Problem]:
    """Two people with one external id, or one e-mail address."""
    first: dict[tuple[str, Any], Entry] = {}
    for entry in users:
        for path, name, value in _of_one_person(entry):
            other = first.setdefault((name, value[1]), entry)
            if other is not entry:
                yield Problem(
                    _below(entry, path), f"{entry.name} has the {name} {value[0]} of {other.name}, who is declared at {other.origin}"
                )


def _of_one_person(entry: Entry) -> Iterator[tuple[str, str, tuple[str, Any]]]:
    """Path, name and value, as written and in the form to compare, of what should be one person's."""
    external = entry.attributes.get("externalId")
    if external:
        yield ".external_id", "external id", (external, external)
    emails = entry.type.root.sub("emails") or UNKNOWN
    listed = entry.attributes.get("emails")
    for index, email in enumerate(listed if isinstance(listed, list) else ()):
        address = email.get("value") if isinstance(email, dict) else None
        if isinstance(address, str) and address:
            yield f".emails[{index}].value", "e-mail address", (address, canonical(emails.sub("value") or UNKNOWN, address))


def _cycles(inside: Mapping[str, dict[str, Origin]], names: Names) -> Iterator[Problem]:
    """Groups that are members of themselves, by way of others; each cycle once."""
    left = {group: dict(members) for group, members in inside.items()}
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as found:
            # Each is a member of the one after it, and the first stands at the end once more.
            cycle = found.args[1]
            origin = left[cycle[1]].pop(cycle[0])
            told = " in ".join(str(names.bodies[key].get("displayName") or key) for key in cycle)
            yield Problem(origin, f"groups are members of each other: {told}")
        else:
            return
