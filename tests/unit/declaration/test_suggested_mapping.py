# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping that is suggested for a table: what it says of who is inactive, which is never guessed."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.suggested_mapping import suggested
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.tables import read_rows

HINT = 'active: {column: "%", values: {"True": …}}'
REGION = [{"type": {"value": "work"}, "region": "State"}]


def suggestion(heading: str, *cells: str) -> str:
    text = "\n".join([f"Mail,First name,{heading}", *(f"a{number}@example.com,A,{cell}" for number, cell in enumerate(cells))])
    first, *rows = read_rows("people.csv", text)
    found = suggested("people.csv", first, rows)
    assert found is not None
    return found.text


@pytest.mark.parametrize(
    ("heading", "cells", "active", "addresses"),
    [
        ("Status", ("Active", "Terminated"), {"column": "Status", "values": {"Active": True, "Terminated": False}}, None),
        ("Status", ("Active", "On holiday"), None, None),
        ("State", ("ACTIVATED", "SUSPENDED"), {"column": "State", "values": {"ACTIVATED": True, "SUSPENDED": False}}, None),
        ("State", ("ACTIVATED", "STAGED"), None, None),
        ("State", ("Lazio", "NO"), None, REGION),
        ("State", ("NO", "NO"), None, REGION),
        ("Enabled", ("True", "False"), "Enabled", None),
        ("Active (Y/N)", ("Y", "N"), {"column": "Active (Y/N)", "values": {"Y": True, "N": False}}, None),
        ("UserStatus", ("Active", "Closed"), {"column": "UserStatus", "values": {"Active": True, "Closed": False}}, None),
        ("Block credential", ("True", "False"), None, None),
        ("Suspended", ("True", "False"), None, None),
    ],
)
def test_who_is_inactive(heading: str, cells: tuple[str, ...], active: Any, addresses: Any) -> None:
    columns = yaml.safe_load(suggestion(heading, *cells))["columns"]
    assert (columns.get("active"), columns.get("addresses")) == (active, addresses)


@pytest.mark.parametrize(
    ("headings", "comment"),
    [
        ("Suspended", 'The column "Suspended" may say who is inactive. Map it: '),
        ("Termination Date", 'The column "Termination Date" may say who is inactive. Map it: '),
        (
            "Block credential,DirSyncEnabled",
            'The columns "Block credential", "DirSyncEnabled" may say who is inactive. Map the one that does: ',
        ),
        ("Team", ""),
        ("Last active", ""),
    ],
)
def test_columns_that_may_say_it_are_named(headings: str, comment: str) -> None:
    example = HINT.replace("%", headings.split(",")[0])
    lines = [line for line in suggestion(headings, "True,True").split("\n") if "inactive" in line]
    assert lines == ([f"# {comment}{example}"] if comment else [])


def test_a_status_is_written_down_as_far_as_it_is_known() -> None:
    """With many texts, only their form."""
    known = suggestion("Status", "Active", "Invited", "Suspended")
    assert 'Map it: active: {column: "Status", values: {"Active": true, "Invited": …, "Suspended": false}}\n' in known
    state = suggestion("State", "ACTIVATED", "STAGED")
    assert 'may say who is inactive. Map it: active: {column: "State", values: {"ACTIVATED": true, "STAGED": …}}\n' in state
    assert "inactive" not in suggestion("State", "Lazio", "NO")
    assert "values: {…: true, …: false}}\n" in suggestion("Status", *(f"S{number}" for number in range(9)))


@pytest.mark.parametrize(
    ("cells", "name"),
    [(("Mara Voss", "Ola"), "Name"), (("mara", "ola"), None), (("Mara Voss", "ola@example.com"), None)],
)
def test_a_column_of_full_names(cells: tuple[str, ...], name: str | None) -> None:
    text = "\n".join(["Mail,Name,Title", *(f"a{number}@example.com,{cell},Lead" for number, cell in enumerate(cells))])
    first, *rows = read_rows("people.csv", text)
    found = suggested("people.csv", first, rows)
    assert found is not None
    assert yaml.safe_load(found.text)["columns"].get("display_name") == name
    assert "display_name" not in suggestion("Name", *cells)  # beside first names


@pytest.mark.parametrize(("cell", "separator"), [("A, B", ","), ("A; B", ";"), ("A", ";")])
def test_groups_are_named_and_not_mapped(cell: str, separator: str) -> None:
    """They are groups of another product. Memberships are mapped on purpose."""
    text = suggestion("Groups", f'"{cell}"')
    assert "groups" not in yaml.safe_load(text)["columns"]
    assert f'map it: groups: {{column: "Groups", separator: "{separator}"}}\n' in text


@pytest.mark.parametrize(
    ("headings", "cells", "name"),
    [
        ("First,Last,Login Mail,title", "A,B,a@example.com,Lead", "Login Mail"),
        ("First,Last,Corporate,Private", "A,B,a@example.com,b@example.com", None),
        ("First,Corporate", "A,a@example.com", None),
        ("First,Last,Corporate", "A,B,", None),
    ],
)
def test_the_only_column_of_addresses_names_the_users(headings: str, cells: str, name: str | None) -> None:
    first, *rows = read_rows("people.csv", f"{headings}\n{cells}")
    found = suggested("people.csv", first, rows)
    assert (found and yaml.safe_load(found.text)["columns"]["user_name"]) == name


def test_an_address_of_several_users_is_no_name() -> None:
    first, *rows = read_rows("people.csv", "First,Last,Boss\nA,B,a@example.com\nC,D,a@example.com")
    assert suggested("people.csv", first, rows) is None
