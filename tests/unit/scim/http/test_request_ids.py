# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider's own ids of its answers: under whatever name, each thread's by themselves."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.request_ids import LONGEST, RequestIds


@pytest.mark.parametrize("name", ["X-Request-Id", "x-amzn-RequestId", "X-Okta-Request-Id", "CF-RAY", "request-id"])
def test_an_id_has_any_of_several_names(name: str) -> None:
    ids = RequestIds()
    ids.note({"Content-Type": "application/json", name: "4711"})
    assert ids.take() == ("4711",)
    assert ids.take() == ()


def test_empty_ids_are_ignored_and_long_ones_cut() -> None:
    ids = RequestIds()
    ids.note({"X-Request-Id": "", "Date": "today"})
    ids.note({"Request-Id": f"a\x1b[31m{'b' * 1000}"})
    [found] = ids.take()
    assert "\x1b" not in found
    assert len(found) == LONGEST


def test_each_thread_has_its_own_ids() -> None:
    ids, seen = RequestIds(), []
    ids.note({"X-Request-Id": "mine"})
    other = threading.Thread(target=lambda: seen.append(ids.take()))
    other.start()
    other.join()
    assert seen == [()]
    assert ids.take() == ("mine",)
