# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the simulated provider behaves, what goes wrong, and what it notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Habits:
    """What this provider can do, and in what it deviates.

    filters: ``honoured``, ``exact`` (compares case), ``ignored`` (answers with everybody), ``refused`` (400). bulk: maxOperations, or 0.
    comparisons: so many of a filter with ``or`` are evaluated, the others ignored. lists: whether a listing without a filter is answered.
    lists_inactive: whether it shows inactive users.
    hidden: so many resources of a listing are promised and never shown. me: the id behind the credential. folds: userName and e-mails are
    stored in lower case. drops: attributes that are accepted and not stored. lacks: likewise, and a PATCH of them is refused with
    invalidPath. put_only: attributes that are stored, and refused in a PATCH. immutable: a PATCH of these is refused, too. names_refused:
    whether a refusal names the attribute. doubles_members: adding a member who is there holds it twice.
    deletion: what DELETE of a user does, ``deletes``, ``deactivates`` or ``refused``. deactivation: what ``active: false`` does, likewise.
    unique_names, unique_groups: whether a second resource of a name is refused. answers_post: whether the answer to a POST shows what was
    created. lag: so many seconds reads, and what finds the resource of a write, lag behind.
    ignores: what is answered with success and not done, of ``active`` (the attribute), ``joins``, ``leaves`` and ``deletions``.
    replaces: adding members removes all others. clears: removing a member removes all members.
    shows_members: groups are answered with their members. members_on_request: only where ``attributes`` of a GET names them.
    members_in_body: of a new group, ``stored``, ``ignored`` or ``refused``.
    most_listed, most_shown: how many members a group shows in a list, and anywhere.
    projects: attributes that are answered when they are requested with ``attributes``: ``all``, or ``core`` ones only.
    stores_projection: a PATCH stores only what ``attributes`` and ``excludedAttributes`` leave of a resource.
    prefix: what is put before the name of each group that is created.
    lists_nested: whether lists show members that are groups. membership_filters: forms of filters on members that it takes, see ``ASKING``;
    or ``overlooked`` or ``nothing``, which it answers with every group or with none.
    """

    patch: bool = True
    put: bool = True
    answers_patch: bool = True
    bulk: int = 0
    echoes_bulk_id: bool = True
    filters: str = "honoured"
    comparisons: int = 1000
    lists: bool = True
    lists_inactive: bool = True
    page_size: int = 100
    cursors: bool = False
    tells_total: bool = True
    members_in_lists: bool = True
    most_members: int = 1000
    hidden: int = 0
    me: str = ""
    folds: bool = False
    drops: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    put_only: frozenset[str] = frozenset()
    immutable: frozenset[str] = frozenset()
    names_refused: bool = True
    doubles_members: bool = False
    unique_emails: bool = False
    unique_names: bool = True
    answers_post: bool = True
    lag: float = 0.0
    unique_groups: bool = False
    deletion: str = "deletes"
    deactivation: str = "deactivates"
    ignores: frozenset[str] = frozenset()
    replaces: bool = False
    clears: bool = False
    shows_members: bool = True
    members_on_request: bool = False
    members_in_body: str = "stored"
    most_listed: int | None = None
    most_shown: int | None = None
    lists_nested: bool = True
    projects: str = "all"
    stores_projection: bool = False
    prefix: str = ""
    membership_filters: frozenset[str] = frozenset({"member"})


@dataclass(frozen=True)
class Written:
    """One write that took place; those of a bulk request stand by themselves."""

    method: str
    path: str
    body: Any = None


@dataclass
class Faults:
    """What goes wrong. ``lost`` has the numbers of writing requests whose answer is lost, and whether they took place; ``refuses`` may
    raise or return a status for a write."""

    lost: Mapping[int, bool] = field(default_factory=dict)
    refuses: Callable[[str, str, Any], int | None] = lambda method, path, body: None
