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
    ],
)
def test_parameters_are_masked_by_their_place(given: dict[str, Any], shown: dict[str, Any]) -> None:
    spec = {**SPEC, "http_headers": {"type": "dict"}, "url": {"type": "str"}}
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
