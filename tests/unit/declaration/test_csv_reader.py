# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People in a CSV file, as spreadsheets and HR systems write it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.csv_reader import read_csv
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import load_file, load_files
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.loader import check_declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import DeclarationError
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MATCH_ON = {"User": ("id", "userName"), "Group": ("id", "displayName")}


def users(text: str) -> Any:
    return read_csv("people.csv", text).value["users"]


def mistakes(text: str) -> list[str]:
    with pytest.raises(DeclarationError) as mistaken:
        read_csv("people.csv", text)
    return [str(problem).removeprefix("people.csv:") for problem in mistaken.value.problems]


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("userName", "kim", {"userName": "kim"}),
        ("USER_NAME", " kim ", {"userName": "kim"}),
        ("external_id", "00123", {"externalId": "00123"}),
        ("active", "NO", {"active": "NO"}),
        ("name.givenName", "Kim", {"name": {"givenName": "Kim"}}),
        ("name.family_name", "Lee", {"name": {"familyName": "Lee"}}),
        ("emails[0].value", "k@example.com", {"emails": [{"value": "k@example.com"}]}),
        ("phone_numbers[3].value", "1", {"phoneNumbers": [{"value": "1"}]}),
        ("phone_numbers[3].type", "work", {}),
        ("enterprise.department", "Sales", {ENTERPRISE: {"department": "Sales"}}),
        ("enterprise.manager.value", "7", {ENTERPRISE: {"manager": {"value": "7"}}}),
        (f"{ENTERPRISE}:costCenter", "4130", {ENTERPRISE: {"costCenter": "4130"}}),
        ("urn:example:badge:1.0:User:floor", "3", {"urn:example:badge:1.0:User": {"floor": "3"}}),
        ("urn:example:badge:1.0:User:door[0].lock", "3", {"urn:example:badge:1.0:User": {"door": [{"lock": "3"}]}}),
        ("groups", "Sales; Team;", {"groups": ["Sales", "Team"]}),
        ("groups[0].display", "Sales", {"groups": [{"display": "Sales"}]}),
        ("previously", "li;lee", {"previously": ["li", "lee"]}),
        ("clear", "title;name.middle_name", {"clear": ["title", "name.middle_name"]}),
        ("schemas", "urn:a;urn:b", {"schemas": ["urn:a", "urn:b"]}),
        ("deleteAfter", "2027-03-31", {"delete_after": "2027-03-31"}),
        ("state", "absent", {"state": "absent"}),
        ("expires", "2027-01-31", {"expires": "2027-01-31"}),
        ("membership", "exact", {"membership": "exact"}),
        ("title", "", {}),
        ("title", " \t", {}),
        ("title", '"a ""quoted"", word"', {"title": 'a "quoted", word'}),
        ("addresses[0].formatted", '"two\nlines"', {"addresses": [{"formatted": "two\nlines"}]}),
    ],
)
def test_a_heading_and_a_cell(heading: str, cell: str, expected: dict[str, Any]) -> None:
    assert users(f"nickName,{heading}\nx,{cell}\n") == [{"nickName": "x", **expected}]


def test_elements_of_a_list_are_those_that_a_row_has() -> None:
    text = "userName,emails[0].value,emails[0].type,emails[1].value\na,x@a.b,work,y@a.b\nb,,,z@a.b\nc,,,\n"
    assert users(text) == [
        {"userName": "a", "emails": [{"value": "x@a.b", "type": "work"}, {"value": "y@a.b"}]},
        {"userName": "b", "emails": [{"value": "z@a.b"}]},
        {"userName": "c"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "userName,title,groups\nkim,Lead,A;B\n",
        'userName;title;groups\nkim;Lead;"A;B"\n',
        "userName\ttitle\tgroups\nkim\tLead\tA;B\n",
        'sep=;\nuserName;title;groups\nkim;Lead;"A;B"\n',
        '\n\n"userName", "title", "groups"\n\n,,\nkim , Lead , "A;B"\n , , \n',
        "userName,title,groups,,\nkim,Lead,A;B,,,,\n",
        "userName,title,groups,nickName\nkim,Lead,A;B",
    ],
)
def test_what_spreadsheets_write(text: str) -> None:
    assert users(text) == [{"userName": "kim", "title": "Lead", "groups": ["A", "B"]}]


