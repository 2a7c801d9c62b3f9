# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent again and when, and the messages for a connection that fails."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim import errors
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.connection import Connection
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pace import Pace
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.retry import RetryPolicy
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Transport
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.wire import Lost, Reply
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import SCIM_ERROR, TOKEN, USER, Clock, Say, free_port, serving, to

# -- sent again ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "busy",
    [
        Say(429, headers={"Retry-After": "7"}),
        Say(503, headers={"Retry-After": "7"}),
        Say(429, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:07 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}),
        Say(400, {"__type": "com.amazonaws#ThrottlingException", "message": "Rate exceeded"}, {"Retry-After": "7"}),
        Say(400, {"schemas": [SCIM_ERROR], "scimType": "ThrottlingException"}, {"Retry-After": "7"}),
        Say(400, {"detail": "TooManyRequestsException: slow down"}, {"Retry-After": "7"}),
    ],
)
def test_a_throttled_write_is_sent_again_after_retry_after(busy: Say) -> None:
    clock = Clock()
    with serving(busy, busy, Say(201, USER)) as provider:
        transport = to(provider, clock)
        assert transport.send("POST", "/Users", body={}, repeatable=False).body == USER
    assert transport.requests == len(provider.asked) == 3
    assert sum(clock.naps) == pytest.approx(14)


def test_a_wait_that_the_provider_asks_for_holds_back_every_thread() -> None:
    pauses: list[float] = []

    class Watched(Pace):
        def _hold(self, until: float) -> None:
            pauses.append(until - clock.now)
            super()._hold(until)

    clock = Clock()
    with serving(Say(429, headers={"Retry-After": "9"}), Say(503, headers={"Retry-After": "2"}), Say(200)) as provider:
        Transport(Connection(provider.url, token=TOKEN), Pacing(Watched(), clock=clock, nap=clock.sleep)).send("GET", "/Users")
    assert pauses == [9, 2]


def test_a_user_named_like_an_exception_is_not_throttling() -> None:
    with serving(Say(400, {"detail": "userName 'ThrottlingException' is taken"})) as provider, pytest.raises(errors.Refused):
        to(provider).send("POST", "/Users", body={})
    assert len(provider.asked) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_repeatable_request_is_sent_again(status: int) -> None:
    clock = Clock()
    with serving(Say(status), Say(status), Say(200, USER)) as provider:
        assert to(provider, clock).send("PUT", "/Users/1", body={}).body == USER
    assert len(clock.naps) <= 2
    assert clock.now <= 1000 + 1 + 2


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_another_request_is_lost(status: int) -> None:
    with (
        serving(Say(status, {"detail": "oops"})) as provider,
        pytest.raises(errors.AnswerLost, match=f"{status}: oops. It is unknown whether"),
    ):
        to(provider).send("POST", "/Users", body={}, repeatable=False)
    assert len(provider.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_after_the_last_attempt_the_error_has_the_providers_message(status: int) -> None:
    with (
        serving(Say(status, {"detail": "too busy"})) as provider,
        pytest.raises(errors.Refused, match=f"{status}: too busy. Gave up after 3 attempts"),
    ):
        to(provider, retries=2).send("GET", "/Users")
    assert len(provider.asked) == 3


def test_a_longer_wait_than_allowed_ends_the_run_at_once() -> None:
    clock = Clock()
    later = pytest.raises(errors.TryLater, match=r"Retry-After: 3600 s.*max_wait allows 300 s.*60 min.*Run the task again")
    with later, serving(Say(429, headers={"Retry-After": "3600"})) as provider:
        to(provider, clock).send("GET", "/Users")
    assert clock.naps == []
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (Say(429, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "20"}), 20),
        (Say(429, headers={"RateLimit": '"default";r=0;t=20'}), 20),
        (Say(429, headers={"Retry-After": "5", "RateLimit-Remaining": "0", "RateLimit-Reset": "20"}), 20),
        (Say(429, headers={"X-RateLimit-Remaining": "7", "X-RateLimit-Reset": "3600"}), 1),  # not the limit that was reached
        (Say(429), 1),
        (Say(200, USER, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "20"}), 20),
        (Say(200, USER, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "3600"}), 0),  # refused if it is true
        (Say(200, USER, headers={"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "20"}), 0),
        (Say(404, headers={"RateLimit-Remaining": "0", "RateLimit-Reset": "20"}), 20),
        (Say(200, USER, headers={"Retry-After": "20"}), 20),
        (Say(200, USER, headers={"Retry-After": "3600"}), 300),  # max_wait
        (Say(200, USER, headers={"Retry-After": "20", "RateLimit-Remaining": "9"}), 0),
    ],
)
def test_the_next_request_waits_for_what_an_answer_announces(told: Say, seconds: float) -> None:
    clock = Clock()
    with serving(told, Say(200, USER)) as provider:
        transport = to(provider, clock)
        transport._retry = replace(transport._retry, chance=lambda: 0.0)
        with suppress(errors.NotFound):
            transport.send("GET", "/Users/1")
        if told.status != 429:  # else it is sent again
            transport.send("GET", "/Users/1")
    assert (len(provider.asked), sum(clock.naps)) == (2, pytest.approx(seconds))


def test_a_limit_that_is_reset_too_late_ends_the_run() -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "3600"}
    later = pytest.raises(errors.TryLater, match=r"429 and RateLimit-Reset: 3600 s, but max_wait allows 300 s.*Run the task again")
    with later, serving(Say(429, headers=headers)) as provider:
        to(provider).send("GET", "/Users")
    assert len(provider.asked) == 1


