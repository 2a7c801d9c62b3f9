# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that the provider takes and does not hold: after three times they are sent no more in this run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

from ..plan.plan import Change
from ..scim.schema.resource import Body, split_path
from ..scim.schema.types import Attribute
from .outcome import Outcome

ENOUGH = 3


class Dropped:
    """Counts, over all threads, what was not stored."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._hopeless: frozenset[tuple[str, str]] = frozenset()  # replaced, never changed: other threads walk it
        self._lock = Lock()

    def note(self, outcome: Outcome) -> None:
        """Remember what this one's answer did not hold."""
        if outcome.not_stored:
            with self._lock:
                self._counts.update((outcome.change.type.name, name) for name in outcome.not_stored)
                self._hopeless = frozenset(key for key, count in self._counts.items() if count >= ENOUGH)

    def spared(self, change: Change) -> Change:
        """The update without what would be dropped once more; its ``after`` may then be its ``before``.

        A creation is sent whole: it saves no request, the provider may ask for what it does not show, and may hold it all the same.
        """
        hopeless = [path for resource_type, path in self._hopeless if resource_type == change.type.name]
        if not hopeless or change.after is None or change.before is None:
            return change
        before, after = change.before.body, change.after
        for path in hopeless:
            after = _as_it_is(change.type.root, after, before, split_path(path, change.type.root))
        return replace(change, after=before if after == before else after)


def _as_it_is(attribute: Attribute | None, after: Body, before: Body, path: Sequence[str]) -> Body:
    """What shall be, but at one path what there is."""
    first, *rest = path
    sub = attribute.sub(first) if attribute else None
    name = sub.name if sub else first
    inner, there = after.get(name), before.get(name)
    if rest and isinstance(inner, dict):
        kept: Any = _as_it_is(sub, inner, there if isinstance(there, dict) else {}, rest)
    else:
        kept = there
    return {**after, name: kept} if kept not in (None, {}) else {key: value for key, value in after.items() if key != name}
