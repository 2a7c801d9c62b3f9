# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock on which time passes only while the code waits."""

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
        """Advance the clock."""
        self.seconds += max(seconds, 0.0)

    def now(self, zone: tzinfo = UTC) -> datetime:
        """Replaces ``datetime.now``."""
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=zone)
