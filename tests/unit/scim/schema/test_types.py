# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes, schemas and resource types; and the same from a live ``/Schemas``."""

from __future__ import annotations

import dataclasses
import pickle

import pytest
import scim2_models

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import CORE_USER, ENTERPRISE_USER, GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import (
    Attribute,
    Mutability,
    Returned,
    Schema,
    Type,
    Uniqueness,
    attribute_from_scim,
    schema_from_scim,
)

BADGE = Schema("urn:example:scim:badge:1.0:User", "Badge", attributes=(Attribute("badgeNumber"),))


@pytest.mark.parametrize(
    ("mutability", "returned", "writable", "comparable"),
    [
        (Mutability.READ_WRITE, Returned.DEFAULT, True, True),
        (Mutability.READ_WRITE, Returned.ALWAYS, True, True),
        (Mutability.IMMUTABLE, Returned.DEFAULT, True, True),
        (Mutability.READ_ONLY, Returned.ALWAYS, False, False),
        (Mutability.READ_WRITE, Returned.REQUEST, True, False),
        (Mutability.WRITE_ONLY, Returned.NEVER, True, False),
    ],
)
def test_writable_and_comparable_attributes(mutability: Mutability, returned: Returned, writable: bool, comparable: bool) -> None:
    attribute = Attribute("a", mutability=mutability, returned=returned)
    assert (attribute.writable, attribute.comparable) == (writable, comparable)


def test_option_is_the_alias_if_there_is_one() -> None:
    assert Attribute("userName").option == "user_name"
    assert Attribute(ENTERPRISE_USER.urn, alias="enterprise").option == "enterprise"
    assert Attribute("urn:example:ext:1.0:User").option == "urn:example:ext:1.0:User"


def test_no_other_name_is_found() -> None:
    assert USER.root.sub("userNames") is None
    assert USER.root.sub("") is None
    assert Attribute("plain").sub("value") is None


def test_attributes_are_values() -> None:
    one, other = (Attribute("a", Type.COMPLEX, sub_attributes=(Attribute("b"),)) for _other in range(2))
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.name = "c"  # type: ignore[misc]


def test_root_holds_common_core_and_extension() -> None:
    names = [sub.name for sub in USER.root.sub_attributes]
    assert names[:4] == ["schemas", "id", "externalId", "meta"]
    assert names[4] == "userName"
    assert names[-1] == ENTERPRISE_USER.urn
    assert USER.root.is_complex


def test_an_extension_is_added_and_a_known_one_replaced() -> None:
    extended = USER.extended([BADGE])
    assert extended.extensions == (ENTERPRISE_USER, BADGE)
    badge = extended.root.sub(BADGE.urn)
    assert badge is not None
    assert badge.sub("badge_number") == Attribute("badgeNumber")
    assert USER.root.sub(BADGE.urn) is None, "the original is as it was"
    shouted = dataclasses.replace(BADGE, urn=BADGE.urn.upper(), attributes=())
    assert extended.extended([shouted]).extensions == (ENTERPRISE_USER, shouted)
    assert extended.name_attribute == "userName"


def test_more_sub_attributes_of_some_attributes() -> None:
    pin, row = Attribute("pin"), Attribute("row")
    grown = USER.adding({"": [pin], "addresses": [row]})
    assert grown.root.sub("pin") is pin
    assert grown.schema.attributes[:-1] != CORE_USER.attributes
    assert [attribute.name for attribute in grown.schema.attributes[:-1]] == [attribute.name for attribute in CORE_USER.attributes]
    addresses, emails = grown.root.sub("addresses"), grown.root.sub("emails")
    assert addresses is not None
    assert addresses.sub("row") is row
    assert addresses.sub("locality") == USER.root.sub("addresses").sub("locality")  # type: ignore[union-attr]
    assert emails == USER.root.sub("emails")
    assert (grown.schema.urn, grown.extensions, grown.common) == (USER.schema.urn, USER.extensions, USER.common)
    assert USER.adding({}) == USER
    assert USER.adding({"addresses": [row]}).root.sub("row") is None


@pytest.mark.parametrize(
    ("names", "unknown"),
    [
        ([], set()),
        (["userName", "nonsense", ENTERPRISE_USER.urn, ENTERPRISE_USER.urn.upper()], set()),
        (["userName", BADGE.urn, BADGE.urn.upper()], {BADGE.urn, BADGE.urn.upper()}),
        (["URN:example", "notes:private", "urn", "urnish:a"], {"URN:example"}),
    ],
)
def test_extensions_that_a_type_does_not_have(names: list[str], unknown: set[str]) -> None:
    assert USER.unknown_extensions(names) == unknown
    assert USER.extended([BADGE]).unknown_extensions(names) == unknown - {BADGE.urn, BADGE.urn.upper()}


def test_a_type_knows_its_nouns_and_what_a_resource_needs() -> None:
    assert [(t.noun, t.nouns) for t in (USER, GROUP)] == [("user", "users"), ("group", "groups")]
    assert [[attribute.name for attribute in t.needed] for t in (USER, GROUP)] == [["userName"], ["displayName"]]
    assert USER.read_only == {"schemas", "id", "meta", "groups"}
    assert GROUP.read_only == {"schemas", "id", "meta"}
    assert hash(USER) == hash(USER.extended([BADGE])) != hash(GROUP)


