# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse plans that need more than the usual review: the same policy as plan.rego, for Python alone.

python policies/check_plan.py reports/*.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_REMOVED_USERS = 5
NAMES = {"User": "user_name", "Group": "display_name"}
ROLES = ("roles[", "entitlements[")


def is_admin(value: Any) -> bool:
    """Whether a name, role or entitlement gives the rights of an administrator."""
    return "admin" in str(value).lower()


def objections(report: dict[str, Any]) -> Iterator[str]:
    """Why a plan is refused. Names are quoted as JSON, so that no name can be a command for the terminal or the pipeline."""
    if report.get("version") != 1:
        yield "this policy reads version 1 of reports"
        return
    if report["plan_digest"] is None:
        yield "the run ended before it had a plan"
    if any("after" not in row for change in report["changes"] for row in change["attributes"]):
        yield "this policy needs the values of attributes, which report_values: none leaves out"
        return
    for change in report["changes"]:
        yield from (f"the {change['type'].lower()} {json.dumps(change['name'])} would {effect}" for effect in effects(change))
    removed = [change for change in report["changes"] if change["type"] == "User" and change["action"] in ("deactivated", "deleted")]
    if len(removed) > MOST_REMOVED_USERS:
        yield f"{len(removed)} users would be deactivated or deleted, at most {MOST_REMOVED_USERS} are allowed"


def effects(change: dict[str, Any]) -> Iterator[str]:
    """How a change gives or takes the rights of an administrator. The name of a change is the one before it."""
    if is_admin(change["name"]):
        yield from (f"gain {json.dumps(member)}" for member in change["joins"])
        yield from (f"lose {json.dumps(member)}" for member in change["leaves"])
        if change["action"] in ("deactivated", "deleted"):
            yield f"be {change['action']}"
    if change["action"] == "updated":
        new_names = [row["after"] for row in change["attributes"] if row["path"] == NAMES[change["type"]]]
        yield from (f"be renamed to {json.dumps(name)}" for name in new_names if is_admin(change["name"]) or is_admin(name))
    before, after = admin_roles(change, "before"), admin_roles(change, "after")
    yield from (f"gain the role {json.dumps(role)}" for role in sorted(after - before))
    yield from (f"lose the role {json.dumps(role)}" for role in sorted(before - after))


def admin_roles(change: dict[str, Any], side: str) -> set[str]:
    """The roles and entitlements of administrators among the attributes that differ."""
    return {row[side] for row in change["attributes"] if row["path"].startswith(ROLES) and is_admin(row[side])}


def main(paths: list[str]) -> int:
    """Print the objections to each report. 1 if there are any, 2 if there is no report."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    refused = [f"{path}: {objection}" for path in paths for objection in objections(json.loads(Path(path).read_text("utf-8")))]
    print("\n".join(refused) or f"accepted: {', '.join(paths)}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
