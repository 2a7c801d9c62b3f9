# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The line of a mistake is that of the fault itself, and files without mistakes are read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration import line_numbers as places
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import load_files
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.line_numbers import locate
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.loader import check_declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Origin, Problem
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES

MATCH_ON = {"User": ("id", "userName"), "Group": ("id", "displayName")}

YAML = """\
# People
defaults:
  active: true
  name:
    givenname: {}
users:
  - user_name: kim
    emails:
      - value: kim@example.com
      - {type: work,
         value: kim}
  - &lee
    userName: lee
    phoneNumbers: [
      {value: "+1 201 555"}, {value: call me}]
    urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:
      costCenter: "1"
      departement: Sales
  - <<: *lee
    userName: li
    expires: soon
  - extensions:
      enterprise:
        manager: {name: nobody}
      urn:example:badge:1.0:User: 3
    user_name: ann
  - kim
groups:
- display_name: Sales
  members:
  - kim
  - 7: x
  - {}
"""
JSON = """\
{
\t"users": [
\t\t{"userName": "kim"},
\t\t{
\t\t\t"userName": "lee",
\t\t\t"emails": [
\t\t\t\t{"value": "lee@example.com"},
\t\t\t\t{"value": "lee"}
\t\t\t]
\t\t}
\t]
}
"""


def found(path: Path, text: str) -> list[str]:
    """Line, path and mistake of each problem in a file."""
    path.write_text(text, "utf-8")
    read = load_files([str(path)])
    assert read.problems == []
    _declaration, problems = check_declaration(read.documents, RESOURCE_TYPES, MATCH_ON)
    return [f"{problem.origin.line} {problem.origin.path}" for problem in problems]


def test_lines_in_yaml(tmp_path: Path) -> None:
    lines = found(tmp_path / "a.yml", YAML)
    assert "11 users[0].emails[1].value" in lines
    assert "15 users[1].phone_numbers[1].value" in lines
    assert "18 users[1].enterprise.departement" in lines
    assert "21 users[2].expires" in lines
    assert "19 users[2].phone_numbers[1].value" in lines, "what is merged from elsewhere has the line of its entry"
    assert "24 users[3].enterprise.manager.name" in lines
    assert "25 users[3].urn:example:badge:1.0:User" in lines
    assert "27 users[4]" in lines
    assert "33 groups[0].members[2]" in lines
    assert "5 users[3].name.given_name" in lines, "in whatever spelling, and in the defaults"


def test_what_is_wrong_in_the_defaults_has_its_line_there(tmp_path: Path) -> None:
    text = "defaults:\n  title: x\n  active: perhaps\nusers:\n- user_name: kim\n- user_name: lee\n  active: maybe\n"
    assert found(tmp_path / "a.yml", text) == ["3 users[0].active", "7 users[1].active"]


def test_lines_in_json(tmp_path: Path) -> None:
    assert found(tmp_path / "a.json", JSON) == ["8 users[1].emails[1].value"]


def test_json_that_is_no_yaml_is_told_without_a_line(tmp_path: Path) -> None:
    text = JSON.replace('"kim"', '"\\ud83d\\ude00"')
    assert found(tmp_path / "a.json", text) == ["0 users[1].emails[1].value"]


def test_someone_twice_has_the_line_of_the_second(tmp_path: Path) -> None:
    assert found(tmp_path / "a.yml", "users:\n- user_name: kim\n- title: x\n  user_name: KIM\n") == ["3 users[1]"]


def test_a_file_that_went_away_keeps_the_lines_of_its_entries(tmp_path: Path) -> None:
    problem = Problem(Origin(str(tmp_path / "gone.yml"), 7, "users[1].title"), "is wrong")
    assert locate([problem]) == [problem]


def test_inline_entries_and_whole_files_have_no_second_reading() -> None:
    problems = [Problem(Origin("the task", 0, "users[0].title"), "is wrong"), Problem(Origin("a.yml", 3), "this is not YAML")]
    assert locate(problems) == problems


def test_files_without_mistakes_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str) -> str:
        raise AssertionError(f"{path} was read again")

    monkeypatch.setattr(places, "source_text", refused)
    assert found(tmp_path / "a.yml", "users:\n- user_name: kim\n") == []
    with pytest.raises(AssertionError, match="was read again"):
        found(tmp_path / "a.yml", "users:\n- user_name: ''\n")


def test_only_the_first_mistakes_of_a_file_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "MOST_LOCATED", 1)
    text = "users:\n- title: x\n  user_name: ''\n- title: x\n  user_name: ''\n"
    assert found(tmp_path / "a.yml", text) == ["3 users[0].user_name", "4 users[1].user_name"]


@pytest.mark.parametrize("name", ["people.yml", "people.json"])
def test_a_key_that_is_none_hides_no_other_mistake(tmp_path: Path, name: str) -> None:
    text = '{"users": [\n  {"user_name": "kim", "titel": "x"},\n  "lee"],\n"gruops": [],\n"defaults": "de"}'
    (tmp_path / name).write_text(text, "utf-8")
    read = load_files([str(tmp_path)])
    assert [
        f"{problem.origin.line} {problem.origin.path}"
        for problem in check_declaration(read.documents, RESOURCE_TYPES, MATCH_ON, read.problems)[1]
    ] == [
        "4 gruops",
        "5 defaults",
        "2 users[0].titel",
        "3 users[1]",
    ]
