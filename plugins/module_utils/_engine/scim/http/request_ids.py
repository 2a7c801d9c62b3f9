# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider's ids of its answers to writes, by which its support finds them. No RFC names the header; these are in use."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from .answers import clean

HEADERS = (
    "x-request-id", "request-id", "requestid", "x-correlation-id", "correlation-id", "x-amzn-requestid", "x-amz-request-id",
    "x-ms-request-id", "x-okta-request-id", "x-github-request-id", "x-trace-id", "traceparent", "cf-ray",
)  # fmt: skip
LONGEST = 200  # of a header that may contain anything


class RequestIds(threading.local):
    """The ids of this thread's writes: a change is written by one thread."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def note(self, headers: Mapping[str, str]) -> None:
        """Remember the id of an answer, if it has one."""
        folded = {str(name).lower(): str(value) for name, value in headers.items()}
        found = next((folded[name] for name in HEADERS if folded.get(name)), "")
        if found:
            self._found.append(clean(found, LONGEST))

    def take(self) -> tuple[str, ...]:
        """The ids since the last call."""
        taken, self._found = tuple(self._found), []
        return taken
