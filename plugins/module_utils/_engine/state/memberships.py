# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of groups, as the provider's answers show them. Where they never do, see ``hidden_memberships``, and where
they leave out some of them, ``incomplete_members``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from ..declaration.model import GROUP
from ..plan.name_index import NameIndex
from ..plan.snapshot import Snapshot
from ..scim.client.client import Client
from ..scim.errors import Invalid
from ..scim.schema.resource import Resource
from .hidden_memberships import DeclaredEdges, ask_for_members, have_no_members, members_are_hidden, refuse_too_many
from .incomplete_members import ShownMembers, with_hidden_members
from .requirements import Requirements


def read_members(client: Client, needed: Requirements, snapshot: Snapshot, groups: Sequence[Resource]) -> None:
    """Add groups to the snapshot, with their members as far as they matter. The users must have been read before."""
    snapshot.groups.update({group.id: group for group in groups})
    if needed.alone is not None and any(map(needed.policy.is_exact, needed.declaration.groups)):
        client.populated.update(group.id for group in groups)  # found without a choice of attributes: members may have to be requested
    read, empty = with_members(
        client,
        groups,
        lambda: _groups_that_matter(needed, snapshot, groups),
        lambda fewer_than: not needed.holding and have_no_members(client, needed, snapshot, fewer_than),
    )
    snapshot.groups.update({group.id: group for group in read})
    if any(group.body.get("members") for group in read):
        read = _with_hidden(client, needed, snapshot, read)
    elif not empty and client.capabilities.membership_search is not False and members_are_hidden(client, needed, snapshot):
        snapshot.members.update(ask_for_members(client, needed, snapshot))
        snapshot.hides_members = True
        return
    snapshot.add_groups(read)
    _refuse_members_by_name(needed, snapshot, read)
    known = client.capabilities
    snapshot.resent = known.members_readable is False and known.membership_search is False
    snapshot.unseen = snapshot.resent or (not known.members_readable and bool(snapshot.groups) and not any(snapshot.members.values()))
    if known.members_readable is False and not snapshot.resent:  # the members that are not shown are asked for
        for group, members in ask_for_members(client, needed, snapshot, nested=True).items():
            snapshot.members[group] = snapshot.members.get(group, frozenset()) | members


def _with_hidden(client: Client, needed: Requirements, snapshot: Snapshot, groups: Sequence[Resource]) -> list[Resource]:
    """The groups with the members that a listing left out, as far as they matter."""
    if client.stated.members_readable:
        return list(groups)
    shown = ShownMembers(groups, snapshot.groups.keys())
    edges = DeclaredEdges(needed, snapshot, keep=shown.may_lack)
    undeclared = shown.unshown(edges.exact_groups, snapshot.users) if needed.alone is None else ()
    alone = [group.id for group in groups if not group.complete and group.id in edges.exact_groups] if needed.alone is not None else ()
    return with_hidden_members(
        client,
        groups,
        shown,
        sorted(edges.wanted),
        chain(sorted(edges.named), undeclared),
        lambda: _groups_that_matter(needed, snapshot, groups),
        alone,
    )


def with_members(
    client: Client,
    groups: Sequence[Resource],
    mattering: Callable[[], set[str]],
    have_none: Callable[[int], bool] = lambda fewer_than: False,
) -> tuple[list[Resource], bool]:
    """The groups, and whether they are known to be empty without having been read.

    Some providers omit members from listings: if no group in the listing has any, the ``mattering`` groups are read one by one. If the
    first of them is empty, ``have_none`` may show in fewer requests that all others are.
    """
    listed = [group for group in groups if not group.complete]  # one that was read by its id shows nothing of the listing
    if any(group.body.get("members") for group in listed) or client.capabilities.members_readable is False:
        return list(groups), False
    resource_type = client.types[GROUP]
    wanted = mattering()
    first, *others = [group.id for group in listed if group.id in wanted] or [""]
    read_again = [client.get(resource_type, first)] if first else []
    empty = not any(group.body.get("members") for group in read_again if group) and have_none(len(others))
    read_again += [] if empty else client.together(lambda key: client.get(resource_type, key), others)
    whole = {group.id: group for group in read_again if group is not None}
    return [whole.get(group.id, group) for group in groups], empty


def _groups_that_matter(needed: Requirements, snapshot: Snapshot, groups: Sequence[Resource]) -> set[str]:
    """The groups whose members a declaration is about, or whose members hold what must remain; all, where all groups of a user must be
    known.
    """
    if any(needed.policy.is_exact(user) for user in needed.declaration.users):
        refuse_too_many(len(groups))
        return {group.id for group in groups}
    holding = {group.id for group in groups if any(rule.selects(GROUP, group.body) for rule in needed.holding)}
    return DeclaredEdges(needed, snapshot).groups | holding


def _refuse_members_by_name(needed: Requirements, snapshot: Snapshot, groups: Sequence[Resource]) -> None:
    """:raises Invalid: if a membership matters and is shown by userName: it would be added again, and removed without effect."""
    ids = snapshot.all_ids()
    unknown = [(group, member) for group in groups for member in snapshot.members[group.id] - ids]
    if not unknown:
        return
    names = NameIndex.of(snapshot.users.values())
    by_name = [
        (group, member, user) for group, member in unknown for user in names.by_name(member) if user not in snapshot.members[group.id]
    ]
    edges = DeclaredEdges(needed, snapshot)
    for group, member, user in by_name:
        if edges.matters((group.id, user)):
            raise Invalid(
                f'{group.name}: the provider shows the member "{member}" by name, not by id (RFC 7643 section 4.2), so memberships '
                f"cannot be compared. Do not declare members and groups at this provider; users can be managed."
            )
