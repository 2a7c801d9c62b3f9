# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A declaration checked without a provider: mistakes as data, doubts as warnings, and JUnit XML."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.validate import FORMS, doubts, mapping_lines, validate
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import Document
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.loader import load_declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Origin, Problem
from ansible_collections.identity.scim.plugins.module_utils._engine.options import validate as options
from ansible_collections.identity.scim.plugins.module_utils._engine.report.findings import findings
from ansible_collections.identity.scim.plugins.module_utils._engine.report.junit import junit_xml
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import PROFILES
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES

MATCH_ON = {"User": ("id", "userName"), "Group": ("id", "displayName")}
TODAY = date(2026, 11, 24)


def doubted(users: list[Any], groups: list[Any] | None = None) -> list[str]:
    found = doubts(load_declaration([Document("", users, groups or [])], RESOURCE_TYPES, MATCH_ON), TODAY)
    return [str(doubt) for doubt in found]


def validated(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in options.validate().items()}
    return validate({**defaults, **given}, RESOURCE_TYPES)


def team(name: str, *members: Any, **more: Any) -> dict[str, Any]:
    return {"display_name": name, "members": list(members), **more}


UNKNOWN = "is not declared. The run fails if the provider does not have it either."


@pytest.mark.parametrize(
    ("users", "groups", "expected"),
    [
        ([{"user_name": "kim", "groups": ["SALES"]}], [team("Sales", "Kim")], []),
        ([{"user_name": "kim"}], [team("Sales", "lee", "kim")], [f'groups[0].members[0]: "lee" {UNKNOWN}']),
        ([{"user_name": "kim", "groups": ["Team", "Sales"]}], [team("Team")], [f'users[0].groups[1]: "Sales" {UNKNOWN}']),
        (
            [{"user_name": "kim", "groups": [{"display": "Sales", "role": "Lead"}]}],
            [],
            ['users[0].groups[0]: "displayname=Sales, role=Lead" is not declared'],
        ),
        (
            [{"id": "77", "user_name": "kim"}],
            [team("Sales", {"value": "77"}, {"value": "78"})],
            ['groups[0].members[1]: "78" is not declared'],
        ),
        ([{"user_name": "kim", "groups": ["Sales"], "state": "absent"}], [team("Team", "lee", membership="absent")], []),
        ([{"user_name": "kim", "previously": ["ki"]}], [team("Sales", "ki")], ['groups[0].members[0]: "ki" is not declared.']),
        (
            [{"user_name": "kim", "groups": ["Sales"]}, {"user_name": "lee", "groups": ["sales", "Data"]}],
            [team("Team", "ann"), team("Staff", "ANN")],
            [
                'users[0].groups[0]: "Sales", which 2 entries name, is not declared. The run fails',
                f'users[1].groups[1]: "Data" {UNKNOWN}',
                'groups[0].members[0]: "ann", which 2 entries name, is not declared. The run fails',
            ],
        ),
        ([], [team("A", "B"), team("B", "C"), team("C")], []),
        ([], [team("A", "A")], ["groups[0].members[0]: the groups are members of each other: A in A."]),
        ([], [team("A", "B"), team("B", "C"), team("C", "A")], ["groups are members of each other: "]),
        ([], [team("A", "B"), team("B", "A"), team("C", "D"), team("D", "C")], ["groups are members of each other: "] * 2),
        ([{"user_name": "kim", "expires": "2026-11-24"}], [], []),
        ([{"user_name": "kim", "expires": "2026-11-23"}], [], ["users[0].expires: kim expired on 2026-11-23"]),
        (
            [{"user_name": "kim", "expires": "2020-01-01", "delete_after": "2026-11-23"}],
            [],
            ["users[0].delete_after: kim will be deleted, because 2026-11-23 has passed."],
        ),
        ([], [team("Sales", delete_after="2026-11-23")], ["groups[0].delete_after: Sales will be deleted, because 2026-11-23 has passed."]),
        (
            [{"user_name": "kim"}],
            [team("Sales", {"display": "kim", "expires": "2026-01-31"})],
            ["groups[0].members[0]: the membership of kim in Sales expired on 2026-01-31."],
        ),
        ([{"user_name": "kim", "external_id": "7"}, {"user_name": "lee", "external_id": "8"}, {"user_name": "ann"}], [], []),
        (
            [{"user_name": "kim", "external_id": "E7"}, {"user_name": "lee", "external_id": "E7"}],
            [],
            ['users[1].external_id: lee has the same external id "E7" as kim, declared at users[0].'],
        ),
        ([{"user_name": "kim", "external_id": "E7"}, {"user_name": "lee", "external_id": "e7"}], [], []),
        (
            [
                {"user_name": "kim", "emails": [{"value": "a@b.c"}, {"value": "a@b.c", "type": "home"}]},
                {"user_name": "lee", "emails": [{"value": "x@b.c"}, {"value": "A@b.c"}]},
            ],
            [],
            ['users[1].emails[1].value: lee has the same e-mail address "A@b.c" as kim, declared at users[0].'],
        ),
    ],
)
def test_doubts(users: list[Any], groups: list[Any], expected: list[str]) -> None:
    found = doubted(users, groups)
    assert len(found) == len(expected), found
    assert [words for words, told in zip(expected, found, strict=True) if words not in told] == []


