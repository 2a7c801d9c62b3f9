# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managers that are declared as people know them: by user name, e-mail address, employee number or id. Pure.

In a plan, a manager is a key: the id, or the provisional one of a user that the run creates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..declaration.model import ABSENT, Entry
from ..escaping import quoted
from ..scim.errors import Invalid
from ..scim.schema.identity import name_key
from ..scim.schema.projection import without
from ..scim.schema.resource import Body
from ..scim.schema.table import ENTERPRISE_USER
from ..wording import MOST_NAMES, and_others, first_lines, join_names
from .matching import Pair
from .options import DELETE, Policy

URN, MANAGER = ENTERPRISE_USER.urn, "manager"

Unknown = dict[str, tuple[list[str], list[Entry]]]  # managers by their text: the keys of those who are called so, and who has the manager


def manager_of(body: Mapping[str, object] | None) -> str | None:
    """The key of the manager in a body."""
    enterprise = (body or {}).get(URN)
    manager = enterprise.get(MANAGER) if isinstance(enterprise, Mapping) else None
    value = manager.get("value") if isinstance(manager, Mapping) else None
    return str(value) if value else None


def with_manager(body: Body, manager: str | None) -> Body:
    """A body with another manager, or without one."""
    enterprise = {name: value for name, value in (body.get(URN) or {}).items() if name != MANAGER}
    if manager:
        enterprise[MANAGER] = {"value": manager}
    others = {name: value for name, value in body.items() if name != URN}
    return {**others, URN: enterprise} if enterprise else others


@dataclass(slots=True)
class Called:
    """Keys by what a user is called. A user name is found before an address, and both before an employee number."""

    by_rank: tuple[dict[str, dict[str, None]], ...] = field(default_factory=lambda: ({}, {}, {}))

    def add(self, key: str, body: Body) -> None:
        """Add what a user is called."""
        name, enterprise = body.get("userName"), body.get(URN)
        number = str(enterprise.get("employeeNumber") or "") if isinstance(enterprise, dict) else ""
        emails = body.get("emails")
        addresses = [str(email.get("value") or "") for email in emails if isinstance(email, dict)] if isinstance(emails, list) else []
        for called, texts in zip(self.by_rank, ([str(name or "")], addresses, [number]), strict=True):
            for text in filter(None, texts):
                called.setdefault(name_key(text), {})[key] = None

    def keys(self, text: str) -> list[str]:
        """The keys of those who are called so, in the first way in which anybody is."""
        return list(next((called[name_key(text)] for called in self.by_rank if name_key(text) in called), ()))


def references(entries: Iterable[Entry], policy: Policy) -> list[str]:
    """The managers that are declared as texts and matter, each once."""
    return list(dict.fromkeys(entry.manager for entry in entries if entry.manager and _matters(entry, policy)))


def unresolved(entries: Sequence[Entry], policy: Policy) -> list[str]:
    """Those of them that no declared user is called."""
    wanted = references(entries, policy)
    called = Called()
    for entry in entries if wanted else ():
        called.add(entry.id or entry.name, entry.attributes)
    ids = {entry.id for entry in entries}
    return [text for text in wanted if text not in ids and not called.keys(text)]


def _matters(entry: Entry, policy: Policy) -> bool:
    ignored = not without(entry.type, {URN: {MANAGER: {"value": "x"}}}, policy.ignore_attributes).get(URN, {}).get(MANAGER)
    return entry.state != ABSENT and not policy.ends(entry) and not ignored


