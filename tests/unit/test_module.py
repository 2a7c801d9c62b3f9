# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridge to Ansible: what a module returns, prints and logs, and which options it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings

from ansible_collections.identity.scim.plugins.module_utils._engine import module as bridge
from ansible_collections.identity.scim.plugins.module_utils._engine import tenant_lock
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.directory import directory as directory_command
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.files import PROGRESS
from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid

TOKEN, PASSWORD, HEADER = "token-of-the-tenant", "correct horse", "h3ader-value"
CONNECTION: dict[str, Any] = {"url": "https://scim.example.com/v2", "token": TOKEN, "http_headers": {"X-Key": HEADER, "X-Version": "1"}}


class Ansible:
    """What Ansible gives to a module, and gets from it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._monkeypatch, self._capsys, self._folder = monkeypatch, capsys, folder
        self.logged: list[str] = []
        monkeypatch.setattr(basic.AnsibleModule, "log", lambda module, msg, log_args=None: self.logged.append(f"{msg} {log_args}"))
        monkeypatch.setattr(warnings, "_global_warnings", {})  # else the results of all tests of this process would have them
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        monkeypatch.setattr(basic, "_PARSED_MODULE_ARGS", {"_ansible_inject_invocation": True}, raising=False)  # as of 2.20, at -vvv
        # As in a process of its own: once a test has imported a plugin, Ansible displays warnings instead of returning them.
        monkeypatch.setattr("ansible.module_utils._internal.is_controller", False)
        monkeypatch.setattr(tenant_lock.tempfile, "gettempdir", lambda: str(folder))  # tests side by side do not wait for each other
        monkeypatch.setattr(bridge, "end_between_writes", lambda pacing: None)
        monkeypatch.setattr(bridge.gc, "disable", lambda: None)

    def run(self, work: Any = lambda task: {"changed": False}, spec: Any = directory.directory, **options: Any) -> dict[str, Any]:
        """The result of a module, by default ``directory``, with this ``work``."""
        parameters = {**CONNECTION, **options, "_ansible_remote_tmp": str(self._folder), "_ansible_keep_remote_files": True}
        self._monkeypatch.setattr(basic, "_load_params", lambda: parameters)
        with pytest.raises(SystemExit):
            bridge.run(spec(), work)
        return dict(json.loads(self._capsys.readouterr().out))


@pytest.fixture
def ansible(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ansible:
    return Ansible(monkeypatch, capsys, tmp_path)


# -- secrets -------------------------------------------------------------------------------------------------------------------------------


def refuse(task: Task) -> Any:
    raise Invalid("wrong")


@pytest.mark.parametrize(
    "work", [lambda task: {"changed": True, "url": task.client.url}, lambda task: {"failed": True, "msg": "x"}, refuse]
)
def test_secrets_are_in_no_result_and_no_log(ansible: Ansible, work: Any) -> None:
    result = ansible.run(work, users=[{"user_name": "kim@example.com", "password": PASSWORD}])
    given = result["invocation"]["module_args"]
    assert given["http_headers"] == {"X-Key": "********", "X-Version": "********"}
    assert (given["users"][0]["user_name"], given["concurrency"]) == ("kim@example.com", None)
    assert ansible.logged
    for text in (json.dumps(result), *ansible.logged):
        assert not any(secret in text for secret in (TOKEN, PASSWORD, HEADER, "'X-Version': '1'"))


@pytest.mark.parametrize("failed", [False, True])
def test_a_credential_that_expires_soon_is_a_warning(ansible: Ansible, failed: bool) -> None:
    soon = (datetime.now(UTC) + timedelta(days=9)).date()
    result = ansible.run(refuse if failed else lambda task: {"changed": False}, token_expires=soon.isoformat())
    assert result.get("failed", False) is failed
    assert len(result["warnings"]) == 1
    assert f"token expires in 9 days, on {soon} (token_expires). Create a new one, and set " in str(result["warnings"])
    assert result["invocation"]["module_args"]["token_expires"] == soon.isoformat()


def test_a_credential_that_expires_later_is_no_warning(ansible: Ansible) -> None:
    assert "warnings" not in ansible.run(token_expires="9999-12-31")


@pytest.mark.parametrize("variable", ["SCIM_CLIENT_ASSERTION", "SCIM_ID_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
def test_secrets_of_a_pipeline_are_masked(ansible: Ansible, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "header.claims.signature")
    result = ansible.run(lambda task: {"changed": False, "found": "It is header.claims.signature"})
    assert result["found"] == "It is ********"


@pytest.mark.parametrize(
    "wrong",
    [
        {"users": ["text", {"user_name": "kim", "password": PASSWORD}]},
        {"users": [["kim"]]},
        {"groups": "text", "users": [{"user_name": "kim", "password": PASSWORD, "emails": ["text"]}]},
        {"unknown": True},
        {"users": [{"pasword": PASSWORD}]},
        {"users": f'[{{"user_name": "kim", "password": "{PASSWORD}", "emails": 7}}]', "groups": 3},
        {"defaults": {"password": PASSWORD, "name": "text"}},
        {"defaults": f"password='{PASSWORD}' name=text"},
        {"prune_users": "everybody", "users": [{"userName": "kim", "password": PASSWORD, "groups": {"a": 1}}]},
        {"provider_options": f"token: {TOKEN}"},
        {"url": f"https://kim:{PASSWORD}@scim.example.com"},
        {"url": f"kim:{PASSWORD}@scim.example.com"},
        {"url": f"https://scim.example.com/v2?token={PASSWORD}"},
        {"url": f"scim.example.com?sig={PASSWORD}"},
        {"token_url": f"ftp://login.example.com?client_secret={PASSWORD}", "client_id": "x", "client_secret": "y"},
        {"rate_limit": {"rate": 60, "token": PASSWORD}},
        {"rate_limit": f"60 token={PASSWORD}"},
        {"provider_options": {"api_key": PASSWORD}},
        {"provider_options": {"patch": {"password": PASSWORD}}},
        {"url_passwort": PASSWORD},
        {"client_secret": PASSWORD, "client_id": "x"},
        {"http_headers": f"X-Key: {HEADER}"},
        {"max_listed": "many", "users": [{"user_name": "kim", "password": PASSWORD}]},
    ],
)
def test_secrets_are_in_no_result_whatever_is_wrong_with_the_options(ansible: Ansible, wrong: dict[str, Any]) -> None:
    """Ansible finds not even the token where a list of mappings has something else in it."""
    result = ansible.run(**wrong)
    assert result["failed"]
    assert not any(secret in json.dumps(result) for secret in (TOKEN, PASSWORD, HEADER))


@pytest.mark.parametrize(
    "wrong",
    [
        {"src": [f"https://kim:{PASSWORD}@example.com/people.yml"]},
        {"report": [f"https://example.com/plan.md?sig={quote(PASSWORD)}"]},
        {"audit_log": f"https://{PASSWORD}@example.com/log"},
        {"expect_plan": f"https://kim:{PASSWORD}@example.com/plan.json", "users": [{"user_name": "kim"}]},
    ],
)
def test_a_url_in_place_of_a_path_shows_no_secret(ansible: Ansible, wrong: dict[str, Any]) -> None:
    result = ansible.run(directory_command, **{"src": ["/nowhere"], **wrong})
    assert result["failed"]
    assert not any(secret in json.dumps(result) for secret in (TOKEN, PASSWORD, quote(PASSWORD)))


@pytest.mark.parametrize("url", ["https://kim:p.w@example.com/p.yml", "https://example.com/p.yml?a=b&token=p.w"])
@pytest.mark.parametrize("option", ["url", "src", "report", "audit_log", "expect_plan"])
def test_a_secret_in_a_url_is_masked_however_short_it_is(ansible: Ansible, option: str, url: str) -> None:
    result = ansible.run(directory_command, **{"src": ["/nowhere"], option: [url] if option in ("src", "report") else url})
    assert result["failed"]
    assert "p.w" not in json.dumps(result)


def test_a_bug_shows_no_secret(ansible: Ansible) -> None:
    def work(task: Task) -> Any:
        task.client.transport.redact.add("learned-later")
        raise KeyError(f"{TOKEN} learned-later {PASSWORD}")

    result = ansible.run(work, users=[{"user_name": "kim", "password": PASSWORD}])
    assert result["msg"].endswith("KeyError: '******** ******** ********'")
    assert not any(secret in json.dumps(result) for secret in (TOKEN, "learned-later", PASSWORD))


def test_what_the_provider_repeats_is_masked_in_the_result(ansible: Ansible) -> None:
    """In whatever attribute and encoding; a header's value only by its place, since it may be "1"."""
    answer = {"user": {"nickName": PASSWORD, "title": "Y29ycmVjdCBob3JzZQ==", "x": {TOKEN: ["1", HEADER]}}, "warnings": [f"got {PASSWORD}"]}
    result = ansible.run(lambda task: answer, users=[{"user_name": "kim", "password": PASSWORD}])
    assert result["user"] == {"nickName": "********", "title": "********==", "x": {"********": ["1", HEADER]}}
    assert "got ********" in json.dumps(result["warnings"])


