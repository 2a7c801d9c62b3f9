# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that are repeated after a pause: at some providers, a read shows the state before a write for some seconds.

A POST is answered with 201, and neither GET nor a filter finds the new resource until the provider has indexed it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..scim.client.client import Client

PAUSES = (1.0, 2.0, 4.0)  # seconds
ONE_PAUSE = PAUSES[:1]  # where the provider may also have ignored the write: each such write would cost all pauses

Found = TypeVar("Found")


def poll(client: Client, read: Callable[[], Found], shows_write: Callable[[Found], bool], pauses: Sequence[float] = PAUSES) -> Found:
    """Return the first result of ``read`` that ``shows_write`` accepts, else the last one. It is repeated after each of the ``pauses``."""
    found = read()
    for pause in pauses:
        if shows_write(found):
            break
        client.transport.pause(pause)
        found = read()
    return found


def exists(found: object) -> bool:
    """Whether anything was found."""
    return found is not None
