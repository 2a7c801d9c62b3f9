# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is wrong with a task, no callback, no verbosity, no log and no file shows its secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from servers.playbooks import Run

SECRETS = {
    "token": "token-of-the-tenant",
    "password": "correct/horse+battery",
    "client_secret": "client&secret=of/a",
    "header": "header-value-0815",
}
CONNECTION = {"url": "http://127.0.0.1:9/scim", "token": "{{ token }}", "retries": 0, "http_headers": {"X-Key": "{{ header }}"}}
USER = {"user_name": "kim@example.com", "password": "{{ password }}"}
AS_JSON = '[{"user_name": "kim", "password": "correct/horse+battery", "emails": 7}]'

# Each of a kind: tests/unit/test_module.py has them all.
WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "a name that is text": ("user", {**USER, "name": "text"}),
    "an e-mail that is text": ("user", {**USER, "emails": ["text"]}),
    "a misspelt password": ("user", {"user_name": "kim@example.com", "pasword": "{{ password }}"}),
    "a wrong choice": ("user", {**USER, "state": "gone"}),
    "two credentials": ("user", {**USER, "client_id": "x", "client_secret": "{{ client_secret }}"}),
    "a URL with a password": ("user", {**USER, "url": "https://kim:{{ password }}@scim.example.com"}),
    "a user that is text": ("directory", {"users": [USER, "text"]}),
    "users as JSON": ("directory", {"users": "{{ as_json }}"}),
    "a password among the defaults": ("directory", {"users": [USER], "defaults": {"password": "{{ password }}", "name": "text"}}),
    "no provider": ("directory", {"users": [USER]}),
    "a credential of the environment": ("user", {**USER, "url": None, "token": None}),
}


FEW = ("a name that is text", "a misspelt password", "users as JSON")  # a task takes a second, and the results are the same


@pytest.mark.parametrize("direct", [True, False], ids=["in Ansible's process", "as a module"])
@pytest.mark.parametrize(("callback", "names"), [("default", tuple(WRONG)), ("oneline", FEW), ("minimal", FEW)])
def test_no_output_shows_a_secret(run: Run, tmp_path: Path, callback: str, names: tuple[str, ...], direct: bool) -> None:
    tasks = [
        {"name": name, f"identity.scim.{module}": without_none({**CONNECTION, **options}), "ignore_errors": True}
        for name, (module, options) in WRONG.items()
        if name in names
    ]
    misspelt = {"name": "a misspelt limit", "ansible.builtin.import_role": {"name": "identity.scim.directory"}, "ignore_errors": True}
    role = {"scim_url": CONNECTION["url"], "scim_token": SECRETS["token"], "scim_users": [USER], "scim_scope_user": "x"}
    output = tmp_path / "output"
    played = run(
        run.play(*tasks, {**misspelt, "vars": role}),
        verbosity=4,
        diff=True,
        extra_vars={**SECRETS, "as_json": AS_JSON, "scim_direct": direct},
        env={
            "SCIM_URL": CONNECTION["url"],
            "SCIM_TOKEN": SECRETS["token"],
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_STDOUT_CALLBACK": callback,
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
            "ANSIBLE_CALLBACKS_ENABLED": "kept_results,junit,tree",
            "JUNIT_OUTPUT_DIR": str(output / "junit"),
            "ANSIBLE_CALLBACK_TREE_DIR": str(output / "tree"),
            "ANSIBLE_LOG_PATH": str(tmp_path / "ansible.log"),
        },
    )
    assert {task.name for task in played.tasks if task.status == "failed"} >= {*names}, played
    assert "scim_scope_user:" in played.stdout
    assert "Traceback" not in played.stderr
    files = [path for path in (tmp_path / "ansible.log", *output.rglob("*")) if path.is_file()]
    assert {"ansible.log", "localhost"} <= {path.name for path in files}
    assert any(path.suffix == ".xml" for path in files)
    shown = {"stdout": played.stdout, "stderr": played.stderr, "results": str(played.results)}
    shown |= {path.name: path.read_text(encoding="utf-8") for path in files}
    found = [
        f"{place}: {line}" for place, text in shown.items() for line in text.splitlines() if any(map(line.__contains__, SECRETS.values()))
    ]
    assert not found, "\n".join(line[:600] for line in found)


def without_none(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
