# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One resource from before to after: the smallest PATCH, and where the provider has none, GET, overlay and PUT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..scim.client import Client
from ..scim.errors import AnswerLost, Refused, Unsupported
from ..scim.overlay import carried
from ..scim.patch import Operation, operations, patch_body, writable
from ..scim.resource import Body, Resource
from .current import member_ids
from .outcome import noted
from .parts import Part, parts
from .plan import Change
from .policy import Policy

LOOKS = 3  # how often a write whose answer was lost is looked up and tried again
CHANGED_MEANWHILE = 412  # If-Match (RFC 7644 §3.14)
BLAMED = (400, 404, 409)  # refusals that may be one member's


class Update:
    """The update of one change. ``joins`` and ``leaves`` are real ids. ``sent`` and ``errors`` grow as it goes."""

    def __init__(self, client: Client, policy: Policy, change: Change, joins: Sequence[str], leaves: Sequence[str]) -> None:
        self._client = client
        self._policy = policy
        self._change = change
        self._kind = change.type
        self.joins = tuple(joins)
        self.leaves = tuple(leaves)
        self.sent: list[Body] = []
        self.errors: list[str] = []

    @property
    def moved(self) -> bool:
        """Whether a membership was changed."""
        return len(self.joins) + len(self.leaves) > len(self.errors)

    def write(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        """The resource as the provider gives it afterwards; None where it gave nothing.

        :raises Refused: by the provider. :raises AnswerLost: again and again.
        """
        if self._client.capabilities.patch is not False:
            try:
                return self._patch(before, after, secrets)
            except Unsupported:
                if self._client.capabilities.put is False:
                    raise
        return self._put(before, after, secrets)

    def asked(self, before: Body) -> tuple[str, ...]:
        """The attributes that a PATCH shall answer with: those that are compared."""
        declared = self._change.entry.attributes if self._change.entry else {}
        after = self._change.after or {}
        differing = [name for name in {**before, **after} if after.get(name) != before.get(name)]
        return tuple(dict.fromkeys([self._kind.naming, *declared, *differing]))

    def parts(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> list[Part]:
        """The PATCHes that it takes."""
        found = operations(self._kind.root, before.body, after, self._policy.additive)
        found += [{"op": "replace", "path": name, "value": value} for name, value in secrets.items()]
        return list(parts(found, self.joins, self.leaves, self._client.capabilities.members_per_request))

    def operations(self, part: Part) -> list[Operation]:
        """The operations of one part, in the form that this provider takes."""
        return part.operations(self._client.capabilities.member_removal == "value")

    def _patch(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        found = self.parts(before, after, secrets)
        asked = self.asked(before.body)
        got = None if any(part.attributes for part in found) else before
        for part in found:
            got = self._send(before, part, asked if part.attributes else ()) or got
        return got

    def _send(self, before: Resource, part: Part, asked: Sequence[str]) -> Resource | None:
        """One PATCH; where many memberships are refused together, halves of them, until the guilty one stands alone."""
        try:
            return self._send_once(before, part, asked)
        except Refused as refused:
            alone = part.members == 1 and not part.attributes
            if refused.status not in BLAMED or not part.members or (alone and len(self.joins + self.leaves) == 1):
                raise
            if alone:
                self.errors.append(str(refused))
                return None
            answers = [self._send(before, half, asked if half.attributes else ()) for half in part.halves()]
            return answers[0] or answers[1]

    def _send_once(self, before: Resource, part: Part, asked: Sequence[str]) -> Resource | None:
        """A PATCH that adds members is not repeated blindly: some providers hold a member twice then."""
        found = self.operations(part)
        self._note("PATCH", before, patch_body(found))
        for _look in range(LOOKS):
            try:
                return self._client.patch(before, found, asked, repeatable=not part.joins)
            except AnswerLost:
                fresh = self._client.get(self._kind, before.id)
                if fresh is not None and set(part.joins) <= member_ids(fresh) and not set(part.leaves) & member_ids(fresh):
                    return fresh
        raise AnswerLost(f"the provider's answer was lost {LOOKS} times. Run again: what is done is not done twice.")

    def _put(self, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        """GET, overlay, PUT: what was not read must not be lost (RFC 7644 §3.5.1).

        Members are read anew, since another change of this run may have moved some; so is a resource that somebody else has changed (412).
        """
        moving = bool(self.joins or self.leaves)
        whole = before if before.complete and not moving else self._client.get(self._kind, before.id) or before
        try:
            return self._put_once(whole, before, after, secrets)
        except Refused as refused:
            fresh = self._client.get(self._kind, before.id) if refused.status == CHANGED_MEANWHILE else None
            if fresh is None:
                raise
            return self._put_once(fresh, before, after, secrets)

    def _put_once(self, whole: Resource, before: Resource, after: Body, secrets: Mapping[str, str]) -> Resource | None:
        body = carried(before.body, after, whole.body)
        if self.joins or self.leaves:
            kept = (member_ids(whole) - set(self.leaves)) | set(self.joins)
            body = {**body, "members": [{"value": member} for member in sorted(kept)]}
        sent = {**writable(self._kind.root, body), **secrets}
        self._note("PUT", whole, sent)
        return self._client.replace(whole, sent)

    def _note(self, method: str, resource: Resource, body: Body) -> None:
        self.sent.append(noted(method, f"{self._kind.endpoint}/{resource.id}", body))
