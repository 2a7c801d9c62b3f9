# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person: where they are declared, how they are matched, what would happen, and why. The same walk as a plan, told for one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..declaration.model import USER, Declaration, Entry
from ..plan.diff import presented
from ..plan.matching import Pair
from ..plan.options import Policy
from ..plan.plan import plan
from ..plan.policy import Desired, desired
from ..plan.snapshot import Snapshot
from ..scim.client.client import Client
from ..scim.errors import Invalid, PlanRefused, ScimError
from ..scim.schema.filter import equals
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.resource import Body, Resource
from ..state.fetch import read
from ..state.other_spellings import add_other_spellings
from ..state.requirements import may_remove
from .directory import declared, policy_of
from .reasons import memberships
from .reconcile import paired
from .task import Result, Task


@dataclass(frozen=True, slots=True)
class Walk:
    """All that a plan is made of, and the one whom it is told for. ``refusal`` is what the declaration is refused for."""

    declaration: Declaration
    current: Snapshot
    policy: Policy
    mine: Desired
    everybody: Sequence[Desired]
    refusal: str = ""


def explain(task: Task) -> Result:
    """The work of ``identity.scim.explain_info``."""
    parameters, client, who = task.parameters, task.client, task.parameters["user"]
    if not who.strip():
        raise Invalid("user is empty; expected the name of one person.")
    policy = policy_of(parameters, client.types, client.capabilities)
    declaration = declared(parameters, client, policy)
    current = read(client, declaration, policy, whole=may_remove(declaration, policy))
    add_other_spellings(client, declaration, policy, current, thorough=True)
    who = _found(client, who, declaration, current)
    pairs = paired(declaration, client, current, policy)
    pair = one_of(pairs, who)
    if pair is None:
        return _nobody(who, client)
    return told(walked(declaration, current, policy, pairs, pair), client)


def _found(client: Client, who: str, declaration: Declaration, current: Snapshot) -> str:
    """Who is not among those who were read is looked up, and is called by the id from there on."""
    resource_type = client.types[USER]
    known: list[Entry | Resource] = [*declaration.users, *current.users.values()]
    if any(is_called(one, who) for one in known):
        return who
    keys = ("externalId",) if USER in current.complete else (resource_type.name_attribute, "externalId")
    found = [user for key in keys for user in client.find(resource_type, equals(key, who))]
    by_id = None if found or any(c.isspace() for c in who) else client.get(resource_type, who)
    for user in [*found, *([by_id] if by_id else [])]:
        current.users.setdefault(user.id, user)
        who = user.id
    return who


def is_called(one: Entry | Resource, who: str) -> bool:
    """Whether a name, an id, an external id or an old name is somebody's."""
    name_attribute = one.type.root.sub(one.type.name_attribute) or UNKNOWN
    if isinstance(one, Entry):
        names = [one.attributes.get(one.type.name_attribute), *one.previously]
        exact = [one.id, one.attributes.get("externalId")]
    else:
        names, exact = [one.body.get(one.type.name_attribute)], [one.id, one.body.get("externalId")]
    return who in exact or any(canonical(name_attribute, name) == canonical(name_attribute, who) for name in names if name is not None)


def one_of(pairs: Iterable[Pair], who: str) -> Pair | None:
    """The pair that is meant; a declared one before one that only the provider has.

    :raises Invalid: where several are called so.
    """
    users = [pair for pair in pairs if pair.type.name == USER]
    meant = [pair for pair in users if pair.entry is not None and is_called(pair.entry, who)]
    meant = meant or [pair for pair in users if pair.before is not None and is_called(pair.before, who)]
    if len(meant) > 1:
        named = "; ".join(f"{pair.before.name if pair.before else pair.key} (id {pair.key})" for pair in meant[:20])
        raise Invalid(f"user: {who} may be {len(meant)} people: {named}. Give the id of one.")
    return meant[0] if meant else None


def walked(declaration: Declaration, current: Snapshot, policy: Policy, pairs: Sequence[Pair], pair: Pair) -> Walk:
    """The walk up to the plan. What is refused for others is not told here, and what is refused for this one is told, not raised."""
    refusal = ""
    everybody = []
    for other in pairs:
        try:
            everybody.append(desired(other, policy))
        except (Invalid, PlanRefused) as objection:
            refusal = str(objection) if other is pair else refusal
            everybody.append(Desired(other, other.before.body if other.before else None))
    mine = everybody[list(pairs).index(pair)]
    return Walk(declaration, current, policy, mine, everybody, refusal)


def told(walk: Walk, client: Client) -> Result:
    """What the module returns: each part as data, and all of it as sentences."""
    pair, entry, before = walk.mine.pair, walk.mine.pair.entry, walk.mine.pair.before
    unresolved = ""
    try:
        groups = list(memberships(walk.mine, walk.everybody, walk.current, walk.policy))
    except ScimError as error:
        groups, unresolved = [], str(error)
    changes = [presented(change, {}) for change in plan([walk.mine], {}, walk.current, walk.policy).changes]
    name_attribute = (entry.attributes if entry else {}).get(pair.type.name_attribute)
    name = str(name_attribute or (before.name if before else entry.name if entry else pair.key))
    result: Body = {
        "user": name,
        "declared": {"file": entry.origin.file, "line": entry.origin.line or None, "path": entry.origin.path} if entry else None,
        "id": before.id if before else None,
        "matched_by": list(_keys(walk)),
        "active": before.active if before else None,
        "in_scope": walk.policy.owns(pair.type, before.body if before else walk.mine.after or {}),
        "protected_by": list(_patterns(pair, walk.policy)),
        "expires": str(entry.expires) if entry and entry.expires else None,
        "action": "refused" if walk.refusal else changes[0]["action"] if changes else "unchanged",
        "reason": walk.mine.reason if changes else "",
        "attributes": changes[0]["attributes"] if changes else [],
        "groups": groups,
        "refusal": walk.refusal or unresolved,
    }
    return {"changed": False, **result, "explanation": list(_sentences(result, walk, client)), "requests": client.requests}


