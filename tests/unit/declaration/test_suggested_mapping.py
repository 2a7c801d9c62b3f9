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

HINT = 'active: {column: "%", values: {…: true, …: false}}'
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
    ],
)
def test_columns_that_may_say_it_are_named(headings: str, comment: str) -> None:
    example = HINT.replace("%", headings.split(",")[0])
    lines = [line for line in suggestion(headings, "True,True").split("\n") if "inactive" in line]
    assert lines == ([f"# {comment}{example}"] if comment else [])
