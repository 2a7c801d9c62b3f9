# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What providers do otherwise than RFC 7644 has it: conditions and effects for the rows of ``deviations.py``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any

from .faults import Effect, bend_answer, bend_body, scim_error
from .serving import Answer, Handler, Headers, Request

Body = dict[str, Any]
Condition = Callable[[Request], bool]
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def operations(request: Request) -> list[Body]:
    """The operations of a PATCH."""
    body = request.json
    return list(body.get("Operations", ())) if isinstance(body, dict) else []


def some_operation(test: Callable[[Body], bool]) -> Condition:
    return lambda request: any(test(operation) for operation in operations(request))


def more_operations_than(most: int) -> Condition:
    return lambda request: len(operations(request)) > most


def touches(*names: str) -> Condition:
    """A PATCH of one of these attributes."""
    return some_operation(lambda operation: re.split(r"[.\[]", str(operation.get("path")))[0] in names)


def removes_by_path(operation: Body) -> bool:
    return operation["op"] == "remove" and str(operation.get("path")).startswith("members[")


def memberships(request: Request) -> int:
    """How many membership changes a PATCH or a new group holds."""
    listed = [op.get("value") or [{}] for op in operations(request) if str(op.get("path")).startswith("members")]
    body = request.json if isinstance(request.json, dict) else {}
    return sum(map(len, listed)) + len(body.get("members", ()))


def a_filter_other_than(*patterns: str) -> Condition:
    def other(request: Request) -> bool:
        asked = request.query.get("filter", "")
        return bool(asked) and not any(re.fullmatch(pattern, asked) for pattern in patterns)

    return other


def first_comparison(query: dict[str, str]) -> dict[str, str]:
    """For ``bend_query``: what follows the first comparison of a filter is ignored."""
    return {**query, "filter": query["filter"].partition(" or ")[0]}


def no_filter(request: Request) -> bool:
    return "filter" not in request.query


def refuse(status: int, detail: str = "A rule of the test refuses.", scim_type: str = "") -> Effect:
    return lambda request, forward: Answer.of_json(status, scim_error(status, detail, scim_type))


def answer_nothing(request: Request, forward: Handler) -> Answer:
    """204 after what was done."""
    answer = forward(request)
    return Answer(204, Headers(), b"") if answer.status < 300 else answer


def acknowledge(request: Request, forward: Handler) -> Answer:
    """204, and nothing is done."""
    return Answer(204, Headers(), b"")


def lag(seconds: float) -> Effect:
    """A write of one resource is answered with 204, and reads of it show the state before for some time."""
    before: dict[str, tuple[float, Answer]] = {}

    def lagging(request: Request, forward: Handler) -> Answer:
        until, old = before.get(request.path, (0.0, Answer(404)))
        if request.method == "GET":
            return old if monotonic() < until else forward(request)
        old = forward(replace(request, method="GET", target=request.target.partition("?")[0], body=b""))
        answer = answer_nothing(request, forward)
        before[request.path] = (monotonic() + seconds, old)
        return answer

    return lagging


def add_alone(request: Request, forward: Handler) -> Answer:
    """Members that are added replace all others."""
    replacing = [{**one, "op": "replace"} if (one["op"], one.get("path")) == ("add", "members") else one for one in operations(request)]
    return forward(replace(request, body=json.dumps({**request.json, "Operations": replacing}).encode()))


def clear_members(request: Request, forward: Handler) -> Answer:
    """The removal of one member removes all members."""
    cleared = [{"op": "remove", "path": "members"} if removes_by_path(one) else one for one in operations(request)]
    return forward(replace(request, body=json.dumps({**request.json, "Operations": cleared}).encode()))


def take_member_lists(request: Request, forward: Handler) -> Answer:
    """``remove members`` with a list of values, which the server behind does not take in that form."""
    found: list[Body] = []
    for one in operations(request):
        if one["op"] == "remove" and one.get("path") == "members" and one.get("value"):
            found += [{"op": "remove", "path": f'members[value eq "{member["value"]}"]'} for member in one["value"]]
        else:
            found.append(one)
    body = json.dumps({**request.json, "Operations": found}).encode()
    return forward(replace(request, body=body))