def _nobody(who: str, client: Client) -> Result:
    said = f"{who} is not declared. {_not_seen(client, 'The provider has nobody of that user name, id or external id.')}"
    nothing: Body = dict.fromkeys(("declared", "id", "active", "in_scope", "expires"))
    lists: Body = {name: [] for name in ("matched_by", "protected_by", "attributes", "groups")}
    words = {"user": who, "action": "unchanged", "reason": "", "refusal": ""}
    return {"changed": False, **words, **nothing, **lists, "explanation": [said], "requests": client.requests}


def _not_seen(client: Client, said: str) -> str:
    """What is said of somebody who was not found, where anybody could be."""
    why = client.why_unsearchable(client.types[USER])
    return f"Whether the provider has such an account cannot be told: {why}" if why else said


def _keys(walk: Walk) -> Iterator[str]:
    """The match keys, under their options' names, by which the provider's resource was found."""
    pair = walk.mine.pair
    if pair.entry is None or pair.before is None:
        return
    for key in walk.policy.match_on[USER]:
        attribute = pair.type.root.sub(key) or UNKNOWN
        value, there = pair.entry.value(key), pair.before.id if key == "id" else pair.before.body.get(key)
        if value is not None and there is not None and canonical(attribute, value) == canonical(attribute, there):
            yield attribute.option
    name_attribute = pair.type.root.sub(pair.type.name_attribute) or UNKNOWN
    if any(canonical(name_attribute, name) == canonical(name_attribute, pair.before.name) for name in pair.entry.previously):
        yield "previously"


def _patterns(pair: Pair, policy: Policy) -> Iterator[str]:
    name = pair.before.name if pair.before else pair.entry.name if pair.entry else ""
    yield from (pattern for pattern in policy.protected.get(USER, ()) if fnmatchcase(name.casefold(), pattern.casefold()))


# -- in sentences ------------------------------------------------------------------------------------------------------------------------


def _sentences(result: Body, walk: Walk, client: Client) -> Iterator[str]:
    entry, before, name = walk.mine.pair.entry, walk.mine.pair.before, result["user"]
    if entry:
        as_absent = " as absent" if entry.state == "absent" else ""
        yield f"{name} is declared{as_absent} at {entry.origin}."
        if entry.expires:
            yield f"The last valid day is {entry.expires}."
        if entry.delete_after:
            yield f"After {entry.delete_after} the account is to be deleted."
    else:
        yield f"{name} is not declared."
    if before:
        how = f", found by {' and '.join(result['matched_by'])}" if result["matched_by"] else ""
        yield f"The provider has the account {before.name} (id {before.id}, {'active' if before.active else 'inactive'}){how}."
    else:
        declared = [key for key in walk.policy.match_on[USER] if entry is None or entry.value(key) is not None]
        keys = " and ".join((walk.mine.pair.type.root.sub(key) or UNKNOWN).option for key in declared)
        yield _not_seen(client, f"The provider has no such account (looked for by {keys}).")
    if walk.policy.scope.get(USER):
        yield f"{name} is {'in' if result['in_scope'] else 'out of'} the scope of the declaration (scope_users)."
    if result["protected_by"]:
        yield f"{name} is protected (protected_users: {', '.join(result['protected_by'])}): nothing is taken away, a membership either."
    yield _what(result, walk)
    yield from (f"- {_value(one)}" for one in result["attributes"])
    for group in result["groups"]:
        yield f"Group {group['group']}: {group['reason']}."
    if result["refusal"] and not walk.refusal:
        yield f"Memberships cannot be told: {result['refusal']}"


def _what(result: Body, walk: Walk) -> str:
    """What would happen to the account, and why; memberships apart."""
    if walk.refusal:
        return f"The declaration would be refused: {walk.refusal}"
    if result["action"] != "unchanged":
        return f"The account would be {result['action']} ({result['reason']})."
    return f"The account would stay as it is{_why_not(result, walk)}."


def _why_not(result: Body, walk: Walk) -> str:
    pair = walk.mine.pair
    if pair.entry is not None:
        return ": it is as declared" if pair.before is not None else ": it is not there, as wanted"
    if not result["in_scope"]:
        return ": it is out of scope"
    if result["protected_by"]:
        return ": it is protected"
    if walk.policy.prune.get(USER, "none") == "none":
        return ": whoever is not declared is left alone (prune_users: none)"
    return ": it is inactive already"


def _value(one: Any) -> str:
    before, after = ("nothing" if one[key] is None else json.dumps(one[key], ensure_ascii=False) for key in ("before", "after"))
    return f"{one['path']}: from {before} to {after}"
