# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy edits the desired side, before anything is compared: what shall stay is copied there, so that the plan knows no policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from ..declaration.model import ABSENT, ADDITIVE, EXACT, GROUP, Entry
from ..scim.errors import Guarded, Invalid
from ..scim.schema.filter import Filter
from ..scim.schema.overlay import overlay, said, spelled
from ..scim.schema.resource import Body, Resource, split_path
from ..scim.schema.types import Attribute, ResourceType
from .matching import Pair
from .provider_effects import Effects

ON_CREATE, ALWAYS = "on_create", "always"
NONE, DEACTIVATE, DELETE = "none", "deactivate", "delete"


@dataclass(frozen=True, slots=True)
class Policy:
    """The options that decide what is wanted; ``match_on`` (SCIM names), ``prune``, ``scope`` and ``protected`` (globs) by resource type.

    ``today`` is the day in UTC on which things expire, ``effects`` what deactivating and deleting do at this provider.
    """

    match_on: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"User": ("id", "userName"), "Group": ("id", "displayName")})
    adopt: bool = True
    update_password: str = ON_CREATE
    multi_valued: str = EXACT
    membership: str = EXACT
    ignore_attributes: tuple[str, ...] = ()
    prune: Mapping[str, str] = field(default_factory=dict)
    scope: Mapping[str, Filter] = field(default_factory=dict)
    protected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    today: date = date.min
    effects: Effects = field(default_factory=Effects)

    @property
    def additive(self) -> bool:
        return self.multi_valued == ADDITIVE

    def membership_of(self, entry: Entry) -> str:
        """What becomes of memberships that an entry does not declare; a person's end only where the entry itself says so."""
        return entry.membership or (self.membership if entry.type.name == GROUP else ADDITIVE)

    def owns(self, kind: ResourceType, body: Body) -> bool:
        """Whether a resource is in the scope of the declaration at all."""
        scope = self.scope.get(kind.name)
        return scope is None or scope.matches(kind.root, body)

    def protects(self, resource: Resource) -> bool:
        """Whether nothing may be taken from a resource."""
        return any(fnmatchcase(resource.name.casefold(), pattern.casefold()) for pattern in self.protected.get(resource.type.name, ()))

    def compared(self, kind: ResourceType, declared: Body) -> Body:
        """What of a declaration is sent, and is seen in an answer."""
        return comparable(kind, without(kind, declared, self.ignore_attributes))

    def goes(self, entry: Entry) -> bool:
        """Whether a resource shall not be there."""
        return entry.state == ABSENT or self.expired(entry.delete_after)

    def ends(self, entry: Entry) -> bool:
        """Whether a resource need not be there: who has expired is not made either."""
        return self.goes(entry) or self.expired(entry.expires)

    def expired(self, last_day: date | None) -> bool:
        """Whether a last valid day is over."""
        return last_day is not None and last_day < self.today


@dataclass(frozen=True, slots=True)
class Desired:
    """What shall be: ``after`` is None where nothing shall be there, and *is* the body before where nothing differs.

    ``absent``: somebody is there still and shall not be, but no more can be done (see ``Effects.is_absent``).
    """

    pair: Pair
    after: Body | None
    reason: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = ()
    absent: bool = False

    @property
    def gone(self) -> bool:
        """Whether it is as if nothing will be there."""
        return self.after is None or self.absent


def desired(pair: Pair, policy: Policy) -> Desired:
    """The wanted state of one pair.

    :raises Invalid: where ``adopt`` is false and the resource is somebody else's. :raises Guarded: out of scope, protected, or something
    that has another effect at this provider than it says.
    """
    entry, before = pair.entry, pair.before
    if entry is None:
        return _undeclared(pair, policy)
    expired = policy.expired(entry.expires)
    if policy.goes(entry) or (expired and before is None):
        wanted = _removed(pair, policy, "declared absent" if entry.state == ABSENT else "its time is over")
        if wanted.after is None and before is not None:
            policy.effects.refuse_deletion(entry)
    elif before is None:
        wanted = _created(pair, entry, policy)
    else:
        wanted = _updated(pair, entry, before, policy, expired)
    _refuse(wanted, policy)
    return wanted


def _removed(pair: Pair, policy: Policy, reason: str) -> Desired:
    """Nothing shall be there; who is inactive where DELETE only deactivates is gone as far as that goes."""
    if pair.before is not None and policy.effects.is_absent(pair.before):
        return Desired(pair, pair.before.body, reason, absent=True)
    return Desired(pair, None, policy.effects.reason(pair.type, reason) if pair.before is not None else reason)


def _undeclared(pair: Pair, policy: Policy) -> Desired:
    """What becomes of somebody whom the declaration does not name: nothing, unless the file owns them and prune says otherwise."""
    before = pair.before
    prune = policy.prune.get(pair.type.name, NONE)
    if before is None or prune == NONE or policy.protects(before) or not policy.owns(pair.type, before.body):
        return Desired(pair, before.body if before else None)
    if prune == DELETE:
        return _removed(pair, policy, "not declared")
    return Desired(pair, {**before.body, "active": False} if before.active else before.body, "not declared")


