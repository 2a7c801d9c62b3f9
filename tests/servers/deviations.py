# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of the ways in which service providers deviate from RFC 7644: what a provider does, the rules of the proxy that make scim2-server
do the same, and how identity.scim handles it. ``test_deviations.py`` tests each row, ``docs/deviations.md`` shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import bends
from .bends import in_json, refuse, some_operation, typed, with_status
from .faults import Effect, Rule, When, bend_answer, bend_body, bend_json, bend_query, bend_resources, reply, without

Rules = tuple[tuple[When, Effect], ...]
READS, WRITES, BODIES = "GET", "POST PUT PATCH DELETE", "POST PUT PATCH"
HTML = "<html><title>Not found</title></html>"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One row of the table.

    name: what the provider does.
    handling: what identity.scim does about it.
    rules: of the proxy.
    config: changes to the server's ServiceProviderConfig.
    people: the number of users before the first run.
    dropped: options of attributes that the provider does not store.
    refusal: part of the message that refuses a directory that removes something, before the first write.
    own_test: whether a test of its own shows the deviation, because the common test does not.
    """

    name: str
    handling: str
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


PUT_INSTEAD = "After the first refusal, the resource is read, changed and replaced with PUT. Undeclared attributes are kept."
READ_AGAIN = "The resource is read after the write."
NOTHING = "Not affected: such a request is never sent."
LENIENT = "The response is read leniently and does not count as a difference."
ONE_QUESTION = "One question shows whether a group has members that it does not show."
LOCAL = "The listing is read once and filtered locally. The result of a filter is always checked again."
CONFIRMED = (
    "The resource is read again. If the change is not shown after a pause, it is a failure with the names of those whom it concerns."
)
LOST = (
    "The members that are missing are added again, and the change of the group fails with their names. Other groups are changed with PUT."
)
ONE_USER = r'userName eq "[^"]*"'

WRITING = (
    Deviation("PATCH is refused with 405", PUT_INSTEAD, ((When("PATCH"), reply(405)),)),
    Deviation("PATCH is refused with 501", PUT_INSTEAD, ((When("PATCH"), reply(501)),)),
    Deviation("PATCH returns 204 without a body", READ_AGAIN, ((When("PATCH"), bends.answer_nothing),)),
    Deviation(
        "PATCH is refused with 501 for some attributes",
        "PUT is used for that resource, and PATCH for all others.",
        ((When("PATCH", where=bends.touches("title", "emails", "displayName")), reply(501)),),
    ),
    Deviation(
        "PATCH without a path is refused",
        NOTHING + " Every operation has a path.",
        ((When("PATCH", where=some_operation(lambda one: not one.get("path"))), refuse(400, scim_type="invalidPath")),),
    ),
    Deviation(
        "PATCH refuses value filters in a path",
        "Attributes are replaced as a whole. Members are removed with a PUT of the group.",
        ((When("PATCH", where=some_operation(lambda one: "[" in str(one.get("path")))), refuse(400, scim_type="invalidPath")),),
    ),
    Deviation(
        "PATCH accepts one operation per request",
        "The operations of a refused PATCH are sent one by one, and so are those of all later changes.",
        ((When("PATCH", where=bends.more_operations_than(1)), refuse(400, "Only one operation is allowed.")),),
    ),
    Deviation(
        "Members can be removed only with a list of values, and there is no PUT",
        "After the form of the RFC is refused, one member is removed with a list, and the group is read to check that no other is missing.",
        (
            (When("PATCH", where=some_operation(bends.removes_by_path)), refuse(400, scim_type="invalidPath")),
            (When("PATCH", "/Groups/*"), bends.take_member_lists),
            (When("PUT"), reply(405)),
        ),
    ),
    Deviation(
        "One member cannot be removed: value filters are refused, values are ignored, and there is no PUT",
        "The other members that the provider removed are added again at once, and the change of the group fails with a message.",
        (
            (When("PATCH", where=some_operation(bends.removes_by_path)), refuse(400, scim_type="invalidPath")),
            (When("PATCH", "/Groups/*"), bends.ignore_member_values),
            (When("PUT"), reply(405)),
        ),
        own_test=True,
    ),
    Deviation(
        "A deactivation is answered with success and not done",
        CONFIRMED,
        ((When("PATCH", "/Users/*", where=bends.touches("active")), bends.acknowledge),),
        own_test=True,
    ),
    Deviation(
        "A deactivation is answered with success and an active user",
        CONFIRMED + " `active` is never left out as not stored.",
        ((When(BODIES, "/Users*"), bends.dropping("active")),),
        own_test=True,
    ),
    Deviation("A deletion is answered with success and not done", CONFIRMED, ((When("DELETE"), bends.acknowledge),), own_test=True),
    Deviation(
        "A change of members is answered with success and not done",
        CONFIRMED,
        ((When("PATCH PUT", "/Groups/*"), bends.acknowledge),),
        own_test=True,
    ),
    Deviation(
        "Reads show a write only after two seconds",
        "Reads are repeated after a pause before a write counts as lost.",
        ((When("GET PATCH", "/Users/*"), bends.lag(2)),),
        own_test=True,
    ),
    Deviation(
        "Adding members removes all other members",
        LOST,
        ((When("PATCH", "/Groups/*"), bends.add_alone),),
        own_test=True,
    ),
    Deviation(
        "Removing a member removes all other members",
        LOST,
        ((When("PATCH", "/Groups/*"), bends.clear_members),),
        own_test=True,
    ),
    Deviation(
        "A request can have at most 100 membership changes",
        "A refused PATCH is halved until it is accepted, and later requests keep to that size. Groups are then created without members.",
        ((When(BODIES, "/Groups*", where=lambda request: bends.memberships(request) > 100), refuse(400)),),
        own_test=True,
    ),
    Deviation(
        "The list of members cannot be replaced",
        NOTHING + " Members are added and removed one by one.",
        ((When("PATCH", where=some_operation(lambda one: (one["op"], one.get("path")) == ("replace", "members"))), refuse(400)),),
    ),
    Deviation("There is no PUT", NOTHING + " PATCH is tried first.", ((When("PUT"), reply(405)),)),
    Deviation(
        "A write is answered without a body and without headers",
        "The result is looked up.",
        ((When(BODIES), bend_answer(lambda answer: answer if answer.status >= 400 else bends.Answer(answer.status))),),
    ),
    Deviation(
        "A write is answered with only the id",
        READ_AGAIN,
        ((When(BODIES), bend_json(bends.id_alone)),),
    ),
    Deviation(
        "A change without If-Match is refused with 428",
        "After the first refusal, If-Match is sent with the version of the resource, or with `*` if the version is unknown.",
        ((When("PATCH PUT DELETE", where=lambda request: "If-Match" not in request.headers), reply(428)),),
    ),
    Deviation("A new resource has no Location header", LENIENT, ((When("POST"), bends.without_header("location")),)),
    Deviation(
        "A request without a User-Agent header is refused",
        "Every request has a User-Agent header, which http_agent can change.",
        ((When(where=lambda request: "identity.scim" not in request.headers.get("User-Agent", "")), refuse(403)),),
    ),
    Deviation(
        "An attribute is accepted and not stored",
        "A warning shows the value of ignore_attributes to set. The attribute does not count as a change.",
        ((When(BODIES, "/Users*"), bends.dropping("nickName")),),
        dropped=("nick_name",),
    ),
    Deviation(
        "An attribute is accepted in a POST and not stored, and a PATCH of it is refused with invalidPath",
        "The other attributes are sent. A PUT shows that the refused one is not stored: it is not sent again in the run, and a warning "
        "shows the value of ignore_attributes to set.",
        (
            (When("POST PUT", "/Users*"), bends.dropping("nickName", "title")),
            (When("PATCH", where=bends.touches("nickName", "title")), refuse(400, "Unsupported path", "invalidPath")),
        ),
        own_test=True,
    ),
    Deviation(
        "An attribute is stored, and a PATCH of it is refused with invalidPath",
        "The resource is read, changed and replaced with PUT, and so are all others in the run that have a change of this attribute.",
        ((When("PATCH", where=bends.touches("title")), refuse(400, "Unsupported path", "invalidPath")),),
    ),
    Deviation(
        "One attribute cannot be changed",
        "The other attributes are sent. The change fails, and the message names the attribute.",
        ((When("PATCH", where=bends.touches("externalId")), refuse(400, "It is fixed.", "mutability")),),
        own_test=True,
    ),
    Deviation(
        "E-mail addresses are unique",
        "A conflict with the address of another user is an error. Only a user that a match key finds is adopted.",
        ((When("POST", "/Users"), bends.unique_emails),),
        own_test=True,
    ),
    Deviation(
        "A conflict is reported as 400 without scimType",
        "After the refusal, the resource is looked up. If it exists, it is adopted.",
        ((When(READS, having="filter"), bends.compare_case), (When("POST"), with_status(409, 400, scimType=None))),
    ),
    Deviation(
        "A conflict is reported as 409 without scimType",
        "The existing resource is adopted.",
        ((When(READS, having="filter"), bends.compare_case), (When("POST"), with_status(409, 409, scimType=None))),
    ),
)

READING = (
    Deviation("Filters are refused with 400", LOCAL, ((When(READS, having="filter"), refuse(400, scim_type="invalidFilter")),)),
    Deviation("Filters are refused with 501", LOCAL, ((When(READS, having="filter"), refuse(501)),)),
    Deviation("Filters are ignored: all resources are returned", LOCAL, ((When(READS, having="filter"), bend_query(without("filter"))),)),
    Deviation(
        "Filters are case-sensitive",
        "Before a group is created and in check mode, one page of the listing is searched for other spellings. A user to create or "
        "to delete is also looked up in lower case. A new user in any other spelling is detected from the provider's 409.",
        ((When(READS, having="filter"), bends.compare_case),),
    ),
    Deviation(
        "Only the first comparison of a filter with or is evaluated",
        "The filter also asks for a user or group that is known to exist. If it is not returned, names are looked up one by one.",
        ((When(READS, having="filter"), bend_query(bends.first_comparison)),),
    ),
    Deviation(
        'The only accepted filter is "userName eq"',
        LOCAL,
        ((When(READS, where=bends.a_filter_other_than(ONE_USER)), refuse(400, scim_type="invalidFilter")),),
    ),
    *(
        Deviation(
            f"A page has at most {size} resources",
            "The next page begins after the resources that were returned, regardless of the requested count.",
            ((When(READS), bend_query(bends.at_most(size))),),
            people=people,
        )
        for size, people in ((7, 16), (10, 12), (20, 22), (50, 52))
    ),
    Deviation("count=0 is refused", NOTHING, ((When(READS, where=lambda r: r.query.get("count") == "0"), refuse(400)),)),
    Deviation(
        "Pages are available by cursor only",
        "nextCursor is followed in every response and takes precedence over startIndex.",
        ((When(READS, having="startIndex"), refuse(400)), (When(READS), bend_query(bends.at_most(7)))),
        config={"pagination": {"cursor": True, "index": True, "defaultPaginationMethod": "cursor"}},
        people=16,
    ),
    Deviation(
        "There is no pagination: startIndex and count are ignored",
        "A page without new resources is the last one.",
        ((When(READS), bend_query(without("startIndex", "count"))),),
        people=16,
    ),
    Deviation(
        "There is no pagination: startIndex and count are refused",
        "The listing is requested without them.",
        ((When(READS, having="startIndex"), refuse(400)), (When(READS, having="count"), refuse(400))),
        people=16,
    ),
    Deviation(
        "A count above 10 is refused with 422",
        "The listing is requested without count, and the provider chooses the size of its pages.",
        (
            (When(READS, where=lambda r: int(r.query.get("count", 0)) > 10), reply(422, bends.too_large_a_count(10))),
            (When(READS), bend_query(bends.at_most(10))),
        ),
        people=16,
    ),
    Deviation(
        "An id that does not exist and a conflict are refused with 422",
        "As with 400: the resource counts as absent if the provider has never shown the id, and a new resource is looked up.",
        ((When(READS, "/*/*"), with_status(404, 422, scimType=None)), (When("POST"), with_status(409, 422, scimType=None))),
    ),
    Deviation(
        "A listing ends after 10 resources, and there is no next page",
        "Declared resources that are not in the listing are looked up. Nothing is removed based on an incomplete listing.",
        ((When(READS, where=bends.no_filter), bend_query(lambda query: {**query, "count": "10", "startIndex": "1"})),),
        people=16,
        refusal="incomplete",
    ),
    Deviation(
        "Listings leave out inactive users",
        "If a user is not found and the listing shows no inactive one, the filter `active eq false` is requested once. If it finds users "
        "that are not listed, inactive users are requested with it from then on, also for exports. They are not pruned. "
        "If they are declared absent, they count as absent, unless provider_options has `user_deletion: deletes`.",
        ((When(READS, "/Users", where=bends.no_filter), bend_query(lambda query: {**query, "filter": "not (active eq false)"})),),
    ),
    Deviation(
        "Listings leave out inactive users, and filters of active are refused",
        "A few of the users that are not found are looked up by name. If one is found, the listing counts as incomplete: nothing is "
        "removed based on it.",
        (
            (When(READS, "/Users", having="filter", where=lambda r: "active" in r.query["filter"]), refuse(400, scim_type="invalidFilter")),
            (When(READS, "/Users", where=bends.no_filter), bend_query(lambda query: {**query, "filter": "not (active eq false)"})),
        ),
        refusal="it lacks",
    ),
    Deviation(
        "Users and groups cannot be listed, only filtered",
        "They are looked up. Pruning is refused, because the undeclared users are unknown.",
        ((When(READS, "/Users", where=bends.no_filter), refuse(501)), (When(READS, "/Groups", where=bends.no_filter), refuse(403))),
        refusal="prune_users cannot be used: the provider refuses to list users",
    ),
    Deviation(
        "Only POST is available",
        "Users are created. An existing user is left unchanged, with a warning. Groups are refused with a message.",
        ((When("GET PUT PATCH DELETE"), reply(404, HTML)),),
        own_test=True,
    ),
    Deviation('ListResponse has the key "resources" in lower case', LENIENT, ((When(READS), bend_json(bends.resources_in_lower_case)),)),
    Deviation('name is flat: "name.formatted"', LENIENT, ((When("*", "/Users*"), in_json(bends.flattened)),)),
    Deviation("Attribute names have a different case", LENIENT, ((When(), bend_resources(bends.keyed(str.lower))),)),
    Deviation("User names and e-mail addresses are stored in lower case", LENIENT, ((When(BODIES), bend_body(bends.lowered)),)),
    Deviation("Phone numbers are returned in another format", LENIENT, ((When(), bend_resources(bends.phones_formatted)),)),
    Deviation("Sub-attributes are added", LENIENT, ((When(), in_json(bends.decorated)),)),
    Deviation("Booleans are 0 and 1", LENIENT, ((When(), in_json(bends.booleans_as_numbers)),)),
    Deviation("Booleans are text", LENIENT, ((When(), in_json(bends.booleans_as_text)),)),
    Deviation(
        "The status of an error is a number",
        LENIENT,
        ((When(READS, having="filter"), bends.compare_case), (When(), bend_answer(bends.status_as_number))),
    ),
    Deviation(
        "GET of an unknown id returns 400",
        "The resource counts as absent if the provider has never shown the id. Else its name is looked for.",
        ((When(READS, "/*/*"), with_status(404, 400, scimType="invalidValue")),),
    ),
    Deviation(
        "application/scim+json is refused with 415",
        "application/json is sent from then on, and the other way round.",
        ((When(BODIES, where=lambda r: "scim" in r.headers.get("Content-Type", "")), refuse(415)),),
    ),
    Deviation("The content type is text/html", LENIENT, ((When(), typed("text/html; charset=utf-8")),)),
    Deviation("The content type is application/json+scim", LENIENT, ((When(), typed("application/json+scim")),)),
    Deviation(
        "Listings of groups do not show members",
        "The groups whose members matter are read one by one.",
        ((When(READS, "/Groups"), in_json(without("members"))),),
    ),
    Deviation(
        "Listings of groups show two members of each group",
        f"{ONE_QUESTION} The groups whose members matter are then read one by one.",
        ((When(READS, "/Groups"), in_json(bends.first_members(2))),),
    ),
    Deviation(
        "Groups show two members, in every response",
        f"{ONE_QUESTION} Memberships are then searched for by filter. Without such a filter, a member who was added and is not shown "
        "is a failure.",
        ((When("*", "/Groups*"), in_json(bends.first_members(2))),),
        own_test=True,
    ),
    Deviation(
        "Listings of groups do not show members that are groups",
        f"{ONE_QUESTION} A group that shall have a group as member is read by its id.",
        ((When(READS, "/Groups"), bends.hide_nested),),
    ),
    Deviation(
        "Groups show their members only if they are requested by name",
        "A group that must have members and shows none is read again with `attributes`. From then on, members are requested by name.",
        (
            (When("GET", "/Groups*", where=bends.names_no_members), in_json(without("members"))),
            (When(BODIES, "/Groups*"), in_json(without("members"))),
        ),
    ),
    Deviation(
        "A new group with members is refused",
        "The group is created without members, which are added afterwards. Further groups are created without members at once.",
        ((When("POST", "/Groups", where=bends.has_members), refuse(400, "Members are not supported here.", "invalidSyntax")),),
    ),
    Deviation(
        "Groups never show members, and filters do not find them",
        "Memberships are sent in every run and do not count as changes. So are declared removals, which are in the plan. A warning shows "
        "the groups in which members that are not declared stay.",
        (
            (When("*", "/Groups*"), in_json(without("members"))),
            (When(READS, "/Groups", where=bends.asks_for_members), bends.find_no_member),
        ),
        own_test=True,
    ),
    Deviation(
        "Groups are stored with a prefix before their name",
        "The next run is refused before its first write. The message has both names.",
        ((When("POST", "/Groups"), bend_body(bends.named(lambda name: f"PRIMARY/{name}"))),),
        own_test=True,
    ),
    Deviation(
        "Names of groups are stored as slugs",
        "The next run is refused before its first write. The message has both names.",
        ((When("POST", "/Groups"), bend_body(bends.named(lambda name: name.lower().replace(" ", "-")))),),
        own_test=True,
    ),
    Deviation(
        "Long names of groups are cut off",
        "The next run is refused before its first write. The message has both names.",
        ((When("POST", "/Groups"), bend_body(bends.named(lambda name: name[:24]))),),
        own_test=True,
    ),
    Deviation(
        "Attributes of extensions are not returned if they are requested by name",
        "Before an attribute counts as missing, one resource is read whole. Then whole resources are requested.",
        ((When("GET", having="attributes"), bend_query(bends.core_attributes_only)),),
        own_test=True,
    ),
    Deviation(
        "Members have a $ref but no value",
        "The last segment of the $ref is the id.",
        ((When("*", "/Groups*"), in_json(bends.by_reference)),),
    ),
    Deviation("A member is returned twice", "Members are compared by value.", ((When("*", "/Groups*"), in_json(bends.twice)),)),
    Deviation(
        "Two groups have the same name",
        "This is an error that shows both ids. An id selects one of the groups.",
        own_test=True,
    ),
)

DISCOVERING = (
    Deviation(
        "There are no discovery endpoints: they return 404 in HTML",
        "Nothing depends on them. Bulk requests are not used.",
        ((When(READS, "/S*"), reply(404, HTML)), (When(READS, "/R*"), reply(404, HTML))),
    ),
    Deviation(
        "ServiceProviderConfig is incomplete",
        "It is read field by field.",
        ((When(READS, "/ServiceProviderConfig"), reply(200, {"bulk": {"supported": True}})),),
    ),
    Deviation(
        "ServiceProviderConfig is wrong: it denies PATCH, which works, and announces /Bulk, which is missing",
        "PATCH is tried in any case. If /Bulk is missing, requests are sent one by one.",
        (
            (When(READS, "/ServiceProviderConfig"), reply(200, {"patch": {"supported": False}, "bulk": {"supported": True}})),
            (When("POST", "/Bulk"), reply(404, HTML)),
        ),
    ),
    Deviation(
        "ServiceProviderConfig is at /ServiceProviderConfigs",
        "It is read from there as well.",
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

This page shows how providers deviate from RFC 7644, and how identity.scim handles it without any option. Each row is a test
([test_deviations.py](../tests/integration/test_deviations.py)): a proxy makes a real server behave in this way. Then `directory`, `user`
and `group` apply a declaration, apply it again without a change, apply another one, and apply that again. For the deviations of a
particular provider, see [providers.md](providers.md).
"""


def page() -> str:
    """``docs/deviations.md``."""
    parts = [("Writing", WRITING), ("Reading", READING), ("Discovery", DISCOVERING)]
    tables = [[f"\n## {title}", "| Provider | identity.scim |", "| --- | --- |", *map(_row, rows)] for title, rows in parts]
    return PAGE + "".join("\n".join(table) + "\n" for table in tables)


def _row(deviation: Deviation) -> str:
    return f"| {deviation.name} | {deviation.handling} |"
