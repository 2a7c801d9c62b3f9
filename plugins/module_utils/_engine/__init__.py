# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine. Every module imports something of it first, so an old Python is reported here, in a form that it can still read."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # the machine that a module runs on is not the one that installed the collection
    old = ".".join(map(str, sys.version_info[:3]))
    raise ImportError(
        f"identity.scim needs Python 3.11 or newer where its modules run, and {sys.executable} is {old}. Set ansible_python_interpreter."
    )
