# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles in files, on scim2-server: what they state is done, provider_info writes one, and the last administrator remains."""

from __future__ import annotations

from typing import Any

from servers.directories import file, row
from servers.playbooks import Run
from servers.tables import PIPELINING, Row, Seen, Table

PROFILE = """\
title: Acme
documented:
  page_size: 2
  must_remain:
    - {name: Admin, users: roles.value eq "admin", groups: displayName eq "Owners"}
"""
INFO = "identity.scim.provider_info"


def counts(seen: Seen) -> set[str]:
    """The page sizes that were requested."""
    return {exchange.request.query["count"] for exchange in seen.exchanges if "count" in exchange.request.query}


def test_a_profile_in_a_file(run: Run, rfc: Any) -> None:
    for name in ("root@example.com", "kim@example.com", "lee@example.com"):
        rfc.direct.add_user(name, active=True, roles=[{"value": "Admin"}] if name.startswith("root") else [])
    file(run.folder / "providers" / "acme.yml", PROFILE)
    file(run.folder / "wrong.yml", "documented:\n  pach: false\n")
    table = Table(run, rfc, provider="providers/acme.yml")
    leaving = {"users": [{"user_name": "root@example.com", "active": False}]}
    two = {"user_name": "kim@example.com", "roles": [{"value": "admin"}]}
    seen = table({
        "as the file says": row(users=[{"user_name": "kim@example.com", "title": "Boss"}], prune_users="none", scope_users="userName pr"),
        "options override it": row(users=[{"user_name": "kim@example.com"}], scope_users="userName pr", provider_options={"page_size": 3}),
        "the last administrator": row(**leaving, error='At least 1 user must hold "Admin" .*, and none would keep it: root@example.com'),
        "a removed role": row(users=[{"user_name": "root@example.com", "roles": []}], error="none would keep it: root@example.com"),
        "another one in the same run": row(users=[*leaving["users"], two], error="root@example.com would lose it before kim@example.com"),
        "without the rule": row(**leaving, provider_options={"must_remain": []}, task={"check_mode": True}),
        "another administrator first": row(users=[two]),
        "then": row(**leaving),
        "the only user, and no listing": Row(
            {"user_name": "kim@example.com", "state": "absent"}, action="deleted", task={"check_mode": True}
        ),
        "a mistake": row(0, **leaving, provider="wrong.yml", error='wrong.yml:2: documented.pach: .*Did you mean "patch"'),
        "no file": row(0, **leaving, provider="slack.yml", error='there is no file "slack.yml" in .*Did you mean the profile "slack"'),
    })  # fmt: skip
    assert counts(seen["as the file says"]) == {"2"}
    assert counts(seen["options override it"]) == {"3"}
    assert not any(seen[name].writes for name in ("the last administrator", "a removed role", "another one in the same run"))
    assert seen["then"].result["summary"]["users"]["deactivated"] == 1
    assert "kim@example.com would lose it. Not all users and groups were read" in seen["the only user, and no listing"].warnings


def test_a_profile_from_provider_info(run: Run, rfc: Any) -> None:
    """It is written once, read again, and what it states is what was seen."""
    rfc.direct.add_user("one@example.com")
    dest = run.folder / "seen.yml"
    seen = Table(run, rfc)({
        "foretold": Row({"dest": "seen.yml"}, module=INFO, task={"check_mode": True}),
        "written": Row({"dest": "seen.yml", "provider_options": {"concurrency": 2}}, module=INFO),
        "used": Row({"dest": "seen.yml", "provider": "seen.yml"}, module=INFO),
        "by another module": Row({"user_name": "two@example.com", "provider": "seen.yml"}, action="created"),
    })  # fmt: skip
    assert [seen[name].result["changed"] for name in ("foretold", "written", "used")] == [True, True, False]
    assert dest.stat().st_mode & 0o777 == 0o600
    assert "documented:\n  concurrency: 2\n" in dest.read_text("utf-8")
    assert seen["used"].result["capabilities"]["concurrency"] == {"value": 2, "known": "profile", "sureness": "documented"}
    assert seen["used"].result["profile"]["title"] == "SCIM service provider at 127.0.0.1"


def test_the_path_of_a_playbook_begins_where_ansible_is_called(run: Run, rfc: Any) -> None:
    file(run.folder / "providers" / "acme.yml", PROFILE)
    file(run.folder / "people.yml", users=[{"user_name": "kim@example.com"}])
    rfc.direct.add_user("root@example.com", active=True, roles=[{"value": "admin"}])
    given = {"scim_src": "people.yml", "scim_provider": "providers/acme.yml", "scim_prune_users": "deactivate", "scim_max_removals": "100%"}
    env = {**PIPELINING, "SCIM_URL": rfc.url, "SCIM_TOKEN": rfc.token}
    planned = run("identity.scim.plan", extra_vars=given, env=env, expect_rc=2)
    assert "At least 1 user must hold 'Admin' (must_remain), and none would keep it: root@example.com" in planned.stdout
    assert not rfc.proxy.writes
