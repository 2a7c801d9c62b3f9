# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as people have them, end to end: declared, created on a real server, and unchanged in the second run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from servers.directories import members_of, row, users_of
from servers.playbooks import Run
from servers.tables import Table

CASES = Path(__file__).parents[1] / "unit" / "cases" / "sources"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def tables_of_products(folder: Path) -> dict[str, dict[str, Any]]:
    """The cases of presets, each written to a folder of its own, with people of a domain of its own."""
    files = [yaml.safe_load((CASES / name).read_text("utf-8")) for name in ("presets.yml", "lists.yml")]
    cases = [case for cases in files for case in cases if "preset" in case]
    found: dict[str, dict[str, Any]] = {}
    for number, case in enumerate(cases):
        own = json.loads(re.sub(r"(example\.com|corp\.example)", rf"c{number}.\1", json.dumps(case, ensure_ascii=False)))
        own = json.loads(re.sub(r'"mvoss"', f'"mvoss{number}"', json.dumps(own))) if case["case"] == "JumpCloud" else own
        for name, text in own["files"].items():
            text = text.replace("mvoss,", f"mvoss{number},") if case["case"] == "JumpCloud" else text
            path = folder / f"{number}" / name
            path.parent.mkdir(parents=True)
            path.write_bytes(text.encode(own.get("encoding", "utf-8")))
        groups = own.get("groups", [])
        members = {member for group in groups for member in group["members"]} - {group["displayName"] for group in groups}
        found[case["case"]] = {**own, "src": [str(folder / f"{number}")], "users inline": [{"user_name": name} for name in sorted(members)]}
    return found


def test_each_preset_is_created_and_then_unchanged(run: Run, rfc: Any, tmp_path: Path) -> None:
    cases = tables_of_products(tmp_path)
    rows = {name: row(src=case["src"], users=case["users inline"]) for name, case in cases.items()}
    done = Table(run, rfc)(rows)
    again = Table(run, rfc)(rows)
    stored, members = users_of(rfc.direct), members_of(rfc.direct)
    for name, case in cases.items():
        declared = case.get("users", []) + case["users inline"]
        assert list(done[name].result["presets"].values()) == [case["preset"]], name
        assert done[name].result["summary"]["users"]["created"] == len(declared), name
        assert not again[name].result["changed"], (name, again[name].result["changes"])
        assert again[name].writes == [], name
        for user in case.get("users", ()):
            body = stored[user["userName"]]
            assert {key: body.get(key) for key in user if key not in ("enterprise", "manager")} == {
                key: value for key, value in user.items() if key not in ("enterprise", "manager")
            }, name
            enterprise = dict(body.get(ENTERPRISE, {}))
            manager = enterprise.pop("manager", {}).get("value")
            assert enterprise == user.get("enterprise", {}), name
            numbers = {one[ENTERPRISE].get("employeeNumber"): one["id"] for one in stored.values() if ENTERPRISE in one}
            wanted = user.get("manager")
            assert manager == (wanted and (stored[wanted]["id"] if wanted in stored else numbers[wanted])), name
        for group in case.get("groups", ()):
            assert members[group["displayName"]] == sorted(group["members"]), name
