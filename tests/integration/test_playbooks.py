# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of the collection on two servers, from the first plan to the rollback.

They are called as users call them: by name, from another folder, with relative paths, and with the provider in the environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.directories import active_of, file, group, members_of, name, names, nonzero, people, seeded, users_of
from servers.faults import Rule, When, bend_json, reply
from servers.playbooks import Body, Played, Run, read_only
from servers.tables import PIPELINING

TEN = range(10)


@dataclass(slots=True)
class Team:
    """A team with a repository, and a provider in the environment."""

    run: Run
    provider: Any

    @property
    def folder(self) -> Path:
        return self.run.folder

    def play(self, playbook: str, *, rc: int = 0, env: Body | None = None, check: bool = False, **variables: Any) -> Played:
        """Run ``identity.scim.<playbook>``. The variables have no prefix ``scim_`` here."""
        self.provider.proxy.clear()
        given = {f"scim_{option}": value for option, value in variables.items()}
        known = {"SCIM_URL": self.provider.url, "SCIM_TOKEN": self.provider.token} if env is None else env
        played = self.run(f"identity.scim.{playbook}", extra_vars=given, env={**PIPELINING, **known}, check=check, expect_rc=rc)
        assert "Traceback" not in str(played), str(played)
        assert "WARNING" not in played.stderr, played.stderr
        return played

    def sent(self) -> list[str]:
        return [f"{exchange.method} {exchange.path.split('/')[1]}" for exchange in self.provider.proxy.requests]

    def written(self) -> list[str]:
        return [str(exchange) for exchange in self.provider.proxy.writes]


def stats(played: Played) -> Body:
    """The statistics that a workflow gets, of all tasks."""
    found: Body = {}
    for task in played.tasks:
        found.update(task.result.get("ansible_stats", {}).get("data", {}))
    return found


def summary(played: Played, host: str = "localhost") -> str:
    """The summary that is printed for a host."""
    found = [task.result["msg"] for task in played.tasks if task.name.endswith(" : Show the summary") and task.host == host]
    return found[-1] if isinstance(found[-1], str) else "\n".join(found[-1])


def failed(played: Played) -> str:
    """Each task that failed, with its message."""
    return "\n".join(f"{task.name.rpartition(' : ')[2]}: {task.result['msg']}" for task in played.tasks if task.status == "failed")


def declared(folder: Path, title: str = "Engineer", numbers: Any = TEN) -> None:
    file(folder / "users" / "first.yml", users=people(*numbers, title=title, emails=None))
    file(folder / "groups.yml", groups=[group("Team", *names(*(number for number in numbers if number < 4)))])


