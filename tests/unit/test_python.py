# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An old Python is reported in one sentence, before anything is imported that it cannot read."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.python import require_python

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
STARTED = sorted([*(PLUGINS / "modules").glob("*.py"), PLUGINS / "action" / "directory.py"])
COLLECTION = "ansible_collections.identity.scim"


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    with pytest.raises(ImportError) as refused:
        require_python()
    assert str(refused.value) == (
        "identity.scim needs Python 3.11 or newer where its modules run, and /usr/bin/python3 is 3.10.13. Set ansible_python_interpreter."
    )


def test_this_python_is_new_enough() -> None:
    assert require_python() is None


@pytest.mark.parametrize("path", STARTED, ids=lambda path: path.stem)
def test_it_is_checked_before_other_imports_of_the_collection(path: Path) -> None:
    statements = [ast.unparse(each) for each in ast.parse(path.read_text("utf-8")).body]
    ours = [number for number, each in enumerate(statements) if each.startswith(f"from {COLLECTION}")]
    assert statements[ours[0]].endswith(" import require_python")
    assert statements[ours[0] + 1] == "require_python()"
    assert ours[1] == ours[0] + 2
