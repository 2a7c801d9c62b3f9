# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is declared: what ``read_usual`` reads is what the parser returns without it, and it reads what most files have."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration import parser
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import NOWHERE
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.usual_form import read_usual
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import widest
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Type
from benchmarks.company import declared_user

USER = widest("User")
ODD = st.sampled_from(["", " ", "x\x07", "x\u200b", "\ufffd", "kim@", "en_US", "www.example.com", "555 0123 ext. 4", "work"])
FORMS = {
    "email": "kim@example.com",
    "phone": "+1-201-555-0123",
    "uri": "https://example.com/kim",
    "language": "en-US",
    "locale": "en-US",
    "timezone": "Europe/Paris",
    "certificate": "MAA=",
}
TYPES = {Type.BOOLEAN: "true", Type.INTEGER: "7", Type.DECIMAL: "7.5", Type.DATE_TIME: "2027-01-31T09:00:00Z"}


def simple(attribute: Attribute) -> st.SearchStrategy[Any]:
    usual = TYPES.get(attribute.type) or FORMS.get(attribute.format) or "work"
    odd = ODD | st.booleans() | st.integers() | st.none()
    return st.integers(0, 9).flatmap(lambda dice: st.just(usual) if dice else odd)


def values(attribute: Attribute) -> st.SearchStrategy[Any]:
    single = bodies(attribute, least=1) if attribute.is_complex else simple(attribute)
    return st.lists(single, min_size=1, max_size=2) if attribute.multi_valued else single


def bodies(attribute: Attribute, least: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    """A few sub-attributes, most of them as they are usually spelled, and some in two spellings at once."""
    known = {name: values(sub) for sub in attribute.sub_attributes for name in (sub.name, sub.option, sub.name.upper())}
    usual = sorted({sub.name for sub in attribute.sub_attributes} - {"meta", "schemas"})
    names = st.lists(st.sampled_from(usual), min_size=least, max_size=3, unique=True)
    names |= st.lists(st.sampled_from(sorted(known)), max_size=3, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: known[name] for name in chosen}))


def parsed(raw: dict[str, Any]) -> tuple[Any, ...]:
    entry, problems = parser.parse_entry(USER, raw, NOWHERE, ("id", "userName"))
    return entry, repr(entry.attributes), entry.deviations, entry.secrets, problems


@settings(max_examples=500)
@given(bodies(USER.root))
@example({"emails": [{"value": "kim@example.com", "primary": "yes"}, {"value": "KIM@example.com"}]})
@example({"emails": [{"value": "kim@example.com", "primary": "yes"}, {"value": "joe@example.com", "primary": True}]})
@example({"emails": [{"type": "work"}]})
@example({"addresses": [{"locality": "Bonn"}, {"locality": "bonn"}]})
@example({"emails": []})
@example({"schemas": []})
@example({"user_name": "kim", "userName": "kim"})
@example({"name": {"given_name": "Kim", "givenName": "Joe"}})
@example({"enterprise": {"manager": "kim"}})
@example({"enterprise": {"manager": {"value": "26118915"}}, "password": "p" * 20})
@example({"enterprise": {"department": "a"}, USER.extensions[0].urn: {"department": "b"}})
def test_what_is_usual_is_read_as_the_parser_reads_it(raw: dict[str, Any]) -> None:
    raw = {"userName": "kim", **raw}
    event("usual" if read_usual(USER, raw) is not None else "not usual")
    with patch.object(parser, "read_usual", return_value=None):
        expected = parsed(raw)
    assert parsed(raw) == expected


@given(st.integers(0, 10**6))
def test_most_users_are_usual(number: int) -> None:
    raw = {name: value for name, value in declared_user(number, 1000).items() if name != "groups"}
    body = read_usual(USER, raw)
    assert body is not None
    assert body["emails"] == raw["emails"]
    assert body[USER.extensions[0].urn] == raw["enterprise"]
