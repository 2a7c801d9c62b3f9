# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Confirms what was done by what the provider shows: nothing is believed because it was answered with success.

What the answers have shown is confirmed already. The rest is read once all changes are written: one by one, or in one listing if that takes
fewer requests. A read may lag behind a write, so what is not as expected is read again after a pause, before it is a failure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from ..declaration.model import GROUP
from ..plan.cost import FEW
from ..plan.options import Policy
from ..plan.plan import Action
from ..plan.snapshot import member_ids
from ..scim.client.client import Client
from ..scim.client.listing import Listing
from ..scim.errors import Refused, Stop
from ..scim.providers.capabilities import Deactivation, Deletion
from ..scim.schema.resource import Resource, merged
from ..scim.schema.types import ResourceType
from ..state.hidden_memberships import groups_found
from ..state.unsearchable import listed
from ..wording import sentence
from .attempt import Attempt
from .outcome import NOTHING, Expected, Outcome
from .patch_batches import Batch
from .polling import PAUSES
from .resource_update import ResourceUpdate
from .resource_writer import SUCCEEDED, deletes_instead, only_deactivates, without_active
from .run_state import RunState

CHECK = "Check that at the provider, then run the task again."

Key = tuple[str, str]  # resource type and id


def key_of(outcome: Outcome) -> Key:
    """The resource of an outcome."""
    return outcome.change.type.name, outcome.id


