# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions that only the provider knows: they have the types of its /Schemas, which is asked where one is declared, and only there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands import resource as single
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.options.directory import directory as directory_options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.resources import user as user_options
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.tests.simulated import Simulated

Body = dict[str, Any]
BADGE = "urn:example:scim:badge:1.0:User"
SCHEMA: Body = {
    "id": BADGE,
    "name": "Badge",
    "attributes": [
        {"name": "number", "type": "integer"},
        {"name": "vip", "type": "boolean"},
        {"name": "color", "type": "string"},
        {"name": "issued", "type": "string", "mutability": "readOnly"},
    ],
}
KIM: Body = {"id": "u1", "userName": "kim", "active": True, BADGE: {"number": 5, "vip": True, "color": "Red", "issued": "2026"}}
IN_YAML = "users:\n  - user_name: kim\n    extensions:\n      {urn}:\n        number: {number}\n        vip: true\n        color: red\n"


def provider(schemas: bool = True) -> Simulated:
    simulated = Simulated([KIM])
    simulated.schemas = [SCHEMA] if schemas else []
    return simulated


def directory(simulated: Simulated, **given: Any) -> Body:
    defaults = {name: option.get("default") for name, option in directory_options().items()}
    return several.directory(Task({**defaults, **given}, simulated.client(), False, lambda line: None))


@pytest.mark.parametrize("urn", [BADGE, BADGE.upper()])
def test_what_a_file_writes_as_text_is_what_the_provider_has(tmp_path: Path, urn: str) -> None:
    (tmp_path / "people.yml").write_text(IN_YAML.format(urn=urn, number=5))
    simulated = provider()
    result = directory(simulated, src=[str(tmp_path)])
    assert (result["changed"], simulated.asked) == (False, ["GET /Schemas", "GET /Users"])


def test_what_differs_has_its_type(tmp_path: Path) -> None:
    (tmp_path / "people.yml").write_text(IN_YAML.format(urn=BADGE, number=6))
    simulated = provider()
    assert directory(simulated, src=[str(tmp_path)])["changed"]
    assert simulated.users["u1"][BADGE] == {"number": 6, "vip": True, "color": "Red", "issued": "2026"}


def test_a_value_of_another_type_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "people.yml").write_text(IN_YAML.format(urn=BADGE, number="five"))
    with pytest.raises(Invalid, match=rf'people.yml:5: users\[0\].{BADGE}.number: found "five"'):
        directory(provider(), src=[str(tmp_path)])


def test_without_a_schema_values_stay_as_they_are() -> None:
    simulated = provider(schemas=False)
    declared = {"number": 6, "vip": True, "color": "Red"}
    assert directory(simulated, users=[{"user_name": "kim", "extensions": {BADGE: declared}}])["changed"]
    assert simulated.users["u1"][BADGE] == {**declared, "issued": "2026"}


@pytest.mark.parametrize(("color", "changed"), [("RED", False), ("blue", True)])
def test_one_person(color: str, changed: bool) -> None:
    simulated = provider()
    defaults = {name: option.get("default") for name, option in user_options().items()}
    task = Task({**defaults, "user_name": "kim", "extensions": {BADGE: {"color": color}}}, simulated.client(), False, lambda line: None)
    assert single.user(task)["changed"] is changed
    assert simulated.asked[:2] == ["GET /Schemas", "GET /Users"]


def test_nobody_is_asked_where_no_such_extension_is_declared() -> None:
    simulated = provider()
    directory(simulated, users=[{"user_name": "kim", "enterprise": {"department": "Data"}}])
    assert "GET /Schemas" not in simulated.asked
