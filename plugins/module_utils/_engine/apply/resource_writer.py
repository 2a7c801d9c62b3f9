# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change to one outcome: create or adopt, update, delete. What happened is told from the provider's own answers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from ..plan.options import Policy
from ..plan.plan import Action, Change
from ..plan.policy import adoption_warnings
from ..plan.snapshot import member_ids
from ..scim.client.client import Client
from ..scim.errors import AnswerLost, Conflict, Interrupted, Refused, Stop, TryLater, Unauthorized
from ..scim.http.retry import TRANSIENT
from ..scim.providers.capabilities import Deactivation, Deletion
from ..scim.schema.filter import equals
from ..scim.schema.overlay import overlay
from ..scim.schema.resource import Body, Resource
from ..wording import join_names
from .outcome import Outcome, not_stored, not_stored_warning, noted
from .resource_update import Update

SUCCESS = range(200, 300)
TOO_MUCH = (400, 413)  # what a new group with many members may be refused with


class Write:
    """The writing of one change. ``ids`` has the real ids of keys that were provisional when it was planned.

    With ``look_first`` it was sent before, and nobody knows what became of it.
    """

    def __init__(self, client: Client, policy: Policy, change: Change, ids: Mapping[str, str], look_first: bool = False) -> None:
        self.client = client
        self.policy = policy
        self.change = change
        self.resource_type = change.type
        self.look_first = look_first
        self.update = Update(client, policy, change, self._joining(change, ids), [ids.get(key, key) for key in change.leaves])
        self.warnings: list[str] = []
        self.there = change.before
        self.adopted: Resource | None = None
        self.made = False

    @staticmethod
    def _joining(change: Change, ids: Mapping[str, str]) -> list[str]:
        """Who was to be made and was there already may be a member already, too."""
        had = member_ids(change.before) if change.before and change.joins else frozenset()
        return [ids.get(key, key) for key in change.joins if ids.get(key) not in had]

    @property
    def sent(self) -> list[Body]:
        """The writing requests so far, as they are reported."""
        return self.update.sent

    def outcome(self) -> Outcome:
        """Do it.

        :raises Refused: where the provider refuses this change. :raises Stop: where nothing more can be done.
        """
        self.client.taken_request_ids()  # an earlier change's are none of this one
        if self.change.before is None:
            return self._created()
        if self.change.after is None:
            return self._deleted(self.change.before)
        return self._updated(self.change.before, self.change.after, self.change.secrets)

    def failed(self, error: Exception) -> Outcome:
        """The outcome of a change that was refused, or the rest of it, with what was sent until then."""
        unknown = _is_unknown(error)
        more = ". It may have happened or not." if unknown and isinstance(error, Refused) else ""
        said = f"{self.change.name}: {error}{more}"
        return Outcome(
            self.change,
            self.change.action,
            self.made or self.update.taken,
            adopted=self.adopted,
            id=self.there.id if self.there else "",
            sent=tuple(self.sent),
            warnings=tuple(self.warnings),
            error=said,
            moved=self.update.counted,
            unknown=unknown,
            request_ids=self.client.taken_request_ids(),
        )

    def _deleted(self, before: Resource) -> Outcome:
        if self._only_deactivates(before):
            return self._outcome(Action.UNCHANGED, False, before)
        self.sent.append(noted("DELETE", f"{self.resource_type.endpoint}/{before.id}"))
        self.client.delete(before)
        return self._still_there(before) or self._outcome(Action.DELETED, True, None)

    def _only_deactivates(self, before: Resource) -> bool:
        return not before.active and self.client.capabilities.user_deletion is Deletion.DEACTIVATES

    def _still_there(self, before: Resource) -> Outcome | None:
        """The outcome where an inactive person survived a DELETE; looked at until it is known what DELETE does."""
        if self.client.capabilities.user_deletion is not None or before.active:
            return None
        fresh = self.client.get(self.resource_type, before.id)
        if fresh is None or fresh.active:
            self.client.learn(user_deletion=Deletion.DELETES)
            return None
        self.client.learn(user_deletion=Deletion.DEACTIVATES)
        self.warnings.append(
            f"{before.name} was inactive, and is still there after a DELETE: it only deactivates at this provider. "
            f"Say so, and who is inactive counts as absent: provider_options: {{user_deletion: deactivates}}"
        )
        return self._outcome(Action.UNCHANGED, False, fresh)

    def _updated(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Outcome:
        differs = after is not before.body or bool(secrets)
        if self.look_first and self.update.moved and self.client.capabilities.members_readable is not False:
            fresh = self.client.get(self.resource_type, before.id)
            self.update.look_again(fresh or before)
        if self.change.deactivates and self.client.capabilities.user_deactivation is Deactivation.DELETES:
            raise Refused("It was not deactivated, since that deletes at this provider. Declare state: absent if that is meant.", 0)
        got = self.update.write(before, after, secrets)
        if got is None and differs:
            got = self.client.get(self.resource_type, before.id)
            self._lost(before, got)
        changed = bool(secrets) or self.update.moved or (differs and (got is None or self._differ(before, got)))
        return self._outcome(Action.UPDATED if changed else Action.UNCHANGED, changed, got or before)

    def _lost(self, before: Resource, got: Resource | None) -> None:
        """Who was deactivated and is gone shows what deactivating does; nobody else of this run is lost that way."""
        if got is None and self.change.deactivates:
            self.client.learn(user_deactivation=Deactivation.DELETES)
            self.warnings.append(
                f"{before.name} was deactivated, and is gone: active: false deletes at this provider. Nobody else was deactivated. "
                f"Declare state: absent, and say so: provider_options: {{user_deactivation: deletes}}"
            )

    def _differ(self, before: Resource, got: Resource) -> bool:
        """Whether an attribute that was to be changed is another one now, whichever way it is written; something gone counts too."""
        names = [name for name in self.update.asked(before.body) if got.body.get(name) != before.body.get(name)]
        return any(
            overlay(self.resource_type.root, {name: one.body.get(name) for name in names}, other.body) is not other.body
            for one, other in ((got, before), (before, got))
        )

    # -- create --------------------------------------------------------------------------------------------------------------------------

    def _created(self) -> Outcome:
        """POST until it is known what became of it. Members whom the POST did not take join a group that is there by then."""
        body = {**self.created_body(), **self.change.secrets}
        made = self._look(thorough=self.client.searchable(self.resource_type)) if self.look_first else None
        first: Refused | None = None
        lost = False
        for attempt in count():
            if made is not None:
                break
            self.sent.append(noted("POST", self.resource_type.endpoint, self.client.complete(self.resource_type, body)))
            try:
                made = self.client.create(self.resource_type, body)
                break
            except Interrupted as over:
                over.begun |= lost
                raise
            except AnswerLost as unknown:
                lost, again, made = True, self.client.rest(attempt), self._look()
                if made is None and not again:
                    raise AnswerLost(f"It is not there. {unknown} It was sent {attempt + 1} times. Run again.") from None
            except Refused as refused:
                if refused.status in SUCCESS:
                    made = self._look(thorough=self.client.searchable(self.resource_type))
                    if made is None and self.client.searchable(self.resource_type):
                        raise Refused(f"{refused} Nobody of that name is there afterwards.", refused.status) from None
                    break
                conflict = isinstance(refused, Conflict)
                there = self._look(thorough=True) if conflict or self._may_be_there(refused) else None
                if there is not None and lost:  # nobody was there before it was sent for the first time
                    made = there
                elif there is not None or conflict:
                    return self._adopted(refused, there)
                else:
                    first = first or refused  # without members it may be refused for having none
                    if refused.status not in TOO_MUCH or len(body.get("members", ())) < 2:
                        raise first from None
                    body = {name: value for name, value in body.items() if name != "members"}
        self.made = True
        self.there = made or self._look(thorough=self.client.searchable(self.resource_type))
        return self._outcome(Action.CREATED, True, self._joined(self.there, body))

    def created_body(self) -> Body:
        """The body of a creation, without secrets; and without more members than the provider takes at a time."""
        body, most = {**(self.change.after or {}), **self._pasted()}, self.client.capabilities.members_per_request
        together = self.update.joins if most is None or len(self.update.joins) <= most else ()
        return {**body, "members": [{"value": member} for member in together]} if together else body

    def _joined(self, made: Resource | None, body: Body) -> Resource | None:
        """A group that was made without its members, with them; some providers overlook those in the body of a POST."""
        if made is not None and "members" in body:
            self.update.leave(self._overlooked(made), self.update.leaves)
        return self.update.write(made, made.body, {}) or made if made is not None and self.update.joins else made

    def _overlooked(self, made: Resource) -> tuple[str, ...]:
        wanted = self.update.joins
        if self.client.capabilities.members_readable is False or len(wanted) <= len(member_ids(made)):
            return ()
        fresh = self.client.get(self.resource_type, made.id)
        return tuple(member for member in wanted if member not in member_ids(fresh)) if fresh else ()

    def _may_be_there(self, refused: Refused) -> bool:
        """Some providers tell of a conflict with 400 and no scimType, as of anything else."""
        return refused.status == 400 and not refused.scim_type and self.client.searchable(self.resource_type)

    def _pasted(self) -> Body:
        """What a pasted document holds and this provider wants to see: ``meta`` where it is always sent, and more ``schemas``."""
        pasted = self.change.entry.pasted if self.change.entry else {}
        always = (self.client.capabilities.always_sent or {}).get(self.resource_type.name, {})
        body = {name: value for name, value in pasted.items() if name in always}
        if pasted.get("schemas"):
            body["schemas"] = list(dict.fromkeys([*self.resource_type.schemas_of(self.change.after or {}), *pasted["schemas"]]))
        return body

    def _look(self, thorough: bool = False) -> Resource | None:
        """The one resource that the declared match keys find."""
        entry = self.change.entry
        if entry is None or not (thorough or self.client.searchable(self.resource_type)):
            return None
        find = self.client.find_anywhere if thorough else self.client.find
        for attribute in self.policy.match_on[self.resource_type.name]:
            value = entry.value(attribute)
            if value is None or attribute == "id":
                continue
            found = find(self.resource_type, equals(attribute, value))
            if len(found) == 1:
                return found[0]
        return None

    def _adopted(self, conflict: Refused, found: Resource | None) -> Outcome:
        """409: somebody was faster, or a value is taken. Only one whom a declared match key finds is taken over."""
        entry = self.change.entry
        if found is None and not self.client.searchable(self.resource_type):
            self.warnings.append(
                f"{self.change.name} exists already, and this provider cannot be searched: nothing could be compared. "
                f"Declare its id, and it is compared and updated."
            )
            return self._outcome(Action.UNCHANGED, False, None)
        if found is None or entry is None:
            keys = " and ".join(self.policy.match_on[self.resource_type.name])
            raise _taken(f"It was not created, and nobody is found by {keys}: another resource has a value that must be unique.", conflict)
        if not self.policy.adopt:
            raise _taken(f"It exists already (id {found.id}) and adopt is false.", conflict)
        self.there = self.adopted = found
        self.warnings += adoption_warnings(entry, found)
        wanted = self.policy.compared(self.resource_type, entry.attributes)
        after = overlay(self.resource_type.root, wanted, found.body, self.policy.additive)
        if after is found.body and not self.update.joins:
            return self._outcome(Action.UNCHANGED, False, found)
        return self._updated(found, after, {})

    def _outcome(self, action: Action, changed: bool, after: Resource | None) -> Outcome:
        told = after is not None and self.resource_type.name_attribute in after.body  # else it was answered with a part, such as the id
        lost = not_stored(self.change, self.policy, after) if after is not None and told and self.sent else ()
        warnings = [*self.warnings, *([not_stored_warning(self.change.name, lost)] if lost else [])]
        known = after or self.change.before
        return Outcome(
            self.change,
            action,
            changed,
            after,
            adopted=self.adopted,
            id=known.id if known else "",
            sent=tuple(self.sent),
            not_stored=lost,
            warnings=tuple(warnings),
            error=join_names([f"{self.change.name}: {error}" for error in self.update.errors], "; "),
            moved=self.update.counted if self.update.errors else None,
            request_ids=self.client.taken_request_ids(),
        )


def _is_unknown(error: Exception) -> bool:
    """Whether the last request may have happened: it was sent, and whatever came back does not say."""
    answered = isinstance(error, (Unauthorized, TryLater))
    if isinstance(error, Refused):
        return error.status in TRANSIENT and error.status != 503  # which says that nothing was done
    return isinstance(error, AnswerLost) or (isinstance(error, Stop) and not answered and getattr(error, "begun", True))


def _taken(sentence: str, conflict: Refused) -> Refused:
    return Refused(f"{sentence} {conflict}", conflict.status, conflict.scim_type, conflict.detail)
