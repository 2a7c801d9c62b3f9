# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One resource from before to after: by the smallest PATCH, and where the provider has none, by GET, overlay and PUT.

Some providers do not take, or ignore, ``remove members[value eq "…"]`` (RFC 7644 §3.5.2.2). A PUT of the whole group is tried first. The
list form, ``remove members`` with values, removes all members at a provider that ignores the values: it is tried only where there is no
PUT, and the members are read again afterwards.

A success is not believed where members are concerned: they are compared with those before and the change, as the answer shows them. Where
it does not, a read does after the first PATCH that adds and the first that removes; other changes are confirmed at the end of the run.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count

from ..declaration.model import GROUP
from ..plan.options import Policy
from ..plan.snapshot import member_ids
from ..scim.client.client import PRECONDITION, Client
from ..scim.errors import WRONG_VALUE, AnswerLost, Refused, Stop, Unsupported
from ..scim.providers.capabilities import MemberAddition, MemberRemoval
from ..scim.schema.overlay import apply_changes
from ..scim.schema.patch import Operation, joining, leaving, operations, patch_body
from ..scim.schema.projection import writable
from ..scim.schema.resource import Body, Resource, split_path
from ..state.hidden_memberships import learn_how_memberships_are_found
from .attempt import Attempt
from .dropped_attributes import not_stored
from .patch_batches import Batch
from .polling import ONE_PAUSE, PAUSES, poll
from .refused_attributes import SINGLE, is_no_attribute, is_part_of, named_in, option_of, value_at
from .run_state import ADDING, REMOVING, RunState

DIVISIBLE = (*WRONG_VALUE, 404, 409, 413)  # refusals that may concern one member or attribute, or mean too many
NO_MEMBER = (*WRONG_VALUE, 404, 409)  # what the removal of one who is no member may be refused with
OF_THE_FORM = frozenset({"invalidpath", "invalidfilter", "invalidsyntax"})  # scimTypes of a PATCH that is not understood (RFC 7644 §3.12)
SAME_VALUES = 3  # so many attributes refused in the same words, and none accepted: the resource cannot be changed
SAME_REFUSALS = 10  # so many members refused in the same words, and none accepted: the group cannot be changed


def unmoved(group: Resource | None, joins: Collection[str], leaves: Collection[str]) -> frozenset[str]:
    """The members that have not joined or not left yet; none if the group cannot be read."""
    present = member_ids(group) if group else frozenset(joins)
    return (frozenset(joins) - present) | (frozenset(leaves) & present)


def _forms(batch: Batch) -> set[str]:
    """The forms of membership changes in a PATCH."""
    return {name for name, members in ((ADDING, batch.joins), (REMOVING, batch.leaves)) if members}


