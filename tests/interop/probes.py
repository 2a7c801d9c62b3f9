# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a server deviates from RFC 7643 and RFC 7644, asked of it directly, without the collection: what was sent, and what came back.

What the RFCs leave open (bulk, sorting, versions, /Me) is no deviation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from servers.direct import Direct

from .results import Deviation

Body = dict[str, Any]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SCIM = "application/scim+json"
CREATED = 201
# What a user is made with: one attribute of each kind, each of them readWrite in RFC 7643.
ATTRIBUTES: Mapping[str, Any] = {
    "externalId": "probe-1", "displayName": "Probe Person", "nickName": "Probe", "profileUrl": "https://probe.example/1",
    "title": "Engineer", "userType": "Employee", "preferredLanguage": "en", "locale": "en-US", "timezone": "Europe/Berlin",
    "name": {"givenName": "Probe", "familyName": "Person"}, "emails": [{"value": "probe-1@example.com"}],
    "phoneNumbers": [{"value": "+49 30 1234567"}], "addresses": [{"locality": "Berlin"}], "roles": [{"value": "reader"}],
    "entitlements": [{"value": "seat"}], ENTERPRISE: {"department": "Engineering"},
}  # fmt: skip
TYPED = ("emails", "phoneNumbers", "addresses")
SHORT = {ENTERPRISE: "the enterprise extension"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A response, and the exchange in one line with ids left out."""

    status: int
    body: Body
    shows: str

    @property
    def ok(self) -> bool:
        return self.status < 400

    @property
    def resources(self) -> list[Body]:
        return list(self.body.get("Resources") or ())


class Probed:
    """A server with two users and a group that has the first as its member."""

    def __init__(self, direct: Direct) -> None:
        self.direct = direct
        self.ids: dict[str, str] = {}
        typed = {name: [{**ATTRIBUTES[name][0], "type": "work"}] for name in TYPED}
        self.made = self.create("/Users", "USER", schemas=[USER, ENTERPRISE], userName="probe-1@example.com", **{**ATTRIBUTES, **typed})
        if not self.made.ok:  # one that refuses what it does not know takes the least
            self.made = self.create("/Users", "USER", schemas=[USER], userName="probe-1@example.com", **self.least("probe-1@example.com"))
        self.other = self.create("/Users", "OTHER", schemas=[USER], userName="probe-2@example.com", **self.least("probe-2@example.com"))
        members = [{"value": self.made.body.get("id")}]
        self.group = self.create("/Groups", "GROUP", schemas=[GROUP], displayName="Probe group", members=members)
        if not self.group.ok:
            self.create("/Groups", "GROUP", schemas=[GROUP], displayName="Probe group")
            self.patch("/Groups/GROUP", {"op": "add", "path": "members", "value": members})

    @staticmethod
    def least(name: str) -> Body:
        return {"displayName": name, "name": ATTRIBUTES["name"], "emails": [{"value": name, "type": "work", "primary": True}]}

    def create(self, path: str, word: str, **body: Any) -> Answered:
        answered = self.ask("POST", path, {**body, "active": True} if path == "/Users" else body)
        if answered.ok and "id" in answered.body:
            self.ids[word] = answered.body["id"]
        return answered

    def ask(self, method: str, path: str, body: Body | None = None, content_type: str = SCIM, **query: Any) -> Answered:
        """``USER`` and the like in a path stand for ids."""
        target = path
        for word, identity in self.ids.items():
            target = target.replace(f"/{word}", f"/{identity}")
        text = f"?{urlencode(query)}" if query else ""
        sent = {"data": json.dumps(body).encode(), "headers": {"Content-Type": content_type}} if body is not None else {}
        response = self.direct.session.request(method, self.direct.url + target + text, timeout=60, allow_redirects=False, **sent)
        try:
            parsed = response.json() if response.content else {}
        except ValueError:
            parsed = {}
        found = parsed if isinstance(parsed, dict) else {}
        question = "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
        return Answered(response.status_code, found, f"{method} {path}{question}{_brief(body)} → {response.status_code}{self._told(found)}")

    def _told(self, body: Body) -> str:
        """What an error says, or how many were found."""
        if "totalResults" in body:
            return f" totalResults {body['totalResults']}"
        detail = body.get("detail") or ""
        if isinstance(detail, list):  # as FastAPI has it
            detail = ", ".join(str(one.get("msg")) for one in detail)
        told = f"{body.get('scimType') or ''} {detail}".strip()
        for word, found in self.ids.items():
            told = told.replace(found, word)
        return f" {told[:160]}" if told else ""

    def patch(self, path: str, *operations: Body, **query: Any) -> Answered:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, **query)

    def members(self, path: str = "/Groups/GROUP") -> set[str]:
        return {member.get("value") for member in self.ask("GET", path).body.get("members") or ()}


def _brief(body: Body | None) -> str:
    if not body:
        return ""
    operations = [f"{one['op']} {one.get('path', '')}".strip() for one in body.get("Operations", ())]
    return f" ({', '.join(operations) or ', '.join(SHORT.get(name, name) for name in body if name != 'schemas')})"


Probe = Callable[[Probed], Iterator[Deviation]]
PROBES: list[Probe] = []


def probe(function: Probe) -> Probe:
    PROBES.append(function)
    return function


def deviations(direct: Direct) -> list[Deviation]:
    probed = Probed(direct)
    return [deviation for function in PROBES for deviation in function(probed)]


@probe
def discovery(probed: Probed) -> Iterator[Deviation]:
    for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas"):
        if not (found := probed.ask("GET", path)).body or not found.ok:
            yield Deviation(f"does not answer {path}", found.shows)


@probe
def stored(probed: Probed) -> Iterator[Deviation]:
    """What a create accepts and does not store, and what its response shows all the same."""
    if not probed.made.ok:
        yield Deviation("refuses to create the user of this page", probed.made.shows)
        return
    read = probed.ask("GET", "/Users/USER")
    if lost := [name for name, value in ATTRIBUTES.items() if not _holds(read.body.get(name), value)]:
        yield Deviation(f"accepts on creation and does not store {_listed(lost)}", probed.made.shows)
    if shown := [name for name in lost if _holds(probed.made.body.get(name), ATTRIBUTES[name])]:
        yield Deviation(f"shows {_listed(shown)} in the response to the creation, and in no later one", read.shows)


@probe
def patched(probed: Probed) -> Iterator[Deviation]:
    """Attributes that PATCH refuses, by the error, and those that it answers with success and does not store."""
    refused: dict[str, list[str]] = {}
    ignored: list[str] = []
    for name in ATTRIBUTES:
        value = _other(ATTRIBUTES[name])
        answered = probed.patch("/Users/USER", {"op": "replace", "path": name, "value": value})
        if not answered.ok:
            refused.setdefault(f"{answered.status} {answered.body.get('scimType') or ''}".strip(), []).append(name)
        elif not _holds(probed.ask("GET", "/Users/USER").body.get(name), value):
            ignored.append(name)
    for error, names in refused.items():
        yield Deviation(f"refuses PATCH of {_listed(names)}", f"PATCH /Users/USER (replace {SHORT.get(names[0], names[0])}) → {error}")
    if ignored:
        yield Deviation(
            f"answers PATCH of {_listed(ignored)} with success and does not store it", f"PATCH /Users/USER (replace {ignored[0]})"
        )


@probe
def projected(probed: Probed) -> Iterator[Deviation]:
    """RFC 7644 section 3.9: ``attributes`` is about the response only."""
    only = probed.ask("GET", "/Users/USER", attributes="userName")
    if only.ok and set(only.body) - {"id", "userName", "schemas", "meta"}:
        yield Deviation("ignores attributes=", f"{only.shows}, with {', '.join(sorted(set(only.body) - {'id', 'userName'}))}")
    whole = probed.ask("GET", "/Users/USER")
    extended = probed.ask("GET", "/Users/USER", attributes=f"{ENTERPRISE}:department")
    if ENTERPRISE in whole.body and ENTERPRISE not in extended.body:
        yield Deviation("does not return attributes of an extension that attributes= names", extended.shows)
    before = probed.members()
    change = {"op": "replace", "path": "displayName", "value": "Probe group"}
    answered = probed.patch("/Groups/GROUP", change, attributes="displayName")
    if before and not probed.members():
        yield Deviation("loses what attributes= leaves out when it applies a PATCH: here the members of a group", answered.shows)
        probed.patch("/Groups/GROUP", {"op": "add", "path": "members", "value": [{"value": probed.ids["USER"]}]})


@probe
def filters(probed: Probed) -> Iterator[Deviation]:
    names = ("probe-1@example.com", "probe-2@example.com")
    either = probed.ask("GET", "/Users", filter=f'userName eq "{names[0]}" or userName eq "{names[1]}"')
    if not either.ok:
        yield Deviation("refuses filters with or", either.shows)
    elif len(either.resources) < len(names):
        yield Deviation("evaluates only a part of a filter with or", either.shows)
    upper = probed.ask("GET", "/Users", filter=f'userName eq "{names[0].upper()}"')
    if upper.ok and not upper.resources:
        yield Deviation("compares userName with its case in filters", upper.shows)
    external = probed.ask("GET", "/Users/USER").body.get("externalId")
    for path, expression in (
        *([("/Users", f'externalId eq "{external}"')] if external else []),
        ("/Groups", 'displayName eq "Probe group"'),
        ("/Groups", f'members.value eq "{probed.ids.get("USER")}"'),
        ("/Users", 'userName sw "probe-"'),
    ):
        asked = probed.ask("GET", path, filter=expression)
        name = expression.partition(" ")[0] + " " + expression.split(" ")[1]
        shows = re.sub(r"filter=members.value eq \S+", 'filter=members.value eq "USER"', asked.shows)
        if not asked.ok:
            yield Deviation(f"refuses filters with {name} on {path}", shows)
        elif not asked.resources:
            yield Deviation(f"finds nothing with a filter of {name} on {path}", shows)
    impossible = probed.ask("GET", "/Users", filter='userName eq "nobody-of-this-name@example.com"')
    if impossible.resources:
        yield Deviation("ignores filters", impossible.shows)


@probe
def other_case(probed: Probed) -> Iterator[Deviation]:
    """userName is not caseExact (RFC 7643 section 4.1.1)."""
    name = "PROBE-1@example.com"
    second = probed.create("/Users", "SECOND", schemas=[USER], userName=name, **probed.least("probe-other-mail@example.com"))
    if second.status == CREATED and second.body.get("id") != probed.ids.get("USER"):
        yield Deviation("creates a second user whose userName differs in case only", second.shows)
        probed.ask("DELETE", "/Users/SECOND")


@probe
def memberships(probed: Probed) -> Iterator[Deviation]:
    if not probed.group.ok:
        yield Deviation("refuses a new group with members", probed.group.shows)
    user = probed.ids.get("USER")
    if user not in probed.members():
        yield Deviation("does not show the members of a group that is read by id", probed.ask("GET", "/Groups/GROUP").shows)
        asked = probed.ask("GET", "/Groups/GROUP", attributes="members")
        if not asked.body.get("members"):
            yield Deviation("does not show the members of a group that are asked for", asked.shows)
    listed = probed.ask("GET", "/Groups")
    if not any(member.get("value") == user for one in listed.resources for member in one.get("members") or ()):
        yield Deviation("does not show the members of groups in a listing", listed.shows)
    added = probed.patch("/Groups/GROUP", {"op": "add", "path": "members", "value": [{"value": probed.ids.get("OTHER")}]})
    if not added.ok:
        yield Deviation("refuses to add a member with PATCH", added.shows)
    removed = probed.patch("/Groups/GROUP", {"op": "remove", "path": f'members[value eq "{probed.ids.get("OTHER")}"]'})
    shows = removed.shows.replace(str(probed.ids.get("OTHER")), "OTHER")
    if not removed.ok:
        yield Deviation("refuses to remove one member with a path", shows)
    elif probed.ids.get("OTHER") in probed.members():
        yield Deviation("answers the removal of one member with a path with success and keeps the member", shows)


@probe
def renamed(probed: Probed) -> Iterator[Deviation]:
    for path, name, value in (("/Users/OTHER", "userName", "probe-3@example.com"), ("/Groups/GROUP", "displayName", "Probe renamed")):
        answered = probed.patch(path, {"op": "replace", "path": name, "value": value})
        if not answered.ok:
            yield Deviation(f"refuses to change {name}", answered.shows)
        elif probed.ask("GET", path).body.get(name) != value:
            yield Deviation(f"answers a change of {name} with success and does not store it", answered.shows)
    if probed.ids.get("USER") == "probe-1@example.com":
        yield Deviation("uses the name of a user as its id", probed.made.shows)


@probe
def form(probed: Probed) -> Iterator[Deviation]:
    """Content types, errors and pages."""
    plain = probed.ask(
        "PATCH", "/Users/USER", {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": True}]}, SCIM
    )
    if plain.status == 415:
        yield Deviation(f"refuses the content type {SCIM}", plain.shows)
    missing = probed.ask("GET", "/Users/no-such-user")
    if missing.status != 404:
        yield Deviation("does not answer 404 for a user that does not exist", missing.shows)
    elif "schemas" not in missing.body:
        yield Deviation("has errors that are not in the form of SCIM", f"{missing.shows} {json.dumps(missing.body)}")
    page = probed.ask("GET", "/Users", count=1)
    if len(page.resources) > 1:
        yield Deviation("ignores count", f"{page.shows}, with {len(page.resources)} resources")
    large = probed.ask("GET", "/Users", count=1000)
    if not large.ok:
        yield Deviation("refuses a large count in place of returning fewer", large.shows)
    second = probed.ask("GET", "/Users", startIndex=2, count=1)
    if page.resources and page.resources == second.resources:
        yield Deviation("ignores startIndex", second.shows)


@probe
def ended(probed: Probed) -> Iterator[Deviation]:
    """Deactivation and deletion; it is the last one, because it deletes."""
    off = probed.patch("/Users/OTHER", {"op": "replace", "path": "active", "value": False})
    if not off.ok or probed.ask("GET", "/Users/OTHER").body.get("active") is not False:
        yield Deviation("does not deactivate a user with PATCH", off.shows)
    listed = probed.ask("GET", "/Users", count=100)
    if off.ok and len(listed.resources) == listed.body.get("totalResults") and not _has(listed, probed.ids.get("OTHER")):
        yield Deviation("leaves inactive users out of listings", listed.shows)
    for word in ("/Groups/GROUP", "/Users/OTHER", "/Users/USER"):
        deleted = probed.ask("DELETE", word)
        left = probed.ask("GET", word)
        if not deleted.ok:
            yield Deviation("refuses a deletion", deleted.shows)
        elif left.ok:
            yield Deviation("keeps what was deleted", f"{deleted.shows}, then {left.shows}, active {left.body.get('active')}")


def _has(listed: Answered, identity: str | None) -> bool:
    return any(resource.get("id") == identity for resource in listed.resources)


def _other(value: Any) -> Any:
    """Another value of the same form."""
    if isinstance(value, dict):
        return {name: _other(one) for name, one in value.items()}
    if isinstance(value, list):
        return [{**one, "type": "work"} if "locality" in one else one for one in ({k: _other(v) for k, v in one.items()} for one in value)]
    return {"en": "de", "en-US": "de-DE", "Europe/Berlin": "Europe/Paris", "probe-1@example.com": "probe-9@example.com"}.get(
        value, value[:-1] + "9"
    )


def _holds(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_holds(found.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and all(any(_holds(one, value) for one in found) for value in wanted)
    return bool(found == wanted)


def _listed(names: list[str]) -> str:
    return ", ".join(SHORT.get(name, name) for name in names)
