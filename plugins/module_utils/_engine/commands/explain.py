# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One user: where it is declared, how it was matched, what would happen, and why. The same steps as for a plan, rendered for one user."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from ..declaration.model import ABSENT, USER, Declaration, Entry
from ..escaping import visible
from ..plan.diff import presented
from ..plan.matching import Pair, found_by
from ..plan.memberships import Memberships
from ..plan.options import NONE, Policy
from ..plan.plan import plan
from ..plan.policy import Desired
from ..plan.snapshot import Snapshot
from ..scim.client.client import Client
from ..scim.errors import Invalid, ScimError
from ..scim.schema.filter import equals
from ..scim.schema.identity import is_same_name, look_alike_key, look_alike_message
from ..scim.schema.overlay import UNKNOWN
from ..scim.schema.resource import Body, Resource
from ..state.fetch import fetch
from ..state.requirements import Requirements, may_remove
from ..wording import join_names
from .declared import declared
from .policy import directory_policy
from .reconcile import all_desired, match_all
from .task import Result, Task


def explain(task: Task) -> Result:
    """The work of ``identity.scim.explain_info``."""
    parameters, client, user = task.parameters, task.client, task.parameters["user"]
    if not user.strip():
        raise Invalid("user must be the name of one user, got an empty text.")
    policy = directory_policy(parameters, client.types, client.capabilities)
    declaration = declared(parameters, client, policy)
    snapshot = fetch(client, Requirements(declaration, policy, may_remove(declaration, policy), thorough=True))
    user = _looked_up(client, user, declaration, snapshot)
    pairs = match_all(declaration, client, snapshot, policy)
    pair = _one_of(pairs, user)
    if pair is None:
        return _unknown(user, client)
    number = pairs.index(pair)
    desired, refused = all_desired(pairs, policy)  # refusals of others do not concern this user
    own, refusal = desired[number], str(refused.get(number, ""))
    groups, unresolved = _memberships(desired, pair.key, snapshot, policy)
    changes = [presented(change, {}) for change in plan([own], {}, snapshot, policy).changes]
    result: Body = {
        **_identity(own, policy),
        "action": "refused" if refusal else changes[0]["action"] if changes else "unchanged",
        "reason": own.reason if changes else "",
        "attributes": changes[0]["attributes"] if changes else [],
        "groups": groups,
        "refusal": refusal or unresolved,
    }
    sentences = map(visible, (*_account(own, result, policy, client), *_effect(own, result, policy, refusal)))
    return {"changed": False, **result, "explanation": list(sentences), "requests": client.requests}


def _looked_up(client: Client, user: str, declaration: Declaration, snapshot: Snapshot) -> str:
    """Look up a user that was not read yet, and return the id if it is the only one; otherwise ``user``."""
    known: list[Entry | Resource] = [*declaration.users, *snapshot.users.values()]
    if any(_is_called(each, user) for each in known):
        return user
    resource_type = client.types[USER]
    keys = ("externalId",) if USER in snapshot.complete else (resource_type.name_attribute, "externalId")
    lookup = client.lookup(resource_type)
    found = {resource.id: resource for key in keys for resource in lookup.find(equals(key, user), look_alikes=[user])}
    found = found or lookup.read_ids([user])
    snapshot.users = {**found, **snapshot.users}
    meant = [resource.id for resource in found.values() if _is_called(resource, user)]
    return meant[0] if len(meant) == 1 else user


def _is_called(each: Entry | Resource, user: str) -> bool:
    """Whether a text is the name, the id, the external id or a previous name of a user."""
    body, previously = (each.attributes, each.previously) if isinstance(each, Entry) else (each.body, ())
    names = [name for name in (body.get(each.type.name_attribute), *previously) if name is not None]
    return user in (each.id, body.get("externalId")) or any(is_same_name(str(name), user) for name in names)


def _one_of(pairs: Sequence[Pair], user: str) -> Pair | None:
    """The pair of the user that is meant; a declared user takes precedence over one that only the provider has.

    :raises Invalid: if several users match, or none and others look like it.
    """
    users = [pair for pair in pairs if pair.type.name == USER]
    meant = [pair for pair in users if pair.entry is not None and _is_called(pair.entry, user)]
    meant = meant or [pair for pair in users if pair.before is not None and _is_called(pair.before, user)]
    if len(meant) > 1:
        labels = join_names([pair.before.label if pair.before else pair.key for pair in meant], "; ")
        raise Invalid(f'user: "{user}" may be {len(meant)} users: {labels}. Give the id of one.')
    if not meant and (others := dict.fromkeys(_look_alikes(users, user))):
        raise Invalid(f"user: {look_alike_message('user', user, others)}")
    return meant[0] if meant else None


def _look_alikes(users: Iterable[Pair], user: str) -> Iterator[tuple[str, str]]:
    """The names that look like one, each with the id of its user, or ``""`` of a new one."""
    looks = look_alike_key(user)
    for pair in users:
        declared = (pair.entry.attributes.get(pair.type.name_attribute), *pair.entry.previously) if pair.entry else ()
        names = [*([pair.before.name] if pair.before else ()), *map(str, filter(None, declared))]
        yield from ((name, pair.before.id if pair.before else "") for name in names if look_alike_key(name) == looks)


