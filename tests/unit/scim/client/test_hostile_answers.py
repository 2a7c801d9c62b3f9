# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are made to do harm: to memory and time, to the terminal, to whoever reads them as what they are not."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim import errors
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.client import Client
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.listing import Listing
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http import wire
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.answers import HTML_LIMIT, parse_json
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Capabilities
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import DEEPEST
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES, USER
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import TOKEN, Say, serving, to

PERSON = {"id": "1", "userName": "bjensen"}


def join_names(*pages: Any) -> tuple[Listing, list[str]]:
    """The listing of a provider with these pages, and what was asked for."""
    with serving(*(Say(200, page) for page in pages)) as provider:
        listing = Client(to(provider, retries=0), Capabilities(concurrency=4), RESOURCE_TYPES).every(USER)
    return listing, [asked.path for asked in provider.asked]


# -- memory and time ---------------------------------------------------------------------------------------------------------------------


def squeezed(content: bytes, times: int = 1) -> bytes:
    for _time in range(times):
        content = gzip.compress(content)
    return content


@pytest.mark.parametrize("times", [1, 3])
def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_unpacked(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ANSWER_LIMIT", 2**20)
    bomb = Say(200, squeezed(b" " * 2**26, times), {"Content-Encoding": ", ".join(["gzip"] * times)})
    with serving(bomb) as provider, pytest.raises(errors.NotScim, match="more than 1 MiB"):
        to(provider, retries=0).send("GET", "/Users")


@pytest.mark.parametrize("coding", ["gzip", ", ".join(["gzip"] * 2000)])
def test_the_message_of_an_answer_that_cannot_be_unpacked(coding: str) -> None:
    with (
        serving(Say(200, b"{}", {"Content-Encoding": coding})) as provider,
        pytest.raises(errors.Unreachable, match=r"broke: .*Gave up after 1 attempt\."),
    ):
        to(provider, retries=0).send("GET", "/Users")


@pytest.mark.parametrize(
    "page", ["<html>" + "<title" * 200_000, "<p>" + "<" * 500_000, "<html>" + "<script>" * 200_000, "<p>" * 500_000, "&#x1b;" * 500_000]
)
@pytest.mark.parametrize("wrap", [str, lambda page: {"detail": page}])
def test_reading_a_hostile_page_takes_linear_time(page: str, wrap: Any) -> None:
    """In the square of its length it would take minutes."""
    content = wrap(page)
    with serving(Say(400, content.encode() if isinstance(content, str) else content)) as provider, pytest.raises(errors.Refused) as caught:
        to(provider, retries=0).send("GET", "/Users")
    assert len(caught.value.detail) <= 300


@pytest.mark.parametrize("before", [HTML_LIMIT, 2 * HTML_LIMIT])
@pytest.mark.parametrize("cut", [4, len(TOKEN) - 4])
def test_half_a_secret_is_not_left_where_words_are_cut(before: int, cut: int) -> None:
    tags = "<b>" * (before // 3)
    page = "<p>" + tags + " " * (before - cut - len(tags) - 3) + TOKEN
    with serving(Say(400, page.encode())) as provider, pytest.raises(errors.Refused) as caught:
        to(provider, retries=0).send("GET", "/Users")
    assert TOKEN[:4] not in str(caught.value)


@pytest.mark.parametrize("content", [b"[" * 200_000, b'{"a":' * 200_000, b'{"totalResults": ' + b"9" * 5000 + b"}"])
def test_json_that_no_provider_writes_is_not_scim(content: bytes) -> None:
    with serving(Say(200, content)) as provider, pytest.raises(errors.NotScim, match="not with JSON"):
        to(provider, retries=0).send("GET", "/Users")


def nested(levels: int) -> Any:
    value: Any = "x"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def test_a_resource_has_a_largest_depth() -> None:
    """Far from that of Python's stack, of which whatever calls this has used a part."""
    listing, _asked = join_names({"totalResults": 1, "Resources": [{**PERSON, "custom": nested(DEEPEST)}]})
    assert listing.resources["1"].body["custom"] == nested(DEEPEST)
    with pytest.raises(errors.NotScim, match=f"nested more than {DEEPEST} levels"):
        join_names({"totalResults": 1, "Resources": [{**PERSON, "custom": nested(DEEPEST + 1)}]})


# -- listings ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("total", [10**15, b"1e999", b"NaN", b"-1", "many", [1], True])
def test_whatever_the_total_is_a_page_without_anybody_new_is_the_last(total: Any) -> None:
    written = total.decode() if isinstance(total, bytes) else json.dumps(total)
    listing, asked = join_names(f'{{"totalResults": {written}, "Resources": [{json.dumps(PERSON)}]}}'.encode())
    assert list(listing.resources) == ["1"]
    assert len(asked) <= 6


@pytest.mark.parametrize("cursor", ["http://evil.example/x", "//evil.example", "../../x", {"a": 1}, ["x"], True, "a&filter=x#y\r\nHost: z"])
def test_a_cursor_is_a_parameter_and_leads_nowhere(cursor: Any) -> None:
    page = {"totalResults": 2, "Resources": [PERSON], "nextCursor": cursor}
    listing, asked = join_names(page)
    assert not listing.complete
    assert len(asked) == 2
    assert all(path.startswith("/v2/Users?") and "filter=" not in path and path.count("&") <= 1 for path in asked)


def test_cursors_without_an_end_end() -> None:
    pages = [{"Resources": [PERSON], "nextCursor": str(number)} for number in range(50)]
    listing, asked = join_names(*pages)
    assert (listing.complete, len(asked)) == (False, 2 + 1)  # and ServiceProviderConfig, once


@pytest.mark.parametrize("resources", [7, "abc", {"id": "1"}, True])
def test_resources_that_are_no_list(resources: Any) -> None:
    with pytest.raises(errors.NotScim, match="not a list"):
        join_names({"totalResults": 1, "Resources": resources})


@pytest.mark.parametrize("raw", [["a"], {"a": "b"}, [["a"]]])
@pytest.mark.parametrize("attribute", ["userName", "title", "externalId"])
def test_what_is_no_value_of_an_attribute_is_none(attribute: str, raw: Any) -> None:
    listing, _asked = join_names({"totalResults": 1, "Resources": [{**PERSON, attribute: raw}]})
    assert attribute not in listing.resources["1"].body


@pytest.mark.parametrize("raw", [{"a": 1}, [1], None, ""])
def test_who_has_no_id_is_nobody_and_missing(raw: Any) -> None:
    listing, _asked = join_names({"totalResults": 1, "Resources": [{**PERSON, "id": raw}]})
    assert (listing.resources, listing.complete) == ({}, False)


# -- where it leads ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource_id", ["../Groups/2", "..", ".", "a/b", "a?b=c", "a#b", "a\\b", "%2e%2e", "a\r\nHost: z", "é"])
def test_an_id_stays_one_part_of_a_path(resource_id: str) -> None:
    """Or nothing is sent at all."""
    listing, _asked = join_names({"totalResults": 1, "Resources": [{**PERSON, "id": resource_id}]})
    with serving(Say(204)) as provider:
        client = Client(to(provider, retries=0), Capabilities(), RESOURCE_TYPES)
        if resource_id in ("..", "."):
            with pytest.raises(errors.Invalid, match="is not the path of a resource"):
                client.delete(listing.resources[resource_id])
        else:
            client.delete(listing.resources[resource_id])
    assert all(asked.path.startswith("/v2/Users/") and asked.path.count("/") == 3 for asked in provider.asked)
    assert len(provider.asked) == (resource_id not in ("..", "."))


def test_the_location_of_what_was_made_is_only_an_id() -> None:
    with serving() as elsewhere, serving(Say(201, headers={"Location": f"{elsewhere.url}/v2/Users/7"}), Say(200, PERSON)) as provider:
        made = Client(to(provider, retries=0), Capabilities(), RESOURCE_TYPES).create(USER, {"userName": "bjensen"})
    assert made is not None
    assert [asked.path for asked in provider.asked] == ["/v2/Users", "/v2/Users/7"]
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    "location", ["http://evil@127.0.0.1:1/", "http://127.0.0.1.evil.example/", "ftp://127.0.0.1/", "file:///etc/passwd"]
)
def test_no_redirect_takes_the_credential_elsewhere(location: str) -> None:
    with serving(Say(308, headers={"Location": location})) as provider, pytest.raises(errors.Unreachable, match="not followed"):
        to(provider, retries=0).send("GET", "/Users")
    assert len(provider.asked) == 1


# -- text --------------------------------------------------------------------------------------------------------------------------------


def test_half_a_character_is_replaced_and_a_whole_one_is_not() -> None:
    assert parse_json(b'{"\\ud800": "a\\uDFFFb", "smile": "\\ud83d\\ude00"}') == {"?": "a?b", "smile": "😀"}
    with pytest.raises(ValueError, match="utf-8"):
        parse_json(b'"\xed\xa0\x80"')
