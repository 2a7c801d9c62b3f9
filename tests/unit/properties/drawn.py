# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups as hypothesis draws them: few values, so that what is declared and what is there often meet."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any
from unicodedata import normalize

from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import ENTERPRISE_USER

Body = dict[str, Any]
TEXTS = st.sampled_from(["a", "A", "b", "Café", "Cafe\u0301", "ß"])
EMAILS = st.sampled_from(["a@example.com", "A@example.com", "b@example.com", "c@example.org"])
PHONES = st.sampled_from(["tel:+1-201-555-0123", "+1 (201) 555 0123", "+41.44.555.01.23"])
URLS = st.sampled_from(["https://example.com/a", "https://example.com/b"])
TYPES = st.sampled_from(["work", "Work", "home"])
PARTS = ("formatted", "familyName", "givenName", "middleName")
ENTERPRISE = ENTERPRISE_USER.urn


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Body]:
    return st.fixed_dictionaries({}, optional=fields)


def elements(value: st.SearchStrategy[str], nulls: bool) -> st.SearchStrategy[list[Body]]:
    """A list without two primaries and without doubles, as the rules ask of a declaration and RFC 7643 §2.4 of a provider."""
    one = st.fixed_dictionaries({"value": value}, optional={"type": or_null(TYPES, nulls), "primary": or_null(st.booleans(), nulls)})
    return st.lists(one, max_size=4, unique_by=lambda element: _form(element, "value", "type")).map(_sound)


def addresses(nulls: bool) -> st.SearchStrategy[list[Body]]:
    one = some(type=TYPES, locality=or_null(TEXTS, nulls), region=or_null(TEXTS, nulls)).filter(any)
    return st.lists(one, max_size=3, unique_by=lambda address: _form(address, "type", "locality", "region")).map(_sound)


def _form(element: Body, *names: str) -> tuple[str, ...]:
    """In which two elements must differ, since case and the notation of phone numbers say nothing."""
    texts = (normalize("NFC", element.get(name) or "").casefold().removeprefix("tel:") for name in names)
    return tuple(text.translate(dict.fromkeys(map(ord, " ().-"))) for text in texts)


def or_null(values: st.SearchStrategy[Any], nulls: bool) -> st.SearchStrategy[Any]:
    return st.none() | values if nulls else values


def _sound(found: list[Body]) -> list[Body]:
    kept: list[Body] = []
    for element in found:
        if element.get("primary") and any(other.get("primary") for other in kept):
            element = {**element, "primary": False}
        if any(value is not None for value in element.values()):
            kept.append(element)
    return kept


def users(nulls: bool) -> st.SearchStrategy[Body]:
    """With ``nulls`` as they are declared, without them as they are read."""
    name = some(**{part: or_null(TEXTS, nulls) for part in PARTS})
    enterprise = some(
        department=or_null(TEXTS, nulls),
        costCenter=or_null(TEXTS, nulls),
        manager=st.fixed_dictionaries({"value": st.sampled_from(["1", "2"])}),
    )
    found = some(
        displayName=or_null(TEXTS, nulls),
        title=or_null(TEXTS, nulls),
        externalId=or_null(st.sampled_from(["x", "X"]), nulls),
        profileUrl=or_null(URLS, nulls),
        active=or_null(st.booleans(), nulls),
        name=or_null(name, nulls),
        emails=or_null(elements(EMAILS, nulls), nulls),
        phoneNumbers=or_null(elements(PHONES, nulls), nulls),
        roles=or_null(elements(TEXTS, nulls), nulls),
        addresses=or_null(addresses(nulls), nulls),
        **{ENTERPRISE: or_null(enterprise, nulls)},
    )
    return found if nulls else found.map(_assigned)


def _assigned(body: Body) -> Body:
    return {"userName": "bjensen", **{name: value for name, value in body.items() if value not in ({}, [])}}


READ = users(nulls=False)
DECLARED = users(nulls=True)


def shuffled(value: Any, draw: random.Random) -> Any:
    """The same in another order: of keys, and of elements."""
    if isinstance(value, dict):
        keys = list(value)
        draw.shuffle(keys)
        return {key: shuffled(value[key], draw) for key in keys}
    if isinstance(value, list):
        items = [shuffled(item, draw) for item in value]
        draw.shuffle(items)
        return items
    return value


def unordered(value: Any) -> Any:
    """A form in which order says nothing."""
    if isinstance(value, dict):
        return frozenset((key, unordered(inner)) for key, inner in value.items())
    return frozenset(Counter(map(unordered, value)).items()) if isinstance(value, list) else value
