# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are no files: what would wait for the other end, never end, or lead elsewhere."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine import files
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.audit_log import read
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import load_file
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.vault import is_vaulted
from ansible_collections.identity.scim.plugins.module_utils._engine.files import write_file
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.guard import reviewed
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.connection import Connection
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.wire import Wire


def special(folder: Path, kind: str) -> str:
    """The path of something that is no regular file."""
    path = folder / f"{kind}.json"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
    elif kind == "zero":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    return str(path)


def expect_plan(path: str) -> None:
    reviewed(path, "https://scim.example.com")


def ca_path(path: str) -> None:
    Wire(Connection("https://scim.example.com", token="token-of-the-test", ca_path=path))


def client_cert(path: str) -> None:
    Wire(Connection("https://scim.example.com", token="token-of-the-test", client_cert=path))


@pytest.mark.parametrize("kind", ["fifo", "socket", "zero"])
@pytest.mark.parametrize("opened", [load_file, expect_plan, ca_path, client_cert, read])
def test_only_regular_files_are_read(kind: str, opened: Callable[[str], object], tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="not a regular file"):
        opened(special(tmp_path, kind))


@pytest.mark.parametrize("kind", ["fifo", "socket", "zero", "folder"])
def test_the_controller_does_not_wait_either(kind: str, tmp_path: Path) -> None:
    path = special(tmp_path, kind)
    with pytest.raises(OSError, match=r"not a regular file|directory"):
        is_vaulted(path)
    assert files.read_file(path) is None


def test_a_file_that_has_no_size_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(OSError, match="larger than"):
        files.read_bytes("/proc/self/status")  # its size is 0, as of a file that is being written


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_each_line_ends_in_the_same_way(ends: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(f"one{ends}two".encode())
    assert files.read_text(str(tmp_path / "a")) == "one\ntwo"


@pytest.mark.parametrize(
    ("kind", "found"), [("fifo", "not a regular file"), ("socket", "not a regular file"), ("zero", "a link"), ("folder", "a folder")]
)
def test_only_regular_files_are_written(kind: str, found: str, tmp_path: Path) -> None:
    path = special(tmp_path, kind)
    with pytest.raises(Invalid, match=f"^report: .* cannot be written: it is {found}"):
        files.write_file(path, "x")
    with pytest.raises(Invalid, match=f"^audit_log: .* cannot be written: it is {found}"):
        files.open_to_append(path, "audit_log")


def test_a_fifo_that_somebody_reads_is_no_log(tmp_path: Path) -> None:
    path = special(tmp_path, "fifo")
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(Invalid, match="not a regular file"):
        files.open_to_append(path, "audit_log")
    os.close(reader)


def test_a_link_to_a_missing_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").symlink_to("elsewhere")
    for write in (lambda path: files.write_file(path, "x"), lambda path: files.open_to_append(path, "audit_log")):
        with pytest.raises(Invalid, match="a link, which is not followed"):
            write(str(tmp_path / "a.jsonl"))
    assert not (tmp_path / "elsewhere").exists()


def test_the_null_device_is_a_log() -> None:
    before = os.stat(os.devnull)
    os.close(files.open_to_append(os.devnull, "audit_log"))
    assert os.stat(os.devnull).st_mode == before.st_mode, "it is not made private"


def test_a_content_in_parts_is_written_completely_or_not_at_all(tmp_path: Path) -> None:
    def parts(last: str | None) -> Iterator[str]:
        yield "first "
        if last is None:
            raise KeyError("a mistake in a report")
        yield last

    path = tmp_path / "plan.json"
    write_file(str(path), parts("last"))
    with pytest.raises(KeyError):
        write_file(str(path), parts(None))
    assert path.read_text() == "first last"
    assert list(tmp_path.iterdir()) == [path], "no part of it remains"
