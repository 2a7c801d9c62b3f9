# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many changes in one request (RFC 7644 §3.7). A change whose answer is missing or not final is then written on its own.

Answers in bulk have no bodies, so only the status decides whether a resource was changed. Which values were not stored is not known.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias
from urllib.parse import unquote

from ..plan.cost import wants_bulk
from ..plan.options import ALWAYS, Policy
from ..plan.plan import Change
from ..scim.client.client import Client
from ..scim.client.configuration import number
from ..scim.client.reader import location
from ..scim.errors import WRONG_VALUE, AnswerLost, Interrupted, PlanRefused, Refused, Stop, Unsupported
from ..scim.http.answers import message_of, readable
from ..scim.schema.patch import patch_body
from ..scim.schema.resource import Body
from .attempt import Attempt, may_have_happened, reported_request
from .outcome import Outcome
from .polling import PAUSES
from .refused_attributes import EXPLAINED
from .resource_update import ResourceUpdate
from .resource_writer import SUCCESS, ResourceWriter

UNFINISHED = "the run ended before the rest of this change was sent. Run the task again to apply it."
ENVELOPE = 200  # bytes of a request around its operations
NOT_FINAL = frozenset({0, 401, 405, 409, 412, 413, 429, 500, 501, 502, 503, 504})  # unknown, or may be accepted outside of bulk

WriteAlone: TypeAlias = Callable[[Change, Attempt], "Outcome | None"]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a bulk request. ``number`` counts the operations of one change, ``members`` are those that it adds or removes."""

    attempt: Attempt
    method: str
    path: str
    data: Body | None = None
    members: tuple[str, ...] = ()
    number: int = 0

    @property
    def bulk_id(self) -> str:
        """Unique within a request (RFC 7644 §3.7)."""
        change = self.attempt.change
        name = f"{change.type.name}:{change.before.id}" if change.before else change.key
        return f"{name}/{self.number}" if self.number else name

    @property
    def operation(self) -> Body:
        """The operation as it is sent."""
        operation: Body = {"method": self.method, "path": self.path, "bulkId": self.bulk_id}
        return operation if self.data is None else {**operation, "data": self.data}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one operation; ``status`` is 0 where it is missing. ``id`` is that of a new resource."""

    status: int = 0
    bulk_id: str = ""
    method: str = ""
    location: str = ""
    id: str = ""
    scim_type: str = ""
    detail: str = ""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """An answer with keys in lower case. A status is a number, text or ``{"code": …}``: the RFC's own examples differ."""
        response, status = raw.get("response"), raw.get("status")
        inner = response if isinstance(response, Mapping) else {"detail": response}
        location = str(raw.get("location") or "").rstrip("/")
        return cls(
            number(status.get("code") if isinstance(status, Mapping) else status) or 0,
            str(raw.get("bulkid") or ""),
            str(raw.get("method") or "").upper(),
            location,
            unquote(location.rpartition("/")[2]) or str(inner.get("id") or ""),
            str(inner.get("scimType") or "").lower(),
            message_of(inner),
        )

    def names(self, method: str, path: str) -> bool:
        """Whether its method and location are those of this request. A POST names no resource, so it never matches."""
        return method != "POST" and self.method == method and self.location.endswith(path)

    def fits(self, step: Step) -> bool:
        """Whether it can be the answer to this step, as far as its content shows."""
        same_location = not self.location or step.method == "POST" or self.location.endswith(step.path)
        return same_location and not self.bulk_id and self.method in ("", step.method)

    def is_not_final(self, step: Step) -> bool:
        """Whether the change must be written on its own: its result is unknown, or a second attempt may be accepted.

        A 400 or 422, with or without scimType, may mean a conflict or a form of PATCH that this provider does not support, or be about one
        of several attributes. A DELETE may find nothing to delete. A new resource without an id cannot become a member.
        """
        if self.status in SUCCESS:
            return step.method == "POST" and not self.id
        if self.status in WRONG_VALUE:
            is_divisible = step.method == "PATCH" and len((step.data or {}).get("Operations", ())) > 1
            return self.scim_type in ("", "uniqueness") or is_divisible or (step.method == "PATCH" and self.scim_type not in EXPLAINED)
        return self.status in NOT_FINAL or self.scim_type == "uniqueness" or (self.status in (404, 410) and step.method == "DELETE")


