# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One method an operation: what is asked, what is made of the answer, and what is learned from it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.client import WITH_THE_RESOURCE, Client
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotScim,
    Refused,
    Unsupported,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer, Transport
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Capabilities
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import (
    Resource,
    merged,
    qualified,
    read,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, RESOURCE_TYPES, USER

ENTERPRISE = USER.extensions[0].urn
BABS = {"id": "1", "userName": "bjensen", "title": "Boss"}
KIM = {"id": "2", "userName": "kim"}


class Told(Transport):
    """Gives the answers in order, the last one for ever; an exception among them is raised. ``sent`` holds all that was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, str, dict[str, str], Any]] = []
        self.headers: list[dict[str, str]] = []

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
        self.sent.append((method, path, dict(params or {}), body))
        self.headers.append(dict(headers or {}))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else Answer(200, answer, {})


def client(told: Told, **known: Any) -> Client:
    return Client(told, Capabilities(**known), RESOURCE_TYPES)


def page(*people: dict[str, Any]) -> dict[str, Any]:
    return {"totalResults": len(people), "Resources": list(people)}


def names(found: list[Resource]) -> list[str]:
    return [resource.name for resource in found]


def refused(status: int) -> Refused:
    kinds = {403: Forbidden, 404: NotFound, 405: Unsupported, 409: Conflict, 501: Unsupported}
    return kinds.get(status, Refused)("refused", status)


def test_an_id_is_quoted_into_the_path() -> None:
    told = Told(BABS)
    assert client(told).get(USER, "a/b?c#d é") is not None
    assert told.sent[0][:2] == ("GET", "/Users/a%2Fb%3Fc%23d%20%C3%A9")


@pytest.mark.parametrize("status", [400, 404, 422])
def test_one_who_is_not_there_is_none(status: int) -> None:
    assert client(Told(refused(status))).get(USER, "1") is None


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_id_that_was_shown_says_nothing(status: int) -> None:
    asking = client(Told(page(BABS), refused(status)))
    asking.every(USER)
    with pytest.raises(Refused):
        asking.get(USER, "1")


@pytest.mark.parametrize("status", [400, 422])
def test_a_shown_id_that_is_refused_after_a_deletion_is_looked_for_by_its_name(status: int) -> None:
    told = Told(page(BABS), refused(status), refused(status), page())
    asking = client(told)
    [babs] = asking.every(USER).resources.values()
    asking.delete(babs)
    assert told.sent[-1][2]["filter"] == 'userName eq "bjensen"'


def test_what_a_filter_returns_is_checked_again() -> None:
    told = Told(page(BABS, KIM))
    assert names(client(told).lookup(USER).find('userName eq "KIM"')) == ["kim"]
    assert told.sent == [("GET", "/Users", {"filter": 'userName eq "KIM"'}, None)]


@pytest.mark.parametrize("status", [400, 412, 413, 422, 501])
def test_where_the_filter_is_refused_the_listing_is_looked_through(status: int) -> None:
    told = Told(refused(status), page(BABS, KIM))
    assert names(client(told).lookup(USER).find('userName eq "kim"')) == ["kim"]
    assert [sent[2].get("filter") for sent in told.sent] == ['userName eq "kim"', None]


@pytest.mark.parametrize("status", [404, 405])
def test_a_provider_that_cannot_be_searched_is_asked_once(status: int) -> None:
    told = Told(refused(status))
    asking = client(told)
    users, groups = asking.lookup(USER), asking.lookup(GROUP)
    assert [users.searchable, groups.searchable] == [True, True]
    assert users.find('userName eq "kim"') == []
    assert [users.searchable, groups.searchable] == [False, True]
    assert users.find('userName eq "bjensen"') == []
    assert len(told.sent) == 1


def test_a_refusal_for_another_reason_is_told() -> None:
    with pytest.raises(Forbidden):
        client(Told(refused(403))).lookup(USER).find('userName eq "kim"')


def test_where_filters_are_known_not_to_work_the_listing_is_read_once() -> None:
    told = Told(page(BABS, KIM))
    asking = client(told, filter=False, page_size=50)
    assert names(asking.lookup(USER).find('userName eq "kim"')) == ["kim"]
    assert names(asking.lookup(USER).find('title eq "boss"')) == ["bjensen"]
    assert told.sent == [("GET", "/Users", {"count": "50"}, None)]


@pytest.mark.parametrize("status", [400, 422])
def test_a_count_that_is_refused_is_left_out_and_pages_go_on(status: int) -> None:
    """It may be more than the provider gives at a time (RFC 9865 §4, invalidCount)."""
    told = Told(refused(status), {"totalResults": 2, "Resources": [BABS]}, {"totalResults": 2, "Resources": [KIM]})
    asking = client(told)
    listing = asking.every(USER)
    assert (list(listing.resources), listing.complete) == (["1", "2"], True)
    assert [sent[2] for sent in told.sent] == [{"count": "1000"}, {}, {"startIndex": "2"}]
    asking.every(USER)
    assert told.sent[3][2] == {}, "it is known from then on"


@pytest.mark.parametrize("status", [400, 422])
def test_where_neither_count_nor_start_index_is_taken_one_answer_is_all(status: int) -> None:
    told = Told(refused(status), {"Resources": [BABS]}, refused(status))
    asking = client(told)
    assert asking.every(USER).complete
    assert asking.capabilities.pagination == "none"
    asking = client(Told(refused(status), refused(status)))
    with pytest.raises(Refused):
        asking.every(USER)
    assert (asking.capabilities.pagination, asking.capabilities.page_size) == (None, 1000), "it was not the count"


@pytest.mark.parametrize(("cursors_only", "complete", "requests"), [(True, True, 4 + 1), (False, False, 3 + 2)])
def test_one_page_without_a_total_is_whole_where_there_are_cursors_only(cursors_only: bool, complete: bool, requests: int) -> None:
    """Else nobody could be pruned of a tenant that is small, and of a large one everybody."""
    one, said = {"Resources": [BABS]}, {"pagination": {"cursor": True, "index": not cursors_only}}
    told = Told(one, one, said, one)
    asking = client(told)
    assert [asking.every(USER).complete for _again in range(2)] == [complete, complete]
    assert [sent[1] for sent in told.sent].count("/ServiceProviderConfig") == 1
    assert len(told.sent) == requests


def test_a_listing_asks_only_for_what_is_compared_and_knows_that() -> None:
    told = Told(page(BABS))
    listing = client(told, pagination="cursor").every(USER, ["userName", ENTERPRISE])
    enterprise = ",".join(f"{ENTERPRISE}:{a.name}" for a in USER.extensions[0].attributes)
    assert told.sent[0][2] == {"count": "1000", "attributes": f"userName,{enterprise}", "cursor": ""}
    assert not listing.resources["1"].complete
    assert not client(told).every(USER).resources["1"].complete, "some providers leave members out of lists"


def test_what_is_created_is_read_from_the_answer() -> None:
    told = Told(Answer(201, BABS, {}))
    made = client(told).create(USER, {"userName": "bjensen", ENTERPRISE: {"department": "Data"}})
    assert made == read(USER, BABS)
    assert told.sent[0][3] == {
        "schemas": [USER.schema.urn, ENTERPRISE],
        "userName": "bjensen",
        ENTERPRISE: {"department": "Data"},
    }


def test_what_is_created_without_a_body_is_read_where_it_is_said_to_be() -> None:
    told = Told(Answer(201, None, {"Location": "https://scim.example.com/v2/Users/1/"}), BABS)
    assert client(told).create(USER, {"userName": "bjensen"}) == read(USER, BABS)
    assert told.sent[1][:2] == ("GET", "/Users/1")


def test_what_is_created_in_silence_is_unknown() -> None:
    assert client(Told(Answer(201, None, {}))).create(USER, {"userName": "bjensen"}) is None


def test_a_body_has_what_this_provider_always_wants_under_its_names() -> None:
    told = Told(BABS)
    always = {"User": {"meta": {"resourceType": "User"}, "active": True}}
    client(told, always_sent=always, names={"$ref": "ref"}).create(
        USER, {"userName": "bjensen", "meta": {"version": "1"}, "groups": [{"$ref": "x"}], "active": False}
    )
    sent = told.sent[0][3]
    assert sent["meta"] == {"resourceType": "User", "version": "1"}
    assert sent["groups"] == [{"ref": "x"}]


def test_a_patch_asks_for_the_resource() -> None:
    told = Told({"id": "1", "userName": "bjensen"}, BABS)
    asking = client(told)
    after = asking.patch(read(USER, BABS), [{"op": "remove", "path": "title"}])
    assert told.sent[0][:3] == ("PATCH", "/Users/1", WITH_THE_RESOURCE)
    assert after is not None
    assert after.body == {"id": "1", "userName": "bjensen"}
    assert asking.capabilities.patch is True
    asking.patch(read(USER, BABS), [{"op": "remove", "path": "title"}], answer=False)
    assert told.sent[1][:3] == ("PATCH", "/Users/1", {})


def test_a_provider_that_does_not_answer_a_patch_is_not_asked_to_again() -> None:
    told = Told(Answer(204, None, {}))
    asking = client(told)
    assert asking.patch(read(USER, BABS), []) is None
    assert asking.patch(read(USER, BABS), []) is None
    assert [sent[2] for sent in told.sent] == [WITH_THE_RESOURCE, {}]


@pytest.mark.parametrize("status", [400, 422])
def test_a_provider_that_refuses_attributes_with_a_patch_gets_it_without(status: int) -> None:
    told = Told(refused(status), {**BABS, "title": "Chief"})
    asking = client(told)
    after = asking.patch(read(USER, BABS), [])
    assert after is not None
    assert after.body["title"] == "Chief"
    assert [sent[2] for sent in told.sent] == [WITH_THE_RESOURCE, {}]
    assert asking.capabilities.answers_patch is False


@pytest.mark.parametrize("status", [405, 501])
def test_a_provider_without_patch_is_learned(status: int) -> None:
    asking = client(Told(refused(status)))
    with pytest.raises(Unsupported):
        asking.patch(read(USER, BABS), [])
    assert asking.capabilities.patch is False


def test_one_patch_that_is_not_implemented_does_not_unlearn_patch() -> None:
    asking = client(Told(refused(501)), patch=True)
    with pytest.raises(Unsupported):
        asking.patch(read(USER, BABS), [])
    assert asking.capabilities.patch is True


@pytest.mark.parametrize(("etag", "headers"), [(None, {"If-Match": 'W/"3"'}), (True, {"If-Match": 'W/"3"'}), (False, {})])
def test_a_replacement_is_of_the_version_that_was_read(etag: bool | None, headers: dict[str, str]) -> None:
    told = Told(BABS)
    before = read(USER, {**BABS, "meta": {"version": 'W/"3"'}})
    client(told, etag=etag).replace(before, {"userName": "bjensen"})
    assert told.headers == [headers]
    assert told.sent[0][3] == {"schemas": [USER.schema.urn], "id": "1", "userName": "bjensen"}


def test_one_who_is_gone_is_deleted() -> None:
    client(Told(refused(404))).delete(read(USER, BABS))
    with pytest.raises(Forbidden):
        client(Told(refused(403))).delete(read(USER, BABS))


def test_who_is_still_there_was_not_deleted() -> None:
    """A provider without DELETE may answer 404 to it."""
    told = Told(refused(404), BABS)
    with pytest.raises(NotFound):
        client(told).delete(read(USER, BABS))
    assert [sent[:2] for sent in told.sent] == [("DELETE", "/Users/1"), ("GET", "/Users/1")]


@pytest.mark.parametrize("headers", [{"ETag": 'W/"7"'}, {}], ids=["version in a header", "no version"])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_provider_that_wants_if_match_gets_it(method: str, headers: dict[str, str]) -> None:
    told = Told(refused(428), Answer(200, BABS, headers), Answer(200, BABS, {}), Answer(200, BABS, {}))
    asking, kim = client(told), read(USER, {**KIM, "meta": {"version": "5"}})

    def write() -> None:
        asking.patch(kim, [{"op": "replace", "path": "title", "value": "x"}], answer=False) if method == "PATCH" else asking.delete(kim)

    write()
    assert told.headers == [{}, {}, {"If-Match": headers.get("ETag", "*")}]
    write()
    assert told.headers[3:] == [{"If-Match": "5"}], "it is known from then on"


def test_a_part_of_a_resource_is_not_taken_for_all_of_it() -> None:
    told = Told(Answer(201, {"id": "1"}, {}), BABS)
    assert client(told).create(USER, {"userName": "bjensen"}) == read(USER, BABS)
    assert client(Told(Answer(200, {"id": "1", "schemas": []}, {}))).replace(read(USER, BABS), BABS) is None
    asking = client(Told(Answer(200, {"id": "1"}, {})))
    assert asking.patch(read(USER, BABS), [{"op": "replace", "path": "title", "value": "x"}]) is None
    assert asking.capabilities.answers_patch is False


def test_who_was_made_where_nobody_may_read_has_an_id_at_least() -> None:
    made = client(Told(Answer(201, {"id": "1"}, {}), refused(403))).create(USER, {"userName": "bjensen"})
    assert made is not None
    assert made.id == "1"


def test_where_nothing_is_at_the_url_it_is_asked_about() -> None:
    with pytest.raises(NotFound, match="Check that url is the base URL"):
        client(Told(refused(404))).create(USER, {"userName": "bjensen"})


def test_whose_the_credential_is_may_not_be_told() -> None:
    for answer in (refused(404), NotScim("GET /Me was answered with a page")):
        asking = client(Told(answer))
        assert asking.me() is None
        assert asking.capabilities.me is False


def test_all_threads_take_the_listing_that_one_gets() -> None:
    told = Told(page(BABS, KIM))
    asking = client(told, filter=False)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: names(asking.lookup(USER).find(f'userName eq "{number}" or userName eq "kim"')), range(32)))
    assert found == [["kim"]] * 32
    assert len(told.sent) == 1


@pytest.mark.parametrize("status", [403, 404, 405])
def test_where_nobody_may_be_listed_a_look_up_says_it_all(status: int) -> None:
    told = Told(page(), refused(status))
    assert client(told).lookup(USER).find_anywhere('userName eq "kim"') == []


def test_names_of_extensions_are_asked_for_with_their_urn() -> None:
    assert qualified(USER, ["title", f"{ENTERPRISE}:department"]) == ["title", f"{ENTERPRISE}:department"]
    assert f"{ENTERPRISE}:manager" in qualified(USER, [ENTERPRISE])


def test_what_was_not_asked_for_is_as_before() -> None:
    before = read(USER, {**BABS, "nickName": "B", "meta": {"version": "1"}})
    after = merged(before, read(USER, {"id": "1", "meta": {"version": "2"}}), ["title"])
    assert after.body == {"id": "1", "userName": "bjensen", "nickName": "B", "meta": {"version": "2"}}
    assert after.version == "2"


def test_any_number_of_values_is_looked_up() -> None:
    told = Told(page())
    assert client(told).lookup(USER).find_values("userName", [f"u{number}" for number in range(30_000)]) == {}
    assert len(told.sent) == 1500 + 20
