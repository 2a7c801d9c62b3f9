# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module runs in Ansible's own process and as a module does: with the same results, and the same secrets in no output."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from servers.cores import Core, oldest_and_newest
from servers.directories import file, person
from servers.faults import Rule, When
from servers.playbooks import Played, Run

PASSWORD = "correct/horse+battery"
DIRECTLY = "in Ansible's own process"
KIM = {"user_name": "kim@example.com", "title": "Engineer"}
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
DOCUMENT = {"userName": "eve@example.com", ENTERPRISE: {"department": "Data", "division": None}, "password": PASSWORD}
ABSENT = {"user_name": "kim@example.com", "state": "absent"}
# In this order: name, module, options, keywords of the task.
TASKS: tuple[tuple[str, str, dict[str, Any], dict[str, Any]], ...] = (
    ("create in check mode", "user", KIM, {"check_mode": True, "diff": True}),
    ("create", "user", {**KIM, "password": "{{ password }}"}, {"diff": True}),
    ("unchanged", "user", KIM, {}),
    ("update", "user", {**KIM, "title": "Lead"}, {"diff": True}),
    ("a loop", "user", {"user_name": "{{ item }}@example.com"}, {"loop": ["ada", "bob", "kim"]}),
    ("hidden by no_log", "user", KIM, {"no_log": True}),
    ("a warning", "user", {**KIM, "userName": "kim@example.com"}, {}),
    (
        "a pasted document",
        "user",
        {"userName": "ada@example.com", ENTERPRISE: {"employeeNumber": "00123"}, "password": "{{ password }}"},
        {},
    ),
    ("a pasted document as text", "directory", {"users": ["{{ document }}"]}, {"diff": True}),
    ("two spellings", "user", {**KIM, ENTERPRISE: {"division": "{{ password }}"}, "enterprise": {"division": "East"}}, {}),
    ("an unknown attribute of a document", "user", {**KIM, ENTERPRISE: {"employeNumber": "{{ password }}"}}, {}),
    ("text for an extension", "user", {**KIM, ENTERPRISE: "00123"}, {}),
    ("a group", "group", {"display_name": "Team", "members": ["kim@example.com"]}, {}),
    ("a directory", "directory", {"src": ["{{ people }}"], "report": "{{ folder }}/plan.json"}, {"diff": True}),
    ("an encrypted value", "user", {"user_name": "ivy@example.com", "password": "{{ password | string }}"}, {}),
    ("a date", "directory", {"users": [person(9, expires="2999-01-01")]}, {}),
    ("users", "user_info", {"filter": 'userName eq "kim@example.com"'}, {}),
    ("groups", "group_info", {}, {}),
    ("an export", "directory_info", {}, {}),
    ("the provider", "provider_info", {}, {}),
    ("an explanation", "explain_info", {"src": ["{{ people }}"], "user": "kim@example.com"}, {}),
    ("a declaration", "validate", {"src": ["{{ people }}"]}, {}),
    ("a mistake in a declaration", "validate", {"users": [{"user_name": "kim", "title": 7, "locale": "nowhere at all"}]}, {}),
    ("no log to read", "audit_log_info", {"path": "{{ folder }}/none.jsonl"}, {}),
    ("an unknown option", "user", {**KIM, "pasword": "{{ password }}"}, {}),
    ("text for a mapping", "user", {**KIM, "name": "text", "password": "{{ password }}"}, {}),
    ("a wrong choice", "user", {**KIM, "state": "gone"}, {}),
    ("a missing name", "user", {"title": "Engineer"}, {}),
    ("no such group", "user", {**KIM, "groups": ["Nobody's"]}, {}),
    ("an empty limit", "directory", {"users": [KIM], "scope_users": ""}, {}),
    ("delete", "user", ABSENT, {"diff": True}),
    ("absent already", "user", ABSENT, {}),
)
OFFLINE = ("validate", "audit_log_info")
# In Ansible's own process a task goes on with what earlier ones have learned of the provider: that groups can be created with members.
LEARNED: dict[str, dict[str, Any]] = {
    "the provider": {"capabilities": {"members_in_body": {"value": True, "known": "seen"}}},
}
# What differs between any two runs.
DIFFERING = (
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{16}\b|\b[0-9a-f]{32}\b|\b[0-9a-f]{64}\b"), "ID"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ][0-9:.+Z]+"), "TIME"),
    (re.compile(r"\b\d+(\.\d+)? (ms|s)\b"), "DURATION"),
    (re.compile(r'File "[^"]*ansible_collections/identity/scim/'), 'File "'),  # of an archive, or of the collection
)


