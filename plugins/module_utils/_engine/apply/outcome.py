# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a change, as it is told: what was sent, what changed, what was not stored, what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..plan.options import Policy
from ..plan.plan import Action, Change
from ..scim.schema.overlay import overlay
from ..scim.schema.patch import Operation
from ..scim.schema.resource import Body, Resource, option_path
from ..scim.schema.types import Attribute, Type
from ..wording import MASK


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change. ``after`` is None where the resource is gone or the provider did not say; ``sent`` has secrets masked.

    ``adopted`` is one who was there although the plan was to create, as they were found. ``moved`` is how many memberships were added and
    removed, where that is not all of them. With ``unknown`` nobody knows whether the last request happened. ``request_ids`` are the
    provider's own, of the answers to ``sent``.
    """

    change: Change
    action: Action
    changed: bool
    after: Resource | None = None
    adopted: Resource | None = None
    id: str = ""
    sent: tuple[Body, ...] = ()
    not_stored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    moved: tuple[int, int] | None = None
    unknown: bool = False
    request_ids: tuple[str, ...] = ()


def not_stored(change: Change, policy: Policy, after: Resource) -> tuple[str, ...]:
    """The declared attributes that the provider took and does not hold as declared: the paths of their options, as deep as they go."""
    if change.entry is None:
        return ()
    wanted = policy.compared(change.type, change.entry.attributes)
    lost = _lost(change.type.root, wanted, after.body, policy.additive)
    return tuple(option_path(change.type, *names) for names in lost)


def _lost(attribute: Attribute, declared: Body, body: Body, additive: bool) -> Iterator[tuple[str, ...]]:
    """Of a complex value all of which is lost, its own name says it."""
    for name, value in declared.items():
        if overlay(attribute, {name: value}, body, additive) is body:
            continue
        sub = attribute.sub(name) or Attribute(name, Type.COMPLEX)
        there = body.get(sub.name)
        inner = list(_lost(sub, value, there, additive)) if isinstance(value, dict) and isinstance(there, dict) else []
        whole = not inner or len(inner) == len(value)
        yield from [(name,)] if whole else [(name, *names) for names in inner]


def not_stored_warning(name: str, attributes: Sequence[str]) -> str:
    """The warning for attributes that were accepted and dropped, with the line that ends it."""
    listed = ", ".join(attributes)
    it = "it" if len(attributes) == 1 else "them"
    return (
        f"{name}: the provider accepted {listed} and did not store {it} as declared. "
        f"To leave it at that, paste: ignore_attributes: [{listed}]"
    )


def masked(operation: Operation) -> Operation:
    """A PATCH operation without the secret that it holds."""
    return {**operation, "value": MASK} if operation.get("path") == "password" else operation


def noted(method: str, path: str, body: Body | None = None) -> Body:
    """A request as it is reported, under SCIM's names; secrets in its body are masked here."""
    if body is None:
        return {"method": method, "path": path}
    if "Operations" in body:
        return {"method": method, "path": path, "body": {**body, "Operations": [masked(one) for one in body["Operations"]]}}
    return {"method": method, "path": path, "body": {**body, "password": MASK} if "password" in body else body}
