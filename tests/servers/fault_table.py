# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of the faults between the collection and a provider: the rules of the proxy that cause a fault, and how identity.scim handles it.

``test_faults.py`` checks the same for each row: in the end all resources exist, none of them twice, and none is removed by mistake. Once
the fault is over, the next run applies the remaining changes, and the run after it changes nothing. ``docs/faults.md`` shows the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from . import paging
from .faults import Effect, Rule, When, afterwards, cut_after, cut_before, delay, late, reply, throttle, truncate
from .limits import TokenBucket
from .serving import Answer, Handler, Request

USERS, GROUPS = "/Users", "/Groups"
PAGE = "<!DOCTYPE html><html><head><title>Please sign in</title></head><body>Our portal</body></html>"
AWS = {"__type": "ThrottlingException", "message": "Rate exceeded"}
AWS_SCIM = {"schema": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "ThrottlingException: Rate exceeded", "status": "400"}
SEVERAL = range(1, 4)  # the first three requests of a type


@dataclass(frozen=True)
class Fault:
    """One row of the table.

    name: what goes wrong.
    handling: what identity.scim does about it.
    rules: of the proxy.
    ends: a pattern of the error message; empty if the run succeeds.
    options: of the task.
    """

    name: str
    handling: str
    rules: Callable[[], Iterator[Rule]]
    ends: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


def each(effect: Effect | Callable[[], Effect], *whens: When, made: bool = False) -> Callable[[], Iterator[Rule]]:
    """A rule for each request. With ``made``, ``effect`` returns a new effect for each rule, because effects have a state."""

    def rules() -> Iterator[Rule]:
        for number, when in enumerate(whens):
            yield Rule(f"rule {number}", when, effect() if made else effect)  # type: ignore[arg-type,call-arg]

    return rules


def every_type(nth: int | Collection[int] = 1) -> tuple[When, ...]:
    """Each type of request that the run sends."""
    return (
        When("GET", USERS, nth), When("GET", GROUPS, nth), When("POST", USERS, nth), When("POST", GROUPS, nth),
        When("PATCH", f"{USERS}/*", nth), When("PATCH", f"{GROUPS}/*", nth), When("DELETE", "*", nth),
    )  # fmt: skip


def busy(status: int, content: Any = None, seconds: int | None = None, date: bool = False) -> Effect:
    """Refuse the request. ``seconds`` is the time to wait, sent as a number or as a date of the provider's clock (RFC 9110 §10.2.3)."""

    def effect(request: Request, forward: Handler) -> Answer:
        now = datetime.now(UTC)
        headers = {} if seconds is None else {"Retry-After": str(seconds)}
        if date and seconds is not None:
            headers = {
                "Retry-After": format_datetime(now + timedelta(seconds=seconds), usegmt=True),
                "Date": format_datetime(now, usegmt=True),
            }
        return reply(status, content, headers)(request, forward)

    return effect


AGAIN = "The request is sent again."
LOOKS = "Before a creation is sent again, the resource is looked up. All other requests can be repeated and are sent again."
WAITS = "All threads wait for the requested time, then send the request again."
PRUNE = {"prune_users": "deactivate"}
ENDS = "The run ends with a message. The next run applies the remaining changes."
BULK = {"bulk": "always"}

