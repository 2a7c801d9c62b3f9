# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan made true, wave by wave, in bulk or by threads.

One change that is refused does not stop the others; what stops the run leaves the rest for the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..scim.client import Client
from ..scim.errors import AnswerLost, Forbidden, Refused, Stop
from ..scim.pool import as_done
from .bulk import in_bulk, steps
from .outcome import Outcome
from .plan import Action, Change, Plan
from .policy import Policy
from .waves import Wave, waves
from .write import Write

AUTO, ALWAYS, NEVER = "auto", "always", "never"
FEW = 10  # so many changes are sent one by one: to ask whether bulk is offered would cost as much as it gains


class Apply:
    """The run of one plan. ``ids`` grows with what is made, from provisional keys to real ids."""

    def __init__(self, client: Client, policy: Policy, bulk: str = AUTO, on_error: str = "continue") -> None:
        self.client = client
        self.policy = policy
        self.bulk = bulk
        self.on_error = on_error
        self.ids: dict[str, str] = {}
        self.stopped: Stop | None = None
        self._tried: set[tuple[str, Action]] = set()
        self._fresh: set[str] = set()

    def outcomes(self, plan: Plan) -> Iterator[Outcome]:
        """The outcome of each change, as it happens.

        :raises Stop: where nothing more can be done; what was done until then has been yielded.
        """
        self._fresh = {change.key for change in plan.changes if change.before is None}
        ordered = [wave for wave in waves(plan) if wave]
        in_bulk_ = self._offers_bulk(len(plan.changes))
        for wave in ordered:
            for outcome in self._in_bulk(wave) if in_bulk_ and self.client.capabilities.bulk else self._by_threads(wave):
                if outcome.id:
                    self.ids[outcome.change.key] = outcome.id
                yield outcome
                if outcome.error and self.on_error == "stop" and not self.stopped:
                    self.stopped = Stop("on_error is stop: what was not begun is left for the next run.")
            if self.stopped:
                raise self.stopped

    def _offers_bulk(self, count: int) -> bool:
        """ServiceProviderConfig is asked only where there are changes in bulk."""
        if self.bulk == NEVER or (self.bulk == AUTO and count < FEW):
            return False
        if self.client.capabilities.bulk is None:
            self.client.ask_configuration()
        if self.bulk == ALWAYS and not self.client.capabilities.bulk:
            raise Stop("bulk is always, and this provider does not offer it (ServiceProviderConfig). Nothing was written.")
        return bool(self.client.capabilities.bulk)

    # -- one by one ----------------------------------------------------------------------------------------------------------------------

    def _by_threads(self, wave: Wave) -> Iterator[Outcome]:
        """The first write of each verb goes alone: it shows what the provider can do, and whether the credential may."""
        rest: list[Change] = []
        for change in wave:
            verb = (change.type.name, change.action)
            if verb in self._tried or self.stopped:
                rest.append(change)
                continue
            self._tried.add(verb)
            outcome = self._first(change)
            if outcome is not None:
                yield outcome
        for outcome in as_done(self.client.capabilities.concurrency, self._one, rest):
            if outcome is not None:
                yield outcome

    def _first(self, change: Change) -> Outcome | None:
        try:
            return self._one(change, first=True)
        except Forbidden as forbidden:
            self.stopped = Stop(f"{change.name}: {forbidden} The credential may not do this; nothing else was tried.")
            return None

    def _one(self, change: Change, look_first: bool = False, first: bool = False) -> Outcome | None:
        """None where the run was stopped before this change."""
        if self.stopped:
            return None
        resolved, missing = self._resolved(change)
        write = Write(self.client, self.policy, resolved, self.ids, look_first)
        try:
            outcome = write.outcome()
        except Stop as stop:
            self.stopped = stop
            return write.failed(stop) if write.sent else None
        except (Refused, AnswerLost) as error:
            if first and isinstance(error, Forbidden):
                raise
            outcome = write.failed(error)
        return self._without(outcome, change, missing)

    def _resolved(self, change: Change) -> tuple[Change, list[str]]:
        """A change without the joins of members who were not made."""
        missing = [key for key in change.joins if key in self._fresh and key not in self.ids]
        return (replace(change, joins=tuple(key for key in change.joins if key not in missing)), missing) if missing else (change, [])

    @staticmethod
    def _without(outcome: Outcome, change: Change, missing: Sequence[str]) -> Outcome:
        if not missing:
            return replace(outcome, change=change)
        said = f"{change.name}: left out {', '.join(missing)}, who could not be created. Run again once that is mended."
        return replace(outcome, change=change, error="; ".join(part for part in (outcome.error, said) if part))

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
            yield from in_bulk(self.client, together, self._one)
        except Stop as stop:
            self.stopped = stop
        yield from self._by_threads(alone)


def apply(plan: Plan, client: Client, policy: Policy, bulk: str = AUTO, on_error: str = "continue") -> Iterator[Outcome]:
    """The outcome of each change, as it happens.

    :raises Stop: where nothing more can be done; what was done until then has been yielded.
    """
    return Apply(client, policy, bulk, on_error).outcomes(plan)
