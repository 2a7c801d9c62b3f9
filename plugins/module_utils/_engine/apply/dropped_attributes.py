# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that the provider accepts and does not store: found in its answers, and after three times not sent again in this run; those
that it refuses and does not have, after the first time.

``active`` and what a resource is called by are none of them: whoever should lose access must lose it, and a name is what finds a resource.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..plan.options import Policy
from ..plan.plan import Change
from ..scim.schema.overlay import apply_changes, overlay, without_empty
from ..scim.schema.projection import without
from ..scim.schema.resource import Body, Resource, option_path
from ..scim.schema.types import Attribute, Type
from .outcome import Outcome

MOST_DROPS = 3


def not_stored(change: Change, policy: Policy, after: Resource) -> tuple[str, ...]:
    """The paths of the declared options that the provider accepted and does not hold as declared, as narrow as they are."""
    if change.entry is None:
        return ()
    needed = ("active", change.type.name_attribute)
    declared = {name: value for name, value in policy.compared(change.type, change.entry.attributes).items() if name not in needed}
    paths = _not_stored(change.type.root, declared, after.body, policy.additive)
    return tuple(option_path(change.type, *path) for path in paths)


def _not_stored(attribute: Attribute, declared: Body, body: Body, additive: bool) -> Iterator[tuple[str, ...]]:
    """A complex value of which nothing is stored is one path."""
    for name, value in declared.items():
        if overlay(attribute, {name: value}, body, additive) is body:
            continue
        sub = attribute.sub(name) or Attribute(name, Type.COMPLEX)
        current = body.get(sub.name)
        inner = list(_not_stored(sub, value, current, additive)) if isinstance(value, dict) and isinstance(current, dict) else []
        whole = not inner or len(inner) == len(value)
        yield from [(name,)] if whole else [(name, *path) for path in inner]


def not_stored_warning(name: str, options: Sequence[str]) -> str:
    """The warning for options that were accepted and not stored, with the line that ends it."""
    listing = ", ".join(options)
    return f"{name}: the provider accepted {listing} and did not store it as declared. To ignore it, set ignore_attributes: [{listing}]"


def not_storable_warning(name: str, options: Sequence[str]) -> str:
    """The warning for options that were refused and are not shown, with the line that ends it."""
    listing = ", ".join(options)
    return f"{name}: the provider has no attribute for {listing} and refused it. To ignore it, set ignore_attributes: [{listing}]"


class DroppedAttributes:
    """Counts what was not stored."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._never_stored: frozenset[tuple[str, str]] = frozenset()  # replaced, never changed: other threads read it

    def note(self, outcome: Outcome) -> None:
        """Count what the provider did not store of one resource. One thread does that."""
        if outcome.not_stored or outcome.not_storable:
            self._counts.update((outcome.change.type.name, path) for path in outcome.not_stored)
            self._counts.update({(outcome.change.type.name, path): MOST_DROPS for path in outcome.not_storable})
            self._never_stored = frozenset(key for key, count in self._counts.items() if count >= MOST_DROPS)

    def left_out(self, change: Change) -> tuple[Change, tuple[str, ...]]:
        """The update without what would be dropped again, and the options that this leaves out. Its ``after`` may then be its ``before``.

        A creation is sent whole: leaving out an attribute saves no request, and the provider may require or hold what it does not show.
        """
        paths = tuple(path for resource_type, path in self._never_stored if resource_type == change.type.name)
        if not paths or change.after is None or change.before is None:
            return change, ()
        before, desired = change.before.body, change.after

        def without_paths(*left_out: str) -> Body:
            old, new = (without(change.type, body, left_out) for body in (before, desired))
            kept: Body = without_empty(apply_changes(old, new, before))
            return kept

        after, whole = without_paths(*paths), without_paths()
        left_out = tuple(path for path in paths if after != whole and without_paths(path) != whole)
        return replace(change, after=before if after == before else after), left_out
