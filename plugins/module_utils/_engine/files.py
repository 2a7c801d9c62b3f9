# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and writes regular files only: a FIFO would wait for its other end, and a device may have no end.

A file is written completely or not at all, is readable by its owner only, and never replaces the target of a link.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from .scim.errors import Invalid

PROGRESS = "progress"  # in a module's temporary folder: the module appends lines, the action plugin displays them
LARGEST = 256 * 2**20  # bytes of a file that is read
CHUNK = 2**20
NOT_REGULAR = "it is not a regular file"


def open_regular(path: str) -> BinaryIO:
    """Open a file to read.

    :raises OSError: if it cannot be opened, or is a FIFO, a socket or a device.
    """
    if os.path.exists(path):
        _refuse_special(os.stat(path).st_mode)  # before it is opened: opening a device may have an effect
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _refuse_special(os.fstat(descriptor).st_mode)
    except OSError:
        os.close(descriptor)
        raise
    return open(descriptor, "rb")


def _refuse_special(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, NOT_REGULAR)


def read_bytes(path: str) -> bytes:
    """The content of a file.

    :raises OSError: if it cannot be read, is not a regular file, or is larger than ``LARGEST``.
    """
    content = bytearray()
    with open_regular(path) as file:
        while chunk := file.read(CHUNK):  # not by its size, which may be unknown or grow
            content += chunk
            if len(content) > LARGEST:
                raise OSError(errno.EFBIG, f"it is larger than {LARGEST // 2**20} MiB")
    return bytes(content)


def check_readable(path: str, option: str) -> None:
    """Check a file that a library opens by itself. ``option`` names the option with its path, for the message.

    :raises Invalid: if it cannot be read, is not a regular file, or is larger than ``LARGEST``.
    """
    try:
        read_bytes(path)
    except OSError as error:
        raise Invalid(f'{option}: "{path}" cannot be read: {error.strerror}.') from None


def read_text(path: str, encoding: str = "utf-8") -> str:
    """The text of a file, with ``\\n`` at the end of each line.

    :raises OSError: as ``read_bytes`` does. :raises UnicodeDecodeError: if it is not text.
    """
    text = read_bytes(path).decode(encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read_file(path: str) -> str | None:
    """The text of a file; None if it cannot be read or is not text."""
    try:
        return read_text(path)
    except (OSError, ValueError):
        return None


def check_writable(path: str, option: str) -> None:
    """Check, before anything is sent, that a file can be written. ``option`` names the option with its path, for the message.

    :raises Invalid: if its folder is not writable, or the path exists and is not a regular file.
    """
    folder = Path(path).parent
    if not os.access(folder, os.W_OK):
        raise Invalid(f'{option}: "{path}" cannot be written: the folder "{folder}" does not exist or is not writable.')
    _refuse_existing_other(path, option)


def _refuse_existing_other(path: str, option: str) -> None:
    """:raises Invalid: if the path exists and is not a regular file."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return
    if not stat.S_ISREG(mode):
        found = "it is a folder" if stat.S_ISDIR(mode) else "it is a link, which is not followed" if stat.S_ISLNK(mode) else NOT_REGULAR
        raise Invalid(f'{option}: "{path}" cannot be written: {found}.')


def write_file(path: str, content: str | Iterable[str], option: str = "report") -> None:
    """Write a file of mode 0600, completely or not at all. A large content may come in parts. ``option`` is the option with its path, for
    errors.

    :raises Invalid: if it cannot be written.
    """
    check_writable(path, option)
    part = ""
    try:
        descriptor, part = tempfile.mkstemp(prefix=f".{Path(path).name}.", suffix=".part", dir=Path(path).parent)  # its mode is 0600
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines([content] if isinstance(content, str) else content)
        os.replace(part, path)
        part = ""
    except OSError as error:
        raise Invalid(f'{option}: "{path}" cannot be written: {error.strerror}.') from None
    finally:
        if part:
            Path(part).unlink(missing_ok=True)


def open_to_append(path: str, option: str) -> int:
    """Open a file of mode 0600 to append to it. The null device is allowed too.

    :raises Invalid: if it cannot be written, is a link, or is not a regular file.
    """
    is_null = path == os.devnull
    if not is_null:
        _refuse_existing_other(path, option)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Invalid(f'{option}: "{path}" cannot be written: {error.strerror}.') from None
    found = os.fstat(file)
    if not is_null and not stat.S_ISREG(found.st_mode):
        os.close(file)
        raise Invalid(f'{option}: "{path}" cannot be written: {NOT_REGULAR}.')
    if not is_null and found.st_uid == os.geteuid():
        os.fchmod(file, 0o600)  # an existing file may have another mode
    return file
