# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports for tests: one with a change of each action, and parts to build others from."""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.report.model import Report, by_danger

Body = dict[str, Any]
DIGEST = "83298f6822584466"
NONE = {"created": 0, "updated": 0, "deactivated": 0, "deleted": 0, "unchanged": 0, "failed": 0}


def change(action: str, name: str, *attributes: tuple[str, Any, Any], **more: Any) -> Body:
    """A change as ``diff.presented`` returns it, with its status."""
    rows = [{"path": path, "before": before, "after": after} for path, before, after in attributes]
    own = {"type": "User", "name": name, "id": f"id-{name}", "action": action, "reason": "declared", "attributes": rows}
    return {**own, "secrets": [], "joins": [], "leaves": [], "digest": f"digest-{name}", "status": "planned", **more}


CHANGES = by_danger(
    [
        change("created", "new@example.com", ("user_name", None, "new@example.com"), ("active", None, True), secrets=["password"]),
        change("updated", "kim@example.com", ("title", "Boss", "Chief"), ("nick_name", "K", None)),
        change("deactivated", "lee@example.com", ("active", True, False), reason="not declared"),
        change("deleted", "old@example.com", ("user_name", "old@example.com", None), reason="declared absent"),
        change("updated", "Team", type="Group", joins=["kim@example.com"], leaves=["lee@example.com", "old@example.com"]),
    ]
)
SUMMARY = {
    "users": {**NONE, "created": 1, "updated": 1, "deactivated": 1, "deleted": 1, "unchanged": 40},
    "groups": {**NONE, "updated": 1},
    "memberships": {"added": 1, "removed": 2},
}


def report(**more: Any) -> Report:
    """A plan with these changes."""
    own: Body = {"url": "https://scim.example.com/v2", "time": "2026-11-24T18:41:03+00:00", "planned": True, "plan_digest": DIGEST}
    return Report(**{**own, "summary": SUMMARY, "changes": CHANGES, "requests_planned": 5, "seconds_planned": 4.0, **more})


def failed(name: str, error: str) -> Body:
    return change("updated", name, ("title", "Boss", "Chief"), status="failed", error=error)
