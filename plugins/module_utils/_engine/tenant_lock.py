# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets one run at a time write to a tenant: two runs that both find no group of a name would both create it.

The lock is a ``flock`` on a file of this user on this machine. The kernel releases it when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from .scim.errors import RESUME, Invalid, Stop
from .scim.http.pacing import Pacing

EVERY_SECONDS = 0.2
NAME = "identity.scim"


@contextmanager
def tenant_lock(url: str, timeout: float, pacing: Pacing, report_progress: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of the tenant at ``url`` for as long as the block runs. Wait for it up to ``timeout`` seconds.

    :raises Invalid: if the file cannot be opened. :raises Stop: if another run still holds the lock, or if this run ends while it waits.
    """
    path = _folder() / f"{sha256(_tenant(url).encode()).hexdigest()[:32]}.lock"
    file = _locked(path)
    if file is None and timeout:
        report_progress(f"Waiting up to {timeout:g} s for another run that writes to {url}: {_holder(path)}.")
    until = pacing.clock() + timeout
    while file is None:
        if pacing.clock() >= until:
            raise Stop(
                f"Another run on this machine is writing to {url}: {_holder(path)}. This run waited {timeout:g} s (lock_timeout) and wrote "
                f"nothing. {RESUME}"
            )
        pacing.sleep(EVERY_SECONDS)
        file = _locked(path)
    try:
        yield
    finally:
        os.close(file)


def _tenant(url: str) -> str:
    """The URL in the spelling that all runs share: case and default port do not matter in a host, nor a slash at the end."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) not in (("https", 443), ("http", 80)) else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path.rstrip('/')}"


def _folder() -> Path:
    """The folder of this user's locks. Another user must not be able to hold them, nor to put a link in their place."""
    folder = Path(tempfile.gettempdir()) / f"{NAME}-{os.geteuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise Invalid(f"The folder of locks {folder} cannot be made: {error.strerror}. Set TMPDIR to a writable folder.") from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise Invalid(f"The folder of locks {folder} belongs to another user, or others may write to it. Remove it.")
    return folder


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock, with this run's description in the file; None if another run holds it."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Invalid(f"The lock {path} cannot be opened: {error.strerror}.") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(file), path.stat()):
            raise FileNotFoundError  # the file was removed since it was opened: another run would lock a new one
        os.ftruncate(file, 0)
        os.write(file, json.dumps({"process": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}).encode())
    except (BlockingIOError, FileNotFoundError):
        os.close(file)
        return None
    return file


def _holder(path: Path) -> str:
    """The run that holds the lock, as it describes itself."""
    try:
        known = json.loads(path.read_text("utf-8"))
        return f"process {known['process']:d}, since {known['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "its process is not known"
