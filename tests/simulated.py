# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service provider in memory, in the place of ``Transport``: the real client, plan and apply run against it without a network.

It is strict where RFC 7644 is: an operation that makes no sense is an ``AssertionError``, a second userName a 409, an old version a 412.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import unquote

from ansible_collections.identity.scim.plugins.module_utils._engine.redact import Redactor, passwords
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.client import Client
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import AnswerLost, Refused
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.answers import refusal
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.request_ids import RequestIds
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Capabilities
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES
from ansible_collections.identity.scim.tests.simulated_bodies import chosen, patch_members, removed_again
from ansible_collections.identity.scim.tests.simulated_habits import Faults, Habits, Written
from ansible_collections.identity.scim.tests.unit.properties.oracle import patched

__all__ = ["ASKING", "ENDPOINTS", "Body", "Faults", "Habits", "Simulated", "Written"]

Body = dict[str, Any]
ENDPOINTS = {resource_type.endpoint: resource_type for resource_type in RESOURCE_TYPES.values()}
ASKING = re.compile(r'(?:id eq (?P<group>"[^"]*") and )?members(?P<value>\.value)? eq (?P<member>"[^"]*")')
_EQUALS = re.compile(r'(?P<path>\S+) eq (?P<value>"(?:[^"\\]|\\.)*"|true|false)(?: or |$)')


def _active(body: Body) -> Body:
    return {"active": body["active"]} if "active" in body else {}


