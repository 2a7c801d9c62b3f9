# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text where a mapping is needed is reported with its path."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.options import directory, resources
from ansible_collections.identity.scim.plugins.module_utils._engine.options.attributes import argument_spec
from ansible_collections.identity.scim.plugins.module_utils._engine.options.shapes import shape_errors

USER, DIRECTORY = argument_spec(resources.user()), argument_spec(directory.directory())


@pytest.mark.parametrize(
    ("spec", "given", "places"),
    [
        (USER, {"user_name": "kim", "name": {"given_name": "Kim"}, "emails": [{"value": "k@example.com"}]}, []),
        (USER, {"name": "Kim Lee", "emails": ["k@example.com", {"value": "x"}]}, ["name", "emails[0]"]),
        (USER, {"phoneNumbers": "5", "enterprise": {"manager": "7"}}, ["phoneNumbers"]),
        (USER, {"name": "given_name=Kim", "enterprise": '{"department": "Data"}', "emails": None}, []),
        (DIRECTORY, {"users": [{"emails": ["a@b"]}, "kim"], "groups": ["Sales"]}, ["users[0].emails[0]", "users[1]", "groups[0]"]),
    ],
)
def test_places(spec: Any, given: Any, places: list[str]) -> None:
    assert [sentence.partition(": found")[0] for sentence in shape_errors(spec, given)] == places


def test_a_sentence() -> None:
    assert list(shape_errors(USER, {"name": "Kim Lee"})) == [
        'name: found "Kim Lee"; expected a mapping of sub-attributes, such as formatted, family_name, given_name.'
    ]


def test_text_in_place_of_a_user_may_have_a_password() -> None:
    assert "Corr3ct-Horse" not in "".join(shape_errors(DIRECTORY, {"users": ["kim, password Corr3ct-Horse"]}))
