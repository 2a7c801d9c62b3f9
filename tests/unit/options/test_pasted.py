# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions by their URN among the parameters of a task."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory, resources
from ansible_collections.identity.scim.plugins.module_utils._engine.options.attributes import argument_spec
from ansible_collections.identity.scim.plugins.module_utils._engine.options.pasted import with_extensions

USER, DIRECTORY = argument_spec(resources.user()), argument_spec(directory.directory())
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
        (USER, {ENTERPRISE: {"department": "Data"}}, {ENTERPRISE: {"department": "Data"}}),
        (USER, {"titel": "x"}, {"titel": "x"}),
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
def test_extensions(spec: Any, given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert with_extensions(spec, given) == expected
