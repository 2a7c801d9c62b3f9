# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides the desired state of each resource: declared attributes, pruning, expiry, protection and scope.

A resource that stays as it is keeps its current body as the desired state, so the comparison in ``plan`` needs no policy.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..declaration.model import ABSENT, Entry
from ..escaping import quoted
from ..scim.errors import Invalid, PlanRefused
from ..scim.schema.overlay import overlay, without_empty
from ..scim.schema.projection import comparable, without
from ..scim.schema.resource import Body, Resource
from .matching import Pair
from .options import ALWAYS, DELETE, NONE, Policy
from .protection import losses, unused_globs


@dataclass(frozen=True, slots=True)
class Desired:
    """The desired state of one pair. ``after`` is None if the resource must not exist, and the very object ``before.body`` if nothing
    differs.

    ``absent``: the resource must not exist, and it is a user who counts as absent (see ``Effects.is_absent``).
    """

    pair: Pair
    after: Body | None
    reason: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = ()
    absent: bool = False

    @property
    def gone(self) -> bool:
        """Whether the resource will not exist, or counts as absent."""
        return self.after is None or self.absent

    @property
    def place(self) -> str:
        """Where it is declared, as the beginning of a message."""
        return self.pair.entry.origin.prefix if self.pair.entry else ""

    @property
    def name(self) -> str:
        """The desired name; the current one if the resource is deleted."""
        pair = self.pair
        return str((self.after or {}).get(pair.type.name_attribute) or (pair.before.name if pair.before else pair.key))


def desired_state(pair: Pair, policy: Policy) -> Desired:
    """The desired state of one pair.

    :raises Invalid: if ``adopt`` is false and the resource belongs to another owner. :raises PlanRefused: if it is out
    of scope, protected, or would have another effect at this provider than declared.
    """
    entry, before = pair.entry, pair.before
    if entry is None:
        return _undeclared(pair, policy)
    expired = policy.expired(entry.expires)
    if policy.deletes(entry) or (expired and before is None):
        desired = _removed(pair, policy, _why_removed(entry))
        if desired.after is None and before is not None:
            policy.effects.refuse_deletion(entry)
    elif before is None:
        desired = _created(pair, entry, policy)
    else:
        desired = _updated(pair, entry, before, policy, expired)
    _refuse(desired, policy)
    return desired


def _removed(pair: Pair, policy: Policy, reason: str) -> Desired:
    """The resource must not exist. An inactive user may count as absent at the provider."""
    if pair.before is not None and policy.effects.is_absent(pair.before):
        return Desired(pair, pair.before.body, reason, absent=True)
    return Desired(pair, None, policy.effects.reason(pair.type, reason) if pair.before is not None else reason)


def _why_removed(entry: Entry) -> str:
    if entry.state == ABSENT:
        return "declared absent"
    option, day = ("delete_after", entry.delete_after) if entry.delete_after else ("expires", entry.expires)
    return f"{option} {day} has passed"


def _undeclared(pair: Pair, policy: Policy) -> Desired:
    """An undeclared resource stays as it is, unless it is pruned: in scope, not protected, and ``prune`` is set."""
    before = pair.before
    prune = policy.prune.get(pair.type.name, NONE)
    if before is None or prune == NONE or not policy.may_prune(before):
        return Desired(pair, before.body if before else None)
    if prune == DELETE:
        return _removed(pair, policy, "not declared")
    return Desired(pair, {**before.body, "active": False} if before.active else before.body, "not declared")


def _created(pair: Pair, entry: Entry, policy: Policy) -> Desired:
    name_attribute = entry.type.root.sub(entry.type.name_attribute) or entry.type.root
    if not entry.attributes.get(entry.type.name_attribute):
        keys = " or ".join(policy.match_keys(entry.type.name))
        raise Invalid(
            f"{entry.origin.prefix}no {entry.type.noun} was found by {keys}, and none can be created without {name_attribute.option}. "
            f"Declare {name_attribute.option}, or correct the match key."
        )
    return Desired(pair, without_empty(_declared(entry, None, policy)), "declared", _secrets(entry, policy))


def _declared(entry: Entry, before: Resource | None, policy: Policy) -> Body:
    """The declared attributes without those that the provider does not have.

    :raises PlanRefused: if they would have another effect at this provider than declared.
    """
    declared = without(entry.type, entry.attributes, policy.ignore_attributes)
    policy.effects.refuse_deactivation(entry, declared, before)
    policy.effects.refuse_values(entry, declared)
    return declared


