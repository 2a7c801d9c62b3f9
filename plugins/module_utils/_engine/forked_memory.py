# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that a process shares with the processes that it forks: ``ansible-playbook`` forks one for each task.

It belongs to these processes and is in no file, so it may have secrets. What another process than these writes is never read.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from mmap import mmap
from threading import Lock
from typing import Any

SIZE = 4 * 2**20  # bytes; the system gives a page of it once something is in it
DIGEST = 16


class ForkedMemory:
    """Keeps values by key. Of too many, the ones that were kept first are lost."""

    def __init__(self, size: int = SIZE) -> None:
        """Begin with nothing. Made before the forks, by the process that they come from."""
        self._memory = mmap(-1, size)
        # POSIX locks exclude processes, also those that share an open file, and end with them. The file stays empty and has no name.
        self._file, path = tempfile.mkstemp()
        os.unlink(path)
        self._threads = Lock()

    def get(self, key: bytes) -> Any:
        """The value, or None."""
        with self._locked():
            found = self._read().get(key)
        return None if found is None else pickle.loads(found)

    def keep(self, key: bytes, value: Any) -> None:
        """Keep a value. One that is too large or cannot be pickled is not kept: the run that has it must not fail for that."""
        try:
            kept = pickle.dumps(value)
        except (pickle.PicklingError, TypeError, AttributeError):
            return
        with self._locked():
            self._write(self._read(), key, kept)

    def add(self, key: bytes) -> bool:
        """Keep a key without a value. Return whether it is new: it is for one of several processes."""
        with self._locked():
            values = self._read()
            if key in values:
                return False
            self._write(values, key, pickle.dumps(None))
            return True

    def _write(self, values: dict[bytes, bytes], key: bytes, kept: bytes) -> None:
        values.pop(key, None)
        values[key] = kept
        while len(content := pickle.dumps(values)) + DIGEST + 8 > len(self._memory):
            values.pop(next(iter(values)))
        self._memory.seek(0)
        self._memory.write(len(content).to_bytes(8, "big") + _digest(content) + content)

    def _read(self) -> dict[bytes, bytes]:
        """All values. A process that was killed while it wrote leaves none."""
        self._memory.seek(0)
        size = int.from_bytes(self._memory.read(8), "big")
        digest, content = self._memory.read(DIGEST), self._memory.read(size)
        return dict(pickle.loads(content)) if size and _digest(content) == digest else {}

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


def forked_memory() -> ForkedMemory | None:
    """Shared memory, or None where the system has none left, or no folder for temporary files."""
    with suppress(OSError):
        return ForkedMemory()
    return None


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST).digest()
