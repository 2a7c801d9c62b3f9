# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time that passes only when somebody waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

TODAY = date(2027, 1, 15)


@dataclass
class Clock:
    """The clock of the requests, and the calendar."""

    seconds: float = 0.0
    today: date = TODAY

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Wait, in no time."""
        self.seconds += max(seconds, 0.0)

    def now(self, zone: tzinfo = UTC) -> datetime:
        """In the place of ``datetime.now``."""
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=zone)
