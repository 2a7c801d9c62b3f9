# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change written: create or adopt, update, delete. Its result is taken from the provider's own answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from ..declaration.model import GROUP
from ..escaping import quoted
from ..plan.options import ALWAYS, Policy
from ..plan.plan import Action
from ..plan.policy import adoption_warnings
from ..plan.protection import is_removal, losses
from ..plan.snapshot import member_ids
from ..scim.client.client import Client
from ..scim.client.reader import NOT_THERE
from ..scim.errors import WRONG_VALUE, AnswerLost, Conflict, NotFound, Refused
from ..scim.providers.capabilities import Deactivation, Deletion
from ..scim.schema.filter import equals
from ..scim.schema.identity import look_alike_message
from ..scim.schema.overlay import UNKNOWN, overlay, same
from ..scim.schema.resource import Body, Resource
from ..wording import join_names
from .attempt import Attempt
from .dropped_attributes import not_storable_warning, not_stored, not_stored_warning
from .patch_batches import Batch
from .polling import ONE_PAUSE, PAUSES, exists, poll
from .refused_attributes import is_part_of, value_at
from .resource_update import ResourceUpdate, unmoved
from .run_state import RunState

SUCCESS = range(200, 300)
SUCCEEDED = "the provider answered with success, but"
TOO_MUCH = (*WRONG_VALUE, 413)  # what a new group may be refused with for its members: too many, or any (Keycloak)

RUN_AGAIN = "Run the task again in a minute: it takes over what exists by then."

Find = Callable[..., list[Resource]]


def deletes_instead(name: str, others: str = "") -> str:
    """The warning of a provider that deletes users that are deactivated."""
    return (
        f"{name} was deactivated and does not exist any more: this provider deletes users that are deactivated.{others} "
        f"Declare state: absent, and set provider_options: {{user_deactivation: deletes}}"
    )


def only_deactivates(before: Resource) -> str:
    """The warning of a provider that deactivates users that are deleted."""
    found = "was deleted and still exists, inactive" if before.active else "was inactive and still exists after a DELETE"
    return (
        f"{before.name} {found}: this provider only deactivates users. "
        f"To treat inactive users as absent, set provider_options: {{user_deletion: deactivates}}"
    )


def without_active(body: Body) -> Body:
    """A body without ``active``."""
    return {name: value for name, value in body.items() if name != "active"}


