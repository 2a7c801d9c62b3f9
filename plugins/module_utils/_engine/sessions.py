# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs share that one process makes, or processes that one has forked: the items of a loop, and the tasks of a play.

That is a token, the provider's pace, and what is known of the provider; in one process the connections, too. Users and groups are not
among it: each run reads them again.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from .forked_memory import ForkedMemory
from .scim.client.client import Client
from .scim.http.pace import Pace, Rate
from .scim.http.session import Session
from .scim.providers.capabilities import Capabilities
from .scim.schema.types import ResourceType

MOST = 8  # connections that are kept; a loop over more tenants than that opens some of them again
FILES = ("ca_path", "client_cert", "client_key")

Types = Mapping[str, ResourceType]


@dataclass(slots=True)
class Known:
    """What is known of one provider, by one credential."""

    session: Session = field(default_factory=Session)
    pace: Pace = field(default_factory=Pace)
    capabilities: Capabilities | None = None
    types: Types = field(default_factory=dict)
    _begun: tuple[Capabilities, tuple[Rate, ...]] | None = None  # what the profile and the options say
    _profile: Types = field(default_factory=dict)  # the types before anything was learned

    def __getstate__(self) -> tuple[Any, ...]:
        """What another process goes on with. It has the types itself, with what was compiled for them."""
        return self.session, self.pace, self.capabilities, self._begun

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.session, self.pace, self.capabilities, self._begun = state
        self.types, self._profile = {}, {}

    def begin(self, capabilities: Capabilities, types: Types, rates: tuple[Rate, ...]) -> tuple[Capabilities, Types]:
        """The capabilities and types to begin a run with. What was learned holds for as long as its profile says the same."""
        if self.capabilities is None or self._begun != (capabilities, rates):
            self._begun, self._profile = (capabilities, rates), {}
            self.pace, self.capabilities = Pace(rates), capabilities
        if self._profile != types:
            self._profile = self.types = types
        return self.capabilities, self.types

    def keep(self, capabilities: Capabilities, types: Types) -> None:
        """Keep what a run has learned, but that groups show members: a listing may still be cut, and only the profile can rule that out."""
        if capabilities.members_readable and self._begun:
            stated, _rates = self._begun
            capabilities = replace(capabilities, members_readable=stated.members_readable)
        self.capabilities, self.types = capabilities, types


class Sessions:
    """Each ``Known`` by all options of its connection, so none is that of another tenant or credential."""

    def __init__(self, most: int = MOST, memory: ForkedMemory | None = None) -> None:
        """Processes that are forked later share the ``memory``."""
        self._most = most
        self._memory = memory
        self._salt = os.urandom(32)
        self._known: dict[bytes, Known] = {}

    def known(self, options: Mapping[str, Any]) -> Known:
        """What is known of the connection with these options. The one that was not used for the longest time is closed for a new one."""
        key = self._key(options, os.getpid())
        known = self._known.pop(key, None) or self._of_other_processes(options) or Known()
        self._known[key] = known
        while len(self._known) > self._most:
            self._known.pop(next(iter(self._known))).session.close()
        return known

    def learn(self, options: Mapping[str, Any], client: Client) -> None:
        """Keep what a run with these options has learned."""
        known = self.known(options)
        known.keep(client.capabilities, client.types)
        if self._memory:
            self._memory.keep(self._key(options), known)

    def _of_other_processes(self, options: Mapping[str, Any]) -> Known | None:
        found: Known | None = self._memory.get(self._key(options)) if self._memory else None
        return found

    def _key(self, options: Mapping[str, Any], process: int = 0) -> bytes:
        """A keyed hash: the options have secrets. Connections that were open before a fork or for other certificates are not used."""
        text = json.dumps([process, options, [_state(options.get(name)) for name in FILES]], sort_keys=True, default=repr)
        return hmac.digest(self._salt, text.encode(), "sha256")


def _state(path: str | None) -> tuple[int, ...]:
    """What differs once a file was replaced or written."""
    with suppress(OSError):
        found = os.stat(path or "")
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size
    return ()