def test_all_mistakes_have_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("users:\n- user_name: kim\n  titel: Lead\n- user_name: lee\n  active: perhaps\n", "utf-8")
    (tmp_path / "b.csv").write_text("userName,titel\nann,Lead\n", "utf-8")
    (tmp_path / "c.yml").write_text("users: [\n", "utf-8")
    a, b, c = (str(tmp_path / name) for name in ("a.yml", "b.csv", "c.yml"))
    result = validated(src=[str(tmp_path), "nowhere.yml"], groups=[team("Sales", "nobody")])
    assert (result["failed"], result["users"], result["groups"], result["truncated"], result["warnings"]) == (True, 2, 1, False, [])
    places = [(problem["file"], problem["line"], problem["path"]) for problem in result["problems"]]
    assert places == [(b, 1, "titel"), (c, 2, ""), ("nowhere.yml", None, ""), (a, 3, "users[0].titel"), (a, 5, "users[1].active")]
    assert result["problems"][-1] | {"file": "", "line": 0, "path": ""} == {
        "file": "",
        "line": 0,
        "path": "",
        "found": 'found "perhaps"',
        "expected": "true or false",
    }
    assert result["msg"].startswith("5 mistakes in the declaration; nothing was sent.\n")
    assert f'- {a}:3: users[0].titel: unknown attribute "titel". Did you mean "title"?' in result["msg"].splitlines()


def test_what_is_right(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("users:\n- user_name: kim\ngroups:\n- display_name: Sales\n  members:\n  - kim\n  - lee\n", "utf-8")
    result = validated(src=[str(tmp_path)])
    assert "failed" not in result
    assert (result["changed"], result["users"], result["groups"], result["problems"]) == (False, 1, 1, [])
    assert [warning.partition(". ")[0] for warning in result["warnings"]] == [
        f'{tmp_path / "a.yml"}:7: groups[0].members[1]: "lee" is not declared'
    ]


@pytest.mark.parametrize("wrong", [{"external_id": ["x"]}, {"id": ["7"]}, {"user_name": ["kim"]}, {"emails": [{"value": ["x"]}]}])
def test_a_list_where_text_is_needed_is_a_mistake_like_others(wrong: dict[str, Any]) -> None:
    result = validated(users=[{"user_name": "kim", **wrong}, {"user_name": "lee", **wrong}], match_on=["id", "user_name", "external_id"])
    assert {(problem["found"], problem["expected"]) for problem in result["problems"]} == {("found a list", "text")}


def test_lists_are_bounded_and_the_message_is_not() -> None:
    wrong = validated(users=[{"user_name": f"u{number}", "active": "x"} for number in range(9)], max_listed=3)
    assert (len(wrong["problems"]), wrong["truncated"], wrong["msg"].count("\n- ")) == (3, True, 9)
    right = validated(groups=[team("Sales", *(f"u{number}" for number in range(9)))], max_listed=3)
    assert (len(right["warnings"]), right["warnings"][-1], right["truncated"]) == (4, "There are more warnings.", True)
    exactly = validated(groups=[team("Sales", "a", "b", "c")], max_listed=3)
    assert (len(exactly["warnings"]), exactly["truncated"]) == (3, False)


def test_files_for_pipelines_have_what_the_result_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    written = {name: str(tmp_path / name) for name in FORMS}
    result = validated(groups=[team("Sales", *(f"u{number}" for number in range(9)))], max_listed=3, **written)
    assert result["truncated"]
    assert all(f'"u{number}' in line for number, line in enumerate(result["annotations"]))
    assert len(result["annotations"]) == 9
    for name in FORMS:
        assert all(f"u{number}" in (tmp_path / name).read_text("utf-8") for number in range(9)), name


def test_nothing_declared_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="Nothing to do: set src, users or groups"):
        validated()
    with pytest.raises(Invalid, match='match_on: "emails" is not an attribute with one value'):
        validated(users=[{"user_name": "kim"}], match_on=["emails"])
    (tmp_path / "a.yml").write_text("users: []\n", "utf-8")
    assert validated(src=[str(tmp_path)])["problems"][0]["found"].startswith("no users and no groups are declared")
    assert validated(src=[])["problems"][0]["file"] == "src"


def test_a_profile_has_attributes_of_its_own() -> None:
    labelled = {"users": [{"user_name": "kim", "addresses": [{"display": "Home", "country": "DE"}]}]}
    assert validated(**labelled)["problems"][0]["path"] == "users[0].addresses[0].display"
    given = {name: option.get("default") for name, option in options.validate().items()}
    assert validate({**given, **labelled}, PROFILES["matillion"].types())["problems"] == []