class Confirmation:
    """Confirms the outcomes of one run. ``state`` is that of the run."""

    def __init__(self, client: Client, policy: Policy, state: RunState) -> None:
        self._client = client
        self._policy = policy
        self._state = state
        self._seen: dict[Key, Resource | None] = {}  # as they were last read
        self._unread: dict[Key, str] = {}  # why a resource could not be read
        self._stop: Stop | None = None  # why nothing more can be read

    def outcomes(self, written: Sequence[Outcome], ended: Stop | None = None) -> Iterator[Outcome]:
        """The outcome of each change that was not confirmed yet, in the place of the earlier one. ``ended`` is why nothing can be read.

        :raises Stop: if the run cannot continue; all outcomes have been yielded then.
        """
        waiting, self._stop = [outcome for outcome in written if outcome.expected and self._is_readable(outcome)], ended
        try:
            if waiting and ended is None:
                self._read(waiting)
            again = ended is None
            while waiting and again:
                left = [outcome for outcome in waiting if not self._is_done(outcome)]
                unsettled = set(map(id, left))
                yield from (self._confirmed(outcome) for outcome in waiting if id(outcome) not in unsettled)
                waiting = left
                if left:
                    self._wait_for(left[-1])  # the one that was written last
                    self._read(left[:-1])
                again = any(map(self._is_done, left))
        except Stop as error:
            self._stop = error
        # Some may be applied: they were read before the run had to end.
        yield from (self._confirmed(outcome) if self._is_done(outcome) else self._failed(outcome) for outcome in waiting)
        if self._stop is not None and self._stop is not ended:
            raise self._stop

    # -- reading -------------------------------------------------------------------------------------------------------------------------

    def _wait_for(self, outcome: Outcome) -> None:
        """Read one resource again after each pause, until it is as expected."""
        for pause in PAUSES:
            self._client.transport.pause(pause)
            self._read([outcome])
            if self._is_done(outcome):
                return

    def _read(self, waiting: Sequence[Outcome]) -> None:
        """Read the resources of these outcomes in as few requests as possible."""
        hidden = {id(outcome) for outcome in waiting if self._is_hidden(outcome)}
        for resource_type in {outcome.change.type.name: outcome.change.type for outcome in waiting}.values():
            expected: dict[str, Expected] = {}  # a group may have several outcomes
            before: dict[str, Resource] = {}
            for outcome in waiting:
                if outcome.change.type.name == resource_type.name and id(outcome) not in hidden:
                    expected[outcome.id] = expected.get(outcome.id, NOTHING) | outcome.expected
                    before |= {outcome.id: outcome.change.before} if outcome.change.before else {}
            found = self._listed(resource_type, expected)
            left = {resource_id: each for resource_id, each in expected.items() if resource_id not in found}
            found |= self._each(resource_type, left, before)
            self._seen |= {(resource_type.name, resource_id): resource for resource_id, resource in found.items()}
        self._seen |= {key_of(outcome): self._asked(outcome) for outcome in waiting if id(outcome) in hidden}

    def _each(
        self, resource_type: ResourceType, expected: Mapping[str, Expected], before: Mapping[str, Resource]
    ) -> dict[str, Resource | None]:
        """Resources that are read one by one."""
        ids = list(expected)

        def get(resource_id: str) -> Resource | None:
            self._unread.pop((resource_type.name, resource_id), None)
            try:
                if expected[resource_id].gone and resource_id in before:
                    return self._client.read_again(before[resource_id])
                return self._client.get(resource_type, resource_id)
            except Refused as refused:
                self._unread[resource_type.name, resource_id] = str(refused)
                return None

        return dict(zip(ids, self._client.together(get, ids), strict=True))

    def _listed(self, resource_type: ResourceType, expected: Mapping[str, Expected]) -> dict[str, Resource | None]:
        """Those of the resources that one listing shows as far as it matters, if it takes fewer requests than reading each."""
        pages, count = self._client.pages_of(resource_type), len(expected)
        if count < 2 or (count < FEW if pages is None else pages >= count):
            return {}
        other = "members" if resource_type.name == GROUP else "active"
        listing = listed(self._client, resource_type, (resource_type.name_attribute, other), most_pages=count - 2)
        if not isinstance(listing, Listing) or not listing.complete:
            return {}
        found: dict[str, Resource | None] = {}
        for resource_id, each in expected.items():
            resource = listing.resources.get(resource_id)
            if (resource is None and each.gone) or (resource is not None and (each.gone or self._shows_all(resource, each))):
                found[resource_id] = resource
        return found

    def _shows_all(self, resource: Resource, expected: Expected) -> bool:
        """Whether a list shows what matters of a resource: some leave out ``active``, or members, or some of the members."""
        if resource.type.name != GROUP:
            return "active" in resource.body
        present = member_ids(resource)
        must_be_there = expected.joined | (self._state.others_in(resource) if expected.left else frozenset())
        return bool(present) and present >= must_be_there

    def _is_hidden(self, outcome: Outcome) -> bool:
        """Whether it is about members that the provider does not show."""
        moved = outcome.expected.joined or outcome.expected.left
        return bool(moved) and self._client.capabilities.members_readable is False

    def _is_readable(self, outcome: Outcome) -> bool:
        """Whether a read can confirm it. Hidden members who joined are not asked for: that would take a request for each."""
        return not self._is_hidden(outcome) or bool(outcome.expected.left and self._client.capabilities.membership_filter)

    def _asked(self, outcome: Outcome) -> Resource | None:
        """A group with those of its members who should have left, as a filter finds them: one request for each."""
        form, group, left = str(self._client.capabilities.membership_filter), outcome.id, sorted(outcome.expected.left)
        self._unread.pop(key_of(outcome), None)
        try:
            answers = [*self._client.together(lambda member: groups_found(self._client, form, (group, member)), left)]
        except Refused as refused:
            self._unread[key_of(outcome)] = str(refused)
            return None
        members = [{"value": member} for member, groups in zip(left, answers, strict=True) if group in groups]
        return Resource(outcome.change.type, group, {"members": members}, complete=False)

    # -- comparing -----------------------------------------------------------------------------------------------------------------------

    def _is_done(self, outcome: Outcome) -> bool:
        return not (self._missing(outcome) or self._lost(outcome))

    def _was_read(self, outcome: Outcome) -> bool:
        return key_of(outcome) in self._seen and key_of(outcome) not in self._unread

    def _missing(self, outcome: Outcome) -> Expected:
        """What is expected and not so; all of it where nothing could be read."""
        expected = outcome.expected
        if not self._was_read(outcome):
            return expected
        seen = self._seen[key_of(outcome)]
        if seen is None:  # whoever was deactivated has no access either
            return Expected(active=expected.active or None, joined=expected.joined)
        present = member_ids(seen)
        return Expected(
            expected.gone and not self._is_deactivated(seen),
            expected.active if expected.active is not None and seen.active != expected.active else None,
            expected.joined - present if self._shows_members(seen) else frozenset(),
            expected.left & present,
        )

    def _is_deactivated(self, seen: Resource) -> bool:
        """Whether a user that was deleted is inactive: some providers do no more."""
        return not seen.active and self._client.capabilities.user_deletion in (None, Deletion.DEACTIVATES)

    def _shows_members(self, seen: Resource) -> bool:
        """Whether no member in an answer means that the group has none."""
        readable = self._client.capabilities.members_readable
        return readable is True or (readable is None and bool(seen.body.get("members")))

    def _lost(self, outcome: Outcome) -> frozenset[str]:
        """The other members of a group, if the provider has removed all of them."""
        before, seen, expected = outcome.change.before, self._seen.get(key_of(outcome)), outcome.expected
        if before is None or seen is None or self._is_hidden(outcome):
            return frozenset()
        return self._state.lost(before, expected.joined, expected.left, member_ids(seen))

    # -- results -------------------------------------------------------------------------------------------------------------------------

    def _confirmed(self, outcome: Outcome) -> Outcome:
        """The outcome of a change that is as expected."""
        expected, seen, known = outcome.expected, self._seen[key_of(outcome)], self._client.capabilities
        warnings, name, before = [*outcome.warnings], outcome.change.name, outcome.change.before
        if expected.gone and before is not None and seen is not None and known.user_deletion is None:
            self._client.learn(user_deletion=Deletion.DEACTIVATES)
            warnings.append(only_deactivates(before))
        if expected.active is False and seen is None and known.user_deactivation is not Deactivation.DELETES:
            self._client.learn(user_deactivation=Deactivation.DELETES)
            warnings.append(deletes_instead(name))
        unshown = expected.joined if seen is None or not self._shows_members(seen) else frozenset()
        if unshown and known.members_readable is None:
            joined = self._state.join_names(unshown)
            warnings.append(f"{name}: the provider shows no members of this group, so these could not be confirmed: {joined}.")
        if expected.gone and before is not None and seen is not None and not before.active:
            same = replace(outcome, action=Action.UNCHANGED, changed=False, after=self._after(outcome), warnings=tuple(warnings))
            return replace(same, expected=NOTHING, replaces=True)
        return replace(
            outcome,
            action=outcome.change.action if outcome.action is Action.UNCHANGED else outcome.action,
            changed=True,
            after=self._after(outcome),
            warnings=tuple(warnings),
            expected=NOTHING,
            confirmed=None if unshown else True,
            replaces=True,
        )

    def _after(self, outcome: Outcome) -> Resource | None:
        """The resource as it was read. A listing, or a filter, shows only a part of it."""
        seen = self._seen.get(key_of(outcome))
        if seen is None or seen.complete:
            return seen
        known = outcome.after or outcome.change.before
        return merged(known, seen, seen.body) if known and seen.type.name != GROUP else outcome.after

    def _failed(self, outcome: Outcome) -> Outcome:
        """The outcome of a change that is not as expected, or could not be read."""
        change, texts, sent = outcome.change, list[str](), list(outcome.sent)
        if self._lost(outcome) and self._stop is None:
            lost, requests = self._put_back(outcome)
            texts, sent = [lost], [*sent, *requests]
        missing, was_read = self._missing(outcome), self._was_read(outcome)
        why = sentence(self._unread.get(key_of(outcome)) or str(self._stop or ""))
        for what, found in self._differences(outcome, missing):
            texts.append(f"{what}: {SUCCEEDED} {found}. {CHECK}" if was_read else f"{what}: it was sent and could not be confirmed. {why}")
        joins, leaves = outcome.moved or (len(change.joins), len(change.leaves))
        moved = (joins - len(missing.joined), leaves - len(missing.left))
        changed = outcome.changed and (not was_read or self._has_other_changes(outcome) or moved != (0, 0))
        return replace(
            outcome,
            action=outcome.action if changed else Action.UNCHANGED,
            changed=changed,
            after=self._after(outcome) if was_read else outcome.after,
            sent=tuple(sent),
            error="; ".join(filter(None, [outcome.error, *(f"{change.name}: {text}" for text in texts)])),
            moved=moved,
            unknown=True,
            expected=NOTHING,
            confirmed=False if was_read else None,
            replaces=True,
        )

    def _has_other_changes(self, outcome: Outcome) -> bool:
        """Whether more was written than what was to be confirmed."""
        before, after = outcome.change.before, outcome.change.after
        if before is None or after is None:
            return after is not None
        return bool(outcome.change.secrets) or without_active(after) != without_active(before.body)

    def _differences(self, outcome: Outcome, missing: Expected) -> Iterator[tuple[str, str]]:
        """What was not done, and what the provider shows instead."""
        change, seen = outcome.change, self._seen.get(key_of(outcome))
        reason = f" ({change.reason})" if change.reason not in ("", "declared", "membership") else ""
        if missing.gone:
            yield f"not deleted{reason}", f"the {change.type.noun} still exists"
        if missing.active and seen is None and self._was_read(outcome):
            yield f"not activated{reason}", "the user does not exist"
        elif missing.active is not None and (seen is None or "active" in seen.body or missing.active):
            yield f"not {'' if missing.active else 'de'}activated{reason}", f"the user is still {'in' if missing.active else ''}active"
        elif missing.active is not None:
            yield f"not deactivated{reason}", "does not show whether the user is active"
        if missing.left:
            yield f"not removed: {self._state.join_names(missing.left)}", "they are still members"
        if missing.joined:
            yield f"not added: {self._state.join_names(missing.joined)}", "they are not members"

    def _put_back(self, outcome: Outcome) -> tuple[str, list[dict[str, object]]]:
        """Add the lost members of a group again, and read it. Return the error that names them, and what was sent."""
        change, expected = outcome.change, outcome.expected
        # Only a group that was there before, and still is, has lost members.
        before, seen = cast(Resource, change.before), cast(Resource, self._seen[key_of(outcome)])
        batch = Batch((), tuple(sorted(expected.joined)), tuple(sorted(expected.left)))
        attempt = Attempt(change, change, batch.joins, batch.leaves)
        update = ResourceUpdate(self._client, self._policy, attempt, before, before.body, state=self._state)
        text = ""
        try:
            try:
                update.refuse_losses(seen, batch)
            except Refused as refused:
                text = str(refused)
            self._read([outcome])
        except Stop as stop:
            self._stop = stop
        return text or "; ".join(attempt.errors), attempt.sent