def test_a_text_among_mappings_is_named(ansible: Ansible) -> None:
    assert ansible.run(groups=[{"display_name": "Sales"}, "Marketing"])["msg"].startswith("groups[1]: ")


# -- what reaches the terminal -------------------------------------------------------------------------------------------------------------


def test_messages_and_warnings_command_no_terminal(ansible: Ansible) -> None:
    result = ansible.run(lambda task: {"failed": True, "msg": "\x1b[31mred\nline", "warnings": ["\x1b[2Jgone\n::error::"]})
    assert result["msg"] == r"\u001b[31mred" + "\nline"
    assert r"\u001b[2Jgone\n\u003a:error::" in str(result["warnings"]).replace("\\\\", "\\")


def test_a_message_of_ansible_itself_has_one_line(ansible: Ansible) -> None:
    result = ansible.run(groups=[{"display_name": "Sales", "state": "x\n::error::\u202e"}])
    assert result["msg"].endswith(r"got: x\n\u003a:error::\u202e found in groups")


def test_a_name_begins_no_line_of_a_message(ansible: Ansible) -> None:
    def refuse(task: Task) -> Any:
        raise Invalid("two mistakes", "- kim\n- lee is deleted")

    assert ansible.run(refuse)["msg"] == "two mistakes\n- kim\\n- lee is deleted"