def test_the_day(run: Run, rfc: Any) -> None:
    team = Team(run, rfc)
    src = {"src": "users/,groups.yml"}
    declared(team.folder)

    valid = team.play("validate", env={}, **src)
    assert (team.sent(), summary(valid)) == ([], "10 users and 1 group are declared.")
    assert stats(valid)["scim_validated"]["localhost"] == {"failed": False, "users": 10, "groups": 1, "problems": []}

    with read_only(rfc.proxy):
        planned = team.play("plan", report=["plan.json", "plan.md"], **src)
    assert (team.folder / "plan.md").read_text().startswith("## Plan")
    statistics = stats(planned)
    assert statistics["scim_plan_digest"] == statistics["scim_plan"]["localhost"]["plan_digest"]
    assert nonzero(statistics["scim_summary"]) == {"users": {"created": 10}, "groups": {"created": 1}, "memberships": {"added": 4}}
    assert "| users | 10 | 0 | 0 | 0 | 0 | 0 |" in statistics["scim_markdown"]
    assert f"+ user {name(0)} created" in summary(planned)

    # Approved, applied with two failures, and finished with the same approval.
    rfc.proxy.rules.append(Rule("two are refused", When("POST", "/Users", nth=(9, 10)), reply(400)))
    applied = team.play("apply", rc=2, expect_plan="plan.json", bulk="never", **src)
    assert failed(applied) == "Fail if not everything was applied: Not everything was applied. The summary above says why."
    assert summary(applied).startswith("9 of 11 changes applied.\n2 failed:\n- ")
    assert "Run the task again to apply the remaining changes." in summary(applied)
    marked = [line.rpartition("@example.com ")[2] for line in summary(applied).splitlines() if line.startswith("x user ")]
    assert marked == ["not created (failed)"] * 2
    assert "+ group Team created" in summary(applied)
    rfc.proxy.rules.clear()
    finished = team.play("apply", expect_plan="plan.json", **src)
    assert nonzero(stats(finished)["scim_applied"]["localhost"]["summary"])["users"] == {"created": 2, "unchanged": 8}
    assert members_of(rfc.direct) == {"Team": names(0, 1, 2, 3)}
    again = team.play("apply", expect_plan="plan.json", **src)
    assert (team.written(), again.changed) == ([], False)

    # A bad merge: half of a file is missing.
    declared(team.folder, numbers=range(5))
    refused = team.play("apply", rc=2, prune_users="deactivate", **src)
    assert failed(refused) == failed(applied)
    assert "In this role each option is a variable with the prefix scim_, such as scim_allow_removals." in summary(refused)
    assert "- 5 of 10 users would be deactivated or deleted, more than max_removals (10%, which is 2 here)" in summary(refused)
    assert f"allow_removals: {stats(refused)['scim_plan_digest']}" in summary(refused)
    rows = summary(refused).splitlines()
    assert rows[0] == "The plan was refused, and nothing was written."
    assert rows[rows.index("These changes were planned, and none of them was written:") + 1] == "users: 5 deactivated, 5 unchanged"
    assert team.written() == []

    # A change made by hand is found, and a change that was not approved is refused and named.
    declared(team.folder)
    one = users_of(rfc.direct)[name(1)]["id"]
    rfc.direct.patch(f"/Users/{one}", {"op": "replace", "path": "title", "value": "Wizard"})
    with read_only(rfc.proxy):
        drift = team.play("drift", rc=2, report="drift.html", **src)
    assert failed(drift).startswith("Fail if there is drift: DRIFT: 1 user or group differs from the declaration.")
    assert f"~ user {name(1)} updated: title" in summary(drift)
    assert stats(drift)["scim_drift"]["localhost"]["changed"]
    assert name(1) in (team.folder / "drift.html").read_text()
    unreachable = team.play("drift", rc=2, env={"SCIM_URL": "http://127.0.0.1:9/v2", "SCIM_TOKEN": "t"}, retries=0, **src)
    assert failed(unreachable).startswith("Fail if the comparison is not complete: COULD NOT CHECK")
    assert "127.0.0.1:9" in summary(unreachable)
    wrong = {"scim_src": "users", "scim_url": f"{rfc.url}/Users", "scim_token": rfc.token}
    elsewhere = run("identity.scim.drift", extra_vars=wrong, expect_rc=2)
    assert failed(elsewhere).startswith("Fail if the comparison is not complete: COULD NOT CHECK")
    assert "The summary above says why." in failed(elsewhere)
    assert rfc.url in summary(elsewhere)
    unseen = run("identity.scim.drift", extra_vars={**wrong, "scim_url": f"{rfc.url}/Things"}, expect_rc=2)
    assert failed(unseen).startswith("Fail if the comparison is not complete: COULD NOT CHECK")
    assert "The warnings above say why." in failed(unseen)
    assert "Check that url is the base URL" in " ".join(unseen.stderr.split())
    unreviewed = team.play("apply", rc=2, expect_plan="plan.json", **src)
    assert f"1 of 1 changes were not reviewed: {name(1)}" in summary(unreviewed)
    assert team.written() == []

    # A freeze, and variables of a pipeline that nobody set.
    frozen = team.play("apply", rc=2, frozen="the quarter is closed", **src)
    assert "Check that applying is allowed: Frozen (scim_frozen): the quarter is closed." in failed(frozen)
    unset = team.play("apply", rc=2, expect_plan="", scope_users="", protected_users="", **src)
    for option in ("expect_plan", "scope_users", "protected_users"):
        assert f"{option} is empty: a variable that was not set? Remove the option, or set it." in summary(unset)
    null = team.play("apply", rc=2, expect_plan=None, scope_users=None, **src)
    assert "scim_expect_plan is " in f"{null.stdout}{null.stderr}"
    assert "scim_scope_users is " in f"{null.stdout}{null.stderr}"
    assert team.sent() == []

    # The current state becomes the declaration.
    team.play("export", dest="exported/")
    same = team.play("plan", src="exported/")
    assert nonzero(stats(same)["scim_summary"]) == {"users": {"unchanged": 10}, "groups": {"unchanged": 1}}


