# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of a report, which is the same in each format, and the files it is written to."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.files import write_file
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as options
from ansible_collections.identity.scim.plugins.module_utils._engine.report.model import as_json, by_danger, differences, remarks
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.tests.simulated import Faults, Simulated
from ansible_collections.identity.scim.tests.unit.report.reported import CHANGES, change, failed, report

Body = dict[str, Any]
FORMS = ("md", "html", "json")


def user(number: int, **attributes: Any) -> Body:
    return {"id": f"u{number}", "userName": f"p{number}@example.com", "title": "Old", "active": True, **attributes}


def run(provider: Simulated, folder: Path, check: bool = False, forms: tuple[str, ...] = FORMS, **given: Any) -> Body:
    """The directory module's work, with a report in each form."""
    defaults = {name: option.get("default") for name, option in options().items()}
    parameters = {**defaults, "report": [str(folder / f"r.{form}") for form in forms], "max_removals": "100%", **given}
    return several.directory(Task(parameters, provider.client(), check, lambda line: None))


def json_report(folder: Path) -> Body:
    return dict(json.loads((folder / "r.json").read_text("utf-8")))


def test_dangerous_changes_come_first() -> None:
    changes = [*CHANGES, failed("zoe", "zoe: refused"), change("created", "later", status="left")]
    assert [(one["status"], one["action"], one["name"]) for one in by_danger(reversed(changes))] == [  # type: ignore[arg-type]
        ("failed", "updated", "zoe"),
        ("left", "created", "later"),
        ("planned", "deleted", "old@example.com"),
        ("planned", "deactivated", "lee@example.com"),
        ("planned", "updated", "Team"),
        ("planned", "updated", "kim@example.com"),
        ("planned", "created", "new@example.com"),
    ]


def test_remarks_and_differences_of_a_change() -> None:
    by_name = {one["name"]: one for one in CHANGES}
    assert list(differences(by_name["Team"])) == [
        ("leaves", "lee@example.com", None),
        ("leaves", "old@example.com", None),
        ("joins", None, "kim@example.com"),
    ]
    assert ("password", None, "set") in list(differences(by_name["new@example.com"]))
    assert list(differences(by_name["lee@example.com"])) == [], "the action tells it"
    assert [remarks(by_name[name]) for name in ("Team", "kim@example.com", "lee@example.com")] == [
        "1 member added, 2 members removed",
        "",
        "not declared",
    ]


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ({}, "Plan"),
        ({"changes": []}, "Nothing to do"),
        ({"refusal": "No."}, "Plan refused"),
        ({"planned": False}, "Applied"),
        ({"planned": False, "failures": [{"error": "x"}]}, "Applied, 1 failed"),
        ({"planned": False, "ended": "401", "failures": [{"error": "x"}]}, "Ended early, 1 failed"),
    ],
)
def test_titles(more: Body, title: str) -> None:
    assert report(**more).title == title


def test_cost() -> None:
    assert report().cost == "Applying it takes 5 requests, about 4 s at the provider's rate."
    assert report(seconds_planned=None).cost == "Applying it takes 5 requests."
    assert report(seconds_planned=None, requests_planned=1).cost == "Applying it takes 1 request."
    assert report(planned=False, requests=7, duration=1.25).cost == "It took 7 requests and 1.2 s."


def test_json_has_all_of_it() -> None:
    text = "".join(as_json(report()))
    whole = json.loads(text)
    assert text == json.dumps(asdict(report()), indent=2, ensure_ascii=False) + "\n", "written in parts, it is as it would be in one"
    assert json.loads("".join(as_json(report(changes=[]))))["changes"] == []
    assert whole["changes"] == CHANGES
    assert (whole["plan_digest"], whole["url"], whole["planned"]) == (report().plan_digest, report().url, True)


def test_a_json_report_approves_its_plan(tmp_path: Path) -> None:
    """And the rest of an interrupted run, but nothing that was added later."""
    provider = Simulated([user(number) for number in range(4)])
    users = [{"user_name": f"p{number}@example.com", "title": "New"} for number in range(3)]
    plan = run(provider, tmp_path, check=True, users=users)
    reviewed = tmp_path / "reviewed.json"
    reviewed.write_text((tmp_path / "r.json").read_text())
    assert [one["status"] for one in json_report(tmp_path)["changes"]] == ["planned"] * 3
    provider.users["u1"]["title"] = "New"
    refused = run(provider, tmp_path, users=[*users, {"user_name": "p3@example.com", "title": "New"}], expect_plan=str(reviewed))
    assert refused["failed"]
    assert [one["undone"] for one in refused["changes"]] == ["refused"] * 3
    assert "1 of 3 changes were not reviewed: p3@example.com" in refused["msg"]
    assert not provider.written
    done = run(provider, tmp_path, users=users, expect_plan=str(reviewed))
    assert not done.get("failed"), done
    assert [one["undone"] for one in done["changes"]] == [""] * 2
    assert done["plan_digest"] != plan["plan_digest"]
    assert [one["status"] for one in json_report(tmp_path)["changes"]] == ["done"] * 2


def test_failed_and_remaining_changes(tmp_path: Path) -> None:
    provider = Simulated(
        [user(number) for number in range(3)], faults=Faults(refuses=lambda m, path, body: 400 if path == "/Users/u0" else None)
    )
    users = [{"user_name": f"p{number}@example.com", "title": "New"} for number in range(3)]
    result = run(provider, tmp_path, users=users, on_error="stop", bulk="never")
    written = json_report(tmp_path)
    assert [one["undone"] for one in result["changes"]] == ["failed", "left", "left"]
    assert {one["name"]: one["status"] for one in written["changes"]} == {
        "p0@example.com": "failed",
        "p1@example.com": "left",
        "p2@example.com": "left",
    }
    assert "refused here" in written["changes"][0]["error"]
    assert written["ended"].startswith("on_error is stop")
    for form in ("md", "html"):
        text = (tmp_path / f"r.{form}").read_text("utf-8")
        assert "Ended early, 1 failed" in text
        assert "refused here" in text
        assert "ot started" in text


