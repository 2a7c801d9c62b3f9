# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits, and consent to one plan. What a whole directory is refused for stands in ``cases/plan``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.diff import digest, presented
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.guard import Limits, Reviewed, allowed, expect, guard, reviewed
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.unit.plan.planned import created, deleted, entry, moved, person, team, updated

URL = "https://simulated.example/scim"
KIM = created("kim", title="Boss")
PLAN = Plan((KIM, updated(person("lee"), title="Chief"), moved(team("Sales"), ["id-lee"])), names={"id-lee": "lee"})


@pytest.mark.parametrize(
    ("limit", "total", "expected"),
    [
        (None, 5, None),
        ("0", 1000, 0),
        ("7", 3, 7),
        (" 7 ", 3, 7),
        ("10%", 1000, 100),
        ("10%", 39, 3),
        ("10 %", 100, 10),
        ("10%", 10, 2),
        ("10%", 0, 2),
        ("0.5%", 1000, 5),
        ("2.3%", 3000, 69),
        ("0%", 1000, 0),
        ("100%", 1000, 1000),
        ("100%", 1, 2),
    ],
)
def test_how_many_a_limit_allows(limit: str | None, total: int, expected: int | None) -> None:
    assert allowed(limit, total) == expected


@pytest.mark.parametrize("limit", ["", "many", "-1", "1.5", "101%", "-1%", "%", "ten%", "nan%", "1e9999%"])
def test_what_is_no_limit(limit: str) -> None:
    with pytest.raises(Invalid, match=r"max_removals must be a number such as 5 or a percentage such as 10%, got"):
        allowed(limit, 100)


def test_a_plan_without_removals_passes() -> None:
    assert guard(PLAN, Snapshot(), Limits(), "d", None, {}) is None
    assert guard(PLAN, Snapshot(), Limits("0"), "d", person("kim"), {}) is None


def test_a_refusal_says_how_to_go_on() -> None:
    plan = Plan(tuple(deleted(person(name)) for name in ("a", "b", "c")), {"User": 1}, {"users": 20})
    with pytest.raises(PlanRefused) as refusal:
        guard(plan, Snapshot(complete={"User"}), Limits(), "0123456789abcdef", None, {})
    assert str(refusal.value).splitlines() == [
        "The plan was refused, and nothing was written.",
        "- 3 of 20 users would be deactivated or deleted, more than max_removals (10%, which is 2 here): a, b, c.",
        "- To apply exactly this plan, run again with allow_removals: 0123456789abcdef",
    ]
    guard(plan, Snapshot(complete={"User"}), Limits(consent="0123456789abcdef"), "0123456789abcdef", None, {})


def test_who_is_declared_may_go_whatever_else_there_is_and_pruning_needs_to_know_who_there_is() -> None:
    plan = Plan((replace(deleted(person("kim")), entry=entry("kim")),), {"User": 1}, {"users": 20})
    guard(plan, Snapshot(), Limits(), "d", None, {"User": "none"})
    for pruned in (plan, Plan()):
        with pytest.raises(
            PlanRefused, match=r"prune_users: delete needs the complete listing of users\. The listing of users is incomplete"
        ):
            guard(pruned, Snapshot(complete={"Group"}), Limits(), "d", None, {"User": "delete", "Group": "delete"})


def report(path: Path, plan: Plan, url: str = URL) -> str:
    path.write_text(json.dumps({"url": url, "changes": [presented(change, plan.names) for change in plan.changes]}), "utf-8")
    return str(path)


def test_what_was_reviewed_is_applied() -> None:
    expect(PLAN, "d", reviewed(None, URL))
    expect(PLAN, "d", reviewed("d", URL))
    with pytest.raises(PlanRefused, match="expected the digest e, got d"):
        expect(PLAN, "d", reviewed("e", URL))


def test_what_is_left_of_a_report_is_applied(tmp_path: Path) -> None:
    path = report(tmp_path / "plan.json", PLAN)
    for count in range(len(PLAN.changes) + 1):
        left = Plan(PLAN.changes[count:], names=PLAN.names)
        expect(left, digest(left, URL), reviewed(path, URL))


