# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every case of ``cases/plan``: who is there, who is declared, and the plan or the refusal that follows. ``cases/plan/README.md`` says how
they are written. Each plan is also applied to a simulated provider, after which there must be nothing left to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.apply.run import Run
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.policy import directory_policy
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.reconcile import reconcile
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import Document
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.loader import load_declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import GUARD, POLICY
from ansible_collections.identity.scim.plugins.module_utils._engine.options.resources import RECONCILING
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.diff import presented
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.guard import Limits, reviewed
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.client import Client
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, PlanRefused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.unit.golden import golden_cases

CASES = Path(__file__).resolve().parents[1] / "cases" / "plan"
WORDS = {"case", "existing", "declared", "options", "provider", "known", "today", "changes", "refused", "message", "warned", "unchanged"}
OPTIONS = {name: spec.get("default") for name, spec in {**RECONCILING, **POLICY, **GUARD}.items()}
VERBS = {"created": "create", "updated": "update", "deactivated": "deactivate", "deleted": "delete"}
TODAY = date(2027, 1, 15)
PLAN = "PLAN"  # stands for the digest of the plan of the case
PARTS = {"users": USER, "groups": GROUP}


def written_out(found: list[Any] | None, part: str) -> Iterator[dict[str, Any]]:
    """Mappings as they are; a name alone is a resource of that name, and ``a01..a20`` are twenty of them."""
    option = "user_name" if part == "users" else "display_name"
    for item in found or ():
        span = re.fullmatch(r"([a-z]+)(\d+)\.\.\1(\d+)", item) if isinstance(item, str) else None
        if span:
            yield from ({option: f"{span[1]}{number:02}"} for number in range(int(span[2]), int(span[3]) + 1))
        else:
            yield {option: item} if isinstance(item, str) else item


def provider_of(case: Mapping[str, Any]) -> Simulated:
    """The provider with what exists: SCIM names, an id for each, members by id."""
    existing: dict[str, list[dict[str, Any]]] = {"users": [], "groups": []}
    for part, kind_name in PARTS.items():
        resource_type = RESOURCE_TYPES[kind_name]
        for item in written_out((case.get("existing") or {}).get(part), part):
            body = {sub.name if (sub := resource_type.root.sub(option)) else option: value for option, value in item.items()}
            existing[part].append({"id": f"id-{body[resource_type.name_attribute]}", **body})
    for group in existing["groups"]:
        group["members"] = [{"value": f"id-{name}"} for name in group.get("members", ())]
    return Simulated(existing["users"], existing["groups"], Habits(**(case.get("provider") or {})))


def client_of(case: Mapping[str, Any], provider: Simulated) -> Client:
    """The client for the case's provider, of which it knows what the case says."""
    return provider.client(**(case.get("known") or {}))


def reconciled(case: Mapping[str, Any], client: Client, check: bool, limits: Limits | None = None) -> Run:
    """The case's declaration, through the same walk as the module's."""
    given = case.get("options") or {}
    assert set(given) <= set(OPTIONS)
    parameters = {**OPTIONS, **given}
    policy = replace(directory_policy(parameters, client.types, client.capabilities), today=case.get("today", TODAY))
    parts = {part: list(written_out((case.get("declared") or {}).get(part), part)) for part in PARTS}
    document = Document("people.yml", parts["users"], parts["groups"], (case.get("declared") or {}).get("defaults") or {})
    declaration = load_declaration([document], client.types, policy.match_on)
    own = Limits(parameters["max_removals"], parameters["max_updates"], parameters["max_creates"], parameters["allow_removals"])
    return reconcile(declaration, client, policy, limits or own, check, expected=reviewed(parameters["expect_plan"], client.url))


def accepted(run: Run) -> Run:
    """A run that no guard refused."""
    if run.error:
        raise run.error
    return run


def with_digest(case: Mapping[str, Any]) -> Mapping[str, Any]:
    """The case with the digest of its plan, where it speaks of that."""
    options, message = case.get("options") or {}, case.get("message") or ()
    if PLAN not in options.values() and not any(PLAN in line for line in message):
        return case
    free = {**case, "options": {name: value for name, value in options.items() if value != PLAN and name != "expect_plan"}}
    digest = reconciled(free, client_of(case, provider_of(case)), True, Limits(None)).digest
    own = {"options": {name: digest if value == PLAN else value for name, value in options.items()}}
    return {**case, **own, **({"message": [line.replace(PLAN, digest) for line in message]} if message else {})}


def told(run: Run) -> list[tuple[str, dict[str, Any]]]:
    """The changes of a plan as cases write them."""
    found = []
    for change in (presented(change, run.plan.names) for change in run.plan.changes):
        name_attribute = "user_name" if change["type"] == USER else "display_name"
        created, deleted = change["action"] == "created", change["action"] == "deleted"
        details = {a["path"]: a["after"] if created else [a["before"], a["after"]] for a in change["attributes"] if not deleted}
        if created:
            details.pop(name_attribute)
        if change["action"] == "deactivated":
            details.pop("active")
        details |= {name: change[name] for name in ("joins", "leaves", "secrets") if change[name]}
        details |= {name: change[name] for name in ("reason", "reasons")}
        found.append((f"{VERBS[change['action']]} {change['type'].lower()} {change['name']}", details))
    return sorted(found, key=repr)


def expected(case: Mapping[str, Any], found: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """The changes that the case names; reasons that it does not name are whatever they are."""
    changes = [(item, {}) if isinstance(item, str) else next(iter(item.items())) for item in case["changes"]]
    reasons = {name: {key: details[key] for key in ("reason", "reasons")} for name, details in found}
    return sorted(((name, {**reasons.get(name, {}), **(details or {})}) for name, details in changes), key=repr)


@pytest.mark.parametrize("case", golden_cases(CASES))
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= WORDS
    assert ("changes" in case) is not ("refused" in case or "message" in case)
    provider, case = provider_of(case), dict(with_digest(case))
    if "changes" not in case:
        with pytest.raises((Invalid, PlanRefused)) as refusal:
            accepted(reconciled(case, client_of(case, provider), check=False))
        assert [part for part in case.get("refused", ()) if part not in str(refusal.value)] == [], str(refusal.value)
        assert case.get("message") in (None, str(refusal.value).splitlines())
        assert provider.written == []
        return

    run = accepted(reconciled(case, client_of(case, provider), check=True))
    found = told(run)
    assert found == expected(case, found)
    assert list(run.plan.warnings) == case.get("warned", [])
    assert provider.written == []
    if "unchanged" in case:
        assert run.plan.unchanged.get(USER, 0) == case["unchanged"]

    done = accepted(reconciled(case, client_of(case, provider), check=False))
    assert [outcome.error for outcome in done.outcomes if outcome.error] == []
    again = reconciled({**case, "options": {**(case.get("options") or {}), "expect_plan": None}}, client_of(case, provider), check=True)
    assert told(again) == []


def test_there_are_enough_cases_and_each_has_a_name_of_its_own() -> None:
    names = [param.id for param in golden_cases(CASES)]
    assert len(names) >= 60
    assert len(set(names)) == len(names)
