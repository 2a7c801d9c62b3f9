# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook drift writes a file that the textfile collector of Prometheus reads."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from ansible_collections.identity.scim.plugins.module_utils._engine.report.metrics import ATTEMPT, DIFFERENCES, SUCCESS
from servers.directories import file
from servers.playbooks import Run


def samples(text: str) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_metrics_of_all_tenants(run: Run, serve_rfc: Callable[..., Any]) -> None:
    """What could not be compared keeps its last success, and a tenant that was not selected all that it had."""
    tenants = {name: serve_rfc(token=f"{name}-token-of-the-tests") for name in ("staging", "production")}
    tenants["staging"].direct.add_user("ann@example.com", active=True)
    hosts = {name: {"scim_url": tenant.url, "scim_token": tenant.token} for name, tenant in tenants.items()}
    file(run.folder / "inventory.yml", all={"hosts": hosts})
    file(run.folder / "directory.yml", users=[{"user_name": "ann@example.com", "active": True}])
    given = {"scim_src": ["directory.yml"], "scim_metrics": "scim.prom"}
    written = run.folder / "scim.prom"
    inventory = ("-i", "inventory.yml")
    umask = os.umask(0o077)
    try:
        run("identity.scim.drift", extra_vars=given, arguments=inventory, expect_rc=2)
    finally:
        os.umask(umask)
    first = samples(written.read_text())
    assert written.stat().st_mode & 0o777 == 0o644
    assert "ann@" not in written.read_text()
    assert first[DIFFERENCES, "production", "users", "created"] == 1
    assert first[DIFFERENCES, "staging", "users", "created"] == 0
    assert first[SUCCESS, "production"] == first[ATTEMPT, "production"]

    production = {"scim_token": "a-token-that-has-expired"}
    run("identity.scim.drift", extra_vars={**given, **production}, arguments=(*inventory, "--limit", "production"), expect_rc=2)
    second = samples(written.read_text())
    assert second[ATTEMPT, "production"] > first[ATTEMPT, "production"]
    assert {**second, (ATTEMPT, "production"): 0} == {**first, (ATTEMPT, "production"): 0}
