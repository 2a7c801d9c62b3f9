# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of plans as tests need them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.confirmation import Confirmation
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.executor import ApplyOptions, Executor
from ansible_collections.identity.scim.plugins.module_utils._engine.apply.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Entry, Member, Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.matching import Pair
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource, read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.simulated import Faults, Habits, Simulated


class Nowhere(Simulated):
    """What a wrong URL, and a provider that can only create, have in common: nothing can be read."""

    def _get(self, endpoint: str, resource_id: str, params: Mapping[str, str]) -> Answer:
        raise self._refused(404, "GET", f"{endpoint}/{resource_id}".rstrip("/"))


def person(name: str, **attributes: Any) -> Resource:
    """Somebody who is there; the id is ``id-<name>``."""
    return read(USER, {"id": f"id-{name}", "userName": name, **attributes})


def team(name: str, *members: str, **attributes: Any) -> Resource:
    """A group that is there, with members by name."""
    return read(GROUP, {"id": f"id-{name}", "displayName": name, "members": [{"value": f"id-{m}"} for m in members], **attributes})


def entry(name: str, **more: Any) -> Entry:
    """Somebody who is declared; ``attributes`` besides the name."""
    attributes = {"userName": name, **more.pop("attributes", {})}
    return Entry(USER, attributes, **{"origin": Origin("users.yml", 7, "users[0]"), **more})


def group_entry(name: str, *members: Member, **more: Any) -> Entry:
    """A group that is declared, with members."""
    return Entry(GROUP, {"displayName": name, **more.pop("attributes", {})}, members=members, origin=Origin("groups.yml", 3), **more)


def pair(declared: Entry | None, before: Resource | None) -> Pair:
    """An entry with what the provider has of it."""
    resource_type = declared.type if declared else before.type if before else USER
    return Pair(
        resource_type, before.id if before else f"{resource_type.name}:{declared.name.lower() if declared else ''}", declared, before
    )


def created(name: str, resource_type: Any = USER, joins: Iterable[str] = (), **attributes: Any) -> Change:
    """Somebody new, or a new group."""
    return Change(
        resource_type, f"{resource_type.name}:{name}", name, None, {resource_type.name_attribute: name, **attributes}, joins=tuple(joins)
    )


def declared(name: str, resource_type: Any = USER, joins: Iterable[str] = (), **attributes: Any) -> Change:
    """A new user or group that an entry declares."""
    declares = group_entry if resource_type is GROUP else entry
    return replace(created(name, resource_type, joins, **attributes), entry=declares(name, attributes=attributes))


def writes_body(change: Change) -> bool:
    """Whether the resource itself is written, not only its memberships."""
    return change.before is None or change.after is not change.before.body or bool(change.secrets)


def updated(before: Resource, **attributes: Any) -> Change:
    """A change of attributes."""
    after = {**before.body, **attributes}
    return Change(before.type, before.id, str(after[before.type.name_attribute]), before, after)


def moved(before: Resource, joins: Iterable[str] = (), leaves: Iterable[str] = ()) -> Change:
    """A change of nothing but memberships."""
    return Change(before.type, before.id, before.name, before, before.body, joins=tuple(joins), leaves=tuple(leaves))


def deleted(before: Resource) -> Change:
    """Somebody who goes."""
    return Change(before.type, before.id, before.name, before, None)


def refusal_of(kind: type[ScimError], check: Callable[..., object], *arguments: Any) -> str:
    """The message with which a check refuses its arguments; an empty text if it does not."""
    try:
        check(*arguments)
    except kind as refused:
        return str(refused)
    return ""


def provider(*there: Resource, habits: Habits | None = None, faults: Faults | None = None) -> Simulated:
    """A service provider that has these."""
    users, groups = ([r.body for r in there if r.type is resource_type] for resource_type in (USER, GROUP))
    return Simulated(users, groups, habits, faults)


def written(simulated: Simulated, *changes: Change, bulk: str = "never", **known: Any) -> list[Outcome]:
    """What becomes of these changes there, as it is confirmed."""
    return confirmed(Executor(simulated.client(**known), Policy(), ApplyOptions(bulk)), Plan(changes))


def confirmed(executor: Executor, plan: Plan) -> list[Outcome]:
    """The last outcome of each change of a plan."""
    outcomes = {id(outcome.change): outcome for outcome in executor.outcomes(plan)}
    for outcome in Confirmation(executor.client, executor.policy, executor.state).outcomes([*outcomes.values()]):
        outcomes[id(outcome.change)] = outcome
    return [*outcomes.values()]