def test_files_that_are_no_declarations_are_warnings(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("users: [{user_name: kim}]\n")
    (tmp_path / "b.jsonl").touch()
    assert [warning.partition(": ")[0] for warning in validated(src=[str(tmp_path)])["warnings"]] == ["Ignored 1 file in src"]


def test_junit(tmp_path: Path) -> None:
    (tmp_path / "good.yml").write_text("users:\n- user_name: kim\n", "utf-8")
    (tmp_path / "wrong.yml").write_text("users:\n- user_name: lee\n  active: perhaps\n  titel: '<&>'\n", "utf-8")
    path = tmp_path / "validate.xml"
    path.write_text("old", "utf-8")
    validated(src=[str(tmp_path / "good.yml"), str(tmp_path / "wrong.yml")], junit=str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    root = ElementTree.parse(path).getroot()
    (suite,) = root
    assert (root.tag, suite.get("tests"), suite.get("failures")) == ("testsuites", "3", "2")
    told = [(case.get("file"), case.get("line"), [failure.text for failure in case]) for case in suite.iter("testcase")]
    good, wrong = str(tmp_path / "good.yml"), str(tmp_path / "wrong.yml")
    assert told == [
        (good, None, []),
        (wrong, "4", [f'{wrong}:4: users[0].titel: unknown attribute "titel". Did you mean "title"?']),
        (wrong, "3", [f'{wrong}:3: users[0].active: found "perhaps"; expected true or false.']),
    ]
    with pytest.raises(Invalid, match=r"junit: .*nowhere.* cannot be written"):
        validated(users=[{"user_name": "kim"}], junit=str(tmp_path / "nowhere" / "validate.xml"))


def test_junit_is_xml_whatever_was_declared() -> None:
    odd = "\x00\x1b\ud800 <a> & \" ' ]]> \ufffe"
    found = findings([Problem(Origin("a.yml", 1, odd), odd, odd)], [Problem(Origin("a.yml"), odd)], str)
    text = junit_xml([odd], found)
    root = ElementTree.fromstring(text.encode())
    assert len(list(root.iter("failure"))) == 1
    assert "<a> & \" ' ]]>" in next(root.iter("system-out")).text


def test_a_password_without_a_blank_before_it_is_not_quoted(tmp_path: Path) -> None:
    """In YAML's flow style, ``password:secret`` is a key."""
    source, junit = tmp_path / "x.yml", tmp_path / "x.xml"
    source.write_text("users: [{user_name: kim, password:CorrectHorse}]\n")
    result = validated(src=[str(source)], junit=str(junit))
    assert 'unknown attribute "pass"…' in result["msg"]
    assert "CorrectHorse" not in str(result) + junit.read_text()


def test_a_mapping_for_unknown_headings(tmp_path: Path) -> None:
    """It can be saved as it is, reads the table without a password, and says what only people can know."""
    table = tmp_path / "staff.csv"
    table.write_text(
        "Report of today\n\nVorname,Surname,E-Mail,Password,Konto gesperrt,Status\n"
        "Mara,Voss,mara@example.com,Kestrel7hawk,no,aktiv\nOla,Berg,ola@example.com,Kestrel7hawk,yes,inaktiv\nTotal: 2,,,,,\n",
        "utf-8",
    )
    result = validated(src=[str(table)])
    (suggestion,) = result["mappings"]
    assert result["failed"]
    assert f"\n{suggestion['mapping']}\n" in "\n".join(mapping_lines(suggestion))
    assert "Kestrel7hawk" not in str(result)
    assert suggestion["first_user"]["userName"] == "mara@example.com"
    assert suggestion["first_user"]["active"] == "true"
    (tmp_path / "staff.yml").write_text(suggestion["mapping"], "utf-8")
    again = validated(src=[str(tmp_path)])
    assert (again["users"], again["problems"], again["mappings"]) == (2, [], [])


def test_presets_are_named(tmp_path: Path) -> None:
    table = tmp_path / "users.csv"
    table.write_text("User id,User name,email,User status\n1,Mara Voss,mara@example.com,Active\n", "utf-8")
    result = validated(src=[str(table)])
    assert (result["presets"], result["users"], result["problems"]) == ({str(table): "atlassian"}, 1, [])


def test_columns_that_nothing_reads_are_named(tmp_path: Path) -> None:
    """A date in such a column would otherwise be missed in silence. Columns without a text are of no interest."""
    (tmp_path / "staff.csv").write_text("Mail,Leaves,Notes,Kind,Room\na@example.com,,,x,\nb@example.com,2026-12-31,,y,\n", "utf-8")
    (tmp_path / "staff.yml").write_text("csv: staff.csv\nskip: {Kind: z}\ncolumns: {user_name: Mail}\n", "utf-8")
    (tmp_path / "users.csv").write_text("User id,User name,email,User status,Last seen\n1,Mara Voss,m@example.com,Active,today\n", "utf-8")
    (tmp_path / "own.csv").write_text("userName,title\nc@example.com,Lead\n", "utf-8")
    expected = {str(tmp_path / "staff.csv"): ["Leaves"], str(tmp_path / "users.csv"): ["User id", "Last seen"]}
    assert validated(src=[str(tmp_path)])["unread_columns"] == expected
