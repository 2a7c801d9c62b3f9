# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A declaration checked without a provider: all mistakes, and warnings about what may not be intended."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from ..declaration.csv_reader import UnknownHeadings
from ..declaration.line_numbers import locate
from ..declaration.loader import check_declaration, summary
from ..declaration.model import ABSENT, GROUP, USER, Declaration, Entry, Member, Origin, Problem, Rule
from ..escaping import quoted, visible_lines
from ..files import check_writable, write_file
from ..plan.diff import body_lines
from ..plan.matching import Pair, provisional_key
from ..plan.memberships import Names
from ..plan.policy import Desired
from ..report.annotations import as_annotations
from ..report.code_climate import as_code_climate
from ..report.findings import Finding, findings, in_repository
from ..report.junit import junit_xml
from ..report.sarif import as_sarif
from ..scim.providers.profiles import widest
from ..scim.schema.identity import name_key
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.types import ResourceType
from .declared import source_warnings, sources
from .policy import match_keys
from .task import Result

# The formats of the result that a task may ask for: of all findings, the names of all files, and the file's own name.
FORMS: Mapping[str, Callable[[Sequence[Finding], Sequence[str], str], str]] = {
    "junit": lambda found, files, _stem: junit_xml(files, found),
    "sarif": lambda found, _files, stem: as_sarif(found, stem),
    "code_climate": lambda found, _files, _stem: as_code_climate(found),
}
PRINTED = "For each file with unknown headings, a mapping is printed apart from this message, to be saved beside the file."


def validate(parameters: Mapping[str, Any], types: Mapping[str, ResourceType]) -> Result:
    """The work of ``identity.scim.validate``."""
    outputs = {name: parameters[name] for name in FORMS if parameters[name]}
    for name, path in outputs.items():
        check_writable(path, name)
    read = sources(parameters)
    documents = read.documents
    declaration, problems = check_declaration(documents, types, match_keys(parameters["match_on"], types), read.problems)
    most = parameters["max_listed"]
    # Without the unread files, everything that they declare would be reported as undeclared.
    warnings = locate([] if read.problems else list(doubts(declaration, datetime.now(UTC).date())))
    files = [document.file for document in documents]
    about_sources = [*source_warnings(read), *declaration.warnings]
    reported = findings(
        problems,
        [*about_sources, *warnings],
        lambda file: in_repository(file, os.environ),
    )
    for name, path in outputs.items():
        write_file(path, FORMS[name](reported, files, Path(path).stem), name)
    result: Result = {
        "changed": False,
        "users": sum(len(document.users) for document in documents),
        "groups": sum(len(document.groups) for document in documents),
        "problems": [as_data(problem) for problem in problems[:most]],
        "truncated": len(problems) > most or len(warnings) > most,
        "presets": read.presets,
        "unread_columns": read.unread_columns,
        "mappings": mappings(read.problems),
        "warnings": [
            *map(str, [*about_sources, *warnings[:most]]),
            *(["There are more warnings."] if len(warnings) > most else []),
        ],
    }
    if os.environ.get("GITHUB_ACTIONS") == "true":
        result["annotations"] = list(as_annotations(reported))  # for the action plugin, which displays them
    if not problems:
        return result
    listed = [replace(problem, choices=PRINTED) if isinstance(problem, UnknownHeadings) else problem for problem in problems]
    return {**result, "failed": True, "msg": visible_lines(summary(listed))}


