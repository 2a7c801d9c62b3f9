# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each case of ``cases/overlay``: a declaration over a provider's resource, and the PATCH that applies it."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.parser import parse_entry
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.names import snake
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.overlay import (
    UNKNOWN,
    agrees,
    apply_changes,
    canonical,
    instant,
    name_in,
    overlay,
    same,
    without_empty,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.patch import operations
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Body, read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Type, attribute_from_scim
from ansible_collections.identity.scim.tests.unit.golden import golden_cases
from ansible_collections.identity.scim.tests.unit.properties.oracle import patched

CASES = Path(__file__).resolve().parents[2] / "cases" / "overlay"
WORDS = {"case", "type", "additive", "before", "declared", "after", "operations"}
OWN = {"id": "2819", "userName": "bjensen@example.com", "displayName": "Sales"}


def own(case: dict[str, Any]) -> dict[str, Any]:
    """Return what each resource has, so that a case needs only what it tests."""
    name_attribute = RESOURCE_TYPES[case.get("type", "User")].name_attribute
    return {"id": OWN["id"], name_attribute: OWN[name_attribute]}


def references_by_value(root: Attribute, body: dict[str, Any]) -> dict[str, Any]:
    """Return a body whose references have only ``value``: the provider derives the rest."""
    result = dict(body)
    for name, value in body.items():
        sub = root.sub(name)
        if sub is not None and isinstance(value, dict):
            result[name] = {"value": value.get("value")} if sub.sub("$ref") else references_by_value(sub, value)
    return result


@pytest.mark.parametrize("case", golden_cases(CASES))
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
    assert references_by_value(resource_type.root, patched(before, found)) == references_by_value(resource_type.root, after)


def test_each_case_has_a_name_of_its_own() -> None:
    names = [param.id for param in golden_cases(CASES)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("declared", "current"), [(True, 1), (False, 0), (1, True), ("true", True), (True, "true")])
def test_a_boolean_is_neither_a_number_nor_a_text(declared: Any, current: Any) -> None:
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


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        (Attribute("a"), "Straße", "straße"),
        (Attribute("a", case_exact=True), "Straße", "Straße"),
        (UNKNOWN, "A", "A"),
        (Attribute("a"), 7, 7),
        (Attribute("a"), None, None),
        (Attribute("a", Type.BINARY), "QU\nE=", b"AA"),
        (Attribute("a", format="certificate"), " QUE= ", b"AA"),
        (Attribute("a", Type.BINARY), "QUE", "QUE"),
        (Attribute("a", Type.BINARY), "Q!U!E=", "Q!U!E="),
        (Attribute("a", Type.BINARY), "é", "é"),
        (Attribute("a", format="phone"), "TEL:+1 (201) 555-01.23/4", "+120155501234"),
        (Attribute("a", format="phone"), "+1 tel:2", "+1tel:2"),
        (Attribute("a", Type.DATE_TIME), "2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        (Attribute("a", Type.DATE_TIME), "One Day", "One Day"),
    ],
)
def test_the_canonical_form_of_a_value(attribute: Attribute, value: Any, expected: Any) -> None:
    assert canonical(attribute, value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T09:00:00Z", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        (" 2026-01-31t09:00:00z ", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("2026-01-31T10:00:00+01:00", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("2026-01-31T10:00:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-02-31", None),
        ("", None),
    ],
)
def test_an_instant(text: str, expected: datetime | None) -> None:
    assert instant(text) == expected


def test_base64_that_cannot_be_decoded_is_compared_as_it_is() -> None:
    certificate = Attribute("value", Type.BINARY, case_exact=True)
    assert same(certificate, "no base64!", "no base64!")
    assert not same(certificate, "no base64!", "No base64!")


@pytest.mark.parametrize(
    ("name", "declared", "current", "expected"),
    [
        ("primary", False, None, True),
        ("primary", None, False, True),
        ("primary", True, None, False),
        ("active", True, None, True),
        ("active", None, True, True),
        ("active", False, None, False),
        ("title", None, None, True),
        ("title", None, False, False),
        ("title", True, None, False),
        ("title", "", None, False),
    ],
)
def test_what_a_missing_value_means(name: str, declared: Any, current: Any, expected: bool) -> None:
    assert same(Attribute(name), declared, current) is expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"a": None, "b": "", "c": False, "d": 0}, {"b": "", "c": False, "d": 0}),
        ({"a": {"b": None}, "c": {"d": {"e": []}}, "f": {}}, {}),
        ({"a": [{"b": None, "c": 1}, {"d": [None]}]}, {"a": [{"c": 1}, {"d": [None]}]}),
        ({"a": []}, {}),
        ("a", "a"),
        (None, None),
    ],
)
def test_a_value_without_what_is_empty(declared: Any, expected: Any) -> None:
    assert without_empty(declared) == expected


