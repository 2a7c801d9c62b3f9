# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every filter; and filters compared with another implementation."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from scim2_models import EnterpriseUser, ScimFilter, User

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.filter import equals, parse
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.identity import name_key
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import CORE_USER, ENTERPRISE_USER, USER

CORE, ENTERPRISE = CORE_USER.urn, ENTERPRISE_USER.urn


@given(st.text(st.characters()))
def test_any_text_can_be_quoted_and_asked_for(value: str) -> None:
    """Nothing in a value ends the literal: neither a quote nor a whole filter in it."""
    parsed = parse(equals("externalId", value))
    assert parsed.matches(USER.root, {"externalId": value})
    assert not parsed.matches(USER.root, {"externalId": f"{value}."})
    assert parse(equals("userName", value)).matches(USER.root, {"userName": name_key(value)})


@given(st.text(max_size=40) | st.text('()[]"\\ aeq1.:$', max_size=40))
def test_any_text_is_parsed_or_refused_as_invalid(text: str) -> None:
    """Invalid is the only error there can be."""
    try:
        parse(text, USER.root).matches(USER.root, {"userName": "a", "emails": [{"value": "a"}]})
    except Invalid as refusal:
        message = str(refusal)
    else:
        message = "filter: nothing wrong"
    assert message.startswith("filter: ")


# A person and a filter about them, from few enough words that they often meet.
WORDS = ("a", "A", "ab", "b", "Abc", "c d")
DATES = ("2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2021-06-30T12:00:00.5Z")
words = st.sampled_from(WORDS)
people = st.fixed_dictionaries(
    {"userName": words},
    optional={
        "externalId": words,
        "title": words,
        "active": st.booleans(),
        "name": st.fixed_dictionaries({"givenName": words}, optional={"familyName": words}),
        "roles": st.lists(
            st.fixed_dictionaries({"value": words, "type": words}, optional={"primary": st.booleans()}), min_size=1, max_size=3
        ),
        "meta": st.fixed_dictionaries({"created": st.sampled_from(DATES)}),
        ENTERPRISE: st.fixed_dictionaries({"department": words}, optional={"manager": st.fixed_dictionaries({"value": words})}),
    },
)
literals = words.map(json.dumps)
operators = st.sampled_from(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"])
equality = st.sampled_from(["eq", "ne"])
truth = st.sampled_from(["true", "false"])
texts = st.sampled_from(
    [
        "userName",
        "externalId",
        "title",
        "name.givenName",
        "name.familyName",
        f"{CORE}:title",
        f"{ENTERPRISE}:department",
        f"{ENTERPRISE}:manager.value",
    ]
)


def expressions(path: st.SearchStrategy[str], operator: st.SearchStrategy[str], value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(path, operator, value).map(" ".join)


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Join with and without parentheses, so that precedence is tested too."""
    pair = st.tuples(parts, st.sampled_from(["and", "or", "AND"]), parts).map(" ".join)
    return pair | pair.map(lambda text: f"({text})") | parts.map(lambda text: f"not ({text})")


inner = st.recursive(
    expressions(st.sampled_from(["value", "type"]), operators, literals) | expressions(st.just("primary"), equality, truth),
    joined,
    max_leaves=3,
)
atoms = (
    expressions(texts, operators, literals)
    | expressions(st.sampled_from(["roles", "roles.value", "roles.type"]), operators, literals)
    | expressions(st.just("active"), equality, truth)
    | expressions(st.just("meta.created"), st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]), st.sampled_from(DATES).map(json.dumps))
    | expressions(st.sampled_from(["title", "active", "name.familyName"]), equality, st.just("null"))
    | st.sampled_from(["title", "active", "name", "roles", "roles.primary", "meta.created", f"{ENTERPRISE}:department"]).map("{} pr".format)
    | inner.map("roles[{}]".format)
)
filters = st.recursive(atoms, joined, max_leaves=5)


@settings(max_examples=400)
@given(filters, people)
def test_scim2_models_agrees(text: str, body: dict[str, Any]) -> None:
    person = User[EnterpriseUser].model_validate({"schemas": [CORE, ENTERPRISE], **body})
    assert parse(text, USER.root).matches(USER.root, body) is ScimFilter[User[EnterpriseUser]](text).match(person)


@given(filters, people)
def test_not_not_is_nothing(text: str, body: dict[str, Any]) -> None:
    once = parse(text).matches(USER.root, body)
    assert parse(f"not ({text})").matches(USER.root, body) is not once
    assert parse(f"not (not ({text}))").matches(USER.root, body) is once


@given(filters, filters, people)
def test_de_morgan(left: str, right: str, body: dict[str, Any]) -> None:
    neither = parse(f"not (({left}) and ({right}))").matches(USER.root, body)
    assert neither is parse(f"not ({left}) or not ({right})").matches(USER.root, body)


@given(filters, people, st.sampled_from([str.upper, str.lower, str.swapcase]))
def test_case_of_names_operators_and_words_is_irrelevant(text: str, body: dict[str, Any], change: Any) -> None:
    # Every second piece between quotes is a value, which stays.
    pieces = text.split('"')
    changed = '"'.join(piece if index % 2 else change(piece) for index, piece in enumerate(pieces))
    assert parse(changed).matches(USER.root, body) is parse(text).matches(USER.root, body)