def mappings(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """For each table of unknown headings a mapping to put beside it, and its first user as the mapping reads it."""
    return [
        {"file": problem.origin.file, "mapping": problem.mapping, "first_user": problem.first}
        for problem in problems
        if isinstance(problem, UnknownHeadings)
    ]


def mapping_lines(returned: Mapping[str, Any]) -> Iterator[str]:
    """One of them as lines for a terminal. Those of the mapping are its file as it is, to be copied."""
    file = returned["file"]
    yield from ("", f"Save these lines beside {file}, as {Path(file).with_suffix('.yml').name}, once they are right:", "")
    yield from returned["mapping"].rstrip("\n").split("\n")
    yield from ("", "They read the first user as:", *body_lines(widest(USER), returned["first_user"]), "")


def as_data(problem: Problem) -> dict[str, Any]:
    """A problem as the module returns it."""
    origin = problem.origin
    return {"file": origin.file, "line": origin.line or None, "path": origin.path, "found": problem.found, "expected": problem.expected}


def doubts(declaration: Declaration, today: date) -> Iterator[Problem]:
    """What is valid and may not be intended."""
    yield from _past_dates(declaration, today)
    yield from _shared_values(declaration.users)
    desired = [
        Desired(Pair(entry.type, entry.id or provisional_key(entry.type, entry), entry, None), entry.attributes)
        for entry in declaration.entries
    ]
    names = Names(desired)
    groups = {wanted.pair.key for wanted in desired if wanted.pair.type.name == GROUP}
    inside: dict[str, dict[str, Origin]] = {}  # each group, and the groups among its members
    undeclared: dict[tuple[str, str], tuple[str, list[Origin]]] = {}  # groups and members, each with its places
    for wanted, entry in zip(desired, declaration.entries, strict=True):
        for member, origin in _members(entry):
            keys = names.meant_by(entry, member)
            if not keys and ABSENT not in (entry.state, entry.membership):
                undeclared.setdefault((entry.type.name, name_key(str(member))), (str(member), []))[1].append(origin)
            if wanted.pair.key in groups:
                inside.setdefault(wanted.pair.key, {}).update((key, origin) for key in keys if key in groups)
    for name, places in undeclared.values():
        subject = quoted(name) if len(places) == 1 else f"{quoted(name)}, which {len(places)} entries name,"
        found = f"{subject} is not declared. The run fails if the provider does not have it either"
        yield Problem(places[0], found, rule=Rule.UNDECLARED_MEMBER)
    yield from _cycles(inside, names)


def _members(entry: Entry) -> Iterator[tuple[Member, Origin]]:
    """The groups of a user, or the members of a group, with their places."""
    for index, member in enumerate(entry.memberships or ()):
        yield member, entry.membership_origin(index)


def _past_dates(declaration: Declaration, today: date) -> Iterator[Problem]:
    for entry in declaration.entries:
        if entry.delete_after and entry.delete_after < today:
            found = f"{entry.name} will be deleted, because {entry.delete_after} has passed"
            yield Problem(entry.origin.below("delete_after"), found, rule=Rule.DATE_PASSED)
        elif entry.expires and entry.expires < today:
            found = f"{entry.name} expired on {entry.expires}, and will be deactivated and removed from every declared group"
            yield Problem(entry.origin.below("expires"), found, rule=Rule.DATE_PASSED)
        for member, origin in _members(entry):
            if member.expires and member.expires < today:
                inner, group = (member, entry.name) if entry.type.name == GROUP else (entry.name, member)
                found = f"the membership of {inner} in {group} expired on {member.expires}"
                yield Problem(origin, found, rule=Rule.DATE_PASSED)


def _shared_values(users: Sequence[Entry]) -> Iterator[Problem]:
    """Two users with one external id, or one e-mail address."""
    first: dict[tuple[str, Any], Entry] = {}
    for entry in users:
        for origin, name, value, key in _personal_values(entry):
            other = first.setdefault((name, key), entry)
            if other is not entry:
                found = f"{entry.name} has the same {name} {quoted(value)} as {other.name}, declared at {other.origin}"
                yield Problem(origin, found, rule=Rule.SHARED_VALUE)


def _personal_values(entry: Entry) -> Iterator[tuple[Origin, str, str, Any]]:
    """Place, name, value and the form to compare of each value that only one user should have."""
    external = entry.attributes.get("externalId")
    if external:
        yield entry.origin.below("external_id"), "external id", external, external
    address = (entry.type.root.sub("emails") or UNKNOWN).sub("value") or UNKNOWN
    emails = entry.attributes.get("emails")
    for index, email in enumerate(emails if isinstance(emails, list) else ()):
        value = email.get("value") if isinstance(email, dict) else None
        if isinstance(value, str) and value:
            yield entry.origin.below("emails", index, "value"), "e-mail address", value, canonical(address, value)


def _cycles(inside: Mapping[str, dict[str, Origin]], names: Names) -> Iterator[Problem]:
    """Groups that are indirectly members of themselves; each cycle once."""
    remaining = {group: dict(members) for group, members in inside.items()}
    while True:
        try:
            TopologicalSorter(remaining).prepare()
        except CycleError as error:
            cycle = error.args[1]  # each is a member of the next one; the first is repeated at the end
            origin = remaining[cycle[1]].pop(cycle[0])
            path = " in ".join(map(names.display, cycle))
            yield Problem(origin, f"the groups are members of each other: {path}", rule=Rule.GROUP_CYCLE)
        else:
            return
