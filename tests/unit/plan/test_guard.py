# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits, and consent to one plan. What a whole directory is refused for stands in ``cases/plan``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.diff import change_digest, digest, plan_digest, presented
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.guard import Limits, Reviewed, allowed, expect, guard, reviewed
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Plan
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._engine.report.model import without_values
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP
from ansible_collections.identity.scim.tests.unit.plan.planned import created, deleted, entry, group_entry, moved, person, team, updated

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
        (" 5 %", 100, 5),
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


NO_COUNTS = ["", "many", "-1", "-0", "+1", "1.5", "1_0", "٥", "5 5", "9" * 400]
NO_SHARES = ["%", "101%", "-1%", "-0%", "ten%", "nan%", "1e1%", "1e9999%", "1_0%", "٥%", ".5%", "5.%", "5%%"]


@pytest.mark.parametrize("limit", [*NO_COUNTS, *NO_SHARES])
def test_what_is_no_limit(limit: str) -> None:
    with pytest.raises(Invalid, match=r"max_removals must be a number such as 5 or a percentage such as 10%, got"):
        allowed(limit, 100)


def test_a_plan_without_removals_passes() -> None:
    assert guard(PLAN, Snapshot(), Limits(), "d", None, Policy()) is None
    assert guard(PLAN, Snapshot(), Limits("0"), "d", person("kim"), Policy()) is None


def test_a_refusal_says_how_to_go_on() -> None:
    plan = Plan(tuple(deleted(person(name)) for name in ("a", "b", "c")), {"User": 1}, {"users": 20})
    with pytest.raises(PlanRefused) as refusal:
        guard(plan, Snapshot(complete={"User"}), Limits(), "0123456789abcdef", None, Policy())
    assert str(refusal.value).splitlines() == [
        "The plan was refused, and nothing was written.",
        "- 3 of 20 users would be deactivated or deleted, more than max_removals (10%, which is 2 here): a, b, c.",
        "- To apply exactly this plan, run again with allow_removals: 0123456789abcdef",
    ]
    guard(plan, Snapshot(complete={"User"}), Limits(consent="0123456789abcdef"), "0123456789abcdef", None, Policy())


def test_who_is_declared_may_go_whatever_else_there_is_and_pruning_needs_to_know_who_there_is() -> None:
    plan = Plan((replace(deleted(person("kim")), entry=entry("kim")),), {"User": 1}, {"users": 20})
    guard(plan, Snapshot(), Limits(), "d", None, Policy(prune={"User": "none"}))
    for pruned in (plan, Plan()):
        with pytest.raises(
            PlanRefused, match=r"prune_users: delete needs the complete listing of users\. The listing of users is incomplete"
        ):
            guard(pruned, Snapshot(complete={"Group"}), Limits(), "d", None, Policy(prune={"User": "delete", "Group": "delete"}))


def report(path: Path, plan: Plan, url: str = URL) -> str:
    return reported(path, [presented(change, plan.names) for change in plan.changes], url)


def reported(path: Path, changes: Sequence[Any], url: str = URL) -> str:
    """A report of changes, with the digest of the plan that has these."""
    whole = plan_digest((change["digest"] for change in changes), url)
    path.write_text(json.dumps({"url": url, "plan_digest": whole, "changes": changes}), "utf-8")
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


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{}", '{"url": "u", "plan_digest": "d", "changes": 1}', '{"url": "u", "plan_digest": "d", "changes": [1]}']
)
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


def refusal(
    plan: Plan, limits: Limits | None = None, snapshot: Snapshot | None = None, prune: Mapping[str, str] | None = None
) -> list[str]:
    """The reasons of a refusal, without the sentences around them."""
    with pytest.raises(PlanRefused) as refused:
        guard(plan, snapshot or Snapshot(complete={"User", "Group"}), limits or Limits(), "d", None, Policy(prune=prune or {}))
    lines = str(refused.value).splitlines()
    assert lines[0] == "The plan was refused, and nothing was written."
    return [line.removeprefix("- ") for line in lines[1:] if "allow_removals" not in line]


