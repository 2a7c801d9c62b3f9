# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs with the same connection share: open connections, the token, and what the provider accepts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Token:
    """A token of OAuth 2.0 as the value of ``Authorization``, and until when it is used, on the clock of ``Pacing``.

    ``by_basic``: the client authenticated by HTTP Basic for it, and not in the form.
    """

    header: str = field(default="", repr=False)
    ends: float = -math.inf
    by_basic: bool = False


@dataclass(slots=True)
class Session:
    """For one connection, with one credential. Of several runs, one uses it at a time. An ``adapter`` is opened when there is none."""

    adapter: Any = field(default=None, repr=False)  # of requests, which may not be installed
    token: Token = field(default_factory=Token)
    content_type: str = ""  # what the provider was found to accept, if it refused another one

    def __getstate__(self) -> tuple[Token, str]:
        """Connections are those of one process."""
        return self.token, self.content_type

    def __setstate__(self, state: tuple[Token, str]) -> None:
        self.adapter = None
        self.token, self.content_type = state

    def close(self) -> None:
        """Close the connections."""
        if self.adapter is not None:
            self.adapter.close()
