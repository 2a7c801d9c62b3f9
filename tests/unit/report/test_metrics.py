# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift as metrics, read by the parser of Prometheus."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

from ansible_collections.identity.scim.plugins.module_utils._engine.report.metrics import ATTEMPT, DIFFERENCES, HELP, SUCCESS, as_metrics
from ansible_collections.identity.scim.tests.unit.report.reported import NONE, SUMMARY

GITOPS = Path(__file__).resolve().parents[3] / "docs" / "gitops.md"
COMPARED = {"plan_digest": "83298f6822584466", "compared": True, "summary": SUMMARY, "changes": [{"name": "kim@example.com"}]}
SAME = {**COMPARED, "summary": {"users": NONE, "groups": NONE, "memberships": {"added": 0, "removed": 0}}}
UNKNOWN: dict[str, Any] = {"msg": "401: kim@example.com"}


def samples(text: str) -> dict[tuple[str, ...], float]:
    """The samples that are not 0, by name, tenant and further labels."""
    families = list(text_string_to_metric_families(text))
    assert [family.name for family in families] == list(HELP)
    assert {family.type for family in families} == {"gauge"}
    assert all(family.documentation for family in families)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples if sample.value}


def test_attempt_success_and_differences() -> None:
    text = as_metrics({"acme": COMPARED}, "", 1_800_000_000)
    assert samples(text) == {
        (ATTEMPT, "acme"): 1_800_000_000,
        (SUCCESS, "acme"): 1_800_000_000,
        (DIFFERENCES, "acme", "users", "created"): 1,
        (DIFFERENCES, "acme", "users", "updated"): 1,
        (DIFFERENCES, "acme", "users", "deactivated"): 1,
        (DIFFERENCES, "acme", "users", "deleted"): 1,
        (DIFFERENCES, "acme", "groups", "updated"): 1,
        (DIFFERENCES, "acme", "memberships", "added"): 1,
        (DIFFERENCES, "acme", "memberships", "removed"): 2,
    }
    assert "kim" not in text


def test_nothing_differs_is_zero_and_not_missing() -> None:
    text = as_metrics({"acme": SAME}, as_metrics({"acme": COMPARED}, "", 1), 2)
    assert samples(text) == {(ATTEMPT, "acme"): 2, (SUCCESS, "acme"): 2}
    assert text.count(f"{DIFFERENCES}{{") == 9


def test_what_could_not_be_compared_keeps_its_last_success() -> None:
    before = as_metrics({"acme": COMPARED, "globex": SAME}, "", 100)
    for unknown in (UNKNOWN, {**SAME, "compared": False}):
        after = samples(as_metrics({"acme": unknown}, before, 200))
        assert after == {**samples(before), (ATTEMPT, "acme"): 200}
    assert samples(as_metrics({"acme": UNKNOWN}, "", 200)) == {(ATTEMPT, "acme"): 200}
    assert samples(as_metrics({"acme": UNKNOWN}, "not a metric {\n", 200)) == {(ATTEMPT, "acme"): 200}


def test_any_name_of_a_tenant() -> None:
    odd = 'a"b\\c} 1\nd'
    once = as_metrics({odd: COMPARED}, "", 1)
    assert (ATTEMPT, odd) in samples(once)
    assert samples(as_metrics({odd: UNKNOWN, "b": SAME}, once, 2))[SUCCESS, odd] == 1


def test_the_documented_rules_use_metrics_that_exist() -> None:
    text = GITOPS.read_text("utf-8").partition("## Watch drift with Prometheus")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| (identity_\w+)", text, re.MULTILINE)) == set(HELP)
    rules = yaml.safe_load(text.partition("```yml\n")[2].partition("```")[0])["groups"][0]["rules"]
    assert {name for rule in rules for name in re.findall(r"identity_\w+", rule["expr"])} == {DIFFERENCES, SUCCESS}
