# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration that takes a run back, made of its audit log: only what the run wrote is declared, as it was before.

``identity.scim.directory`` makes it true, so it is planned and guarded like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..declaration.exporter import Exporter, LeftOut
from ..declaration.model import ADDITIVE, GROUP, USER
from ..scim.schema.resource import Body, Resource, option_path, split_path
from ..scim.schema.types import Attribute, ResourceType

OVER = "1970-01-01"  # a membership that expired then is one that ends now
NOT_WRITTEN = ("id", "meta", "schemas", "members", "groups")
Key = tuple[str, str]  # resource type and id
Path = tuple[str, str | None]  # an attribute, or one of its sub-attributes


@dataclass(frozen=True, slots=True)
class Undone:
    """Entries under the names of options, the names of who was made and of who is gone, and what could not be taken back."""

    users: Sequence[Body] = ()
    groups: Sequence[Body] = ()
    created: Sequence[str] = ()
    gone: Sequence[str] = ()
    warnings: Sequence[str] = ()


@dataclass(slots=True)
class _Resource:
    """What a run did to one resource: what was there before its first write, and what was written."""

    type: ResourceType
    id: str
    before: Body
    name: str
    touched: set[Path] = field(default_factory=set)
    members: dict[str, bool] = field(default_factory=dict)  # whether they were members before


def undone(run: Iterable[Body], later: Iterable[Body], types: Mapping[str, ResourceType]) -> Undone:
    """What takes a run back. ``later`` are the lines of the log after it: whoever was deleted since is gone, too."""
    found: dict[Key, _Resource] = {}
    created: dict[Key, str] = {}
    gone = {(line["type"], line["id"]): line["name"] for line in later if line["action"] == "deleted" and line["status"] == "done"}
    names: dict[str, str] = {}
    warnings: dict[str, None] = {}
    for line in run:
        key = (line["type"], line["id"])
        names.update(line.get("names") or {})
        if line["action"] == "deleted" and line["status"] == "done":
            gone[key] = line["name"]
        elif line["action"] == "created" or key in created:
            created.setdefault(key, line["name"])
        elif line.get("before") is None:
            warnings[f"{line['name']}: what was there before is not in the log, so it is left as it is."] = None
        elif key[1]:
            one = found.setdefault(key, _Resource(types[key[0]], key[1], line["before"], line["name"]))
            warnings.update(dict.fromkeys(_note(one, line)))
    left = [one for key, one in found.items() if key not in gone]
    left_out = LeftOut()
    deleted = {resource_id for _type, resource_id in gone}
    entries = {
        name: [entry for one in left if one.type.name == name and (entry := _entry(one, deleted, names, Exporter(left_out)))]
        for name in (USER, GROUP)
    }
    made = [name for key, name in created.items() if key not in gone]
    return Undone(entries[USER], entries[GROUP], made, list(gone.values()), (*warnings, *left_out.warnings()))


def _note(one: _Resource, line: Body) -> Iterable[str]:
    """Take in one line; what it changed and cannot be taken back is told."""
    for before, listed in ((False, line.get("joins")), (True, line.get("leaves"))):
        for member in listed or ():
            one.members.setdefault(member, before)
    unclear = set()
    for request in line.get("operations") or ():
        body = request.get("body") or {}
        if request["method"] == "PUT":
            known = {path for path in _replaced(one, body) if path[0] in one.before or path[0] == "active"}  # always asked for
            one.touched |= known
            unclear |= {path[0] for path in _replaced(one, body)} - {path[0] for path in known}
        for operation in body.get("Operations") or ():
            one.touched |= set(_written(one.type.root, operation.get("path"), operation.get("value")))
    secret = {path for path in one.touched if path[0] == "password"}
    one.touched -= secret
    if secret:
        yield f"{one.name}: a password cannot be taken back."
    if unclear:
        what = ", ".join(sorted(unclear))
        yield f"{one.name}: the whole resource was written, and whether it had {what} before is not in the log: that is left as it is."


def _replaced(one: _Resource, body: Body) -> Iterable[Path]:
    """What a PUT changed."""
    own = [name for name in body if name not in NOT_WRITTEN]
    dropped = [name for name in one.before if name not in body and name not in NOT_WRITTEN and one.type.root.sub(name)]
    return [(name, None) for name in own + dropped if body.get(name) != one.before.get(name)]


def _written(root: Attribute, path: str | None, value: Any) -> Iterable[Path]:
    """The paths that a PATCH operation writes (RFC 7644 §3.5.2), without memberships."""
    if not path:
        inner = value if isinstance(value, Mapping) else {}
        return [found for name in inner for found in _written(root, str(name), inner[name])]
    first, *rest = split_path(path.partition("[")[0], root)
    attribute = root.sub(first)
    name = attribute.name if attribute else first
    if name in NOT_WRITTEN:
        return []
    if rest and "[" not in path:
        sub = attribute.sub(rest[0]) if attribute else None
        return [(name, sub.name if sub else rest[0])]
    if isinstance(value, Mapping) and value and not (attribute and attribute.multi_valued):
        return [(name, str(sub)) for sub in value]
    return [(name, None)]


def _entry(one: _Resource, deleted: set[str], names: Mapping[str, str], exporter: Exporter) -> Body:
    """What declares one resource as it was; nothing where nothing is left to declare."""
    resource_type = one.type
    body, clear = _as_it_was(one)
    declared = exporter.entry(Resource(resource_type, one.id, {resource_type.name_attribute: one.name, **body})) if body else {}
    if resource_type.name_attribute not in body:
        declared = {
            name: value
            for name, value in declared.items()
            if name != (resource_type.root.sub(resource_type.name_attribute) or resource_type.root).option
        }
    members = [
        {"value": member, "display": names.get(member, member), **({} if before else {"expires": OVER})}
        for member, before in one.members.items()
        if member not in deleted
    ]
    if members:
        declared.update(members=members, membership=ADDITIVE)
    if clear:
        declared["clear"] = clear
    return {"id": one.id, **declared} if declared else {}


def _as_it_was(one: _Resource) -> tuple[Body, list[str]]:
    """The values before, of what was written, and the paths that had none."""
    body, clear = dict[str, Any](), list[str]()
    for name, sub in sorted(one.touched, key=str):
        before = one.before.get(name)
        if name == "active" and before is None:
            body[name] = True  # who is not said to be inactive is active
        elif sub is None and before is not None:
            body[name] = before
        elif sub is not None and isinstance(before, Mapping) and before.get(sub) is not None:
            body[name] = {**body.get(name, {}), sub: before[sub]}
        else:
            clear.append(option_path(one.type, name, *(() if sub is None else (sub,))))
    return body, clear
