# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The harness itself, with Ansible's own modules: what is run is kept, and what is claimed is checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servers.faults import Rule, When, cut_after, having
from servers.limits import TokenBucket
from servers.playbooks import Run, read_only
from servers.proxy import RecordingProxy
from servers.tls import Certificate

URI = "ansible.builtin.uri"


def get(provider: Any, path: str = "/Users") -> dict[str, Any]:
    return {"url": provider.url + path, "headers": {"Authorization": f"Bearer {provider.token}"}, "return_content": True}


def post(provider: Any, body: dict[str, Any]) -> dict[str, Any]:
    return {**get(provider), "method": "POST", "body": body, "body_format": "json", "status_code": 201}


def test_one_task(run: Run, rfc: Any) -> None:
    rfc.direct.add_user("bjensen")
    played = run.task(URI, get(rfc))
    assert (played.rc, played.changed, played.failed) == (0, False, False)
    assert played.result()["json"]["totalResults"] == played.result(URI)["json"]["totalResults"] == 1
    assert [(exchange.method, exchange.path) for exchange in rfc.proxy.requests] == [("GET", "/Users")]
    assert "ok: [localhost]" in played.stdout


def test_failures_and_exit_codes(run: Run, rfc: Any) -> None:
    tolerated = {"name": "tolerated", URI: get(rfc, "/Nothing"), "ignore_errors": True}
    skipped = {"name": "skipped", URI: get(rfc), "when": False}
    played = run(run.play(tolerated, skipped, {"name": "fatal", URI: get(rfc, "/Nothing")}), expect_rc=2)
    assert [task.status for task in played.tasks] == ["failed", "skipped", "failed"]
    assert played.failed
    assert played.result("tolerated")["status"] == 404
    with pytest.raises(AssertionError, match="Expected the exit code 0"):
        run.task(URI, get(rfc, "/Nothing"))


def test_text_variables_modes_and_a_path_with_spaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIM_TOKEN", "leaked")
    run = Run(tmp_path / "a folder")
    text = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.copy: {content: "{{ who }}", dest: "{{ playbook_dir }}/out.txt"}
    - ansible.builtin.debug: {msg: "{{ lookup('env', 'SCIM_TOKEN') }}{{ lookup('env', 'GIVEN') }}{{ ansible_verbosity }}"}
"""
    foretold = run(text, check=True, diff=True, extra_vars={"who": "Barbara"})
    assert foretold.changed
    assert "+Barbara" in foretold.stdout
    assert not (tmp_path / "a folder" / "out.txt").exists()
    played = run(text, extra_vars={"who": "Barbara"}, env={"GIVEN": "given"}, verbosity=2)
    assert (tmp_path / "a folder" / "out.txt").read_text() == "Barbara"
    assert played.result()["msg"] == "given2"


def test_what_converges(run: Run, rfc: Any) -> None:
    play = run.play({"ansible.builtin.copy": {"content": "x", "dest": str(run.folder / "out.txt")}}, {URI: get(rfc)})
    checked, ran, again = run.converges(play, rfc)
    assert [played.changed for played in (checked, ran, again)] == [True, True, False]


def test_what_does_not_converge(run: Run, rfc: Any) -> None:
    with pytest.raises(AssertionError, match="The second run still changes"):
        run.converges(run.play({"ansible.builtin.command": "true", "check_mode": False}), rfc)


def test_a_write_in_check_mode(run: Run, matillion: Any) -> None:
    writes = {URI: post(matillion, {"userName": "b", "meta": {}}), "check_mode": False}
    with pytest.raises(AssertionError, match=r'nothing may be: \["POST /Users'):
        run.converges(run.play(writes), matillion)
    assert matillion.server.users == {}


def test_a_lost_answer(run: Run, matillion_post_only: Any) -> None:
    matillion_post_only.proxy.rules.append(Rule("lost", When("POST", nth=1), cut_after))
    run.task(URI, post(matillion_post_only, {"userName": "b", "meta": {}}), expect_rc=2)
    assert [user["userName"] for user in matillion_post_only.server.users.values()] == ["b"]


def test_an_unknown_certificate(run: Run, rfc: Any, certificate: Certificate) -> None:
    with RecordingProxy(rfc.server.url, tls=certificate.server_context()) as proxy:
        options = {**get(rfc), "url": f"{proxy.url}/Users"}
        assert "CERTIFICATE_VERIFY_FAILED" in run.task(URI, options, expect_rc=2).result()["msg"]
        run.task(URI, {**options, "ca_path": str(certificate.certificate)})
        assert proxy.count == 1


def test_oauth(run: Run, canaille: Any) -> None:
    client = canaille.credentials
    form = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": client.client_secret}
    played = run.task(URI, {"url": canaille.token_url, "method": "POST", "body_format": "form-urlencoded", "body": form})
    assert played.result()["json"]["token_type"] == "Bearer"
    canaille.direct.add_user("bjensen", name={"formatted": "B", "familyName": "Jensen"}, active=True)
    assert run.task(URI, get(canaille, "/Users?count=10")).result()["json"]["totalResults"] == 1


def test_further_providers(serve_rfc: Callable[..., Any], serve_matillion: Callable[..., Any]) -> None:
    one, other = serve_rfc(), serve_rfc(config={"patch": {"supported": False}})
    one.direct.add_user("bjensen")
    assert other.direct.list_all("/Users") == []
    assert other.direct.get("/ServiceProviderConfig")["patch"] == {"supported": False}
    limited = serve_matillion(limit=TokenBucket(0.01, 1))
    limited.direct.get("/Users")
    with pytest.raises(AssertionError, match="429"), read_only(limited.proxy):
        limited.direct.get("/Users")
    assert having(a=1)({"b": 2}) == {"a": 1, "b": 2}


def test_secrets_are_not_kept(run: Run) -> None:
    played = run.task("ansible.builtin.debug", {"msg": "secret-value"}, keywords={"no_log": True}, play={"vars": {"other": 1}})
    assert "secret-value" not in f"{played}{played.results}"
    assert "censored" in played.result()
