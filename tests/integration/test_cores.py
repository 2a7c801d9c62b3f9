# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oldest and the newest supported ansible-core that this machine can run: the modules on each, and Ansible's own traps."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.options.connection import CONNECTION, CREDENTIALS
from servers.cores import ROOT, Core, oldest_and_newest
from servers.directories import DIRECTORY, file, group, members_of, name, names, people, person, row, seeded, users_of
from servers.faults import Rule, When, delay
from servers.playbooks import Played, Run
from servers.proxy import RecordingProxy
from servers.tables import PIPELINING, USER, Row, Table, of
from servers.tls import Certificate

GROUP = "identity.scim.group"
SCIM = "group/identity.scim.scim"
PASSWORD = "correct/horse+battery staple"
HEADER = "header-value-0815"
OMITTED = "{{ nothing | default(omit) }}"
TEMPLATED_NULL = "{{ nothing | default(none) }}"
UNQUOTED = "UNQUOTED-"
# An environment that would lead a client to a proxy where nobody listens, and to other trust than was asked for.
MISLEADING = {
    **{key: "http://127.0.0.1:9" for scheme in ("http", "https", "all") for key in (f"{scheme}_proxy", f"{scheme}_PROXY".upper())},
    **dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), "/nowhere.pem"),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
}


@pytest.fixture(params=oldest_and_newest(), ids=str)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    core: Core = request.param
    link = tmp_path / "core"  # older cores split the path of a task's Python at spaces where it is asynchronous
    link.symlink_to(Path(core.python()).parents[1])
    return Run(tmp_path, str(link / "bin" / "python"))


class Unquoted(Table):
    """A table whose YAML has some values as people write them who forget the quotes."""

    def play(self, rows: Mapping[str, Row]) -> str:  # type: ignore[override]
        return str(yaml.safe_dump([super().play(rows)], sort_keys=False)).replace(UNQUOTED, "")


class ByDefaults(Table):
    """A table that is given its connection, and every option there is, by the play's defaults for the action group."""

    def play(self, rows: Mapping[str, Row]) -> dict[str, Any]:
        defaults, self.connection = self.connection, {}
        return {**super().play(rows), "module_defaults": {SCIM: defaults}}


def every_option(certificate: Certificate) -> dict[str, Any]:
    """A value for each option of the connection, but for url and token, and for the credentials that a token excludes."""
    given = {
        "token_expires": "9999-12-31", "token_url": "http://127.0.0.1/token", "scopes": ["scim"], "audience": "me", "provider": "rfc",
        "provider_options": {},
        "http_agent": "each row has its own", "http_headers": {"X-Api-Key": HEADER}, "validate_certs": True,
        "ca_path": str(certificate.certificate), "client_cert": str(certificate.certificate), "client_key": str(certificate.key),
        "timeout": 20, "retries": 2, "rate_limit": 6000, "max_wait": 10, "max_duration": 60, "allow_plaintext": False,
    }  # fmt: skip
    assert {*given, "url", *CREDENTIALS, "client_assertion_audience"} == set(CONNECTION)
    return given


def everything(played: Played | None) -> str:
    assert played is not None
    return f"{played.stdout}{played.stderr}{played.results}"


def thrice(what: str, action: str, module: str = USER, **options: Any) -> dict[str, Row]:
    """What check mode foretells, what is done, and that nothing is left to do."""
    return {
        f"{what}: foretold": Row(options, action, module=module, task={"check_mode": True, "diff": True}),
        f"{what}: done": Row(options, action, module=module),
        f"{what}: again": Row(options, action and "unchanged", module=module),
    }


