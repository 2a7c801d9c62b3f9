# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every case of ``cases/overlay``: what is declared over what the provider gave, and the PATCH that makes it true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.parser import parse_entry
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.names import snake
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.overlay import overlay, same
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.patch import operations
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Type, attribute_from_scim
from ansible_collections.identity.scim.tests.unit.properties.oracle import patched

CASES = Path(__file__).resolve().parents[2] / "cases" / "overlay"
WORDS = {"case", "type", "additive", "before", "declared", "after", "operations"}
OWN = {"id": "2819", "userName": "bjensen@example.com", "displayName": "Sales"}


def cases() -> list[Any]:
    read_all = ((file.stem, yaml.safe_load(file.read_text("utf-8"))) for file in sorted(CASES.glob("*.yml")))
    return [pytest.param(case, id=f"{theme}: {case['case']}") for theme, found in read_all for case in found]


def own(case: dict[str, Any]) -> dict[str, Any]:
    """What each resource has, so that a case needs to say only what it is about."""
    name_attribute = RESOURCE_TYPES[case.get("type", "User")].name_attribute
    return {"id": OWN["id"], name_attribute: OWN[name_attribute]}


def pointing(root: Attribute, body: dict[str, Any]) -> dict[str, Any]:
    """A body whose values that point to a resource have nothing but ``value``: what else they hold follows from it, at the provider."""
    result = dict(body)
    for name, value in body.items():
        sub = root.sub(name)
        if sub is not None and isinstance(value, dict):
            result[name] = {"value": value.get("value")} if sub.sub("$ref") else pointing(sub, value)
    return result


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= WORDS
    resource_type, additive = RESOURCE_TYPES[case.get("type", "User")], case.get("additive", False)
    before = read(resource_type, own(case) | case["before"]).body
    declared = (
        case["declared"]
        if resource_type.name_attribute in case["declared"]
        else {snake(resource_type.name_attribute): before[resource_type.name_attribute]} | case["declared"]
    )
    entry, problems = parse_entry(resource_type, declared, Origin(), [resource_type.name_attribute])
    assert problems == []

    after = overlay(resource_type.root, entry.attributes, before, additive)
    if "after" in case:
        assert after == own(case) | case["after"]
    else:
        assert after is before
    found = operations(resource_type.root, before, after, additive)
    assert found == case.get("operations", [])

    assert overlay(resource_type.root, entry.attributes, after, additive) is after
    assert pointing(resource_type.root, patched(before, found)) == pointing(resource_type.root, after)


def test_there_are_enough_cases_and_each_has_a_name_of_its_own() -> None:
    names = [param.id for param in cases()]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("declared", "current"), [(True, 1), (False, 0), (1, True), ("true", True), (True, "true")])
def test_a_boolean_is_no_number_and_no_text(declared: Any, current: Any) -> None:
    assert not same(Attribute("a", Type.BOOLEAN), declared, current)


@pytest.mark.parametrize(
    ("declared", "current", "expected"),
    [
        ("2026-01-31T09:00:00Z", "2026-01-31T10:00:00.000+01:00", True),
        ("2026-01-31T09:00:00", "2026-01-31T09:00:00Z", True),
        ("2026-01-31T09:00:00Z", "2026-01-31T09:00:01Z", False),
        ("some day", "some day", True),
        ("some day", "2026-01-31T09:00:00Z", False),
    ],
)
def test_a_moment_is_the_same_in_every_zone(declared: str, current: str, expected: bool) -> None:
    assert same(Attribute("a", Type.DATE_TIME), declared, current) is expected


def test_no_base64_is_compared_as_it_is() -> None:
    certificate = Attribute("value", Type.BINARY, case_exact=True)
    assert same(certificate, "no base64!", "no base64!")
    assert not same(certificate, "no base64!", "No base64!")


def test_a_reference_is_compared_exactly_whatever_a_live_schema_says() -> None:
    reference = attribute_from_scim({"name": "$ref", "type": "reference", "caseExact": False})
    assert not same(reference, "https://example.com/A", "https://example.com/a")
    assert same(Attribute("plain"), "A", "a")


def test_an_element_without_a_value_is_not_one_of_the_same_type_that_has_one() -> None:
    root = RESOURCE_TYPES["User"].root
    before = {"emails": [{"value": "a@example.com", "type": "work"}]}
    assert overlay(root, {"emails": [{"type": "work", "display": "A"}]}, before) == {"emails": [{"type": "work", "display": "A"}]}


def test_an_empty_list_adds_nothing_and_takes_all() -> None:
    root = RESOURCE_TYPES["User"].root
    before = {"emails": [{"value": "a@example.com"}]}
    assert overlay(root, {"emails": []}, before, additive=True) is before
    assert overlay(root, {"emails": []}, before) == {}


def test_what_is_declared_is_not_changed() -> None:
    root = RESOURCE_TYPES["User"].root
    declared = {"emails": [{"value": "b@example.com", "primary": True}]}
    before = {"emails": [{"value": "a@example.com", "primary": True}]}
    overlay(root, declared, before, additive=True)
    assert declared == {"emails": [{"value": "b@example.com", "primary": True}]}
    assert before == {"emails": [{"value": "a@example.com", "primary": True}]}
