# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files encrypted with Ansible Vault: the action plugin decrypts them on the controller, and the module reads them from a socket.

They are in no file and in no environment, where they would stay if the run is killed, and where others could read them.
"""

from __future__ import annotations

import json
import os
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from ..files import CHUNK, open_regular

VAULTED = "$ANSIBLE_VAULT;"
SOCKET = "IDENTITY_SCIM_DECRYPTED"  # an environment variable, since users could set every option of a module
WAIT_SECONDS = 0.1
MOST_SECONDS = 60.0  # for the other end of the socket


def is_vaulted(path: str) -> bool:
    """Whether a file is encrypted with Ansible Vault.

    :raises OSError: if it cannot be read.
    """
    with open_regular(path) as file:
        return file.read(len(VAULTED)) == VAULTED.encode()


@contextmanager
def served(decrypted: Mapping[str, bytes]) -> Iterator[Mapping[str, str]]:
    """Serve the contents of files on a socket, which only the user can use. Yield the environment with which a module finds it.

    :raises OSError: if the temporary folder can have no socket, for example since its path is too long.
    """
    content = json.dumps({path: b64encode(text).decode() for path, text in decrypted.items()}).encode()
    done = Event()
    with TemporaryDirectory(prefix="scim-") as folder, socket.socket(socket.AF_UNIX) as listening:
        path = str(Path(folder) / "socket")
        try:
            listening.bind(path)
        except OSError as error:
            reason = f'TMPDIR: "{folder}" cannot have the socket with which vaulted files are passed to the module: {error}'
            raise OSError(f"{reason}. Set TMPDIR to a folder with a short path.") from None
        listening.listen()
        listening.settimeout(WAIT_SECONDS)
        thread = Thread(target=_serve, args=(listening, content, done), daemon=True)
        thread.start()
        try:
            yield {SOCKET: path}
        finally:
            done.set()
            thread.join()


def _serve(listening: socket.socket, content: bytes, done: Event) -> None:
    while not done.is_set():
        with suppress(OSError):  # no module has connected yet, or the other end is gone
            connection, _address = listening.accept()
            with connection:
                connection.settimeout(MOST_SECONDS)
                connection.sendall(content)


def decrypted_files() -> Mapping[str, bytes]:
    """The content of each vaulted file, by its real path. Empty if the action plugin decrypted none, or does not answer any more: then the
    files are refused as encrypted.
    """
    path = os.environ.get(SOCKET)
    if not path:
        return {}
    received = bytearray()
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(MOST_SECONDS)
            connection.connect(path)
            while chunk := connection.recv(CHUNK):
                received += chunk
        return {file: b64decode(text) for file, text in json.loads(received).items()}
    except (OSError, ValueError):  # ValueError: only a part was sent
        return {}