class Simulated:
    """Users and groups by id. ``requests`` counts what was asked, ``asked`` names it, ``written`` is what was changed."""

    url = "https://simulated.example/scim"
    understood = True  # that answers are those of SCIM
    copies = True  # of what is answered; not needed where answers become text
    warning = ""  # of its credential; it has none

    def __init__(
        self, users: Iterable[Body] = (), groups: Iterable[Body] = (), habits: Habits | None = None, faults: Faults | None = None
    ) -> None:
        self.habits = habits or Habits()
        self.faults = faults or Faults()
        self.requests = 0
        self.writes = 0
        self.asked: list[str] = []
        self.written: list[Written] = []
        self._versions = itertools.count(1)
        self._ids = itertools.count(1)
        self._lock = threading.RLock()
        self.request_ids = RequestIds()
        self.redact = Redactor()
        self.schemas: list[Body] = []
        self.now = 0.0  # seconds, which pass only in pauses
        self._before: list[tuple[float, str, str, Body | None]] = []  # when something was written where, and what was there before
        self.stored: dict[str, dict[str, Body]] = {"/Users": {}, "/Groups": {}}
        for endpoint, found in (("/Users", users), ("/Groups", groups)):
            for body in found:
                self._store(endpoint, str(body["id"]), body)
        self._before.clear()

    @property
    def users(self) -> dict[str, Body]:
        """Users by id."""
        return self.stored["/Users"]

    @property
    def groups(self) -> dict[str, Body]:
        """Groups by id."""
        return self.stored["/Groups"]

    def members(self, group_id: str) -> list[str]:
        """The ids of a group's members."""
        return [member["value"] for member in self.groups[group_id].get("members", ())]

    def client(self, **known: Any) -> Client:
        """The collection's client for this provider, of which it knows nothing but what is given."""
        known = {"concurrency": 1, "page_size": self.habits.page_size, **known}
        return Client(self, Capabilities().corrected(known), RESOURCE_TYPES)  # type: ignore[arg-type]

    def add(self, endpoint: str, resource_id: str, body: Body) -> None:
        """Create or replace a resource by another hand, which is no write of the collection."""
        self._store(endpoint, resource_id, body)

    def remove(self, endpoint: str, resource_id: str) -> None:
        """Delete a resource by another hand."""
        del self.stored[endpoint][resource_id]
        self._left(resource_id)

    # -- in the place of Transport -------------------------------------------------------------------------------------------------------

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
    ) -> Answer:
        """One request; as the real one does, a repeatable one is repeated when its answer is lost."""
        with self._lock:
            for attempt in itertools.count():
                self.requests += 1
                self.asked.append(f"{method} {path}")
                self.writes += method != "GET"
                happens = self.faults.lost.get(self.writes) if method != "GET" else None
                sent = json.loads(json.dumps(body))
                if method != "GET":
                    self.request_ids.note({"X-Request-Id": f"request-{self.requests}"})
                if happens is None:
                    try:
                        return self._answer(method, path, params or {}, sent, headers or {}, again=attempt > 0 or bool(self.faults.lost))
                    except Refused as refused:
                        refused.repeated = refused.repeated or attempt > 0
                        raise
                if happens:
                    self._quietly(method, path, params or {}, sent, headers or {}, again=attempt > 0 or bool(self.faults.lost))
                if not repeatable:
                    raise AnswerLost(f"{method} {path}: the answer was lost. It may have happened or not.")
        raise AssertionError("never reached")

    def answer(self, method: str, path: str, params: Mapping[str, str], body: Any, headers: Mapping[str, str]) -> Answer:
        """The answer to one request, which may be a repeated one.

        :raises Refused: with the provider's error.
        """
        return self._answer(method, path, params, body, headers, again=True)

    def redactor(self, body: Any) -> Redactor:
        return self.redact.including(passwords(body))

    @property
    def rate(self) -> None:
        """There is no limit here."""

    def at_once(self, most: int) -> int:
        """All of them: there is no limit here."""
        return most

    def rest(self, attempt: int) -> bool:
        """It takes no time here."""
        return attempt < 2

    def pause(self, seconds: float) -> None:
        """Let time pass, in no time."""
        self.now += seconds

    def _quietly(self, *request: Any, again: bool) -> None:
        try:
            self._answer(*request, again=again)
        except Refused:
            return

    def _answer(self, method: str, path: str, params: Mapping[str, str], body: Any, headers: Mapping[str, str], again: bool) -> Answer:
        endpoint, _slash, quoted = path[1:].partition("/")
        resource_id = unquote(quoted)
        if path == "/ServiceProviderConfig":
            return self._answered(200, {"bulk": {"supported": bool(self.habits.bulk), "maxOperations": self.habits.bulk}})
        if path == "/Schemas" and self.schemas:
            return self._answered(200, {"totalResults": len(self.schemas), "Resources": self.schemas})
        if path == "/Me" and method == "GET":
            return self._answered(200, self._whole("/Users", self._there("/Users", self.habits.me)))
        if path == "/Bulk":
            return self._bulk(body)
        if f"/{endpoint}" not in self.stored:
            raise self._refused(404, method, path)
        if method == "GET":
            return self._get(f"/{endpoint}", resource_id, params)
        return self._write(method, f"/{endpoint}", resource_id, params, body, headers, again)

    def _answered(self, status: int, body: Any = None, **headers: str) -> Answer:
        return Answer(status, deepcopy(body) if self.copies else body, headers)

    @staticmethod
    def _refused(status: int, method: str, path: str, scim_type: str = "", detail: str = "refused here") -> Refused:
        content = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": str(status),
            "scimType": scim_type,
            "detail": detail,
        }
        return refusal(f"{method} {path}", status, json.dumps(content).encode(), lambda text: text)

    # -- reading -------------------------------------------------------------------------------------------------------------------------

    def _seen(self, endpoint: str) -> dict[str, Body]:
        """What a read shows: the state of some seconds ago, where it lags behind."""
        seen = self.stored[endpoint]
        for when, where, resource_id, before in reversed(self._before if self.habits.lag else []):
            if when + self.habits.lag <= self.now:
                break
            if where == endpoint:
                others = {key: body for key, body in seen.items() if key != resource_id}
                seen = others if before is None else {**seen, resource_id: before}
        return seen

    def _there(self, endpoint: str, resource_id: str) -> Body:
        """What a read shows of a resource; none is found that was created a moment ago, where reads lag behind."""
        seen = self._seen(endpoint)
        if resource_id not in seen:
            raise self._refused(404, "GET", f"{endpoint}/{resource_id}")
        return seen[resource_id]

    def _whole(self, endpoint: str, body: Body) -> Body:
        if endpoint == "/Groups":
            shown = list(body.get("members", ()))[: self.habits.most_shown] if self.habits.shows_members else []
            return {**body, "members": shown} if "members" in body or not self.habits.shows_members else body
        groups = [
            {"value": g["id"], "display": g["displayName"], "type": "direct"}
            for g in self.groups.values()
            if body["id"] in self.members(g["id"])
        ]
        return {**body, "groups": groups} if groups else body

    def _chosen(self, body: Body, params: Mapping[str, str]) -> Body:
        """What is answered of a resource."""
        asked = params.get("attributes", "")
        if self.habits.members_on_request and "members" not in asked.split(","):
            body = {name: value for name, value in body.items() if name != "members"}
        if self.habits.projects == "core":
            asked = ",".join(name for name in asked.split(",") if not name.startswith("urn:"))
        return chosen(body, asked, params.get("excludedAttributes", ""))

    def _listed(self, group: Body) -> Body:
        """A group as a list shows it."""
        if not self.habits.members_in_lists:
            return {name: value for name, value in group.items() if name != "members"}
        found = [member for member in group.get("members", ()) if self.habits.lists_nested or member["value"] not in self.groups]
        return {**group, "members": found[: self.habits.most_listed]} if "members" in group else group

    def _get(self, endpoint: str, resource_id: str, params: Mapping[str, str]) -> Answer:
        if resource_id:
            return self._answered(200, self._chosen(self._whole(endpoint, self._there(endpoint, resource_id)), params))
        if not self.habits.lists and "filter" not in params:
            raise self._refused(403, "GET", endpoint)
        found = [body for body in self._seen(endpoint).values() if self._matches(body, params.get("filter", ""))]
        if not self.habits.lists_inactive and ("filter" not in params or self.habits.filters == "ignored"):
            found = [body for body in found if body.get("active") is not False]
        first = int(params.get("cursor") or params.get("startIndex") or 1) - 1
        size = min(int(params.get("count", self.habits.page_size)), self.habits.page_size)
        page = [self._chosen(self._whole(endpoint, body), params) for body in found[first : first + size]]
        if endpoint == "/Groups":
            page = [self._listed(body) for body in page]
        answer: Body = {"Resources": page, "startIndex": first + 1, "itemsPerPage": len(page)}
        if self.habits.tells_total:
            answer["totalResults"] = len(found) + self.habits.hidden
        if self.habits.cursors and first + size < len(found):
            answer["nextCursor"] = str(first + size + 1)
        return self._answered(200, answer)

    def _matches(self, body: Body, wanted: str) -> bool:
        if not wanted or self.habits.filters == "ignored":
            return True
        if self.habits.filters == "refused":
            raise self._refused(400, "GET", "/", "invalidFilter")
        question = ASKING.fullmatch(wanted)
        if question:
            return self._is_member(body, question)
        asked = list(_EQUALS.finditer(wanted))
        assert sum(len(part[0]) for part in asked) == len(wanted), f"no filter that this provider knows: {wanted}"
        asked = asked[: self.habits.comparisons]
        return any(self._equal(body, part["path"], json.loads(part["value"])) for part in asked)

    def _is_member(self, body: Body, question: re.Match[str]) -> bool:
        form = "member" if question["group"] is None else "pair" if question["value"] else "pair without value"
        if "nothing" in self.habits.membership_filters:
            return False
        if "overlooked" in self.habits.membership_filters:
            return question["group"] is None or body["id"] == json.loads(question["group"])
        if form not in self.habits.membership_filters:
            raise self._refused(400, "GET", "/Groups", "invalidFilter")
        is_meant = form == "member" or body["id"] == json.loads(question["group"])
        return is_meant and json.loads(question["member"]) in [member["value"] for member in body.get("members", ())]

    def _equal(self, body: Body, path: str, value: Any) -> bool:
        if path == "members.value" and "nothing" in self.habits.membership_filters:
            return False
        found = [body.get(path)]
        if path in ("members.value", "emails.value"):
            found = [element["value"] for element in body.get(path.partition(".")[0], ())]
        elif path.startswith("urn:"):
            found = [body.get(path.rpartition(":")[0], {}).get(path.rpartition(":")[2])]
        folds = path in ("userName", "displayName", "emails.value") and self.habits.filters != "exact"
        return any(str(one).casefold() == str(value).casefold() if folds else one == value for one in found if one is not None)

    # -- writing -------------------------------------------------------------------------------------------------------------------------

    def _write(
        self, method: str, endpoint: str, resource_id: str, params: Mapping[str, str], body: Any, headers: Mapping[str, str], again: bool
    ) -> Answer:
        status = self.faults.refuses(method, f"{endpoint}/{resource_id}".rstrip("/"), body)
        if status:
            raise self._refused(status, method, f"{endpoint}/{resource_id}")
        if method == "POST":
            return self._post(endpoint, body)
        before = {**self._there(endpoint, resource_id), **self.stored[endpoint].get(resource_id, {})}
        if resource_id not in self.stored[endpoint]:  # a read may still show it
            raise self._refused(404, method, f"{endpoint}/{resource_id}")
        if method == "DELETE" and "deletions" in self.habits.ignores:
            return self._answered(204)
        if method == "DELETE" and endpoint == "/Users" and self.habits.deletion == "refused":
            raise self._refused(405, method, endpoint)
        if method == "DELETE" and endpoint == "/Users" and self.habits.deletion == "deactivates":
            self.written.append(Written(method, f"{endpoint}/{resource_id}"))
            self._store(endpoint, resource_id, {**before, "active": False})
            return self._answered(204)
        if method == "DELETE":
            self._before.append((self.now, endpoint, resource_id, before))
            del self.stored[endpoint][resource_id]
            self._left(resource_id)
            self.written.append(Written(method, f"{endpoint}/{resource_id}"))
            return self._answered(204)
        if (method == "PATCH" and not self.habits.patch) or (method == "PUT" and not self.habits.put):
            raise self._refused(405, method, endpoint)
        if method == "PUT":
            assert body["id"] == resource_id
            if headers.get("If-Match", before["meta"]["version"]) != before["meta"]["version"]:
                raise self._refused(412, method, endpoint)
            after = {**body, "id": resource_id}
        else:
            self._check_attributes(body["Operations"], f"{endpoint}/{resource_id}")
            known = self._chosen(before, params) if self.habits.stores_projection else before
            after = self._patched(known, body["Operations"], again)
        if "active" in self.habits.ignores:
            after = {**{name: value for name, value in after.items() if name != "active"}, **_active(before)}
        self._check(endpoint, resource_id, after)
        self.written.append(Written(method, f"{endpoint}/{resource_id}", body))
        stored = self._store(endpoint, resource_id, after)
        if after.get("active") is False and self.habits.deactivation == "deletes":
            del self.stored[endpoint][resource_id]
            self._left(resource_id)
            return self._answered(204)
        silent = method == "PATCH" and not self.habits.answers_patch
        shown = {} if self.habits.members_on_request else params  # Keycloak never shows them in the answer to a write
        return self._answered(204) if silent else self._answered(200, self._chosen(self._whole(endpoint, stored), shown))

    def _check_attributes(self, operations: list[Body], path: str) -> None:
        """A PATCH must be of attributes that there are, and that can be changed."""
        for scim_type, names in (("invalidPath", self.habits.lacks | self.habits.put_only), ("mutability", self.habits.immutable)):
            refused = [operation["path"] for operation in operations if re.split(r"[.:]", operation["path"])[0] in names]
            if refused:
                raise self._refused(400, "PATCH", path, scim_type, f"not here: {refused[0]}" if self.habits.names_refused else "not here")

    def _post(self, endpoint: str, body: Body) -> Answer:
        assert "id" not in body, "an id is the provider's (RFC 7643 §3.1)"
        self._check(endpoint, "", body)
        resource_id = f"{endpoint[1].lower()}{next(self._ids):04}"
        given = {name: value for name, value in body.items() if name != "active" or "active" not in self.habits.ignores}
        if endpoint == "/Groups" and body.get("members") and self.habits.members_in_body == "refused":
            raise self._refused(400, "POST", endpoint, "invalidSyntax", "members are not supported here")
        if endpoint == "/Groups" and self.habits.members_in_body == "ignored":
            given.pop("members", None)
        given |= {"displayName": self.habits.prefix + body["displayName"]} if endpoint == "/Groups" else {}
        stored = self._store(endpoint, resource_id, {**given, "id": resource_id})
        self.written.append(Written("POST", endpoint, body))
        if not self.habits.answers_post:
            return self._answered(201)
        return self._answered(201, self._chosen(self._whole(endpoint, stored), {}), Location=f"{self.url}{endpoint}/{resource_id}")

    def _check(self, endpoint: str, resource_id: str, body: Body) -> None:
        """What must be unique is (RFC 7643 §4.1.1), and members are there."""
        name = str(body.get(ENDPOINTS[endpoint].name_attribute) or "")
        assert name, f"a resource without a name: {body}"
        attribute, others = ENDPOINTS[endpoint].name_attribute, [o for o in self.stored[endpoint].values() if o["id"] != resource_id]
        is_unique = self.habits.unique_names if endpoint == "/Users" else self.habits.unique_groups
        taken = is_unique and any(other[attribute].casefold() == name.casefold() for other in others)
        mails = {m["value"].casefold() for m in body.get("emails", ())} if self.habits.unique_emails else set()
        if taken or any(m["value"].casefold() in mails for other in others for m in other.get("emails", ())):
            raise self._refused(409, "POST", endpoint, "uniqueness")
        unknown = [m["value"] for m in body.get("members", ()) if m["value"] not in self.users and m["value"] not in self.groups]
        if unknown:
            raise self._refused(400, "PATCH", endpoint, "invalidValue", f"no such member: {unknown}")

    def _store(self, endpoint: str, resource_id: str, body: Body) -> Body:
        resource_type = ENDPOINTS[endpoint]
        stored = {
            name: value
            for name, value in deepcopy(body).items()
            if name not in ("password", "groups", *self.habits.drops, *self.habits.lacks)
        }
        if self.habits.folds and endpoint == "/Users":
            stored["userName"] = stored["userName"].lower()
            for mail in stored.get("emails", ()):
                mail["value"] = mail["value"].lower()
        meta = {
            "resourceType": resource_type.name,
            "version": f'W/"{next(self._versions)}"',
            "location": f"{self.url}{endpoint}/{resource_id}",
        }
        self._before.append((self.now, endpoint, resource_id, self.stored[endpoint].get(resource_id)))
        self.stored[endpoint][resource_id] = {"schemas": [resource_type.schema.urn], **stored, "id": resource_id, "meta": meta}
        return self.stored[endpoint][resource_id]

    def _left(self, resource_id: str) -> None:
        """Who is deleted is a member of nothing."""
        for group in list(self.groups.values()):
            if resource_id in self.members(group["id"]):
                kept = [member for member in group["members"] if member["value"] != resource_id]
                self.groups[group["id"]] = {**group, "members": kept}

    def _patched(self, before: Body, operations: list[Body], again: bool) -> Body:
        after, touched = deepcopy(before), 0
        for operation in operations:
            if operation["path"].startswith("members"):
                touched += patch_members(after, operation, self.habits)
            else:
                after = removed_again(after, operation) if again and operation["op"] == "remove" else patched(after, [operation])
        if touched > self.habits.most_members:
            raise self._refused(400, "PATCH", "/Groups", "tooMany", f"more than {self.habits.most_members} members")
        return after

    # -- bulk ----------------------------------------------------------------------------------------------------------------------------

    def _bulk(self, body: Body) -> Answer:
        operations = body["Operations"]
        if not self.habits.bulk:
            raise self._refused(501, "POST", "/Bulk")
        if len(operations) > self.habits.bulk:
            raise self._refused(413, "POST", "/Bulk")
        return self._answered(200, {"Operations": [self._one_of_bulk(operation) for operation in operations]})

    def _one_of_bulk(self, operation: Body) -> Body:
        method, path = operation["method"], operation["path"]
        told = {"method": method} | ({"bulkId": operation["bulkId"]} if self.habits.echoes_bulk_id else {})
        try:
            answer = self._answer(method, path, {}, operation.get("data"), {}, again=True)
        except Refused as refused:
            response = {"status": str(refused.status), "scimType": refused.scim_type, "detail": refused.detail}
            return {**told, "status": str(refused.status), "response": response}
        location = answer.headers.get("Location", f"{self.url}{path}")
        return {**told, "status": str(answer.status), "location": location}