def comparable(value: Any, folder: Path) -> Any:
    """A result without what differs between any two runs, such as the order in which a server lists its groups."""
    if isinstance(value, dict):
        return {key: comparable(inner, folder) for key, inner in value.items() if key not in ("duration", "version", "etag")}
    if isinstance(value, list):
        return sorted((comparable(inner, folder) for inner in value), key=str)
    text = value.replace(str(folder), "FOLDER") if isinstance(value, str) else value
    for pattern, replacement in DIFFERING if isinstance(text, str) else ():
        text = pattern.sub(replacement, text)
    return text


@pytest.mark.parametrize("core", [None, *oldest_and_newest()], ids=str)
def test_both_ways_have_the_same_results_and_show_no_secret(core: Core | None, serve_rfc: Callable[..., Any], tmp_path: Path) -> None:
    run = Run(tmp_path, core.python()) if core else Run(tmp_path)
    people = file(tmp_path / "people.yml", users=[person(1, password=PASSWORD), person(2)], groups=[{"display_name": "All"}])
    played: dict[bool, Played] = {}
    for direct in (True, False):
        connection = serve_rfc().connection
        tasks = [
            {
                "name": name,
                f"identity.scim.{module}": {**({} if module in OFFLINE else connection), **options},
                "ignore_errors": True,
                **keywords,
            }
            for name, module, options, keywords in TASKS
        ]
        variables = {
            "scim_direct": direct,
            "password": PASSWORD,
            "people": people,
            "document": json.dumps(DOCUMENT),  # a text, where Ansible's templates do not make a mapping of it
            "folder": str(tmp_path),
        }
        played[direct] = run(run.play(*tasks), verbosity=4, extra_vars=variables)
    for mine, modules in zip(played[True].tasks, played[False].tasks, strict=True):
        assert mine.status == modules.status, mine.name
        expected = modules.result
        for key, learned in LEARNED.get(mine.name, {}).items():
            expected = {**expected, key: {**expected[key], **learned} if isinstance(learned, dict) else learned}
        assert comparable(mine.result, tmp_path) == comparable(expected, tmp_path), mine.name
    assert {task.name for task in played[True].tasks} == {task[0] for task in TASKS}
    assert played[True].stdout.count(DIRECTLY) == len(TASKS) + 2
    assert DIRECTLY not in played[False].stdout
    for each in played.values():
        assert PASSWORD not in f"{each.stdout}{each.stderr}{each.results}"
        assert "Traceback" not in f"{each.stdout}{each.stderr}"


# Since 2.19, ansible-core tags values with where they come from: templates, files, lookups, results of other tasks, !unsafe.
TAGGED = """
- hosts: localhost
  gather_facts: false
  connection: local
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
    literal: !unsafe "Head of {{ nothing }}"
    templated: "{{ 'kim' ~ '@example.com' }}"
    declared:
      - {user_name: "{{ templated }}", title: "{{ from_file.titles[0] }}", active: "{{ 1 == 1 }}"}
      - {user_name: "{{ lookup('env', 'WHO') }}", title: "{{ seen.msg }}", emails: [{value: "{{ templated }}", primary: true}]}
  tasks:
    - {name: a file, ansible.builtin.include_vars: {file: titles.yml, name: from_file}}
    - {name: a result, ansible.builtin.debug: {msg: "Title {{ 1 + 1 }}"}, register: seen}
    - {name: a fact, ansible.builtin.set_fact: {people: "{{ declared }}"}}
    - {name: unsafe, identity.scim.user: {user_name: ola@example.com, title: "{{ literal }}"}, register: ola}
    - name: inline
      identity.scim.directory: {users: "{{ people }}", groups: [{display_name: "{{ seen.msg }}", members: [kim@example.com]}]}
    - {name: a returned user, identity.scim.user: {user_name: lee@example.com, title: "{{ ola.user.title }}", name: "{{ names }}"}}
    - name: a loop over what was returned
      identity.scim.user_info: {filter: 'userName eq "{{ item }}"'}
      loop: "{{ people | map(attribute='user_name') }}"
    - name: a template that nobody resolved
      identity.scim.validate: {users: [{user_name: kim, title: "{{ literal }}"}]}
      ignore_errors: true
"""


