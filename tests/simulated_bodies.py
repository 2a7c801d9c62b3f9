# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulated provider does with bodies: attributes that were asked for, members that come and go."""

from __future__ import annotations

import json
import re
from typing import Any

from ansible_collections.identity.scim.tests.simulated_habits import Habits
from ansible_collections.identity.scim.tests.unit.properties.oracle import patched

Body = dict[str, Any]
ALWAYS_RETURNED = ("id", "schemas")
_MEMBER = re.compile(r'members\[value eq (?P<value>"(?:[^"\\]|\\.)*")\]')


def chosen(body: Body, attributes: str, excluded: str = "") -> Body:
    """A body with the attributes that were asked for, and those that are always returned (RFC 7644 §3.9)."""
    if not attributes:
        return _without(body, excluded.split(",")) if excluded else body
    kept: Body = {name: body[name] for name in ALWAYS_RETURNED if name in body}
    for name in attributes.split(","):
        urn, _colon, sub = name.rpartition(":")
        if name in body:
            kept[name] = body[name]
        elif urn in body and not isinstance(body[urn], dict):  # whatever it is, it is given as it is
            kept[urn] = body[urn]
        elif urn in body and sub in body[urn]:
            kept.setdefault(urn, {})[sub] = body[urn][sub]
    return kept


def _without(body: Body, excluded: list[str]) -> Body:
    names = {name for name in excluded if name not in ALWAYS_RETURNED}
    kept: Body = {name: value for name, value in body.items() if name not in names}
    for name in names & {f"{name}.{sub}" for name, value in body.items() if isinstance(value, dict) for sub in value}:
        parent, _dot, child = name.partition(".")
        kept[parent] = {sub: value for sub, value in kept[parent].items() if sub != child}
    return kept


def patch_members(group: Body, operation: Body, habits: Habits) -> int:
    """A PATCH operation on the members of a group, and how many it names."""
    members = list(group.get("members", ()))
    given = operation.get("value") or ()
    if operation["op"] == "add" and "joins" in habits.ignores:
        return len(given)
    if operation["op"] == "add":
        members = [] if habits.replaces else members
        new = [member for member in given if habits.doubles_members or member["value"] not in {old["value"] for old in members}]
        group["members"] = [*members, *({"type": "User", **member} for member in new)]
        return len(given)
    assert operation["op"] == "remove", operation
    named = _MEMBER.fullmatch(operation["path"])
    gone = {json.loads(named["value"])} if named else {member["value"] for member in given}
    assert gone, "a remove of plain members would remove everybody"
    if "leaves" not in habits.ignores:
        group["members"] = [] if habits.clears else [member for member in members if member["value"] not in gone]
    return len(gone)


def removed_again(body: Body, operation: Body) -> Body:
    """A repeated ``remove`` finds nothing more, which is as it shall be."""
    try:
        return patched(body, [operation])
    except AssertionError as error:
        if "nothing to remove" not in str(error):
            raise
        return body