def test_a_listing_that_is_not_whole_says_what_is_missing() -> None:
    snapshot = Snapshot(complete={"Group"}, lacking={"User": "Page 2 is empty."})
    both = {"User": "deactivate", "Group": "delete"}
    assert refusal(Plan(), snapshot=snapshot, prune=both) == [
        "prune_users: deactivate needs the complete listing of users. Page 2 is empty."
    ]
    assert refusal(Plan(), snapshot=Snapshot(), prune=both) == [
        "prune_users: deactivate needs the complete listing of users. The listing of users is incomplete.",
        "prune_groups: delete needs the complete listing of groups. The listing of groups is incomplete.",
    ]
    guard(Plan(), Snapshot(), Limits(), "d", None, Policy(prune={"User": "none", "Group": "none"}))


def test_members_without_a_name_and_totals_that_are_not_known() -> None:
    removed = (deleted(person("kim")), deleted(team("Sales")), moved(team("Data"), (), ("id-x", "id-y")))
    declared = tuple(replace(change, entry=entry("kim")) for change in removed)
    assert refusal(Plan(declared, names={"id-y": "lee"}), Limits("0")) == [
        "1 of 0 users would be deactivated or deleted, more than max_removals (0): kim.",
        "1 of 0 groups would be deleted, more than max_removals (0): Sales.",
        "2 of 0 memberships would be lost, more than max_removals (0): id-x from Data, lee from Data.",
    ]


def test_who_was_inactive_counts_among_those_who_are_deleted() -> None:
    gone = tuple(replace(deleted(person(name, active=name > "c")), entry=entry(name)) for name in "abcdef")
    plan = Plan(gone, totals={"users": 22})
    assert refusal(plan) == [
        "6 of 25 users would be deactivated or deleted, more than max_removals (10%, which is 2 here): a, b, c, d, e, f."
    ]
    guard(plan, Snapshot(), Limits("24%"), "d", None, Policy())
    assert len(refusal(plan, Limits("23%"))) == 1


def test_limits_of_creates_and_updates_count_both_types_and_no_removals() -> None:
    off = replace(updated(person("off"), active=False), entry=entry("off"))
    changes = (KIM, created("Data", GROUP), updated(person("lee"), title="x"), moved(team("Sales"), ["id-lee"]), off)
    plan = Plan(changes, totals={"users": 9})
    guard(plan, Snapshot(), Limits(max_creates=2, max_updates=2), "d", None, Policy())
    assert refusal(plan, Limits(max_creates=1, max_updates=1)) == [
        "2 resources would be created, more than max_creates (1): kim, Data.",
        "2 resources would be updated, more than max_updates (1): lee, Sales.",
    ]
    by_name = replace(plan, by_name_only=frozenset({"id-Sales"}))
    guard(by_name, Snapshot(), Limits(max_creates=2, max_updates=1), "d", None, Policy())


def test_a_renamed_resource_is_told_by_the_name_that_people_know() -> None:
    assert refusal(Plan((updated(person("old"), userName="new"),)), Limits(max_updates=0)) == [
        "1 resource would be updated, more than max_updates (0): old."
    ]


PRUNED_USER, PRUNED_GROUP = deleted(person("lee")), deleted(team("Sales"))
DECLARED_USER = replace(updated(person("kim"), title="x"), entry=entry("kim"))
DECLARED_GROUP = replace(updated(team("Data"), externalId="x"), entry=group_entry("Data"))
NEW_CREW = replace(created("Crew", GROUP), entry=group_entry("Crew"))
NO_USER = "None of the declared users exists at the provider, and 1 others would be removed: lee. Check that this is the right tenant."
NOBODY = (
    "None of the declared users and groups exists at the provider, and 1 other groups would be deleted: Sales. "
    "Check that this is the right tenant."
)
NO_GROUP = "No group is declared, and 1 would be deleted: Sales. Declare a group that stays."


