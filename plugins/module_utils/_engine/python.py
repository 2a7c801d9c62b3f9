# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Python the collection needs. An older one must be able to read this file, and nothing may be imported before it is called."""

from __future__ import annotations

import sys


def require_python() -> None:
    """:raises ImportError: for a Python that is too old. The machine that a module runs on is not the one that installed the collection."""
    if sys.version_info < (3, 11):  # noqa: UP036
        old = ".".join(map(str, sys.version_info[:3]))
        needed = "identity.scim needs Python 3.11 or newer where its modules run"
        raise ImportError(f"{needed}, and {sys.executable} is {old}. Set ansible_python_interpreter.")
