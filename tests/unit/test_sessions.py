# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the runs of one process share, and what they never do."""

from __future__ import annotations

import os
from copy import copy
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.forked_memory import ForkedMemory
from ansible_collections.identity.scim.plugins.module_utils._engine.module import client_for, connection_options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.connection import CONNECTION
from ansible_collections.identity.scim.plugins.module_utils._engine.redact import Redactor
from ansible_collections.identity.scim.plugins.module_utils._engine.sessions import MOST, Sessions
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import Say, serving

SECRET = "s3cr3t-of-the-client"
NONE = {name: option.get("default") for name, option in CONNECTION.items()}
GIVEN = {**NONE, "url": "https://scim.example.com/v2", "token": SECRET}
# Another value for each option, which makes it another connection.
OTHER: dict[str, Any] = {
    "url": "https://scim.example.com/v3", "token": "another-token", "client_id": "me", "client_secret": "s", "token_url": "x",
    "scopes": ["scim"], "audience": "a", "url_username": "me", "url_password": "s", "provider": "rfc", "provider_options": {"patch": 0},
    "http_agent": "me", "http_headers": {"X-Tenant": "b"}, "validate_certs": False, "ca_path": "/ca", "client_cert": "/cert",
    "client_assertion": "a.b.c", "client_assertion_file": "/jwt", "client_assertion_from": "github", "client_assertion_audience": "a",
    "token_expires": "2027-01-31",
    "client_key": "/key", "timeout": 1, "retries": 1, "rate_limit": 60, "max_wait": 1, "max_duration": 1, "allow_plaintext": True,
}  # fmt: skip


def test_runs_with_the_same_options_share_a_session() -> None:
    sessions = Sessions()
    assert sessions.known(connection_options(GIVEN)) is sessions.known(connection_options(dict(GIVEN)))


@pytest.mark.parametrize("name", [*CONNECTION, "concurrency"])
def test_each_option_makes_another_connection(name: str) -> None:
    sessions = Sessions()
    other = {**GIVEN, name: {**OTHER, "concurrency": 2}[name]}
    assert sessions.known(connection_options(GIVEN)) is not sessions.known(connection_options(other))


def test_a_credential_of_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions, known = Sessions(), []
    monkeypatch.setenv("SCIM_URL", "https://scim.example.com/v2")
    for token in ("one-tenant", "another-tenant"):
        monkeypatch.setenv("SCIM_TOKEN", token)
        known.append(sessions.known(connection_options(NONE)))
    assert known[0] is not known[1]


def test_a_file_that_was_written_makes_another_connection(tmp_path: Path) -> None:
    sessions, file = Sessions(), tmp_path / "cert.pem"
    file.write_text("one")
    options = connection_options({**GIVEN, "client_cert": str(file)})
    before = sessions.known(options)
    assert sessions.known(options) is before
    file.write_text("another")
    assert sessions.known(options) is not before


def test_a_forked_process_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions()
    before = sessions.known(connection_options(GIVEN))
    monkeypatch.setattr(os, "getpid", lambda: 1)
    assert sessions.known(connection_options(GIVEN)) is not before


def test_what_is_kept_is_bounded_and_has_no_secret_in_its_keys() -> None:
    sessions, closed = Sessions(), []

    class Adapter:
        def __init__(self, number: int) -> None:
            self.number = number

        def close(self) -> None:
            closed.append(self.number)

    for number in range(MOST + 2):
        sessions.known({"url": str(number), "token": SECRET}).session.adapter = Adapter(number)
        sessions.known({"url": "0", "token": SECRET})
    assert closed == [1, 2]
    assert SECRET not in repr(sessions.__dict__)
    assert all(SECRET.encode() not in key for key in sessions._known)


def test_a_process_that_runs_once_keeps_nothing() -> None:
    sessions = Sessions(most=0)
    assert sessions.known({"url": "0"}) is not sessions.known({"url": "0"})


def test_what_was_learned_holds_while_the_profile_says_the_same() -> None:
    sessions = Sessions()
    known = sessions.known(GIVEN)
    client, pacing = client_for(GIVEN, known=known)
    client.learn(patch=False)
    sessions.learn(GIVEN, client)
    second, second_pacing = client_for(GIVEN, known=known)
    assert (second.capabilities.patch, second_pacing.pace) == (False, pacing.pace)
    assert second.requests == 0
    third, third_pacing = client_for({**GIVEN, "provider_options": {"page_size": 7}}, known=known)
    assert (third.capabilities.patch, third.capabilities.page_size) == (None, 7)
    assert third_pacing.pace is not pacing.pace


def test_a_token_is_fetched_once_and_masked_in_each_run() -> None:
    """A run that did not fetch it must not show it either. Users are read again."""
    granted = Say(200, {"access_token": "token-number-one", "token_type": "bearer", "expires_in": 1800})
    listing = Say(200, {"totalResults": 0, "Resources": []})
    with serving(granted, listing, listing) as scripted:
        given = {**NONE, "url": f"{scripted.url}/v2", "client_id": "me", "client_secret": SECRET, "token_url": f"{scripted.url}/token"}
        memory = ForkedMemory()
        for sessions in (first := Sessions(memory=memory), first, forked(first)):
            redact = Redactor()
            client, _pacing = client_for(given, redact=redact, known=sessions.known(given))
            assert client.transport.send("GET", "/Users").status == 200
            assert "token-number-one" not in redact("Bearer token-number-one")
            sessions.learn(given, client)
            sessions.known(given).session.close()
        assert [asked.path for asked in scripted.asked] == ["/token", *["/v2/Users"] * 3]


def forked(sessions: Sessions) -> Sessions:
    """As another process has them that was forked from the same one: without what only this one knows."""
    other = copy(sessions)
    other._known = {}
    return other


def test_the_tasks_of_a_play_share_what_was_learned_and_one_clock() -> None:
    first = Sessions(memory=ForkedMemory())
    client, pacing = client_for(GIVEN, known=first.known(GIVEN))
    client.learn(patch=False)
    pacing.pace.take(now := pacing.clock())
    pacing.pace.refused(now, now, 60)
    first.learn(GIVEN, client)
    second, second_pacing = client_for(GIVEN, known=forked(first).known(GIVEN))
    assert second.capabilities == client.capabilities
    assert all(second.types[name] is found for name, found in client.types.items()), "with what was compiled for them"
    assert second_pacing.pace.take(now + 1) == pytest.approx(59)
    other, other_pacing = client_for(GIVEN, known=forked(first).known({**GIVEN, "token": "of-another-tenant"}))
    assert (other.capabilities.patch, other_pacing.pace.take(now + 1)) == (None, 0.0)


@pytest.mark.parametrize(
    ("stated", "learned", "kept"), [(None, True, None), (True, True, True), (None, False, False), (True, False, False)]
)
def test_that_groups_show_members_is_not_kept(stated: bool | None, learned: bool, kept: bool | None) -> None:
    """One run has seen the members of some groups. The listing of the next run may still be cut."""
    sessions = Sessions()
    options = connection_options({**GIVEN, "provider_options": {"members_readable": stated}})
    client, _pacing = client_for({**GIVEN, "provider_options": {"members_readable": stated}}, known=sessions.known(options))
    client.learn(members_readable=learned)
    sessions.learn(options, client)
    known = sessions.known(options).capabilities
    assert known is not None
    assert known.members_readable is kept
