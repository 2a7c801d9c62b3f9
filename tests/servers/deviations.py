# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How service providers deviate from RFC 7644, as a table: what one does, the rules of the proxy that make scim2-server do it, and what
identity.scim does about it. ``test_deviations.py`` plays a day with each; ``docs/deviations.md`` is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import bends
from .bends import in_json, refuse, some_operation, told_as, typed
from .faults import Effect, Rule, When, bend_answer, bend_body, bend_json, bend_query, bend_resources, reply, without

Rules = tuple[tuple[When, Effect], ...]
READS, WRITES, BODIES = "GET", "POST PUT PATCH DELETE", "POST PUT PATCH"
HTML = "<html><title>Not found</title></html>"


@dataclass(frozen=True, slots=True)
class Deviation:
    """``name`` is what the provider does, ``answer`` what identity.scim does then.

    config: laid over the server's ServiceProviderConfig. people: how many are there before. dropped: attributes that will not be stored.
    refusal: what a directory that takes something away is refused with, before its first write. own_test: it has a test of its own, since
    an ordinary day does not show it.
    """

    name: str
    answer: str
    rules: Rules = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    people: int = 3
    dropped: tuple[str, ...] = ()
    refusal: str = ""
    own_test: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def proxied(self) -> list[Rule]:
        """The rules of the proxy."""
        return [Rule(f"{self.name} ({number})", when, effect) for number, (when, effect) in enumerate(self.rules, 1)]


PUT_INSTEAD = "GET, overlay and PUT, learned from the first refusal; what is not declared stays."
READ_AGAIN = "The resource is read after the write."
NOTHING = "Nothing has to be done: such a request is never sent."
LENIENT = "It is read leniently, and nothing counts as different for it."
LOCAL = "The listing is read once and looked through here; what a filter returns is always checked again."
ONE_USER = r'userName eq "[^"]*"'

WRITING = (
    Deviation("PATCH is refused with 405", PUT_INSTEAD, ((When("PATCH"), reply(405)),)),
    Deviation("PATCH is refused with 501", PUT_INSTEAD, ((When("PATCH"), reply(501)),)),
    Deviation("PATCH is answered with 204 and no body", READ_AGAIN, ((When("PATCH"), bends.answer_nothing),)),
    Deviation(
        "PATCH takes only some attributes, and answers 501 to others",
        "PUT for that resource; PATCH goes on for all others.",
        ((When("PATCH", where=bends.touches("title", "emails", "displayName")), reply(501)),),
    ),
    Deviation(
        "PATCH without a path is refused",
        NOTHING + " Every operation has a path.",
        ((When("PATCH", where=some_operation(lambda one: not one.get("path"))), refuse(400, scim_type="invalidPath")),),
    ),
    Deviation(
        "PATCH takes no value filter in a path",
        "Attributes are replaced whole, and members who leave are left out of a PUT of the group.",
        ((When("PATCH", where=some_operation(lambda one: "[" in str(one.get("path")))), refuse(400, scim_type="invalidPath")),),
    ),
    Deviation(
        "PATCH takes one operation a request",
        "The operations of a refused PATCH are sent one by one, which is learned.",
        ((When("PATCH", where=bends.more_operations_than(1)), refuse(400, "Only one operation is allowed.")),),
    ),
    Deviation(
        "Members are removed only with a list of values, and there is no PUT",
        "After the refusal of the RFC's form one member is removed with a list, and it is read whether only that one has gone.",
        (
            (When("PATCH", where=some_operation(bends.removes_by_path)), refuse(400, scim_type="invalidPath")),
            (When("PATCH", "/Groups/*"), bends.take_member_lists),
            (When("PUT"), reply(405)),
        ),
    ),
    Deviation(
        "One member cannot be removed: value filters are refused, values overlooked, and there is no PUT",
        "Whoever left with the one is added again at once, and the change of that group fails in words.",
        (
            (When("PATCH", where=some_operation(bends.removes_by_path)), refuse(400, scim_type="invalidPath")),
            (When("PATCH", "/Groups/*"), bends.overlook_member_lists),
            (When("PUT"), reply(405)),
        ),
        own_test=True,
    ),
    Deviation(
        "A request holds at most 100 membership changes",
        "A refused PATCH is halved until it is taken, and the size that was taken is kept to. A group is made without members then.",
        ((When(BODIES, "/Groups*", where=lambda request: bends.memberships(request) > 100), refuse(400)),),
        own_test=True,
    ),
    Deviation(
        "All members cannot be replaced",
        NOTHING + " Members are added and removed one by one.",
        ((When("PATCH", where=some_operation(lambda one: (one["op"], one.get("path")) == ("replace", "members"))), refuse(400)),),
    ),
    Deviation("There is no PUT", NOTHING + " PATCH is tried first.", ((When("PUT"), reply(405)),)),
    Deviation(
        "A write is answered with nothing at all",
        "What became of it is looked up.",
        ((When(BODIES), bend_answer(lambda answer: answer if answer.status >= 400 else bends.Answer(answer.status))),),
    ),
    Deviation(
        "A write is answered with the id alone",
        "That is no resource: it is read after the write.",
        ((When(BODIES), bend_json(bends.id_alone)),),
    ),
    Deviation(
        "What changes a resource must say of which version (428)",
        "If-Match with the version, once that was asked for; where none is known, with any.",
        ((When("PATCH PUT DELETE", where=lambda request: "If-Match" not in request.headers), reply(428)),),
    ),
    Deviation("A new resource has no Location", LENIENT, ((When("POST"), bends.without_header("location")),)),
    Deviation(
        "A write without a User-Agent is refused",
        "Every request names the collection; http_agent says otherwise.",
        ((When(where=lambda request: "identity.scim" not in request.headers.get("User-Agent", "")), refuse(403)),),
    ),
    Deviation(
        "An attribute is accepted and not stored",
        "A warning with the ignore_attributes line to paste; it counts as no change.",
        ((When(BODIES, "/Users*"), bends.dropping("nickName")),),
        dropped=("nick_name",),
    ),
    Deviation(
        "E-mail addresses are unique",
        "A conflict over another person's address is an error; nobody is adopted whom no match key finds.",
        ((When("POST", "/Users"), bends.unique_emails),),
        own_test=True,
    ),
    Deviation(
        "A conflict is a 400 without scimType",
        "After a refused creation it is looked whether the resource is there; then it is adopted.",
        ((When(READS, having="filter"), bends.compare_case), (When("POST"), told_as(409, 400, scimType=None))),
    ),
    Deviation(
        "A conflict is a 409 without scimType",
        "The resource that is there is adopted.",
        ((When(READS, having="filter"), bends.compare_case), (When("POST"), told_as(409, 409, scimType=None))),
    ),
)

