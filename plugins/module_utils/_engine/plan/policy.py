# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy edits the desired side, before anything is compared: what shall stay is copied there, so that the plan knows no policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..declaration.model import ABSENT, Entry
from ..scim.errors import Invalid, PlanRefused
from ..scim.schema.overlay import overlay, without_empty
from ..scim.schema.projection import comparable, without
from ..scim.schema.resource import Body, Resource
from .matching import Pair
from .options import ALWAYS, DELETE, NONE, Policy


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
    if not entry.attributes.get(entry.type.name_attribute):
        option, keys = (
            (entry.type.root.sub(entry.type.name_attribute) or entry.type.root).option,
            " and ".join(policy.match_on[entry.type.name]),
        )
        raise Invalid(
            f"{entry.origin.prefix}nobody is found by {keys}, and nobody can be created without {option}. "
            f"Declare it, or mend the match key."
        )
    declared = _declared(entry, None, policy)
    return Desired(pair, without_empty(declared), "declared", _secrets(entry, policy))


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
    name = before.name if before else str((wanted.after or {}).get(pair.type.name_attribute) or pair.key)
    place = pair.entry.origin.prefix if pair.entry else ""
    if not all(policy.owns(pair.type, body) for body in bodies):
        now = before is None or not policy.owns(pair.type, before.body)
        said = "is out of scope (scope_{}s) and declared nevertheless" if now else "would leave the scope (scope_{}s) by what is declared"
        raise PlanRefused(f"{place}{name} {said.format(pair.type.name.lower())}. Widen the scope, or take it out.")
    if before is not None and policy.protects(before) and removes(before, wanted.after):
        raise PlanRefused(
            f"{place}{name} is protected (protected_{pair.type.name.lower()}s), and the declaration would remove or deactivate it."
        )


def removes(before: Resource, after: Body | None) -> bool:
    """Whether a change takes an account or a group away."""
    return after is None or (before.active and after.get("active") is False)


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