class ResourceUpdate:
    """The update of one resource, and of the members that have not moved yet in its ``attempt``."""

    def __init__(
        self,
        client: Client,
        policy: Policy,
        attempt: Attempt,
        before: Resource,
        after: Body,
        secrets: Mapping[str, str] | None = None,
        state: RunState | None = None,
    ) -> None:
        self._client = client
        self._policy = policy
        self._attempt = attempt
        self._before = before
        self._after = after
        self._secrets = secrets or {}
        self._state = state or RunState()
        self._joins, self._leaves = attempt.waiting
        self._refused: list[tuple[Operation, Refused]] = []  # operations on attributes, each refused alone
        self._joins_refused = False
        self._kept: set[str] = set()  # members who were to leave

    def write(self) -> Resource | None:
        """The resource as the provider gives it afterwards; None if it gave nothing. Where nothing differs, nothing is sent.

        :raises Refused: by the provider. :raises AnswerLost: again and again.
        """
        if self._after is self._before.body and not (self._secrets or self._joins or self._leaves):
            return self._before
        if self.uses_patch:
            try:
                return self._patch_all()
            except Unsupported:
                if self._client.capabilities.put is False:
                    raise
        return self._put()

    @property
    def uses_patch(self) -> bool:
        """Whether it can be done by PATCH, as far as is known."""
        known = self._client.capabilities
        leaves_by_put = bool(self._leaves) and known.member_removal is MemberRemoval.PUT
        joins_by_put = bool(self._joins) and known.member_addition is MemberAddition.PUT
        put_only = self._client.put_only and any(
            (self._before.type.name, option_of(self._before.type, operation)) in self._client.put_only for operation in self._operations()
        )
        return known.patch is not False and not put_only and not leaves_by_put and not joins_by_put

    @property
    def compared(self) -> tuple[str, ...]:
        """The attributes that are compared with the answer."""
        before, entry = self._before.body, self._attempt.change.entry
        differing = [name for name in {**before, **self._after} if self._after.get(name) != before.get(name)]
        return tuple(dict.fromkeys([self._before.type.name_attribute, *(entry.attributes if entry else ()), *differing]))

    def batches(self) -> list[Batch]:
        """The PATCHes that it takes."""
        found = self._operations()
        found += [{"op": "replace", "path": name, "value": value} for name, value in self._secrets.items()]
        known = self._client.capabilities
        whole = Batch(tuple(found), self._joins, self._leaves, joins_first=bool(self._attempt.change.uncertain))
        return list(whole.within(known.members_per_request, known.operations_per_request, self.removes_by_value))

    def _operations(self) -> list[Operation]:
        return operations(self._before.type.root, self._before.body, self._after, self._policy.additive)

    @property
    def removes_by_value(self) -> bool:
        """Whether this provider takes the members to remove as a list of values."""
        return self._client.capabilities.member_removal == MemberRemoval.VALUE

    def _read(self, whole: bool = False) -> Resource | None:
        return self._client.get(self._before.type, self._before.id, whole)

    # -- PATCH ---------------------------------------------------------------------------------------------------------------------------

    def _patch_all(self) -> Resource | None:
        batches = self.batches()
        got = None if any(batch.attributes for batch in batches) else self._before
        for batch in batches:
            got = self._send(batch) or got
        if self._kept:
            why = "not removed, since they may be the members that could not be added"
            self._attempt.errors.append(f"{why}: {self._state.join_names(self._kept)}")
        return self._without_refused(got) if self._refused else got

    def _send(self, batch: Batch) -> Resource | None:
        """One PATCH; where much is refused together, halves of it, until what is refused is alone.

        If a member could not be added, those who leave only because they are not declared stay: one of them may be meant.
        """
        if self._joins_refused and (kept := self._attempt.change.uncertain.intersection(batch.leaves)):
            self._kept |= kept
            batch = replace(batch, leaves=tuple(member for member in batch.leaves if member not in kept))
            if not batch.members and not batch.attributes:
                return None
        try:
            return self._patch(batch)
        except Refused as refused:
            if refused.status not in DIVISIBLE or (refused.status == 404 and not batch.members):
                raise
            if refused.status == 404 and (len(batch.members) > 1 or self._attempt.is_new) and self._read() is None:
                raise  # the group itself does not exist, or not yet
            if len(batch.members) + len(batch.attributes) > 1:
                return self._send_parts(batch, refused)
            if batch.attributes and refused.status in SINGLE:
                self._refuse(batch.attributes[0], refused)
                return None
            if batch.leaves and self._may_be_no_member(batch.leaves[0], refused):
                who = self._state.join_names(batch.leaves)
                self._attempt.warnings.append(
                    f"{self._attempt.planned.name}: {who} could not be removed, and it is not known whether this is a member: {refused}"
                )
            elif refused.status in WRONG_VALUE and batch.leaves and self._remove_otherwise(batch.leaves):
                self._moved(batch, seen=True)
            elif batch.attributes or len(self._joins + self._leaves) == 1:
                raise
            else:
                self._joins_refused |= bool(batch.joins)
                self._refused_member(refused)
            return None

    def _may_be_no_member(self, member: str, refused: Refused) -> bool:
        """Whether a removal is refused because there may be no such membership: none that any group shows."""
        return member in self._attempt.change.unseen and refused.status in NO_MEMBER and refused.scim_type.lower() not in OF_THE_FORM

    def _send_parts(self, batch: Batch, refused: Refused) -> Resource | None:
        """The batch without the attributes that a refusal names, and then these; else its halves."""
        named = named_in(refused, batch.attributes) if refused.status in SINGLE else []
        if not named:
            return self._send_halves(batch)
        others = tuple(operation for operation in batch.attributes if operation not in named)
        first, second = self._send(replace(batch, attributes=others)), self._send(Batch(tuple(named)))
        return second or first

    def _send_halves(self, batch: Batch) -> Resource | None:
        """Where all of the halves is accepted in the same form, it was too much at once, which is learned."""
        halves, removal = batch.halves(), self._client.capabilities.member_removal
        errors, refused = len(self._attempt.errors), len(self._refused)
        first, second = (self._send(half) for half in halves)
        known = self._client.capabilities
        if len(self._attempt.errors) == errors and len(self._refused) == refused and known.member_removal == removal:
            most_operations = max(half.count(self.removes_by_value) for half in halves)
            most_members = max(len(half.members) for half in halves)
            if most_operations < batch.count(self.removes_by_value):
                self._client.learn(operations_per_request=min(most_operations, known.operations_per_request or most_operations))
            else:
                self._client.learn(members_per_request=min(most_members, known.members_per_request or most_members))
        return second or first

    def _refuse(self, operation: Operation, refused: Refused) -> None:
        """Note an attribute that was refused alone.

        :raises Refused: if it is the third value that is refused in the same words, and nothing was accepted: the others would be, too.
        """
        self._refused.append((operation, refused))
        values = [other for each, other in self._refused if not is_no_attribute(self._before.type, each, other)]
        if len(values) >= SAME_VALUES and len({other.detail for other in values}) == 1 and not self._attempt.changed:
            raise refused

    def _without_refused(self, got: Resource | None) -> Resource | None:
        """Settle the attributes that were refused, each alone. One that the provider does not have is left out, any other is an error.

        :raises Refused: if nothing of the change was accepted.
        """
        resource_type, attempt = self._before.type, self._attempt
        errors = {option_of(resource_type, operation): refused for operation, refused in self._refused}
        unknown = [option_of(resource_type, each) for each, refused in self._refused if is_no_attribute(resource_type, each, refused)]
        replaced = self._put_to_see() if unknown and len(unknown) == len(errors) else None
        if replaced is not None:
            got, errors, missing = replaced, {}, not_stored(attempt.change, self._policy, replaced)
            attempt.not_storable = tuple(option for option in missing if any(is_part_of(option, other) for other in unknown))
            is_stored = {option: not any(is_part_of(option, other) for other in missing) for option in unknown}
            self._client.put_only |= {(resource_type.name, option) for option, stored in is_stored.items() if stored}
        elif unknown:
            fresh = self._read() or self._before
            got = got or fresh
            attempt.not_storable = tuple(option for option in unknown if value_at(resource_type, fresh.body, option) is None)
            errors = {option: refused for option, refused in errors.items() if option not in attempt.not_storable}
        attempt.refused = (*errors, *(attempt.not_storable if replaced is None else ()))
        texts = [f"{option} was not changed: {refused}" for option, refused in errors.items()]
        if texts and not attempt.changed:
            first = next(iter(errors.values()))
            attempt.errors += texts[1:]
            raise type(first)(texts[0], first.status, first.scim_type, first.detail)
        attempt.errors += texts
        return got

    def _put_to_see(self) -> Resource | None:
        """The user after a PUT, which many providers accept with attributes that they do not have; None if there is no PUT of it.

        Only then it is known that an attribute is not stored, and not only that a PATCH of it is not supported.
        """
        if self._before.type.name == GROUP or self._client.capabilities.put is False:
            return None
        try:
            whole = self._read(whole=True) or self._before
            return self._put_over(whole) or self._read()
        except Unsupported:
            self._client.learn(put=False)
        except Refused:  # of the PUT; that of the PATCH is the one to report
            self._attempt.unknown = False
        return None

    def _refused_member(self, refused: Refused) -> None:
        errors = self._attempt.errors
        errors.append(str(refused))
        if not self._attempt.moved and errors.count(str(refused)) >= SAME_REFUSALS:
            sentence = f"{SAME_REFUSALS} members were refused one by one, the others were not tried."
            raise Refused(f"{sentence} {refused}", refused.status) from None

    def _patch(self, batch: Batch) -> Resource | None:
        """A PATCH that adds members is not repeated before a look: some providers hold a member twice then."""
        found = batch.operations(self.removes_by_value)
        for attempt in count(1):
            try:
                got = self._send_patch(self._before, found, answer=bool(batch.attributes), repeatable=not batch.joins)
                return self._compared(batch, got) if batch.members else got
            except AnswerLost as lost:
                again = self._client.transport.rest(attempt - 1)
                fresh = poll(self._client, self._read, lambda seen: not unmoved(seen, batch.joins, batch.leaves))
                if fresh is not None and not unmoved(fresh, batch.joins, batch.leaves):
                    return self._shown(batch, fresh)
                if not again:
                    raise AnswerLost(f"{lost} It was sent {attempt} times. Run the task again.") from None
            except Refused as refused:
                fresh = self._read() if refused.repeated else None
                if fresh is None or not self._shows(batch, fresh):
                    raise
                return self._shown(batch, fresh)
        raise AssertionError("unreachable")

    def _shown(self, batch: Batch, fresh: Resource) -> Resource:
        """Record the members that a PATCH has moved although no answer says so."""
        if batch.members:
            self.refuse_losses(fresh, batch)
        self._moved(batch, seen=True)
        return fresh

    def _compared(self, batch: Batch, got: Resource | None) -> Resource | None:
        """Record the members that moved with a PATCH, and return the group as it is then, as far as an answer or a read shows it.

        Members that did not leave are removed in another form, if the provider supports one. Those that still seem not to have moved are
        looked at again at the end of the run: a read may lag behind.

        :raises Refused: if the provider removed other members, which are added again.
        """
        hidden = self._client.capabilities.members_readable is False
        shown = got if got is not None and not hidden and self._shows_members(got) else None
        if shown is None and self._must_look(batch, answered=got is not None):
            shown = got = self._read() or got
        if shown is None:
            self._moved(batch, seen=False)
            return got
        self.refuse_losses(shown, batch)
        still = unmoved(shown, batch.joins, batch.leaves)
        joined = sorted(still.intersection(batch.joins))
        if joined and learn_how_memberships_are_found(self._client, (self._before.id, joined[0])):
            self._moved(batch, seen=False)  # the group shows some of its members only
            return got
        if still.intersection(batch.leaves) and self._before.id not in self._state.unremovable:
            pauses = ONE_PAUSE if self._state.unremovable else PAUSES
            got = shown = poll(self._client, self._read, lambda seen: not unmoved(seen, (), batch.leaves), pauses) or shown
            still = unmoved(shown, batch.joins, batch.leaves)
            staying = still.intersection(batch.leaves)
            if staying and self._remove_otherwise(sorted(staying)):
                still -= staying
            elif staying:
                self._state.unremovable.add(self._before.id)
        self._state.proven.update(_forms(batch) if not still and self._others(batch) else ())
        self._moved(batch, seen=True)
        self._attempt.landed(still)
        return got

    def _shows_members(self, got: Resource) -> bool:
        """Whether an answer shows the members. No members are an answer where the provider has shown others."""
        shows_none = "members" in got.empty and self._client.capabilities.members_readable is True
        return bool(got.body.get("members")) or shows_none

    def _must_look(self, batch: Batch, answered: bool) -> bool:
        """Whether members that no answer shows are read at once: if others may be lost, and this form is new or the answer shows none."""
        readable = self._client.capabilities.members_readable is not False
        return readable and bool(self._others(batch)) and (answered or not self._state.proven >= _forms(batch))

    def _others(self, batch: Batch) -> frozenset[str]:
        """The members of the group that must stay."""
        return self._state.others_in(self._before) - frozenset(batch.members)

    def _moved(self, batch: Batch, seen: bool) -> None:
        self._attempt.landed(batch.members, seen)
        self._state.moved(self._before, batch.joins, batch.leaves)

    def refuse_losses(self, shown: Resource, batch: Batch) -> None:
        """:raises Refused: if a change of some members has removed all others, which are then added again."""
        lost = self._state.lost(self._before, batch.joins, batch.leaves, member_ids(shown))
        if not lost:
            return
        learned: dict[str, str] = {"member_addition": MemberAddition.PUT} if batch.joins else {}
        learned |= {"member_removal": MemberRemoval.PUT} if batch.leaves else {}
        self._client.learn(**learned)
        self._moved(batch, seen=False)
        removed = "the provider removed all other members of the group"
        try:
            missing = self._put_back(lost, batch)
        except Stop:
            self._attempt.errors.append(
                f"{removed}, and the run ended before they were seen again: {self._state.join_names(lost)}. Check them at the provider."
            )
            raise
        again = f"and {self._state.join_names(missing)} could not be added again" if missing else "which were added again"
        all_lost = self._state.join_names(lost | missing)
        rest = " The rest of the change was not sent." if any(self._attempt.waiting) else ""
        option = ", ".join(f"{name}: {value}" for name, value in learned.items())
        advice = f" If the provider supports PUT, set provider_options: {{{option}}}" if self._client.capabilities.put is not False else ""
        raise Refused(f"{removed}, {again}: {all_lost}.{rest}{advice}", 0)

    def _put_back(self, lost: frozenset[str], batch: Batch) -> frozenset[str]:
        """Add the other members of the group again. Return those that it does not show afterwards."""
        others, deactivated = self._state.others_in(self._before), self._state.deactivated_in(self._before)
        if batch.joins:  # adding replaces, so that only one request can add all
            with suppress(Refused):  # who was deactivated in this run may be refused as a member by now
                try:
                    self._add_again(others | deactivated)
                except Refused:
                    self._add_again(others)
        else:
            self._add_in_parts([*sorted(others), *sorted(deactivated - others)])
        fresh = poll(self._client, self._read, lambda seen: seen is not None and lost <= member_ids(seen), ONE_PAUSE)
        if fresh is None:
            return lost | deactivated
        self._attempt.unseen -= set(batch.members) - unmoved(fresh, batch.joins, batch.leaves)
        return unmoved(fresh, lost | deactivated, ())

    def _add_again(self, members: Collection[str]) -> None:
        self._send_patch(self._before, joining(sorted(members)))

    def _add_in_parts(self, members: Sequence[str]) -> None:
        """Add members again, as many at once as the provider takes, and without those that it refuses."""
        size, alone, left = self._client.capabilities.members_per_request or len(members), 0, list(members)
        while left and alone < SAME_REFUSALS:
            part, left = left[:size], left[size:]
            try:
                self._add_again(part)
            except Refused as refused:
                if refused.status not in DIVISIBLE:
                    return
                if len(part) > 1:
                    size, left = len(part) // 2, part + left
                else:
                    alone += 1

    def note_members(self, seen: Resource) -> None:
        """Record which of the members that no answer has shown are as they must be.

        :raises Refused: as ``refuse_losses`` does.
        """
        joins, leaves = (tuple(sorted(self._attempt.unseen.intersection(members))) for members in (self._joins, self._leaves))
        if (joins or leaves) and self._client.capabilities.members_readable is not False:
            self.refuse_losses(seen, Batch((), joins, leaves))
            self._attempt.unseen.intersection_update(unmoved(seen, joins, leaves))

    def _shows(self, batch: Batch, fresh: Resource) -> bool:
        """Whether a resource is as a PATCH was to make it: by an earlier one whose answer was lost. Some providers refuse it then.

        A password is never shown, so a refusal of it holds.
        """
        if any(operation["path"] in self._secrets for operation in batch.attributes):
            return False
        root = self._before.type.root
        names = {split_path(str(operation["path"]), root)[0] for operation in batch.attributes}
        before, after = ({name: body[name] for name in names if name in body} for body in (self._before.body, self._after))
        return apply_changes(before, after, fresh.body) == fresh.body and not unmoved(fresh, batch.joins, batch.leaves)

    def _send_patch(self, resource: Resource, found: Sequence[Operation], answer: bool = False, repeatable: bool = True) -> Resource | None:
        with self._attempt.request("PATCH", f"{resource.type.endpoint}/{resource.id}", patch_body(found)):
            return self._client.patch(resource, found, answer, repeatable)

    # -- PUT -----------------------------------------------------------------------------------------------------------------------------

    def _put(self) -> Resource | None:
        """GET, overlay, PUT: what was not read must not be lost (RFC 7644 §3.5.1).

        Members are read again, since another change of this run may have moved some; so is a resource that another client changed (412).
        """
        if self._before.type.name == GROUP and self._client.capabilities.members_readable is False:
            needed = "this needs a PUT, and the provider does not show members (members_readable)"
            raise Refused(f"not updated: {needed}, so all of them might be removed.", 0)
        part = not self._before.complete or (self._before.type.name == GROUP and self._client.capabilities.members_on_request)
        whole = (self._read(whole=True) or self._before) if part or self._joins or self._leaves else self._before
        return self._put_over(whole)

    def _put_over(self, whole: Resource, last: bool = False) -> Resource | None:
        joins, leaves = self._attempt.waiting
        try:
            got = self._send_put(whole, {**apply_changes(self._before.body, self._after, whole.body), **self._secrets}, joins, leaves)
        except Refused as refused:
            fresh = self._read(whole=True) if refused.status in PRECONDITION else None
            if fresh is not None and not self._secrets and self._is_done(fresh):  # by a PUT whose answer was lost
                self._moved(Batch((), self._joins, self._leaves), seen=True)
                return fresh
            if fresh is None or last:
                raise
            if fresh.version == whole.version and self._client.capabilities.etag is None:
                self._client.learn(etag=False)  # no other client has written: a weak ETag never matches (RFC 9110 §13.1.1)
            return self._put_over(fresh, last=True)
        ignored = unmoved(got, joins, leaves)
        joined, left = (tuple(member for member in members if member not in ignored) for members in (joins, leaves))
        self._moved(Batch((), joined, left), seen=got is not None)
        return self._patch_ignored(ignored) if ignored else got

    def _send_put(self, resource: Resource, body: Body, joins: Collection[str], leaves: Collection[str]) -> Resource | None:
        """PUT ``body``, and the members after ``joins`` and ``leaves``. Return the resource as it is then, None if no answer shows it.

        :raises Refused: if the group is shown without the members to remove: a PUT would remove all others, too. Where it is not known
            that these are members, that says nothing of others.
        """
        present = member_ids(resource)
        kept = (self._state.members_now(self._before, present) - set(leaves)) | set(joins)
        known = set(leaves) - self._attempt.change.unseen
        if (known or self._attempt.change.may_be_none) and leaves and present.isdisjoint(leaves):
            raise Refused(
                "not updated: the provider shows the group without the members to remove, so a PUT might remove the other members, too. "
                "Run the task again.",
                0,
            )
        if joins or leaves or kept != present:
            body = {**body, "members": [{"value": member} for member in sorted(kept)]}
        body = writable(resource.type.root, body)
        with self._attempt.request("PUT", f"{resource.type.endpoint}/{resource.id}", body):
            answer = self._client.replace(resource, body)
        shows_members = answer is not None and (member_ids(answer) or not kept)
        return answer if shows_members or not (joins or leaves) else self._read()

    def _is_done(self, fresh: Resource) -> bool:
        same_attributes = apply_changes(self._before.body, self._after, fresh.body) == fresh.body
        return same_attributes and not unmoved(fresh, self._joins, self._leaves)

    def _patch_ignored(self, ignored: frozenset[str]) -> Resource | None:
        """Some providers ignore members in a PUT and take them by PATCH."""
        joins, leaves = (tuple(sorted(ignored.intersection(members))) for members in (self._joins, self._leaves))
        got = self._patch(Batch((), joins)) if joins else None
        if not leaves:
            return got
        if not self._remove_by_value(leaves):
            raise Refused(f"{len(leaves)} members could not be removed: the provider accepts no form of removal.", 0)
        self._moved(Batch((), (), leaves), seen=True)
        return self._read()

    # -- other forms of removal ----------------------------------------------------------------------------------------------------------

    def _remove_otherwise(self, leaves: Collection[str]) -> bool:
        """Remove members by PUT, else as a list of values; whether they are removed. What worked is learned."""
        group = self._read(whole=True)
        if group is None or self._client.capabilities.members_readable is False:  # the result could not be seen
            return False
        return not unmoved(group, (), leaves) or self._remove_by_put(group, leaves) or self._remove_by_value(leaves)

    def _remove_by_put(self, group: Resource, leaves: Collection[str]) -> bool:
        try:
            after = self._send_put(group, group.body, (), leaves)
        except Unsupported:
            self._client.learn(put=False)
            return False
        except Refused:
            return False
        if unmoved(after, member_ids(group) - set(leaves), leaves):
            return False
        self._client.learn(member_removal=MemberRemoval.PUT)
        return True

    def _remove_by_value(self, leaves: Collection[str]) -> bool:
        """Remove members as a list of values; whether they are removed, which is learned if others stay.

        :raises Refused: as ``refuse_losses`` does.
        """
        try:
            self._send_patch(self._before, leaving(leaves, by_value=True))
        except Refused:
            return False
        after, batch = self._read(), Batch((), (), tuple(leaves))
        if after is None:
            return False
        self.refuse_losses(after, batch)
        if unmoved(after, (), leaves):
            return False
        if self._others(batch):
            self._client.learn(member_removal=MemberRemoval.VALUE)
        return True
