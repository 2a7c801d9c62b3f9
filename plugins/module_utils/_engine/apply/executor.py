# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies a plan wave by wave, in bulk or in threads.

A refused change does not stop the others. If the run stops, the next run applies the remaining changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set, Sized
from dataclasses import dataclass, replace
from functools import partial

from ..declaration.model import GROUP
from ..plan.options import AUTO, Policy
from ..plan.ordering import Wave, claimed_name, freed_name, set_manager, waves
from ..plan.plan import Action, Change, Plan
from ..plan.reporting_lines import manager_of
from ..plan.snapshot import member_ids
from ..scim.client.client import Client
from ..scim.client.lookup import Lookup
from ..scim.errors import AnswerLost, Forbidden, Invalid, Refused, ScimError, Stop, Unsupported
from ..scim.http.pool import as_done
from ..scim.schema.identity import name_key
from ..wording import join_names
from .attempt import Attempt
from .bulk import Step, steps, uses_bulk, write_in_bulk
from .dropped_attributes import DroppedAttributes
from .existing_groups import existing_groups
from .outcome import Outcome
from .polling import poll
from .resource_writer import RUN_AGAIN, ResourceWriter
from .run_state import ADDING, REMOVING, RunState
from .unseen_memberships import UnseenMemberships

MOST_FORBIDDEN = 3  # refusals with 403 and nothing accepted: after these, the credential may not do this to any resource
MOST_BROKEN = 10  # writes in a row that failed after all retries: after these, the provider is not working
CONTINUE, STOP = "continue", "stop"

Verb = tuple[str, Action]
Form = tuple[str, Action, bool, bool, bool]


