# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks up the managers whom no declared user is called, where the listing of users is not complete."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..declaration.model import USER
from ..plan.reporting_lines import URN, Called, manager_of, unresolved
from ..plan.snapshot import Snapshot
from ..scim.client.client import Client
from ..scim.client.lookup import TOGETHER
from ..scim.schema.filter import equals
from ..scim.schema.resource import Resource
from .requirements import Requirements


def look_up_managers(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    """Add the managers to the users of a snapshot: found by user name, then by e-mail address, by employee number, and by id.

    A text that is the id which the provider shows already needs no request.
    """
    lookup = client.lookup(client.types[USER])
    if USER in snapshot.complete or not lookup.searchable:
        return
    shown = {manager_of(user.body) for user in snapshot.users.values()}
    wanted = [text for text in unresolved(needed.declaration.users, needed.policy) if text not in shown]
    if not wanted:
        return
    ways: Sequence[Callable[[Sequence[str]], Sequence[Resource]]] = (
        lambda texts: list(lookup.find_values("userName", texts).values()),
        lambda texts: lookup.find_any([equals("emails.value", text) for text in texts]),
        lambda texts: lookup.find_any([equals(f"{URN}:employeeNumber", text) for text in texts]),
        lambda texts: list(lookup.read_ids(texts).values()),
    )
    for way in ways:
        called = Called()
        for user in snapshot.users.values():
            called.add(user.id, user.body)
        wanted = [text for text in wanted if text not in snapshot.users and not called.keys(text)]
        for first in range(0, len(wanted), TOGETHER):
            snapshot.users.update({user.id: user for user in way(wanted[first : first + TOGETHER])})
