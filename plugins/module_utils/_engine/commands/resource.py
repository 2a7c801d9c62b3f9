# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One resource: a module's parameters to a declaration, and what came of it to a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..apply.run import Run
from ..declaration.loader import summary
from ..declaration.model import GROUP, USER, Declaration, Entry, Origin, UnknownName
from ..declaration.parser import parse_entry
from ..plan.diff import diff, shown
from ..plan.options import Policy
from ..plan.plan import Action
from ..plan.provider_effects import Effects
from ..scim.client.client import Client
from ..scim.errors import Invalid, ScimError
from ..scim.names import URN
from ..scim.providers.capabilities import Capabilities
from ..scim.providers.profiles import widest
from ..scim.schema.resource import Body, Resource, split_path
from ..scim.schema.types import ResourceType
from ..state.extensions import learned
from .reconcile import reconcile
from .task import Result, Task


def user(task: Task) -> Result:
    """The work of ``identity.scim.user``."""
    return _resource(USER, task)


def group(task: Task) -> Result:
    """The work of ``identity.scim.group``."""
    return _resource(GROUP, task)


def _resource(name: str, task: Task) -> Result:
    policy = policy_of(task.client.types[name], task.parameters, task.client.capabilities)
    declaration = declared(task.client.types[name], task.parameters, policy)
    if learned(task.client, declaration):
        declaration = declared(task.client.types[name], task.parameters, policy)
    return result(reconcile(declaration, task.client, policy, None, task.check), name.lower(), task.client)


def declared(resource_type: ResourceType, parameters: Mapping[str, Any], policy: Policy) -> Declaration:
    """One resource is a directory of one."""
    entry = entry_of(resource_type, parameters, policy)
    return Declaration(users=(entry,)) if resource_type.name == USER else Declaration(groups=(entry,))


def entry_of(resource_type: ResourceType, parameters: Mapping[str, Any], policy: Policy) -> Entry:
    """The declaration in a task's options; an option that is not given arrives as None and is left out.

    :raises Invalid: with all mistakes, one a line.
    """
    options = {a.option for a in resource_type.root.sub_attributes} | {"state", "clear", "extensions", "groups", "members", "membership"}
    given = {name: said(value) for name, value in parameters.items() if name in options and value is not None}
    entry, problems = parse_entry(resource_type, given, Origin(), policy.match_on[resource_type.name])
    if problems:
        raise Invalid(summary(problems))
    return entry


def said(value: Any) -> Any:
    """Suboptions that are not given arrive as None; they say nothing."""
    if isinstance(value, Mapping):
        return {name: said(inner) for name, inner in value.items() if inner is not None}
    return [said(inner) for inner in value] if isinstance(value, list) else value


def policy_of(resource_type: ResourceType, parameters: Mapping[str, Any], known: Capabilities) -> Policy:
    """The policy in a task's options, at a provider of which that is known.

    :raises Invalid: where ``match_on`` names what is no attribute.
    """
    return Policy(
        match_on={resource_type.name: match_keys(resource_type, parameters["match_on"])},
        adopt=parameters["adopt"],
        update_password=parameters.get("update_password") or "on_create",
        multi_valued=parameters["multi_valued"],
        membership=parameters["membership"],
        ignore_attributes=ignored(parameters, known.ignore_attributes),
        effects=Effects.of(known),
    )


def match_keys(resource_type: ResourceType, names: Iterable[str]) -> tuple[str, ...]:
    """SCIM names of the attributes to match on.

    :raises Invalid: for what is no attribute with one value.
    """
    keys = []
    for name in names:
        attribute = resource_type.root.sub(name)
        if attribute is None or attribute.is_complex or attribute.multi_valued:
            raise Invalid(
                f"match_on: {name} is not an attribute with one value; expected some such as id, {resource_type.name_attribute} "
                f"or external_id."
            )
        keys.append(attribute.name)
    return tuple(keys)


def ignored(parameters: Mapping[str, Any], provider: Iterable[str]) -> tuple[str, ...]:
    """The paths that are never compared nor sent: the user's and the profile's.

    :raises Invalid: for a path that begins with no attribute; extensions that only the provider knows are taken as they are.
    """
    kinds = [widest(USER), widest(GROUP)]
    for path in parameters["ignore_attributes"]:
        first = split_path(path, kinds[0].root)[0]
        if not first.lower().startswith(URN) and not any(resource_type.root.sub(first) for resource_type in kinds):
            raise Invalid(str(UnknownName.attribute(Origin(path="ignore_attributes"), kinds[0].root, first)))
    return (*parameters["ignore_attributes"], *provider)


def result(run: Run, name: str, client: Client) -> dict[str, Any]:
    """What the module returns, always of one shape."""
    wanted = next(one for one in run.desired if one.pair.entry is not None)
    pair = wanted.pair
    identity = (pair.type.name, pair.key)
    own = [change for change in run.plan.changes if change.identity == identity]
    done = [outcome for outcome in run.outcomes if outcome.change.identity == identity]
    failures = [outcome.error for outcome in run.outcomes if outcome.error]
    failures += [str(run.error)] if run.error and not any(str(run.error) in failure for failure in failures) else []
    planned = bool(run.plan.changes) and not run.outcomes and not run.error
    changed = planned or any(outcome.changed for outcome in run.outcomes)
    after = done[0].after if done else None
    there = (own[0].after if own and planned else pair.before) if after is None else after
    gone = any(outcome.action is Action.DELETED for outcome in done)
    if there is not None and any(outcome.changed and outcome.change.identity != identity for outcome in run.outcomes):
        there = _with_groups_as_they_are(there, pair.type, pair.key, client)
    warnings = [*run.plan.warnings, *(warning for outcome in run.outcomes for warning in outcome.warnings)]
    shape = {
        "changed": changed,
        "action": _action(done[0].action if done else own[0].action if own and planned else None, changed),
        name: {} if gone else shown(there),
        "operations": [step for outcome in run.outcomes for step in outcome.sent],
        "requests": client.requests,
        "diff": [diff(change, run.plan.names) for change in run.plan.changes],
        "warnings": warnings,
    }
    return {**shape, "failed": True, "msg": "\n".join(failures)} if failures else shape


def _with_groups_as_they_are(there: Resource | Body, resource_type: ResourceType, key: str, client: Client) -> Resource | Body:
    """Where a provider shows a person's groups, those of before are not those of now."""
    body = there.body if isinstance(there, Resource) else there
    try:
        return (client.get(resource_type, str(body.get("id") or key)) if body.get("groups") else None) or there
    except ScimError:  # what was done is told nevertheless
        return there


def _action(action: Action | None, changed: bool) -> str:
    """What happened to the resource; where only its memberships changed, that is an update."""
    if not changed:
        return str(Action.UNCHANGED)
    return str(Action.UPDATED if action in (None, Action.UNCHANGED) else action)
