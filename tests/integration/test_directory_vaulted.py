# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vaulted files: read where the controller has their password, refused in a sentence where it has not, and left nowhere in the clear."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from servers.faults import Rule, When
from servers.playbooks import Run
from servers.serving import Answer, Handler, Request
from servers.tables import PIPELINING

PEOPLE = "users:\n- {user_name: vaulted@example.com, title: Secret title}\n"


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder for temporary files. Its path is short enough for a socket."""
    with TemporaryDirectory(prefix="t") as folder:
        yield Path(folder)


@pytest.fixture
def source(run: Run) -> Path:
    """A folder with one vaulted file; its password is in the file ``password`` beside the folder."""
    folder = run.folder / "people"
    folder.mkdir()
    (run.folder / "password").write_text("correct horse")
    (folder / "vaulted.yml").write_text(PEOPLE)
    assert in_the_clear(run.folder)
    command = [sys.executable, "-m", "ansible", "vault", "encrypt", "--vault-password-file", "password", "people/vaulted.yml"]
    subprocess.run(command, cwd=run.folder, check=True, capture_output=True)
    assert (folder / "vaulted.yml").read_text().startswith("$ANSIBLE_VAULT")
    return folder


def in_the_clear(*folders: Path) -> list[str]:
    """Files below the folders that hold what was encrypted, without what the test itself writes."""
    files = [Path(place) / name for folder in folders for place, _folders, names in os.walk(folder) for name in names]
    files = [file for file in files if file.is_file() and not file.name.startswith("results-")]
    return [str(file) for file in files if b"Secret title" in file.read_bytes()]


def test_with_its_password(run: Run, rfc: Any, source: Path) -> None:
    tasks = [
        {"identity.scim.validate": {"src": ["people"]}},
        {"identity.scim.directory": {"url": rfc.url, "token": rfc.token, "src": ["people"]}},
        {"identity.scim.directory": {"url": rfc.url, "token": rfc.token, "src": [str(source / "*.yml")]}},
    ]
    played = run(run.play(*tasks), arguments=("--vault-password-file", "password"))
    checked, made, again = (task.result for task in played.tasks)
    assert checked["users"] == 1
    assert (made["summary"]["users"]["created"], again["changed"]) == (1, False)
    assert [user["title"] for user in rfc.direct.list_all("/Users")] == ["Secret title"]
    assert not in_the_clear(run.folder)


@pytest.mark.parametrize(
    ("environment", "direct"), [({}, True), (PIPELINING, False), ({}, False)], ids=["in Ansible's process", "pipelining", "files"]
)
def test_they_are_in_no_file_while_it_runs_nor_after_a_kill(
    run: Run, rfc: Any, source: Path, short: Path, environment: Any, direct: bool
) -> None:
    found: list[list[str]] = []

    def look_and_kill(request: Request, forward: Handler) -> Answer:
        found.append(in_the_clear(run.folder, short))
        run.kill()
        return forward(request)

    rfc.proxy.rules.append(Rule("killed while it runs", When("POST", "/Users"), look_and_kill))
    play = run.play({"identity.scim.directory": {"url": rfc.url, "token": rfc.token, "src": ["people"]}})
    given = {"env": {**environment, "TMPDIR": str(short)}, "arguments": ("--vault-password-file", "password")}
    played = run(play, extra_vars={"scim_direct": direct}, expect_rc=-signal.SIGKILL, **given)
    assert found == [[]], str(played)
    time.sleep(2)  # what the kill has left ends
    assert not in_the_clear(run.folder, short)
    rfc.proxy.rules.clear()
    assert not run(play, extra_vars={"scim_direct": direct}, **given).changed, "the user was created by the run that was killed"
    assert not in_the_clear(run.folder, short)


def test_without_its_password(run: Run, rfc: Any, source: Path) -> None:
    played = run.task("identity.scim.directory", {"url": rfc.url, "token": rfc.token, "src": ["people"]}, expect_rc=2)
    message = played.result()["msg"]
    assert "vaulted.yml: the file is encrypted with Ansible Vault and could not be decrypted; expected its password" in message
    assert "Traceback" not in str(played)
    assert not rfc.proxy.requests


def test_only_those_without_their_password_are_refused(run: Run, source: Path) -> None:
    (source / "first.yml").write_bytes((source / "vaulted.yml").read_bytes()[:-9])
    arguments = ("--vault-password-file", "password")
    played = run.task("identity.scim.validate", {"src": ["people"]}, arguments=arguments, expect_rc=2)
    assert [(Path(each["file"]).name, each["found"][:9]) for each in played.result()["problems"]] == [("first.yml", "the file ")]
