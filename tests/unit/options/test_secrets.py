# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in parameters are found and masked by their argument spec, whatever is wrong with the parameters."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.options.secrets import masked_parameters, secret_parameters

SPEC: dict[str, Any] = {
    "token": {"type": "str", "no_log": True, "aliases": ["bearer"]},
    "title": {"no_log": False},
    "users": {
        "type": "list",
        "elements": "dict",
        "options": {"password": {"no_log": True}, "name": {"options": {"pin": {"no_log": True}}}},
    },
}


@pytest.mark.parametrize(
    ("given", "secrets"),
    [
        ({"token": "t", "title": "Lead"}, ["t"]),
        ({"bearer": "t", "token": None}, ["t"]),
        ({"token": "", "users": None}, []),
        ({"users": [{"password": "p"}, "text", 7, {"name": {"pin": 1234}}], "token": "t"}, ["t", "p", "1234"]),
        ({"users": {"password": "p"}}, ["p"]),
        ({"users": "text", "unknown": "x"}, []),
    ],
)
def test_secret_parameters_are_found_whatever_is_wrong(given: dict[str, Any], secrets: list[str]) -> None:
    assert list(secret_parameters(SPEC, given)) == secrets


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"token": "t0ken", "title": "Lead"}, {"token": "********", "title": "Lead"}),
        ({"bearer": "t0ken"}, {"bearer": "********"}),
        ({"tokn": "t0ken", "url": None}, {"tokn": "********", "url": None}),
        ({"users": [{"pasword": "s3cret", "name": "text"}]}, {"users": [{"pasword": "********", "name": "********"}]}),
        ({"users": '[{"password": "s3cret"}]'}, {"users": "********"}),
        ({"users": [["text"], "text", {"name": {"pin": 1234}}]}, {"users": ["********", "********", {"name": {"pin": "********"}}]}),
        ({"http_headers": {"X-Version": 1}}, {"http_headers": {"X-Version": "********"}}),
        ({"http_headers": "X-Version: 1"}, {"http_headers": "********"}),
        ({"url": "https://kim:s3cret@scim.example.com/v2"}, {"url": "https://********@scim.example.com/v2"}),
        ({"url": "kim:s3c/ret@scim.example.com"}, {"url": "kim:********@scim.example.com"}),
        ({"title": {"Password": "s3cret", "pass": True}}, {"title": {"Password": "********", "pass": True}}),
        ({"url": "https://scim.example.com/v2?token=s3cret"}, {"url": "https://scim.example.com/v2?********"}),
        ({"url": "https://scim.example.com/v2#access_token=s3"}, {"url": "https://scim.example.com/v2#********"}),
        ({"url": "scim.example.com?sig=s3cret"}, {"url": "scim.example.com?********"}),
        (
            {"src": ["https://kim:s3@x.org/a.yml?b", "a?.yml", "a@b.yml"]},
            {"src": ["https://********@x.org/a.yml?********", "a?.yml", "a@b.yml"]},
        ),
        (
            {"provider_options": {"patch": False, "api_key": "s3", "names": {"x-Token": 7, "title": "job"}}},
            {"provider_options": {"patch": False, "api_key": "********", "names": {"x-Token": "********", "title": "job"}}},
        ),
        ({"provider_options": "patch=false client-secret=s3"}, {"provider_options": "********"}),
        ({"rate_limit": {"rate": 60, "token": "s3"}}, {"rate_limit": {"rate": 60, "token": "********"}}),
        ({"rate_limit": "{rate: 60, pwd: 's3'}"}, {"rate_limit": "********"}),
        ({"rate_limit": "{rate: 60, burst: 5}"}, {"rate_limit": "{rate: 60, burst: 5}"}),
        ({"rate_limit": ["60", "token: s3"]}, {"rate_limit": ["60", "********"]}),
    ],
)
def test_parameters_are_masked_by_their_place(given: dict[str, Any], shown: dict[str, Any]) -> None:
    others = {"provider_options": {"type": "dict"}, "rate_limit": {"type": "raw"}, "src": {"type": "list"}}
    spec = {**SPEC, **others, "http_headers": {"type": "dict"}, "url": {"type": "str"}}
    assert masked_parameters(spec, given) == shown


@pytest.mark.parametrize(
    "text",
    [
        '[{"password": "s3cret pass", "x": 1}]',
        "{'password': 's3cret pass'}",
        'user_name=kim password="s3cret pass"',
        '{"password": "s3cret pass"',
    ],
)
def test_a_password_in_a_mapping_as_text_is_found(text: str) -> None:
    assert list(secret_parameters(SPEC, {"users": text})) == ["s3cret pass"]
    assert list(secret_parameters(SPEC, {"users": [text]})) == ["s3cret pass"]


@pytest.mark.parametrize(
    ("given", "secrets"),
    [
        ({"url": "https://kim:long%20secret@x.org/v2?b=c@d"}, ["long%20secret@x.org/v2?b=c", "long secret@x.org/v2?b=c"]),
        (
            {"url": "https://x.org?api-version=20240101&Sig=a%2Bsignature&token=short"},
            ["a%2Bsignature", "a+signature", "https://x.org?api-version=20240101&Sig=a%2Bsignature&token=short"],
        ),
        ({"url": "https://kim:pw@x.org/v2"}, ["https://kim:pw@"]),
        ({"src": ["https://kim:@x.org", "kim:pw@x.org"]}, ["https://kim:@"]),
        ({"url": "https://only-a-token@x.org"}, ["only-a-token"]),
        ({"src": ["a.yml", "https://x.org/a.yml?access_token=long-secret"]}, ["long-secret"]),
        ({"src": ["?token=long-secret"]}, []),
        ({"rate_limit": {"rate": 60, "token": "long-secret"}}, ["long-secret"]),
        ({"rate_limit": "token=long-secret"}, ["long-secret"]),
        ({"provider_options": {"names": {"client_secret": 123456789}, "patch": True}}, ["123456789"]),
    ],
)
def test_secrets_where_none_belong_are_found(given: dict[str, Any], secrets: list[str]) -> None:
    spec = {"url": {"type": "str"}, "src": {"type": "list"}, "rate_limit": {"type": "raw"}, "provider_options": {"type": "dict"}}
    assert list(secret_parameters(spec, given)) == secrets
