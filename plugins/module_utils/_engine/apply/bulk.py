# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many changes in one request (RFC 7644 §3.7). Its answers are matched one by one; what one leaves open is written by itself, after a look.

Bulk answers carry no bodies, so what became of a resource is told from the status: it is changed, and nobody knows what was not stored.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from ..plan.cost import wants_bulk
from ..plan.options import ALWAYS
from ..plan.plan import Change
from ..scim.client.client import Client
from ..scim.errors import AnswerLost, PlanRefused, Refused, Stop, Unsupported
from ..scim.schema.patch import patch_body
from ..scim.schema.resource import Body
from .outcome import Outcome, noted
from .resource_update import EXPLAINED
from .resource_writer import Write

LEFT = "the run ended before the rest of it was sent. Run again: what is done is not done twice."
Place = tuple[str, str]  # method and path
DONE = range(200, 300)
SINGLY = frozenset({401, 405, 409, 412, 413, 429, 500, 501, 502, 503, 504})  # worth a second look by itself


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a bulk request, of one change."""

    change: Change
    operation: Body
    size: int


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered to a step, nothing where its answer is missing; and the sentence for it, where it was not done."""

    step: Step
    answer: Mapping[str, Any] | None
    words: str = ""
    request_ids: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """0 where nobody knows."""
        return _status(self.answer)


def uses_bulk(client: Client, changes: int, bulk: str) -> bool:
    """Whether so many changes are sent in bulk. ServiceProviderConfig is asked only where it matters.

    :raises PlanRefused: where it must be bulk, and cannot.
    """
    if not wants_bulk(changes, bulk):
        return False
    if client.capabilities.bulk is None:
        client.ask_configuration()
    if bulk == ALWAYS and not client.capabilities.bulk:
        raise PlanRefused(
            "bulk is always, and this provider does not offer it (ServiceProviderConfig). Nothing was written. Say bulk: auto."
        )
    return bool(client.capabilities.bulk)


def steps(write: Write) -> list[Step] | None:
    """The operations of a change; None where it must be written by itself, since it takes a PUT or several requests."""
    change = write.change
    endpoint = change.type.endpoint
    if change.before is None:
        created = write.created_body()
        if write.update.joins and "members" not in created:
            return None
        body = write.client.complete(change.type, {**created, **change.secrets})
        return [_step(change, "POST", endpoint, body)]
    path = f"{endpoint}/{quote(change.before.id, safe='')}"
    if change.after is None:
        return [_step(change, "DELETE", path, None)]
    if not write.update.patches:
        return None
    parts = write.update.parts(change.before, change.after, change.secrets)
    return [_step(change, "PATCH", path, patch_body(write.update.operations(part)), number) for number, part in enumerate(parts)]


def _step(change: Change, method: str, path: str, data: Body | None, number: int = 0) -> Step:
    """``number`` counts the operations of one change: a bulkId is unique within its request (RFC 7644 §3.7)."""
    name = f"{change.type.name}:{change.before.id}" if change.before else change.key
    operation: Body = {"method": method, "path": path, "bulkId": f"{name}/{number}" if number else name}
    if data is not None:
        operation["data"] = data
    return Step(change, operation, len(json.dumps(operation)))


def chunks(found: Sequence[Step], most: int, payload: int | None) -> Iterator[list[Step]]:
    """Steps by request, within maxOperations and maxPayloadSize (RFC 7643 §5)."""
    chunk: list[Step] = []
    size = 0
    for step in found:
        too_large = payload is not None and size + step.size + 200 > payload
        if chunk and (len(chunk) >= most or too_large):
            yield chunk
            chunk, size = [], 0
        chunk.append(step)
        size += step.size + 1
    if chunk:
        yield chunk


def in_bulk(
    client: Client,
    found: Sequence[Step],
    write_singly: Callable[[Change, bool], Outcome | None],
    stopped: Callable[[], bool],
    most_errors: int | None = None,
) -> Iterator[Outcome]:
    """One outcome for each change, once all its steps are answered. After the request in which the run is ``stopped`` no other is sent;
    with ``most_errors`` the provider stops, too.

    ``write_singly`` writes one change by itself; its flag says that it may have happened already.

    :raises Stop: where nothing more can be done; what was done until then has been yielded.
    """
    capabilities = client.capabilities
    of_change = Counter(id(step.change) for step in found)
    told: dict[int, list[Told]] = {}
    stop: Stop | None = None
    for chunk in chunks(found, capabilities.bulk_operations or len(found), capabilities.bulk_payload):
        if stopped():
            break
        try:
            answered = _answered(client, chunk, most_errors)
        except Stop as reason:
            stop = reason
            break
        for one in answered:
            told.setdefault(id(one.step.change), []).append(one)
        for key in {id(step.change): None for step in chunk}:
            if len(told[key]) == of_change[key]:
                outcome = _settled(told.pop(key), write_singly)
                yield from [outcome] if outcome is not None else []
    yield from (_outcome(begun, left=True) for begun in told.values())
    if stop is not None:
        raise stop


