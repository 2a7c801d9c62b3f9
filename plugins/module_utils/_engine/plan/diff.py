# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change as text and as data, attribute by attribute, with secrets masked; and the digest of a plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..escaping import visible
from ..redact import MASK, is_secret, masked
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import Attribute, ResourceType, Returned
from .plan import Action, Change, Plan
from .reporting_lines import shown

_DIGESTED = ("type", "name", "id", "action", "reason", "attributes", "secrets", "joins", "leaves")
_OWNED_BY_PROVIDER = ("schemas", "meta", "members", "groups")


def body_lines(resource_type: ResourceType, body: Mapping[str, Any] | None) -> list[str]:
    """A body as text with one value in each line, in the names of options: ``emails[0].value: "bjensen@example.com"``."""
    return [_line(path, value) for path, value in _flat(resource_type.root, body or {}, "")]


def _line(path: str, value: Any) -> str:
    return visible(f"{path}: {json.dumps(value, ensure_ascii=False)}")


def _flat(attribute: Attribute | None, value: Any, path: str) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name in sorted(value):
            sub = attribute.sub(name) if attribute else None
            option = sub.option if sub else name
            if (path or name not in _OWNED_BY_PROVIDER) and (sub is None or sub.returned is not Returned.NEVER):
                shown = MASK if isinstance(value[name], str) and is_secret(name) else value[name]  # in an extension
                yield from _flat(sub, shown, f"{path}.{option}" if path else option)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _flat(attribute, element, f"{path}[{index}]")
    else:
        yield path, value


def diff(change: Change, names: Mapping[str, str]) -> dict[str, str]:
    """Ansible's ``diff`` for one change. ``names`` are the names of members, by key."""
    sides: dict[str, str] = {}
    for side, body, secrets, members in (
        ("before", change.before.body if change.before else None, (), change.ended),
        ("after", shown(change.entry, change.becomes), change.secrets, change.joins),
    ):
        lines = [
            *body_lines(change.type, body),
            *(_line(name, MASK) for name in secrets),
            *(_line("member", names.get(key, key)) for key in members),
        ]
        sides[f"{side}_header"] = visible(f"{change.type.name} {change.name}{' (absent)' if body is None else ''}")
        sides[side] = "".join(f"{line}\n" for line in lines)
    return sides


def action_of(change: Change, done: Action | None = None) -> str:
    """What a change does, or has ``done``, as reports call it."""
    return "deactivated" if change.deactivates and done is not Action.UNCHANGED else str(done or change.action)


def presented(change: Change, names: Mapping[str, str]) -> Body:
    """A change as data for reports and for the digest: without secrets and without attributes that the provider owns."""
    before = dict(_rows(change.type, change.before.body if change.before else None))
    after = dict(_rows(change.type, shown(change.entry, change.becomes)))
    paths = [path for path in dict.fromkeys([*before, *after]) if before.get(path) != after.get(path)]
    data: Body = {
        "type": change.type.name,
        "name": change.current_name,
        "id": change.before.body.get("id") if change.before else None,  # a group that is known by name only has none
        "action": action_of(change),
        "reason": change.reason,
        "attributes": [{"path": path, "before": before.get(path), "after": after.get(path)} for path in paths],
        "secrets": sorted(change.secrets),
        "joins": sorted(names.get(key, key) for key in change.joins),
        "leaves": sorted(names.get(key, key) for key in change.ended),
    }
    # Not part of the digest: reasons name lines of files, and these may change after a plan was approved.
    reasons = {names.get(key, key): reason for key, reason in sorted(change.reasons.items())}
    return {**data, "digest": change_digest(data), "reasons": reasons}


def change_digest(data: Mapping[str, Any]) -> str:
    """The digest of a change as ``presented``. It is made of its content, so it shows whether a report was changed."""
    return _hash({name: data[name] for name in _DIGESTED})


def _hash(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _rows(resource_type: ResourceType, body: Mapping[str, Any] | None) -> Iterable[tuple[str, Any]]:
    return ((path, value) for path, value in _flat(resource_type.root, body or {}, "") if path != "id")


def digest(plan: Plan, url: str) -> str:
    """The digest of a plan: of the tenant and of each change as reports show it, so never of a password."""
    return plan_digest((presented(change, plan.names)["digest"] for change in plan.changes), url)


def plan_digest(changes: Iterable[str], url: str) -> str:
    """The digest of a plan from the digests of its changes."""
    return _hash({"url": url, "changes": sorted(changes)})


def returned(resource: Resource | Mapping[str, Any] | None) -> Body:
    """A resource as a module returns it: with SCIM names, without the password; those of extensions are masked."""
    body = resource.body if isinstance(resource, Resource) else dict(resource or {})
    return {name: masked(value) if ":" in name else value for name, value in body.items() if name != "password"}
