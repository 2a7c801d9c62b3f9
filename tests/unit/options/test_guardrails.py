# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of the role that limit a run and are null. Options that are an empty text are in ``test_module.py``."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.options.guardrails import NEVER_EMPTY, null_variables


@pytest.mark.parametrize("option", NEVER_EMPTY)
def test_a_variable_that_is_null(option: str) -> None:
    expected = [f"scim_{option} is null: a value that was left out? Remove the variable, or set it."]
    assert null_variables({option: None, "report": None}) == expected


@pytest.mark.parametrize("given", [{}, {"report": None, "users": None}, {"expect_plan": "", "src": [], "max_removals": 0}])
def test_other_variables_may_be_null(given: dict[str, Any]) -> None:
    assert null_variables(given) == []