@pytest.mark.parametrize(
    ("changes", "unchanged", "expected"),
    [
        ((PRUNED_USER,), {}, [NO_USER]),
        ((PRUNED_USER,), {"User": 0}, [NO_USER]),
        ((PRUNED_USER,), {"Group": 1}, [NO_USER]),
        ((PRUNED_USER, DECLARED_GROUP), {}, [NO_USER]),
        ((PRUNED_USER, KIM), {}, [NO_USER]),
        ((PRUNED_USER, replace(KIM, entry=entry("kim"))), {}, [NO_USER]),
        ((PRUNED_USER,), {"User": 1}, []),
        ((PRUNED_USER, DECLARED_USER), {}, []),
        ((PRUNED_GROUP,), {}, [NOBODY]),
        ((PRUNED_GROUP, NEW_CREW), {}, [NOBODY]),
        ((PRUNED_GROUP,), {"User": 1}, [NO_GROUP]),
        ((PRUNED_GROUP, DECLARED_USER), {}, [NO_GROUP]),
        ((PRUNED_GROUP,), {"User": 1, "Group": 1}, []),
        ((PRUNED_GROUP, DECLARED_GROUP), {}, []),
        ((PRUNED_GROUP, NEW_CREW), {"User": 1}, []),
        ((PRUNED_USER, PRUNED_GROUP), {}, [NO_USER, NOBODY]),
        ((replace(PRUNED_USER, entry=entry("lee")),), {}, []),
        ((replace(PRUNED_GROUP, entry=group_entry("Sales")),), {"User": 1}, []),
        ((updated(person("lee"), title="x"),), {}, []),
    ],
)
def test_a_tenant_where_nothing_of_the_declaration_exists(changes: tuple[Any, ...], unchanged: dict[str, int], expected: list[str]) -> None:
    plan = Plan(changes, unchanged, {"users": 9, "groups": 9})
    if expected:
        assert refusal(plan) == expected
    else:
        guard(plan, Snapshot(), Limits(), "d", None, Policy())


def test_only_the_user_of_the_credential_is_kept_from_a_removal() -> None:
    plan = Plan((PRUNED_USER, DECLARED_USER, replace(PRUNED_GROUP, key="id-kim", entry=group_entry("Sales"))), totals={"users": 9})
    for identity in (None, person("kim"), person("pat")):
        guard(plan, Snapshot(), Limits(), "d", identity, Policy())
    with pytest.raises(PlanRefused) as refused:
        guard(plan, Snapshot(), Limits(consent="d"), "d", person("lee"), Policy())
    assert str(refused.value).splitlines()[1:] == [
        "- lee is the identity of the credential in use, and would be removed. Add it to protected_users."
    ]


def test_a_refusal_says_what_deleting_means_before_it_says_how_to_go_on() -> None:
    plan = Plan((deleted(person("lee")), DECLARED_USER), effects=("Deleting is final.",))
    with pytest.raises(PlanRefused) as refused:
        guard(plan, Snapshot(), Limits("0", consent="e"), "d", None, Policy())
    assert str(refused.value).splitlines()[2:] == [
        "- Deleting is final.",
        "- allow_removals: e was given for another plan. To apply exactly this plan, run again with allow_removals: d",
    ]


@pytest.mark.parametrize(
    ("tenant", "url"),
    [(URL, URL), (f"{URL}/", URL), (URL, f"{URL}/"), (f"{URL}//", URL)],
)
def test_a_report_of_this_tenant(tmp_path: Path, tenant: str, url: str) -> None:
    path = report(tmp_path / "plan.json", PLAN, tenant)
    expect(PLAN, "d", reviewed(path, url))


def test_a_report_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    report(tmp_path / "plan.json", PLAN)
    expect(PLAN, "d", reviewed("~/plan.json", URL))