READING = (
    Deviation("Filters are refused with 400", LOCAL, ((When(READS, having="filter"), refuse(400, scim_type="invalidFilter")),)),
    Deviation("Filters are refused with 501", LOCAL, ((When(READS, having="filter"), refuse(501)),)),
    Deviation("Filters are ignored: everybody comes back", LOCAL, ((When(READS, having="filter"), bend_query(without("filter"))),)),
    Deviation(
        "Filters compare case",
        "Other spellings are looked for in a page of the listing: before a group is made, and in check mode. Of a new "
        "user the provider's 409 tells; who shall be deleted is asked for in lower case, too.",
        ((When(READS, having="filter"), bends.compare_case),),
    ),
    Deviation(
        "Only userName eq is taken as a filter",
        LOCAL,
        ((When(READS, where=bends.a_filter_other_than(ONE_USER)), refuse(400, scim_type="invalidFilter")),),
    ),
    *(
        Deviation(
            f"A page holds at most {size}",
            "Pages advance by what came back, never by what was asked for.",
            ((When(READS), bend_query(bends.at_most(size))),),
            people=people,
        )
        for size, people in ((7, 16), (10, 12), (20, 22), (50, 52))
    ),
    Deviation("count=0 is refused", NOTHING, ((When(READS, where=lambda r: r.query.get("count") == "0"), refuse(400)),)),
    Deviation(
        "Pages have cursors only",
        "nextCursor is followed wherever it stands, and wins over startIndex.",
        ((When(READS, having="startIndex"), refuse(400)), (When(READS), bend_query(bends.at_most(7)))),
        config={"pagination": {"cursor": True, "index": True, "defaultPaginationMethod": "cursor"}},
        people=16,
    ),
    Deviation(
        "There is no paging: startIndex and count are ignored",
        "A page that brings nobody new is the last one.",
        ((When(READS), bend_query(without("startIndex", "count"))),),
        people=16,
    ),
    Deviation(
        "There is no paging: startIndex and count are refused",
        "The listing is asked for without them.",
        ((When(READS, having="startIndex"), refuse(400)), (When(READS, having="count"), refuse(400))),
        people=16,
    ),
    Deviation(
        "Lists end after 10, and there is no next page",
        "Who is declared and not in the list is looked up; nothing is removed on an incomplete listing.",
        ((When(READS, where=bends.no_filter), bend_query(lambda query: {**query, "count": "10", "startIndex": "1"})),),
        people=16,
        refusal="incomplete",
    ),
    Deviation(
        "Users and groups cannot be listed, only filtered",
        "They are looked up. Prune is refused, since nobody knows who is not declared.",
        ((When(READS, "/Users", where=bends.no_filter), refuse(501)), (When(READS, "/Groups", where=bends.no_filter), refuse(403))),
        refusal="nobody knows who is not declared",
    ),
    Deviation(
        "There is POST alone",
        "Users are created; one who is there is unchanged, with a warning. Groups are refused in words.",
        ((When("GET PUT PATCH DELETE"), reply(404, HTML)),),
        own_test=True,
    ),
    Deviation("ListResponse has resources in lower case", LENIENT, ((When(READS), bend_json(bends.resources_in_lower_case)),)),
    Deviation("name is flat: name.formatted", LENIENT, ((When("*", "/Users*"), in_json(bends.flattened)),)),
    Deviation("Attribute names are in another case", LENIENT, ((When(), bend_resources(bends.keyed(str.lower))),)),
    Deviation("User names and e-mail addresses are kept in lower case", LENIENT, ((When(BODIES), bend_body(bends.lowered)),)),
    Deviation("Phone numbers come back re-formatted", LENIENT, ((When(), bend_resources(bends.phones_formatted)),)),
    Deviation("Sub-attributes are added", LENIENT, ((When(), in_json(bends.decorated)),)),
    Deviation("Booleans are 0 and 1", LENIENT, ((When(), in_json(bends.booleans_as_numbers)),)),
    Deviation("Booleans are text", LENIENT, ((When(), in_json(bends.booleans_as_text)),)),
    Deviation(
        "The status of an error is a number",
        LENIENT,
        ((When(READS, having="filter"), bends.compare_case), (When(), bend_answer(bends.status_as_number))),
    ),
    Deviation(
        "A missing id is answered with 400",
        "Whoever cannot be had by an id is not there.",
        ((When(READS, "/*/*"), told_as(404, 400, scimType="invalidValue")),),
    ),
    Deviation("The content type is text/html", LENIENT, ((When(), typed("text/html; charset=utf-8")),)),
    Deviation("The content type is application/json+scim", LENIENT, ((When(), typed("application/json+scim")),)),
    Deviation(
        "Lists of groups hold no members",
        "The groups that matter are read one by one.",
        ((When(READS, "/Groups"), in_json(without("members"))),),
    ),
    Deviation(
        "Members have a $ref and no value", "The end of the $ref is the id.", ((When("*", "/Groups*"), in_json(bends.by_reference)),)
    ),
    Deviation("A member is shown twice", "Members are compared by value.", ((When("*", "/Groups*"), in_json(bends.twice)),)),
    Deviation(
        "Two groups have one name",
        "An error with both ids; an id says which one is meant.",
        own_test=True,
    ),
)

