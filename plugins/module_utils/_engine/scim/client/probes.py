# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few questions that only read, to see what a provider does instead of what it says. Each asks for one page of a few resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import NotScim
from ..schema.filter import equals
from ..schema.resource import read
from .client import Client
from .discovery import Told, ask
from .listing import read_page

NOBODY = "nobody-is-called-so@identity.scim.invalid"
FEW = 10
ABSENT = (404, 405, 501)


@dataclass(slots=True)
class Seen:
    """Capabilities that answers have shown, and sentences on what deviates."""

    capabilities: dict[str, Any] = field(default_factory=dict)
    deviations: list[str] = field(default_factory=list)


def probe(client: Client) -> Seen:
    """Look at listings, filters, groups and ``/Me``."""
    seen = Seen()
    users = _listing(client, "User", seen)
    if users is not None:
        _filter(client, seen, bool(users))
    groups = _listing(client, "Group", seen)
    if groups:
        _members(client, groups, seen)
    seen.capabilities["me"] = client.me() is not None
    return seen


def _listing(client: Client, name: str, seen: Seen) -> list[Mapping[str, Any]] | None:
    """The first resources of a type; None where they are not listed."""
    resource_type = client.types[name]
    told = ask(client, resource_type.endpoint, count=str(FEW))
    if not told.answered or not isinstance(told.body, (Mapping, list)):
        why = told.why or "the answer is empty"
        if name == "User" and told.status in ABSENT:
            seen.capabilities["search"] = False
        seen.deviations.append(f"{resource_type.name}s cannot be listed (RFC 7644 section 3.4.2): {why}.")
        return None
    try:
        page = read_page(told.body, resource_type.endpoint)
    except NotScim as other:
        seen.deviations.append(str(other))
        return None
    if name == "User":
        seen.capabilities.update({"search": True, **({"pagination": "cursor"} if page.next_cursor else {})})
    seen.deviations += _forms(resource_type.endpoint, told, len(page.resources), page.total)
    return page.resources


def _forms(endpoint: str, told: Told, read: int, total: int | None) -> list[str]:
    """How a listing differs from a ListResponse."""
    found = []
    if isinstance(told.body, list):
        found.append(f"{endpoint} is listed as a bare array, not as a ListResponse (RFC 7644 section 3.4.2).")
    elif "Resources" not in told.body and read:
        found.append(f"{endpoint} is listed without the key Resources in that spelling (RFC 7644 section 3.4.2).")
    if total is None:
        found.append(
            f"{endpoint} is listed without totalResults (RFC 7644 section 3.4.2), so nobody can tell whether a listing is complete."
        )
    if read > FEW:
        found.append(f"{endpoint} answers with {read} resources where count={FEW} was asked for (RFC 7644 section 3.4.2.4).")
    return found


def _filter(client: Client, seen: Seen, anybody: bool) -> None:
    """A filter that matches nobody: who answers with somebody ignores it. Where there is nobody at all, nothing is seen."""
    resource_type = client.types["User"]
    told = ask(client, resource_type.endpoint, filter=equals(resource_type.name_attribute, NOBODY), count="1")
    if not told.answered:
        seen.capabilities["filter"] = False
        seen.deviations.append(f"A filter {resource_type.name_attribute} eq is refused (RFC 7644 section 3.4.2.2): {told.why}.")
        return
    try:
        matched = read_page(told.body, resource_type.endpoint)
    except NotScim:
        matched = None
    if matched and matched.resources:
        seen.capabilities["filter"] = False
        seen.deviations.append("Filters are ignored: one that matches nobody is answered with somebody (RFC 7644 section 3.4.2.2).")
    elif anybody:
        seen.capabilities["filter"] = True


def _members(client: Client, groups: list[Mapping[str, Any]], seen: Seen) -> None:
    """Whether group answers hold members: listings, else the groups themselves. Groups may be empty, so None of them tells nothing."""
    resource_type = client.types["Group"]
    read_groups = [read(resource_type, raw) for raw in groups]
    if any(group.body.get("members") for group in read_groups):
        seen.capabilities["members_readable"] = True
        return
    again = client.get(resource_type, read_groups[0].id) if read_groups[0].id else None
    if again is not None and again.body.get("members"):
        seen.capabilities["members_readable"] = True
        seen.deviations.append("Listings of groups hold no members; each group is asked for by itself where they matter.")