def _answered(client: Client, chunk: Sequence[Step], most_errors: int | None) -> list[Told]:
    """One request; halves of it where it is too large."""
    try:
        answers = matched(chunk, client.bulk([step.operation for step in chunk], most_errors))
    except Refused as refused:
        if refused.status == 413 and len(chunk) > 1:
            middle = len(chunk) // 2
            return _answered(client, chunk[:middle], most_errors) + _answered(client, chunk[middle:], most_errors)
        if isinstance(refused, Unsupported) or refused.status == 404:
            client.learn(bulk=False)
        answers = [None] * len(chunk)
    except AnswerLost:
        answers = [None] * len(chunk)
    ids = client.taken_request_ids()
    return [Told(step, answer, _words(client, step.operation, answer), ids) for step, answer in zip(chunk, answers, strict=True)]


def _settled(told: Sequence[Told], write_singly: Callable[[Change, bool], Outcome | None]) -> Outcome | None:
    """The outcome of a change; one of whose steps is open or may go better by itself is written by itself."""
    first = told[0]
    nameless = first.step.change.before is None and first.status in DONE and not _id_of(first.answer or {})
    if nameless or any(one.status in SINGLY or _may_go_better(one) for one in told):
        return write_singly(first.step.change, any(one.status == 0 or one.status in DONE for one in told))
    return _outcome(told)


def _outcome(told: Sequence[Told], left: bool = False) -> Outcome:
    """What the answers say; with ``left`` the run ended before the rest of the change was sent."""
    change = told[0].step.change
    operations = [one.step.operation for one in told]
    errors = [one.words for one in told if one.status >= 400 or not one.status]
    return Outcome(
        change,
        change.action,
        len(errors) < len(told),
        id=change.before.id if change.before else _id_of(told[0].answer or {}),
        sent=tuple(noted(operation["method"], operation["path"], operation.get("data")) for operation in operations),
        error=f"{change.name}: {'; '.join([*errors, *([LEFT] if left else [])])}" if errors or left else "",
        request_ids=tuple(dict.fromkeys(request_id for one in told for request_id in one.request_ids)),
    )


def _id_of(answer: Mapping[str, Any]) -> str:
    """The id of what was made: the end of its location (RFC 7644 §3.7), else what a response says that is there nevertheless."""
    location, response = str(answer.get("location") or "").rstrip("/"), answer.get("response")
    said = response.get("id") if isinstance(response, Mapping) else None
    return unquote(location.rpartition("/")[2]) or str(said or "")


def matched(chunk: Sequence[Step], answers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any] | None]:
    """The answer to each step: by bulkId, else by the resource, else by position where none is missing; None where there is none.

    Never by position where several were made: an id of another one would make the wrong person a member.
    """
    making = sum(step.operation["method"] == "POST" for step in chunk)
    by_bulk_id = {str(answer["bulkid"]): answer for answer in reversed(answers) if answer.get("bulkid")}
    nameless = [answer for answer in answers if not answer.get("bulkid")]
    of_place, before = Counter(map(_place, chunk)), Counter[Place]()
    found: list[Mapping[str, Any] | None] = []
    for position, step in enumerate(chunk):
        place = _place(step)
        own = by_bulk_id.get(step.operation["bulkId"])
        there = [answer for answer in nameless if _is_at(answer, step)] if own is None else []
        in_order = len(answers) == len(chunk) and (making < 2 or step.operation["method"] != "POST")
        if own is not None:
            found.append(own)
        elif len(there) == of_place[place]:
            found.append(there[before[place]])
        else:
            found.append(answers[position] if in_order and _may_be_of(answers[position], step) else None)
        before[place] += 1
    return found


def _place(step: Step) -> Place:
    return step.operation["method"], step.operation["path"]


def _may_be_of(answer: Mapping[str, Any], step: Step) -> bool:
    """Whether nothing in an answer says that it is another's."""
    method, place = step.operation["method"], str(answer.get("location") or "")
    elsewhere = bool(place) and method != "POST" and not place.endswith(step.operation["path"])
    return not answer.get("bulkid") and not elsewhere and str(answer.get("method") or method).upper() == method


def _is_at(answer: Mapping[str, Any], step: Step) -> bool:
    same_method = str(answer.get("method", "")).upper() == step.operation["method"]
    return same_method and step.operation["method"] != "POST" and str(answer.get("location", "")).endswith(step.operation["path"])


def _status(answer: Mapping[str, Any] | None) -> int:
    """A status as number, text or ``{"code": …}``: the RFC's own examples differ; 0 where there is none."""
    raw = (answer or {}).get("status")
    raw = raw.get("code") if isinstance(raw, Mapping) else raw
    try:
        return int(raw or 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def _may_go_better(one: Told) -> bool:
    """An open one; a conflict, told as 400 with or without its scimType; a PATCH in a form that this provider does not take; who may be
    gone already."""
    response = (one.answer or {}).get("response")
    scim_type = str(response.get("scimType") or "").lower() if isinstance(response, Mapping) else ""
    if one.status != 400:
        return one.status == 0 or scim_type == "uniqueness" or (one.status == 404 and one.step.operation["method"] == "DELETE")
    return scim_type in ("", "uniqueness") or (one.step.operation["method"] == "PATCH" and scim_type not in EXPLAINED)


def _words(client: Client, operation: Body, answer: Mapping[str, Any] | None) -> str:
    """The sentence for an operation that was refused or not answered."""
    status, response = _status(answer), (answer or {}).get("response")
    if status in DONE:
        return ""
    request = f"{operation['method']} {operation['path']}"
    if not status:
        return f"{request} was not answered. It may have happened or not."
    detail = response.get("detail") if isinstance(response, Mapping) else response
    return f"{request} was refused with {status}: {client.words(detail, operation) if detail else 'without a reason'}"
