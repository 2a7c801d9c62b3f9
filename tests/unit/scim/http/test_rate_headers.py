# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the headers of an answer say of the provider's rate, in each form that providers use."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pace import Quota
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.rate_headers import quota, retry_after

NOW = datetime.datetime(2026, 10, 21, 7, 28, tzinfo=datetime.UTC)
EPOCH = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "0"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "99999999999"}, 99999999999),
        ({"Retry-After": "9" * 400}, 1e12),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT"}, 30),
        ({"Retry-After": "Wed, 21 Oct 2026 07:27:00 GMT"}, None),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:25 GMT"}, 5),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, lambda: NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Quota()),
        ({"RateLimit-Limit": "100", "RateLimit-Remaining": "42", "RateLimit-Reset": "30"}, Quota(42, 30, 100)),
        ({"RateLimit-Limit": "100, 100;w=60, 5000;w=3600", "RateLimit-Remaining": "0"}, Quota(0, None, 100, 60)),
        ({"RateLimit-Limit": "100;w=60", "RateLimit-Reset": "3"}, Quota(None, 3, 100, 60)),
        ({"RateLimit": "limit=100, remaining=50, reset=5"}, Quota(50, 5, 100)),
        ({"RateLimit": "limit=100, remaining=50, reset=5", "RateLimit-Policy": "100;w=60"}, Quota(50, 5, 100, 60)),
        ({"RateLimit": '"default";r=50;t=30'}, Quota(50, 30)),
        ({"RateLimit": '"default";r=50;t=30', "RateLimit-Policy": '"default";q=100;w=60'}, Quota(50, 30, 100, 60)),
        (
            {
                "RateLimit": '"minute";r=50;t=30, "day";r=7;t=3600',
                "RateLimit-Policy": '"minute";q=100;w=60, "day";q=1000;w=86400;pk=:eA==:',
            },
            Quota(7, 3600, 1000, 86400),
        ),
        ({"RateLimit-Policy": '"default";q=100;w=60'}, Quota()),  # a limit without what is left of it
        ({"X-RateLimit-Limit": "600", "X-RateLimit-Remaining": "599", "X-RateLimit-Reset": "60"}, Quota(599, 60, 600)),
        ({"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": str(EPOCH + 20)}, Quota(1, 20)),
        ({"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": str((EPOCH + 20) * 1000)}, Quota(1, 20)),
        ({"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": str(EPOCH - 20)}, Quota(1, 0)),
        (
            {"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": str(EPOCH + 20), "Date": "Wed, 21 Oct 2026 07:28:05 GMT"},
            Quota(0, 15),
        ),
        ({"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": "Wed, 21 Oct 2026 07:28:30 GMT"}, Quota(0, 30)),
        ({"X-RateLimit-Limit": "unlimited", "X-RateLimit-Remaining": "-1", "X-RateLimit-Reset": "never"}, Quota()),
        ({"RateLimit": ";;=,", "RateLimit-Policy": "q"}, Quota()),
        ({"X-RateLimit-Reset": "9" * 400}, Quota()),
    ],
)
def test_what_is_announced(headers: dict[str, str], expected: Quota) -> None:
    assert quota(CaseInsensitiveDict({name.lower(): value for name, value in headers.items()}), lambda: NOW) == expected


@given(st.dictionaries(st.sampled_from(["RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Reset", "Date"]), st.text()))
def test_nothing_that_a_provider_sends_is_an_error(headers: dict[str, str]) -> None:
    found = quota(headers, lambda: NOW)
    assert all(value is None or value >= 0 for value in (found.left, found.seconds, found.limit, found.window))
