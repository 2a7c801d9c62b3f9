# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of pasted SCIM documents that are neither options nor aliases, such as the URN of an extension."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory, resources
from ansible_collections.identity.scim.plugins.module_utils._engine.options.attributes import argument_spec
from ansible_collections.identity.scim.plugins.module_utils._engine.options.pasted import with_option_names

USER, GROUP = argument_spec(resources.user()), argument_spec(resources.group())
DIRECTORY = argument_spec(directory.directory())
OTHER = {"ref": {"type": "str"}, "inner": {"type": "dict", "options": {"ref": {"type": "str"}}}}
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BADGE, SHOE = "urn:example:badge:1.0:User", "URN:example:shoe:1.0:User"


@pytest.mark.parametrize(
    ("spec", "given", "expected"),
    [
        (USER, {"user_name": "kim"}, {"user_name": "kim"}),
        (USER, {"user_name": "kim", BADGE: {"floor": 3}}, {"user_name": "kim", "extensions": {BADGE: {"floor": 3}}}),
        (USER, {"extensions": {SHOE: {}}, BADGE: None}, {"extensions": {SHOE: {}, BADGE: None}}),
        (USER, {"extensions": {BADGE: {}}, BADGE: {"a": 1}}, {"extensions": {BADGE: {}}, BADGE: {"a": 1}}),
        (USER, {"extensions": "text", BADGE: {}}, {"extensions": "text", BADGE: {}}),
        (USER, {ENTERPRISE: {"department": "Data"}}, {"enterprise": {"department": "Data"}}),
        (USER, {ENTERPRISE.upper(): None, BADGE: {}}, {"enterprise": None, "extensions": {BADGE: {}}}),
        (USER, {ENTERPRISE: {"division": "A"}, "enterprise": None}, {ENTERPRISE: {"division": "A"}, "enterprise": None}),
        (USER, {ENTERPRISE: {}, ENTERPRISE.upper(): {}}, {"enterprise": {}, ENTERPRISE.upper(): {}}),
        (USER, {ENTERPRISE: {"manager": {"value": "1", "$ref": "x"}}}, {"enterprise": {"manager": {"value": "1", "$ref": "x"}}}),
        (GROUP, {ENTERPRISE: {"department": "Data"}}, {ENTERPRISE: {"department": "Data"}}),
        (OTHER, {"$ref": "a", "inner": {"$ref": "b"}, "$id": 1}, {"ref": "a", "inner": {"ref": "b"}, "$id": 1}),
        (USER, {"titel": "x"}, {"titel": "x"}),
        (USER, {"name": "{1: 'x', None: {}}", 2: "x"}, {"name": {"1": "x", "None": {}}, "2": "x"}),
        (
            DIRECTORY,
            {"users": [f'{{"userName": "kim", "{ENTERPRISE}": {{}}, "{BADGE}": {{}}}}', f"{{'{ENTERPRISE}': None}}", "{[]: 1}", "{"]},
            {"users": [{"userName": "kim", "enterprise": {}, "extensions": {BADGE: {}}}, {"enterprise": None}, "{[]: 1}", "{"]},
        ),
        (
            DIRECTORY,
            {"users": [{"user_name": "kim", BADGE: {"a": 1}}, "lee"], "defaults": {BADGE: {"b": 2}}, BADGE: {}},
            {
                "users": [{"user_name": "kim", "extensions": {BADGE: {"a": 1}}}, "lee"],
                "defaults": {"extensions": {BADGE: {"b": 2}}},
                BADGE: {},
            },
        ),
    ],
)
def test_names_of_documents(spec: Any, given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert with_option_names(spec, given) == expected