def test_an_error_is_printed_once(run: Run, rfc: Any) -> None:
    """In readable lines, and not again by the task that fails, nor as JSON in one line."""
    team = Team(run, rfc)
    file(team.folder / "bad.csv", "login,userName,active\nx,one@example.com,true\n")
    mistakes = [{"titel": "Lead"}, {"emails": [{"value": 'not "an" address'}]}, {"locale": "nowhere at all"}]
    file(team.folder / "bad.yml", users=[{"user_name": name(number), **one} for number, one in enumerate(mistakes)])
    for playbook in ("validate", "plan", "apply", "drift", "explain"):
        played = team.play(playbook, rc=2, src="bad.csv,bad.yml", **({"user": name(1)} if playbook == "explain" else {}))
        output = f"{played.stdout}\n{played.stderr}"
        places = (
            "bad.csv:1: unknown column 'login'",
            "bad.yml:3: users[0].titel",
            "users[1].emails[0].value",
            "bad.yml:8: users[2].locale",
        )
        assert [output.count(place) for place in places] == [1] * 4, output
        lines = summary(played).splitlines()
        assert len([line for line in lines if any(place in line for place in places)]) == 4, "a line for each"
        assert all(f'"{line}"' in output for line in lines), "each line is printed as it is, without escapes"

    declared(team.folder)
    rfc.direct.add_user("left@example.com", active=True)
    rfc.proxy.rules.append(Rule("refused", When("POST", "/Users", nth=2), reply(400, {"detail": 'No "room" left'})))
    applied = team.play("apply", rc=2, src="users", bulk="never")
    assert f"{applied.stdout}{applied.stderr}".count("No 'room' left") == 1, str(applied)
    assert "room" not in applied.stderr
    for playbook, error in {
        "plan": "more than max_removals",
        "apply": "more than max_removals",
        "export": "split_by requires that dest is a folder",
    }.items():
        given = {"split_by": "title"} if playbook == "export" else {"src": "users", "prune_users": "delete", "max_removals": 0}
        refused = team.play(playbook, rc=2, dest="all.yml", **given)
        assert f"{refused.stdout}{refused.stderr}".count(error) == 1, str(refused)
    missing = team.play("rollback", rc=2, audit_log="missing.jsonl")
    assert f"{missing.stdout}{missing.stderr}".count("No such file or directory") == 1, str(missing)
    unreachable = {"SCIM_URL": "http://127.0.0.1:9/v2", "SCIM_TOKEN": rfc.token}
    offboard = team.play("offboard", rc=2, env=unreachable, user="left@example.com", retries=0)
    assert f"{offboard.stdout}{offboard.stderr}".count("http://127.0.0.1:9") == 1, str(offboard)
    assert failed(offboard) == "Fail if access was not removed: The access of left@example.com was not removed. The summary above says why."


