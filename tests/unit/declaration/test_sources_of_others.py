# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as people have them: the golden cases of ``cases/sources``, each a folder that is read as one source."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.declared import source_warnings
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.csv_reader import columns_of
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import load_files
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.headings import Headings
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.loader import check_declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Entry
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.presets import PRESETS, Preset, recognized
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import ENTERPRISE_USER, RESOURCE_TYPES
from ansible_collections.identity.scim.tests.unit.golden import golden_cases

CASES = Path(__file__).parents[1] / "cases" / "sources"
MATCH_ON = {"User": ("id", "userName"), "Group": ("id", "displayName")}


def written(folder: Path, files: dict[str, Any], encoding: str) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        path.write_bytes(text.encode(encoding if name.endswith((".csv", ".tsv")) else "utf-8"))


def declared(entry: Entry) -> dict[str, Any]:
    """An entry as the cases have it: the enterprise extension by its alias, groups and members by name."""
    body = {"enterprise" if name == ENTERPRISE_USER.urn else name: value for name, value in entry.attributes.items()}
    body |= {name: list(map(str, members)) for name in ("groups", "members") if (members := getattr(entry, name)) is not None}
    body |= {
        name: str(value)
        for name in ("id", "manager", "expires", "delete_after", "membership")
        if (value := getattr(entry, name)) is not None
    }
    return body | ({"password": "set"} if entry.secrets else {}) | ({"state": "absent"} if entry.state == "absent" else {})


@pytest.mark.parametrize("case", golden_cases(CASES))
def test_sources(case: dict[str, Any], tmp_path: Path) -> None:
    written(tmp_path, case["files"], case.get("encoding", "utf-8"))
    read = load_files([str(tmp_path)])
    declaration, problems = check_declaration(
        read.documents, RESOURCE_TYPES, case.get("match_on", MATCH_ON), read.problems, case.get("ignored", ())
    )
    place = f"{tmp_path}/"
    assert [str(problem).replace(place, "") for problem in problems] == case.get("problems", [])
    if not problems:
        assert [declared(entry) for entry in declaration.users] == case.get("users", [])
        assert [declared(entry) for entry in declaration.groups] == case.get("groups", [])
    warnings = [*source_warnings(read), *declaration.warnings]
    assert [str(warning).replace(place, "") for warning in warnings] == case.get("warnings", [])
    assert list(read.presets.values()) == ([case["preset"]] if "preset" in case else [])


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.product)
def test_each_preset_can_be_used(preset: Preset) -> None:
    """Its columns are right, it is recognized by its own headings alone, and it maps no password and no membership of users."""
    paths = {str(path) for path in columns_of(preset)}
    assert paths
    assert not {path for path in paths if path.startswith(("password", "groups", "externalId", "id"))}
    assert preset.basis in ("file", "documented", "assumed")
    found = recognized(Headings([heading if preset.exact else heading.upper() for heading in preset.headings]))
    assert found == [preset]
    assert {heading for heading in preset.require if heading in preset.headings} == set(preset.require)


def test_no_preset_hides_who_is_inactive() -> None:
    """If a table has the headings of two presets of a product, the one with more headings is used: it must read the status too."""
    assert not [
        (one.product, other.product)
        for one, other in permutations(PRESETS, 2)
        if one.name == other.name and len(one.headings) <= len(other.headings)
        if "active" in one.columns and "user_name" in other.columns and "active" not in other.columns
    ]


def test_each_preset_is_documented() -> None:
    """In a table, whose cells a "|" in the name of a product would divide."""
    assert not [preset.product for preset in PRESETS if "|" in preset.product]
    page = (Path(__file__).parents[3] / "docs" / "hr_export.md").read_text("utf-8")
    assert [line for line in page.split("\n") if line.startswith("| `") and line.endswith((" file |", " documented |", " assumed |"))] == [
        f"| `{preset.name}` | {preset.product} | {preset.basis} |" for preset in PRESETS
    ]