def uses_bulk(client: Client, changes: int, bulk: str) -> bool:
    """Whether this number of changes is sent in bulk. ServiceProviderConfig is requested only if it matters.

    :raises PlanRefused: if bulk is required and not supported.
    """
    if not wants_bulk(changes, bulk):
        return False
    if client.capabilities.bulk is None:
        client.ask_configuration()
    if bulk == ALWAYS and not client.capabilities.bulk:
        raise PlanRefused(
            "bulk is always, but the provider does not support it (ServiceProviderConfig). Nothing was written. Set bulk: auto."
        )
    return bool(client.capabilities.bulk)


def steps(client: Client, policy: Policy, attempt: Attempt) -> list[Step]:
    """The operations of a change; none if it takes a PUT or several requests, and so must be written on its own."""
    change = attempt.change
    if change.before is None:
        body = ResourceWriter(client, policy, attempt).created_body()
        if attempt.joins and "members" not in body:
            return []
        return [Step(attempt, "POST", change.type.endpoint, client.complete(change.type, body), attempt.joins)]
    path = location(change.type, change.before.id)
    if change.after is None:
        return [Step(attempt, "DELETE", path)]
    update = ResourceUpdate(client, policy, attempt, change.before, change.after, change.secrets)
    if change.unseen.intersection(change.leaves):  # a refusal may mean that there is no such member
        return []
    batches = update.batches() if update.uses_patch else []
    if len(batches) > 1 and change.uncertain:  # whether a member leaves depends on whether the others have joined
        return []
    return [
        Step(attempt, "PATCH", path, patch_body(batch.operations(update.removes_by_value)), batch.members, number)
        for number, batch in enumerate(batches)
    ]


def chunks(planned: Sequence[Step], most: int, payload: int | None) -> Iterator[list[Step]]:
    """Split steps into requests within maxOperations and maxPayloadSize (RFC 7643 §5)."""
    chunk: list[Step] = []
    size = ENVELOPE
    for step in planned:
        length = len(json.dumps(step.operation))
        if chunk and (len(chunk) >= most or (payload is not None and size + length > payload)):
            yield chunk
            chunk, size = [], ENVELOPE
        chunk.append(step)
        size += length + 1
    if chunk:
        yield chunk


def match_answers(chunk: Sequence[Step], answers: Sequence[Answer]) -> list[Answer]:
    """The answer to each step: by bulkId, else by the resource, else by position if no answer is missing.

    If several resources are created, never by position: with the id of another resource, the wrong user would become a member. If all
    answers are successes, a step without an answer of its own is one too, with an unknown id.
    """
    by_bulk_id = {answer.bulk_id: answer for answer in reversed(answers) if answer.bulk_id}
    anonymous = [answer for answer in answers if not answer.bulk_id]
    by_target: dict[tuple[str, str], Iterator[Answer]] = {}
    for (method, path), count in Counter((step.method, step.path) for step in chunk).items():
        named = [answer for answer in anonymous if answer.names(method, path)]
        by_target[method, path] = iter(named if len(named) == count else ())
    in_order = len(answers) == len(chunk)
    all_succeeded = in_order and all(answer.status in SUCCESS for answer in answers)
    creates_many = sum(step.method == "POST" for step in chunk) > 1
    found: list[Answer] = []
    for position, step in enumerate(chunk):
        answer = by_bulk_id.get(step.bulk_id) or next(by_target[step.method, step.path], None)
        if answer is None and in_order and answers[position].fits(step) and not (creates_many and step.method == "POST"):
            answer = answers[position]
        found.append(answer or (Answer(201) if all_succeeded else Answer()))
    return found


