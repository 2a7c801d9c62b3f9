# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members who leave where the provider does not take ``remove members[value eq "…"]`` (RFC 7644 §3.5.2.2).

The list form, ``remove members`` with values, removes everybody where the values are overlooked. So a PUT of the whole group is tried
first; the list form only where there is no PUT, with one member, and then it is looked whether only that one has gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..declaration.model import GROUP
from ..plan.snapshot import member_ids
from ..scim.client.client import Client
from ..scim.errors import Refused, Unsupported
from ..scim.providers.capabilities import MemberRemoval
from ..scim.schema.patch import joining, leaving, patch_body, writable
from ..scim.schema.resource import Body, Resource


class Removal:
    """The removal of ``leaves`` from one group in another form, each request told to ``note``."""

    def __init__(self, client: Client, group: Resource, leaves: Sequence[str], note: Callable[[str, Resource, Body], None]) -> None:
        self._client = client
        self._group = group
        self._leaves = frozenset(leaves)
        self._note = note

    def otherwise(self) -> bool:
        """Whether they have left now. What worked is learned.

        :raises Refused: where others have left with them, and were added again.
        """
        fresh = self._client.get(self._group.type, self._group.id)
        if fresh is None or self._client.capabilities.members_readable is False:  # whoever has left or not could not be seen
            return False
        if not self._leaves & member_ids(fresh):
            return True
        return self._put(fresh) or self.by_value(fresh)

    def _put(self, fresh: Resource) -> bool:
        kept = sorted(member_ids(fresh) - self._leaves)
        body = writable(fresh.type.root, {**fresh.body, "members": [{"value": member} for member in kept]})
        self._note("PUT", fresh, body)
        try:
            got = self._client.replace(fresh, body)
        except Unsupported:
            self._client.learn(put=False)
            return False
        if overlooked(self._client, fresh, kept, self._leaves, got):
            return False
        self._client.learn(member_removal=MemberRemoval.PUT)
        return True

    def by_value(self, fresh: Resource) -> bool:
        found = leaving(self._leaves, by_value=True)
        self._note("PATCH", fresh, patch_body(found))
        try:
            self._client.patch(fresh, found, ())
        except Refused:
            return False
        after = self._client.get(fresh.type, fresh.id)
        lost = member_ids(fresh) - self._leaves - (member_ids(after) if after else frozenset())
        if lost:
            again = joining(sorted(lost))
            self._note("PATCH", fresh, patch_body(again))
            self._client.patch(fresh, again, ())
            raise Refused(
                f"{len(lost)} others left {fresh.name} with them, and were added again: this provider cannot remove one member.", 0
            )
        if after is None or self._leaves & member_ids(after):
            return False
        self._client.learn(member_removal=MemberRemoval.VALUE)
        return True


def overlooked(client: Client, group: Resource, joins: Iterable[str], leaves: Iterable[str], got: Resource | None) -> frozenset[str]:
    """Who did not join or did not leave by a PUT that was answered with ``got``: some providers take members only by PATCH."""
    wanted, unwanted = frozenset(joins), frozenset(leaves)
    there = got if got is not None and (member_ids(got) or not wanted) else client.get(group.type, group.id)
    return (wanted - member_ids(there)) | (unwanted & member_ids(there)) if there is not None else frozenset()


def refuse_blind(client: Client, resource: Resource) -> None:
    """:raises Refused: for a PUT of a group at a provider that never shows members: all of them might be lost."""
    if resource.type.name == GROUP and client.capabilities.members_readable is False:
        raise Refused(f"{resource.name} needs a PUT, and this provider shows no members (members_readable): all might be lost.", 0)


def refuse_to_wipe(group: Resource, leaves: Iterable[str]) -> None:
    """:raises Refused: where a group is shown without those who shall leave: a PUT of it would remove everybody else, too."""
    gone = frozenset(leaves)
    if gone and not gone & member_ids(group):
        raise Refused(f"{group.name} is shown without the members who shall leave, so a PUT might remove the others. Run again.", 0)
