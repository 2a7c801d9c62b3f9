# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a provider, and the losses between two states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ansible_collections.identity.scim.tests.simulated import Simulated

Body = dict[str, Any]
State = Mapping[str, Mapping[str, Body]]  # endpoint, id, resource: a resource is never changed in place
Loss = tuple[str, str, str]  # what happened, to which id, and for a membership the member's

DEACTIVATED, DELETED, LEFT = "deactivated", "deleted", "left"
NOT_COMPARED = frozenset({"id", "meta", "schemas", "members"})


def state_of(provider: Simulated) -> State:
    """The current state of a provider."""
    return {endpoint: dict(found) for endpoint, found in provider.stored.items()}


def members_of(group: Body) -> list[str]:
    """The ids of the members of a group."""
    return [member["value"] for member in group.get("members", ())]


def losses(before: State, after: State) -> set[Loss]:
    """The deleted users and groups, the deactivated users, and the ended memberships of users and groups that still exist."""
    found = {(DELETED, key, "") for endpoint in before for key in before[endpoint] if key not in after[endpoint]}
    for key, user in before["/Users"].items():
        now = after["/Users"].get(key)
        if now is not None and now is not user and user.get("active") is not False and now.get("active") is False:
            found.add((DEACTIVATED, key, ""))
    everybody = {*after["/Users"], *after["/Groups"]}
    for key, group in before["/Groups"].items():
        now = after["/Groups"].get(key)
        if now is not None and now is not group:
            found |= {(LEFT, key, member) for member in {*members_of(group)} - {*members_of(now)} if member in everybody}
    return found


def doubled(state: State) -> list[str]:
    """Names that two users or two groups have, and members that a group has twice."""
    found = []
    for endpoint, attribute in (("/Users", "userName"), ("/Groups", "displayName")):
        names = Counter(str(body[attribute]).casefold() for body in state[endpoint].values())
        found += [f"{endpoint} {name}" for name, count in names.items() if count > 1]
    for group in state["/Groups"].values():
        found += [f"{member} in {group['displayName']}" for member, count in Counter(members_of(group)).items() if count > 1]
    return found


def portrait(state: State) -> Body:
    """A state without ids, versions and order, so that two providers with the same content are equal."""
    names = {
        key: str(body.get("userName") or body.get("displayName")).casefold() for found in state.values() for key, body in found.items()
    }
    return {
        endpoint: sorted(
            (
                names[key],
                sorted((name, unordered(value)) for name, value in body.items() if name not in NOT_COMPARED),
                sorted(names.get(member, member) for member in {*members_of(body)}),
            )
            for key, body in found.items()
        )
        for endpoint, found in state.items()
    }


def unordered(value: Any) -> str:
    """A value as text, regardless of the order of keys and elements."""
    if isinstance(value, list):
        return f"[{', '.join(sorted(map(unordered, value)))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {unordered(value[key])}' for key in sorted(value))}}}"
    return repr(value)
