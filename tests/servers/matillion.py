# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Matillion's SCIM service as its documentation describes it, held to the letter: what is not documented is refused by name.

``post_only=True`` is the page "Create SCIM User" alone; without it there are also the other documented calls (read, PUT and PATCH a user,
read, PUT and PATCH a group) and, not documented but needed by anyone who has not stored ids, the two listings with ``userName eq`` and
``displayName eq``. There is no discovery, no DELETE and no creating of groups: groups are Matillion's roles, made by ``add_group``.
Unlike RFC 7643, ``meta`` is required, references are called ``ref``, and only ``application/json`` is understood.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import unquote

from .faults import scim_error, throttle
from .limits import FixedWindow, Limit, TokenBucket
from .matillion_document import GROUP, Body, document_problems, problems
from .patching import PatchRefused, names_changed, operations_of, patched
from .serving import Answer, Request, Server

TOKEN = "matillion-token"

GROUP_WRITABLE = frozenset({"displayName", "externalId", "members"})
SERVERS_OWN = frozenset({"id", "meta", "groups", "schemas"})
URNS = {kind: f"urn:ietf:params:scim:schemas:core:2.0:{kind[:-1]}" for kind in ("Users", "Groups")}
NAMING = {"Users": "userName", "Groups": "displayName"}
PAGE = 100
EDITIONS: Mapping[str, Callable[[], Limit]] = {  # of the documentation: 1,000 a minute, and before that 60 with bursts of 5
    "1000 a minute": lambda: FixedWindow(1000, 60),
    "60 a minute": lambda: TokenBucket(1, 5),
}
NOT_FOUND = Answer.of_text(404, "<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>", "text/html")


class Refused(Exception):
    def __init__(self, status: int, detail: str, scim_type: str = "") -> None:
        super().__init__(detail)
        self.answer = _json(status, scim_error(status, detail, scim_type))


def _json(status: int, body: Body, **headers: str) -> Answer:
    return Answer.of_json(status, body, "application/json", **headers)