def test_one_user(run: Run, rfc: Any) -> None:
    team = Team(run, rfc)
    ids = {number: rfc.direct.add_user(name(number), title="Engineer", active=True)["id"] for number in range(30)}
    rfc.direct.add_group("Team", ids[1], ids[2])
    rfc.direct.add_group("Undeclared", ids[1])
    rfc.direct.add_group("Others", ids[3])
    file(team.folder / "users" / "people.yml", users=people(1, 2, title="Lead", emails=None, name=None))

    with read_only(rfc.proxy):
        explained = summary(team.play("explain", src="users", user=name(1).upper()))
    assert explained.startswith(f"{name(1)} is declared at users/people.yml:2: users[0].\n")
    assert "- title: from 'Engineer' to 'Lead'" in explained

    unset = team.play("offboard", rc=2, user=name(1), protected_users="")
    assert "protected_users is empty: a variable that was not set?" in summary(unset)
    assert not team.written()
    gone = team.play("offboard", user=name(1), frozen=True)
    assert sorted(team.sent()) == [*["GET Groups"] * 3, *["GET Users"] * 2, *["PATCH Groups"] * 2, "PATCH Users"]
    assert not [
        one for one in rfc.proxy.requests if one.method == "GET" and one.path in ("/Users", "/Groups") and "filter" not in one.query
    ]
    assert active_of(rfc.direct)[name(1)] is False
    assert members_of(rfc.direct) == {"Team": [name(2)], "Undeclared": [], "Others": [name(3)]}
    assert summary(gone) == f"{name(1)} is inactive, and no group shows this user as a member."
    absent = team.play("offboard", user="nobody@example.com")
    assert "No user is called nobody@example.com" in summary(absent)
    assert stats(absent)["scim_offboarded"]["localhost"] == {"user": "nobody@example.com", "action": "nobody"}
    team.play("offboard", user=name(2), delete=True)
    assert name(2) not in users_of(rfc.direct)

    rfc.proxy.rules.append(Rule("two have the name", When("GET", "/Users"), bend_json(twins)))
    known = {"SCIM_URL": rfc.url, "SCIM_TOKEN": rfc.token}
    two = run("identity.scim.offboard", extra_vars={"scim_user": name(3)}, env={**PIPELINING, **known}, expect_rc=2)
    assert summary(two).startswith(f"SEVERAL USERS are called {name(3)}, so nothing was changed. Their ids are ")
    assert f"{ids[3]}, other-id." in summary(two)
    assert active_of(rfc.direct)[name(3)] is True


def twins(found: Body) -> Body:
    """A listing in which everybody is there twice."""
    resources = found["Resources"] + [{**resource, "id": "other-id"} for resource in found["Resources"]]
    return {**found, "Resources": resources, "totalResults": len(resources)}


def test_a_run_is_rolled_back(run: Run, rfc: Any) -> None:
    team = Team(run, rfc)
    ids = seeded(rfc.direct, TEN)
    rfc.direct.add_group("Team", *ids[:4])
    before = (users_of(rfc.direct), members_of(rfc.direct))
    log = {"audit_log": "audit.jsonl", "max_removals": 5}
    file(team.folder / "people.yml", users=people(*range(5), 11, title="Boss"), groups=[group("Team", *names(0, 1, 4))])
    team.play("apply", src="people.yml", prune_users="deactivate", bulk="never", **log)
    with read_only(rfc.proxy):
        planned = team.play("rollback", check=True, frozen=True, **log)
    taken = team.play("rollback", expect_plan=stats(planned)["scim_plan_digest"], **log)
    assert nonzero(stats(taken)["scim_rolled_back"]["localhost"]["summary"])["users"] == {"updated": 10}
    assert f"Created, and not changed: {name(11)}" in taken.result("Show what is rolled back")["msg"]
    stored = {one: {**body, "meta": None} for one, body in users_of(rfc.direct).items() if one != name(11)}
    assert stored == {one: {**body, "meta": None} for one, body in before[0].items()}
    assert members_of(rfc.direct) == before[1]
    assert {"audit.rollback.localhost.jsonl", "audit.rollback.localhost.yml"} <= {path.name for path in team.folder.iterdir()}


def test_a_day_on_matillion(run: Run, matillion: Any) -> None:
    """Its roles are not created here, and users cannot be deleted."""
    team = Team(run, matillion)
    ids = [matillion.server.add_user(name(number), title="Engineer") for number in range(6)]
    matillion.server.add_group("Viewer", *ids[:3])
    own = {"provider": "matillion", "rate_limit": 6000}
    users = people(*range(2, 8), emails=None, title="Boss")
    file(team.folder / "directory.json", users=users, groups=[group("Viewer", *names(0, 1, 2, 7))])
    team.play("apply", src="directory.json", audit_log="audit.jsonl", **own)
    team.play("drift", src="directory.json", **own)
    team.play("rollback", audit_log="audit.jsonl", max_removals=5, **own)
    stored = {user["userName"]: user["title"] for user in matillion.server.users.values()}
    assert [stored[one] for one in names(2, 5, 7)] == ["Engineer", "Engineer", "Boss"]
    team.play("offboard", user=name(1), **own)
    assert [one for one in team.sent() if "PATCH" in one] == ["PATCH Users", "PATCH Groups"]
    assert {user["userName"] for user in matillion.server.users.values() if not user["active"]} == {name(1)}


