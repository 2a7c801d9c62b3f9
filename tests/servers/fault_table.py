# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that goes wrong on the way to a provider, a row each: the rules that make it so, and what the collection does about it.

``ends`` is a pattern of the refusal; without one the run succeeds. Whatever a row says, ``test_faults.py`` holds it to this: everybody is
there in the end and nobody twice, nobody is removed by mistake, and once the fault is gone the next run does what is left and the one
after it nothing. ``docs/faults.md`` is made of the words here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from . import paging
from .faults import Effect, Rule, When, afterwards, cut_after, cut_before, delay, late, reply, throttle, truncate
from .serving import Answer, Handler, Request

USERS, GROUPS = "/Users", "/Groups"
PAGE = "<!DOCTYPE html><html><head><title>Please sign in</title></head><body>Our portal</body></html>"
AWS = {"__type": "ThrottlingException", "message": "Rate exceeded"}
AWS_SCIM = {"schema": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "ThrottlingException: Rate exceeded", "status": "400"}
SEVERAL = range(1, 4)  # the first three of their kind


@dataclass(frozen=True)
class Fault:
    """``answer`` is what the collection does, in words. ``options`` are those of the task."""

    name: str
    answer: str
    rules: Callable[[], Iterator[Rule]]
    ends: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


def each(effect: Effect | Callable[[], Effect], *whens: When, made: bool = False) -> Callable[[], Iterator[Rule]]:
    """A rule for each of these; with ``made`` the effect has a state and is made anew for each."""

    def rules() -> Iterator[Rule]:
        for number, when in enumerate(whens):
            yield Rule(f"rule {number}", when, effect() if made else effect)  # type: ignore[arg-type,call-arg]

    return rules


def every_kind(nth: int | Collection[int] = 1) -> tuple[When, ...]:
    """Each sort of request that the run sends."""
    return (
        When("GET", USERS, nth), When("GET", GROUPS, nth), When("POST", USERS, nth), When("POST", GROUPS, nth),
        When("PATCH", f"{USERS}/*", nth), When("PATCH", f"{GROUPS}/*", nth), When("DELETE", "*", nth),
    )  # fmt: skip


def busy(status: int, content: Any = None, seconds: int | None = None, date: bool = False) -> Effect:
    """Nothing was done; with how long to wait, as a number or as a date by the provider's own clock (RFC 9110 §10.2.3)."""

    def effect(request: Request, forward: Handler) -> Answer:
        now = datetime.now(UTC)
        told = {} if seconds is None else {"Retry-After": str(seconds)}
        if date and seconds is not None:
            told = {
                "Retry-After": format_datetime(now + timedelta(seconds=seconds), usegmt=True),
                "Date": format_datetime(now, usegmt=True),
            }
        return reply(status, content, told)(request, forward)

    return effect


AGAIN = "The request is sent again."
LOOKS = "A create is looked up before it is sent again; what may happen twice is sent again."
WAITS = "All threads wait as long as they were asked to, then send again."
PRUNE = {"prune_users": "deactivate"}
WORDS = "The run ends in words; the next goes on."
BULK = {"bulk": "always"}