class ResourceWriter:
    """Writes the change of one ``attempt``, and records the result there.

    ``earlier`` is an attempt at the same change that may have taken effect. No resource that has a change of its own is adopted, even if a
    read still shows it with the name that it gives up.
    """

    def __init__(
        self, client: Client, policy: Policy, attempt: Attempt, earlier: Attempt | None = None, state: RunState | None = None
    ) -> None:
        self._client = client
        self._policy = policy
        self._attempt = attempt
        self._change = attempt.change
        self._type = attempt.change.type
        self._entry = attempt.change.entry
        self._lookup = client.lookup(attempt.change.type)
        self._look_alikes: dict[str, Resource] = {}  # also found, but their names only look like the declared one
        self._earlier = earlier if earlier and earlier.may_have_happened else None
        self._state = state or RunState()

    def write(self) -> None:
        """Send what it takes.

        :raises Refused: if the provider refuses this change. :raises Stop: if nothing more can be done.
        """
        change = self._change
        if change.before is None:
            self._create()
        elif change.after is None:
            self._delete(change.before)
        else:
            self._update(change.before, change.after, change.secrets)

    def _settle(self, action: Action, after: Resource | None) -> None:
        """Record the result. An answer without a name is a part of the resource, such as its id, and says nothing of the rest."""
        if after is not None and self._attempt.sent and self._type.name_attribute in after.body:
            self._attempt.not_stored = self._not_stored(after)
            self._note_name(after)
            self._note_active(after)
        if self._attempt.not_stored:
            self._attempt.warnings.append(not_stored_warning(self._change.name, self._attempt.not_stored))
        if options := [option for option in self._attempt.not_storable if option in self._attempt.refused]:
            self._attempt.warnings.append(not_storable_warning(self._change.name, options))
        self._attempt.settle(action, after)

    def _note_name(self, after: Resource) -> None:
        """Report a name that is not as it was sent. It cannot be ignored, since it is what finds the resource."""
        if self._has_its_name(after):
            return
        before, attribute = self._attempt.adopted or self._change.before, self._type.root.sub(self._type.name_attribute) or UNKNOWN
        if before is not None and same(attribute, before.name, after.name) and self._attempt.accepted:
            self._attempt.errors.append(f"{SUCCEEDED} the {self._type.noun} is still called {quoted(after.name)}.")
        else:
            self._attempt.warnings.append(
                f"{self._change.name}: the provider stored {attribute.option} as {quoted(after.name)}. Declare that name."
            )

    def _has_its_name(self, seen: Resource) -> bool:
        """Whether a resource is called as it is to be called, if that is declared."""
        wanted = (self._change.after or {}).get(self._type.name_attribute)
        attribute = self._type.root.sub(self._type.name_attribute) or UNKNOWN
        return wanted is None or same(attribute, wanted, seen.body.get(self._type.name_attribute))

    def _not_stored(self, seen: Resource) -> tuple[str, ...]:
        """The options that were accepted and that a resource does not have as declared."""
        return tuple(option for option in not_stored(self._change, self._policy, seen) if self._was_accepted(option))

    def _note_active(self, after: Resource) -> None:
        """Report a new user who is inactive. It is no failure: the provider may wait until an invitation is accepted."""
        wanted = (self._change.after or {}).get("active")
        if self._change.before is None and self._attempt.adopted is None and wanted is True and not after.active:
            self._attempt.warnings.append(f"{self._change.name} was created and is inactive, although active: true was sent.")

    def _was_accepted(self, option: str) -> bool:
        """Whether an attribute was sent, and not left out of the plan or refused."""
        planned, written = (value_at(self._type, change.after or {}, option) for change in (self._attempt.planned, self._change))
        return planned == written and not any(is_part_of(option, other) for other in self._attempt.refused)

    def _delete(self, before: Resource) -> None:
        if not before.active and self._client.capabilities.user_deletion is Deletion.DEACTIVATES:
            self._settle(Action.UNCHANGED, before)
            return
        with self._attempt.request("DELETE", f"{self._type.endpoint}/{before.id}"):
            self._attempt.gone = self._deleted(before)
        survivor = None if self._attempt.gone else self._survivor(before)
        self._settle(Action.UNCHANGED if survivor else Action.DELETED, survivor)

    def _deleted(self, before: Resource) -> bool:
        """DELETE, and return whether a read has shown that the resource does not exist.

        One that is repeated after a lost answer finds nothing to delete, while a read may still show the resource for a while.
        """
        try:
            return self._client.delete(before)
        except Refused as refused:
            is_again = refused.repeated and refused.status in NOT_THERE
            if not is_again or poll(self._client, lambda: self._client.read_again(before), lambda seen: seen is None) is not None:
                raise
            return True

    def _survivor(self, before: Resource) -> Resource | None:
        """An inactive user that still exists after a DELETE; checked until it is known what DELETE does."""
        if self._client.capabilities.user_deletion is not None or before.active:
            return None
        fresh = poll(self._client, lambda: self._client.read_again(before), lambda seen: seen is None)
        if fresh is None or fresh.active:
            self._client.learn(user_deletion=Deletion.DELETES)
            self._attempt.gone = fresh is None
            return None
        self._client.learn(user_deletion=Deletion.DEACTIVATES)
        self._attempt.warnings.append(only_deactivates(before))
        return fresh

    def _update(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> None:
        if self._earlier:
            self._skip_moved(before)
        if self._change.deactivates and self._client.capabilities.user_deactivation is Deactivation.DELETES:
            raise Refused("not deactivated: this provider deletes users that are deactivated. To delete it, declare state: absent.", 0)
        update = ResourceUpdate(self._client, self._policy, self._attempt, before, after, secrets, self._state)
        got = self._written(update)
        if got is not None and self._attempt.accepted and not self._is_as_sent(got):
            with suppress(Refused):  # where the provider lets no client read
                got = poll(self._client, lambda: self._client.get(self._type, before.id), self._is_as_sent, ONE_PAUSE) or got
        if got is None and not self._is_confirmed_later(before, after):
            got = self._read_after(before, after, update.compared)
            if got is not None:
                update.note_members(got)
            if got is not None and self._change.deactivates and not got.active:
                self._client.learn(user_deactivation=Deactivation.DEACTIVATES)
            if got is None and self._change.deactivates:
                self._attempt.gone = True
                self._client.learn(user_deactivation=Deactivation.DELETES)  # no other user of this run is deleted that way
                self._attempt.warnings.append(deletes_instead(before.name, " No other user was deactivated."))
        differs = after is not before.body and (got is None or self._differ(before, got, update.compared))
        changed = bool(secrets or self._attempt.moved or differs)
        self._settle(Action.UPDATED if changed else Action.UNCHANGED, got or before)

    def _is_confirmed_later(self, before: Resource, after: Body) -> bool:
        """Whether nothing but ``active`` was sent, so that the end of the run is early enough for a read: it may be one for many users.

        The first user of a run is read at once, since some providers delete users that are deactivated.
        """
        known = self._client.capabilities.user_deactivation is not None or not self._change.deactivates
        return known and not self._change.secrets and without_active(after) == without_active(before.body) and after is not before.body

    def _written(self, update: ResourceUpdate) -> Resource | None:
        """Write an update. A provider may not find for a while a resource that was created in this run."""
        for pause in PAUSES if self._attempt.is_new else ():
            try:
                return update.write()
            except NotFound:
                self._client.transport.pause(pause)
        return update.write()

    def _is_as_sent(self, seen: Resource | None) -> bool:
        """Whether a resource shows what was accepted. The answer to a write may show the state before it, as reads do for some seconds."""
        return seen is None or self._type.name_attribute not in seen.body or (self._has_its_name(seen) and not self._not_stored(seen))

    def _read_after(self, before: Resource, after: Body, compared: tuple[str, ...]) -> Resource | None:
        """Read the resource after a write whose answer did not show it."""

        def shows(seen: Resource | None) -> bool:
            return after is before.body or seen is None or self._differ(before, seen, compared)

        return poll(self._client, lambda: self._client.get(self._type, before.id), shows)

    def _skip_moved(self, before: Resource) -> None:
        """Do not move members again that have moved already: some providers hold a member twice that is added twice."""
        joins, leaves = self._attempt.waiting
        if (joins or leaves) and self._client.capabilities.members_readable is not False:
            fresh = self._client.get(self._type, before.id) or before
            still = unmoved(fresh, joins, leaves)
            joined, left = (tuple(member for member in members if member not in still) for members in (joins, leaves))
            if joined or left:
                update = ResourceUpdate(self._client, self._policy, self._attempt, before, before.body, state=self._state)
                update.refuse_losses(fresh, Batch((), joined, left))
                self._attempt.landed((*joined, *left), seen=True)

    def _differ(self, before: Resource, got: Resource, compared: tuple[str, ...]) -> bool:
        """Whether a compared attribute has another value now, whichever way it is written; a removed one counts, too."""
        names = [name for name in compared if got.body.get(name) != before.body.get(name)]
        return any(
            overlay(self._type.root, {name: declared.body.get(name) for name in names}, current.body) is not current.body
            for declared, current in ((got, before), (before, got))
        )

    def _create(self) -> None:
        """POST until it is known what came of it. Members that the POST did not take join the group afterwards.

        A group is looked up first: another client may have created it, and providers accept a second group with the same name. A user is
        not: a provider must refuse a second userName (RFC 7643 §4.1.1), and the look-up would double the requests of a first load.
        """
        body = self.created_body()
        if self._earlier:
            made = self._found_earlier(self._earlier)
        elif self._type.name == GROUP and ((existing := self._find(self._lookup.find)) or self._look_alikes):
            self._adopt(existing)
            return
        else:
            made = None
        first: Refused | None = None
        lost, attempt = False, 0
        while made is None:
            attempt += 1
            try:
                with self._attempt.request("POST", self._type.endpoint, self._client.complete(self._type, body)):
                    made = self._client.create(self._type, body)
                break
            except AnswerLost as error:
                lost, again = True, self._client.transport.rest(attempt - 1)
                made = self._find_late(self._lookup.find)
                if made is None and not again:
                    raise AnswerLost(f"{error} It was sent {attempt} times and does not exist. Run the task again.") from None
            except Refused as refused:
                if refused.status in SUCCESS:
                    made = self._find_late(self._lookup.find_anywhere)
                    if made is None and self._lookup.searchable:
                        raise Refused(f"{refused} No {self._type.noun} of that name exists afterwards.", refused.status) from None
                    break
                find = self._find_late if lost else self._find
                existing = find(self._lookup.find_anywhere) if self._may_exist(refused) else None
                if existing is not None and lost:  # it did not exist before it was sent for the first time
                    made = existing
                elif existing is None and (lost or self._earlier) and isinstance(refused, Conflict):
                    self._attempt.unknown = True
                    reason = f"The reason may be that an earlier request has created it, but the provider finds no such {self._type.noun}."
                    raise Refused(f"{refused} {reason} {RUN_AGAIN}", 0) from None
                elif existing is not None or isinstance(refused, Conflict):
                    self._adopt(existing, refused)
                    return
                else:
                    first = first or refused  # without members it may be refused for having none
                    if refused.status not in TOO_MUCH or not body.get("members"):
                        raise first from None
                    body = {name: value for name, value in body.items() if name != "members"}
        self._join(made or self._find_late(self._lookup.find_anywhere), body)

    def _found_earlier(self, earlier: Attempt) -> Resource | None:
        """The resource that an earlier attempt created; None if it created nothing.

        :raises Refused: if it was created and cannot be found: sending it again would create a second one.
        """
        find = self._find_late if earlier.changed else self._find
        made = find(self._lookup.find_anywhere) if self._lookup.searchable else None
        if made is None and earlier.changed:
            self._attempt.landed()
            raise Refused(f"it was created, but the provider does not find it. {RUN_AGAIN}", 0)
        return made

    def created_body(self) -> Body:
        """The body of a creation, without more members than the provider takes in one request.

        It has what a pasted document has and this provider requires: ``meta`` where it is always sent, and more ``schemas``.
        """
        declared, pasted = self._change.after or {}, self._entry.pasted if self._entry else {}
        always = (self._client.capabilities.always_sent or {}).get(self._type.name, {})
        body = {**declared, **{name: value for name, value in pasted.items() if name in always}, **self._change.secrets}
        if pasted.get("schemas"):
            body["schemas"] = list(dict.fromkeys([*self._type.schemas_of(declared), *pasted["schemas"]]))
        joins, known = self._attempt.joins, self._client.capabilities
        if joins and known.members_in_body is not False and len(joins) <= (known.members_per_request or len(joins)):
            body["members"] = [{"value": member} for member in joins]
        return body

    def _join(self, made: Resource | None, body: Body) -> None:
        """Record the creation, and add the members that were not in its body, or that the provider ignored there."""
        self._attempt.id = made.id if made else ""
        ignored = self._ignored_members(made) if "members" in body else None
        self._attempt.landed(set(self._attempt.joins) - (ignored or set()) if "members" in body else (), seen=ignored is not None)
        after = made
        if "members" in body and ignored is not None and not ignored:
            self._client.learn(members_in_body=True)
        if self._attempt.waiting[0] and made is not None:
            most, were_sent = self._client.capabilities.members_per_request, "members" in self.created_body()
            update = ResourceUpdate(self._client, self._policy, self._attempt, made, made.body, state=self._state)
            after = self._written(update) or made
            is_whole = not self._attempt.errors and self._client.capabilities.members_per_request == most
            if (
                were_sent and is_whole and self._client.capabilities.members_in_body is None
            ):  # refused or ignored; and taken at once by a PATCH
                self._client.learn(members_in_body=False)
        elif self._attempt.waiting[0]:
            self._attempt.errors.append("created without members: the provider did not answer with the id. Run the task again.")
        self._settle(Action.CREATED, after)

    def _ignored_members(self, made: Resource | None) -> frozenset[str] | None:
        """The members that a new group does not have, None if that cannot be read."""
        joins = self._attempt.joins
        if made is None or self._client.capabilities.members_readable is False:
            return None
        if len(joins) <= len(member_ids(made)):
            return frozenset()
        fresh = self._client.get(self._type, made.id)
        return unmoved(fresh, joins, ()) if fresh else None

    def _may_exist(self, refused: Refused) -> bool:
        """Some providers answer a conflict with 400 or 422 and no scimType, as they answer any other mistake."""
        return isinstance(refused, Conflict) or (refused.status in WRONG_VALUE and not refused.scim_type and self._lookup.searchable)

    def _find_late(self, find: Find) -> Resource | None:
        """As ``_find``, but repeated: the provider may find a new resource only after a while."""

        def look() -> Resource | None:
            self._lookup.forget()  # discards a listing that was read before the pause
            return self._find(find)

        return poll(self._client, look, exists) if self._lookup.searchable else None

    def _find(self, find: Find) -> Resource | None:
        """The one resource that all declared match keys find that find any. One whose name only looks like the declared one is not it.

        :raises Refused: if they find several, since none of them is the declared one for certain.
        """
        entry, found = self._entry, dict[str, tuple[str, Resource]]()
        for key in self._policy.match_keys(self._type.name):
            value = entry.value(key) if entry and key != "id" else None
            if value is not None:
                names = (str(value),) if key == self._type.name_attribute else ()
                answer = [resource for resource in find(equals(key, value), look_alikes=names) if resource.id not in self._state.others]
                attribute = self._type.root.sub(key) or UNKNOWN
                exact = [resource for resource in answer if not names or same(attribute, value, resource.body.get(key))]
                found.update({resource.id: (key, resource) for resource in exact})
                self._look_alikes.update({resource.id: resource for resource in answer if resource not in exact})
        if len(found) > 1:
            each = [f'{self._option(key)} finds "{resource.name}" (id "{resource.id}")' for key, resource in found.values()]
            noun, count = self._type.noun, f"{len(found)} {self._type.nouns}"
            raise Refused(f"the match keys find {count}: {join_names(each)}. Declare the id of the {noun} that is meant.", 0)
        return next((resource for _key, resource in found.values()), None)

    def _option(self, attribute: str) -> str:
        return (self._type.root.sub(attribute) or UNKNOWN).option

    def _adopt(self, found: Resource | None, conflict: Refused | None = None) -> None:
        """Another client was faster, or a value is taken (409). Only a resource that the declared match keys find is adopted."""
        if found is None and not self._lookup.searchable:
            self._attempt.warnings.append(
                f"{self._change.name} already exists and could not be compared: this provider cannot be searched. "
                f"Declare its id to have it compared and updated."
            )
            self._settle(Action.UNCHANGED, None)
            return
        status, reported = (conflict.status, f" {conflict}") if conflict else (0, "")
        if found is None and self._look_alikes:
            others = [(resource.name, resource.id) for resource in self._look_alikes.values()]
            raise Refused(f"{look_alike_message(self._type.noun, self._change.name, others)}{reported}", status)
        if found is None or self._entry is None:
            keys = " and ".join(map(self._option, self._policy.match_keys(self._type.name)))
            reason = f"not created, and no {self._type.noun} is found by {keys}: another resource has a value that must be unique."
            raise Refused(f"{reason}{reported}", status)
        if not self._policy.adopt:
            reason = f'it already exists (id "{found.id}") and adopt is false. Set adopt: true to take it over, or declare its id.'
            raise Refused(f"{reason}{reported}", status)
        if not self._policy.owns(self._type, found.body):
            reason = f'it already exists (id "{found.id}") and is outside scope_{self._type.nouns}, which the plan could not consider.'
            raise Refused(f"{reason} Change the filter or the entry.", status)
        wanted = self._policy.compared(self._type, self._entry.attributes)
        after = overlay(self._type.root, wanted, found.body, self._policy.additive)
        if is_removal(found, after):
            reason = f'it already exists (id "{found.id}") and is active, and the plan does not include its deactivation.'
            raise Refused(f"{reason} Run the task again.", status)
        if self._policy.protects(found) and losses(found, after):
            reason = f'it already exists (id "{found.id}") and is protected, which the plan could not consider.'
            raise Refused(f"{reason} Run the task again.", status)
        self._attempt.adopted, self._attempt.id = found, found.id
        self._attempt.warnings += adoption_warnings(self._entry, found)
        self._attempt.joins = tuple(member for member in self._attempt.joins if member not in member_ids(found))
        secrets = self._change.secrets if self._policy.update_password == ALWAYS else {}
        self._update(found, after, secrets)