@pytest.mark.parametrize(
    ("before", "after", "onto", "expected"),
    [
        ({}, {}, {"a": 1}, {"a": 1}),
        ({"a": 1}, {"a": 2}, {"a": 1, "b": 1}, {"a": 2, "b": 1}),
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 3, "b": 3}, {"a": 2, "b": 3}),
        ({}, {"a": 1}, {"b": 1}, {"b": 1, "a": 1}),
        ({"a": 1, "b": 2}, {"b": 2}, {"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 3}),
        ({"a": 1}, {}, {}, {}),
        ({"n": {"x": 1, "y": 1}}, {"n": {"x": 2, "y": 1}}, {"n": {"x": 1, "y": 9, "z": 9}}, {"n": {"x": 2, "y": 9, "z": 9}}),
        ({"n": {"x": 1}}, {"n": {"x": 2}}, {}, {"n": {"x": 2}}),
        ({"n": {"x": 1}}, {"n": {"x": 2}}, {"n": [1]}, {"n": {"x": 2}}),
        ({"n": [1]}, {"n": {"x": 2}}, {"n": {"y": 1}}, {"n": {"x": 2}}),
        ({"n": {"x": 1}}, {"n": [2]}, {"n": {"y": 1}}, {"n": [2]}),
        ({"n": {"x": 1}}, {}, {"n": {"x": 1, "y": 1}}, {}),
        ({"l": [1, 2]}, {"l": [1]}, {"l": [1, 2, 3]}, {"l": [1]}),
        ({"a": 1}, {"a": None}, {"a": 1, "b": 1}, {"b": 1}),
    ],
)
def test_changes_are_applied_to_a_body_that_holds_more(before: Body, after: Body, onto: Body, expected: Body) -> None:
    copies = deepcopy((before, after, onto))
    assert apply_changes(before, after, onto) == expected
    assert (before, after, onto) == copies


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ({"Color": 1, "color": 2}, "color", "color"),
        ({"Color": 1}, "color", "Color"),
        ({"URN:X:a": 1}, "urn:x:A", "URN:X:a"),
        ({"size": 1}, "color", "color"),
        ({}, "color", "color"),
    ],
)
def test_the_spelling_of_an_unknown_name(body: Body, name: str, expected: str) -> None:
    assert name_in(body, name) == expected


@pytest.mark.parametrize(
    ("declared", "element", "expected"),
    [
        ({"value": "A@example.com"}, {"value": "a@example.com", "type": "work"}, True),
        ({"value": "a", "type": "work"}, {"value": "a"}, False),
        ({"value": "a", "type": None}, {"value": "a"}, True),
        ({"value": "a", "type": None}, {"value": "a", "type": "work"}, False),
        ({"value": "a", "primary": False}, {"value": "a"}, True),
        ({"value": "a", "vendor": "X"}, {"value": "a", "vendor": "x"}, False),
        ({}, {"value": "a"}, True),
        ({"value": "a"}, "a", False),
        ("a", "A", True),
        ("a", {"value": "a"}, False),
        ("a", "b", False),
    ],
)
def test_an_element_agrees_with_all_that_is_declared(declared: Any, element: Any, expected: bool) -> None:
    emails = RESOURCE_TYPES["User"].root.sub("emails")
    assert emails is not None
    assert agrees(emails, declared, element) is expected


def test_a_reference_is_compared_exactly_whatever_a_live_schema_says() -> None:
    reference = attribute_from_scim({"name": "$ref", "type": "reference", "caseExact": False})
    assert not same(reference, "https://example.com/A", "https://example.com/a")
    assert same(Attribute("plain"), "A", "a")


WORK, HOME = {"value": "a@example.com", "type": "work"}, {"value": "b@example.com", "type": "home"}


