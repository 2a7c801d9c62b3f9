# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many changes in one request (RFC 7644 §3.7). Its answers are matched one by one; what one leaves open is written by itself, after a look.

Bulk answers carry no bodies, so what became of a resource is told from the status: it is changed, and nobody knows what was not stored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

from ..scim.client import Client
from ..scim.errors import AnswerLost, Refused, Unsupported
from ..scim.patch import patch_body
from ..scim.resource import Body
from .outcome import Outcome, noted
from .plan import Action, Change
from .update import EXPLAINED
from .write import Write

SINGLY = frozenset({401, 405, 409, 412, 413, 429, 500, 501, 502, 503, 504})  # worth a second look by itself


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a bulk request, of one change."""

    change: Change
    operation: Body
    size: int


def steps(write: Write) -> list[Step] | None:
    """The operations of a change; None where it must be written by itself, since it takes a PUT or several requests."""
    change = write.change
    endpoint = change.type.endpoint
    if change.before is None:
        created = write.created_body()
        if write.update.joins and "members" not in created:
            return None
        body = write.client.outgoing(change.type, {**created, **change.secrets})
        return [_step(change, "POST", endpoint, body)]
    path = f"{endpoint}/{quote(change.before.id, safe='')}"
    if change.after is None:
        return [_step(change, "DELETE", path, None)]
    if not write.update.patches:
        return None
    parts = write.update.parts(change.before, change.after, change.secrets)
    return [_step(change, "PATCH", path, patch_body(write.update.operations(part))) for part in parts]


def _step(change: Change, method: str, path: str, data: Body | None) -> Step:
    operation: Body = {"method": method, "path": path, "bulkId": change.key}
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
    """The outcomes of all steps, up to the request after which the run is ``stopped``; with ``most_errors`` the provider stops, too.

    ``write_singly`` writes one change by itself; its flag says that it may have happened already.
    """
    capabilities = client.capabilities
    for chunk in chunks(found, capabilities.bulk_operations or len(found), capabilities.bulk_payload):
        if not stopped():
            yield from _chunk(client, chunk, write_singly, most_errors)


def _chunk(
    client: Client, chunk: Sequence[Step], write_singly: Callable[[Change, bool], Outcome | None], most_errors: int | None
) -> Iterator[Outcome]:
    try:
        answers = matched(chunk, client.bulk([step.operation for step in chunk], most_errors))
    except Refused as refused:
        if refused.status == 413 and len(chunk) > 1:
            middle = len(chunk) // 2
            yield from _chunk(client, chunk[:middle], write_singly, most_errors)
            yield from _chunk(client, chunk[middle:], write_singly, most_errors)
            return
        if isinstance(refused, Unsupported) or refused.status == 404:
            client.learn(bulk=False)
        answers = [None] * len(chunk)
    except AnswerLost:
        answers = [None] * len(chunk)
    yield from _told(chunk, answers, write_singly, client.taken_request_ids())


def _told(
    chunk: Sequence[Step],
    answers: Sequence[Mapping[str, Any] | None],
    write_singly: Callable[[Change, bool], Outcome | None],
    request_ids: tuple[str, ...],
) -> Iterator[Outcome]:
    """One outcome for each change; one of whose steps is open or may go better by itself is written by itself."""
    by_change: dict[int, list[tuple[Step, Mapping[str, Any] | None]]] = {}
    for step, answer in zip(chunk, answers, strict=True):
        by_change.setdefault(id(step.change), []).append((step, answer))
    for told in by_change.values():
        statuses = [_status(answer) for _step_, answer in told]
        nameless = told[0][0].change.before is None and statuses[0] in range(200, 300) and not _id_of(told[0][1] or {})
        if nameless or any(status in SINGLY or _may_go_better(step, a) for status, (step, a) in zip(statuses, told, strict=True)):
            outcome = write_singly(told[0][0].change, nameless or 0 in statuses)
            if outcome is not None:
                yield outcome
        else:
            yield replace(_outcome(told, statuses), request_ids=request_ids)


def _outcome(told: Sequence[tuple[Step, Mapping[str, Any] | None]], statuses: Sequence[int]) -> Outcome:
    change = told[0][0].change
    sent = tuple(noted(step.operation["method"], step.operation["path"], step.operation.get("data")) for step, _answer in told)
    refused = [
        _words(step, answer) for (step, answer), status in zip(told, statuses, strict=True) if status >= 400 and not _is_gone(step, status)
    ]
    if refused:
        return Outcome(change, change.action, len(refused) < len(told), sent=sent, error=f"{change.name}: {'; '.join(refused)}")
    known = change.before.id if change.before else _id_of(told[0][1] or {})
    return Outcome(change, change.action, True, id=known, sent=sent)


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
    by_bulk_id: dict[str, list[Mapping[str, Any]]] = {}
    for answer in answers:
        if answer.get("bulkid"):
            by_bulk_id.setdefault(str(answer["bulkid"]), []).append(answer)
    found: list[Mapping[str, Any] | None] = []
    for position, step in enumerate(chunk):
        own = by_bulk_id.get(step.operation["bulkId"], [])
        by_place = [a for a in answers if not a.get("bulkid") and _is_at(a, step)] if not own else []
        if own:
            found.append(own.pop(0))
        elif by_place:
            found.append(by_place[0])
        else:
            in_order = len(answers) == len(chunk) and (making < 2 or step.operation["method"] != "POST")
            found.append(answers[position] if in_order and _may_be_of(answers[position], step) else None)
    return found


def _may_be_of(answer: Mapping[str, Any], step: Step) -> bool:
    """Whether nothing in an answer says that it is another's."""
    return not answer.get("bulkid") and str(answer.get("method") or step.operation["method"]).upper() == step.operation["method"]


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


def _may_go_better(step: Step, answer: Mapping[str, Any] | None) -> bool:
    """An open one; a conflict, told as 400 with or without its scimType; a PATCH in a form that this provider does not take."""
    response = (answer or {}).get("response")
    scim_type = str(response.get("scimType") or "").lower() if isinstance(response, Mapping) else ""
    if _status(answer) != 400:
        return _status(answer) == 0 or scim_type == "uniqueness"
    return scim_type in ("", "uniqueness") or (step.operation["method"] == "PATCH" and scim_type not in EXPLAINED)


def _is_gone(step: Step, status: int) -> bool:
    return step.change.action is Action.DELETED and status == 404


def _words(step: Step, answer: Mapping[str, Any] | None) -> str:
    response = (answer or {}).get("response")
    detail = response.get("detail") if isinstance(response, Mapping) else response
    return f"{step.operation['method']} {step.operation['path']} was refused with {_status(answer)}: {detail or 'without a reason'}"
