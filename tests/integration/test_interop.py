# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of ``make interop`` themselves: they pass on a server that is right, and fail on one that is bent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from interop.__main__ import outcome_of
from interop.checks import CHECKS, Lab
from interop.packages import Npm
from interop.probes import deviations
from interop.results import FAILED, PASSED, Outcome
from interop.server import Access, ScimStore, Server, bearer
from servers.bends import refuse
from servers.faults import Rule, When, bend_query, reply, without
from servers.playbooks import Run

SERVER = Server("rfc", "scim2-server", Npm(Path(), ""), (), "/v2", "", bearer)


@pytest.fixture
def lab(run: Run, rfc: Any, tmp_path: Path) -> Lab:
    access = Access({"token": rfc.token}, rfc.direct, ScimStore(rfc.direct))
    return Lab(SERVER, access, rfc.proxy, run, tmp_path)


def checked(lab: Lab, name: str) -> Outcome:
    title, function = CHECKS[name]
    return outcome_of(lab, name, title, function)


@pytest.mark.parametrize("name", ["member_removed", "rename_user"])
def test_passes_where_the_server_is_right(name: str, lab: Lab) -> None:
    outcome = checked(lab, name)
    assert outcome.outcome == PASSED, outcome
    assert outcome.requests > 0


@pytest.mark.parametrize(
    ("name", "rule", "reason"),
    [
        ("member_removed", Rule("not done", When("PATCH PUT", "/Groups/*"), reply(204)), "the store's members of Removed"),
        ("delete", Rule("not done", When("DELETE", "/Users/*"), reply(204)), "the store still has"),
    ],
)
def test_fails_where_the_store_does_not_hold_it(name: str, rule: Rule, reason: str, lab: Lab) -> None:
    lab.proxy.rules.append(rule)
    outcome = checked(lab, name)
    assert outcome.outcome == FAILED
    assert reason in outcome.reason


def test_probes_find_nothing_on_a_server_that_is_right(rfc: Any) -> None:
    assert deviations(rfc.direct) == []


def test_probes_find_what_a_server_does_otherwise(rfc: Any) -> None:
    rfc.proxy.rules += [
        Rule("filters are ignored", When("GET", having="filter"), bend_query(without("filter"))),
        Rule("no discovery", When("GET", "/Schemas"), refuse(404)),
        Rule("no members", When("PATCH", "/Groups/*"), refuse(400)),
    ]
    rfc.direct.url = rfc.url
    assert {one.deviation for one in deviations(rfc.direct)} == {
        "does not answer /Schemas",
        "ignores filters",
        "refuses to add a member with PATCH",
        "refuses to remove one member with a path",
        "refuses to change displayName",
    }