CONNECTIONS = (
    Fault("a connection is cut before the request reaches the provider", LOOKS, each(cut_before, *every_type())),
    Fault("connections are cut three times for each type of request", LOOKS, each(cut_before, *every_type((1, 3, 5)))),
    Fault("the responses to creations are lost", LOOKS, each(cut_after, When("POST", USERS, SEVERAL), When("POST", GROUPS, 1))),
    Fault("the responses to membership changes are lost", AGAIN, each(cut_after, When("PATCH", f"{GROUPS}/*", SEVERAL))),
    Fault("the responses to updates are lost", AGAIN, each(cut_after, When("PATCH", f"{USERS}/*", SEVERAL))),
    Fault("the response to a deletion is lost", AGAIN, each(cut_after, When("DELETE", "*", 1))),
    Fault("the response to a bulk request is lost", LOOKS, each(cut_after, When("POST", "/Bulk")), options=BULK),
    Fault("a bulk request is lost", LOOKS, each(cut_before, When("POST", "/Bulk")), options=BULK),
    Fault("responses arrive after the timeout", LOOKS, each(late(0.5), *every_type()), options={"timeout": 0.25}),
    Fault(
        "requests reach the provider after the timeout and are still processed",
        LOOKS,
        each(delay(0.4), When("POST", USERS, 2), When("PATCH", "*", 1), When("DELETE", "*", 1)),
        options={"timeout": 0.25},
    ),
    Fault(
        "the provider is never reached",
        ENDS,
        each(cut_before, When()),
        ends="GET /Users: .*after 3 attempts.*Run the task again",
        options={"retries": 2},
    ),
)
THROTTLING = (
    Fault("429 with Retry-After in seconds", WAITS, each(busy(429, seconds=7), *every_type((1, 2)))),
    Fault("429 with Retry-After as a date", WAITS, each(busy(429, seconds=7, date=True), *every_type((1, 2)))),
    Fault(
        "429 without Retry-After",
        "All threads wait longer after each attempt, then send the request again.",
        each(busy(429), *every_type((1, 2))),
    ),
    Fault("429 to a bulk request", WAITS, each(busy(429, seconds=7), When("POST", "/Bulk", 1)), options=BULK),
    Fault("503 with Retry-After", WAITS, each(busy(503, seconds=7), *every_type((1, 2)))),
    Fault("throttling reported as 400", WAITS, each(busy(400, AWS), *every_type((1, 2)))),
    Fault("throttling reported as 400 in a SCIM error", WAITS, each(busy(400, AWS_SCIM, seconds=7), *every_type((1, 2)))),
    Fault(
        "12 requests are accepted, then none for an hour",
        ENDS,
        each(lambda: throttle(TokenBucket(0.0003, 12)), When(), made=True),
        ends="max_wait allows 300 s.*Run the task again",
    ),
    Fault(
        "Retry-After: 3600",
        ENDS,
        each(busy(429, seconds=3600), When("POST", USERS, range(4, 1000))),
        ends="Retry-After: 3600 s.*max_wait allows 300 s.*60 min.*Run the task again",
    ),
    Fault(
        "permanent 429",
        ENDS,
        each(busy(429, seconds=1), When("POST PATCH DELETE")),
        ends="last 1[0-2] writes failed.*429",
        options={"retries": 2},
    ),
)
FAILURES = (
    Fault("a burst of 500", AGAIN, each(busy(500), *every_type(SEVERAL))),
    Fault("a burst of 502", AGAIN, each(busy(502), *every_type(SEVERAL))),
    Fault("a burst of 503", AGAIN, each(busy(503), *every_type(SEVERAL))),
    Fault(
        "a burst of 504 from a gateway, although the provider processed the requests",
        LOOKS,
        each(afterwards(busy(504)), *every_type(SEVERAL)),
    ),
    Fault(
        "permanent 500",
        ENDS,
        each(busy(500), When("POST", USERS)),
        ends="last 1[0-2] writes failed.*Run the task again.*500",
        options={"retries": 1},
    ),
    Fault("the token is revoked during the writes", ENDS, each(busy(401), When("*", "*", range(8, 1000))), ends="401.*Check token"),
)
BODIES = (
    Fault("responses end early", LOOKS, each(truncate(), *every_type(SEVERAL))),
    Fault(
        "the JSON of responses to writes is truncated", "The written resource is read.", each(truncate(told=True), *every_type(SEVERAL)[2:])
    ),
    Fault("the JSON of a listing is truncated", ENDS, each(truncate(told=True), When("GET", USERS)), ends="not with JSON"),
    Fault(
        "a portal answers reads with 200 and HTML", ENDS, each(reply(200, PAGE), When("GET", GROUPS)), ends="not with JSON.*Please sign in"
    ),
    Fault(
        "a portal answers creations with 200 and HTML",
        ENDS,
        each(reply(200, PAGE), When("POST", USERS, range(3, 1000))),
        ends="Please sign in",
    ),
    Fault(
        "a portal answers membership changes with 200 and HTML",
        ENDS,
        each(reply(200, PAGE), When("PATCH", f"{GROUPS}/*")),
        ends="Please sign in",
    ),
    Fault("a portal answers updates with 200 and HTML", ENDS, each(reply(200, PAGE), When("PATCH", f"{USERS}/*")), ends="Please sign in"),
    Fault("a portal answers deletions with 200 and HTML", ENDS, each(reply(200, PAGE), When("DELETE")), ends="Please sign in"),
    Fault(
        "a portal answers a bulk request with 200 and HTML",
        ENDS,
        each(reply(200, PAGE), When("POST", "/Bulk")),
        ends="Please sign in",
        options=BULK,
    ),
    Fault(
        "a listing is JSON, but not a ListResponse",
        ENDS,
        each(reply(200, {"hello": "world"}), When("GET", USERS)),
        ends="not a ListResponse",
    ),
    Fault("a listing has an empty body", ENDS, each(truncate(0, told=True), When("GET", USERS)), ends="ListResponse"),
)


