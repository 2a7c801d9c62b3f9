# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider's users and groups as the declaration that ``identity.scim.directory`` reads: exported, it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..declaration.export_files import Destination, Export
from ..declaration.exporter import TEMPLATE, Exporter, LeftOut
from ..declaration.model import ADDITIVE, GROUP, USER
from ..scim.client.client import Client
from ..scim.client.discovery import schemas_of
from ..scim.client.reader import NO_SUCH_ENDPOINT
from ..scim.errors import Stop
from ..scim.schema.filter import parse
from ..scim.schema.overlay import canonical
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import Attribute, ResourceType, Type
from ..state.memberships import with_members
from ..wording import bounded
from .task import Result, Task

NO_GROUPS = "The provider has no listing of groups, so there are none in the export."
NO_MEMBERS = (
    "No group shows a member, so members are left out: the groups may have none, or the provider does not show them. "
    "provider_options with members_readable: true says that they have none."
)
SEVERAL = (
    "Several users are called {}. userName is unique in SCIM (RFC 7643 section 4.1.1): they are exported with their ids, and "
    "identity.scim.directory refuses such a declaration until all but one have another name."
)
NOTHING = "Nobody and no group was found. identity.scim.directory refuses an empty declaration."


@dataclass(frozen=True, slots=True)
class Found:
    """All that the provider has. ``groups`` is None where it has no listing of them; ``with_members``: whether they show theirs."""

    users: Sequence[Resource]
    groups: Sequence[Resource] | None
    with_members: bool


def directory(task: Task) -> Result:
    """The work of ``identity.scim.directory_info``."""
    parameters, client = task.parameters, task.client
    types = client.types
    destination = Destination.of(parameters["dest"], parameters["split_by"], types[USER])
    wanted = {name: _filter(types[name], parameters, f"filter_{name.lower()}s") for name in (USER, GROUP)}
    found = read(client)
    left_out = LeftOut()
    exporter = Exporter(left_out, client.capabilities.ignore_attributes, _extensions(client, found))
    called = Called(found)
    users = [(user, _user(exporter, called, user)) for user in _ordered(found.users) if wanted[USER](user)]
    groups = [_group(exporter, called, group, found.with_members) for group in _ordered(found.groups or ()) if wanted[GROUP](group)]
    declared = Export([(user, entry) for user, entry in users if entry], [entry for entry in groups if entry])
    lacking = ([NO_GROUPS] if found.groups is None else []) + ([NO_MEMBERS] if groups and not found.with_members else [])
    complete = not lacking and not left_out.losses
    doubles = sorted({user.name.casefold() for user, entry in declared.users if "id" in entry})
    warnings = [*lacking, *([SEVERAL.format(", ".join(doubles[:20]))] if doubles else []), *left_out.warnings()]
    warnings += [] if declared.users or declared.groups else [NOTHING]
    saved = destination.save(declared, client.url, task.check)
    return _result(declared, parameters["max_listed"], client, complete, warnings + list(saved.warnings), saved.files, saved.changed)


def _result(
    declared: Export, most: int, client: Client, complete: bool, warnings: list[str], files: Sequence[str], changed: bool
) -> Result:
    return {
        "changed": changed,
        "users": [entry for _user, entry in declared.users[:most]],
        "groups": list(declared.groups[:most]),
        "truncated": len(declared.users) > most or len(declared.groups) > most,
        "files": list(files),
        "complete": complete,
        "requests": client.requests,
        "warnings": bounded(warnings, most),
    }


def _filter(resource_type: ResourceType, parameters: Mapping[str, Any], option: str) -> Any:
    if not parameters[option]:
        return lambda resource: True
    parsed = parse(parameters[option], resource_type.root, option)
    return lambda resource: parsed.matches(resource_type.root, resource.body)


# -- reading -----------------------------------------------------------------------------------------------------------------------------


def read(client: Client) -> Found:
    """Everybody and every group with its members, whatever is filtered later: all of their names are needed.

    :raises Stop: where a listing is not complete, since an export of it would look as if the others were gone.
    """
    users = _every(client, client.types[USER])
    try:
        listed = _every(client, client.types[GROUP])
    except NO_SUCH_ENDPOINT:
        return Found(users, None, False)
    groups, _empty = with_members(client, listed, {group.id for group in listed})
    shown = any(group.body.get("members") for group in groups)
    return Found(users, groups, shown or client.capabilities.members_readable is True)