def test_tenants_of_an_inventory(run: Run, serve_rfc: Any, rfc: Any) -> None:
    """Each host is a tenant with its own provider, report and plan; --limit and --tags select."""
    other = serve_rfc()
    for provider in (rfc, other):
        provider.direct.add_user("leaver@example.com", active=True)
    declared(run.folder, numbers=range(3))
    hosts = {
        "acme": {"scim_url": rfc.url, "scim_token": rfc.token},
        "globex": {"scim_url": other.url, "scim_token": other.token},
        "offline": {"scim_url": "http://127.0.0.1:9/v2", "scim_token": "t", "scim_retries": 0},
    }
    common = {"scim_src": ["users", "groups.yml"], "scim_report": "report-{{ inventory_hostname }}.md"}
    file(run.folder / "inventory.yml", all={"hosts": hosts, "vars": common})
    inventory = ("--inventory", "inventory.yml")
    planned = run("identity.scim.plan", arguments=inventory, expect_rc=2)
    plans = {
        host: plan for task in planned.tasks for host, plan in task.result.get("ansible_stats", no_stats())["data"]["scim_plan"].items()
    }
    assert {host: plan["failed"] for host, plan in plans.items()} == {"acme": False, "globex": False, "offline": True}
    assert "scim_plan_digest" not in stats(planned)
    titles = {path.stem.removeprefix("report-"): path.read_text().splitlines()[0] for path in run.folder.glob("report-*")}
    assert titles == {"acme": "## Plan", "globex": "## Plan", "offline": "## Failed before a plan was made"}

    # A workflow passes the plans on. The plan of acme is an old one.
    plans["acme"]["plan_digest"] = "0123456789abcdef"
    applied = run("identity.scim.apply", arguments=(*inventory, "--limit", "globex,acme"), extra_vars={"scim_plan": plans}, expect_rc=2)
    assert "The plan is not the one that was reviewed" in summary(applied, "acme")
    assert [len(users_of(provider.direct)) for provider in (rfc, other)] == [1, 4]

    # A plan that failed and a plan that was not made approve nothing.
    plans["acme"] = {"plan_digest": None, "failed": True}
    del plans["globex"]
    applied = run("identity.scim.apply", arguments=(*inventory, "--limit", "globex,acme"), extra_vars={"scim_plan": plans}, expect_rc=2)
    assert [f"has no plan for {host}: the plan failed or was not made" in failed(applied) for host in ("acme", "globex")] == [True, True]
    assert len(users_of(rfc.direct)) == 1

    leaver = {"scim_user": "leaver@example.com"}
    run("identity.scim.offboard", arguments=(*inventory, "--limit", "!offline", "--tags", "offboard"), extra_vars=leaver)
    assert [active_of(provider.direct)["leaver@example.com"] for provider in (rfc, other)] == [False, False]


def no_stats() -> Body:
    return {"data": {"scim_plan": {}}}


def test_the_role_keeps_module_defaults(run: Run, rfc: Any) -> None:
    """Variables override the play's module_defaults, which hold for the other options; and no secret is printed, at any verbosity."""
    declared(run.folder, numbers=range(6))
    for one in ("stranger@example.com", name(0)):
        rfc.direct.add_user(one, active=True)
    own = {"src": [str(run.folder / "users")], "prune_users": "delete", "max_removals": "0"}
    defaults = {"group/identity.scim.scim": {**rfc.connection, "http_headers": {"X-Key": "do-not-tell"}}, "identity.scim.directory": own}
    role = {"role": "identity.scim.directory", "scim_prune_users": "deactivate", "scim_ca_path": "{{ omit }}"}
    play = {"hosts": "localhost", "gather_facts": False, "module_defaults": defaults, "roles": [role]}
    given = {"scim_max_removals": 1, "scim_http_headers": {"X-Key": "do-not-tell-either"}}
    played = run(play, extra_vars=given, verbosity=3)
    assert active_of(rfc.direct)["stranger@example.com"] is False
    assert len(users_of(rfc.direct)) == 7
    assert rfc.proxy.requests[0].headers["X-Key"] == "do-not-tell-either"
    assert "do-not-tell" not in str(played)
    assert rfc.token not in str(played)
    assert "WARNING" not in played.stderr