def write_in_bulk(
    client: Client, planned: Sequence[Step], write_alone: WriteAlone, stopped: Callable[[], bool], stop_at_error: bool
) -> Iterator[Outcome]:
    """The outcome of each change once all its steps are answered; at the end, those of changes that were sent in part.

    A change that may have taken effect and is written alone has one that is not final first, since the process may be killed before that.

    ``write_alone`` writes one change on its own, after an attempt that may have taken effect. Once ``stopped`` returns
    true, no further request is sent. With ``stop_at_error``, the provider too stops at the first error.

    :raises Stop: if the run cannot continue; the outcomes until then have been yielded.
    """
    known, stop = client.capabilities, None
    unanswered = Counter(step.attempt for step in planned)
    begun: dict[Attempt, bool] = {}  # with whether an answer to it is not final
    waiting = deque(chunks(planned, known.bulk_operations or len(planned), known.bulk_payload))
    while waiting and not stopped():
        chunk, lost, refused_whole = waiting.popleft(), False, False
        answers = [Answer()] * len(chunk)
        try:
            raw = client.bulk([step.operation for step in chunk], stop_at_error)
            answers = match_answers(chunk, [Answer.read(answer) for answer in raw])
            lost = not all(answer.status for answer in answers)
        except AnswerLost:
            lost = True
        except Refused as refused:
            if refused.status == 413 and len(chunk) > 1:
                middle = len(chunk) // 2
                waiting.extendleft((chunk[middle:], chunk[:middle]))
                continue
            if isinstance(refused, Unsupported) or refused.status == 404:
                client.learn(bulk=False)
            refused_whole = not may_have_happened(refused)
        except Stop as reason:
            stop = reason
            if not isinstance(reason, Interrupted) or not reason.begun:
                break
        request_ids = client.transport.request_ids.take()
        for step, answer in zip(chunk, answers, strict=True):
            if not refused_whole:
                step.attempt.request_ids += request_ids
                _record(client, step, answer)
            begun[step.attempt] = answer.is_not_final(step) or begun.get(step.attempt, False)
            unanswered[step.attempt] -= 1
        if stop:
            break
        answered = {attempt: begun.pop(attempt) for attempt in [*begun] if not unanswered[attempt]}
        yield from (attempt.outcome() for attempt, alone in answered.items() if not alone)
        left = [attempt for attempt, alone in answered.items() if alone]
        yield from (replace(attempt.outcome(), is_final=False) for attempt in left if attempt.may_have_happened)
        for attempt in left:
            if lost:
                lost, stop = False, _pause(client)
            done = None if stop else write_alone(attempt.planned, attempt)
            yield _with_earlier_requests(attempt, done) if done else attempt.outcome(UNFINISHED)
        if stop:
            break
    yield from (attempt.outcome(UNFINISHED) for attempt in begun)
    if stop:
        raise stop


def _pause(client: Client) -> Stop | None:
    """Wait before looking up what may have taken effect: some providers find it only later. Return the error that ends the run, if any."""
    try:
        client.transport.pause(sum(PAUSES))
    except Stop as stop:
        return stop
    return None


def _with_earlier_requests(attempt: Attempt, alone: Outcome) -> Outcome:
    """The outcome of a change that was written alone after a bulk request, with the requests of both: either may have taken effect."""
    request_ids = tuple(dict.fromkeys((*attempt.request_ids, *alone.request_ids)))
    return replace(alone, sent=(*attempt.sent, *alone.sent), request_ids=request_ids)


def _record(client: Client, step: Step, answer: Answer) -> None:
    """Record one answer in the attempt at its change. A success here does not settle an earlier step that is unknown."""
    attempt, request = step.attempt, f"{step.method} {step.path}"
    unknown = attempt.unknown or not answer.status
    attempt.sent.append(reported_request(step.method, step.path, step.data))
    seen = client.seen[attempt.change.type.name]
    if answer.status in SUCCESS and step.method == "POST" and answer.id and answer.id in seen:
        attempt.errors.append(
            f'{request} was answered with {answer.status} and another {attempt.change.type.noun}, id "{answer.id}": not created.'
        )
    elif answer.status in SUCCESS:
        attempt.id = attempt.id or answer.id
        seen.add(answer.id)
        attempt.landed(step.members)
    elif not answer.status:
        attempt.errors.append(f"{request} was not answered. It may or may not have been applied.")
    else:
        reason = readable(answer.detail, client.transport.redactor(step.operation)) if answer.detail else "without a reason"
        attempt.errors.append(f"{request} was refused with {answer.status}: {reason}")
    attempt.unknown = unknown