def test_a_secret_is_masked_in_the_form_that_is_shown(ansible: Ansible) -> None:
    result = ansible.run(lambda task: {"failed": True, "msg": "token ##vso[secret is refused"}, token="##vso[secret")
    assert result["msg"] == "token ******** is refused"


def test_progress_has_one_line(ansible: Ansible, tmp_path: Path) -> None:
    lines: list[str] = []

    def work(task: Task) -> Any:
        task.report_progress("1 of 2\n::error::")
        lines.extend(path.read_text("utf-8") for path in tmp_path.rglob(PROGRESS))
        return {"changed": False}

    ansible.run(work)
    assert lines == ["1 of 2\\n\\u003a:error::\n"]


# -- results and errors --------------------------------------------------------------------------------------------------------------------


def test_a_failure_has_what_was_done_before_it(ansible: Ansible) -> None:
    result = ansible.run(lambda task: {"failed": True, "msg": "half", "changed": True, "requests": 7})
    assert (result["failed"], result["changed"], result["msg"], result["requests"]) == (True, True, "half", 7)


def test_an_error_is_a_failure_that_changed_nothing(ansible: Ansible) -> None:
    result = ansible.run(refuse)
    assert (result["failed"], result["changed"], result["msg"]) == (True, False, "wrong")


@pytest.mark.parametrize("library", ["requests", "voluptuous"])
def test_a_missing_library_is_named(ansible: Ansible, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = bridge.wire if library == "requests" else bridge.value_rules
    monkeypatch.setattr(module, f"{library.upper()}_IMPORT_ERROR", "ImportError: nothing")
    message = ansible.run(refuse)["msg"]
    assert library in message
    assert "execution environment" in message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_listed": -1}, "max_listed must be at least 0, got -1."),
        ({"max_updates": -2}, "max_updates must be at least 0, got -2."),
        ({"max_creates": -1}, "max_creates must be at least 0, got -1."),
        ({"concurrency": 0}, "concurrency must be at least 1, got 0."),
        ({"max_duration": -1}, "max_duration must be at least 0 seconds (0 for no limit), got -1."),
        ({"max_duration": "nan"}, "max_duration must be at least 0 seconds (0 for no limit), got nan."),
        ({"timeout": 0}, "timeout must be more than 0 and at most 1000000 seconds, got 0."),
    ],
)
def test_numbers_out_of_range(ansible: Ansible, options: dict[str, Any], message: str) -> None:
    assert ansible.run(**options)["msg"] == message