def _every(client: Client, resource_type: ResourceType) -> list[Resource]:
    listing = client.every(resource_type)
    if listing.complete:
        return list(listing.resources.values())
    raise Stop(f"{listing.lacking(resource_type)} Nothing is exported, since the others would look as if they were gone.")


def _extensions(client: Client, found: Found) -> Mapping[str, Attribute]:
    """The provider's own schemas of extensions that only it knows, asked for where somebody has one: some of it may be read-only."""
    further = set().union(*(one.type.unknown_extensions(one.body) for one in (*found.users, *(found.groups or ()))))
    schemas = schemas_of(client, further) if further else []
    return {schema.urn.lower(): Attribute(schema.urn, Type.COMPLEX, sub_attributes=schema.attributes) for schema in schemas}


# -- names -------------------------------------------------------------------------------------------------------------------------------


class Called:
    """What people call users and groups: a name where it means one of them and nothing else, else the id."""

    def __init__(self, found: Found) -> None:
        groups = found.groups or ()
        self._ids = {one.id for one in (*found.users, *groups)}
        self._held = {USER: _counted(found.users), GROUP: _counted(groups)}
        self._members = {user.id: self._member(user) for user in found.users}
        self._members |= {group.id: self._member(group) for group in groups if group.id not in self._members}

    def is_ambiguous(self, resource: Resource) -> bool:
        """Whether others of its type are called so."""
        return self._held[resource.type.name].get(_folded(resource), 0) > 1

    def member(self, resource_id: str) -> str | Body | None:
        """How a member is declared, by name or by ``{value: id}``; None for who is neither a user nor a group that is listed."""
        return self._members.get(resource_id)

    def _member(self, resource: Resource) -> str | Body:
        """A member's name is a user's first, then a group's; what is an id as well means both (``membership.Names``)."""
        name, resource_type = resource.body.get(resource.type.name_attribute), resource.type.name
        other = resource_type == GROUP and _folded(resource) in self._held[USER]
        usable = isinstance(name, str) and name.strip() and name not in self._ids and not TEMPLATE.search(name)
        return str(name) if usable and not other and not self.is_ambiguous(resource) else {"value": resource.id}


def _counted(resources: Iterable[Resource]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for resource in resources:
        counts[_folded(resource)] = counts.get(_folded(resource), 0) + 1
    return counts


def _folded(resource: Resource) -> str:
    return str(canonical(UNFOLDED, str(resource.body.get(resource.type.name_attribute, ""))))


UNFOLDED = Attribute("name")


def _ordered(resources: Iterable[Resource]) -> list[Resource]:
    return sorted(resources, key=lambda one: (one.name.casefold(), one.name, one.id))


# -- entries -----------------------------------------------------------------------------------------------------------------------------


def _user(exporter: Exporter, called: Called, user: Resource) -> Body:
    return _told_apart(exporter.entry(user), called, user)


def _told_apart(entry: Body, called: Called, resource: Resource) -> Body:
    return {**entry, "id": resource.id} if entry and called.is_ambiguous(resource) else entry


def _group(exporter: Exporter, called: Called, group: Resource, with_members: bool) -> Body:
    entry = _told_apart(exporter.entry(group), called, group)
    if not entry or not with_members:
        return entry
    ids = sorted({str(member.get("value") or "") for member in group.body.get("members") or ()})
    members = {member: called.member(member) for member in ids}
    unknown = [member or "?" for member, name in members.items() if name is None]
    entry["members"] = sorted((name for name in members.values() if name is not None), key=_in_order)
    if unknown:  # so that whom the provider does not list keeps a membership that cannot be declared
        entry["membership"] = ADDITIVE
        reason = "the provider lists nobody of these ids, so the group is exported with membership: additive"
        exporter.left_out.add(group, f"members {', '.join(unknown[:5])}{' and more' if len(unknown) > 5 else ''}", reason)
    return entry


def _in_order(member: str | Body) -> tuple[str, str]:
    name = member if isinstance(member, str) else str(member["value"])
    return name.casefold(), name