def with_managers(pairs: Sequence[Pair], policy: Policy, searched: bool, complete: bool) -> list[Pair]:
    """The pairs of users, whose entries have the keys of their managers. ``searched`` is whether others could be looked up, ``complete``
    whether there are no others.

    :raises Invalid: with each manager whom no user, several users, or only a user who is to be removed is called.
    """
    if not any(pair.entry is not None and pair.entry.manager for pair in pairs):
        return list(pairs)
    called, ids, gone = Called(), dict[str, str](), dict[str, str]()
    for pair in pairs if not complete else ():  # those that are shown as managers need not have been read
        if pair.before is not None and (manager := manager_of(pair.before.body)):
            ids[manager] = manager
    for pair in pairs:
        ids |= {pair.before.id: pair.key} if pair.before else {}
        for body in ([pair.before.body] if pair.before else []) + ([pair.entry.attributes] if pair.entry else []):
            called.add(pair.key, body)
        if why := _why_gone(pair, policy):
            gone[pair.key] = why
    unknown: Unknown = {}
    found = [_with_manager(pair, policy, called, ids, gone, searched, unknown) for pair in pairs]
    if unknown:
        printed = list(unknown.items())[:MOST_NAMES]
        raise Invalid(*first_lines([_unknown(text, gone, *rest) for text, rest in printed], count=len(unknown)))
    return found


def _why_gone(pair: Pair, policy: Policy) -> str:
    """Why a user will not exist, and what to do if a user is to have this manager; empty if the user will exist."""
    entry, before = pair.entry, pair.before
    if entry is not None and (policy.deletes(entry) or (policy.ends(entry) and before is None)):
        return "is declared absent or expired. Declare another manager, or none."
    if entry is None and before is not None and policy.prune.get(pair.type.name) == DELETE and policy.may_prune(before):
        return "is not declared and would be deleted. Declare that user, another manager, or none."
    return ""


def _with_manager(
    pair: Pair,
    policy: Policy,
    called: Called,
    ids: Mapping[str, str],
    gone: Mapping[str, str],
    searched: bool,
    unknown: Unknown,
) -> Pair:
    """The pair with the key of the manager; a manager who is not found is added to ``unknown``, with the entry."""
    entry = pair.entry
    if entry is None or not entry.manager or not _matters(entry, policy):
        return pair
    keys = called.keys(entry.manager)
    if not keys and entry.manager in ids:  # last, as in look-ups: ids may be numbers, as those of employees are
        keys = [ids[entry.manager]]
    if not keys and pair.before is not None and manager_of(pair.before.body) == entry.manager:
        keys = [entry.manager]  # which the provider keeps, although there may be no such user any more
    if len(keys) == 1 and keys[0] not in gone:
        return replace(pair, entry=replace(entry, attributes=with_manager(dict(entry.attributes), keys[0])))
    if not keys and not searched:  # it can only be an id
        place = entry.origin.below("enterprise", MANAGER).prefix
        warning = f"{place}the manager {quoted(entry.manager)} of {entry.name} could not be looked up, and is sent as an id."
        given = replace(entry, attributes=with_manager(dict(entry.attributes), entry.manager))
        return replace(pair, entry=given, warnings=(*pair.warnings, warning))
    unknown.setdefault(entry.manager, (keys, []))[1].append(entry)
    return pair


def _unknown(manager: str, gone: Mapping[str, str], keys: Sequence[str], entries: Sequence[Entry]) -> str:
    """The message for a manager whom no user, several users, or only one who is to be removed is called; one for all ``entries``."""
    text, first = quoted(manager), entries[0]
    place, managed = first.origin.below("enterprise", MANAGER).prefix, and_others(first.name, len(entries) - 1, "user")
    if len(keys) > 1:
        return f"{place}{len(keys)} users are called {text}: {join_names(keys)}. Declare the id of the manager of {managed}."
    if keys:
        return f"{place}{text}, the manager of {managed}, {gone[keys[0]]}"
    wanted = f"the user name, e-mail address, employee number or id {text}, the manager of {managed}"
    return f"{place}no user has {wanted}. Declare that user, name the manager in another way, or remove the manager."


def shown(entry: Entry | None, after: Body | None) -> Body | None:
    """A desired body as people see it: with the manager as declared, since the key depends on who exists already."""
    if after is None or entry is None or not entry.manager or manager_of(after) is None:
        return after
    return with_manager(after, entry.manager)
