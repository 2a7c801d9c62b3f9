# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change to one outcome: create or adopt, PATCH or PUT, delete. What happened is told from the provider's own answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..scim.client import Client
from ..scim.errors import AnswerLost, Conflict, Refused, Unsupported
from ..scim.filter import equals
from ..scim.overlay import overlay
from ..scim.patch import Operation, operations, patch_body, writable
from ..scim.resource import Body, Resource
from ..scim.schema import ResourceType
from .current import member_ids
from .parts import Part, parts
from .plan import Action, Change
from .policy import Policy, adoption_warnings, comparable, without

MASKED = "********"
LOOKS = 3  # how often a write whose answer was lost is looked up and tried again


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change. ``after`` is None where the resource is gone or the provider did not say; ``sent`` has secrets masked."""

    change: Change
    action: Action
    changed: bool
    after: Resource | None = None
    id: str = ""
    sent: tuple[Body, ...] = ()
    not_stored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""


class Write:
    """The writing of one change. ``ids`` has the real ids of keys that were provisional when it was planned.

    With ``look_first`` a creation was sent before, and nobody knows what became of it.
    """

    def __init__(self, client: Client, policy: Policy, change: Change, ids: Mapping[str, str], look_first: bool = False) -> None:
        self.client = client
        self.policy = policy
        self.change = change
        self.kind: ResourceType = change.type
        self.joins = tuple(ids.get(key, key) for key in change.joins)
        self.leaves = tuple(ids.get(key, key) for key in change.leaves)
        self.look_first = look_first
        self.sent: list[Body] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []

    def outcome(self) -> Outcome:
        """Do it.

        :raises Refused: where the provider refuses this change. :raises Stop: where nothing more can be done.
        """
        if self.change.before is None:
            return self._created()
        if self.change.after is None:
            return self._deleted(self.change.before)
        return self._updated(self.change.before, self.change.after, self.change.secrets)

    def failed(self, error: Exception) -> Outcome:
        """The outcome of a change that was refused, with what was sent until then."""
        return Outcome(
            self.change, self.change.action, False, sent=tuple(self.sent), warnings=tuple(self.warnings), error=f"{self.change.name}: {error}"
        )

    # -- delete --------------------------------------------------------------------------------------------------------------------------

    def _deleted(self, before: Resource) -> Outcome:
        self._note("DELETE", before.id)
        self.client.delete(before)
        return self._outcome(Action.DELETED, True, None)

    # -- create --------------------------------------------------------------------------------------------------------------------------

    def _created(self) -> Outcome:
        body = self.created_body()
        found = self._look() if self.look_first else None
        if found is not None:
            return self._made(found)
        for _look in range(LOOKS):
            self._note("POST", body=self.client.outgoing(self.kind, {**body, **dict.fromkeys(self.change.secrets, MASKED)}))
            try:
                made = self.client.create(self.kind, {**body, **self.change.secrets})
                return self._made(made or self._look())
            except Conflict as conflict:
                return self._adopted(conflict)
            except AnswerLost:
                found = self._look()
                if found is not None:
                    return self._made(found)
        raise AnswerLost(f"{self.change.name} could not be created: the provider's answer was lost {LOOKS} times, and it is not there. Run again.")

    def created_body(self) -> Body:
        """The body of a creation, without secrets."""
        body = {**(self.change.after or {}), **self._pasted()}
        return {**body, "members": [{"value": member} for member in self.joins]} if self.joins else body

    def _pasted(self) -> Body:
        """What a pasted document holds and this provider wants to see: ``meta`` where it is always sent, and more ``schemas``."""
        pasted = self.change.entry.pasted if self.change.entry else {}
        always = (self.client.capabilities.always_sent or {}).get(self.kind.name, {})
        body = {name: value for name, value in pasted.items() if name in always}
        if pasted.get("schemas"):
            body["schemas"] = list(dict.fromkeys([*self.kind.schemas_of(self.change.after or {}), *pasted["schemas"]]))
        return body

    def _made(self, made: Resource | None) -> Outcome:
        return self._outcome(Action.CREATED, True, made)

    def _look(self, thorough: bool = False) -> Resource | None:
        """The one resource that the declared match keys find."""
        entry = self.change.entry
        if entry is None or not (thorough or self.client.searchable(self.kind)):
            return None
        find = self.client.find_anywhere if thorough else self.client.find
        for attribute in self.policy.match_on[self.kind.name]:
            value = entry.value(attribute)
            if value is None or attribute == "id":
                continue
            found = find(self.kind, equals(attribute, value))
            if len(found) == 1:
                return found[0]
        return None

    def _adopted(self, conflict: Conflict) -> Outcome:
        """409: somebody was faster, or a value is taken. Only one whom a declared match key finds is taken over."""
        found = self._look(thorough=True)
        entry = self.change.entry
        if found is None and not self.client.searchable(self.kind):
            self.warnings.append(
                f"{self.change.name} exists already, and this provider cannot be searched: nothing could be compared. "
                f"Declare its id, and it is compared and updated."
            )
            return self._outcome(Action.UNCHANGED, False, None)
        if found is None or entry is None:
            keys = " and ".join(self.policy.match_on[self.kind.name])
            raise Refused(
                f"{self.change.name} was not created, and nobody is found by {keys}: another resource has a value that must be unique. {conflict}",
                conflict.status,
                conflict.scim_type,
                conflict.detail,
            )
        if not self.policy.adopt:
            raise Refused(f"{self.change.name} exists already (id {found.id}) and adopt is false. {conflict}", conflict.status)
        self.warnings += adoption_warnings(entry, found)
        wanted = without(self.kind, entry.attributes, self.policy.ignore_attributes)
        after = overlay(self.kind.root, comparable(self.kind, wanted), found.body, self.policy.additive)
        if after is found.body and not self.joins:
            return self._outcome(Action.UNCHANGED, False, found)
        return self._updated(found, after, {})

    # -- update --------------------------------------------------------------------------------------------------------------------------

    def _updated(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Outcome:
        differs = after is not before.body or bool(secrets)
        got = self._write(before, after, secrets)
        if got is None and differs:
            got = self.client.get(self.kind, before.id)
        moved = bool(secrets) or len(self.joins + self.leaves) > len(self.errors)
        changed = moved or (differs and (got is None or self._differ(before, got)))
        return self._outcome(Action.UPDATED if changed else Action.UNCHANGED, changed, got or before)

    def _differ(self, before: Resource, got: Resource) -> bool:
        """Whether an attribute that was to be changed is another one now, whichever way it is written."""
        touched = {name: got.body.get(name) for name in self._asked(before.body) if got.body.get(name) != before.body.get(name)}
        return overlay(self.kind.root, touched, before.body) is not before.body

    def _write(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        if self.client.capabilities.patch is not False:
            try:
                return self._patched(before, after, secrets)
            except Unsupported:
                if self.client.capabilities.put is False:
                    raise
        return self._put(before, after, secrets)

    def _patched(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        found = self.attribute_operations(before, after, secrets)
        asked = self._asked(before.body) if found else ()
        got = None if found else before
        for part in self.parts(found):
            got = self._send(before, part, asked if part.attributes else ()) or got
        return got

    def attribute_operations(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> list[Operation]:
        """What changes of the resource itself."""
        found = operations(self.kind.root, before.body, after, self.policy.additive)
        return found + [{"op": "replace", "path": name, "value": value} for name, value in secrets.items()]

    def parts(self, found: Sequence[Operation]) -> list[Part]:
        """The PATCHes that this change takes."""
        return list(parts(found, self.joins, self.leaves, self.client.capabilities.members_per_request))

    def _send(self, before: Resource, part: Part, asked: Sequence[str]) -> Resource | None:
        """One PATCH; where many memberships are refused together, halves of them, until the guilty one stands alone."""
        try:
            return self._send_once(before, part, asked)
        except Refused as refused:
            alone = part.members == 1 and not part.attributes
            if refused.status not in (400, 404, 409) or not part.members or (alone and len(self.joins + self.leaves) == 1):
                raise
            if alone:
                self.errors.append(str(refused))
                return None
            answers = [self._send(before, half, asked if half.attributes else ()) for half in part.halves()]
            return answers[0] or answers[1]

    def _send_once(self, before: Resource, part: Part, asked: Sequence[str]) -> Resource | None:
        """A PATCH that adds members is not repeated blindly: some providers hold a member twice then."""
        found = part.operations(self.client.capabilities.member_removal == "value")
        self._note("PATCH", before.id, patch_body([masked(operation) for operation in found]))
        for _look in range(LOOKS):
            try:
                return self.client.patch(before, found, asked, repeatable=not part.joins)
            except AnswerLost:
                fresh = self.client.get(self.kind, before.id)
                if fresh is not None and set(part.joins) <= member_ids(fresh) and not set(part.leaves) & member_ids(fresh):
                    return fresh
        raise AnswerLost(f"the provider's answer was lost {LOOKS} times. Run again: what is done is not done twice.")

    def _put(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        """GET, overlay, PUT: what was not read must not be lost (RFC 7644 §3.5.1)."""
        whole = before if before.complete else self.client.get(self.kind, before.id) or before
        differing = {name: after.get(name) for name in {*before.body, *after} if after.get(name) != before.body.get(name)}
        body = overlay(self.kind.root, differing, whole.body)
        if self.joins or self.leaves:
            kept = (member_ids(whole) - set(self.leaves)) | set(self.joins)
            body = {**body, "members": [{"value": member} for member in sorted(kept)]}
        sent = writable(self.kind.root, body)
        self._note("PUT", before.id, {**sent, **dict.fromkeys(secrets, MASKED)})
        return self.client.replace(whole, {**sent, **secrets})

    def _asked(self, before: Body) -> tuple[str, ...]:
        """The attributes that a PATCH shall answer with: those that are compared."""
        declared = self.change.entry.attributes if self.change.entry else {}
        after = self.change.after or {}
        differing = [name for name in {**before, **after} if after.get(name) != before.get(name)]
        return tuple(dict.fromkeys([self.kind.naming, *declared, *differing]))

    # -- telling -------------------------------------------------------------------------------------------------------------------------

    def _note(self, method: str, resource_id: str = "", body: Body | None = None) -> None:
        step: Body = {"method": method, "path": "/".join(part for part in (self.kind.endpoint, resource_id) if part)}
        self.sent.append({**step, "body": body} if body is not None else step)

    def _outcome(self, action: Action, changed: bool, after: Resource | None) -> Outcome:
        lost = self._not_stored(after) if after is not None and action is not Action.UNCHANGED or self.sent and after else ()
        if lost:
            self.warnings.append(not_stored(self.change.name, lost))
        known = after or self.change.before
        return Outcome(
            self.change,
            action,
            changed,
            after,
            id=known.id if known else "",
            sent=tuple(self.sent),
            not_stored=lost,
            warnings=tuple(self.warnings),
            error="; ".join(f"{self.change.name}: {error}" for error in self.errors),
        )

    def _not_stored(self, after: Resource | None) -> tuple[str, ...]:
        """Declared attributes that the provider took and does not hold."""
        if after is None or self.change.entry is None:
            return ()
        wanted = comparable(self.kind, without(self.kind, self.change.entry.attributes, self.policy.ignore_attributes))
        root = self.kind.root
        return tuple(
            sub.option if (sub := root.sub(name)) else name
            for name, value in wanted.items()
            if overlay(root, {name: value}, after.body, self.policy.additive) is not after.body
        )


def not_stored(name: str, attributes: Sequence[str]) -> str:
    """The warning for attributes that were accepted and dropped, with the line that ends it."""
    listed = ", ".join(attributes)
    return f"{name}: the provider accepted {listed} and did not store {'it' if len(attributes) == 1 else 'them'} as declared. To leave it at that: ignore_attributes: [{listed}]"


def masked(operation: Operation) -> Any:
    """An operation without the secret that it holds."""
    return {**operation, "value": MASKED} if operation.get("path") == "password" else operation
