# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of a group where the provider does not take, or ignores, ``remove members[value eq "…"]`` (RFC 7644 §3.5.2.2).

A PUT of the whole group is tried first. The list form, ``remove members`` with values, removes all members at a provider that ignores the
values: it is tried only where there is no PUT, and the members are read again afterwards.
"""

from __future__ import annotations

from collections.abc import Collection

from ..plan.snapshot import member_ids
from ..scim.client.client import Client
from ..scim.errors import Refused, Unsupported
from ..scim.providers.capabilities import MemberRemoval
from ..scim.schema.patch import Operation, joining, leaving, patch_body
from ..scim.schema.projection import writable
from ..scim.schema.resource import Body, Resource
from .attempt import Attempt


def unmoved(group: Resource | None, joins: Collection[str], leaves: Collection[str]) -> frozenset[str]:
    """The members that have not joined or not left yet; none if the group cannot be read."""
    present = member_ids(group) if group else frozenset(joins)
    return (frozenset(joins) - present) | (frozenset(leaves) & present)


def put(
    client: Client, attempt: Attempt, resource: Resource, body: Body, joins: Collection[str], leaves: Collection[str]
) -> Resource | None:
    """PUT ``body``, and the members after ``joins`` and ``leaves``. Return the resource as it is then, None if no answer shows it.

    :raises Refused: if the group is shown without the members to remove: a PUT would remove all others, too.
    """
    kept = (member_ids(resource) - set(leaves)) | set(joins)
    if joins or leaves:
        if leaves and not set(leaves) & member_ids(resource):
            raise Refused(
                "not updated: the provider shows the group without the members to remove, so a PUT might remove the other members, too. "
                "Run the task again.",
                0,
            )
        body = {**body, "members": [{"value": member} for member in sorted(kept)]}
    body = writable(resource.type.root, body)
    with attempt.request("PUT", f"{resource.type.endpoint}/{resource.id}", body):
        answer = client.replace(resource, body)
    shows_members = answer is not None and (member_ids(answer) or not kept)
    return answer if shows_members or not (joins or leaves) else client.get(resource.type, resource.id)


def remove_otherwise(client: Client, attempt: Attempt, group: Resource, leaves: Collection[str]) -> bool:
    """Remove members by PUT, else as a list of values; whether they are removed. What worked is learned.

    :raises Refused: if other members were removed with them, and were added again.
    """
    fresh = client.get(group.type, group.id)
    if fresh is None or client.capabilities.members_readable is False:  # the result could not be seen
        return False
    return not unmoved(fresh, (), leaves) or _by_put(client, attempt, fresh, leaves) or remove_by_value(client, attempt, fresh, leaves)


def _by_put(client: Client, attempt: Attempt, group: Resource, leaves: Collection[str]) -> bool:
    try:
        after = put(client, attempt, group, group.body, (), leaves)
    except Unsupported:
        client.learn(put=False)
        return False
    if unmoved(after, member_ids(group) - set(leaves), leaves):
        return False
    client.learn(member_removal=MemberRemoval.PUT)
    return True


def remove_by_value(client: Client, attempt: Attempt, group: Resource, leaves: Collection[str]) -> bool:
    """Remove members as a list of values; whether they are removed, which is learned.

    :raises Refused: if other members were removed with them, and were added again.
    """
    try:
        _patch(client, attempt, group, leaving(leaves, by_value=True))
    except Refused:
        return False
    after = client.get(group.type, group.id)
    lost = unmoved(after, member_ids(group) - set(leaves), ())
    if lost:
        _patch(client, attempt, group, joining(sorted(lost)))
        raise Refused(
            f"the provider removed {len(lost)} other members as well, which were added again: it cannot remove a single member.", 0
        )
    if after is None or unmoved(after, (), leaves):
        return False
    client.learn(member_removal=MemberRemoval.VALUE)
    return True


def _patch(client: Client, attempt: Attempt, group: Resource, operations: list[Operation]) -> None:
    with attempt.request("PATCH", f"{group.type.endpoint}/{group.id}", patch_body(operations)):
        client.patch(group, operations, ())