def changed_report(path: Path, change: Any) -> str:
    """The path of a report of ``PLAN`` that ``change`` has changed; with the digest of what is planned, it would be approved."""
    content = {"url": URL, "plan_digest": digest(PLAN, URL), "changes": [presented(each, PLAN.names) for each in PLAN.changes]}
    change(content)
    path.write_text(json.dumps(content), "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (lambda report: report["changes"][0].update(name="lee"), "User lee"),
        (lambda report: report["changes"][0].update(type="Group"), "Group kim"),
        (lambda report: report["changes"][0].update(action="updated"), "User kim"),
        (lambda report: report["changes"][0].update(id="id-kim"), "User kim"),
        (lambda report: report["changes"][0].update(secrets=["password"]), "User kim"),
        (lambda report: report["changes"][0]["attributes"][1].update(after="Clerk"), "User kim"),
        (lambda report: report["changes"][1]["attributes"].clear(), "User lee"),
        (lambda report: report["changes"][1].update(digest="0" * 16), "User lee"),
        (lambda report: report["changes"][2].update(joins=[]), "Group Sales"),
        (lambda report: report["changes"][2].update(joins=["lee", "pat"]), "Group Sales"),
        (lambda report: report["changes"][2].update(leaves=["pat"]), "Group Sales"),
        (lambda report: [each.update(reason="x") for each in report["changes"]], "User kim, User lee, Group Sales"),
    ],
)
def test_a_report_that_says_something_else_than_its_digests(tmp_path: Path, change: Any, refused: str) -> None:
    path = changed_report(tmp_path / "plan.json", change)
    with pytest.raises(PlanRefused) as refusal:
        reviewed(path, URL)
    assert str(refusal.value) == (
        f"expect_plan: {path} was changed after it was written: the digest of {refused} does not match. "
        f"Nothing was written. Review a new plan."
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda report: report["changes"].pop(),
        lambda report: report["changes"].append(presented(created("pat"), {})),
        lambda report: report.update(plan_digest="0" * 16),
    ],
)
def test_a_report_with_other_changes_than_its_digest(tmp_path: Path, change: Any) -> None:
    path = changed_report(tmp_path / "plan.json", change)
    with pytest.raises(
        PlanRefused, match=r"was changed after it was written: its plan_digest does not match its changes\. Nothing was written"
    ):
        reviewed(path, URL)


@pytest.mark.parametrize(
    "change", [lambda report: None, lambda report: report["changes"].reverse(), lambda report: report["changes"][0].update(status="done")]
)
def test_a_report_as_it_was_written(tmp_path: Path, change: Any) -> None:
    expect(PLAN, "d", reviewed(changed_report(tmp_path / "plan.json", change), URL))


def test_a_report_that_says_one_thing_twice(tmp_path: Path) -> None:
    path = changed_report(tmp_path / "plan.json", lambda report: None)
    Path(path).write_text(Path(path).read_text("utf-8").replace('"name": "lee"', '"name": "pat", "name": "lee"'), "utf-8")
    with pytest.raises(Invalid, match=r"cannot be read as the JSON report of a plan: an object has a duplicate key\."):
        reviewed(path, URL)


def test_a_report_without_values_is_no_review(tmp_path: Path) -> None:
    path = changed_report(tmp_path / "plan.json", lambda report: report.update(changes=without_values(report["changes"])))
    with pytest.raises(PlanRefused) as refusal:
        reviewed(path, URL)
    assert str(refusal.value) == (
        f"expect_plan: {path} was written with report_values: none, so it cannot be verified: User kim, User lee. "
        f"Nothing was written. Use its plan_digest, or a report with values."
    )


def test_messages_about_a_report_are_whole(tmp_path: Path) -> None:
    path = report(tmp_path / "plan.json", PLAN, "https://other.example/scim")
    with pytest.raises(PlanRefused) as refused:
        reviewed(path, URL)
    assert str(refused.value) == (
        f"expect_plan: {path} is the report of a plan for https://other.example/scim, but url is {URL}. Nothing was written."
    )
    path = changed_report(tmp_path / "plan.json", lambda report: report.update(plan_digest=None))
    with pytest.raises(PlanRefused) as refused:
        reviewed(path, URL)
    assert str(refused.value) == f"expect_plan: {path} is the report of a run that ended before a plan was made. Nothing was written."


@pytest.mark.parametrize("missing", ["url", "plan_digest", "changes"])
def test_a_report_without_its_tenant_or_digest(tmp_path: Path, missing: str) -> None:
    path = changed_report(tmp_path / "plan.json", lambda report: report.pop(missing))
    with pytest.raises(Invalid) as wrong:
        reviewed(path, URL)
    assert str(wrong.value) == f'expect_plan: {path} cannot be read as the JSON report of a plan: it has no "{missing}".'


