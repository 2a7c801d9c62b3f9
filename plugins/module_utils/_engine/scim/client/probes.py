# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few requests that only read, to see what a provider does instead of what it announces. Each asks for at most ten resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import NotScim
from ..schema.filter import equals
from ..schema.resource import read
from .client import Client
from .discovery import Response, try_get
from .listing import read_page

NO_USER = "no-such-user@identity.scim.invalid"
COUNT = 10
ABSENT = (404, 405, 501)

Resources = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Findings:
    """Capabilities that the responses show, and sentences on what deviates."""

    capabilities: dict[str, Any] = field(default_factory=dict)
    deviations: list[str] = field(default_factory=list)


def probe(client: Client) -> Findings:
    """Try listings, filters, members and ``/Me``."""
    findings = Findings()
    users = _probe_listing(client, "User", findings)
    if users is not None:
        _probe_filter(client, findings, has_users=bool(users))
    groups = _probe_listing(client, "Group", findings)
    if groups:
        _probe_members(client, findings, groups)
    findings.capabilities["me"] = client.me() is not None
    return findings


def _probe_listing(client: Client, type_name: str, findings: Findings) -> Resources | None:
    """The first resources of a type; None if they cannot be listed."""
    resource_type = client.types[type_name]
    response = try_get(client, resource_type.endpoint, count=str(COUNT))
    if response.error or not isinstance(response.body, (Mapping, list)):
        if type_name == "User" and response.status in ABSENT:
            findings.capabilities["search"] = False
        error = response.error or "the response is empty."
        findings.deviations.append(f"{resource_type.name}s cannot be listed (RFC 7644 section 3.4.2): {error}")
        return None
    try:
        page = read_page(response.body, resource_type.endpoint)
    except NotScim as error:
        findings.deviations.append(str(error))
        return None
    if type_name == "User":
        findings.capabilities["search"] = True
        if page.next_cursor:
            findings.capabilities["pagination"] = "cursor"
    findings.deviations += _listing_deviations(resource_type.endpoint, response, len(page.resources), page.total)
    return page.resources


def _listing_deviations(endpoint: str, response: Response, size: int, total: int | None) -> list[str]:
    """How a listing of ``size`` resources differs from a ListResponse."""
    deviations = []
    if isinstance(response.body, list):
        deviations.append(f"{endpoint} returns an array instead of a ListResponse (RFC 7644 section 3.4.2).")
    elif "Resources" not in response.body and size:
        deviations.append(f'{endpoint} returns a list without the key "Resources" in this spelling (RFC 7644 section 3.4.2).')
    if total is None:
        deviations.append(
            f"{endpoint} returns a list without totalResults (RFC 7644 section 3.4.2), so a listing cannot be checked for completeness."
        )
    if size > COUNT:
        deviations.append(f"{endpoint} returns {size} resources for count={COUNT} (RFC 7644 section 3.4.2.4).")
    return deviations


def _probe_filter(client: Client, findings: Findings, has_users: bool) -> None:
    """Send a filter that matches no user: a response with users shows that it is ignored. Without users, nothing can be seen."""
    resource_type = client.types["User"]
    response = try_get(client, resource_type.endpoint, filter=equals(resource_type.name_attribute, NO_USER), count="1")
    if response.error:
        findings.capabilities["filter"] = False
        findings.deviations.append(
            f'The filter "{resource_type.name_attribute} eq" is refused (RFC 7644 section 3.4.2.2): {response.error}'
        )
        return
    try:
        matched: Resources = read_page(response.body, resource_type.endpoint).resources
    except NotScim:
        matched = ()
    if matched:
        findings.capabilities["filter"] = False
        findings.deviations.append("Filters are ignored: a filter that matches no user returns users (RFC 7644 section 3.4.2.2).")
    elif has_users:
        findings.capabilities["filter"] = True


def _probe_members(client: Client, findings: Findings, groups: Resources) -> None:
    """Look for members in the listing, else in the first group. No members show nothing, since the groups may be empty."""
    resource_type = client.types["Group"]
    listed_groups = [read(resource_type, raw) for raw in groups]
    if any(group.body.get("members") for group in listed_groups):
        findings.capabilities["members_readable"] = True
        return
    client.populated.add(listed_groups[0].id)  # it may have members that are shown on request only
    group = client.get(resource_type, listed_groups[0].id) if listed_groups[0].id else None
    if not group or not group.body.get("members"):
        return
    findings.capabilities["members_readable"] = True
    if client.capabilities.members_on_request:
        findings.capabilities["members_on_request"] = True
        findings.deviations.append("Groups show their members only if they are requested with attributes (RFC 7643 section 7, returned).")
    else:
        findings.deviations.append("Listings of groups do not show members. identity.scim reads each group whose members matter.")
