# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration that rolls a run back, from its audit log: only what the run wrote is declared, as it was before.

``identity.scim.directory`` applies it, so it is planned and guarded like any other declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..declaration.exporter import Exporter, LeftOut
from ..declaration.model import ADDITIVE, USER
from ..redact import MASK
from ..report.audit_log import DONE
from ..scim.names import snake
from ..scim.schema.resource import Body, Resource, option_path, split_path
from ..scim.schema.types import Attribute, ResourceType
from ..wording import join_names

EXPIRED = "1970-01-01"  # a membership with this date ends at once
NOT_RESTORED = ("id", "meta", "schemas", "members", "groups")  # members have operations of their own
Key = tuple[str, str]  # resource type and id
Path: TypeAlias = "tuple[str, str | None]"  # an attribute, or one of its sub-attributes


@dataclass(slots=True)
class _Written:
    """A resource before the first write of the run, the paths that were written, and each moved member: whether it was one before.

    ``unseen`` are those of whom that is not known.
    """

    type: ResourceType
    id: str
    name: str
    before: Body
    paths: set[Path] = field(default_factory=set)
    members: dict[str, bool] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)

    def add(self, line: Body) -> Iterator[str]:
        """Take in one line of the log. Yields a warning for what it wrote and cannot be rolled back."""
        for was_member, members in ((False, line.get("joins")), (True, line.get("leaves"))):
            for member in members or ():
                self.members.setdefault(member, was_member)
        self.unseen.update(line.get("unseen") or ())
        if self.unseen:
            members = join_names(sorted((line.get("names") or {}).get(member, member) for member in self.unseen))
            yield f"{self.name}: these memberships are not changed, since the log does not show whether they existed before: {members}."
        if self.type.name == USER and line["status"] == DONE and line["action"] in ("deactivated", "deleted"):  # a DELETE may do no more
            self.paths.add(("active", None))
        replaced: set[str] = set()
        for request in line.get("operations") or ():
            body = request.get("body") or {}
            if request["method"] == "PUT":
                replaced.update(self._replaced(body))
            for operation in body.get("Operations") or ():
                self.paths.update(_patched(self.type.root, operation))
        known = {name for name in replaced if name in self.before or name == "active"}  # which is in each request for resources
        self.paths.update((name, None) for name in known)
        secrets = {path for path in self.paths if path[0] == "password"}
        self.paths -= secrets
        if secrets:
            yield f"{self.name}: a password cannot be rolled back."
        masked = {path for path in self.paths if MASK in str(self.before.get(path[0]))}
        self.paths -= masked
        if masked:
            names = ", ".join(sorted({snake(name) for name, _sub in masked}))
            yield f"{self.name}: {names} cannot be rolled back: the log has masked a secret in the previous value."
        if replaced - known:
            unknown = ", ".join(sorted(replaced - known))
            yield f"{self.name}: the whole resource was replaced, and the log does not show its {unknown} before, so that is not changed."

    def _replaced(self, body: Body) -> Iterator[str]:
        """The attributes that a PUT changed. It also drops those that it does not have."""
        for name in dict.fromkeys((*body, *(name for name in self.before if self.type.root.sub(name)))):
            if name not in NOT_RESTORED and body.get(name) != self.before.get(name):
                yield name

    def entry(self, deleted: set[str], names: Mapping[str, str], exporter: Exporter) -> Body:
        """The entry that restores the resource; empty if nothing can be restored. ``deleted`` are ids that are no members any more."""
        body, clear = self._restored()
        name = self.type.name_attribute
        declared = exporter.entry(Resource(self.type, self.id, {name: self.name, **body})) if body else {}
        if name not in body:
            declared.pop(snake(name), None)
        members = [
            {"value": member, "display": names.get(member, member), **({} if was_member else {"expires": EXPIRED})}
            for member, was_member in self.members.items()
            if member not in deleted | self.unseen
        ]
        if members:
            declared |= {"members": members, "membership": ADDITIVE}
        if clear:
            declared["clear"] = clear
        return {"id": self.id, **declared} if declared else {}

    def _restored(self) -> tuple[Body, list[str]]:
        """The previous values at the paths that were written, and the paths that had none, as ``clear`` has them."""
        body, clear = dict[str, Any](), list[str]()
        for name, sub in sorted(self.paths, key=str):
            before = self.before.get(name)
            if name == "active" and before is None:
                body[name] = True  # a user without it is active
            elif sub is None and before is not None:
                body[name] = before
            elif sub is not None and isinstance(before, Mapping) and before.get(sub) is not None:
                body[name] = {**body.get(name, {}), sub: before[sub]}
            else:
                clear.append(option_path(self.type, name, *(() if sub is None else (sub,))))
        return body, clear


def rollback(run: Iterable[Body], later: Iterable[Body], types: Mapping[str, ResourceType]) -> tuple[dict[str, list[Any]], list[str]]:
    """What restores the state before a run, and warnings of what cannot be restored.

    ``users`` and ``groups`` are entries, ``created`` and ``gone`` are the names of created and of deleted resources. ``later`` are the
    lines of the log after the run: what they deleted cannot be restored either.
    """
    written: dict[Key, _Written] = {}
    created: dict[Key, str] = {}
    run = list(run)
    gone = _gone([*run, *later])
    names: dict[str, str] = {}
    warnings: dict[str, None] = {}
    for line in run:
        key, name = _key(line), line["name"]
        names.update(line.get("names") or {})
        if line.get("confirmed") is False or _deleted(line):
            continue
        if line["action"] == "created" or key in created:
            created.pop((line["type"], name), None)  # an earlier line of the same write, without the id
            created.setdefault(key, name)
        elif line.get("before") is None:
            warnings[f"{name}: its previous state is not in the log, so it is not changed."] = None
        elif line["id"]:
            resource = written.setdefault(key, _Written(types[line["type"]], line["id"], name, line["before"]))
            warnings.update(dict.fromkeys(resource.add(line)))
    left_out = LeftOut()
    exporter, deleted = Exporter(left_out), {resource_id for _type, resource_id in gone}
    found: dict[str, list[Any]] = {"users": [], "groups": []}
    for key, resource in written.items():
        if key not in gone and (entry := resource.entry(deleted, names, exporter)):
            found[resource.type.nouns].append(entry)
    found |= {"created": [name for key, name in created.items() if key not in gone], "gone": list(gone.values())}
    return found, [*warnings, *left_out.warnings()]


def _key(line: Body) -> Key:
    """The resource of a line. A new one whose id no answer has shown is known by its name only."""
    return line["type"], line["id"] or line["name"]


def _gone(lines: Iterable[Body]) -> dict[Key, str]:
    """The names of the resources that do not exist after these writes. A later line may show that a user was only deactivated."""
    gone: dict[Key, str] = {}
    for line in lines:
        if _deleted(line):
            gone[_key(line)] = line["name"]
        elif line["status"] == DONE or line.get("confirmed") is False:
            gone.pop(_key(line), None)
    return gone


def _deleted(line: Body) -> bool:
    return bool(line["action"] == "deleted" and line["status"] == DONE and line.get("after") is None)


def _patched(root: Attribute, operation: Body) -> Iterator[Path]:
    """The paths that an operation of ``patch.operations`` writes, without memberships."""
    name, *rest = split_path(operation["path"].partition("[")[0], root)
    attribute, value = root.sub(name), operation.get("value")
    if name in NOT_RESTORED:
        return
    if rest:
        yield name, rest[0]
    elif isinstance(value, Mapping) and value and not (attribute and attribute.multi_valued):
        yield from ((name, sub) for sub in value)
    else:
        yield name, None