@pytest.mark.parametrize("core", [None, *oldest_and_newest()], ids=str)
def test_tagged_values_are_the_same_both_ways(core: Core | None, serve_rfc: Callable[..., Any], tmp_path: Path) -> None:
    run = Run(tmp_path, core.python()) if core else Run(tmp_path)
    (tmp_path / "titles.yml").write_text("titles: ['007', 'no']\n")
    (tmp_path / "play.yml").write_text(TAGGED)
    played, stored = {}, {}
    for direct in (True, False):
        provider = serve_rfc()
        env = {"SCIM_URL": provider.url, "SCIM_TOKEN": provider.token, "WHO": "ada@example.com"}
        variables = {"scim_direct": direct, "names": {"given_name": "Lee", "family_name": "No"}}
        played[direct] = run(tmp_path / "play.yml", verbosity=4, extra_vars=variables, env=env)
        stored[direct] = {user["userName"]: user.get("title") for user in provider.direct.get("/Users")["Resources"]}
    assert stored[True] == stored[False]
    assert stored[True] == {
        "ola@example.com": "Head of {{ nothing }}",
        "kim@example.com": "007",
        "ada@example.com": "Title 2",
        "lee@example.com": "Head of {{ nothing }}",
    }
    for mine, modules in zip(played[True].tasks, played[False].tasks, strict=True):
        assert (mine.name, mine.status) == (modules.name, modules.status)
        assert comparable(mine.result, tmp_path) == comparable(modules.result, tmp_path), mine.name
    assert played[True].stdout.count(DIRECTLY) == 6
    assert "Traceback" not in played[True].stdout + played[True].stderr


@pytest.mark.parametrize(
    ("keywords", "variables", "env"),
    [
        ({"async": 30, "poll": 1}, {}, {}),
        ({"environment": {"LANG": "C.UTF-8"}}, {}, {}),
        ({"become": True}, {}, {}),
        ({}, {"ansible_python_interpreter": "/usr/bin/env python3"}, {}),
        ({}, {"ansible_python_interpreter": ""}, {"ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/env python3"}),
        ({}, {"scim_direct": False}, {}),
        ({"vars": {"scim_direct": "{{ 'no' }}"}}, {}, {}),
    ],
    ids=["async", "environment", "become", "interpreter", "configuration", "false", "template"],
)
def test_it_gives_way_to_the_module(run: Run, keywords: dict[str, Any], variables: dict[str, Any], env: dict[str, str]) -> None:
    """Where the module would run as another user, with another Python or environment, or in the background, and where it is told to."""
    task = {"identity.scim.validate": {"users": [KIM]}, "ignore_errors": True, **keywords}
    played = run(run.play(task, vars=variables), verbosity=3, expect_rc=None, env=env)
    assert played.tasks
    assert DIRECTLY not in played.stdout


def test_the_environment_of_a_play_is_not_that_of_the_next_task(run: Run, tmp_path: Path) -> None:
    """A task whose environment is empty runs directly."""
    task = {"identity.scim.validate": {"users": [KIM]}}
    assert DIRECTLY in run(run.play({**task, "environment": {}}, environment=[{}]), verbosity=3).stdout


@pytest.mark.parametrize("direct", [True, False])
def test_relative_paths_begin_in_the_folder_of_the_playbook(run: Run, tmp_path: Path, direct: bool) -> None:
    """Wherever ``ansible-playbook`` was started: both ways are a module's."""
    file(tmp_path / "plays" / "people.yml", users=[KIM])
    task = {"identity.scim.validate": {"src": ["people.yml"]}, "vars": {"scim_direct": direct}}
    playbook = file(tmp_path / "plays" / "play.yml", json.dumps([run.play(task)]))
    played = run(Path(playbook), verbosity=3)
    assert (DIRECTLY in played.stdout) == direct
    assert played.result()["users"] == 1


