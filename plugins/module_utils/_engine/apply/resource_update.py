# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One resource from before to after: the smallest PATCH, and where the provider has none, GET, overlay and PUT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from ..plan.options import Policy
from ..plan.plan import Change
from ..plan.snapshot import member_ids
from ..scim.client.client import PRECONDITION, Client
from ..scim.errors import AnswerLost, Interrupted, Refused, Unsupported
from ..scim.providers.capabilities import MemberRemoval
from ..scim.schema.overlay import apply_changes
from ..scim.schema.patch import Operation, joining, operations, patch_body, writable
from ..scim.schema.resource import Body, Resource
from .member_removal import Removal, overlooked, refuse_blind, refuse_to_wipe
from .outcome import noted
from .patch_batches import Part, parts, within

BLAMED = (400, 404, 409, 413)  # refusals that may be one member's, or mean too many
ALIKE = 10  # so many members refused in the same words, and none taken: it is the group that cannot be changed
EXPLAINED = frozenset({"mutability", "uniqueness", "invalidvalue", "sensitive"})  # scimTypes that mean a value, not a form (RFC 7644 §3.12)


class Update:
    """The update of one change. ``joins`` and ``leaves`` are real ids. ``sent`` and ``errors`` grow as it goes.

    ``taken`` is whether any of it was done: where a later request is refused, that is not nothing.
    """

    def __init__(self, client: Client, policy: Policy, change: Change, joins: Sequence[str], leaves: Sequence[str]) -> None:
        self._client = client
        self._policy = policy
        self._change = change
        self._kind = change.type
        self.joins = tuple(joins)
        self.leaves = tuple(leaves)
        self.sent: list[Body] = []
        self.errors: list[str] = []
        self.taken = False
        self._wanted = (self.joins, self.leaves)
        self._done: set[str] = set()

    @property
    def moved(self) -> bool:
        """Whether a membership was changed."""
        return sum(map(len, self._wanted)) > len(self.errors)

    @property
    def counted(self) -> tuple[int, int]:
        """How many have joined, and how many have left."""
        joined, left = (sum(member in self._done for member in members) for members in self._wanted)
        return joined, left

    def leave(self, joins: Iterable[str], leaves: Iterable[str]) -> None:
        """Only these memberships are left to be changed; all others are as wanted."""
        there = {*self.joins, *self.leaves}
        self.joins, self.leaves = tuple(joins), tuple(leaves)
        self._done |= there - {*self.joins, *self.leaves}

    def look_again(self, group: Resource) -> None:
        """Of the memberships, leave only those that are not as wanted yet: some providers hold a member twice who joins twice."""
        there = member_ids(group)
        self.leave((member for member in self.joins if member not in there), (member for member in self.leaves if member in there))

    def write(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        """The resource as the provider gives it afterwards; None where it gave nothing.

        :raises Refused: by the provider. :raises AnswerLost: again and again.
        """
        if self.patches:
            try:
                return self._patch(before, after, secrets)
            except Unsupported:
                if self._client.capabilities.put is False:
                    raise
        return self._put(before, after, secrets)

    @property
    def patches(self) -> bool:
        """Whether it can be done by PATCH, as far as is known."""
        known = self._client.capabilities
        return known.patch is not False and not (self.leaves and known.member_removal == MemberRemoval.PUT)

    def asked(self, before: Body) -> tuple[str, ...]:
        """The attributes that a PATCH shall answer with: those that are compared."""
        declared = self._change.entry.attributes if self._change.entry else {}
        after = self._change.after or {}
        differing = [name for name in {**before, **after} if after.get(name) != before.get(name)]
        return tuple(dict.fromkeys([self._kind.name_attribute, *declared, *differing]))

    def parts(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> list[Part]:
        """The PATCHes that it takes."""
        found = operations(self._kind.root, before.body, after, self._policy.additive)
        found += [{"op": "replace", "path": name, "value": value} for name, value in secrets.items()]
        known = self._client.capabilities
        whole = parts(found, self.joins, self.leaves, known.members_per_request)
        return [part for one in whole for part in within(one, known.operations_per_request, self._by_value)]

    def operations(self, part: Part) -> list[Operation]:
        """The operations of one part, in the form that this provider takes."""
        return part.operations(self._by_value)

    @property
    def _by_value(self) -> bool:
        return self._client.capabilities.member_removal == MemberRemoval.VALUE

    def _patch(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        found = self.parts(before, after, secrets)
        asked = self.asked(before.body)
        got = None if any(part.attributes for part in found) else before
        for part in found:
            got = self._send(before, part, asked if part.attributes else ()) or got
        return got

    def _send(self, before: Resource, part: Part, asked: Sequence[str]) -> Resource | None:
        """One PATCH; where much is refused together, halves of it, until the guilty one stands alone. What was too much is learned."""
        try:
            return self._send_once(before, part, asked)
        except Refused as refused:
            if refused.status not in BLAMED or (not part.members and refused.scim_type.lower() in EXPLAINED):
                raise
            if refused.status == 404 and part.members > 1 and self._client.get(self._kind, before.id) is None:
                raise  # it is the group itself that is gone
            if part.members + len(part.attributes) > 1:
                return self._send_halves(before, part, asked)
            if refused.status == 400 and part.leaves and Removal(self._client, before, part.leaves, self._note).otherwise():
                self._took(part.leaves)
                return None
            if part.attributes or len(self.joins + self.leaves) == 1:
                raise
            self.errors.append(str(refused))
            if not self._done and self.errors.count(str(refused)) >= ALIKE:
                raise Refused(f"{refused} So were {ALIKE} members one by one; the others were not tried.", refused.status) from None
            return None

    def _send_halves(self, before: Resource, part: Part, asked: Sequence[str]) -> Resource | None:
        halves, errors = part.halves(), len(self.errors)
        first, second = (self._send(before, half, asked if half.attributes else ()) for half in halves)
        most = max(half.count(self._by_value) for half in halves)
        if len(self.errors) == errors and most < part.count(self._by_value):
            self._client.learn(operations_per_request=most)
        elif len(self.errors) == errors:
            self._client.learn(members_per_request=max(half.members for half in halves))
        return second or first

    def _send_once(self, before: Resource, part: Part, asked: Sequence[str]) -> Resource | None:
        """A PATCH that adds members is not repeated blindly: some providers hold a member twice then."""
        found = self.operations(part)
        self._note("PATCH", before, patch_body(found))
        for attempt in count():
            try:
                got = self._client.patch(before, found, asked, repeatable=not part.joins)
                still = self._not_moved(before, part, got) if got is not None and not asked else frozenset()
                self._took(frozenset(part.joins + part.leaves) - still)
                return got
            except Interrupted as over:
                over.begun |= attempt > 0
                raise
            except AnswerLost as lost:
                again = self._client.rest(attempt)
                fresh = self._client.get(self._kind, before.id)
                if fresh is not None and self._have_moved(fresh, part.joins, part.leaves):
                    self._took(part.joins + part.leaves)
                    return fresh
                if not again:
                    raise AnswerLost(f"{lost} It was sent {attempt + 1} times. Run again: what is done is not done twice.") from None
        raise AssertionError("it ends within")

    def _not_moved(self, before: Resource, part: Part, got: Resource) -> frozenset[str]:
        """Who is where they were, although the answer was a success: told by an answer that shows members, and looked at once more.

        Those who shall leave are removed in another form, where the provider takes one.
        """
        if not got.body.get("members") or self._have_moved(got, part.joins, part.leaves):
            return frozenset()
        fresh = self._client.get(self._kind, before.id)
        if fresh is None:
            return frozenset()
        there = member_ids(fresh)
        strangers, left = frozenset(part.joins) - there, frozenset(part.leaves) & there
        if left and Removal(self._client, before, sorted(left), self._note).otherwise():
            left = frozenset()
        what = "The PATCH was answered with success, and"
        self.errors += [f"{what} {member} is no member." for member in sorted(strangers)]
        self.errors += [f"{what} {member} is a member still." for member in sorted(left)]
        return strangers | left

    def _put(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        """GET, overlay, PUT: what was not read must not be lost (RFC 7644 §3.5.1).

        Members are read anew, since another change of this run may have moved some; so is a resource that somebody else has changed (412).
        """
        refuse_blind(self._client, before)
        moving = bool(self.joins or self.leaves)
        whole = before if before.complete and not moving else self._client.get(self._kind, before.id) or before
        for tried in count(1):
            try:
                return self._put_once(whole, before, after, secrets)
            except Refused as refused:
                fresh = self._client.get(self._kind, before.id) if refused.status in PRECONDITION else None
                if fresh is not None and not secrets and self._is_done(fresh, before, after):  # by a PUT whose answer was lost
                    self._took(self.joins + self.leaves)
                    return fresh
                if fresh is None or tried > 1:
                    raise
                if fresh.version == whole.version and self._client.capabilities.etag is None:
                    self._client.learn(etag=False)  # nobody else has written: a weak ETag never matches (RFC 9110 §13.1.1)
                whole = fresh
        raise AssertionError("it ends within")

    def _is_done(self, fresh: Resource, before: Resource, after: Body) -> bool:
        return apply_changes(before.body, after, fresh.body) == fresh.body and self._have_moved(fresh, self.joins, self.leaves)

    @staticmethod
    def _have_moved(fresh: Resource, joins: Sequence[str], leaves: Sequence[str]) -> bool:
        return set(joins) <= member_ids(fresh) and not set(leaves) & member_ids(fresh)

    def _put_once(self, whole: Resource, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        body = apply_changes(before.body, after, whole.body)
        if self.joins or self.leaves:
            refuse_to_wipe(whole, self.leaves)
            kept = (member_ids(whole) - set(self.leaves)) | set(self.joins)
            body = {**body, "members": [{"value": member} for member in sorted(kept)]}
        sent = {**writable(self._kind.root, body), **secrets}
        self._note("PUT", whole, sent)
        got = self._client.replace(whole, sent)
        moving = frozenset(self.joins + self.leaves)
        still = overlooked(self._client, whole, self.joins, self.leaves, got) if moving else frozenset()
        self._took(moving - still)
        return self._move(whole, still) if still else got

    def _move(self, group: Resource, members: frozenset[str]) -> Resource | None:
        """Members whom a PUT of the group has overlooked, by PATCH."""
        joins, leaves = members & set(self.joins), members & set(self.leaves)
        got = None
        if joins:
            found = joining(sorted(joins))
            self._note("PATCH", group, patch_body(found))
            got = self._client.patch(group, found, ())
        if leaves and not Removal(self._client, group, sorted(leaves), self._note).by_value(group):
            raise Refused(f"{len(leaves)} members could not be removed from {group.name}: the provider takes no form of it.", 0)
        return got if not leaves else self._client.get(self._kind, group.id)

    def _took(self, moved: Iterable[str]) -> None:
        self.taken = True
        self._done.update(moved)

    def _note(self, method: str, resource: Resource, body: Body) -> None:
        self.sent.append(noted(method, f"{self._kind.endpoint}/{resource.id}", body))
