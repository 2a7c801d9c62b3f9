# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names within a sentence."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMES = 20


def listed(names: Sequence[str], between: str = ", ") -> str:
    """As many as people read, and how many more there are."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return between.join(names[:MOST_NAMES]) + more


def lines(told: Sequence[str], count: int) -> str:
    """As many sentences, a line each, of ``count`` that there are."""
    return "\n".join([*told[:MOST_NAMES], *([f"and {count - MOST_NAMES} more like these"] if count > MOST_NAMES else [])])
