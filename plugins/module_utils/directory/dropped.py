# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that the provider takes and does not hold: after three times they are sent no more in this run."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from threading import Lock

from .outcome import Outcome
from .plan import Change

ENOUGH = 3


class Dropped:
    """Counts, over all threads, what was not stored."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()

    def note(self, outcome: Outcome) -> None:
        """Remember what this one's answer did not hold."""
        if outcome.not_stored:
            with self._lock:
                self._counts.update((outcome.change.type.name, name) for name in outcome.not_stored)

    def spared(self, change: Change) -> Change:
        """The update without what would be dropped once more; its ``after`` may then be its ``before``.

        A creation is sent whole: it saves no request, the provider may ask for what it does not show, and may hold it all the same.
        """
        root = change.type.root
        hopeless = {
            sub.name if (sub := root.sub(name)) else name
            for (kind, name), count in self._counts.items()
            if kind == change.type.name and count >= ENOUGH
        }
        if not hopeless or change.after is None or change.before is None:
            return change
        before = change.before.body
        after = {name: value for name, value in change.after.items() if name not in hopeless}
        after |= {name: before[name] for name in hopeless if name in before}
        return replace(change, after=before if after == before else after)