def paged(*rules: tuple[When, Effect], size: int = 7) -> Callable[[], Iterator[Rule]]:
    """The rules, with pages of at most ``size`` resources."""

    def all_rules() -> Iterator[Rule]:
        for number, (when, effect) in enumerate(rules):
            yield Rule(f"rule {number}", when, effect)
        yield Rule("page size", When("GET", "*"), paging.capped(size))
        yield Rule("order", When("GET", "/Users"), paging.in_order())

    return all_rules


ALL = "All pages are read, and each id counts once."
GUARD = "The listing is known to be incomplete. The run ends with a message and removes nothing."
KNOWN = "If a user is missing from the listing, the creation is refused, and the existing user is adopted."
DOUBTED = "A member that is missing from the listing shows that it is incomplete. Missing users are then looked up."
NOT_WHOLE = "incomplete|not complete"


def pages() -> Iterator[Fault]:
    """Listings with unusual pages, with and without pruning."""
    every, later = paging.listing(USERS), paging.later_page(USERS)
    yield Fault("pages are shorter than requested", ALL, paged(), options=PRUNE)
    yield Fault("pages with one resource", ALL, paged(size=1), options=PRUNE)
    yield Fault("pages overlap", ALL, paged((later, paging.overlapping(2))), options=PRUNE)
    yield Fault("every resource is on a page twice", ALL, paged((every, paging.stuttering())), options=PRUNE)
    yield Fault("the total is text", ALL, paged((every, paging.total(lambda true, _n: str(true)))), options=PRUNE)
    yield Fault("the total is missing", ALL, paged((every, paging.total(lambda true, _n: None))), options=PRUNE)
    yield Fault("the total is not a number", ALL, paged((every, paging.total(lambda true, n: ["many"]))), options=PRUNE)
    for name, rule in {  # functions, because some rules count the responses
        "the first page is returned again and again": lambda: (every, paging.from_the_start()),
        "later pages are empty": lambda: (later, paging.empty()),
        "the total is too large": lambda: (every, paging.total(lambda true, _n: true + 3)),
        "the total grows": lambda: (every, paging.total(lambda true, n: true + n)),
        "the total shrinks": lambda: (every, paging.total(lambda true, n: true - n + 1)),
        "the total is too small": lambda: (every, paging.total(lambda true, _n: true - 4)),
        "the total is 0": lambda: (every, paging.total(lambda true, _n: 0)),
    }.items():
        yield Fault(f"{name}, with pruning", GUARD, paged(rule()), ends=NOT_WHOLE, options=PRUNE)
        yield Fault(f"{name}, without pruning", KNOWN, paged(rule()))
    # A page of two has the users to prune, but not the members of a group.
    yield Fault("the total counts only the page", DOUBTED, paged((every, paging.total(lambda true, _n: 2)), size=2))
    yield Fault(
        "the total of groups counts only the page",
        "A group is looked up before it is created.",
        paged((paging.listing(GROUPS), paging.total(lambda true, _n: 1)), size=1),
    )
    yield Fault(
        "the total counts only the page, with pruning",
        GUARD,
        paged((every, paging.total(lambda true, _n: 2)), size=2),
        ends=NOT_WHOLE,
        options=PRUNE,
    )
    for status in (400, 404, 500):
        yield Fault(
            f"a later page fails with {status}",
            ENDS,
            paged((later, busy(status))),
            ends=f"page.*{status}",
            options={**PRUNE, "retries": 1},
        )
    yield Fault("a page of groups fails", ENDS, paged((paging.later_page(GROUPS), busy(404)), size=1), ends="page.*404")


PARTS = {"Connections": CONNECTIONS, "Throttling": THROTTLING, "Failures": FAILURES, "Bodies": BODIES, "Pages": tuple(pages())}
FAULTS = tuple(fault for part in PARTS.values() for fault in part)

PAGE = """\
<!-- Written by tests/generate.py from tests/servers/fault_table.py. Do not edit. -->
# Faults

This page shows what can go wrong between identity.scim and a provider, and how identity.scim handles it. Each row is a test
([test_faults.py](../tests/integration/test_faults.py)): a proxy causes the fault while a directory is applied to a real server. In the
end all resources exist, none of them twice, and nothing is removed by mistake. Once the fault is over, the next run applies the
remaining changes, and the run after it changes nothing.
"""


def page() -> str:
    """``docs/faults.md``."""
    heading = ("| Fault | identity.scim |", "| --- | --- |")
    tables = [[f"\n## {part}", *heading, *map(_row, faults)] for part, faults in PARTS.items()]
    return PAGE + "".join("\n".join(table) + "\n" for table in tables)


def _row(fault: Fault) -> str:
    return f"| {fault.name[0].upper()}{fault.name[1:]} | {fault.handling} |"
