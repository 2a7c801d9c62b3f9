# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test server's PATCH says no where RFC 7644 §3.5.2 does."""

from __future__ import annotations

from typing import Any

import pytest

from servers.patching import PATCH_OP, PatchRefused, operations_of, patched

WORK = {"type": "work", "value": "w", "primary": True}
HOME = {"type": "home", "value": "h"}
DEMOTED = {**WORK, "primary": False}
NEW = {"value": "n", "primary": True}
USER = {"userName": "b", "name": {"givenName": "Barbara"}, "emails": [WORK, HOME]}


@pytest.mark.parametrize(
    ("operation", "changed"),
    [
        ({"op": "Replace", "path": "userName", "value": "c"}, {"userName": "c"}),
        ({"op": "replace", "value": {"userName": "c", "title": "x"}}, {"userName": "c", "title": "x"}),
        ({"op": "replace", "path": "name", "value": {"familyName": "J"}}, {"name": {"givenName": "Barbara", "familyName": "J"}}),
        ({"op": "add", "path": "emails", "value": [{"type": "home", "value": "h"}]}, {}),
        ({"op": "add", "path": "emails", "value": NEW}, {"emails": [DEMOTED, HOME, NEW]}),
        ({"op": "replace", "path": 'emails[type eq "home"].value', "value": "n"}, {"emails": [WORK, {**HOME, "value": "n"}]}),
        ({"op": "replace", "path": 'emails[type eq "home"].primary', "value": True}, {"emails": [DEMOTED, {**HOME, "primary": True}]}),
        ({"op": "remove", "path": "emails[primary eq true]"}, {"emails": [HOME]}),
        ({"op": "remove", "path": "name.givenName"}, {"name": None}),
        ({"op": "replace", "path": "emails", "value": []}, {"emails": None}),
    ],
)
def test_applied(operation: dict[str, Any], changed: dict[str, Any]) -> None:
    wanted = {name: value for name, value in {**USER, **changed}.items() if value is not None}
    assert patched(USER, [operation]) == wanted
    assert USER["emails"] == [WORK, HOME], "the resource itself is left alone"


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "set", "path": "title", "value": "x"}, "invalidSyntax"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "remove", "path": "emails", "value": [WORK]}, "invalidValue"),
        ({"op": "add", "path": "title"}, "invalidValue"),
        ({"op": "add", "value": "x"}, "invalidValue"),
        ({"op": "add", "path": "emails[type gt", "value": "x"}, "invalidPath"),
        ({"op": "replace", "path": 'emails[type eq "other"].value', "value": "x"}, "noTarget"),
        ({"op": "remove", "path": 'emails[type eq "other"]'}, "noTarget"),
    ],
)
def test_refused(operation: dict[str, Any], scim_type: str) -> None:
    with pytest.raises(PatchRefused) as refused:
        patched(USER, [operation])
    assert refused.value.scim_type == scim_type


@pytest.mark.parametrize("body", [{}, {"schemas": [PATCH_OP]}, {"schemas": [PATCH_OP], "Operations": []}, {"Operations": [{"op": "add"}]}])
def test_a_body_that_is_no_patch(body: dict[str, Any]) -> None:
    with pytest.raises(PatchRefused):
        operations_of(body)