def looped(items: list[dict[str, Any]], direct: bool = True, **options: Any) -> dict[str, Any]:
    """A task for each of some users of one provider or several."""
    each = {name: f"{{{{ item.{name} }}}}" for name in items[0]}
    return {"identity.scim.user": {**options, **each}, "loop": items, "ignore_errors": True, "vars": {"scim_direct": direct}}


@pytest.mark.parametrize("direct", [True, False])
def test_items_of_a_loop_share_a_token_and_see_users_as_they_are(run: Run, canaille: Any, direct: bool) -> None:
    name = {"formatted": "Kim Lee", "family_name": "Lee"}
    secret = canaille.connection["client_secret"]
    items = [{"title": title, "client_secret": secret} for title in ("Lead", "Lead", "Engineer")]
    items.append({"title": "Lead", "client_secret": "that-of-another-client"})
    options = {**canaille.connection, "user_name": f"kim-{direct}", "name": name, "active": True}
    played = run(run.play(looped(items, direct, **options)), verbosity=4)
    results = played.result()["results"]
    assert [result.get("action") for result in results] == ["created", "unchanged", "updated", None]
    assert "invalid_client" in results[-1]["msg"]
    tokens = [exchange for exchange in canaille.proxy.requests if exchange.path == "/oauth/token"]
    granted = {exchange.result["access_token"] for exchange in tokens if exchange.status == 200}
    assert len(granted) == (1 if direct else 3)
    assert not any(hidden in f"{played.stdout}{played.results}" for hidden in granted)


def test_the_tasks_of_a_play_share_a_token_and_a_pace(run: Run, canaille: Any) -> None:
    """Each is run by a process of its own. Another client's credential has its own token."""
    task = {"identity.scim.user_info": {**canaille.connection, "user_name": "nobody@example.com", "rate_limit": 60}}
    tasks = [task, {**task, "delegate_to": "localhost"}, task]
    times: list[float] = []
    canaille.proxy.rules.append(Rule("noted", When("GET", "/Users"), lambda request, ask: (times.append(monotonic()), ask(request))[1]))
    played = run(run.play(*tasks), verbosity=4)
    assert len(times) >= len(played.tasks) == len(tasks)
    assert min(after - before for before, after in pairwise(times)) > 0.9
    [token] = [exchange.result["access_token"] for exchange in canaille.proxy.requests if exchange.path == "/oauth/token"]
    assert token not in f"{played.stdout}{played.results}"


def test_items_of_a_loop_for_two_tenants_share_nothing(run: Run, serve_rfc: Callable[..., Any]) -> None:
    tenants = [serve_rfc(token=f"token-of-tenant-{number}") for number in range(2)]
    items = [{**tenant.connection, "title": title} for title in ("Lead", "Engineer", "Engineer") for tenant in tenants]
    played = run(run.play(looped(items, user_name="kim@example.com")), verbosity=4)
    assert [result["action"] for result in played.result()["results"]] == ["created", "created", "updated", "updated", *["unchanged"] * 2]
    for tenant in tenants:
        assert {exchange.headers["Authorization"] for exchange in tenant.proxy.requests} == {f"Bearer {tenant.token}"}
        assert [user["title"] for user in tenant.direct.get("/Users")["Resources"]] == ["Engineer"]


def test_items_of_a_loop_have_one_clock(run: Run, rfc: Any) -> None:
    """Each item has one request, so that by itself none would wait."""
    times: list[float] = []
    rfc.proxy.rules.append(Rule("noted", When("GET"), lambda request, ask: (times.append(monotonic()), ask(request))[1]))
    items = [{"user_name": f"p{number}@example.com", "state": "absent"} for number in range(5)]
    run(run.play(looped(items, **rfc.connection, rate_limit=60)))
    assert len(times) == len(items)
    assert min(after - before for before, after in pairwise(times)) > 0.9
