# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One resource: a module's parameters to a declaration, and what became of it to a result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..apply.outcome import Outcome
from ..apply.run import Run
from ..declaration.deviating_values import deviation_warnings
from ..declaration.loader import summary
from ..declaration.model import GROUP, USER, Declaration, Origin
from ..declaration.parser import parse_entry
from ..escaping import visible
from ..plan.diff import diff, returned
from ..plan.options import Policy
from ..plan.plan import Action, Plan
from ..redact import is_secret, passwords
from ..scim.client.client import Client
from ..scim.errors import Invalid, ScimError
from ..scim.schema.resource import Resource
from ..scim.schema.types import Attribute, ResourceType
from ..state.extensions import learned
from .policy import resource_policy
from .reconcile import reconcile, warnings
from .task import Result, Task


def user(task: Task) -> Result:
    """The work of ``identity.scim.user``."""
    return _resource(USER, task)


def group(task: Task) -> Result:
    """The work of ``identity.scim.group``."""
    return _resource(GROUP, task)


def _resource(name: str, task: Task) -> Result:
    """One resource is a directory of one."""
    client = task.client
    policy = resource_policy(task.parameters, client.types[name], client.types, client.capabilities)
    declaration = declared(client.types[name], task.parameters, policy)
    client.transport.redact.add(*secrets(declaration))
    if learned(client, declaration):
        declaration = declared(client.types[name], task.parameters, policy)
    return result(reconcile(declaration, client, policy, None, task.check), name.lower(), client)


def declared(resource_type: ResourceType, parameters: Mapping[str, Any], policy: Policy) -> Declaration:
    """The declaration in a task's options; an option that is not given arrives as None and is left out.

    :raises Invalid: with all mistakes, one a line.
    """
    options = {a.option for a in resource_type.root.sub_attributes} | {"state", "clear", "extensions", "groups", "members", "membership"}
    raw = {name: value for name, value in without_unset(parameters).items() if name in options}
    entry, problems = parse_entry(resource_type, raw, Origin(), policy.match_keys(resource_type.name), policy.ignore_attributes)
    if problems:
        raise Invalid(*summary(problems))
    found = tuple(deviation_warnings([entry]))
    return Declaration(users=(entry,), warnings=found) if resource_type.name == USER else Declaration(groups=(entry,), warnings=found)


def secrets(declaration: Declaration) -> Iterator[str]:
    """All passwords that are declared, also those in extensions, which only the provider knows."""
    for entry in declaration.entries:
        yield from entry.secrets.values()
        for name, value in entry.attributes.items():
            if isinstance(value, dict) and _may_have_password(entry.type.root.sub(name)):
                yield from passwords(value)


def _may_have_password(attribute: Attribute | None) -> bool:
    """Whether a sub-attribute may be a password: nothing is known of an attribute that no schema has."""
    return attribute is None or attribute.compiled(_has_password)


def _has_password(attribute: Attribute) -> bool:
    return any(is_secret(sub.name) or _has_password(sub) for sub in attribute.sub_attributes)


def without_unset(value: Any) -> Any:
    """A value without the suboptions that are not given, which arrive as None."""
    if isinstance(value, Mapping):
        return {name: without_unset(inner) for name, inner in value.items() if inner is not None}
    return [without_unset(inner) for inner in value] if isinstance(value, list) else value


def result(run: Run, name: str, client: Client) -> dict[str, Any]:
    """What the module returns, always of one shape. In check mode, that is what the run would return."""
    pair = next(each.pair for each in run.desired if each.pair.entry is not None)
    identity = (pair.type.name, pair.key)
    outcomes = run.outcomes or (() if run.error else tuple(_as_planned(run.plan)))
    done = next((outcome for outcome in outcomes if outcome.change.identity == identity), None)
    failures = [visible(outcome.error) for outcome in outcomes if outcome.error]
    failures += [str(run.error)] if run.error and not any(str(run.error) in failure for failure in failures) else []
    changed = any(outcome.changed for outcome in outcomes)
    current = (done.after if done else None) or pair.before
    if done and done.action is Action.DELETED:
        current = None
    elif current and any(outcome.changed and outcome.sent and outcome.change.identity != identity for outcome in outcomes):
        current = _with_groups_read_again(current, pair.key, client)
    shape = {
        "changed": changed,
        "action": _action(done.action if done else None, changed),
        name: returned(current),
        "operations": [step for outcome in outcomes for step in outcome.sent],
        "requests": client.requests,
        "diff": [diff(change, run.plan.names) for change in run.plan.changes],
        "warnings": warnings(run),
    }
    return {**shape, "failed": True, "msg": "\n".join(failures)} if failures else shape


def _as_planned(plan: Plan) -> Iterator[Outcome]:
    """The outcomes that a plan would have if the provider does exactly what is asked of it."""
    for change in plan.changes:
        after = None if change.after is None else Resource(change.type, change.key, change.after)
        yield Outcome(change, change.predicted, not change.may_be_none, after)


def _with_groups_read_again(current: Resource, key: str, client: Client) -> Resource:
    """Where a provider shows a user's groups, those from before the change are out of date."""
    try:
        return (client.get(current.type, current.id or key) if current.body.get("groups") else None) or current
    except ScimError:  # what was done is reported all the same
        return current


def _action(action: Action | None, changed: bool) -> str:
    """What happened to the resource; where only its memberships changed, that is an update."""
    if not changed:
        return str(Action.UNCHANGED)
    return str(Action.UPDATED if action in (None, Action.UNCHANGED) else action)
