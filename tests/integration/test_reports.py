# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of real runs for a company: a refused plan, a reviewed one, two failures, the rest of it, and nothing to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from servers import company
from servers.directories import row, users_of
from servers.faults import Rule, When, reply
from servers.playbooks import Run
from servers.tables import Row, Table, of

FORMS = ("md", "html", "json")
MANAGED = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "403", "detail": "This account is managed elsewhere"}


def test_a_company(run: Run, rfc: Any, tmp_path: Path) -> None:
    company.seed(rfc.direct)
    src = company.declare(tmp_path / "files")
    people = users_of(rfc.direct)
    refused = {people[company.user_name(number)]["id"] for number in (3, 9)}
    rfc.proxy.rules.append(
        Rule(
            "two are managed elsewhere",
            When("PATCH", where=lambda request: of("applied")(request) and request.path.rpartition("/")[2] in refused),
            reply(403, MANAGED, {"X-Request-Id": "refusal-4711"}),
        )
    )

    def reporting(name: str, **more: Any) -> Row:
        reports = [str(tmp_path / f"{name}.{form}") for form in FORMS]
        own = {"src": src, "prune_users": "deactivate", "prune_groups": "delete", "max_removals": "25%", "report": reports}
        return row(**{**own, **more})

    reviewed, audit = str(tmp_path / "plan.json"), str(tmp_path / "audit.jsonl")
    seen = Table(run, rfc)({
        "beyond": reporting("beyond", max_removals="10%", error="The plan was refused"),
        "plan": reporting("plan", task={"check_mode": True}),
        "applied": reporting("applied", expect_plan=reviewed, bulk="never", audit_log=audit, error="2 failed"),
        "rest": reporting("rest", expect_plan=reviewed),
        "nothing": reporting("nothing", report_values="none"),
    })  # fmt: skip
    written = {name: json.loads((tmp_path / f"{name}.json").read_text("utf-8")) for name in seen}
    for name, result in ((name, one.result) for name, one in seen.items()):
        for key in ("plan_digest", "summary", "requests", "requests_planned"):
            assert written[name][key] == result[key], name
        texts = [(tmp_path / f"{name}.{form}").read_text("utf-8") for form in FORMS]
        assert all(result["plan_digest"] in text for text in texts)
        assert all((tmp_path / f"{name}.{form}").stat().st_mode & 0o777 == 0o600 for form in FORMS)
    titles = {name: (tmp_path / f"{name}.md").read_text("utf-8").splitlines()[0] for name in seen}
    assert titles == {
        "beyond": "## Plan refused",
        "plan": "## Plan",
        "applied": "## Applied, 2 failed",
        "rest": "## Applied",
        "nothing": "## Nothing to do",
    }
    assert [change["status"] for change in written["plan"]["changes"]] == ["planned"] * 44
    assert sorted(change["status"] for change in written["applied"]["changes"]) == ["done"] * 42 + ["failed"] * 2
    assert {change["error"].partition(": ")[2].partition(" was")[2] for change in written["applied"]["changes"][:2]} == {
        " refused with 403: This account is managed elsewhere"
    }
    assert seen["applied"].result["msg"].startswith("42 of 44 changes applied.\n2 failed:")
    assert len(written["rest"]["changes"]) == 2
    log = [json.loads(line) for line in Path(audit).read_text("utf-8").splitlines()]
    assert {line["plan_digest"] for line in log} == {written["plan"]["plan_digest"]}
    assert [line["request_ids"] for line in log if line["status"] == "refused"] == [["refusal-4711"]] * 2
    assert len([line for line in log if line["operations"]]) == len(seen["applied"].writes), "the others confirm"
