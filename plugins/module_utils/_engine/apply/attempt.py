# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of one change while it is written: what was sent, what took effect, what is unknown, what was refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..plan.plan import Action, Change
from ..redact import masked
from ..scim.errors import AnswerLost, Interrupted, Refused, ScimError, Stop, TryLater, Unauthorized
from ..scim.http.retry import TRANSIENT
from ..scim.schema.resource import Body, Resource
from ..wording import join_names, sentence
from .outcome import NOTHING, Expected, Outcome


@dataclass(slots=True, eq=False)
class Attempt:
    """What is known of one change while it is written, in one request or many. ``outcome`` returns the result.

    ``planned`` is the change in the plan, ``change`` the part of it that can be written now. ``joins`` and ``leaves`` are real ids of
    members, ``moved`` the members that have joined or left already, ``unseen`` those of them for whom no answer has shown it. ``accepted``:
    a write was answered with success. ``failure``: the error of the last write that failed. ``gone``: a read showed that the resource does
    not exist. ``refused`` are options that a PATCH was refused for. Others are as in ``Outcome``.
    """

    planned: Change
    change: Change
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    unknown: bool = False
    changed: bool = False
    accepted: bool = False
    failure: ScimError | None = None
    gone: bool = False
    id: str = ""
    action: Action = Action.UNCHANGED
    after: Resource | None = None
    adopted: Resource | None = None
    moved: set[str] = field(default_factory=set)
    unseen: set[str] = field(default_factory=set)
    left_out: tuple[str, ...] = ()
    sent: list[Body] = field(default_factory=list)
    not_stored: tuple[str, ...] = ()
    not_storable: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.action = self.change.action
        self.id = self.change.before.id if self.change.before else ""

    @property
    def may_have_happened(self) -> bool:
        """Whether a part of the change took effect, or may have."""
        return self.changed or self.unknown

    @property
    def is_new(self) -> bool:
        """Whether the resource was created in this run."""
        return self.planned.before is None or self.change.before is None or self.planned.before.id != self.change.before.id

    @property
    def waiting(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The members that have not joined yet, and those that have not left yet."""
        joins, leaves = (tuple(member for member in members if member not in self.moved) for members in (self.joins, self.leaves))
        return joins, leaves

    @contextmanager
    def request(self, method: str, path: str, body: Body | None = None) -> Iterator[None]:
        """Record the write that is sent in this context: the request (unless the run ended first), and whether it took effect."""
        begun = True
        try:
            yield
            self.landed()
        except ScimError as error:
            self.failure = error
            begun = not isinstance(error, Interrupted) or error.begun
            self.unknown = may_have_happened(error) if begun else self.unknown
            raise
        finally:
            if begun:
                self.sent.append(reported_request(method, path, body))

    def ended(self, error: ScimError) -> None:
        """Record the error that ends the change. If it is that of a read, it is not known what an accepted write has done."""
        of_a_read = error is not self.failure and (
            isinstance(error, (AnswerLost, Stop)) or (isinstance(error, Refused) and error.status >= 400)
        )
        self.unknown = self.unknown or (self.accepted and of_a_read)

    def landed(self, members: Iterable[str] = (), seen: bool = False) -> None:
        """Record that the last write was accepted, which members joined or left with it, and whether an answer or a read shows them."""
        members = set(members)
        self.changed, self.accepted, self.unknown = True, True, False
        self.moved |= members
        self.unseen = self.unseen - members if seen else self.unseen | members

    def settle(self, action: Action, after: Resource | None) -> None:
        """Record what was done and the final state, as read from the provider's answers."""
        self.action, self.changed, self.after, self.unknown = action, action is not Action.UNCHANGED, after, False
        self.id = after.id if after else self.id

    @property
    def expected(self) -> Expected:
        """What no answer has shown yet. What a lost answer leaves unknown is reported as unknown, and not expected."""
        joined, left = self.unseen.intersection(self.joins), self.unseen.intersection(self.leaves)
        if not self.id:
            return NOTHING
        known = self.accepted and not self.unknown and not self.gone
        removed = known and self.change.after is None and self.changed
        active = self._awaited_active() if known and self.change.after is not None else None
        return Expected(removed, active, frozenset(joined), frozenset(left)) if removed or joined or left or active is not None else NOTHING

    def _awaited_active(self) -> bool | None:
        """The value of ``active`` that was sent and not shown. A new user may stay inactive until an invitation is accepted."""
        before, after = self.adopted or self.change.before, self.change.after or {}
        wanted = after.get("active") is not False
        if (before is None and wanted) or (before is not None and before.active == wanted):
            return None
        return None if self.after is not None and self.after.body.get("active") is wanted else wanted

    def outcome(self, error: Exception | str = "") -> Outcome:
        """The outcome; ``error`` is what ended the change early."""
        last = str(error)
        if self.unknown and isinstance(error, Refused):
            last = f"{sentence(last)} The change may or may not have been applied."
        errors = [*([last] if last else []), *(earlier for earlier in self.errors if not last or earlier not in last)]
        joins, leaves = self.waiting
        partial = bool(errors) or len(self.joins) < len(self.planned.joins)
        expected = self.expected
        seen = self.gone or (self.after is not None and self.after is not self.change.before)
        shown = self.accepted and self.changed and seen and not errors
        return Outcome(
            self.planned,
            self.action,
            self.changed,
            self.after,
            adopted=self.adopted,
            id=self.id,
            sent=tuple(self.sent),
            not_stored=self.not_stored,
            not_storable=self.not_storable,
            warnings=tuple(self.warnings),
            error=join_names([f"{self.planned.name}: {text}" for text in errors], "; "),
            moved=(len(self.joins) - len(joins), len(self.leaves) - len(leaves)) if partial else None,
            unknown=self.unknown,
            request_ids=tuple(dict.fromkeys(self.request_ids)),
            left_out=self.left_out,
            expected=expected,
            confirmed=True if shown and not expected else None,
        )


def may_have_happened(error: Exception) -> bool:
    """Whether a write that ended in this error may have taken effect: it was sent, and the answer does not show the result."""
    if isinstance(error, Refused):
        return error.status in TRANSIENT and error.status != 503  # 503 means that nothing was done (RFC 9110 §15.6.4)
    return isinstance(error, (AnswerLost, Stop)) and not isinstance(error, (Unauthorized, TryLater))


def reported_request(method: str, path: str, body: Body | None = None) -> Body:
    """A request as it is reported, with SCIM's attribute names and without secrets."""
    return {"method": method, "path": path, **({} if body is None else {"body": masked(body)})}
