# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server as a process of its own, on a free port of loopback, ended with everything it started."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from .packages import own_environment
from .server import Running, Server

PATIENCE = 600  # seconds; only a server that never answers is given up


class CannotStart(Exception):
    """A server ended, or did not answer."""


@contextmanager
def running(server: Server, installed: Path, folder: Path) -> Iterator[Running]:
    """Start a server with an empty store; ``folder`` is made anew, with the log and the data in it."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    port = _free_port()
    started = Running(f"http://127.0.0.1:{port}", installed, folder / "data", secrets.token_hex(24))
    values = {
        "port": str(port), "origin": started.origin, "installed": str(installed), "data": str(started.data), "secret": started.secret,
        "path": os.environ.get("PATH", os.defpath),
    }  # fmt: skip
    own = {"HOME": "{data}", **server.environment}
    environment = own_environment({name: text.format(**values) for name, text in own.items()})
    command = [part.format(**values) for part in server.command]
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=started.data, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait(process, started.origin + server.ready, log)
        yield started
    finally:
        _end(process)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < end:
            if process.poll() is not None:
                raise CannotStart(f"it ended with the exit code {process.returncode}; see {log}\n{_tail(log)}")
            with suppress(requests.RequestException):
                if session.get(url, timeout=10).status_code < 500:
                    return
            time.sleep(0.2)
    raise CannotStart(f"{url} did not answer; see {log}\n{_tail(log)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and its children: they are a session of their own."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20 if number == signal.SIGTERM else None)
    process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
