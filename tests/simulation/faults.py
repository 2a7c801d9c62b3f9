# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of single requests, and the second writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What happens to one request.

    Lost: no answer comes, and the request was carried out or not. Killed: the process ends before the request is sent, or after it was
    carried out. Rival: a second writer changes something just before it. Lagging: a read shows the state before the last write.
    """

    LOST_DONE = "the answer was lost, and it was done"
    LOST = "the answer was lost, and it was not done"
    KILLED_BEFORE = "the process was killed before it"
    KILLED_AFTER = "the process was killed after it"
    ERROR = "500, and it was not done"
    ERROR_DONE = "502, and it was done"
    UNAVAILABLE = "503 with Retry-After"
    THROTTLED = "429"
    RIVAL = "a second writer was there before it"
    LAGGING = "a read that lags behind"


KILLS = frozenset({Fault.KILLED_BEFORE, Fault.KILLED_AFTER})
DONE = frozenset({Fault.LOST_DONE, Fault.ERROR_DONE, Fault.KILLED_AFTER})  # carried out, although no good answer shows it
STATUSES: Mapping[Fault, int] = {Fault.ERROR: 500, Fault.ERROR_DONE: 502, Fault.UNAVAILABLE: 503, Fault.THROTTLED: 429}
FOR_EVER = (Fault.LOST_DONE, Fault.LOST, Fault.ERROR, Fault.ERROR_DONE, Fault.THROTTLED)  # may hit each attempt at a request


class Killed(BaseException):
    """The end of the process. Not an ``Exception``, so the collection does not catch it."""


@dataclass
class Faults:
    """Which requests of a run go wrong, by their number from 1. Those of ``for_ever`` go wrong whenever they are sent again.

    ``rival`` is what the second writer does, given method, path and content of the request that it is faster than.
    """

    at: Mapping[int, Fault] = field(default_factory=dict)
    for_ever: frozenset[int] = frozenset()
    rival: Callable[[str, str, str], None] = lambda method, path, content: None

    def __str__(self) -> str:
        each = (f"request {number}: {fault}{', each time' if number in self.for_ever else ''}" for number, fault in self.at.items())
        return "; ".join(each) or "nothing goes wrong"


NONE = Faults()