CONNECTIONS = (
    Fault("a connection is cut before the request reached the provider", LOOKS, each(cut_before, *every_kind())),
    Fault("connections are cut three times for each kind of request", LOOKS, each(cut_before, *every_kind((1, 3, 5)))),
    Fault("the answers of creates are lost", LOOKS, each(cut_after, When("POST", USERS, SEVERAL), When("POST", GROUPS, 1))),
    Fault("the answers of membership changes are lost", AGAIN, each(cut_after, When("PATCH", f"{GROUPS}/*", SEVERAL))),
    Fault("the answers of updates are lost", AGAIN, each(cut_after, When("PATCH", f"{USERS}/*", SEVERAL))),
    Fault("the answer of a deletion is lost", AGAIN, each(cut_after, When("DELETE", "*", 1))),
    Fault("the answer to a bulk request is lost", LOOKS, each(cut_after, When("POST", "/Bulk")), options=BULK),
    Fault("a bulk request is lost", LOOKS, each(cut_before, When("POST", "/Bulk")), options=BULK),
    Fault("answers come later than the timeout", LOOKS, each(late(0.5), *every_kind()), options={"timeout": 0.25}),
    Fault(
        "requests reach the provider later than the timeout, and are carried out nevertheless",
        LOOKS,
        each(delay(0.4), When("POST", USERS, 2), When("PATCH", "*", 1), When("DELETE", "*", 1)),
        options={"timeout": 0.25},
    ),
    Fault(
        "the provider is never reached",
        WORDS,
        each(cut_before, When()),
        ends="GET /Users: .*after 3 attempts.*Run the task again",
        options={"retries": 2},
    ),
)
THROTTLING = (
    Fault("429 with Retry-After in seconds", WAITS, each(busy(429, seconds=7), *every_kind((1, 2)))),
    Fault("429 with Retry-After as a date", WAITS, each(busy(429, seconds=7, date=True), *every_kind((1, 2)))),
    Fault("429 without Retry-After", "All threads wait longer each time, then send again.", each(busy(429), *every_kind((1, 2)))),
    Fault("429 to a bulk request", WAITS, each(busy(429, seconds=7), When("POST", "/Bulk", 1)), options=BULK),
    Fault("503 with Retry-After", WAITS, each(busy(503, seconds=7), *every_kind((1, 2)))),
    Fault("throttling told as 400", WAITS, each(busy(400, AWS), *every_kind((1, 2)))),
    Fault("throttling told as 400 in SCIM's form", WAITS, each(busy(400, AWS_SCIM, seconds=7), *every_kind((1, 2)))),
    Fault(
        "12 requests at once, then none for an hour",
        WORDS,
        each(lambda: throttle(0.0003, 12), When(), made=True),
        ends="max_wait allows 300 s.*Run the task again",
    ),
    Fault(
        "Retry-After: 3600",
        WORDS,
        each(busy(429, seconds=3600), When("POST", USERS, range(4, 1000))),
        ends="Retry-After: 3600 s.*max_wait allows 300 s.*60 min.*Run the task again",
    ),
    Fault(
        "429 for ever",
        WORDS,
        each(busy(429, seconds=1), When("POST PATCH DELETE")),
        ends="last 1[0-2] writes failed.*429",
        options={"retries": 2},
    ),
)
FAILURES = (
    Fault("a burst of 500", AGAIN, each(busy(500), *every_kind(SEVERAL))),
    Fault("a burst of 502", AGAIN, each(busy(502), *every_kind(SEVERAL))),
    Fault("a burst of 503", AGAIN, each(busy(503), *every_kind(SEVERAL))),
    Fault("a burst of 504 of a gateway behind which all was done", LOOKS, each(afterwards(busy(504)), *every_kind(SEVERAL))),
    Fault(
        "500 for ever",
        WORDS,
        each(busy(500), When("POST", USERS)),
        ends="last 1[0-2] writes failed.*Run the task again.*500",
        options={"retries": 1},
    ),
    Fault("the token is revoked while the run writes", WORDS, each(busy(401), When("*", "*", range(8, 1000))), ends="401.*Check token"),
)
BODIES = (
    Fault("answers break off", LOOKS, each(truncate(), *every_kind(SEVERAL))),
    Fault(
        "the JSON of answers to writes is truncated", "What was written is read again.", each(truncate(told=True), *every_kind(SEVERAL)[2:])
    ),
    Fault("the JSON of a listing is truncated", WORDS, each(truncate(told=True), When("GET", USERS)), ends="not with JSON"),
    Fault(
        "a portal answers reads with HTML and 200", WORDS, each(reply(200, PAGE), When("GET", GROUPS)), ends="not with JSON.*Please sign in"
    ),
    Fault(
        "a portal answers creates with HTML and 200",
        WORDS,
        each(reply(200, PAGE), When("POST", USERS, range(3, 1000))),
        ends="Please sign in",
    ),
    Fault(
        "a portal answers membership changes with HTML and 200",
        WORDS,
        each(reply(200, PAGE), When("PATCH", f"{GROUPS}/*")),
        ends="Please sign in",
    ),
    Fault("a portal answers updates with HTML and 200", WORDS, each(reply(200, PAGE), When("PATCH", f"{USERS}/*")), ends="Please sign in"),
    Fault("a portal answers deletions with HTML and 200", WORDS, each(reply(200, PAGE), When("DELETE")), ends="Please sign in"),
    Fault(
        "a portal answers a bulk request with HTML and 200",
        WORDS,
        each(reply(200, PAGE), When("POST", "/Bulk")),
        ends="Please sign in",
        options=BULK,
    ),
    Fault("something else than a ListResponse", WORDS, each(reply(200, {"hello": "world"}), When("GET", USERS)), ends="no ListResponse"),
    Fault("an empty listing body", WORDS, each(truncate(0, told=True), When("GET", USERS)), ends="ListResponse"),
)