def test_an_extension_in_the_root_is_described_and_complex() -> None:
    enterprise = USER.root.sub("enterprise")
    assert enterprise is not None
    assert (enterprise.name, enterprise.type, enterprise.description) == (ENTERPRISE_USER.urn, Type.COMPLEX, ENTERPRISE_USER.description)
    assert USER.root.name == "User"
    assert "_by_name" not in repr(USER.root)


@pytest.mark.parametrize(
    ("parent", "name", "nearest"),
    [
        (USER.root, "usrName", "userName"),
        (USER.root, "usr_name", "user_name"),
        (USER.root, "Enterprize", "enterprise"),
        (GROUP.root, "displyName", "displayName"),
        (GROUP.root, "disply_name", "display_name"),
        (GROUP.root, "zzz", ""),
        (Attribute("a", sub_attributes=(Attribute("$ref"), Attribute("abcde"))), "abcxe", "abcde"),
        (Attribute("a", sub_attributes=(Attribute("$ref"), Attribute("abcdef"))), "abxyzf", ""),
        (Attribute("a"), "b", ""),
    ],
)
def test_the_name_that_an_unknown_name_resembles(parent: Attribute, name: str, nearest: str) -> None:
    assert parent.nearest(name) == nearest


def test_the_options_of_sub_attributes_are_sorted() -> None:
    assert GROUP.root.sub_options == ["display_name", "external_id", "id", "members", "meta", "schemas"]


def test_schemas_of_a_body() -> None:
    assert USER.schemas_of({"userName": "a"}) == [CORE_USER.urn]
    body = {"userName": "a", ENTERPRISE_USER.urn: {"department": "IT"}, "URN:example:x": {}}
    assert USER.schemas_of(body) == [CORE_USER.urn, ENTERPRISE_USER.urn, "URN:example:x"]
    assert GROUP.schemas_of({}) == [GROUP.schema.urn]


def test_a_sparse_attribute_has_the_defaults_of_the_rfc() -> None:
    assert attribute_from_scim({"name": "color"}) == Attribute("color")
    assert attribute_from_scim({"name": 7, "description": None, "type": None}) == Attribute("7")


def test_a_reference_is_case_exact() -> None:
    assert attribute_from_scim({"name": "$ref", "type": "Reference"}) == Attribute("$ref", Type.REFERENCE, case_exact=True)


def test_a_full_attribute_is_read_in_any_case_and_nonsense_is_the_default() -> None:
    raw = {
        "name": "seats",
        "type": "COMPLEX",
        "multiValued": True,
        "required": True,
        "caseExact": True,
        "mutability": "readonly",
        "returned": "Request",
        "uniqueness": "GLOBAL",
        "description": "Seats.",
        "canonicalValues": ["a", "b"],
        "referenceTypes": ["User"],
        "subAttributes": [{"name": "row", "type": "datetime", "mutability": "sometimes", "canonicalValues": None}],
    }
    assert attribute_from_scim(raw) == Attribute(
        "seats",
        Type.COMPLEX,
        multi_valued=True,
        required=True,
        case_exact=True,
        mutability=Mutability.READ_ONLY,
        returned=Returned.REQUEST,
        uniqueness=Uniqueness.GLOBAL,
        canonical_values=("a", "b"),
        reference_types=("User",),
        sub_attributes=(Attribute("row", Type.DATE_TIME),),
        description="Seats.",
    )


def test_a_schema_that_a_real_server_sends() -> None:
    raw = scim2_models.EnterpriseUser.to_schema().model_dump()
    schema = schema_from_scim(raw)
    assert schema.urn == ENTERPRISE_USER.urn
    assert [a.name for a in schema.attributes] == [a.name for a in ENTERPRISE_USER.attributes]
    assert (schema.name, schema.description) == (raw["name"], raw["description"])
    assert schema_from_scim({"id": "urn:example:x"}) == Schema("urn:example:x", "urn:example:x")
    empty = {"id": "urn:example:x", "name": "", "description": None, "attributes": None}
    assert schema_from_scim(empty) == Schema("urn:example:x", "urn:example:x")


def test_an_attribute_is_given_to_another_process_without_what_was_compiled() -> None:
    seat = Attribute("seat", sub_attributes=(Attribute("row", alias="line", canonical_values=("1",)),), required=True)
    assert seat.compiled(lambda attribute: lambda: attribute)() is seat
    again = pickle.loads(pickle.dumps(seat))
    assert (again, again.sub("line")) == (seat, seat.sub_attributes[0])
    assert again.compiled(lambda attribute: lambda: attribute)() is again


def test_what_is_compiled_of_an_attribute_is_compiled_once() -> None:
    asked: list[str] = []

    def compile_nothing(attribute: Attribute) -> None:
        asked.append(attribute.name)

    seat, other = Attribute("seat"), Attribute("seat")
    assert seat.compiled(compile_nothing) is None
    assert seat.compiled(compile_nothing) is None
    assert asked == ["seat"], "also where nothing is made of it"
    other.compiled(compile_nothing)
    assert asked == ["seat", "seat"], "each attribute has its own"
    assert seat == other, "it is no part of what an attribute is"