def ignore_member_values(request: Request, forward: Handler) -> Answer:
    """``remove members`` with a list of values removes all members."""
    left = [{key: value for key, value in one.items() if one["op"] != "remove" or key != "value"} for one in operations(request)]
    return forward(replace(request, body=json.dumps({**request.json, "Operations": left}).encode()))


def compare_case(request: Request, forward: Handler) -> Answer:
    """A filter finds only what is spelt as asked."""
    answer, asked = forward(request), set(LITERAL.findall(request.query.get("filter", "")))
    if answer.status != 200:
        return answer
    names = ("userName", "displayName", "externalId", "id")
    found = [one for one in answer.json.get("Resources", ()) if asked & {one.get(name) for name in names} or members(one) & asked]
    content = {**answer.json, "Resources": found, "totalResults": len(found)}
    return replace(answer, body=json.dumps(content).encode())


def members(resource: Mapping[str, Any]) -> set[str]:
    return {member["value"] for member in resource.get("members", ())}


def in_json(change: Callable[[Any], Any]) -> Effect:
    """Change every object in an answer, the inner ones first."""

    def bent(content: Any) -> Any:
        if isinstance(content, list):
            return [bent(item) for item in content]
        return change({key: bent(value) for key, value in content.items()}) if isinstance(content, dict) else content

    def answered(answer: Answer) -> Answer:
        return replace(answer, body=json.dumps(bent(answer.json)).encode()) if isinstance(answer.json, dict) else answer

    return bend_answer(answered)


def keyed(change: Callable[[str], str]) -> Callable[[Body], Body]:
    return lambda content: {change(key): value for key, value in content.items()}


def resources_in_lower_case(content: Body) -> Body:
    return {"resources" if key == "Resources" else key: value for key, value in content.items()}


def flattened(content: Body) -> Body:
    """``name.formatted`` as GitLab writes it."""
    name = content.get("name")
    if not isinstance(name, dict):
        return content
    rest = {key: value for key, value in content.items() if key != "name"}
    return {**rest, **{f"name.{key}": value for key, value in name.items()}}


def decorated(content: Body) -> Body:
    """Sub-attributes that nobody declared."""
    if "value" in content:
        return {"display": f"shown as {content['value']}", "primary": False, **content}
    return {**content, "name": {"formatted": "Somebody", **content["name"]}} if isinstance(content.get("name"), dict) else content


def twice(content: Body) -> Body:
    """Each member once more, in another shape."""
    listed = content.get("members")
    return {**content, "members": [*listed, *({"value": one["value"], "display": "again"} for one in listed)]} if listed else content


def id_alone(content: Body) -> Body:
    """Of a resource, nothing but which one it is."""
    return {"schemas": content["schemas"], "id": content["id"]} if "id" in content else content


def by_reference(content: Body) -> Body:
    """Members as RFC 7643 §4.2 allows them as well."""
    listed = content.get("members")
    return {**content, "members": [{"$ref": f"https://scim.example.com/v2/Users/{one['value']}"} for one in listed]} if listed else content


def first_members(most: int) -> Callable[[Body], Body]:
    """A group shows so many of its members."""
    return lambda content: {**content, "members": content["members"][:most]} if content.get("members") else content


def hide_nested(request: Request, forward: Handler) -> Answer:
    """A list of groups does not show the members that are groups."""
    listing = forward(Request("GET", f"{request.root}/Groups", request.headers, root=request.root)).json
    groups = {group["id"] for group in listing.get("Resources", ())}

    def hidden(content: Body) -> Body:
        listed = content.get("members")
        return {**content, "members": [one for one in listed if one["value"] not in groups]} if listed else content

    return in_json(hidden)(request, forward)


def find_no_member(request: Request, forward: Handler) -> Answer:
    """A filter on members finds nothing."""
    return Answer.of_json(200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "Resources": []})


def asks_for_members(request: Request) -> bool:
    return "members" in request.query.get("filter", "")


