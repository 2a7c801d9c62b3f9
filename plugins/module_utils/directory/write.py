# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change to one outcome: create or adopt, update, delete. What happened is told from the provider's own answers."""

from __future__ import annotations

from collections.abc import Mapping

from ..scim.client import Client
from ..scim.errors import AnswerLost, Conflict, Refused
from ..scim.filter import equals
from ..scim.overlay import overlay
from ..scim.resource import Body, Resource
from .outcome import Outcome, not_stored, not_stored_warning, noted
from .plan import Action, Change
from .policy import Policy, adoption_warnings, comparable, without
from .update import LOOKS, Update


class Write:
    """The writing of one change. ``ids`` has the real ids of keys that were provisional when it was planned.

    With ``look_first`` a creation was sent before, and nobody knows what became of it.
    """

    def __init__(self, client: Client, policy: Policy, change: Change, ids: Mapping[str, str], look_first: bool = False) -> None:
        self.client = client
        self.policy = policy
        self.change = change
        self.kind = change.type
        self.look_first = look_first
        self.update = Update(
            client, policy, change, [ids.get(key, key) for key in change.joins], [ids.get(key, key) for key in change.leaves]
        )
        self.warnings: list[str] = []

    @property
    def sent(self) -> list[Body]:
        """The writing requests so far, as they are reported."""
        return self.update.sent

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
        said = f"{self.change.name}: {error}"
        return Outcome(self.change, self.change.action, False, sent=tuple(self.sent), warnings=tuple(self.warnings), error=said)

    def _deleted(self, before: Resource) -> Outcome:
        self.sent.append(noted("DELETE", f"{self.kind.endpoint}/{before.id}"))
        self.client.delete(before)
        return self._outcome(Action.DELETED, True, None)

    def _updated(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Outcome:
        differs = after is not before.body or bool(secrets)
        got = self.update.write(before, after, secrets)
        if got is None and differs:
            got = self.client.get(self.kind, before.id)
        changed = bool(secrets) or self.update.moved or (differs and (got is None or self._differ(before, got)))
        return self._outcome(Action.UPDATED if changed else Action.UNCHANGED, changed, got or before)

    def _differ(self, before: Resource, got: Resource) -> bool:
        """Whether an attribute that was to be changed is another one now, whichever way it is written; something gone counts too."""
        names = [name for name in self.update.asked(before.body) if got.body.get(name) != before.body.get(name)]
        return any(
            overlay(self.kind.root, {name: one.body.get(name) for name in names}, other.body) is not other.body
            for one, other in ((got, before), (before, got))
        )

    # -- create --------------------------------------------------------------------------------------------------------------------------

    def _created(self) -> Outcome:
        body = {**self.created_body(), **self.change.secrets}
        found = self._look() if self.look_first else None
        if found is not None:
            return self._outcome(Action.CREATED, True, found)
        for _look in range(LOOKS):
            self.sent.append(noted("POST", self.kind.endpoint, self.client.outgoing(self.kind, body)))
            try:
                made = self.client.create(self.kind, body)
                return self._outcome(Action.CREATED, True, made or self._look())
            except Conflict as conflict:
                return self._adopted(conflict)
            except AnswerLost:
                found = self._look()
                if found is not None:
                    return self._outcome(Action.CREATED, True, found)
        raise AnswerLost(f"the provider's answer to its creation was lost {LOOKS} times, and it is not there. Run again.")

    def created_body(self) -> Body:
        """The body of a creation, without secrets."""
        body = {**(self.change.after or {}), **self._pasted()}
        return {**body, "members": [{"value": member} for member in self.update.joins]} if self.update.joins else body

    def _pasted(self) -> Body:
        """What a pasted document holds and this provider wants to see: ``meta`` where it is always sent, and more ``schemas``."""
        pasted = self.change.entry.pasted if self.change.entry else {}
        always = (self.client.capabilities.always_sent or {}).get(self.kind.name, {})
        body = {name: value for name, value in pasted.items() if name in always}
        if pasted.get("schemas"):
            body["schemas"] = list(dict.fromkeys([*self.kind.schemas_of(self.change.after or {}), *pasted["schemas"]]))
        return body

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
        found, entry = self._look(thorough=True), self.change.entry
        if found is None and not self.client.searchable(self.kind):
            self.warnings.append(
                f"{self.change.name} exists already, and this provider cannot be searched: nothing could be compared. "
                f"Declare its id, and it is compared and updated."
            )
            return self._outcome(Action.UNCHANGED, False, None)
        if found is None or entry is None:
            keys = " and ".join(self.policy.match_on[self.kind.name])
            raise _taken(f"It was not created, and nobody is found by {keys}: another resource has a value that must be unique.", conflict)
        if not self.policy.adopt:
            raise _taken(f"It exists already (id {found.id}) and adopt is false.", conflict)
        self.warnings += adoption_warnings(entry, found)
        wanted = comparable(self.kind, without(self.kind, entry.attributes, self.policy.ignore_attributes))
        after = overlay(self.kind.root, wanted, found.body, self.policy.additive)
        if after is found.body and not self.update.joins:
            return self._outcome(Action.UNCHANGED, False, found)
        return self._updated(found, after, {})

    def _outcome(self, action: Action, changed: bool, after: Resource | None) -> Outcome:
        lost = not_stored(self.change, self.policy, after) if after is not None and self.sent else ()
        warnings = [*self.warnings, *([not_stored_warning(self.change.name, lost)] if lost else [])]
        known = after or self.change.before
        return Outcome(
            self.change,
            action,
            changed,
            after,
            id=known.id if known else "",
            sent=tuple(self.sent),
            not_stored=lost,
            warnings=tuple(warnings),
            error="; ".join(f"{self.change.name}: {error}" for error in self.update.errors),
        )


def _taken(sentence: str, conflict: Conflict) -> Refused:
    return Refused(f"{sentence} {conflict}", conflict.status, conflict.scim_type, conflict.detail)