@pytest.mark.parametrize(
    "change", [created("kim", title="Chief"), created("pat"), deleted(person("lee")), moved(team("Sales"), ["id-pat"])]
)
def test_what_is_new_since_the_report_is_refused(tmp_path: Path, change: Any) -> None:
    path = report(tmp_path / "plan.JSON", PLAN)
    fresh = Plan((KIM, change), names={"id-pat": "pat"})
    with pytest.raises(PlanRefused, match=rf"1 of 2 changes were not reviewed: {change.name}\. Nothing was written"):
        expect(fresh, "d", reviewed(path, URL))


NEW_GROUP = created("Data", GROUP, ["id-kim", "id-lee"], description="x")
KIM_DE = person("kim", title="a", locale="de")
MOVED = moved(team("Sales", "kim", "pat"), ["id-lee"], ["id-kim", "id-pat"])


@pytest.mark.parametrize(
    ("planned", "left", "expected"),
    [
        (MOVED, moved(team("Sales", "kim"), ["id-lee"], ["id-kim"]), True),
        (MOVED, moved(team("Sales", "kim"), [], ["id-kim"]), True),
        (MOVED, moved(team("Sales", "kim"), ["id-new"], ["id-kim"]), False),
        (MOVED, moved(team("Sales", "kim", "lee"), [], ["id-lee"]), False),
        (MOVED, deleted(team("Sales")), False),
        (NEW_GROUP, moved(team("Data", "kim", description="x"), ["id-lee"]), True),
        (NEW_GROUP, moved(team("Data", "lee", description="x"), [], ["id-lee"]), False),
        (NEW_GROUP, updated(team("Data"), description="x"), True),
        (NEW_GROUP, updated(team("Data", description="y"), description="x"), False),
        (NEW_GROUP, updated(team("Data", description="x"), description="y"), False),
        (updated(KIM_DE, title="b", locale="fr"), updated(person("kim", title="b", locale="de"), locale="fr"), True),
        (updated(KIM_DE, title="b", locale="fr"), updated(person("kim", title="b", locale="it"), locale="fr"), False),
        (updated(person("kim", title="a"), title="b"), updated(person("kim", title="a"), title="c"), False),
    ],
)
def test_what_is_left_of_a_change_of_which_a_part_was_done(planned: Any, left: Any, expected: bool, tmp_path: Path) -> None:
    names = {f"id-{name}": name for name in ("kim", "lee", "pat", "new")}
    path = report(tmp_path / "plan.json", Plan((planned,), names=names))
    if expected:
        expect(Plan((left,), names=names), "d", reviewed(path, URL))
        return
    with pytest.raises(PlanRefused, match="1 of 1 changes were not reviewed"):
        expect(Plan((left,), names=names), "d", reviewed(path, URL))


def test_a_report_of_another_tenant_is_none_of_this_plan(tmp_path: Path) -> None:
    path = report(tmp_path / "plan.json", PLAN, "https://other.example/scim")
    with pytest.raises(PlanRefused, match=r"is the report of a plan for https://other\.example/scim, but url is"):
        expect(PLAN, "d", reviewed(path, URL))


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"changes": 1}', '{"changes": [1]}'])
def test_a_report_that_is_none(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "plan.json"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(Invalid, match=r"expect_plan: .*plan\.json cannot be read as the JSON report of a plan"):
        expect(PLAN, "d", reviewed(str(path), URL))


def test_what_can_be_wrong_is_known_before_anything_is_read(tmp_path: Path) -> None:
    assert Limits(max_removals="10%")
    assert reviewed("0123456789abcdef", URL) == Reviewed("0123456789abcdef")
    with pytest.raises(Invalid, match=r"max_removals must be .*, got 'ten'"):
        Limits(max_removals="ten")
    with pytest.raises(Invalid, match=r"none\.json cannot be read"):
        reviewed(str(tmp_path / "none.json"), URL)
    with pytest.raises(PlanRefused, match="is the report of a plan for https://other"):
        reviewed(report(tmp_path / "plan.json", PLAN, "https://other.example"), URL)