def verb_of(change: Change) -> Verb:
    """What a credential needs the permission for, such as creating users."""
    return change.type.name, change.action


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How a plan is applied: the options ``bulk`` and ``on_error``."""

    bulk: str = AUTO
    on_error: str = CONTINUE


DEFAULT_OPTIONS = ApplyOptions()


def _ids_by_name(lookup: Lookup, names: Sequence[str]) -> dict[str, str]:
    """The ids of the resources that have these names by now."""
    lookup.forget()
    found = lookup.find_values(lookup.type.name_attribute, names)
    return {name_key(resource.name): resource.id for resource in found.values()}


def _has_all(count: int, found: Sized) -> bool:
    return len(found) >= count


class Executor:
    """Applies one plan. ``ids`` grows with what is created, from provisional keys to real ids."""

    def __init__(self, client: Client, policy: Policy, options: ApplyOptions = DEFAULT_OPTIONS) -> None:
        self.client = client
        self.policy = policy
        self.options = options
        self.ids: dict[str, str] = {}
        self._actions: dict[str, Action | None] = {}  # by key; None if it failed
        self.stopped: Stop | None = None
        self._dropped = DroppedAttributes()
        self._accepted: set[Verb] = set()
        self._forbidden: Counter[Verb] = Counter()
        self._fresh: set[str] = set()
        self._unidentified: dict[str, Change] = {}  # changes that have created a resource whose id is not known
        self._tried: set[Form] = set()
        self.state = RunState()
        self._risky: Counter[str] = Counter()  # how many groups a form of membership changes may harm
        self._went_ahead: set[str] = set()  # such forms
        self._broken = 0  # writes in a row
        self._kept_names: set[tuple[str, str]] = set()  # names that were to become free by a change that failed

    def outcomes(self, plan: Plan) -> Iterator[Outcome]:
        """Apply the plan and yield the outcome of each change; before it, one that is not final, where the change is written a second time.

        :raises Stop: if the run cannot continue; the outcomes until then have been yielded.
        :raises PlanRefused: before the first write.
        """
        self.state = RunState.of(plan.changes, plan.names)
        self._fresh = {change.key for change in plan.changes if change.before is None}
        ordered = [wave for wave in waves(plan, joins_inform=self.client.capabilities.members_readable is None) if wave]
        in_bulk = uses_bulk(self.client, len(plan.changes), self.options.bulk)
        self._risky = Counter(form for wave in ordered for change in wave for form in self._risks(change))
        unseen = UnseenMemberships(self.client, plan, frozenset(self._fresh), self.ids)
        for wave in ordered:
            # Without a filter, new groups are looked up in the listing, which is out of date after each wave.
            self.client.lookup(self.client.types[GROUP]).forget()
            self._identify({key for change in wave for key in (*change.joins, manager_of(change.after) or "")})
            yield from (self._joins_at_creation(change) for change in wave if change.key in plan.by_name_only)
            sent = [change for change in wave if change.key not in plan.by_name_only]
            for outcome in self._in_bulk(sent) if in_bulk and self.client.capabilities.bulk else self._by_threads(sent):
                if outcome.is_final:
                    self._note(outcome)
                yield self._as_seen(unseen, outcome) if outcome.is_final else outcome
            if self.stopped:
                raise self.stopped

    def _note(self, outcome: Outcome) -> None:
        """Keep what later changes of the run depend on."""
        change = outcome.change
        if outcome.id and outcome.id not in self._fresh:  # a second change of what could not be created has a provisional one
            self._identified(change, outcome.id)
        elif outcome.action is Action.CREATED and not outcome.error:
            self._unidentified[change.key] = change
        if change.before is not None and change.type.name == GROUP:
            self.state.moved(change.before, outcome.expected.joined, outcome.expected.left)
        self._dropped.note(outcome)
        self._actions[change.key] = outcome.action if not outcome.error else None
        if outcome.error and (name := freed_name(change)):
            self._kept_names.add(name)
        self._stop_at_error(outcome)

    def _as_seen(self, unseen: UnseenMemberships, outcome: Outcome) -> Outcome:
        """The outcome without memberships that cannot be seen; as it is if that cannot be read, since the write took place."""
        try:
            return unseen.seen(outcome)
        except Stop as stop:
            self.stop(stop)
        except ScimError:
            pass
        return outcome

    def _identify(self, joining: Set[str]) -> None:
        """Look up the ids of those that were created without an answer that shows it, and that are to join a group now."""
        for lookup in map(self.client.lookup, self.client.types.values()):
            created = [change for key, change in self._unidentified.items() if key in joining and change.type.name == lookup.type.name]
            names = [change.name for change in created]
            if not created or not lookup.searchable:
                continue
            found = poll(self.client, partial(_ids_by_name, lookup, names), partial(_has_all, len(names)))
            for change in created:
                if resource_id := found.get(name_key(change.name)):
                    self._identified(change, resource_id)
                    del self._unidentified[change.key]

    def _identified(self, change: Change, resource_id: str) -> None:
        self.ids[change.key] = resource_id
        if change.before is None:
            self.state.created[resource_id] = change.name

    def _joins_at_creation(self, change: Change) -> Outcome:
        """The outcome of a group that is known by name only: its new members were created with the group in their body."""
        by_action: dict[Action | None, list[str]] = {}
        for key in change.joins:
            by_action.setdefault(self._actions.get(key), []).append(key)
        created, failed = by_action.pop(Action.CREATED, []), by_action.pop(None, [])
        attempt = Attempt(change, change, tuple(created), moved=set(created))
        attempt.settle(Action.UPDATED if created else Action.UNCHANGED, change.before)
        attempt.errors += self._not_added(failed)
        for existing in by_action.values():
            text = f"{self._join_names(existing)} existed already, and the provider takes groups only with a new user: not compared."
            attempt.warnings.append(f"{change.name}: {text}")
        return attempt.outcome()

    def _not_added(self, missing: Sequence[str]) -> list[str]:
        unknown = [key for key in missing if key in self._unidentified]
        failed = [key for key in missing if key not in self._unidentified]
        reasons = [f"members that could not be created were not added: {self._join_names(failed)}. Fix that and run the task again."]
        created = "members that were created, and that the provider does not find yet, were not added"
        return (reasons if failed else []) + ([f"{created}: {self._join_names(unknown)}. {RUN_AGAIN}"] if unknown else [])

    def _not_removed(self, staying: Sequence[str]) -> list[str]:
        why = "not removed, since they may be members that could not be created"
        return [f"{why}: {self._join_names(staying)}"] if staying else []

    def _join_names(self, keys: Iterable[str]) -> str:
        return join_names([self.state.names.get(key, key) for key in keys])

    def stop(self, reason: Stop) -> None:
        """Begin no further change. Changes that have begun are finished, and their outcomes are yielded."""
        self.stopped = self.stopped or reason

    def _stop_at_error(self, outcome: Outcome) -> None:
        if outcome.error and self.options.on_error == STOP:
            self.stop(Stop("on_error is stop: the remaining changes were not begun."))

    def _form_of(self, change: Change) -> Form:
        """What must work once before it is done many times: a verb, and for members adding and removing them, beside others or not."""
        return (*verb_of(change), bool(change.joins), bool(change.leaves), bool(self._risks(change)))

    def _risks(self, change: Change) -> set[str]:
        """Whether members of a group are added or removed beside others who stay: some providers remove these, too."""
        others = self.state.others_in(change.before) if change.type.name == GROUP and change.before is not None else frozenset()
        moves = {ADDING: change.joins, REMOVING: change.leaves}
        return {form for form, members in moves.items() if members and others - {*change.joins, *change.leaves}}

    def _ahead(self, wave: Wave) -> Iterator[Change]:
        """The first group that adds members, and the first that removes some, where several do: a bulk request would harm all of them."""
        for change in wave:
            if any(self._risky[form] > 1 and form not in self.state.proven | self._went_ahead for form in self._risks(change)):
                self._went_ahead |= self._risks(change)
                yield change

    def _in_bulk(self, wave: Wave) -> Iterator[Outcome]:
        ahead: set[int] = set()
        for change in self._ahead(wave):
            ahead.add(id(change))
            yield from filter(None, [self._write(change)])
        yield from self._in_bulk_requests([change for change in wave if id(change) not in ahead])

    def _in_bulk_requests(self, wave: Wave) -> Iterator[Outcome]:
        together: list[Step] = []
        alone: list[Change] = []
        existing = existing_groups(self.client, self.policy, wave)
        for change in wave:
            attempt = self._begin(change)
            kept = attempt.errors or change.key in existing or self._is_taken(change)
            found = [] if kept else steps(self.client, self.policy, attempt)
            together += found
            alone += [] if found else [change]
        try:
            yield from write_in_bulk(self.client, together, self._write, lambda: self.stopped is not None, self.options.on_error == STOP)
        except Stop as stop:
            self.stop(stop)
        yield from self._by_threads(alone)

    def _by_threads(self, wave: Wave) -> Iterator[Outcome]:
        """Write changes in threads, after the first of each form alone: it shows what the provider supports and the credential may do."""
        rest: list[Change] = []
        for change in wave:
            if self._form_of(change) in self._tried or self.stopped:
                rest.append(change)
            elif outcome := self._write(change):
                yield outcome
        yield from filter(None, as_done(self.client.capabilities.concurrency, self._write, rest, self.client.transport.at_once))

    def _write(self, planned: Change, earlier: Attempt | None = None) -> Outcome | None:
        """Write one change; None if the run was stopped before. An ``earlier`` attempt at it may have taken effect."""
        if self.stopped:
            return None
        if self._is_taken(planned):
            return Attempt(planned, planned).outcome(f'"{planned.name}" is not free: see the change of the resource that has this name.')
        attempt = self._begin(planned)
        attempt.unknown = earlier is not None and earlier.may_have_happened
        self.client.transport.request_ids.take()  # discard those of an earlier change
        ended: ScimError | None = None
        try:
            ResourceWriter(self.client, self.policy, attempt, earlier, self.state).write()
            if attempt.sent:
                self._accepted.add(verb_of(planned))
                self._tried.add(self._form_of(planned))
                self._broken = 0
        except Stop as stop:
            self.stop(stop)
            ended = stop
        except (Refused, AnswerLost, Invalid) as error:
            self._stop_if_forbidden(planned, error)
            self._stop_if_broken(error)
            ended = error
        if ended:
            attempt.ended(ended)
        attempt.request_ids += self.client.transport.request_ids.take()
        if isinstance(ended, Stop) and not attempt.sent:
            return None
        outcome = attempt.outcome(ended or "")
        self._stop_at_error(outcome)
        return outcome

    def _is_taken(self, change: Change) -> bool:
        """Whether a change takes a name that another resource still has because its change failed. Some providers would allow that."""
        return claimed_name(change) in self._kept_names

    def _begin(self, planned: Change) -> Attempt:
        """The attempt at a change, with the ids of resources created in this run, and without members that could not be created."""
        (change, left_out), ids = self._dropped.left_out(planned), self.ids
        if change.before is not None and change.before.id in ids:
            change = replace(change, before=replace(change.before, id=ids[change.before.id]))
        change, unmanaged = self._with_manager(change)
        missing = dict.fromkeys(key for key in change.joins if key in self._fresh and key not in ids)
        # A resource that was planned as new but existed may be a member already.
        present = member_ids(change.before) if change.before and change.joins else frozenset()
        joins = tuple(ids.get(key, key) for key in change.joins if key not in missing and ids.get(key) not in present)
        staying = {*(change.uncertain if missing else ()), *(ids.get(key, key) for key in change.joins)}  # one of them may be a missing one
        no_members = change.unseen if self.client.capabilities.members_readable else frozenset()  # which the run has learned
        leaves = tuple(ids.get(key, key) for key in change.leaves if key not in staying and key not in no_members)
        errors = self._not_added(list(missing)) + self._not_removed([key for key in change.leaves if missing and key in staying])
        return Attempt(planned, change, joins, leaves, errors=errors + unmanaged, left_out=left_out)

    def _with_manager(self, change: Change) -> tuple[Change, list[str]]:
        """A change with the id of a manager whom this run created; without one who could not be created, which is an error."""
        key = manager_of(change.after)
        if key not in self._fresh or change.after is None:
            return change, []
        if change.before is not None and change.before.id in self._fresh - self.ids.keys():  # it was to be created in an earlier wave
            return replace(change, after=change.before.body), ["the user could not be created, and got no manager."]
        manager = self.ids.get(key)
        problem = f"the manager could not be created, and was not set: {self._join_names([key])}. Fix that and run the task again."
        return set_manager(change, manager), [] if manager else [problem]

    def _stop_if_forbidden(self, change: Change, error: ScimError) -> None:
        """Stop if the first writes of a verb are all forbidden. A single one may be, such as that of an owner."""
        verb = verb_of(change)
        if not isinstance(error, Forbidden):
            self._accepted.add(verb)
            self._tried.add(self._form_of(change))
        elif verb not in self._accepted:
            self._forbidden[verb] += 1
            if self._forbidden[verb] >= MOST_FORBIDDEN:
                reason = f"no {change.type.nouns} may be {change.action} with this credential"
                self.stop(Stop(f"The first {MOST_FORBIDDEN} were refused with 403: {reason}. The others were not tried."))

    def _stop_if_broken(self, error: ScimError) -> None:
        """Stop after too many failures in a row, since each of them takes minutes. A single one may be due to the resource."""
        status = error.status if isinstance(error, Refused) and not isinstance(error, Unsupported) else 0
        broken = isinstance(error, AnswerLost) or status == 429 or status >= 500
        self._broken = self._broken + 1 if broken else 0
        if self._broken >= MOST_BROKEN:
            self.stop(Stop(f"The last {self._broken} writes failed, each after all retries: the provider is not working."))