def test_two_hosts_of_one_tenant_are_refused(run: Run, rfc: Any) -> None:
    """In an inventory of servers, the environment and the variables of all hosts are one tenant."""
    declared(run.folder, numbers=range(3))
    (run.folder / "servers.ini").write_text("web1\nweb2\ndb1\n")
    inventory, env = ("--inventory", "servers.ini"), {"SCIM_URL": rfc.url, "SCIM_TOKEN": rfc.token}
    src = {"scim_src": ["users", "groups.yml"]}
    refused = run("identity.scim.apply", arguments=inventory, env=env, extra_vars=src, expect_rc=2)
    assert "SCIM_URL in the environment is one tenant, but 3 hosts have no scim_url, such as web1." in failed(refused)
    given = {"scim_url": rfc.url, "scim_token": rfc.token}
    refused = run("identity.scim.plan", arguments=inventory, extra_vars={**src, **given}, expect_rc=2)
    assert "The 3 hosts have the scim_url and credential of only 1 tenant." in failed(refused)
    assert rfc.proxy.requests == []
    run("identity.scim.apply", arguments=(*inventory, "--limit", "web1"), env=env, extra_vars=src)
    assert members_of(rfc.direct) == {"Team": names(0, 1, 2)}
    unreachable = {"scim_url": "http://127.0.0.1:9/v2", "scim_retries": 0}
    hosts = {one: {"scim_token": f"token-of-the-{one}", **unreachable} for one in ("acme", "globex")}
    file(run.folder / "accounts.yml", all={"hosts": hosts})
    apart = run("identity.scim.plan", arguments=("--inventory", "accounts.yml"), extra_vars=src, expect_rc=2)
    assert "Each host is a tenant" not in failed(apart), "one URL, with an account for each credential"


KNOWN = ("protected_users", "max_removals", "scope_users", "expect_plan", "frozen", "max_removals", "scope_users")  # what is meant there


def test_a_misspelt_variable(run: Run, rfc: Any) -> None:
    """A misspelt limit would not limit, so the run fails. A misspelt report is a warning. Other variables of a team are not mentioned."""
    declared(run.folder, numbers=range(3))
    own = dict.fromkeys(("scim_staging_url", "scim_team", "scim_plan_digest", "scim_rolled_back", "scim_frozen", "scim_delete"), False)
    given = {"scim_src": "users", "scim_reprot": ["plan.md"], **own}
    environment = {"SCIM_URL": rfc.url, "SCIM_TOKEN": rfc.token}
    planned = run("identity.scim.plan", env=environment, extra_vars=given)
    warnings = " ".join(planned.stderr.split())
    assert warnings.count("WARNING") == 1
    assert "scim_reprot: unknown variable of identity.scim, ignored. Did you mean scim_report?" in warnings

    rfc.proxy.clear()
    rails = {
        "scim_protected_user": ["*"],
        "scim_max_removal": 1,
        "scim_scope_user": 'userName ew "@x.org"',
        "scim_plan_expected": "plan.json",
        "scim_freeze": True,
        "SCIM_MAX_REMOVALS": 1,
        "scim_scope": "x",
    }
    for playbook in ("plan", "apply"):
        refused = run(f"identity.scim.{playbook}", env=environment, extra_vars={**given, **rails}, expect_rc=2)
        message = failed(refused)
        for misspelt, known in zip(rails, KNOWN, strict=True):
            assert f"{misspelt}: unknown variable of identity.scim. Did you mean scim_{known}?" in message
        assert "scim_reprot" not in message
    assert not rfc.proxy.requests
