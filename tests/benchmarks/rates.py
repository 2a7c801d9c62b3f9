# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a directory takes at a provider's rate: computed, since the rate decides it, and not the machine."""

from __future__ import annotations

from math import ceil

PAGE = 100
BULK = 1000
RATES = (60, 600, 1000)  # requests a minute


def requests(users: int, groups: int) -> dict[str, int]:
    """The most requests that runs send for so many users and groups, in pages of 100, and in bulk of 1,000 operations."""
    nothing = ceil(users / PAGE) + ceil(groups / PAGE) + 2
    return {
        "nothing to do": nothing,
        "1 % of the users changed": nothing + ceil(users / 100),
        "first load": users + 2 * groups + 5,  # a group is looked for again before it is created
        "first load in bulk": ceil(users / BULK) + ceil(groups / BULK) + ceil(groups / PAGE) + 7,
    }


def seconds(sent: int, per_minute: float) -> float:
    """How long so many requests take, if one is sent at once and the others at the rate."""
    return (sent - 1) * 60 / per_minute


def in_words(length: float) -> str:
    """A length of time as people say it."""
    for unit, size in (("h", 3600), ("min", 60)):
        if length >= 1.5 * size:
            return f"{length / size:.1f} {unit}" if length < 10 * size else f"{length / size:.0f} {unit}"
    return f"{length:.0f} s"


def table(sizes: tuple[int, ...] = (1000, 10_000, 100_000)) -> list[str]:
    """The lines of a Markdown table."""
    heading = " | ".join(f"at {rate} a minute" for rate in RATES)
    lines = [f"| users | run | requests | {heading} |", f"| ---: | --- | ---: |{' ---: |' * len(RATES)}"]
    for users in sizes:
        for run, sent in requests(users, users // 20).items():
            times = " | ".join(in_words(seconds(sent, rate)) for rate in RATES)
            lines.append(f"| {users:,} | {run} | {sent:,} | {times} |")
    return lines