def _created(pair: Pair, entry: Entry, policy: Policy) -> Desired:
    if not entry.attributes.get(entry.type.naming):
        option, keys = (entry.type.root.sub(entry.type.naming) or entry.type.root).option, " and ".join(policy.match_on[entry.type.name])
        place = f"{entry.origin}: " if str(entry.origin) else ""
        raise Invalid(f"{place}nobody is found by {keys}, and nobody can be created without {option}. Declare it, or mend the match key.")
    declared = _declared(entry, None, policy)
    return Desired(pair, said(declared), "declared", _secrets(entry, policy))


def _declared(entry: Entry, before: Resource | None, policy: Policy) -> Body:
    """What is declared of the attributes that this provider has.

    :raises Guarded: where it has another effect there than it says.
    """
    declared = without(entry.type, entry.attributes, policy.ignore_attributes)
    policy.effects.refuse_deactivation(entry, declared, before)
    policy.effects.refuse_values(entry, declared)
    return declared


def _secrets(entry: Entry, policy: Policy) -> Mapping[str, str]:
    return without(entry.type, dict(entry.secrets), policy.ignore_attributes) if entry.secrets else entry.secrets


def _updated(pair: Pair, entry: Entry, before: Resource, policy: Policy, expired: bool) -> Desired:
    refuse_to_adopt(entry, before, policy)
    declared = comparable(pair.type, _declared(entry, before, policy))
    after = overlay(pair.type.root, {**declared, "active": False} if expired else declared, before.body, policy.additive)
    secrets = _secrets(entry, policy) if policy.update_password == ALWAYS else {}
    warnings = adoption_warnings(entry, before) if after is not before.body else ()
    return Desired(pair, after, f"expired on {entry.expires}" if expired else "declared", secrets, warnings)


def _refuse(wanted: Desired, policy: Policy) -> None:
    """A declaration reaches nobody out of its scope, and takes nothing from those who are protected."""
    pair, before = wanted.pair, wanted.pair.before
    bodies = [body for body in (before.body if before else None, wanted.after) if body is not None]
    name = before.name if before else str((wanted.after or {}).get(pair.type.naming) or pair.key)
    place = f"{pair.entry.origin}: " if pair.entry and str(pair.entry.origin) else ""
    if not all(policy.owns(pair.type, body) for body in bodies):
        now = before is None or not policy.owns(pair.type, before.body)
        said = "is out of scope (scope_{}s) and declared nevertheless" if now else "would leave the scope (scope_{}s) by what is declared"
        raise Guarded(f"{place}{name} {said.format(pair.type.name.lower())}. Widen the scope, or take it out.")
    if before is not None and policy.protects(before) and removes(before, wanted.after):
        raise Guarded(
            f"{place}{name} is protected (protected_{pair.type.name.lower()}s), and the declaration would remove or deactivate it."
        )


def removes(before: Resource, after: Body | None) -> bool:
    """Whether a change takes an account or a group away."""
    return after is None or (before.active and after.get("active") is False)


def without(kind: ResourceType, declared: Body, ignored: tuple[str, ...]) -> Body:
    """A declaration without the paths that are never compared nor sent."""
    for path in ignored:
        declared = _without(kind.root, declared, split_path(path, kind.root))
    return declared


def _without(attribute: Attribute | None, value: Any, path: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_without(attribute, element, path) for element in value]
    if not isinstance(value, dict):
        return value
    first, *rest = path
    sub = attribute.sub(first) if attribute else None
    name = sub.name if sub else spelled(first, value)
    if rest:
        return {**value, name: _without(sub, value[name], rest)} if name in value else value
    return {key: inner for key, inner in value.items() if key != name}


def comparable(kind: ResourceType, declared: Body) -> Body:
    """Without what is the provider's own, and what it never shows, or only on request: that it is not in an answer says nothing
    (RFC 7643 §7). Where ``value`` tells which resource is meant, ``$ref`` is the provider's way to write it (§2.4).
    """
    kept: Body = _comparable(kind.root, declared)
    return kept


def _comparable(attribute: Attribute, value: Any) -> Any:
    if isinstance(value, list):
        return [_comparable(attribute, element) for element in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        sub = attribute.sub(name)
        if sub is None:
            kept[name] = inner
        elif sub.comparable and not (name == "$ref" and value.get("value")):
            kept[name] = _comparable(sub, inner) if sub.is_complex else inner
    return kept


def refuse_to_adopt(entry: Entry, before: Resource, policy: Policy) -> None:
    """With ``adopt: false`` a resource that bears another external id than the declared one is somebody else's."""
    declared = entry.attributes.get("externalId")
    if not policy.adopt and declared and entry.id is None and before.body.get("externalId") != declared:
        raise Invalid(
            f"{entry.name} exists already (id {before.id}, external id {before.body.get('externalId') or 'none'}) and adopt is false. "
            f"Set adopt: true to take it over, or declare its id."
        )


def adoption_warnings(entry: Entry, before: Resource) -> tuple[str, ...]:
    """What people should know of a resource that was there before them."""
    warnings = []
    declared, had = entry.attributes.get("externalId"), before.body.get("externalId")
    if declared and had and declared != had:
        warnings.append(
            f"{entry.name} (id {before.id}) has had the external id {had}, the declared one is {declared}. Is it the same person?"
        )
    if not before.active and "active" not in entry.attributes:
        warnings.append(
            f"{entry.name} (id {before.id}) is inactive, and active is not declared. Declare active: true to activate the account."
        )
    return tuple(warnings)
