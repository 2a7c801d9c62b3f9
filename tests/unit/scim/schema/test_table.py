# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table compared with scim2-models, another implementation of the same RFC, in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import scim2_models
from scim2_models.resources.resource import _model_attribute_to_scim_attribute

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.names import fold, snake
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import (
    CORE_GROUP,
    CORE_USER,
    ENTERPRISE_USER,
    RESOURCE_TYPES,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Type, attribute_from_scim

OURS = {
    "User": CORE_USER.attributes,
    "Group": CORE_GROUP.attributes,
    "enterprise": ENTERPRISE_USER.attributes,
    "common": USER.common,
}
CHARACTERISTICS = (
    "type",
    "multi_valued",
    "required",
    "case_exact",
    "mutability",
    "returned",
    "uniqueness",
    "canonical_values",
    "reference_types",
)

# (attribute, characteristic): (ours, theirs). Why ours:
DEVIATIONS = {
    # §4.3 recommends both; only the JSON of §8.7.1 requires them, and then `manager: {value: ID}` would be refused.
    ("enterprise.manager.value", "required"): (False, True),
    ("enterprise.manager.$ref", "required"): (False, True),
    # §4.2: the sub-attributes of members are immutable; §2.4 says the same of every display.
    ("Group.members.display", "mutability"): ("immutable", "readWrite"),
    # §3.1: unique among the resources of the service provider, which §7 calls "server".
    ("common.id", "uniqueness"): ("server", "global"),
    # §3.1: the server always returns the id; §3: schemas is in all representations, and follows from the other attributes.
    ("common.schemas", "mutability"): ("readOnly", "readWrite"),
    ("common.schemas", "returned"): ("always", "default"),
    # §3.1: the URI of the resource, so a reference, which §2.3.7 compares exactly.
    ("common.meta.location", "type"): ("reference", "string"),
    ("common.meta.location", "case_exact"): (True, False),
    ("common.meta.location", "reference_types"): (("uri",), ()),
}


def theirs() -> dict[str, tuple[Attribute, ...]]:
    def schema(model: Any) -> tuple[Attribute, ...]:
        return tuple(attribute_from_scim(raw) for raw in model.to_schema().model_dump()["attributes"])

    common = ("schemas", "id", "external_id", "meta")  # to_schema() leaves these out, as /Schemas does
    return {
        "User": schema(scim2_models.User),
        "Group": schema(scim2_models.Group),
        "enterprise": schema(scim2_models.EnterpriseUser),
        "common": tuple(attribute_from_scim(_model_attribute_to_scim_attribute(scim2_models.User, name).model_dump()) for name in common),
    }


def walk(prefix: str, attributes: tuple[Attribute, ...]) -> Iterator[tuple[str, Attribute]]:
    for attribute in attributes:
        path = f"{prefix}.{attribute.name}"
        yield path, attribute
        yield from walk(path, attribute.sub_attributes)


def flat(schemas: Mapping[str, tuple[Attribute, ...]]) -> dict[str, Attribute]:
    return {path: attribute for prefix, attributes in schemas.items() for path, attribute in walk(prefix, attributes)}


TABLE, ORACLE = flat(OURS), flat(theirs())


def test_both_have_the_same_attributes() -> None:
    assert TABLE.keys() == ORACLE.keys()
    paths = [path for prefix, attributes in OURS.items() for path, _attribute in walk(prefix, attributes)]
    assert len(set(paths)) == len(paths), "a name is in the table twice"


@pytest.mark.parametrize("path", TABLE)
def test_characteristics(path: str) -> None:
    ours = {name: getattr(TABLE[path], name) for name in CHARACTERISTICS}
    expected = {name: DEVIATIONS[path, name][0] if (path, name) in DEVIATIONS else getattr(ORACLE[path], name) for name in CHARACTERISTICS}
    assert ours == expected


@pytest.mark.parametrize(("path", "name"), DEVIATIONS)
def test_each_deviation_is_still_one(path: str, name: str) -> None:
    assert (getattr(TABLE[path], name), getattr(ORACLE[path], name)) == DEVIATIONS[path, name]
    assert DEVIATIONS[path, name][0] != DEVIATIONS[path, name][1]


def test_urns() -> None:
    models = (scim2_models.User, scim2_models.Group, scim2_models.EnterpriseUser)
    assert [s.urn for s in (CORE_USER, CORE_GROUP, ENTERPRISE_USER)] == [str(model.__schema__) for model in models]


def test_resource_types() -> None:
    assert {name: (t.name, t.endpoint, t.name_attribute) for name, t in RESOURCE_TYPES.items()} == {
        "User": ("User", "/Users", "userName"),
        "Group": ("Group", "/Groups", "displayName"),
    }
    assert all(t.root.sub(t.name_attribute) for t in RESOURCE_TYPES.values())


@pytest.mark.parametrize("path", TABLE)
def test_description_is_one_or_a_few_short_sentences(path: str) -> None:
    text = TABLE[path].description
    assert text.endswith(".")
    assert text[0].isupper()
    assert 10 <= len(text) <= 140
    assert text.isascii(), "plain text"
    assert not set(text) & set("`*<>[]{}\n"), "plain text"


def test_formats() -> None:
    formats = {path: a.format for path, a in TABLE.items() if a.format and a.type is not Type.REFERENCE}
    assert formats == {
        "common.id": "name",
        "common.externalId": "name",
        "User.userName": "name",
        "Group.displayName": "name",
        "User.emails.value": "email",
        "User.phoneNumbers.value": "phone",
        "User.preferredLanguage": "language",
        "User.locale": "locale",
        "User.timezone": "timezone",
        "User.addresses.country": "country",
        "User.x509Certificates.value": "certificate",
        "enterprise.manager": "user",
    }
    assert all((a.format == "uri") is (a.type is Type.REFERENCE) for a in TABLE.values())


def test_complex_and_only_complex_attributes_have_sub_attributes() -> None:
    assert all(bool(a.sub_attributes) is a.is_complex for a in TABLE.values())


@pytest.mark.parametrize("path", TABLE)
def test_names_go_to_snake_case_and_back(path: str) -> None:
    name = TABLE[path].name
    assert fold(snake(name)) == fold(name)
    assert snake(name) == snake(name).lower()
    assert snake(snake(name)) == snake(name)


@pytest.mark.parametrize("resource_type", RESOURCE_TYPES)
def test_root_finds_each_attribute_in_each_spelling(resource_type: str) -> None:
    def look(parent: Attribute) -> None:
        assert len({sub.option for sub in parent.sub_attributes}) == len(parent.sub_attributes)
        for sub in parent.sub_attributes:
            for spelling in (sub.name, sub.name.upper(), snake(sub.name), snake(sub.name).upper(), sub.option):
                assert parent.sub(spelling) is sub
            look(sub)

    look(RESOURCE_TYPES[resource_type].root)


def test_the_enterprise_extension_is_found_by_alias_and_urn() -> None:
    enterprise = USER.root.sub("enterprise")
    assert enterprise is not None
    assert enterprise.option == "enterprise"
    assert enterprise is USER.root.sub(ENTERPRISE_USER.urn) is USER.root.sub(ENTERPRISE_USER.urn.upper())
    assert enterprise.sub("employee_number") is ENTERPRISE_USER.attributes[0]
    assert RESOURCE_TYPES["Group"].root.sub("enterprise") is None
