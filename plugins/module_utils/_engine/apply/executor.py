# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan made true, wave by wave, in bulk or by threads.

One change that is refused does not stop the others; what stops the run leaves the rest for the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..plan.options import AUTO, Policy
from ..plan.ordering import Wave, waves
from ..plan.plan import Action, Change, Plan
from ..scim.client.client import Client
from ..scim.errors import RESUME, AnswerLost, Forbidden, Interrupted, Invalid, Refused, ScimError, Stop, Unsupported
from ..scim.http.pool import as_done
from ..wording import join_names
from .bulk import in_bulk, steps, uses_bulk
from .dropped_attributes import Dropped
from .outcome import Outcome
from .resource_writer import Write

ENOUGH = 3  # so many refusals of a verb are taken for all
OUT_OF_ORDER = 10  # so many writes in a row that came to nothing after all repeats, and the provider does not work at all

Verb = tuple[str, Action]


def verb_of(change: Change) -> Verb:
    """What a credential may or may not do."""
    return change.type.name, change.action


class Apply:
    """The run of one plan. ``ids`` grows with what is made, from provisional keys to real ids."""

    def __init__(self, client: Client, policy: Policy, bulk: str = AUTO, on_error: str = "continue") -> None:
        self.client = client
        self.policy = policy
        self.bulk = bulk
        self.on_error = on_error
        self.ids: dict[str, str] = {}
        self._actions: dict[str, Action | None] = {}  # by key; None where it failed
        self.stopped: Stop | None = None
        self._dropped = Dropped()
        self._proven: set[Verb] = set()
        self._refusals: Counter[Verb] = Counter()
        self._fresh: set[str] = set()
        self._names: Mapping[str, str] = {}
        self._failed = 0  # writes in a row

    def outcomes(self, plan: Plan) -> Iterator[Outcome]:
        """The outcome of each change, as it happens.

        :raises Stop: where nothing more can be done; what was done until then has been yielded. :raises Guarded: before anything is done.
        """
        self._names = plan.names
        self._fresh = {change.key for change in plan.changes if change.before is None}
        ordered = [wave for wave in waves(plan) if wave]
        in_bulk_ = uses_bulk(self.client, len(plan.changes), self.bulk)
        for wave in ordered:
            sent = [change for change in wave if change.key not in plan.by_name_only]
            yield from (self._joined_at_creation(change) for change in wave if change.key in plan.by_name_only)
            for outcome in self._in_bulk(sent) if in_bulk_ and self.client.capabilities.bulk else self._by_threads(sent):
                if outcome.id:
                    self.ids[outcome.change.key] = outcome.id
                self._actions[outcome.change.key] = outcome.action if not outcome.error else None
                self._heed(outcome)
                yield outcome
            if self.stopped:
                raise self.stopped

    def _joined_at_creation(self, change: Change) -> Outcome:
        """The joins of a group that is known by its name only: they were sent with the users who join, when those were created."""
        by_action: dict[Action | None, list[str]] = {}
        for key in change.joins:
            by_action.setdefault(self._actions.get(key), []).append(self._names.get(key, key))
        created = by_action.pop(Action.CREATED, [])
        failed = by_action.pop(None, [])
        existing = [name for names in by_action.values() for name in names]
        warning = (
            f"{change.name}: {join_names(existing)} existed already, and the provider takes groups only with a new user: not compared."
        )
        error = f"{change.name}: {join_names(failed)} could not be created, and did not join. Run the task again to apply the rest."
        return Outcome(
            change,
            Action.UPDATED if created else Action.UNCHANGED,
            bool(created),
            change.before,
            warnings=(warning,) if existing else (),
            error=error if failed else "",
            moved=(len(created), 0),
        )

    def stop(self, reason: Stop) -> None:
        """Begin nothing more. What is under way comes to its end, and is still told."""
        self.stopped = self.stopped or reason

    def _heed(self, outcome: Outcome) -> None:
        if outcome.error and self.on_error == "stop":
            self.stop(Stop("on_error is stop: what was not begun is left for the next run."))

    # -- one by one ----------------------------------------------------------------------------------------------------------------------

    def _by_threads(self, wave: Wave) -> Iterator[Outcome]:
        """The first write of each verb goes alone: it shows what the provider can do, and whether the credential may."""
        rest: list[Change] = []
        for change in wave:
            if verb_of(change) in self._proven or self.stopped:
                rest.append(change)
                continue
            outcome = self._one(change)
            if outcome is not None:
                yield outcome
        for outcome in as_done(self.client.capabilities.concurrency, self._one, rest):
            if outcome is not None:
                yield outcome

    def _one(self, change: Change, look_first: bool = False) -> Outcome | None:
        """None where the run was stopped before this change."""
        if self.stopped:
            return None
        resolved, missing = self._resolved(self._dropped.spared(change))
        if not (resolved.body_differs or resolved.joins or resolved.leaves or missing):
            return Outcome(change, Action.UNCHANGED, False, change.before, id=change.key)
        write = Write(self.client, self.policy, resolved, self.ids, look_first)
        try:
            outcome = write.outcome()
            self._proven.add(verb_of(change))
            self._failed = 0
        except Stop as stop:
            self.stopped = stop
            if write.sent and isinstance(stop, Interrupted) and not stop.begun:
                write.sent.pop()
            return write.failed(stop) if write.sent else None
        except (Refused, AnswerLost, Invalid) as error:
            self._forbidden(change, error)
            self._out_of_order(error)
            outcome = write.failed(error)
        self._dropped.note(outcome)
        outcome = self._without(outcome, change, missing)
        self._heed(outcome)
        return outcome

    def _forbidden(self, change: Change, error: ScimError) -> None:
        """One person may be out of reach for a credential, such as an owner; where nobody is within it, the rest is not tried."""
        verb = verb_of(change)
        if not isinstance(error, Forbidden):
            self._proven.add(verb)
        elif verb not in self._proven:
            self._refusals[verb] += 1
            if self._refusals[verb] >= ENOUGH:
                what = f"{change.type.name.lower()}s may be {change.action}"
                self.stopped = Stop(f"The first {ENOUGH} were refused with 403: no {what} with this credential. The rest was not tried.")

    def _out_of_order(self, error: ScimError) -> None:
        """One person may be too much for a provider; ten in a row are not the reason, and each of them costs minutes."""
        status = error.status if isinstance(error, Refused) and not isinstance(error, Unsupported) else 0
        broken = isinstance(error, AnswerLost) or status == 429 or status >= 500
        self._failed = self._failed + 1 if broken else 0
        if self._failed >= OUT_OF_ORDER and not self.stopped:
            self.stopped = Stop(f"The last {self._failed} writes failed, each after all repeats: the provider does not work. {RESUME}")

    def _resolved(self, change: Change) -> tuple[Change, list[str]]:
        """A change of what may have been made just now, without the joins of members who were not made."""
        if change.before is not None and change.before.id in self.ids:
            change = replace(change, before=replace(change.before, id=self.ids[change.before.id]))
        missing = [key for key in change.joins if key in self._fresh and key not in self.ids]
        return (replace(change, joins=tuple(key for key in change.joins if key not in missing)), missing) if missing else (change, [])

    def _without(self, outcome: Outcome, change: Change, missing: Sequence[str]) -> Outcome:
        if not missing:
            return replace(outcome, change=change)
        names = join_names([self._names.get(key, key) for key in missing])
        said = f"{change.name}: left out {names}, who could not be created. Run again once that is mended."
        moved = outcome.moved or (len(change.joins) - len(missing), len(change.leaves))
        return replace(outcome, change=change, moved=moved, error="; ".join(part for part in (outcome.error, said) if part))

    # -- in bulk -------------------------------------------------------------------------------------------------------------------------

    def _in_bulk(self, wave: Wave) -> Iterator[Outcome]:
        together: list[Any] = []
        alone: list[Change] = []
        for change in wave:
            resolved, missing = self._resolved(change)
            found = None if missing else steps(Write(self.client, self.policy, resolved, self.ids))
            if found is None:
                alone.append(change)
            else:
                together += found
        try:
            most_errors = 1 if self.on_error == "stop" else None
            yield from in_bulk(self.client, together, self._one, lambda: self.stopped is not None, most_errors)
        except Stop as stop:
            self.stopped = stop
        yield from self._by_threads(alone)