def _memberships(desired: Sequence[Desired], key: str, snapshot: Snapshot, policy: Policy) -> tuple[list[Body], str]:
    """The memberships of a user, or why they cannot be planned."""
    try:
        found = Memberships(desired, snapshot, policy)
        found.moves()  # its refusals are the run's
        return found.of_member(key), ""
    except ScimError as error:
        return [], str(error)


def _identity(own: Desired, policy: Policy) -> Body:
    """Who the user is: in the declaration, at the provider, and to the options."""
    pair, entry, before = own.pair, own.pair.entry, own.pair.before
    declared_name = (entry.attributes if entry else {}).get(pair.type.name_attribute)
    name = before.name if before else entry.name if entry else pair.key
    return {
        "user": str(declared_name or name),
        "declared": {"file": entry.origin.file, "line": entry.origin.line or None, "path": entry.origin.path} if entry else None,
        "id": before.id if before else None,
        "matched_by": found_by(pair, policy.match_keys(USER)),
        "active": before.active if before else None,
        "in_scope": policy.owns(pair.type, before.body if before else own.after or {}),
        "protected_by": policy.protecting(USER, name),
        "expires": str(entry.expires) if entry and entry.expires else None,
    }


def _unknown(user: str, client: Client) -> Result:
    message = f"{user} is not declared. {_not_found(client, 'The provider has no user with that user name, id or external id.')}"
    empty: Body = dict.fromkeys(("declared", "id", "active", "in_scope", "expires"))
    lists: Body = {name: [] for name in ("matched_by", "protected_by", "attributes", "groups")}
    texts = {"user": user, "action": "unchanged", "reason": "", "refusal": ""}
    return {"changed": False, **texts, **empty, **lists, "explanation": [visible(message)], "requests": client.requests}


def _not_found(client: Client, message: str) -> str:
    """The message for a user that was not found, where users can be looked up at all."""
    why = client.lookup(client.types[USER]).why_none
    return f"Whether the provider has such an account is not known: {why}" if why else message


# -- in sentences --------------------------------------------------------------------------------------------------------------------------


def _account(own: Desired, result: Body, policy: Policy, client: Client) -> Iterator[str]:
    """The user as it is declared and as it exists."""
    entry, before, name = own.pair.entry, own.pair.before, result["user"]
    if entry:
        yield f"{name} is declared{' as absent' if entry.state == ABSENT else ''} at {entry.origin}."
        if entry.expires:
            yield f"The last valid day is {entry.expires}."
        if entry.delete_after:
            yield f"After {entry.delete_after} the account is deleted."
    else:
        yield f"{name} is not declared."
    if before:
        by = f", found by {' and '.join(result['matched_by'])}" if result["matched_by"] else ""
        yield f"The provider has the account {before.name} (id {before.id}, {'active' if before.active else 'inactive'}){by}."
    else:
        keys = [key for key in policy.match_keys(USER) if entry is None or entry.value(key) is not None]
        options = " and ".join((own.pair.type.root.sub(key) or UNKNOWN).option for key in keys)
        yield _not_found(client, f"The provider has no such account (looked up by {options}).")
    if policy.scope.get(USER):
        yield f"{name} is {'inside' if result['in_scope'] else 'outside'} the scope of the declaration (scope_users)."
    if result["protected_by"]:
        patterns = ", ".join(result["protected_by"])
        yield f"{name} is protected (protected_users: {patterns}): neither the account nor a membership is removed."


def _effect(own: Desired, result: Body, policy: Policy, refusal: str) -> Iterator[str]:
    """What would happen to the account and to its memberships, and why."""
    if refusal:
        yield f"The declaration would be refused: {_in_one_line(refusal)}"
    elif result["action"] != "unchanged":
        yield f"The account would be {result['action']} ({result['reason']})."
    else:
        yield f"The account would stay as it is: {_why_unchanged(own.pair, result, policy)}."
    for attribute in result["attributes"]:
        before, after = (
            json.dumps(v, ensure_ascii=False) if (v := attribute[key]) is not None else "nothing" for key in ("before", "after")
        )
        yield f"- {attribute['path']}: from {before} to {after}"
    yield from (f"Group {group['group']}: {group['reason']}." for group in result["groups"])
    if result["refusal"] and not refusal:
        yield f"Memberships cannot be planned: {_in_one_line(result['refusal'])}"


def _in_one_line(refusal: str) -> str:
    return " ".join(refusal.split("\n"))


def _why_unchanged(pair: Pair, result: Body, policy: Policy) -> str:
    if pair.entry is not None:
        return "it is as declared" if pair.before is not None else "it does not exist, as declared"
    if not result["in_scope"]:
        return "it is outside the scope"
    if result["protected_by"]:
        return "it is protected"
    if policy.prune.get(USER, NONE) == NONE:
        return "undeclared users are left alone (prune_users: none)"
    return "it is inactive already"