@pytest.mark.parametrize("text", ["1_0", "٥", "1e1", "5.0"])
@pytest.mark.parametrize("name", ["max_updates", "max_creates", "concurrency"])
def test_what_only_ansible_takes_for_a_number(ansible: Ansible, name: str, text: str) -> None:
    assert ansible.run(**{name: text})["msg"] == f"{name} must be a number such as 5, got {text!r}."


@pytest.mark.parametrize(
    "options",
    [
        {"max_listed": 0, "max_updates": "0", "max_creates": " 7 "},
        {"max_listed": 0, "max_updates": 0, "max_creates": 0, "concurrency": 1},
        {"max_duration": 0},
        {},
    ],
)
def test_numbers_in_range(ansible: Ansible, options: dict[str, Any]) -> None:
    assert not ansible.run(**options).get("failed")


EMPTY_TEXTS = ("allow_removals", "expect_plan", "max_removals", "protected_groups", "protected_users", "scope_groups", "scope_users", "src")


@pytest.mark.parametrize("text", ["", " ", "\t\u00a0"])
@pytest.mark.parametrize("name", EMPTY_TEXTS)
def test_a_rail_that_is_empty_was_a_variable_that_nobody_set(ansible: Ansible, name: str, text: str) -> None:
    assert ansible.run(**{name: text})["msg"] == f"{name} is empty: a variable that was not set? Remove the option, or set it."


def test_all_guardrails_that_are_empty_are_named_at_once(ansible: Ansible) -> None:
    message = ansible.run(protected_users=["ceo@*", " ", ""], src="users/, ,groups.yml", scope_users="", scope_groups=None)["msg"]
    assert message.splitlines() == [
        "protected_users[1] is empty: a variable that was not set? Remove the element, or set it.",
        "protected_users[2] is empty: a variable that was not set? Remove the element, or set it.",
        "scope_users is empty: a variable that was not set? Remove the option, or set it.",
        "src[1] is empty: a variable that was not set? Remove the element, or set it.",
    ]


def test_a_rail_that_is_not_given_is_no_empty_one(ansible: Ansible) -> None:
    nulls = dict.fromkeys(("allow_removals", "expect_plan", "scope_groups", "scope_users", "max_updates"))
    assert not ansible.run(**nulls).get("failed")
    assert ansible.run(max_removals=None)["failed"], "it has a default, which a null would lift"
    assert not ansible.run(protected_users=[], scope_users='userName co ",,"').get("failed")


# -- time and progress ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "is_over"), [(60, True), (61, False), (0, False), (None, False)])
def test_the_time_limit_begins_with_the_client(limit: float | None, is_over: bool) -> None:
    now = 1000.0
    defaults = {name: option.get("default") for name, option in bridge.CONNECTION.items()}
    _client, pacing = bridge.client_for({**defaults, **CONNECTION, "max_duration": limit}, lambda: now)
    pacing.check()
    now = 1060.0
    if is_over:
        with pytest.raises(bridge.ScimError, match="max_duration is reached"):
            pacing.check()
    else:
        pacing.check()


def test_progress_is_appended_to_a_file_that_the_action_plugin_reads(ansible: Ansible) -> None:
    read: list[str] = []

    def work(task: Task) -> Any:
        task.report_progress("1 of 2 changes")
        task.report_progress("2 of 2 changes")
        [path] = ansible._folder.rglob(PROGRESS)
        read.extend(path.read_text(encoding="utf-8").splitlines())
        path.unlink()
        path.parent.rmdir()
        task.report_progress("lost, since the plugin has gone")
        return {"changed": True}

    assert not ansible.run(work).get("failed")
    assert read == ["1 of 2 changes", "2 of 2 changes"]
