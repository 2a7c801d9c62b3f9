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


def objections(report: dict[str, Any]) -> Iterator[str]:
    """Why a plan is refused. Names are quoted as JSON, so that no name can be a command for the terminal or the pipeline."""
    if report.get("version") != 1:
        yield "this policy reads version 1 of reports"
        return
    if report["plan_digest"] is None:
        yield "the run ended before it had a plan"
    for change in report["changes"]:
        if change["type"] == "Group" and "admin" in change["name"].lower():
            yield from (f"{json.dumps(member)} would be removed from the group {json.dumps(change['name'])}" for member in change["leaves"])
            if change["action"] == "deleted":
                yield f"the group {json.dumps(change['name'])} would be deleted"
    removed = [change for change in report["changes"] if change["type"] == "User" and change["action"] in ("deactivated", "deleted")]
    if len(removed) > MOST_REMOVED_USERS:
        yield f"{len(removed)} users would be deactivated or deleted, at most {MOST_REMOVED_USERS} are allowed"


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
