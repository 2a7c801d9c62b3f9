# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about a server: how it is installed, started and entered, what its store holds, and what it cannot do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from servers.direct import Direct

from .packages import Packages

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Running:
    """A started server: its origin, the folder it was installed into, a folder for its data, and a secret of this run."""

    origin: str
    installed: Path
    data: Path
    secret: str


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the server's store has it."""

    id: str
    user_name: str
    active: bool


class Store(Protocol):
    """What the server itself holds, asked behind the collection's back."""

    def accounts(self) -> list[Account]:
        """All accounts."""

    def groups(self) -> list[tuple[str, list[str]]]:
        """The name of each group with the sorted user names of its members."""

    def add_member(self, group: str, user_name: str) -> None:
        """Add a user to a group."""

    def remove_member(self, group: str, user_name: str) -> None:
        """Remove a user from a group."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach SCIM: options of the collection beside ``url``, a token for requests of the tests themselves, and the store."""

    connection: Mapping[str, Any]
    direct: Direct
    store: Store


@dataclass(frozen=True, slots=True)
class Limit:
    """Why a server cannot pass a check. It counts only where a message of the collection matches ``message``."""

    reason: str
    message: str

    def said(self, messages: Iterable[str]) -> str:
        """The first message that says it; an empty text where none does."""
        return next((message for message in messages if re.search(self.message, message)), "")


@dataclass(frozen=True, slots=True)
class Known:
    """Why a server fails a check, whatever the collection does. It counts only where the failure matches ``failure``."""

    reason: str
    failure: str


@dataclass(frozen=True, slots=True)
class Server:
    """``command`` and ``environment`` take {port}, {origin}, {installed}, {data}, {secret} and {path} (of executables)."""

    name: str
    title: str
    packages: Packages
    command: Sequence[str]
    base: str
    ready: str
    enter: Callable[[Running, str], Access]
    environment: Mapping[str, str] = field(default_factory=dict)
    stores: Sequence[str] = ("name", "display_name", "emails", "active")  # of the basic attributes, which most checks declare
    limits: Mapping[str, Limit] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScimStore:
    """A store that SCIM shows as it is."""

    direct: Direct

    def accounts(self) -> list[Account]:
        return [Account(user["id"], user["userName"], user.get("active", True)) for user in self.all("/Users")]

    def groups(self) -> list[tuple[str, list[str]]]:
        names = {account.id: account.user_name for account in self.accounts()}
        groups = [self.direct.get(f"/Groups/{group['id']}") for group in self.all("/Groups")]
        return [(group["displayName"], sorted(names.get(m["value"], "?") for m in group.get("members") or ())) for group in groups]

    def add_member(self, group: str, user_name: str) -> None:
        value = [{"value": self._user(user_name)}]
        self.direct.patch(f"/Groups/{self._group(group)}", {"op": "add", "path": "members", "value": value})

    def remove_member(self, group: str, user_name: str) -> None:
        path = f'members[value eq "{self._user(user_name)}"]'
        self.direct.patch(f"/Groups/{self._group(group)}", {"op": "remove", "path": path})

    def all(self, path: str) -> list[Body]:
        """Every resource once, whether the server honours ``startIndex`` or not."""
        found: dict[str, Body] = {}
        while new := {one["id"]: one for one in self._page(path, len(found) + 1) if one["id"] not in found}:
            found |= new
        return list(found.values())

    def _page(self, path: str, start: int) -> list[Body]:
        return list(self.direct.get(path, startIndex=start, count=100).get("Resources") or ())

    def _user(self, user_name: str) -> str:
        return next(account.id for account in self.accounts() if account.user_name == user_name)

    def _group(self, name: str) -> str:
        return next(group["id"] for group in self.all("/Groups") if group["displayName"] == name)


def bearer(running: Running, base: str, store: Callable[[Direct], ScimStore] = ScimStore) -> Access:
    """SCIM with the secret of the run as a bearer token. ``store`` reads what the server has."""
    direct = Direct(base, running.secret)
    return Access({"token": running.secret}, direct, store(direct))