def paged(*rules: tuple[When, Effect], size: int = 7) -> Callable[[], Iterator[Rule]]:
    """The rules, on pages of a size."""

    def all_rules() -> Iterator[Rule]:
        for number, (when, effect) in enumerate(rules):
            yield Rule(f"rule {number}", when, effect)
        yield Rule("a cap", When("GET", "*"), paging.capped(size))
        yield Rule("in order", When("GET", "/Users"), paging.in_order())

    return all_rules


ALL = "All pages are read, ids are counted once."
GUARD = "Nobody is removed: the listing is known to be incomplete. The run is refused in words."
KNOWN = "Who was not listed is found by the refusal of a second one, and taken over."
DOUBTED = "A member who was not listed shows that the listing is not whole: who seems to be missing is looked for."
NOT_WHOLE = "incomplete|not complete"


def pages() -> Iterator[Fault]:
    """Listings that are cut into pages in odd ways, where somebody is to be pruned and where nobody is."""
    every, later = paging.listing(USERS), paging.later_page(USERS)
    yield Fault("pages are shorter than was asked for", ALL, paged(), options=PRUNE)
    yield Fault("pages of one", ALL, paged(size=1), options=PRUNE)
    yield Fault("pages overlap", ALL, paged((later, paging.overlapping(2))), options=PRUNE)
    yield Fault("everybody on a page stands there twice", ALL, paged((every, paging.stuttering())), options=PRUNE)
    yield Fault("the total is text", ALL, paged((every, paging.total(lambda true, _n: str(true)))), options=PRUNE)
    yield Fault("the total is missing", ALL, paged((every, paging.total(lambda true, _n: None))), options=PRUNE)
    yield Fault("the total is null or nonsense", ALL, paged((every, paging.total(lambda true, n: ["many"]))), options=PRUNE)
    for name, rule in {  # made for each fault anew: some count the answers
        "the first page comes again and again": lambda: (every, paging.from_the_start()),
        "later pages are empty": lambda: (later, paging.empty()),
        "the total is too large": lambda: (every, paging.total(lambda true, _n: true + 3)),
        "the total grows": lambda: (every, paging.total(lambda true, n: true + n)),
        "the total shrinks": lambda: (every, paging.total(lambda true, n: true - n + 1)),
        "the total is too small": lambda: (every, paging.total(lambda true, _n: true - 4)),
        "the total is 0": lambda: (every, paging.total(lambda true, _n: 0)),
    }.items():
        yield Fault(f"{name}, and somebody is to be pruned", GUARD, paged(rule()), ends=NOT_WHOLE, options=PRUNE)
        yield Fault(f"{name}, and nobody is to be pruned", KNOWN, paged(rule()))
    # A page of two shows those who are to be pruned, and not the members of a group.
    yield Fault("the total is that of the page", DOUBTED, paged((every, paging.total(lambda true, _n: 2)), size=2))
    yield Fault(
        "the total of groups is that of the page",
        "A group is looked for before it is made.",
        paged((paging.listing(GROUPS), paging.total(lambda true, _n: 1)), size=1),
    )
    yield Fault(
        "the total is that of the page, and somebody is to be pruned",
        GUARD,
        paged((every, paging.total(lambda true, _n: 2)), size=2),
        ends=NOT_WHOLE,
        options=PRUNE,
    )
    for status in (400, 404, 500):
        yield Fault(
            f"a later page fails with {status}",
            WORDS,
            paged((later, busy(status))),
            ends=f"page.*{status}",
            options={**PRUNE, "retries": 1},
        )
    yield Fault("a page of groups fails", WORDS, paged((paging.later_page(GROUPS), busy(404)), size=1), ends="page.*404")


PARTS = {"Connections": CONNECTIONS, "Throttling": THROTTLING, "Failures": FAILURES, "Bodies": BODIES, "Pages": tuple(pages())}
FAULTS = tuple(fault for part in PARTS.values() for fault in part)

PAGE = """\
<!-- Written by tests/generate.py from tests/servers/fault_table.py. Do not edit. -->
# Faults

What goes wrong between here and a provider, and what identity.scim does. Each row is a test
([test_faults.py](../tests/integration/test_faults.py)): a real server is made to fail so while a directory is applied. Everybody is there
in the end and nobody twice, nobody loses anything by mistake, and once the fault is gone the next run does what is left and the one after
it nothing.
"""


def page() -> str:
    """``docs/faults.md``."""
    heading = ("| Fault | identity.scim |", "| --- | --- |")
    tables = [[f"\n## {part}", *heading, *map(_row, faults)] for part, faults in PARTS.items()]
    return PAGE + "".join("\n".join(table) + "\n" for table in tables)


def _row(fault: Fault) -> str:
    return f"| {fault.name[0].upper()}{fault.name[1:]} | {fault.answer} |"