def test_lines_are_those_at_which_rows_begin() -> None:
    table = read_csv("people.csv", 'userName,title\n\na,"two\nlines"\nb,x\n,\nc,"y\n\n"\nd,z\n')
    assert table.lines == {"users[0]": 3, "users[1]": 5, "users[2]": 7, "users[3]": 10}
    assert read_csv("people.csv", "sep=,\nuserName\nkim\n").lines == {"users[0]": 3}


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("titel", '1: unknown column "titel". Did you mean "title"?'),
        ("user_nam", '1: unknown column "user_nam". Did you mean "user_name"?'),
        ("displayNam", '1: unknown column "displayNam". Did you mean "displayName"?'),
        ("name.famlyName", '1: unknown column "name.famlyName". Did you mean "name.familyName"?'),
        ("emals[0].value", '1: unknown column "emals[0].value". Did you mean "emails[0].value"?'),
        ("name.first", '1: unknown column "name.first". Attributes of name: family_name, formatted, given_name'),
        ("login", '1: unknown column "login". Did you mean "user_name"?'),
        ("colour", '1: unknown column "colour". Attributes of user: active, addresses, display_name'),
        ("name", 'name: is a mapping; expected one of its attributes, such as "name.formatted".'),
        ("enterprise", 'enterprise: is a mapping; expected one of its attributes, such as "enterprise.employee_number".'),
        ("urn:example:badge:1.0:User", 'is a mapping; expected one of its attributes, such as "urn:example:badge:1.0:User:attribute".'),
        ("emails", 'emails: "emails" is a list; expected "emails[0].value", and so on.'),
        ("emails.value", 'emails.value: "emails" is a list; expected "emails[0].value", and so on.'),
        ("emails[0]", 'emails[0]: is a mapping; expected one of its attributes, such as "emails[0].value".'),
        ("title[0]", 'title[0]: "title" is not a list; expected "title" without "[0]".'),
        ("title.value", 'title.value: "title" has no sub-attributes; expected "title".'),
        ("emails[x].value", "is not the path of an attribute; expected a path such as userName, name.givenName or emails[0].value."),
        ("emails[-1].value", "is not the path of an attribute"),
        ("members", '1: unknown column "members". '),
        ("user_name", 'user_name: "userName" is a heading for the same attribute; expected one of them.'),
        ("groups,Groups", 'Groups: "groups" is a heading for the same attribute; expected one of them.'),
        ("groups,groups[0].display", 'groups[0].display: "groups" is a heading for the same attribute; expected one of them.'),
        ("groups[0].display,groups", 'groups: "groups[0].display" is a heading for the same attribute; expected one of them.'),
        ("emails[0].value,emails[00].value", 'emails[00].value: "emails[0].value" is a heading for the same attribute'),
    ],
)
def test_headings_that_cannot_be_read(headings: str, expected: str) -> None:
    (found,) = mistakes(f"userName,{headings}\nkim,x,y\n" if "," in headings else f"userName,{headings}\nkim,x\n")
    assert found.startswith("1: ")
    assert expected in found


@pytest.mark.parametrize(
    "text",
    [
        "kim@example.com,Kestrel7hawk,Kim,active\n",
        "First Name,Password,Status\nKim,Kestrel7hawk,active\n",
        "kim@example.com\tKestrel7hawk\tGroups\n",
        "HOME=/root\x00TOKEN=Kestrel7hawk\x00state=x\n",
    ],
)
def test_a_first_line_that_may_be_a_user_is_not_quoted(text: str) -> None:
    assert mistakes(text) == [
        '1: the first line has no heading "userName", "id" or "externalId"; '
        "expected headings, such as userName,name.givenName,emails[0].value."
    ]


@pytest.mark.parametrize("text", ["kim@example.com,Kestrelhawk,id\n", "id;Kestrelhawk;kim@example.com\n"])
def test_a_user_with_a_cell_like_a_heading_is_not_quoted(text: str) -> None:
    assert mistakes(text) == [
        '1: the first line seems to be a user, since it has an "@"; expected headings, such as userName,name.givenName,emails[0].value.'
    ]


@pytest.mark.parametrize("heading", ["Kestrel7hawk!", "x" * 61, "'Kestrel7hawk'"])
def test_a_heading_that_is_no_name_is_quoted_in_part(heading: str) -> None:
    (found,) = mistakes(f"userName,{heading}\nkim,x\n")
    assert found.startswith(f'1: column 2: unknown column "{heading[:4]}"…. ')
    assert heading[:10] not in found


def test_all_mistakes_of_a_file_are_reported() -> None:
    assert mistakes("userName,titel,,titel\na,x,,\nb,x,lost\nc,x,,,more,still more\n") == [
        '1: unknown column "titel". Did you mean "title"?',
        '1: unknown column "titel". Did you mean "title"?',
        "3: cell 3 has no heading; expected a heading for each cell.",
        "4: cell 5 has no heading; expected a heading for each cell.",
    ]


@pytest.mark.parametrize(("row", "line"), [('"kim', 3), ('"kim"x', 3), ('lee\n"kim', 4)])
def test_quotes_that_are_wrong(row: str, line: int) -> None:
    (found,) = mistakes(f"userName\nann\n{row}\n")
    assert found.startswith(f"{line}: not valid CSV: ")


def test_a_file_is_read_as_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "People.CSV"
    path.write_bytes("userName;title\r\nkim;Café\r\n".encode("utf-8-sig"))
    read = load_files([str(tmp_path)])
    (found,) = read.documents
    assert read.problems == []
    assert (found.users, found.lines) == ([{"userName": "kim", "title": "Café"}], {"users[0]": 2})
    path.write_bytes("userName;title\r\nkim;Café\r\n".encode("cp1252"))
    assert load_files([str(tmp_path)]).documents[0].users == [{"userName": "kim", "title": "Café"}]
    path.write_text("\n", "utf-8")
    with pytest.raises(DeclarationError, match="the file is empty"):
        load_file(str(path))


def test_a_mistake_in_a_cell_has_its_row(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("userName,active\nkim,yes\nlee,perhaps\n", "utf-8")
    declaration, problems = check_declaration([load_file(str(path))], RESOURCE_TYPES, MATCH_ON)
    assert declaration.users[0].attributes == {"userName": "kim", "active": True}
    assert [str(problem) for problem in problems] == [f'{path}:3: users[1].active: found "perhaps"; expected true or false.']


CELLS = st.text(st.characters(exclude_characters="\r\x00\ufffd", exclude_categories=["Cs"]), max_size=12).filter(
    lambda cell: not cell.strip().startswith(("'", '"', "=", "#", "\u201c", "\u201e", "«", "\u2018")) and "E+" not in cell.upper()
)  # what a spreadsheet writes for a text, or in its place


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6), st.sampled_from(",;\t"))
def test_what_was_written_is_what_is_read(rows: list[tuple[str, str]], delimiter: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    writer.writerow(("userName", "title"))
    writer.writerows(rows)
    expected = [
        {name: cell.strip() for name, cell in zip(("userName", "title"), row, strict=True) if cell.strip()}
        for row in rows
        if any(cell.strip() for cell in row)
    ]
    assert users(file.getvalue()) == expected