def test_a_token_endpoint_that_refuses_requests_says_nothing_about_the_provider() -> None:
    clock = Clock()
    with serving(
        Say(429, headers={"Retry-After": "9"}), Say(200, {"access_token": "t", "token_type": "bearer"}), Say(200, USER)
    ) as provider:
        transport = to(provider, clock, client_id="i", client_secret="s", token_url=f"{provider.url}/token")
        transport.send("GET", "/Users/1")
    assert (sum(clock.naps), transport.rate) == (9, None)


def test_a_429_names_the_option_that_prevents_it() -> None:
    with serving(Say(429, {"detail": "slow"}), Say(429, {"detail": "slow"})) as url, pytest.raises(errors.Refused) as caught:
        to(url, retries=1).send("GET", "/Users")
    assert str(caught.value) == ("GET /Users was refused with 429: slow. Gave up after 2 attempts. A lower rate_limit prevents this.")


# -- how often, and after how long ---------------------------------------------------------------------------------------------------------


class Attempts:
    """A policy on a clock of its own, with the longest delays that chance allows, and a request that always fails."""

    def __init__(self, failure: Reply | Lost, retries: int, max_wait: float = 300, chance: float = 1.0) -> None:
        self.clock = Clock()
        self.failure = failure
        self.made = 0
        self.policy = RetryPolicy(Pacing(clock=self.clock, nap=self.clock.sleep), retries, max_wait, chance=lambda: chance)

    def attempt(self) -> Reply:
        self.made += 1
        if isinstance(self.failure, Lost):
            raise self.failure
        return self.failure

    def persist(self) -> Reply:
        return self.policy.persist(self.attempt, "GET /Users", repeatable=True)


LOST = Lost("The connection broke.", sent=True)
DOUBLED = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60]


@pytest.mark.parametrize("retries", [0, 1, 2, 13])
def test_a_request_is_sent_once_and_then_as_often_as_retries(retries: int) -> None:
    lost, busy = Attempts(LOST, retries), Attempts(Reply(503, {}, b""), retries)
    with pytest.raises(errors.Unreachable, match=rf"^GET /Users: The connection broke\. Gave up after {retries + 1} attempts?\. Check url"):
        lost.persist()
    assert busy.persist().attempts == retries + 1
    assert lost.made == busy.made == retries + 1
    assert lost.clock.naps == busy.clock.naps == DOUBLED[:retries]


def test_no_delay_is_longer_than_max_wait() -> None:
    busy = Attempts(Reply(503, {}, b""), 5, max_wait=5)
    busy.persist()
    assert busy.clock.naps == [1, 2, 4, 5, 5]