DISCOVERING = (
    Deviation(
        "There are no discovery endpoints: 404 in HTML",
        "Nothing depends on them. Bulk is not used.",
        ((When(READS, "/S*"), reply(404, HTML)), (When(READS, "/R*"), reply(404, HTML))),
    ),
    Deviation(
        "ServiceProviderConfig is incomplete",
        "It is read field by field.",
        ((When(READS, "/ServiceProviderConfig"), reply(200, {"bulk": {"supported": True}})),),
    ),
    Deviation(
        "ServiceProviderConfig is untrue: no PATCH though there is, /Bulk though there is none",
        "PATCH is tried without asking; where /Bulk is missing, requests go one by one.",
        (
            (When(READS, "/ServiceProviderConfig"), reply(200, {"patch": {"supported": False}, "bulk": {"supported": True}})),
            (When("POST", "/Bulk"), reply(404, HTML)),
        ),
    ),
    Deviation(
        "ServiceProviderConfig is at /ServiceProviderConfigs",
        "It is asked for there too.",
        (
            (When(READS, "/ServiceProviderConfig"), reply(404, HTML)),
            (When(READS, "/ServiceProviderConfigs"), reply(200, {"bulk": {"supported": True, "maxOperations": 1000}})),
        ),
    ),
)

DEVIATIONS = (*WRITING, *READING, *DISCOVERING)

PAGE = """\
<!-- Written by tests/generate.py from tests/servers/deviations.py. Do not edit. -->
# Deviations of service providers

What providers do otherwise than RFC 7644 has it, and what identity.scim does about it without any option. Each row is a test
([test_deviations.py](../tests/integration/test_deviations.py)): a real server is made to behave so, and the same declaration is applied,
repeated without change, changed, and repeated again, by `directory`, `user` and `group`. What single providers are known for is in
[providers.md](providers.md).
"""


def page() -> str:
    """``docs/deviations.md``."""
    parts = [("Writing", WRITING), ("Reading", READING), ("Discovery", DISCOVERING)]
    tables = [[f"\n## {title}", "| A provider | identity.scim |", "| --- | --- |", *map(_row, listed)] for title, listed in parts]
    return PAGE + "".join("\n".join(table) + "\n" for table in tables)


def _row(deviation: Deviation) -> str:
    return f"| {deviation.name} | {deviation.answer} |"