class MatillionServer(Server):
    """``users`` and ``groups`` are what is stored, by id; ``passwords`` what was sent. ``EDITIONS`` has values of ``limit``."""

    root = "/dpc/v1/directory-integration/scim/v2"

    def __init__(
        self,
        *,
        post_only: bool = False,
        limit: Limit | None = None,
        clock: Callable[[], float] = time.monotonic,
        token: str = TOKEN,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.post_only = post_only
        self.token = token
        self.users: dict[str, Body] = {}
        self.groups: dict[str, Body] = {}
        self.passwords: dict[str, str] = {}
        self._meta: dict[str, Body] = {}
        self._versions = count(1)
        self._lock = threading.RLock()
        self._throttle = throttle(limit, clock=clock) if limit else None
        super().__init__(self._limited, tls)

    def add_user(self, user_name: str, **attributes: Any) -> str:
        """Seed a user and return the id."""
        with self._lock:
            return self._store(self.users, str(uuid.uuid4()), {"userName": user_name, "active": True, **attributes})

    def add_group(self, display_name: str, *member_ids: str, **attributes: str) -> str:
        """Seed a group, which is a role in the account or in a project, and return the id."""
        account = {"accountId": "a-1", "accountName": "Acme", "environment": "e-1"}
        place = {**account, "projectId": str(uuid.uuid4()), "projectName": "Sales", "role": "VIEWER"}
        members = [{"value": member} for member in member_ids]
        with self._lock:
            return self._store(self.groups, str(uuid.uuid4()), {"displayName": display_name, "members": members, **place, **attributes})

    def _limited(self, request: Request) -> Answer:
        return self._throttle(request, self._answer) if self._throttle else self._answer(request)

    def _answer(self, received: Request) -> Answer:
        request = Request(received.method, received.target, received.headers, received.body, self.root)
        try:
            if request.headers.get("Authorization") != f"Bearer {self.token}":
                raise Refused(401, "A valid bearer token is required.")
            if request.method in ("POST", "PUT", "PATCH") and _media_type(request) != "application/json":
                raise Refused(415, "The content type must be application/json.")
            with self._lock:
                return self._route(request)
        except Refused as refused:
            return refused.answer
        except PatchRefused as refused:
            return _json(400, scim_error(400, str(refused), refused.scim_type))

    def _route(self, request: Request) -> Answer:
        segments = [unquote(segment) for segment in request.path.strip("/").split("/")]
        allowed = self._methods(segments, request)
        if allowed is None:
            return NOT_FOUND
        if request.method not in allowed:
            return Answer.of_text(405, "Method Not Allowed", Allow=", ".join(allowed))
        return allowed[request.method]()

    def _methods(self, segments: list[str], request: Request) -> Mapping[str, Callable[[], Answer]] | None:
        """What a path can do; None where there is no such path."""
        match segments:
            case ["Users"] if self.post_only:
                return {"POST": partial(self._create, request)}
            case _ if self.post_only:
                return None
            case ["Users"]:
                return {"GET": partial(self._list, "Users", request), "POST": partial(self._create, request)}
            case ["Groups"]:
                return {"GET": partial(self._list, "Groups", request)}
            case ["Users", found] if found in self.users:
                changes = {"PUT": partial(self._replace, found, request), "PATCH": partial(self._patch_user, found, request)}
                return {"GET": partial(self._read, "Users", found, request), **changes}
            case ["Groups", found] if found in self.groups:
                changes = {"PUT": partial(self._replace_group, found, request), "PATCH": partial(self._patch_group, found, request)}
                return {"GET": partial(self._read, "Groups", found, request), **changes}
            case ["Users" | "Groups", missing]:
                raise Refused(404, f"Resource {missing} not found.")
            case _:
                return None

    def _create(self, request: Request) -> Answer:
        body = self._user_body(request.json)
        made = self._accept(str(uuid.uuid4()), body)
        shown = self._shown("Users", made, request)
        return _json(201, shown, Location=shown["meta"]["location"])

    def _replace(self, found: str, request: Request) -> Answer:
        self._accept(found, self._user_body(request.json))
        return self._read("Users", found, request)

    def _patch_user(self, found: str, request: Request) -> Answer:
        operations = operations_of(request.json)
        _refuse_names(names_changed(operations) & SERVERS_OWN)
        self._accept(found, self._user_body({**patched(self.users[found], operations), "meta": {}}))
        return self._read("Users", found, request)

    def _patch_group(self, found: str, request: Request) -> Answer:
        operations = operations_of(request.json)
        _refuse_names(names_changed(operations) & set(GROUP) - GROUP_WRITABLE)
        return self._accept_group(found, patched(self.groups[found], operations), request)

    def _replace_group(self, found: str, request: Request) -> Answer:
        """Only what can be written is replaced: a role stays what it is."""
        if wrong := list(problems(request.json, GROUP, "")):
            raise Refused(400, "; ".join(wrong), "invalidValue")
        own = {name: value for name, value in self.groups[found].items() if name not in GROUP_WRITABLE}
        written = {name: value for name, value in request.json.items() if name in GROUP_WRITABLE}
        return self._accept_group(found, {"members": [], **own, **written}, request)

    def _accept_group(self, found: str, after: Body, request: Request) -> Answer:
        wrong = list(problems(after, GROUP, ""))
        if wrong:
            raise Refused(400, "; ".join(wrong), "invalidValue")
        values = dict.fromkeys(member.get("value") for member in after.get("members", []))
        if strangers := [value for value in values if value not in self.users]:
            raise Refused(400, f"members: there is no user {strangers[0]}", "invalidValue")
        self._store(self.groups, found, {**after, "members": [{"value": value} for value in values]})
        return self._read("Groups", found, request)

    @staticmethod
    def _user_body(body: Any) -> Body:
        if wrong := list(document_problems(body)):
            raise Refused(400, "; ".join(wrong), "invalidValue")
        return {name: value for name, value in body.items() if name not in SERVERS_OWN}

    def _accept(self, found: str, body: Body) -> str:
        name = body.get("userName", "").casefold()
        if name and any(other != found and user.get("userName", "").casefold() == name for other, user in self.users.items()):
            raise Refused(409, f"userName {body['userName']} is taken.", "uniqueness")
        if "password" in body:
            self.passwords[found] = body.pop("password")
        return self._store(self.users, found, body)

    def _store(self, stored: dict[str, Body], found: str, body: Body) -> str:
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._meta[found] = {"created": now, **self._meta.get(found, {}), "lastModified": now, "version": str(next(self._versions))}
        stored[found] = body
        return found

    def _list(self, kind: str, request: Request) -> Answer:
        chosen = [found for found, body in self._stored(kind).items() if _filter(request.query.get("filter"), NAMING[kind])(body)]
        start = max(1, int(request.query.get("startIndex", 1)))
        page = chosen[start - 1 :][: min(PAGE, int(request.query.get("count", PAGE)))]
        listed = {"totalResults": len(chosen), "startIndex": start, "itemsPerPage": len(page)}
        resources = [self._shown(kind, found, request) for found in page]
        return _json(200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], **listed, "Resources": resources})

    def _read(self, kind: str, found: str, request: Request) -> Answer:
        return _json(200, self._shown(kind, found, request))

    def _stored(self, kind: str) -> dict[str, Body]:
        return self.users if kind == "Users" else self.groups

    def _shown(self, kind: str, found: str, request: Request) -> Body:
        """A resource as it is answered, under the names of the page."""
        at = f"{self.scheme}://{request.headers.get('Host')}{self.root}"
        meta = {**self._meta[found], "resourceType": kind[:-1], "location": f"{at}/{kind}/{found}"}
        body = self._stored(kind)[found]
        if kind == "Users":
            own = [(group, held) for group, held in self.groups.items() if {"value": found} in held["members"]]
            groups = [
                {"display": held["displayName"], "ref": f"{at}/Groups/{group}", "type": "DIRECT", "value": group} for group, held in own
            ]
            derived: Body = {"groups": groups} if groups else {}
        else:
            derived = {"members": [self._member(member["value"], at) for member in body["members"]]}
        return {"schemas": [URNS[kind]], "id": found, **body, **derived, "meta": meta}

    def _member(self, found: str, at: str) -> Body:
        return {"display": self.users[found].get("userName", found), "ref": f"{at}/Users/{found}", "type": "USER", "value": found}


def _media_type(request: Request) -> str:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _refuse_names(names: set[str] | frozenset[str]) -> None:
    if names:
        raise Refused(400, f"{', '.join(sorted(names))} cannot be changed.", "mutability")


def _filter(text: str | None, name: str) -> Callable[[Body], bool]:
    """``NAME eq "text"`` in any case, or no filter at all."""
    if text is None:
        return lambda body: True
    match = re.fullmatch(rf'(?i:{name}) (?i:eq) ("(?:[^"\\]|\\.)*")', text)
    if match is None:
        raise Refused(400, f'The only filter is {name} eq "…".', "invalidFilter")
    wanted = json.loads(match[1]).casefold()
    return lambda body: str(body.get(name, "")).casefold() == wanted