def names_no_members(request: Request) -> bool:
    """A request that does not name the members among the attributes that it wants."""
    return "members" not in request.query.get("attributes", "").split(",")


def has_members(request: Request) -> bool:
    return bool(request.json.get("members"))


def named(change: Callable[[str], str]) -> Callable[[Any], Any]:
    """Groups are stored under another name than they are created with."""
    return lambda body: {**body, "displayName": change(body["displayName"])} if isinstance(body, dict) and "displayName" in body else body


def core_attributes_only(query: dict[str, str]) -> dict[str, str]:
    """For ``bend_query``: attributes of extensions that are requested with ``attributes`` are not known."""
    asked = [name for name in query.get("attributes", "").split(",") if not name.startswith("urn:")]
    return {**query, "attributes": ",".join(asked)} if "attributes" in query else query


def booleans_as_numbers(content: Body) -> Body:
    return {key: int(value) if isinstance(value, bool) else value for key, value in content.items()}


def booleans_as_text(content: Body) -> Body:
    return {key: str(value) if isinstance(value, bool) else value for key, value in content.items()}


def phones_formatted(content: Body) -> Body:
    listed = content.get("phoneNumbers")
    return {**content, "phoneNumbers": [{**one, "value": f"tel:{one['value'].replace(' ', '-')}"} for one in listed]} if listed else content


def lowered(content: Any) -> Any:
    """User names and e-mail addresses are kept in lower case."""
    if isinstance(content, list):
        return [lowered(item) for item in content]
    if isinstance(content, dict):
        return {key: lowered(value) for key, value in content.items()}
    return content.lower() if isinstance(content, str) and "@" in content else content


def dropping(*names: str) -> Effect:
    """These attributes are accepted and not stored."""

    def kept(body: Body) -> Body:
        if "Operations" in body:
            left = [one for one in body["Operations"] if one.get("path") not in names]
            return {**body, "Operations": left or [{"op": "remove", "path": "profileUrl"}]}  # which nobody has
        return {key: value for key, value in body.items() if key not in names}

    return bend_body(kept)


def with_status(status: int, now: int, **changes: Any) -> Effect:
    """An error of one status gets another one. ``changes`` replace keys of its body; None removes a key."""

    def bent(answer: Answer) -> Answer:
        if answer.status != status:
            return answer
        body = {key: value for key, value in {**answer.json, "status": str(now), **changes}.items() if value is not None}
        return replace(answer, status=now, body=json.dumps(body).encode())

    return bend_answer(bent)


def status_as_number(answer: Answer) -> Answer:
    if answer.status < 400 or not isinstance(answer.json, dict):
        return answer
    return replace(answer, body=json.dumps({**answer.json, "status": answer.status}).encode())


def typed(content_type: str) -> Effect:
    return bend_answer(lambda answer: replace(answer, headers=Headers({**answer.headers, "Content-Type": content_type})))


def without_header(name: str) -> Effect:
    return bend_answer(lambda answer: replace(answer, headers=Headers({k: v for k, v in answer.headers.items() if k.lower() != name})))


def at_most(size: int) -> Callable[[dict[str, str]], dict[str, str]]:
    """For ``bend_query``: pages of that size, whatever is asked."""
    return lambda query: {**query, "count": str(min(size, int(query.get("count", size))))}


def too_large_a_count(most: int) -> Body:
    """The error of FastAPI, which has no form of SCIM."""
    return {"detail": [{"type": "less_than_equal", "loc": ["query", "count"], "msg": f"Input should be less than or equal to {most}"}]}


def unique_emails(request: Request, forward: Handler) -> Answer:
    """An e-mail address belongs to one person."""
    body = request.json
    wanted = {one["value"].lower() for one in body.get("emails", ())} if isinstance(body, dict) else set()
    users = forward(Request("GET", f"{request.root}/Users", request.headers, root=request.root)).json["Resources"] if wanted else []
    if any(one["value"].lower() in wanted for user in users for one in user.get("emails", ())):
        return Answer.of_json(409, scim_error(409, "This e-mail address is taken."))
    return forward(request)