def test_a_delay_is_drawn_from_nothing_to_the_longest() -> None:
    for chance, naps in ((0.0, []), (0.5, [0.5, 1, 2])):
        busy = Attempts(Reply(503, {}, b""), 3, chance=chance)
        busy.persist()
        assert busy.clock.naps == naps


def test_after_however_many_retries_a_delay_is_bounded() -> None:
    attempts = Attempts(LOST, 5000, max_wait=10**6)
    attempts.policy.rest(4999)
    assert attempts.clock.naps == [60]


@pytest.mark.parametrize(("requested", "max_wait", "minutes"), [(300.4, 300, 5), (100, 99, 2), (10, 5, 1)])
def test_a_provider_may_ask_to_wait_as_long_as_max_wait(requested: float, max_wait: float, minutes: int) -> None:
    """One attempt more is made exactly then; the message rounds."""
    allowed, refused = (Attempts(Reply(429, {"Retry-After": f"{seconds:g}"}, b""), 1, max_wait) for seconds in (max_wait, requested))
    assert allowed.persist().attempts == 2
    assert allowed.clock.naps == [max_wait]
    with pytest.raises(errors.TryLater, match=rf"max_wait allows {max_wait} s\. Raise max_wait, or wait {minutes} min\."):
        refused.persist()
    assert (refused.made, refused.clock.naps) == (1, [])


# -- connections that fail -----------------------------------------------------------------------------------------------------------------


def test_a_connection_that_was_never_made_is_tried_again_for_writes_too() -> None:
    clock = Clock()
    transport = to(f"http://127.0.0.1:{free_port()}/v2", clock, retries=3)
    with pytest.raises(errors.Unreachable, match=r"refuses connections.*after 4 attempts.*Run the task again"):
        transport.send("POST", "/Users", body={}, repeatable=False)
    assert len(clock.naps) == 3
    assert transport.requests == 0


def test_an_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(errors.Unreachable, match=r"scim.example.invalid is unknown"):
        to("https://scim.example.invalid", retries=0).send("GET", "/Users")


def test_a_read_without_an_answer_is_sent_again_and_a_write_is_lost() -> None:
    with serving(Say(cut="before"), Say(200, USER)) as provider:
        assert to(provider).send("GET", "/Users").body == USER
    with serving(Say(cut="before")) as provider:
        transport = to(provider)
        with pytest.raises(errors.AnswerLost, match=r"POST /Users was sent and not answered\. It is unknown"):
            transport.send("POST", "/Users", body={}, repeatable=False)
    assert transport.requests == len(provider.asked) == 1


def test_the_message_of_a_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(errors.AnswerLost, match=r"within 0\.1 s \(timeout\)"):
            to(url, timeout=0.1).send("POST", "/Users", body={}, repeatable=False)
        with pytest.raises(errors.Unreachable, match="after 2 attempts"):
            to(url, timeout=0.1, retries=1).send("GET", "/Users")


def test_a_stopped_run_sends_nothing() -> None:
    with serving() as provider:
        transport = to(provider)
        transport._pacing.stop("SIGTERM")
        with pytest.raises(errors.Interrupted, match="SIGTERM"):
            transport.send("GET", "/Users")
    assert provider.asked == []


def test_a_deadline_ends_the_retries() -> None:
    clock = Clock()
    with serving(Say(429, headers={"Retry-After": "60"})) as provider:
        transport = Transport(Connection(provider.url, token=TOKEN), Pacing(deadline=1010, clock=clock, nap=clock.sleep))
        with pytest.raises(errors.Interrupted, match="max_duration"):
            transport.send("GET", "/Users")
    assert len(provider.asked) == 1


def test_whether_a_write_was_sent_is_not_changed_by_another_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that cannot be fetched has one error for all threads."""
    transport, ended = to("http://127.0.0.1:1"), errors.Interrupted("SIGTERM")
    monkeypatch.setattr(transport._credential, "header", Mock(side_effect=ended))
    with pytest.raises(errors.Interrupted, match="SIGTERM") as write:
        transport.send("POST", "/Users", body={}, repeatable=False)
    with pytest.raises(errors.Interrupted, match="SIGTERM") as read:
        transport.send("GET", "/Users")
    assert (write.value.begun, read.value.begun) == (False, True)
