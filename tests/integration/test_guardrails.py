# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each variable that limits a run, in each playbook that writes: it holds there, or it is refused. None is accepted and ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.options.guardrails import GUARDRAILS
from servers.directories import active_of, file, group, members_of
from servers.playbooks import Played, Run
from servers.tables import PIPELINING

KIM, NEW = "kim@example.com", "new@example.com"
ACTIVE, MEMBER, NOTHING = "the account stays active", "the membership stays", "nothing is written"


@dataclass(frozen=True)
class Guardrail:
    """The variables that are set, and what must hold after a playbook that would deactivate kim, who is in Team, and end the membership.

    ``without``: the playbooks that cannot do what the variable limits, as the documentation says.
    """

    variables: Mapping[str, Any]
    holds: str
    without: tuple[str, ...] = ()


TABLE = {
    "protected_users": Guardrail({"protected_users": "ceo@*, Kim@*"}, ACTIVE),
    "protected_groups": Guardrail({"protected_groups": ["team"]}, MEMBER),
    "scope_users": Guardrail({"scope_users": 'userName ew "@other.example"'}, ACTIVE),
    "scope_groups": Guardrail({"scope_groups": 'externalId sw "owned"'}, MEMBER),
    "max_removals": Guardrail({"max_removals": 0}, NOTHING),
    "allow_removals": Guardrail({"max_removals": 0, "allow_removals": "0123456789abcdef"}, NOTHING),
    "expect_plan": Guardrail({"expect_plan": "0123456789abcdef"}, NOTHING),
    "max_updates": Guardrail({"max_updates": 0}, NOTHING, without=("offboard",)),
    "max_creates": Guardrail({"max_creates": 0}, NOTHING, without=("offboard", "rollback")),
}


class Tenant:
    """A provider with one user in one group, and what would take both from it."""

    def __init__(self, run: Run, provider: Any) -> None:
        self._run, self.provider = run, provider
        self.user = provider.direct.add_user(KIM, active=False)["id"]
        self.group = provider.direct.add_group("Team")["id"]
        file(run.folder / "given.yml", users=[{"user_name": KIM, "active": True}], groups=[group("Team", KIM)])
        file(run.folder / "taken.yml", users=[{"user_name": KIM, "active": False}, {"user_name": NEW}], groups=[group("Team")])
        self.play("apply", {"src": "given.yml", "audit_log": "audit.jsonl"}, 0)

    def play(self, playbook: str, variables: Mapping[str, Any], rc: int | None) -> Played:
        connection = {"SCIM_URL": self.provider.url, "SCIM_TOKEN": self.provider.token}
        own = {"apply": {"src": "taken.yml"}, "offboard": {"user": KIM}, "rollback": {"audit_log": "audit.jsonl"}}[playbook]
        given = {f"scim_{name}": value for name, value in {**own, "bulk": "never", **variables}.items()}
        self.provider.proxy.clear()
        return self._run(f"identity.scim.{playbook}", extra_vars=given, env={**PIPELINING, **connection}, expect_rc=rc)

    def found(self) -> set[str]:
        """What of the table holds."""
        direct = self.provider.direct
        holds = {ACTIVE: active_of(direct)[KIM], MEMBER: members_of(direct)["Team"], NOTHING: not self.provider.proxy.writes}
        return {what for what, held in holds.items() if held}

    def give_back(self) -> None:
        """Make the user active and a member again, and no other one."""
        for user in self.provider.direct.list_all("/Users"):
            if user["id"] != self.user:
                self.provider.direct.delete(f"/Users/{user['id']}")
        self.provider.direct.patch(f"/Users/{self.user}", {"op": "replace", "path": "active", "value": True})
        self.provider.direct.patch(f"/Groups/{self.group}", {"op": "replace", "path": "members", "value": [{"value": self.user}]})


def test_the_table_has_every_guardrail() -> None:
    assert TABLE.keys() == set(GUARDRAILS)


@pytest.mark.parametrize("playbook", ["apply", "offboard", "rollback"])
def test_guardrails_hold_in_each_playbook_that_writes(run: Run, rfc: Any, playbook: str) -> None:
    tenant = Tenant(run, rfc)
    broken = []
    for name, guardrail in TABLE.items():
        if playbook not in guardrail.without:
            played = tenant.play(playbook, guardrail.variables, None)
            if guardrail.holds not in tenant.found() or f"scim_{name}" in played.stderr:
                broken.append(f"{name}: {tenant.found()}")
            tenant.give_back()
    assert not broken
    tenant.play(playbook, {}, 0)
    assert not tenant.found(), "without a guardrail, the playbook takes both"


def test_offboard_names_the_memberships_that_stay(run: Run, rfc: Any) -> None:
    """The account is deactivated and the user leaves the other groups; the playbook fails, since a membership is left."""
    tenant = Tenant(run, rfc)
    rfc.direct.add_group("Other", tenant.user)
    rfc.direct.add_group("Owned", tenant.user, externalId="owned-1")
    given = {"protected_groups": ["team"], "scope_groups": 'externalId sw "owned" or displayName eq "Team"'}
    played = tenant.play("offboard", given, 2)
    shown = f"{played.stdout}"
    assert "Memberships stay although the groups of the user are exact: " in shown
    assert f"{KIM} in Other (the group is out of scope)" in shown
    assert f"{KIM} in Team (the group is protected)" in shown
    assert f"{KIM} is inactive, and no other group shows this user as a member." in shown
    assert f"The access of {KIM} was not removed entirely." in shown
    assert not active_of(rfc.direct)[KIM]
    assert members_of(rfc.direct) == {"Team": [KIM], "Other": [KIM], "Owned": []}
