# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema accepts and rejects the same declarations as the parser, as far as a schema can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import to_document
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.loader import check_declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Problem
from ansible_collections.identity.scim.plugins.module_utils._engine.options.json_schema import declaration_schema
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import widest
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Schema, Type
from ansible_collections.identity.scim.tests.generate import schemas

CASES = Path(__file__).parents[1] / "cases" / "declaration"
TYPES = {name: widest(name) for name in ("User", "Group")}
MATCH_ON = {"User": ("id", "userName"), "Group": ("id", "displayName")}
SCHEMA = declaration_schema(TYPES)


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["what"]) for case in yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))]


def document(case: dict[str, Any]) -> dict[str, Any]:
    return {part: case[part] for part in ("users", "groups", "defaults") if part in case}


def problems(case: dict[str, Any]) -> list[Problem]:
    """What reading finds."""
    return check_declaration([to_document("", document(case), {})], TYPES, MATCH_ON)[1]


def schema_errors(case: dict[str, Any], schema: dict[str, Any] | None = None) -> list[str]:
    """Return the errors that the schema finds."""
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema or SCHEMA).iter_errors(document(case))]


@pytest.mark.parametrize("path", schemas(), ids=lambda path: path.name)
def test_the_published_schema_is_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == schemas()[path], "run .venv/bin/python tests/generate.py"


def test_every_definition_is_used_and_every_reference_is_defined() -> None:
    Draft7Validator.check_schema(SCHEMA)
    used = {node["$ref"].removeprefix("#/definitions/") for node in nodes(SCHEMA) if isinstance(node.get("$ref"), str)}
    assert used == set(SCHEMA["definitions"])


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


@pytest.mark.parametrize("case", cases("right"))
def test_a_valid_declaration_is_accepted(case: dict[str, Any]) -> None:
    assert list(map(str, problems(case))) == []
    assert schema_errors(case) == []


@pytest.mark.parametrize("case", cases("wrong"))
def test_an_invalid_declaration_is_rejected(case: dict[str, Any]) -> None:
    assert case["path"] in [problem.origin.path for problem in problems(case)]
    assert bool(schema_errors(case)) is case.get("editor", True)


@pytest.mark.parametrize("whole", [{}, {"user": []}, {"users": {"user_name": "kim"}}, [], None], ids=json.dumps)
def test_a_document_that_is_not_a_declaration_is_rejected(whole: Any) -> None:
    assert list(Draft7Validator(SCHEMA).iter_errors(whole))


def test_every_attribute_is_described_under_both_names() -> None:
    for resource_type in TYPES.values():
        properties = SCHEMA["definitions"][resource_type.name]["properties"]
        for attribute in resource_type.root.sub_attributes:
            assert properties[attribute.option] == properties[attribute.name]
            node = properties[attribute.option]
            assert SCHEMA["definitions"].get(str(node.get("$ref")).removeprefix("#/definitions/"), node)["description"]


def test_extensions_of_a_tenant() -> None:
    badge = Schema("urn:example:badge:1.0:User", "Badge", attributes=(Attribute("floorNumber", Type.INTEGER, description="The floor."),))
    schema = declaration_schema({**TYPES, "User": TYPES["User"].extended([badge])})
    Draft7Validator.check_schema(schema)
    for inner, right in (({"floorNumber": 3}, True), ({"floor_number": "3"}, True), ({"floor": 3}, False), ({"floorNumber": []}, False)):
        declared = {"users": [{"user_name": "kim", badge.urn: inner}, {"user_name": "lee", "extensions": {badge.urn: inner}}]}
        assert len(schema_errors(declared, schema)) == (0 if right else 2)
