# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may go wrong between a client and a service provider, as data: a list of rules, each a name, when it applies, and what it does.

An effect is a function of the request and of what would have answered it (``forward``), so faults nest in the order of their list, the
first one outermost::

    Rule("the answer of the first create is lost", When("POST", "/Users", nth=1), cut_after)
    Rule("no PATCH", When("PATCH"), reply(501))
    Rule("filters are ignored", When("GET", having="filter"), bend_query(without("filter")))
    Rule("the title is never answered", When(path="/Users*"), bend_resources(without("title")))
    Rule("60 a minute", When(), throttle(TokenBucket(1, 5)))
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlencode, urlsplit

from .limits import Limit, whole
from .serving import Answer, Cut, Handler, Headers, Request

Effect = Callable[[Request, Handler], Answer]
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class When:
    """Which requests: methods separated by spaces, a glob on the path below the base URL, a query parameter, any predicate.

    ``nth`` counts the requests that all the rest lets through, from 1; a number or a collection (``range(2, 100)``).
    """

    method: str = "*"
    path: str = "*"
    nth: int | Collection[int] | None = None
    having: str = ""
    where: Callable[[Request], bool] | None = None

    def matches(self, request: Request) -> bool:
        return (
            (self.method == "*" or request.method in self.method.split())
            and fnmatchcase(request.path, self.path)
            and (not self.having or self.having in request.query)
            and (self.where is None or self.where(request))
        )

    def counts(self, occurrence: int) -> bool:
        match self.nth:
            case None:
                return True
            case int():
                return occurrence == self.nth
            case _:
                return occurrence in self.nth


@dataclass(frozen=True, slots=True)
class Rule:
    """``name`` says in words what the provider or the network does; it must be unique within a proxy."""

    name: str
    when: When
    effect: Effect

    def around(self, forward: Handler) -> Handler:
        return lambda request: self.effect(request, forward)


def cut_before(request: Request, forward: Handler) -> Answer:
    """The connection breaks before the provider saw the request."""
    raise Cut


def cut_after(request: Request, forward: Handler) -> Answer:
    """The provider did what was asked, and its answer is lost."""
    forward(request)
    raise Cut


def delay(seconds: float) -> Effect:
    """The provider sees the request late."""

    def effect(request: Request, forward: Handler) -> Answer:
        time.sleep(seconds)
        return forward(request)

    return effect


def late(seconds: float) -> Effect:
    """The provider does at once what was asked, and its answer comes late."""

    def effect(request: Request, forward: Handler) -> Answer:
        answer = forward(request)
        time.sleep(seconds)
        return answer

    return effect


def afterwards(effect: Effect) -> Effect:
    """The provider does what was asked, and what answers is the effect: a gateway's 502, a page in HTML."""

    def both(request: Request, forward: Handler) -> Answer:
        forward(request)
        return effect(request, forward)

    return both


def truncate(share: float = 0.5, told: bool = False) -> Effect:
    """A part of the body arrives. Unless it is ``told``, the length promises the whole of it, and the connection ends."""

    def short(answer: Answer) -> Answer:
        body = answer.body[: int(len(answer.body) * share)]
        return replace(answer, body=body, missing=0 if told else len(answer.body) - len(body))

    return bend_answer(short)


def reply(status: int, content: Any = None, headers: Mapping[str, str] | None = None) -> Effect:
    """Answer without asking the provider. A string is sent as HTML, anything else as JSON; None is a SCIM error of that status."""
    if isinstance(content, str):
        answer = Answer.of_text(status, content, "text/html")
    else:
        answer = Answer.of_json(status, scim_error(status, "A rule of the test answered.") if content is None else content)
    return lambda request, forward: replace(answer, headers=Headers({**answer.headers, **(headers or {})}))


def scim_error(status: int, detail: str, scim_type: str = "") -> Body:
    """RFC 7644 §3.12: the status is a string."""
    typed = {"scimType": scim_type} if scim_type else {}
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status), "detail": detail, **typed}


def throttle(limit: Limit, retry_after: str | None = None, clock: Callable[[], float] = time.monotonic) -> Effect:
    """Answer 429 above a limit, with the whole seconds until a request is accepted. The limit has a state: make one for each test."""
    lock = threading.Lock()

    def effect(request: Request, forward: Handler) -> Answer:
        with lock:
            wait = limit.take(clock())
        if not wait:
            return forward(request)
        return Answer.of_json(429, scim_error(429, "Too many requests."), Retry_After=retry_after or str(whole(wait)))

    return effect


def bend_request(change: Callable[[Request], Request]) -> Effect:
    return lambda request, forward: forward(change(request))


def bend_query(change: Callable[[dict[str, str]], dict[str, str]]) -> Effect:
    def bent(request: Request) -> Request:
        query = urlencode(change(request.query))
        return replace(request, target=request.target.partition("?")[0] + (f"?{query}" if query else ""))

    return bend_request(bent)


def bend_body(change: Callable[[Any], Any]) -> Effect:
    """Change the JSON that the provider gets to see: how it drops or alters what it accepted."""
    return bend_request(lambda request: replace(request, body=json.dumps(change(request.json)).encode()) if request.body else request)


def bend_answer(change: Callable[[Answer], Answer]) -> Effect:
    return lambda request, forward: change(forward(request))


def bend_json(change: Callable[[Any], Any]) -> Effect:
    return bend_answer(lambda answer: replace(answer, body=json.dumps(change(answer.json)).encode()) if answer.body else answer)


def bend_resources(change: Callable[[Body], Body]) -> Effect:
    """Change each resource of a successful answer, alone or in a list."""

    def bent(content: Body) -> Body:
        if "Resources" in content:
            return {**content, "Resources": [change(resource) for resource in content["Resources"]]}
        return change(content) if "id" in content else content

    return bend_json(bent)


def renamed(origin: str) -> Effect:
    """For a provider that answers to one name only: it hears that name, and the client reads the proxy's in all URLs."""

    def effect(request: Request, forward: Handler) -> Answer:
        own = f"http://{request.headers['Host']}"
        answer = forward(replace(request, headers=Headers({**request.headers, "Host": urlsplit(origin).netloc})))
        headers = Headers({name: value.replace(origin, own) for name, value in answer.headers.items()})
        return replace(answer, headers=headers, body=answer.body.replace(origin.encode(), own.encode()))

    return effect


def without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """For any of the above: the same without these keys."""
    return lambda content: {name: value for name, value in content.items() if name not in names}


def having(**values: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """For any of the above: the same with these keys set."""
    return lambda content: {**content, **values}