def test_what_is_foretold_is_done_once(run: Run, rfc: Any, certificate: Certificate, tmp_path: Path) -> None:
    """Every module of the action group takes the group's options; check mode, diff, the change, and no change."""
    seeded(rfc.direct, range(1, 3))
    src = [file(tmp_path / "all.yml", users=people(*range(3, 6)), groups=[group("Crew", *names(3, 4))])]
    exported, audit_log = tmp_path / "exported.yml", str(tmp_path / "audit.jsonl")
    table = ByDefaults(run, rfc, **every_option(certificate))
    rows = {
        **thrice("created", "created", user_name=name(0), name={"family_name": "New"}, active=True),
        **thrice("updated", "updated", user_name=name(1), title="Lead", clear=["emails"]),
        **thrice("deleted", "deleted", user_name=name(2), state="absent"),
        **thrice("group", "created", GROUP, display_name="Team", members=names(0, 1)),
        **thrice("directory", "", DIRECTORY, src=src, audit_log=audit_log),
        "people": Row({"user_name": name(1)}, module="identity.scim.user_info"),
        "groups": Row({}, module="identity.scim.group_info"),
        "export": Row({"dest": str(exported)}, module="identity.scim.directory_info"),
        "provider": Row({}, module="identity.scim.provider_info"),
        "explained": Row({"src": src, "user": name(3)}, "unchanged", module="identity.scim.explain_info"),
        "valid": Row({"src": src}, module="identity.scim.validate"),
        "logged": Row({"path": audit_log}, module="identity.scim.audit_log_info"),
    }
    modules = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["scim"]
    assert {one.module for one in rows.values()} == {f"identity.scim.{module}" for module in modules}
    seen = table(rows)
    for what in ("created", "updated", "deleted", "group", "directory"):
        foretold, done, again = (seen[f"{what}: {step}"] for step in ("foretold", "done", "again"))
        assert not foretold.writes, what
        assert foretold.result["diff"] == done.result["diff"], what
        assert [one.result["changed"] for one in (foretold, done, again)] == [True, True, False], what
        assert not again.writes, what
    assert members_of(rfc.direct) == {"Team": names(0, 1), "Crew": names(3, 4)}
    assert seen["people"].result["users"][0]["title"] == "Lead"
    assert {one["displayName"] for one in seen["groups"].result["groups"]} == {"Team", "Crew"}
    assert len(yaml.safe_load(exported.read_text())["users"]) == len(users_of(rfc.direct)) == 5
    assert {exchange.headers.get("X-Api-Key") for exchange in rfc.proxy.requests} == {HEADER}
    assert table.played is not None
    assert "Lead" in table.played.stdout, "The diff is shown"


def test_traps_of_options(run: Run, rfc: Any, certificate: Certificate, tmp_path: Path) -> None:
    """One play at -vvvv over TLS, in an environment that would lead the client astray, and with another credential in ``~/.netrc``."""
    (tmp_path / ".run" / "home" / ".netrc").write_text("machine 127.0.0.1 login other password other-credential\n")
    seeded(rfc.direct, range(1, 3))
    ca_path = str(certificate.certificate)
    secret = "{{ secret }}"  # ansible-core shows the lines of the playbook around a task that fails
    with RecordingProxy(rfc.server.url, tls=certificate.server_context()) as encrypted:
        served = replace(rfc, proxy=encrypted)
        table = Unquoted(run, served, ca_path=ca_path)
        seen = table(
            {
                "omit": Row(
                    {"url": OMITTED, "token": None, "user_name": name(1)}, error="url", task={"module_defaults": {SCIM: served.connection}}
                ),
                "short header": Row({"user_name": name(1), "title": "10%", "http_headers": {"X-Version": "1"}}, "updated", 2),
                "null within": Row({"user_name": name(1), "name": {"given_name": TEMPLATED_NULL, "family_name": "Person"}}, "unchanged"),
                "nulls only": Row({"user_name": name(1), "name": {"given_name": TEMPLATED_NULL}}, "unchanged"),
                "nulls in a list": Row({"user_name": name(1), "emails": [{"value": TEMPLATED_NULL}]}, error="emails"),
                "NO": Row({"user_name": name(1), "title": f"{UNQUOTED}NO"}, requests=0, error="(?i)quote"),
                "NO within": Row({"user_name": name(1), "addresses": [{"country": f"{UNQUOTED}NO"}]}, requests=0, error="(?i)quote"),
                "00123": Row({"user_name": name(1), "enterprise": {"employee_number": f"{UNQUOTED}00123"}}, requests=0, error="(?i)quote"),
                "00123 inline": row(0, users=[{"user_name": name(1), "title": f"{UNQUOTED}00123"}], error="(?i)quote"),
                "unknown": Row({"ca_path": None, "user_name": name(1), "retries": 0}, error="(?i)certificate"),
                "inline": row(users=[person(3, password=secret)], defaults={"locale": "en"}),
                "inline mistake": row(users=[person(4, password=secret, locale="nowhere at all")], error="locale"),
                "asynchronous": row(users=people(5, 6), task={"async": 60, "poll": 1}),
            },
            diff=True,
            verbosity=4,
            env={**PIPELINING, **MISLEADING},
            extra_vars={"secret": PASSWORD, "scim_url": served.url, "scim_token": rfc.token},
        )
    assert {exchange.headers.get("Authorization") for exchange in encrypted.requests} == {f"Bearer {rfc.token}"}
    assert users_of(rfc.direct)[name(1)]["name"] == {"givenName": "P1", "familyName": "Person"}
    assert users_of(rfc.direct).keys() >= set(names(3, 5, 6))
    assert seen["asynchronous"].result["summary"]["users"]["created"] == 2
    assert seen["inline"].writes[0].body["password"] == PASSWORD
    output = everything(table.played)
    assert '"10%"' in output
    assert "0%" not in output.replace("10%", "").replace("100%", ""), "Nothing is masked by a header value of 1"
    for hidden in (PASSWORD, rfc.token, HEADER, "other-credential"):
        assert hidden not in output, hidden