def _secrets(entry: Entry, policy: Policy) -> Mapping[str, str]:
    return without(entry.type, dict(entry.secrets), policy.ignore_attributes)


def _updated(pair: Pair, entry: Entry, before: Resource, policy: Policy, expired: bool) -> Desired:
    _refuse_to_adopt(entry, before, policy)
    declared = comparable(pair.type, _declared(entry, before, policy))
    after = overlay(pair.type.root, {**declared, "active": False} if expired else declared, before.body, policy.additive)
    secrets = _secrets(entry, policy) if policy.update_password == ALWAYS else {}
    warnings = adoption_warnings(entry, before) if after is not before.body else ()
    return Desired(pair, after, f"expired on {entry.expires}" if expired else "declared", secrets, warnings)


def _refuse(desired: Desired, policy: Policy) -> None:
    """Refuse an entry that is outside its scope, or that would take something from a protected resource."""
    pair, before = desired.pair, desired.pair.before
    bodies = [body for body in (before.body if before else None, desired.after) if body is not None]
    if not all(policy.owns(pair.type, body) for body in bodies):
        outside_now = before is None or not policy.owns(pair.type, before.body)
        problem = "is declared but outside" if outside_now else "would leave"
        name = before.name if before else desired.name
        raise PlanRefused(f"{desired.place}{name} {problem} scope_{pair.type.nouns}. Change the filter or the entry.")
    if before is not None and desired.after is not before.body and is_protected(before, desired, policy):
        _refuse_losses(desired, before, policy)


def is_protected(before: Resource, desired: Desired, policy: Policy) -> bool:
    """Whether the existing or the new name of a resource is protected."""
    return any(policy.protecting(before.type.name, name) for name in (before.name, desired.name))


def _refuse_losses(desired: Desired, before: Resource, policy: Policy) -> None:
    """:raises PlanRefused: if the declaration would take something from a protected resource."""
    was_protected, nouns = policy.protects(before), before.type.nouns
    taken = losses(before, desired.after) if was_protected else losses(before, _renamed_back(desired.after, before))
    if taken:
        name = before.name if was_protected else f"{before.name}, to be renamed to {desired.name},"
        raise PlanRefused(
            f"{desired.place}{name} is protected (protected_{nouns}), and the declaration would {' and '.join(taken)}. "
            f"Change the entry, or the list of protected {nouns}."
        )


def _renamed_back(after: Body | None, before: Resource) -> Body | None:
    """The desired body with the existing name: a resource that is not protected may get a protected name."""
    return after and {**after, before.type.name_attribute: before.body.get(before.type.name_attribute)}


def unmatched_protections(pairs: Sequence[Pair], complete: Container[str], policy: Policy) -> list[str]:
    """Warnings about globs that match no resource, existing or declared. Only for types whose listing is ``complete``: of other types, not
    all resources are known.
    """
    return [
        f"protected_{name.lower()}s: {quoted(glob)} matches no {name.lower()}, existing or declared. Correct it, or remove it."
        for name, globs in policy.protected.items()
        if globs and name in complete
        for glob in unused_globs(globs, _names(pair for pair in pairs if pair.type.name == name))
    ]


def _names(pairs: Iterable[Pair]) -> Iterator[str]:
    for pair in pairs:
        yield from (each.name for each in (pair.before, pair.entry) if each is not None)


def _refuse_to_adopt(entry: Entry, before: Resource, policy: Policy) -> None:
    """With ``adopt: false``, refuse a resource that has another external id than the declared one."""
    declared = entry.attributes.get("externalId")
    if not policy.adopt and declared and entry.id is None and before.body.get("externalId") != declared:
        raise Invalid(
            f"{entry.name} exists already (id {before.id}, external id {before.body.get('externalId') or 'none'}) and adopt is false. "
            f"Set adopt: true to take it over, or declare its id."
        )


def adoption_warnings(entry: Entry, before: Resource) -> tuple[str, ...]:
    """Warnings on a resource that existed before it was declared."""
    warnings = []
    declared, had = entry.attributes.get("externalId"), before.body.get("externalId")
    if declared and had and declared != had:
        warnings.append(
            f"{entry.name} (id {before.id}) had the external id {had}, the declared one is {declared}. "
            f"Check that it is the same {entry.type.noun}."
        )
    if not before.active and "active" not in entry.attributes:
        warnings.append(
            f"{entry.name} (id {before.id}) is inactive, and active is not declared. Declare active: true to activate the account."
        )
    return tuple(warnings)
