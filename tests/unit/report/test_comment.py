# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of all tenants as one comment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.identity.scim.plugins.filter.plan_comment import plan_comment
from ansible_collections.identity.scim.plugins.module_utils._engine.report.comment import LONGEST, MARKER, as_comment, report_of
from ansible_collections.identity.scim.plugins.module_utils._engine.report.model import as_json, unplanned, without_values
from ansible_collections.identity.scim.tests.unit.report.reported import NONE, change, report

Body = dict[str, Any]
NOTHING = {"users": NONE, "groups": NONE, "memberships": {"added": 0, "removed": 0}}


def team(name: str, joins: list[str], leaves: list[str]) -> Body:
    return change("updated", name, type="Group", joins=joins, leaves=leaves)


def test_whose_access_changes_comes_first() -> None:
    changes = [
        change("deactivated", "eve@example.com", ("active", True, False)),
        change("updated", "kim@example.com", ("title", "Boss", "Chief")),
        team("Admins", ["kim@example.com"], ["bob", "ann"]),
        team("Sales", ["ann", "kim@example.com"], []),
    ]
    lines = as_comment({"localhost": report(changes=changes)}).splitlines()
    assert lines[:11] == [
        MARKER,
        "",
        "## Plan",
        "",
        "**Whose access changes**",
        "",
        "- ann: loses Admins; gains Sales",
        "- bob: loses Admins",
        "- eve&#64;example.com: loses the account \\(deactivated\\)",
        "- kim&#64;example.com: gains Admins, Sales",
        "",
    ]
    assert "  - title: ~~Boss~~ → Chief" in lines


def test_a_refusal_comes_before_whose_access_would_change() -> None:
    """Also of one tenant, whose comment has no overview. Otherwise a long list reads as what will happen."""
    refused = report(changes=[team("Sales", ["ann"], [])], refusal="The plan exceeds max_removals.")
    lines = as_comment({"localhost": refused}).splitlines()
    assert lines[2:9] == [
        "## Plan refused",
        "",
        "> [!CAUTION]",
        "> The plan exceeds max\\_removals.",
        "",
        "**Whose access changes**",
        "",
    ]


def test_accounts_that_are_created_or_activated_gain_access() -> None:
    """Also where values are hidden. An account that is created as inactive gives no access."""
    changes = [
        team("Admins", ["back", "new"], []),
        change("updated", "back", ("active", False, True), ("title", "a", "b")),
        change("created", "new", ("user_name", None, "new")),
        change("created", "later", ("user_name", None, "later"), ("active", None, False)),
        change("updated", "same", ("title", "a", "b")),
    ]
    expected = ["- back: gains the account \\(activated\\), Admins", "- new: gains the account \\(created\\), Admins"]
    for found in (changes, without_values(changes[:3])):
        lines = as_comment({"localhost": report(changes=found)}).splitlines()
        assert lines[6:9] == [*expected, ""]


def test_whose_access_changes_is_shown_even_if_the_plan_does_not_fit() -> None:
    full = report(changes=[team("Admins", ["ann"], ["bob"])], warnings=["w" * 390 for _warning in range(20)])
    lines = as_comment({f"t{number:02}": full for number in range(12)}).splitlines()
    assert lines.count("- bob: loses Admins") == 12
    [left_out] = [line for line in lines if line.startswith("**Plans that are not shown, because the comment is full:**")]
    assert "t00" in left_out


def test_tenants_that_need_attention_come_first() -> None:
    reports = {
        "a": report(changes=[], summary=NOTHING),
        "b": report(changes=[team("Sales", ["ann"], [])]),
        "c": unplanned("https://c.example.com", True, "401: the token has expired."),
        "d|@all": report(refusal="The plan exceeds max_removals."),
    }
    lines = as_comment(reports).splitlines()
    assert [line for line in lines if line.startswith("# ")] == ["# c", "# d\\|&#64;\u200ball", "# b", "# a"]
    rows = [line.split(" | ")[:2] for line in lines if line.startswith("| ")]
    assert rows[:6] == [
        ["| tenant", "| users created"],
        ["| ---", "---"],
        ["| c", "Failed before a plan was made"],
        ["| d\\|&#64;\u200ball", "Plan refused"],
        ["| b", "Changes"],
        ["| a", "Nothing to do"],
    ]


def test_the_limit_holds() -> None:
    """However many tenants, users and groups there are, and however long their names are. Every tenant is named or counted."""
    long = "\U0001f600|" * 300
    many = [f"{number}-{long}" for number in range(60)]
    for tenants, changes in (
        (1, [team(f"{number} {long}", many, many) for number in range(40)]),
        (3, [change("updated", f"u{number}@example.com", ("title", "old", long)) for number in range(800)]),
        (400, [team("Sales", ["ann"], ["bob"])]),
        (30, [team(f"Group {number}", [f"u{number}"], ["bob"]) for number in range(100)]),
    ):
        whole = report(changes=changes, refusal="\n".join(f"- {name}" for name in many), warnings=many)
        comment = as_comment({f"tenant{number} {long if number % 2 else ''}": whole for number in range(tenants)})
        assert len(comment.encode()) <= LONGEST
        assert comment.count("<details") == comment.count("</details>")
        assert comment.count("\n# ") or tenants == 1 or "not shown, because the comment is full" in comment
    few = as_comment({f"t{number}": report(changes=[team("Sales", ["ann"], ["bob"])]) for number in range(20)})
    assert few.count("\n# t") == 20
    assert "not shown" not in few


RESULT: Body = {
    "plan_digest": "83298f6822584466",
    "summary": {**NOTHING, "users": {**NONE, "updated": 1}},
    "changes": [change("updated", "kim", ("title", "Boss", "Chief"))],
    "requests_planned": 1,
    "seconds_planned": None,
    "truncated": True,
}


def test_the_json_report_has_all_changes(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("".join(as_json(report(plan_digest=RESULT["plan_digest"], changes=[*RESULT["changes"], team("Sales", ["lee"], [])]))))
    text = plan_comment({"acme": RESULT}, {"acme": "https://acme.example.com"}, {"acme": ["plan.md", str(path)]})
    assert "- lee: gains Sales" in text
    assert "Boss" in text
    assert plan_comment({"acme": RESULT}, {}, {"acme": f"plan.md,{path}"}) == text
    for stale in (
        json.dumps({"version": 1, "plan_digest": "another"}),
        json.dumps({**json.loads(path.read_text()), "version": 2}),
        "{",
        "[1]",
    ):
        path.write_text(stale)
        text = plan_comment({"acme": RESULT}, {"acme": "https://acme.example.com"}, {"acme": [str(path)]})
        assert "lee" not in text
        assert "Only the first 1 changes are known here. Add a path that ends with .json to scim\\_report." in text
        assert "**kim**" in text
        assert "Boss" not in text, "values may not be shown without the report that says so"
        assert "https&#58;//acme.example.com" in text


def test_a_failure_without_a_plan() -> None:
    assert report_of({}, None, "u").ended == "The task failed. Its output has the reason."
    assert report_of({"msg": "401"}, {"version": 1, "plan_digest": None, "changes": ["of an earlier run"]}, "u").ended == "401"
    refused = report_of({**RESULT, "msg": "max_removals"}, None, "u")
    assert (refused.title, refused.error) == ("Plan refused", "max_removals")
