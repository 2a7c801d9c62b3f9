# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that are repeated after a pause, since some providers show for seconds the state before a write.

A new resource is answered with 201, and no GET and no filter finds it until the provider's index has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..scim.client.client import Client

PAUSES = (1.0, 2.0, 4.0)  # seconds
ONE_PAUSE = PAUSES[:1]  # where the write may have been ignored just as well

Seen = TypeVar("Seen")


def look_again(client: Client, look: Callable[[], Seen], shows: Callable[[Seen], bool], pauses: Sequence[float] = PAUSES) -> Seen:
    """The first result of ``look`` that ``shows`` the write, else the last one: it is repeated after each of the ``pauses``."""
    seen = look()
    for pause in pauses:
        if shows(seen):
            break
        client.transport.pause(pause)
        seen = look()
    return seen


def exists(seen: object) -> bool:
    """Whether anything was found."""
    return seen is not None