def test_a_run_that_ends_before_a_plan_is_made(tmp_path: Path) -> None:
    """Its reports replace those of an earlier run. They approve nothing, and an approval in use is not overwritten."""
    provider = Simulated([user(1)])
    users = [{"user_name": "p1@example.com", "title": "New"}]
    run(provider, tmp_path, check=True, users=users)
    approved = tmp_path / "approved.json"
    approved.write_text((tmp_path / "r.json").read_text("utf-8"))
    reports = [str(tmp_path / f"r.{form}") for form in FORMS]
    mistaken = [{"user_name": "p1@example.com", "titel": "New"}]
    with pytest.raises(Invalid, match="titel"):
        run(provider, tmp_path, users=mistaken, report=[*reports, str(approved)], expect_plan=str(approved))
    written = json_report(tmp_path)
    assert (written["plan_digest"], written["changes"], "titel" in written["ended"]) == (None, [], True)
    for form in ("md", "html"):
        text = (tmp_path / f"r.{form}").read_text("utf-8")
        assert "Failed before a plan was made" in text
        assert "titel" in text
        assert "p1@example.com" not in text.replace("&#64;", "@")
    with pytest.raises(PlanRefused, match="the report of a run that ended before a plan was made"):
        run(provider, tmp_path, users=users, expect_plan=str(tmp_path / "r.json"))
    assert not run(provider, tmp_path, users=users, expect_plan=str(approved)).get("failed")


def test_no_format_has_a_secret_or_with_report_values_none_a_value(tmp_path: Path) -> None:
    provider = Simulated([user(1, nickName="Secretive")])
    users = [
        {"user_name": "p1@example.com", "title": "Undercover", "nick_name": "Spy"},
        {"user_name": "p2@example.com", "password": "correct horse battery", "title": "Undercover"},
    ]
    run(provider, tmp_path, check=True, users=users)
    texts = {form: (tmp_path / f"r.{form}").read_text("utf-8") for form in FORMS}
    assert all("Undercover" in text and "Secretive" in text and "password" in text for text in texts.values())
    assert not any("correct horse" in text for text in texts.values())
    run(provider, tmp_path, check=True, users=users, report_values="none")
    for form in FORMS:
        text = (tmp_path / f"r.{form}").read_text("utf-8")
        assert "p1@example.com" in text.replace("&#64;", "@")
        assert "title" in text
        assert not [value for value in ("Undercover", "Secretive", "Spy", "correct horse") if value in text]
    assert {one["digest"] for one in json_report(tmp_path)["changes"]} == {one["digest"] for one in json.loads(texts["json"])["changes"]}


def test_a_report_has_all_warnings(tmp_path: Path) -> None:
    users = [{"user_name": f"p{number}@example.com", "title": "New"} for number in range(3)]
    result = run(Simulated([user(number, active=False) for number in range(3)]), tmp_path, users=users, max_listed=1)
    assert len(result["warnings"]) == 2
    assert result["warnings"][1] == "There are 2 more warnings."
    assert [warning.split()[0] for warning in json_report(tmp_path)["warnings"]] == [one["user_name"] for one in users]


def test_files_are_private_and_written_completely_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "r.md"
    path.write_text("old")
    path.chmod(0o644)
    write_file(str(path), "new\ud800")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "new\\ud800"
    (tmp_path / "taken.md").mkdir()
    with pytest.raises(Invalid, match=r"^report: .*taken\.md. cannot be written: it is a folder\.$"):
        write_file(str(tmp_path / "taken.md"), "x")
    with pytest.raises(Invalid, match=r"^dest: .*cannot be written"):
        write_file(str(tmp_path / "no" / "a.yml"), "x", "dest")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["r.md", "taken.md"], "nothing is left beside"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plan.pdf", r"must end with one of \.md, \.html, \.json"),
        ("no/plan.md", "the folder .* does not exist or is not writable"),
        ("folder.md", "it is a folder"),
        ("link.md", "it is a link, which is not followed"),
    ],
)
def test_a_bad_path_is_refused_before_the_first_request(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "link.md").symlink_to("elsewhere.md")
    provider = Simulated([user(1)])
    with pytest.raises(Invalid, match=f"^report: .*{words}"):
        run(provider, tmp_path, forms=(), users=[{"user_name": "x@example.com"}], report=[str(tmp_path / name)])
    assert provider.requests == 0


def test_the_result_is_returned_even_if_the_report_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    result = run(Simulated([user(1)]), tmp_path, forms=("md",), users=[{"user_name": "p1@example.com", "title": "New"}])
    assert (result["failed"], result["changed"], result["summary"]["users"]["updated"]) == (True, True, 1)
    assert 'r.md" cannot be written: No space left on device' in result["msg"]


def test_a_plan_writes_no_audit_log(tmp_path: Path) -> None:
    log, users = tmp_path / "audit.jsonl", [{"user_name": "p1@example.com", "title": "New"}]
    run(Simulated([user(1)]), tmp_path, check=True, users=users, audit_log=str(log))
    assert not log.exists()
    run(Simulated([user(1)]), tmp_path, users=users, audit_log=str(log))
    assert log.stat().st_size
