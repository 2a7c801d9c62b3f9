# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared directories for tests: files of people and groups, rows that make them true, and what a provider holds, by name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from .direct import Direct
from .tables import Row, Seen, Table

DIRECTORY = "identity.scim.directory"
Body = dict[str, Any]


def name(number: int) -> str:
    return f"p{number:03}@example.com"


def names(*numbers: int) -> list[str]:
    return [name(number) for number in numbers]


def person(number: int, **attributes: Any) -> Body:
    """``p007@example.com`` with a name, a title and an e-mail address; None takes one of them away."""
    own = {"user_name": name(number), "name": {"given_name": f"P{number}", "family_name": "Person"}, "title": "Engineer", "active": True}
    emails = [{"value": name(number), "type": "work", "primary": True}]
    return {key: value for key, value in {**own, "emails": emails, **attributes}.items() if value is not None}


def people(*numbers: int, **attributes: Any) -> list[Body]:
    return [person(number, **attributes) for number in numbers]


def group(display_name: str, *members: Any, **attributes: Any) -> Body:
    return {"display_name": display_name, "members": list(members), **attributes}


def file(path: Path, content: Any = None, **parts: Any) -> str:
    """Writes a declaration: ``parts`` (users, groups, defaults) as YAML or JSON, or a text as it is. Returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        content = json.dumps(parts) if path.suffix == ".json" else yaml.safe_dump(parts, sort_keys=False, allow_unicode=True)
    path.write_text(content, encoding="utf-8")
    return str(path)


def row(requests: int | None = None, error: str = "", task: Mapping[str, Any] | None = None, **options: Any) -> Row:
    """A task of identity.scim.directory."""
    return Row(options, requests=requests, error=error, module=DIRECTORY, task=task or {})


def checked(**options: Any) -> Row:
    return row(task={"check_mode": True, "diff": True}, **options)


def converged(table: Table, requests: int | None = None, **options: Any) -> Seen:
    """Check mode writes nothing and foretells; the run does it; the next changes nothing. ``requests`` is what nothing to do may cost."""
    seen = table({"foretold": checked(**options), "done": row(**options), "again": row(**options)})
    foretold, done, again = (seen[key].result for key in ("foretold", "done", "again"))
    assert not seen["foretold"].writes
    for key in ("changed", "plan_digest", "changes", "summary", "diff"):
        assert foretold[key] == done[key], f"check mode foretold another {key}: {foretold[key]} and {done[key]}"
    assert not again["changed"], again["changes"]
    assert again["changes"] == []
    assert not seen["again"].writes
    if requests is not None:
        assert len(seen["again"].exchanges) <= requests, seen["again"].sent
    return seen["done"]


def nonzero(summary: Body) -> dict[str, Body]:
    """A summary without its zeros."""
    found = {kind: {word: count for word, count in counts.items() if count} for kind, counts in summary.items()}
    return {kind: counts for kind, counts in found.items() if counts}


def seeded(direct: Direct, numbers: Sequence[int], **attributes: Any) -> list[str]:
    """The people of ``people`` made by somebody else; their ids."""
    own = {"title": "Engineer", "active": True, **attributes}
    return [
        direct.add_user(
            name(number),
            name={"givenName": f"P{number}", "familyName": "Person"},
            emails=[{"value": name(number), "type": "work", "primary": True}],
            **own,
        )["id"]
        for number in numbers
    ]


def users_of(direct: Direct) -> dict[str, Body]:
    return {user["userName"]: user for user in direct.list_all("/Users")}


def members_of(direct: Direct) -> dict[str, list[str]]:
    """Names of the members by the name of the group; a member twice stands there twice."""
    groups = direct.list_all("/Groups")
    called = {user["id"]: user["userName"] for user in direct.list_all("/Users")} | {one["id"]: one["displayName"] for one in groups}
    return {one["displayName"]: sorted(called.get(m["value"], "?") for m in one.get("members", [])) for one in groups}


def active_of(direct: Direct) -> dict[str, bool]:
    return {user: body.get("active", True) for user, body in users_of(direct).items()}