@pytest.mark.parametrize(
    ("declared", "before", "after"),
    [
        # no value is declared, so an element of the same type with a value is another one
        ({"emails": [{"type": "work", "display": "A"}]}, {"emails": [WORK]}, {"emails": [{"type": "work", "display": "A"}]}),
        ({"addresses": [{"region": "b"}]}, {"addresses": [{"region": "a", "display": "x"}]}, {"addresses": [{"region": "b"}]}),
        (
            {"addresses": [{"type": "work", "region": "b"}]},
            {"addresses": [{"type": "WORK", "region": "a", "locality": "x"}]},
            {"addresses": [{"type": "WORK", "region": "b", "locality": "x"}]},
        ),
        ({"emails": [{"value": "c", "type": "work"}]}, {"emails": [{"type": "work", "display": "x"}]},
         {"emails": [{"value": "c", "type": "work"}]}),
        # attributes that no schema knows are compared exactly, by value and by type
        ({"tags": [{"value": "a", "x": 2}]}, {"tags": [{"value": "a", "x": 1, "y": 1}]}, {"tags": [{"value": "a", "x": 2, "y": 1}]}),
        ({"tags": [{"value": "A", "x": 2}]}, {"tags": [{"value": "a", "x": 1, "y": 1}]}, {"tags": [{"value": "A", "x": 2}]}),
        ({"tags": ["b", "a"]}, {"tags": ["a", "c"]}, {"tags": ["a", "b"]}),
        ({"tags": ["a", {"value": "a"}]}, {"tags": [{"value": "a", "x": 1}, "a"]}, None),
        ({"tags": [{"value": "a"}]}, {"tags": ["a"]}, {"tags": [{"value": "a"}]}),
        ({"tags": ["a"]}, {"tags": [{"value": "a"}]}, {"tags": ["a"]}),
        ({"tags": ["a"]}, {"tags": "a"}, {"tags": ["a"]}),
        ({"tags": []}, {"tags": "a"}, None),
        ({"tags": {"a": 1}}, {"tags": [1]}, {"tags": {"a": 1}}),
        ({"tags": {"a": None}}, {"tags": [1]}, None),
        ({"tags": "a"}, {"tags": ["a"]}, {"tags": "a"}),
        ({"TAGS": ["a"]}, {"Tags": ["a", "b"]}, {"Tags": ["a"]}),
        ({"tags": [{"value": "a"}]}, {"tags": [None, {"value": "a", "x": 1}]}, {"tags": [{"value": "a", "x": 1}]}),
        # the order of those that are there is kept, whatever is declared first
        ({"emails": [{**HOME, "display": "h"}, {**WORK, "display": "w"}]}, {"emails": [WORK, HOME]},
         {"emails": [{**WORK, "display": "w"}, {**HOME, "display": "h"}]}),
        ({"emails": [{"value": "new"}, HOME, {"value": "newer", "type": None}]}, {"emails": [WORK, HOME]},
         {"emails": [HOME, {"value": "new"}, {"value": "newer"}]}),
        # one primary: that which is declared, the first if several are
        ({"emails": [{**HOME, "primary": True}, WORK]}, {"emails": [{**WORK, "primary": True}, {**HOME, "primary": True}]},
         {"emails": [{**WORK, "primary": True}, {**HOME, "primary": True}]}),
        ({"emails": [{**HOME, "primary": True}, {**WORK, "display": "w"}]}, {"emails": [{**WORK, "primary": True}, HOME]},
         {"emails": [{**WORK, "primary": False, "display": "w"}, {**HOME, "primary": True}]}),
        ({"emails": [{**WORK, "display": "w"}, HOME]}, {"emails": [{**WORK, "primary": True}, {**HOME, "primary": True}]},
         {"emails": [{**WORK, "primary": True, "display": "w"}, {**HOME, "primary": True}]}),
        ({"emails": [{**WORK, "primary": "yes"}, {**HOME, "primary": True}]}, {"emails": [{**WORK, "primary": True}]},
         {"emails": [{**WORK, "primary": "yes"}, {**HOME, "primary": True}]}),
        ({"tags": [{"value": "a", "primary": True, "x": {}}, {"value": "b", "primary": True}]}, {},
         {"tags": [{"value": "a", "primary": False}, {"value": "b", "primary": True}]}),
    ],
)  # fmt: skip
def test_elements_that_the_golden_cases_cannot_show(declared: Body, before: Body, after: Body | None) -> None:
    result = overlay(RESOURCE_TYPES["User"].root, declared, before)
    assert result == (before if after is None else after)
    assert (result is before) is (after is None or after == before)


def test_an_empty_list_adds_nothing_and_removes_all() -> None:
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