def settled(count: Callable[[], int]) -> int:
    """A count that has stayed the same for longer than ten writes take."""
    while (before := count()) != (time.sleep(1.2), count())[1]:
        pass
    return before


def test_a_timeout_ends_between_two_writes(run: Run, rfc: Any, tmp_path: Path) -> None:
    """Nobody goes on writing when nobody waits, and the next run does the rest. Lines on stderr, and none on stdout, tell how far it is."""
    audit_log = tmp_path / "audit.jsonl"
    over = threading.Event()
    rfc.proxy.rules += [
        Rule("slow", When("POST", "/Users"), delay(0.1)),
        Rule("stands", When("POST", "/Users", nth=2, where=of("ended")), lambda request, ask: (over.wait(60), ask(request))[1]),
    ]
    plan = {"users": people(*range(30)), "bulk": "never", "concurrency": 1, "audit_log": str(audit_log)}
    table = Table(run, rfc)
    played = run(table.play({"ended": row(**plan, task={"timeout": 12})}), env=PIPELINING)
    over.set()
    made = settled(lambda: len(users_of(rfc.direct)))
    assert played.tasks[0].status == "failed"
    assert 2 <= made < 30
    seen = table({"the rest": row(**plan)})
    assert len(seen["the rest"].writes) == 30 - made
    assert table.played is not None
    assert f" of {30 - made} changes (" in table.played.stderr
    assert " changes (" not in table.played.stdout
    logged = [json.loads(line) for line in audit_log.read_text().splitlines()]
    assert {line["name"] for line in logged if line.get("name")} == set(names(*range(30))), "The log is whole"


def tenants(tmp_path: Path, **served: Any) -> str:
    """An inventory in which each provider is a host."""
    src = file(tmp_path / "declared.yml", users=people(1, 2), groups=[group("Team", *names(1, 2))])
    hosts = {host: {"tenant_url": one.url, "tenant_token": one.token} for host, one in served.items()}
    common = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "scim_src": [src]}
    return file(tmp_path / "inventory.yml", yaml.safe_dump({"all": {"hosts": hosts, "vars": common}}))


def test_two_tenants_with_modules_role_and_playbooks(run: Run, serve_rfc: Callable[..., Any], tmp_path: Path) -> None:
    """Each provider sees its own token alone, and no result or output holds any. The role leaves a play's module_defaults in force."""
    served = {"one": serve_rfc(token="token-of-tenant-one"), "two": serve_rfc(token="token-of-tenant-two")}
    connection = {"url": "{{ tenant_url }}", "token": "{{ tenant_token }}"}
    role = {"name": "role", "ansible.builtin.import_role": {"name": "identity.scim.directory", "tasks_from": "plan"}}
    own = {"name": "own", USER: {"user_name": "{{ inventory_hostname }}@example.com", "groups": [], "title": "{{ inventory_hostname }}"}}
    variables = {"vars": {"scim_url": "{{ tenant_url }}", "scim_token": "{{ tenant_token }}"}}
    playbook = [
        {"hosts": "all", "gather_facts": False, "module_defaults": {SCIM: connection}, "tasks": [own, role]},
        *({"ansible.builtin.import_playbook": f"identity.scim.{name}", **variables} for name in ("plan", "apply", "plan")),
    ]
    arguments = ("-i", tenants(tmp_path, **served))
    played = run(playbook, arguments=arguments, verbosity=4, env={**PIPELINING, "SCIM_TOKEN": "token-of-nobody"})
    for host, provider in served.items():
        assert {exchange.headers["Authorization"] for exchange in provider.proxy.requests} == {f"Bearer {provider.token}"}
        assert members_of(provider.direct) == {"Team": names(1, 2)}
        assert sorted(users_of(provider.direct)) == sorted([*names(1, 2), f"{host}@example.com"])
        told = [task.result["summary"]["users"]["created"] for task in played.tasks if task.host == host and task.action == DIRECTORY]
        assert told == [2, 2, 2, 0], "role, plan, apply, plan"
    assert "token-of-" not in everything(played)
