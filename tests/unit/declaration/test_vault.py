# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the contents of vaulted files get from the controller to a module."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from threading import Thread

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.vault import SOCKET, decrypted_files, served

CONTENTS = {"/a/people.yml": b"users: []\n", "/a/latin.csv": "Zoë".encode("utf-16"), "/a/large.json": b"x" * 3_000_000}


def test_all_contents_as_they_are_and_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(CONTENTS) as environment:
        monkeypatch.setenv(SOCKET, environment[SOCKET])
        assert decrypted_files() == CONTENTS
        assert decrypted_files() == CONTENTS


def test_only_the_user_can_ask_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(CONTENTS) as environment:
        path = Path(environment[SOCKET])
        assert stat.S_ISSOCK(path.stat().st_mode)
        assert (path.parent.stat().st_mode & 0o777, path.parent.stat().st_uid) == (0o700, os.geteuid())
    assert not path.parent.exists()
    monkeypatch.setenv(SOCKET, str(path))
    assert decrypted_files() == {}, "nobody answers any more"


def test_a_temporary_folder_with_a_long_path_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path of a socket has at most about 100 characters."""
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    with pytest.raises(OSError, match=rf'TMPDIR: "{folder}/scim-.* Set TMPDIR to a folder with a short path'), served(CONTENTS):
        pass
    assert list(folder.iterdir()) == []


def test_a_part_of_them_is_nothing(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other end was killed while it sent."""
    monkeypatch.chdir(tmp_path_factory.mktemp("v"))
    monkeypatch.setenv(SOCKET, "socket")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        listening.listen()

        def send() -> None:
            connection, _address = listening.accept()
            with connection:
                connection.sendall(b'{"/a/people.yml": "dXNl')

        thread = Thread(target=send)
        thread.start()
        assert decrypted_files() == {}
        thread.join()


def test_without_a_socket_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SOCKET, raising=False)
    assert decrypted_files() == {}