def test_messages_about_what_was_not_reviewed_are_whole(tmp_path: Path) -> None:
    path = report(tmp_path / "plan.json", Plan((KIM,)))
    with pytest.raises(PlanRefused) as refused:
        expect(Plan((KIM, updated(person("old"), userName="new"), created("pat"))), "d", reviewed(path, URL))
    assert str(refused.value) == "2 of 3 changes were not reviewed: old, pat. Nothing was written. Review the new plan."
    with pytest.raises(PlanRefused) as refused:
        expect(PLAN, "d", reviewed("e", URL))
    assert str(refused.value) == (
        "The plan is not the one that was reviewed: expected the digest e, got d. Nothing was written. Review the new plan. "
        "If a part of the reviewed plan was applied, set expect_plan to its JSON report: a digest is that of the whole plan."
    )


def test_a_plan_that_is_done_is_accepted_whatever_was_reviewed() -> None:
    expect(Plan(), "d", reviewed("e", URL))
    assert reviewed("", URL) is None


def approved(**change: Any) -> dict[str, Any]:
    """A change of a report, with the digest of what it says."""
    rows = [{"path": "title", "before": None, "after": "Chief"}]
    whole = {"type": "User", "name": "lee", "id": "id-lee", "action": "updated", "reason": "declared", "attributes": rows, "secrets": []}
    whole |= {"joins": [], "leaves": [], **change}
    return {**whole, "digest": change_digest(whole)}


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ([], False),
        ([approved()], True),
        ([approved(attributes=[])], False),
        ([approved(attributes=[{"after": "Chief"}])], False),
        ([approved(attributes=[{"path": "title", "before": "x", "after": "Chief"}])], False),
        ([approved(id="other")], False),
        ([approved(id=None)], False),
        ([approved(id=None, action="created")], True),
        ([approved(action="created")], False),
        ([approved(action="deactivated")], False),
        ([approved(type="Group")], False),
        ([approved(name="Lee")], False),
        ([approved(id="other"), approved()], True),
    ],
)
def test_what_is_left_must_be_a_part_of_one_change_of_the_report(tmp_path: Path, changes: list[Any], accepted: bool) -> None:
    path = reported(tmp_path / "plan.json", changes)
    left = Plan((updated(person("lee"), title="Chief"),))
    if accepted:
        expect(left, "d", reviewed(path, URL))
    else:
        with pytest.raises(PlanRefused, match=r"1 of 1 changes were not reviewed: lee\. "):
            expect(left, "d", reviewed(path, URL))


@pytest.mark.parametrize("missing", ["type", "name", "id", "action", "reason", "attributes", "secrets", "joins", "leaves", "digest"])
def test_a_report_that_somebody_shortened(tmp_path: Path, missing: str) -> None:
    path = changed_report(tmp_path / "plan.json", lambda report: report["changes"][0].pop(missing))
    with pytest.raises(Invalid, match=rf'cannot be read as the JSON report of a plan: it has no "{missing}"\.'):
        reviewed(path, URL)


@pytest.mark.parametrize(("secrets", "expected"), [({"password": "x"}, True), ({"pin": "x"}, False)])
def test_a_password_that_was_reviewed_may_be_what_is_left(tmp_path: Path, secrets: dict[str, str], expected: bool) -> None:
    path = report(tmp_path / "plan.json", Plan((replace(updated(person("lee"), title="Chief"), secrets={"password": "y"}),)))
    left = Plan((replace(updated(person("lee", title="Chief")), secrets=secrets),))
    if expected:
        expect(left, "d", reviewed(path, URL))
    else:
        with pytest.raises(PlanRefused):
            expect(left, "d", reviewed(path, URL))


@pytest.mark.parametrize("limit", ["-1", "ten", "100.1%"])
def test_the_message_about_a_limit_is_whole(limit: str) -> None:
    with pytest.raises(Invalid) as wrong:
        Limits(limit)
    assert str(wrong.value) == f"max_removals must be a number such as 5 or a percentage such as 10%, got '{limit}'."
