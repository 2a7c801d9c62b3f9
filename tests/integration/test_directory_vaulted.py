# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vaulted files: read where the controller has their password, refused in a sentence where it has not, and left nowhere in the clear."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from servers.playbooks import Run

PEOPLE = "users:\n- {user_name: vaulted@example.com, title: Secret title}\n"


@pytest.fixture
def source(run: Run) -> Path:
    """A folder with one vaulted file; its password is in the file ``password`` beside the folder."""
    folder = run.folder / "people"
    folder.mkdir()
    (run.folder / "password").write_text("correct horse")
    (folder / "vaulted.yml").write_text(PEOPLE)
    command = [sys.executable, "-m", "ansible", "vault", "encrypt", "--vault-password-file", "password", "people/vaulted.yml"]
    subprocess.run(command, cwd=run.folder, check=True, capture_output=True)
    assert (folder / "vaulted.yml").read_text().startswith("$ANSIBLE_VAULT")
    return folder


def left_in_the_clear(folder: Path) -> list[str]:
    """Files below a folder that hold what was encrypted."""
    files = [Path(place) / name for place, _folders, names in os.walk(folder) for name in names]
    return [str(file) for file in files if b"vaulted@example.com" in file.read_bytes() and file.name.startswith("tmp")]


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
    assert not left_in_the_clear(run.folder)


def test_without_its_password(run: Run, rfc: Any, source: Path) -> None:
    played = run.task("identity.scim.directory", {"url": rfc.url, "token": rfc.token, "src": ["people"]}, expect_rc=2)
    message = played.result()["msg"]
    assert "vaulted.yml: the file is encrypted with Ansible Vault and could not be decrypted; expected its password" in message
    assert "Traceback" not in str(played)
    assert not rfc.proxy.requests
